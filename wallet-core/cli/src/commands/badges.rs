//! `add`, `list`, `show`, `remove`, `export`, `present`.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde_json::json;
use wallet_core::report::BadgeReport;
use wallet_core::view::{
    BadgeDetail, BadgeFilter, BadgePreview, ExportFormat, Incoming, KnownBadge, NamedFile, Origin, Rejected, Sort,
};
use wallet_core::{ErrorCode, Wallet};

use crate::failure::{Failure, Outcome, exit_code};
use crate::home::Home;
use crate::input;
use crate::screen::table;

/// The most badges of one page of the core.
const PAGE: u32 = 60;

/// What `add` did with the badges of its inputs.
#[derive(Default)]
struct Added {
    badges: Vec<BadgeReport>,
    /// Names of badges that were here already.
    duplicates: Vec<String>,
    rejected: Vec<Rejected>,
}

/// Previews each input, and keeps its badges. A badge that is here already is said, and not kept twice.
pub(crate) async fn add(home: &Home, inputs: &[String], yes: bool) -> Outcome {
    let wallet = home.ready_or_new().await?;
    let mut added = Added::default();
    for name in inputs {
        let failure = match add_one(home, &wallet, name, yes, &mut added).await {
            Ok(()) => continue,
            Err(failure) if inputs.len() == 1 => return Err(failure),
            Err(failure) => failure,
        };
        added.rejected.push(Rejected { name: name.clone(), code: failure.code, text: failure.text(home.screen.language) });
    }
    let Added { badges, duplicates, rejected } = added;
    let mut document = json!({ "badges": badges, "duplicates": duplicates });
    if !rejected.is_empty() {
        document["rejected"] = json!(rejected);
    }
    home.screen.answer(&document, || {
        let kept =
            badges.iter().map(|badge| format!("{}: {}", home.screen.pick("Bewaard", "Kept"), home.screen.badge(badge, false)));
        let here = duplicates.iter().map(|name| format!("{}: {name}", home.screen.pick("Is er al", "Already here")));
        let not = rejected.iter().map(|part| format!("- {}: {}", part.name, part.text));
        kept.chain(here).chain(not).collect::<Vec<_>>().join("\n")
    })?;
    Ok(rejected.first().map_or(0, |part| exit_code(part.code)))
}

async fn add_one(home: &Home, wallet: &Wallet, name: &str, yes: bool, added: &mut Added) -> Outcome<()> {
    let incoming = wallet.inspect(input::read(home.screen, name)?, Origin::Person).await?;
    let (id, previews, refused) = match incoming {
        Incoming::Badges { id, badges, rejected, .. } => (id, badges, rejected),
        // What is shown is another's, and is never kept.
        Incoming::Shown { .. } | Incoming::Passcode { .. } => return Err(ErrorCode::NotAllowed.into()),
        Incoming::Page { .. } | Incoming::Claim { .. } | Incoming::Activity { .. } | Incoming::City { .. } => {
            return Err(ErrorCode::NoBadgeThere.into());
        }
        Incoming::Part { .. } => return Err(ErrorCode::Damaged.into()),
        Incoming::NeedsNetwork { id, hosts } => {
            home.confirm(&format!("{} {}?", home.screen.pick("Ophalen bij", "Fetch from"), hosts.join(", ")), yes)?;
            match wallet.continue_incoming(id).await? {
                Incoming::Badges { id, badges, rejected, .. } => (id, badges, rejected),
                _ => return Err(ErrorCode::NoBadgeThere.into()),
            }
        }
    };
    added.rejected.extend(refused);
    let (fresh, here): (Vec<_>, Vec<_>) = previews.into_iter().partition(is_fresh);
    added.duplicates.extend(here.into_iter().map(|preview| preview.badge.name));
    if fresh.is_empty() {
        wallet.dismiss(id).await?;
        return Ok(());
    }
    let names: Vec<&str> = fresh.iter().map(|preview| preview.badge.name.as_str()).collect();
    // A file that was named is a choice already; on a terminal the person still sees what is in it first.
    if !yes && !home.screen.json && home.asks() {
        for preview in &fresh {
            let told = &preview.verification;
            let mark = home.screen.mark(told.verdict);
            let text = format!("{mark} {}\n  {} {}", preview.badge.name, told.title, told.text);
            eprintln!("{}", home.screen.harmless(&text));
        }
        let question = home.screen.pick("Bewaren", "Keep");
        if let Err(declined) = home.confirm(&format!("{question}: {}?", names.join(", ")), yes) {
            wallet.dismiss(id).await?;
            return Err(declined);
        }
    }
    let saved = wallet.save(id, fresh.iter().map(|preview| preview.index).collect()).await?;
    for id in saved.ids {
        added.badges.push(wallet.report(id).await?);
    }
    Ok(())
}

fn is_fresh(preview: &BadgePreview) -> bool {
    matches!(preview.known, KnownBadge::New | KnownBadge::Newer { .. })
}

/// All badges that fit, page by page.
pub(crate) async fn list(home: &Home, search: Option<String>, sort: Sort) -> Outcome {
    let wallet = home.ready().await?;
    let mut badges = Vec::new();
    loop {
        let offset = u32::try_from(badges.len()).unwrap_or(u32::MAX);
        let page = wallet.badges(BadgeFilter { search: search.clone(), sort, offset, limit: Some(PAGE) }).await?;
        let done = page.badges.is_empty();
        badges.extend(page.badges);
        if done || badges.len() >= usize::try_from(page.total).unwrap_or(usize::MAX) {
            break;
        }
    }
    // The picture is for a screen; a list of hundreds of them helps nobody here.
    badges.iter_mut().for_each(|badge| badge.picture = None);
    home.screen.answer(&json!({ "badges": badges }), || {
        if badges.is_empty() {
            return home.screen.pick("Geen badges.", "No badges.").to_owned();
        }
        let row = |badge: &wallet_core::view::BadgeCard| {
            let issued = badge.issued.as_deref().map(|time| home.screen.date(time)).unwrap_or_default();
            vec![badge.id.clone(), badge.name.clone(), badge.issuer.clone(), issued, badge.label.clone()]
        };
        let rows = table(&badges.iter().map(row).collect::<Vec<_>>());
        let marked = rows.lines().zip(&badges).map(|(line, badge)| format!("{} {line}", home.screen.mark(badge.verdict)));
        marked.collect::<Vec<_>>().join("\n")
    })
}

/// The badge that an id, or the unambiguous beginning of one, means.
async fn resolve(wallet: &Wallet, id: String) -> Outcome<BadgeDetail> {
    match wallet.badge(id.clone()).await {
        Ok(badge) => return Ok(badge),
        Err(error) if error.code == ErrorCode::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    let mut matching = Vec::new();
    let mut offset = 0;
    loop {
        let page = wallet.badges(BadgeFilter { offset, limit: Some(PAGE), ..BadgeFilter::default() }).await?;
        offset += u32::try_from(page.badges.len()).unwrap_or(PAGE);
        let done = page.badges.is_empty() || offset >= page.total;
        matching.extend(page.badges.into_iter().map(|badge| badge.id).filter(|full| !id.is_empty() && full.starts_with(&id)));
        if done {
            break;
        }
    }
    match <[String; 1]>::try_from(matching) {
        Ok([full]) => Ok(wallet.badge(full).await?),
        Err(_) => Err(ErrorCode::NotFound.into()),
    }
}

/// Everything about one badge.
pub(crate) async fn show(home: &Home, id: String) -> Outcome {
    let wallet = home.ready().await?;
    let badge = resolve(&wallet, id).await?;
    let report = wallet.report(badge.id.clone()).await?;
    home.screen.answer(&badge, || {
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut row = |label: &str, value: Option<&str>| {
            rows.extend(value.map(|value| vec![format!("  {label}"), value.to_owned()]));
        };
        row(home.screen.pick("wat", "what"), report.description.as_deref());
        row(home.screen.pick("dit deed je", "what you did"), report.criteria.as_deref());
        for skill in &report.alignments {
            let named = skill.framework.as_ref().map(|framework| format!("{} ({framework})", skill.name));
            row(home.screen.pick("vaardigheid", "skill"), Some(named.as_deref().unwrap_or(&skill.name)));
        }
        for fact in badge.facts.iter().chain(&badge.technical) {
            row(&fact.label, Some(&fact.value));
        }
        format!("{}{}", home.screen.badge(&report, false), table(&rows))
    })
}

/// Removes a badge.
pub(crate) async fn remove(home: &Home, id: String, yes: bool) -> Outcome {
    let wallet = home.ready().await?;
    let badge = resolve(&wallet, id).await?;
    home.confirm(&format!("{} {}?", home.screen.pick("Verwijderen:", "Remove"), badge.badge.name), yes)?;
    wallet.remove_badge(badge.id.clone()).await?;
    home.screen
        .answer(&json!({ "removed": badge.id }), || format!("{}: {}", home.screen.pick("Verwijderd", "Removed"), badge.badge.name))
}

/// Writes one badge to a file.
pub(crate) async fn export(home: &Home, id: String, format: ExportFormat, output: Option<PathBuf>) -> Outcome {
    let wallet = home.ready().await?;
    let badge = resolve(&wallet, id).await?;
    let file = wallet.export_badge(badge.id, format).await?;
    write(home, &file, output)
}

/// Writes everything to one ZIP.
pub(crate) async fn export_all(home: &Home, to: &Path) -> Outcome {
    let wallet = home.ready().await?;
    let file = wallet.export_all().await?;
    write(home, &file, Some(to.to_owned()))
}

fn write(home: &Home, file: &NamedFile, output: Option<PathBuf>) -> Outcome {
    if output.as_deref() == Some(Path::new("-")) {
        std::io::stdout().write_all(&file.bytes).map_err(|error| unwritable(home, Path::new("-"), &error))?;
        return Ok(0);
    }
    let asked = output.is_some();
    let path = output.unwrap_or_else(|| PathBuf::from(&file.name));
    put(home, &path, &file.bytes, asked)?;
    home.screen.answer(&json!({ "file": path, "bytes": file.bytes.len() }), || {
        format!("{}: {}", home.screen.pick("Geschreven", "Written"), path.display())
    })
}

/// Writes a file. One that was named (`asked`) may be replaced; one whose name we chose ourselves is never.
pub(super) fn put(home: &Home, path: &Path, bytes: &[u8], asked: bool) -> Outcome<()> {
    let mut options = OpenOptions::new();
    options.write(true).truncate(asked).create(asked).create_new(!asked);
    let written = options.open(path).and_then(|mut target| target.write_all(bytes));
    written.map_err(|error| unwritable(home, path, &error))
}

pub(super) fn unwritable(home: &Home, path: &Path, error: &std::io::Error) -> Failure {
    let code = match error.kind() {
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => ErrorCode::DiskFull,
        _ => ErrorCode::Usage,
    };
    let text = home.screen.pick("Dit kan niet worden geschreven", "This cannot be written");
    Failure::saying(code, format!("{text}: {} ({error})", path.display()))
}

/// Draws the codes that carry the badges.
pub(crate) async fn present(home: &Home, ids: Vec<String>, to: &Path) -> Outcome {
    let png = match to.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("png") => true,
        Some("svg") => false,
        _ => {
            return Err(Failure::usage(home.screen.pick("Het bestand eindigt op .svg of .png.", "The file ends in .svg or .png.")));
        }
    };
    let wallet = home.ready().await?;
    let mut chosen = Vec::new();
    for id in ids {
        chosen.push(resolve(&wallet, id).await?.id);
    }
    let presentation = wallet.present(chosen).await?;
    let mut files = Vec::new();
    for (index, code) in presentation.codes.iter().enumerate() {
        let path = if presentation.codes.len() == 1 { to.to_owned() } else { numbered(to, index + 1) };
        let bytes = if png { wallet_core::code_png(code)? } else { code.clone().into_bytes() };
        std::fs::write(&path, bytes).map_err(|error| unwritable(home, &path, &error))?;
        files.push(path);
    }
    let document = json!({ "files": files, "text": presentation.text, "names": presentation.names });
    home.screen.answer(&document, || files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join("\n"))
}

/// `code.svg` as `code-3.svg`.
fn numbered(path: &Path, number: usize) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}-{number}.{extension}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_codes_of_a_sequence_are_numbered() {
        assert_eq!(numbered(Path::new("a/code.svg"), 3), Path::new("a/code-3.svg"));
    }
}
