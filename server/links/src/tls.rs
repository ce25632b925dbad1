//! Certificates: ours, by which the platform knows an institution, and theirs, by which we know the platform.
//!
//! A directory holds `ca.pem`, the issuers (認証局) whom we believe, and for each institution `{number}.pem`, its certificate
//! with its chain and its private key. The files are looked at again for each request, so that renewed ones hold at once.

use crate::{http::Clock, sharing::Fault};
use chrono::{DateTime, Utc};
use model::codes::InstitutionNumber;
use reqwest::{Client, ClientBuilder, redirect::Policy};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::{CryptoProvider, ring},
    pki_types::{CertificateDer, PrivateKeyDer, UnixTime, pem::PemObject},
    time_provider::TimeProvider,
};
use std::{
    collections::HashMap,
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime},
};
use x509_parser::parse_x509_certificate;

/// The most a connection may take to come about.
const CONNECT: Duration = Duration::from_secs(5);

/// What the file of issuers is called.
const AUTHORITY: &str = "共有サービスの認証局の証明書（ca.pem）";

/// Makes ring this process's provider of cryptography, for clients that do not name one. Repeating it does nothing.
pub fn install_ring() {
    // An error means that there is one already.
    let _ = ring::default_provider().install_default();
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

/// How a client waits; it follows no redirects, because what is sent is meant for one address.
fn client(patience: Duration) -> ClientBuilder {
    Client::builder().timeout(patience).connect_timeout(patience.min(CONNECT)).redirect(Policy::none())
}

/// A client for plain HTTP.
pub(crate) fn plain(patience: Duration) -> Result<Client, reqwest::Error> {
    let config = config(Arc::new(Now(Arc::new(|| SystemTime::now().into())))).with_root_certificates(RootCertStore::empty());
    client(patience).tls_backend_preconfigured(config.with_no_client_auth()).build()
}

fn config(time: Arc<dyn TimeProvider>) -> rustls::ConfigBuilder<ClientConfig, rustls::WantsVerifier> {
    ClientConfig::builder_with_details(provider(), time)
        .with_safe_default_protocol_versions()
        .expect("ring speaks the versions that are usual")
}

/// Our clock for checking certificates.
struct Now(Clock);

impl fmt::Debug for Now {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Now")
    }
}

impl TimeProvider for Now {
    fn current_time(&self) -> Option<UnixTime> {
        let seconds = u64::try_from((self.0)().timestamp()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_secs(seconds)))
    }
}

/// What can be read of a certificate of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// Subject's common name: the institution number.
    pub name: String,
    /// From when it holds.
    pub from: DateTime<Utc>,
    /// Until when.
    pub until: DateTime<Utc>,
}

impl Leaf {
    fn of(der: &CertificateDer<'_>) -> Option<Self> {
        let (_, certificate) = parse_x509_certificate(der).ok()?;
        let validity = certificate.validity();
        let instant = |seconds| DateTime::<Utc>::from_timestamp(seconds, 0);
        Some(Self {
            name: certificate.subject().iter_common_name().next()?.as_str().ok()?.to_owned(),
            from: instant(validity.not_before.timestamp())?,
            until: instant(validity.not_after.timestamp())?,
        })
    }
}

/// A certificate with its key, and the client that shows it.
#[derive(Clone)]
pub(crate) struct Shown {
    /// The client.
    pub client: Client,
    /// The certificate.
    pub leaf: Leaf,
}

/// The directory of certificates.
#[derive(Clone)]
pub(crate) struct Certificates {
    dir: PathBuf,
    patience: Duration,
    clock: Clock,
    ready: Arc<Mutex<HashMap<String, (Stamp, Shown)>>>,
}

/// When the files were changed last.
type Stamp = (SystemTime, SystemTime);

impl Certificates {
    pub(crate) fn new(dir: &Path, patience: Duration, clock: Clock) -> Self {
        Self { dir: dir.to_owned(), patience, clock, ready: Arc::default() }
    }

    /// The same by another clock.
    pub(crate) fn with_clock(self, clock: Clock) -> Self {
        Self::new(&self.dir, self.patience, clock)
    }

    /// The client that shows an institution's certificate.
    pub(crate) fn of(&self, who: &InstitutionNumber) -> Result<Shown, Fault> {
        let (ca, own) = (self.dir.join("ca.pem"), self.file(who));
        let stamp = (changed(&ca, AUTHORITY)?, changed(&own, &named(who))?);
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, shown)) = ready.get(&who.0)
            && *at == stamp
        {
            return Ok(shown.clone());
        }
        let shown = self.load(who)?;
        ready.insert(who.0.clone(), (stamp, shown.clone()));
        Ok(shown)
    }

    /// A client that shows no certificate and judges the platform's as if it were another instant, to ask what time it is
    /// there. Issuer and name are checked as ever.
    pub(crate) fn nobody(&self, instant: DateTime<Utc>) -> Result<Client, Fault> {
        let then: Clock = Arc::new(move || instant);
        let config = config(Arc::new(Now(then))).with_root_certificates(self.roots()?).with_no_client_auth();
        let client = client(CONNECT).https_only(true).tls_backend_preconfigured(config).build();
        client.map_err(|_| Fault::Unreachable)
    }

    fn roots(&self) -> Result<RootCertStore, Fault> {
        let unreadable = || Fault::Certificate { why: format!("{AUTHORITY}を読めません。") };
        let mut roots = RootCertStore::empty();
        for der in certificates(&self.dir.join("ca.pem")).ok_or_else(unreadable)? {
            roots.add(der).map_err(|_| unreadable())?;
        }
        Ok(roots)
    }

    fn file(&self, who: &InstitutionNumber) -> PathBuf {
        // A number is ten digits; anything else names no file.
        let digits: String = who.0.chars().filter(char::is_ascii_digit).collect();
        self.dir.join(format!("{digits}.pem"))
    }

    fn load(&self, who: &InstitutionNumber) -> Result<Shown, Fault> {
        let own = named(who);
        let because = |why: &str| Fault::Certificate { why: format!("{own}{why}") };
        let file = self.file(who);
        let chain = certificates(&file).ok_or_else(|| because("を読めません。"))?;
        let leaf = chain.first().and_then(Leaf::of).ok_or_else(|| because("を読めません。"))?;
        if leaf.name != who.0 {
            return Err(because(&format!("は別の医療機関（{}）のものです。", leaf.name)));
        }
        let key = PrivateKeyDer::from_pem_file(&file).map_err(|_| because("に秘密鍵がありません。"))?;
        let config = config(Arc::new(Now(self.clock.clone()))).with_root_certificates(self.roots()?);
        let config = config.with_client_auth_cert(chain, key);
        let config = config.map_err(|_| because("の証明書と秘密鍵が合いません。"))?;
        let client = client(self.patience).https_only(true).tls_backend_preconfigured(config).build();
        let client = client.map_err(|_| because("を使用できません。"))?;
        Ok(Shown { client, leaf })
    }
}

fn named(who: &InstitutionNumber) -> String {
    format!("この医療機関の証明書（{who}.pem）")
}

/// All certificates of a file; none when it cannot be read or holds none.
fn certificates(path: &Path) -> Option<Vec<CertificateDer<'static>>> {
    let list = CertificateDer::pem_file_iter(path).ok()?.collect::<Result<Vec<_>, _>>().ok()?;
    (!list.is_empty()).then_some(list)
}

fn changed(path: &Path, what: &str) -> Result<SystemTime, Fault> {
    let at = fs::metadata(path).and_then(|metadata| metadata.modified());
    at.map_err(|error| {
        let why = if error.kind() == io::ErrorKind::NotFound { "がありません。" } else { "を読めません。" };
        Fault::Certificate { why: format!("{what}{why}") }
    })
}
