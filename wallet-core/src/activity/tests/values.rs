//! What is taken out of JSON, value by value.

use super::super::read;
use super::*;

#[test]
fn a_moment_is_written_in_many_ways() {
    let at = |value: Value, zone: Option<&str>| read::moment(&value, zone).map(|moment| moment.to_string());
    let noon = Some("2026-09-19T11:00:00Z".to_owned());
    for value in [
        json!("2026-09-19T11:00:00.000Z"),
        json!("2026-09-19T13:00:00+02:00"),
        json!("2026-09-19T11:00:00"),
        json!("2026-09-19 11:00"),
        json!(1_789_815_600_000_i64),
        json!(1_789_815_600_000.0),
        json!("1789815600000"),
        json!(1_789_815_600),
        json!("1789815600"),
    ] {
        assert_eq!(at(value.clone(), None), noon, "{value}");
    }
    assert_eq!(at(json!("2026-09-19T13:00"), Some("Europe/Amsterdam")), noon, "summer time");
    assert_eq!(at(json!("2026-12-19T12:00"), Some("Europe/Amsterdam")).as_deref(), Some("2026-12-19T11:00:00Z"), "winter time");
    assert_eq!(at(json!("2026-09-19T14:00"), Some("Europe/Vilnius")), noon);
    assert_eq!(at(json!("2026-09-19T11:00"), Some("Mars/Olympus_Mons")), noon, "an unknown zone is UTC");
    for value in [
        json!("gisteren"),
        json!("0000-00-00T99:99:99Z"),
        json!(9e17),
        json!(-1),
        json!(0),
        json!("0001-01-01T00:00:00Z"),
        json!("1999-12-31T23:59:59Z"),
        json!("2201-01-01T00:00:00Z"),
        json!(null),
        json!({}),
        json!(1e300),
    ] {
        assert_eq!(at(value.clone(), None), None, "{value}");
    }
}

#[test]
fn a_date_without_a_time_is_all_of_its_day() {
    let span = |start: Value, end: Value| {
        let (start, end) = read::span(&start, &end, Some("Europe/Amsterdam"));
        [start, end].map(|moment| moment.map(|moment| moment.to_string()).unwrap_or_default())
    };
    let day = ["2026-12-04T23:00:00Z".to_owned(), "2026-12-05T22:59:59Z".to_owned()];
    for end in [json!("2026-12-05"), json!(null), json!(""), json!("later")] {
        assert_eq!(span(json!("2026-12-05"), end.clone()), day, "{end}");
    }
    assert_eq!(span(json!("2026-12-05T09:00"), json!("2026-12-05"))[1], day[1], "what ends that day is not over when it begins");
    assert_eq!(span(json!("2026-12-05T09:00"), json!("2026-12-05T11:00"))[1], "2026-12-05T10:00:00Z");
    assert_eq!(span(json!("2026-12-05T09:00"), json!(null))[1], "");
    assert_eq!(span(json!("2026-12-05"), json!("2026-12-04"))[1], "", "an end before its start is no end");
}

#[test]
fn an_address_without_its_scheme_is_on_the_web() {
    let here = url("https://stad.example/x/");
    let read = |text: &str| read::url(&json!(text), &here).map(String::from);
    assert_eq!(read("www.museum.nl").as_deref(), Some("https://www.museum.nl/"));
    assert_eq!(read("WWW.museum.nl/agenda").as_deref(), Some("https://www.museum.nl/agenda"));
    assert_eq!(read("/www.png").as_deref(), Some("https://stad.example/www.png"));
}

#[test]
fn an_id_is_text_or_a_whole_number() {
    assert_eq!(read::id(&json!("31001")).as_deref(), Some("31001"));
    assert_eq!(read::id(&json!(31001)).as_deref(), Some("31001"));
    for value in [json!(""), json!(1.5), json!("a b"), json!("a\u{202e}b"), json!("a\u{0}"), json!(null), json!("x".repeat(201))] {
        assert_eq!(read::id(&value), None, "{value}");
    }
}

#[test]
fn texts_are_cleaned_and_cut() {
    assert_eq!(read::name(&json!("Gratis \u{202e}egdab\u{202c}\u{200b}\n halen\u{0}")).as_deref(), Some("Gratis egdab halen"));
    assert_eq!(read::name(&json!("A".repeat(100_000))).unwrap().chars().count(), limits::NAME);
    assert_eq!(read::text(&json!("é".repeat(400_000))).unwrap().chars().count(), limits::TEXT);
    assert_eq!(read::name(&json!("\u{7}\u{200b}")), None);
}

#[test]
fn only_the_web_mail_and_telephones_are_links() {
    let here = url("https://stad.example/x/");
    let link = |text: &str| read::link("", &json!(text), &here).map(|link| link.url);
    for text in [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://a.example/",
        "mailto:a@b.nl?body=x",
        "mailto:",
        "tel:*31#",
        "https://u:p@a.example/",
        "https://",
        "",
        "mailto:a@b.nl,c@d.nl",
        "java\nscript:alert(1)",
    ] {
        assert_eq!(link(text), None, "{text}");
    }
    assert_eq!(link("mailto:info@a.example").as_deref(), Some("mailto:info@a.example"));
    assert_eq!(link("tel:+31 (30) 123-45").as_deref(), Some("tel:+313012345"));
    assert_eq!(link("/over").as_deref(), Some("https://stad.example/over"));
    assert_eq!(read::contact("facebook", &json!("domstad"), &here), None, "a name on a platform is no address");
    assert_eq!(read::contact("email", &json!("javascript:alert(1)"), &here), None);
}

#[test]
fn points_colours_and_durations_are_of_this_world() {
    assert_eq!(read::point(&json!("52.1"), &json!(5.1)), Point::new(52.1, 5.1));
    for (lat, lng) in
        [(json!("NaN"), json!(5)), (json!(9e99), json!(5)), (json!(null), json!(5)), (json!(0), json!(0)), (json!("inf"), json!(1))]
    {
        assert_eq!(read::point(&lat, &lng), None, "{lat}");
    }
    assert_eq!(read::colour(&json!("#2A6F7f")).as_deref(), Some("#2a6f7f"));
    for colour in ["red", "#fff", "#2a6f7f;background:url(x)", "#2a6f7é", "2a6f7f"] {
        assert_eq!(read::colour(&json!(colour)), None, "{colour}");
    }
    assert_eq!(read::seconds(&json!(7200)), Some(7200));
    for value in [json!(-2147483648_i64), json!(0), json!(4e9), json!("altijd")] {
        assert_eq!(read::seconds(&value), None, "{value}");
    }
}

#[test]
fn a_home_is_another_origin_over_https() {
    let (here, local) = (url("https://stad.example/"), url("http://127.0.0.1:8788/"));
    assert_eq!(read::home(&json!("https://elders.example/pad?x"), &here), Some(url("https://elders.example/")));
    for (value, at) in [
        ("https://stad.example/nl", &here),
        ("http://elders.example", &here),
        ("http://127.0.0.1:9/", &here),
        ("javascript:alert(1)", &here),
        ("http://10.0.0.1/", &local),
    ] {
        assert_eq!(read::home(&json!(value), at), None, "{value}");
    }
    assert_eq!(read::home(&json!("http://127.0.0.1:8789"), &local), Some(url("http://127.0.0.1:8789/")));
}

#[test]
fn a_path_is_made_of_segments_whatever_is_in_an_id() {
    let here = url("https://stad.example/");
    assert_eq!(
        read::below(&here, &["activities", "../../claim?code=b4nd1a"]).unwrap().as_str(),
        "https://stad.example/activities/..%2F..%2Fclaim%3Fcode=b4nd1a"
    );
    assert_eq!(read::below(&here, &["activities", ".."]), None);
}

#[test]
fn languages_are_told_as_bcp_47() {
    let language = |text: &str| read::language(&json!(text));
    assert_eq!(language("pt_BR").as_deref(), Some("pt-BR"));
    assert_eq!(language("gl_ES").as_deref(), Some("gl"));
    assert_eq!(language("nl").as_deref(), Some("nl"));
    for text in ["", "n", "Nederlands", "nl-", "nl;q=1"] {
        assert_eq!(language(text), None, "{text}");
    }
}

#[test]
fn a_text_that_was_cut_in_the_middle_of_a_character_is_read() {
    for (written, text) in [
        (r"Fietsen \ud83d", "Fietsen \u{fffd}"),
        (r"\uDEB2 fiets", "\u{fffd} fiets"),
        (r"\ud83d\udeb2", "\u{1f6b2}"),
        (r"\ud83d\ud83d\udeb2\udeb2", "\u{fffd}\u{1f6b2}\u{fffd}"),
        (r"\ud83d\u0041", "\u{fffd}A"),
        (r"\ud83d\n", "\u{fffd}\n"),
        (r"\\ud83d \\\ud83d", "\\ud83d \\\u{fffd}"),
    ] {
        assert_eq!(read::json(format!("[\"{written}\"]").as_bytes()).unwrap(), json!([text]), "{written}");
    }
    for broken in [r#"["\ud83d"#, r#"["\ud83"]"#, r#"["\ud83d\"]"#, r#"["\ud83d\x"]"#, r"\ud83d", r#"["\ud83d\u+123"]"#] {
        assert_eq!(read::json(broken.as_bytes()).unwrap_err().code, ErrorCode::CityOdd, "{broken}");
    }
}

proptest! {
    #[test]
    fn any_code_units_are_a_text(units in prop::collection::vec(prop_oneof![any::<u16>(), 0xD7FE_u16..0xE002, Just(0x5C)], 0..40)) {
        let written: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
        let text = String::from_utf16_lossy(&units);
        prop_assert_eq!(read::json(format!("\"{written}\"").as_bytes()).unwrap(), json!(text));
    }
}
