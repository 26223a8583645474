//! What cities told: one row for each city that tells of an activity, and which of these rows are shown.

use jiff::Timestamp;
use ring::digest;
use rusqlite::{Connection, OptionalExtension, Row, params, params_from_iter, types::Value};

use super::{StoreError, fts_query, millis, time};
use crate::activity::{Activity, Kind, Point};

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

/// What is new about a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Put {
    New,
    Changed,
    Same,
}

/// Which activities; what is over before `now` is left out.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    pub(crate) search: Option<String>,
    pub(crate) kind: Option<Kind>,
    pub(crate) city: Option<String>,
    pub(crate) now: Timestamp,
    pub(crate) from: Option<Timestamp>,
    pub(crate) to: Option<Timestamp>,
    pub(crate) categories: Vec<String>,
    pub(crate) skills: Vec<String>,
    pub(crate) near: Option<(Point, f64)>,
    pub(crate) online: bool,
    pub(crate) planned: bool,
}

/// A row of the map.
#[derive(Debug, Clone)]
pub(crate) struct Marked {
    pub(crate) id: String,
    pub(crate) place: Point,
    pub(crate) activity: Activity,
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

/// When it is over: at its end, else after its duration, else when the day of its start is.
fn ends_at(activity: &Activity) -> Option<Timestamp> {
    let lasts = |start: Timestamp| {
        let seconds = activity.duration.map_or(12 * 3600, i64::from);
        start.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(start)
    };
    activity.end.or_else(|| activity.start.map(lasts))
}

/// The origin of an address, as cities are filed.
fn origin(url: &url::Url) -> String {
    url.origin().ascii_serialization()
}

/// Keeps what `city` told. A card of what was read whole before changes what it says itself, and leaves the rest.
pub(crate) fn put(c: &Connection, city: &url::Url, told: &Activity, sweep: i64, now: Timestamp) -> Result<Put, StoreError> {
    let id = id_of(&told.id, city);
    let card = digest::digest(&digest::SHA256, serde_json::to_string(told)?.as_bytes());
    let before = c
        .prepare_cached("SELECT key, card FROM activities WHERE id = ?1")?
        .query_row([&id], |r| Ok((r.get::<_, i64>(0)?, r.get::<_, Vec<u8>>(1)?)))
        .optional()?;
    if let Some((key, known)) = &before
        && (known == card.as_ref())
    {
        c.prepare_cached("UPDATE activities SET seen_at = ?2, sweep = ?3 WHERE key = ?1")?.execute(params![
            key,
            millis(now),
            sweep
        ])?;
        return Ok(Put::Same);
    }
    let older = match &before {
        Some((key, _)) if !told.whole => data(c, *key)?,
        _ => None,
    };
    let activity = older.map_or_else(|| told.clone(), |older| over(told.clone(), older));
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
        ends_at(&activity).map(millis),
        activity.online,
        activity.place.map(|p| p.lat),
        activity.place.map(|p| p.lng),
        category,
        picture,
        card.as_ref(),
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
        want_picture(c, url.as_str(), now)?;
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

/// A card over what was read whole: what the card does not tell stays as it was.
fn over(card: Activity, older: Activity) -> Activity {
    let badges = match card.badges.is_empty() {
        true => older.badges,
        false => {
            card.badges.into_iter().map(|badge| older.badges.iter().find(|b| b.id == badge.id).cloned().unwrap_or(badge)).collect()
        }
    };
    let organiser = match (card.organiser, older.organiser) {
        (Some(new), Some(old)) if new.id == old.id && new.name == old.name => Some(old),
        (new, old) => new.or(old),
    };
    let list = |new: Vec<_>, old: Vec<_>| if new.is_empty() { old } else { new };
    Activity {
        description: card.description.or(older.description),
        language: card.language.or(older.language),
        duration: card.duration.or(older.duration),
        price: card.price.or(older.price),
        audience: card.audience.or(older.audience),
        co_hosts: if card.co_hosts.is_empty() { older.co_hosts } else { card.co_hosts },
        parts: if card.parts.is_empty() { older.parts } else { card.parts },
        ordered: card.ordered || older.ordered,
        playlists: if card.playlists.is_empty() { older.playlists } else { card.playlists },
        links: list(card.links, older.links),
        badges,
        organiser,
        ..card
    }
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

/// The one that is shown for an id of a platform; of several, the one that `city` tells of.
pub(crate) fn by_native(c: &Connection, platform: &str, native: &str, city: &str) -> Result<Option<Stored>, StoreError> {
    let values = [platform, native, city].map(|text| Value::from(text.to_owned()));
    Ok(select(c, "WHERE a.platform = ?1 AND a.native = ?2 AND a.shown = 1 ORDER BY a.city <> ?3, a.key LIMIT 1", &values)?.pop())
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

/// The conditions of a filter, and their values.
fn conditions(filter: &Filter) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = Vec::new();
    let mut sql = "a.shown = 1".to_owned();
    let mut add = |condition: &str, value: Value| {
        values.push(value);
        sql.push_str(" AND ");
        sql.push_str(&condition.replace("?", &format!("?{}", values.len())));
    };
    let from = filter.from.map_or(filter.now, |from| from.max(filter.now));
    add("(a.ends_at IS NULL OR a.ends_at >= ?)", Value::from(millis(from)));
    if let Some(to) = filter.to {
        add("a.starts_at < ?", Value::from(millis(to)));
    }
    if let Some(kind) = filter.kind {
        add("a.kind = ?", Value::from(kind_name(kind).to_owned()));
    }
    if let Some(city) = &filter.city {
        add("a.city = ?", Value::from(city.clone()));
    }
    if let Some(query) = filter.search.as_deref().map(fts_query).filter(|query| !query.is_empty()) {
        add("a.key IN (SELECT rowid FROM activity_search WHERE activity_search MATCH ?)", Value::from(query));
    }
    if !filter.categories.is_empty() {
        let all = serde_json::Value::from(filter.categories.clone()).to_string();
        add("a.category IN (SELECT value FROM json_each(?))", Value::from(all));
    }
    if !filter.skills.is_empty() {
        let all = serde_json::Value::from(filter.skills.clone()).to_string();
        let of = "SELECT activity FROM activity_skills WHERE skill IN (SELECT value FROM json_each(?))";
        add(&format!("a.key IN ({of})"), Value::from(all));
    }
    if let Some((point, km)) = filter.near {
        let (lat, lng) = box_around(point, km);
        add("a.lat >= ?", Value::from(point.lat - lat));
        add("a.lat <= ?", Value::from(point.lat + lat));
        add("a.lng >= ?", Value::from(point.lng - lng));
        add("a.lng <= ?", Value::from(point.lng + lng));
    }
    if filter.online {
        sql.push_str(" AND a.online = 1");
    }
    if filter.planned {
        sql.push_str(" AND a.id IN (SELECT activity FROM plans)");
    }
    (sql, values)
}

/// Half the height and width, in degrees, of a box that holds the circle.
fn box_around(point: Point, km: f64) -> (f64, f64) {
    let degree = 111.0;
    (km / degree, (km / (degree * point.lat.to_radians().cos().max(0.01))).min(360.0))
}

/// One page of what fits, and how many do: dates to come first, by date, then what is for any time, newest first; with a point, by
/// distance.
pub(crate) fn page(c: &Connection, filter: &Filter, offset: u32, limit: u32) -> Result<(Vec<Stored>, u32), StoreError> {
    let (keys, total) = match filter.near {
        Some((point, km)) => nearest(c, filter, point, km, offset, limit)?,
        None => soonest(c, filter, offset, limit)?,
    };
    let all = serde_json::Value::from(keys.clone()).to_string();
    let sql = format!("SELECT {COLUMNS}, a.key FROM {TABLES} WHERE a.key IN (SELECT value FROM json_each(?1))");
    let mut statement = c.prepare_cached(&sql)?;
    let mut rows = statement.query([all])?;
    let mut found = std::collections::HashMap::new();
    while let Some(row) = rows.next()? {
        found.insert(row.get::<_, i64>(8)?, read(row)?);
    }
    Ok((keys.iter().filter_map(|key| found.remove(key)).collect(), total))
}

fn nearest(c: &Connection, filter: &Filter, point: Point, km: f64, offset: u32, limit: u32) -> Result<(Vec<i64>, u32), StoreError> {
    let (sql, values) = conditions(filter);
    let mut statement = c.prepare_cached(&format!("SELECT a.key, a.lat, a.lng FROM activities a WHERE {sql}"))?;
    let mut rows = statement.query(params_from_iter(&values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let away = Point::new(row.get(1)?, row.get(2)?).map_or(f64::INFINITY, |place| point.km_to(place));
        if away <= km {
            found.push((away, row.get::<_, i64>(0)?));
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
    Ok((found.into_iter().skip(offset as usize).take(limit as usize).map(|(_, key)| key).collect(), total))
}

fn soonest(c: &Connection, filter: &Filter, offset: u32, limit: u32) -> Result<(Vec<i64>, u32), StoreError> {
    let (sql, values) = conditions(filter);
    let now = Value::from(millis(filter.now));
    let n = values.len() + 1;
    let count = |condition: &str| -> Result<u32, StoreError> {
        let text = format!("SELECT count(*) FROM activities a WHERE {sql} AND ?{n} = ?{n} {condition}");
        Ok(c.prepare_cached(&text)?.query_row(params_from_iter(values.iter().chain([&now])), |r| r.get(0))?)
    };
    let take = |condition: &str, order: &str, offset: u32, limit: u32| -> Result<Vec<i64>, StoreError> {
        let (skip, most) = (n + 2, n + 1);
        let text =
            format!("SELECT a.key FROM activities a WHERE {sql} AND {condition} ORDER BY {order} LIMIT ?{most} OFFSET ?{skip}");
        let all = values.iter().cloned().chain([now.clone(), Value::from(limit), Value::from(offset)]);
        let mut statement = c.prepare_cached(&text)?;
        let rows = statement.query_map(params_from_iter(all), |r| r.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    };
    let (dated, undated) = (format!("a.starts_at >= ?{n}"), format!("(a.starts_at IS NULL OR a.starts_at < ?{n})"));
    let (total, first) = (count("")?, count(&format!("AND {dated}"))?);
    let mut keys = if offset < first { take(&dated, "a.starts_at, a.key", offset, limit)? } else { Vec::new() };
    let rest = limit.saturating_sub(u32::try_from(keys.len()).unwrap_or(limit));
    if rest > 0 && first < total {
        keys.extend(take(&undated, "a.key DESC", offset.saturating_sub(first), rest)?);
    }
    Ok((keys, total))
}

/// What fits and has a place, at most `limit`, and how many that fit have none.
pub(crate) fn marks(c: &Connection, filter: &Filter, limit: u32) -> Result<(Vec<Marked>, u32), StoreError> {
    let (sql, mut values) = conditions(filter);
    let without = c
        .prepare_cached(&format!("SELECT count(*) FROM activities a WHERE {sql} AND a.lat IS NULL"))?
        .query_row(params_from_iter(&values), |r| r.get(0))?;
    values.push(Value::from(limit));
    let text = format!(
        "SELECT a.id, a.lat, a.lng, t.data FROM activities a JOIN activity_texts t ON t.activity = a.key
         WHERE {sql} AND a.lat IS NOT NULL ORDER BY a.key DESC LIMIT ?{}",
        values.len()
    );
    let mut statement = c.prepare_cached(&text)?;
    let mut rows = statement.query(params_from_iter(&values))?;
    let mut marks = Vec::new();
    while let Some(row) = rows.next()? {
        if let Some(place) = Point::new(row.get(1)?, row.get(2)?) {
            marks.push(Marked { id: row.get(0)?, place, activity: serde_json::from_str(&row.get::<_, String>(3)?)? });
        }
    }
    Ok((marks, without))
}

/// How many are shown and not over.
pub(crate) fn count(c: &Connection, now: Timestamp) -> Result<u32, StoreError> {
    const SQL: &str = "SELECT count(*) FROM activities WHERE shown = 1 AND (ends_at IS NULL OR ends_at >= ?1)";
    Ok(c.prepare_cached(SQL)?.query_row([millis(now)], |r| r.get(0))?)
}

/// How many activities (catalogue badges among them) and playlists of a city are shown and not over.
pub(crate) fn count_of(c: &Connection, city: &str, now: Timestamp) -> Result<(u32, u32), StoreError> {
    const SQL: &str = "SELECT count(*) FILTER (WHERE kind <> 'playlist'), count(*) FILTER (WHERE kind = 'playlist')
        FROM activities WHERE city = ?1 AND shown = 1 AND (ends_at IS NULL OR ends_at >= ?2)";
    Ok(c.prepare_cached(SQL)?.query_row(params![city, millis(now)], |r| Ok((r.get(0)?, r.get(1)?)))?)
}

/// The categories of what is shown and not over: file name, the name as last told, how many. Most frequent first.
pub(crate) fn categories(c: &Connection, now: Timestamp) -> Result<Vec<(String, u32)>, StoreError> {
    const SQL: &str = "SELECT category, count(*) n FROM activities
        WHERE shown = 1 AND category IS NOT NULL AND (ends_at IS NULL OR ends_at >= ?1) GROUP BY category ORDER BY n DESC, category";
    let mut statement = c.prepare_cached(SQL)?;
    let rows = statement.query_map([millis(now)], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The most frequent skills of what is shown and not over: id, name, how many.
pub(crate) fn skills(c: &Connection, now: Timestamp, limit: u32) -> Result<Vec<(String, String, u32)>, StoreError> {
    const SQL: &str = "SELECT s.skill, k.name, count(*) n FROM activity_skills s JOIN activities a ON a.key = s.activity
        JOIN skills k ON k.id = s.skill WHERE a.shown = 1 AND (a.ends_at IS NULL OR a.ends_at >= ?1)
        GROUP BY s.skill ORDER BY n DESC, k.name LIMIT ?2";
    let mut statement = c.prepare_cached(SQL)?;
    let rows = statement.query_map(params![millis(now), limit], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

// ---- changing ---------------------------------------------------------------------------------------------------------------

/// The number of the next round of reading a city.
pub(crate) fn next_sweep(c: &Connection, city: &str) -> Result<i64, StoreError> {
    const SQL: &str = "SELECT COALESCE(max(sweep), 0) + 1 FROM activities WHERE city = ?1";
    Ok(c.prepare_cached(SQL)?.query_row([city], |r| r.get(0))?)
}

/// After all of a city was read: what it no longer tells of goes, but for what the learner plans.
pub(crate) fn end_sweep(c: &Connection, city: &str, sweep: i64) -> Result<(), StoreError> {
    remove(
        c,
        "city = ?1 AND sweep < ?2 AND id NOT IN (SELECT activity FROM plans)",
        &[Value::from(city.to_owned()), Value::from(sweep)],
    )
}

/// Everything that a city told. Plans stay for when it comes back.
pub(crate) fn remove_city(c: &Connection, city: &str) -> Result<(), StoreError> {
    remove(c, "city = ?1", &[Value::from(city.to_owned())])
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
    c.execute("DELETE FROM activity_pictures WHERE url NOT IN (SELECT picture FROM activities WHERE picture IS NOT NULL)", [])?;
    Ok(())
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

// ---- pictures ---------------------------------------------------------------------------------------------------------------

/// A picture that was fetched, or is none.
#[derive(Debug, Clone)]
pub(crate) enum Fetched {
    Here { thumbnail: Vec<u8>, large: Vec<u8> },
    Refused,
}

/// Notes that a picture is wanted.
pub(crate) fn want_picture(c: &Connection, url: &str, now: Timestamp) -> Result<(), StoreError> {
    c.prepare_cached("INSERT OR IGNORE INTO activity_pictures (url, state, seen_at) VALUES (?1, 'wanted', ?2)")?
        .execute(params![url, millis(now)])?;
    Ok(())
}

/// Pictures of a city's cards that are wanted, of what comes first in the list first.
pub(crate) fn wanted_pictures(c: &Connection, city: &str, now: Timestamp, limit: u32) -> Result<Vec<String>, StoreError> {
    const SQL: &str = "SELECT p.url FROM activity_pictures p JOIN activities a ON a.picture = p.url
        WHERE p.state = 'wanted' AND a.city = ?1 AND a.shown = 1 AND (a.ends_at IS NULL OR a.ends_at >= ?2)
        GROUP BY p.url ORDER BY min(a.starts_at IS NULL OR a.starts_at < ?2), min(a.starts_at), max(a.key) DESC LIMIT ?3";
    let mut statement = c.prepare_cached(SQL)?;
    let rows = statement.query_map(params![city, millis(now), limit], |r| r.get(0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Whether a picture still has to be fetched.
pub(crate) fn is_wanted(c: &Connection, url: &str) -> Result<bool, StoreError> {
    let mut statement = c.prepare_cached("SELECT state = 'wanted' FROM activity_pictures WHERE url = ?1")?;
    Ok(statement.query_row([url], |r| r.get(0)).optional()?.unwrap_or(true))
}

/// Keeps a picture, or that it is none.
pub(crate) fn picture_arrived(c: &Connection, url: &str, picture: &Fetched, now: Timestamp) -> Result<(), StoreError> {
    let (state, thumbnail, large) = match picture {
        Fetched::Here { thumbnail, large } => ("here", Some(thumbnail), Some(large)),
        Fetched::Refused => ("refused", None, None),
    };
    const SQL: &str =
        "INSERT OR REPLACE INTO activity_pictures (url, state, thumbnail, large, seen_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    c.prepare_cached(SQL)?.execute(params![url, state, thumbnail, large, millis(now)])?;
    Ok(())
}

/// A small picture.
pub(crate) fn thumbnail(c: &Connection, url: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = c.prepare_cached("SELECT thumbnail FROM activity_pictures WHERE url = ?1")?;
    Ok(statement.query_row([url], |r| r.get(0)).optional()?.flatten())
}

/// A large picture.
pub(crate) fn large_picture(c: &Connection, url: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let mut statement = c.prepare_cached("SELECT large FROM activity_pictures WHERE url = ?1")?;
    Ok(statement.query_row([url], |r| r.get(0)).optional()?.flatten())
}
