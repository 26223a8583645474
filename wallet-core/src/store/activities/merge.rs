//! What was told over what is here: what an answer leaves out was taken away only where it was asked for and could be said.

use crate::activity::{Activity, Badge, Kind, limits};

/// What cards tell less of than there is, by the fields of [`Activity`]; `badge` is what a badge says itself.
pub(super) const NOT_ON_CARDS: [&str; 12] = [
    "description",
    "language",
    "duration",
    "price",
    "audience",
    "co_hosts",
    "parts",
    "playlists",
    "links",
    "badges",
    "badge",
    "organiser",
];

fn first<T>(silent: bool, new: Option<T>, old: Option<T>) -> Option<T> {
    if silent { new.or(old) } else { new }
}

fn filled<T>(silent: bool, new: Vec<T>, old: Vec<T>) -> Vec<T> {
    if silent && new.is_empty() { old } else { new }
}

/// What was told over what is here. A field about which the answer is `silent` stays as it was; any other that it does not have was
/// taken away.
pub(super) fn over(told: Activity, older: Activity, silent: &dyn Fn(&str) -> bool) -> Activity {
    // Its parts and their order are one word.
    let older_parts = silent("parts") && told.parts.is_empty();
    let organiser = match (told.organiser, older.organiser) {
        (Some(new), Some(old)) if silent("organiser") && new.id == old.id && new.name == old.name => Some(old),
        (new, old) => first(silent("organiser"), new, old),
    };
    in_order(
        Activity {
            kind: if silent("kind") && told.kind == Kind::Activity { older.kind } else { told.kind },
            form: first(silent("form"), told.form, older.form),
            description: first(silent("description"), told.description, older.description),
            language: first(silent("language"), told.language, older.language),
            when_untold: told.when_untold && !(silent("start") && older.start.is_some()),
            time_zone: first(silent("time_zone"), told.time_zone, older.time_zone),
            duration: first(silent("duration"), told.duration, older.duration),
            online: told.online || (silent("online") && older.online),
            address: first(silent("address"), told.address, older.address),
            place: first(silent("place"), told.place, older.place),
            price: first(silent("price"), told.price, older.price),
            audience: first(silent("audience"), told.audience, older.audience),
            category: first(silent("category"), told.category, older.category),
            skills: filled(silent("skills"), told.skills, older.skills),
            organiser,
            co_hosts: filled(silent("co_hosts"), told.co_hosts, older.co_hosts),
            picture: first(silent("picture"), told.picture, older.picture),
            cover: first(silent("cover"), told.cover, older.cover),
            colour: first(silent("colour"), told.colour, older.colour),
            badges: badges(told.badges, older.badges, silent),
            parts: if older_parts { older.parts } else { told.parts },
            ordered: if older_parts { older.ordered } else { told.ordered || (silent("ordered") && older.ordered) },
            playlists: filled(silent("playlists"), told.playlists, older.playlists),
            links: filled(silent("links"), told.links, older.links),
            // Where its page is follows from where it lives.
            page: if silent("home") && told.home.is_none() { older.page.or(told.page) } else { told.page },
            home: first(silent("home"), told.home, older.home),
            start: first(silent("start"), told.start, older.start),
            end: first(silent("end"), told.end, older.end),
            ..told
        },
        told.start.is_some(),
    )
}

/// A start and an end of two answers: where the end is first, the one that was told now stands alone.
fn in_order(activity: Activity, start_is_new: bool) -> Activity {
    match (activity.start, activity.end) {
        (Some(start), Some(end)) if end < start && start_is_new => Activity { end: None, ..activity },
        (Some(start), Some(end)) if end < start => Activity { start: None, when_untold: true, ..activity },
        _ => activity,
    }
}

fn badges(told: Vec<Badge>, older: Vec<Badge>, silent: &dyn Fn(&str) -> bool) -> Vec<Badge> {
    let mut badges = told;
    for known in older {
        match badges.iter_mut().find(|badge| badge.id == known.id) {
            Some(badge) if silent("badge") => *badge = badge_over(badge.clone(), known),
            Some(_) => {}
            // A card tells of one badge, and there may be others.
            None if silent("badges") => badges.push(known),
            None => {}
        }
    }
    badges.truncate(limits::LIST);
    badges
}

/// A badge as it was told over what is known of it.
fn badge_over(told: Badge, older: Badge) -> Badge {
    let asks = !told.requires.is_empty() || told.requires_count.is_some();
    Badge {
        id: told.id,
        class: told.class.or(older.class),
        name: told.name,
        issuer: told.issuer.or(older.issuer),
        description: told.description.or(older.description),
        picture: told.picture.or(older.picture),
        evidence: told.evidence.or(older.evidence),
        tasks: if told.tasks.is_empty() { older.tasks } else { told.tasks },
        tasks_needed: told.tasks_needed.or(older.tasks_needed),
        requires: if asks { told.requires } else { older.requires },
        requires_count: if asks { told.requires_count } else { older.requires_count },
    }
}
