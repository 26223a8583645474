//! Journeys over the real program: the main one, every kind of bad input, and ends that nobody chose.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may stop there")]

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

#[path = "common/answer.rs"]
mod answer;
#[path = "common/world.rs"]
mod world;
use answer::{answer, error_of};
use world::World;

const NOW: &str = "2026-11-23T12:00:00Z";
const PROGRAM: &str = env!("CARGO_BIN_EXE_badge-wallet");

/// The web is the demo's.
impl World {
    /// Runs over the wallet in `home`, with a web or `--offline` as said.
    fn command(&self, home: &str, network: &[&str], arguments: &[&str]) -> Command {
        let mut command = self.over(home);
        command.args(["--json", "--lang", "en", "--now", NOW]).args(network).args(arguments);
        command
    }

    fn wallet(&self, arguments: &[&str]) -> (i32, Value) {
        answer(&self.command("home", &["--web", demo("web").to_str().unwrap()], arguments).output().unwrap())
    }

    fn offline(&self, home: &str, arguments: &[&str]) -> (i32, Value) {
        answer(&self.command(home, &["--offline"], arguments).output().unwrap())
    }

    /// Judges without a wallet, over the web in this world's `web` folder.
    fn verify(&self, input: &str) -> (i32, Value) {
        answer(&self.command("home", &["--web", &self.path("web")], &["verify", input]).output().unwrap())
    }
}

fn demo(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../demo").join(name)
}

fn badge(name: &str) -> String {
    demo("badges").join(name).to_str().unwrap().to_owned()
}

fn names(list: &Value) -> Vec<&str> {
    list["badges"].as_array().unwrap().iter().map(|badge| badge["name"].as_str().unwrap()).collect()
}

// ---- the main job ---------------------------------------------------------------------------------------------------------------

#[test]
fn a_badge_goes_in_is_found_comes_out_unchanged_and_is_checked_elsewhere_without_a_network() {
    let world = World::bare();
    for (file, name) in [("fietsmaker.png", "Fietsmaker"), ("welkom-in-de-buurt.json", "Welkom in de buurt")] {
        let (code, json) = world.wallet(&["add", &badge(file), "--yes"]);
        assert_eq!((code, names(&json)), (0, vec![name]), "{json:#}");
    }
    let (code, list) = world.wallet(&["list", "--sort", "name"]);
    assert_eq!((code, names(&list)), (0, vec!["Fietsmaker", "Welkom in de buurt"]));
    let id = |name: &str| {
        let (_, list) = world.wallet(&["list", "--search", name]);
        list["badges"][0]["id"].as_str().unwrap().to_owned()
    };
    let (bike, welcome) = (id("fiets"), id("welkom"));
    let (code, shown) = world.wallet(&["show", &bike]);
    assert_eq!((code, shown["badge"]["name"].as_str()), (0, Some("Fietsmaker")));

    let out = world.path("uit.png");
    assert_eq!(world.wallet(&["export", &bike, "-o", &out]).0, 0);
    assert!(fs::read(&out).unwrap() == fs::read(badge("fietsmaker.png")).unwrap(), "the original, byte for byte");
    assert_eq!(world.wallet(&["export", &welcome, "--as", "png", "-o", &world.path("welkom.png")]).0, 0);
    let (_, json) = world.wallet(&["add", &world.path("welkom.png")]);
    assert_eq!(json["duplicates"][0].as_str(), Some("Welkom in de buurt"), "baked or not, it is the same badge");

    // The key of one is in its own name; the other's issuer would have to be asked.
    for (id, code, verdict) in [(&welcome, 0, "attention"), (&bike, 2, "cannot_tell")] {
        let picture = world.path(&format!("{id}.png"));
        let (exit, json) = world.wallet(&["present", id, "--offline-qr", &picture]);
        assert_eq!(exit, 0, "{json:#}");
        let files: Vec<&str> = json["files"].as_array().unwrap().iter().map(|file| file.as_str().unwrap()).collect();
        let (exit, json) = world.offline("elders", &[&["check"], files.as_slice()].concat());
        assert_eq!((exit, json["badges"][0]["verdict"].as_str()), (code, Some(verdict)), "{json:#}");
        assert!(!Path::new(&world.path("elders")).exists(), "a checker keeps nothing");
    }

    let all = world.path("alles.zip");
    assert_eq!(world.wallet(&["export", "--all", &all]).0, 0);
    let (code, json) = world.offline("tweede", &["add", &all, "--yes"]);
    assert_eq!((code, names(&json).len()), (0, 2), "{json:#}");
}

// ---- bad input gets an answer -----------------------------------------------------------------------------------------------------

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [kind, data].concat();
    [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], &body, &crc(&body).to_be_bytes()].concat()
}

/// `picture` with a chunk before its end.
fn with_chunk(picture: &[u8], chunk: &[u8]) -> Vec<u8> {
    let (before, end) = picture.split_at(picture.len() - 12);
    [before, chunk, end].concat()
}

/// Where in `picture` the chunk with the badge begins.
fn badge_chunk(picture: &[u8]) -> usize {
    picture.windows(4).position(|window| window == b"iTXt" || window == b"tEXt" || window == b"zTXt").unwrap() - 4
}

/// 64 MiB of spaces as zlib data of some 400 KB, by hand: one literal, then runs of 258.
fn inflates_without_end() -> Vec<u8> {
    let mut bits = Vec::new();
    // The last block, with the codes that every reader knows; then ' ' (0x50 in 8 bits), most significant bit first.
    bits.extend([1_u8, 1, 0]);
    bits.extend((0..8).rev().map(|bit| (0x50_u8 >> bit) & 1));
    for _ in 0..(64 << 20) / 258 {
        bits.extend([1, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]);
    }
    let bytes = bits.chunks(8).map(|bits| bits.iter().rev().fold(0, |byte, bit| byte << 1 | bit));
    [0x78, 0x01].into_iter().chain(bytes).collect()
}

#[test]
fn what_is_no_honest_badge_is_refused_with_its_reason_and_nothing_is_kept() {
    let world = World::bare();
    let bike = fs::read(badge("fietsmaker.png")).unwrap();
    let start = badge_chunk(&bike);
    let mut wrong_sum = bike.clone();
    wrong_sum[start + 60] ^= 1;
    let mut lying = bike.clone();
    lying[start..start + 4].copy_from_slice(&0x7fff_0000_u32.to_be_bytes());
    let second = chunk(b"iTXt", &[b"openbadgecredential\0\0\0\0\0", &fs::read(badge("barista.json")).unwrap()[..]].concat());
    let bomb = chunk(b"zTXt", &[b"openbadgecredential\0\0", &inflates_without_end()[..]].concat());
    let plain = fs::read(badge("welkom-in-de-buurt.json")).unwrap();
    let plain = String::from_utf8(plain).unwrap();
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:openbadges=\"https://purl.imsglobal.org/ob/v3p0\">";
    let table: [(&str, Vec<u8>, &str); 15] = [
        ("leeg.json", Vec::new(), "not_a_badge"),
        ("brief.txt", b"Gefeliciteerd met je badge!".to_vec(), "not_a_badge"),
        ("factuur.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec(), "not_a_badge"),
        ("half.png", bike[..bike.len() / 2].to_vec(), "damaged"),
        ("som.png", wrong_sum, "damaged"),
        ("lengte.png", lying, "damaged"),
        ("bom.png", with_chunk(&bike[..], &bomb), "too_large"),
        ("twee.png", with_chunk(&bike[..], &second), "hostile"),
        ("lach.svg", b"<!DOCTYPE svg [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]><svg><text>&b;</text></svg>".to_vec(), "hostile"),
        (
            "xxe.svg",
            format!("<!DOCTYPE svg [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{svg}<text>&x;</text></svg>").into_bytes(),
            "hostile",
        ),
        ("groot.json", [b"{\"a\":\"", &vec![b'a'; 50_000_000][..], b"\"}"].concat(), "too_large"),
        ("diep.json", format!("{}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000)).into_bytes(), "too_large"),
        ("dubbel.json", plain.replacen("\"name\":", "\"name\":\"Ander\",\"name\":", 1).into_bytes(), "hostile"),
        ("afgebroken.json", plain.as_bytes()[..900].to_vec(), "damaged"),
        ("nul.zip", b"PK\x03\x04\0\0\0\0".to_vec(), "damaged"),
    ];
    let mut paths = Vec::new();
    for (name, bytes, code) in &table {
        let path = world.write(name, bytes);
        for command in ["verify", "inspect"] {
            let answer = world.offline("home", &[command, &path]);
            assert_eq!(error_of(&answer), (65, *code), "{command} {name}");
        }
        paths.push(path);
    }
    // All at once, each with its own answer.
    let arguments: Vec<&str> = ["add"].into_iter().chain(paths.iter().map(String::as_str)).collect();
    let (code, json) = world.offline("home", &arguments);
    assert_eq!(code, 65, "{json:#}");
    let rejected: Vec<_> = json["rejected"].as_array().unwrap().iter().map(|part| part["code"].as_str().unwrap()).collect();
    assert_eq!(rejected, table.each_ref().map(|(_, _, code)| *code));
    let (code, list) = world.offline("home", &["list"]);
    assert_eq!((code, names(&list).len()), (0, 0), "nothing was kept");
}

#[test]
fn a_script_in_a_picture_is_never_part_of_what_comes_out() {
    let world = World::bare();
    let drawing = fs::read_to_string(badge("moestuinier.svg")).unwrap();
    let end = drawing.rfind("</svg>").unwrap();
    let evil =
        format!("{}<script>fetch('https://kwaad.example')</script><image href=\"file:///etc/passwd\"/></svg>", &drawing[..end]);
    let path = world.write("kwaad.svg", evil);
    let (code, json) = world.wallet(&["add", &path, "--yes"]);
    assert_eq!((code, names(&json)), (0, vec!["Moestuinier"]), "{json:#}");
    let (_, list) = world.wallet(&["list"]);
    let (_, shown) = world.wallet(&["show", list["badges"][0]["id"].as_str().unwrap()]);
    let text = shown.to_string();
    assert!(!text.contains("<script") && !text.contains("kwaad.example"), "{text}");
    assert!(shown["badge"]["picture"].as_str().is_none_or(|picture| picture.starts_with("data:image/png")), "{text}");
}

/// An Open Badge 2.0 whose assertion is at `address`, on a web where `issuer` is what the issuer says at its own address.
fn hosted(world: &World, address: &str, class: &Value, issuer: Option<&Value>) -> String {
    let assertion = json!({
        "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": address, "issuedOn": "2026-03-01T00:00:00Z",
        "recipient": {"type": "email", "hashed": false, "identity": "noor@voorbeeld.example"}, "verification": {"type": "hosted"},
        "badge": class,
    });
    let path = address.strip_prefix("https://").unwrap();
    world.write(&format!("web/{path}"), assertion.to_string());
    if let Some(issuer) = issuer {
        world.write("web/school.example/i/1", issuer.to_string());
    }
    world.write("badge.json", assertion.to_string())
}

#[test]
fn forgeries_are_invalid_and_what_proves_nothing_cannot_be_told() {
    let world = World::bare();
    let issuer = |verification: Value| {
        json!({"@context": "https://w3id.org/openbadges/v2", "type": "Profile", "id": "https://school.example/i/1", "name": "Oefenschool",
            "url": "https://school.example", "email": "info@school.example", "verification": verification})
    };
    let class = |issuer: Value| {
        json!({"@context": "https://w3id.org/openbadges/v2", "type": "BadgeClass", "id": "https://school.example/b/1", "name": "Barista",
            "description": "Koffie", "image": "https://school.example/b/1.png", "criteria": {"narrative": "Koffie"}, "issuer": issuer})
    };
    let linked = class(json!("https://school.example/i/1"));
    world.write("web/school.example/b/1", linked.to_string());
    let by_link = json!("https://school.example/b/1");
    let prefix = issuer(json!({"type": "HostedBadge", "startsWith": ["https://school.example/a"]}));

    let good = hosted(&world, "https://school.example/a/1", &by_link, Some(&prefix));
    assert_eq!(world.verify(&good).0, 0);
    // Begins with the same letters, and is another place.
    for address in [
        "https://school.example/aanval/1",
        "https://school.example.kwaad.example/a/1",
        "https://school-example.example/a/1",
        "https://kwaad.example/school.example/a/1",
    ] {
        let (code, json) = world.verify(&hosted(&world, address, &by_link, Some(&prefix)));
        assert_eq!(code, 1, "{address}: {json:#}");
        assert!(json.to_string().contains("origin_mismatch"), "{address}: {json:#}");
    }
    // The issuer's document comes along in the badge, and says that this address is its own.
    let generous = issuer(json!({"type": "HostedBadge", "allowedOrigins": ["kwaad.example"]}));
    let (code, json) = world.verify(&hosted(&world, "https://kwaad.example/a/1", &class(generous.clone()), Some(&prefix)));
    assert_eq!(code, 1, "{json:#}");
    fs::remove_file(world.path("web/school.example/i/1")).unwrap();
    let (code, json) = world.verify(&hosted(&world, "https://kwaad.example/a/1", &class(generous), None));
    assert_eq!(code, 2, "{json:#}");

    // A key of its own, in another's name.
    let text = fs::read_to_string(badge("welkom-in-de-buurt.json")).unwrap();
    let other = "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK";
    let mut stolen: Value = serde_json::from_str(&text).unwrap();
    stolen["issuer"]["id"] = json!(other);
    let (code, json) = world.verify(&world.write("gestolen.json", stolen.to_string()));
    assert_eq!((code, json["badges"][0]["verdict"].as_str()), (1, Some("invalid")), "{json:#}");
    let (code, json) = world.verify(&world.write("veranderd.json", text.replace("2 nieuwe buren", "9 nieuwe buren")));
    assert_eq!(code, 1, "{json:#}");
    assert!(json.to_string().contains("tampered"), "{json:#}");

    // `{"alg":"none"}` before a payload that was signed.
    let jwt = fs::read_to_string(badge("zonnepanelen.jwt")).unwrap();
    let payload = jwt.split('.').nth(1).unwrap();
    for signature in ["", jwt.trim().split('.').nth(2).unwrap()] {
        let (code, json) = world.verify(&world.write("geen.jwt", format!("eyJhbGciOiJub25lIn0.{payload}.{signature}")));
        assert_eq!((code, json["badges"][0]["verdict"].as_str()), (1, Some("invalid")), "{json:#}");
    }
}

#[test]
fn addresses_inside_this_network_are_never_asked() {
    let world = World::bare();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let proxy = format!("http://127.0.0.1:{port}");
    for address in [
        format!("https://127.0.0.1:{port}/a"),
        format!("http://127.0.0.1:{port}/a"),
        format!("https://localhost:{port}/a"),
        "https://[::1]/a".to_owned(),
        "https://[::ffff:10.0.0.1]/a".to_owned(),
        "https://10.0.0.1/a".to_owned(),
        "https://169.254.169.254/latest/meta-data".to_owned(),
        "https://192.168.1.1/a".to_owned(),
        "https://2130706433/a".to_owned(),
        "https://printer.local/a".to_owned(),
        "https://intranet/a".to_owned(),
        "https://noor@school.example/a".to_owned(),
        "http://school.example/a".to_owned(),
    ] {
        let mut command = world.command("home", &[], &["verify", &address]);
        for name in ["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env(name, &proxy);
        }
        assert_eq!(error_of(&answer(&command.output().unwrap())), (77, "address_refused"), "{address}");
    }
    let error = listener.accept().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock, "nobody called, and no proxy was used");
}

// ---- ends that nobody chose ---------------------------------------------------------------------------------------------------------

#[test]
fn a_second_process_on_one_wallet_is_told_to_wait() {
    let world = World::bare();
    world.wallet(&["add", &badge("barista.json")]);
    let mut first = world.command("home", &["--offline"], &["serve"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = [0];
    first.stdout.as_mut().unwrap().read_exact(&mut line).unwrap();
    let second = world.offline("home", &["list"]);
    first.kill().unwrap();
    first.wait().unwrap();
    assert_eq!(error_of(&second), (75, "busy"));
    assert_eq!(names(&world.offline("home", &["list"]).1), ["Barista"], "and then it opens");
}

#[test]
fn a_wallet_of_a_newer_version_is_left_alone() {
    let world = World::bare();
    world.wallet(&["add", &badge("barista.json")]);
    let keys = world.path("home/keys.json");
    let before = fs::read_to_string(&keys).unwrap();
    let mut newer: Value = serde_json::from_str(&before).unwrap();
    newer["version"] = json!(99);
    fs::write(&keys, newer.to_string()).unwrap();
    for command in [vec!["list"], vec!["add", "https://school.example/a"], vec!["lock"], vec!["history"]] {
        assert_eq!(error_of(&world.offline("home", &command)), (75, "too_new"), "{command:?}");
    }
    fs::write(&keys, before).unwrap();
    assert_eq!(names(&world.offline("home", &["list"]).1), ["Barista"], "nothing was harmed");
}

#[test]
fn a_wrong_passphrase_and_a_lost_file_open_nothing_and_make_nothing_new() {
    let world = World::bare();
    world.wallet(&["add", &badge("barista.json")]);
    let files = || {
        let mut names: Vec<_> = fs::read_dir(world.path("home")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let before = files();
    world.write("secret", "een heel andere wachtzin dan eerst\n");
    assert_eq!(error_of(&world.offline("home", &["list"])), (75, "wrong_passphrase"));
    assert_eq!(error_of(&world.offline("home", &["add", &badge("barista.json")])), (75, "wrong_passphrase"));
    assert_eq!(files(), before);
    world.write("secret", "vier gele fietsen zingen zacht\n");
    fs::rename(world.path("home/wallet.db"), world.path("kwijt")).unwrap();
    assert_eq!(error_of(&world.offline("home", &["list"])), (70, "wallet_damaged"));
    assert!(!Path::new(&world.path("home/wallet.db")).exists(), "a lost wallet is not replaced by an empty one");
    fs::rename(world.path("kwijt"), world.path("home/wallet.db")).unwrap();
    assert_eq!(names(&world.offline("home", &["list"]).1), ["Barista"]);
}

/// A file of two badges that come in together or not at all, and weigh something.
fn pair(world: &World, name: &str, weight: usize) -> String {
    let badge = |half: &str| {
        json!({
            "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
            "id": format!("https://school.example/{name}/{half}"), "type": ["VerifiableCredential", "OpenBadgeCredential"],
            "name": format!("{name} {half}"), "issuer": {"id": "did:example:school", "type": ["Profile"], "name": "Oefenschool (fictief)"},
            "validFrom": "2026-03-01T09:00:00Z",
            "credentialSubject": {"type": ["AchievementSubject"], "achievement": {"id": "urn:uuid:2", "type": ["Achievement"],
                "name": format!("{name} {half}"), "description": "x".repeat(weight), "criteria": {"narrative": "Koffie"}}},
        })
    };
    world.write(&format!("{name}.json"), json!([badge("links"), badge("rechts")]).to_string())
}

/// Whether a pair is there whole; half of one is a fault.
fn is_whole(list: &[&str], name: &str) -> bool {
    let here = ["links", "rechts"].map(|half| list.contains(&format!("{name} {half}").as_str()));
    assert!(here[0] == here[1], "half of {name} was kept");
    here[0]
}

/// Ends the program in the middle of an add, again and again, at other moments each time.
fn killed_in_the_middle_of_an_add(seed: u64) {
    let world = World::bare();
    let mut kept = Vec::new();
    let mut whole = Duration::ZERO;
    for name in ["eerst", "tweede"] {
        pair(&world, name, 20_000);
        let began = Instant::now();
        assert_eq!(world.offline("home", &["add", &world.path(&format!("{name}.json"))]).0, 0);
        whole = began.elapsed();
        kept.push(name.to_owned());
    }
    let mut state = seed;
    let mut ended = 0;
    for round in 0..10 {
        let name = format!("ronde-{round}");
        let file = pair(&world, &name, 20_000);
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let mut adding = world.command("home", &["--offline"], &["add", &file]).stdout(Stdio::null()).spawn().unwrap();
        // Most of the time goes to the key; what is written is written near the end.
        let share = 0.8 + 0.25 * f64::from(u32::try_from(state >> 32).unwrap()) / f64::from(u32::MAX);
        std::thread::sleep(whole.mul_f64(share));
        adding.kill().unwrap();
        // Closes in on that end, however busy the machine is.
        if adding.wait().unwrap().success() {
            kept.push(name);
            whole = whole.mul_f64(0.9);
        } else {
            whole = whole.mul_f64(1.05);
            ended += 1;
        }
        let (code, list) = world.offline("home", &["list"]);
        assert_eq!(code, 0, "the wallet opens: {list:#}");
        let list = names(&list);
        for name in &kept {
            assert!(is_whole(&list, name), "{name} was said to be kept");
        }
        (0..=round).for_each(|round| _ = is_whole(&list, &format!("ronde-{round}")));
    }
    eprintln!("{ended} of 10 were ended before they were done");
    assert!(ended > 0);
}

#[test]
fn nothing_is_lost_or_half_kept_when_an_add_is_killed_1() {
    killed_in_the_middle_of_an_add(1);
}

#[test]
fn nothing_is_lost_or_half_kept_when_an_add_is_killed_2() {
    killed_in_the_middle_of_an_add(2);
}

#[test]
fn nothing_is_lost_or_half_kept_when_an_add_is_killed_3() {
    killed_in_the_middle_of_an_add(3);
}

#[test]
fn nothing_is_lost_or_half_kept_when_an_add_is_killed_4() {
    killed_in_the_middle_of_an_add(4);
}

#[test]
fn a_wallet_whose_making_was_killed_is_begun_again() {
    let world = World::bare();
    let file = pair(&world, "paar", 1000);
    for (round, millis) in [20, 60, 120, 250, 400, 700].into_iter().enumerate() {
        let home = format!("home-{round}");
        let mut adding = world.command(&home, &["--offline"], &["add", &file]).stdout(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(millis));
        adding.kill().unwrap();
        adding.wait().unwrap();
        let (code, json) = world.offline(&home, &["add", &file]);
        assert_eq!(code, 0, "after {millis} ms: {json:#}");
        assert!(is_whole(&names(&world.offline(&home, &["list"]).1), "paar"));
    }
}

/// Adds pairs until one does not fit, then makes room, and looks.
const UNTIL_FULL: &str = r#"
round=0
while [ $round -lt 40 ]; do
  run add "$world/vol-$round.json" > "$world/out" 2> "$world/err"
  code=$?
  if [ $code -ne 0 ]; then break; fi
  round=$((round + 1))
done
echo "$round" > "$world/rounds"
echo "$code" > "$world/code"
cp "$world/out" "$world/refusal"
run list > "$world/list-full"
"#;

fn full(world: &World, script: &str) -> Option<()> {
    for round in 0..40 {
        pair(world, &format!("vol-{round}"), 40_000);
    }
    let run = format!(
        "world='{}'; run() {{ '{PROGRAM}' --json --lang en --offline --now {NOW} --home \"$home\" --passphrase-file \"$world/secret\" \"$@\"; }}\n",
        world.0.path().display()
    );
    let shell = |script: &str| ["-c".to_owned(), format!("{run}{script}")];
    let mut command = if script.contains("mount") { Command::new("unshare") } else { Command::new("sh") };
    if script.contains("mount") {
        command.args(["-m", "sh"]);
    }
    let status = command.args(shell(script)).stdin(Stdio::null()).status().ok()?;
    (status.code() != Some(99)).then_some(())
}

fn told_and_nothing_half(world: &World) -> usize {
    let read = |name: &str| fs::read_to_string(world.path(name)).unwrap();
    let rounds: usize = read("rounds").trim().parse().unwrap();
    assert!(rounds > 0 && rounds < 40, "it became full on the way: {rounds}");
    let refusal: Value = serde_json::from_str(&read("refusal")).unwrap_or_else(|error| panic!("{error}: {}", read("err")));
    assert_eq!(error_of(&(read("code").trim().parse().unwrap(), refusal)), (75, "disk_full"));
    rounds
}

fn all_there(world: &World, list: &str, rounds: usize) {
    let list: Value = serde_json::from_str(&fs::read_to_string(world.path(list)).unwrap()).unwrap();
    let list = names(&list);
    (0..rounds).for_each(|round| assert!(is_whole(&list, &format!("vol-{round}")), "vol-{round} was said to be kept"));
    (rounds..40).for_each(|round| assert!(!is_whole(&list, &format!("vol-{round}")), "vol-{round} was refused"));
}

#[test]
fn a_full_disk_is_told_keeps_what_was_kept_and_takes_more_when_there_is_room() {
    let world = World::bare();
    fs::create_dir(world.path("disk")).unwrap();
    let mount = "home=\"$world/disk/home\"; mount -t tmpfs -o size=3m badge-wallet-test \"$world/disk\" || exit 99\n\
        dd if=/dev/zero of=\"$world/disk/ballast\" bs=1024 count=1024 2> /dev/null\n";
    let after = "rm \"$world/disk/ballast\"\nrun list > \"$world/list-after\"\n\
        run add \"$world/vol-39.json\" > \"$world/out\"; echo $? > \"$world/code-after\"\n";
    if full(&world, &format!("{mount}{UNTIL_FULL}{after}")).is_none() {
        eprintln!("skipped: no small disk can be mounted here");
        return;
    }
    let rounds = told_and_nothing_half(&world);
    all_there(&world, "list-after", rounds);
    assert_eq!(fs::read_to_string(world.path("code-after")).unwrap().trim(), "0", "with room it goes on");
}

#[test]
fn a_file_that_may_not_grow_is_told_and_keeps_what_was_kept() {
    let world = World::bare();
    // In blocks of 512 bytes; without the trap the system would end the program instead of answering it.
    let limit = "home=\"$world/home\"; trap '' XFSZ; ulimit -f 2000\n";
    full(&world, &format!("{limit}{UNTIL_FULL}")).unwrap();
    let rounds = told_and_nothing_half(&world);
    all_there(&world, "list-full", rounds);
}

// ---- what is written beside the wallet ------------------------------------------------------------------------------------------------

#[test]
fn the_log_holds_nothing_of_a_badge_or_its_owner() {
    let world = World::bare();
    let web = demo("web");
    let mut log = String::new();
    let mut run = |arguments: &[&str]| {
        let mut command = world.command("home", &["--web", web.to_str().unwrap()], arguments);
        let output = command.env("BADGE_WALLET_LOG", "trace").output().unwrap();
        log.push_str(&String::from_utf8_lossy(&output.stderr));
        answer(&output)
    };
    run(&["identities", "add", "noor@voorbeeld.example"]);
    for name in ["barista.json", "fietsmaker.png", "buurtkok.json", "zonnepanelen.jwt", "moestuinier.svg"] {
        assert_eq!(run(&["add", &badge(name)]).0, 0);
    }
    run(&["verify", "https://buurtkeuken-zuilen.example/assertions/buurtkok.json"]);
    run(&["verify", "https://buurtkeuken-zuilen.example/nothing"]);
    run(&["verify", "https://10.0.0.1/geheim"]);
    let (_, list) = run(&["list", "--search", "barista"]);
    let id = list["badges"][0]["id"].as_str().unwrap().to_owned();
    run(&["show", &id]);
    run(&["present", &id, "--offline-qr", &world.path("code.png")]);
    run(&["export", "--all", &world.path("alles.zip")]);
    assert!(!log.is_empty(), "there is a log");
    let log = log.to_lowercase();
    let secret = [
        "noor",
        "voorbeeld",
        "barista",
        "koffie",
        ".example",
        "fietsmaker",
        "buurtkok",
        "eyj",
        "urn:uuid",
        "did:",
        "geheim",
        "fietsen zingen",
    ];
    for word in secret {
        assert!(!log.contains(word), "{word} is in the log:\n{log}");
    }
}
