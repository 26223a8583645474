//! Names to addresses, with every address that is not on the public internet taken out.
//!
//! The connection is made to the addresses that come out of here, so a name cannot answer one thing to the check and another
//! to the connection (DNS rebinding).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::OnceLock;
use std::time::Duration;

use hickory_resolver::TokioResolver;
use hickory_resolver::config::LookupIpStrategy;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::address::is_public;

/// Why a name gave no address that may be connected to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ResolveError {
    /// Every answer was private, loopback or otherwise special.
    #[error("the name leads to a private address")]
    Private,
    /// The name does not exist or has no address.
    #[error("no such name")]
    NoSuchName,
    /// No resolver answered.
    #[error("names cannot be resolved")]
    NoAnswer,
}

/// The resolver of [`crate::Guarded`].
#[derive(Debug, Clone, Default)]
pub(crate) struct FilteringResolver {
    /// Made at first use, inside the runtime. `None` where the system's configuration cannot be read.
    hickory: std::sync::Arc<OnceLock<Option<TokioResolver>>>,
}

impl Resolve for FilteringResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let this = self.clone();
        Box::pin(async move {
            let name = name.as_str();
            // Reached only for a local origin: every other URL with this name was refused before.
            let addresses = if name == "localhost" {
                vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)]
            } else {
                public_only(this.look_up(name).await?)?
            };
            Ok(Box::new(addresses.into_iter().map(|ip| SocketAddr::new(ip, 0))) as Addrs)
        })
    }
}

impl FilteringResolver {
    async fn look_up(&self, name: &str) -> Result<Vec<IpAddr>, ResolveError> {
        // Absolute, so that no search domain of the machine is tried.
        let absolute = format!("{name}.");
        match self.hickory.get_or_init(system_resolver) {
            Some(resolver) => match resolver.lookup_ip(absolute).await {
                Ok(found) => Ok(found.iter().collect()),
                Err(error) if error.is_nx_domain() || error.is_no_records_found() => Err(ResolveError::NoSuchName),
                Err(_) => Err(ResolveError::NoAnswer),
            },
            // The filter is what protects; who resolves does not matter to it.
            None => match tokio::net::lookup_host((absolute, 443)).await {
                Ok(found) => Ok(found.map(|address| address.ip()).collect()),
                Err(_) => Err(ResolveError::NoAnswer),
            },
        }
    }
}

fn system_resolver() -> Option<TokioResolver> {
    let mut builder = TokioResolver::builder_tokio().ok()?;
    let options = builder.options_mut();
    options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
    options.timeout = Duration::from_secs(3);
    options.attempts = 2;
    builder.build().ok()
}

fn public_only(found: Vec<IpAddr>) -> Result<Vec<IpAddr>, ResolveError> {
    if found.is_empty() {
        return Err(ResolveError::NoSuchName);
    }
    let public: Vec<_> = found.into_iter().filter(|ip| is_public(*ip)).collect();
    if public.is_empty() { Err(ResolveError::Private) } else { Ok(public) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_answers_private_and_public_addresses_keeps_the_public_ones() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert_eq!(public_only(vec![ip("127.0.0.1"), ip("1.1.1.1"), ip("::1")]), Ok(vec![ip("1.1.1.1")]));
        assert_eq!(public_only(vec![ip("169.254.169.254"), ip("fd00::1")]), Err(ResolveError::Private));
        assert_eq!(public_only(vec![]), Err(ResolveError::NoSuchName));
    }
}
