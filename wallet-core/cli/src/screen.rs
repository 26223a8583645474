//! What a command prints: one JSON document, or short and aligned text for people.

use std::io::{self, IsTerminal, Write};

use html5gum::{Token, Tokenizer};
use serde::Serialize;
use serde_json::{Value, json};
use wallet_core::report::BadgeReport;
use wallet_core::view::{Language, SharedBy, Verdict};

use crate::failure::{Failure, Outcome};

/// Where and how to print.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Screen {
    pub(crate) json: bool,
    pub(crate) language: Language,
    colour: bool,
}

impl Screen {
    pub(crate) fn new(json: bool, language: Language) -> Self {
        let colour = !json && io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { json, language, colour }
    }

    /// A sentence in the language that was asked for.
    pub(crate) fn pick(self, nl: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Nl => nl,
            Language::En => en,
        }
    }

    /// Prints `value` as JSON, or what `human` makes of it.
    pub(crate) fn answer<T: Serialize>(self, value: &T, human: impl FnOnce() -> String) -> Outcome {
        let text = if self.json { pretty(value)? } else { human() };
        print(text.trim_end())
    }

    /// Prints a failure and gives its exit code.
    pub(crate) fn fail(self, failure: &Failure) -> u8 {
        let text = failure.text(self.language);
        if self.json {
            let document = json!({ "error": { "code": failure.code, "text": text } });
            // Standard output may be closed; the exit code still tells.
            drop(pretty(&document).and_then(|document| print(&document)));
        } else {
            drop(writeln!(io::stderr(), "{text}"));
        }
        failure.exit_code()
    }

    /// One judged badge: its verdict, who gave it, the dates, and the reasons.
    pub(crate) fn badge(self, badge: &BadgeReport, shown: bool) -> String {
        let issuer = badge.issuer.name.as_deref().unwrap_or(&badge.issuer.id);
        let mut out =
            format!("{} {}\n  {} {}\n", self.mark(badge.verdict), self.bold(&badge.name), badge.told.title, badge.told.text);
        let mut row = |label: &str, value: &str| out.push_str(&format!("  {label:<12} {value}\n"));
        if shown {
            row("", &badge.holder_line);
        }
        row(self.pick("noemt zich", "calls itself"), issuer);
        if let Some(issued) = &badge.issued {
            row(self.pick("gekregen", "given"), &self.date(issued));
        }
        if let Some(expires) = &badge.expires {
            row(self.pick("geldig tot", "valid until"), &self.date(expires));
        }
        for check in &badge.checks {
            out.push_str(&format!("    {} {}\n", self.tick(&check.outcome), check.text));
        }
        out
    }

    /// What a share link says besides its badges.
    pub(crate) fn shared(self, by: &SharedBy) -> String {
        let words: Vec<&str> = [by.title.as_str(), by.words.as_str()].into_iter().filter(|text| !text.is_empty()).collect();
        let mut out = String::new();
        if !words.is_empty() {
            let whose = self.pick("Woorden van wie dit deelt", "Words of the one who shares this");
            out.push_str(&format!("  {whose}: \"{}\"\n", words.join(" · ")));
        }
        let end = match &by.ends_at {
            Some(end) => format!("{} {}", self.pick("De link werkt tot", "The link works until"), self.date(end)),
            None => self.pick("De link werkt tot hij wordt gestopt", "The link works until it is stopped").to_owned(),
        };
        out.push_str(&format!("  {end} ({})\n", by.host));
        out
    }

    /// A time as a date in words.
    pub(crate) fn date(self, time: &str) -> String {
        time.parse().map_or_else(|_| time.to_owned(), |time| wallet_core::sentences::date(self.language, time))
    }

    /// The mark of a verdict. The shape tells as much as the colour.
    pub(crate) fn mark(self, verdict: Verdict) -> String {
        match verdict {
            Verdict::Valid => self.paint("32", "✓"),
            Verdict::Attention => self.paint("33", "!"),
            Verdict::CannotTell => self.paint("36", "?"),
            Verdict::Invalid => self.paint("31", "✗"),
        }
    }

    fn tick(self, outcome: &str) -> String {
        match outcome {
            "passed" => self.paint("32", "✓"),
            "warning" => self.paint("33", "!"),
            "failed" => self.paint("31", "✗"),
            _ => self.paint("36", "?"),
        }
    }

    /// Says on a terminal how far long work is, in one line that the next one takes the place of; an empty one takes it away.
    pub(crate) fn progress(self, text: &str) {
        drop(write!(io::stderr(), "\r\x1b[K{}", cut(text, MAX_LINE - 20)));
    }

    /// Text that stands out on a terminal.
    pub(crate) fn bold(self, text: &str) -> String {
        self.paint("1", text)
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// The widest that a column of a table becomes, in characters.
const MAX_COLUMN: usize = 48;
/// The longest text of somebody else in one cell.
const MAX_CELL: usize = 60;
/// How wide running text is set.
const MAX_LINE: usize = 96;

/// A table whose columns are as wide as their widest cell, but for cells that no other row should be padded to.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.filter(|width| *width <= MAX_COLUMN).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        out.push_str(cells.join("  ").trim_end());
        out.push('\n');
    }
    out
}

/// A text of somebody else in one cell.
pub(crate) fn cell(text: &str) -> String {
    cut(text, MAX_CELL)
}

/// At most so many characters of a text, and a sign where there were more.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// The words of the core's own HTML, a line for each paragraph and each item.
pub(crate) fn plain(html: &str) -> String {
    let mut out = String::new();
    for token in Tokenizer::new(html).flatten() {
        match token {
            Token::String(text) => out.push_str(&String::from_utf8_lossy(&text)),
            Token::StartTag(tag) => match tag.name.as_slice() {
                b"li" => out.push_str("\n- "),
                // The first paragraph of an item stands behind its dash.
                b"p" if out.ends_with("- ") => {}
                b"p" | b"blockquote" | b"pre" | b"ul" | b"ol" | b"br" | b"hr" => out.push('\n'),
                _ => {}
            },
            Token::EndTag(tag) if matches!(tag.name.as_slice(), b"p" | b"ul" | b"ol") => out.push('\n'),
            _ => {}
        }
    }
    let lines = out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let lines: Vec<String> = lines.filter(|line| !line.is_empty() && line != "-").collect();
    // No colour, no bell, no other trick of a terminal.
    lines.join("\n").replace(|c: char| c.is_control() && c != '\n', "")
}

/// A text in lines that fit, each behind `indent`.
pub(crate) fn wrapped(text: &str, indent: &str) -> String {
    let fit = textwrap::Options::new(MAX_LINE + indent.len()).initial_indent(indent).subsequent_indent(indent);
    // An address stays one word that can be clicked.
    textwrap::fill(text, fit.break_words(false)) + "\n"
}

fn pretty<T: Serialize>(value: &T) -> Result<String, Failure> {
    let value: Value = serde_json::to_value(value).map_err(internal)?;
    serde_json::to_string_pretty(&value).map_err(internal)
}

fn print(text: &str) -> Outcome {
    match writeln!(io::stdout(), "{text}").and_then(|()| io::stdout().flush()) {
        Ok(()) => Ok(0),
        // `badge-wallet list | head` is no failure.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(0),
        Err(error) => Err(internal(error)),
    }
}

fn internal(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Failure {
    wallet_core::Error::new(wallet_core::ErrorCode::Internal, error).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_long_cell_pads_no_other_row() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let long = "x".repeat(MAX_COLUMN + 1);
        let text = table(&[row(["kort", "a"]), row([&long, "b"]), row(["langer", "c"])]);
        assert_eq!(text, format!("kort    a\n{long}  b\nlanger  c\n"));
        assert_eq!(cell(&"x".repeat(MAX_CELL + 1)).chars().count(), MAX_CELL);
    }

    #[test]
    fn the_cores_html_becomes_plain_lines() {
        let html =
            "<p>Leer &amp; <strong>doe</strong>: 1 &lt; 2 &amp;lt;</p>\n<ul><li>een</li>\n<li><p>twee</p>\n</li>\n</ul>\u{1b}[31m";
        assert_eq!(plain(html), "Leer & doe: 1 < 2 &lt;\n- een\n- twee\n[31m");
        assert_eq!(plain("geen opmaak"), "geen opmaak");
    }

    #[test]
    fn long_text_is_wrapped_between_words() {
        let text = wrapped(&format!("{} einde\nnieuw", "woord ".repeat(20).trim_end()), "  ");
        assert!(text.lines().all(|line| line.starts_with("  ") && line.chars().count() <= MAX_LINE + 2), "{text}");
        assert_eq!(text.lines().count(), 3);
        assert_eq!(text.split_whitespace().count(), 22);
    }
}
