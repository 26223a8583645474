//! Text from outside, made fit to be read: no control, bidi or zero-width characters, and bounded.

/// The longest name or other single line, in characters.
const NAME: usize = 300;
/// The longest description or Markdown text, in characters.
const TEXT: usize = 20_000;

/// A name or other single line as plain text: cleaned, white space collapsed, at most 300 characters.
#[must_use]
pub fn clean_name(raw: &str) -> String {
    let cleaned: String =
        raw.chars().take(TEXT).map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| is_readable(*c)).collect();
    let line = cleaned.split_whitespace().collect::<Vec<_>>().join(" ");
    bounded(&line, NAME)
}

/// A longer text (Markdown stays Markdown): cleaned, line ends as `\n`, at most 20 000 characters.
#[must_use]
pub fn clean_text(raw: &str) -> String {
    let unified = raw.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{85}'], "\n");
    let cleaned: String = unified.chars().filter(|c| matches!(c, '\n' | '\t') || is_readable(*c)).collect();
    bounded(cleaned.trim(), TEXT)
}

fn bounded(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
    }
}

/// Characters that a person sees, or that shape what is seen without moving or hiding it.
fn is_readable(c: char) -> bool {
    !c.is_control()
        && !matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}'
            | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_hides_or_reorders_text_is_removed() {
        assert_eq!(clean_name(" Veilig\u{202E}gnilks\u{202C}\u{200B}\u{FEFF}  werken\r\n\u{0} "), "Veiliggnilks werken");
        assert_eq!(clean_text("a\r\nb\u{2066}\tc\u{7}\r"), "a\nb\tc");
        assert_eq!(clean_name("\u{E0041}\u{3164}\u{2060}"), "");
    }

    #[test]
    fn letters_of_every_script_stay() {
        for name in ["Zoë’s Brødkurs", "שלום", "مرحبا", "e\u{301}", "技能", "❤\u{FE0F}", "हिन्दी"] {
            assert_eq!(clean_name(name), name);
        }
    }

    #[test]
    fn length_is_bounded_at_a_character() {
        assert_eq!(clean_name(&"é".repeat(400)).chars().count(), 301);
        assert_eq!(clean_text(&"é".repeat(30_000)).chars().count(), 20_001);
    }

    proptest! {
        #[test]
        fn cleaning_is_done_once_and_for_all(raw in "\\PC{0,40}[\\s\\p{C}]{0,10}\\PC{0,40}") {
            prop_assert_eq!(clean_name(&clean_name(&raw)), clean_name(&raw));
            prop_assert_eq!(clean_text(&clean_text(&raw)), clean_text(&raw));
        }
    }
}
