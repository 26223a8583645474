//! Everything that comes in: looked at, previewed with its verdict, and kept only when the person says so.

use std::collections::BTreeSet;

use badge_view::CheckedCredential;
use capsule::LinkAddress;
use open_badges::{Need, Payload};
use url::Url;

use super::{
    Wallet, blocking,
    consent::{Consent, unasked},
    discover::Around,
    held,
    pending::{Candidate, Waiting},
    shares::{is_of, seen},
    stored::{keep, known, picture_here, picture_of},
};
use crate::{
    Error, ErrorCode, Result,
    checker::{self, Ask, Checker, Found},
    convert,
    input::{self, Item, ItemKind, Opened},
    qr,
    sentences::Audience,
    share::{self, OpenedLink, Refusal},
    store::documents,
    view::{BadgePreview, CheckedBadge, Incoming, Input, KnownBadge, Origin, RecipientMatch, Saved, WalletEvent},
};

/// The session of codes that come in as files, one after another.
const FILES: &str = "files";
/// The most badges that are judged at a time.
const AT_ONCE: usize = 8;
/// Above so many badges, a preview has small pictures.
const MANY: usize = 20;

impl Wallet {
    /// Says what an input is. No badge is stored; of an activity, what its page says, for a day; and that a claim code gave a badge that
    /// is here already. A page that offers badges of its own site (`badgewallet:add?url=…`) is followed once. What a person brought may
    /// be fetched and checked at once; what another app or a link opened makes no request until [`Wallet::continue_incoming`].
    ///
    /// Errors: why it is no badge (`not_a_badge`, `damaged`, `hostile` …) or why it could not be fetched.
    pub async fn inspect(&self, input: Input, origin: Origin) -> Result<Incoming> {
        let again = input.clone();
        let opened = blocking(move || input::open(&input)).await?;
        if origin == Origin::Person {
            return self.sort(opened, Consent::Given).await;
        }
        let hosts = hosts(&opened);
        if !hosts.is_empty() {
            let id = held(&self.inner.pending).put(self.now(), Waiting::Network(Box::new(again), hosts.clone()));
            return Ok(Incoming::NeedsNetwork { id, hosts });
        }
        self.sort(opened, Consent::None).await
    }

    /// Goes on with the network, after the person agreed to the hosts that were named: fetches the badge, or what decides about
    /// one whose bytes are here. Hosts that only then turn out to be needed are named in the answer, and not asked.
    pub async fn continue_incoming(&self, id: String) -> Result<Incoming> {
        let waiting = held(&self.inner.pending).get(self.now(), &id)?;
        match waiting {
            Waiting::Network(input, hosts) => {
                let opened = blocking(move || input::open(&input)).await?;
                let incoming = self.sort(opened, Consent::To(hosts.into_iter().collect())).await?;
                held(&self.inner.pending).take(&id);
                Ok(incoming)
            }
            Waiting::Share(..) => Err(ErrorCode::PasscodeNeeded.into()),
            Waiting::Badges(candidates) => {
                let checker = Consent::of(&candidates).limit(self.checker().await?);
                let mut again = Vec::new();
                for candidate in candidates {
                    let CheckedCredential { credential, documents, .. } = candidate.checked.clone();
                    let mut checker = checker.clone();
                    std::sync::Arc::make_mut(&mut checker.lists).my_addresses.extend(candidate.claimed.clone());
                    let checked = checker.judge(credential, documents, Ask::Missing).await;
                    let index = candidate.preview.index;
                    let preview = self.preview(&checker, &checked, index, candidate.preview.badge.picture.clone()).await?;
                    let unasked = candidate.unasked.as_ref().map(|_| unasked(&checked));
                    again.push(Candidate { checked, preview, unasked, ..candidate });
                }
                let (badges, hosts) = (again.iter().map(|c| c.preview.clone()).collect(), Consent::of(&again).hosts());
                held(&self.inner.pending).replace(self.now(), &id, Waiting::Badges(again));
                Ok(Incoming::Badges { id, badges, rejected: Vec::new(), hosts })
            }
        }
    }

    /// "Is deze van jou?": compares an address with the one that a previewed badge was given to. Nothing is stored; on a match the
    /// address is remembered with [`Wallet::save`].
    pub async fn claim(&self, id: String, index: u32, address: String) -> Result<BadgePreview> {
        let address = super::keep::clean_address(&address)?;
        let Waiting::Badges(mut candidates) = held(&self.inner.pending).get(self.now(), &id)? else {
            return Err(ErrorCode::NotFound.into());
        };
        let candidate = candidates.iter_mut().find(|c| c.preview.index == index).ok_or(Error::from(ErrorCode::NotFound))?;
        let mine = [address.clone()];
        let recipient = convert::recipient(&candidate.checked, &mine);
        let matched = recipient.matched == RecipientMatch::Mine;
        candidate.claimed = matched.then_some(address);
        // The check of the recipient speaks of the address that was just typed, too.
        let mut checker = self.checker().await?;
        let lists = std::sync::Arc::make_mut(&mut checker.lists);
        lists.my_addresses.extend(mine);
        let CheckedCredential { credential, documents, .. } = candidate.checked.clone();
        candidate.checked = checker.judge(credential, documents, Ask::Never).await;
        candidate.preview.recipient = recipient;
        candidate.preview.verification = convert::verification(checker.language, &candidate.checked, Audience::Holder);
        let preview = candidate.preview.clone();
        held(&self.inner.pending).replace(self.now(), &id, Waiting::Badges(candidates));
        Ok(preview)
    }

    /// Keeps the chosen badges of a preview, all or none: the signed bytes, the file, the verdict and what it rests on. One that is
    /// here already is answered with its id and not stored twice; a newer version takes the place of the older one.
    ///
    /// Errors: `not_found` for a preview that is over, `locked`, `no_wallet`, `disk_full`.
    pub async fn save(&self, id: String, chosen: Vec<u32>) -> Result<Saved> {
        let Waiting::Badges(candidates) = held(&self.inner.pending).get(self.now(), &id)? else {
            return Err(ErrorCode::NotFound.into());
        };
        let mut kept = Vec::new();
        for index in &chosen {
            let candidate = candidates.iter().find(|c| c.preview.index == *index);
            kept.push(candidate.cloned().ok_or(Error::from(ErrorCode::NotFound))?);
        }
        let store = self.opened().await?;
        let now = self.now();
        let addresses = kept.iter().any(|c| c.claimed.is_some());
        let ids = blocking(move || {
            // Pictures are decoded before the transaction, which should be short.
            let ready: Vec<_> = kept.iter().map(|candidate| (candidate, picture_of(candidate))).collect();
            Ok(store.write(|t| {
                let mut ids = Vec::new();
                for (candidate, picture) in &ready {
                    ids.push(keep(t, candidate, picture, now)?);
                    super::claims::answered(t, candidate)?;
                }
                Ok(ids)
            })?)
        })
        .await?;
        held(&self.inner.pending).take(&id);
        if addresses {
            self.rejudge_all().await?;
        }
        self.tell(WalletEvent::BadgesChanged);
        self.tell(WalletEvent::ClaimsChanged);
        self.pictures_in_background();
        Ok(Saved { ids })
    }

    /// Judges what someone shows, with the learner's list of issuers and what this device fetched before, within its age. Stores
    /// nothing. Answers [`Incoming::Shown`], or [`Incoming::Passcode`]. Errors as for [`Wallet::inspect`].
    pub async fn check(&self, input: Input) -> Result<Incoming> {
        let opened = blocking(move || input::open(&input)).await?;
        if let [Item { kind: ItemKind::Share(link), .. }] = opened.items.as_slice() {
            return self.open_link(link.clone(), None, Consent::Given).await;
        }
        let checker = self.checker_of_others().await?;
        let (found, _) = checker.find_in(vec![opened]).await?;
        Ok(Incoming::Shown { badges: self.check_found(&checker, found, Ask::Missing).await?, shared: None })
    }

    /// Opens a share link with its passcode. After a wrong one the answer is [`Incoming::Passcode`] again. Errors: `share_locked`,
    /// `share_ended`, `host_…`, `not_found` for a link that is no longer waiting.
    pub async fn open_share(&self, id: String, passcode: String) -> Result<Incoming> {
        let Waiting::Share(link, hosts) = held(&self.inner.pending).get(self.now(), &id)? else {
            return Err(ErrorCode::NotFound.into());
        };
        let consent = hosts.map_or(Consent::Given, |hosts| Consent::To(hosts.into_iter().collect()));
        let incoming = self.open_link(link, Some(passcode), consent).await?;
        held(&self.inner.pending).take(&id);
        Ok(incoming)
    }

    // ---- parts ----------------------------------------------------------------------------------------------------------

    /// Badges that someone shows.
    pub(super) async fn shown(&self, credentials: Vec<Vec<u8>>, origin: Origin) -> Result<Incoming> {
        let checker = self.checker_of_others().await?;
        let found = checker::parse_all(&credentials)?;
        let ask = if origin == Origin::Opened { Ask::Never } else { Ask::Missing };
        Ok(Incoming::Shown { badges: self.check_found(&checker, found, ask).await?, shared: None })
    }

    /// What is behind a share link. Its host is asked, and then whoever the verdicts need, as far as the person agreed.
    async fn open_link(&self, link: LinkAddress, passcode: Option<String>, consent: Consent) -> Result<Incoming> {
        let mut host = self.host(&link.host, false).await?;
        let checker = consent.limit(self.checker_of_others().await?);
        host.network = consent.limit_network(host.network);
        let hosts = match &consent {
            Consent::Given => None,
            Consent::None => Some(Vec::new()),
            Consent::To(hosts) => Some(hosts.iter().cloned().collect()),
        };
        let OpenedLink { portfolio, shared } = match share::open(&host, &link, passcode, self.now()).await {
            Ok(opened) => opened,
            Err(Refusal { code: ErrorCode::PasscodeNeeded | ErrorCode::WrongPasscode, left, .. }) => {
                let id = held(&self.inner.pending).put(self.now(), Waiting::Share(link, hosts));
                return Ok(Incoming::Passcode { id, left });
            }
            Err(refusal) => return Err(refusal.into()),
        };
        let mut badges = Vec::new();
        for shared in &portfolio.badges {
            let Found { credential, documents, .. } = checker::parse(shared.credential.as_bytes())?;
            let checked = checker.judge(credential, documents, Ask::Missing).await;
            let checked = self.with_what_is_here(&checker, checked, Ask::Missing).await?;
            // An address that the sharer added counts only where the badge's own hash says so.
            let address = shared.address.as_ref().filter(|address| is_of(&checked, address));
            badges.push(seen(convert::checked_badge(checker.language, &checked).await?, address));
        }
        Ok(Incoming::Shown { badges, shared: Some(shared) })
    }

    /// The learner's own addresses say nothing about a badge that someone else shows.
    async fn checker_of_others(&self) -> Result<Checker> {
        let mut checker = self.checker().await?;
        std::sync::Arc::make_mut(&mut checker.lists).my_addresses.clear();
        Ok(checker)
    }

    async fn check_found(&self, checker: &Checker, found: Vec<Found>, ask: Ask) -> Result<Vec<CheckedBadge>> {
        let mut badges = Vec::new();
        for Found { credential, documents, .. } in found {
            let checked = checker.judge(credential, documents, ask).await;
            let checked = self.with_what_is_here(checker, checked, ask).await?;
            badges.push(convert::checked_badge(checker.language, &checked).await?);
        }
        Ok(badges)
    }

    /// Where the network was silent, or not asked, looks among what this device fetched before. Its age is for the judgement.
    async fn with_what_is_here(&self, checker: &Checker, mut checked: CheckedCredential, ask: Ask) -> Result<CheckedCredential> {
        if self.store().is_err() {
            return Ok(checked);
        }
        // One document names the next; no honest chain is longer.
        for _ in 0..6 {
            let silent = checked.documents.iter().filter(|(_, fetched)| is_silence(&fetched.answer)).map(|(need, _)| need);
            let needs: BTreeSet<Need> = silent.chain(&checked.judgement.missing).cloned().collect();
            let here = self
                .read(move |c| {
                    let found = needs.iter().map(|need| documents::find(c, need)).collect::<Result<Vec<_>, _>>()?;
                    Ok(found.into_iter().flatten().map(|d| (d.need, d.latest)).collect::<Vec<_>>())
                })
                .await?;
            if here.is_empty() {
                break;
            }
            let mut documents = checked.documents;
            documents.extend(here);
            checked = checker.judge(checked.credential, documents, ask).await;
        }
        Ok(checked)
    }

    /// Takes every part of an input where it belongs.
    async fn sort(&self, opened: Opened, consent: Consent) -> Result<Incoming> {
        let checker = consent.limit(self.checker().await?);
        let origin = if matches!(consent, Consent::Given) { Origin::Person } else { Origin::Opened };
        let alone = opened.items.len() == 1;
        let mut refused = opened.rejected;
        let mut found: Vec<(Found, Option<Item>)> = Vec::new();
        let mut shown = Vec::new();
        let mut progress = None;
        if let [Item { kind: ItemKind::Share(link), .. }] = opened.items.as_slice() {
            return self.open_link(link.clone(), None, consent).await;
        }
        if let [Item { kind: ItemKind::Claim(code, city), .. }] = opened.items.as_slice() {
            return Ok(claim(code, city.as_ref()));
        }
        for mut item in opened.items {
            let kind = std::mem::replace(&mut item.kind, ItemKind::Part(String::new()));
            match kind {
                ItemKind::Badge(extracted) => {
                    for part in extracted {
                        let here = matches!(part.payload, Payload::Credential(_));
                        match checker.resolve(vec![part]).await {
                            Ok(more) => found.extend(more.into_iter().map(|f| (f, here.then(|| copy(&item))))),
                            Err(error) if alone => return Err(error),
                            Err(error) => refused.push((item.name.clone(), error.code)),
                        }
                    }
                }
                ItemKind::Address(url) => match checker.fetch(&url).await {
                    Ok(more) => found.extend(more.into_iter().map(|f| (f, None))),
                    Err(error) if alone && error.code == ErrorCode::NoBadgeThere => {
                        match self.look_around(&*checker.network, &url).await {
                            Some(Around::Is(incoming)) => return Ok(incoming),
                            Some(Around::Offers(badges)) => {
                                let more = checker.fetch_each(&badges, &mut refused).await;
                                found.extend(more.into_iter().map(|f| (f, None)));
                            }
                            None => return Ok(page(&url)),
                        }
                    }
                    Err(error) if alone => return Err(error),
                    Err(error) => refused.push((item.name, error.code)),
                },
                ItemKind::Shown(whole) => shown.extend(whole.credentials),
                // A share link among files is for *check*, alone; a code is for one city.
                ItemKind::Share(_) | ItemKind::Claim(..) => refused.push((item.name, ErrorCode::NotAllowed)),
                ItemKind::Part(text) => match held(&self.inner.pending).receive(self.now(), FILES, &text) {
                    Ok(qr::Progress::Done(whole)) => shown.extend(whole.credentials),
                    Ok(qr::Progress::More(part)) => progress = Some(part),
                    Err(error) if alone => return Err(error),
                    Err(error) => refused.push((item.name, error.code)),
                },
            }
        }
        match (found.is_empty(), shown.is_empty(), progress) {
            (true, false, _) => return self.shown(shown, origin).await,
            (true, true, Some(progress)) => return Ok(Incoming::Part { progress }),
            (true, true, None) => return Err(refused.first().map_or(ErrorCode::NotABadge, |(_, code)| *code).into()),
            // Something shown among files is for *check*; it is never offered to be kept.
            (false, false, _) => refused.push((String::new(), ErrorCode::NotAllowed)),
            (false, true, _) => {}
        }
        let candidates = self.candidates(&checker, found, &consent).await?;
        self.are_here(&candidates).await?;
        let (badges, hosts) = (candidates.iter().map(|c| c.preview.clone()).collect(), Consent::of(&candidates).hosts());
        let id = held(&self.inner.pending).put(self.now(), Waiting::Badges(candidates));
        let rejected = refused.into_iter().map(|(name, code)| checker.rejected(name, code)).collect();
        Ok(Incoming::Badges { id, badges, rejected, hosts })
    }

    /// Judges and previews. The same credential twice in one input counts once.
    async fn candidates(&self, checker: &Checker, found: Vec<(Found, Option<Item>)>, consent: &Consent) -> Result<Vec<Candidate>> {
        let ask = if matches!(consent, Consent::None) { Ask::Never } else { Ask::Missing };
        let mut seen = BTreeSet::new();
        let found: Vec<_> = found.into_iter().filter(|(f, _)| seen.insert(f.credential.id())).collect();
        // Hundreds of large pictures at once help nobody.
        let large = found.len() <= MANY;
        let mut candidates = Vec::new();
        let mut rest = found.into_iter().peekable();
        while rest.peek().is_some() {
            let mut judging = Vec::new();
            for (Found { credential, container, file, from, documents }, item) in rest.by_ref().take(AT_ONCE) {
                let (checker, credential) = (checker.clone(), credential);
                let task = tokio::spawn(async move { checker.judge(credential, documents, ask).await });
                judging.push((task, container, file, from, item));
            }
            for (task, container, fetched, from, item) in judging {
                let mut checked = task.await.map_err(|e| Error::new(ErrorCode::Internal, e))?;
                if matches!(consent, Consent::None) {
                    checked = self.with_what_is_here(checker, checked, ask).await?;
                }
                let index = u32::try_from(candidates.len()).unwrap_or(u32::MAX);
                let (file, file_name, file_type) = match (item, fetched) {
                    (Some(item), _) => (item.file, item.name, item.media_type.map(str::to_owned)),
                    (None, Some((name, media_type, bytes))) => (Some(bytes), name, Some(media_type).filter(|t| !t.is_empty())),
                    (None, None) => (None, String::new(), None),
                };
                let assertion = checked.documents.keys().find(|n| n.purpose == open_badges::Purpose::Assertion);
                let source_url = assertion.map(|n| n.url.clone()).or_else(|| from.map(String::from));
                let (content, pixels) = (checked.content.clone(), file.clone());
                let picture = blocking(move || Ok(picture_here(&content, pixels.as_deref()))).await?;
                let picture = picture.map(|p| convert::png_uri(if large { &p.large } else { &p.small }));
                let preview = self.preview(checker, &checked, index, picture).await?;
                let unasked = (!matches!(consent, Consent::Given)).then(|| unasked(&checked));
                candidates.push(Candidate {
                    checked,
                    container,
                    source_url,
                    file,
                    file_name,
                    file_type,
                    unasked,
                    claimed: None,
                    preview,
                });
            }
        }
        Ok(candidates)
    }

    async fn preview(
        &self,
        checker: &Checker,
        checked: &CheckedCredential,
        index: u32,
        picture: Option<String>,
    ) -> Result<BadgePreview> {
        let credential = checked.credential.clone();
        let known = match self.store() {
            Ok(_) => self.read(move |c| known(c, &credential)).await?,
            Err(_) => KnownBadge::New,
        };
        Ok(BadgePreview {
            index,
            content_id: checked.credential.id().0,
            badge: convert::face(&checked.content, picture),
            verification: convert::verification(checker.language, checked, Audience::Holder),
            recipient: convert::recipient(checked, &checker.lists.my_addresses),
            known,
        })
    }
}

/// The hosts that would be asked for the badges themselves.
fn hosts(opened: &Opened) -> Vec<String> {
    let mut hosts = BTreeSet::new();
    let mut add = |url: &Url| hosts.extend(url.host_str().map(str::to_owned));
    for item in &opened.items {
        match &item.kind {
            ItemKind::Address(url) => add(url),
            ItemKind::Badge(extracted) => {
                for part in extracted {
                    if let Payload::Address(address) = &part.payload
                        && let Ok(url) = Url::parse(address)
                    {
                        add(&url);
                    }
                }
            }
            ItemKind::Share(link) => {
                if let Ok(url) = Url::parse(&link.host) {
                    add(&url);
                }
            }
            // A code is sent to nobody before the learner says to whom.
            ItemKind::Shown(_) | ItemKind::Part(_) | ItemKind::Claim(..) => {}
        }
    }
    hosts.into_iter().collect()
}

fn copy(item: &Item) -> Item {
    let Item { name, file, media_type, .. } = item;
    Item { name: name.clone(), file: file.clone(), media_type: *media_type, kind: ItemKind::Part(String::new()) }
}

fn claim(code: &str, city: Option<&Url>) -> Incoming {
    let host = city.map(super::discover::host_of);
    Incoming::Claim { code: code.to_owned(), city: city.map(|city| city.origin().ascii_serialization()), host }
}

fn page(url: &Url) -> Incoming {
    Incoming::Page { host: url.host_str().unwrap_or_default().to_owned(), url: url.to_string() }
}

fn is_silence(answer: &open_badges::Answer) -> bool {
    matches!(answer, open_badges::Answer::Unreachable | open_badges::Answer::NotAsked)
}
