//! The JSON-LD contexts that this version knows: bundled, pinned by SHA-256, never fetched.
//!
//! A context outside this table makes a badge "cannot tell", for what its words mean is then unknown. Where each file comes
//! from, and under which licence, is in `contexts/ORIGINS.md`.

mod cut;

use std::sync::OnceLock;

use serde_json::Value;

pub(crate) use cut::Words;

/// One bundled context.
#[derive(Debug)]
pub(crate) struct Bundled {
    /// The addresses it is known by, without their scheme: old badges write `http:`, and 1EdTech moved hosts. Of 1EdTech's,
    /// `purl.imsglobal.org` is published; the same path on its other hosts is assumed.
    addresses: &'static [&'static str],
    /// The file's text.
    pub(crate) text: &'static str,
    /// SHA-256 of the text; a test compares, so that a context never changes unnoticed.
    #[cfg_attr(not(test), expect(dead_code, reason = "only the pinning test reads it"))]
    sha256: &'static str,
    json: OnceLock<Value>,
}

impl Bundled {
    /// The context as JSON, read once.
    pub(crate) fn json(&self) -> &Value {
        self.json.get_or_init(|| serde_json::from_str(self.text).unwrap_or_default())
    }
}

impl Bundled {
    /// What it says of a term, outside the contexts that its own definitions bring.
    pub(crate) fn definition(&self, term: &str) -> Option<&Value> {
        match &self.json()["@context"] {
            Value::Array(list) => list.iter().rev().find_map(|context| context.get(term)),
            one => one.get(term),
        }
    }
}

/// Every bundled context.
#[cfg(test)]
pub(crate) fn all() -> &'static [Bundled] {
    &BUNDLE
}

/// The bundled context at `address`, if there is one.
pub(crate) fn find(address: &str) -> Option<&'static Bundled> {
    let bare = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"))?;
    BUNDLE.iter().find(|context| context.addresses.contains(&bare))
}

static BUNDLE: [Bundled; 24] = [
    Bundled {
        addresses: &["www.w3.org/2018/credentials/v1"],
        text: include_str!("contexts/credentials-v1.json"),
        sha256: "00d7dd6d3ad8b920e3e550dd3a3d9090bffcac84cdbf943da6924b3e0a5c8bb8",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["www.w3.org/ns/credentials/v2"],
        text: include_str!("contexts/credentials-v2.json"),
        sha256: "8a9f494a89ecc51db093e90e84713e07e84d6d9204364a9b3c7868b21751236f",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["www.w3.org/ns/credentials/undefined-terms/v2"],
        text: include_str!("contexts/undefined-terms-v2.json"),
        sha256: "82dab514ba44eb18f5d1b0f638c5e140c6a556fbfb5089601bdc0fa5eb8b2581",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["www.w3.org/ns/credentials/examples/v2"],
        text: include_str!("contexts/credentials-examples-v2.json"),
        sha256: "e6600df812cdc1872f20b42ab0c1cecac39755b7ed381e7f6a88dac7baab54d6",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &[
            "purl.imsglobal.org/spec/ob/v3p0/context.json",
            "purl.1edtech.org/spec/ob/v3p0/context.json",
            "standards.1edtech.org/spec/ob/v3p0/context.json",
            "www.imsglobal.org/spec/ob/v3p0/context.json",
            "purl.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld",
            "purl.1edtech.org/spec/ob/v3p0/context/ob_v3p0.jsonld",
            "standards.1edtech.org/spec/ob/v3p0/context/ob_v3p0.jsonld",
            "www.imsglobal.org/spec/ob/v3p0/context/ob_v3p0.jsonld",
        ],
        text: include_str!("contexts/ob-v3p0-3.0.0.json"),
        sha256: "9f1c8f9f361ba2994b9b50701f41149919542c50c7b7455b2846d87959295d72",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &[
            "purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
            "purl.1edtech.org/spec/ob/v3p0/context-3.0.1.json",
            "standards.1edtech.org/spec/ob/v3p0/context-3.0.1.json",
            "www.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
        ],
        text: include_str!("contexts/ob-v3p0-3.0.1.json"),
        sha256: "af095468326d3449160509b26ca71576e6321d13c85b0369cfe3b654c9a48fba",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &[
            "purl.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
            "purl.1edtech.org/spec/ob/v3p0/context-3.0.2.json",
            "standards.1edtech.org/spec/ob/v3p0/context-3.0.2.json",
            "www.imsglobal.org/spec/ob/v3p0/context-3.0.2.json",
        ],
        text: include_str!("contexts/ob-v3p0-3.0.2.json"),
        sha256: "00666ad080ba407687ed1846b7f5e7495f5019042b202a727de47c48a1755c53",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &[
            "purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
            "purl.1edtech.org/spec/ob/v3p0/context-3.0.3.json",
            "standards.1edtech.org/spec/ob/v3p0/context-3.0.3.json",
            "www.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        text: include_str!("contexts/ob-v3p0-3.0.3.json"),
        sha256: "602a94035961f6737a242826ff1eb8f5a961a13aeba6a48125db58ee325533ef",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &[
            "purl.imsglobal.org/spec/ob/v3p0/extensions.json",
            "purl.1edtech.org/spec/ob/v3p0/extensions.json",
            "standards.1edtech.org/spec/ob/v3p0/extensions.json",
            "www.imsglobal.org/spec/ob/v3p0/extensions.json",
        ],
        text: include_str!("contexts/ob-v3p0-extensions.json"),
        sha256: "2d013f981d1f4516081a6a04e55468ba2b071d4153b794f19a79715c45a89a5e",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &[
            "imsglobal.github.io/openbadges-specification/ob_v3p0.html",
            "w3c-ccg.github.io/vc-ed/plugfest-1-2022/jff-vc-edu-plugfest-1-context.json",
        ],
        text: include_str!("contexts/ob-v3p0-beta-2022.json"),
        sha256: "5afdfb3d5ddb92417d2b48f0ab2f89d16d1b03696c2f3fa2e67184819e103326",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["w3id.org/security/data-integrity/v1"],
        text: include_str!("contexts/data-integrity-v1.json"),
        sha256: "b5d829bd09aa7c42abc6efa0c8ed7635313b5487f37ccfce3ecd149ca9418554",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["w3id.org/security/data-integrity/v2"],
        text: include_str!("contexts/data-integrity-v2.json"),
        sha256: "0f77743daf5b4e8fc067fc5ba5b21044283053aa717fc6b0219843bed3b00363",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["w3id.org/security/suites/ed25519-2020/v1"],
        text: include_str!("contexts/ed25519-2020-v1.json"),
        sha256: "b9e1ab971fd8bf2c7553e0c4a9438e0b9450afde1ea1ca5b2492368b9f549588",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["w3id.org/security/suites/ed25519-2018/v1"],
        text: include_str!("contexts/ed25519-2018-v1.json"),
        sha256: "166c6abb9e08176cee5f6c87c9c1bbfefa5717da391bcac525e5437f93eab809",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["w3id.org/security/suites/jws-2020/v1"],
        text: include_str!("contexts/jws-2020-v1.json"),
        sha256: "d648e05ddc6577827ca2bfd5e931f53e9ebc6e52a57a8da81df4ec8c46ffcd1e",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["w3id.org/security/multikey/v1"],
        text: include_str!("contexts/multikey-v1.json"),
        sha256: "c5f3806f8286920573221938917988a18a4cc5a09e968d29649613c7a1c2b1f6",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["www.w3.org/ns/credentials/status/v1"],
        text: include_str!("contexts/bitstring-status-list-v1.json"),
        sha256: "fd08cbf28ddd829ab2f1978c48f43ab07a112c1c90245a0cfac7ba721c65170c",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["w3id.org/vc/status-list/2021/v1"],
        text: include_str!("contexts/status-list-2021-v1.json"),
        sha256: "634d71c159289f068c96012e4511c657fdf82ac4231900081bda3ba24e2e1160",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["www.w3.org/ns/did/v1"],
        text: include_str!("contexts/did-v1.json"),
        sha256: "62c1054bf404d6dd3a4b26b64f830fd72095f6a26edc4469908c94351352ce5f",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["w3id.org/security/v1"],
        text: include_str!("contexts/security-v1.json"),
        sha256: "e2d146cd556f6fa5f14996c6f1749667d5a14073fa30f0643990068e2c0b1bac",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["w3id.org/security/v2"],
        text: include_str!("contexts/security-v2.json"),
        sha256: "4cb186bc29c08af6e40c58178c22dd84d542f2871a063afed6e648b47abc3cf6",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["w3id.org/dcc/v1"],
        text: include_str!("contexts/dcc-v1.json"),
        sha256: "1543695325471b0d23e839a28166ba4ea445cca294ac46fe034ca584cbfc6077",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["w3id.org/citizenship/v3"],
        text: include_str!("contexts/citizenship-v3.json"),
        sha256: "5a4855907ef40afdb50a51af131d7a883c62e891478ebbb81f5ecb9a5a9b99d7",
        json: OnceLock::new(),
    },
    Bundled {
        addresses: &["w3id.org/citizenship/v4rc1"],
        text: include_str!("contexts/citizenship-v4rc1.json"),
        sha256: "a89b0bc00b1848ac3dfdf956c7dd5de8567e755351c07ec6a1c2b4a08b67953b",
        json: OnceLock::new(),
    },
];

#[cfg(test)]
mod tests;
