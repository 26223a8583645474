//! Markdown from a badge to HTML that is safe to show: no raw HTML, no pictures, links only to the web and to mail, each with its
//! host beside it or in its words. A web address is a link without any mark, as it is where most of these texts are written. And to
//! plain words, for where no HTML is read.

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream};
use url::Url;

/// The most characters that are read; the rest is cut off.
const MAX_TEXT: usize = 64 * 1024;
/// Lists in quotes in lists: deeper ones are shown flat.
const MAX_DEPTH: usize = 12;
/// The longest address that is a link without a mark, in bytes.
const MAX_ADDRESS: usize = 2_048;

/// Safe HTML of a Markdown text. Every tag in it is written here; everything from the text is escaped.
///
/// Links are `<a href rel="noopener noreferrer">` and are opened only by an explicit tap.
#[must_use]
pub fn to_html(markdown: &str) -> String {
    let mut html = Html::default();
    for event in events(markdown) {
        html.event(event);
    }
    html.finish()
}

/// The words of a Markdown text without its marks: a line for each paragraph and each item, and behind a link where it leads.
#[must_use]
pub fn to_text(markdown: &str) -> String {
    let mut out = String::new();
    // The number of the next item of each list that is open; none where items have none.
    let mut lists: Vec<Option<u64>> = Vec::new();
    // Where each open link leads, and where its words begin.
    let mut links: Vec<(String, usize)> = Vec::new();
    for event in events(markdown) {
        match event {
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) | Event::Code(text) => {
                out.extend(text.chars().filter(is_shown))
            }
            Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock) => {
                out.push('\n');
            }
            Event::Start(Tag::List(first)) => {
                if !out.is_empty() && !out.ends_with('\n') {
                    out.push('\n');
                }
                lists.push(first);
            }
            Event::Start(Tag::Item) => match lists.last_mut() {
                Some(Some(number)) => {
                    out.push_str(&format!("{number}. "));
                    *number = number.saturating_add(1);
                }
                _ => out.push_str("- "),
            },
            Event::End(TagEnd::Item) if !out.ends_with('\n') => out.push('\n'),
            Event::End(TagEnd::List(_)) => {
                lists.pop();
            }
            Event::Start(Tag::Link { dest_url, .. }) => links.push((dest_url.into_string(), out.len())),
            Event::End(TagEnd::Link) => {
                let (to, from) = links.pop().unwrap_or_default();
                if let Some((address, _)) = web_address(&to)
                    && out.get(from..).is_some_and(|words| words != to)
                {
                    out.push_str(&format!(" ({address})"));
                }
            }
            _ => {}
        }
    }
    out.trim().to_owned()
}

fn events(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let text = markdown.char_indices().nth(MAX_TEXT).map_or(markdown, |(end, _)| &markdown[..end]);
    TextMergeStream::new(Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH))
}

#[derive(Default)]
struct Html {
    out: String,
    /// Closing tags of what is open; empty text for what is shown flat.
    open: Vec<&'static str>,
    /// Hosts of the open links, to be written after them.
    links: Vec<Option<String>>,
    in_code: bool,
}

impl Html {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(&tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.links.is_empty() && !self.in_code => self.text(&text),
            // Raw HTML is text like any other: what looked like a tag is shown as it was written.
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => escape(&text, &mut self.out),
            Event::Code(code) => {
                self.out.push_str("<code>");
                escape(&code, &mut self.out);
                self.out.push_str("</code>");
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>"),
            Event::Rule => self.out.push_str("<hr>"),
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => escape(&text, &mut self.out),
            Event::TaskListMarker(_) => {}
        }
    }

    /// Text outside links and code: web addresses in it are links.
    fn text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(start) = address_start(rest) {
            let (before, after) = rest.split_at(start);
            escape(before, &mut self.out);
            let run = after.split(ends_address).next().unwrap_or(after);
            // A longer one is none, and nor is what is in it.
            let address = if run.len() <= MAX_ADDRESS { without_closing(run) } else { run };
            let to = if address.len() <= MAX_ADDRESS { address } else { "" };
            self.start_link(to, true);
            escape(address, &mut self.out);
            self.end(TagEnd::Link);
            rest = &after[address.len()..];
        }
        escape(rest, &mut self.out);
    }

    fn start(&mut self, tag: &Tag<'_>) {
        self.in_code |= matches!(tag, Tag::CodeBlock(_));
        let (opening, closing) = match tag {
            Tag::Paragraph | Tag::HtmlBlock => ("<p>", "</p>"),
            // A badge's headings must not enter the outline of the screen that they stand in.
            Tag::Heading { level: HeadingLevel::H1 | HeadingLevel::H2 | HeadingLevel::H3, .. } => ("<p><strong>", "</strong></p>"),
            Tag::Heading { .. } => ("<p><em>", "</em></p>"),
            Tag::BlockQuote(_) => ("<blockquote>", "</blockquote>"),
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => ("<pre>", "</pre>"),
            Tag::List(None) => ("<ul>", "</ul>"),
            Tag::List(Some(_)) => ("<ol>", "</ol>"),
            Tag::Item => ("<li>", "</li>"),
            Tag::Emphasis => ("<em>", "</em>"),
            Tag::Strong => ("<strong>", "</strong>"),
            Tag::Strikethrough => ("<s>", "</s>"),
            Tag::Link { link_type: LinkType::Email, dest_url, .. } => return self.start_link(&format!("mailto:{dest_url}"), true),
            Tag::Link { link_type, dest_url, .. } => return self.start_link(dest_url, *link_type == LinkType::Autolink),
            // Of a picture the words remain.
            _ => ("", ""),
        };
        let deep = self.open.len() >= MAX_DEPTH;
        self.out.push_str(if deep { "" } else { opening });
        self.open.push(if deep { "" } else { closing });
    }

    /// `bare` is where the link's words are its address: they say its host, if they spell it as it is.
    fn start_link(&mut self, to: &str, bare: bool) {
        let link = link(to);
        if let Some((href, _)) = &link {
            self.out.push_str("<a href=\"");
            escape(href, &mut self.out);
            self.out.push_str("\" rel=\"noopener noreferrer\">");
        }
        self.open.push(if link.is_some() { "</a>" } else { "" });
        let written = to.split_once(':').map_or("", |(_, rest)| rest.trim_start_matches('/'));
        let said = |host: &str| written.get(..host.len()).is_some_and(|start| start.eq_ignore_ascii_case(host));
        self.links.push(link.map(|(_, host)| host).filter(|host| !(bare && said(host))));
    }

    fn end(&mut self, tag: TagEnd) {
        self.in_code &= tag != TagEnd::CodeBlock;
        self.out.push_str(self.open.pop().unwrap_or_default());
        if tag == TagEnd::Link
            && let Some(Some(host)) = self.links.pop()
        {
            self.out.push_str(" <small>(");
            escape(&host, &mut self.out);
            self.out.push_str(")</small>");
        }
        if matches!(tag, TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_)) {
            self.out.push('\n');
        }
    }

    fn finish(mut self) -> String {
        while let Some(closing) = self.open.pop() {
            self.out.push_str(closing);
        }
        self.out.trim().to_owned()
    }
}

/// Where a web address begins that is not part of a longer word.
fn address_start(text: &str) -> Option<usize> {
    text.match_indices("://").find_map(|(at, _)| {
        let is = |scheme: &&str| {
            let start = at.checked_sub(scheme.len()).and_then(|start| text.get(start..at));
            start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
        };
        let start = at - ["https", "http"].iter().find(|scheme| is(scheme))?.len();
        let longer = text[..start].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '+' | '-' | '.'));
        (!longer).then_some(start)
    })
}

/// What no address has in it, as people write them; and what is not shown is in none.
fn ends_address(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | '`' | '\\' | '|') || is_unseen(c)
}

/// An address without the punctuation of the sentence that it stands in.
fn without_closing(address: &str) -> &str {
    let trimmed = address.trim_end_matches(['.', ',', ':', ';', '!', '?', '\'', '*', '_', '~', '…', '’', '”', '“', '»']);
    let unopened =
        |open: char, close: char| trimmed.ends_with(close) && trimmed.matches(close).count() > trimmed.matches(open).count();
    if unopened('(', ')') || unopened('[', ']') || unopened('{', '}') {
        return without_closing(&trimmed[..trimmed.len() - 1]);
    }
    trimmed
}

/// An address that may be a link, and the host (or mail address) that is shown beside it.
fn link(to: &str) -> Option<(String, String)> {
    let url = Url::parse(to).ok()?;
    match url.scheme() {
        "mailto" => Some((url.to_string(), url.path().to_owned())),
        _ => web_address(to),
    }
}

/// A web address in its normal form, and its host. `None` for anything that a person should not be led to.
pub fn web_address(address: &str) -> Option<(String, String)> {
    let url = Url::parse(address).ok()?;
    let honest = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none();
    let host = url.host_str().filter(|host| !host.is_empty())?.to_owned();
    honest.then(|| (url.to_string(), host))
}

/// Not what turns the order of letters around, nor what nobody sees.
fn is_shown(c: &char) -> bool {
    !is_unseen(*c) && (!c.is_control() || matches!(c, '\n' | '\t'))
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if is_shown(&c) => out.push(c),
            _ => {}
        }
    }
}

/// Turns the order of a line, or has no width.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn markdown_becomes_plain_html() {
        assert_eq!(
            to_html("Je **maakt** koffie.\n\n- malen\n- zetten"),
            "<p>Je <strong>maakt</strong> koffie.</p>\n<ul><li>malen</li>\n<li>zetten</li>\n</ul>"
        );
        assert_eq!(to_html("# Kop\ntekst"), "<p><strong>Kop</strong></p>\n<p>tekst</p>");
    }

    #[test]
    fn markdown_becomes_plain_words() {
        assert_eq!(
            to_text("# Kop\n\nJe **maakt** `koffie`.\nEn *thee*.\n\n- malen\n- zetten\n\n1. een\n2. twee\n\nKlaar \u{202e}\\*"),
            "Kop\nJe maakt koffie.\nEn thee.\n- malen\n- zetten\n1. een\n2. twee\nKlaar *"
        );
        assert_eq!(
            to_text(
                "[hier](https://school.example/a) of <https://b.example/> of [x](javascript:alert) ![logo](https://c.example/x.png)"
            ),
            "hier (https://school.example/a) of https://b.example/ of x logo"
        );
        assert_eq!(to_text("- een\n  - twee\n\n> drie\n\n<b>vier</b>"), "- een\n- twee\ndrie\n<b>vier</b>");
    }

    #[test]
    fn links_show_their_host_and_lead_only_to_the_web() {
        assert_eq!(
            to_html("[hier](https://school.example/a?b=\"c)"),
            "<p><a href=\"https://school.example/a?b=%22c\" rel=\"noopener noreferrer\">hier</a> <small>(school.example)</small></p>"
        );
        assert_eq!(
            to_html("<info@school.example>"),
            "<p><a href=\"mailto:info@school.example\" rel=\"noopener noreferrer\">info@school.example</a></p>"
        );
        for bad in [
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert)",
            "[x](data:text/html,a)",
            "[x](//a.example)",
            "[x](/a)",
            "[x](https://a@b.example)",
        ] {
            assert_eq!(to_html(bad), "<p>x</p>", "{bad}");
        }
    }

    #[test]
    fn a_web_address_is_a_link_without_any_mark() {
        let link = |address: &str| format!("<a href=\"{address}\" rel=\"noopener noreferrer\">{address}</a>");
        for (text, before, address, after) in [
            ("Kijk op https://a.example/b_c_d?e=f.", "Kijk op ", "https://a.example/b_c_d?e=f", "."),
            ("http://a.example/", "", "http://a.example/", ""),
            ("(https://a.example/b_(c))", "(", "https://a.example/b_(c)", ")"),
            ("Meld je aan: https://a.example/b, en kom!", "Meld je aan: ", "https://a.example/b", ", en kom!"),
            ("**https://a.example/b**", "<strong>", "https://a.example/b", "</strong>"),
            ("‘https://a.example/b’…", "‘", "https://a.example/b", "’…"),
            ("https://a.example/b\u{200b}c", "", "https://a.example/b", "c"),
        ] {
            assert_eq!(to_html(text), format!("<p>{before}{}{after}</p>", link(address)), "{text}");
        }
        let two = format!("<p>{}<br>{}</p>", link("https://a.example/1"), link("https://a.example/2"));
        assert_eq!(to_html("https://a.example/1  \nhttps://a.example/2"), two);
        for plain in [
            "ftp://a.example/",
            "javascript://a.example/",
            "xhttps://a.example/",
            "https://",
            "https://...",
            "https://u@a.example/",
            "www.a.example",
            &format!("https://a.example/{}", "x".repeat(MAX_ADDRESS)),
        ] {
            assert_eq!(to_html(plain), format!("<p>{plain}</p>"), "{plain}");
        }
        assert_eq!(to_html("`https://a.example/`"), "<p><code>https://a.example/</code></p>");
        assert_eq!(to_html("    https://a.example/"), "<pre>https://a.example/</pre>");
        assert_eq!(to_html("[https://a.example/](javascript:x)"), "<p>https://a.example/</p>");
        assert_eq!(
            to_html("[https://a.example/](https://b.example/)"),
            "<p><a href=\"https://b.example/\" rel=\"noopener noreferrer\">https://a.example/</a> <small>(b.example)</small></p>"
        );
        assert!(!to_html(&"(http://".repeat(8_000)).contains("<a"));
    }

    #[test]
    fn an_address_says_its_host_where_its_words_do_not() {
        for text in ["https://müsli.example/", "<https://müsli.example/>", "https://müsli.example/xn--msli-0ra.example"] {
            let html = to_html(text);
            assert!(html.ends_with("</a> <small>(xn--msli-0ra.example)</small></p>"), "{html}");
        }
        assert!(!to_html("HTTPS://A.Example/").contains("<small>"));
    }

    #[test]
    fn nothing_in_it_runs_or_loads() {
        assert_eq!(to_html("a <script>alert(1)</script> b"), "<p>a &lt;script&gt;alert(1)&lt;/script&gt; b</p>");
        assert_eq!(to_html("<img src=x onerror=alert(1)>"), "<p>&lt;img src=x onerror=alert(1)&gt;</p>");
        assert_eq!(to_html("![logo](https://track.example/x.png)"), "<p>logo</p>");
        assert!(to_html(&"> ".repeat(20_000)).matches("<blockquote>").count() <= MAX_DEPTH);
    }

    proptest! {
        #[test]
        fn plain_words_come_of_everything(text in "[a-z<>\"'&*_`#\\[\\]()! \n/:=0-9.-]{0,200}") {
            let _ = to_text(&text);
        }

        #[test]
        fn only_our_own_tags_come_out(text in "[a-z<>\"'&*_`#\\[\\]()! \n/:=-]{0,200}") {
            let html = to_html(&text);
            for tag in html.split('<').skip(1) {
                let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                prop_assert!(["p", "strong", "em", "blockquote", "pre", "ul", "ol", "li", "s", "a", "code", "br", "hr", "small"].contains(&name.as_str()), "{html}");
            }
        }
    }
}
