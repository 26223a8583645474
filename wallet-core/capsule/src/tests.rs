use std::collections::HashSet;

use proptest::prelude::*;
use ring::{
    aead::Aad,
    digest::{SHA256, digest},
};
use serde_json::Value;

use super::{seal::secrets, *};

const NOW: u64 = 1_790_000_000;

fn key() -> LinkKey {
    LinkKey::from_bytes(std::array::from_fn(|at| at as u8))
}

fn manage() -> ManageKey {
    ManageKey::from_seed(std::array::from_fn(|at| at as u8 + 32))
}

fn salt() -> [u8; 32] {
    std::array::from_fn(|at| at as u8 + 64)
}

fn vector(name: &str) -> Value {
    let all: Value = serde_json::from_str(include_str!("vectors.json")).unwrap();
    all[name].clone()
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(digest(&SHA256, bytes))
}

fn sealed(body: &[u8]) -> (LinkId, Vec<u8>) {
    let (key, manage) = (key(), manage());
    let capsule = Seal { key: &key, passcode: None, manage: &manage, seq: 1, end: None }.seal(body).unwrap();
    (manage.id().unwrap(), capsule)
}

#[test]
fn a_capsule_is_the_one_that_another_implementation_makes() {
    let (key, manage) = (key(), manage());
    let plain = Seal { key: &key, passcode: None, manage: &manage, seq: 1, end: None }.seal_with(b"een badge", salt()).unwrap();
    assert_eq!(hex::encode(&plain[..HEADER]), vector("plain_header"));
    assert_eq!(
        (plain.len(), sha256(&plain)),
        (vector("plain_length").as_u64().unwrap() as usize, vector("plain_sha256").as_str().unwrap().to_owned())
    );

    // The same passcode, typed with a combined letter.
    let passcode = Passcode::derive(" Zes fietsen én ", &key).unwrap();
    assert_eq!(hex::encode(passcode.auth()), vector("auth"));
    assert_eq!(hex::encode(passcode.auth_hash()), vector("auth_hash"));
    assert_eq!(hex::encode(passcode.key), vector("pass_key"));
    let end = Some(1_800_000_000);
    let locked =
        Seal { key: &key, passcode: Some(&passcode), manage: &manage, seq: 7, end }.seal_with(&[b'b'; 5000], salt()).unwrap();
    assert_eq!(hex::encode(&locked[..HEADER]), vector("locked_header"));
    assert_eq!(
        (locked.len(), sha256(&locked)),
        (vector("locked_length").as_u64().unwrap() as usize, vector("locked_sha256").as_str().unwrap().to_owned())
    );

    let id = manage.id().unwrap();
    let origin = "https://delen.example";
    let create = Manage { action: Action::Create, id, seq: 1, end: None, auth_hash: Some(passcode.auth_hash()), capsule: &plain };
    assert_eq!(hex::encode(create.sign(&manage, origin).unwrap()), vector("create"));
    let stop = Manage { action: Action::Stop, id, seq: 8, end: None, auth_hash: None, capsule: &[] };
    assert_eq!(hex::encode(stop.sign(&manage, origin).unwrap()), vector("stop"));
}

#[test]
fn the_forms_that_are_stored_and_sent_do_not_change() {
    let address = LinkAddress { host: "https://delen.example".into(), id: manage().id().unwrap(), key: key() };
    insta::assert_snapshot!(address.to_string(), @"https://delen.example/v#1.IjREJFTzePUHCN8Q0lipCg.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
    let mut portfolio = Portfolio::new("nl", "Mijn werk", "Twee woorden");
    portfolio.badges.push(SharedBadge { credential: "{}".into(), show: Show::Front, address: Some("ik@voorbeeld.example".into()) });
    insta::assert_snapshot!(serde_json::to_string(&portfolio).unwrap(), @r#"{"v":1,"language":"nl","title":"Mijn werk","words":"Twee woorden","badges":[{"credential":"{}","show":"front","address":"ik@voorbeeld.example"}]}"#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn what_was_sealed_opens(body in proptest::collection::vec(any::<u8>(), 0..20_000), seq in 1u64.., end in NOW + 1..) {
        let (key, manage) = (key(), manage());
        let capsule = Seal { key: &key, passcode: None, manage: &manage, seq, end: Some(end) }.seal(&body).unwrap();
        let opened = open(&capsule, &manage.id().unwrap(), &key, None, NOW).unwrap();
        prop_assert_eq!(opened.body, body);
        prop_assert_eq!((opened.header.seq, opened.header.end, opened.header.passcode), (seq, Some(end), false));
    }

    #[test]
    fn no_bytes_from_outside_do_more_than_be_refused(bytes in proptest::collection::vec(any::<u8>(), 0..6_000), text in ".{0,200}") {
        prop_assert!(open(&bytes, &manage().id().unwrap(), &key(), None, NOW).is_err());
        let _ = Portfolio::decode(&bytes);
        let _ = LinkAddress::parse(&text);
        prop_assert!(clean_title(&text).chars().count() <= 80 && clean_words(&text).chars().count() <= 400);
    }
}

#[test]
fn a_change_anywhere_is_refused() {
    let (id, capsule) = sealed(b"een badge");
    assert!(open(&capsule, &id, &key(), None, NOW).is_ok());
    // Every byte of header and signature, and of the ciphertext its ends and every hundredth.
    let places = (0..HEADER + 64).chain((HEADER + 64..capsule.len()).step_by(100)).chain([
        capsule.len() - 17,
        capsule.len() - 16,
        capsule.len() - 1,
    ]);
    for place in places {
        for bit in [1, 0x80] {
            let mut changed = capsule.clone();
            changed[place] ^= bit;
            let refused = open(&changed, &id, &key(), None, NOW).unwrap_err();
            let expected: &[OpenError] =
                if (4..6).contains(&place) { &[OpenError::UnknownVersion, OpenError::Damaged] } else { &[OpenError::Damaged] };
            assert!(expected.contains(&refused), "{place}: {refused:?}");
        }
    }
    for length in [0, 1, HEADER - 1, HEADER, HEADER + 63, HEADER + 64, capsule.len() - 1] {
        assert_eq!(open(&capsule[..length], &id, &key(), None, NOW), Err(OpenError::Damaged), "{length}");
    }
    assert_eq!(open(&[capsule, vec![0]].concat(), &id, &key(), None, NOW), Err(OpenError::Damaged));
    assert_eq!(open(&vec![0; MAX_CAPSULE + 1], &id, &key(), None, NOW), Err(OpenError::TooLarge));
}

#[test]
fn what_is_hidden_behind_the_body_is_refused() {
    let (key, manage) = (key(), manage());
    let id = manage.id().unwrap();
    let honest = Seal { key: &key, passcode: None, manage: &manage, seq: 1, end: None }.seal_with(b"een badge", salt()).unwrap();
    let sealed_as = |change: &dyn Fn(&mut Vec<u8>)| {
        let header: [u8; HEADER] = honest[..HEADER].try_into().unwrap();
        let of = || seal::cipher(&secrets(&salt(), &key, None).unwrap()).unwrap();
        let mut text = honest[HEADER + 64..].to_vec();
        let (cipher, nonce) = of();
        let plain = cipher.open_in_place(nonce, Aad::from(header), &mut text).unwrap().len();
        text.truncate(plain);
        change(&mut text);
        let (cipher, nonce) = of();
        cipher.seal_in_place_append_tag(nonce, Aad::from(header), &mut text).unwrap();
        let signature = manage.sign(&seal::signed(&header, &text)).unwrap();
        open(&[header.as_slice(), &signature, &text].concat(), &id, &key, None, NOW).map(|opened| opened.body)
    };
    assert_eq!(sealed_as(&|_| ()), Ok(b"een badge".to_vec()));
    assert_eq!(sealed_as(&|text| *text.last_mut().unwrap() = 1), Err(OpenError::Damaged), "not zeros");
    assert_eq!(sealed_as(&|text| text[..4].copy_from_slice(&9_999u32.to_be_bytes())), Err(OpenError::Damaged), "longer than it is");
    assert_eq!(sealed_as(&|text| text.resize(text.len() + 2048, 0)), Err(OpenError::Damaged), "a larger bucket than needed");
}

#[test]
fn only_the_right_link_key_passcode_and_time_open_it() {
    let (key, manage) = (key(), manage());
    let id = manage.id().unwrap();
    let (right, wrong) = (Passcode::derive("zes fietsen", &key).unwrap(), Passcode::derive("zeven fietsen", &key).unwrap());
    let locked = Seal { key: &key, passcode: Some(&right), manage: &manage, seq: 1, end: Some(NOW) }.seal(b"x").unwrap();
    assert!(open(&locked, &id, &key, Some(&right), NOW - 1).is_ok());
    assert_eq!(open(&locked, &id, &key, Some(&right), NOW), Err(OpenError::Ended));
    assert_eq!(open(&locked, &id, &key, None, NOW - 1), Err(OpenError::PasscodeNeeded));
    assert_eq!(open(&locked, &id, &key, Some(&wrong), NOW - 1), Err(OpenError::WrongPasscode));
    let (_, plain) = sealed(b"x");
    assert_eq!(open(&plain, &id, &LinkKey::random().unwrap(), None, NOW), Err(OpenError::WrongKey));
    assert_eq!(open(&plain, &ManageKey::random().unwrap().id().unwrap(), &key, None, NOW), Err(OpenError::OtherLink));
    // A passcode where none is set is not in the way.
    assert!(open(&plain, &id, &key, Some(&right), NOW).is_ok());
}

#[test]
fn another_owner_cannot_make_a_capsule_for_a_link() {
    let (id, capsule) = sealed(b"x");
    let thief = ManageKey::random().unwrap();
    let theirs = Seal { key: &key(), passcode: None, manage: &thief, seq: 2, end: None }.seal(b"y").unwrap();
    assert_eq!(open(&theirs, &id, &key(), None, NOW), Err(OpenError::OtherLink));
    // The id of one and the key of another.
    let mut mixed = theirs;
    mixed[38..54].copy_from_slice(&capsule[38..54]);
    assert_eq!(open(&mixed, &id, &key(), None, NOW), Err(OpenError::Damaged));
}

#[test]
fn the_id_of_a_new_link_is_never_taken_for_an_option() {
    for _ in 0..500 {
        let id = ManageKey::for_link().unwrap().id().unwrap().to_string();
        assert!(!id.starts_with('-'), "{id}");
    }
}

#[test]
fn ten_thousand_replacements_repeat_no_key_and_nonce() {
    let (key, mut seen) = (key(), HashSet::new());
    for _ in 0..10_000 {
        let secrets = secrets(&keys::random().unwrap(), &key, None).unwrap();
        assert!(seen.insert((*secrets.key, secrets.nonce)));
    }
    let (_, first) = sealed(b"the same");
    let (_, second) = sealed(b"the same");
    assert_ne!(first[6..38], second[6..38]);
}

#[test]
fn a_size_says_little_of_what_is_inside() {
    let sizes: HashSet<usize> = [0, 9, 4092].iter().map(|length| sealed(&vec![7; *length]).1.len()).collect();
    assert_eq!(sizes.len(), 1);
    assert_eq!(sealed(&[7; 4093]).1.len(), HEADER + 64 + 6 * 1024 + 16);
    let (key, manage) = (key(), manage());
    let too_large = Seal { key: &key, passcode: None, manage: &manage, seq: 1, end: None }.seal(&vec![0; MAX_CAPSULE]);
    assert_eq!(too_large, Err(SealError::TooLarge));
}

#[test]
fn a_step_counts_for_one_host_one_link_and_one_key() {
    let (manage, other) = (manage(), ManageKey::random().unwrap());
    let (id, public) = (manage.id().unwrap(), manage.public().unwrap());
    let stop = Manage { action: Action::Stop, id, seq: 2, end: None, auth_hash: None, capsule: &[] };
    let signature = stop.sign(&manage, "https://a.example").unwrap();
    assert!(stop.is_signed_by(&public, "https://a.example", &signature));
    assert!(!stop.is_signed_by(&public, "https://b.example", &signature));
    assert!(!Manage { seq: 3, ..stop.clone() }.is_signed_by(&public, "https://a.example", &signature));
    assert!(!Manage { action: Action::Replace, ..stop.clone() }.is_signed_by(&public, "https://a.example", &signature));
    assert!(!Manage { auth_hash: Some([0; 32]), ..stop.clone() }.is_signed_by(&public, "https://a.example", &signature));
    let theirs = stop.sign(&other, "https://a.example").unwrap();
    assert!(!stop.is_signed_by(&other.public().unwrap(), "https://a.example", &theirs), "their key is not this link's");
}

#[test]
fn a_link_that_is_cut_off_or_changed_says_so() {
    let whole = LinkAddress { host: "https://delen.example:8443".into(), id: manage().id().unwrap(), key: key() };
    let text = whole.to_string();
    assert_eq!(LinkAddress::parse(&format!("  {text}\n")), Ok(whole));
    assert_eq!(LinkAddress::parse(&text[..text.len() - 1]), Err(AddressError::Truncated));
    assert_eq!(LinkAddress::parse(text.split_once('#').unwrap().0), Err(AddressError::Truncated));
    assert_eq!(LinkAddress::parse(text.rsplit_once('.').unwrap().0), Err(AddressError::Truncated));
    assert_eq!(LinkAddress::parse(&format!("{text}x")), Err(AddressError::Edited));
    assert_eq!(LinkAddress::parse(&text.replace("#1.", "#2.")), Err(AddressError::UnknownVersion));
    assert_eq!(
        LinkAddress::parse("https://delen.example/v#1..AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"),
        Err(AddressError::NoId)
    );
    for other in [
        "http://delen.example/v",
        "https://ik@delen.example/v",
        "https://delen.example/w",
        "https://delen.example/v?x=1",
        "ftp://x/v",
        "koffie",
    ] {
        let link = format!("{other}#1.IjREJFTzePUHCN8Q0lipCg.AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8");
        assert_eq!(LinkAddress::parse(&link), Err(AddressError::NotALink), "{other}");
    }
    assert!(LinkAddress::parse(&text.replace("https://delen.example:8443", "http://127.0.0.1:8787")).is_ok());
}

#[test]
fn own_words_cannot_look_like_a_verdict() {
    assert_eq!(clean_title("✓ Echt ✅ en\u{200b} geldig ☑️ √ ✗ ❌ ×"), "Echt en geldig");
    assert_eq!(clean_title("\u{202e}tsi neppank\u{202c} 🎓🏅"), "tsi neppank");
    assert_eq!(clean_title("twee\nregels  hier"), "twee regels hier");
    assert_eq!(clean_words("een\n\n\n\n  twee \n"), "een\n\ntwee");
    assert_eq!(clean_title(&"é".repeat(200)).chars().count(), 80);
    assert_eq!(
        clean_words("Ik maak koffie voor 40 gasten, in het Arabisch: قهوة."),
        "Ik maak koffie voor 40 gasten, in het Arabisch: قهوة."
    );
}

#[test]
fn a_portfolio_has_limits_on_the_way_in_and_out() {
    let badge = SharedBadge { credential: "eyJ".into(), show: Show::Whole, address: None };
    let with = |count: usize| Portfolio { badges: vec![badge.clone(); count], ..Portfolio::new("en", "A ✓", "b") };
    assert_eq!(with(0).encode(), Err(PortfolioError::NoBadges));
    assert_eq!(Portfolio::decode(&with(200).encode().unwrap()).unwrap(), with(200));
    assert_eq!(with(201).encode(), Err(PortfolioError::TooLarge));
    let deflated = |json: &str| {
        use std::io::Write;
        let mut out = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
        out.write_all(json.as_bytes()).unwrap();
        out.finish().unwrap()
    };
    // What an owner writes around our app is cleaned and bounded too.
    let sly = r#"{"v":1,"language":"xx","title":"✅ Gecontroleerd","words":"","badges":[{"credential":"x","show":"front"}]}"#;
    let read = Portfolio::decode(&deflated(sly)).unwrap();
    assert_eq!((read.title.as_str(), read.language.as_str()), ("Gecontroleerd", "nl"));
    assert_eq!(Portfolio::decode(&deflated(&sly.replace("\"v\":1", "\"v\":2"))), Err(PortfolioError::UnknownVersion));
    assert_eq!(
        Portfolio::decode(&deflated(&sly.replace("\"words\"", "\"verdict\":\"valid\",\"words\""))),
        Err(PortfolioError::Damaged)
    );
    assert_eq!(Portfolio::decode(&deflated(&"[".repeat(100_000))), Err(PortfolioError::Damaged));
    assert_eq!(Portfolio::decode(&deflated(&" ".repeat(9_000_000))), Err(PortfolioError::TooLarge));
    assert_eq!(Portfolio::decode(b"geen deflate"), Err(PortfolioError::Damaged));
}

#[test]
fn secrets_are_not_printed() {
    let address = LinkAddress { host: "https://delen.example".into(), id: manage().id().unwrap(), key: key() };
    let passcode = Passcode::derive("geheim", &key()).unwrap();
    let printed = format!("{address:?} {:?} {:?} {passcode:?}", key(), manage());
    assert_eq!(printed, r#"LinkAddress { host: "https://delen.example", .. } LinkKey(..) ManageKey(..) Passcode(..)"#);
}
