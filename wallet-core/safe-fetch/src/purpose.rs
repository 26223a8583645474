//! What each purpose allows: bytes, kinds of content, and what is asked for.

use crate::{FetchError, Purpose};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

impl Purpose {
    /// The most bytes an answer may have.
    pub fn limit(self) -> usize {
        match self {
            Self::Credential | Self::Issuer | Self::StatusList | Self::Picture => 5 * MIB,
            Self::DidDocument | Self::KeySet => 256 * KIB,
            Self::City => 64 * KIB,
            Self::Feed => 5 * MIB,
            Self::Page => 2 * MIB,
        }
    }

    /// The `Accept` header. Hosts that serve a page and a badge at one address give the badge to this.
    pub fn accept(self) -> &'static str {
        match self {
            Self::Credential => {
                "application/vc+ld+json, application/ld+json, application/json, application/vc+jwt, application/jwt, \
                 image/png;q=0.8, image/svg+xml;q=0.8"
            }
            Self::Issuer => "application/ld+json, application/json, application/x-pem-file;q=0.8, text/plain;q=0.5",
            Self::DidDocument => "application/did+ld+json, application/did+json, application/did, application/json",
            Self::KeySet => "application/jwk-set+json, application/json",
            Self::StatusList => {
                "application/vc+jwt, application/vc+ld+json, application/ld+json, application/json, application/jwt"
            }
            Self::City | Self::Feed => "application/json",
            Self::Page => "text/html, application/xhtml+xml",
            Self::Picture => "image/png, image/svg+xml, image/webp, image/jpeg, image/gif",
        }
    }

    /// Whether an answer may be of this media type (without parameters, lower case).
    pub fn accepts(self, content_type: &str) -> bool {
        let other: &[&str] = match self {
            // Static hosts serve a `.jwt` as plain text or as bytes; what is inside proves itself or is nothing.
            Self::Credential => &["image/png", "image/svg+xml", "text/plain", "application/octet-stream"],
            Self::Issuer => &["text/plain", "application/x-pem-file", "application/pem-certificate-chain"],
            Self::DidDocument | Self::KeySet | Self::City | Self::Feed => &[],
            Self::Page => return matches!(content_type, "text/html" | "application/xhtml+xml"),
            Self::StatusList => &["text/plain"],
            Self::Picture => {
                return matches!(content_type, "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/svg+xml");
            }
        };
        let jws = matches!(self, Self::Credential | Self::StatusList) && is_jws(content_type);
        is_json(content_type) || jws || other.contains(&content_type)
    }

    /// An error unless [`Purpose::accepts`].
    pub(crate) fn demand(self, content_type: &str) -> Result<(), FetchError> {
        if self.accepts(content_type) { Ok(()) } else { Err(FetchError::ContentType) }
    }
}

/// Whether a media type is JSON. `application/vc` and `application/did` are, by their registrations.
pub fn is_json(content_type: &str) -> bool {
    matches!(content_type, "application/json" | "application/vc" | "application/did")
        || (content_type.starts_with("application/") && content_type.ends_with("+json"))
}

fn is_jws(content_type: &str) -> bool {
    matches!(content_type, "application/jwt" | "application/jose")
        || (content_type.starts_with("application/") && content_type.ends_with("+jwt"))
}

/// The media type of a `Content-Type` header, without parameters, lower case.
pub(crate) fn media_type(header: &str) -> String {
    header.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_purpose_takes_its_own_kinds() {
        use Purpose::*;
        let table: [(Purpose, &[&str], &[&str]); 8] = [
            (
                Credential,
                &["application/json", "application/ld+json", "application/vc", "application/vc+jwt", "image/png", "image/svg+xml"],
                &["", "text/html", "application/xhtml+xml", "text/javascript", "video/mp4", "image/jpeg"],
            ),
            (Issuer, &["application/json", "application/ld+json", "text/plain"], &["text/html", "image/png", "application/jwt"]),
            (DidDocument, &["application/did+ld+json", "application/did", "application/json"], &["text/plain", "text/html"]),
            (KeySet, &["application/jwk-set+json", "application/json"], &["text/plain", "application/jwt"]),
            (
                StatusList,
                &["application/vc+jwt", "application/vc+ld+json", "application/statuslist+jwt"],
                &["text/html", "image/png"],
            ),
            (Feed, &["application/json", "application/feed+json"], &["text/html", "text/plain", "image/png"]),
            (Page, &["text/html", "application/xhtml+xml"], &["application/json", "text/plain", "image/svg+xml"]),
            (Picture, &["image/png", "image/svg+xml", "image/webp"], &["application/json", "text/html", "image/tiff"]),
        ];
        for (purpose, yes, no) in table {
            yes.iter().for_each(|kind| assert!(purpose.accepts(kind), "{purpose:?} {kind}"));
            no.iter().for_each(|kind| assert!(!purpose.accepts(kind), "{purpose:?} {kind}"));
        }
        assert_eq!(media_type("Application/LD+json; charset=utf-8"), "application/ld+json");
    }
}
