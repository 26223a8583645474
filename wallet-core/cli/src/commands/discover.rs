//! `cities`, `activities`, `activity`, `claim`: what there is to do and to earn.

mod told;

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;
use wallet_core::link::{Link, activity_in};
use wallet_core::view::{
    ActivityCard, ActivityDetail, ActivityKind, ActivityQuery, CityView, ClaimOutcome, ClaimState, ClaimView, Freshness, Incoming,
    Input, Near, Origin,
};
use wallet_core::{ErrorCode, Wallet};

use self::told::{age, claimed, row, told};
use super::badges::{put, unwritable};
use crate::args::CityChange;
use crate::failure::{Failure, Outcome, exit_code};
use crate::home::Home;
use crate::screen::{Screen, cell, table};

/// Lists or changes my cities.
pub(crate) async fn cities(home: &Home, change: Option<CityChange>) -> Outcome {
    let wallet = home.ready_or_new().await?;
    let mut read = Vec::new();
    match change {
        None => {}
        Some(CityChange::Add { url }) => {
            home.progress(&format!("{url} …"));
            let added = wallet.add_city(url).await;
            home.progress("");
            read.push(read_anew(home, &wallet, &added?).await?);
        }
        Some(CityChange::Remove { url }) => {
            let city = chosen(home, &wallet, Some(&url)).await?;
            wallet.remove_city(city.id).await?;
        }
        Some(CityChange::Refresh { url: Some(url) }) => {
            let city = chosen(home, &wallet, Some(&url)).await?;
            read.push(read_anew(home, &wallet, &city).await?);
        }
        Some(CityChange::Refresh { url: None }) => {
            for city in wallet.cities().await?.chosen {
                read.push(read_anew(home, &wallet, &city).await?);
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
        let none = home.screen.pick("Je hebt nog geen steden gekozen.\n", "You have chosen no cities yet.\n");
        let chosen =
            if cities.chosen.is_empty() { none.to_owned() } else { table(&cities.chosen.iter().map(row).collect::<Vec<_>>()) };
        let more = home.screen.pick("Nog niet gekozen:", "Not chosen yet:");
        format!("{chosen}\n{more}\n{}", table(&known))
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
        categories,
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
        Some(url) => Some(chosen(home, &wallet, Some(&url)).await?.id),
        None => None,
    };
    let mut query = ActivityQuery { city, ..query };
    if !query.categories.is_empty() {
        // A category is shown in the reader's language, and may be named so.
        let all = wallet.activities(ActivityQuery { limit: Some(0), ..ActivityQuery::default() }).await?.categories;
        let named = |asked: &String| {
            let wanted = asked.trim().to_lowercase();
            let shown = all.iter().filter(|facet| facet.name.to_lowercase() == wanted).map(|facet| facet.id.clone());
            shown.chain([wanted.clone()]).collect::<Vec<_>>()
        };
        query.categories = query.categories.iter().flat_map(named).collect();
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
        if page.total == 0 {
            let none = home.screen.pick("Er is niets gevonden.", "Nothing was found.");
            return format!("{none}\n{}", age(home.screen, page.refreshed_at.as_deref()));
        }
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
        if steps.is_empty() {
            return home.screen.pick("Er zijn nu geen volgende stappen.", "There are no next steps now.").to_owned();
        }
        let row =
            |step: &wallet_core::view::Suggestion| vec![step.activity.id.clone(), cell(&step.activity.title), step.reason.clone()];
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
    let mut detail = wallet.activity(id.clone(), Freshness::Now).await?;
    let (done, part) = (change.tick.is_some(), change.tick.or(change.untick));
    let changes = change.plan || change.unplan || part.is_some();
    if let Some(part) = part.as_ref().filter(|part| !detail.parts.iter().any(|one| one.part == **part)) {
        let none = home.screen.pick("Dit heeft geen onderdeel met dit nummer", "This has no part of this number");
        return Err(Failure::usage(format!("{none}: {part}.")));
    }
    if calendar.is_some() && detail.card.start.is_none() && detail.card.end.is_none() {
        return Err(Failure::usage(
            home.screen
                .pick("Hier staat geen datum bij. Het kan niet in een agenda.", "This has no date. It cannot go in a calendar."),
        ));
    }
    if change.plan || change.unplan {
        wallet.plan_activity(id.clone(), change.plan).await?;
    }
    if let Some(part) = part {
        wallet.tick_part(id.clone(), part, Some(done)).await?;
    }
    if changes {
        let problem = detail.problem;
        detail = ActivityDetail { problem, ..wallet.activity(id.clone(), Freshness::Stored).await? };
    }
    if let Some(file) = calendar {
        let ics = wallet.activity_calendar(id).await?;
        if file == Path::new("-") {
            // Nothing else may stand there, as for a badge that is exported so.
            std::io::stdout().write_all(&ics.bytes).map_err(|error| unwritable(home, file, &error))?;
            return Ok(0);
        }
        put(home, file, &ics.bytes, true)?;
    }
    strip(&mut detail);
    home.screen.answer(&detail, || told(home.screen, &detail))
}

/// Uses a claim code at one city.
pub(crate) async fn claim(home: &Home, code: String, city: Option<String>) -> Outcome {
    let (code, linked) = match Link::parse(&code) {
        Link::Claim { code, city } => (code, city.map(|url| url.origin().ascii_serialization())),
        // A word without a digit may be a code all the same: here it was said to be one.
        Link::Unknown => (code, None),
        // Nobody has to be asked what else it is.
        _ => return Err(ErrorCode::NotAClaimCode.into()),
    };
    let wallet = home.ready_or_new().await?;
    let city = match (linked, city) {
        // A link is for its own city, and for no other.
        (Some(linked), Some(city)) if host_of(&city) != host_of(&linked) => {
            let text = home.screen.pick("Deze link is voor een andere stad", "This link is for another city");
            return Err(Failure::saying(ErrorCode::NotAllowed, format!("{text}: {linked}.")));
        }
        (Some(linked), _) => linked,
        (None, city) => chosen(home, &wallet, city.as_deref()).await?.id,
    };
    let before = wallet.cities().await?.chosen;
    let claim = wallet.claim_code(city, code).await;
    let offline = claim.as_ref().is_ok_and(|claim| claim.state == ClaimState::Queued);
    let added = if offline { Vec::new() } else { new_cities(&wallet, &before).await? };
    // What came of the code is told at once; a city may be long.
    let told = match &claim {
        Ok(claim) => home.screen.answer(claim, || with_added(home.screen, claimed(home.screen, claim), &added)),
        Err(_) => Ok(0),
    };
    for city in &added {
        read_anew(home, &wallet, city).await?;
    }
    let claim = claim?;
    told?;
    Ok(outcome_code(&claim))
}

/// The codes that were used, or wait; those that wait are tried.
pub(crate) async fn claims(home: &Home) -> Outcome {
    let wallet = home.ready().await?;
    let before = wallet.cities().await?.chosen;
    let claims = wallet.retry_claims().await?;
    let added = new_cities(&wallet, &before).await?;
    let told = home.screen.answer(&json!({ "claims": claims }), || {
        if claims.is_empty() {
            return home.screen.pick("Er zijn geen badgecodes.", "There are no claim codes.").to_owned();
        }
        let lines = claims.iter().map(|claim| claimed(home.screen, claim)).collect::<Vec<_>>().join("\n");
        with_added(home.screen, lines, &added)
    });
    for city in &added {
        read_anew(home, &wallet, city).await?;
    }
    told?;
    // Done only when nothing waits any more.
    Ok(claims.iter().find(|claim| claim.state == ClaimState::Queued).map_or(0, outcome_code))
}

// ---- parts ------------------------------------------------------------------------------------------------------------------

/// What came of a code, as an exit code.
fn outcome_code(claim: &ClaimView) -> u8 {
    match (&claim.outcome, claim.problem) {
        (_, Some(code)) => exit_code(code),
        (Some(ClaimOutcome::Queued), None) => exit_code(ErrorCode::Offline),
        (Some(ClaimOutcome::Browser { .. }), None) => exit_code(ErrorCode::SignInNeeded),
        (Some(ClaimOutcome::Unknown), None) => exit_code(ErrorCode::NotAClaimCode),
        _ => 0,
    }
}

/// The cities that a claim added to those of before.
async fn new_cities(wallet: &Wallet, before: &[CityView]) -> Outcome<Vec<CityView>> {
    let mut all = wallet.cities().await?.chosen;
    all.retain(|city| !before.iter().any(|known| known.id == city.id));
    Ok(all)
}

fn with_added(screen: Screen, mut text: String, added: &[CityView]) -> String {
    for city in added {
        text.push_str(&format!("\n{}: {} ({})", screen.pick("Bij je steden gezet", "Added to your cities"), city.name, city.host));
    }
    text
}

/// Reads a city anew. A person at a terminal sees how far it is.
async fn read_anew(home: &Home, wallet: &Wallet, city: &CityView) -> Outcome<CityView> {
    let counting = home.shows_progress().then(|| {
        let (wallet, id, name, screen) = (wallet.clone(), city.id.clone(), city.name.clone(), home.screen);
        tokio::spawn(async move {
            while let Ok(all) = wallet.cities().await {
                let here = all.chosen.iter().find(|city| city.id == id).map_or(0, |city| city.activities + city.playlists);
                screen.progress(&format!("{name}: {here} …"));
                tokio::time::sleep(Duration::from_millis(300)).await;
            }
        })
    });
    let read = wallet.refresh_city(city.id.clone()).await;
    if let Some(counting) = counting {
        counting.abort();
        // Until it is over it may still write its line.
        drop(counting.await);
        home.progress("");
    }
    Ok(read?)
}

/// The host in an address that is typed as `cities add` takes one: whole, or bare, and whatever its path.
fn host_of(address: &str) -> Option<String> {
    let address = address.trim();
    let whole = if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
    let (Link::Address(url) | Link::Claim { city: Some(url), .. }) = Link::parse(&whole) else { return None };
    let host = url.host_str()?;
    Some(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")))
}

/// The city that is named, or the only one.
async fn chosen(home: &Home, wallet: &Wallet, address: Option<&str>) -> Outcome<CityView> {
    let mut all = wallet.cities().await?.chosen;
    let Some(address) = address else {
        return match all.len() {
            1 => Ok(all.remove(0)),
            0 => Err(Failure::usage(home.screen.pick(
                "Je hebt nog geen stad. Voeg er een toe met cities add, of geef de hele link van de code.",
                "You have no city yet. Add one with cities add, or give the whole link of the code.",
            ))),
            _ => Err(Failure::usage(
                home.screen
                    .pick("Je hebt meer dan één stad. Noem er een met --city.", "You have several cities. Name one with --city."),
            )),
        };
    };
    let host = host_of(address);
    all.into_iter().find(|city| Some(&city.host) == host.as_ref()).ok_or_else(|| {
        let none = home.screen.pick("Dit is geen van je steden", "This is none of your cities");
        Failure::usage(format!("{none}: {address}."))
    })
}

/// An activity by its id here, or by the address of its page.
async fn found(wallet: &Wallet, id: &str) -> Outcome<String> {
    if !id.contains("://") {
        return Ok(id.to_owned());
    }
    if let Some(here) = here(wallet, id).await? {
        return Ok(here);
    }
    match wallet.inspect(Input::Text(id.to_owned()), Origin::Person).await? {
        Incoming::Activity { id } => Ok(id),
        _ => Err(ErrorCode::NotFound.into()),
    }
}

/// What is here of the activity that an address is of, whichever city told of it. Nobody is asked.
async fn here(wallet: &Wallet, address: &str) -> Outcome<Option<String>> {
    let (Link::Address(url), Some(host)) = (Link::parse(address), host_of(address)) else { return Ok(None) };
    let Some(number) = activity_in(&url) else { return Ok(None) };
    let others = wallet.cities().await?.chosen.into_iter().map(|city| city.host).filter(|other| *other != host);
    for city in std::iter::once(host.clone()).chain(others) {
        let id = format!("{number}@{city}");
        match wallet.activity(id.clone(), Freshness::Stored).await {
            // A city tells of what lives at others too.
            Ok(detail) if city == host || detail.home == host => return Ok(Some(id)),
            Ok(_) => {}
            Err(error) if error.code == ErrorCode::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(None)
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
