//! Which addresses may be asked at all: the rules for a URL, and the filter for what a name resolves to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::FetchError;

/// No honest address in a badge is longer.
const MAX_URL: usize = 8 * 1024;

/// Names that never leave a machine or a house (RFC 6761, 6762, 7686, 8375).
const PRIVATE_SUFFIXES: [&str; 5] = ["localhost", "local", "internal", "onion", "home.arpa"];

/// An exact loopback origin that may be asked over http: for `make run`, the demo and tests, never from a badge's own say-so.
///
/// ```
/// # use safe_fetch::LocalOrigin;
/// assert!(LocalOrigin::parse("http://127.0.0.1:8443").is_some());
/// assert!(LocalOrigin::parse("http://192.168.1.2:8443").is_none());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LocalOrigin(url::Origin);

impl LocalOrigin {
    /// Takes `http://127.0.0.1:port`, `http://[::1]:port` or `http://localhost:port`, and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        let loopback = match url.host()? {
            Host::Ipv4(ip) => ip.is_loopback(),
            Host::Ipv6(ip) => ip.is_loopback(),
            Host::Domain(name) => name == "localhost",
        };
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        (url.scheme() == "http" && loopback && bare).then(|| Self(url.origin()))
    }

    fn covers(&self, url: &Url) -> bool {
        url.origin() == self.0
    }
}

/// Which ports an address may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ports {
    /// Only 443.
    Standard,
    /// Any: the files of `--web` name their hosts with their ports.
    Any,
}

/// Whether `url` may be asked.
pub(crate) fn check(url: &Url, local: &[LocalOrigin], ports: Ports) -> Result<(), FetchError> {
    if url.as_str().len() > MAX_URL {
        return Err(FetchError::Refused("the address is too long"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(FetchError::Refused("user-info in the address"));
    }
    if local.iter().any(|origin| origin.covers(url)) {
        return Ok(());
    }
    if url.scheme() != "https" {
        return Err(FetchError::Refused("not https"));
    }
    let Some(Host::Domain(name)) = url.host() else {
        return Err(FetchError::Refused("an IP address instead of a name"));
    };
    // A trailing dot would make two spellings of one host, of which the lists below see only one.
    if name.ends_with('.') || !name.contains('.') {
        return Err(FetchError::Refused("not a full host name"));
    }
    let private = |suffix: &str| name.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    if PRIVATE_SUFFIXES.into_iter().any(private) {
        return Err(FetchError::Refused("a private host name"));
    }
    if ports == Ports::Standard && url.port_or_known_default() != Some(443) {
        return Err(FetchError::Refused("a port other than 443"));
    }
    Ok(())
}

/// Whether an address that a name resolved to is on the public internet.
pub(crate) fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = matches!(
        (a, b, c),
        (0, ..)                             // this network
            | (10, ..)                      // private
            | (100, 64..=127, _)            // carrier-grade NAT
            | (127, ..)                     // loopback
            | (169, 254, _)                 // link-local, cloud metadata
            | (172, 16..=31, _)             // private
            | (192, 0, 0 | 2)               // protocol assignments, documentation
            | (192, 31, 196)                // AS112
            | (192, 52, 193)                // AMT
            | (192, 88, 99)                 // 6to4 relays
            | (192, 168, _)                 // private
            | (192, 175, 48)                // AS112
            | (198, 18 | 19, _)             // benchmarking
            | (198, 51, 100)                // documentation
            | (203, 0, 113)                 // documentation
            | (224..=255, ..) // multicast, reserved, broadcast
    );
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let s = ip.segments();
    // Only global unicast (2000::/3) is routed; what embeds an IPv4 address, or is set apart inside it, is not asked.
    // That alone refuses ::, ::1, IPv4-mapped and -compatible, NAT64 64:ff9b::/96 and 64:ff9b:1::/48, 100::/64, ULA,
    // link-local, site-local and multicast.
    let global = s[0] & 0xe000 == 0x2000;
    let special = matches!(
        (s[0], s[1], s[2]),
        (0x2001, 0..=0x01ff, _)         // protocol assignments: Teredo, benchmarking, ORCHID …
            | (0x2001, 0x0db8, _)       // documentation
            | (0x2002, ..)              // 6to4
            | (0x2620, 0x004f, 0x8000)  // AS112
            | (0x3fff, 0..=0x0fff, _) // documentation
    );
    global && !special
}

#[cfg(test)]
mod tests;
