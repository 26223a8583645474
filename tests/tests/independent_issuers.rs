//! Badges signed at test time by implementations that share no code with ours (@digitalbazaar's suites and jose, in
//! `tests/issuers`), in every format, judged over the documents that their issuers publish.

use open_badges::{CheckKind, Container, Credential, Evidence, Known, Outcome, Payload, Reason, Verdict, extract};
use serde_json::json;
use wallet_tests::{
    builders::{BadgeBuilder, JwsBuilder},
    fixtures::{Issued, issued, only_credential},
    judging::{NoWeb, detail, judge, now, outcome, reasons, trusting, verdict},
};

/// Judges `credential` with the issued web; `listed` says whether its issuer is on the checker's list.
fn judged(credential: &Credential, listed: &[&str]) -> open_badges::Judgement {
    judge(credential, trusting(listed.iter().copied()), &issued().web(), now())
}

/// Every form of `name` comes out as `expected`, for `reason`.
#[track_caller]
fn expect(name: &str, listed: bool, expected: Verdict, reason: Option<Reason>) {
    let set = issued();
    let list = if listed { vec![set.issuer_of(name)] } else { vec![] };
    for form in set.forms(name) {
        if form.ends_with("-address") {
            continue; // only an address inside: see `an_old_image_names_only_the_address…`
        }
        let judgement = judged(&only_credential(&set.bytes(name, form)), &list);
        assert_eq!(verdict(&judgement), expected, "{name} as {form}: {:#?}", judgement.checks);
        match reason {
            Some(reason) => assert!(reasons(&judgement).contains(&reason), "{name} as {form}: {:#?}", judgement.checks),
            None => assert_eq!(reasons(&judgement), [], "{name} as {form}: {:#?}", judgement.checks),
        }
    }
}

#[track_caller]
fn expect_all(names: &[&str], listed: bool, expected: Verdict, reason: Option<Reason>) {
    for name in names {
        expect(name, listed, expected, reason);
    }
}

const SELF_CERTIFYING: &[&str] = &[
    "key-eddsa",
    "key-eddsa-1.1",
    "key-2020",
    "key-2020-1.1",
    "key-ecdsa-256",
    "key-ecdsa-384",
    "key-ecdsa-384-1.1",
    "key-jwt",
    "key-jwt-bare-kid",
    "key-until",
    "key-full",
    "jwk-jwt",
    "jwk-jwt-1.1",
    "jwk-ecdsa",
    "jwk-eddsa",
    "jwk-jwt-384",
];
const BY_DOMAIN: &[&str] = &[
    "web-eddsa",
    "web-eddsa-1.1",
    "web-2020",
    "web-path",
    "web-jwk-document",
    "web-ecdsa-256",
    "web-ecdsa-384",
    "web-jwt-eddsa",
    "web-jwt-es256",
    "web-jwt-es384",
    "web-jwt-rs256",
    "web-jwt-ps256",
    "web-jwt-1.1",
    "https-jwt",
    "https-jwt-header-jwk",
    "https-jwt-eddsa",
    "https-jwt-rs256",
    "https-controller",
    "hosted",
    "hosted-embedded",
    "hosted-scope",
    "signed",
    "signed-embedded",
    "signed-es256",
    "signed-es384",
    "signed-eddsa",
    "signed-not-revoked",
    "status-good",
    "status-good-1.1",
    "status-good-jwt",
    "status-good-delegated",
    "vcrl-good",
    "vcrl-unrevoked",
];

#[test]
fn a_badge_by_a_self_certifying_key_on_the_list_is_valid() {
    expect_all(SELF_CERTIFYING, true, Verdict::Valid, None);
}

#[test]
fn a_badge_by_a_self_certifying_key_on_no_list_needs_attention() {
    expect_all(SELF_CERTIFYING, false, Verdict::Attention, Some(Reason::IssuerUnknown));
}

#[test]
fn a_badge_by_a_proven_web_domain_is_valid() {
    expect_all(BY_DOMAIN, false, Verdict::Valid, None);
}

#[test]
fn a_badge_by_a_listed_web_issuer_is_valid_and_says_how_the_issuer_is_known() {
    expect_all(BY_DOMAIN, true, Verdict::Valid, None);
    let set = issued();
    let by_domain = judged(&set.credential("web-eddsa"), &[]);
    assert_eq!((by_domain.known, by_domain.domain.as_deref()), (Known::Domain, Some("koffieschool.example")));
    let listed = judged(&set.credential("web-eddsa"), &[set.issuer("web")]);
    assert_eq!(listed.known, Known::SelfAdded);
    let unknown = judged(&set.credential("key-eddsa"), &[]);
    assert_eq!((unknown.known, unknown.domain), (Known::Unknown, None));
}

#[test]
fn the_proof_that_was_judged_is_named() {
    let proof = |name| judged(&issued().credential(name), &[]).proof.unwrap_or_default();
    assert_eq!(proof("web-eddsa"), "eddsa-rdfc-2022");
    assert_eq!(proof("key-ecdsa-384"), "ecdsa-rdfc-2019");
    assert_eq!(proof("key-2020"), "Ed25519Signature2020");
    assert_eq!(proof("hosted"), "hosted");
    assert!(proof("web-jwt-ps256").contains("PS256"), "{}", proof("web-jwt-ps256"));
    assert!(proof("signed").contains("RS256"), "{}", proof("signed"));
}

#[test]
fn every_form_says_what_it_was_found_in() {
    let set = issued();
    let container = |name, form| extract(&set.bytes(name, form)).expect("a badge")[0].container;
    assert_eq!(container("key-eddsa", "json"), Container::Json);
    assert_eq!(container("key-jwt", "jwt"), Container::Jwt);
    assert_eq!(container("key-eddsa", "png-compressed"), Container::Png);
    assert_eq!(container("hosted", "svg"), Container::Svg);
}

#[test]
fn an_image_holds_the_same_bytes_as_the_file() {
    let set = issued();
    for name in ["key-eddsa", "web-eddsa", "web-jwt-eddsa", "signed", "hosted"] {
        let original = set.credential(name);
        for form in set.forms(name).into_iter().filter(|form| !form.ends_with("-address")) {
            let found = only_credential(&set.bytes(name, form));
            assert_eq!(found.bytes, original.bytes, "{name} as {form}");
            assert_eq!(found.id(), original.id(), "{name} as {form}");
        }
    }
}

#[test]
fn an_old_image_names_only_the_address_of_a_hosted_badge() {
    let set = issued();
    for form in ["png-address", "svg-address"] {
        let found = extract(&set.bytes("hosted", form)).expect("a badge");
        let Payload::Address(address) = &found[0].payload else { panic!("{form}: {:?}", found[0].payload) };
        assert_eq!(address, "https://gehost.example/assertions/hosted.json");
    }
}

#[test]
fn an_expired_badge_is_known_to_be_genuine() {
    for name in ["expired", "expired-jwt", "expired-hosted"] {
        expect(name, false, Verdict::Attention, Some(Reason::Expired));
        let judgement = judged(&issued().credential(name), &[]);
        assert_eq!(outcome(&judgement, CheckKind::Signature), Some(Outcome::Passed), "{name}");
    }
}

#[test]
fn a_badge_that_is_not_yet_valid_needs_attention() {
    expect("not-yet-valid", false, Verdict::Attention, Some(Reason::NotYetValid));
}

#[test]
fn a_revoked_badge_is_invalid() {
    expect_all(
        &[
            "revoked",
            "revoked-first",
            "revoked-last",
            "revoked-jwt-list",
            "revoked-delegated",
            "revoked-and-expired",
            "vcrl-revoked",
            "hosted-revoked",
        ],
        false,
        Verdict::Invalid,
        Some(Reason::Revoked),
    );
}

#[test]
fn a_revocation_list_with_a_single_entry_revokes() {
    expect_all(&["signed-revoked-single", "signed-revoked-object"], false, Verdict::Invalid, Some(Reason::Revoked));
}

#[test]
fn a_suspended_badge_is_invalid() {
    expect("suspended", false, Verdict::Invalid, Some(Reason::Suspended));
}

#[test]
fn a_hosted_badge_that_is_gone_is_invalid() {
    expect("hosted-410", false, Verdict::Invalid, Some(Reason::Gone));
}

#[test]
fn a_hosted_badge_outside_its_issuers_scope_is_invalid() {
    expect("hosted-out-of-scope", false, Verdict::Invalid, Some(Reason::OriginMismatch));
}

#[test]
fn a_changed_byte_is_invalid() {
    for name in ["key-eddsa", "key-2020", "key-ecdsa-256", "key-ecdsa-384", "web-eddsa-1.1"] {
        let forged = BadgeBuilder::on(&issued().first(name)).with("/credentialSubject/achievement/name", "Meesterkok");
        expect_tampered(name, &forged.bytes());
    }
    for name in ["key-jwt", "web-jwt-es256", "web-jwt-es384", "web-jwt-rs256", "web-jwt-ps256", "https-jwt"] {
        let mut forged = JwsBuilder::on(&issued().first(name));
        forged.payload["name"] = json!("Meesterkok");
        expect_tampered(name, forged.text().as_bytes());
    }
    let mut forged = JwsBuilder::on(&issued().first("signed"));
    forged.payload["issuedOn"] = json!("2020-01-01T00:00:00Z");
    expect_tampered("signed", forged.text().as_bytes());
}

#[test]
fn a_changed_proof_value_is_invalid() {
    let original = issued().first("key-eddsa");
    let value = BadgeBuilder::on(&original).json()["proof"]["proofValue"].as_str().expect("a proof value").to_owned();
    let last = if value.ends_with('2') { '3' } else { '2' };
    let changed = format!("{}{last}", &value[..value.len() - 1]);
    expect_tampered("key-eddsa", &BadgeBuilder::on(&original).with("/proof/proofValue", changed).bytes());
    let mut jws = JwsBuilder::on(&issued().first("key-jwt"));
    jws.signature[10] ^= 1;
    expect_tampered("key-jwt", jws.text().as_bytes());
}

#[track_caller]
fn expect_tampered(name: &str, bytes: &[u8]) {
    let judgement = judged(&only_credential(bytes), &[issued().issuer_of(name)]);
    assert_eq!(verdict(&judgement), Verdict::Invalid, "{name}: {:#?}", judgement.checks);
    assert!(reasons(&judgement).contains(&Reason::Tampered), "{name}: {:#?}", judgement.checks);
}

#[test]
fn a_local_copy_of_a_hosted_badge_proves_nothing() {
    // The issuer serves another name: what is fetched is the badge, so a copy that differs is not it.
    let forged = BadgeBuilder::on(&issued().first("hosted")).with("/issuedOn", "2020-01-01T00:00:00Z");
    let judgement = judged(&only_credential(&forged.bytes()), &[]);
    assert_eq!(verdict(&judgement), Verdict::Invalid, "{:#?}", judgement.checks);
}

#[test]
fn alg_none_is_never_believed() {
    for name in ["key-jwt", "web-jwt-eddsa", "https-jwt", "signed"] {
        let unsecured = JwsBuilder::on(&issued().first(name)).unsecured().text();
        for text in [unsecured.clone(), unsecured.trim_end_matches('.').to_owned()] {
            // Either it is no badge at all, or it is an invalid one.
            let Ok(found) = extract(text.as_bytes()) else { continue };
            let Payload::Credential(credential) = &found[0].payload else { panic!("an address") };
            let judgement = judged(credential, &[issued().issuer_of(name)]);
            assert_eq!(verdict(&judgement), Verdict::Invalid, "{name}: {:#?}", judgement.checks);
        }
    }
}

#[test]
fn a_key_that_is_not_the_issuers_is_invalid() {
    expect_all(
        &["web-signed-by-impostor", "web-jwt-by-impostor", "web-key-not-for-badges"],
        true,
        Verdict::Invalid,
        Some(Reason::KeyNotIssuers),
    );
    expect("web-method-of-the-issuer-key-of-another", true, Verdict::Invalid, Some(Reason::Tampered));
    expect_all(&["signed-wrong-key", "signed-es256-wrong-key"], true, Verdict::Invalid, Some(Reason::Tampered));
}

#[test]
fn a_key_that_is_another_issuers_is_never_valid() {
    let set = issued();
    // A key set does not list every key that an issuer ever had, so a key that is not in it proves nothing either way.
    for name in ["signed-key-of-another", "https-jwt-by-impostor", "https-key-of-another-issuer", "jwt-iss-of-another"] {
        let judgement = judged(&set.credential(name), &[set.issuer_of(name)]);
        assert!(matches!(verdict(&judgement), Verdict::Invalid | Verdict::CannotTell), "{name}: {:#?}", judgement.checks);
    }
}

#[test]
fn a_proof_past_its_own_date_is_not_valid() {
    let judgement = judged(&issued().credential("proof-expired"), &[]);
    assert!(reasons(&judgement).contains(&Reason::ProofExpired), "{:#?}", judgement.checks);
    assert_ne!(verdict(&judgement), Verdict::Valid);
}

#[test]
fn a_missing_document_is_cannot_tell() {
    expect_all(
        &["did-document-missing", "key-set-missing", "hosted-missing"],
        false,
        Verdict::CannotTell,
        Some(Reason::Unreachable),
    );
}

#[test]
fn without_a_network_only_self_certifying_keys_are_told() {
    let set = issued();
    for name in ["web-eddsa", "web-jwt-eddsa", "https-jwt", "https-controller", "hosted", "signed", "status-good"] {
        let judgement = judge(&set.credential(name), trusting([set.issuer_of(name)]), &NoWeb, now());
        assert_eq!(verdict(&judgement), Verdict::CannotTell, "{name}: {:#?}", judgement.checks);
    }
    for name in SELF_CERTIFYING {
        let judgement = judge(&set.credential(name), trusting([set.issuer_of(name)]), &NoWeb, now());
        assert_eq!(verdict(&judgement), Verdict::Valid, "{name}: {:#?}", judgement.checks);
        assert_eq!(judgement.missing, [], "{name}");
    }
}

#[test]
fn what_is_missing_is_named_by_its_address_and_purpose() {
    let set = issued();
    let judgement = open_badges::judge(&set.credential("web-eddsa"), &Evidence::default(), now());
    assert_eq!(judgement.missing.len(), 1);
    assert_eq!(judgement.missing[0].url, "https://koffieschool.example/.well-known/did.json");
    assert_eq!(judgement.missing[0].purpose, open_badges::Purpose::DidDocument);
    let path = open_badges::judge(&set.credential("web-path"), &Evidence::default(), now());
    assert_eq!(path.missing[0].url, "https://wijkteam.example/scholen/lombok/did.json");
}

#[test]
fn a_status_list_that_cannot_be_fetched_is_cannot_tell() {
    expect("status-missing", false, Verdict::CannotTell, Some(Reason::StatusUnreachable));
}

#[test]
fn a_status_list_that_is_itself_wrong_is_cannot_tell() {
    expect_all(
        &["status-spoiled", "status-foreign", "status-expired", "status-short", "status-out-of-range", "status-wrong-purpose"],
        false,
        Verdict::CannotTell,
        Some(Reason::StatusInvalid),
    );
}

#[test]
fn a_status_type_that_we_do_not_know_is_cannot_tell() {
    // A JWS whose payload is changed would be forged, so this one is unsigned on purpose: only what is said of the status counts.
    let badge = BadgeBuilder::on(&issued().first("key-eddsa"))
        .with("/credentialStatus", json!({"id": "https://koffieschool.example/x", "type": "EenAndereStatus2031"}));
    assert_ne!(verdict(&judged(&only_credential(&badge.bytes()), &[issued().issuer("key")])), Verdict::Valid);
}

#[test]
fn an_issuer_without_a_possible_anchor_is_cannot_tell() {
    expect_all(&["urn-issuer", "key-in-fragment-of-a-profile"], true, Verdict::CannotTell, Some(Reason::KeyNotAnchored));
    expect("key-in-fragment", true, Verdict::CannotTell, Some(Reason::Unreachable));
    let judgement = judged(&issued().credential("signed-unlinked-key"), &[]);
    assert!(matches!(verdict(&judgement), Verdict::CannotTell | Verdict::Invalid), "{:#?}", judgement.checks);
}

#[test]
fn an_unknown_context_is_cannot_tell_and_is_named() {
    let badge = BadgeBuilder::on(&issued().first("key-eddsa")).with("/@context/-", "https://voorbeeld.example/context/v9");
    let judgement = judged(&only_credential(&badge.bytes()), &[issued().issuer("key")]);
    assert_eq!(verdict(&judgement), Verdict::CannotTell, "{:#?}", judgement.checks);
    let named = detail(&judgement, Reason::UnknownContext).unwrap_or_default();
    assert!(named.contains("voorbeeld.example"), "{:#?}", judgement.checks);
}

#[test]
fn an_undefined_term_is_cannot_tell_and_is_named() {
    // A lenient verifier drops the member and finds the signature good; nobody signed it.
    for (at, value) in [
        ("/credentialSubject/achievement/sterren", json!(5)),
        ("/credentialSubject/stagebegeleider", json!("Iemand")),
        ("/geheimVeld", json!({"a": 1})),
    ] {
        let badge = BadgeBuilder::on(&issued().first("key-eddsa")).with(at, value);
        let judgement = judged(&only_credential(&badge.bytes()), &[issued().issuer("key")]);
        assert_eq!(verdict(&judgement), Verdict::CannotTell, "{at}: {:#?}", judgement.checks);
        let term = at.rsplit('/').next().unwrap_or_default();
        assert_eq!(detail(&judgement, Reason::UndefinedTerm), Some(term), "{:#?}", judgement.checks);
    }
}

#[test]
fn an_undefined_type_is_cannot_tell() {
    let badge = BadgeBuilder::on(&issued().first("key-eddsa")).with("/type/-", "EenHeelAnderType");
    let judgement = judged(&only_credential(&badge.bytes()), &[issued().issuer("key")]);
    assert_eq!(verdict(&judgement), Verdict::CannotTell, "{:#?}", judgement.checks);
    assert_eq!(detail(&judgement, Reason::UndefinedTerm), Some("EenHeelAnderType"), "{:#?}", judgement.checks);
}

#[test]
fn an_unsupported_suite_is_cannot_tell_by_name() {
    for suite in ["bbs-2023", "ecdsa-sd-2023", "eddsa-jcs-2022", "falcon-2030"] {
        let badge = BadgeBuilder::on(&issued().first("key-eddsa")).with("/proof/cryptosuite", suite);
        let judgement = judged(&only_credential(&badge.bytes()), &[issued().issuer("key")]);
        assert_eq!(verdict(&judgement), Verdict::CannotTell, "{suite}: {:#?}", judgement.checks);
        let named = detail(&judgement, Reason::UnsupportedSuite).unwrap_or_default();
        assert!(named.contains(suite), "{suite}: {:#?}", judgement.checks);
    }
}

#[test]
fn a_badge_without_a_proof_is_never_valid() {
    let judgement = judged(&only_credential(&BadgeBuilder::new().bytes()), &["did:web:koffieschool.example"]);
    assert!(reasons(&judgement).contains(&Reason::Unsigned), "{:#?}", judgement.checks);
    assert!(matches!(verdict(&judgement), Verdict::CannotTell | Verdict::Invalid));
}

#[test]
fn the_recipient_never_changes_a_verdict() {
    let set = issued();
    for (address, expected) in [
        ("noor@voorbeeld.example", Outcome::Passed),
        ("Noor@Voorbeeld.example", Outcome::Passed),
        ("iemand@voorbeeld.example", Outcome::Warning(Reason::RecipientNotMine)),
    ] {
        for name in ["key-eddsa", "key-2020", "web-eddsa", "hosted", "signed"] {
            let mut evidence = trusting([set.issuer_of(name)]);
            evidence.my_addresses = vec![address.to_owned()];
            let judgement = judge(&set.credential(name), evidence, &set.web(), now());
            assert_eq!(outcome(&judgement, CheckKind::Recipient), Some(expected), "{name}, {address}");
            assert_eq!(verdict(&judgement), Verdict::Valid, "{name}, {address}: {:#?}", judgement.checks);
        }
    }
}

#[test]
fn a_practice_issuers_badge_is_a_practice_badge() {
    let set = issued();
    let mut evidence = Evidence::default();
    evidence.practice_issuers.insert(set.issuer("web").to_owned());
    let judgement = judge(&set.credential("web-eddsa"), evidence, &set.web(), now());
    assert_eq!(verdict(&judgement), Verdict::Attention);
    assert_eq!(reasons(&judgement), [Reason::PracticeBadge]);
    assert_eq!(judgement.known, Known::Practice);
}

#[test]
fn evidence_that_is_too_old_is_cannot_tell() {
    let set = issued();
    let credential = set.credential("status-good");
    let mut evidence = Evidence::default();
    let fresh = judge(&credential, evidence.clone(), &set.web(), now());
    assert_eq!(verdict(&fresh), Verdict::Valid);
    // The same documents, fetched a month ago.
    let month_ago = now() - jiff::SignedDuration::from_hours(24 * 30);
    loop {
        let missing = open_badges::judge(&credential, &evidence, month_ago).missing;
        let new: Vec<_> = missing.into_iter().filter(|need| !evidence.documents.contains_key(need)).collect();
        if new.is_empty() {
            break;
        }
        for need in new {
            let answer = set.web().answer(&need.url);
            evidence.documents.insert(need, open_badges::Fetched { answer, fetched_at: month_ago });
        }
    }
    let stale = open_badges::judge(&credential, &evidence, now());
    assert_eq!(verdict(&stale), Verdict::CannotTell, "{:#?}", stale.checks);
    assert!(reasons(&stale).contains(&Reason::Stale), "{:#?}", stale.checks);
}

#[test]
fn every_badge_of_the_set_is_expected_somewhere_in_this_file() {
    let source = include_str!("independent_issuers.rs");
    let unused: Vec<&str> = issued().names().into_iter().filter(|name| !source.contains(&format!("\"{name}\""))).collect();
    assert!(unused.is_empty(), "signed and never judged: {unused:?}");
}

#[test]
fn a_set_of_our_own_can_be_asked_for() {
    let spec = json!({
        "issuers": {"a": {"kind": "did:key", "name": "Gieterij (fictief)"}},
        "badges": [{"name": "one", "issuer": "a", "suite": "eddsa-rdfc-2022"}]
    });
    let set = Issued::from_spec(&serde_json::to_vec(&spec).expect("JSON"));
    let judgement = judge(&set.credential("one"), trusting([set.issuer("a")]), &set.web(), now());
    assert_eq!(verdict(&judgement), Verdict::Valid);
}
