//! Showing: codes that carry the badges themselves.

use super::{Wallet, blocking};
use crate::{
    Result, qr,
    store::{
        credentials,
        history::{self, Action},
    },
    view::Presentation,
};

impl Wallet {
    /// Codes that carry the chosen badges, in this order. Errors: `too_large_for_codes`, `not_found`, `usage` without a badge.
    pub async fn present(&self, ids: Vec<String>) -> Result<Presentation> {
        let now = self.now();
        let badges = self
            .read(move |c| {
                let one = |id: &String| {
                    let stored = credentials::by_id(c, id)?;
                    Ok((credentials::original(c, stored.key)?.bytes, stored.id, stored.index.name))
                };
                ids.iter().map(one).collect::<Result<Vec<_>, _>>()
            })
            .await?;
        let (presentation, badges) = blocking(move || {
            let shown: Vec<_> = badges.iter().map(|(bytes, _, name)| qr::ShownBadge { bytes, name }).collect();
            Ok((qr::present(&shown)?, badges))
        })
        .await?;
        self.write(move |t| badges.iter().try_for_each(|(_, id, name)| history::add(t, now, Action::Shown, id, name))).await?;
        Ok(presentation)
    }
}
