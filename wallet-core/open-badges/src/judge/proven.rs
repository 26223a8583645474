//! Open Badges 3.0 (and any verifiable credential): the proof is in the bytes, as Data Integrity or around them as a JWT.

use serde_json::Value;

use super::{Found, Look, check, check_with, format_check, not_reached, period_check, status};
use crate::{
    CheckKind, Credential, Format, Outcome, Reason, Securing,
    did::{self, KeyOutcome},
    open_badge_v3 as v3,
    proof::{ProofOutcome, data_integrity, jose::Jws},
};

/// Signature and anchoring of one credential, badge or status list alike.
pub(super) struct Proven {
    pub(super) signature: crate::Check,
    pub(super) issuer: crate::Check,
    pub(super) anchored: bool,
    pub(super) issuer_id: Option<String>,
    pub(super) proof: Option<String>,
    /// What the JWT's claims say against the credential in it.
    contradiction: Option<&'static str>,
    /// Claims that OB 3.0 §8.2 wants and that are absent.
    lacking: Vec<String>,
    /// The JWT's `exp`, which ends the credential too.
    until: Option<jiff::Timestamp>,
}

impl Proven {
    pub(super) fn holds(&self) -> bool {
        self.anchored && self.signature.outcome == Outcome::Passed
    }
}

pub(super) fn judge(credential: &Credential, look: &Look<'_>) -> Found {
    let proven = prove(credential, look);
    let status = proven.holds().then(|| status::check(credential, look));
    let has_status = status::is_stated(&credential.json);
    Found {
        format: format(credential, &proven),
        period: period(credential, &proven, look),
        status: match status {
            Some(found) => found,
            None => has_status.then(|| not_reached(CheckKind::Status)),
        },
        signature: proven.signature,
        issuer: proven.issuer,
        anchored: proven.anchored,
        issuer_id: proven.issuer_id,
        proof: proven.proof,
        endorsed: is_endorsed(&credential.json),
    }
}

/// Signature and issuer of `credential`, without looking at dates or status.
pub(super) fn prove(credential: &Credential, look: &Look<'_>) -> Proven {
    let issuer_id = v3::issuer_id(credential);
    let mut proven = match (&credential.securing, issuer_id.as_deref()) {
        (_, None) => Proven::unproven(Outcome::NotChecked(Reason::KeyNotAnchored), None),
        (Securing::Jws, Some(issuer)) => prove_jws(credential, issuer, look),
        (_, Some(issuer)) => prove_embedded(credential, issuer, look),
    };
    if proven.anchored
        && let Some(issuer) = &issuer_id
    {
        look.used_issuer(issuer);
    }
    proven.issuer_id = issuer_id;
    proven
}

impl Proven {
    /// Nothing could be said of the signature, for a reason that lies with the issuer's key.
    fn unproven(issuer: Outcome, detail: Option<String>) -> Self {
        Self::new(not_reached(CheckKind::Signature), check_with(CheckKind::Issuer, issuer, detail), false)
    }

    /// The signature itself was judged, or could not be for a reason of its own.
    fn signature(outcome: Outcome, detail: Option<String>, anchored: bool) -> Self {
        let passed = outcome == Outcome::Passed;
        let issuer = if passed { check(CheckKind::Issuer, Outcome::Passed) } else { not_reached(CheckKind::Issuer) };
        Self::new(check_with(CheckKind::Signature, outcome, detail), issuer, anchored && passed)
    }

    fn new(signature: crate::Check, issuer: crate::Check, anchored: bool) -> Self {
        Self { signature, issuer, anchored, issuer_id: None, proof: None, contradiction: None, lacking: Vec::new(), until: None }
    }

    /// How much an attempt tells: of several proofs any good one suffices, and one that could still turn out good outranks a bad one.
    fn rank(&self) -> u8 {
        if self.holds() {
            return 0;
        }
        match (self.signature.outcome, self.issuer.outcome) {
            (Outcome::Failed(_), _) | (_, Outcome::Failed(_)) => 2,
            _ => 1,
        }
    }
}

fn of_key(key: KeyOutcome, look: &Look<'_>, judge: impl FnOnce(&ssi_jwk::JWK) -> ProofOutcome) -> Proven {
    match key {
        KeyOutcome::Key(key) => of_proof(judge(&key)),
        KeyOutcome::Missing(need) => {
            look.need(need);
            Proven::unproven(Outcome::NotChecked(Reason::NotFetched), None)
        }
        KeyOutcome::NotIssuers(detail) => Proven::unproven(Outcome::Failed(Reason::KeyNotIssuers), detail),
        KeyOutcome::NotAnchored(detail) => Proven::unproven(Outcome::NotChecked(Reason::KeyNotAnchored), detail),
        KeyOutcome::Unsupported(name) => Proven::unproven(Outcome::NotChecked(Reason::UnsupportedSuite), Some(name)),
        KeyOutcome::Unreachable(detail) => Proven::unproven(Outcome::NotChecked(Reason::Unreachable), detail),
        KeyOutcome::Stale => Proven::unproven(Outcome::NotChecked(Reason::Stale), None),
    }
}

fn of_proof(outcome: ProofOutcome) -> Proven {
    match outcome {
        ProofOutcome::Good => Proven::signature(Outcome::Passed, None, true),
        ProofOutcome::Bad(reason) => Proven::signature(Outcome::Failed(reason), None, true),
        ProofOutcome::Unsure(reason, detail) => Proven::signature(Outcome::NotChecked(reason), detail, true),
    }
}

// ---- Data Integrity ------------------------------------------------------------------------------------------------------

/// Enough for any proof set in the field, and few enough that a thousand proofs cost nothing.
const MAX_PROOFS: usize = 8;

fn prove_embedded(credential: &Credential, issuer: &str, look: &Look<'_>) -> Proven {
    let proofs: Vec<&Value> = match credential.json.get("proof") {
        Some(Value::Array(proofs)) => proofs.iter().take(MAX_PROOFS).collect(),
        Some(proof @ Value::Object(_)) => vec![proof],
        _ => Vec::new(),
    };
    proofs
        .into_iter()
        .map(|proof| prove_one(&credential.json, proof, issuer, look))
        .min_by_key(Proven::rank)
        .unwrap_or_else(|| Proven::signature(Outcome::Failed(Reason::Unsigned), None, false))
}

fn prove_one(document: &Value, proof: &Value, issuer: &str, look: &Look<'_>) -> Proven {
    let name = data_integrity::suite_name(proof);
    let mut proven = if !data_integrity::is_supported(proof) {
        Proven::signature(Outcome::NotChecked(Reason::UnsupportedSuite), name.clone(), false)
    } else {
        let method = match proof.get("verificationMethod") {
            Some(Value::String(id)) => Some(id.as_str()),
            Some(Value::Object(method)) => method.get("id").and_then(Value::as_str),
            _ => None,
        };
        match method {
            None => Proven::signature(Outcome::NotChecked(Reason::KeyNotAnchored), None, false),
            Some(method) => of_key(did::key_of(Some(method), issuer, look.evidence, look.now), look, |key| {
                data_integrity::check(document, proof, key, look.now)
            }),
        }
    };
    proven.proof = name;
    proven
}

// ---- JWT -----------------------------------------------------------------------------------------------------------------

fn prove_jws(credential: &Credential, issuer: &str, look: &Look<'_>) -> Proven {
    let parsed = std::str::from_utf8(&credential.bytes).ok().and_then(|text| Jws::parse(text).ok());
    let Some(jws) = parsed else {
        return Proven::signature(Outcome::Failed(Reason::Tampered), None, false);
    };
    let method = jws.header.get("kid").and_then(Value::as_str);
    let key = match (method, jws.header.get("jwk")) {
        (None, Some(jwk)) => did::key_listed(jwk, issuer, look.evidence, look.now),
        _ => did::key_of(method, issuer, look.evidence, look.now),
    };
    let mut proven = of_key(key, look, |key| jws.check(key));
    // An algorithm that is refused is refused whether or not its key can be had.
    if jws.algorithm().is_some_and(|name| name.eq_ignore_ascii_case("none") || name.starts_with("HS")) {
        proven = Proven::signature(Outcome::Failed(Reason::Tampered), None, false);
    }
    proven.proof = Some(format!("vc-jwt {}", jws.algorithm().unwrap_or("?")));
    compare_claims(&jws, credential, issuer, &mut proven);
    proven
}

/// OB 3.0 §8.2.3: the registered claims repeat the credential; where they say something else, the JWT contradicts itself.
fn compare_claims(jws: &Jws, credential: &Credential, issuer: &str, proven: &mut Proven) {
    let claims = &jws.payload;
    let wrapped = claims.get("vc").is_some_and(Value::is_object);
    let vc = &credential.json;
    let subject = vc.get("credentialSubject");
    let pairs = [
        ("iss", Some(issuer)),
        ("jti", vc.get("id").and_then(Value::as_str)),
        ("sub", subject.and_then(|subject| subject.get("id")).and_then(Value::as_str)),
    ];
    for (name, expected) in pairs {
        match (claims.get(name), expected) {
            (Some(Value::String(claim)), Some(expected)) if claim != expected => proven.contradiction = Some(name),
            (Some(Value::String(_)), _) => {}
            (Some(_), _) => proven.contradiction = Some(name),
            // `vc+jwt` (VC-JOSE-COSE) needs no registered claims; OB 3.0's own form does.
            (None, Some(_)) if wrapped => proven.lacking.push(name.to_owned()),
            (None, _) => {}
        }
    }
    if proven.contradiction == Some("iss") {
        proven.issuer = check_with(CheckKind::Issuer, Outcome::Failed(Reason::KeyNotIssuers), "iss".to_owned());
        proven.anchored = false;
    }
    let seconds = |name: &str| {
        let number = claims.get(name)?.as_f64()?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "NumericDate: whole seconds are compared; out-of-range saturates and fails below"
        )]
        jiff::Timestamp::from_second(number as i64).ok()
    };
    if let Some(not_before) = seconds("nbf") {
        // Fractions of a second are not in `nbf`; real issuers also sign a second late.
        let issued = v3::period(credential).ok().and_then(|(from, _)| from);
        if issued.is_some_and(|issued| (issued.as_second() - not_before.as_second()).abs() > 1) {
            proven.contradiction = Some("nbf");
        }
    }
    proven.until = seconds("exp");
}

// ---- the rest of the checks ------------------------------------------------------------------------------------------------

fn format(credential: &Credential, proven: &Proven) -> crate::Check {
    if credential.format == Format::ClrV2 {
        return check_with(CheckKind::Format, Outcome::NotChecked(Reason::UnsupportedSuite), "CLR 2.0".to_owned());
    }
    if let Some(name) = proven.contradiction {
        return check_with(CheckKind::Format, Outcome::Failed(Reason::NotConforming), name.to_owned());
    }
    let mut lacking = v3::conformance(credential);
    lacking.extend(proven.lacking.iter().cloned());
    format_check(&lacking)
}

fn period(credential: &Credential, proven: &Proven, look: &Look<'_>) -> crate::Check {
    let period = v3::period(credential).map(|(from, until)| {
        let until = match (until, proven.until) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        (from, until)
    });
    period_check(period, look.now)
}

/// Endorsements stand on the credential, the achievement and the issuer.
fn is_endorsed(json: &Value) -> bool {
    let places = [Some(json), json.get("issuer"), json.pointer("/credentialSubject/achievement")];
    places.into_iter().flatten().any(|place| {
        ["endorsement", "endorsementJwt"].iter().any(|name| match place.get(name) {
            Some(Value::Array(items)) => !items.is_empty(),
            Some(Value::Null) | None => false,
            Some(_) => true,
        })
    })
}
