//! What was earned, as Open Badges 2.0 (hosted) and 3.0 (VC-JWT). The paths are ours: Badgecraft's are not known.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use open_badges::{BakeKind, bake_png, bake_svg};
use ring::{
    digest,
    signature::{Ed25519KeyPair, KeyPair},
};
use serde_json::{Value, json};

use super::{
    pages::text,
    people::{Issued, Recipient},
    pictures,
    state::{Setup, State},
};

const SALT: &str = "utrecht";
/// Why the one badge that was taken back was.
pub(super) const REASON: &str = "Per ongeluk uitgereikt.";
const CONTEXT: &str = "https://w3id.org/openbadges/v2";

fn sha256(text: &str) -> String {
    format!("sha256${}", hex::encode(digest::digest(&digest::SHA256, text.as_bytes())))
}

fn recipient(issued: &Issued) -> Value {
    let email = issued.person.email;
    match issued.recipient {
        Recipient::Plain => json!({"type": "email", "hashed": false, "identity": email}),
        Recipient::Salted => json!({"type": "email", "hashed": true, "salt": SALT, "identity": sha256(&format!("{email}{SALT}"))}),
        Recipient::Unsalted => json!({"type": "email", "hashed": true, "identity": sha256(email)}),
    }
}

/// The profile of an organisation.
pub(super) fn issuer(state: &State, setup: &Setup, id: &str) -> Option<Value> {
    let row = setup.catalogue.organisations.get(id)?;
    let email = row["contacts"][0]["value"].as_str().unwrap_or("info@voorbeeld.example");
    Some(json!({
        "@context": CONTEXT, "type": "Profile", "id": format!("{}/ob2/issuers/{id}", state.origin), "name": row["name"],
        "url": format!("{}/organisers/{id}", state.origin), "email": email, "description": row["description"],
        "image": format!("{}{}", state.origin, row["picture"].as_str().unwrap_or_default()),
        "revocationList": format!("{}/ob2/revocations/{id}", state.origin),
    }))
}

/// A badge class.
pub(super) fn class(state: &State, setup: &Setup, id: &str) -> Option<Value> {
    let row = setup.catalogue.badge_classes.get(id).filter(|row| row["closed"].is_null())?;
    let project = setup.catalogue.projects.get(row["projectId"].as_str()?)?;
    let skills = project["skills"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let tags: Vec<&str> = skills.filter_map(|id| setup.catalogue.skill_name(id, "nl")).collect();
    Some(json!({
        "@context": CONTEXT, "type": "BadgeClass", "id": format!("{}/ob2/badges/{id}", state.origin), "name": row["name"],
        "description": row["description"], "image": format!("{}{}", state.origin, row["picture"].as_str().unwrap_or_default()),
        "criteria": {"id": format!("{}/classes/{id}", state.origin), "narrative": narrative(row)},
        "issuer": issuer(state, setup, row["organisation"].as_str()?)?, "tags": tags,
    }))
}

/// The tasks as numbered lines.
fn narrative(class: &Value) -> String {
    let tasks = class["criteria"].as_array().into_iter().flatten();
    let lines: Vec<String> = tasks
        .enumerate()
        .map(|(index, task)| format!("{}. {}", index + 1, task["description"].as_str().unwrap_or_default()))
        .collect();
    if lines.is_empty() { "Je hebt alle delen van de route gedaan.".to_owned() } else { lines.join("\n") }
}

/// The hosted assertion.
pub(super) fn assertion(state: &State, setup: &Setup, issued: &Issued) -> Option<Value> {
    let mut badge = class(state, setup, &issued.class)?;
    let inner = badge.as_object_mut()?;
    inner.remove("@context");
    inner.get_mut("issuer")?.as_object_mut()?.remove("@context");
    let mut assertion = json!({
        "@context": CONTEXT, "type": "Assertion", "id": format!("{}/ob2/assertions/{}", state.origin, issued.id),
        "recipient": recipient(issued), "issuedOn": issued.at.to_string(), "verification": {"type": "hosted"}, "badge": badge,
        "image": format!("{}/ob2/assertions/{}/image", state.origin, issued.id),
    });
    let given = evidence(state, setup, issued);
    if !given.is_empty() {
        assertion["evidence"] = json!(given);
    }
    if issued.revoked {
        assertion["revoked"] = json!(true);
        assertion["revocationReason"] = json!(REASON);
    }
    Some(assertion)
}

/// What was handed in for a badge that asks for it. Of a file only that it was: the city keeps none.
fn evidence(state: &State, setup: &Setup, issued: &Issued) -> Vec<Value> {
    let class = setup.catalogue.badge_classes.get(&issued.class).filter(|class| class["evidenceRequired"] == true);
    let tasks = class.and_then(|class| class["criteria"].as_array()).into_iter().flatten().filter_map(|task| task["id"].as_str());
    let people = state.people();
    let given = tasks.filter_map(|task| people.evidence.get(&(issued.person.id, task.to_owned()))).flatten();
    given.map(|given| json!({"narrative": if is_file(given) { "Een ingeleverd bestand." } else { given }})).collect()
}

/// Whether what was handed in is the path of an upload.
pub(super) fn is_file(evidence: &str) -> bool {
    evidence.starts_with("/storage/")
}

/// What an issuer took back.
pub(super) fn revocations(state: &State, setup: &Setup, id: &str) -> Option<Value> {
    setup.catalogue.organisations.get(id)?;
    let people = state.people();
    let revoked = people.issued.iter().filter(|issued| issued.revoked);
    let mine =
        revoked.filter(|issued| setup.catalogue.badge_classes.get(&issued.class).is_some_and(|class| class["organisation"] == id));
    let list: Vec<Value> = mine
        .map(|issued| json!({"id": format!("{}/ob2/assertions/{}", state.origin, issued.id), "revocationReason": REASON}))
        .collect();
    Some(json!({
        "@context": CONTEXT, "type": "RevocationList", "id": format!("{}/ob2/revocations/{id}", state.origin),
        "issuer": format!("{}/ob2/issuers/{id}", state.origin), "revokedAssertions": list,
    }))
}

/// The badge's picture with the assertion in it; with only its address, as old bakers did, when `legacy`.
pub(super) fn baked_png(state: &State, setup: &Setup, issued: &Issued, legacy: bool) -> Option<Vec<u8>> {
    let assertion = assertion(state, setup, issued)?;
    let png = pictures::badge(setup, &issued.class, 512)?;
    if legacy {
        return Some(with_text(&png, assertion["id"].as_str()?));
    }
    bake_png(&png, BakeKind::V2, &assertion.to_string()).ok()
}

/// The badge's drawing with the assertion in it.
pub(super) fn baked_svg(state: &State, setup: &Setup, issued: &Issued) -> Option<Vec<u8>> {
    let assertion = assertion(state, setup, issued)?;
    let svg = pictures::badge_svg(setup, &issued.class)?;
    bake_svg(svg.as_bytes(), BakeKind::V2, &assertion.to_string(), false).ok()
}

/// A `tEXt` chunk after the header of a PNG.
fn with_text(png: &[u8], text: &str) -> Vec<u8> {
    const HEAD: usize = 8 + 25;
    let data = [b"tEXt".as_slice(), b"openbadges\0", text.as_bytes()].concat();
    let length = u32::try_from(data.len() - 4).unwrap_or_default();
    let check = crc32fast::hash(&data);
    [&png[..HEAD], &length.to_be_bytes(), &data, &check.to_be_bytes(), &png[HEAD..]].concat()
}

/// A key as `did:key`.
fn did(key: &Ed25519KeyPair) -> String {
    let key = [&[0xed, 0x01], key.public_key().as_ref()].concat();
    format!("did:key:z{}", bs58::encode(key).into_string())
}

/// The same badge as Open Badges 3.0, as the platform of tomorrow may issue it.
pub(super) fn credential(state: &State, setup: &Setup, issued: &Issued) -> Option<String> {
    let row = setup.catalogue.badge_classes.get(&issued.class)?;
    let organisation = setup.catalogue.organisations.get(row["organisation"].as_str()?)?;
    let key = state.key(text(organisation, "id"));
    let issuer = did(&key);
    let id = format!("{}/ob3/credentials/{}", state.origin, issued.id);
    let email = issued.person.email;
    let credential = json!({
        "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
        "id": id, "type": ["VerifiableCredential", "OpenBadgeCredential"], "name": row["name"],
        "issuer": {"id": issuer, "type": ["Profile"], "name": organisation["name"], "url": format!("{}/organisers/{}", state.origin, text(organisation, "id"))},
        "validFrom": issued.at.to_string(),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{"type": "IdentityObject", "identityType": "emailAddress", "hashed": true, "salt": SALT, "identityHash": sha256(&format!("{email}{SALT}"))}],
            "achievement": {
                "id": format!("{}/ob2/badges/{}", state.origin, issued.class), "type": ["Achievement"], "achievementType": "Badge", "inLanguage": "nl",
                "name": row["name"], "description": row["description"],
                "criteria": {"id": format!("{}/classes/{}", state.origin, issued.class), "narrative": narrative(row)},
                "image": {"id": format!("data:image/svg+xml;base64,{}", base64::engine::general_purpose::STANDARD.encode(pictures::badge_svg(setup, &issued.class)?)), "type": "Image", "caption": "De badge"},
            },
        },
        "iss": issuer, "jti": id, "nbf": issued.at.as_second(),
    });
    let header = json!({"alg": "EdDSA", "typ": "JWT", "kid": format!("{issuer}#{}", issuer.trim_start_matches("did:key:"))});
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&header), part(&credential));
    let signature = key.sign(signed.as_bytes());
    Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref())))
}
