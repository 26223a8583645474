//! Nodes of several types, each with a context of its own.
//!
//! JSON-LD applies the contexts of all types of a node, in the order of the types' names (JSON-LD 1.1 API, §5.1.2, step 11). `oxjsonld`
//! applies the last one only, so that terms of the others come out undefined. Such a node is given one more type, which is the
//! last, whose context is all of theirs; its statement is taken out again. What the added type means is named by the hash of the
//! document, which no document can hold: a statement of its own is never taken out.

use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::RdfError;
use crate::contexts::{self, Bundled};

/// Different sets of such types in one document. An honest one has a few.
const MAX_ADDED: usize = 32;
/// Sorts after every other name.
const LAST: char = char::MAX;

/// The contexts around the node that is being written, and the types that were added so far.
#[derive(Debug, Default)]
pub(super) struct Types {
    around: Vec<&'static Bundled>,
    /// The contexts of each added type.
    added: Vec<Value>,
}

impl Types {
    /// Enters a node with its own `@context`, if any. What it answers is for [`Types::leave`].
    pub(super) fn enter(&mut self, context: Option<&Value>) -> usize {
        let before = self.around.len();
        let named = match context {
            Some(Value::Array(list)) => list.as_slice(),
            Some(one) => std::slice::from_ref(one),
            None => &[],
        };
        self.around.extend(named.iter().filter_map(Value::as_str).filter_map(contexts::find));
        before
    }

    pub(super) fn leave(&mut self, before: usize) {
        self.around.truncate(before);
    }

    /// The types of a node with one that has the contexts of all, where two or more have one.
    pub(super) fn of_node(&mut self, types: &Value) -> Result<Option<Value>, RdfError> {
        let Some(list) = types.as_array().filter(|list| list.len() > 1) else { return Ok(None) };
        let Some(mut names) = list.iter().map(Value::as_str).collect::<Option<Vec<&str>>>() else { return Ok(None) };
        names.sort_unstable();
        names.dedup();
        let scoped: Vec<Value> = names.iter().filter_map(|name| self.scoped(name)).collect();
        // A context that gives one of the types another meaning would be applied too early.
        let renames = |context: &Value| names.iter().any(|name| context.get(name).is_some());
        if scoped.len() < 2 || scoped.iter().any(renames) {
            return Ok(None);
        }
        let scoped = Value::Array(scoped);
        let known = self.added.iter().position(|known| *known == scoped);
        if known.is_none() && self.added.len() == MAX_ADDED {
            return Err(RdfError::TooComplex);
        }
        let place = known.unwrap_or_else(|| {
            self.added.push(scoped);
            self.added.len() - 1
        });
        let mut types = list.clone();
        types.push(name(place).into());
        Ok(Some(types.into()))
    }

    /// A document's contexts with the definitions of the types that were added to what was `written` of it, and what these types mean.
    /// `None` where there are none.
    pub(super) fn definitions(&self, context: &Value, written: &[u8]) -> Option<(Value, String)> {
        if self.added.is_empty() {
            return None;
        }
        let meaning = format!("urn:sha-256:{}", hex::encode(digest(&SHA256, written)));
        let mut list = match context {
            Value::Array(list) => list.clone(),
            one => vec![one.clone()],
        };
        let define = |(place, scoped): (usize, &Value)| (name(place), json!({ "@id": meaning, "@context": scoped }));
        list.push(self.added.iter().enumerate().map(define).collect());
        Some((list.into(), meaning))
    }

    /// The context that a type brings, by the innermost context around the node that defines it.
    fn scoped(&self, name: &str) -> Option<Value> {
        let definition = self.around.iter().rev().find_map(|context| context.definition(name))?;
        definition.get("@context").filter(|context| context.is_object()).cloned()
    }
}

fn name(place: usize) -> String {
    format!("{LAST}{place}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rdf::{Hash, canonical};

    fn document(subject: &Value) -> Value {
        json!({
            "@context": ["https://www.w3.org/ns/credentials/v2", "https://w3id.org/citizenship/v4rc1"],
            "type": ["VerifiableCredential"],
            "issuer": "did:example:issuer",
            "credentialSubject": subject,
        })
    }

    #[test]
    fn the_terms_of_all_types_of_a_node_are_defined_in_it_and_not_below_it() {
        let both = json!({ "type": ["Person", "EmployablePerson"], "givenName": "Noor", "residentSince": "2015-01-01" });
        let lines = canonical(&document(&both), Hash::Sha256).unwrap();
        for term in ["citizenship#residentSince", "schema.org/givenName", "citizenship#EmployablePerson", "schema.org/Person"] {
            assert!(lines.contains(term), "{term} in {lines}");
        }
        assert!(!lines.contains("urn:sha-256"), "{lines}");
        // The order in which they are written says nothing.
        let turned = json!({ "residentSince": "2015-01-01", "givenName": "Noor", "type": ["EmployablePerson", "Person"] });
        assert_eq!(canonical(&document(&turned), Hash::Sha256).unwrap(), lines);
        let below = json!({ "type": ["Person", "EmployablePerson"], "evidence": { "givenName": "Noor" } });
        assert!(canonical(&document(&below), Hash::Sha256).is_err(), "a type's context ends with its node");
    }

    #[test]
    fn no_statement_of_the_document_is_taken_out() {
        let lines = |kind: &str| {
            let subject = json!({ "type": ["Person", "EmployablePerson", kind], "givenName": "Noor" });
            canonical(&document(&subject), Hash::Sha256).unwrap()
        };
        for kind in ["urn:sha-256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "urn:x:any"] {
            assert!(lines(kind).contains(kind), "{kind}");
        }
    }

    #[test]
    fn a_document_of_many_kinds_of_nodes_ends() {
        let types = ["Person", "EmployablePerson", "PermanentResident", "PermanentResidentCard", "EmploymentAuthorizationDocument"];
        let nodes: Vec<Value> = (0..2_000_u32)
            .map(|bits| types.iter().enumerate().filter(|(place, _)| bits >> place & 1 == 1).map(|(_, name)| *name).collect())
            .map(|chosen: Vec<&str>| json!({ "type": chosen }))
            .filter(|node| node["type"].as_array().is_some_and(|list| !list.is_empty()))
            .collect();
        let outcome = canonical(&document(&nodes.into()), Hash::Sha256);
        assert!(matches!(outcome, Ok(_) | Err(RdfError::TooComplex)), "{outcome:?}");
    }

    /// What is looked up is right only as long as this holds.
    #[test]
    fn no_bundled_context_gives_a_type_another_context_further_in() {
        fn inner<'a>(context: &'a Value, found: &mut Vec<(&'a str, &'a Value)>) {
            match context {
                Value::Array(list) => list.iter().for_each(|one| inner(one, found)),
                Value::Object(map) => {
                    for (name, scoped) in map.iter().filter_map(|(name, definition)| Some((name, definition.get("@context")?))) {
                        found.push((name, scoped));
                        inner(scoped, found);
                    }
                }
                _ => {}
            }
        }
        for context in contexts::all() {
            let mut found = Vec::new();
            inner(&context.json()["@context"], &mut found);
            for (name, scoped) in found.into_iter().filter(|(name, _)| name.starts_with(char::is_uppercase)) {
                let outer = context.definition(name).and_then(|definition| definition.get("@context"));
                assert!(outer.is_none_or(|outer| outer == scoped), "{name}");
            }
        }
    }
}
