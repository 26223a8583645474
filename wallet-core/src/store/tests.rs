use open_badges::{Answer, Container, Fetched, Judgement, Known, Need, Purpose};

use super::*;
use crate::{
    store::{
        credentials::{Index, Original},
        history::Action,
        pictures::Picture,
    },
    view::Sort,
};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + seconds).unwrap()
}

fn key() -> Secret {
    Secret::from_slice(&[7; 32]).unwrap()
}

fn store() -> (tempfile::TempDir, Store) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&dir.path().join("wallet.db"), &key(), true).unwrap();
    (dir, store)
}

fn index(name: &str, issuer: &str) -> Index {
    Index {
        content_id: format!("hash of {name}"),
        equality: Some(format!("urn:{name}")),
        issuer_id: format!("did:web:{issuer}.example"),
        name: name.to_owned(),
        issuer: issuer.to_owned(),
        language: Some("nl".to_owned()),
        description: "Je zet koffie.".to_owned(),
        skills: "Koffie bereiden".to_owned(),
        issued_at: None,
        expires_at: None,
        mine: None,
        retry: false,
        judgement: Judgement {
            checks: Vec::new(),
            missing: Vec::new(),
            known: Known::Unknown,
            domain: None,
            proof: None,
            checked_at: at(0),
        },
    }
}

fn original(bytes: &[u8]) -> Original {
    Original {
        container: Container::Json,
        source_url: None,
        file_name: "badge.json".to_owned(),
        file_type: Some("application/json".to_owned()),
        bytes: bytes.to_vec(),
        file: None,
    }
}

fn add(store: &Store, id: &str, name: &str, issuer: &str, added: i64) -> i64 {
    store.write(|t| credentials::insert(t, id, &index(name, issuer), &original(name.as_bytes()), at(added))).unwrap()
}

fn names(store: &Store, search: Option<&str>, sort: Sort) -> Vec<String> {
    let (tiles, total) = store.read(|c| credentials::page(c, search, sort, 0, 60)).unwrap();
    assert_eq!(tiles.len() as u32, total);
    tiles.into_iter().map(|t| t.name).collect()
}

#[test]
fn the_schema_does_not_change_by_accident() {
    let (_dir, store) = store();
    let schema = store
        .read(|c| {
            let mut statement =
                c.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'search_%' AND name NOT LIKE 'activity_search_%' ORDER BY type, name")?;
            let rows = statement.query_map([], |r| r.get::<_, String>(0))?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?.join("\n"))
        })
        .unwrap();
    insta::assert_snapshot!(schema);
}

#[test]
fn the_database_is_what_the_design_asks() {
    let (_dir, store) = store();
    let pragma = |name: &str| {
        store.read(|c| Ok(c.query_row(&format!("PRAGMA {name}"), [], |r| r.get::<_, rusqlite::types::Value>(0))?)).unwrap()
    };
    let text = |name| match pragma(name) {
        rusqlite::types::Value::Text(t) => t,
        rusqlite::types::Value::Integer(i) => i.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(text("journal_mode"), "wal");
    assert_eq!(text("synchronous"), "2");
    assert_eq!(text("foreign_keys"), "1");
    assert_eq!(text("secure_delete"), "1");
    assert_eq!(text("cipher_memory_security"), "1");
    assert_eq!(text("user_version"), USER_VERSION.to_string());
    assert!(!text("cipher_version").is_empty());
}

#[test]
fn another_key_opens_nothing() {
    let (dir, store) = store();
    drop(store);
    let other = Secret::from_slice(&[8; 32]).unwrap();
    let error = Store::open(&dir.path().join("wallet.db"), &other, false).unwrap_err();
    assert_eq!(crate::Error::from(error).code, ErrorCode::WalletDamaged);
}

#[test]
fn a_database_that_is_not_there_is_not_made() {
    let dir = tempfile::tempdir().unwrap();
    assert!(Store::open(&dir.path().join("wallet.db"), &key(), false).is_err());
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_newer_database_that_still_serves_this_reader_opens() {
    let (dir, store) = store();
    store.write(|t| Ok(t.pragma_update(None, "user_version", USER_VERSION + 1)?)).unwrap();
    drop(store);
    Store::open(&dir.path().join("wallet.db"), &key(), false).unwrap();
}

#[test]
fn a_database_of_every_earlier_version_is_brought_up_to_date_and_keeps_everything() {
    for version in 1..USER_VERSION {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("wallet.db");
        // As the app of that version made and filled it.
        let older = Connection::open(&path).unwrap();
        unlock(&older, &key()).unwrap();
        for migration in &MIGRATIONS[..version as usize] {
            older.execute_batch(migration.sql).unwrap();
        }
        older.execute("UPDATE meta SET min_reader = 1", []).unwrap();
        older.pragma_update(None, "user_version", version).unwrap();
        let badge = credentials::insert(&older, "1", &index("Barista", "Koffieschool"), &original(b"bytes"), at(0)).unwrap();
        history::add(&older, at(1), Action::Added, "1", "Barista").unwrap();
        settings::put(&older, "language", &crate::view::Language::En).unwrap();
        identities::add(&older, "noor@voorbeeld.example", at(0)).unwrap();
        drop(older);

        let store = Store::open(&path, &key(), false).unwrap();
        assert_eq!(store.read(user_version).unwrap(), USER_VERSION, "from {version}");
        assert_eq!(names(&store, Some("bari"), Sort::Newest), ["Barista"], "from {version}");
        assert_eq!(store.read(|c| credentials::original(c, badge)).unwrap().bytes, b"bytes");
        assert_eq!(store.read(|c| history::page(c, 0, 10)).unwrap().len(), 1);
        assert_eq!(store.read(|c| settings::get(c, "language")).unwrap(), Some(crate::view::Language::En));
        assert_eq!(store.read(identities::all).unwrap().len(), 1);
        // What is new is there and empty, and what each badge is one of is made when it is asked for.
        assert_eq!(store.read(achievements::missing).unwrap(), ["1"], "from {version}");
        assert!(store.read(cities::all).unwrap().is_empty() && store.read(claims::all).unwrap().is_empty());
        assert_eq!(store.read(|c| store.offers(c, at(0))).unwrap().all, 0);
        // And once more changes nothing.
        drop(store);
        assert_eq!(names(&Store::open(&path, &key(), false).unwrap(), None, Sort::Newest), ["Barista"]);
    }
}

#[test]
fn what_a_badge_is_one_of_follows_the_badge() {
    let (_dir, store) = store();
    let key = add(&store, "1", "Barista", "Koffieschool", 1);
    assert_eq!(store.read(achievements::missing).unwrap(), ["1"]);
    let of = achievements::Achievement {
        class: Some("https://koffieschool.example/classes/1".to_owned()),
        title: "Barista".to_owned(),
        name: "barista".to_owned(),
        issuer: "koffieschool".to_owned(),
        skills: vec!["koffie bereiden".to_owned()],
    };
    store.write(|t| achievements::put(t, key, "hash of Barista", &of)).unwrap();
    assert!(store.read(achievements::missing).unwrap().is_empty());
    assert_eq!(store.read(achievements::all).unwrap(), [("1".to_owned(), of.clone())]);
    // Other bytes: made anew. Removed: gone, and back when it is.
    store.write(|t| achievements::put(t, key, "hash of something else", &of)).unwrap();
    assert_eq!(store.read(achievements::missing).unwrap(), ["1"]);
    store.write(|t| credentials::remove(t, key, at(2))).unwrap();
    assert!(store.read(achievements::missing).unwrap().is_empty() && store.read(achievements::all).unwrap().is_empty());
    store.write(|t| credentials::restore(t, "1")).unwrap();
    assert_eq!(store.read(achievements::all).unwrap().len(), 1);
}

#[test]
fn answered_claims_give_way_and_those_that_wait_never_do() {
    use crate::view::ClaimState;
    let (_dir, store) = store();
    let claim = |number: i64, state| claims::Claim {
        id: format!("{number:04}"),
        city: "https://utrecht.example".to_owned(),
        name: "Utrecht".to_owned(),
        code: format!("code{number}"),
        at: at(number),
        state,
        outcome: None,
        problem: Some(ErrorCode::CityBusy),
    };
    let put = |number, state| store.write(|t| claims::put(t, &claim(number, state))).unwrap();
    for (number, state) in [(0, ClaimState::Queued), (1, ClaimState::Browser), (2, ClaimState::Failed)] {
        put(number, state);
    }
    for number in 3..300 {
        put(number, ClaimState::Done);
    }
    let all = store.read(claims::all).unwrap();
    assert_eq!(all.len(), 203);
    assert_eq!((all[0].id.as_str(), all[202].id.as_str()), ("0299", "0000"), "newest first");
    assert_eq!(all[0].problem, Some(ErrorCode::CityBusy));
    let open = |code: &str| store.read(|c| claims::open(c, "https://utrecht.example", code)).unwrap().map(|claim| claim.id);
    assert_eq!((open("code0").as_deref(), open("code299"), open("code77")), (Some("0000"), None, None));
    assert!(store.read(|c| claims::open(c, "https://elders.example", "code0")).unwrap().is_none());
    store.write(|t| claims::remove(t, "0000")).unwrap();
    assert_eq!(open("code0"), None);
}

#[test]
fn a_city_keeps_its_place_and_what_it_was_when_it_is_known_better() {
    let (_dir, store) = store();
    let city = |name: &str| crate::activity::City {
        origin: url::Url::parse(&format!("https://{name}.example")).unwrap(),
        name: name.to_owned(),
        source: crate::activity::Source::Feed { url: url::Url::parse(&format!("https://{name}.example/feed")).unwrap() },
        fictitious: false,
        centre: None,
        districts: Vec::new(),
        claim: None,
        lacks: Vec::new(),
    };
    let id = |name: &str| format!("https://{name}.example");
    for name in ["utrecht", "breda"] {
        store.write(|t| cities::put(t, &id(name), &city(name), at(0))).unwrap();
    }
    store.write(|t| cities::refreshed(t, &id("utrecht"), Some(at(1)), at(1))).unwrap();
    store.write(|t| cities::signed_in(t, &id("utrecht"), Some("Noor"))).unwrap();
    store.write(|t| cities::failed(t, &id("utrecht"), ErrorCode::CityBusy)).unwrap();
    let named = crate::activity::City { name: "Utrecht, beter bekend".to_owned(), ..city("utrecht") };
    store.write(|t| cities::put(t, &id("utrecht"), &named, at(2))).unwrap();
    let all = store.read(cities::all).unwrap();
    assert_eq!(all.iter().map(|city| city.city.name.as_str()).collect::<Vec<_>>(), ["Utrecht, beter bekend", "breda"]);
    let utrecht = &all[0];
    assert_eq!((utrecht.refreshed_at, utrecht.swept_at), (Some(at(1)), Some(at(1))));
    assert_eq!((utrecht.problem, utrecht.signed_in.as_deref()), (Some(ErrorCode::CityBusy), Some("Noor")));
    store.write(|t| cities::refreshed(t, &id("utrecht"), Some(at(1)), at(3))).unwrap();
    let utrecht = store.read(|c| cities::by_id(c, &id("utrecht"))).unwrap();
    assert_eq!((utrecht.refreshed_at, utrecht.swept_at, utrecht.problem), (Some(at(3)), Some(at(1)), None));
    // A code of a newer app is still a problem.
    store.write(|t| Ok(t.execute("UPDATE cities SET problem = 'of_tomorrow'", [])?)).unwrap();
    assert_eq!(store.read(|c| cities::by_id(c, &id("breda"))).unwrap().problem, Some(ErrorCode::CityOdd));
    store.write(|t| cities::remove(t, &id("utrecht"))).unwrap();
    assert!(matches!(store.read(|c| cities::by_id(c, &id("utrecht"))), Err(StoreError::NotFound)));
}

#[test]
fn a_failed_transaction_leaves_nothing() {
    let (_dir, store) = store();
    let failed: Result<(), StoreError> = store.write(|t| {
        credentials::insert(t, "1", &index("Barista", "Koffieschool"), &original(b"x"), at(0))?;
        Err(StoreError::NotFound)
    });
    assert!(failed.is_err());
    assert_eq!(store.read(credentials::count).unwrap(), 0);
}

#[test]
fn every_word_is_searched_by_its_beginning_over_all_texts() {
    let (_dir, store) = store();
    add(&store, "1", "Barista", "Koffieschool Domstad", 1);
    add(&store, "2", "Zonnepanelen leggen", "Zonnewerk", 2);
    add(&store, "3", "Café-gastheer", "Koffieschool Domstad", 3);
    assert_eq!(names(&store, Some("bar"), Sort::Newest), ["Barista"]);
    assert_eq!(names(&store, Some("BARISTA koffies"), Sort::Newest), ["Barista"]);
    assert_eq!(names(&store, Some("cafe"), Sort::Newest), ["Café-gastheer"]);
    assert_eq!(names(&store, Some("café"), Sort::Newest), ["Café-gastheer"]);
    assert_eq!(names(&store, Some("domstad"), Sort::Name), ["Barista", "Café-gastheer"]);
    assert_eq!(names(&store, Some("barista zonnewerk"), Sort::Name), Vec::<String>::new());
    for all in ["", "   ", "\"", "*", "- ^"] {
        assert_eq!(names(&store, Some(all), Sort::Newest).len(), 3, "{all}");
    }
    for odd in ["bar\"", "name:bar", "NOT", "a AND", "(bar", "b*r", "NEAR(a b)", "o'neill"] {
        names(&store, Some(odd), Sort::Newest);
    }
}

#[test]
fn the_list_is_sorted_and_comes_in_pages() {
    let (_dir, store) = store();
    add(&store, "1", "boom", "Zagerij", 1);
    add(&store, "2", "Aap", "zagerij", 2);
    add(&store, "3", "Citroen", "Fruithal", 3);
    assert_eq!(names(&store, None, Sort::Newest), ["Citroen", "Aap", "boom"]);
    assert_eq!(names(&store, None, Sort::Name), ["Aap", "boom", "Citroen"]);
    assert_eq!(names(&store, None, Sort::Issuer), ["Citroen", "Aap", "boom"]);
    let (tiles, total) = store.read(|c| credentials::page(c, None, Sort::Name, 1, 1)).unwrap();
    assert_eq!((tiles[0].name.as_str(), tiles.len(), total), ("boom", 1, 3));
}

#[test]
fn a_removed_badge_is_gone_at_once_and_comes_back_until_it_is_purged() {
    let (_dir, store) = store();
    let key = add(&store, "1", "Barista", "Koffieschool", 1);
    store.write(|t| credentials::remove(t, key, at(10))).unwrap();
    assert_eq!(names(&store, None, Sort::Newest).len() + names(&store, Some("barista"), Sort::Newest).len(), 0);
    assert!(matches!(store.read(|c| credentials::by_id(c, "1")), Err(StoreError::NotFound)));

    store.write(|t| credentials::purge(t, at(9))).unwrap();
    store.write(|t| credentials::restore(t, "1")).unwrap();
    assert_eq!(names(&store, Some("barista"), Sort::Newest), ["Barista"]);
    assert!(matches!(store.write(|t| credentials::restore(t, "1")), Err(StoreError::NotFound)));

    store.write(|t| credentials::remove(t, key, at(10))).unwrap();
    store.write(|t| credentials::purge(t, at(10))).unwrap();
    assert!(matches!(store.write(|t| credentials::restore(t, "1")), Err(StoreError::NotFound)));
    let originals: u32 = store.read(|c| Ok(c.query_row("SELECT count(*) FROM originals", [], |r| r.get(0))?)).unwrap();
    assert_eq!(originals, 0);
}

#[test]
fn a_removed_badge_can_be_added_again() {
    let (_dir, store) = store();
    let key = add(&store, "1", "Barista", "Koffieschool", 1);
    store.write(|t| credentials::remove(t, key, at(2))).unwrap();
    add(&store, "2", "Barista", "Koffieschool", 3);
    assert_eq!(names(&store, None, Sort::Newest), ["Barista"]);
}

#[test]
fn the_bytes_and_the_file_come_out_as_they_went_in() {
    let (_dir, store) = store();
    let (bytes, file) = (b"{ \"a\" : 1 }".to_vec(), b"\x89PNG with it".to_vec());
    let whole = Original { container: Container::Png, file: Some(file.clone()), ..original(&bytes) };
    let key = store.write(|t| credentials::insert(t, "1", &index("Barista", "K"), &whole, at(0))).unwrap();
    let out = store.read(|c| credentials::original(c, key)).unwrap();
    assert_eq!((out.bytes.as_slice(), out.file(), out.container), (bytes.as_slice(), file.as_slice(), Container::Png));
}

#[test]
fn silence_replaces_no_document_and_a_lost_one_keeps_its_last_body() {
    let (_dir, store) = store();
    let key = add(&store, "1", "Barista", "Koffieschool", 1);
    let need = Need { purpose: Purpose::Issuer, url: "https://koffieschool.example/issuer".to_owned() };
    let document = Answer::Document { final_url: need.url.clone(), body: b"{}".to_vec() };
    let put = |answer: &Answer, t: i64| {
        let fetched = Fetched { answer: answer.clone(), fetched_at: at(t) };
        store.write(|tx| documents::put(tx, key, &need, &fetched)).unwrap();
        let mut of = store.read(|c| documents::of(c, key)).unwrap();
        assert_eq!(of.len(), 1);
        of.remove(0)
    };
    assert_eq!(put(&document, 1).latest, Fetched { answer: document.clone(), fetched_at: at(1) });
    assert_eq!(put(&Answer::Unreachable, 2).latest.fetched_at, at(1));
    assert_eq!(put(&Answer::NotAsked, 2).latest.answer, document);
    let lost = put(&Answer::NotFound, 3);
    assert_eq!(lost.latest, Fetched { answer: Answer::NotFound, fetched_at: at(3) });
    assert_eq!(lost.last_body, Some(Fetched { answer: document.clone(), fetched_at: at(1) }));
    assert_eq!(put(&document, 2).latest.answer, Answer::NotFound, "an older answer does not replace a newer one");
    assert!(store.read(|c| documents::find(c, &need)).unwrap().is_some());
}

#[test]
fn a_picture_arrives_once_and_only_where_it_is_wanted() {
    let (_dir, store) = store();
    let key = add(&store, "1", "Barista", "Koffieschool", 1);
    let url = "https://koffieschool.example/barista.png";
    let here = Picture::Here { thumbnail: b"small".to_vec(), large: b"large".to_vec() };
    assert!(!store.write(|t| pictures::arrived(t, key, url, &here)).unwrap());
    store.write(|t| pictures::put(t, key, &Picture::Wanted(url.to_owned()))).unwrap();
    assert_eq!(store.read(pictures::wanted).unwrap(), [(key, url.to_owned())]);
    assert!(store.write(|t| pictures::arrived(t, key, url, &here)).unwrap());
    assert!(store.read(pictures::wanted).unwrap().is_empty());
    assert_eq!(store.read(|c| pictures::large(c, key)).unwrap().as_deref(), Some(&b"large"[..]));
}

#[test]
fn history_keeps_the_name_and_forgets_a_badge_that_is_gone() {
    let (_dir, store) = store();
    let key = add(&store, "1", "Barista", "Koffieschool", 1);
    store.write(|t| history::add(t, at(1), Action::Added, "1", "Barista")).unwrap();
    store.write(|t| history::add(t, at(2), Action::Shown, "1", "Barista")).unwrap();
    let lines = store.read(|c| history::page(c, 0, 10)).unwrap();
    assert_eq!(
        lines.iter().map(|l| (l.action.as_str(), l.badge.as_deref())).collect::<Vec<_>>(),
        [("shown", Some("1")), ("added", Some("1"))]
    );
    store.write(|t| credentials::remove(t, key, at(3))).unwrap();
    let lines = store.read(|c| history::page(c, 1, 10)).unwrap();
    assert_eq!((lines.len(), lines[0].badge.as_deref(), lines[0].name.as_str()), (1, None, "Barista"));
}

#[test]
fn a_full_disk_and_a_read_only_one_are_said_to_be_so() {
    for kind in [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded, io::ErrorKind::ReadOnlyFilesystem] {
        assert_eq!(crate::Error::from(StoreError::Io(kind.into())).code, ErrorCode::DiskFull);
    }
    let full = rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL), None);
    assert_eq!(crate::Error::from(StoreError::Sqlite(full)).code, ErrorCode::DiskFull);
}

#[test]
fn a_database_that_may_not_grow_says_disk_full_and_keeps_what_it_has() {
    let (_dir, store) = store();
    add(&store, "1", "Barista", "Koffieschool", 1);
    store.read(|c| Ok(c.execute_batch("PRAGMA max_page_count = 1")?)).unwrap();
    let big = original(&vec![7; 3_000_000]);
    let error = store.write(|t| credentials::insert(t, "2", &index("Groot", "K"), &big, at(2))).unwrap_err();
    assert_eq!(crate::Error::from(error).code, ErrorCode::DiskFull);
    assert_eq!(names(&store, None, Sort::Newest), ["Barista"]);
}

#[test]
fn settings_of_a_newer_version_are_as_if_never_set() {
    let (_dir, store) = store();
    store.write(|t| settings::put(t, "language", &"fy")).unwrap();
    assert_eq!(store.read(|c| settings::get::<crate::view::Language>(c, "language")).unwrap(), None);
}
