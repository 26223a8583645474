//! One connection, HTTP/1.1. Nobody holds more than a share of them, nor longer than an honest client needs: a system gives a process
//! about a thousand, and a client who holds them all would close the host to everybody.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::{body::Incoming, server::conn::http1, service::Service};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;

use crate::limits::network;

/// A school behind one address fits in.
const MOST: usize = 256;
/// The longest that the head of a request is waited for, from the end of the one before.
const HEAD: Duration = Duration::from_secs(20);
/// The longest head, and what is read of a body before it is asked for.
const MOST_AHEAD: usize = 64 * 1024;
/// After this no request follows on the same connection,
const LIFE: Duration = Duration::from_secs(240);
/// and the last answer must be read within this.
const LAST: Duration = Duration::from_secs(60);

/// How many each client holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Connections(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One of them, for as long as this lives.
#[derive(Debug)]
pub(crate) struct Place {
    of: Connections,
    client: IpAddr,
}

impl Connections {
    /// A place for one more, unless that client has its share.
    pub(crate) fn place(&self, client: IpAddr) -> Option<Place> {
        let client = network(client);
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = held.entry(client).or_default();
        if *count >= MOST {
            return None;
        }
        *count += 1;
        Some(Place { of: self.clone(), client })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut held = self.of.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = held.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.client);
            }
        }
    }
}

/// Serves what comes over it, to its end or the host's.
pub(crate) async fn serve<Io>(stream: Io, from: SocketAddr, router: Router, mut stopping: watch::Receiver<bool>)
where
    Io: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let router = TowerToHyperService::new(router);
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(from));
        router.call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(MOST_AHEAD);
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    // How a client breaks off is nobody's concern here.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopping.wait_for(|stop| *stop) => {}
        () = tokio::time::sleep(LIFE) => {}
    }
    connection.as_mut().graceful_shutdown();
    drop(tokio::time::timeout(LAST, connection).await);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_its_share_and_no_more() {
        let connections = Connections::default();
        let (one, other) = ("192.0.2.1".parse().unwrap(), "192.0.2.2".parse().unwrap());
        let mut places: Vec<_> = (0..MOST).map(|_| connections.place(one).unwrap()).collect();
        assert!(connections.place(one).is_none());
        assert!(connections.place(other).is_some());
        places.pop();
        places.push(connections.place(one).unwrap());
        drop(places);
        assert!(connections.0.lock().unwrap().is_empty());
    }
}
