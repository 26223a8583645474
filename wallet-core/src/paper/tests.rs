use super::*;
use crate::{image, qr, view::AlignmentView};

fn badge(number: usize, name: &str) -> PaperBadge {
    // Drawn once a name's first letter: drawing takes longer than the rest.
    static SMALL: std::sync::Mutex<std::collections::BTreeMap<Option<char>, Vec<u8>>> =
        std::sync::Mutex::new(std::collections::BTreeMap::new());
    let draw = || image::thumbnail(&image::drawn_art(name, "demo")).unwrap().small;
    let picture = SMALL.lock().unwrap().entry(name.chars().next()).or_insert_with(draw).clone();
    let skill = |name: &str| AlignmentView { framework: Some("ESCO".into()), code: None, name: name.into(), url: None };
    PaperBadge {
        face: BadgeFace {
            name: name.to_owned(),
            issuer: "Koffieschool Domstad (fictief)".into(),
            language: Some("nl".into()),
            description: Some("Je zette zelfstandig koffie voor 40 gasten en hield het tempo vast. ".repeat(number % 7)),
            criteria_html: None,
            issued: Some("2026-03-03T10:00:00Z".into()),
            expires: None,
            picture: None,
            skills: vec![skill("Koffie bereiden"), skill("Gasten ontvangen")],
        },
        picture,
        original: NamedFile {
            name: format!("{number}-badge.json"),
            bytes: format!("{{\"number\":{number}}}").into_bytes(),
            media_type: Some("application/json".into()),
        },
    }
}

fn paper(badges: Vec<PaperBadge>) -> Paper {
    let address = format!("https://delen.example/v#1.{}.{}", "a".repeat(22), "b".repeat(43));
    Paper {
        language: Language::Nl,
        title: "Wat ik kan in de horeca".into(),
        words: "Ik maak goede koffie en kook graag voor de buurt.".into(),
        code: qr::address_modules(&address).unwrap(),
        address,
        ends_at: Some("2027-06-03T00:00:00Z".parse().unwrap()),
        passcode: true,
        made_at: "2026-11-25T12:00:00Z".parse().unwrap(),
        badges,
    }
}

fn texts(paper: &Paper) -> Vec<String> {
    let laid = layout::lay(paper, &letters::Fonts::new().unwrap());
    let text = |item: Item| match item.draw {
        Draw::Text { text, .. } => Some(text),
        _ => None,
    };
    laid.items.into_iter().filter_map(text).collect()
}

#[test]
fn a_share_becomes_an_archivable_readable_file_with_its_badges_attached() {
    let made = pdf(&paper((1..=3).map(|n| badge(n, "Barista")).collect())).unwrap();
    assert!(made.starts_with(b"%PDF-1.7"));
    let holds = |wanted: &[u8]| made.windows(wanted.len()).any(|part| part == wanted);
    for wanted in ["1-badge.json", "3-badge.json", "pdfaid:part", "pdfuaid:part", "/StructTreeRoot", "/Lang"] {
        assert!(holds(wanted.as_bytes()), "{wanted}");
    }
    assert_eq!(pdf(&paper(vec![badge(1, "Barista")])).unwrap(), pdf(&paper(vec![badge(1, "Barista")])).unwrap());
}

#[test]
fn nothing_of_a_verdict_is_on_paper() {
    let all = texts(&paper(vec![badge(3, "Barista")])).join(" ").to_lowercase();
    assert!(all.contains("controleer zelf") && all.contains("op de badge staat"), "{all}");
    for claim in ["echt en geldig.", "gecontroleerd op", "klopt"] {
        assert!(!all.contains(claim), "{claim}");
    }
}

#[test]
fn no_badge_is_torn_and_nothing_leaves_its_page() {
    let fonts = letters::Fonts::new().unwrap();
    let paper = paper((0..200).map(|n| badge(n, &format!("Badge met een nogal lange naam nummer {n}"))).collect());
    let laid = layout::lay(&paper, &fonts);
    let mut page_of = std::collections::BTreeMap::new();
    for item in &laid.items {
        let (left, right, top, bottom) = match &item.draw {
            Draw::Text { x, y, size, bold, text, .. } => (*x, x + fonts.width(text.trim_end(), *size, *bold), y - size, *y),
            Draw::Panel { x, y, width, height, .. } => (*x, x + width, *y, y + height),
            Draw::Line { x, y, width } => (*x, x + width, *y, *y),
            Draw::Picture { x, y, side, .. } | Draw::Code { x, y, side } => (*x, x + side, *y, y + side),
        };
        assert!(left >= 0.0 && right <= PAGE.0 - 50.0 && top >= 0.0 && bottom <= PAGE.1 - 20.0, "{item:?}");
        if let Some(node) = item.node
            && node > 5
            && !matches!(&item.draw, Draw::Text { y, .. } if *y > PAGE.1 - 72.0)
        {
            assert_eq!(*page_of.entry(node).or_insert(item.page), item.page, "torn: {item:?}");
        }
    }
    assert!(laid.items.iter().any(|item| item.page > 10));
    pdf(&paper).unwrap();
}

#[test]
fn what_the_letters_cannot_write_is_said() {
    let fonts = letters::Fonts::new().unwrap();
    assert_eq!(fonts.writable("Café ☕ Lombok").as_deref(), Some("Café  Lombok"));
    assert_eq!(fonts.writable("شارة"), None);
    let all = texts(&paper(vec![badge(1, "شارة")])).join(" ");
    assert!(all.contains("ander schrift"), "{all}");
    pdf(&paper(vec![badge(1, "شارة"), badge(2, "☕"), badge(3, "")])).unwrap();
}

#[test]
fn hostile_text_is_only_text() {
    let mut hostile = badge(1, &"W".repeat(5_000));
    hostile.face.description = Some("a\0b\u{202e}c\n\n(\\) /Type /Catalog".repeat(500));
    hostile.face.issued = Some("not a date".into());
    let mut paper = paper(vec![hostile]);
    paper.title = "\u{200b}\t ".into();
    paper.words = "x".repeat(10_000);
    pdf(&paper).unwrap();
}

/// To be looked at: `PAPER=/tmp/paper.pdf cargo nextest run -p wallet-core paper`.
#[test]
fn a_sample_to_look_at() {
    let Some(file) = std::env::var_os("PAPER") else { return };
    let names = ["Barista", "Buurtkok", "Taalmaatje", "Fietsmaker", "Zonnepanelen leggen", "Digitaal op weg"];
    std::fs::write(file, pdf(&paper(names.iter().enumerate().map(|(n, name)| badge(n + 1, name)).collect())).unwrap()).unwrap();
}
