//! Any bytes, read as everything that a source may answer: for the fuzzer, and for the tests.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;
use url::Url;

use super::{Activity, City, Link, Source, cities_of_learning, client::Cursor, discovery, edubadges, feed, limits, read, web_page};
use crate::view::Language;

/// Reads bytes in every way, checks that what came out keeps to the limits, and names the outcome by a number.
///
/// # Panics
/// When something that was read is not what the model promises.
pub fn read_everything(bytes: &[u8]) -> u64 {
    let (Ok(origin), Ok(from)) = (Url::parse("https://stad.example/"), Url::parse("https://stad.example/feed/1.json?page=2"))
    else {
        return 0;
    };
    let city = City {
        origin: origin.clone(),
        name: "Stad".to_owned(),
        source: Source::Feed { url: from.clone() },
        fictitious: false,
        centre: None,
        districts: Vec::new(),
        claim: None,
        lacks: Vec::new(),
    };
    let mut found: Vec<Activity> = Vec::new();
    let mut outcome = DefaultHasher::new();
    if let Ok(json) = read::json(bytes) {
        for value in [&json, &json["data"]["projects"], &json["projects"]] {
            found.extend(
                cities_of_learning::decode_page(value, &origin, &Cursor::default()).map(|page| page.items).unwrap_or_default(),
            );
        }
        for value in [&json, &json["data"]] {
            found.extend(cities_of_learning::decode_whole(value, &[], &origin, true).ok().flatten());
            let resolved = cities_of_learning::decode_claim(value, &[], true, &city);
            resolved.ok().map(|resolved| std::mem::discriminant(&resolved)).hash(&mut outcome);
        }
        found.extend(cities_of_learning::project(&json, &origin, true));
    }
    if let Ok((page, next)) = feed::decode(bytes, &from, &origin) {
        next.iter().for_each(|next| assert!(next.origin() == origin.origin(), "a feed stays at home"));
        found.extend(page.items);
    }
    found.extend(edubadges::decode(bytes, &origin, Language::Nl, &Cursor::default()).map(|page| page.items).unwrap_or_default());
    found.extend(edubadges::decode_whole(bytes, &origin, origin.clone(), "1"));
    let page = web_page::decode(bytes, &from);
    assert!(page.badges.iter().all(|badge| badge.origin() == origin.origin()), "a page offers what is its own");
    page.badges.len().hash(&mut outcome);
    found.extend(page.activity);
    if let Some(city) = discovery::document(bytes, &origin) {
        let claim =
            city.claim.iter().all(|claim| claim.starts_with("https://stad.example/") && claim.matches("{code}").count() == 1);
        assert!(claim, "a code goes to its own city");
        (city.districts.len(), city.claim.is_some()).hash(&mut outcome);
    }
    let embedded = web_page::embedded(bytes);
    assert!(embedded.iter().all(|(url, _)| url.scheme() == "https"), "an endpoint elsewhere is asked over https");
    found.iter().for_each(keeps_to_limits);
    let shape = |a: &Activity| (a.kind as u8, a.start.is_some(), a.place.is_some(), a.badges.len(), a.parts.len(), a.links.len());
    found.iter().map(shape).collect::<Vec<_>>().hash(&mut outcome);
    embedded.is_some().hash(&mut outcome);
    outcome.finish()
}

/// What the model promises of every item.
pub(super) fn keeps_to_limits(activity: &Activity) {
    let line = |text: &str| {
        assert!(!text.is_empty() && text.chars().count() <= limits::NAME, "a name is bounded");
        assert!(
            !text.chars().any(|c| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')),
            "a name is clean"
        );
    };
    let text = |text: &str| assert!(text.chars().count() <= limits::TEXT, "a text is bounded");
    let web = |url: &Url| {
        assert!(matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none(), "{url}");
    };
    let links = |links: &[Link]| {
        assert!(links.len() <= limits::LIST, "few links");
        for link in links {
            let scheme = link.url.split(':').next().unwrap_or_default();
            assert!(matches!(scheme, "https" | "http" | "mailto" | "tel"), "{}", link.url);
        }
    };
    assert!((1..=limits::ID).contains(&activity.id.len()), "an id is bounded");
    line(&activity.title);
    [&activity.address, &activity.price, &activity.audience].into_iter().flatten().for_each(|text| line(text));
    activity.description.iter().for_each(|description| text(description));
    let urls = [&activity.picture, &activity.cover, &activity.home, &activity.page];
    urls.into_iter().flatten().for_each(web);
    let year = |moment: &jiff::Timestamp| assert!((946_684_800..7_289_654_400).contains(&moment.as_second()), "{moment}");
    [&activity.start, &activity.end].into_iter().flatten().for_each(year);
    assert!(activity.duration.is_none_or(|seconds| seconds <= 366 * 24 * 3600), "at most a year");
    assert!(activity.place.is_none_or(|place| place.lat.abs() <= 90.0 && place.lng.abs() <= 180.0), "on Earth");
    let counts =
        [activity.skills.len(), activity.badges.len(), activity.parts.len(), activity.playlists.len(), activity.co_hosts.len()];
    assert!(counts.into_iter().all(|count| count <= limits::LIST), "lists are bounded");
    activity.skills.iter().chain(&activity.category).for_each(|named| line(&named.name));
    activity.co_hosts.iter().for_each(|host| line(host));
    links(&activity.links);
    if let Some(organiser) = &activity.organiser {
        line(&organiser.name);
        organiser.picture.iter().for_each(web);
        links(&organiser.links);
    }
    for badge in &activity.badges {
        line(&badge.name);
        badge.description.iter().for_each(|description| text(description));
        badge.picture.iter().chain(&badge.class).for_each(web);
        assert!(badge.tasks.len() <= limits::LIST && badge.requires.len() <= limits::LIST, "lists are bounded");
        badge.tasks.iter().for_each(|task| text(&task.text));
    }
    let parts: std::collections::HashSet<&str> = activity.parts.iter().map(|part| part.id.as_str()).collect();
    assert!(parts.len() == activity.parts.len() && !parts.contains(activity.id.as_str()), "each part once, and never itself");
    for part in &activity.parts {
        part.badge.iter().map(|badge| &badge.name).chain(&part.organiser).for_each(|name| line(name));
        [&part.start, &part.end].into_iter().flatten().for_each(year);
    }
    assert!(serde_json::to_value(activity).is_ok_and(|json: Value| json.is_object()), "it can be kept");
}
