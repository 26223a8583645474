//! What is stored of a badge, and whether it is stored already.

use badge_view::CheckedCredential;
use jiff::Timestamp;
use open_badges::Credential;
use uuid::Uuid;

use super::pending::Candidate;
use crate::{
    convert, image,
    store::{
        Connection, StoreError, Transaction,
        credentials::{self, Index, Original},
        documents,
        history::{self, Action},
        identities,
        pictures::{self, Picture},
    },
    view::KnownBadge,
};

/// Whether a credential is here already, by its bytes or by the standard's equality (`standards.md` §10).
pub(super) fn known(c: &Connection, credential: &Credential) -> Result<KnownBadge, StoreError> {
    if let Some(same) = credentials::by_content(c, &credential.id().0)? {
        return Ok(KnownBadge::Duplicate { id: same.id });
    }
    let content = credential.content(&open_badges::Evidence::default());
    let Some(equality) = equality(content.credential_id.as_deref()) else { return Ok(KnownBadge::New) };
    for stored in credentials::by_equality(c, &equality)? {
        let Ok(other) = Credential::parse(&credentials::original(c, stored.key)?.bytes) else { continue };
        if credential.same_as(&other) {
            let id = stored.id;
            return Ok(match credential.issued().cmp(&other.issued()) {
                std::cmp::Ordering::Greater => KnownBadge::Newer { id },
                std::cmp::Ordering::Less => KnownBadge::Older { id },
                std::cmp::Ordering::Equal => KnownBadge::Duplicate { id },
            });
        }
    }
    Ok(KnownBadge::New)
}

/// A credential's id as equality sees it, to find candidates by; `same_as` decides.
fn equality(id: Option<&str>) -> Option<String> {
    let id = id.unwrap_or_default();
    let mut bytes = Vec::with_capacity(id.len());
    let mut rest = id.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let pair = after.get(..2).filter(|_| *first == b'%').and_then(|pair| hex::decode(pair).ok());
        bytes.push(pair.as_ref().map_or(*first, |p| p[0]));
        rest = if pair.is_some() { &after[2..] } else { after };
    }
    let text = String::from_utf8_lossy(&bytes).trim().to_owned();
    (!text.is_empty() && !text.to_ascii_lowercase().starts_with("urn:uuid:")).then_some(text)
}

/// What is stored of a badge besides its bytes.
pub(super) fn index_of(checked: &CheckedCredential, my_addresses: &[String]) -> Index {
    let content = &checked.content;
    let mine = match open_badges::match_recipient(&checked.credential, my_addresses) {
        open_badges::RecipientMatch::Mine(address) => Some(address),
        open_badges::RecipientMatch::NotMine | open_badges::RecipientMatch::Unknown => None,
    };
    let skills = content.alignments.iter().flat_map(|a| [Some(a.name.as_str()), a.code.as_deref(), a.framework.as_deref()]);
    let tags = content.tags.iter().map(String::as_str);
    Index {
        content_id: checked.credential.id().0,
        equality: equality(checked.credential.content(&open_badges::Evidence::default()).credential_id.as_deref()),
        issuer_id: content.issuer.id.clone(),
        name: content.name.clone(),
        issuer: content.issuer.name.clone().unwrap_or_else(|| content.issuer.id.clone()),
        language: content.language.clone(),
        description: content.description.clone().unwrap_or_default(),
        skills: skills.flatten().chain(tags).collect::<Vec<_>>().join(" "),
        issued_at: content.issued,
        expires_at: content.expires,
        mine,
        retry: convert::can_retry(&checked.judgement),
        judgement: checked.judgement.clone(),
    }
}

/// The picture that is in the signed bytes or, failing that, in the file.
pub(super) fn picture_here(content: &open_badges::BadgeContent, file: Option<&[u8]>) -> Option<image::Pictures> {
    let embedded =
        content.picture.as_deref().and_then(badge_view::decode_data_uri).and_then(|(_, bytes)| image::thumbnail(&bytes).ok());
    embedded.or_else(|| file.filter(|f| image::media_type(f).is_some()).and_then(|f| image::thumbnail(f).ok()))
}

pub(super) fn picture_of(candidate: &Candidate) -> Picture {
    let content = &candidate.checked.content;
    if let Some(here) = picture_here(content, candidate.file.as_deref()) {
        return Picture::Here { thumbnail: here.small, large: here.large };
    }
    match content.picture.as_deref() {
        Some(url) if url.starts_with("https:") => Picture::Wanted(url.to_owned()),
        Some(_) => Picture::Refused,
        None => Picture::None,
    }
}

/// One badge into the store, and its id.
pub(super) fn keep(t: &Transaction<'_>, candidate: &Candidate, picture: &Picture, now: Timestamp) -> Result<String, StoreError> {
    let checked = &candidate.checked;
    if let Some(address) = &candidate.claimed {
        identities::add(t, address, now)?;
    }
    let addresses: Vec<String> = identities::all(t)?.into_iter().map(|i| i.address).collect();
    let index = index_of(checked, &addresses);
    let original = Original {
        container: candidate.container,
        source_url: candidate.source_url.clone(),
        file_name: candidate.file_name.clone(),
        file_type: candidate.file_type.clone(),
        bytes: checked.credential.bytes.clone(),
        file: candidate.file.clone(),
    };
    let (key, id) = match known(t, &checked.credential)? {
        KnownBadge::Duplicate { id } | KnownBadge::Older { id } => return Ok(id),
        KnownBadge::Newer { id } => {
            let key = credentials::by_id(t, &id)?.key;
            credentials::replace(t, key, &index, &original)?;
            (key, id)
        }
        KnownBadge::New => {
            let id = Uuid::now_v7().to_string();
            (credentials::insert(t, &id, &index, &original, now)?, id)
        }
    };
    pictures::put(t, key, picture)?;
    for (need, fetched) in &checked.documents {
        documents::put(t, key, need, fetched)?;
    }
    history::add(t, now, Action::Added, &id, &index.name)?;
    Ok(id)
}
