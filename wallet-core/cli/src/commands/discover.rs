//! `cities`, `activities`, `activity`, `claim`: what there is to do and to earn.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;
use wallet_core::view::{
    ActivityCard, ActivityDetail, ActivityKind, ActivityQuery, CityView, ClaimOutcome, ClaimView, Freshness, Incoming, Input, Near,
    Origin,
};
use wallet_core::{ErrorCode, Wallet};

use crate::args::CityChange;
use crate::failure::{Failure, Outcome, exit_code};
use crate::home::Home;
use crate::screen::{Screen, table};

/// Lists or changes my cities.
pub(crate) async fn cities(home: &Home, change: Option<CityChange>) -> Outcome {
    let wallet = home.ready_or_new().await?;
    let mut read = Vec::new();
    match change {
        None => {}
        Some(CityChange::Add { url }) => {
            let city = wallet.add_city(url).await?;
            read.push(wallet.refresh_city(city.id).await?);
        }
        Some(CityChange::Remove { url }) => {
            let city = chosen(&wallet, Some(url)).await?;
            wallet.remove_city(city.id).await?;
        }
        Some(CityChange::Refresh { url: Some(url) }) => {
            let city = chosen(&wallet, Some(url)).await?;
            read.push(wallet.refresh_city(city.id).await?);
        }
        Some(CityChange::Refresh { url: None }) => {
            for city in wallet.cities().await?.chosen {
                read.push(wallet.refresh_city(city.id).await?);
            }
        }
    }
    let cities = wallet.cities().await?;
    home.screen.answer(&cities, || {
        let row = |city: &CityView| {
            let count = format!("{} + {}", city.activities, city.playlists);
            let problem = city.problem.map(|code| wallet_core::sentences::error(home.screen.language, code)).unwrap_or_default();
            vec![city.id.clone(), city.name.clone(), count, age(home.screen, city.refreshed_at.as_deref()), problem]
        };
        let known = cities.known.iter().map(|city| vec![city.address.clone(), city.name.clone()]).collect::<Vec<_>>();
        let more = home.screen.pick("Nog niet gekozen:", "Not chosen yet:");
        format!("{}\n{more}\n{}", table(&cities.chosen.iter().map(row).collect::<Vec<_>>()), table(&known))
    })?;
    // What could not be read is told by the exit code too.
    Ok(read.iter().find_map(|city| city.problem).map_or(0, exit_code))
}

/// The query that the options make.
pub(crate) fn query(
    search: Option<String>,
    categories: Vec<String>,
    skills: Vec<String>,
    [from, to]: [Option<Timestamp>; 2],
    near: Option<Near>,
    [online, playlists, planned]: [bool; 3],
) -> ActivityQuery {
    ActivityQuery {
        search,
        kind: playlists.then_some(ActivityKind::Playlist),
        from: from.map(|at| at.to_string()),
        to: to.map(|at| at.to_string()),
        categories: categories.into_iter().map(|name| name.to_lowercase()).collect(),
        skills,
        near,
        online,
        planned,
        ..ActivityQuery::default()
    }
}

/// What there is to do, from what was last read.
pub(crate) async fn activities(home: &Home, query: ActivityQuery, city: Option<String>, limit: u32) -> Outcome {
    let wallet = home.ready().await?;
    let city = match city {
        Some(url) => Some(chosen(&wallet, Some(url)).await?.id),
        None => None,
    };
    let mut query = ActivityQuery { city, ..query };
    if !query.skills.is_empty() {
        // A skill may be named: its id is the city's own.
        let all = wallet.activities(ActivityQuery { limit: Some(0), ..ActivityQuery::default() }).await?.skills;
        let named = |name: &String| {
            all.iter().find(|skill| skill.name.eq_ignore_ascii_case(name)).map_or_else(|| name.clone(), |s| s.id.clone())
        };
        query.skills = query.skills.iter().map(named).collect();
    }
    let mut page = wallet.activities(ActivityQuery { limit: Some(limit), ..query.clone() }).await?;
    // A page has a cap; more is asked for page by page.
    let wanted = limit.min(page.total) as usize;
    while page.activities.len() < wanted {
        let offset = u32::try_from(page.activities.len()).unwrap_or(u32::MAX);
        let more = wallet.activities(ActivityQuery { offset, limit: Some(limit - offset), ..query.clone() }).await?;
        if more.activities.is_empty() {
            break;
        }
        page.activities.extend(more.activities);
    }
    without_pictures(&mut page.activities);
    home.screen.answer(&page, || {
        let of = format!("{} {} {}", page.activities.len(), home.screen.pick("van", "of"), page.total);
        format!(
            "{}{of} · {}",
            table(&page.activities.iter().map(|card| row(home.screen, card)).collect::<Vec<_>>()),
            age(home.screen, page.refreshed_at.as_deref())
        )
    })
}

/// Next steps, computed here.
pub(crate) async fn suggestions(home: &Home, limit: u32) -> Outcome {
    let wallet = home.ready().await?;
    let mut steps = wallet.suggestions().await?;
    steps.truncate(limit as usize);
    steps.iter_mut().for_each(|step| step.activity.picture = None);
    home.screen.answer(&json!({ "suggestions": steps }), || {
        let row =
            |step: &wallet_core::view::Suggestion| vec![step.activity.id.clone(), step.activity.title.clone(), step.reason.clone()];
        table(&steps.iter().map(row).collect::<Vec<_>>())
    })
}

/// What `activity` does besides showing.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) plan: bool,
    pub(crate) unplan: bool,
    pub(crate) tick: Option<String>,
    pub(crate) untick: Option<String>,
}

/// One activity, whole.
pub(crate) async fn activity(home: &Home, id: &str, change: Change, calendar: Option<&Path>) -> Outcome {
    let wallet = home.ready().await?;
    let id = found(&wallet, id).await?;
    if change.plan || change.unplan {
        wallet.plan_activity(id.clone(), change.plan).await?;
    }
    let (done, part) = (change.tick.is_some(), change.tick.or(change.untick));
    if let Some(part) = part {
        wallet.tick_part(id.clone(), part, Some(done)).await?;
    }
    let mut detail = wallet.activity(id.clone(), Freshness::Now).await?;
    if let Some(file) = calendar {
        let ics = wallet.activity_calendar(id).await?;
        std::fs::write(file, ics.bytes).map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
    }
    strip(&mut detail);
    home.screen.answer(&detail, || told(home.screen, &detail))
}

/// Uses a claim code at one city.
pub(crate) async fn claim(home: &Home, code: String, city: Option<String>) -> Outcome {
    let wallet = home.ready_or_new().await?;
    let (code, linked) = match wallet.inspect(Input::Text(code.clone()), Origin::Person).await {
        Ok(Incoming::Claim { code, city, .. }) => (code, city),
        // A word without a digit may be a code all the same: here it was said to be one.
        _ => (code, None),
    };
    let city = match (linked, city) {
        // A link is for its own city, and for no other.
        (Some(linked), None) => match chosen(&wallet, Some(linked.clone())).await {
            Ok(city) => city,
            Err(_) => wallet.add_city(linked).await?,
        },
        (Some(linked), Some(city)) if chosen(&wallet, Some(city.clone())).await?.id != linked => {
            return Err(ErrorCode::NotAllowed.into());
        }
        (_, city) => chosen(&wallet, city).await?,
    };
    let claim = wallet.claim_code(city.id, code).await?;
    home.screen.answer(&claim, || claimed(home.screen, &claim))?;
    Ok(match (&claim.outcome, claim.problem) {
        (_, Some(code)) => exit_code(code),
        (Some(ClaimOutcome::Queued), None) => exit_code(ErrorCode::Offline),
        (Some(ClaimOutcome::Browser { .. }), None) => exit_code(ErrorCode::SignInNeeded),
        (Some(ClaimOutcome::Unknown), None) => exit_code(ErrorCode::NotAClaimCode),
        _ => 0,
    })
}

/// The codes that were used, or wait; those that wait are tried.
pub(crate) async fn claims(home: &Home) -> Outcome {
    let wallet = home.ready().await?;
    let claims = wallet.retry_claims().await?;
    home.screen.answer(&json!({ "claims": claims }), || {
        claims.iter().map(|claim| claimed(home.screen, claim)).collect::<Vec<_>>().join("\n")
    })
}

// ---- parts ------------------------------------------------------------------------------------------------------------------

/// The city that is named, or the only one.
async fn chosen(wallet: &Wallet, url: Option<String>) -> Result<CityView, Failure> {
    let mut all = wallet.cities().await?.chosen;
    match url {
        Some(url) => {
            let plain = |text: &str| text.trim_end_matches('/').trim_start_matches("https://").to_lowercase();
            all.into_iter().find(|city| plain(&city.id) == plain(&url)).ok_or_else(|| ErrorCode::NotFound.into())
        }
        None if all.len() == 1 => Ok(all.remove(0)),
        None => Err(ErrorCode::NotFound.into()),
    }
}

/// An activity by its id here, or by the address of its page.
async fn found(wallet: &Wallet, id: &str) -> Result<String, Failure> {
    if !id.contains("://") {
        return Ok(id.to_owned());
    }
    match wallet.inspect(Input::Text(id.to_owned()), Origin::Person).await? {
        Incoming::Activity { id } => Ok(id),
        _ => Err(ErrorCode::NotFound.into()),
    }
}

/// Pictures are for screens.
fn without_pictures(cards: &mut [ActivityCard]) {
    cards.iter_mut().for_each(|card| card.picture = None);
}

fn strip(detail: &mut ActivityDetail) {
    detail.card.picture = None;
    detail.cover = None;
    without_pictures(&mut detail.playlists);
    detail.badges.iter_mut().for_each(|badge| badge.picture = None);
    detail.parts.iter_mut().for_each(|part| part.picture = None);
    if let Some(organiser) = &mut detail.organiser {
        organiser.picture = None;
    }
}

fn row(screen: Screen, card: &ActivityCard) -> Vec<String> {
    let place = match (card.online, &card.address, card.km) {
        (true, ..) => "online".to_owned(),
        (_, Some(address), Some(km)) => format!("{address} ({km:.1} km)"),
        (_, Some(address), None) => address.clone(),
        _ => String::new(),
    };
    vec![card.id.clone(), card.title.clone(), when(screen, card), place, card.badge.clone().unwrap_or_default()]
}

/// When, in the activity's own time zone where this machine knows it, else in universal time.
fn when(screen: Screen, card: &ActivityCard) -> String {
    let told = |text: &str| -> Option<String> {
        let at: Timestamp = text.parse().ok()?;
        let zone = card.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok());
        let local = zone.clone().unwrap_or(TimeZone::UTC).to_datetime(at);
        let day = TimeZone::UTC.to_timestamp(local).ok()?.to_string();
        let clock = format!("{:02}.{:02}", local.hour(), local.minute());
        Some(format!("{} {clock}{}", screen.date(&day), if zone.is_some() { "" } else { " UTC" }))
    };
    match (&card.start, &card.end) {
        (Some(start), _) => told(start).unwrap_or_default(),
        (None, Some(end)) => format!("{} {}", screen.pick("tot", "until"), told(end).unwrap_or_default()),
        (None, None) => screen.pick("wanneer je wilt", "any time").to_owned(),
    }
}

fn age(screen: Screen, at: Option<&str>) -> String {
    at.map_or_else(
        || screen.pick("nog niet gelezen", "not read yet").to_owned(),
        |at| format!("{} {}", screen.pick("gelezen", "read"), screen.date(at)),
    )
}

fn told(screen: Screen, detail: &ActivityDetail) -> String {
    let mut out = format!("{}\n", screen.bold(&detail.card.title));
    let mut line = |label: &str, value: &str| {
        if !value.is_empty() {
            out.push_str(&format!("  {label:<14} {value}\n"));
        }
    };
    line(screen.pick("wanneer", "when"), &when(screen, &detail.card));
    line(
        screen.pick("waar", "where"),
        if detail.card.online { "online" } else { detail.card.address.as_deref().unwrap_or_default() },
    );
    line(screen.pick("kosten", "price"), detail.price.as_deref().unwrap_or(screen.pick("onbekend", "unknown")));
    if let Some(organiser) = &detail.organiser {
        let mark = match organiser.verified {
            Some(true) => format!(" ({} {})", screen.pick("geverifieerd volgens", "verified according to"), organiser.according_to),
            _ => String::new(),
        };
        line(screen.pick("van", "by"), &format!("{}{mark}", organiser.name));
    }
    for badge in &detail.badges {
        line("badge", &badge.name);
    }
    for part in &detail.parts {
        let must = if part.mandatory { "" } else { screen.pick(" (mag)", " (optional)") };
        line(if part.done { "[x]" } else { "[ ]" }, &format!("{} · {}{must}", part.part, part.title));
    }
    line(screen.pick("pagina", "page"), detail.page.as_deref().unwrap_or_default());
    line(screen.pick("gelezen", "read"), &screen.date(&detail.seen_at));
    if let Some(code) = detail.problem {
        line("!", &wallet_core::sentences::error(screen.language, code));
    }
    out
}

fn claimed(screen: Screen, claim: &ClaimView) -> String {
    let what = match &claim.outcome {
        Some(ClaimOutcome::Queued) => screen.pick("wacht op internet", "waits for the network").to_owned(),
        Some(ClaimOutcome::Browser { url }) => {
            format!("{} {url}", screen.pick("open de site van de stad:", "open the city's site:"))
        }
        Some(ClaimOutcome::Gained { name, url, .. }) => {
            format!("{} {name} {}", screen.pick("badge gekregen:", "badge given:"), url.as_deref().unwrap_or_default())
        }
        Some(ClaimOutcome::More { name, url }) => {
            format!("{} {name} {}", screen.pick("er is meer nodig voor", "more is needed for"), url.as_deref().unwrap_or_default())
        }
        Some(ClaimOutcome::JoinedActivity { name, .. } | ClaimOutcome::JoinedOrganisation { name }) => {
            format!("{} {name}", screen.pick("je doet mee met", "you joined"))
        }
        Some(ClaimOutcome::Unknown) => {
            screen.pick("deze code kent de stad niet, of hij is gebruikt", "the city knows no such code, or it was used").to_owned()
        }
        None => claim.problem.map(|code| wallet_core::sentences::error(screen.language, code)).unwrap_or_default(),
    };
    format!("{} · {} · {what}", claim.code, claim.city)
}
