//! The calendar file of an activity, and street tiles.

use super::*;

async fn ics(wallet: &Wallet, id: &str) -> (String, Vec<(String, String)>) {
    let file = wallet.activity_calendar(id.to_owned()).await.expect("a calendar file");
    assert_eq!(file.media_type.as_deref(), Some("text/calendar"));
    let text = String::from_utf8(file.bytes).expect("UTF-8");
    assert!(text.ends_with("\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']), "lines end as RFC 5545 says");
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{} bytes: {line}", line.len());
    }
    let lines = text.replace("\r\n ", "").replace("\r\n\t", "");
    let properties = lines.lines().filter_map(|line| line.split_once(':'));
    (file.name, properties.map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

fn value<'a>(properties: &'a [(String, String)], name: &str) -> &'a str {
    properties.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
}

#[tokio::test]
async fn an_activity_is_a_calendar_file_in_universal_time() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    let (name, event) = ics(&wallet, &at(&city, 31_001)).await;
    assert_eq!(name, "fiets-repareren-in-de-bieb.ics");
    let blocks: Vec<&str> = event.iter().filter(|(key, _)| key == "BEGIN" || key == "END").map(|(_, of)| of.as_str()).collect();
    assert_eq!(blocks, ["VCALENDAR", "VEVENT", "VEVENT", "VCALENDAR"]);
    assert_eq!(value(&event, "VERSION"), "2.0");
    assert!(!value(&event, "PRODID").is_empty());
    assert_eq!(value(&event, "UID"), at(&city, 31_001));
    // The second of December, one o'clock in Amsterdam, for two hours.
    assert_eq!((value(&event, "DTSTART"), value(&event, "DTEND")), ("20261202T120000Z", "20261202T140000Z"));
    assert_eq!(value(&event, "DTSTAMP"), "20261123T120000Z");
    assert_eq!(value(&event, "SUMMARY"), "Fiets repareren in de bieb");
    assert!(value(&event, "LOCATION").contains("\\, "), "a comma is escaped: {}", value(&event, "LOCATION"));
    assert_eq!(value(&event, "URL"), format!("{}/activities/31001", city.url));
    for once in ["DTSTART", "DTEND", "DTSTAMP", "UID", "SUMMARY"] {
        assert_eq!(event.iter().filter(|(key, _)| key.split(';').next() == Some(once)).count(), 1, "{once}");
    }
    assert_eq!(home.net.asked().len(), 0);
    // Milliseconds since 1970 are a date too.
    let (_, event) = ics(&wallet, &at(&city, 31_253)).await;
    assert_eq!(value(&event, "DTSTART"), "20261215T180000Z");
    let (_, event) = ics(&wallet, &at(&city, 31_002)).await;
    let span = (value(&event, "DTSTART"), value(&event, "DTEND"));
    assert_eq!(span, ("20261215T120000Z", "20261215T160000Z"), "what only ends, and takes four hours, ends then");
    assert_eq!(code(wallet.activity_calendar(at(&city, 31_208)).await), ErrorCode::NotFound, "without a date");
    assert_eq!(code(wallet.activity_calendar("1@nergens.example".to_owned()).await), ErrorCode::NotFound);
}

#[tokio::test]
async fn what_a_city_says_cannot_break_out_of_a_calendar_file() {
    let home = Home::new(&[]);
    let wallet = home.begun().await;
    let page = r#"<script type="application/ld+json">{"@type": "Event", "name": "Een; twee, drie\\ vier\nEND:VEVENT\nBEGIN:VALARM",
        "description": "Regel 1\r\nATTACH:https://elders.example\nRegel; 2, met \\ erin. **Én** een heel lange zin met ëëëëë die over de rand van vijfenzeventig bytes heen gaat, meer dan eens.",
        "startDate": "2026-12-05T13:00:00+01:00"}</script>"#;
    home.net.invents("https://zaagclub.example/x", "text/html", page);
    let Incoming::Activity { id } = inspect(&wallet, "https://zaagclub.example/x").await else { panic!("no activity") };
    let (_, event) = ics(&wallet, &id).await;
    for (key, _) in &event {
        let known = [
            "BEGIN",
            "END",
            "VERSION",
            "PRODID",
            "CALSCALE",
            "UID",
            "SUMMARY",
            "DESCRIPTION",
            "DTSTAMP",
            "DTSTART",
            "DTEND",
            "URL",
        ];
        assert!(known.contains(&key.as_str()), "{key} in {event:?}");
    }
    assert_eq!(event.iter().filter(|(key, _)| key == "BEGIN").count(), 2);
    let summary = value(&event, "SUMMARY");
    assert!(summary.starts_with("Een\\; twee\\, drie\\\\ vier"), "{summary}");
    let text = value(&event, "DESCRIPTION");
    assert!(!text.contains('*') && text.contains("Én een heel lange zin"), "words without marks: {text}");
    assert!(text.contains("\\n") && text.contains("Regel\\; 2\\, met \\\\ erin"), "{text}");
}

#[tokio::test]
async fn street_tiles_come_only_from_a_server_that_the_learner_named() {
    let city = city([]).await;
    let (home, wallet) = with(&[&city]).await;
    assert_eq!(code(wallet.map_tile(12, 2105, 1347).await), ErrorCode::NotAllowed);
    assert_eq!(home.net.asked().len(), 0);
    let settings = wallet.settings().await.expect("settings");
    let name = async |template: &str| {
        wallet.update_settings(Settings { tile_server: Some(template.to_owned()), ..settings.clone() }).await.map(|s| s.tile_server)
    };
    for bad in [
        "http://tegels.example/{z}/{x}/{y}.png",
        "https://tegels.example/{z}/{x}.png",
        "https://tegels.example/{z}/{x}/{y}/{s}.png",
        "https://{x}.tegels.example/{z}/{x}/{y}.png",
        "https://{z}.example/{x}/{y}.png",
        "https://noor:geheim@tegels.example/{z}/{x}/{y}.png",
        "tegels.example/{z}/{x}/{y}.png",
        "javascript:{z}{x}{y}",
        "https://tegels.example/{z}/{z}/{x}/{y}.png",
        &format!("https://tegels.example/{{z}}/{{x}}/{{y}}.png?{}", "a".repeat(300)),
        "",
    ] {
        assert_eq!(code(name(bad).await), ErrorCode::AddressRefused, "{bad}");
    }
    for good in [
        "https://tegels.example/{z}/{x}/{y}.png",
        "  https://tegels.example/{y}/{x}/{z}?sleutel=1  ",
        "https://tegels.example/t?z={z}&x={x}&y={y}",
    ] {
        assert_eq!(name(good).await.expect("settings").as_deref(), Some(good.trim()), "{good}");
    }
    home.net.shows_pictures();
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_pixel(256, 256, image::Rgb([20, 120, 90])).write_to(&mut png, image::ImageFormat::Png).expect("a PNG");
    name("https://tegels.example/{z}/{x}/{y}.png").await.expect("settings");
    home.net.invents("https://tegels.example/12/2105/1347.png", "image/png", png.into_inner());
    home.net.invents("https://tegels.example/12/2105/1348.png", "image/png", "<script>alert(1)</script>");
    let tile = wallet.map_tile(12, 2105, 1347).await.expect("a tile").expect("a picture");
    assert!(tile.starts_with("data:image/png;base64,"));
    for (z, x, y) in [(12, 2105, 1348), (12, 1, 1)] {
        assert_eq!(wallet.map_tile(z, x, y).await.expect("no error"), None, "{z} {x} {y}");
    }
    for (z, x, y) in [(0, 1, 0), (3, 8, 0), (3, 0, 8), (21, 0, 0), (u32::MAX, 0, 0)] {
        assert_eq!(code(wallet.map_tile(z, x, y).await), ErrorCode::Usage, "{z} {x} {y}");
    }
    assert!(wallet.activity_map(ActivityQuery::default()).await.expect("a map").tiles);
    wallet.update_settings(Settings { tile_server: None, ..settings.clone() }).await.expect("settings");
    assert_eq!(code(wallet.map_tile(12, 2105, 1347).await), ErrorCode::NotAllowed);
}
