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
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_connected_to() {
        let refused = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::808:808",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "2002:c0a8:1::",
            "3fff::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "5f00::1",
            "2620:4f:8000::1",
        ];
        for ip in refused {
            assert!(!is_public(ip.parse().unwrap()), "{ip} must be refused");
        }
        let allowed = [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "198.20.0.1",
            "223.255.255.254",
            "2001:4860:4860::8888",
            "2606:4700::1111",
            "2a00:1450::1",
            "2001:200::1",
        ];
        for ip in allowed {
            assert!(is_public(ip.parse().unwrap()), "{ip} must be allowed");
        }
    }

    #[test]
    fn addresses_that_no_honest_badge_names_are_refused() {
        let local = [LocalOrigin::parse("http://127.0.0.1:4000").unwrap()];
        let refused = [
            "http://badges.example/1",
            "ftp://badges.example/1",
            "file:///etc/passwd",
            "data:text/plain,x",
            "https://user@badges.example/",
            "https://user:pw@badges.example/",
            "https://:pw@badges.example/",
            "https://badges.example:8443/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://017700000001/",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://localhost/",
            "https://localhost./",
            "https://intranet/",
            "https://badges.example./",
            "https://printer.local/",
            "https://a.b.internal/",
            "https://x.onion/",
            "https://app.localhost/",
            "https://router.home.arpa/",
            "http://127.0.0.1:4001/",
            "https://127.0.0.1:4000/",
            "http://localhost:4000/",
            "http://127.0.0.1.badges.example:4000/",
            "http://127.0.0.1:4000@badges.example/",
            "http://user@127.0.0.1:4000/",
        ];
        for address in refused {
            let url = Url::parse(address).unwrap();
            assert!(check(&url, &local, Ports::Standard).is_err(), "{address} must be refused");
        }
        let allowed = [
            "https://badges.example/1",
            "https://badges.example:443/1",
            "https://xn--bcher-kva.example/",
            "https://BÜCHER.example/",
            "https://notlocalhost.example/",
            "https://mylocal.nl/",
            "http://127.0.0.1:4000/any/path?x=1",
        ];
        for address in allowed {
            let url = Url::parse(address).unwrap();
            assert!(check(&url, &local, Ports::Standard).is_ok(), "{address} must be allowed");
        }
        let long = Url::parse(&format!("https://badges.example/{}", "a".repeat(MAX_URL))).unwrap();
        assert!(check(&long, &local, Ports::Standard).is_err());
    }

    #[test]
    fn only_a_loopback_origin_is_local() {
        for text in [
            "https://127.0.0.1:1",
            "http://127.0.0.1:1/path",
            "http://x@127.0.0.1:1",
            "http://10.0.0.1",
            "http://badges.example",
            "x",
        ] {
            assert!(LocalOrigin::parse(text).is_none(), "{text}");
        }
        for text in ["http://127.0.0.1:1", "http://127.0.0.1:1/", "http://[::1]:99", "http://localhost:80"] {
            assert!(LocalOrigin::parse(text).is_some(), "{text}");
        }
    }
}
