//! Links that are prepared and not made: for later, or for when there is a network. Nobody was asked, and there is no address.

use badge_view::sentences::clean;
use zeroize::Zeroizing;

use super::{MAX_LABEL, Wallet};
use crate::{
    ErrorCode, Result,
    store::shares::{self, Share},
    view::{NewShare, ShareEnd, ShareState, ShareView},
};

impl Wallet {
    /// Keeps a share for later. Its passcode and its end are chosen when it is made; [`Wallet::forget_share`] takes it off the list.
    /// Errors: as for [`Wallet::share_draft`].
    pub async fn keep_share_draft(&self, share: NewShare) -> Result<ShareView> {
        let prepared = self.prepare(&share).await?;
        let nothing = || Zeroizing::new([0; 32]);
        let row = Share {
            id: uuid::Uuid::now_v7().to_string(),
            host: String::new(),
            link_key: nothing(),
            manage_key: nothing(),
            passcode: None,
            label: clean(&share.label).chars().take(MAX_LABEL).collect(),
            title: prepared.portfolio.title,
            words: prepared.portfolio.words,
            witness: share.witness,
            for_now: share.ends == ShareEnd::Now,
            badges: prepared.badges,
            body: Vec::new(),
            created_at: self.now(),
            ends_at: None,
            seq: 0,
            sent: 0,
            state: ShareState::Draft,
            locked: false,
        };
        let kept = row.clone();
        self.write(move |t| shares::put(t, &kept)).await?;
        self.share_view(row).await
    }

    /// A link that is at a host. Error: `not_allowed` for a draft.
    pub(super) fn made(row: Share) -> Result<Share> {
        if row.state == ShareState::Draft { Err(ErrorCode::NotAllowed.into()) } else { Ok(row) }
    }
}
