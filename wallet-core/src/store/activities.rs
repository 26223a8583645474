//! What cities told: one row for each city that tells of an activity, and which of these rows are shown.

mod list;
mod merge;
mod pictures;

use jiff::Timestamp;
use ring::digest;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter, types::Value};

pub(crate) use self::{
    list::{Filter, Marked, Marks, Offers, count_of, marks, page},
    pictures::{Fetched, Size, is_wanted, large_picture, picture_arrived, thumbnail, wanted_pictures},
};
use super::{StoreError, millis, time};
use crate::activity::{Activity, Kind, Part, ends_at};

/// An activity as it is stored.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) id: String,
    /// The origin of the city that told it.
    pub(crate) city: String,
    pub(crate) activity: Activity,
    /// The address of the picture of its card.
    pub(crate) picture: Option<String>,
    pub(crate) seen_at: Timestamp,
    /// When all of it was last read.
    pub(crate) whole_at: Option<Timestamp>,
    pub(crate) planned: bool,
    pub(crate) ends_at: Option<Timestamp>,
}

/// What goes with a start.
const WHEN: [&str; 3] = ["start", "end", "time_zone"];

/// The names that are looked for at once.
const NAMES: usize = 300;

/// What is new about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Put {
    New,
    Changed,
    Same,
}

/// How something was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// By an interface, which answered all that it was asked.
    Fully,
    /// By an interface, of whose answer something failed or was not asked.
    Partly,
    /// By nothing but a web page.
    ByPage,
}

impl Stored {
    /// The origins that speak for it: of who told, and where it lives.
    pub(crate) fn sites(&self) -> Vec<String> {
        let home = self.activity.home.as_ref().map(origin);
        [Some(self.city.clone()), home].into_iter().flatten().collect()
    }

    /// The origins that speak for one of its parts.
    pub(crate) fn sites_of(&self, part: &Part) -> Vec<String> {
        part.home.as_ref().map_or_else(|| self.sites(), |home| vec![origin(home)])
    }
}

/// `<id>@<host>`, with the port where there is one.
pub(crate) fn id_of(native: &str, origin: &url::Url) -> String {
    let host = origin.host_str().unwrap_or_default();
    origin.port().map_or_else(|| format!("{native}@{host}"), |port| format!("{native}@{host}:{port}"))
}

fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Activity => "activity",
        Kind::Playlist => "playlist",
        Kind::Badge => "badge",
    }
}

/// The name under which a skill is filed: skill ids are of one platform.
fn skill_id(activity: &Activity, id: &str) -> String {
    format!("{}:{id}", activity.platform)
}

/// The origin of an address, as cities are filed.
fn origin(url: &url::Url) -> String {
    url.origin().ascii_serialization()
}

/// A hash of what was told; empty for what only a page said.
fn card_of(told: &Activity, how: Told) -> Result<Vec<u8>, StoreError> {
    let card = |field: &&str| !told.whole && merge::NOT_ON_CARDS.contains(field);
    let unasked: Vec<_> = told.unasked.iter().copied().filter(|field| !card(field)).collect();
    let mark = match how {
        Told::Fully => "",
        // The same words mean less.
        Told::Partly => "partly",
        Told::ByPage => return Ok(Vec::new()),
    };
    let text = serde_json::to_string(told)? + mark + &unasked.join(" ");
    Ok(digest::digest(&digest::SHA256, text.as_bytes()).as_ref().to_vec())
}

/// Whether an interface told of what has this id.
pub(crate) fn is_of_interface(c: &Connection, id: &str) -> Result<bool, StoreError> {
    const SQL: &str = "SELECT EXISTS (SELECT 1 FROM activities WHERE id = ?1 AND card <> x'')";
    Ok(c.prepare_cached(SQL)?.query_row([id], |r| r.get(0))?)
}

/// Keeps what `city` told. A card of what was read whole before changes what it says itself, and leaves the rest; what only a page says
/// changes nothing that an interface told.
pub(crate) fn put(
    c: &Connection,
    city: &url::Url,
    told: &Activity,
    how: Told,
    sweep: i64,
    now: Timestamp,
) -> Result<Put, StoreError> {
    let id = id_of(&told.id, city);
    let card = card_of(told, how)?;
    let before = c
        .prepare_cached("SELECT key, card, shown FROM activities WHERE id = ?1")?
        .query_row([&id], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, Vec<u8>>(1)?, r.get::<_, bool>(2)?)))
        .optional()?;
    if how == Told::ByPage && before.as_ref().is_some_and(|(_, known, _)| !known.is_empty()) {
        return Ok(Put::Same);
    }
    if let Some((key, known, shown)) = &before
        && how != Told::ByPage
        && *known == card
    {
        c.prepare_cached("UPDATE activities SET seen_at = ?2, sweep = ?3 WHERE key = ?1")?.execute(params![
            key,
            millis(now),
            sweep
        ])?;
        if !shown {
            // Its city may be the learner's by now.
            stand_in(c, &told.platform, &told.id)?;
        }
        return Ok(Put::Same);
    }
    // A badge's own document leaves to the catalogue what only that says.
    let partial = how == Told::Partly || (told.whole && told.kind == Kind::Badge);
    let mut activity = told.clone();
    if let Some((key, known, _)) = &before
        && let Some(older) = data(c, *key)?
    {
        // What a page said is nothing that an interface adds to, but where that cannot be asked.
        let adds = how == Told::ByPage || !known.is_empty();
        activity = merge::over(activity, older, &|field| {
            let failed = adds && (partial || (!told.whole && merge::NOT_ON_CARDS.contains(&field)));
            failed || told.unasked.contains(&field) || (told.when_untold && WHEN.contains(&field))
        });
    }
    let picture = picture_of(&activity).map(url::Url::as_str);
    let home = activity.home.as_ref().map_or_else(|| origin(city), origin);
    let category = activity.category.as_ref().map(|c| c.name.to_lowercase());
    let values = params![
        id,
        origin(city),
        activity.platform,
        activity.id,
        home,
        kind_name(activity.kind),
        activity.start.map(millis),
        ends_at(activity.start, activity.end, activity.duration).map(millis),
        activity.online,
        activity.place.map(|p| p.lat),
        activity.place.map(|p| p.lng),
        category,
        picture,
        card,
        millis(now),
        told.whole.then(|| millis(now)),
        sweep,
    ];
    const SQL: &str = "INSERT INTO activities (id, city, platform, native, home, kind, starts_at, ends_at, online, lat, lng, category,
          picture, card, seen_at, whole_at, sweep, shown)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, 1)
        ON CONFLICT (id) DO UPDATE SET city = excluded.city, platform = excluded.platform, home = excluded.home, kind = excluded.kind,
          starts_at = excluded.starts_at, ends_at = excluded.ends_at, online = excluded.online, lat = excluded.lat, lng = excluded.lng,
          category = excluded.category, picture = excluded.picture, card = excluded.card, seen_at = excluded.seen_at,
          whole_at = COALESCE(excluded.whole_at, whole_at), sweep = excluded.sweep
        RETURNING key";
    let key: i64 = c.prepare_cached(SQL)?.query_row(values, |r| r.get(0))?;
    c.prepare_cached("INSERT OR REPLACE INTO activity_texts (activity, data) VALUES (?1, ?2)")?
        .execute(params![key, serde_json::to_string(&activity)?])?;
    index(c, key, &activity, before.is_some())?;
    for url in [picture_of(&activity), activity.cover.as_ref()].into_iter().flatten() {
        pictures::want(c, url.as_str(), now)?;
    }
    stand_in(c, &activity.platform, &activity.id)?;
    Ok(if before.is_some() { Put::Changed } else { Put::New })
}

/// Skills and words of an activity.
fn index(c: &Connection, key: i64, activity: &Activity, anew: bool) -> Result<(), StoreError> {
    if anew {
        c.prepare_cached("DELETE FROM activity_skills WHERE activity = ?1")?.execute([key])?;
        c.prepare_cached("DELETE FROM activity_search WHERE rowid = ?1")?.execute([key])?;
    }
    for skill in &activity.skills {
        let id = skill_id(activity, &skill.id);
        c.prepare_cached("INSERT OR REPLACE INTO skills (id, name) VALUES (?1, ?2)")?.execute([&id, &skill.name])?;
        c.prepare_cached("INSERT OR IGNORE INTO activity_skills (skill, activity) VALUES (?1, ?2)")?.execute(params![id, key])?;
    }
    let all = |names: Vec<&str>| names.join("\n");
    c.prepare_cached("INSERT INTO activity_search (rowid, title, organiser, skills, badge, text) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")?
        .execute(params![
            key,
            activity.title,
            activity.organiser.as_ref().map_or("", |o| o.name.as_str()),
            all(activity.skills.iter().map(|s| s.name.as_str()).collect()),
            all(activity.badges.iter().map(|b| b.name.as_str()).collect()),
            all([activity.description.as_deref(), activity.address.as_deref()].into_iter().flatten().collect()),
        ])?;
    Ok(())
}

/// The picture of a card: of the badge where there is one, otherwise of the activity.
fn picture_of(activity: &Activity) -> Option<&url::Url> {
    activity.badges.iter().find_map(|b| b.picture.as_ref()).or(activity.picture.as_ref()).or(activity.cover.as_ref())
}

/// A row is hidden when the city where it lives tells of it itself: that one's fields win. Whoever else uses the same id, without
/// naming that home, stays apart. What was only looked at, in a city that is not the learner's, is in no list unless it is planned.
fn stand_in(c: &Connection, platform: &str, native: &str) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE activities SET shown = (city IN (SELECT id FROM cities) OR id IN (SELECT activity FROM plans))
          AND (city = home OR NOT EXISTS (
            SELECT 1 FROM activities h WHERE h.platform = ?1 AND h.native = ?2 AND h.city = activities.home AND h.home = h.city
              AND h.city IN (SELECT id FROM cities)))
        WHERE platform = ?1 AND native = ?2";
    c.prepare_cached(SQL)?.execute([platform, native])?;
    follow_home(c, platform, native)
}

/// What the learner planned and ticked of a copy is of its home's, once that stands for it.
fn follow_home(c: &Connection, platform: &str, native: &str) -> Result<(), StoreError> {
    const SQL: &str = "SELECT a.id, h.id FROM activities a
        JOIN activities h ON h.platform = a.platform AND h.native = a.native AND h.city = a.home AND h.shown = 1
        WHERE a.platform = ?1 AND a.native = ?2 AND a.shown = 0";
    let mut statement = c.prepare_cached(SQL)?;
    let rows = statement.query_map([platform, native], |r| Ok([r.get(0)?, r.get(1)?]))?;
    for [copy, home] in rows.collect::<Result<Vec<[String; 2]>, _>>()? {
        c.prepare_cached("UPDATE OR IGNORE plans SET activity = ?2 WHERE activity = ?1")?.execute([&copy, &home])?;
        c.prepare_cached("DELETE FROM plans WHERE activity = ?1")?.execute([&copy])?;
        c.prepare_cached("UPDATE OR IGNORE ticks SET playlist = ?2 WHERE playlist = ?1")?.execute([&copy, &home])?;
        c.prepare_cached("DELETE FROM ticks WHERE playlist = ?1")?.execute([&copy])?;
    }
    Ok(())
}

fn data(c: &Connection, key: i64) -> Result<Option<Activity>, StoreError> {
    let text: Option<String> =
        c.prepare_cached("SELECT data FROM activity_texts WHERE activity = ?1")?.query_row([key], |r| r.get(0)).optional()?;
    Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
}

// ---- reading ----------------------------------------------------------------------------------------------------------------

const COLUMNS: &str = "a.id, a.city, t.data, a.picture, a.seen_at, a.whole_at, a.ends_at, p.activity IS NOT NULL";
const TABLES: &str = "activities a JOIN activity_texts t ON t.activity = a.key LEFT JOIN plans p ON p.activity = a.id";

fn read(row: &Row<'_>) -> Result<Stored, StoreError> {
    Ok(Stored {
        id: row.get(0)?,
        city: row.get(1)?,
        activity: serde_json::from_str(&row.get::<_, String>(2)?)?,
        picture: row.get(3)?,
        seen_at: time(row.get(4)?),
        whole_at: row.get::<_, Option<i64>>(5)?.map(time),
        ends_at: row.get::<_, Option<i64>>(6)?.map(time),
        planned: row.get(7)?,
    })
}

fn select(c: &Connection, rest: &str, values: &[Value]) -> Result<Vec<Stored>, StoreError> {
    let mut statement = c.prepare_cached(&format!("SELECT {COLUMNS} FROM {TABLES} {rest}"))?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}

/// One, by its id.
pub(crate) fn by_id(c: &Connection, id: &str) -> Result<Stored, StoreError> {
    select(c, "WHERE a.id = ?1", &[Value::from(id.to_owned())])?.pop().ok_or(StoreError::NotFound)
}

/// The one that is shown for an id of a platform and is of one of these origins: told by it, living there, or there where its own copy
/// says that it lives. Whoever else uses the same id is another. Of several, the one that the first origin tells of.
pub(crate) fn by_native(c: &Connection, platform: &str, native: &str, sites: &[String]) -> Result<Option<Stored>, StoreError> {
    const SQL: &str = "WHERE a.platform = ?1 AND a.native = ?2 AND a.shown = 1
          AND (a.city IN (SELECT value FROM json_each(?3)) OR a.home IN (SELECT value FROM json_each(?3))
            OR a.city IN (SELECT copy.home FROM activities copy
              WHERE copy.platform = ?1 AND copy.native = ?2 AND copy.city IN (SELECT value FROM json_each(?3))))
        ORDER BY a.city <> ?4, a.city NOT IN (SELECT value FROM json_each(?3)), a.key LIMIT 1";
    let first = sites.first().cloned().unwrap_or_default();
    let all = serde_json::Value::from(sites.to_vec()).to_string();
    let values = [platform.to_owned(), native.to_owned(), all, first].map(Value::from);
    Ok(select(c, SQL, &values)?.pop())
}

/// Every playlist that is shown, at most `limit`.
pub(crate) fn playlists(c: &Connection, limit: u32) -> Result<Vec<Stored>, StoreError> {
    select(c, "WHERE a.shown = 1 AND a.kind = 'playlist' ORDER BY a.key LIMIT ?1", &[Value::from(limit)])
}

/// What is not over, at most `limit`, for next steps.
pub(crate) fn to_come(c: &Connection, now: Timestamp, limit: u32) -> Result<Vec<Stored>, StoreError> {
    let values = [Value::from(millis(now)), Value::from(limit)];
    let order = "ORDER BY a.starts_at IS NULL OR a.starts_at < ?1, a.starts_at, a.key DESC LIMIT ?2";
    select(c, &format!("WHERE a.shown = 1 AND (a.ends_at IS NULL OR a.ends_at >= ?1) {order}"), &values)
}

/// What is shown and gives a badge with one of these names, over or not, at most `limit`, the newest first.
pub(crate) fn giving(c: &Connection, names: &[&str], limit: u32) -> Result<Vec<Stored>, StoreError> {
    let phrase = |name: &&str| format!("\"{}\"", name.replace(|c: char| c == '"' || c.is_control(), " "));
    let words = names.iter().filter(|name| name.chars().any(char::is_alphanumeric));
    let phrases: Vec<String> = words.take(NAMES).map(phrase).collect();
    if phrases.is_empty() {
        return Ok(Vec::new());
    }
    const SQL: &str = "WHERE a.shown = 1 AND a.key IN (SELECT rowid FROM activity_search WHERE activity_search MATCH ?1)
        ORDER BY a.key DESC LIMIT ?2";
    select(c, SQL, &[Value::from(format!("badge : ({})", phrases.join(" OR "))), Value::from(limit)])
}

// ---- changing ---------------------------------------------------------------------------------------------------------------

/// The number of the next round of reading a city.
pub(crate) fn next_sweep(c: &Connection, city: &str) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COALESCE(max(sweep), 0) + 1 FROM activities WHERE city = ?1";
    Ok(c.prepare_cached(SQL)?.query_row([city], |r| r.get(0))?)
}

/// After all of a city was read: what it no longer tells of goes, but for what the learner plans. With `unseen_since`, only what no
/// reading since then told of either: for a reading in which some items could not be read, which may have been these.
pub(crate) fn end_sweep(c: &Connection, city: &str, sweep: i64, unseen_since: Option<Timestamp>) -> Result<(), StoreError> {
    remove(
        c,
        "city = ?1 AND sweep < ?2 AND (?3 IS NULL OR seen_at < ?3) AND id NOT IN (SELECT activity FROM plans)",
        &[Value::from(city.to_owned()), Value::from(sweep), Value::from(unseen_since.map(millis))],
    )
}

/// Everything that a city told. Plans stay for when it comes back.
pub(crate) fn remove_city(c: &Connection, city: &str) -> Result<(), StoreError> {
    remove(c, "city = ?1", &[Value::from(city.to_owned())])
}

/// What was only looked at, in a city that is not the learner's, and is not planned.
pub(crate) fn forget_looked_at(c: &Connection, before: Timestamp) -> Result<(), StoreError> {
    let looked_at = "seen_at < ?1 AND city NOT IN (SELECT id FROM cities) AND id NOT IN (SELECT activity FROM plans)";
    remove(c, looked_at, &[Value::from(millis(before))])
}

fn remove(c: &Connection, condition: &str, values: &[Value]) -> Result<(), StoreError> {
    let mut statement = c.prepare_cached(&format!("SELECT key, platform, native FROM activities WHERE {condition}"))?;
    let rows = statement.query_map(params_from_iter(values), |r| Ok((r.get::<_, i64>(0)?, r.get(1)?, r.get(2)?)))?;
    let gone: Vec<(i64, String, String)> = rows.collect::<Result<_, _>>()?;
    for (key, platform, native) in gone {
        c.prepare_cached("DELETE FROM activity_search WHERE rowid = ?1")?.execute([key])?;
        c.prepare_cached("DELETE FROM activities WHERE key = ?1")?.execute([key])?;
        stand_in(c, &platform, &native)?;
    }
    pictures::forget_unused(c)
}

/// Marks or unmarks what the learner plans.
pub(crate) fn plan(c: &Connection, id: &str, planned: bool, now: Timestamp) -> Result<(), StoreError> {
    if planned {
        c.execute("INSERT OR IGNORE INTO plans (activity, at) VALUES (?1, ?2)", params![id, millis(now)])?;
    } else {
        c.execute("DELETE FROM plans WHERE activity = ?1", [id])?;
    }
    let row = "SELECT platform, native FROM activities WHERE id = ?1";
    let (platform, native): (String, String) = c.query_row(row, [id], |r| Ok((r.get(0)?, r.get(1)?)))?;
    stand_in(c, &platform, &native)
}

/// The learner's own ticks in a playlist: part and whether it is done.
pub(crate) fn ticks(c: &Connection, playlist: &str) -> Result<std::collections::HashMap<String, bool>, StoreError> {
    let mut statement = c.prepare_cached("SELECT part, done FROM ticks WHERE playlist = ?1")?;
    let rows = statement.query_map([playlist], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Ticks or unticks a part, or leaves it to the badges again.
pub(crate) fn tick(c: &Connection, playlist: &str, part: &str, done: Option<bool>) -> Result<(), StoreError> {
    match done {
        Some(done) => {
            c.execute("INSERT OR REPLACE INTO ticks (playlist, part, done) VALUES (?1, ?2, ?3)", params![playlist, part, done])?
        }
        None => c.execute("DELETE FROM ticks WHERE playlist = ?1 AND part = ?2", [playlist, part])?,
    };
    Ok(())
}

#[cfg(test)]
mod tests;
