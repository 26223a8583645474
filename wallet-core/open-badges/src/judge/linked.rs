//! Open Badges 2.0 documents that point at each other: assertion → BadgeClass → issuer Profile.
//!
//! What counts is what was fetched at the id itself; a copy embedded in what the holder brought proves nothing.

use serde_json::Value;
use url::Url;

use super::{ISSUER_HOURS, Look};
use crate::{Purpose, Reason};

/// Why the chain of documents could not be followed.
pub(super) type Unsure = (Reason, Option<String>);

/// A BadgeClass and its issuer's Profile, the latter as fetched.
pub(super) struct Chain {
    /// The BadgeClass's address, when it has one on the web.
    pub(super) class_url: Option<Url>,
    pub(super) issuer_id: String,
    pub(super) issuer_url: Url,
    pub(super) profile: Value,
}

/// An https address fit to compare and to fetch: no user-info, no dot segments, no encoded slashes or dots. On loopback it may be http:
/// there is a demo city, whose badges are practice badges, and whether it is asked is for the network client to say.
pub(super) fn web_address(text: &str) -> Option<Url> {
    let lower = text.to_ascii_lowercase();
    let disguised = ["%2f", "%5c", "%2e", "/../", "/./", "\\"].iter().any(|trick| lower.contains(trick));
    let dotted = lower.ends_with("/..") || lower.ends_with("/.");
    let url = Url::parse(text).ok()?;
    let plain = (url.scheme() == "https" || crate::did::is_loopback(text))
        && url.username().is_empty()
        && url.password().is_none()
        && url.host_str().is_some();
    (plain && !disguised && !dotted).then_some(url)
}

/// Follows `badge` (an address, or a BadgeClass in what is already vouched for) to the issuer's Profile.
pub(super) fn follow(badge: Option<&Value>, look: &Look<'_>) -> Result<Chain, Unsure> {
    let not_anchored = || (Reason::KeyNotAnchored, None);
    let (class, class_url) = match badge {
        Some(Value::String(address)) => {
            let url = web_address(address).ok_or_else(not_anchored)?;
            (fetch(Purpose::BadgeClass, address, look)?, Some(url))
        }
        Some(Value::Object(class)) => match class.get("id").and_then(Value::as_str).filter(|id| !id.starts_with("urn:")) {
            // It has a home on the web: that copy counts.
            Some(address) => {
                let url = web_address(address).ok_or_else(not_anchored)?;
                (fetch(Purpose::BadgeClass, address, look)?, Some(url))
            }
            None => (Value::Object(class.clone()), None),
        },
        _ => return Err(not_anchored()),
    };
    let issuer_id = match class.get("issuer") {
        Some(Value::String(id)) => Some(id.as_str()),
        Some(Value::Object(issuer)) => issuer.get("id").and_then(Value::as_str),
        _ => None,
    };
    let issuer_id = issuer_id.ok_or_else(not_anchored)?.to_owned();
    let issuer_url = web_address(&issuer_id).ok_or_else(not_anchored)?;
    let profile = fetch(Purpose::Issuer, &issuer_id, look)?;
    Ok(Chain { class_url, issuer_id, issuer_url, profile })
}

/// A JSON document that is what it was asked as: same id, same host.
fn fetch(purpose: Purpose, address: &str, look: &Look<'_>) -> Result<Value, Unsure> {
    let host = || web_address(address).and_then(|url| url.host_str().map(str::to_owned));
    let document = look.document(purpose, address, ISSUER_HOURS).map_err(|reason| (reason, host()))?;
    let moved = web_address(document.final_url).and_then(|url| url.host_str().map(str::to_owned)) != host();
    // Profiles and BadgeClasses of Open Badges 1.x have no id of their own.
    let named = document.json.get("id").is_none_or(|id| id.as_str() == Some(address));
    if moved || !named || !document.json.is_object() {
        return Err((Reason::KeyNotAnchored, host()));
    }
    Ok(document.json)
}

impl Chain {
    /// Whether `url` is where this issuer says its badges live: under `startsWith`, on an allowed origin, or, where it says
    /// nothing, on the origin of its id (Open Badges 2.0, "Hosted verification").
    pub(super) fn allows(&self, url: &Url) -> bool {
        let rules = self.profile.get("verification");
        let texts = |name: &str| match rules.and_then(|rules| rules.get(name)) {
            Some(Value::String(one)) => vec![one.as_str()],
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        let (prefixes, origins) = (texts("startsWith"), texts("allowedOrigins"));
        if prefixes.is_empty() && origins.is_empty() {
            return url.origin() == self.issuer_url.origin();
        }
        prefixes.iter().filter_map(|prefix| web_address(prefix)).any(|prefix| is_under(url, &prefix))
            || origins.iter().any(|origin| is_origin(url, origin))
    }

    /// Whether the BadgeClass is the issuer's: on its own origin, or where its badges live. `startsWith` is about assertions, and
    /// an assertion within it already chose this BadgeClass.
    pub(super) fn allows_class(&self) -> bool {
        self.class_url.as_ref().is_none_or(|url| url.origin() == self.issuer_url.origin() || self.allows(url))
    }
}

/// Same origin, and the path below the prefix at a segment boundary: `/badges` does not cover `/badges-of-others`.
fn is_under(url: &Url, prefix: &Url) -> bool {
    let below = url.path().strip_prefix(prefix.path());
    url.origin() == prefix.origin()
        && below.is_some_and(|rest| rest.is_empty() || prefix.path().ends_with('/') || rest.starts_with('/'))
}

/// `allowedOrigins` holds hosts in the specification and whole origins in the field; both are compared exactly.
fn is_origin(url: &Url, allowed: &str) -> bool {
    let allowed = if allowed.contains("://") { Url::parse(allowed) } else { Url::parse(&format!("https://{allowed}")) };
    allowed.is_ok_and(|allowed| allowed.origin() == url.origin())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(verification: &Value) -> Chain {
        Chain {
            class_url: None,
            issuer_id: "https://school.example/issuer".to_owned(),
            issuer_url: Url::parse("https://school.example/issuer").unwrap(),
            profile: serde_json::json!({ "verification": verification }),
        }
    }

    fn allows(chain: &Chain, url: &str) -> bool {
        web_address(url).is_some_and(|url| chain.allows(&url))
    }

    #[test]
    fn without_a_rule_only_the_issuers_own_origin_counts() {
        let chain = chain(&Value::Null);
        assert!(allows(&chain, "https://school.example/assertions/1"));
        for other in [
            "https://school.example.evil.example/assertions/1",
            "https://school.example:8443/assertions/1",
            "https://evil.example/school.example/1",
            "https://school.example@evil.example/1",
            "http://school.example/assertions/1",
        ] {
            assert!(!allows(&chain, other), "{other}");
        }
    }

    #[test]
    fn a_prefix_ends_at_a_segment_and_cannot_be_climbed_out_of() {
        let chain = chain(&serde_json::json!({ "startsWith": ["https://school.example/badges"] }));
        assert!(allows(&chain, "https://school.example/badges"));
        assert!(allows(&chain, "https://school.example/badges/1"));
        for other in [
            "https://school.example/badges-of-others/1",
            "https://school.example/badges/../users/1",
            "https://school.example/badges/%2e%2e/users/1",
            "https://school.example/badges%2f..%2fusers",
            "https://school.examplebadges/badges/1",
        ] {
            assert!(!allows(&chain, other), "{other}");
        }
    }

    #[test]
    fn an_allowed_origin_is_compared_whole() {
        let chain = chain(&serde_json::json!({ "allowedOrigins": "badges.example" }));
        assert!(allows(&chain, "https://badges.example/1"));
        assert!(!allows(&chain, "https://sub.badges.example/1"));
        assert!(!allows(&chain, "https://school.example/1"));
    }
}
