//! Claim codes, and the experiment of being signed in to a city. A code goes to one city that the learner picked, and to no other.

use std::sync::Arc;

use badge_view::CheckedCredential;
use open_badges::{Securing, Verdict, verdict_of};
use safe_fetch::Network;
use url::Url;
use uuid::Uuid;

use super::{Wallet, blocking, held, pending::Candidate};
use crate::{
    Error, ErrorCode, Result,
    activity::{City, Client, Me, Resolved},
    convert, link,
    store::{
        Connection, StoreError, activities,
        cities::{self, Stored},
        claims::{self, Claim},
    },
    view::{CityView, ClaimOutcome, ClaimState, ClaimView, Held, KnownBadge, PlatformBadge, WalletEvent},
};

/// The name under which a city's token is kept in the device's key store.
pub(super) fn token_name(city: &str) -> String {
    format!("city {city}")
}

// ---- claims -----------------------------------------------------------------------------------------------------------------

impl Wallet {
    /// Uses a claim code at one city: one of the learner's (its id), or one at an address, which is added first. Without a network it
    /// waits, and is tried by [`Wallet::retry_claims`]. A code that waits already is not sent twice.
    ///
    /// Errors: `not_a_claim_code`, `not_allowed` for a city that says nothing about codes, and those of [`Wallet::add_city`].
    pub async fn claim_code(&self, city: String, code: String) -> Result<ClaimView> {
        let code = link::claim_code(&code).ok_or(ErrorCode::NotAClaimCode)?;
        let stored = match self.city_for_claim(city.clone()).await {
            Ok(stored) => stored,
            // It is not known what it is; the code waits for that too.
            Err(Error { code: ErrorCode::Offline, .. }) if !self.in_demo() => return self.wait_for(&city, code).await,
            Err(error) => return Err(error),
        };
        let one = self.turn(&stored.id, &code).lock_owned().await;
        // It is on the list before it is sent: what happens to it is seen, whatever happens.
        let first = self.written(&stored.id, &stored.city.name, code, false).await?;
        let claim = self.resolve(&stored, first, false).await?;
        drop(one);
        self.tell(WalletEvent::ClaimsChanged);
        Ok(view(claim))
    }

    /// The city of a claim: the learner's, or the one at this address, which becomes the learner's if it takes codes.
    async fn city_for_claim(&self, city: String) -> Result<Stored> {
        let takes = |city: &City| if city.claim.is_some() { Ok(()) } else { Err(Error::from(ErrorCode::NotAllowed)) };
        let id = city.clone();
        match self.read(move |c| cities::by_id(c, &id)).await {
            Err(Error { code: ErrorCode::NotFound, .. }) => {
                let found = self.find_city(&city).await?;
                takes(&found)?;
                let added = self.put_city(found).await?;
                self.read(move |c| cities::by_id(c, &added.id)).await
            }
            known => known.and_then(|stored| takes(&stored.city).map(|()| stored)),
        }
    }

    /// A code is brought to its city by one at a time; a slow city holds up no other code. Who is told that it is over finds it so.
    fn turn(&self, city: &str, code: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut turns = held(&self.inner.claiming);
        turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        turns.entry(format!("{city} {code}")).or_default().clone()
    }

    /// Puts a code on the list for a city that could not be asked what it is.
    async fn wait_for(&self, address: &str, code: String) -> Result<ClaimView> {
        let url = Url::parse(address).map_err(|_| ErrorCode::NotACity)?;
        let city = url.origin().ascii_serialization();
        let _one = self.turn(&city, &code).lock_owned().await;
        let claim = self.written(&city, &super::discover::host_of(&url), code, true).await?;
        self.tell(WalletEvent::ClaimsChanged);
        Ok(view(claim))
    }

    /// The line of a code on the list: the one that is there and not answered, or a new one. It waits, or is about to be sent: then it
    /// has no answer until it has one, for who never hears may have used it up.
    async fn written(&self, city: &str, name: &str, code: String, waits: bool) -> Result<Claim> {
        let (state, outcome, problem) = if waits {
            (ClaimState::Queued, Some(ClaimOutcome::Queued), None)
        } else {
            (ClaimState::Failed, None, Some(ErrorCode::Unreachable))
        };
        let fresh = Claim {
            id: Uuid::now_v7().to_string(),
            city: city.to_owned(),
            name: name.to_owned(),
            code,
            at: self.now(),
            state,
            outcome: outcome.clone(),
            problem,
        };
        self.write(move |t| {
            let open = claims::open(t, &fresh.city, &fresh.code)?;
            let claim = open.map_or(fresh, |open| Claim { state, outcome, problem, ..open });
            claims::put(t, &claim)?;
            Ok(claim)
        })
        .await
    }

    /// Every code that was used or waits, newest first. One that is on its way just now waits.
    pub async fn claims(&self) -> Result<Vec<ClaimView>> {
        let mut all = self.read(claims::all).await?;
        let turns = held(&self.inner.claiming);
        for claim in all.iter_mut().filter(|claim| claim.state == ClaimState::Failed) {
            if turns.get(&format!("{} {}", claim.city, claim.code)).is_some_and(|turn| Arc::strong_count(turn) > 1) {
                (claim.state, claim.outcome, claim.problem) = (ClaimState::Queued, Some(ClaimOutcome::Queued), None);
            }
        }
        Ok(all.into_iter().map(view).collect())
    }

    /// Tries what waits for the network. Front ends call it when the network is back.
    pub async fn retry_claims(&self) -> Result<Vec<ClaimView>> {
        let mut waiting = self.read(claims::all).await?;
        waiting.retain(|claim| claim.state == ClaimState::Queued);
        for Claim { id, city, code, .. } in waiting {
            let one = self.turn(&city, &code).lock_owned().await;
            // The learner may have taken it off the list, or its city, while others were asked.
            let Some(before) = self.read(move |c| claims::queued(c, &id)).await? else { continue };
            let after = match self.city_for_claim(city).await {
                Ok(stored) => self.resolve(&stored, before.clone(), true).await?,
                Err(Error { code, .. }) => {
                    let claim = came(before.clone(), Err(code), true);
                    let written = claim.clone();
                    self.write(move |t| claims::update(t, &written)).await?;
                    claim
                }
            };
            drop(one);
            if after != before {
                self.tell(WalletEvent::ClaimsChanged);
            }
        }
        self.claims().await
    }

    /// Takes a code off the list.
    pub async fn forget_claim(&self, id: String) -> Result<()> {
        self.write(move |t| claims::remove(t, &id)).await?;
        self.tell(WalletEvent::ClaimsChanged);
        Ok(())
    }

    /// Brings one code to its city, and writes down what came of it, unless it was taken off the list meanwhile.
    async fn resolve(&self, stored: &Stored, mut claim: Claim, waited: bool) -> Result<Claim> {
        let network = self.checker().await?.network;
        let token = self.token_of(stored).await?;
        let client = Client { network: &*network, language: self.language().await, token: token.as_ref().map(|t| t.as_str()) };
        let mut city = stored.city.clone();
        // Where it waited, the city was perhaps only an address.
        (claim.city, claim.name) = (stored.id.clone(), city.name.clone());
        let resolved = client.resolve_code(&mut city, &claim.code).await;
        // That may be about the code. Whether anybody is signed in, the city is asked.
        if let (Some(token), Ok(Resolved::SignIn)) = (&token, &resolved) {
            self.forget_refused(&stored.id, token, &client.my_badges(&mut city).await).await;
        }
        let answer = match resolved {
            Ok(Resolved::SignIn) => claim_page(&stored.city, &claim.code).ok_or(ErrorCode::NotAllowed),
            Ok(resolved) => Ok(outcome(resolved)),
            Err(error) => Err(error.code),
        };
        let claim = came(claim, answer, waited);
        let (written, id) = (claim.clone(), stored.id.clone());
        self.write(move |t| {
            cities::learned(t, &id, &city)?;
            claims::update(t, &written)
        })
        .await?;
        Ok(claim)
    }

    /// Badges that were looked at and are here already: a code that gave one of them asks for nothing more.
    pub(super) async fn are_here(&self, candidates: &[Candidate]) -> Result<()> {
        let here: Vec<Candidate> = candidates.iter().filter(|candidate| !is_new(candidate)).cloned().collect();
        if !here.is_empty() && self.write(move |t| here.iter().try_fold(false, |any, one| Ok(answered(t, one)? || any))).await? {
            self.tell(WalletEvent::ClaimsChanged);
        }
        Ok(())
    }
}

/// A claim and what came of it. One that `waited` waits on through a hiccup; one that was just sent and got no answer may be used up, and
/// is sent again only by the learner.
fn came(claim: Claim, answer: Result<ClaimOutcome, ErrorCode>, waited: bool) -> Claim {
    let (outcome, problem) = match answer {
        Ok(outcome) => (Some(outcome), None),
        Err(ErrorCode::Offline) => (Some(ClaimOutcome::Queued), None),
        // A hiccup of the city or of the way there.
        Err(code @ (ErrorCode::Unreachable | ErrorCode::CityBusy | ErrorCode::CityOdd)) if waited => {
            (Some(ClaimOutcome::Queued), Some(code))
        }
        Err(code) => (None, Some(code)),
    };
    let state = match &outcome {
        Some(ClaimOutcome::Queued) => ClaimState::Queued,
        Some(ClaimOutcome::Browser { .. }) => ClaimState::Browser,
        Some(_) => ClaimState::Done,
        None => ClaimState::Failed,
    };
    Claim { state, outcome, problem, ..claim }
}

fn is_new(candidate: &Candidate) -> bool {
    matches!(candidate.preview.known, KnownBadge::New | KnownBadge::Newer { .. })
}

/// A badge of a city is here: the code that gave it is done. Answers whether there is one. A badge that was here before answers only a
/// code that gave it; another may also be what an open code was for.
pub(super) fn answered(c: &Connection, candidate: &Candidate) -> Result<bool, StoreError> {
    let badge = &candidate.checked;
    // Any badge can name the city; one that is not known to be real answers nothing.
    if !matches!(verdict_of(&badge.judgement.checks), Verdict::Valid | Verdict::Attention) {
        return Ok(false);
    }
    let name = &badge.content.name;
    let own = own(candidate);
    let at = |city: &str| own.iter().any(|url| url.origin().ascii_serialization() == city);
    let all = claims::all(c)?;
    let here: Vec<Claim> = all.iter().filter(|claim| at(&claim.city)).cloned().collect();
    let new = is_new(candidate);
    // What is of one of the learner's cities is that one's.
    let stray = new && !cities::all(c)?.iter().any(|city| at(&city.id));
    let claim = given(&here, &own, name, new).or_else(|| open(&here).filter(|_| new));
    let Some(claim) = claim.or_else(|| elsewhere(&all, badge).filter(|_| stray)) else { return Ok(false) };
    let (now, url) = match claim.outcome.clone() {
        Some(ClaimOutcome::Gained { now, url, .. }) => (now, url),
        _ => (None, None),
    };
    let outcome = Some(ClaimOutcome::Gained { name: name.clone(), now, url, kept: true });
    claims::put(c, &Claim { state: ClaimState::Done, outcome, ..claim.clone() })?;
    Ok(true)
}

/// The addresses that are a badge's own: where it was fetched, and its id where that is more than what it says of itself. That is so of
/// a hosted badge, which was checked there, and on the host that its issuer was proved by. Whose class or issuer is there says less.
fn own(candidate: &Candidate) -> Vec<Url> {
    let badge = &candidate.checked;
    let proved = |url: &Url| {
        let host = super::discover::host_of(url);
        badge.credential.securing == Securing::Hosted || badge.judgement.domain.as_ref() == Some(&host)
    };
    let parsed = |address: &Option<String>| address.as_deref().and_then(|address| Url::parse(address).ok());
    let id = parsed(&badge.content.credential_id).filter(proved);
    parsed(&candidate.source_url).into_iter().chain(id).collect()
}

/// The claim that gave a badge of this name which lives on another site than its city's: where cities keep their badges is not known. A
/// name proves little, so a site has to vouch for the badge, and of several such claims nobody can say which.
fn elsewhere<'a>(claims: &'a [Claim], badge: &CheckedCredential) -> Option<&'a Claim> {
    let vouched = badge.credential.securing == Securing::Hosted || badge.judgement.domain.is_some();
    let gave = |claim: &&Claim| match &claim.outcome {
        Some(ClaimOutcome::Gained { name, kept: false, .. }) => *name == badge.content.name,
        _ => false,
    };
    let mut gave = claims.iter().filter(gave);
    gave.next().filter(|_| vouched && gave.next().is_none())
}

/// The claim that gave this badge: the one whose page has the badge's number, else one by its name. What was given just now is no badge
/// that was here before.
fn given<'a>(claims: &'a [Claim], own: &[Url], badge: &str, new: bool) -> Option<&'a Claim> {
    let last = |page: &str| Url::parse(page).ok()?.path_segments()?.next_back().map(str::to_owned);
    let has = |number: &String| own.iter().any(|url| url.path_segments().is_some_and(|mut parts| parts.any(|part| part == number)));
    let numbered = |claim: &&Claim| match &claim.outcome {
        Some(ClaimOutcome::Gained { url: Some(page), kept: false, .. }) => last(page).as_ref().is_some_and(has),
        _ => false,
    };
    let named = |claim: &&Claim| match &claim.outcome {
        Some(ClaimOutcome::Gained { name, now, kept: false, .. }) => name == badge && (new || *now != Some(true)),
        _ => false,
    };
    claims.iter().find(numbered).or_else(|| claims.iter().find(named))
}

/// The one code for which the site was opened, or which gave a badge without saying which. Of several, nobody can say which.
fn open(claims: &[Claim]) -> Option<&Claim> {
    let is_open = |claim: &&Claim| match &claim.outcome {
        Some(ClaimOutcome::Gained { name, url: None, kept: false, .. }) => name.is_empty(),
        _ => claim.state == ClaimState::Browser,
    };
    let mut open = claims.iter().filter(is_open);
    open.next().filter(|_| open.next().is_none())
}

fn outcome(resolved: Resolved) -> ClaimOutcome {
    let text = |page: Option<Url>| page.map(String::from);
    match resolved {
        Resolved::Gained { name, now, page } => ClaimOutcome::Gained { name, now, url: text(page), kept: false },
        Resolved::More { name, page } => ClaimOutcome::More { name, url: text(page) },
        Resolved::JoinedActivity { name, now, page } => ClaimOutcome::JoinedActivity { name, now, url: text(page) },
        Resolved::JoinedOrganisation { name, now } => ClaimOutcome::JoinedOrganisation { name, now },
        Resolved::Unknown | Resolved::SignIn => ClaimOutcome::Unknown,
    }
}

/// The city's own page for a code.
fn claim_page(city: &City, code: &str) -> Option<ClaimOutcome> {
    let encoded: String = url::form_urlencoded::byte_serialize(code.as_bytes()).collect();
    city.claim.as_ref().map(|template| ClaimOutcome::Browser { url: template.replace("{code}", &encoded) })
}

fn view(claim: Claim) -> ClaimView {
    let host = Url::parse(&claim.city).ok().map(|url| super::discover::host_of(&url)).unwrap_or_default();
    ClaimView {
        id: claim.id,
        code: claim.code,
        city: claim.name,
        host,
        at: convert::time(claim.at),
        state: claim.state,
        outcome: claim.outcome,
        problem: claim.problem,
    }
}

// ---- signed in: an experiment, off until the learner switches it on ----------------------------------------------------------

impl Wallet {
    /// Signs in to a city that the learner confirmed. The password goes there and nowhere else, and is not kept; the token lives in the
    /// device's key store. Errors: `not_allowed` while the experiment is off, `sign_in_needed` when the city refuses, `key_store_…`.
    pub async fn sign_in(&self, city: String, email: String, password: String) -> Result<CityView> {
        let password = zeroize::Zeroizing::new(password);
        if !self.offers_sign_in().await? {
            return Err(ErrorCode::NotAllowed.into());
        }
        let device = self.inner.config.device.clone();
        // Before the password leaves: a token that nothing can keep is no use.
        blocking(move || Ok(device.probe()?)).await?;
        let (stored, network) = self.city_to_ask(city).await?;
        let language = self.language().await;
        let mut asked = stored.city.clone();
        let client = Client { network: &*network, language, token: None };
        let token = client.sign_in(&mut asked, email.trim(), &password).await?.ok_or(ErrorCode::SignInNeeded)?;
        let signed = Client { network: &*network, language, token: Some(&token) };
        let name = signed.my_badges(&mut asked).await.map(|me| me.name).ok().filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| email.trim().to_owned());
        let (device, key, id) = (self.inner.config.device.clone(), token_name(&stored.id), stored.id.clone());
        blocking(move || Ok(device.set_token(&key, &token)?)).await?;
        self.write(move |t| {
            cities::learned(t, &id, &asked)?;
            cities::signed_in(t, &id, Some(&name))
        })
        .await?;
        self.tell(WalletEvent::ActivitiesChanged);
        self.city_view(stored.id).await
    }

    /// Forgets the token of a city.
    pub async fn sign_out(&self, city: String) -> Result<CityView> {
        self.forget_token(&city).await?;
        self.tell(WalletEvent::ActivitiesChanged);
        self.city_view(city).await
    }

    /// The badges that the city's server has for who is signed in there; those that are not in this wallet first. Error:
    /// `sign_in_needed`.
    pub async fn platform_badges(&self, city: String) -> Result<Vec<PlatformBadge>> {
        let (stored, network) = self.city_to_ask(city).await?;
        let token = self.token_of(&stored).await?.ok_or(ErrorCode::SignInNeeded)?;
        let client = Client { network: &*network, language: self.language().await, token: Some(&token) };
        let mut asked = stored.city.clone();
        let me = client.my_badges(&mut asked).await;
        self.forget_refused(&stored.id, &token, &me).await;
        let me = me?;
        let holdings = self.holdings().await?;
        let pictures: Vec<String> = me.badges.iter().filter_map(|badge| badge.picture.clone()).map(String::from).collect();
        self.fetch_activity_pictures(&network, &asked.origin, &pictures, activities::Size::Card).await?;
        let id = stored.id.clone();
        let mut badges = self
            .read(move |c| {
                me.badges
                    .into_iter()
                    .map(|badge| {
                        let picture =
                            badge.picture.as_ref().map(|url| activities::thumbnail(c, url.as_str())).transpose()?.flatten();
                        let held = holdings.on_site(&id, &badge);
                        Ok(PlatformBadge {
                            id: badge.id,
                            name: badge.name,
                            picture: picture.as_deref().map(convert::png_uri),
                            page: badge.page.into(),
                            held,
                        })
                    })
                    .collect::<Result<Vec<_>, StoreError>>()
            })
            .await?;
        badges.sort_by_key(|badge| badge.held != Held::No);
        Ok(badges)
    }

    async fn city_to_ask(&self, city: String) -> Result<(Stored, std::sync::Arc<dyn Network>)> {
        let stored = self.read(move |c| cities::by_id(c, &city)).await?;
        Ok((stored, self.checker().await?.network))
    }

    /// Forgets every token, before the wallet that knows of them goes. One that the key store does not let go of opens nothing here.
    pub(super) async fn forget_tokens(&self) {
        let all = self.read(cities::all).await.unwrap_or_default();
        for city in all.into_iter().filter(|city| city.signed_in.is_some()) {
            match self.forget_token(&city.id).await {
                Ok(()) => self.tell(WalletEvent::ActivitiesChanged),
                Err(error) => log::warn!("a token stays in the key store: {error}"),
            }
        }
    }

    /// Forgets a token that its city refused with this answer: nobody is shown as signed in who is not. One that came meanwhile stays.
    async fn forget_refused(&self, city: &str, token: &str, answer: &Result<Me>) {
        if !matches!(answer, Err(Error { code: ErrorCode::SignInNeeded, .. })) {
            return;
        }
        let (device, name, refused) =
            (self.inner.config.device.clone(), token_name(city), zeroize::Zeroizing::new(token.to_owned()));
        let same = blocking(move || Ok(device.token(&name).is_ok_and(|kept| *kept == *refused))).await;
        if same.unwrap_or(false) {
            match self.forget_token(city).await {
                Ok(()) => self.tell(WalletEvent::ActivitiesChanged),
                Err(error) => log::warn!("a refused token stays in the key store: {error}"),
            }
        }
    }

    /// Forgets who is signed in at a city.
    pub(super) async fn forget_token(&self, city: &str) -> Result<()> {
        let (id, key, device) = (city.to_owned(), token_name(city), self.inner.config.device.clone());
        let signed_in = {
            let id = id.clone();
            self.read(move |c| Ok(cities::by_id(c, &id)?.signed_in.is_some())).await?
        };
        if signed_in {
            blocking(move || Ok(device.delete(&key)?)).await?;
            self.write(move |t| cities::signed_in(t, &id, None)).await?;
        }
        Ok(())
    }
}
