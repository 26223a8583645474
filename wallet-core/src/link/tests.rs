use proptest::prelude::*;

use super::*;

fn address(text: &str) -> Link {
    Link::Address(Url::parse(text).unwrap())
}

#[test]
fn an_https_address_is_an_address() {
    assert_eq!(Link::parse("https://badges.example/a/1"), address("https://badges.example/a/1"));
    assert_eq!(Link::parse("\u{feff}  HTTPS://Badges.Example/a?b=c#d \r\n"), address("https://badges.example/a?b=c#d"));
}

#[test]
fn an_add_link_names_one_https_address_and_nothing_else() {
    let wanted = address("https://badges.example/a/1?x=1&y=2");
    for text in [
        "badgewallet:add?url=https%3A%2F%2Fbadges.example%2Fa%2F1%3Fx%3D1%26y%3D2",
        "badgewallet://add?url=https%3A%2F%2Fbadges.example%2Fa%2F1%3Fx%3D1%26y%3D2",
        "BADGEWALLET://ADD/?url=https%3A%2F%2Fbadges.example%2Fa%2F1%3Fx%3D1%26y%3D2",
    ] {
        assert_eq!(Link::parse(text), wanted, "{text}");
    }
    for text in [
        "badgewallet:add?url=http://badges.example/",
        "badgewallet:add?url=https://a.example/&save=true",
        "badgewallet:add?url=https://a.example/&url=https://b.example/",
        "badgewallet:add?link=https://a.example/",
        "badgewallet:add",
        "badgewallet:add?url=javascript:alert(1)",
        "badgewallet:add?url=file:///etc/passwd",
        "badgewallet:erase",
        "badgewallet:",
    ] {
        assert_eq!(Link::parse(text), Link::Unknown, "{text}");
    }
}

#[test]
fn a_shown_badge_is_shown_however_it_was_wrapped() {
    assert_eq!(Link::parse("BADGEWALLET:SHOW/1/ABC"), Link::Shown("BADGEWALLET:SHOW/1/ABC".into()));
    assert_eq!(Link::parse("badgewallet://show/1/AB\r\nC \n"), Link::Shown("badgewallet://show/1/ABC".into()));
    assert_eq!(Link::parse("Kijk: badgewallet:show/1/ABC mooi he"), Link::Shown("badgewallet:show/1/ABC".into()));
    assert!(matches!(Link::parse("ur:x-badge-show/1-3/lpad"), Link::Part(_)));
    assert!(matches!(Link::parse("UR:X-BADGE-SHOW/1-3/LPAD"), Link::Part(_)));
    assert_eq!(Link::parse("ur:crypto-psbt/1-3/lpad"), Link::Unknown);
}

#[test]
fn json_and_jws_are_told_from_prose() {
    assert!(matches!(Link::parse(" {\"a\":1}"), Link::Json(_)));
    assert!(matches!(Link::parse("eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.c2ln"), Link::Jws(_)));
    assert_eq!(Link::parse("www.badges.example"), Link::Unknown);
    assert_eq!(Link::parse("a.b.c"), Link::Unknown);
}

#[test]
fn other_schemes_are_unknown() {
    for text in [
        "mailto:mila@example.org",
        "tel:+31300000000",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,<script>",
        "WIFI:T:WPA;S:net;P:pass;;",
        "intent://x#Intent;end",
        "otpauth://totp/x?secret=y",
        "openid-credential-offer://?x",
        "ftp://a.example/",
        "https://",
        "https:///x",
        "https:\\\\a.example",
        "",
        "Barista",
    ] {
        assert_eq!(Link::parse(text), Link::Unknown, "{text}");
    }
}

#[test]
fn the_one_address_in_a_message_or_link_file_is_found() {
    assert_eq!(Link::parse("Hier is je badge: https://badges.example/1."), address("https://badges.example/1"));
    assert_eq!(Link::parse("[InternetShortcut]\r\nURL=https://badges.example/1\r\n"), address("https://badges.example/1"));
    assert_eq!(Link::parse("https://a.example/ of https://b.example/"), Link::Unknown);
}

#[test]
fn a_link_over_eight_kib_is_unknown() {
    let long = format!("https://a.example/{}", "x".repeat(MAX_LINK));
    assert_eq!(Link::parse(&long), Link::Unknown);
    assert_eq!(Link::parse(&format!("badgewallet:add?url={long}")), Link::Unknown);
}

#[test]
fn a_claim_goes_over_https_but_for_this_machine() {
    let city = |text: &str| match Link::parse(text) {
        Link::Claim { city, .. } => city.map(String::from),
        other => panic!("{text}: {other:?}"),
    };
    for (text, origin) in [
        ("http://stad.example/claim?code=b4nd1a", "https://stad.example/"),
        ("http://stad.example:80/nl/claim?code=b4nd1a", "https://stad.example/"),
        ("https://stad.example/claim?code=b4nd1a", "https://stad.example/"),
        ("http://localhost:8788/claim?code=b4nd1a", "http://localhost:8788/"),
        ("http://127.0.0.1:8788/claim?code=b4nd1a", "http://127.0.0.1:8788/"),
    ] {
        assert_eq!(city(text).as_deref(), Some(origin), "{text}");
    }
}

#[test]
fn an_address_of_a_city_names_an_activity() {
    let id = |path: &str| activity_in(&Url::parse(&format!("https://stad.example{path}")).unwrap());
    for (path, activity) in [
        ("/activities/31001", "31001"),
        ("/nl/activities/31010?part=31001", "31001"),
        ("/activities/31010/part/31003", "31003"),
        ("/activities/31001/classes/81001", "31001"),
        ("/classes/81001?project=31001", "31001"),
        ("/nl/classes/81001/?x=1&project=31001", "31001"),
    ] {
        assert_eq!(id(path).as_deref(), Some(activity), "{path}");
    }
    for path in [
        "/classes/81001",
        "/nl/classes/81001?part=31001",
        "/classes?project=31001",
        "/classes/81001/x?project=31001",
        "/classes/81001?project=",
        "/classes/81001?project=..%2F31001",
        "/nieuws/1?project=31001",
    ] {
        assert_eq!(id(path), None, "{path}");
    }
}

proptest! {
    #[test]
    fn any_text_gets_an_answer(text in "\\PC{0,200}") {
        let _ = Link::parse(&text);
    }

    #[test]
    fn any_app_link_gets_an_answer(text in "(?i)badgewallet:(//)?[a-z]{0,5}[/?]?\\PC{0,80}") {
        if let Link::Address(url) = Link::parse(&text) {
            prop_assert_eq!(url.scheme(), "https");
        }
    }

    #[test]
    fn only_web_addresses_become_addresses(scheme in "[a-z][a-z0-9+.-]{0,10}", rest in "[!-~]{0,60}") {
        if let Link::Address(url) = Link::parse(&format!("{scheme}:{rest}")) {
            prop_assert!(matches!(url.scheme(), "http" | "https"));
        }
    }

    #[test]
    fn an_address_survives_an_add_link(host in "[a-z]{1,10}\\.example", path in "[a-zA-Z0-9/&=?%. +-]{0,40}") {
        if let Ok(url) = Url::parse(&format!("https://{host}/{path}")) {
            let link: String = url::form_urlencoded::Serializer::new("badgewallet:add?".to_owned()).append_pair("url", url.as_str()).finish();
            let link = link.replace("add?&", "add?");
            prop_assert_eq!(Link::parse(&link), Link::Address(url));
        }
    }

    #[test]
    fn white_space_around_changes_nothing(text in "[!-~]{0,60}", before in "[ \n\t]{0,3}", after in "[ \n\t]{0,3}") {
        prop_assert_eq!(Link::parse(&text), Link::parse(&format!("{before}{text}{after}")));
    }
}
