//! What the page of a share link may believe, over [`Opened`]: its own host's relay now, its own host's witness within its age,
//! self-certifying keys for what they are, and nothing else. Whoever sealed the capsule is the one who might cheat.

use std::{collections::BTreeMap, io::Write as _};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use capsule::{
    HEADER, HostKey, LinkAddress, LinkKey, MAX_CAPSULE, ManageKey, Passcode, Portfolio, PublishedKey, Seal, SharedBadge, Show,
    Statement, Witnessed,
};
use jiff::{SignedDuration, Timestamp, ToSpan};
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use verifier_wasm::Opened;
use wallet_tests::{
    builders::BadgeBuilder,
    fixtures::{Issued, issued},
    judging::now,
};

// ---- an organisation, its host, a sharer and the page ---------------------------------------------------------------------------

const HOST: &str = "https://delen.example";
const SCHOOL: &str = "did:web:school.example";
const DID: &str = "https://school.example/.well-known/did.json";
const LIST: &str = "https://school.example/status/1";

/// Where the badges of these tests stand in the list.
const INDEX: usize = 42;

/// Whoever signs: the school, or a thief.
struct Signer(Ed25519KeyPair);

impl Signer {
    fn school() -> Self {
        Self::from_seed(1)
    }

    fn thief() -> Self {
        Self::from_seed(2)
    }

    fn from_seed(seed: u8) -> Self {
        Self(Ed25519KeyPair::from_seed_unchecked(&[seed; 32]).expect("a seed"))
    }

    /// A DID document of `id` that lists this key.
    fn document(&self, id: &str) -> Vec<u8> {
        let method = format!("{id}#key-1");
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(self.0.public_key())});
        let document = json!({
            "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/jwk/v1"],
            "id": id,
            "verificationMethod": [{"id": method, "type": "JsonWebKey", "controller": id, "publicKeyJwk": jwk}],
            "assertionMethod": [method],
        });
        document.to_string().into_bytes()
    }

    fn sign(&self, credential: &Value) -> String {
        let header = json!({"alg": "EdDSA", "typ": "vc+jwt", "cty": "vc", "kid": format!("{SCHOOL}#key-1")});
        let signed = [header, credential.clone()].map(|part| URL_SAFE_NO_PAD.encode(part.to_string())).join(".");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(self.0.sign(signed.as_bytes())))
    }

    /// A badge of the school with a place in its list.
    fn badge(&self) -> String {
        let status = json!({
            "id": format!("{LIST}#{INDEX}"), "type": "BitstringStatusListEntry", "statusPurpose": "revocation",
            "statusListIndex": INDEX.to_string(), "statusListCredential": LIST,
        });
        self.sign(BadgeBuilder::new().issuer(SCHOOL).with("/credentialStatus", status).json())
    }

    /// The school's list, in which the badge was taken back or not.
    fn list(&self, revoked: bool, with: &Value) -> Vec<u8> {
        let mut bits = vec![0_u8; 16 * 1024];
        bits[INDEX / 8] |= u8::from(revoked) << (7 - INDEX % 8);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(&bits).expect("in memory");
        let mut list = json!({
            "@context": ["https://www.w3.org/ns/credentials/v2"],
            "id": LIST,
            "type": ["VerifiableCredential", "BitstringStatusListCredential"],
            "issuer": SCHOOL,
            "validFrom": "2025-01-01T00:00:00Z",
            "credentialSubject": {
                "id": format!("{LIST}#list"), "type": "BitstringStatusList", "statusPurpose": "revocation",
                "encodedList": format!("u{}", URL_SAFE_NO_PAD.encode(packed.finish().expect("in memory"))),
            },
        });
        for (name, value) in with.as_object().expect("members") {
            match name.as_str() {
                "ttl" => list["credentialSubject"]["ttl"] = value.clone(),
                name => list[name] = value.clone(),
            }
        }
        self.sign(&list).into_bytes()
    }
}

/// What the relay is answered by an address: a status and a body, or silence.
type Web<'a> = &'a dyn Fn(&str) -> Option<(u16, Vec<u8>)>;

fn silence(_: &str) -> Option<(u16, Vec<u8>)> {
    None
}

/// The web of a set that was signed at test time.
fn web_of(set: &Issued) -> impl Fn(&str) -> Option<(u16, Vec<u8>)> {
    let files = set.web();
    move |url| match files.answer(url) {
        open_badges::Answer::Document { body, .. } => Some((200, body)),
        open_badges::Answer::Gone => Some((410, Vec::new())),
        open_badges::Answer::NotFound => Some((404, Vec::new())),
        open_badges::Answer::Unreachable | open_badges::Answer::NotAsked => None,
    }
}

/// A web of so many documents and no others.
fn web<const N: usize>(documents: [(&str, Vec<u8>); N]) -> impl Fn(&str) -> Option<(u16, Vec<u8>)> + use<N> {
    let documents: BTreeMap<String, Vec<u8>> = documents.into_iter().map(|(url, body)| (url.to_owned(), body)).collect();
    move |url| documents.get(url).map(|body| (200, body.clone()))
}

fn host() -> HostKey {
    HostKey::from_seed([9; 32])
}

fn published(key: &HostKey) -> PublishedKey {
    PublishedKey { key: URL_SAFE_NO_PAD.encode(key.public().expect("a key")), from: 0, until: None, revoked: false }
}

fn keys() -> Vec<PublishedKey> {
    vec![published(&host())]
}

/// What the host would say of a document, before it signs that.
fn about(purpose: &str, url: &str, at: Timestamp) -> Statement {
    Statement {
        origin: HOST.to_owned(),
        purpose: purpose.to_owned(),
        requested: url.to_owned(),
        final_url: url.to_owned(),
        status: 200,
        content_type: "application/json".to_owned(),
        sha256: String::new(),
        fetched_at: at.as_second().unsigned_abs(),
        key: String::new(),
        signature: String::new(),
    }
}

fn signed(statement: Statement, body: &[u8], key: &HostKey) -> Witnessed {
    let statement = statement.signed(body, key).expect("a key");
    Witnessed { statement, body: String::from_utf8(body.to_vec()).expect("text") }
}

/// What the page's own host witnessed.
fn witnessed(purpose: &str, url: &str, body: &[u8], at: Timestamp) -> Witnessed {
    signed(about(purpose, url, at), body, &host())
}

/// A link in the hands of its owner.
struct Link {
    key: LinkKey,
    manage: ManageKey,
    passcode: Option<Passcode>,
    end: Option<u64>,
}

impl Link {
    fn new() -> Self {
        Self { key: LinkKey::random().expect("a key"), manage: ManageKey::random().expect("a key"), passcode: None, end: None }
    }

    fn seal(&self, body: &[u8]) -> Vec<u8> {
        let seal = Seal { key: &self.key, passcode: self.passcode.as_ref(), manage: &self.manage, seq: 1, end: self.end };
        seal.seal(body).expect("a capsule")
    }

    /// Its id and its key as the page reads them from the address.
    fn parts(&self) -> (String, String) {
        let id = self.manage.id().expect("a key");
        let address = LinkAddress { host: HOST.to_owned(), id, key: self.key.clone() }.to_string();
        let mut parts = address.rsplit('.');
        let (key, id) = (parts.next().expect("a key"), parts.next().expect("an id"));
        (id.to_owned(), key.to_owned())
    }

    fn open(&self, capsule: &[u8], passcode: Option<&str>) -> Result<Opened, String> {
        let (id, key) = self.parts();
        Opened::open(capsule, &id, &key, passcode.map(str::to_owned), millis(now()))
    }
}

fn millis(time: Timestamp) -> f64 {
    time.as_millisecond() as f64
}

/// The link to one badge, opened.
fn opened(credential: impl Into<String>, witnessed: Vec<Witnessed>) -> Opened {
    shared(SharedBadge { credential: credential.into(), show: Show::Whole, address: None }, witnessed)
}

fn shared(badge: SharedBadge, witnessed: Vec<Witnessed>) -> Opened {
    let portfolio = Portfolio { badges: vec![badge], witnessed, ..Portfolio::new("nl", "Mijn werk", "") };
    let link = Link::new();
    link.open(&link.seal(&portfolio.encode().expect("a body")), None).expect("opened")
}

fn text(name: &str) -> String {
    String::from_utf8(issued().first(name)).expect("text")
}

/// Judges the first badge as the page does: fetches what is missing and judges again, until nothing is.
fn judged(opened: &Opened, web: Web<'_>, keys: &[PublishedKey], at: Timestamp) -> Value {
    judged_in("nl", opened, web, keys, at)
}

fn judged_in(language: &str, opened: &Opened, web: Web<'_>, keys: &[PublishedKey], at: Timestamp) -> Value {
    let (mut documents, keys) = (Vec::new(), json!(keys).to_string());
    for _ in 0..6 {
        let documents_now = Value::from(documents.clone()).to_string();
        let judged = opened.judge(0, &documents_now, &keys, HOST, language, millis(at)).expect("a judgement");
        let judged: Value = serde_json::from_str(&judged).expect("JSON");
        let needs = judged["needs"].as_array().expect("needs");
        if needs.is_empty() {
            return judged;
        }
        for need in needs {
            let url = need["url"].as_str().expect("an address");
            let answer = web(url).map(|(status, body)| relayed(url, status, &body, at));
            documents.push(json!({"purpose": need["purpose"], "url": url, "answer": answer}));
        }
    }
    panic!("the judgement never stops asking");
}

fn relayed(final_url: &str, status: u16, body: &[u8], at: Timestamp) -> Value {
    json!({"final": final_url, "status": status, "fetched_at": at.as_second(), "body": STANDARD.encode(body)})
}

fn verdict(judged: &Value) -> &str {
    judged["badge"]["verification"]["verdict"].as_str().expect("a verdict")
}

/// The reasons of what did not pass.
fn reasons(judged: &Value) -> Vec<&str> {
    let checks = judged["badge"]["verification"]["checks"].as_array().expect("checks");
    checks.iter().filter_map(|check| check["reason"].as_str()).filter(|reason| *reason != "not_reached").collect()
}

#[track_caller]
fn expect(judged: &Value, wanted: &str, because: &[&str], what: &str) {
    assert_eq!((verdict(judged), reasons(judged).as_slice()), (wanted, because), "{what}: {judged:#}");
}

/// Witness statements of everything that a judgement asks for, as the set's web has it.
fn witness_all(credential: &str, set: &Issued, at: Timestamp) -> Vec<Witnessed> {
    let web = web_of(set);
    let judged = judged(&opened(credential, Vec::new()), &web, &[], at);
    let asked = judged["asks"].as_array().expect("asks").iter();
    let said = |need: &Value| {
        let (purpose, url) = (need["purpose"].as_str()?, need["url"].as_str()?);
        Some(witnessed(purpose, url, &web(url)?.1, at))
    };
    asked.filter_map(said).collect()
}

fn ago(hours: i64) -> Timestamp {
    now() - SignedDuration::from_hours(hours)
}

// ---- what is believed -----------------------------------------------------------------------------------------------------------

#[test]
fn a_self_certifying_badge_is_told_for_what_it_is_and_asks_nobody() {
    for name in ["key-eddsa", "key-2020", "key-ecdsa-384", "key-jwt", "jwk-jwt", "jwk-eddsa"] {
        let judged = judged(&opened(text(name), Vec::new()), &|url| panic!("{name} asks {url}"), &[], now());
        expect(&judged, "attention", &["issuer_unknown"], name);
        assert_eq!(judged["badge"]["issuer"]["known"], "unknown");
        assert_eq!(judged["asks"], json!([]));
    }
}

/// One badge of every way in which a web organisation says what is its own, and where it is.
const BY_DOMAIN: [(&str, &str); 9] = [
    ("web-eddsa", "koffieschool.example"),
    ("web-path", "wijkteam.example/scholen/lombok"),
    ("web-jwt-es256", "leerwerkplaats.example"),
    ("https-jwt", "universiteit.example"),
    ("https-controller", "museum.example"),
    ("hosted", "gehost.example"),
    ("signed", "getekend.example"),
    ("status-good", "koffieschool.example"),
    ("status-good-jwt", "leerwerkplaats.example"),
];

#[test]
fn a_web_badge_is_valid_by_what_the_relay_answers_now() {
    for (name, place) in BY_DOMAIN {
        let opened = opened(text(name), Vec::new());
        let silent = judged(&opened, &silence, &keys(), now());
        assert_eq!(verdict(&silent), "cannot_tell", "{name}");
        let judged = judged(&opened, &web_of(issued()), &keys(), now());
        expect(&judged, "valid", &[], name);
        assert_eq!(judged["badge"]["verification"]["known"], "domain", "{name}");
        assert_eq!(judged["badge"]["verification"]["checked_at"], now().to_string(), "{name}");
        let said = judged["badge"]["verification"]["text"].as_str().expect("a sentence");
        assert!(said.starts_with(&format!("Komt van {place}, noemt zich ")), "{name}: {said}");
    }
}

#[test]
fn a_web_badge_is_valid_by_its_own_hosts_witness_while_the_relay_is_silent() {
    let at = now() - 5.hours();
    for (name, _) in BY_DOMAIN {
        let opened = opened(text(name), witness_all(&text(name), issued(), at));
        let judged = judged(&opened, &silence, &keys(), now());
        expect(&judged, "valid", &[], name);
        // The verdict is as old as what it rests on.
        assert_eq!(judged["badge"]["verification"]["checked_at"], at.to_string(), "{name}");
    }
}

#[test]
fn a_host_that_publishes_no_keys_or_is_another_is_no_witness() {
    let opened = opened(text("web-eddsa"), witness_all(&text("web-eddsa"), issued(), now()));
    expect(&judged(&opened, &silence, &keys(), now()), "valid", &[], "its own");
    expect(&judged(&opened, &silence, &[], now()), "cannot_tell", &["unreachable"], "no keys");
    let need = json!([{"purpose": "did_document", "url": "https://koffieschool.example/.well-known/did.json", "answer": null}]);
    let asked = |keys: &str, origin: &str| -> Value {
        let judged = opened.judge(0, &need.to_string(), keys, origin, "nl", millis(now())).expect("a judgement");
        serde_json::from_str(&judged).expect("JSON")
    };
    let published = json!(keys()).to_string();
    expect(&asked(&published, HOST), "valid", &[], "the page of the host itself");
    for (keys, origin) in [(published.as_str(), "https://elders.example"), ("", HOST), ("geen JSON", HOST), ("{}", HOST)] {
        expect(&asked(keys, origin), "cannot_tell", &["unreachable"], origin);
    }
}

// ---- how long a witness counts --------------------------------------------------------------------------------------------------

/// The verdict over a witnessed document and a witnessed list of these ages, the relay silent.
fn by_witness(document_at: Timestamp, list_at: Timestamp, list: &[u8]) -> Value {
    let school = Signer::school();
    let witnessed =
        vec![witnessed("did_document", DID, &school.document(SCHOOL), document_at), witnessed("status_list", LIST, list, list_at)];
    judged(&opened(school.badge(), witnessed), &silence, &keys(), now())
}

#[test]
fn a_witnessed_status_counts_for_a_day_and_an_issuers_document_for_a_week() {
    let list = Signer::school().list(false, &json!({}));
    let minute = SignedDuration::from_mins(1);
    for (document, status, valid) in [
        (ago(0), ago(24), true),
        (ago(0), ago(24) - minute, false),
        (ago(7 * 24), ago(1), true),
        (ago(7 * 24) - minute, ago(1), false),
        (ago(30 * 24), ago(30 * 24), false),
    ] {
        let judged = by_witness(document, status, &list);
        let (wanted, because): (_, &[&str]) = if valid { ("valid", &[]) } else { ("cannot_tell", &["stale"]) };
        expect(&judged, wanted, because, &format!("document of {document}, list of {status}"));
    }
}

#[test]
fn a_witnessed_status_counts_no_longer_than_its_list_says() {
    let school = Signer::school();
    let an_hour = school.list(false, &json!({"ttl": 3_600_000}));
    expect(&by_witness(ago(1), ago(1), &an_hour), "valid", &[], "within its ttl");
    expect(&by_witness(ago(2), ago(2), &an_hour), "cannot_tell", &["stale"], "past its ttl");
    let until = |hours| school.list(false, &json!({"validUntil": ago(hours).to_string()}));
    expect(&by_witness(ago(3), ago(3), &until(-1)), "valid", &[], "before its end");
    expect(&by_witness(ago(3), ago(3), &until(1)), "cannot_tell", &["stale"], "it ended since it was witnessed");
    expect(&by_witness(ago(1), ago(1), &until(3)), "cannot_tell", &["status_invalid"], "it had ended when it was witnessed");
}

#[test]
fn a_witness_from_the_future_is_a_wrong_clock() {
    let list = Signer::school().list(false, &json!({}));
    // Half an hour is what clocks may differ.
    let soon = now() + SignedDuration::from_mins(30);
    assert_eq!(verdict(&by_witness(soon, soon, &list)), "valid");
    for (document, status) in [(ago(-48), ago(0)), (ago(0), ago(-48)), (ago(-24 * 365), ago(-24 * 365))] {
        expect(&by_witness(document, status, &list), "cannot_tell", &["stale"], &format!("{document}, {status}"));
    }
}

#[test]
fn the_newest_witness_counts() {
    let school = Signer::school();
    let witnessed = vec![
        witnessed("did_document", DID, &school.document(SCHOOL), ago(1)),
        witnessed("status_list", LIST, &school.list(false, &json!({})), ago(20)),
        witnessed("status_list", LIST, &school.list(true, &json!({})), ago(2)),
        witnessed("status_list", LIST, &school.list(false, &json!({})), ago(10)),
    ];
    let judged = judged(&opened(school.badge(), witnessed), &silence, &keys(), now());
    expect(&judged, "invalid", &["revoked"], "taken back two hours ago");
}

// ---- forged by the owner of the capsule -----------------------------------------------------------------------------------------

/// Every way to bring a document along that the page's own host did not witness, at that address, for that purpose. Each with the
/// keys that the host publishes then.
fn forgeries(purpose: &str, url: &str, body: &[u8]) -> Vec<(&'static str, Witnessed, Vec<PublishedKey>)> {
    let thief = HostKey::from_seed([8; 32]);
    let honest = || about(purpose, url, ago(1));
    let mut all = Vec::new();
    let mut add = |what, witnessed| all.push((what, witnessed, keys()));
    let bare = |statement| Witnessed { statement, body: String::from_utf8(body.to_vec()).expect("text") };
    add("nobody signed it", bare(honest()));
    add("nobody signed it, under the host's key", bare(Statement { key: keys()[0].key.clone(), ..honest() }));
    add("another host said so", signed(Statement { origin: "https://elders.example".into(), ..honest() }, body, &thief));
    add(
        "another host said so, with the own host's key",
        signed(Statement { origin: "https://elders.example".into(), ..honest() }, body, &host()),
    );
    add("a thief said so under the host's name", signed(honest(), body, &thief));
    let mut borrowed = signed(honest(), body, &thief);
    borrowed.statement.key = keys()[0].key.clone();
    add("a thief said so under the host's key", borrowed);
    let elsewhere = "https://school.example/uploads/did.json";
    add("an upload on the same domain", signed(about(purpose, elsewhere, ago(1)), body, &host()));
    let moved = Statement { requested: url.into(), ..about(purpose, elsewhere, ago(1)) };
    let mut renamed = signed(about(purpose, elsewhere, ago(1)), body, &host());
    renamed.statement.requested = url.to_owned();
    renamed.statement.final_url = url.to_owned();
    add("an upload under another address than was signed", renamed);
    let away = Statement { final_url: "https://thief.example/did.json".into(), ..moved };
    add("a redirect to another origin", signed(away, body, &host()));
    for other in ["issuer", "key_set", "assertion", "status_list", "did_document"].into_iter().filter(|other| *other != purpose) {
        add("fetched for another purpose", signed(about(other, url, ago(1)), body, &host()));
    }
    let mut another = signed(honest(), b"{}", &host());
    another.body = String::from_utf8(body.to_vec()).expect("text");
    add("said of another body", another);
    let mut younger = signed(about(purpose, url, ago(40 * 24)), body, &host());
    younger.statement.fetched_at = ago(1).as_second().unsigned_abs();
    add("made younger", younger);
    add("an answer that is none", signed(Statement { status: 500, ..honest() }, body, &host()));
    let by_host = || signed(honest(), body, &host());
    all.push(("by a key that the host revoked", by_host(), vec![PublishedKey { revoked: true, ..published(&host()) }]));
    let hour_ago = ago(1).as_second().unsigned_abs();
    all.push(("by a key after its time", by_host(), vec![PublishedKey { until: Some(hour_ago), ..published(&host()) }]));
    all.push(("by a key before its time", by_host(), vec![PublishedKey { from: hour_ago + 1, ..published(&host()) }]));
    all
}

#[test]
fn issuer_keys_that_the_owner_brings_along_prove_nothing() {
    let (school, thief) = (Signer::school(), Signer::thief());
    // The thief signs as the school. His document lists his key under the school's name.
    let (badge, theirs) = (thief.badge(), thief.document(SCHOOL));
    let list = || witnessed("status_list", LIST, &school.list(false, &json!({})), ago(1));
    // What would be believed if the host itself had said it: so the forgeries below fail for being forged.
    let if_true = judged(
        &opened(badge.clone(), vec![witnessed("did_document", DID, &theirs, ago(1))]),
        &web([(LIST, thief.list(false, &json!({})))]),
        &keys(),
        now(),
    );
    expect(&if_true, "valid", &[], "the control");
    for (what, forged, keys) in forgeries("did_document", DID, &theirs) {
        let opened = opened(badge.clone(), vec![forged, list()]);
        expect(&judged(&opened, &silence, &keys, now()), "cannot_tell", &["unreachable"], what);
        // With the school's own document to be had, it is known to be forged.
        let real = judged(&opened, &web([(DID, school.document(SCHOOL)), (LIST, school.list(false, &json!({})))]), &keys, now());
        expect(&real, "invalid", &["tampered"], what);
    }
}

#[test]
fn a_status_that_the_owner_brings_along_makes_nothing_better() {
    let school = Signer::school();
    // The school's own list, from before it took the badge back: its signature is good.
    let before = school.list(false, &json!({}));
    let document = || witnessed("did_document", DID, &school.document(SCHOOL), ago(1));
    let if_true = opened(school.badge(), vec![document(), witnessed("status_list", LIST, &before, ago(1))]);
    expect(&judged(&if_true, &silence, &keys(), now()), "valid", &[], "the control");
    for (what, forged, keys) in forgeries("status_list", LIST, &before) {
        let opened = opened(school.badge(), vec![document(), forged]);
        let relay = web([(DID, school.document(SCHOOL))]);
        expect(&judged(&opened, &relay, &keys, now()), "cannot_tell", &["status_unreachable"], what);
    }
}

#[test]
fn what_is_sealed_besides_badges_and_statements_is_no_capsule_of_ours() {
    let school = Signer::school();
    let mut portfolio = Portfolio::new("nl", "", "");
    portfolio.badges.push(SharedBadge { credential: school.badge(), show: Show::Front, address: None });
    portfolio.witnessed.push(witnessed("did_document", DID, &school.document(SCHOOL), now()));
    let body = serde_json::to_value(&portfolio).expect("JSON");
    open_json(&body).expect("as it is, it opens");
    for (at, value) in [
        ("/documents", json!([{"purpose": "did_document", "url": DID, "body": "{}"}])),
        ("/keys", json!(keys())),
        ("/verdict", json!("valid")),
        ("/badges/0/verdict", json!("valid")),
        ("/badges/0/picture", json!("data:image/png;base64,AAAA")),
        ("/badges/0/issuer_keys", json!({})),
        ("/witnessed/0/trusted", json!(true)),
        ("/witnessed/0/statement/trusted", json!(true)),
    ] {
        let (parent, name) = at.rsplit_once('/').expect("a pointer");
        let mut more = body.clone();
        more.pointer_mut(parent).expect("a place")[name] = value;
        assert_eq!(open_json(&more).map(|_| ()), Err("damaged".to_owned()), "{at}");
    }
    for (at, value) in [("/badges", json!([])), ("/badges/0/show", json!("none")), ("/witnessed/0/statement", json!(null))] {
        let mut other = body.clone();
        *other.pointer_mut(at).expect("a place") = value;
        assert_eq!(open_json(&other).map(|_| ()), Err("damaged".to_owned()), "{at}");
    }
    let mut newer = body;
    newer["v"] = json!(2);
    assert_eq!(open_json(&newer).map(|_| ()), Err("unknown_version".to_owned()));
}

/// Opens whatever JSON an owner sealed without our app.
fn open_json(body: &Value) -> Result<Opened, String> {
    let mut deflated = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    deflated.write_all(body.to_string().as_bytes()).expect("in memory");
    let link = Link::new();
    link.open(&link.seal(&deflated.finish().expect("in memory")), None)
}

// ---- taken back since -----------------------------------------------------------------------------------------------------------

#[test]
fn what_the_relay_answers_now_goes_before_a_witness_from_before_a_revocation() {
    let school = Signer::school();
    let witnessed = vec![
        witnessed("did_document", DID, &school.document(SCHOOL), ago(1)),
        witnessed("status_list", LIST, &school.list(false, &json!({})), ago(1)),
    ];
    let opened = opened(school.badge(), witnessed);
    expect(&judged(&opened, &silence, &keys(), now()), "valid", &[], "while nobody answers");
    let revoked = web([(LIST, school.list(true, &json!({})))]);
    expect(&judged(&opened, &revoked, &keys(), now()), "invalid", &["revoked"], "the list");
    // A list that is not there any more is news too: the old one does not stand in for it.
    let gone = |url: &str| (url == LIST).then(|| (404, Vec::new()));
    expect(&judged(&opened, &gone, &keys(), now()), "cannot_tell", &["status_unreachable"], "no list");
}

#[test]
fn a_hosted_badge_or_one_on_a_list_of_ids_that_is_taken_back_now_is_not_saved_by_a_witness() {
    let assertion = "https://gehost.example/assertions/hosted.json";
    let revoked = json!({"@context": "https://w3id.org/openbadges/v2", "id": assertion, "revoked": true});
    let id = BadgeBuilder::on(&issued().first("vcrl-good")).json()["id"].clone();
    let list = "https://koffieschool.example/revoked.json";
    let named = json!({"id": list, "issuer": "did:web:koffieschool.example", "revokedCredential": [{"id": id}]});
    for (name, url, status, body, because) in [
        ("hosted", assertion, 200, revoked.to_string(), "revoked"),
        ("hosted", assertion, 410, String::new(), "gone"),
        ("vcrl-good", list, 200, named.to_string(), "revoked"),
    ] {
        let opened = opened(text(name), witness_all(&text(name), issued(), ago(1)));
        expect(&judged(&opened, &silence, &keys(), now()), "valid", &[], name);
        let now_gone = |asked: &str| (asked == url).then(|| (status, body.clone().into_bytes()));
        expect(&judged(&opened, &now_gone, &keys(), now()), "invalid", &[because], name);
    }
}

#[test]
fn an_answer_from_another_origin_is_not_the_issuers() {
    let school = Signer::school();
    let opened = opened(school.badge(), Vec::new());
    let judge = |final_url: &str| -> Value {
        let documents = json!([
            {"purpose": "did_document", "url": DID, "answer": relayed(final_url, 200, &school.document(SCHOOL), now())},
            {"purpose": "status_list", "url": LIST, "answer": relayed(LIST, 200, &school.list(false, &json!({})), now())},
        ]);
        let judged = opened.judge(0, &documents.to_string(), "[]", HOST, "nl", millis(now())).expect("a judgement");
        serde_json::from_str(&judged).expect("JSON")
    };
    expect(&judge(DID), "valid", &[], "its own");
    for elsewhere in ["https://thief.example/did.json", "https://school.example:8443/.well-known/did.json", "data:,x", ""] {
        expect(&judge(elsewhere), "cannot_tell", &["unreachable"], elsewhere);
    }
}

// ---- neighbours on one host -----------------------------------------------------------------------------------------------------

/// Organisations that live on one platform, and badges in which one signs for its neighbour.
fn platform() -> Issued {
    let did = |path| json!({"kind": "did:web", "host": "platform.example", "path": path, "name": format!("{path} (fictief)")});
    let controller = |path| json!({"kind": "https", "host": "platform.example", "path": path, "controller": true, "keySet": false, "name": format!("{path} (fictief)")});
    let spec = json!({
        "issuers": {
            "a": did("a"), "b": did("b"), "uploads": did("uploads/42"),
            "https-a": controller("tenants/a"), "https-b": controller("tenants/b"),
            "set-a": {"kind": "https", "key": "P-256", "host": "sleutels.example", "path": "a", "entryIssuer": "https://sleutels.example/a", "name": "a (fictief)"},
            "set-b": {"kind": "https", "key": "P-256", "host": "sleutels.example", "path": "b", "published": false, "name": "b (fictief)"},
        },
        "badges": [
            {"name": "b", "issuer": "b", "suite": "eddsa-rdfc-2022"},
            {"name": "a-for-b", "issuer": "b", "key": "a", "suite": "eddsa-rdfc-2022"},
            {"name": "a-as-b", "issuer": "b", "key": "a", "suite": "eddsa-rdfc-2022", "method": "did:web:platform.example:b#key-1"},
            {"name": "a-for-b-jwt", "issuer": "b", "key": "a", "suite": "vc-jwt"},
            {"name": "upload", "issuer": "uploads", "suite": "eddsa-rdfc-2022"},
            {"name": "upload-for-b", "issuer": "b", "key": "uploads", "suite": "eddsa-rdfc-2022"},
            {"name": "https-b", "issuer": "https-b", "suite": "eddsa-rdfc-2022"},
            {"name": "https-a-for-b", "issuer": "https-b", "key": "https-a", "suite": "eddsa-rdfc-2022"},
            {"name": "https-a-as-b", "issuer": "https-b", "key": "https-a", "suite": "eddsa-rdfc-2022", "method": "https://platform.example/tenants/b#key-1"},
            {"name": "set-a", "issuer": "set-a", "suite": "vc-jwt"},
            {"name": "set-a-for-b", "issuer": "set-b", "key": "set-a", "suite": "vc-jwt"},
            {"name": "set-a-for-b-by-key", "issuer": "set-b", "key": "set-a", "suite": "vc-jwt", "kid": "jwk"},
        ],
    });
    Issued::from_spec(spec.to_string().as_bytes())
}

#[test]
fn the_key_of_one_neighbour_on_a_host_does_not_sign_for_another() {
    let set = platform();
    let web = web_of(&set);
    for (name, wanted, because) in [
        ("b", "valid", None),
        ("a-for-b", "invalid", Some("key_not_issuers")),
        ("a-as-b", "invalid", Some("tampered")),
        ("a-for-b-jwt", "invalid", Some("key_not_issuers")),
        ("upload-for-b", "invalid", Some("key_not_issuers")),
        ("https-b", "valid", None),
        ("https-a-for-b", "cannot_tell", Some("unreachable")),
        ("https-a-as-b", "invalid", Some("tampered")),
        ("set-a", "valid", None),
        ("set-a-for-b", "cannot_tell", Some("key_not_anchored")),
        ("set-a-for-b-by-key", "cannot_tell", Some("key_not_anchored")),
    ] {
        let credential = String::from_utf8(set.first(name)).expect("text");
        // By the relay, and by what the host witnessed of the same documents.
        let because: Vec<&str> = because.into_iter().collect();
        let relayed = judged(&opened(credential.clone(), Vec::new()), &web, &keys(), now());
        expect(&relayed, wanted, &because, name);
        let witnessed = judged(&opened(credential.clone(), witness_all(&credential, &set, ago(1))), &silence, &keys(), now());
        assert_eq!(verdict(&witnessed), wanted, "{name}: {witnessed:#}");
    }
    // Who may write in a folder speaks for that folder, and is told by it.
    let upload = opened(String::from_utf8(set.first("upload")).expect("text"), Vec::new());
    let upload = judged(&upload, &web, &keys(), now());
    let said = upload["badge"]["verification"]["text"].as_str().expect("a sentence");
    assert!(said.starts_with("Komt van platform.example/uploads/42, noemt zich "), "{said}");
}

// ---- what is seen ---------------------------------------------------------------------------------------------------------------

#[test]
fn the_sharers_words_hold_no_sign_that_could_be_a_verdict() {
    let mut portfolio = Portfolio::new("nl", "", "");
    portfolio.badges.push(SharedBadge { credential: text("key-eddsa"), show: Show::Front, address: None });
    let mut body = serde_json::to_value(&portfolio).expect("JSON");
    // Sealed by something else than our app, which cleans words before it seals them.
    body["title"] = json!("✅ Gecontroleerd ✓✔☑️🗸 \u{202e}neppank\u{202c} 🎓⭐");
    body["words"] = json!("❌✗✘❎× Echt\u{200b} en\u{2066} geldig √⍻\u{200f}\u{61c}\n\n\n\nIk schenk koffie.");
    body["language"] = json!("<b>");
    let about: Value = serde_json::from_str(&open_json(&body).expect("opened").about()).expect("JSON");
    assert_eq!(
        about,
        json!({"title": "Gecontroleerd neppank", "words": "Echt en geldig\n\nIk schenk koffie.", "language": "nl", "count": 1, "ends_at": null})
    );
    body["title"] = json!("é".repeat(500));
    body["words"] = json!("w".repeat(5_000));
    let about: Value = serde_json::from_str(&open_json(&body).expect("opened").about()).expect("JSON");
    let length = |name: &str| about[name].as_str().expect("text").chars().count();
    assert_eq!((length("title"), length("words")), (80, 400));
}

#[test]
fn a_picture_is_shown_from_the_signed_bytes_and_from_nowhere_else() {
    let school = Signer::school();
    let image = "/credentialSubject/achievement/image";
    let badge = |picture: Value| school.sign(BadgeBuilder::new().issuer(SCHOOL).with(image, picture).json());
    let picture = |credential: String| {
        let judged = judged(&opened(credential, Vec::new()), &web([(DID, school.document(SCHOOL))]), &keys(), now());
        expect(&judged, "valid", &[], "the badge itself");
        judged["badge"]["badge"]["picture"].clone()
    };
    let inside = format!("data:image/png;base64,{}", STANDARD.encode(b"\x89PNG\r\n\x1a\n"));
    assert_eq!(picture(badge(json!({"id": inside, "type": "Image"}))), json!(inside));
    // What is at an address can be swapped; scripts and pages are no pictures.
    for other in [
        "https://school.example/diploma.png".to_owned(),
        format!("data:text/html;base64,{}", STANDARD.encode("<script>")),
        "data:image/bmp;base64,AAAA".to_owned(),
    ] {
        assert_eq!(picture(badge(json!({"id": other, "type": "Image"}))), Value::Null, "{}", &other[..30]);
    }
    assert_eq!(picture(school.sign(BadgeBuilder::new().issuer(SCHOOL).json())), Value::Null);
    // A hosted badge's picture is at an address, and is not fetched for the page.
    let hosted = judged(&opened(text("hosted"), Vec::new()), &web_of(issued()), &keys(), now());
    expect(&hosted, "valid", &[], "hosted");
    assert_eq!(hosted["badge"]["badge"]["picture"], Value::Null);
    // A diploma that is put into a signed badge afterwards is a forgery.
    let forged = BadgeBuilder::on(&issued().first("key-eddsa")).with(image, json!({"id": inside, "type": "Image"})).bytes();
    let forged = judged(&opened(String::from_utf8(forged).expect("text"), Vec::new()), &silence, &keys(), now());
    expect(&forged, "invalid", &["tampered"], "a picture put in");
}

#[test]
fn a_picture_around_a_badge_is_no_badge_here() {
    // The badge as it is baked into a picture of anything: the picture is not what was signed.
    let diploma = issued().bytes("key-eddsa", "svg");
    let opened = opened(String::from_utf8(diploma).expect("an SVG is text"), Vec::new());
    assert_eq!(opened.judge(0, "[]", "[]", HOST, "nl", millis(now())), Err("not_a_badge".to_owned()));
}

#[test]
fn an_address_that_the_sharer_adds_counts_only_where_the_signed_hash_says_so() {
    for name in ["web-eddsa", "hosted", "signed", "key-eddsa"] {
        for (address, fits) in [
            (Some("noor@voorbeeld.example"), json!(true)),
            (Some("iemand@anders.example"), json!(false)),
            (Some(""), json!(false)),
            (None, Value::Null),
        ] {
            let address = address.map(str::to_owned);
            let badge = SharedBadge { credential: text(name), show: Show::Front, address: address.clone() };
            let judged = judged(&shared(badge, Vec::new()), &web_of(issued()), &keys(), now());
            let given_to = if fits == json!(true) { json!(address) } else { Value::Null };
            assert_eq!((&judged["address"], &judged["badge"]["given_to"]), (&fits, &given_to), "{name}: {address:?}");
            assert_eq!(judged["show"], "front");
        }
    }
    // Where the address is there to be read, the sharer's is not looked at.
    let badge = SharedBadge { credential: text("key-2020"), show: Show::Front, address: Some("iemand@anders.example".into()) };
    let judged = judged(&shared(badge, Vec::new()), &silence, &keys(), now());
    assert_eq!((&judged["address"], &judged["badge"]["given_to"]), (&Value::Null, &json!("noor@voorbeeld.example")));
}

#[test]
fn whoever_opens_a_link_reads_that_who_shows_it_is_not_checked() {
    let lines = [("nl", "Wie dit laat zien, is niet gecontroleerd."), ("en", "Who shows this was not checked.")];
    for name in ["web-eddsa", "key-eddsa", "revoked", "expired", "did-document-missing", "hosted"] {
        for address in [None, Some("noor@voorbeeld.example".to_owned())] {
            let badge = SharedBadge { credential: text(name), show: Show::Whole, address };
            // A link is stolen by copying it: there is nothing in it that tells its owner from a thief.
            let stolen = shared(badge, Vec::new());
            for (language, line) in lines {
                let judged = judged_in(language, &stolen, &web_of(issued()), &keys(), now());
                assert_eq!(judged["badge"]["holder_line"], line, "{name}");
            }
        }
    }
}

#[test]
fn the_signed_badge_is_given_as_it_is() {
    for (name, ending, media_type) in [("web-eddsa", "json", "application/json"), ("key-jwt", "jwt", "application/jwt")] {
        let original: Value = serde_json::from_str(&opened(text(name), Vec::new()).original(0).expect("a file")).expect("JSON");
        assert_eq!(original, json!({"name": format!("badge-1.{ending}"), "media_type": media_type, "text": text(name)}));
    }
    let opened = opened("geen badge", Vec::new());
    assert_eq!(opened.original(1), Err("not_a_badge".to_owned()));
    for index in [0, 1, usize::MAX] {
        assert_eq!(opened.judge(index, "[]", "[]", HOST, "nl", millis(now())), Err("not_a_badge".to_owned()));
    }
    for nonsense in ["", "{}", "[1]", r#"[{"purpose": "everything", "url": "x", "answer": null}]"#] {
        let judged = shared(SharedBadge { credential: text("web-eddsa"), show: Show::Front, address: None }, Vec::new());
        assert_eq!(judged.judge(0, nonsense, "[]", HOST, "nl", millis(now())), Err("damaged".to_owned()), "{nonsense}");
    }
}

// ---- every byte of a capsule ----------------------------------------------------------------------------------------------------

fn body() -> Vec<u8> {
    let mut portfolio = Portfolio::new("nl", "Mijn werk", "");
    portfolio.badges.push(SharedBadge { credential: text("key-eddsa"), show: Show::Front, address: None });
    portfolio.encode().expect("a body")
}

#[test]
fn a_change_to_any_part_of_a_capsule_is_told_by_one_of_few_codes() {
    let link = Link::new();
    let capsule = link.seal(&body());
    link.open(&capsule, None).expect("as it is, it opens");
    let length = capsule.len();
    // Where each part begins: see `capsule::seal`.
    for (part, places, code) in [
        ("magic", 0..4, "damaged"),
        ("suite", 4..5, "unknown_version"),
        ("salt", 6..38, "damaged"),
        ("id", 38..54, "damaged"),
        ("seq", 54..62, "damaged"),
        ("end", 62..70, "damaged"),
        ("manage key", 70..102, "damaged"),
        ("commitment", 102..HEADER, "damaged"),
        ("signature", HEADER..HEADER + 64, "damaged"),
        ("first of the ciphertext", HEADER + 64..HEADER + 80, "damaged"),
        ("middle of the ciphertext", length / 2..length / 2 + 16, "damaged"),
        ("tag", length - 16..length, "damaged"),
    ] {
        for place in places {
            for bit in [0x01, 0x80] {
                let mut changed = capsule.clone();
                changed[place] ^= bit;
                assert_eq!(link.open(&changed, None).map(|_| ()), Err(code.to_owned()), "{part}, byte {place}");
            }
        }
    }
    let mut flags = capsule.clone();
    flags[5] ^= 1;
    assert_eq!(link.open(&flags, None).map(|_| ()), Err("damaged".to_owned()), "a passcode that was not set");
    flags[5] ^= 2;
    assert_eq!(link.open(&flags, None).map(|_| ()), Err("unknown_version".to_owned()), "a flag of later");
    for shorter in [0, 1, HEADER - 1, HEADER, HEADER + 64, length / 2, length - 1] {
        assert_eq!(link.open(&capsule[..shorter], None).map(|_| ()), Err("damaged".to_owned()), "{shorter} bytes");
    }
    for longer in [vec![0; 1], vec![0; 4096], vec![0; MAX_CAPSULE]] {
        assert_eq!(link.open(&[capsule.clone(), longer].concat(), None).map(|_| ()), Err("damaged".to_owned()));
    }
    assert_eq!(link.open(b"<!doctype html><title>404</title>", None).map(|_| ()), Err("damaged".to_owned()));
    // Sealed by its owner, and not what a wallet seals.
    for nonsense in [&b""[..], b"{}", b"geen deflate"] {
        assert_eq!(link.open(&link.seal(nonsense), None).map(|_| ()), Err("damaged".to_owned()));
    }
}

#[test]
fn only_its_own_link_passcode_and_time_open_a_capsule() {
    let (link, other) = (Link::new(), Link::new());
    let capsule = link.seal(&body());
    let ((id, key), (other_id, other_key)) = (link.parts(), other.parts());
    let open = |id: &str, key: &str| Opened::open(&capsule, id, key, None, millis(now())).map(|_| ());
    assert_eq!(open(&id, &key), Ok(()));
    assert_eq!(open(&id, &other_key), Err("wrong_key".to_owned()));
    assert_eq!(open(&other_id, &key), Err("other_link".to_owned()));
    for (id, key) in [("", key.as_str()), (id.as_str(), ""), ("x", "y"), (&id[1..], &key), (&id, &key[1..])] {
        assert_eq!(open(id, key), Err("wrong_key".to_owned()), "{id} {key}");
    }

    let mut locked = Link::new();
    locked.passcode = Some(Passcode::derive("zes fietsen", &locked.key).expect("a passcode"));
    let capsule = locked.seal(&body());
    assert_eq!(locked.open(&capsule, None).map(|_| ()), Err("passcode_needed".to_owned()));
    assert_eq!(locked.open(&capsule, Some("zeven fietsen")).map(|_| ()), Err("wrong_passcode".to_owned()));
    locked.open(&capsule, Some(" zes fietsen ")).expect("the right one");
    let (_, key) = locked.parts();
    let shown = URL_SAFE_NO_PAD.encode(locked.passcode.as_ref().expect("a passcode").auth());
    assert_eq!(verifier_wasm::passcode_auth("zes fietsen", &key), shown);
    assert_eq!(verifier_wasm::passcode_auth("zes fietsen", "geen sleutel"), "");

    let mut brief = Link::new();
    let end = now() + SignedDuration::from_mins(15);
    brief.end = Some(end.as_second().unsigned_abs());
    let capsule = brief.seal(&body());
    let (id, key) = brief.parts();
    let at = |time: Timestamp| Opened::open(&capsule, &id, &key, None, millis(time));
    let about: Value = serde_json::from_str(&at(end - 1.second()).expect("until then").about()).expect("JSON");
    assert_eq!(about["ends_at"], end.to_string());
    for late in [end, end + 24.hours()] {
        assert_eq!(at(late).map(|_| ()), Err("ended".to_owned()), "{late}");
    }
}
