//! GraphQL of Cities of Learning: asks for what the server was not seen to lack, and learns from what it refuses.

use log::info;
use serde_json::{Value, json};
use url::Url;
use zeroize::Zeroizing;

use super::client::{Client, Cursor, Endpoint, LOG, Me, MyBadge, Page, Resolved, host};
use super::{Activity, City, Source, limits, read};
use crate::{ErrorCode, Result};

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
/// How often a query is made smaller. Few servers tell one fault at a time.
const ROUNDS: usize = 12;
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
}

/// Asks, and asks for less for as long as the server names what it does not have.
///
/// What is named goes to `city.lacks`. What could not be told from what was said costs a whole tier, which is remembered only when the
/// rest was answered.
async fn ask(client: &Client<'_>, city: &mut City, operation: &Operation, signed: bool, values: &[(&str, Value)]) -> Result<Said> {
    let (url, id) = endpoint(city)?;
    let origin = city.origin.clone();
    let to = Endpoint { url: &url, client: id.as_deref(), origin: &origin, signed };
    let (mut most, mut blind) = (remembered(city, operation), false);
    for round in 0..ROUNDS {
        let query = operation.query(&city.lacks, most);
        let variables = query.variables.iter().filter_map(|name| variable(client, name, values)).collect();
        let answer = client.ask(&to, operation.name, &query.text, Value::Object(variables)).await?;
        let errors = answer.json["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        // What ran has a path or data; what was refused before it ran has neither.
        let refused = answer.json["data"].is_null() && !errors.is_empty() && errors.iter().all(|error| error["path"].is_null());
        if !refused {
            if blind {
                remember(city, operation, most);
            }
            if answer.status >= 500 && answer.json["data"].is_null() {
                return Err(ErrorCode::CityOdd.into());
            }
            let errors = errors.iter().filter_map(|error| error["message"].as_str().map(str::to_owned)).collect();
            return Ok(Said { data: answer.json["data"].clone(), errors });
        }
        if learned(city, &query, errors) && round + 3 < ROUNDS {
            continue;
        }
        // A fault of the server is not a fault of the query.
        if answer.status >= 500 {
            break;
        }
        most = match most {
            Tier::Permissions => Tier::Extended,
            Tier::Extended => Tier::Core,
            Tier::Core | Tier::Key => break,
        };
        blind = round + 3 < ROUNDS;
        info!(target: LOG, "{} {}: up to {most:?}", operation.name, host(&city.origin));
    }
    Err(ErrorCode::CityOdd.into())
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
    } else {
        Tier::Permissions
    }
}

fn remember(city: &mut City, operation: &Operation, most: Tier) {
    let tier = if most == Tier::Core { "extended" } else { "permissions" };
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
    decode_page(&said.data["projects"], &city.origin, cursor)
}

/// A list of projects as a page. Error: [`ErrorCode::CityOdd`] for what is no list.
pub(super) fn decode_page(projects: &Value, origin: &Url, cursor: &Cursor) -> Result<Page> {
    let list = projects["list"].as_array().ok_or(ErrorCode::CityOdd)?;
    let items: Vec<_> = read::items(&projects["list"]).take(limits::LIST).filter_map(|item| project(item, origin, false)).collect();
    let dropped = list.iter().filter(|item| !item.is_null()).count().saturating_sub(items.len());
    let total = read::count(&projects["total"]);
    let length = u32::try_from(list.len()).unwrap_or(u32::MAX);
    // A server may give fewer than were asked for, and then says so; one that does not say is believed by what it gave.
    let step = read::count(&projects["limit"]).filter(|limit| (1..=PAGE).contains(limit)).unwrap_or(length);
    let offset = cursor.offset.saturating_add(step);
    let more = length > 0 && step > 0 && total.is_none_or(|total| offset < total);
    let next = more.then(|| Cursor { offset, ..Cursor::default() });
    Ok(Page { items, next, total, dropped: u32::try_from(dropped).unwrap_or(u32::MAX) })
}

/// Everything about one.
pub(super) async fn whole(client: &Client<'_>, city: &mut City, id: &str) -> Result<Option<Activity>> {
    let said = ask(client, city, &DETAIL, false, &[("id", id.into())]).await?;
    decode_whole(&said.data, &city.origin)
}

/// An answer about one project. `None` when the server does not show it, whatever word it has for that.
pub(super) fn decode_whole(data: &Value, origin: &Url) -> Result<Option<Activity>> {
    match &data["maybeProject"] {
        found @ Value::Object(_) if found["error"].as_str().is_none_or(str::is_empty) => match &found["project"] {
            Value::Null => Ok(None),
            item => project(item, origin, true).map(Some).ok_or_else(|| ErrorCode::CityOdd.into()),
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
    let said = ask(client, city, &CLAIM, true, &[("code", code.into())]).await?;
    Ok(decode_claim(&said.data, &said.errors, client.token.is_some(), &city.origin))
}

/// The arm of the union that came back.
pub(super) fn decode_claim(data: &Value, errors: &[String], signed_in: bool, origin: &Url) -> Resolved {
    let arm = &data["resolveCode"];
    let page = |path: &str, thing: &Value| read::id(&thing["id"]).and_then(|id| read::below(origin, &[path, &id]));
    let name = |thing: &Value| read::name(&thing["name"]).unwrap_or_default();
    match arm["__typename"].as_str() {
        Some("ResolveCodeBadgeGained") if arm["badge"].is_object() => {
            let badge = &arm["badge"];
            Resolved::Gained { name: name(badge), now: arm["gained"] == json!(true), page: page("badges", badge) }
        }
        Some("ResolveCodeBadgeClassView") if arm["badgeClass"].is_object() => {
            let class = &arm["badgeClass"];
            if !signed_in && arm["error"].as_str().is_some_and(wants_sign_in) {
                return Resolved::SignIn;
            }
            Resolved::More { name: name(class), page: page("classes", class) }
        }
        Some("ResolveCodeProjectJoin") if arm["project"].is_object() => {
            let project = &arm["project"];
            Resolved::JoinedActivity { name: name(project), page: page("activities", project) }
        }
        Some("ResolveCodeOrganisationJoin") if arm["organisation"].is_object() => {
            Resolved::JoinedOrganisation { name: name(&arm["organisation"]) }
        }
        // Without a session an unknown code and an unknown visitor look the same.
        _ if !signed_in || errors.iter().any(|error| wants_sign_in(error)) => Resolved::SignIn,
        _ => Resolved::Unknown,
    }
}

/// Both spellings that these servers have, and what other words say the same.
fn wants_sign_in(message: &str) -> bool {
    let message = message.to_lowercase();
    ["authoris", "authoriz", "authentic", "logged-in", "logged in", "log in", "sign in"].iter().any(|word| message.contains(word))
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
    let said = ask(client, city, &SIGN_IN, false, &values).await?;
    let answer = &said.data["passwordAuthorize"];
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
            return Err(ErrorCode::SignInNeeded.into());
        }
        me.name = read::name(&viewer["displayName"]).or_else(|| read::name(&viewer["name"])).unwrap_or_default();
        let list = &viewer["badges"];
        let before = me.badges.len();
        for badge in read::items(&list["list"]).filter_map(|badge| my_badge(badge, &city.origin)) {
            if !me.badges.iter().any(|known| known.id == badge.id) {
                me.badges.push(badge);
            }
        }
        let given = list["list"].as_array().map_or(0, |list| u32::try_from(list.len()).unwrap_or(u32::MAX));
        offset = offset.saturating_add(read::count(&list["limit"]).filter(|n| (1..=MY_PAGE).contains(n)).unwrap_or(given));
        let over = read::count(&list["total"]).is_some_and(|total| offset >= total);
        if over || me.badges.len() == before {
            break;
        }
    }
    Ok(me)
}

fn my_badge(badge: &Value, origin: &Url) -> Option<MyBadge> {
    let id = read::id(&badge["id"])?;
    Some(MyBadge {
        name: read::name(&badge["name"])?,
        class: read::id(&badge["badgeClass"]["id"]),
        picture: read::url(&badge["picture"], origin),
        page: read::below(origin, &["badges", &id])?,
        id,
    })
}

/// Every field and argument that any operation asks for.
#[cfg(test)]
pub(super) fn asked() -> Vec<String> {
    [&SITE, &LIST, &DETAIL, &SIGN_IN, &MINE, &CLAIM]
        .iter()
        .flat_map(|operation| operation.query(&[], Tier::Permissions).names())
        .collect()
}
