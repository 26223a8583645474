//! How often one client, and one target of the relay, may ask. In memory, bounded, and gone with the process.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::answers::Refusal;

/// More clients at once than this, and those that asked little are forgotten.
const MOST: usize = 50_000;
/// How often is looked for them.
const SWEEP: Duration = Duration::from_secs(1);

/// Requests a minute of one client: an IPv4 address, or an IPv6 /64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Opening links.
    pub open: u32,
    /// Managing links.
    pub manage: u32,
    /// The relay and the witness, per client and again per target.
    pub relay: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Self { open: 120, manage: 60, relay: 240 }
    }
}

/// What is counted.
#[derive(Debug)]
pub(crate) struct Limits {
    open: Buckets<IpAddr>,
    manage: Buckets<IpAddr>,
    relay: Buckets<IpAddr>,
    target: Buckets<String>,
}

impl Limits {
    pub(crate) fn new(rates: Rates) -> Self {
        Self {
            open: Buckets::new(rates.open),
            manage: Buckets::new(rates.manage),
            relay: Buckets::new(rates.relay),
            target: Buckets::new(rates.relay),
        }
    }

    pub(crate) fn open(&self, client: IpAddr) -> Result<(), Refusal> {
        self.open.take(network(client))
    }

    pub(crate) fn manage(&self, client: IpAddr) -> Result<(), Refusal> {
        self.manage.take(network(client))
    }

    pub(crate) fn relay(&self, client: IpAddr) -> Result<(), Refusal> {
        self.relay.take(network(client))
    }

    pub(crate) fn target(&self, host: &str) -> Result<(), Refusal> {
        self.target.take(host.to_owned())
    }
}

/// One household has a whole /64 of IPv6.
pub(crate) fn network(client: IpAddr) -> IpAddr {
    match client.to_canonical() {
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).into(),
        address => address,
    }
}

/// Token buckets: a minute's worth at once, filled up evenly.
#[derive(Debug)]
struct Buckets<K> {
    a_minute: u32,
    held: Mutex<Held<K>>,
}

/// What each has left, as of when; and when it was last swept.
#[derive(Debug)]
struct Held<K> {
    buckets: HashMap<K, (f64, Instant)>,
    swept: Option<Instant>,
}

impl<K: Eq + Hash> Buckets<K> {
    fn new(a_minute: u32) -> Self {
        Self { a_minute, held: Mutex::new(Held { buckets: HashMap::new(), swept: None }) }
    }

    fn take(&self, key: K) -> Result<(), Refusal> {
        let now = Instant::now();
        let full = f64::from(self.a_minute);
        let a_second = full / 60.0;
        let left_now = |left: f64, since: Instant| (left + now.duration_since(since).as_secs_f64() * a_second).min(full);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let Held { buckets, swept } = &mut *held;
        // However many strangers come, whoever is known goes on.
        if buckets.len() >= MOST && !buckets.contains_key(&key) {
            if swept.is_none_or(|swept| now.duration_since(swept) >= SWEEP) {
                // To be forgotten is to have a full bucket again.
                buckets.retain(|_, (left, since)| left_now(*left, *since) < full * 0.9);
                *swept = Some(now);
            }
            if buckets.len() >= MOST {
                return Err(Refusal::TooMany(60));
            }
        }
        let (left, since) = buckets.entry(key).or_insert((full, now));
        *left = left_now(*left, *since);
        *since = now;
        if *left < 1.0 {
            return Err(Refusal::TooMany(if a_second > 0.0 { ((1.0 - *left) / a_second).ceil() as u32 } else { 60 }));
        }
        *left -= 1.0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minutes_worth_and_then_later() {
        let buckets = Buckets::new(3);
        for _ in 0..3 {
            buckets.take("a").unwrap();
        }
        assert!(matches!(buckets.take("a"), Err(Refusal::TooMany(1..=20))));
        buckets.take("b").unwrap();
    }

    #[test]
    fn many_strangers_do_not_keep_out_who_is_known_nor_for_long_each_other() {
        let buckets = Buckets::new(60);
        for client in 0..MOST {
            (0..20).for_each(|_| buckets.take(client).unwrap());
        }
        assert_eq!(buckets.take(MOST), Err(Refusal::TooMany(60)));
        buckets.take(7).unwrap();
        // Those that asked once make room.
        let buckets = Buckets::new(60);
        (0..=MOST).for_each(|client| buckets.take(client).unwrap());
        assert!(buckets.held.lock().unwrap().buckets.len() <= 1);
    }

    #[test]
    fn neighbours_in_one_network_are_one_client() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
    }
}
