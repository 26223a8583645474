//! Which required members are missing or malformed. It names them; it never condemns a badge.

use serde_json::Value;

use super::{DataModel, contexts, data_model, period};
use crate::{
    Credential, Format,
    value::{has_type, is_absolute, many, raw, stamp, stamp_or_utc},
};

/// The names of members that do not conform: the W3C data model for every credential, Open Badges 3.0 on top for a badge.
pub(crate) fn conformance(credential: &Credential) -> Vec<String> {
    let json = &credential.json;
    let is_badge = credential.format == Format::OpenBadgeV3;
    let mut lacking = Lacking::default();
    context(json, is_badge, &mut lacking);
    lacking.unless(has_type(json, "VerifiableCredential") && (!is_badge || is_badge_type(json)), "type");
    identifiers(json, is_badge, &mut lacking);
    dates(credential, is_badge, &mut lacking);
    typed_members(json, &mut lacking);
    for (name, place) in [("name", Some(json)), ("issuer", json.get("issuer"))] {
        let texts = ["name", "description"].iter().filter_map(|member| place.and_then(|place| place.get(*member)));
        lacking.unless(texts.into_iter().all(is_language_text), name);
    }
    subject(json, is_badge, &mut lacking);
    lacking.0
}

#[derive(Default)]
struct Lacking(Vec<String>);

impl Lacking {
    fn unless(&mut self, conforms: bool, name: &str) {
        if !conforms && !self.0.iter().any(|listed| listed == name) {
            self.0.push(name.to_owned());
        }
    }
}

fn is_badge_type(json: &Value) -> bool {
    has_type(json, "OpenBadgeCredential") || has_type(json, "AchievementCredential")
}

fn context(json: &Value, is_badge: bool, lacking: &mut Lacking) {
    let named = contexts(json).iter().any(|context| context.starts_with("https://purl.imsglobal.org/spec/ob/v3p0/context"));
    lacking.unless(data_model(json).is_some() && (!is_badge || named), "@context");
}

fn identifiers(json: &Value, is_badge: bool, lacking: &mut Lacking) {
    let is_id = |value: &Value| value.as_str().is_some_and(is_absolute);
    lacking.unless(json.get("id").map_or(!is_badge, is_id), "id");
    let issuer = json.get("issuer");
    let issuer_id = issuer.and_then(|issuer| if issuer.is_object() { issuer.get("id") } else { Some(issuer) });
    lacking.unless(issuer_id.is_some_and(is_id), "issuer");
}

fn dates(credential: &Credential, is_badge: bool, lacking: &mut Lacking) {
    let json = &credential.json;
    match period(credential) {
        Err(name) => lacking.unless(false, &name),
        Ok((Some(from), Some(until))) => lacking.unless(from <= until, "validUntil"),
        Ok(_) => {}
    }
    let (required, always) = match data_model(json) {
        Some(DataModel::V1_1) => ("issuanceDate", true),
        _ => ("validFrom", is_badge),
    };
    lacking.unless(!always || json.get(required).is_some(), required);
    let awarded = json.get("awardedDate").and_then(Value::as_str);
    let zoned = data_model(json) != Some(DataModel::V1_1);
    lacking.unless(awarded.is_none_or(|date| if zoned { stamp(date) } else { stamp_or_utc(date) }.is_some()), "awardedDate");
}

/// VCDM 2.0 §4.4 and on: each of these is an object with a `type`; some need an id that is a URL.
fn typed_members(json: &Value, lacking: &mut Lacking) {
    for (name, id_required) in [
        ("proof", false),
        ("credentialStatus", false),
        ("credentialSchema", true),
        ("refreshService", false),
        ("evidence", false),
        ("termsOfUse", false),
    ] {
        let conforms = many(json.get(name)).iter().all(|entry| {
            let id = entry.get("id");
            let id_ok = id.map_or(!id_required, |id| id.as_str().is_some_and(is_absolute));
            let typed = !many(entry.get("type")).is_empty() && many(entry.get("type")).iter().all(Value::is_string);
            typed && (id_ok || name == "evidence")
        });
        lacking.unless(conforms, name);
    }
}

/// A string, a value object with nothing else in it, or several.
fn is_language_text(value: &Value) -> bool {
    many(Some(value)).iter().all(|text| match text {
        Value::String(_) => true,
        Value::Object(members) => {
            members.get("@value").is_some_and(Value::is_string)
                && members.keys().all(|key| matches!(key.as_str(), "@value" | "@language" | "@direction" | "type" | "@type"))
        }
        _ => false,
    })
}

fn subject(json: &Value, is_badge: bool, lacking: &mut Lacking) {
    let subjects = many(json.get("credentialSubject"));
    let readable = |subject: &Value| {
        let id = subject.get("id");
        subject.as_object().is_some_and(|members| !members.is_empty()) && id.is_none_or(|id| id.as_str().is_some_and(is_absolute))
    };
    lacking
        .unless(!subjects.is_empty() && subjects.iter().all(readable) && (!is_badge || subjects.len() == 1), "credentialSubject");
    let ([subject], true) = (subjects, is_badge) else { return };
    let identified = raw(subject, "id").is_some_and(|id| !id.is_empty()) || !many(subject.get("identifier")).is_empty();
    lacking.unless(identified, "credentialSubject.id");
    lacking.unless(has_type(subject, "AchievementSubject"), "credentialSubject.type");
    let [achievement] = many(subject.get("achievement")) else {
        return lacking.unless(false, "achievement");
    };
    lacking.unless(raw(achievement, "id").is_some_and(is_absolute), "achievement.id");
    lacking.unless(has_type(achievement, "Achievement"), "achievement.type");
    for name in ["name", "description"] {
        let text = achievement.get(name).filter(|text| !text.as_str().is_some_and(str::is_empty));
        lacking.unless(text.is_some_and(is_language_text), &format!("achievement.{name}"));
    }
    let criteria = achievement.get("criteria").filter(|criteria| criteria.is_object());
    let stated = |criteria: &Value| criteria.get("id").is_some() || criteria.get("narrative").is_some();
    lacking.unless(criteria.is_some_and(stated), "achievement.criteria");
}
