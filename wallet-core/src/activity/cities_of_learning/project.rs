//! A `Project` of the server as an activity or a playlist.

use serde_json::Value;
use url::Url;

use super::PLATFORM;
use crate::activity::{Activity, Badge, Kind, Link, Organiser, Part, Required, Task, limits, read};

/// An item of `origin`; `None` when it has no id or name, is a draft, or is not for the one who asks.
pub(in crate::activity) fn project(item: &Value, origin: &Url, whole: bool) -> Option<Activity> {
    let id = read::id(&item["id"])?;
    let draft = item["status"].as_str() == Some("draft");
    let hidden = read::flag(&item["perms"]["view"]["value"]) == Some(false);
    if draft || hidden {
        return None;
    }
    let home = read::home(&item["site"]["siteUrl"], origin);
    let page = read::below(home.as_ref().unwrap_or(origin), &["activities", &id]);
    let time_zone = read::time_zone(&item["tz"]);
    let (start, end) = read::span(&item["eventStart"], &item["eventEnd"], time_zone.as_deref());
    let form = read::word(&item["type"]);
    let place = &item["location"];
    Some(Activity {
        platform: PLATFORM.to_owned(),
        kind: kind(item),
        title: read::name(&item["name"])?,
        description: read::text(&item["description"]).map(|text| with_line_breaks(&text)),
        language: read::language(&item["organisation"]["language"]),
        start,
        end,
        when_untold: read::is_unread(&item["eventStart"], start),
        time_zone,
        duration: read::seconds(&item["duration"]["seconds"]),
        // The only mark of it that there is.
        online: form.as_deref() == Some("digitalXp"),
        form,
        address: read::name(&item["address"]),
        place: read::point(&place["lat"], &place["lng"]),
        // No field says what it costs or for whom it is: unknown, and never free.
        price: None,
        audience: None,
        category: read::named(&item["category"]),
        skills: read::list(&item["skills"], read::named),
        organiser: organiser(&item["organisation"], origin),
        co_hosts: read::list(&item["coHosts"], |host| read::name(&host["name"])),
        picture: read::url(&item["picture"], origin),
        cover: read::url(&item["coverPicture"], origin),
        colour: read::colour(&item["coverMeta"]["dominantColor"]).or_else(|| read::colour(&item["color"])),
        badges: badges(item, origin),
        parts: read::parts(read::items(&item["playlistActivities"]).filter_map(|part| self::part(part, origin)), &id),
        ordered: read::flag(&item["playlistActivitiesOrdered"]).unwrap_or_default(),
        playlists: read::list(&item["usedInPlaylists"]["list"], |playlist| read::id(&playlist["id"])),
        links: links(item, origin),
        home,
        page,
        whole,
        unasked: Vec::new(),
        id,
    })
}

fn kind(item: &Value) -> Kind {
    let says = |context: &str| read::items(&item["contexts"]).any(|one| one == context);
    let has_parts = read::items(&item["playlistActivities"]).next().is_some();
    if says("playlist") || (!says("event") && has_parts) { Kind::Playlist } else { Kind::Activity }
}

/// These servers read a single line end as one; CommonMark does not.
fn with_line_breaks(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = String::with_capacity(text.len() + 64);
    for (at, line) in lines.iter().enumerate() {
        out.push_str(line);
        if let Some(next) = lines.get(at + 1) {
            let broken = !line.trim().is_empty() && !next.trim().is_empty() && !line.ends_with("  ");
            out.push_str(if broken { "  \n" } else { "\n" });
        }
    }
    read::cut(out, limits::TEXT)
}

fn organiser(item: &Value, origin: &Url) -> Option<Organiser> {
    let verified = match item["verifyStatus"].as_str() {
        Some("verified") => Some(true),
        Some("notVerified" | "pending") => Some(false),
        _ => read::flag(&item["verified"]),
    };
    let mut links: Vec<Link> = read::link("website", &item["website"], origin).into_iter().collect();
    links.extend(contacts(&item["contacts"], origin));
    links.truncate(limits::LIST);
    Some(Organiser {
        id: read::id(&item["id"]),
        name: read::name(&item["name"])?,
        verified,
        description: read::text(&item["description"]).map(|text| with_line_breaks(&text)),
        address: read::name(&item["address"]),
        picture: read::url(&item["picture"], origin),
        links,
    })
}

fn contacts(list: &Value, origin: &Url) -> Vec<Link> {
    read::list(list, |contact| read::contact(contact["name"].as_str().unwrap_or_default(), &contact["value"], origin))
}

/// Website, contacts, material, videos.
fn links(item: &Value, origin: &Url) -> Vec<Link> {
    let mut links: Vec<Link> = read::link("website", &item["website"], origin).into_iter().collect();
    links.extend(contacts(&item["contacts"], origin));
    links.extend(read::list(&item["material"], |material| {
        let label = material["label"].as_str().unwrap_or_default();
        read::link(label, &material["url"], origin)
    }));
    links.extend(read::list(&item["videos"], |video| {
        // Either the address that was typed, or an id that needs a platform's own form.
        let typed = video["input"].as_str().filter(|text| text.contains("://"))?;
        read::link(video["type"].as_str().unwrap_or("video"), &typed.into(), origin)
    }));
    links.truncate(limits::LIST);
    links
}

/// The badge for the whole of it first, and each once.
fn badges(item: &Value, origin: &Url) -> Vec<Badge> {
    let mut badges: Vec<Badge> = badge(&item["completeBadgeClass"], origin).into_iter().collect();
    for other in read::list(&item["badgeClasses"]["list"], |class| badge(class, origin)) {
        if !badges.iter().any(|known| known.id == other.id) {
            badges.push(other);
        }
    }
    badges.truncate(limits::LIST);
    badges
}

fn badge(class: &Value, origin: &Url) -> Option<Badge> {
    if class["status"].as_str() == Some("draft") {
        return None;
    }
    let mut criteria: Vec<&Value> = read::items(&class["criteria"]).take(limits::LIST).collect();
    criteria.sort_by_key(|criterion| read::count(&criterion["no"]).unwrap_or(u32::MAX));
    let required = |class: &Value| Some(Required { id: read::id(&class["id"])?, class: None, name: read::name(&class["name"])? });
    let requires = read::list(&class["depsExplicit"], required);
    // Without a list, so many badges of the activity; but where no list was asked for, nobody knows of which.
    let listed = read::items(&class["depsExplicit"]).next().is_some();
    let fits = |count: usize| if listed { count < requires.len() } else { class.get("depsExplicit").is_some() };
    let count = read::count(&class["depsCount"]).filter(|count| *count > 0 && fits(*count as usize));
    Some(Badge {
        id: read::id(&class["id"])?,
        // Where its Open Badge is, no field tells.
        class: None,
        name: read::name(&class["name"])?,
        issuer: read::name(&class["organisation"]["name"]),
        description: read::text(&class["description"]).map(|text| with_line_breaks(&text)),
        picture: read::url(&class["picture"], origin),
        evidence: read::flag(&class["evidenceRequired"]),
        tasks: criteria
            .into_iter()
            .filter_map(|criterion| {
                let text = with_line_breaks(&read::text(&criterion["description"])?);
                Some(Task { text, check: read::word(&criterion["checkType"]) })
            })
            .collect(),
        tasks_needed: read::count(&class["minTasksRequired"]),
        requires,
        requires_count: count,
    })
}

fn part(part: &Value, origin: &Url) -> Option<Part> {
    let project = &part["project"];
    let time_zone = read::time_zone(&project["tz"]);
    let (start, end) = read::span(&project["eventStart"], &project["eventEnd"], time_zone.as_deref());
    Some(Part {
        id: read::id(&part["id"]).or_else(|| read::id(&project["id"]))?,
        title: read::name(&project["name"]).unwrap_or_default(),
        mandatory: read::flag(&part["mandatory"]).unwrap_or_default(),
        duration: read::seconds(&project["duration"]["seconds"]),
        home: read::home(&project["site"]["siteUrl"], origin),
        start,
        end,
        time_zone,
        badge: read::named(&project["completeBadgeClass"]),
        organiser: read::name(&project["organisation"]["name"]),
    })
}
