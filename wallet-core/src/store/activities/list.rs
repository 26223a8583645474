//! Lists and maps of what is here, and what their filters offer.

use std::sync::PoisonError;

use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params, params_from_iter, types::Value};

use super::{COLUMNS, StoreError, Stored, TABLES, kind_name, read};
use crate::{
    activity::{Activity, Kind, Point},
    store::{Store, fts_query, millis, time},
};

/// The skills that a filter offers.
const SKILLS: u32 = 40;
const MINUTE: SignedDuration = SignedDuration::from_mins(1);

/// Which activities; what is over before `now` is left out, unless it is planned and only plans are asked for.
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
    pub(crate) ends_at: Option<Timestamp>,
}

/// What the map shows of what fits.
#[derive(Debug)]
pub(crate) struct Marks {
    pub(crate) marked: Vec<Marked>,
    /// How many more have a place.
    pub(crate) left_out: u32,
    pub(crate) without_place: u32,
}

/// The conditions of a filter, and their values.
pub(super) fn conditions(filter: &Filter) -> (String, Vec<Value>) {
    let mut values: Vec<Value> = Vec::new();
    let mut sql = "a.shown = 1".to_owned();
    let mut add = |condition: &str, value: Value| {
        values.push(value);
        sql.push_str(" AND ");
        sql.push_str(&condition.replace("?", &format!("?{}", values.len())));
    };
    // What was planned is remembered when it is over.
    let from = if filter.planned { filter.from } else { Some(filter.from.map_or(filter.now, |from| from.max(filter.now))) };
    if let Some(from) = from {
        add("(a.ends_at IS NULL OR a.ends_at >= ?)", Value::from(millis(from)));
    }
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
        // Some say an id, some the name that they read.
        let asked = "SELECT k.id FROM skills k JOIN json_each(?) j ON k.id = j.value OR k.name = j.value COLLATE NOCASE";
        add(&format!("a.key IN (SELECT activity FROM activity_skills WHERE skill IN ({asked}))"), Value::from(all));
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
/// distance. What is over is last.
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
    let mut statement = c.prepare_cached(&format!("SELECT a.key, a.lat, a.lng, a.ends_at FROM activities a WHERE {sql}"))?;
    let mut rows = statement.query(params_from_iter(&values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let away = Point::new(row.get(1)?, row.get(2)?).map_or(f64::INFINITY, |place| point.km_to(place));
        if away <= km {
            let over = row.get::<_, Option<i64>>(3)?.is_some_and(|end| end < millis(filter.now));
            found.push((away, row.get::<_, i64>(0)?, over));
        }
    }
    found.sort_by(|a, b| a.2.cmp(&b.2).then(a.0.total_cmp(&b.0)).then(a.1.cmp(&b.1)));
    let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
    Ok((found.into_iter().skip(offset as usize).take(limit as usize).map(|(_, key, _)| key).collect(), total))
}

fn soonest(c: &Connection, filter: &Filter, offset: u32, limit: u32) -> Result<(Vec<i64>, u32), StoreError> {
    let (sql, values) = conditions(filter);
    let now = Value::from(millis(filter.now));
    let n = values.len() + 1;
    let starts = format!("a.starts_at >= ?{n}");
    // What only ends is as soon as its end.
    let ends = format!("a.starts_at IS NULL AND a.ends_at >= ?{n}");
    let over = format!("a.ends_at < ?{n}");
    let any =
        format!("(a.starts_at < ?{n} OR (a.starts_at IS NULL AND a.ends_at IS NULL)) AND (a.ends_at IS NULL OR a.ends_at >= ?{n})");
    let group = |condition: &str| format!("count(*) FILTER (WHERE {condition})");
    let count = format!("SELECT count(*), {}, {}, {} FROM activities a WHERE {sql}", group(&starts), group(&ends), group(&any));
    let counted = |r: &rusqlite::Row<'_>| Ok([r.get(0)?, r.get(1)?, r.get(2)?, r.get(3)?]);
    let [total, started, ended, undated]: [u32; 4] =
        c.prepare_cached(&count)?.query_row(params_from_iter(values.iter().chain([&now])), counted)?;
    let one = |condition: &str, order: &str| format!("SELECT a.key FROM activities a WHERE {sql} AND {condition} ORDER BY {order}");
    // Each half comes off its own index and both are merged; where nothing only ends, one index is enough.
    let dated = match ended {
        0 => one(&starts, "a.starts_at, a.key"),
        _ => format!(
            "SELECT a.key, a.starts_at FROM activities a WHERE {sql} AND {starts}
             UNION ALL SELECT a.key, a.ends_at FROM activities a WHERE {sql} AND {ends} ORDER BY 2, 1"
        ),
    };
    let groups = [
        (dated, started + ended),
        (one(&any, "a.key DESC"), undated),
        (one(&over, "a.ends_at DESC, a.key DESC"), total.saturating_sub(started + ended + undated)),
    ];
    let (mut keys, mut skip) = (Vec::new(), offset);
    for (text, count) in groups {
        let rest = limit.saturating_sub(u32::try_from(keys.len()).unwrap_or(limit));
        if rest > 0 && skip < count {
            let all = values.iter().cloned().chain([now.clone(), Value::from(rest), Value::from(skip)]);
            let mut statement = c.prepare_cached(&format!("{text} LIMIT ?{} OFFSET ?{}", n + 1, n + 2))?;
            let rows = statement.query_map(params_from_iter(all), |r| r.get(0))?;
            keys.extend(rows.collect::<Result<Vec<i64>, _>>()?);
        }
        skip = skip.saturating_sub(count);
    }
    Ok((keys, total))
}

/// What fits and has a place: at most `limit`, the nearest ones with a point, else the newest.
pub(crate) fn marks(c: &Connection, filter: &Filter, limit: u32) -> Result<Marks, StoreError> {
    let (sql, values) = conditions(filter);
    let count = format!("SELECT count(a.lat), count(*) - count(a.lat) FROM activities a WHERE {sql}");
    let counted = |r: &rusqlite::Row<'_>| Ok((r.get(0)?, r.get(1)?));
    let (placed, without_place) = c.prepare_cached(&count)?.query_row(params_from_iter(&values), counted)?;
    let (keys, total) = match filter.near {
        Some((point, km)) => nearest(c, filter, point, km, 0, limit)?,
        None => {
            let all = values.iter().cloned().chain([Value::from(limit)]);
            let order = format!("ORDER BY a.key DESC LIMIT ?{}", values.len() + 1);
            let mut statement =
                c.prepare_cached(&format!("SELECT a.key FROM activities a WHERE {sql} AND a.lat IS NOT NULL {order}"))?;
            let rows = statement.query_map(params_from_iter(all), |r| r.get(0))?;
            (rows.collect::<Result<Vec<i64>, _>>()?, placed)
        }
    };
    let left_out = total.saturating_sub(u32::try_from(keys.len()).unwrap_or(u32::MAX));
    const SQL: &str = "SELECT a.id, a.lat, a.lng, a.ends_at, t.data FROM activities a JOIN activity_texts t ON t.activity = a.key
        WHERE a.key IN (SELECT value FROM json_each(?1)) ORDER BY a.key DESC";
    let mut statement = c.prepare_cached(SQL)?;
    let mut rows = statement.query([serde_json::Value::from(keys).to_string()])?;
    let mut marked = Vec::new();
    while let Some(row) = rows.next()? {
        let Some(place) = Point::new(row.get(1)?, row.get(2)?) else { continue };
        marked.push(Marked {
            id: row.get(0)?,
            place,
            ends_at: row.get::<_, Option<i64>>(3)?.map(time),
            activity: serde_json::from_str(&row.get::<_, String>(4)?)?,
        });
    }
    Ok(Marks { marked, left_out, without_place })
}

/// How many are shown and not over.
fn count(c: &Connection, now: Timestamp) -> Result<u32, StoreError> {
    const SQL: &str = "SELECT count(*) FROM activities WHERE shown = 1 AND (ends_at IS NULL OR ends_at >= ?1)";
    Ok(c.prepare_cached(SQL)?.query_row([millis(now)], |r| r.get(0))?)
}

/// How many activities (catalogue badges among them) and playlists of a city are shown and not over.
pub(crate) fn count_of(c: &Connection, city: &str, now: Timestamp) -> Result<(u32, u32), StoreError> {
    const SQL: &str = "SELECT count(*) FILTER (WHERE kind <> 'playlist'), count(*) FILTER (WHERE kind = 'playlist')
        FROM activities WHERE +city = ?1 AND shown = 1 AND (ends_at IS NULL OR ends_at >= ?2)";
    Ok(c.prepare_cached(SQL)?.query_row(params![city, millis(now)], |r| Ok((r.get(0)?, r.get(1)?)))?)
}

/// What the filters offer, of all that is shown and not over.
#[derive(Debug, Clone)]
pub(crate) struct Offers {
    /// The city's name for it and how many, most frequent first.
    pub(crate) categories: Vec<(String, u32)>,
    /// Id, name and how many, the most frequent ones first.
    pub(crate) skills: Vec<(String, String, u32)>,
    /// How many activities there are.
    pub(crate) all: u32,
    at: Timestamp,
    changes: u64,
}

impl Store {
    /// What the filters offer. Counted anew when anything was written since, or after a minute: it is asked for with every letter that
    /// is typed, and costs more than a page.
    pub(crate) fn offers(&self, c: &Connection, now: Timestamp) -> Result<Offers, StoreError> {
        let changes = c.total_changes();
        let mut last = self.offers.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = last
            .as_ref()
            .filter(|last| last.changes == changes && (SignedDuration::ZERO..MINUTE).contains(&now.duration_since(last.at)));
        if let Some(fresh) = fresh {
            return Ok(fresh.clone());
        }
        let offers =
            Offers { categories: categories(c, now)?, skills: skills(c, now, SKILLS)?, all: count(c, now)?, at: now, changes };
        *last = Some(offers.clone());
        Ok(offers)
    }
}

fn categories(c: &Connection, now: Timestamp) -> Result<Vec<(String, u32)>, StoreError> {
    const SQL: &str = "SELECT category, count(*) n FROM activities
        WHERE shown = 1 AND category IS NOT NULL AND (ends_at IS NULL OR ends_at >= ?1) GROUP BY category ORDER BY n DESC, category";
    let mut statement = c.prepare_cached(SQL)?;
    let rows = statement.query_map([millis(now)], |r| Ok((r.get(0)?, r.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What is left out are few, so they are looked up and not what is left.
fn skills(c: &Connection, now: Timestamp, limit: u32) -> Result<Vec<(String, String, u32)>, StoreError> {
    const SQL: &str = "SELECT n.skill, k.name, n.n FROM
        (SELECT skill, count(*) n FROM activity_skills WHERE activity NOT IN
          (SELECT key FROM activities WHERE shown = 0
           UNION ALL SELECT key FROM activities WHERE shown = 1 AND ends_at < ?1)
         GROUP BY skill) n
        JOIN skills k ON k.id = n.skill ORDER BY n.n DESC, k.name LIMIT ?2";
    let mut statement = c.prepare_cached(SQL)?;
    let rows = statement.query_map(params![millis(now), limit], |r| Ok((r.get(0)?, r.get(1)?, r.get(2)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
