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
    for text in
        ["https://127.0.0.1:1", "http://127.0.0.1:1/path", "http://x@127.0.0.1:1", "http://10.0.0.1", "http://badges.example", "x"]
    {
        assert!(LocalOrigin::parse(text).is_none(), "{text}");
    }
    for text in ["http://127.0.0.1:1", "http://127.0.0.1:1/", "http://[::1]:99", "http://localhost:80"] {
        assert!(LocalOrigin::parse(text).is_some(), "{text}");
    }
}
