//! Open Badges 3.0 (and the W3C data model under it): what a person may read, and what the judge compares.

mod conformance;

use jiff::Timestamp;
use serde_json::Value;

pub(crate) use conformance::conformance;

use crate::{
    BadgeContent, Credential, Party, Recipient,
    alignment::alignments,
    parts::{criteria, endorsements, evidence, others, party, tags},
    recipient::{Kind, identities},
    value::{Day, first, language, lenient, many, name, picture, raw, stamp, stamp_or_utc, text},
};

/// The W3C data model that a credential follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DataModel {
    /// `https://www.w3.org/2018/credentials/v1`.
    V1_1,
    /// `https://www.w3.org/ns/credentials/v2`.
    V2_0,
}

/// The addresses in `@context`, in order; inline contexts are left out.
pub(crate) fn contexts(value: &Value) -> Vec<String> {
    many(value.get("@context")).iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Which data model, by the first context (VCDM 2.0 §4.3, and the Open Badges implementation guide).
pub(crate) fn data_model(value: &Value) -> Option<DataModel> {
    match first(value.get("@context"))?.as_str()? {
        "https://www.w3.org/2018/credentials/v1" => Some(DataModel::V1_1),
        "https://www.w3.org/ns/credentials/v2" => Some(DataModel::V2_0),
        _ => None,
    }
}

/// The issuer's id, as written: `issuer` itself, or its `id`.
pub(crate) fn issuer_id(credential: &Credential) -> Option<String> {
    let issuer = credential.json.get("issuer")?;
    issuer.as_str().or_else(|| raw(issuer, "id")).map(str::to_owned)
}

/// The two ends of the validity period, strictly. The error names the member that is no date.
pub(crate) fn period(credential: &Credential) -> Result<(Option<Timestamp>, Option<Timestamp>), String> {
    let json = &credential.json;
    let zoned = data_model(json) != Some(DataModel::V1_1);
    let read = |names: [&str; 2]| {
        let Some((name, value)) = names.iter().find_map(|name| Some((*name, json.get(*name)?))) else { return Ok(None) };
        let written = value.as_str().ok_or_else(|| name.to_owned())?;
        // VCDM 1.1 has `xsd:dateTime`, whose zone may be left out; VCDM 2.0 has `xsd:dateTimeStamp`.
        let stamp = if zoned { stamp(written) } else { stamp_or_utc(written) };
        stamp.map(Some).ok_or_else(|| name.to_owned())
    };
    let [from, until] = match data_model(json) {
        Some(DataModel::V1_1) => [["issuanceDate", "validFrom"], ["expirationDate", "validUntil"]],
        _ => [["validFrom", "issuanceDate"], ["validUntil", "expirationDate"]],
    };
    Ok((read(from)?, read(until)?))
}

/// When it says it was issued, leniently.
pub(crate) fn issued(json: &Value) -> Option<Timestamp> {
    ["validFrom", "issuanceDate", "issued"].iter().find_map(|name| lenient(json.get(*name), Day::Start))
}

/// Members of the credential, the subject and the achievement that have a field of their own or nothing to read.
const SHOWN_CREDENTIAL: &[&str] = &[
    "id",
    "type",
    "name",
    "description",
    "image",
    "issuer",
    "credentialSubject",
    "validFrom",
    "validUntil",
    "issuanceDate",
    "expirationDate",
    "issued",
    "awardedDate",
    "proof",
    "credentialSchema",
    "credentialStatus",
    "refreshService",
    "termsOfUse",
    "evidence",
    "endorsement",
    "endorsementJwt",
    "renderMethod",
    "relatedResource",
];
const SHOWN_SUBJECT: &[&str] = &["id", "type", "achievement", "identifier", "image", "name", "result", "source"];
const SHOWN_ACHIEVEMENT: &[&str] = &[
    "id",
    "type",
    "name",
    "description",
    "criteria",
    "image",
    "alignment",
    "alignments",
    "tag",
    "tags",
    "creator",
    "achievementType",
    "related",
    "endorsement",
    "endorsementJwt",
    "resultDescription",
];

/// What a person may read in a credential.
pub(crate) fn content(credential: &Credential) -> BadgeContent {
    let json = &credential.json;
    let none = Value::Null;
    let subject = first(json.get("credentialSubject")).unwrap_or(&none);
    let achievement = first(subject.get("achievement")).unwrap_or(&none);
    let issuer = party(json.get("issuer"));
    let (criteria, criteria_url) = criteria(achievement.get("criteria"));
    let own_name = achievement.get("name").or_else(|| json.get("name"));
    let (picture, picture_caption) = [achievement, subject, json]
        .iter()
        .map(|place| picture(place.get("image")))
        .find(|(address, _)| address.is_some())
        .unwrap_or_default();
    let mut extra = Vec::new();
    others(achievement, SHOWN_ACHIEVEMENT, &mut extra);
    others(subject, SHOWN_SUBJECT, &mut extra);
    others(json, SHOWN_CREDENTIAL, &mut extra);
    BadgeContent {
        name: name(own_name).or_else(|| name(json.get("name"))).unwrap_or_default(),
        language: language(own_name).or_else(|| name(achievement.get("inLanguage"))),
        description: text(achievement.get("description")).or_else(|| text(json.get("description"))),
        creator: Some(party(first(achievement.get("creator"))))
            .filter(|creator| *creator != Party::default() && creator.id != issuer.id),
        recipient: recipient(credential, subject),
        issued: issued(json),
        awarded: lenient(json.get("awardedDate"), Day::Start),
        expires: lenient(json.get("validUntil"), Day::End).or_else(|| lenient(json.get("expirationDate"), Day::End)),
        achievement_type: name(first(achievement.get("achievementType"))),
        criteria,
        criteria_url,
        evidence: evidence(json.get("evidence")),
        alignments: alignments(achievement),
        tags: tags(achievement.get("tag").or_else(|| achievement.get("tags"))),
        results: results(subject, achievement),
        extra,
        picture,
        picture_caption,
        endorsements: endorsements([json, achievement].into_iter().chain(first(json.get("issuer")))),
        credential_id: raw(json, "id").map(str::to_owned),
        achievement_id: raw(achievement, "id").map(str::to_owned),
        issuer,
    }
}

/// The recipient as both generations name it, for reading.
pub(crate) fn recipient(credential: &Credential, subject: &Value) -> Recipient {
    let mut recipient =
        Recipient { id: raw(subject, "id").map(str::to_owned), name: name(subject.get("name")), ..Recipient::default() };
    for identity in identities(credential) {
        let value = crate::text::clean_name(identity.value);
        match identity.kind {
            _ if identity.hashed => recipient.hashed = true,
            Kind::Email if !value.is_empty() && !recipient.plain.contains(&value) => recipient.plain.push(value),
            Kind::Name if recipient.name.is_none() && !value.is_empty() => recipient.name = Some(value),
            _ => {}
        }
    }
    recipient
}

/// Results as text, under the name that the achievement's description of them gives. A value is never computed with.
fn results(subject: &Value, achievement: &Value) -> Vec<(String, String)> {
    let described = |result: &Value| {
        let id = raw(result, "resultDescription")?;
        many(achievement.get("resultDescription")).iter().find(|description| raw(description, "id") == Some(id))
    };
    let read = |result: &Value| {
        let description = described(result);
        let label =
            description.and_then(|description| name(description.get("name")).or_else(|| name(description.get("resultType"))));
        let level = raw(result, "achievedLevel").map(|id| {
            let levels = description.map(|description| many(description.get("rubricCriterionLevel"))).unwrap_or_default();
            let level = levels.iter().find(|level| raw(level, "id") == Some(id));
            level.and_then(|level| name(level.get("name"))).unwrap_or_else(|| crate::text::clean_name(id))
        });
        let value = result.get("value").and_then(crate::value::scalar).or(level).or_else(|| name(result.get("status")))?;
        Some((label.unwrap_or_else(|| "result".to_owned()), value))
    };
    many(subject.get("result")).iter().filter_map(read).take(100).collect()
}

#[cfg(test)]
mod tests;
