//! The learner's own words. Plain text, in which nothing can be mistaken for a verdict.

use icu_normalizer::ComposingNormalizerBorrowed;

const MAX_TITLE: usize = 80;
const MAX_WORDS: usize = 400;

/// A title: one line of at most 80 characters.
#[must_use]
pub fn clean_title(text: &str) -> String {
    clean(text, MAX_TITLE, false)
}

/// Words: at most 400 characters, with line breaks.
#[must_use]
pub fn clean_words(text: &str) -> String {
    clean(text, MAX_WORDS, true)
}

fn clean(text: &str, most: usize, lines: bool) -> String {
    // NFKC first: what looks like a letter becomes one, and what only joins or colours a sign loses it.
    let bounded: String = text.chars().take(8 * most).collect();
    let allowed: String = ComposingNormalizerBorrowed::new_nfkc().normalize(&bounded).chars().filter(|c| !is_sign(*c)).collect();
    let line = |line: &str| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let joined = if lines {
        let mut all: Vec<String> = allowed.lines().map(line).collect();
        // At most one empty line at a time: words must not push themselves away from the line above them.
        all.dedup_by(|a, b| a.is_empty() && b.is_empty());
        all.join("\n").trim().to_owned()
    } else {
        line(&allowed)
    };
    joined.chars().take(most).collect::<String>().trim_end().to_owned()
}

/// Ticks, crosses, pictures, and characters that are not seen or turn the line around.
fn is_sign(c: char) -> bool {
    match c {
        '\n' => false,
        // Invisible and bidi.
        '\u{ad}'
        | '\u{61c}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffd}'
        | '\u{e0000}'..='\u{e0fff}' => true,
        // Roots, signs of mathematics and technology, boxes, dingbats, arrows, keycaps, and everything that is drawn.
        '\u{2190}'..='\u{2bff}'
        | '\u{20d0}'..='\u{20ff}'
        | '\u{3030}'
        | '\u{303d}'
        | '\u{3297}'
        | '\u{3299}'
        | '\u{2e80}'..='\u{2eff}' => true,
        '\u{10100}'..='\u{1013f}'
        | '\u{10190}'..='\u{101ff}'
        | '\u{1d100}'..='\u{1d24f}'
        | '\u{1f000}'..='\u{1faff}'
        | '\u{1fb00}'..='\u{1fbff}' => true,
        // Marks of registration, the sign of multiplication, and private use.
        '\u{a9}' | '\u{ae}' | '\u{d7}' | '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => true,
        c => c.is_control() && c != '\t',
    }
}
