//! What a command prints: one JSON document, or short and aligned text for people.

use std::io::{self, IsTerminal, Write};

use html5gum::{Token, Tokenizer};
use serde::Serialize;
use serde_json::{Value, json};
use textwrap::{WordSplitter, core::display_width};
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
        let text = if self.json { pretty(value)? } else { self.harmless(&human()) };
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
            drop(writeln!(io::stderr(), "{}", self.harmless(&text)));
        }
        failure.exit_code()
    }

    /// The same text without what would move the cursor, wipe a line or turn the letters round: of escapes only our own colours stay.
    pub(crate) fn harmless(self, text: &str) -> String {
        let mut parts = text.split(ESCAPE);
        let mut out: String = parts.next().unwrap_or_default().chars().filter(|c| !plays_tricks(*c)).collect();
        for part in parts {
            if self.colour && COLOURS.iter().any(|colour| part.starts_with(colour)) {
                out.push(ESCAPE);
            }
            out.extend(part.chars().filter(|c| !plays_tricks(*c)));
        }
        out
    }

    /// One judged badge: its verdict, who gave it, the dates, and the reasons.
    pub(crate) fn badge(self, badge: &BadgeReport, shown: bool) -> String {
        let issuer = badge.issuer.name.clone().unwrap_or_else(|| cell(&badge.issuer.id));
        let mut out =
            format!("{} {}\n  {} {}\n", self.mark(badge.verdict), self.bold(&badge.name), badge.told.title, badge.told.text);
        let mut row = |label: &str, value: &str| out.push_str(&format!("  {label:<12} {value}\n"));
        if shown {
            row("", &badge.holder_line);
        }
        row(self.pick("noemt zich", "calls itself"), &issuer);
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

/// How a terminal is told anything but text.
const ESCAPE: char = '\u{1b}';
/// What follows it where [`Screen::paint`] wrote it.
const COLOURS: [&str; 6] = ["[0m", "[1m", "[31m", "[32m", "[33m", "[36m"];

/// Whether a terminal does with this character anything else than show it where it stands.
fn plays_tricks(c: char) -> bool {
    (c.is_control() && c != '\n')
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A table whose columns are as wide as their widest cell, but for cells that no other row should be padded to.
pub(crate) fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| display_width(cell));
        cells.filter(|width| *width <= MAX_COLUMN).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (text, width) in row.iter().zip(&widths) {
            let room = " ".repeat(width.saturating_sub(display_width(text)) + 2);
            // A row is one line, whatever stands in it.
            line.extend([text.replace(char::is_control, " "), room]);
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// A text of somebody else in one cell.
pub(crate) fn cell(text: &str) -> String {
    cut(&text.replace(char::is_control, " "), MAX_CELL)
}

/// At most so many characters of a text, and a sign where there were more.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// The words of the core's own HTML, a line for each paragraph and each item, and where its links lead.
pub(crate) fn plain(html: &str) -> String {
    let mut out = String::new();
    // The number of the next item in each list that is open; 0 where items have none.
    let mut lists: Vec<u32> = Vec::new();
    let mut link: Option<(String, usize)> = None;
    // The host of a link, for who does not see where it leads.
    let mut small = false;
    for token in Tokenizer::new(html).flatten() {
        match token {
            Token::String(_) if small => {}
            Token::String(text) => out.push_str(&String::from_utf8_lossy(&text)),
            Token::StartTag(tag) => match tag.name.as_slice() {
                b"ul" => lists.push(0),
                b"ol" => lists.push(1),
                b"li" => match lists.last_mut() {
                    Some(number @ 1..) => {
                        out.push_str(&format!("\n{number}. "));
                        *number += 1;
                    }
                    _ => out.push_str("\n- "),
                },
                // The first paragraph of an item stands behind its dash.
                b"p" if !lists.is_empty() && out.ends_with(' ') => {}
                b"p" | b"blockquote" | b"pre" | b"br" | b"hr" => out.push('\n'),
                b"small" => {
                    small = true;
                    out.truncate(out.trim_end().len());
                }
                b"a" => {
                    let address = tag.attributes.get(b"href".as_slice());
                    link = address.map(|address| (String::from_utf8_lossy(address).into_owned(), out.len()));
                }
                _ => {}
            },
            Token::EndTag(tag) => match tag.name.as_slice() {
                b"p" => out.push('\n'),
                b"small" => small = false,
                b"ul" | b"ol" => {
                    lists.pop();
                    out.push('\n');
                }
                b"a" => {
                    if let Some((address, words)) = link.take()
                        && out.get(words..).is_some_and(|words| words != address.trim_start_matches("mailto:"))
                    {
                        out.push_str(&format!(" <{address}>"));
                    }
                }
                _ => {}
            },
            _ => {}
        }
    }
    let lines = out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty() && line != "-").collect::<Vec<_>>().join("\n")
}

/// A text in lines that fit, each behind `indent`.
pub(crate) fn wrapped(text: &str, indent: &str) -> String {
    let fit = textwrap::Options::new(MAX_LINE + indent.len()).initial_indent(indent).subsequent_indent(indent);
    // An address stays one word that can be clicked.
    textwrap::fill(text, fit.break_words(false).word_splitter(WordSplitter::NoHyphenation)) + "\n"
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
        let html = "<p>Leer &amp; <strong>doe</strong>: 1 &lt; 2 &amp;lt;</p>\n<ul><li>een</li>\n<li><p>twee</p>\n</li>\n</ul>\n<ol>\n<li>drie</li><li><p>vier</p></li></ol>";
        assert_eq!(plain(html), "Leer & doe: 1 < 2 &lt;\n- een\n- twee\n1. drie\n2. vier");
        assert_eq!(plain("geen opmaak"), "geen opmaak");
        let link = "<p>Meld je <a href=\"https://school.example/a?x=1&amp;y=2\" rel=\"noopener\">aan</a> <small>(school.example)</small>.</p>";
        assert_eq!(plain(link), "Meld je aan <https://school.example/a?x=1&y=2>.");
        assert_eq!(plain("<a href=\"mailto:info@school.example\">info@school.example</a>"), "info@school.example");
    }

    #[test]
    fn of_what_somebody_else_wrote_nothing_moves_the_cursor() {
        let screen = |colour| Screen { json: false, language: Language::En, colour };
        let hostile = "a\r\n\u{1b}[4A\u{1b}]0;x\u{7}\u{9b}2J\u{202e}✓\u{1b}[K";
        for colour in [true, false] {
            assert_eq!(screen(colour).harmless(hostile), "a\n[4A]0;x2J✓[K");
        }
        assert_eq!(screen(true).harmless(&screen(true).mark(Verdict::Invalid)), "\u{1b}[31m✗\u{1b}[0m");
        assert_eq!(cell("a\nb"), "a b");
        assert_eq!(table(&[vec!["a\r\nb".to_owned(), "c".to_owned()]]), "a  b  c\n");
    }

    #[test]
    fn long_text_is_wrapped_between_words() {
        let address = format!("https://stad.example/{}", "een-lang-woord-".repeat(9));
        assert_eq!(wrapped(&address, "  "), format!("  {address}\n"));
        let text = wrapped(&format!("{} einde\nnieuw", "woord ".repeat(20).trim_end()), "  ");
        assert!(text.lines().all(|line| line.starts_with("  ") && line.chars().count() <= MAX_LINE + 2), "{text}");
        assert_eq!(text.lines().count(), 3);
        assert_eq!(text.split_whitespace().count(), 22);
    }
}
