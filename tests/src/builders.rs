//! Badges that no honest issuer makes: unsigned ones, and issued ones after somebody worked on them.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

/// A JSON badge in the making.
#[derive(Debug, Clone)]
pub struct BadgeBuilder {
    json: Value,
}

impl Default for BadgeBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl BadgeBuilder {
    /// A conforming, unsigned Open Badge 3.0 of an invented issuer.
    pub fn new() -> Self {
        Self {
            json: json!({
                "@context": ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],
                "id": "urn:uuid:5f4b5a36-7a52-4b42-9b54-0d6f8f9b0a01",
                "type": ["VerifiableCredential", "OpenBadgeCredential"],
                "name": "Barista",
                "issuer": {"id": "did:web:koffieschool.example", "type": ["Profile"], "name": "Koffieschool Domstad (fictief)"},
                "validFrom": "2026-03-03T10:00:00Z",
                "credentialSubject": {
                    "id": "did:example:learner",
                    "type": ["AchievementSubject"],
                    "achievement": {
                        "id": "urn:uuid:5f4b5a36-7a52-4b42-9b54-0d6f8f9b0a02",
                        "type": ["Achievement"],
                        "name": "Barista",
                        "description": "Zet koffie voor gasten.",
                        "criteria": {"narrative": "Zette zelfstandig koffie voor veertig gasten."}
                    }
                }
            }),
        }
    }

    /// Works on a badge that was issued.
    ///
    /// # Panics
    /// When `bytes` are not JSON.
    pub fn on(bytes: &[u8]) -> Self {
        Self { json: serde_json::from_slice(bytes).expect("JSON") }
    }

    /// Puts `value` at the JSON pointer `at`; the member is made when its parent is there.
    ///
    /// # Panics
    /// When the parent is not there.
    #[must_use]
    pub fn with(mut self, at: &str, value: impl Into<Value>) -> Self {
        let (parent, name) = at.rsplit_once('/').expect("a pointer");
        match self.json.pointer_mut(parent).unwrap_or_else(|| panic!("nothing at {parent}")) {
            Value::Array(items) => match name.parse::<usize>() {
                Ok(index) => items[index] = value.into(),
                Err(_) => items.push(value.into()),
            },
            parent => parent[name] = value.into(),
        }
        self
    }

    /// Takes away what is at the JSON pointer `at`.
    ///
    /// # Panics
    /// When nothing is there.
    #[must_use]
    pub fn without(mut self, at: &str) -> Self {
        let (parent, name) = at.rsplit_once('/').expect("a pointer");
        let parent = self.json.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
        assert!(parent.remove(name).is_some(), "nothing at {at}");
        self
    }

    /// From another issuer.
    #[must_use]
    pub fn issuer(self, id: &str) -> Self {
        self.with("/issuer/id", id)
    }

    /// Past its date long ago.
    #[must_use]
    pub fn expired(self) -> Self {
        self.with("/validFrom", "2024-01-01T00:00:00Z").with("/validUntil", "2025-01-01T00:00:00Z")
    }

    /// The badge as JSON.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// The badge as bytes.
    ///
    /// # Panics
    /// Never: a JSON value can be written.
    pub fn bytes(&self) -> Vec<u8> {
        serde_json::to_vec(&self.json).expect("JSON")
    }
}

/// A compact JWS in the making, whose signature is kept as it was.
#[derive(Debug, Clone)]
pub struct JwsBuilder {
    /// The protected header.
    pub header: Value,
    /// The payload.
    pub payload: Value,
    /// The signature.
    pub signature: Vec<u8>,
}

impl JwsBuilder {
    /// Works on a JWS that was issued.
    ///
    /// # Panics
    /// When `bytes` are not a compact JWS around JSON.
    pub fn on(bytes: &[u8]) -> Self {
        let text = std::str::from_utf8(bytes).expect("text").trim();
        let parts: Vec<Vec<u8>> = text.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).expect("base64url")).collect();
        let [header, payload, signature] = parts.as_slice() else { panic!("three parts") };
        Self {
            header: serde_json::from_slice(header).expect("JSON"),
            payload: serde_json::from_slice(payload).expect("JSON"),
            signature: signature.clone(),
        }
    }

    /// `alg: none`, and no signature.
    #[must_use]
    pub fn unsecured(mut self) -> Self {
        self.header["alg"] = json!("none");
        self.signature.clear();
        self
    }

    /// The JWS as text.
    ///
    /// # Panics
    /// Never: a JSON value can be written.
    pub fn text(&self) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).expect("JSON"));
        format!("{}.{}.{}", part(&self.header), part(&self.payload), URL_SAFE_NO_PAD.encode(&self.signature))
    }
}
