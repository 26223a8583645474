//! A stored badge in the shape of the command line.

use super::{Wallet, blocking};
use crate::{Result, report::BadgeReport};

impl Wallet {
    /// A stored badge as [`crate::Checker::report`] gives one that is not stored. Asks nobody.
    pub async fn report(&self, id: String) -> Result<BadgeReport> {
        let checker = self.checker().await?;
        let whole = self.whole(id).await?;
        blocking(move || Ok(BadgeReport::new(checker.language, &whole.as_stored(&checker)))).await
    }
}
