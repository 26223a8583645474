//! What is said to a share host, and what its answers, or its silence, mean for a link.

use capsule::{Action, Manage, ManageKey, Seal};

use super::{Wallet, key, over};
use crate::{
    ErrorCode, Result,
    share::{self, Refusal},
    store::{history::Action as Line, shares::Share},
    view::{ShareState, ShareView},
};

impl Wallet {
    /// One step with a link at its host.
    pub(super) async fn step(&self, row: &Share, action: Action, seq: u64, capsule: &[u8]) -> Result<share::Standing, Refusal> {
        let host = self.host(&row.host, true).await?;
        let manage = ManageKey::from_seed(*row.manage_key);
        let auth_hash = match (&row.passcode, capsule.is_empty()) {
            (Some(passcode), false) => Some(share::derive(passcode.to_string(), key(row)).await?.auth_hash()),
            _ => None,
        };
        let id = manage.id().map_err(|_| ErrorCode::Internal)?;
        let step = Manage { action, id, seq, end: row.ends_at.map(share::seconds), auth_hash, capsule };
        host.manage(&step, &manage).await
    }

    /// Seals what is to be sent, and sends it as `row.sent`. On success the row says what the host confirmed.
    pub(super) async fn send(&self, mut row: Share) -> Result<Share, Refusal> {
        let manage = ManageKey::from_seed(*row.manage_key);
        let passcode = match &row.passcode {
            Some(passcode) => Some(share::derive(passcode.to_string(), key(&row)).await?),
            None => None,
        };
        let link_key = key(&row);
        let seal = Seal {
            key: &link_key,
            passcode: passcode.as_ref(),
            manage: &manage,
            seq: row.sent,
            end: row.ends_at.map(share::seconds),
        };
        let sealed = seal.seal(&row.body).map_err(|error| match error {
            capsule::SealError::TooLarge => ErrorCode::ShareTooLarge,
            capsule::SealError::Key(_) => ErrorCode::Internal,
        })?;
        let action = if row.seq == 0 { Action::Create } else { Action::Replace };
        let arrived = match self.step(&row, action, row.sent, &sealed).await {
            Ok(standing) => standing,
            // The answer was lost, or an earlier try did arrive: the host knows.
            Err(refusal) if refusal.seq == Some(row.sent) || refusal.code == ErrorCode::Unreachable => {
                match self.step(&row, Action::Status, row.sent, &[]).await {
                    Ok(standing) if standing.seq == row.sent => standing,
                    _ => return Err(refusal),
                }
            }
            Err(refusal) => return Err(refusal),
        };
        (row.seq, row.locked, row.state) = (row.sent, arrived.locked, ShareState::Open);
        Ok(row)
    }

    /// Sends a change, or puts everything back as it was where the host refused it.
    pub(super) async fn replace(&self, before: Share, changed: Share) -> Result<ShareView> {
        let changed = Share { sent: before.sent + 1, state: ShareState::Sending, ..changed };
        self.keep_share(&changed, None).await?;
        match self.send(changed.clone()).await {
            Ok(row) => {
                self.keep_share(&row, Some(Line::Changed)).await?;
                self.share_view(row).await
            }
            // It may have arrived: the list says that it is being sent, and the next look finds out.
            Err(Refusal { code: ErrorCode::Unreachable, .. }) => self.share_view(changed).await,
            Err(refusal) => {
                // This number may have been used up; the next one is another.
                let sent = refusal.seq.unwrap_or(changed.sent).max(changed.sent);
                self.keep_share(&Share { sent, ..before }, None).await?;
                Err(refusal.into())
            }
        }
    }

    /// Asks the host about a link.
    pub(super) async fn refresh(&self, row: Share) -> Result<()> {
        if row.state == ShareState::Stopping {
            return self.stop(row).await.map(drop);
        }
        let standing = match self.step(&row, Action::Status, row.sent, &[]).await {
            Ok(standing) => standing,
            Err(Refusal { code: ErrorCode::ShareUnknown, .. }) if row.seq == 0 => return self.resend(row).await,
            Err(Refusal { code: ErrorCode::ShareUnknown, .. }) => {
                return self.keep_share(&Share { state: ShareState::Altered, ..row }, None).await;
            }
            Err(Refusal { code: ErrorCode::ShareEnded, .. }) => {
                return self.keep_share(&over(row, ShareState::Stopped), None).await;
            }
            // Nothing new is known.
            Err(_) => return Ok(()),
        };
        let sending = row.state == ShareState::Sending;
        // Every number up to the last one is a step of ours, whether or not its answer arrived. None is used twice.
        let row = match standing.seq {
            seq if sending && (row.seq..row.sent).contains(&seq) => return self.resend(row).await,
            seq if (row.seq..=row.sent).contains(&seq) => Share { seq, locked: standing.locked, state: ShareState::Open, ..row },
            _ => Share { locked: standing.locked, state: ShareState::Altered, ..row },
        };
        // A host can say the right number and give an old capsule.
        let altered = row.state == ShareState::Open && !row.locked && self.gives_another(&row).await;
        let row = if altered { Share { state: ShareState::Altered, ..row } } else { row };
        self.keep_share(&row, None).await
    }

    /// Whether the host answers with something else than was sent.
    pub(super) async fn gives_another(&self, row: &Share) -> bool {
        let Ok(host) = self.host(&row.host, true).await else { return false };
        let passcode = match &row.passcode {
            Some(passcode) => share::derive(passcode.to_string(), key(row)).await.ok(),
            None => None,
        };
        let Ok(id) = row.id.parse() else { return false };
        match host.capsule(&id, passcode.as_ref()).await {
            Ok(bytes) => {
                let opened = capsule::open(&bytes, &id, &key(row), passcode.as_ref(), share::seconds(self.now()));
                opened.map_or(true, |opened| opened.body != row.body)
            }
            Err(refusal) => refusal.code == ErrorCode::HostOdd,
        }
    }

    pub(super) async fn resend(&self, row: Share) -> Result<()> {
        match self.send(row).await {
            Ok(row) => self.keep_share(&row, None).await,
            Err(Refusal { code, .. }) => {
                log::debug!("a link is still not sent: {code:?}");
                Ok(())
            }
        }
    }

    /// Tells the host to stop a link; stays at "stopping" unless it confirms.
    pub(super) async fn stop(&self, row: Share) -> Result<Share> {
        let mut seq = row.sent + 1;
        for _ in 0..2 {
            match self.step(&row, Action::Stop, seq, &[]).await {
                Ok(_) => break,
                Err(Refusal { code: ErrorCode::ShareEnded | ErrorCode::ShareUnknown, .. }) => break,
                Err(Refusal { seq: Some(theirs), .. }) if theirs >= seq => seq = theirs.saturating_add(1),
                Err(Refusal { code, .. }) => {
                    log::debug!("a link is still open: {code:?}");
                    return Ok(row);
                }
            }
        }
        let row = over(row, ShareState::Stopped);
        self.keep_share(&row, Some(Line::Stopped)).await?;
        Ok(row)
    }
}
