//! What the learner has, as cities' badges are compared with it. All of it happens here; nobody is told.

use std::collections::HashMap;

use jiff::Timestamp;
use open_badges::BadgeContent;
use url::Url;

use crate::{
    Result,
    activity::{Activity, Badge, MyBadge, Part, ends_at},
    convert,
    store::{
        Connection, StoreError,
        achievements::{self, Achievement},
        activities::{self, Stored},
        credentials,
    },
    view::{Held, NextPart, Progress},
    wallet::{Wallet, recheck::Whole},
};

/// The badges of this wallet that add up, by what they are one of.
#[derive(Debug, Default)]
pub(in crate::wallet) struct Holdings {
    all: Vec<(String, Achievement)>,
    by_class: HashMap<String, usize>,
    /// By the last part of the address of the class, where it is on the web.
    by_tail: HashMap<(String, String), usize>,
    by_name: HashMap<(String, String), usize>,
}

impl Wallet {
    /// What the learner has. Entries that are missing are made from the badges first.
    pub(in crate::wallet) async fn holdings(&self) -> Result<Holdings> {
        let missing = self.read(achievements::missing).await?;
        if !missing.is_empty() {
            self.write(move |t| {
                for id in missing {
                    let whole = Whole::read(t, credentials::by_id(t, &id)?)?;
                    let stored = &whole.stored;
                    achievements::put(t, stored.key, &stored.index.content_id, &achievement(&whole.content_here()))?;
                }
                Ok(())
            })
            .await?;
        }
        Ok(Holdings::new(self.read(achievements::all).await?))
    }
}

/// What a badge says that it is one of.
fn achievement(content: &BadgeContent) -> Achievement {
    let named = content.alignments.iter().map(|alignment| alignment.name.clone());
    let skills = named.chain(content.tags.iter().cloned()).map(|name| normal(&name)).filter(|name| !name.is_empty()).take(100);
    Achievement {
        class: content.achievement_id.clone(),
        skills: skills.collect(),
        issuer: normal(content.issuer.name.as_deref().unwrap_or_default()),
        name: normal(&content.name),
        title: content.name.clone(),
    }
}

/// A name as names are compared: without case, and with single spaces.
pub(super) fn normal(name: &str) -> String {
    name.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The origin and the last part of an address, without a file's ending.
fn tail(url: &Url) -> Option<(String, String)> {
    let last = url.path_segments()?.rfind(|segment| !segment.is_empty())?;
    let last = last.strip_suffix(".json").unwrap_or(last);
    Some((url.origin().ascii_serialization(), last.to_owned()))
}

impl Holdings {
    fn new(all: Vec<(String, Achievement)>) -> Self {
        let mut holdings = Self::default();
        for (at, (_, achievement)) in all.iter().enumerate() {
            if let Some(class) = achievement.class.as_deref().and_then(|class| Url::parse(class).ok()) {
                if let Some(tail) = tail(&class) {
                    holdings.by_tail.insert(tail, at);
                }
                holdings.by_class.insert(class.to_string(), at);
            }
            holdings.by_name.insert((achievement.name.clone(), achievement.issuer.clone()), at);
        }
        Self { all, ..holdings }
    }

    /// The badges: id and what each is one of.
    pub(super) fn all(&self) -> &[(String, Achievement)] {
        &self.all
    }

    /// Their titles as they are written, the newest first.
    pub(super) fn titles(&self) -> Vec<&str> {
        self.all.iter().rev().map(|(_, achievement)| achievement.title.as_str()).collect()
    }

    /// Whether a badge of an activity is among them: by the address of its class; on Cities of Learning, whose interface names only
    /// the class's number, by that number on the same site; else by its name and its issuer's.
    pub(super) fn held(&self, row: &Stored, badge: &Badge) -> Held {
        let organiser = row.activity.organiser.as_ref().map(|o| o.name.as_str());
        self.find(&row.sites(), badge.class.as_ref(), &badge.id, &badge.name, badge.issuer.as_deref().or(organiser))
    }

    /// Whether a badge that comes before another is among them.
    pub(super) fn requirement(&self, row: &Stored, required: &crate::activity::Required) -> Held {
        let organiser = row.activity.organiser.as_ref().map(|o| o.name.as_str());
        self.find(&row.sites(), required.class.as_ref(), &required.id, &required.name, organiser)
    }

    /// Whether a badge of a city's server is among them: by the number of its class on this site, which is all that the interface
    /// names; else by its name and its issuer's, for where a city keeps its badges is not known.
    pub(in crate::wallet) fn on_site(&self, site: &str, badge: &MyBadge) -> Held {
        let numbered = badge.class.as_ref().and_then(|class| self.by_tail.get(&(site.to_owned(), class.clone())));
        match numbered {
            Some(at) => Held::Yes { badge: self.all[*at].0.clone() },
            None => self.alike(&badge.name, badge.issuer.as_deref()),
        }
    }

    fn alike(&self, name: &str, issuer: Option<&str>) -> Held {
        let at = issuer.and_then(|issuer| self.by_name.get(&(normal(name), normal(issuer))));
        at.map_or(Held::No, |at| Held::Alike { badge: self.all[*at].0.clone() })
    }

    fn find(&self, sites: &[String], class: Option<&Url>, id: &str, name: &str, issuer: Option<&str>) -> Held {
        let badge = |at: &usize| self.all[*at].0.clone();
        if let Some(at) = class.and_then(|class| self.by_class.get(class.as_str())) {
            return Held::Yes { badge: badge(at) };
        }
        let numbered = || sites.iter().find_map(|site| self.by_tail.get(&(site.clone(), id.to_owned())));
        if let Some(at) = (class.is_none() && !id.is_empty()).then(numbered).flatten() {
            return Held::Yes { badge: badge(at) };
        }
        self.alike(name, issuer)
    }

    /// How far the learner is in a playlist.
    pub(super) fn progress(&self, c: &Connection, playlist: &Stored, now: Timestamp) -> Result<Steps, StoreError> {
        let ticks = activities::ticks(c, &playlist.id)?;
        let mut parts = Vec::new();
        for part in &playlist.activity.parts {
            let row = activities::by_native(c, &playlist.activity.platform, &part.id, &playlist.sites_of(part))?;
            let held = row.as_ref().and_then(|row| self.done(row)).unwrap_or_else(|| self.done_by_part(playlist, part));
            let ticked = ticks.get(&part.id).copied();
            parts.push(Step { part: part.clone(), done: ticked.unwrap_or(held != Held::No), held, ticked, row });
        }
        Ok(Steps { ordered: playlist.activity.ordered, parts, now })
    }

    /// Whether the badge for the whole of an activity is here; `None` when its city tells of none.
    fn done(&self, row: &Stored) -> Option<Held> {
        row.activity.badges.first().map(|badge| self.held(row, badge))
    }

    /// Whether the badge for a part is here, as far as its playlist tells which that is.
    fn done_by_part(&self, playlist: &Stored, part: &Part) -> Held {
        let mut sites = playlist.sites();
        sites.extend(playlist.sites_of(part));
        let badge = part.badge.as_ref();
        badge.map_or(Held::No, |badge| self.find(&sites, None, &badge.id, &badge.name, part.organiser.as_deref()))
    }

    /// Whether any badge of an activity is here.
    pub(super) fn has_any(&self, row: &Stored) -> bool {
        row.activity.badges.iter().any(|badge| self.held(row, badge) != Held::No)
    }

    /// The title of a badge of an activity that is here.
    pub(super) fn title_of_any(&self, row: &Stored) -> Option<&str> {
        row.activity
            .badges
            .iter()
            .find_map(|badge| match self.held(row, badge) {
                Held::Yes { badge } | Held::Alike { badge } => self.all.iter().find(|(id, _)| *id == badge),
                Held::No => None,
            })
            .map(|(_, achievement)| achievement.title.as_str())
    }
}

/// A playlist, part by part.
#[derive(Debug)]
pub(super) struct Steps {
    pub(super) parts: Vec<Step>,
    ordered: bool,
    now: Timestamp,
}

/// A part of a playlist, and whether it is done.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) part: Part,
    pub(super) done: bool,
    pub(super) held: Held,
    pub(super) ticked: Option<bool>,
    /// Its activity, when it is here.
    pub(super) row: Option<Stored>,
}

impl Step {
    /// What it is called; empty where nobody says.
    pub(super) fn title(&self) -> String {
        self.activity().map_or_else(|| self.part.title.clone(), |activity| activity.title.clone())
    }

    /// When it starts, and the time zone of that.
    pub(super) fn start(&self) -> (Option<Timestamp>, Option<&str>) {
        let (start, zone) =
            self.activity().map_or((self.part.start, &self.part.time_zone), |activity| (activity.start, &activity.time_zone));
        (start, zone.as_deref())
    }

    /// When it ends, as it is told.
    pub(super) fn end(&self) -> Option<Timestamp> {
        self.activity().map_or(self.part.end, |activity| activity.end)
    }

    /// After what time it is over.
    pub(super) fn ends_at(&self) -> Option<Timestamp> {
        let Part { start, end, duration, .. } = self.part;
        self.row.as_ref().map_or_else(|| ends_at(start, end, duration), |row| row.ends_at)
    }

    fn activity(&self) -> Option<&Activity> {
        self.row.as_ref().map(|row| &row.activity)
    }
}

impl Steps {
    /// The progress, once there is any.
    pub(super) fn begun(&self) -> Option<Progress> {
        let count = |parts: usize| u32::try_from(parts).unwrap_or(u32::MAX);
        let done = self.parts.iter().filter(|step| step.done).count();
        // Where nothing is mandatory, it is the whole that counts.
        let optional = self.parts.iter().all(|step| !step.part.mandatory);
        let complete = self.parts.iter().filter(|step| optional || step.part.mandatory).all(|step| step.done);
        (done > 0).then(|| Progress { done: count(done), total: count(self.parts.len()), complete, next: self.next() })
    }

    /// The next part of those that are not over: in an ordered playlist the first that is open; otherwise the one with the nearest date
    /// to come, else the first.
    fn next(&self) -> Option<NextPart> {
        let over = |step: &&Step| step.ends_at().is_some_and(|end| end < self.now);
        let mut open = self.parts.iter().filter(|step| !step.done && !over(step));
        let first = open.clone().next()?;
        let starts = |step: &Step| step.start().0.filter(|start| *start >= self.now);
        let soonest = open.by_ref().filter_map(|step| Some((starts(step)?, step))).min_by_key(|(start, _)| *start);
        let step = if self.ordered { first } else { soonest.map_or(first, |(_, step)| step) };
        Some(NextPart {
            id: step.row.as_ref().map(|row| row.id.clone()),
            title: step.title(),
            language: step.activity().and_then(|a| a.language.clone()),
            start: starts(step).map(convert::time),
            time_zone: step.start().1.map(str::to_owned),
        })
    }
}
