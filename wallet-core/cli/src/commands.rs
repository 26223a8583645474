//! One function per command.

mod badges;
mod discover;
mod judge;
mod keep;
mod links;

use crate::args::Command;
use crate::failure::Outcome;
use crate::home::Home;
use crate::serve;

/// Runs a command and gives its exit code.
pub(crate) async fn run(home: &Home, command: Command) -> Outcome {
    match command {
        Command::Verify { inputs, strict } => judge::verify(home, &inputs, strict).await,
        Command::Inspect { input } => judge::inspect(home, &input).await,
        Command::Check { inputs, passcode_file } => judge::check(home, &inputs, passcode_file.as_deref()).await,
        Command::Share { ids, title, words, until, front, passcode_file, label, witness, host, instead_of, pdf } => {
            let passcode = passcode_file.as_deref().map(|file| home.secret(file)).transpose()?;
            let share = links::new_share(ids, title, words, until.into(), front, passcode, label, witness, host);
            links::share(home, share, instead_of, pdf.as_deref()).await
        }
        Command::Shares { share: None, .. } => links::shares(home).await,
        Command::Shares { share: Some(share), pdf } => links::one(home, &share, pdf.as_deref()).await,
        Command::Extend { share, until } => links::extend(home, share, until.into()).await,
        Command::Reopen { share } => links::reopen(home, share).await,
        Command::Stop { share } => links::stop(home, share).await,
        Command::Add { inputs, yes } => badges::add(home, &inputs, yes).await,
        Command::List { search, sort } => badges::list(home, search, sort.into()).await,
        Command::Show { id } => badges::show(home, id).await,
        Command::Remove { id, yes } => badges::remove(home, id, yes).await,
        Command::Export { all: Some(file), .. } => badges::export_all(home, &file).await,
        Command::Export { id, format, output, .. } => badges::export(home, id.unwrap_or_default(), format.into(), output).await,
        Command::Present { ids, offline_qr } => badges::present(home, ids, &offline_qr).await,
        Command::Cities { change } => discover::cities(home, change).await,
        Command::Activities { for_me: true, limit, .. } => discover::suggestions(home, limit).await,
        Command::Activities { city, search, category, skill, from, to, near, online, playlists, planned, limit, .. } => {
            let query = discover::query(search, category, skill, [from, to], near, [online, playlists, planned]);
            discover::activities(home, query, city, limit).await
        }
        Command::Activity { id, calendar, plan, unplan, tick, untick } => {
            let change = discover::Change { plan, unplan, tick, untick };
            discover::activity(home, &id, change, calendar.as_deref()).await
        }
        Command::Claim { code: None, .. } => discover::claims(home).await,
        Command::Claim { code: Some(code), city } => discover::claim(home, code, city).await,
        Command::Identities { change } => keep::identities(home, change).await,
        Command::Issuers { change } => keep::issuers(home, change).await,
        Command::History { limit } => keep::history(home, limit).await,
        Command::Lock => keep::lock(home).await,
        Command::Unlock => keep::unlock(home).await,
        Command::Passphrase { new } => keep::passphrase(home, new.as_deref()).await,
        Command::Erase { yes } => keep::erase(home, yes).await,
        Command::Serve { port, demo, open } => serve::serve(home, port, demo, open.as_deref()).await,
    }
}
