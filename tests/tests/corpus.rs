//! The public corpus, row by row: every row of this version's formats comes out as expected, and every other row is named as
//! what it waits for. Nothing is skipped silently: the rows of each group are counted.

use std::{collections::BTreeMap, fs, path::Path};

use open_badges::{
    Answer, CheckKind, Credential, ExtractError, Need, Outcome, Payload, Reason, Verdict, extract, json::parse_strict,
};
use serde_json::{Value, json};
use wallet_tests::{
    corpus::{Row, path, rows},
    judging::{Web, judge, now, outcome, reasons, trusting, verdict},
};

/// The did:web documents that the corpus holds; every other host is gone.
struct CorpusWeb<'a> {
    corpus: &'a Path,
}

impl Web for CorpusWeb<'_> {
    fn answer(&self, need: &Need) -> Answer {
        let prefix = "https://digitalcredentials.github.io/vc-test-fixtures/";
        let file = need.url.strip_prefix(prefix).map(|path| self.corpus.join("dcc-vc-test-fixtures").join(path));
        match file.and_then(|file| fs::read(file).ok()) {
            Some(body) => Answer::Document { final_url: need.url.clone(), body },
            None => Answer::Unreachable,
        }
    }
}

/// For a vector, whose issuer is an address that never existed: a controller document that lists the vector's own keys, so
/// that the judgement gets as far as the proof.
struct VectorWeb<'a> {
    credential: &'a Value,
}

impl Web for VectorWeb<'_> {
    fn answer(&self, need: &Need) -> Answer {
        let proofs = match &self.credential["proof"] {
            Value::Array(proofs) => proofs.clone(),
            proof => vec![proof.clone()],
        };
        let keys: Vec<Value> = proofs
            .iter()
            .filter_map(|proof| proof["verificationMethod"].as_str())
            .filter_map(|method| Some((method, method.split_once('#')?.1)))
            .map(|(method, key)| json!({"id": method, "type": "Multikey", "controller": need.url, "publicKeyMultibase": key}))
            .collect();
        let document = json!({"id": need.url, "verificationMethod": keys, "assertionMethod": keys});
        Answer::Document { final_url: need.url.clone(), body: document.to_string().into_bytes() }
    }
}

/// What came of a row: which group it belongs to, what was found, and what is wrong with that.
struct Result {
    group: &'static str,
    found: String,
    fault: Option<String>,
}

fn result(group: &'static str, found: impl Into<String>, fault: Option<String>) -> Result {
    Result { group, found: found.into(), fault }
}

#[test]
fn every_row_of_the_corpus_comes_out_as_expected() {
    let Some(corpus) = path() else { return };
    let rows = rows(&corpus);
    let mut groups: BTreeMap<&str, usize> = BTreeMap::new();
    let mut faults = Vec::new();
    println!("{:<24} {:<34} {:<50} file", "group", "found", "expected");
    for row in &rows {
        let result = look_at(row, &corpus);
        *groups.entry(result.group).or_default() += 1;
        println!(
            "{:<24} {:<34} {:<50} {}",
            result.group,
            result.found,
            row.expected.chars().take(48).collect::<String>(),
            row.file
        );
        if let Some(fault) = result.fault {
            faults.push(format!("{}: found {} where {} is expected ({fault})", row.file, result.found, row.expected));
        }
    }
    println!("{groups:#?}");
    assert!(faults.is_empty(), "{} rows:\n{}", faults.len(), faults.join("\n"));
    let expected = BTreeMap::from([
        ("badge", 91),
        ("data model", 120),
        ("image or instance", 5),
        ("jose", 11),
        ("later: CBOR", 7),
        ("later: SD-JWT", 8),
        ("later: openid4vc", 2),
        ("reference", 3),
        ("syntax", 1),
        ("syntax of images", 1),
        ("vector", 4),
        ("vector of a later suite", 6),
    ]);
    assert_eq!(groups, expected, "a row is new, or counted elsewhere");
    assert_eq!(rows.len(), expected.values().sum::<usize>());
}

fn look_at(row: &Row, corpus: &Path) -> Result {
    let file = row.file.as_str();
    match row.kind.as_str() {
        "badge, signed" => badge(row, corpus),
        "vector" => vector(file, corpus),
        "data model: syntax only, most are unsigned" => data_model(file, corpus),
        "data model and JOSE syntax" if file.contains("-suite/credential-cose-") || file.contains("-suite/presentation-cose-") => {
            result("later: CBOR", "not a badge here", never_valid(&corpus.join(file)))
        }
        "data model and JOSE syntax" if file.contains("sdjwt") => result("later: SD-JWT", "", never_valid(&corpus.join(file))),
        "data model and JOSE syntax" => jose(row, corpus),
        "image or instance: extraction" => image(file, corpus),
        "syntax: never crash" => syntax(corpus),
        "syntax: never crash, no badge inside" => images(corpus),
        // Compared in the crate open-badges, which bundles its contexts and canonicalises.
        "contexts, schemas, canonical forms" => result("reference", "see open-badges' own tests", None),
        "SD-JWT case" => result("later: SD-JWT", "", None),
        "protocol example" => result("later: openid4vc", "", None),
        other => result("unknown", other, Some("a kind that this test does not know".to_owned())),
    }
}

/// What a judgement over the corpus's own web says, with every issuer listed.
fn told(credential: &Credential, corpus: &Path) -> Told {
    told_over(credential, &CorpusWeb { corpus })
}

type Told = (Verdict, Vec<Reason>, Option<Outcome>);

fn told_over(credential: &Credential, web: &dyn Web) -> Told {
    let issuer = match &credential.json["issuer"] {
        Value::String(id) => id.clone(),
        issuer => issuer["id"].as_str().unwrap_or_default().to_owned(),
    };
    let judgement = judge(credential, trusting([issuer.as_str()]), web, now());
    (verdict(&judgement), reasons(&judgement), outcome(&judgement, CheckKind::Signature))
}

fn only(bytes: &[u8]) -> std::result::Result<Credential, ExtractError> {
    match extract(bytes)?.into_iter().next().map(|found| found.payload) {
        Some(Payload::Credential(credential)) => Ok(*credential),
        _ => Err(ExtractError::NotABadge),
    }
}

/// A whole badge is judged. A status list on a host that is gone makes it "cannot tell", whatever else is expected.
fn badge(row: &Row, corpus: &Path) -> Result {
    let group = "badge";
    let bytes = fs::read(corpus.join(&row.file)).expect("a corpus file");
    if bytes.iter().all(u8::is_ascii_whitespace) {
        let fault = extract(&bytes).is_ok().then(|| "an empty file is no badge".to_owned());
        return result(group, "an empty file", fault);
    }
    let credential = match only(&bytes) {
        Ok(credential) => credential,
        Err(error) => return result(group, error.to_string(), Some("it is a badge".to_owned())),
    };
    let (verdict, reasons, signature) = told(&credential, corpus);
    let found = format!("{verdict:?} {reasons:?}");
    let genuine = signature == Some(Outcome::Passed);
    let status_is_gone = !credential.json["credentialStatus"].is_null();
    let as_expected = if row.why.contains("peer proof: no") && !row.file.contains("badDidWeb") {
        // The file says "tampered", the peer refuses it, and the manifest's own column overlooks that.
        verdict == Verdict::Invalid
    } else if status_is_gone {
        verdict == Verdict::CannotTell && genuine && reasons.contains(&Reason::StatusUnreachable)
    } else if row.expected == "cannot_tell" {
        verdict == Verdict::CannotTell
    } else if row.expected == "valid or attention" {
        genuine && matches!(verdict, Verdict::Valid | Verdict::Attention)
    } else {
        // Invalid, or genuine and only out of its dates.
        let dates_only =
            reasons.iter().all(|reason| matches!(reason, Reason::Expired | Reason::NotYetValid | Reason::NotConforming));
        verdict == Verdict::Invalid || (verdict == Verdict::Attention && genuine && dates_only)
    };
    result(group, found, (!as_expected).then(|| row.why.clone()))
}

/// W3C's vectors: the proof's outcome counts, because several have an issuer that is not the key's controller.
fn vector(pattern: &str, corpus: &Path) -> Result {
    let (group, folders): (_, &[&str]) = match pattern.split('/').nth(1).unwrap_or_default() {
        "eddsa-rdfc-2022" => ("vector", &["w3c-vc-di-eddsa/eddsa-rdfc-2022"]),
        "Ed25519Signature2020" => ("vector", &["w3c-vc-di-eddsa/Ed25519Signature2020"]),
        "proof-set-chain" => ("vector", &["w3c-vc-di-eddsa/proof-set-chain"]),
        "ecdsa-rdfc-2019-p256|p384" => {
            ("vector", &["w3c-vc-di-ecdsa/ecdsa-rdfc-2019-p256", "w3c-vc-di-ecdsa/ecdsa-rdfc-2019-p384"])
        }
        "eddsa-jcs-2022" => ("vector of a later suite", &["w3c-vc-di-eddsa/eddsa-jcs-2022"]),
        "ecdsa-jcs-2019-*" => {
            ("vector of a later suite", &["w3c-vc-di-ecdsa/ecdsa-jcs-2019-p256", "w3c-vc-di-ecdsa/ecdsa-jcs-2019-p384"])
        }
        "ecdsa-sd-2023" => ("vector of a later suite", &["w3c-vc-di-ecdsa/ecdsa-sd-2023"]),
        _ if pattern.starts_with("w3c-vc-di-bbs/") => ("vector of a later suite", &["w3c-vc-di-bbs"]),
        _ => return result("unknown", "", Some("a vector that this test does not know".to_owned())),
    };
    let later = group != "vector";
    let signed = |path: &Path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with("signed") || name == "derivedRevealDocument.json" || name == "addSignedSDBase.json"
    };
    let files: Vec<_> = folders.iter().flat_map(|folder| all_files(&corpus.join(folder))).filter(|path| signed(path)).collect();
    let mut fault = files.is_empty().then(|| "no such vectors".to_owned());
    let mut found = Vec::new();
    for path in &files {
        let (verdict, reasons, signature) = match only(&fs::read(path).expect("a vector")) {
            Ok(credential) => told_over(&credential, &VectorWeb { credential: &credential.json }),
            Err(error) => {
                fault = Some(format!("{}: {error}", path.display()));
                continue;
            }
        };
        let name = path.strip_prefix(corpus).unwrap_or(path).display().to_string();
        let unknown_context = reasons.contains(&Reason::UnknownContext);
        let good = if later {
            verdict == Verdict::CannotTell && (reasons.contains(&Reason::UnsupportedSuite) || unknown_context)
        } else {
            // The employment document states another DID than its key's.
            let another_key = reasons.contains(&Reason::KeyNotIssuers);
            signature == Some(Outcome::Passed) || (name.contains("employ") && another_key)
        };
        found.push(if later {
            "unsupported"
        } else if signature == Some(Outcome::Passed) {
            "proof holds"
        } else {
            "not the issuer's key"
        });
        if !good {
            fault = Some(format!("{name}: {verdict:?} {reasons:?} {signature:?}"));
        }
    }
    result(group, found.join(", "), fault)
}

/// Unsigned credentials and presentations of the data model: read without a panic, and never valid.
fn data_model(file: &str, corpus: &Path) -> Result {
    result("data model", "read", never_valid(&corpus.join(file)))
}

fn never_valid(path: &Path) -> Option<String> {
    let bytes = fs::read(path).expect("a corpus file");
    let credential = only(&bytes).ok()?;
    let (verdict, reasons, _) = told(&credential, Path::new("/nonexistent"));
    (verdict == Verdict::Valid).then(|| format!("valid without a proof: {reasons:?}"))
}

/// JOSE by VC-JOSE-COSE. Its keys are nowhere to be fetched, so the good ones cannot be told, and the bad ones are never good.
fn jose(row: &Row, corpus: &Path) -> Result {
    let group = "jose";
    let bytes = fs::read(corpus.join(&row.file)).expect("a corpus file");
    let credential = only(&bytes);
    let presentation = row.file.starts_with("w3c-jose-cose-suite/presentation");
    match credential {
        Ok(credential) => {
            let (verdict, reasons, _) = told(&credential, corpus);
            let good = !matches!(verdict, Verdict::Valid | Verdict::Attention);
            result(group, format!("{verdict:?}"), (!good).then(|| format!("{reasons:?}")))
        }
        Err(error) => {
            let wrong = row.expected == "valid or attention" && !presentation;
            result(group, error.to_string(), wrong.then(|| "it is a credential".to_owned()))
        }
    }
}

/// Baked images and old instances.
fn image(pattern: &str, corpus: &Path) -> Result {
    let group = "image or instance";
    let read = |path: &str| fs::read(corpus.join(path)).expect("a corpus file");
    let mut faults = Vec::new();
    let mut expect = |path: &str, wanted: bool| {
        let found = extract(&read(path));
        if found.is_ok() != wanted {
            faults.push(format!("{path}: {found:?}"));
        }
    };
    match pattern {
        "badgr-server/backpack/tests/testfiles/0_5_*,1_0_*,2_0_*" => {
            let folder = "badgr-server/backpack/tests/testfiles";
            for (name, wanted) in [
                ("0_5_basic_instance.json", true),
                ("1_0_basic_instance.json", true),
                ("1_0_basic_instance2.json", true),
                ("1_0_basic_instance3.json", true),
                ("1_0_basic_instance_with_bad_date.json", true),
                ("2_0_assertion_embedded_badgeclass.json", true),
                // Without its BadgeClass it is read, and never valid.
                ("1_0_basic_instance_missing_badge_prop.json", true),
                ("1_0_basic_issuer_invalid_json.json", false),
            ] {
                expect(&format!("{folder}/{name}"), wanted);
                if let Some(fault) = never_valid(&corpus.join(folder).join(name)) {
                    return result(group, name, Some(fault));
                }
            }
        }
        "badgr-server/backpack/tests/testfiles/baked_image.png" => expect(pattern, true),
        "badgr-server/issuer/testfiles/hacked-svg-with-embedded-script-tags.svg" => expect(pattern, false),
        "concentricsky-bakery/testfiles/{baked_heart.png,baked_example.svg}" => {
            for name in ["baked_heart.png", "baked_example.svg"] {
                expect(&format!("concentricsky-bakery/testfiles/{name}"), true);
            }
            for name in ["public_domain_heart.png", "unbaked_example.svg"] {
                expect(&format!("concentricsky-bakery/testfiles/{name}"), false);
            }
        }
        "mozilla-bakery/test/{baked.svg,bad-json.svg,no-json.svg,unbaked.*}" => {
            for (name, wanted) in [
                ("baked.svg", true),
                ("bad-json.svg", false),
                ("no-json.svg", false),
                ("unbaked.svg", false),
                ("unbaked.png", false),
            ] {
                expect(&format!("mozilla-bakery/test/{name}"), wanted);
            }
        }
        _ => faults.push("a pattern that this test does not know".to_owned()),
    }
    result(group, "extracted", (!faults.is_empty()).then(|| faults.join("\n")))
}

/// JSON's own test suite: `y` is read, `n` is refused, `i` is either; nothing panics.
fn syntax(corpus: &Path) -> Result {
    let mut faults = Vec::new();
    let mut count = 0;
    for path in all_files(&corpus.join("json-test-suite/test_parsing")) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = fs::read(&path).expect("a corpus file");
        count += 1;
        let read = parse_strict(&bytes);
        // Stricter than JSON on purpose: no honest badge names a member twice.
        let stricter = name.contains("duplicated_key");
        match name.as_bytes()[0] {
            b'y' if read.is_err() && !stricter => faults.push(format!("{name}: {read:?}")),
            b'n' if read.is_ok() => faults.push(format!("{name} was read")),
            _ => {}
        }
        let _ = extract(&bytes);
    }
    if count < 300 {
        faults.push(format!("only {count} files"));
    }
    result("syntax", format!("{count} files"), (!faults.is_empty()).then(|| faults.join("\n")))
}

/// Pictures without a badge, some of them corrupt: an error, never a panic.
fn images(corpus: &Path) -> Result {
    let files: Vec<_> =
        all_files(&corpus.join("image-png")).into_iter().filter(|path| path.extension().is_some_and(|end| end == "png")).collect();
    let wrong: Vec<String> = files
        .iter()
        .filter(|path| extract(&fs::read(path).expect("a corpus file")).is_ok())
        .map(|path| path.display().to_string())
        .collect();
    let fault = (!wrong.is_empty() || files.len() < 100).then(|| format!("{} files, badges in {wrong:?}", files.len()));
    result("syntax of images", format!("{} files", files.len()), fault)
}

fn all_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a corpus folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}
