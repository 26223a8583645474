//! `badge-wallet`: the second front end over the facade. Its JSON and exit codes are a public interface.

mod args;
mod commands;
mod failure;
mod home;
mod input;
mod journal;
mod screen;
mod serve;

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use clap::error::ErrorKind;

use crate::args::Cli;
use crate::failure::Failure;
use crate::home::Home;
use crate::screen::Screen;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return ExitCode::from(misunderstood(&error)),
    };
    journal::start(cli.global.verbose);
    let screen = Screen::new(cli.global.json, failure::language(cli.global.lang));
    let home = Home::new(cli.global, screen);
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let failure = wallet_core::Error::new(wallet_core::ErrorCode::Internal, error).into();
            return ExitCode::from(screen.fail(&failure));
        }
    };
    let code = runtime.block_on(commands::run(&home, cli.command)).unwrap_or_else(|failure| screen.fail(&failure));
    // The process may not end under a thread that is still in the database: OpenSSL frees its state on exit, and what was said to be
    // kept would end in a crash. A key store that hangs must not hold the prompt for longer than this.
    runtime.shutdown_timeout(Duration::from_secs(3));
    ExitCode::from(code)
}

/// What clap could not parse. Its own text is for people; with `--json` it is an error like any other.
fn misunderstood(error: &clap::Error) -> u8 {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        drop(error.print());
        return 0;
    }
    let json = std::env::args_os().any(|argument| argument == "--json");
    if json {
        let text = error.to_string();
        // Up to how it is used, which is for people.
        let said: Vec<&str> = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect();
        let said = said.join(" ");
        return Screen::new(true, failure::language(None)).fail(&Failure::usage(said.trim_start_matches("error: ")));
    }
    drop(error.print());
    64
}
