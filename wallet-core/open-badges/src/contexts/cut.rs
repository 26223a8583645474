//! Contexts cut down to the words of one document. Reading whole contexts is nearly all the work of a check.
//!
//! A definition can matter only when the document uses its name, or when another definition does. The others are left out;
//! a test compares the canonical forms of the corpus with and without.

use std::{collections::HashSet, sync::LazyLock};

use serde_json::{Map, Value, json};

use super::{BUNDLE, Bundled};

/// Longer texts are prose: no name is so long.
const MAX_NAME: usize = 100;

/// The words of a document that could be names in a context.
#[derive(Debug)]
pub(crate) struct Words(HashSet<String>);

impl Words {
    /// Every key, and every short text with what stands before its first colon.
    pub(crate) fn of(document: &Value) -> Self {
        let mut words = HashSet::new();
        collect(document, true, &mut words);
        Self(words)
    }

    /// The words of all contexts: nothing is cut.
    #[cfg(test)]
    pub(crate) fn all() -> Self {
        Self::of(&BUNDLE.iter().map(|context| context.json().clone()).collect())
    }

    /// The context with the definitions that the document can need.
    pub(crate) fn cut(&self, context: &Bundled) -> Vec<u8> {
        json!({ "@context": self.kept(&context.json()["@context"]) }).to_string().into_bytes()
    }

    fn kept(&self, context: &Value) -> Value {
        match context {
            Value::Array(list) => list.iter().map(|entry| self.kept(entry)).collect(),
            Value::Object(map) => {
                let keep = |name: &str| name.starts_with('@') || self.0.contains(name) || NEEDED.contains(name);
                Value::Object(
                    map.iter().filter(|(name, _)| keep(name)).map(|(name, value)| (name.clone(), self.definition(value))).collect(),
                )
            }
            other => other.clone(),
        }
    }

    /// A definition whole, except for the definitions in the context that it brings.
    fn definition(&self, definition: &Value) -> Value {
        match definition {
            Value::Object(map) if map.contains_key("@context") => {
                let cut = |(key, value): (&String, &Value)| {
                    (key.clone(), if key == "@context" { self.kept(value) } else { value.clone() })
                };
                Value::Object(map.iter().map(cut).collect::<Map<_, _>>())
            }
            other => other.clone(),
        }
    }
}

/// The names that definitions use among themselves: prefixes, mostly.
static NEEDED: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let mut names = HashSet::new();
    BUNDLE.iter().for_each(|context| collect(context.json(), false, &mut names));
    names
});

fn collect(value: &Value, keys: bool, words: &mut HashSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if keys {
                    words.insert(key.clone());
                }
                collect(value, keys, words);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| collect(value, keys, words)),
        Value::String(text) if text.len() <= MAX_NAME => {
            if let Some((prefix, _)) = text.split_once(':') {
                words.insert(prefix.to_owned());
            }
            words.insert(text.clone());
        }
        _ => {}
    }
}
