//! JSON-LD to canonical RDF: what a Data Integrity proof signs.
//!
//! Expansion is Oxigraph's `oxjsonld`, canonicalisation (RDFC-1.0) its `oxrdf`. Neither has a safe mode or a work limit, so
//! this module adds both, around them and never inside:
//!
//! - **Safe mode.** The parser runs in its lenient mode, in which nothing is dropped for not being an IRI: an undefined term
//!   `foo` comes out as the relative predicate `<foo>`. Every term of every statement is then checked here. No `@vocab` or
//!   base of our own is put before the document's, so what is hashed is exactly what was signed.
//! - **What is read is what is signed.** A signature covers the graph and not the JSON, and one graph can be written in many
//!   ways. [`read_rules`] refuses those that would let a signed value stand where no reader looks.
//! - **Limits** on contexts, statements and blank nodes, for canonicalisation is exponential in the worst case.

mod read_rules;
mod types;
mod work;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use oxjsonld::{JsonLdParser, JsonLdRemoteDocument};
use oxrdf::{
    BlankNode, Dataset, GraphName, Literal, NamedNode, NamedOrBlankNode, Quad, Term,
    dataset::{CanonicalizationAlgorithm, CanonicalizationHashAlgorithm},
};
use serde_json::Value;

use read_rules::Prepared;

use crate::{
    Reason,
    contexts::{self, Words},
};

#[cfg(test)]
pub(crate) use read_rules::DECISIVE;

/// The most statements: far beyond what a badge has to say.
const MAX_QUADS: usize = 20_000;

/// Why a document has no canonical form that may be believed. It is never "forged".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RdfError {
    /// A context that is not bundled.
    UnknownContext(String),
    /// A term that no context of the document defines.
    UndefinedTerm(String),
    /// Not JSON-LD, an IRI that is none, or written in a way that a reader of the JSON could miss. Names the culprit.
    Malformed(String),
    /// Over a limit.
    TooComplex,
}

impl RdfError {
    /// The reason and the named thing, for a check.
    pub(crate) fn into_reason(self) -> (Reason, Option<String>) {
        let bounded = |text: String| Some(text.chars().take(200).collect());
        match self {
            Self::UnknownContext(address) => (Reason::UnknownContext, bounded(address)),
            Self::UndefinedTerm(term) => (Reason::UndefinedTerm, bounded(term)),
            Self::Malformed(what) => (Reason::NotConforming, bounded(what)),
            Self::TooComplex => (Reason::TooComplex, None),
        }
    }
}

/// The hash inside RDFC-1.0: SHA-384 where the suite signs with P-384, SHA-256 elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
}

/// The canonical N-Quads of a JSON-LD document (RDFC-1.0), in safe mode.
pub(crate) fn canonical(document: &Value, hash: Hash) -> Result<String, RdfError> {
    let quads = quads(document)?;
    work::within_limits(&quads)?;
    Ok(canonical_lines(quads, hash))
}

fn canonical_lines(quads: Vec<Quad>, hash: Hash) -> String {
    let mut dataset: Dataset = quads.into_iter().collect();
    let hash_algorithm = match hash {
        Hash::Sha256 => CanonicalizationHashAlgorithm::Sha256,
        Hash::Sha384 => CanonicalizationHashAlgorithm::Sha384,
    };
    dataset.canonicalize(CanonicalizationAlgorithm::Rdfc10 { hash_algorithm });
    let mut lines: Vec<String> = dataset.iter().map(|quad| format!("{quad} .\n")).collect();
    lines.sort_unstable();
    lines.concat()
}

fn quads(document: &Value) -> Result<Vec<Quad>, RdfError> {
    let prepared = read_rules::prepare(document)?;
    // The input is checked JSON of bounded depth, but oxjsonld has `unreachable!` on paths that we cannot prove closed.
    let words = Arc::new(Words::of(document));
    let quads = catch_unwind(AssertUnwindSafe(|| parse(&prepared, words)))
        .unwrap_or_else(|_| Err(RdfError::Malformed("@context".to_owned())))?;
    // `"name": "@foo"` is a literal; `"id": "@foo"` is silently nothing. Every such text must have come out as a literal.
    for text in &prepared.keyword_like {
        let kept = quads.iter().any(|quad| matches!(&quad.object, Term::Literal(literal) if literal.value() == text));
        if !kept {
            return Err(RdfError::UndefinedTerm(text.clone()));
        }
    }
    Ok(quads)
}

fn parse(prepared: &Prepared, words: Arc<Words>) -> Result<Vec<Quad>, RdfError> {
    let Prepared { json, added_type, .. } = prepared;
    let parser = JsonLdParser::new().lenient().for_slice(json).with_load_document_callback(move |address, _| {
        let context = contexts::find(address).ok_or("not bundled")?;
        Ok(JsonLdRemoteDocument { document: words.cut(context), document_url: address.to_owned() })
    });
    let mut quads = Vec::new();
    for quad in parser {
        let quad = quad.map_err(|error| RdfError::Malformed(error.to_string()))?;
        if quads.len() >= MAX_QUADS {
            return Err(RdfError::TooComplex);
        }
        if !matches!((&quad.object, &added_type), (Term::NamedNode(node), Some(added)) if node.as_str() == added.as_str()) {
            quads.push(checked(quad)?);
        }
    }
    Ok(quads)
}

fn checked(quad: Quad) -> Result<Quad, RdfError> {
    let defines = quad.predicate.as_str() == "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
    check_iri(&quad.predicate, true)?;
    check_node(&quad.subject, false)?;
    match &quad.graph_name {
        GraphName::NamedNode(node) => check_iri(node, false)?,
        GraphName::BlankNode(node) => check_blank(node)?,
        GraphName::DefaultGraph => {}
    }
    let object = match quad.object {
        Term::NamedNode(node) => {
            check_iri(&node, defines)?;
            Term::NamedNode(node)
        }
        Term::BlankNode(node) => {
            check_blank(&node)?;
            Term::BlankNode(node)
        }
        Term::Literal(literal) => Term::Literal(checked_literal(literal)?),
    };
    Ok(Quad { object, ..quad })
}

fn check_node(node: &NamedOrBlankNode, term: bool) -> Result<(), RdfError> {
    match node {
        NamedOrBlankNode::NamedNode(node) => check_iri(node, term),
        NamedOrBlankNode::BlankNode(node) => check_blank(node),
    }
}

/// A language tag is checked, and lower-cased as other processors do on expansion.
fn checked_literal(literal: Literal) -> Result<Literal, RdfError> {
    if let Some(language) = literal.language() {
        return Literal::new_language_tagged_literal(literal.value(), language)
            .map_err(|_| RdfError::Malformed(format!("@language {language}")));
    }
    let datatype = literal.datatype();
    check_iri(&datatype.into_owned(), true)?;
    Ok(literal)
}

fn check_blank(node: &BlankNode) -> Result<(), RdfError> {
    BlankNode::new(node.as_str()).map(drop).map_err(|_| RdfError::Malformed(format!("_:{}", node.as_str())))
}

/// An absolute IRI in which N-Quads need no escape. Processors disagree about the others (`<`, `>`, spaces), so two of them
/// would sign and check different bytes.
fn check_iri(node: &NamedNode, term: bool) -> Result<(), RdfError> {
    let iri = node.as_str();
    let absolute = iri.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.chars().all(|char| char.is_ascii_alphanumeric() || matches!(char, '+' | '-' | '.'))
    });
    let clean = !iri
        .chars()
        .any(|char| char.is_control() || char == ' ' || matches!(char, '<' | '>' | '"' | '{' | '}' | '|' | '^' | '`' | '\\'));
    match (absolute, clean) {
        (true, true) => Ok(()),
        (false, _) if term => Err(RdfError::UndefinedTerm(iri.to_owned())),
        _ => Err(RdfError::Malformed(iri.to_owned())),
    }
}

#[cfg(test)]
mod tests;
