//! `share`, `shares`, `extend`, `reopen` and `stop`.

use std::path::Path;

use serde_json::json;
use wallet_core::view::{NewShare, ShareChoice, ShareEnd, ShareShow, ShareState, ShareView};
use wallet_core::{ErrorCode, Wallet};

use super::badges::put;
use crate::failure::Outcome;
use crate::home::Home;
use crate::screen::table;

/// What is to be shared, as it was typed.
#[expect(clippy::too_many_arguments, reason = "one for each option of the command")]
pub(crate) fn new_share(
    ids: Vec<String>,
    title: String,
    words: String,
    ends: ShareEnd,
    front: bool,
    passcode: Option<String>,
    label: String,
    witness: bool,
    host: Option<String>,
) -> NewShare {
    let show = if front { ShareShow::Front } else { ShareShow::Whole };
    let badges = ids.into_iter().map(|id| ShareChoice { id, show, address: None }).collect();
    NewShare { badges, title, words, ends, passcode, label, witness, host }
}

/// Makes a link, or changes what is behind one. Says what can be read in it.
pub(crate) async fn share(home: &Home, share: NewShare, instead: Option<String>, pdf: Option<&Path>) -> Outcome {
    let wallet = home.ready().await?;
    let draft = wallet.share_draft(share.clone()).await?;
    let link = match instead {
        Some(id) => wallet.change_share(id, share).await?,
        None => wallet.share(share).await?,
    };
    if let Some(pdf) = pdf {
        paper(home, &wallet, link.id.clone(), pdf).await?;
    }
    home.screen.answer(&link, || {
        let mut out = format!("{}\n", link.address);
        let readable: Vec<&str> = draft.readable.iter().filter(|one| !one.text.is_empty()).map(|one| one.text.as_str()).collect();
        if !readable.is_empty() {
            let who = home.screen.pick("Wie de link heeft, leest ook", "Whoever has the link also reads");
            out.push_str(&format!("{who}: {}\n", readable.join(" · ")));
        }
        out
    })
}

/// The links, after asking their hosts.
pub(crate) async fn shares(home: &Home) -> Outcome {
    let links = home.ready().await?.refresh_shares().await?;
    home.screen.answer(&json!({ "shares": links }), || {
        if links.is_empty() {
            return home.screen.pick("Geen deellinks.\n", "No share links.\n").to_owned();
        }
        let rows: Vec<Vec<String>> = links.iter().map(|link| row(home, link)).collect();
        table(&rows)
    })
}

/// Stops a link. The answer says whether its host confirmed.
pub(crate) async fn stop(home: &Home, id: String) -> Outcome {
    let link = home.ready().await?.stop_share(id).await?;
    home.screen.answer(&link, || format!("{}\n", state(home, link.state)))?;
    Ok(if link.state == ShareState::Stopping { 75 } else { 0 })
}

/// One link, whole; and on paper.
pub(crate) async fn one(home: &Home, id: &str, pdf: Option<&Path>) -> Outcome {
    let wallet = home.ready().await?;
    let links = wallet.refresh_shares().await?;
    let link = links.into_iter().find(|link| link.id == id).ok_or(ErrorCode::NotFound)?;
    if let Some(pdf) = pdf {
        paper(home, &wallet, link.id.clone(), pdf).await?;
    }
    home.screen.answer(&link, || format!("{}{}\n", table(&[row(home, &link)]), link.address))
}

/// Gives a link another end.
pub(crate) async fn extend(home: &Home, id: String, ends: ShareEnd) -> Outcome {
    let link = home.ready().await?.extend_share(id, ends).await?;
    home.screen.answer(&link, || table(&[row(home, &link)]))
}

/// Lets a passcode be tried again.
pub(crate) async fn reopen(home: &Home, id: String) -> Outcome {
    let link = home.ready().await?.reopen_share(id).await?;
    home.screen.answer(&link, || table(&[row(home, &link)]))
}

async fn paper(home: &Home, wallet: &Wallet, id: String, file: &Path) -> Outcome<()> {
    let paper = wallet.share_paper(id).await?;
    put(home, file, &paper.bytes, true)
}

fn row(home: &Home, link: &ShareView) -> Vec<String> {
    let until = link.ends_at.as_deref().map_or_else(|| "-".to_owned(), |end| home.screen.date(end));
    let names = link.badges.iter().map(|badge| badge.name.as_str()).collect::<Vec<_>>().join(", ");
    vec![link.id.clone(), state(home, link.state).to_owned(), until, link.label.clone(), names]
}

fn state(home: &Home, state: ShareState) -> &'static str {
    match state {
        ShareState::Draft => home.screen.pick("nog niet gemaakt", "not made yet"),
        ShareState::Sending => home.screen.pick("wordt verstuurd", "being sent"),
        ShareState::Open => home.screen.pick("open", "open"),
        ShareState::Stopping => home.screen.pick("nog open, we blijven proberen", "still open, retrying"),
        ShareState::Stopped => home.screen.pick("gestopt", "stopped"),
        ShareState::Ended => home.screen.pick("afgelopen", "ended"),
        ShareState::Altered => home.screen.pick("veranderd door de deelplek", "altered by its host"),
    }
}
