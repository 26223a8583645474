//! Base 41: bytes as letters that QR's alphanumeric mode and a link both take as they are. See [`super`].

const LETTERS: &[u8; 41] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$+-./";
const BASE: u32 = 41;

/// Two bytes make three letters, least significant first; a last single byte makes two.
pub(super) fn encode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
    for chunk in bytes.chunks(2) {
        let (mut n, letters) = match *chunk {
            [a, b] => (u32::from(a) << 8 | u32::from(b), 3),
            [a] => (u32::from(a), 2),
            _ => (0, 0),
        };
        for _ in 0..letters {
            text.push(char::from(LETTERS[(n % BASE) as usize]));
            n /= BASE;
        }
    }
    text
}

/// The reverse, in any case. `None` for other letters, and for groups that no bytes make.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 3 * 2 + 1);
    for group in text.as_bytes().chunks(3) {
        let mut n = 0;
        for letter in group.iter().rev() {
            let value = LETTERS.iter().position(|l| *l == letter.to_ascii_uppercase())?;
            n = n * BASE + u32::try_from(value).ok()?;
        }
        match group.len() {
            3 => bytes.extend_from_slice(&u16::try_from(n).ok()?.to_be_bytes()),
            2 => bytes.push(u8::try_from(n).ok()?),
            _ => return None,
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_answers() {
        assert_eq!(encode(&[]), "");
        assert_eq!(encode(&[0, 0]), "000");
        assert_eq!(encode(&[0xff, 0xff]), "H/-"); // 65535 = 17 + 40·41 + 38·41²
        assert_eq!(encode(&[0xff]), "96"); // 255 = 9 + 6·41
        assert_eq!(decode("h/-"), Some(vec![0xff, 0xff]));
    }

    #[test]
    fn what_no_bytes_make_is_refused() {
        for text in ["0", "0000", "///", "//", "A B", "AÉ", "I/-"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn bytes_survive(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn every_text_that_decodes_is_the_one_that_encodes(text in "[0-9A-Z$+./-]{0,40}") {
            if let Some(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
