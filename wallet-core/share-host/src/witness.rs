//! The key by which this host says what it fetched, and its publication.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use axum::Json;
use axum::extract::State;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use capsule::{HostKey, PublishedKey, Statement};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{App, answers::Refusal, store::private_file};

/// The key in use, and the ones before it.
#[derive(Debug)]
pub(crate) struct Witness {
    key: HostKey,
    published: Vec<PublishedKey>,
}

#[derive(Serialize, Deserialize)]
struct File {
    seed: String,
    keys: Vec<PublishedKey>,
}

impl Witness {
    /// Reads the key, or makes one.
    pub(crate) fn open(path: &Path, now: u64) -> io::Result<Self> {
        let broken = || io::Error::new(io::ErrorKind::InvalidData, "witness.json is damaged: move it away, and a new key is made");
        if let Ok(text) = fs::read(path) {
            let File { seed, keys } = serde_json::from_slice(&text).map_err(|_| broken())?;
            let seed = URL_SAFE_NO_PAD.decode(seed).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(broken)?;
            return Ok(Self { key: HostKey::from_seed(seed), published: keys });
        }
        let key = HostKey::random().map_err(io::Error::other)?;
        let public = URL_SAFE_NO_PAD.encode(key.public().map_err(io::Error::other)?);
        let published = vec![PublishedKey { key: public, from: now, until: None, revoked: false }];
        let file = File { seed: URL_SAFE_NO_PAD.encode(key.seed()), keys: published.clone() };
        // Whole or not at all: a key that is half written would be another key.
        let new = path.with_extension("new");
        drop(fs::remove_file(&new));
        let mut out = private_file(&new)?;
        out.write_all(&serde_json::to_vec_pretty(&file)?)?;
        out.sync_all()?;
        fs::rename(&new, path)?;
        Ok(Self { key, published })
    }

    /// The same, with the keys that were lost marked as such.
    pub(crate) fn revoking(mut self, lost: &[String]) -> Self {
        for key in &mut self.published {
            key.revoked |= lost.contains(&key.key);
        }
        self
    }

    /// Says of a body that it was fetched.
    pub(crate) fn sign(&self, statement: Statement, body: &[u8]) -> Result<Statement, Refusal> {
        statement.signed(body, &self.key).map_err(|_| Refusal::Broken)
    }
}

/// `GET /v1/keys`.
pub(crate) async fn keys(State(app): State<App>) -> Json<Value> {
    Json(json!({ "origin": app.origin, "keys": app.witness.published }))
}
