//! Claim codes, and the experiment of being signed in to a city. A code goes to one city that the learner picked, and to no other.

use badge_view::CheckedCredential;
use open_badges::{Verdict, verdict_of};
use safe_fetch::Network;
use url::Url;
use uuid::Uuid;

use super::{Wallet, blocking};
use crate::{
    Error, ErrorCode, Result,
    activity::{Client, Resolved},
    convert, link,
    store::{
        Connection, StoreError, activities,
        cities::{self, Stored},
        claims::{self, Claim},
    },
    view::{CityView, ClaimOutcome, ClaimState, ClaimView, Held, PlatformBadge, WalletEvent},
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
        let _round = self.inner.claiming.lock().await;
        let stored = match self.city_for_claim(city.clone()).await {
            Ok(stored) => stored,
            // It is not known what it is; the code waits for that too.
            Err(Error { code: ErrorCode::Offline, .. }) if !self.in_demo() => return self.wait_for(&city, code).await,
            Err(error) => return Err(error),
        };
        if stored.city.claim.is_none() {
            return Err(ErrorCode::NotAllowed.into());
        }
        // It is on the list before it is sent: what happens to it is seen, whatever happens.
        let first = self.written(&stored.id, &stored.city.name, code).await?;
        let claim = self.resolve(&stored, first, false).await?;
        self.tell(WalletEvent::ClaimsChanged);
        Ok(view(claim))
    }

    /// The city of a claim: the learner's, or the one at this address, which becomes the learner's.
    async fn city_for_claim(&self, city: String) -> Result<Stored> {
        let id = city.clone();
        match self.read(move |c| cities::by_id(c, &id)).await {
            Err(Error { code: ErrorCode::NotFound, .. }) => {
                let added = self.add_city(city).await?;
                self.read(move |c| cities::by_id(c, &added.id)).await
            }
            known => known,
        }
    }

    /// Puts a code on the list for a city that could not be asked what it is.
    async fn wait_for(&self, address: &str, code: String) -> Result<ClaimView> {
        let url = Url::parse(address).map_err(|_| ErrorCode::NotACity)?;
        let claim = self.written(&url.origin().ascii_serialization(), &super::discover::host_of(&url), code).await?;
        self.tell(WalletEvent::ClaimsChanged);
        Ok(view(claim))
    }

    /// The line of a code on the list: the one that is there and not answered, or a new one.
    async fn written(&self, city: &str, name: &str, code: String) -> Result<Claim> {
        let fresh = Claim {
            id: Uuid::now_v7().to_string(),
            city: city.to_owned(),
            name: name.to_owned(),
            code,
            at: self.now(),
            state: ClaimState::Queued,
            outcome: Some(ClaimOutcome::Queued),
            problem: None,
        };
        self.write(move |t| {
            let claim = claims::open(t, &fresh.city, &fresh.code)?.unwrap_or(fresh);
            claims::put(t, &claim)?;
            Ok(claim)
        })
        .await
    }

    /// Every code that was used or waits, newest first.
    pub async fn claims(&self) -> Result<Vec<ClaimView>> {
        Ok(self.read(claims::all).await?.into_iter().map(view).collect())
    }

    /// Tries what waits for the network. Front ends call it when the network is back.
    pub async fn retry_claims(&self) -> Result<Vec<ClaimView>> {
        let _round = self.inner.claiming.lock().await;
        let mut changed = false;
        for Claim { id, .. } in self.read(claims::all).await? {
            // The learner may have taken it off the list, or its city, while others were asked.
            let Some(claim) = self.read(move |c| claims::queued(c, &id)).await? else { continue };
            changed |= match self.city_for_claim(claim.city.clone()).await {
                Ok(stored) => self.resolve(&stored, claim, true).await?.state != ClaimState::Queued,
                Err(Error { code, .. }) if goes_on(code) => false,
                Err(Error { code, .. }) => {
                    let failed = Claim { state: ClaimState::Failed, outcome: None, problem: Some(code), ..claim };
                    self.write(move |t| claims::update(t, &failed)).await?;
                    true
                }
            };
        }
        if changed {
            self.tell(WalletEvent::ClaimsChanged);
        }
        self.claims().await
    }

    /// Takes a code off the list.
    pub async fn forget_claim(&self, id: String) -> Result<()> {
        self.write(move |t| claims::remove(t, &id)).await?;
        self.tell(WalletEvent::ClaimsChanged);
        Ok(())
    }

    /// Brings one code to its city, and writes down what came of it, unless it was taken off the list meanwhile. One that `waited` waits
    /// on through a hiccup; one that was just sent and got no answer may be used up, and is sent again only by the learner.
    async fn resolve(&self, stored: &Stored, mut claim: Claim, waited: bool) -> Result<Claim> {
        let network = self.checker().await?.network;
        let token = self.token_of(stored).await?;
        let client = Client { network: &*network, language: self.language().await, token: token.as_ref().map(|t| t.as_str()) };
        let mut city = stored.city.clone();
        // Where it waited, the city was perhaps only an address.
        (claim.city, claim.name) = (stored.id.clone(), city.name.clone());
        (claim.outcome, claim.problem) = match client.resolve_code(&mut city, &claim.code).await {
            Ok(Resolved::SignIn) => (claim_page(stored, &claim.code).map(|url| ClaimOutcome::Browser { url }), None),
            Ok(resolved) => (Some(outcome(resolved)), None),
            Err(Error { code: ErrorCode::Offline, .. }) => (Some(ClaimOutcome::Queued), None),
            Err(Error { code, .. }) if waited && goes_on(code) => (Some(ClaimOutcome::Queued), Some(code)),
            Err(Error { code, .. }) => (None, Some(code)),
        };
        claim.state = match &claim.outcome {
            Some(ClaimOutcome::Queued) => ClaimState::Queued,
            Some(ClaimOutcome::Browser { .. }) => ClaimState::Browser,
            Some(_) => ClaimState::Done,
            None => ClaimState::Failed,
        };
        let (written, id) = (claim.clone(), stored.id.clone());
        self.write(move |t| {
            cities::learned(t, &id, &city)?;
            claims::update(t, &written)
        })
        .await?;
        Ok(claim)
    }
}

/// Whether a code that waited waits on after this: a hiccup of the city or of the way there.
fn goes_on(code: ErrorCode) -> bool {
    matches!(code, ErrorCode::Offline | ErrorCode::Unreachable | ErrorCode::CityBusy | ErrorCode::CityOdd)
}

/// A badge of a city came in: what this city gave by this name is here now, and else the one code that its site was opened for is
/// done. Of several, nobody can say which.
pub(super) fn answered(c: &Connection, badge: &CheckedCredential, source: Option<&str>) -> Result<(), StoreError> {
    // Any badge can name the city; one that is not known to be real answers nothing.
    if !matches!(verdict_of(&badge.judgement.checks), Verdict::Valid | Verdict::Attention) {
        return Ok(());
    }
    let content = &badge.content;
    let addresses = [source, content.credential_id.as_deref(), content.achievement_id.as_deref(), Some(content.issuer.id.as_str())];
    let sites: Vec<String> =
        addresses.into_iter().flatten().filter_map(|a| Some(Url::parse(a).ok()?.origin().ascii_serialization())).collect();
    let mut here = claims::all(c)?;
    here.retain(|claim| sites.contains(&claim.city));
    let given = |claim: &&mut Claim| matches!(&claim.outcome, Some(ClaimOutcome::Gained { name, url: Some(_), .. }) if *name == content.name);
    if let Some(claim) = here.iter_mut().find(given) {
        if let Some(ClaimOutcome::Gained { url, .. }) = &mut claim.outcome {
            *url = None;
        }
        return claims::put(c, claim);
    }
    let mut open = here.into_iter().filter(|claim| claim.state == ClaimState::Browser);
    let (Some(mut claim), None) = (open.next(), open.next()) else { return Ok(()) };
    claim.state = ClaimState::Done;
    claim.outcome = Some(ClaimOutcome::Gained { name: content.name.clone(), now: true, url: None });
    claims::put(c, &claim)
}

fn outcome(resolved: Resolved) -> ClaimOutcome {
    let text = |page: Option<Url>| page.map(String::from);
    match resolved {
        Resolved::Gained { name, now, page } => ClaimOutcome::Gained { name, now, url: text(page) },
        Resolved::More { name, page } => ClaimOutcome::More { name, url: text(page) },
        Resolved::JoinedActivity { name, page } => ClaimOutcome::JoinedActivity { name, url: text(page) },
        Resolved::JoinedOrganisation { name } => ClaimOutcome::JoinedOrganisation { name },
        Resolved::Unknown | Resolved::SignIn => ClaimOutcome::Unknown,
    }
}

/// The city's own page for a code.
fn claim_page(stored: &Stored, code: &str) -> Option<String> {
    let encoded: String = url::form_urlencoded::byte_serialize(code.as_bytes()).collect();
    stored.city.claim.as_ref().map(|template| template.replace("{code}", &encoded))
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
        let me = client.my_badges(&mut asked).await?;
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
                        // The interface names only the number of the badge's class.
                        let here = badge.class.as_deref().and_then(|class| holdings.on_site(&id, class));
                        let held = here.map_or(Held::No, |badge| Held::Yes { badge });
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
            if let Err(error) = self.forget_token(&city.id).await {
                log::warn!("a token stays in the key store: {error}");
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
