//! A link on paper.

use badge_view::{CheckedCredential, decode_data_uri};
use capsule::Portfolio;
use open_badges::{Credential, Securing};

use super::{Wallet, link, works};
use crate::{
    Error, ErrorCode, Result,
    checker::Ask,
    convert, image,
    paper::{self, Paper, PaperBadge},
    qr,
    store::shares::{self, SharedBadge},
    view::NamedFile,
    wallet::{badges::clean_name, blocking},
};

impl Wallet {
    /// A link as a PDF: the link and its code, what the badges say, and the signed badges as attachments. No verdict is in it, for
    /// paper can be changed. Asks nobody. Errors: `not_found`, `share_ended` for a link that opens nothing.
    pub async fn share_paper(&self, id: String) -> Result<NamedFile> {
        let row = self.read(move |c| shares::by_id(c, &id)).await?;
        let row = self.ended(row).await?;
        if !works(row.state) {
            return Err(ErrorCode::ShareEnded.into());
        }
        let portfolio = Portfolio::decode(&row.body).map_err(|error| Error::new(ErrorCode::WalletDamaged, error))?;
        let mut badges = Vec::new();
        for (number, (shared, known)) in portfolio.badges.iter().zip(&row.badges).enumerate() {
            badges.push(self.paper_badge(number + 1, &shared.credential, known).await?);
        }
        let address = link(&row)?.to_string();
        let paper = Paper {
            language: self.language().await,
            code: qr::address_modules(&address)?,
            address,
            ends_at: row.ends_at,
            passcode: row.passcode.is_some(),
            made_at: self.now(),
            badges,
            title: portfolio.title,
            words: portfolio.words,
        };
        let name = format!("{}.pdf", clean_name(if paper.title.is_empty() { "badges" } else { &paper.title }));
        let bytes = blocking(move || paper::pdf(&paper)).await?;
        Ok(NamedFile { name, bytes, media_type: Some("application/pdf".to_owned()) })
    }

    /// A badge of a link as its page shows it; one that left the wallet as far as its own bytes say.
    async fn paper_badge(&self, number: usize, credential: &str, known: &SharedBadge) -> Result<PaperBadge> {
        let stranger = self.stranger().await?;
        let checked = match self.whole(known.id.clone()).await {
            Ok(whole) => whole.judge(&stranger, Ask::Never).await,
            Err(error) if error.code == ErrorCode::NotFound => {
                let credential = Credential::parse(credential.as_bytes());
                let credential = credential.map_err(|error| Error::new(ErrorCode::WalletDamaged, error))?;
                CheckedCredential::judge(credential, Default::default(), &stranger.lists, self.now())
            }
            Err(error) => return Err(error),
        };
        let mut face = convert::checked_badge(self.language().await, &checked).await?.badge;
        if face.name.is_empty() {
            face.name.clone_from(&known.name);
        }
        let picture = face.picture.as_deref().and_then(decode_data_uri).map(|(_, png)| png);
        let (end, media_type) = match checked.credential.securing {
            Securing::Jws => ("jwt", "application/jwt"),
            _ => ("json", "application/json"),
        };
        Ok(PaperBadge {
            picture: picture.unwrap_or_else(|| image::drawn_art(&face.name, &checked.credential.id().0)),
            original: NamedFile {
                name: format!("{number}-{}.{end}", clean_name(&face.name)),
                bytes: credential.as_bytes().to_vec(),
                media_type: Some(media_type.to_owned()),
            },
            face,
        })
    }
}
