//! Open Badges 2.0 and older: what a person may read in an assertion, its BadgeClass and its issuer.

use jiff::Timestamp;
use serde_json::Value;

use crate::{
    Answer, BadgeContent, Credential, Evidence, Need, Party, Purpose, Securing,
    alignment::alignments,
    json::parse_strict,
    open_badge_v3::recipient,
    parts::{criteria, endorsements, evidence as evidence_items, others, party, tags},
    value::{Day, first, has_type, is_absolute, language, lenient, name, picture, raw, stamp_or_utc, text, web_address},
};

/// The assertion's own id; 1.x has only the address at which it is hosted.
pub(crate) fn id(json: &Value) -> Option<&str> {
    raw(json, "id").or_else(|| raw(json, "@id")).or_else(|| json.pointer("/verify/url").and_then(Value::as_str))
}

/// The issuer's id where the assertion itself says it: linked documents are not looked at.
pub(crate) fn issuer_id(credential: &Credential) -> Option<String> {
    let issuer = credential.json.pointer("/badge/issuer")?;
    issuer.as_str().or_else(|| raw(issuer, "id")).or_else(|| raw(issuer, "origin")).map(str::to_owned)
}

/// When it says it was issued, in any generation's writing.
pub(crate) fn issued(json: &Value) -> Option<Timestamp> {
    ["issuedOn", "issued_on"].iter().find_map(|name| lenient(json.get(*name), Day::Start))
}

/// `issuedOn` and `expires`, leniently: 1.x writes bare dates and Unix seconds. The error names the member that is no date.
pub(crate) fn period(credential: &Credential) -> Result<(Option<Timestamp>, Option<Timestamp>), String> {
    let read = |names: &[&str], day| {
        let Some((name, value)) =
            names.iter().find_map(|name| Some((*name, credential.json.get(*name).filter(|value| !value.is_null())?)))
        else {
            return Ok(None);
        };
        lenient(Some(value), day).map(Some).ok_or_else(|| name.to_owned())
    };
    Ok((read(&["issuedOn", "issued_on"], Day::Start)?, read(&["expires"], Day::End)?))
}

/// The names of required members that are missing or malformed (Open Badges 2.0, "Assertion").
pub(crate) fn conformance(credential: &Credential) -> Vec<String> {
    let json = &credential.json;
    let mut lacking = Vec::new();
    let mut unless = |conforms: bool, name: &str| {
        if !conforms {
            lacking.push(name.to_owned());
        }
    };
    unless(json.get("@context").is_some(), "@context");
    unless(raw(json, "id").is_some_and(is_absolute), "id");
    unless(has_type(json, "Assertion"), "type");
    let identified = |recipient: &Value| raw(recipient, "identity").is_some() && recipient.get("type").is_some();
    unless(json.get("recipient").is_some_and(identified), "recipient");
    let badge = json.get("badge");
    unless(badge.is_some_and(|badge| badge.as_str().is_some_and(is_absolute) || badge.is_object()), "badge");
    if let Some(class) = badge.filter(|badge| badge.is_object()) {
        for member in ["id", "name", "description", "image", "criteria", "issuer"] {
            unless(class.get(member).is_some_and(|value| !value.is_null()), &format!("badge.{member}"));
        }
    }
    // A signed badge's type is said by its signature; 2.0 wants the member all the same.
    let verification = json.get("verification").or_else(|| json.get("verify"));
    unless(verification.is_some_and(|stated| stated.get("type").is_some()) || credential.securing == Securing::Jws, "verification");
    unless(raw(json, "issuedOn").is_some_and(|date| stamp_or_utc(date).is_some()), "issuedOn");
    let expires = json.get("expires").filter(|expires| !expires.is_null());
    unless(expires.is_none_or(|expires| lenient(Some(expires), Day::End).is_some()), "expires");
    lacking
}

const SHOWN_ASSERTION: &[&str] = &[
    "id",
    "uid",
    "type",
    "recipient",
    "salt",
    "badge",
    "verification",
    "verify",
    "issuedOn",
    "issued_on",
    "expires",
    "image",
    "evidence",
    "narrative",
    "revoked",
    "revocationReason",
    "endorsement",
    "related",
    "issuer",
];
const SHOWN_CLASS: &[&str] = &[
    "id",
    "type",
    "name",
    "description",
    "image",
    "criteria",
    "issuer",
    "alignment",
    "alignments",
    "tags",
    "related",
    "endorsement",
];

/// What a person may read in a badge. Linked documents come out of the evidence; without them there is less to read.
pub(crate) fn content(credential: &Credential, evidence: &Evidence) -> BadgeContent {
    let json = &credential.json;
    let class = linked(first(json.get("badge")), Purpose::BadgeClass, evidence);
    let issuer = linked(first(class.get("issuer")), Purpose::Issuer, evidence);
    let (criteria, criteria_url) = criteria(class.get("criteria"));
    let [(own, own_caption), (baked, baked_caption)] = [picture(class.get("image")), picture(json.get("image"))];
    let mut items = evidence_items(json.get("evidence"));
    // The assertion's narrative tells of all the evidence together.
    if let Some(narrative) = text(json.get("narrative")) {
        items.insert(0, crate::EvidenceItem { narrative: Some(narrative), ..crate::EvidenceItem::default() });
    }
    let mut extra = Vec::new();
    others(&class, SHOWN_CLASS, &mut extra);
    others(json, SHOWN_ASSERTION, &mut extra);
    BadgeContent {
        name: name(class.get("name")).unwrap_or_default(),
        language: language(class.get("name")).or_else(|| name(class.get("@language"))).or_else(|| name(json.get("@language"))),
        description: text(class.get("description")),
        issuer: issuer_party(&issuer),
        creator: None,
        recipient: recipient(credential, &Value::Null),
        issued: issued(json),
        awarded: None,
        expires: lenient(json.get("expires"), Day::End),
        achievement_type: None,
        criteria,
        criteria_url,
        evidence: items,
        alignments: alignments(&class),
        tags: tags(class.get("tags")),
        results: Vec::new(),
        extra,
        picture_caption: if own.is_some() { own_caption } else { baked_caption },
        picture: own.or(baked),
        endorsements: endorsements([json, &class, &issuer]),
        credential_id: id(json).or_else(|| raw(json, "uid")).map(str::to_owned),
        achievement_id: raw(&class, "id").map(str::to_owned),
    }
}

/// An embedded object as it is; an address as the document that was fetched there, or else as its bare id.
fn linked(value: Option<&Value>, purpose: Purpose, evidence: &Evidence) -> Value {
    let Some(url) = value.and_then(Value::as_str) else { return value.cloned().unwrap_or_default() };
    let need = Need { purpose, url: url.to_owned() };
    if let Some(Answer::Document { body, .. }) = evidence.documents.get(&need).map(|fetched| &fetched.answer)
        && let Ok(document @ Value::Object(_)) = parse_strict(body)
    {
        return document;
    }
    serde_json::json!({ "id": url })
}

/// A Profile; 0.5 names its issuer by origin, and calls its e-mail address `contact`.
fn issuer_party(issuer: &Value) -> Party {
    let mut named = party(Some(issuer));
    if named.id.is_empty() {
        named.id = raw(issuer, "origin").unwrap_or_default().to_owned();
    }
    named.url = named.url.or_else(|| raw(issuer, "origin").and_then(web_address));
    named.email = named.email.or_else(|| name(issuer.get("contact")).filter(|address| address.contains('@')));
    named
}

#[cfg(test)]
mod tests;
