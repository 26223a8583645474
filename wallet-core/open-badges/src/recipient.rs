//! Was it given to me? Comparing a badge's recipient with the learner's own addresses.
//!
//! Open Badges 3.0 §8.4 and 2.0 `IdentityObject`. The hash is never shown and never guessed at.

use md5::{Digest, Md5};
use serde_json::Value;

use crate::{
    Credential, Format,
    value::{has_type, many, raw},
};

/// What comparing the recipient with the learner's addresses gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecipientMatch {
    /// It names this one of the addresses.
    Mine(String),
    /// It names an address, and none of these.
    NotMine,
    /// Nothing to compare: no address known, or none in the badge.
    Unknown,
}

/// Compares the badge's recipient with the learner's own e-mail addresses, plain or hashed, as typed and in lower case.
#[must_use]
pub fn match_recipient(credential: &Credential, addresses: &[String]) -> RecipientMatch {
    let named: Vec<Identity<'_>> =
        identities(credential).into_iter().filter(|identity| identity.kind == Kind::Email && identity.is_comparable()).collect();
    if named.is_empty() || addresses.is_empty() {
        return RecipientMatch::Unknown;
    }
    let mine = addresses.iter().find(|address| named.iter().any(|identity| identity.is(address.trim())));
    mine.map_or(RecipientMatch::NotMine, |address| RecipientMatch::Mine(address.clone()))
}

/// One way in which a badge names its recipient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity<'a> {
    pub(crate) kind: Kind,
    /// The plain value, or `sha256$…`, `md5$…`.
    pub(crate) value: &'a str,
    pub(crate) hashed: bool,
    salt: &'a str,
}

/// What an identity is compared as. Everything that is no e-mail address or name is skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Email,
    Name,
    Other,
}

/// All identities in a badge, of every generation.
pub(crate) fn identities(credential: &Credential) -> Vec<Identity<'_>> {
    let json = &credential.json;
    if credential.format == Format::OpenBadgeV2 {
        return match json.get("recipient") {
            // 0.5: the address itself, with the salt beside it.
            Some(Value::String(value)) => vec![Identity::new(Kind::Email, value, false, raw(json, "salt"))],
            recipients => many(recipients).iter().filter_map(v2).collect(),
        };
    }
    let mut found = Vec::new();
    for subject in many(json.get("credentialSubject")) {
        found.extend(many(subject.get("identifier")).iter().filter_map(v3));
        if let Some(address) = raw(subject, "id").and_then(|id| id.strip_prefix("mailto:")) {
            found.push(Identity::new(Kind::Email, address, false, None));
        }
    }
    found
}

fn v3(entry: &Value) -> Option<Identity<'_>> {
    let kind = match raw(entry, "identityType")? {
        "emailAddress" => Kind::Email,
        "name" => Kind::Name,
        _ => Kind::Other,
    };
    Some(Identity::new(kind, raw(entry, "identityHash")?, says_yes(entry.get("hashed")), raw(entry, "salt")))
}

fn v2(entry: &Value) -> Option<Identity<'_>> {
    // 1.0 knew nothing but addresses and often left the type out.
    let email = entry.get("type").is_none()
        || ["email", "schema:email", "http://schema.org/email"].iter().any(|name| has_type(entry, name));
    let kind = if email {
        Kind::Email
    } else if has_type(entry, "name") {
        Kind::Name
    } else {
        Kind::Other
    };
    Some(Identity::new(kind, raw(entry, "identity")?, says_yes(entry.get("hashed")), raw(entry, "salt")))
}

/// 1.x writes the boolean as a string.
fn says_yes(value: Option<&Value>) -> bool {
    match value {
        Some(Value::Bool(yes)) => *yes,
        Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
        _ => false,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hash {
    Sha256,
    Md5,
}

impl<'a> Identity<'a> {
    fn new(kind: Kind, value: &'a str, says_hashed: bool, salt: Option<&'a str>) -> Self {
        // A value that is plainly a hash is one, whatever the flag says: it must not be shown as an address.
        let hashed = says_hashed || hash_of(value).is_some();
        Self { kind, value: value.trim(), hashed, salt: salt.unwrap_or_default() }
    }

    fn is_comparable(&self) -> bool {
        !self.value.is_empty() && (!self.hashed || hash_of(self.value).is_some())
    }

    fn is(&self, address: &str) -> bool {
        if address.is_empty() {
            return false;
        }
        if !self.hashed {
            return self.value.to_lowercase() == address.to_lowercase();
        }
        let Some((hash, digest)) = hash_of(self.value) else { return false };
        [address.to_owned(), address.to_lowercase()].iter().any(|form| {
            let salted = [form.as_bytes(), self.salt.as_bytes()].concat();
            let computed = match hash {
                Hash::Sha256 => hex::encode(ring::digest::digest(&ring::digest::SHA256, &salted)),
                Hash::Md5 => hex::encode(Md5::digest(&salted)),
            };
            computed.eq_ignore_ascii_case(digest)
        })
    }
}

/// `sha256$` or `md5$` and a digest of the right length.
fn hash_of(value: &str) -> Option<(Hash, &str)> {
    let (name, digest) = value.trim().split_once('$')?;
    let hash = if name.eq_ignore_ascii_case("sha256") {
        Hash::Sha256
    } else if name.eq_ignore_ascii_case("md5") {
        Hash::Md5
    } else {
        return None;
    };
    let length = if hash == Hash::Sha256 { 64 } else { 32 };
    (digest.len() == length && digest.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some((hash, digest))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn v3_with(identifier: &Value) -> Credential {
        let json = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
            "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "credentialSubject": {"id": "did:example:pupil", "identifier": identifier},
        });
        Credential::parse(json.to_string().as_bytes()).unwrap()
    }

    fn v2_with(recipient: &Value) -> Credential {
        let json = json!({"@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "badge": "https://school.example/b", "recipient": recipient});
        Credential::parse(json.to_string().as_bytes()).unwrap()
    }

    fn sha(text: &str) -> String {
        format!("sha256${}", hex::encode(ring::digest::digest(&ring::digest::SHA256, text.as_bytes())))
    }

    fn matches(credential: &Credential, address: &str) -> RecipientMatch {
        match_recipient(credential, &[address.to_owned()])
    }

    #[test]
    fn a_hashed_address_matches_as_typed_and_in_lower_case() {
        for typed in ["noor@school.example", "Noor@School.example"] {
            let entry = json!({"type": "IdentityObject", "identityType": "emailAddress", "hashed": true, "identityHash": sha(&format!("{typed}zout")), "salt": "zout"});
            assert_eq!(
                matches(&v3_with(&json!([entry.clone()])), "Noor@School.example"),
                RecipientMatch::Mine("Noor@School.example".to_owned())
            );
            assert_eq!(matches(&v3_with(&entry), "anders@school.example"), RecipientMatch::NotMine);
        }
    }

    #[test]
    fn a_salt_in_front_does_not_match() {
        let entry =
            json!({"identityType": "emailAddress", "hashed": true, "identityHash": sha("zoutnoor@school.example"), "salt": "zout"});
        assert_eq!(matches(&v3_with(&entry), "noor@school.example"), RecipientMatch::NotMine);
    }

    #[test]
    fn md5_and_upper_case_digests_are_read() {
        let digest = hex::encode(Md5::digest(b"noor@school.example")).to_uppercase();
        let badge = v2_with(&json!({"type": "email", "hashed": "true", "identity": format!("md5${digest}")}));
        assert_eq!(matches(&badge, " noor@school.example "), RecipientMatch::Mine(" noor@school.example ".to_owned()));
    }

    #[test]
    fn a_plain_address_matches_whatever_its_case() {
        let badge = v2_with(&json!({"type": "email", "hashed": false, "identity": "Noor@School.Example"}));
        assert_eq!(matches(&badge, "noor@school.example"), RecipientMatch::Mine("noor@school.example".to_owned()));
    }

    #[test]
    fn other_and_missing_identity_types_are_skipped() {
        for kind in [json!({"identityType": "userName"}), json!({}), json!({"identityType": "ext:email"})] {
            let mut entry = json!({"hashed": false, "identityHash": "noor@school.example"});
            entry.as_object_mut().unwrap().extend(kind.as_object().unwrap().clone());
            assert_eq!(matches(&v3_with(&entry), "noor@school.example"), RecipientMatch::Unknown);
        }
        let phone = v2_with(&json!({"type": "telephone", "hashed": false, "identity": "noor@school.example"}));
        assert_eq!(matches(&phone, "noor@school.example"), RecipientMatch::Unknown);
    }

    #[test]
    fn any_of_several_identities_suffices() {
        let badge = v3_with(&json!([
            {"identityType": "name", "hashed": false, "identityHash": "Noor"},
            {"identityType": "emailAddress", "hashed": true, "identityHash": sha("oud@school.example")},
            {"identityType": "emailAddress", "hashed": false, "identityHash": "noor@school.example"},
        ]));
        let mine = ["ander@school.example".to_owned(), "noor@school.example".to_owned()];
        assert_eq!(match_recipient(&badge, &mine), RecipientMatch::Mine(mine[1].clone()));
    }

    #[test]
    fn without_addresses_or_a_readable_hash_nothing_is_said() {
        let badge = v2_with(&json!({"type": "email", "hashed": true, "identity": "sha1$abc"}));
        assert_eq!(matches(&badge, "noor@school.example"), RecipientMatch::Unknown);
        let plain = v2_with(&json!({"type": "email", "hashed": false, "identity": "noor@school.example"}));
        assert_eq!(match_recipient(&plain, &[]), RecipientMatch::Unknown);
    }

    #[test]
    fn a_hash_is_never_taken_for_an_address() {
        let badge = v2_with(&json!({"type": "email", "hashed": false, "identity": sha("noor@school.example")}));
        assert!(identities(&badge)[0].hashed);
        assert!(matches!(matches(&badge, "noor@school.example"), RecipientMatch::Mine(_)));
    }
}
