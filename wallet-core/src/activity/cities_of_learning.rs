//! GraphQL of Cities of Learning: asks for what the server was not seen to lack, and learns from what it refuses.

use log::info;
use serde_json::{Value, json};
use url::Url;
use zeroize::Zeroizing;

use super::client::{Client, Cursor, Endpoint, LOG, Me, MyBadge, Page, Resolved, host};
use super::{Activity, City, Source, limits, read};
use crate::{Error, ErrorCode, Result};

mod lacking;
mod operations;
mod project;
mod query;

use operations::{CLAIM, DETAIL, LIST, MINE, SIGN_IN, SITE};
use query::{Operation, Query, Tier};

pub(super) use project::project;

/// Whose ids these are, on every server of the network.
pub(super) const PLATFORM: &str = "badgecraft";
/// Cards of a page.
const PAGE: u32 = 24;
/// Badges of a page, and the most pages of them.
const MY_PAGE: u32 = 50;
const MY_PAGES: usize = 20;
/// How often a query is made smaller, and how many of these rounds are for tiers. Few servers tell one fault at a time.
const ROUNDS: usize = 12;
const TIERS: usize = 4;
/// The longest token and the longest code.
const MAX_TOKEN: usize = 4_096;
const MAX_CODE: usize = 200;

/// Where a city's GraphQL is.
fn endpoint(city: &City) -> Result<(Url, Option<String>)> {
    match &city.source {
        Source::CitiesOfLearning { url, client } => Ok((url.clone(), client.clone())),
        Source::Feed { .. } | Source::Edubadges { .. } => Err(ErrorCode::Internal.into()),
    }
}

/// Whether the endpoint is the city's own. A page of the city may name another one, which may be read from; what the learner typed goes
/// only where the learner meant it to go.
fn is_own(city: &City) -> bool {
    matches!(&city.source, Source::CitiesOfLearning { url, .. } if url.origin() == city.origin.origin())
}

/// An answer's `data`, and what else it said.
#[derive(Debug)]
struct Said {
    data: Value,
    errors: Vec<String>,
    /// The ids of what is in it without its start, because that failed.
    startless: Vec<String>,
    /// Whether some of it failed, or was not asked because nobody knows what the server refuses.
    partial: bool,
}

/// Why there is no answer.
#[derive(Debug)]
enum Refused {
    /// Whoever asks is in the way.
    Stranger,
    /// The server does not have what the answer needs.
    Unable,
    Failed(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        if error.code == ErrorCode::SignInNeeded { Self::Stranger } else { Self::Failed(error) }
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Stranger => ErrorCode::SignInNeeded.into(),
            Refused::Unable => ErrorCode::CityOdd.into(),
            Refused::Failed(error) => error,
        }
    }
}

/// Asks, and asks for less for as long as the server names what it does not have. No text is sent twice: a mutation that was refused
/// may have been at work all the same.
///
/// What is named goes to `city.lacks`. What could not be told from what was said costs a whole tier, which is remembered only when the
/// rest was answered, and until the next round ([`Client::begin`]).
async fn ask(
    client: &Client<'_>,
    city: &mut City,
    operation: &Operation,
    signed: bool,
    values: &[(&str, Value)],
) -> Result<Said, Refused> {
    let (url, id) = endpoint(city)?;
    let origin = city.origin.clone();
    let to = Endpoint { url: &url, client: id.as_deref(), origin: &origin, signed };
    let (mut most, mut blind, mut unable, mut sent) = (remembered(city, operation), false, false, String::new());
    for round in 0..ROUNDS {
        let mut query = operation.query(&city.lacks, most);
        while query.text == sent
            && let Some(less) = most.less()
        {
            most = less;
            query = operation.query(&city.lacks, most);
        }
        if query.text == sent {
            break;
        }
        let variables = query.variables.iter().filter_map(|name| variable(client, name, values)).collect();
        let answer = client.ask(&to, operation.name, &query.text, Value::Object(variables)).await?;
        let errors = answer.json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        let said = |is: fn(&str) -> bool| move |error: &Value| error["message"].as_str().is_some_and(is);
        // What ran has a path or data; what was refused before it ran has neither.
        let refused = !errors.is_empty() && answer.json["data"].is_null() && errors.iter().all(|error| error["path"].is_null());
        if !refused {
            if blind {
                remember(city, operation, most);
            }
            if answer.status >= 500 && answer.json["data"].is_null() {
                return Err(Error::from(ErrorCode::CityOdd).into());
            }
            let partial = !errors.is_empty() || most < Tier::Extended;
            let data = answer.json["data"].clone();
            let startless = errors.iter().filter_map(|error| startless(&data, error)).collect();
            let errors = errors.iter().filter_map(|error| error["message"].as_str().map(str::to_owned)).collect();
            return Ok(Said { data, errors, startless, partial });
        }
        if errors.iter().all(said(wants_sign_in)) {
            return Err(Refused::Stranger);
        }
        unable = answer.status < 500 && errors.iter().any(said(is_of_schema));
        if !(learned(city, &query, errors) && round + TIERS < ROUNDS) {
            if matches!(answer.status, 401 | 403) {
                return Err(Refused::Stranger);
            }
            // A fault of the server is not a fault of the query.
            let Some(less) = most.less().filter(|_| answer.status < 500) else { break };
            (most, blind) = (less, round + TIERS < ROUNDS);
            info!(target: LOG, "{} {}: up to {most:?}", operation.name, host(&city.origin));
        }
        sent = query.text;
    }
    Err(if unable { Refused::Unable } else { Error::from(ErrorCode::CityOdd).into() })
}

/// The id of what an error says has no start to show.
fn startless(data: &Value, error: &Value) -> Option<String> {
    let (field, path) = error["path"].as_array()?.split_last()?;
    let item = path.iter().try_fold(data, |at, step| match step {
        Value::String(name) => at.get(name),
        step => at.get(usize::try_from(step.as_u64()?).ok()?),
    })?;
    read::id(&item["id"]).filter(|_| field == "eventStart")
}

/// Takes to heart what errors name; answers whether there was anything.
fn learned(city: &mut City, query: &Query, errors: &[Value]) -> bool {
    let mut new: Vec<_> = errors.iter().take(200).flat_map(|error| query.blamed(error)).collect();
    new.retain(|name| !city.lacks.contains(name));
    new.sort();
    new.dedup();
    if !new.is_empty() {
        info!(target: LOG, "{} lacks {}", host(&city.origin), new.join(", "));
    }
    let any = !new.is_empty();
    city.lacks.extend(new);
    any
}

/// The tier up to which a server answered before, when nothing could be told from what it said.
fn remembered(city: &City, operation: &Operation) -> Tier {
    let lacks = |tier: &str| city.lacks.iter().any(|lack| lack.strip_prefix(operation.name) == Some(tier));
    if lacks(" extended") {
        Tier::Core
    } else if lacks(" permissions") {
        Tier::Extended
    } else if lacks(" parts") {
        Tier::Permissions
    } else {
        Tier::MOST
    }
}

/// Whether something that a server lacks is a tier that it refused without saying why.
pub(super) fn is_tier(lack: &str) -> bool {
    lack.contains(' ')
}

/// Whether a city's list is still in the order that is asked for.
pub(super) fn sorts(city: &City) -> bool {
    !city.lacks.iter().any(|lack| matches!(lack.as_str(), "Query.projects.sort" | "Query.projects.order"))
}

fn remember(city: &mut City, operation: &Operation, most: Tier) {
    let tier = match most {
        Tier::Key | Tier::Core => "extended",
        Tier::Extended => "permissions",
        Tier::Permissions | Tier::Parts => "parts",
    };
    let lack = format!("{} {tier}", operation.name);
    if !city.lacks.contains(&lack) {
        city.lacks.push(lack);
    }
}

fn variable(client: &Client<'_>, name: &str, values: &[(&str, Value)]) -> Option<(String, Value)> {
    let value = match values.iter().find(|(key, _)| *key == name) {
        Some((_, value)) => value.clone(),
        None if name == "lang" => client.lang().into(),
        None => return None,
    };
    Some((name.to_owned(), value))
}

/// The title and middle of a city.
pub(super) async fn site(client: &Client<'_>, city: &mut City) -> Result<()> {
    let said = ask(client, city, &SITE, false, &[]).await?;
    let site = &said.data["site"];
    if city.name.is_empty() {
        city.name = read::name(&site["title"]).unwrap_or_default();
    }
    city.centre = city.centre.or_else(|| read::point(&site["location"]["lat"], &site["location"]["lng"]));
    Ok(())
}

/// A page of cards.
pub(super) async fn page(client: &Client<'_>, city: &mut City, cursor: &Cursor) -> Result<Page> {
    let values = [("limit", PAGE.into()), ("offset", cursor.offset.into())];
    let said = ask(client, city, &LIST, false, &values).await?;
    let page = decode_page(&said.data["projects"], &city.origin, cursor)?;
    let items = page.items.into_iter().map(|item| frank(item, city, &said)).collect();
    // Where something failed, a hole may be an item that did.
    let list = said.data["projects"]["list"].as_array().map(Vec::as_slice).unwrap_or_default();
    let holes = list.iter().filter(|item| said.partial && item.is_null()).count();
    let dropped = page.dropped.saturating_add(u32::try_from(holes).unwrap_or(u32::MAX));
    Ok(Page { items, dropped, partial: said.partial, ..page })
}

/// A list of projects as a page. Error: [`ErrorCode::CityOdd`] for what is no list.
pub(super) fn decode_page(projects: &Value, origin: &Url, cursor: &Cursor) -> Result<Page> {
    let list = projects["list"].as_array().ok_or(ErrorCode::CityOdd)?;
    // A server may give more than were asked for, and all of it counts.
    let items: Vec<_> =
        read::items(&projects["list"]).take(limits::ITEMS).filter_map(|item| project(item, origin, false)).collect();
    let dropped = list.iter().filter(|item| !item.is_null()).count().saturating_sub(items.len());
    let total = read::count(&projects["total"]);
    let (offset, more) = further(projects, cursor.offset, PAGE);
    let empty = if list.is_empty() { cursor.empty.saturating_add(1) } else { 0 };
    let next = more.then(|| Cursor { offset, empty, ..Cursor::default() });
    // Where there should be something and is nothing, something may have been lost.
    let dropped = dropped + usize::from(list.is_empty() && total.is_some_and(|total| cursor.offset < total));
    Ok(Page { items, next, more, total, dropped: u32::try_from(dropped).unwrap_or(u32::MAX), ..Page::default() })
}

/// Where a list goes on, and whether it does: behind what it gave, whatever limit it says to keep to. One that gave nothing before its
/// end is asked for what comes after.
fn further(list: &Value, offset: u32, limit: u32) -> (u32, bool) {
    let given = list["list"].as_array().map_or(0, |list| u32::try_from(list.len()).unwrap_or(u32::MAX));
    let kept_to = || read::count(&list["limit"]).filter(|said| (1..=limit).contains(said)).unwrap_or(limit);
    let offset = offset.saturating_add(if given > 0 { given } else { kept_to() });
    (offset, read::count(&list["total"]).map_or(given > 0, |total| offset < total))
}

/// Everything about one.
pub(super) async fn whole(client: &Client<'_>, city: &mut City, id: &str) -> Result<Option<Activity>> {
    let said = ask(client, city, &DETAIL, false, &[("id", id.into())]).await?;
    Ok(decode_whole(&said.data, &said.errors, &city.origin, !said.partial)?.map(|item| frank(item, city, &said)))
}

/// One with what it could not say.
fn frank(item: Activity, city: &City, said: &Said) -> Activity {
    let unasked = lacking::unasked(&city.lacks);
    let untold = item.when_untold || unasked.contains(&"start") || said.startless.contains(&item.id);
    Activity { when_untold: untold && item.start.is_none(), unasked, ..item }
}

/// An answer about one project, and whether it is all of it. `None` when the server does not show it, whatever word it has for that.
/// Error: [`ErrorCode::CityOdd`] for no answer.
pub(super) fn decode_whole(data: &Value, errors: &[String], origin: &Url, whole: bool) -> Result<Option<Activity>> {
    match &data["maybeProject"] {
        found if failed(found, errors) => Err(ErrorCode::CityOdd.into()),
        found @ Value::Object(_) if found["error"].as_str().is_none_or(str::is_empty) => match &found["project"] {
            project if failed(project, errors) => Err(ErrorCode::CityOdd.into()),
            Value::Null => Ok(None),
            item => project(item, origin, whole).map(Some).ok_or_else(|| ErrorCode::CityOdd.into()),
        },
        Value::Object(_) => Ok(None),
        // Null inside data is the answer for an id that is not known; no data at all is none.
        _ if data.get("maybeProject").is_some() => Ok(None),
        _ => Err(ErrorCode::CityOdd.into()),
    }
}

/// Tries a claim code.
pub(super) async fn claim(client: &Client<'_>, city: &mut City, code: &str) -> Result<Resolved> {
    let sound = (1..=MAX_CODE).contains(&code.len()) && !code.contains(char::is_control);
    if !sound {
        return Err(ErrorCode::NotAClaimCode.into());
    }
    if !is_own(city) {
        return Ok(Resolved::SignIn);
    }
    match ask(client, city, &CLAIM, true, &[("code", code.into())]).await {
        Ok(said) => decode_claim(&said.data, &said.errors, client.token.is_some(), city),
        // What this app cannot ask here, the city's own page can.
        Err(Refused::Stranger | Refused::Unable) => Ok(Resolved::SignIn),
        Err(Refused::Failed(error)) => Err(error),
    }
}

/// The arm of the union that came back. What has no name is named after its city, but for a badge: that one has to be found there.
/// Error: [`ErrorCode::CityOdd`] for no answer.
pub(super) fn decode_claim(data: &Value, errors: &[String], signed_in: bool, city: &City) -> Result<Resolved> {
    let arm = &data["resolveCode"];
    let page = |path: &str, thing: &Value| read::id(&thing["id"]).and_then(|id| read::below(&city.origin, &[path, &id]));
    let name = |thing: &Value| read::name(&thing["name"]).unwrap_or_else(|| city.name.clone());
    // The arm says what came of it, whatever of it could be read; but nothing came of it for somebody who has to sign in.
    let stranger = errors.iter().any(|error| wants_sign_in(error));
    let came = |thing: &str| !stranger || arm[thing].is_object();
    Ok(match arm["__typename"].as_str() {
        Some("ResolveCodeBadgeGained") if came("badge") => {
            let badge = &arm["badge"];
            let name = read::name(&badge["name"]).unwrap_or_default();
            Resolved::Gained { name, now: read::flag(&arm["gained"]), page: page("badges", badge) }
        }
        Some("ResolveCodeBadgeClassView") if came("badgeClass") => {
            let class = &arm["badgeClass"];
            if !signed_in && arm["error"].as_str().is_some_and(wants_sign_in) {
                return Ok(Resolved::SignIn);
            }
            let mut page = page("classes", class);
            // Without its activity an address of a badge class leads nowhere from here.
            if let (Some(page), Some(project)) = (&mut page, read::id(&class["projectId"])) {
                page.query_pairs_mut().append_pair("project", &project);
            }
            Resolved::More { name: name(class), page }
        }
        Some("ResolveCodeProjectJoin") if came("project") => {
            let project = &arm["project"];
            Resolved::JoinedActivity { name: name(project), now: read::flag(&arm["joined"]), page: page("activities", project) }
        }
        Some("ResolveCodeOrganisationJoin") if came("organisation") => {
            Resolved::JoinedOrganisation { name: name(&arm["organisation"]), now: read::flag(&arm["joined"]) }
        }
        // Without a session an unknown code and an unknown visitor look the same.
        _ if !signed_in || stranger => Resolved::SignIn,
        _ if failed(arm, errors) => return Err(ErrorCode::CityOdd.into()),
        _ => Resolved::Unknown,
    })
}

/// Both spellings that these servers have, and what other words say the same.
fn wants_sign_in(message: &str) -> bool {
    let words = message.to_lowercase();
    let asks = ["authoris", "authoriz", "authentic", "logged-in", "logged in", "log in", "sign in"];
    // A field may be called so.
    !is_of_schema(message) && asks.iter().any(|word| words.contains(word))
}

/// Whether nothing is there because something failed, which is no answer, and not because of who asks.
fn failed(value: &Value, errors: &[String]) -> bool {
    value.is_null() && !errors.is_empty() && !errors.iter().any(|error| wants_sign_in(error))
}

/// Whether a complaint is about what the server has, and not about who asks.
fn is_of_schema(message: &str) -> bool {
    ["Cannot query field", "Unknown argument", "Unknown type", "Field "].iter().any(|start| message.starts_with(start))
}

/// A token for an address and a password, which goes to the city's own origin or nowhere.
pub(super) async fn sign_in(
    client: &Client<'_>,
    city: &mut City,
    email: &str,
    password: &str,
) -> Result<Option<Zeroizing<String>>> {
    if !is_own(city) {
        return Err(ErrorCode::AddressRefused.into());
    }
    let values = [("email", email.into()), ("password", password.into())];
    let said = match ask(client, city, &SIGN_IN, false, &values).await {
        Err(Refused::Stranger) => return Ok(None),
        said => said?,
    };
    let answer = &said.data["passwordAuthorize"];
    if failed(answer, &said.errors) {
        return Err(ErrorCode::CityOdd.into());
    }
    let token = answer["token"].as_str().filter(|token| {
        // It becomes a header.
        answer["success"] != json!(false) && (1..=MAX_TOKEN).contains(&token.len()) && token.bytes().all(|b| b.is_ascii_graphic())
    });
    Ok(token.map(|token| Zeroizing::new(token.to_owned())))
}

/// The badges of who is signed in.
pub(super) async fn mine(client: &Client<'_>, city: &mut City) -> Result<Me> {
    if !is_own(city) {
        return Err(ErrorCode::SignInNeeded.into());
    }
    let mut me = Me { name: String::new(), badges: Vec::new() };
    let mut offset = 0_u32;
    for _ in 0..MY_PAGES {
        let said = ask(client, city, &MINE, true, &[("offset", offset.into()), ("limit", MY_PAGE.into())]).await?;
        let viewer = &said.data["me"];
        if !viewer.is_object() {
            let odd = failed(viewer, &said.errors);
            return Err(if odd { ErrorCode::CityOdd } else { ErrorCode::SignInNeeded }.into());
        }
        me.name = read::name(&viewer["displayName"]).or_else(|| read::name(&viewer["name"])).unwrap_or_default();
        let list = &viewer["badges"];
        let before = me.badges.len();
        for badge in read::items(&list["list"]).filter_map(|badge| my_badge(badge, &city.origin)) {
            if !me.badges.iter().any(|known| known.id == badge.id) {
                me.badges.push(badge);
            }
        }
        let (next, more) = further(list, offset, MY_PAGE);
        // Holes are no end; the same ones again are.
        let repeats = me.badges.len() == before && read::items(&list["list"]).next().is_some();
        if !more || repeats {
            break;
        }
        offset = next;
    }
    Ok(me)
}

fn my_badge(badge: &Value, origin: &Url) -> Option<MyBadge> {
    let id = read::id(&badge["id"])?;
    Some(MyBadge {
        name: read::name(&badge["name"])?,
        class: read::id(&badge["badgeClass"]["id"]),
        issuer: read::name(&badge["issuer"]["name"]),
        picture: read::url(&badge["picture"], origin),
        page: read::below(origin, &["badges", &id])?,
        id,
    })
}

/// Every field and argument that any operation asks for.
#[cfg(test)]
pub(super) fn asked() -> Vec<String> {
    [&SITE, &LIST, &DETAIL, &SIGN_IN, &MINE, &CLAIM].iter().flat_map(|operation| operation.query(&[], Tier::MOST).names()).collect()
}
