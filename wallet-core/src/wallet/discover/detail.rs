//! One activity or playlist, whole.

use std::sync::Arc;

use badge_view::markdown;
use safe_fetch::Network;

use super::{cards, category, holdings::Holdings, host_of, word};
use crate::{
    ErrorCode, Result,
    activity::{Activity, Badge, Kind, Link, Organiser},
    convert,
    store::{
        Connection, StoreError,
        activities::{self, Stored, Told},
        cities,
    },
    view::{ActivityDetail, BadgeTask, BadgeToEarn, Fact, Freshness, Language, OrganiserView, PartView, RequiredBadge},
    wallet::{Wallet, consent::Consent},
};

/// The playlists that an activity is shown to be part of.
const PLAYLISTS: usize = 6;

impl Wallet {
    /// One activity. With [`Freshness::Now`] its city is asked for all of it first; when that does not work, what is here is shown, and
    /// [`ActivityDetail::problem`] says why. Its large pictures come in the background: [`WalletEvent::ActivitiesChanged`] tells. Error:
    /// `not_found`.
    pub async fn activity(&self, id: String, freshness: Freshness) -> Result<ActivityDetail> {
        let name = id.clone();
        let row = self.read(move |c| activities::by_id(c, &name)).await?;
        let problem = match freshness {
            Freshness::Stored => None,
            Freshness::Now => match self.read_whole(&row).await {
                Ok(()) => {
                    self.pictures_of_page_in_background(id.clone());
                    None
                }
                Err(error) => Some(error.code),
            },
        };
        let (language, now) = (self.language().await, self.now());
        let holdings = self.holdings().await?;
        self.read(move |c| {
            let row = activities::by_id(c, &id)?;
            detail(c, &row, &holdings, language, now, problem)
        })
        .await
    }

    /// Asks for all of an activity. What a playlist's parts are, where they are not here, is in that answer too.
    async fn read_whole(&self, row: &Stored) -> Result<()> {
        let city = row.city.clone();
        let network = self.city_network().await?;
        match self.read(move |c| cities::by_id(c, &city)).await {
            Ok(stored) => {
                let client = self.client(&*network, None).await;
                let mut city = stored.city.clone();
                let told = client.whole(&mut city, &row.activity.id).await?;
                let (origin, now) = (city.origin.clone(), self.now());
                self.write(move |t| {
                    cities::learned(t, &stored.id, &city)?;
                    let sweep = activities::next_sweep(t, &stored.id)?.saturating_sub(1);
                    let how = |told: &Activity| if told.whole { Told::Fully } else { Told::Partly };
                    told.as_ref().map(|told| activities::put(t, &origin, told, how(told), sweep, now)).transpose()
                })
                .await?
                .ok_or(ErrorCode::NotFound)?;
            }
            // It was looked at once, in a city that is not the learner's.
            Err(error) if error.code == ErrorCode::NotFound => {
                let origin = url::Url::parse(&row.city).map_err(|_| ErrorCode::NotFound)?;
                // Its page may be of another site, which nobody said yes to; the one that told has it at the same place.
                let told = || origin.join(&format!("/activities/{}", row.activity.id)).ok();
                let page = row.activity.page.clone().filter(|page| page.origin() == origin.origin()).or_else(told);
                let network = only_of(network, &origin);
                self.look_at_activity(&*network, &page.ok_or(ErrorCode::NotFound)?).await.ok_or(ErrorCode::NotFound)?;
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

/// The network for what was only looked at: the site that told of it, which the learner said yes to when a link led there, and nobody
/// whom that one names.
pub(super) fn only_of(network: Arc<dyn Network>, origin: &url::Url) -> Arc<dyn Network> {
    Consent::To(origin.host_str().map(str::to_owned).into_iter().collect()).limit_network(network)
}

fn detail(
    c: &Connection,
    row: &Stored,
    holdings: &Holdings,
    language: Language,
    now: jiff::Timestamp,
    problem: Option<ErrorCode>,
) -> Result<ActivityDetail, StoreError> {
    let activity = &row.activity;
    let host = url::Url::parse(&row.city).map(|url| host_of(&url)).unwrap_or_default();
    let cover = activity.cover.as_ref().or(activity.picture.as_ref());
    let large = |url: Option<&url::Url>| -> Result<Option<String>, StoreError> {
        let bytes = url.map(|url| activities::large_picture(c, url.as_str())).transpose()?.flatten();
        Ok(bytes.as_deref().map(convert::png_uri))
    };
    let steps = if activity.kind == Kind::Playlist { Some(holdings.progress(c, row, now)?) } else { None };
    let mut parts = Vec::new();
    for step in steps.into_iter().flat_map(|steps| steps.parts) {
        let of = step.row.as_ref().map(|row| &row.activity);
        let picture = step.row.as_ref().and_then(|row| row.picture.clone());
        let picture = picture.map(|url| activities::thumbnail(c, &url)).transpose()?.flatten();
        parts.push(PartView {
            title: step.title(),
            language: of.and_then(|a| a.language.clone()),
            start: step.start().0.map(convert::time),
            end: step.end().map(convert::time),
            past: step.ends_at().is_some_and(|end| end < now),
            time_zone: step.start().1.map(str::to_owned),
            minutes: of.and_then(cards::minutes).or(step.part.duration.map(|seconds| seconds / 60)),
            elsewhere: step.part.home.as_ref().map(host_of),
            picture: picture.as_deref().map(convert::png_uri),
            id: step.row.as_ref().map(|row| row.id.clone()),
            part: step.part.id,
            mandatory: step.part.mandatory,
            done: step.done,
            held: step.held,
            ticked: step.ticked,
        });
    }
    let mut badges = Vec::new();
    for badge in &activity.badges {
        let picture = large(badge.picture.as_ref())?;
        badges.push(to_earn(row, badge, holdings, language, picture));
    }
    let organiser = match &activity.organiser {
        Some(organiser) => {
            let picture = organiser.picture.as_ref().map(|url| activities::thumbnail(c, url.as_str())).transpose()?.flatten();
            Some(organiser_view(organiser, &host, picture.as_deref().map(convert::png_uri)))
        }
        None => None,
    };
    Ok(ActivityDetail {
        card: cards::card(c, row, None, holdings, now)?,
        cover: large(cover)?,
        description_html: activity.description.as_deref().map(markdown::to_html),
        language: activity.language.clone(),
        price: activity.price.clone(),
        audience: activity.audience.clone(),
        form: activity.form.as_deref().map(|form| word(language, "form", form)),
        category: activity.category.as_ref().map(|named| category(language, &named.name)),
        skills: activity.skills.iter().map(|skill| skill.name.clone()).collect(),
        organiser,
        co_hosts: activity.co_hosts.clone(),
        badges,
        parts,
        ordered: activity.ordered,
        playlists: part_of(c, row, holdings, now)?,
        links: activity.links.iter().map(link).collect(),
        page: activity.page.as_ref().map(url::Url::to_string),
        home: activity.home.as_ref().map_or(host, host_of),
        past: row.ends_at.is_some_and(|end| end < now),
        seen_at: convert::time(row.seen_at),
        whole: row.whole_at.is_some() || activity.whole,
        problem,
    })
}

/// The playlists that an activity is part of: those that it names, and those that name it.
fn part_of(
    c: &Connection,
    row: &Stored,
    holdings: &Holdings,
    now: jiff::Timestamp,
) -> Result<Vec<crate::view::ActivityCard>, StoreError> {
    let Activity { platform, id, playlists, .. } = &row.activity;
    let mut found = Vec::new();
    for native in playlists.iter().take(PLAYLISTS) {
        found.extend(activities::by_native(c, platform, native, &row.sites())?);
    }
    if found.is_empty() {
        for playlist in activities::playlists(c, 1_000)?.into_iter().filter(|p| p.activity.platform == *platform) {
            let Some(part) = playlist.activity.parts.iter().find(|part| part.id == *id) else { continue };
            // Another platform's playlist may name the same number.
            if activities::by_native(c, platform, id, &playlist.sites_of(part))?.is_some_and(|part| part.id == row.id) {
                found.push(playlist);
            }
            if found.len() == PLAYLISTS {
                break;
            }
        }
    }
    found.iter().map(|row| cards::card(c, row, None, holdings, now)).collect()
}

fn to_earn(row: &Stored, badge: &Badge, holdings: &Holdings, language: Language, picture: Option<String>) -> BadgeToEarn {
    BadgeToEarn {
        name: badge.name.clone(),
        description_html: badge.description.as_deref().map(markdown::to_html),
        picture,
        tasks: badge
            .tasks
            .iter()
            .map(|task| BadgeTask {
                text_html: markdown::to_html(&task.text),
                checked_by: task.check.as_deref().map(|check| word(language, "checked_by", check)),
            })
            .collect(),
        tasks_needed: badge.tasks_needed,
        evidence: badge.evidence,
        requires: badge
            .requires
            .iter()
            .map(|required| RequiredBadge { name: required.name.clone(), held: holdings.requirement(row, required) })
            .collect(),
        requires_count: badge.requires_count,
        held: holdings.held(row, badge),
    }
}

fn organiser_view(organiser: &Organiser, host: &str, picture: Option<String>) -> OrganiserView {
    OrganiserView {
        name: organiser.name.clone(),
        verified: organiser.verified,
        according_to: host.to_owned(),
        description_html: organiser.description.as_deref().map(markdown::to_html),
        address: organiser.address.clone(),
        links: organiser.links.iter().map(link).collect(),
        picture,
    }
}

fn link(link: &Link) -> Fact {
    Fact { label: link.label.clone(), value: link.url.clone() }
}
