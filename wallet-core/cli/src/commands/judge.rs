//! `verify`, `inspect` and `check`: they need no wallet and store nothing.

use std::path::Path;

use wallet_core::link::Link;
use wallet_core::report::{BadgeReport, Inspection, Report};
use wallet_core::view::{Input, Rejected, Verdict};

use crate::failure::{Outcome, exit_code};
use crate::home::Home;
use crate::input;

/// Checks each input. One input that is no badge is an error; of several, each has its own answer.
pub(crate) async fn verify(home: &Home, inputs: &[String], strict: bool) -> Outcome {
    let checker = home.checker();
    let mut whole = Report::default();
    for name in inputs {
        let read = input::read(home.screen, name);
        let judged = match read {
            Ok(read) => checker.report(vec![read], None).await.map_err(Into::into),
            Err(failure) => Err(failure),
        };
        match judged {
            Ok(report) => {
                whole.badges.extend(report.badges);
                whole.rejected.extend(report.rejected);
                whole.shared = whole.shared.or(report.shared);
            }
            Err(failure) if inputs.len() == 1 => return Err(failure),
            Err(failure) => {
                whole.rejected.push(Rejected { name: name.clone(), code: failure.code, text: failure.text(home.screen.language) });
            }
        }
    }
    home.screen.answer(&whole, || text(home, &whole, false))?;
    Ok(exit(&whole, strict))
}

/// Judges what someone shows. The inputs may be pictures of one sequence of codes.
pub(crate) async fn check(home: &Home, inputs: &[String], passcode: Option<&Path>) -> Outcome {
    let read = inputs.iter().map(|name| input::read(home.screen, name)).collect::<Outcome<Vec<_>>>()?;
    let passcode = passcode.map(|file| home.secret(file)).transpose()?;
    let report = home.checker().report(read, passcode).await?;
    home.screen.answer(&report, || text(home, &report, true))?;
    Ok(exit(&report, false))
}

/// Says what an input is. Judges by what is at hand.
pub(crate) async fn inspect(home: &Home, name: &str) -> Outcome {
    let input = match Link::parse(name) {
        // Elsewhere a bare word is the name of a file; here it may be a code, where there is no such file.
        Link::Claim { .. } if !Path::new(name).exists() => Input::Text(name.to_owned()),
        _ => input::read(home.screen, name)?,
    };
    let inspection = home.checker().inspect(input).await?;
    home.screen.answer(&inspection, || match &inspection {
        Inspection::Badges(report) => text(home, report, false),
        Inspection::Shown(report) => text(home, report, true),
        Inspection::Part { progress } => {
            format!(
                "{}: {:.0}%",
                home.screen.pick("Een deel van een reeks codes", "One part of a sequence of codes"),
                progress * 100.0
            )
        }
        Inspection::Claim { code, city } => {
            format!("{}: {code} {}", home.screen.pick("Een badgecode", "A claim code"), city.as_deref().unwrap_or_default())
        }
        Inspection::City { address, name } => format!("{}: {name} {address}", home.screen.pick("Een stad", "A city")),
        Inspection::Page { host, .. } => {
            format!("{}: {host}", home.screen.pick("Een gewone webpagina", "An ordinary web page"))
        }
    })
}

fn text(home: &Home, report: &Report, shown: bool) -> String {
    let badges = report.badges.iter().map(|badge| home.screen.badge(badge, shown));
    let rejected = report.rejected.iter().map(|part| format!("- {}: {}\n", part.name, part.text));
    badges.chain(rejected).chain(report.shared.iter().map(|by| home.screen.shared(by))).collect::<Vec<_>>().join("\n")
}

/// 1: one is invalid. The code of a part that was none. 2: one cannot be told, or with `strict` is less than valid.
fn exit(report: &Report, strict: bool) -> u8 {
    let any = |wanted: Verdict| report.badges.iter().any(|badge: &BadgeReport| badge.verdict == wanted);
    let all_valid = report.badges.iter().all(|badge| badge.verdict == Verdict::Valid);
    if any(Verdict::Invalid) {
        1
    } else if let Some(part) = report.rejected.first() {
        exit_code(part.code)
    } else if any(Verdict::CannotTell) || (strict && !all_valid) {
        2
    } else {
        0
    }
}
