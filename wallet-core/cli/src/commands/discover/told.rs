//! What a person is told of activities and claim codes.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use wallet_core::view::{ActivityCard, ActivityDetail, ActivityKind, BadgeToEarn, ClaimOutcome, ClaimView, Held};

use crate::screen::{Screen, cell, cut, plain, wrapped};

/// The most characters of a description. The JSON has all of it.
const MAX_TEXT: usize = 2_000;

/// A row of a list.
pub(super) fn row(screen: Screen, card: &ActivityCard) -> Vec<String> {
    let place = match (card.online, &card.address, card.km) {
        (true, ..) => "online".to_owned(),
        (_, Some(address), Some(km)) => format!("{address} ({km:.1} km)"),
        (_, Some(address), None) => address.clone(),
        _ => String::new(),
    };
    let mine: Vec<String> = [planned(screen, card), progress(screen, card)].into_iter().flatten().collect();
    let badge = card.badge.as_deref().map(cell).unwrap_or_default();
    vec![card.id.clone(), cell(&card.title), when(screen, card), cell(&place), badge, mine.join(" · ")]
}

fn planned(screen: Screen, card: &ActivityCard) -> Option<String> {
    card.planned.then(|| screen.pick("gepland", "planned").to_owned())
}

/// How far a playlist is, once it was begun.
fn progress(screen: Screen, card: &ActivityCard) -> Option<String> {
    let progress = card.progress.as_ref()?;
    let done = if progress.complete { screen.pick(", klaar", ", complete") } else { "" };
    Some(format!("{} {} {}{done}", progress.done, screen.pick("van", "of"), progress.total))
}

/// When it begins, or until when it can be done.
fn when(screen: Screen, card: &ActivityCard) -> String {
    let zone = card.time_zone.as_deref();
    let told = |text: &String| moment(screen, zone, text).map(|(day, clock)| format!("{day} {clock}")).unwrap_or_default();
    match (&card.start, &card.end) {
        (Some(start), _) => told(start),
        // Where the city keeps the beginning to itself, nobody can say that it goes on until then.
        (None, Some(end)) if card.when_unknown => format!("{} {}", screen.pick("eindigt", "ends"), told(end)),
        (None, Some(end)) => format!("{} {}", screen.pick("tot", "until"), told(end)),
        (None, None) if card.when_unknown => screen.pick("wanneer: kijk op de pagina", "when: see the page").to_owned(),
        (None, None) => screen.pick("wanneer je wilt", "any time").to_owned(),
    }
}

/// From when until when, or when and for how long.
fn how_long(screen: Screen, card: &ActivityCard) -> String {
    let begins = when(screen, card);
    let known = |text: &Option<String>| text.as_ref().and_then(|text| moment(screen, card.time_zone.as_deref(), text));
    match (known(&card.start), known(&card.end), card.minutes) {
        (Some((day, _)), Some((last, clock)), _) if day == last => format!("{begins} – {clock}"),
        (Some(_), Some((last, clock)), _) => format!("{begins} – {last} {clock}"),
        (_, _, Some(minutes)) if minutes > 0 => {
            let (hours, rest) = (minutes / 60, minutes % 60);
            let hours = (hours > 0).then(|| format!("{hours} {}", screen.pick("uur", "h")));
            let rest = (rest > 0).then(|| format!("{rest} min"));
            format!("{begins} · {}", hours.into_iter().chain(rest).collect::<Vec<_>>().join(" "))
        }
        _ => begins,
    }
}

/// A day and a time in an activity's own time zone where this machine knows it, else in universal time.
fn moment(screen: Screen, zone: Option<&str>, text: &str) -> Option<(String, String)> {
    let at: Timestamp = text.parse().ok()?;
    let zone = zone.and_then(|name| TimeZone::get(name).ok());
    let local = zone.clone().unwrap_or(TimeZone::UTC).to_datetime(at);
    let day = TimeZone::UTC.to_timestamp(local).ok()?.to_string();
    let clock = format!("{:02}.{:02}{}", local.hour(), local.minute(), if zone.is_some() { "" } else { " UTC" });
    Some((screen.date(&day), clock))
}

/// When something was last read.
pub(super) fn age(screen: Screen, at: Option<&str>) -> String {
    at.map_or_else(
        || screen.pick("nog niet gelezen", "not read yet").to_owned(),
        |at| format!("{} {}", screen.pick("gelezen", "read"), screen.date(at)),
    )
}

/// One activity, as a person reads it.
pub(super) fn told(screen: Screen, detail: &ActivityDetail) -> String {
    let card = &detail.card;
    let mut out = format!("{}\n", screen.bold(&card.title));
    let line = |out: &mut String, label: &str, value: &str| {
        if !value.is_empty() {
            out.push_str(&format!("  {label:<14} {value}\n"));
        }
    };
    line(&mut out, "", &planned(screen, card).unwrap_or_default());
    line(&mut out, screen.pick("wanneer", "when"), &how_long(screen, card));
    if detail.past {
        line(&mut out, "", screen.pick("dit is voorbij", "this is over"));
    }
    let place = if card.online { "online" } else { card.address.as_deref().unwrap_or_default() };
    line(&mut out, screen.pick("waar", "where"), place);
    line(&mut out, screen.pick("kosten", "price"), detail.price.as_deref().unwrap_or(screen.pick("onbekend", "unknown")));
    line(&mut out, screen.pick("voor wie", "for whom"), detail.audience.as_deref().unwrap_or_default());
    if let Some(organiser) = &detail.organiser {
        let mark = match organiser.verified {
            Some(true) => format!(" ({} {})", screen.pick("geverifieerd volgens", "verified according to"), organiser.according_to),
            _ => String::new(),
        };
        line(&mut out, screen.pick("van", "by"), &format!("{}{mark}", organiser.name));
    }
    line(&mut out, screen.pick("met", "with"), &detail.co_hosts.join(", "));
    let form = if card.kind == ActivityKind::Playlist { Some(screen.pick("route", "playlist")) } else { detail.form.as_deref() };
    let kinds: Vec<&str> = form.into_iter().chain(detail.category.as_deref()).collect();
    line(&mut out, screen.pick("soort", "kind"), &kinds.join(" · "));
    line(&mut out, screen.pick("vaardigheden", "skills"), &detail.skills.join(", "));
    if let Some(html) = &detail.description_html {
        out.push_str(&format!("\n{}\n", wrapped(&cut(&plain(html), MAX_TEXT), "  ")));
    }
    detail.badges.iter().for_each(|badge| out.push_str(&to_earn(screen, badge)));
    line(&mut out, screen.pick("voortgang", "progress"), &progress(screen, card).unwrap_or_default());
    for part in &detail.parts {
        let must = if part.mandatory { "" } else { screen.pick(" (mag)", " (optional)") };
        let start = part.start.as_deref().and_then(|start| moment(screen, part.time_zone.as_deref(), start));
        let start = start.map(|(day, clock)| format!(" · {day} {clock}")).unwrap_or_default();
        line(&mut out, if part.done { "[x]" } else { "[ ]" }, &format!("{} · {}{must}{start}", part.part, part.title));
    }
    for playlist in &detail.playlists {
        let far = progress(screen, playlist).map(|far| format!(" ({far})")).unwrap_or_default();
        line(&mut out, screen.pick("route", "playlist"), &format!("{} · {}{far}", playlist.id, playlist.title));
    }
    for link in &detail.links {
        line(&mut out, &cut(&link.label, 30), &link.value);
    }
    line(&mut out, screen.pick("pagina", "page"), detail.page.as_deref().unwrap_or_default());
    line(&mut out, screen.pick("gelezen", "read"), &screen.date(&detail.seen_at));
    if let Some(code) = detail.problem {
        line(&mut out, "!", &wallet_core::sentences::error(screen.language, code));
    }
    out
}

/// A badge to earn: what has to be done for it, and whether proof of that is asked.
fn to_earn(screen: Screen, badge: &BadgeToEarn) -> String {
    let held = |held: &Held| match held {
        Held::Yes { .. } => screen.pick(" (heb je)", " (you have it)"),
        Held::Alike { .. } => screen.pick(" (je hebt er een die hierop lijkt)", " (you have one like it)"),
        Held::No => "",
    };
    let mut out = format!("  {:<14} {}{}\n", "badge", badge.name, held(&badge.held));
    let mut under = |text: &str| out.push_str(&wrapped(text, "                 "));
    let needed = badge.tasks_needed.filter(|needed| usize::try_from(*needed).is_ok_and(|needed| needed < badge.tasks.len()));
    if let Some(needed) = needed {
        let enough = screen.pick("zoveel van deze taken is genoeg", "so many of these tasks will do");
        under(&format!("{enough}: {needed}"));
    }
    for task in &badge.tasks {
        let by = task.checked_by.as_ref().map(|by| format!(" ({by})")).unwrap_or_default();
        under(&format!("- {}{by}", cut(&plain(&task.text_html), MAX_TEXT)));
    }
    match badge.evidence {
        Some(true) => under(screen.pick("bewijs van je werk wordt gevraagd", "proof of your work is asked for")),
        Some(false) => under(screen.pick("bewijs is niet nodig", "no proof is needed")),
        None => {}
    }
    match badge.requires_count {
        Some(count) if badge.requires.is_empty() => {
            let badges = if count == 1 { "badge" } else { "badges" };
            let of = screen.pick("van deze activiteit", "of this activity");
            under(&format!("{}: {count} {badges} {of}", screen.pick("eerst", "first")));
        }
        Some(count) => {
            under(&format!("{}: {count}", screen.pick("zoveel van deze badges is genoeg", "so many of these badges will do")))
        }
        None => {}
    }
    for required in &badge.requires {
        under(&format!("{}: {}{}", screen.pick("eerst", "first"), required.name, held(&required.held)));
    }
    out
}

/// What came of a claim code.
pub(super) fn claimed(screen: Screen, claim: &ClaimView) -> String {
    let problem = claim.problem.map(|code| wallet_core::sentences::error(screen.language, code));
    let what = match &claim.outcome {
        Some(ClaimOutcome::Queued) => {
            let waits = screen.pick("wacht", "waits");
            let network = screen.pick("op internet", "for the network");
            problem.map_or_else(|| format!("{waits} {network}"), |problem| format!("{waits}: {problem}"))
        }
        Some(ClaimOutcome::Browser { url }) => {
            format!("{} {url}", screen.pick("open de site van de stad:", "open the city's site:"))
        }
        Some(ClaimOutcome::Gained { name, kept: true, .. }) => {
            format!("{} {name}", screen.pick("staat bij je badges:", "is with your badges:"))
        }
        Some(ClaimOutcome::Gained { name, url: Some(url), .. }) => {
            format!("{} {name} {url}", screen.pick("badge gekregen:", "badge given:"))
        }
        Some(ClaimOutcome::Gained { .. }) => {
            let look = screen.pick("badge gekregen; kijk bij je badges op", "badge given; look at your badges on");
            format!("{look} {}", claim.host)
        }
        Some(ClaimOutcome::More { name, url }) => {
            format!("{} {name} {}", screen.pick("er is meer nodig voor", "more is needed for"), url.as_deref().unwrap_or_default())
        }
        // Who joined before is not told that something happened.
        Some(ClaimOutcome::JoinedActivity { name, now, .. } | ClaimOutcome::JoinedOrganisation { name, now }) => match now {
            Some(false) => format!("{} {name}", screen.pick("je deed al mee met", "you had joined before:")),
            Some(true) | None => format!("{} {name}", screen.pick("je doet mee met", "you joined")),
        },
        Some(ClaimOutcome::Unknown) => {
            screen.pick("deze code kent de stad niet, of hij is gebruikt", "the city knows no such code, or it was used").to_owned()
        }
        None => problem.unwrap_or_default(),
    };
    format!("{} · {} · {what}", claim.code, claim.city)
}

#[cfg(test)]
mod tests {
    use wallet_core::ErrorCode;
    use wallet_core::view::{ClaimState, Language, RequiredBadge};

    use super::*;

    #[test]
    fn how_many_badges_come_first_is_told_with_and_without_their_names() {
        let told = |language, names: &[&str], count| {
            let requires = names.iter().map(|name| RequiredBadge { name: (*name).to_owned(), held: Held::No }).collect();
            let (name, held) = ("Meester".to_owned(), Held::No);
            let (description_html, picture, tasks, tasks_needed, evidence) = (None, None, Vec::new(), None, None);
            let requires_count = count;
            let badge =
                BadgeToEarn { name, held, description_html, picture, tasks, tasks_needed, evidence, requires, requires_count };
            let text = to_earn(Screen::new(false, language), &badge);
            text.lines().skip(1).map(|line| line.trim().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(told(Language::En, &["A", "B"], Some(1)), ["so many of these badges will do: 1", "first: A", "first: B"]);
        assert_eq!(told(Language::En, &["A", "B"], None), ["first: A", "first: B"]);
        assert_eq!(told(Language::En, &[], Some(3)), ["first: 3 badges of this activity"]);
        assert_eq!(told(Language::Nl, &[], Some(1)), ["eerst: 1 badge van deze activiteit"]);
        assert_eq!(told(Language::En, &[], None), [""; 0]);
    }

    #[test]
    fn what_came_of_a_code_is_told_as_it_is() {
        let told = |outcome, problem| {
            let (city, host) = ("Utrecht".to_owned(), "utrecht.example".to_owned());
            let (id, code, at, state) = (String::new(), "b4nd1a".to_owned(), String::new(), ClaimState::Done);
            claimed(Screen::new(false, Language::Nl), &ClaimView { id, code, city, host, at, state, outcome, problem })
        };
        let gained = |name: &str, url: Option<&str>, kept| {
            Some(ClaimOutcome::Gained { name: name.to_owned(), now: None, url: url.map(str::to_owned), kept })
        };
        assert_eq!(
            told(gained("Barista", Some("https://a.example"), false), None),
            "b4nd1a · Utrecht · badge gekregen: Barista https://a.example"
        );
        assert_eq!(
            told(gained("Barista", Some("https://a.example"), true), None),
            "b4nd1a · Utrecht · staat bij je badges: Barista"
        );
        assert_eq!(told(gained("", None, false), None), "b4nd1a · Utrecht · badge gekregen; kijk bij je badges op utrecht.example");
        let joined = |now| Some(ClaimOutcome::JoinedOrganisation { name: "Domstad".to_owned(), now });
        assert_eq!(told(joined(Some(true)), None), "b4nd1a · Utrecht · je doet mee met Domstad");
        assert_eq!(told(joined(None), None), "b4nd1a · Utrecht · je doet mee met Domstad");
        assert_eq!(told(joined(Some(false)), None), "b4nd1a · Utrecht · je deed al mee met Domstad");
        assert_eq!(told(Some(ClaimOutcome::Queued), None), "b4nd1a · Utrecht · wacht op internet");
        let down = told(Some(ClaimOutcome::Queued), Some(ErrorCode::Unreachable));
        assert_eq!(down, "b4nd1a · Utrecht · wacht: Die plek geeft geen antwoord. Probeer het later nog eens.");
    }
}
