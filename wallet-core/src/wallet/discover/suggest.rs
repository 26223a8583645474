//! *Wat past bij mij*: next steps, computed here from the learner's own badges. Nothing about the learner leaves the device.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    cards,
    holdings::{Holdings, normal},
};
use crate::{
    Result,
    activity::Kind,
    sentences::sentence,
    store::activities::{self, Stored},
    view::{Held, Suggestion},
    wallet::Wallet,
};

/// The most next steps.
const MOST: usize = 20;
/// The most of one reason that is not a playlist begun.
const EACH: usize = 8;
/// The most activities that are looked through.
const LOOKED: u32 = 3_000;
/// Skills occur together when so many activities have both.
const TOGETHER: u32 = 2;

/// Why something is a next step.
enum Because {
    Begun { done: u32, total: u32 },
    Prerequisites { badge: String },
    SharedSkill { skill: String, badge: String },
    RelatedSkill { skill: String, mine: String },
}

impl Because {
    fn name(&self) -> &'static str {
        match self {
            Self::Begun { .. } => "begun",
            Self::Prerequisites { .. } => "prerequisites",
            Self::SharedSkill { .. } => "shared_skill",
            Self::RelatedSkill { .. } => "related_skill",
        }
    }

    fn values(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Begun { done, total } => vec![("done", done.to_string()), ("total", total.to_string())],
            Self::Prerequisites { badge } => vec![("badge", badge.clone())],
            Self::SharedSkill { skill, badge } => vec![("skill", skill.clone()), ("badge", badge.clone())],
            Self::RelatedSkill { skill, mine } => vec![("skill", skill.clone()), ("mine", mine.clone())],
        }
    }
}

impl Wallet {
    /// Next steps: playlists that were begun, badges whose prerequisites are met, activities that share a skill with a badge, and
    /// activities whose skills often go with one. Asks nobody.
    pub async fn suggestions(&self) -> Result<Vec<Suggestion>> {
        let (language, now) = (self.language().await, self.now());
        let holdings = self.holdings().await?;
        self.read(move |c| {
            let mut steps: Vec<(Stored, Because)> = Vec::new();
            let mut closed = BTreeSet::new();
            for playlist in activities::playlists(c, LOOKED)? {
                let Some(progress) = holdings.progress(c, &playlist, now)?.begun() else { continue };
                // Nobody can go on with what is over, or of which the rest is.
                let over = playlist.ends_at.is_some_and(|end| end < now) || progress.next.is_none();
                if progress.complete || over {
                    closed.insert(playlist.id);
                } else {
                    steps.push((playlist, Because::Begun { done: progress.done, total: progress.total }));
                }
            }
            let mut open = activities::to_come(c, now, LOOKED)?;
            open.retain(|row| !closed.contains(&row.id) && !holdings.has_any(row));
            steps.extend(unlocked(&open, &holdings));
            steps.extend(by_skill(open, &holdings));
            let mut seen = BTreeSet::new();
            steps.retain(|(row, _)| seen.insert(row.id.clone()));
            steps.truncate(MOST);
            steps
                .into_iter()
                .map(|(row, because)| {
                    let values = because.values();
                    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
                    let reason = sentence(language, &format!("because_{}", because.name()), &values);
                    let activity = cards::card(c, &row, None, &holdings, now)?;
                    Ok(Suggestion { activity, reason, because: because.name().to_owned() })
                })
                .collect()
        })
        .await
    }
}

/// Badges that ask for others first, all of which are here. Where no other is named, but only so many of the same activity, nobody here
/// knows which they are: that is no next step.
fn unlocked(open: &[Stored], holdings: &Holdings) -> Vec<(Stored, Because)> {
    let met = |row: &Stored| {
        row.activity.badges.iter().find_map(|badge| {
            let here: Vec<_> = badge.requires.iter().filter(|r| holdings.requirement(row, r) != Held::No).collect();
            let needed =
                badge.requires_count.map_or(badge.requires.len(), |count| count as usize).clamp(1, badge.requires.len().max(1));
            let first = here.first()?;
            (here.len() >= needed).then(|| first.name.clone())
        })
    };
    open.iter().filter_map(|row| Some((row.clone(), Because::Prerequisites { badge: met(row)? }))).take(EACH).collect()
}

/// Activities that share a skill with a badge, then those whose skills often go with one of the learner's.
fn by_skill(open: Vec<Stored>, holdings: &Holdings) -> Vec<(Stored, Because)> {
    // The learner's skills: those that a badge names, each with the badge's name as it is written on it.
    let mine: HashMap<&str, &str> = holdings
        .all()
        .iter()
        .flat_map(|(_, achievement)| achievement.skills.iter().map(|skill| (skill.as_str(), achievement.title.as_str())))
        .collect();
    let skills =
        |row: &Stored| row.activity.skills.iter().map(|skill| (normal(&skill.name), skill.name.clone())).collect::<Vec<_>>();
    let mut pairs: BTreeMap<(String, String), u32> = BTreeMap::new();
    for row in &open {
        let names = skills(row);
        for (a, _) in names.iter().filter(|(a, _)| mine.contains_key(a.as_str())) {
            for (b, _) in names.iter().filter(|(b, _)| !mine.contains_key(b.as_str())) {
                *pairs.entry((b.clone(), a.clone())).or_default() += 1;
            }
        }
    }
    let related: BTreeMap<&str, &str> =
        pairs.iter().filter(|(_, count)| **count >= TOGETHER).map(|((skill, mine), _)| (skill.as_str(), mine.as_str())).collect();
    let (mut shared, mut near) = (Vec::new(), Vec::new());
    for row in open {
        if row.activity.kind == Kind::Playlist && row.activity.parts.is_empty() {
            continue;
        }
        let names = skills(&row);
        if let Some((key, skill)) = names.iter().find(|(key, _)| mine.contains_key(key.as_str())) {
            let badge = mine[key.as_str()].to_owned();
            shared.push((row, Because::SharedSkill { skill: skill.clone(), badge }));
        } else if let Some((key, skill)) = names.iter().find(|(key, _)| related.contains_key(key.as_str())) {
            let mine = related[key.as_str()].to_owned();
            near.push((row, Because::RelatedSkill { skill: skill.clone(), mine }));
        }
    }
    shared.truncate(EACH);
    near.truncate(EACH);
    shared.into_iter().chain(near).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::{Activity, Badge};

    #[test]
    fn a_badge_that_only_counts_what_comes_first_is_not_called_open() {
        let badge = Badge {
            id: "1".to_owned(),
            class: None,
            name: "Meester".to_owned(),
            issuer: None,
            description: None,
            picture: None,
            evidence: None,
            tasks: Vec::new(),
            tasks_needed: None,
            requires: Vec::new(),
            requires_count: Some(3),
        };
        let activity = Activity {
            badges: vec![badge],
            ..Activity::bare("badgecraft".to_owned(), "1".to_owned(), Kind::Activity, "Iets".to_owned())
        };
        let row = Stored {
            id: "1@stad.example".to_owned(),
            city: "https://stad.example".to_owned(),
            activity,
            picture: None,
            seen_at: jiff::Timestamp::UNIX_EPOCH,
            whole_at: None,
            planned: false,
            ends_at: None,
        };
        assert!(unlocked(&[row], &Holdings::default()).is_empty());
    }
}
