//! What a host says that it fetched, and when. The page of the same host believes it within its age; nobody else has to.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    digest::{SHA256, digest},
    signature::{ED25519, UnparsedPublicKey},
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::keys::{HostKey, KeyError};

/// One witnessed document, as the host signed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Statement {
    /// The host that speaks.
    pub origin: String,
    /// Why it was fetched: a purpose by its name in `open-badges`.
    pub purpose: String,
    /// The address that was asked.
    pub requested: String,
    /// The address that answered. A redirect to another origin is no witness.
    #[serde(rename = "final")]
    pub final_url: String,
    /// 200, 404 or 410.
    pub status: u16,
    /// The media type of the answer.
    pub content_type: String,
    /// SHA-256 of the body, hex.
    pub sha256: String,
    /// When, in seconds since 1970 UTC.
    pub fetched_at: u64,
    /// The host's key, base64url.
    pub key: String,
    /// Its signature, base64url.
    pub signature: String,
}

/// A key that a host publishes for its statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishedKey {
    /// The key, base64url.
    pub key: String,
    /// From when it counts, in seconds since 1970 UTC.
    pub from: u64,
    /// Until when; `None` for the one in use.
    #[serde(default)]
    pub until: Option<u64>,
    /// Whether it was lost: nothing that it signed counts any more.
    #[serde(default)]
    pub revoked: bool,
}

impl Statement {
    /// The statement of a host about a body that it fetched, signed. `key` and `signature` of `self` are written anew.
    ///
    /// # Errors
    /// Never for a key that could be made.
    pub fn signed(self, body: &[u8], key: &HostKey) -> Result<Self, KeyError> {
        let about = Self { sha256: hash(body), key: URL_SAFE_NO_PAD.encode(key.public()?), ..self };
        let signature = URL_SAFE_NO_PAD.encode(key.sign(&about.message())?);
        Ok(Self { signature, ..about })
    }

    /// Whether the host at `origin`, which publishes `keys`, said this of `body`.
    ///
    /// # Errors
    /// Which part of that does not hold.
    pub fn verify(&self, keys: &[PublishedKey], origin: &str, body: &[u8]) -> Result<(), WitnessError> {
        if self.origin != origin {
            return Err(WitnessError::AnotherHost);
        }
        if origin_of(&self.requested).is_none() || origin_of(&self.requested) != origin_of(&self.final_url) {
            return Err(WitnessError::Moved);
        }
        let key = keys.iter().find(|key| key.key == self.key).ok_or(WitnessError::UnknownKey)?;
        if key.revoked || self.fetched_at < key.from || key.until.is_some_and(|until| self.fetched_at >= until) {
            return Err(WitnessError::KeyNotInForce);
        }
        if hash(body) != self.sha256 {
            return Err(WitnessError::AnotherBody);
        }
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).map_err(|_| WitnessError::Forged);
        UnparsedPublicKey::new(&ED25519, decode(&self.key)?)
            .verify(&self.message(), &decode(&self.signature)?)
            .map_err(|_| WitnessError::Forged)
    }

    /// "badge-wallet/witness/v1" ‖ 0 ‖ the fields without key and signature as RFC 8785 JSON: sorted, without white space.
    fn message(&self) -> Vec<u8> {
        let Self { origin, purpose, requested, final_url, status, content_type, sha256, fetched_at, .. } = self;
        // In the order of RFC 8785. Its strings are written as serde_json writes them.
        let fields = [
            ("content_type", json!(content_type)),
            ("fetched_at", json!(fetched_at)),
            ("final", json!(final_url)),
            ("origin", json!(origin)),
            ("purpose", json!(purpose)),
            ("requested", json!(requested)),
            ("sha256", json!(sha256)),
            ("status", json!(status)),
        ];
        let fields = fields.map(|(name, value)| format!("\"{name}\":{value}")).join(",");
        format!("badge-wallet/witness/v1\0{{{fields}}}").into_bytes()
    }
}

fn hash(body: &[u8]) -> String {
    digest(&SHA256, body).as_ref().iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String does not fail.
        _ = fmt::Write::write_fmt(&mut hex, format_args!("{byte:02x}"));
        hex
    })
}

fn origin_of(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok()?;
    let origin = url.origin();
    origin.is_tuple().then(|| origin.ascii_serialization())
}

/// Why a statement is no evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WitnessError {
    /// Another host's word.
    #[error("another host says so")]
    AnotherHost,
    /// The address led to another origin.
    #[error("the address led elsewhere")]
    Moved,
    /// A key that the host does not publish.
    #[error("the host does not publish this key")]
    UnknownKey,
    /// A lost key, or one that was not in use then.
    #[error("the key was not in force")]
    KeyNotInForce,
    /// The body is another than was witnessed.
    #[error("the body is another")]
    AnotherBody,
    /// The signature does not fit.
    #[error("the statement is forged")]
    Forged,
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "https://delen.example";
    const BODY: &[u8] = br#"{"id":"did:web:school.example"}"#;

    fn host() -> HostKey {
        HostKey::from_seed([9; 32])
    }

    fn published(key: &HostKey) -> PublishedKey {
        PublishedKey { key: URL_SAFE_NO_PAD.encode(key.public().unwrap()), from: 1_000, until: None, revoked: false }
    }

    fn statement() -> Statement {
        let address = "https://school.example/.well-known/did.json".to_owned();
        let about = Statement {
            origin: HOST.into(),
            purpose: "did_document".into(),
            requested: address.clone(),
            final_url: address,
            status: 200,
            content_type: "application/json".into(),
            sha256: String::new(),
            fetched_at: 2_000,
            key: String::new(),
            signature: String::new(),
        };
        about.signed(BODY, &host()).unwrap()
    }

    #[test]
    fn a_host_is_believed_of_what_it_signed_and_of_nothing_else() {
        let (said, keys) = (statement(), [published(&host())]);
        assert_eq!(said.verify(&keys, HOST, BODY), Ok(()));
        assert_eq!(said.verify(&keys, HOST, b"{}"), Err(WitnessError::AnotherBody));
        assert_eq!(said.verify(&keys, "https://elders.example", BODY), Err(WitnessError::AnotherHost));
        assert_eq!(said.verify(&[], HOST, BODY), Err(WitnessError::UnknownKey));
        for change in [
            |s: &mut Statement| s.fetched_at += 1,
            |s: &mut Statement| s.status = 410,
            |s: &mut Statement| s.purpose = "key_set".into(),
            |s: &mut Statement| s.requested.push_str("?x"),
            |s: &mut Statement| s.content_type = "text/html".into(),
            |s: &mut Statement| s.signature = "AAAA".into(),
        ] {
            let mut changed = said.clone();
            change(&mut changed);
            assert_eq!(changed.verify(&keys, HOST, BODY), Err(WitnessError::Forged), "{changed:?}");
        }
    }

    #[test]
    fn another_hosts_key_a_lost_one_and_one_of_another_time_do_not_count() {
        let said = statement();
        let thief = HostKey::from_seed([8; 32]);
        let theirs = Statement { origin: HOST.into(), ..said.clone() }.signed(BODY, &thief).unwrap();
        assert_eq!(theirs.verify(&[published(&host())], HOST, BODY), Err(WitnessError::UnknownKey));
        // Their signature under the host's name.
        let mixed = Statement { key: said.key.clone(), ..theirs };
        assert_eq!(mixed.verify(&[published(&host())], HOST, BODY), Err(WitnessError::Forged));
        for key in [
            PublishedKey { revoked: true, ..published(&host()) },
            PublishedKey { from: 2_001, ..published(&host()) },
            PublishedKey { until: Some(2_000), ..published(&host()) },
        ] {
            assert_eq!(said.verify(&[key], HOST, BODY), Err(WitnessError::KeyNotInForce));
        }
    }

    #[test]
    fn a_redirect_to_another_origin_is_no_witness() {
        for elsewhere in ["https://elders.example/did.json", "https://school.example:8443/.well-known/did.json", "data:,x"] {
            let moved = Statement { final_url: elsewhere.into(), ..statement() }.signed(BODY, &host()).unwrap();
            assert_eq!(moved.verify(&[published(&host())], HOST, BODY), Err(WitnessError::Moved), "{elsewhere}");
        }
    }

    #[test]
    fn what_is_signed_does_not_change() {
        insta::assert_snapshot!(String::from_utf8(statement().message()).unwrap().replace('\0', " | "), @r#"badge-wallet/witness/v1 | {"content_type":"application/json","fetched_at":2000,"final":"https://school.example/.well-known/did.json","origin":"https://delen.example","purpose":"did_document","requested":"https://school.example/.well-known/did.json","sha256":"52f22e63d0b76b5d9988e1cf68bc8953265b1cf5ae9118ebaa5f929e28dd0f3e","status":200}"#);
    }
}
