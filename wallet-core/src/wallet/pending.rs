//! What is between coming in and being kept: previews, questions about the network, sequences of codes, and what was opened.
//! In memory only, and not for long.

use std::collections::{BTreeSet, HashMap};

use badge_view::CheckedCredential;
use capsule::LinkAddress;
use jiff::{SignedDuration, Timestamp};
use open_badges::Container;
use uuid::Uuid;

use super::{Wallet, held};
use crate::{
    Error, ErrorCode, Result, input, qr,
    view::{BadgePreview, Incoming, Input, Origin, WalletEvent},
};

/// A preview that nobody answers is dropped.
const LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// Previews, and sequences of codes, at once.
const MOST: usize = 16;

/// Everything that waits.
#[derive(Debug, Default)]
pub(super) struct Pending {
    incoming: HashMap<String, (Timestamp, Waiting)>,
    sequences: HashMap<String, (Timestamp, qr::Collector)>,
    opened: Option<Input>,
}

/// One thing that waits for the person.
#[derive(Debug, Clone)]
pub(super) enum Waiting {
    /// Badges, previewed.
    Badges(Vec<Candidate>),
    /// Something that has to be fetched first, from these hosts.
    Network(Box<Input>, Vec<String>),
    /// A share link that has a passcode, and the hosts that were agreed to; `None` for all.
    Share(LinkAddress, Option<Vec<String>>),
}

/// A badge that may be kept.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) checked: CheckedCredential,
    pub(super) container: Container,
    /// Where it was fetched.
    pub(super) source_url: Option<String>,
    /// The file that it came in, when it was not just the credential's bytes.
    pub(super) file: Option<Vec<u8>>,
    pub(super) file_name: String,
    pub(super) file_type: Option<String>,
    /// Of what another app or a link opened: the hosts that were not asked yet. `None` for what a person brought.
    pub(super) unasked: Option<BTreeSet<String>>,
    /// The address that the learner says is theirs, and that matches.
    pub(super) claimed: Option<String>,
    /// The preview as it was answered.
    pub(super) preview: BadgePreview,
}

impl Pending {
    fn tidy(&mut self, now: Timestamp) {
        let fresh = |since: &Timestamp| now.duration_since(*since) < LIFETIME;
        self.incoming.retain(|_, (since, _)| fresh(since));
        self.sequences.retain(|_, (since, _)| fresh(since));
    }

    pub(super) fn put(&mut self, now: Timestamp, waiting: Waiting) -> String {
        let id = Uuid::now_v7().to_string();
        self.tidy(now);
        drop_oldest(&mut self.incoming);
        self.incoming.insert(id.clone(), (now, waiting));
        id
    }

    pub(super) fn get(&mut self, now: Timestamp, id: &str) -> Result<Waiting> {
        self.tidy(now);
        self.incoming.get(id).map(|(_, waiting)| waiting.clone()).ok_or_else(|| ErrorCode::NotFound.into())
    }

    pub(super) fn replace(&mut self, now: Timestamp, id: &str, waiting: Waiting) {
        self.incoming.insert(id.to_owned(), (now, waiting));
    }

    pub(super) fn take(&mut self, id: &str) {
        self.incoming.remove(id);
    }

    /// Takes one code of a sequence.
    pub(super) fn receive(&mut self, now: Timestamp, session: &str, text: &str) -> Result<qr::Progress> {
        self.tidy(now);
        if !self.sequences.contains_key(session) {
            drop_oldest(&mut self.sequences);
        }
        let (since, collector) = self.sequences.entry(session.to_owned()).or_insert_with(|| (now, qr::Collector::default()));
        *since = now;
        let progress = collector.receive(text)?;
        if matches!(progress, qr::Progress::Done(_)) {
            self.sequences.remove(session);
        }
        Ok(progress)
    }
}

/// Room for one more.
fn drop_oldest<T>(waiting: &mut HashMap<String, (Timestamp, T)>) {
    while waiting.len() >= MOST {
        let oldest = waiting.iter().min_by_key(|(id, (since, _))| (*since, id.as_str())).map(|(id, _)| id.clone());
        oldest.and_then(|id| waiting.remove(&id));
    }
}

impl Wallet {
    /// Drops a preview.
    pub async fn dismiss(&self, id: String) -> Result<()> {
        held(&self.inner.pending).take(&id);
        std::future::ready(Ok(())).await
    }

    /// Keeps what another app, a link or a file opened until the front end asks for it. Nothing else happens.
    pub async fn open_with(&self, input: Input) {
        held(&self.inner.pending).opened = Some(input);
        self.tell(WalletEvent::Opened);
        std::future::ready(()).await;
    }

    /// What was opened last, looked at without any request. Errors as for [`Wallet::inspect`].
    pub async fn take_opened(&self) -> Result<Option<Incoming>> {
        let opened = held(&self.inner.pending).opened.take();
        match opened {
            Some(input) => Ok(Some(self.inspect(input, Origin::Opened).await?)),
            None => Ok(None),
        }
    }

    /// Looks for codes in a camera frame: one byte of brightness a pixel, base64. `None` when there is no code in it.
    pub async fn scan_frame(&self, session: String, width: u32, height: u32, luma: String) -> Result<Option<Incoming>> {
        use base64::{Engine, engine::general_purpose::STANDARD};
        if luma.len() > input::MAX_FILE {
            return Err(ErrorCode::TooLarge.into());
        }
        let texts = super::blocking(move || {
            let luma = STANDARD.decode(luma).map_err(|e| Error::new(ErrorCode::Usage, e))?;
            Ok(qr::decode_luma(width, height, &luma))
        })
        .await?;
        let mut answer = None;
        for text in texts {
            match self.scan_text(session.clone(), text).await? {
                part @ Incoming::Part { .. } => answer = Some(part),
                whole => return Ok(Some(whole)),
            }
        }
        Ok(answer)
    }

    /// What a scanned code says. Codes of a sequence are collected by `session`: [`Incoming::Part`] until it is whole.
    pub async fn scan_text(&self, session: String, text: String) -> Result<Incoming> {
        if !qr::is_part(text.trim()) {
            return self.inspect(Input::Text(text), Origin::Person).await;
        }
        let progress = held(&self.inner.pending).receive(self.now(), &session, &text);
        match progress {
            Ok(qr::Progress::Done(shown)) => self.shown(shown.credentials, Origin::Person).await,
            Ok(qr::Progress::More(progress)) => Ok(Incoming::Part { progress }),
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + seconds).unwrap()
    }

    fn waiting() -> Waiting {
        Waiting::Network(Box::new(Input::Text(String::new())), Vec::new())
    }

    #[test]
    fn a_preview_lives_ten_minutes() {
        let mut pending = Pending::default();
        let id = pending.put(at(0), waiting());
        assert!(pending.get(at(599), &id).is_ok());
        assert_eq!(pending.get(at(600), &id).unwrap_err().code, ErrorCode::NotFound);
    }

    #[test]
    fn the_oldest_preview_gives_way() {
        let mut pending = Pending::default();
        let first = pending.put(at(0), waiting());
        let ids: Vec<_> = (1..=20).map(|t| pending.put(at(t), waiting())).collect();
        assert!(pending.get(at(21), &first).is_err());
        assert!(pending.get(at(21), &ids[19]).is_ok());
        assert!(pending.incoming.len() <= MOST);
    }
}
