//! INPUT on the command line: a file, an https address, text, or `-`.

use std::io::Read;
use std::path::Path;

use wallet_core::view::{Input, NamedFile};
use wallet_core::{ErrorCode, MAX_INPUT};

use crate::failure::{Failure, Outcome};
use crate::screen::Screen;

/// Reads an INPUT.
pub(crate) fn read(screen: Screen, input: &str) -> Outcome<Input> {
    if input == "-" {
        return file("", std::io::stdin().lock()).map_err(|error| unreadable(screen, input, &error));
    }
    let path = Path::new(input);
    // A text can be longer than any path, and asking the system about it is then itself an error.
    if let Ok(about) = path.metadata() {
        if about.is_dir() {
            return Err(Failure::usage(format!("{}: {input}", screen.pick("Dit is een map", "This is a folder"))));
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let opened = std::fs::File::open(path).and_then(|opened| file(&name, opened));
        return opened.map_err(|error| unreadable(screen, input, &error));
    }
    if is_text(input) {
        return Ok(Input::Text(input.to_owned()));
    }
    Err(Failure::usage(format!("{}: {input}", screen.pick("Er is geen bestand met deze naam", "There is no file of this name"))))
}

/// Whether something that is no file is meant as text: JSON, an address, a JWT, a code's content.
fn is_text(input: &str) -> bool {
    let text = input.trim();
    let scheme =
        text.split_once(':').is_some_and(|(scheme, _)| scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric()));
    text.starts_with(['{', '[', '<']) || text.starts_with("eyJ") || scheme || text.contains(char::is_whitespace) || text.is_empty()
}

fn file(name: &str, source: impl Read) -> std::io::Result<Input> {
    let mut bytes = Vec::new();
    // A byte more than the core takes, so that it is the core that says "too large".
    source.take(MAX_INPUT as u64 + 1).read_to_end(&mut bytes)?;
    Ok(Input::File(NamedFile { name: name.to_owned(), bytes, media_type: None }))
}

fn unreadable(screen: Screen, input: &str, error: &std::io::Error) -> Failure {
    Failure::saying(
        ErrorCode::Usage,
        format!("{}: {input} ({error})", screen.pick("Dit kan niet worden gelezen", "This cannot be read")),
    )
}
