//! The list, one badge's page, removing with undo, and export.

use jiff::SignedDuration;
use open_badges::{BakeKind, Container, Format, Securing, bake_png, bake_svg, verdict_of};

use super::{
    Wallet, blocking,
    recheck::{Whole, dated},
};
use crate::{
    Error, ErrorCode, Result, convert, image,
    sentences::{Audience, label},
    store::{
        activities, credentials,
        history::{self, Action},
        pictures,
    },
    view::{BadgeCard, BadgeDetail, BadgeFilter, BadgePage, ExportFormat, NamedFile, WalletEvent},
};

/// The most badges on a page.
const PAGE: u32 = 60;
/// How long a removed badge can be put back while the wallet stays open.
const UNDO: SignedDuration = SignedDuration::from_mins(10);
/// How long an activity that was only looked at is remembered.
const LOOKED_AT: SignedDuration = SignedDuration::from_hours(24);

impl Wallet {
    /// One page of the list, with the stored verdicts and the dates looked at anew. Asks nobody.
    pub async fn badges(&self, filter: BadgeFilter) -> Result<BadgePage> {
        let (language, now) = (self.language().await, self.now());
        self.read(move |c| {
            let limit = filter.limit.unwrap_or(PAGE).min(PAGE);
            let (tiles, total) = credentials::page(c, filter.search.as_deref(), filter.sort, filter.offset, limit)?;
            let card = |tile: credentials::Tile| {
                let judgement = dated(tile.judgement, tile.issued_at, tile.expires_at, now);
                BadgeCard {
                    id: tile.id,
                    name: tile.name,
                    issuer: tile.issuer,
                    language: tile.language,
                    issued: tile.issued_at.map(convert::time),
                    verdict: verdict_of(&judgement.checks).into(),
                    label: label(language, &judgement.checks),
                    checked_at: convert::time(judgement.checked_at),
                    picture: tile.thumbnail.as_deref().map(convert::png_uri),
                }
            };
            // Without a search the two are one count.
            let all = if filter.search.is_none() { total } else { credentials::count(c)? };
            Ok(BadgePage { badges: tiles.into_iter().map(card).collect(), total, all })
        })
        .await
    }

    /// One badge, whole. Asks nobody.
    pub async fn badge(&self, id: String) -> Result<BadgeDetail> {
        let checker = self.checker().await?;
        let whole = self.whole(id).await?;
        let key = whole.stored.key;
        let picture = self.read(move |c| pictures::large(c, key)).await?;
        blocking(move || {
            let checked = whole.as_stored(&checker);
            let (content, language) = (&checked.content, checker.language);
            let creator = content.creator.as_ref().filter(|c| c.id != content.issuer.id);
            Ok(BadgeDetail {
                id: whole.stored.id.clone(),
                badge: convert::face(content, picture.as_deref().map(convert::png_uri)),
                verification: convert::verification(language, &checked, Audience::Holder),
                recipient: convert::recipient(&checked, &checker.lists.my_addresses),
                issuer: convert::issuer(&content.issuer, &checked.judgement),
                creator: creator.map(convert::party_view),
                criteria_url: content.criteria_url.as_deref().and_then(badge_view::markdown::web_address).map(|(url, _)| url),
                evidence: convert::evidence(content),
                endorsements: convert::endorsements(&checked),
                facts: convert::facts(language, content),
                tags: content.tags.clone(),
                added_at: convert::time(whole.stored.added_at),
                technical: convert::technical(language, &checked),
                json: serde_json::to_string_pretty(&checked.credential.json).unwrap_or_default(),
                exports: forms(&whole),
            })
        })
        .await
    }

    /// Takes a badge out of the wallet. [`Wallet::restore_badge`] undoes it for ten minutes, or until the wallet closes.
    pub async fn remove_badge(&self, id: String) -> Result<()> {
        let now = self.now();
        self.write(move |t| {
            let stored = credentials::by_id(t, &id)?;
            credentials::remove(t, stored.key, now)?;
            history::add(t, now, Action::Removed, &id, &stored.index.name)
        })
        .await?;
        self.tell(WalletEvent::BadgesChanged);
        // Weak: what waits ten minutes keeps no closed wallet open.
        let inner = std::sync::Arc::downgrade(&self.inner);
        tokio::spawn(async move {
            tokio::time::sleep(UNDO.unsigned_abs()).await;
            let Some(inner) = inner.upgrade() else { return };
            let wallet = Self { inner };
            let before = wallet.now().checked_sub(UNDO).unwrap_or(jiff::Timestamp::MIN);
            if let Err(error) = wallet.write(move |t| credentials::purge(t, before)).await {
                log::debug!("what was removed goes at the next start: {error}");
            }
        });
        Ok(())
    }

    /// Puts a removed badge back.
    pub async fn restore_badge(&self, id: String) -> Result<()> {
        let now = self.now();
        self.write(move |t| {
            let stored = credentials::restore(t, &id)?;
            history::add(t, now, Action::Restored, &id, &stored.index.name)
        })
        .await?;
        self.tell(WalletEvent::BadgesChanged);
        Ok(())
    }

    /// Buries everything that was removed before this start, and forgets what was only looked at.
    pub(super) async fn purge(&self) -> Result<()> {
        let now = self.now();
        let yesterday = now.checked_sub(LOOKED_AT).unwrap_or(jiff::Timestamp::MIN);
        self.write(move |t| {
            credentials::purge(t, now)?;
            activities::forget_looked_at(t, yesterday)
        })
        .await
    }

    /// A badge as a file: as it came in, as the bare credential, or baked into its picture. Error: `cannot_export_so`.
    pub async fn export_badge(&self, id: String, format: ExportFormat) -> Result<NamedFile> {
        let whole = self.whole(id).await?;
        let (key, id, name, now) = (whole.stored.key, whole.stored.id.clone(), whole.stored.index.name.clone(), self.now());
        let picture = self.read(move |c| pictures::large(c, key)).await?;
        let file = blocking(move || export(&whole, picture, format)).await?;
        self.write(move |t| history::add(t, now, Action::Exported, &id, &name)).await?;
        Ok(file)
    }
}

fn forms(whole: &Whole) -> Vec<ExportFormat> {
    let bare = if is_jws(whole) { ExportFormat::Jwt } else { ExportFormat::Json };
    let mut forms = vec![ExportFormat::Original, bare, ExportFormat::Png];
    if svg(whole).is_some() {
        forms.push(ExportFormat::Svg);
    }
    forms
}

fn is_jws(whole: &Whole) -> bool {
    whole.credential.securing == Securing::Jws
}

/// A vector picture to bake into: the file's own, or the one in the signed bytes.
fn svg(whole: &Whole) -> Option<Vec<u8>> {
    if whole.original.container == Container::Svg {
        return Some(whole.original.file().to_vec());
    }
    let content = whole.credential.content(&open_badges::Evidence::default());
    let (media_type, bytes) = badge_view::decode_data_uri(content.picture.as_deref()?)?;
    (media_type == "image/svg+xml").then_some(bytes)
}

fn export(whole: &Whole, picture: Option<Vec<u8>>, format: ExportFormat) -> Result<NamedFile> {
    let stem = clean_name(&whole.stored.index.name);
    let named = |extension: &str, media_type: &str, bytes: Vec<u8>| NamedFile {
        name: format!("{stem}.{extension}"),
        bytes,
        media_type: Some(media_type.to_owned()),
    };
    let text = || std::str::from_utf8(&whole.original.bytes).map_err(|e| Error::new(ErrorCode::WalletDamaged, e));
    let kind = if whole.credential.format == Format::OpenBadgeV2 { BakeKind::V2 } else { BakeKind::V3 };
    match format {
        ExportFormat::Original => {
            let (extension, media_type) = file_kind(whole);
            Ok(named(extension, media_type, whole.original.file().to_vec()))
        }
        ExportFormat::Json if !is_jws(whole) => Ok(named("json", "application/json", whole.original.bytes.clone())),
        ExportFormat::Jwt if is_jws(whole) => Ok(named("jwt", "application/jwt", whole.original.bytes.clone())),
        ExportFormat::Json | ExportFormat::Jwt => Err(ErrorCode::CannotExportSo.into()),
        ExportFormat::Png => {
            let png = match (whole.original.container, picture) {
                (Container::Png, _) => whole.original.file().to_vec(),
                (_, Some(picture)) => picture,
                (_, None) => image::drawn_art(&whole.stored.index.name, &whole.stored.index.content_id),
            };
            let baked = bake_png(&png, kind, text()?).map_err(|e| Error::new(ErrorCode::CannotExportSo, e))?;
            Ok(named("png", "image/png", baked))
        }
        ExportFormat::Svg => {
            let svg = svg(whole).ok_or(Error::from(ErrorCode::CannotExportSo))?;
            let baked = bake_svg(&svg, kind, text()?, is_jws(whole)).map_err(|e| Error::new(ErrorCode::CannotExportSo, e))?;
            Ok(named("svg", "image/svg+xml", baked))
        }
    }
}

/// What the original file is: extension and media type.
pub(super) fn file_kind(whole: &Whole) -> (&'static str, &'static str) {
    let media_type = image::media_type(whole.original.file());
    match (media_type, whole.original.container) {
        (Some("image/svg+xml"), _) => ("svg", "image/svg+xml"),
        (Some("image/png"), _) => ("png", "image/png"),
        (_, Container::Jwt) => ("jwt", "application/jwt"),
        _ => ("json", "application/json"),
    }
}

/// A badge's name as a file's name: letters and digits of any script, nothing that a file system could misread.
pub(super) fn clean_name(name: &str) -> String {
    let mut clean = String::new();
    for c in name.chars().take(80) {
        if c.is_alphanumeric() {
            clean.extend(c.to_lowercase());
        } else if !clean.is_empty() && !clean.ends_with('-') {
            clean.push('-');
        }
    }
    let clean = clean.trim_end_matches('-');
    let reserved = matches!(clean, "con" | "prn" | "aux" | "nul") || clean.is_empty();
    if reserved { "badge".to_owned() } else { clean.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_holds_nothing_that_a_file_system_could_misread() {
        for (name, file) in [
            ("Barista", "barista"),
            ("Café: gastheer / gastvrouw", "café-gastheer-gastvrouw"),
            ("../../etc/passwd", "etc-passwd"),
            ("شارة", "شارة"),
            ("C:\\con", "c-con"),
            ("CON", "badge"),
            ("…", "badge"),
            ("a\0b", "a-b"),
        ] {
            assert_eq!(clean_name(name), file);
        }
    }
}
