//! HTTPS with client certificates: one of another authority, or out of its time, ends the handshake; who shows none is told so
//! (401) by every request, and gets no more than the time of day.

use crate::{Platform, certificates::server_file};
use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use rustls::{
    RootCertStore, ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, UnixTime, pem::PemObject},
    server::{NoServerSessionStorage, WebPkiClientVerifier},
    time_provider::TimeProvider,
};
use std::{fmt, io, net::SocketAddr, path::Path, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// How long a handshake may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why HTTPS cannot be offered.
#[derive(Debug, thiserror::Error)]
pub enum SecureError {
    /// A file of certificates cannot be read.
    #[error("証明書ファイルを読めません: {0}")]
    File(String),
    /// The certificates do not fit.
    #[error("証明書を使用できません。")]
    Tls(#[from] rustls::Error),
    /// The authority cannot be used.
    #[error("認証局の証明書を使用できません。")]
    Authority(#[from] rustls::server::VerifierBuilderError),
    /// The socket failed.
    #[error("待ち受けできません。")]
    Socket(#[from] io::Error),
}

/// The institution that a connection's client certificate names (subject CN); an assumption of ours.
#[derive(Debug, Clone)]
pub(crate) struct Peer(pub Option<String>);

impl Connected<IncomingStream<'_, Secure>> for Peer {
    fn connect_info(stream: IncomingStream<'_, Secure>) -> Self {
        let (_, session) = stream.io().get_ref();
        Self(session.peer_certificates().and_then(|chain| name_of(chain.first()?)))
    }
}

fn name_of(der: &CertificateDer<'_>) -> Option<String> {
    let (_, certificate) = x509_parser::parse_x509_certificate(der).ok()?;
    let name = certificate.subject().iter_common_name().next()?.as_str().ok()?;
    Some(name.to_owned())
}

/// The platform's own clock, which tests may put off, for judging certificates.
struct Wall(Arc<Platform>);

impl fmt::Debug for Wall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Wall")
    }
}

impl TimeProvider for Wall {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from(self.0.wall().timestamp()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// A listener of connections that have shaken hands.
#[derive(Debug)]
pub(crate) struct Secure {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
}

impl Secure {
    /// Listens with the certificates of a directory, see [`crate::certificates`].
    pub(crate) fn open(platform: Arc<Platform>, listener: TcpListener, dir: &Path) -> Result<Self, SecureError> {
        let acceptor = TlsAcceptor::from(Arc::new(config(platform, dir)?));
        let address = listener.local_addr()?;
        let (sender, ready) = mpsc::channel(16);
        tokio::spawn(accept(listener, acceptor, sender));
        Ok(Self { ready, address })
    }
}

impl Listener for Secure {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            // The accepting task goes only with the runtime.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

fn config(platform: Arc<Platform>, dir: &Path) -> Result<ServerConfig, SecureError> {
    let (authority, own) = (dir.join("ca.pem"), server_file(dir));
    let provider = Arc::new(ring::default_provider());
    let mut roots = RootCertStore::empty();
    for der in certificates(&authority)? {
        roots.add(der)?;
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
    let verifier = verifier.allow_unauthenticated().build()?;
    let key = PrivateKeyDer::from_pem_file(&own).map_err(|e| SecureError::File(format!("{}: {e}", own.display())))?;
    let mut config = ServerConfig::builder_with_details(provider, Arc::new(Wall(platform)))
        .with_safe_default_protocol_versions()?
        .with_client_cert_verifier(verifier)
        .with_single_cert(certificates(&own)?, key)?;
    // Every connection shows its certificate anew: one that has ended since is not let in for having been here before.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(config)
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, SecureError> {
    let failed = |error: rustls::pki_types::pem::Error| SecureError::File(format!("{}: {error}", path.display()));
    CertificateDer::pem_file_iter(path).map_err(failed)?.collect::<Result<_, _>>().map_err(failed)
}

/// Takes connections and shakes hands with each on its own, so that a slow one holds up nobody.
async fn accept(listener: TcpListener, acceptor: TlsAcceptor, ready: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>) {
    while !ready.is_closed() {
        let Ok((stream, address)) = listener.accept().await else {
            // Out of descriptors, most likely: let some close.
            tokio::time::sleep(Duration::from_millis(200)).await;
            continue;
        };
        let (acceptor, ready) = (acceptor.clone(), ready.clone());
        tokio::spawn(async move {
            let _ = stream.set_nodelay(true);
            match tokio::time::timeout(PATIENCE, acceptor.accept(stream).into_fallible()).await {
                Ok(Ok(stream)) => drop(ready.send((stream, address)).await),
                Ok(Err((error, stream))) => {
                    tracing::info!(%address, %error, "no handshake");
                    linger(stream).await;
                }
                Err(_) => tracing::info!(%address, "the handshake took too long"),
            }
        });
    }
}

/// Lets the other side read why it was turned away: closing while its request is still coming in would reset the connection
/// and take the alert with it.
async fn linger(mut stream: TcpStream) {
    let _ = stream.shutdown().await;
    let mut rest = [0; 4096];
    let drained = async { while matches!(stream.read(&mut rest).await, Ok(n) if n > 0) {} };
    let _ = tokio::time::timeout(Duration::from_secs(2), drained).await;
}
