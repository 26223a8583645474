//! The parts of a badge that both generations write much alike: parties, evidence, endorsements, and everything else.

use serde_json::Value;

use crate::{
    EvidenceItem, Party,
    credential::jws_payload,
    value::{first, many, name, picture, raw, scalar, text, web_address},
};

/// The most entries of a list that are shown.
const MOST: usize = 100;
/// The most endorsements that are shown.
const MOST_ENDORSEMENTS: usize = 20;

/// A Profile as an object, or only its id.
pub(crate) fn party(value: Option<&Value>) -> Party {
    match first(value) {
        Some(Value::String(id)) => Party { id: id.clone(), ..Party::default() },
        Some(profile @ Value::Object(_)) => Party {
            id: raw(profile, "id").or_else(|| raw(profile, "@id")).unwrap_or_default().to_owned(),
            name: name(profile.get("name")),
            url: raw(profile, "url").and_then(web_address),
            email: name(profile.get("email")).filter(|address| address.contains('@')),
            image: picture(profile.get("image")).0,
            description: text(profile.get("description")),
        },
        _ => Party::default(),
    }
}

/// Criteria as an object, an address or (2.0 issuers do it) a bare text: narrative and page.
pub(crate) fn criteria(value: Option<&Value>) -> (Option<String>, Option<String>) {
    match first(value) {
        Some(object @ Value::Object(_)) if object.get("@value").is_none() => {
            let page = raw(object, "id").or_else(|| raw(object, "@id")).and_then(web_address);
            (text(object.get("narrative")), page)
        }
        Some(Value::String(written)) => match web_address(written) {
            Some(page) => (None, Some(page)),
            None => (text(value), None),
        },
        _ => (text(value), None),
    }
}

/// Evidence as objects or addresses. An address is only ever opened by an explicit tap.
pub(crate) fn evidence(value: Option<&Value>) -> Vec<EvidenceItem> {
    let items = many(value).iter().map(|item| match item {
        Value::String(address) => EvidenceItem { url: web_address(address), ..EvidenceItem::default() },
        item => EvidenceItem {
            name: name(item.get("name")),
            description: text(item.get("description")),
            narrative: text(item.get("narrative")),
            url: raw(item, "id").or_else(|| raw(item, "@id")).or_else(|| raw(item, "url")).and_then(web_address),
            genre: name(item.get("genre")),
        },
    });
    items.filter(|item| *item != EvidenceItem::default()).take(MOST).collect()
}

/// Free tags.
pub(crate) fn tags(value: Option<&Value>) -> Vec<String> {
    many(value).iter().filter_map(|tag| name(Some(tag))).take(MOST).collect()
}

/// Embedded endorsements, JSON or JWT, as text only. Those that are only linked say nothing yet.
pub(crate) fn endorsements<'a>(places: impl IntoIterator<Item = &'a Value>) -> Vec<(Party, String)> {
    let mut found = Vec::new();
    for place in places {
        let jwts = many(place.get("endorsementJwt")).iter().filter_map(Value::as_str);
        found.extend(jwts.take(MOST_ENDORSEMENTS).filter_map(|jwt| {
            let payload = jws_payload(jwt.trim().as_bytes()).ok()?;
            endorsement(payload.get("vc").unwrap_or(&payload))
        }));
        found.extend(many(place.get("endorsement")).iter().filter_map(endorsement));
    }
    found.truncate(MOST_ENDORSEMENTS);
    found
}

fn endorsement(value: &Value) -> Option<(Party, String)> {
    let claim = first(value.get("credentialSubject")).or_else(|| first(value.get("claim")))?;
    Some((party(value.get("issuer")), text(claim.get("endorsementComment"))?))
}

/// Members that have no field of their own, as text pairs under the name that the badge gives them: what is not shown elsewhere is
/// shown here, so that nothing readable is lost. `shown` names the members that are elsewhere.
pub(crate) fn others(value: &Value, shown: &[&str], into: &mut Vec<(String, String)>) {
    for (key, member) in value.as_object().into_iter().flatten() {
        if shown.contains(&key.as_str()) || key.starts_with('@') {
            continue;
        }
        let label = crate::text::clean_name(key.strip_prefix("extensions:").unwrap_or(key));
        let pairs: Vec<(String, String)> = match member {
            // An extension of 2.0 is an object of its own: `extensions:ECTSExtension: {ECTS: 5}`.
            Value::Object(members) if key.starts_with("extensions:") => {
                let fields = members.iter().filter(|(name, _)| !matches!(name.as_str(), "type" | "id") && !name.starts_with('@'));
                fields.filter_map(|(name, field)| Some((crate::text::clean_name(name), scalar(field)?))).collect()
            }
            _ if key == "otherIdentifier" => {
                let pair = |entry: &Value| Some((name(entry.get("identifierType"))?, name(entry.get("identifier"))?));
                many(Some(member)).iter().filter_map(pair).collect()
            }
            _ => scalar(member).filter(|text| !text.is_empty()).map(|text| (label, text)).into_iter().collect(),
        };
        for pair in pairs {
            if into.len() < MOST && !into.contains(&pair) {
                into.push(pair);
            }
        }
    }
}
