//! Strict JSON: the only way in for outside JSON.
//!
//! serde_json alone keeps the last of two equal keys, so two readers of one signed text could see two badges. Here that
//! text is refused, and every limit of `standards.md` §21 is checked while reading, before anything grows.

use std::{
    cell::{Cell, RefCell},
    fmt,
};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::ExtractError;

/// The largest JSON text, in bytes.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;
/// The deepest nesting of arrays and objects.
pub const MAX_DEPTH: usize = 64;
/// The most object members in one text.
pub const MAX_KEYS: usize = 10_000;
/// The most values in one text: 5 MiB of `[0,0,…]` would otherwise take hundreds of MiB as a tree.
const MAX_VALUES: usize = 250_000;

/// Reads one JSON text within the limits, and refuses what two readers could understand differently.
///
/// A UTF-8 byte order mark is stripped.
///
/// # Errors
/// `TooLarge` over a limit, `Hostile` for a duplicate key, `Damaged` for anything that is not exactly one JSON value in
/// UTF-8 (UTF-16, lone surrogates and trailing data included).
pub fn parse_strict(bytes: &[u8]) -> Result<Value, ExtractError> {
    if bytes.len() > MAX_BYTES {
        return Err(ExtractError::TooLarge("json bytes"));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| ExtractError::Damaged("text is not UTF-8"))?;
    let state = State { text, keys: Cell::default(), values: Cell::default(), refusal: RefCell::default() };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let read = Node { state: &state, depth: 0 }.deserialize(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    read.map_err(|_| state.refusal.take().unwrap_or(ExtractError::Damaged("broken JSON")))
}

/// What is counted over the whole text, and why reading stopped when we stopped it.
struct State<'a> {
    text: &'a str,
    keys: Cell<usize>,
    values: Cell<usize>,
    refusal: RefCell<Option<ExtractError>>,
}

impl State<'_> {
    fn refuse<E: serde::de::Error>(&self, why: ExtractError) -> E {
        *self.refusal.borrow_mut() = Some(why);
        E::custom("refused")
    }

    fn count_value<E: serde::de::Error>(&self) -> Result<(), E> {
        self.values.set(self.values.get() + 1);
        if self.values.get() > MAX_VALUES { Err(self.refuse(ExtractError::TooLarge("json values"))) } else { Ok(()) }
    }

    fn count_key<E: serde::de::Error>(&self) -> Result<(), E> {
        self.keys.set(self.keys.get() + 1);
        if self.keys.get() > MAX_KEYS { Err(self.refuse(ExtractError::TooLarge("json keys"))) } else { Ok(()) }
    }
}

/// One value at a known depth. Recursion is bounded by [`MAX_DEPTH`], so the stack is too.
#[derive(Clone, Copy)]
struct Node<'a> {
    state: &'a State<'a>,
    depth: usize,
}

impl<'a> Node<'a> {
    fn inner<E: serde::de::Error>(self) -> Result<Node<'a>, E> {
        if self.depth >= MAX_DEPTH {
            return Err(self.state.refuse(ExtractError::TooLarge("json depth")));
        }
        Ok(Node { depth: self.depth + 1, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.state.count_value()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a finite number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value, A::Error> {
        let node = self.inner()?;
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element_seed(node)? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let node = self.inner()?;
        let mut members = Map::new();
        while let Some(key) = map.next_key_seed(Key(self.state))? {
            let Some(key) = key else {
                let number: String = map.next_value()?;
                return number.parse().map(Value::Number).map_err(serde::de::Error::custom);
            };
            self.state.count_key()?;
            if key.starts_with(RESERVED) {
                return Err(self.state.refuse(ExtractError::Hostile("reserved key in JSON")));
            }
            if members.contains_key(&key) {
                return Err(self.state.refuse(ExtractError::Hostile("duplicate key in JSON")));
            }
            let value = map.next_value_seed(node)?;
            members.insert(key, value);
        }
        Ok(Value::Object(members))
    }
}

/// Another crate of the workspace may switch on serde_json's `arbitrary_precision`; numbers then arrive as a map with one
/// key of this prefix. An outside object with such a key would be read as a number by whoever reads the tree again.
const RESERVED: &str = "$serde_json::private::";

/// A member's key, or `None` where serde_json hands over a number as a map. That one key is the only key that is neither
/// copied nor borrowed from the text.
#[derive(Clone, Copy)]
struct Key<'a>(&'a State<'a>);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<String>, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = Option<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object's key")
    }

    fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Option<String>, E> {
        let from_text = self.0.text.as_bytes().as_ptr_range().contains(&key.as_ptr());
        Ok((from_text || !key.starts_with(RESERVED)).then(|| key.to_owned()))
    }

    fn visit_str<E>(self, key: &str) -> Result<Option<String>, E> {
        Ok(Some(key.to_owned()))
    }

    fn visit_string<E>(self, key: String) -> Result<Option<String>, E> {
        Ok(Some(key))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_duplicate_key_is_refused_at_any_depth() {
        assert_eq!(parse_strict(br#"{"a":1,"a":1}"#), Err(ExtractError::Hostile("duplicate key in JSON")));
        assert_eq!(parse_strict(br#"[{"b":{"a":1,"\u0061":2}}]"#), Err(ExtractError::Hostile("duplicate key in JSON")));
    }

    #[test]
    fn a_byte_order_mark_is_stripped_and_utf_16_is_damaged() {
        assert_eq!(parse_strict(b"\xEF\xBB\xBF{}"), Ok(serde_json::json!({})));
        assert!(matches!(parse_strict(b"\xFF\xFE{\0}\0"), Err(ExtractError::Damaged(_))));
        assert!(matches!(parse_strict(b"{\0}\0"), Err(ExtractError::Damaged(_))));
    }

    #[test]
    fn damage_is_told_as_damage() {
        for text in [&b"{} {}"[..], b"", b"NaN", br#"["\ud800"]"#, br#"["\udc00\ud800"]"#, b"[\"\xff\"]"] {
            assert!(matches!(parse_strict(text), Err(ExtractError::Damaged(_))), "{}", String::from_utf8_lossy(text));
        }
    }

    #[test]
    fn depth_keys_values_and_bytes_are_capped() {
        let nested = |depth: usize| [b"[".repeat(depth), b"]".repeat(depth)].concat();
        assert!(parse_strict(&nested(MAX_DEPTH)).is_ok());
        assert_eq!(parse_strict(&nested(MAX_DEPTH + 1)), Err(ExtractError::TooLarge("json depth")));
        assert_eq!(parse_strict(&nested(10_000)), Err(ExtractError::TooLarge("json depth")));
        assert_eq!(parse_strict(&b"{\"a\":".repeat(10_000)), Err(ExtractError::TooLarge("json depth")));
        let keys =
            |count: usize| serde_json::to_vec(&(0..count).map(|n| (n.to_string(), n.into())).collect::<Map<_, _>>()).unwrap();
        assert!(parse_strict(&keys(MAX_KEYS)).is_ok());
        assert_eq!(parse_strict(&keys(MAX_KEYS + 1)), Err(ExtractError::TooLarge("json keys")));
        assert_eq!(
            parse_strict(&[b"[0".to_vec(), b",0".repeat(MAX_VALUES), b"]".to_vec()].concat()),
            Err(ExtractError::TooLarge("json values"))
        );
        assert_eq!(parse_strict(&vec![b' '; 50 * 1024 * 1024]), Err(ExtractError::TooLarge("json bytes")));
    }

    #[test]
    fn an_object_never_poses_as_a_number() {
        for text in [
            r#"{"$serde_json::private::Number":"1"}"#,
            r#"{"\u0024serde_json::private::Number":"1"}"#,
            r#"[{"$serde_json::private::RawValue":"1"}]"#,
        ] {
            assert_eq!(parse_strict(text.as_bytes()), Err(ExtractError::Hostile("reserved key in JSON")));
        }
    }

    #[test]
    fn numbers_stay_as_written_where_they_can() {
        let text = br#"{"a":18446744073709551615,"b":-9223372036854775808,"c":0.5}"#;
        assert_eq!(serde_json::to_vec(&parse_strict(text).unwrap()).unwrap(), text);
    }

    #[test]
    fn the_json_test_suite_is_read_as_it_asks() {
        let Some(root) = crate::corpus::root() else { return };
        let mut seen = 0;
        for file in std::fs::read_dir(root.join("json-test-suite/test_parsing")).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let read = parse_strict(&std::fs::read(&path).unwrap());
            seen += 1;
            match name.as_bytes()[0] {
                b'y' if name.contains("duplicated_key") => assert!(matches!(read, Err(ExtractError::Hostile(_))), "{name}"),
                b'y' => assert!(read.is_ok(), "{name}: {read:?}"),
                b'n' => assert!(read.is_err(), "{name}"),
                _ => {}
            }
        }
        assert!(seen > 300, "{seen}");
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..512)) {
            let _ = parse_strict(&bytes);
        }

        #[test]
        fn it_agrees_with_serde_json_where_both_read(text in r#"[\[\]{}",:0-9a-z\\.e\- ]{0,64}"#) {
            if let Ok(value) = parse_strict(text.as_bytes()) {
                prop_assert_eq!(value, serde_json::from_str::<Value>(&text).unwrap());
            }
        }
    }
}
