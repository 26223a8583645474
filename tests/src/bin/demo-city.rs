//! Starts the demo city, or writes its feed to a folder.

use std::{error::Error, net::SocketAddr, path::PathBuf};

use clap::{CommandFactory, Parser, error::ErrorKind};
use jiff::Timestamp;
use safe_fetch::LocalOrigin;
use wallet_tests::city::{City, Mode, NAME, Options, export};

/// What a wallet asks; said wherever somebody names an origin.
const ASKED: &str = "A wallet on another device asks only a public host name with a certificate, on port 443: put a tunnel or a reverse proxy before the city. On one computer `make run` needs none of that.";

/// A fictitious city of learning, for demos, trainings and tests. Nothing it is told outlives it.
#[derive(Debug, Parser)]
#[command(name = "demo-city", after_help = ASKED)]
struct Arguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:8788")]
    listen: SocketAddr,
    /// The origin in ids and links, where that is not the address listened at, like https://stad.voorbeeld.example.
    #[arg(long, value_name = "URL", value_parser = origin)]
    origin: Option<String>,
    /// The moment that the city's days are counted from.
    #[arg(long, value_name = "RFC3339")]
    now: Option<Timestamp>,
    /// What goes wrong: drift, drift2, slow, silent, 429, 500, html, nulls, errors, no-introspection, no-well-known, no-filter,
    /// no-tenant, loop, huge, cut, redirect, redirect=URL, hostile, infinite, jsonld, big=NUMBER, federate=URL.
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    mode: Vec<Mode>,
    /// Write the feed and its pictures to this folder instead of listening.
    #[arg(long, value_name = "FOLDER")]
    export_feed: Option<PathBuf>,
    /// How many items an exported feed holds.
    #[arg(long, default_value_t = 24)]
    items: usize,
}

/// The origin of an address; it goes into every QR code.
fn origin(text: &str) -> Result<String, String> {
    let url = url::Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url[url::Position::BeforePath..] == *"/");
    url.map(|url| url.origin().ascii_serialization()).ok_or_else(|| "an address like https://stad.voorbeeld.example".to_owned())
}

/// Whether a wallet can ask this origin at all: one on this computer, or one that looks public.
fn asked(origin: &str) -> bool {
    let public =
        |url: url::Url| url.scheme() == "https" && url.port().is_none() && url.domain().is_some_and(|name| name.contains('.'));
    LocalOrigin::parse(origin).is_some() || url::Url::parse(origin).is_ok_and(public)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    if let Some(folder) = arguments.export_feed {
        export(&folder, arguments.now.unwrap_or_else(Timestamp::now), arguments.items)?;
        return Ok(());
    }
    if arguments.listen.ip().is_unspecified() && arguments.origin.is_none() {
        // The origin stands in every QR code and in every badge.
        let why = format!(
            "nobody can open {}: tell the address that people use as well, like --origin https://stad.voorbeeld.example\n{ASKED}",
            arguments.listen
        );
        Arguments::command().error(ErrorKind::MissingRequiredArgument, why).exit();
    }
    let told = arguments.origin.clone();
    let options = Options { listen: arguments.listen, origin: arguments.origin, now: arguments.now, modes: arguments.mode };
    let city = City::start(options).await?;
    println!("listening on {}", city.url);
    let origin = told.as_deref().unwrap_or(&city.url);
    eprintln!("{NAME}: open {origin} in a browser. Organisers: {origin}/organiser. Ctrl-C ends it.");
    if !asked(origin) {
        eprintln!("No wallet asks {origin}. {ASKED}");
    }
    city.run().await?;
    Ok(())
}
