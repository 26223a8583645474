//! What a reader of the JSON sees must be what the graph says.
//!
//! A Data Integrity signature covers the RDF graph. The same graph can be written with an end date under its full IRI, in a
//! nested array, under an alias from a context made for it, or on another object with the badge's own id: signed, and yet
//! overlooked by everybody who reads the key `validUntil`. No honest badge is written so; these forms are refused.

use std::collections::HashSet;

use serde_json::{Map, Number, Value};

use super::{RdfError, types::Types};
use crate::contexts;

/// The keys that decide about a credential, and that may only be where they are looked for.
pub(crate) const DECISIVE: [&str; 7] =
    ["issuer", "validFrom", "validUntil", "issuanceDate", "expirationDate", "credentialStatus", "credentialSubject"];
/// Of those, the ones with one plain value.
const SINGLE: [&str; 5] = ["issuer", "validFrom", "validUntil", "issuanceDate", "expirationDate"];

/// Namespaces of the bundled contexts, to which a context inside a badge may add no other names.
const OURS: [&str; 7] = [
    "https://www.w3.org/2018/credentials#",
    "https://www.w3.org/ns/credentials",
    "https://w3id.org/security#",
    "https://purl.imsglobal.org/spec/vc/",
    "https://imsglobal.github.io/openbadges-specification/",
    "https://schema.org/",
    "http://schema.org/",
];

const MAX_DEPTH: usize = 64;
const MAX_BYTES: usize = 6 * 1024 * 1024;
/// In one `@context`.
const MAX_CONTEXTS: usize = 16;
/// In the whole document: each embedded endorsement brings its own.
const MAX_CONTEXTS_IN_ALL: usize = 100;
const MAX_INLINE_TERMS: usize = 500;
/// Objects cost a look at their types' contexts each.
const MAX_OBJECTS: usize = 6_000;

/// A document that may be parsed.
pub(super) struct Prepared {
    /// The document as JSON text, numbers in the form that JSON-LD's number conversion expects.
    pub(super) json: Vec<u8>,
    /// Texts of the form `@word`, which an IRI position would silently lose.
    pub(super) keyword_like: Vec<String>,
    /// What the types mean that were added, where any were: their statements are not the document's.
    pub(super) added_type: Option<String>,
}

/// Checks a document against the rules of this module and writes it out for the parser.
pub(super) fn prepare(document: &Value) -> Result<Prepared, RdfError> {
    let Value::Object(top) = document else { return Err(RdfError::Malformed("not an object".to_owned())) };
    for key in SINGLE {
        let plain = match top.get(key) {
            None | Some(Value::Null | Value::String(_)) => true,
            Some(Value::Object(object)) => key == "issuer" && !object.contains_key("@value"),
            _ => false,
        };
        if !plain {
            return Err(RdfError::Malformed(key.to_owned()));
        }
    }
    let mut writer = Writer {
        out: Vec::new(),
        keyword_like: Vec::new(),
        id: top.get("id").and_then(Value::as_str),
        contexts: 0,
        bundled: Vec::new(),
        inline_names: Vec::new(),
        objects: 0,
        types: Types::default(),
        added_type: None,
    };
    writer.value(document, 0)?;
    writer.inline_names_are_new()?;
    Ok(Prepared { json: writer.out, keyword_like: writer.keyword_like, added_type: writer.added_type })
}

struct Writer<'a> {
    out: Vec<u8>,
    keyword_like: Vec<String>,
    id: Option<&'a str>,
    contexts: usize,
    bundled: Vec<&'static str>,
    inline_names: Vec<String>,
    objects: usize,
    types: Types,
    added_type: Option<String>,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), RdfError> {
        if depth > MAX_DEPTH || self.out.len() > MAX_BYTES {
            return Err(RdfError::TooComplex);
        }
        match value {
            Value::Object(map) => self.object(map, depth),
            Value::Array(list) => {
                self.out.push(b'[');
                for (index, item) in list.iter().enumerate() {
                    if item.is_array() {
                        return Err(RdfError::Malformed("[[".to_owned()));
                    }
                    if index > 0 {
                        self.out.push(b',');
                    }
                    self.value(item, depth + 1)?;
                }
                self.out.push(b']');
                Ok(())
            }
            Value::String(text) => {
                if has_keyword_form(text) {
                    self.keyword_like.push(text.clone());
                }
                self.raw(value)
            }
            Value::Number(number) => {
                let text = number_text(number).ok_or_else(|| RdfError::Malformed(number.to_string()))?;
                self.out.extend_from_slice(text.as_bytes());
                Ok(())
            }
            Value::Null | Value::Bool(_) => self.raw(value),
        }
    }

    fn object(&mut self, map: &Map<String, Value>, depth: usize) -> Result<(), RdfError> {
        self.objects += 1;
        if self.objects > MAX_OBJECTS {
            return Err(RdfError::TooComplex);
        }
        // The badge's own id on another object would be the same node: its statements are then the badge's.
        let same = depth > 0 && self.id.is_some() && map.get("id").and_then(Value::as_str) == self.id;
        if let Some(key) = DECISIVE.iter().find(|key| same && map.contains_key(**key)) {
            return Err(RdfError::Malformed((*key).to_owned()));
        }
        let outside = self.types.enter(map.get("@context"));
        self.out.push(b'{');
        for (index, (key, value)) in map.iter().filter(|(key, _)| depth > 0 || *key != "@context").enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            self.raw(key)?;
            self.out.push(b':');
            match key.as_str() {
                "@context" => {
                    self.context(value, depth)?;
                    self.raw(value)?;
                }
                "type" => match self.types.of_node(value)? {
                    Some(types) => self.value(&types, depth + 1)?,
                    None => self.value(value, depth + 1)?,
                },
                // No other keyword: `id` and `type` are the standard's names, and nobody reads the rest.
                "@value" | "@language" | "@direction" => self.value(value, depth + 1)?,
                // No IRI, whole or shortened, in the place of a name.
                _ if key.starts_with('@') || key.contains(':') => return Err(RdfError::Malformed(key.clone())),
                _ => self.value(value, depth + 1)?,
            }
        }
        self.types.leave(outside);
        // The document's own contexts come last, when it is known what has to be added to them.
        if let Some(context) = map.get("@context").filter(|_| depth == 0) {
            self.context(context, depth)?;
            if map.len() > 1 {
                self.out.push(b',');
            }
            self.raw("@context")?;
            self.out.push(b':');
            match self.types.definitions(context, &self.out) {
                Some((context, meaning)) => {
                    self.raw(&context)?;
                    self.added_type = Some(meaning);
                }
                None => self.raw(context)?,
            }
        }
        self.out.push(b'}');
        Ok(())
    }

    fn raw(&mut self, value: &(impl serde::Serialize + ?Sized)) -> Result<(), RdfError> {
        serde_json::to_writer(&mut self.out, value).map_err(|error| RdfError::Malformed(error.to_string()))
    }

    fn context(&mut self, context: &Value, depth: usize) -> Result<(), RdfError> {
        if depth > MAX_DEPTH {
            return Err(RdfError::TooComplex);
        }
        let list = if let Value::Array(list) = context { list.as_slice() } else { std::slice::from_ref(context) };
        self.contexts += list.len();
        if list.len() > MAX_CONTEXTS || self.contexts > MAX_CONTEXTS_IN_ALL {
            return Err(RdfError::TooComplex);
        }
        for entry in list {
            match entry {
                Value::String(address) => match contexts::find(address) {
                    Some(context) => self.bundled.push(context.text),
                    None => return Err(RdfError::UnknownContext(address.clone())),
                },
                Value::Object(map) => self.inline_context(map, depth)?,
                // `null` forgets all contexts before it.
                _ => return Err(RdfError::Malformed("@context".to_owned())),
            }
        }
        Ok(())
    }

    fn inline_context(&mut self, map: &Map<String, Value>, depth: usize) -> Result<(), RdfError> {
        for (term, definition) in map {
            if self.inline_names.len() >= MAX_INLINE_TERMS {
                return Err(RdfError::TooComplex);
            }
            if !term.starts_with('@') && !matches!(term.as_str(), "id" | "type") {
                self.inline_names.push(term.clone());
            }
            let refused = || RdfError::Malformed(format!("@context {term}"));
            match (term.as_str(), definition) {
                ("@version" | "@protected" | "@language", _) | ("@vocab", Value::Null) => {}
                ("@vocab", Value::String(vocabulary)) if !overlaps(vocabulary) => {}
                ("id", Value::String(keyword)) if keyword == "@id" => {}
                ("type", Value::String(keyword)) if keyword == "@type" => {}
                (_, Value::Null) => return Err(RdfError::UndefinedTerm(term.clone())),
                _ if term.starts_with('@') || term.contains(':') => return Err(refused()),
                (_, Value::String(iri)) if may_mean(iri) => {}
                (_, Value::Object(definition)) => {
                    for (key, value) in definition {
                        match (key.as_str(), value) {
                            ("@id", Value::String(iri)) if may_mean(iri) => {}
                            ("@type", Value::String(kind)) if !kind.starts_with('@') || kind == "@id" || kind == "@vocab" => {}
                            ("@container", Value::String(kind)) if matches!(kind.as_str(), "@set" | "@list" | "@language") => {}
                            ("@protected", Value::Bool(_)) | ("@language", _) => {}
                            ("@context", scoped) => self.context(scoped, depth + 1)?,
                            _ => return Err(refused()),
                        }
                    }
                }
                _ => return Err(refused()),
            }
        }
        Ok(())
    }

    /// A context in the badge defines names of its own, and gives no known name another meaning.
    fn inline_names_are_new(&self) -> Result<(), RdfError> {
        if self.inline_names.is_empty() {
            return Ok(());
        }
        // Every quoted text of the bundled contexts: somewhat more than the names they define, and that is safe.
        let known: HashSet<&str> = self.bundled.iter().flat_map(|text| text.split('"').skip(1).step_by(2)).collect();
        match self.inline_names.iter().find(|name| known.contains(name.as_str())) {
            Some(name) => Err(RdfError::Malformed(format!("@context {name}"))),
            None => Ok(()),
        }
    }
}

/// An absolute web address (so that no prefix can complete it) outside the namespaces of the bundled contexts.
fn may_mean(iri: &str) -> bool {
    (iri.starts_with("https://") || iri.starts_with("http://")) && !OURS.iter().any(|ours| iri.starts_with(ours))
}

fn overlaps(vocabulary: &str) -> bool {
    OURS.iter().any(|ours| ours.starts_with(vocabulary) || vocabulary.starts_with(ours))
}

/// `@word`: a keyword of JSON-LD, now or some day.
fn has_keyword_form(text: &str) -> bool {
    text.strip_prefix('@').is_some_and(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// A number as JSON-LD's conversion to RDF reads it: through a double, whole ones in full, others with 16 digits.
fn number_text(number: &Number) -> Option<String> {
    let double = number.as_f64().filter(|double| double.is_finite())?;
    Some(if double.fract() == 0.0 && double.abs() < 1e21 { format!("{double:.0}") } else { format!("{double:.15e}") })
}
