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
/// The most activities that are looked up because they may have given a badge.
const GAVE: u32 = 500;
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
            let mine = skills_of(&holdings, open.iter().chain(&activities::giving(c, &holdings.titles(), GAVE)?));
            open.retain(|row| !closed.contains(&row.id) && !holdings.has_any(row));
            steps.extend(unlocked(&open, &holdings));
            steps.extend(by_skill(&open, &mine));
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

/// The learner's skills, each with the title of the badge that is for it: those that a badge names, and those of what it was given for.
/// Skills of a Cities of Learning server are its activities', and its badges name none.
fn skills_of<'a>(holdings: &Holdings, told: impl Iterator<Item = &'a Stored>) -> HashMap<String, String> {
    let named = holdings.all().iter().flat_map(|(_, badge)| badge.skills.iter().map(|skill| (skill.clone(), badge.title.clone())));
    let mut mine: HashMap<String, String> = named.collect();
    for (row, title) in told.filter_map(|row| Some((row, holdings.title_of_any(row)?))) {
        for skill in row.activity.skills.iter().map(|skill| normal(&skill.name)).filter(|skill| !skill.is_empty()) {
            mine.entry(skill).or_insert_with(|| title.to_owned());
        }
    }
    mine
}

/// Activities that share a skill with a badge, then those whose skills often go with one of the learner's in their city.
fn by_skill(open: &[Stored], mine: &HashMap<String, String>) -> Vec<(Stored, Because)> {
    let all: Vec<Vec<(String, &str)>> = open
        .iter()
        .map(|row| row.activity.skills.iter().map(|skill| (normal(&skill.name), skill.name.as_str())).collect())
        .collect();
    let mut pairs: BTreeMap<(&str, &str, &str), u32> = BTreeMap::new();
    for (row, names) in open.iter().zip(&all) {
        for (a, _) in names.iter().filter(|(a, _)| mine.contains_key(a)) {
            for (b, _) in names.iter().filter(|(b, _)| !mine.contains_key(b)) {
                *pairs.entry((&row.city, b, a)).or_default() += 1;
            }
        }
    }
    let often = pairs.iter().filter(|(_, count)| **count >= TOGETHER);
    let related: BTreeMap<(&str, &str), &str> = often.map(|((city, skill, mine), _)| ((*city, *skill), *mine)).collect();
    let (mut shared, mut near) = (Vec::new(), Vec::new());
    for (row, names) in open.iter().zip(&all) {
        if row.activity.kind == Kind::Playlist && row.activity.parts.is_empty() {
            continue;
        }
        let related = |key: &str| related.get(&(row.city.as_str(), key)).map(|mine| (*mine).to_owned());
        if let Some((skill, badge)) = names.iter().find_map(|(key, skill)| Some((*skill, mine.get(key)?))) {
            if shared.len() < EACH {
                shared.push((row.clone(), Because::SharedSkill { skill: skill.to_owned(), badge: badge.clone() }));
            }
        } else if near.len() < EACH
            && let Some((skill, mine)) = names.iter().find_map(|(key, skill)| Some((*skill, related(key)?)))
        {
            near.push((row.clone(), Because::RelatedSkill { skill: skill.to_owned(), mine }));
        }
    }
    shared.into_iter().chain(near).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activity::{Activity, Badge, Named};

    fn stored(city: &str, activity: Activity) -> Stored {
        Stored {
            id: activity.id.clone(),
            city: city.to_owned(),
            activity,
            picture: None,
            seen_at: jiff::Timestamp::UNIX_EPOCH,
            whole_at: None,
            planned: false,
            ends_at: None,
        }
    }

    fn bare(id: &str) -> Activity {
        Activity::bare("badgecraft".to_owned(), id.to_owned(), Kind::Activity, id.to_owned())
    }

    #[test]
    fn skills_go_together_where_they_often_do_in_one_city() {
        let told = |city: &str, id: &str, skills: &[&str]| {
            let skills = skills.iter().map(|name| Named { id: (*name).to_owned(), name: (*name).to_owned() }).collect();
            stored(city, Activity { skills, ..bare(id) })
        };
        let mine = HashMap::from([("koffie".to_owned(), "Barista".to_owned())]);
        let near = |cities: [&str; 3]| {
            let [one, two, here] = cities;
            let both = ["Koffie", "Gasten"];
            let open = [told(one, "1", &both), told(two, "2", &both), told(here, "3", &["Gasten"])];
            let steps = by_skill(&open, &mine);
            let near = steps.into_iter().filter(|(_, because)| matches!(because, Because::RelatedSkill { .. }));
            near.map(|(row, _)| row.id).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(near(["a", "a", "a"]), "3");
        assert_eq!(near(["a", "b", "a"]), "", "once in each city is not often");
        assert_eq!(near(["a", "a", "b"]), "", "nor is it often here");
    }

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
        let row = stored("https://stad.example", Activity { badges: vec![badge], ..bare("1") });
        assert!(unlocked(&[row], &Holdings::default()).is_empty());
    }
}
