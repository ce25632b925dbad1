//! The HTTP adapter of [`RecordSharing`], after `docs/platform-interface.md`.

use crate::{
    reading::{Trouble, reasons, trouble},
    sharing::{Answer, Fault, LetterProgress, ListedDocument, RecordSharing, SharingError, Target},
    tls::{Certificates, Leaf, plain},
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use model::{codes::InstitutionNumber, outside::Purpose};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url, header::DATE};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::{
    net::IpAddr,
    path::Path,
    sync::Arc,
    time::{Duration, SystemTime},
};

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// How many seconds our clock and the platform's may differ.
const TOLERANCE: i64 = 300;
/// Bytes of the largest document that is read: documents end at 10 MB there, and escapes may be written longer.
const LARGEST_DOCUMENT: usize = 12 * 1024 * 1024;
/// Bytes of the largest answer of any other kind.
const LARGEST_ANSWER: usize = 4 * 1024 * 1024;

/// The platform over HTTP.
#[derive(Clone)]
pub struct HttpSharing {
    base: Url,
    way: Way,
    clock: Clock,
}

/// How institutions are known to the platform.
#[derive(Clone)]
enum Way {
    /// By the header alone, without certificates: for tests in one machine.
    Plain(Client),
    /// By their client certificates.
    Certificates(Certificates),
}

/// Why an adapter cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The address cannot be used.
    #[error("プラットフォームのアドレスが正しくありません: {0}")]
    Address(String),
    /// `https://` without a directory of certificates.
    #[error("https:// のプラットフォームには証明書のディレクトリ (--platform-certificates) が必要です。")]
    NoCertificates,
    /// `http://` beyond this machine: everybody on the way would read along, and anybody could name any institution.
    #[error(
        "http:// のプラットフォームは同じコンピューターの中 (127.0.0.1, ::1, localhost) だけで使えます。https:// のアドレスを指定してください: {0}"
    )]
    PlainElsewhere(String),
    /// `http://` together with certificates, which nobody would be shown.
    #[error(
        "http:// のプラットフォームには証明書 (--platform-certificates) を示せません。https:// のアドレスを指定してください。"
    )]
    PlainWithCertificates,
    /// The HTTP client cannot be made.
    #[error("HTTPクライアントを準備できません。")]
    Client(#[source] reqwest::Error),
}

/// A request on its way, and the certificate it shows.
struct Sent {
    request: RequestBuilder,
    shown: Option<Leaf>,
}

impl Sent {
    fn with(mut self, change: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Self {
        self.request = change(self.request);
        self
    }
}

impl HttpSharing {
    /// An adapter to an address; a request that takes longer than `patience` counts as failed. An address like
    /// `https://platform.example` needs a directory that holds `ca.pem`, the issuers whom we believe, and `{number}.pem` for
    /// each institution, its certificate and its key. One like `http://127.0.0.1:3100` goes without certificates and names
    /// the institution in a header, for tests within one machine.
    ///
    /// # Errors
    /// When the address cannot be read, needs certificates and there is no directory, or is `http://` and leads out of this
    /// machine or comes with certificates.
    pub fn open(address: &str, certificates: Option<&Path>, patience: Duration) -> Result<Self, SetupError> {
        let base = Url::parse(address).map_err(|e| SetupError::Address(e.to_string()))?;
        let clock: Clock = Arc::new(|| SystemTime::now().into());
        let way = match (base.scheme(), certificates) {
            ("http", Some(_)) => return Err(SetupError::PlainWithCertificates),
            ("http", None) if !loopback(&base) => return Err(SetupError::PlainElsewhere(address.to_owned())),
            ("http", None) => Way::Plain(plain(patience).map_err(SetupError::Client)?),
            ("https", Some(dir)) => Way::Certificates(Certificates::new(dir, patience, clock.clone())),
            ("https", None) => return Err(SetupError::NoCertificates),
            _ => return Err(SetupError::Address(address.to_owned())),
        };
        Ok(Self { base, way, clock })
    }

    /// An adapter without certificates, see [`HttpSharing::open`].
    ///
    /// # Errors
    /// When the address cannot be read or is not plain HTTP.
    pub fn new(address: &str, patience: Duration) -> Result<Self, SetupError> {
        Self::open(address, None, patience)
    }

    /// The same with another clock, for tests.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        if let Way::Certificates(certificates) = self.way {
            self.way = Way::Certificates(certificates.with_clock(clock.clone()));
        }
        self.clock = clock;
        self
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        url.path_segments_mut().expect("http addresses have paths").pop_if_empty().extend(path);
        url
    }

    fn request(&self, method: Method, who: &InstitutionNumber, path: &[&str]) -> Result<Sent, SharingError> {
        let (client, shown) = match &self.way {
            Way::Plain(client) => (client.clone(), None),
            Way::Certificates(certificates) => {
                let shown = certificates.of(who)?;
                (shown.client, Some(shown.leaf))
            }
        };
        let now = http_date((self.clock)());
        let request = client.request(method, self.url(path)).header("x-institution-number", who.to_string());
        Ok(Sent { request: request.header(DATE, now), shown })
    }

    /// Sends a request that changes nothing there, or nothing that carries an instant of ours.
    async fn ask(&self, sent: Sent) -> Result<Response, SharingError> {
        let response = match sent.request.send().await {
            Ok(response) => response,
            Err(error) => return Err(self.explain(&error, sent.shown.as_ref()).await.into()),
        };
        if response.status().is_success() {
            return Ok(response);
        }
        match self.clock_fault(&response) {
            Some(fault) => Err(fault.into()),
            None => Err(self.denied(response).await),
        }
    }

    /// Sends a document or a cancellation. With a clock that is off, documents carry wrong instants; so it counts as not
    /// done, and is repeated with the same key when the clock is right.
    async fn tell(&self, sent: Sent) -> Result<Answer, SharingError> {
        let response = self.ask(sent).await?;
        match self.clock_fault(&response) {
            Some(fault) => Err(fault.into()),
            None => self.read(response).await,
        }
    }

    async fn read<T: DeserializeOwned>(&self, response: Response) -> Result<T, SharingError> {
        let bytes = self.bytes(response, LARGEST_ANSWER).await?;
        serde_json::from_slice(&bytes).map_err(|_| Fault::Garbled.into())
    }

    /// The body of an answer as it comes; one that is longer than `most` bytes is given up before it fills our memory.
    async fn bytes(&self, mut response: Response, most: usize) -> Result<Vec<u8>, SharingError> {
        let announced = response.content_length().and_then(|length| usize::try_from(length).ok());
        if announced.is_some_and(|length| length > most) {
            return Err(Fault::Garbled.into());
        }
        let mut bytes = Vec::with_capacity(announced.unwrap_or_default());
        while let Some(chunk) = response.chunk().await.map_err(|error| self.broken(&error))? {
            if chunk.len() > most - bytes.len() {
                return Err(Fault::Garbled.into());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    /// An answer that began and did not end well.
    fn broken(&self, error: &reqwest::Error) -> SharingError {
        match trouble(error, None, (self.clock)()) {
            Trouble::Fault(fault) => fault.into(),
            Trouble::OutOfTime(_) | Trouble::Clocks(_) => Fault::Garbled.into(),
        }
    }

    async fn denied(&self, response: Response) -> SharingError {
        match response.status() {
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => match self.read::<Value>(response).await {
                Ok(outcome) => SharingError::Refused { reasons: reasons(&outcome) },
                Err(error) => error,
            },
            StatusCode::PAYLOAD_TOO_LARGE => SharingError::TooLarge,
            StatusCode::UNAUTHORIZED => {
                Fault::Certificate { why: "この医療機関のものと認められませんでした。".into() }.into()
            }
            StatusCode::FORBIDDEN => SharingError::NoConsent,
            StatusCode::NOT_FOUND => SharingError::NotFound,
            other => Fault::Server { status: other.as_u16() }.into(),
        }
    }

    /// Our clock against the `Date` of an answer.
    fn clock_fault(&self, response: &Response) -> Option<Fault> {
        let theirs = response.headers().get(DATE)?.to_str().ok()?;
        let theirs = DateTime::parse_from_rfc2822(theirs).ok()?;
        let seconds = ((self.clock)() - theirs.to_utc()).num_seconds();
        (seconds.abs() > TOLERANCE).then_some(Fault::Clock { seconds })
    }

    /// Why a request was not answered. Where a certificate is out of its time on one side only, the platform's clock is asked
    /// for, without showing a certificate: either that clock is wrong, or ours.
    async fn explain(&self, error: &reqwest::Error, shown: Option<&Leaf>) -> Fault {
        let now = (self.clock)();
        let (at, otherwise) = match trouble(error, shown, now) {
            Trouble::Fault(fault) => return fault,
            Trouble::OutOfTime(at) => (at, Fault::Certificate { why: "共有サービスの証明書が有効期間内にありません。".into() }),
            Trouble::Clocks(seconds) => (now, Fault::Clock { seconds }),
        };
        let Way::Certificates(certificates) = &self.way else { return otherwise };
        let Ok(client) = certificates.nobody(at) else { return otherwise };
        match client.get(self.url(&["healthz"])).send().await {
            Ok(response) => self.clock_fault(&response).unwrap_or(otherwise),
            Err(_) => otherwise,
        }
    }
}

/// Whether an address stays within this machine.
fn loopback(address: &Url) -> bool {
    let host = address.host_str().unwrap_or_default();
    let number = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || number.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// An instant as HTTP writes it (RFC 9110 5.6.7).
fn http_date(instant: DateTime<Utc>) -> String {
    instant.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[async_trait]
impl RecordSharing for HttpSharing {
    async fn register(&self, who: &InstitutionNumber, document: &Value, key: &str) -> Result<Answer, SharingError> {
        let sent = self.request(Method::POST, who, &["v1", "documents"])?;
        self.tell(sent.with(|r| r.header("idempotency-key", key).json(document))).await
    }

    async fn cancel(&self, who: &InstitutionNumber, target: &Target, key: &str) -> Result<Answer, SharingError> {
        let sent = self.request(Method::POST, who, &["v1", "cancellations"])?;
        self.tell(sent.with(|r| r.header("idempotency-key", key).json(target))).await
    }

    async fn result(&self, who: &InstitutionNumber, receipt: &str) -> Result<Answer, SharingError> {
        let response = self.ask(self.request(Method::GET, who, &["v1", "receipts", receipt])?).await?;
        self.read(response).await
    }

    async fn list(
        &self,
        who: &InstitutionNumber,
        member_id: &str,
        purpose: Purpose,
    ) -> Result<Vec<ListedDocument>, SharingError> {
        let sent = self.request(Method::GET, who, &["v1", "patients", member_id, "documents"])?;
        let response = self.ask(sent.with(|r| r.query(&[("exclude", "own"), ("purpose", purpose.as_str())]))).await?;
        self.read(response).await
    }

    async fn fetch(&self, who: &InstitutionNumber, receipt: &str) -> Result<Vec<u8>, SharingError> {
        let response = self.ask(self.request(Method::GET, who, &["v1", "documents", receipt])?).await?;
        self.bytes(response, LARGEST_DOCUMENT).await
    }

    async fn inbox(&self, who: &InstitutionNumber, after: i64) -> Result<Vec<ListedDocument>, SharingError> {
        let sent = self.request(Method::GET, who, &["v1", "inbox"])?;
        let response = self.ask(sent.with(|r| r.query(&[("after", after)]))).await?;
        self.read(response).await
    }

    async fn acknowledge(&self, who: &InstitutionNumber, receipt: &str) -> Result<(), SharingError> {
        self.ask(self.request(Method::PUT, who, &["v1", "documents", receipt, "opened"])?).await.map(drop)
    }

    async fn progress(&self, who: &InstitutionNumber, receipts: &[String]) -> Result<Vec<LetterProgress>, SharingError> {
        let sent = self.request(Method::POST, who, &["v1", "letters", "progress"])?;
        let response = self.ask(sent.with(|r| r.json(receipts))).await?;
        self.read(response).await
    }

    async fn set_consent(&self, who: &InstitutionNumber, member_id: &str, granted: bool) -> Result<(), SharingError> {
        let body = json!({ "member_id": member_id, "granted": granted });
        self.ask(self.request(Method::PUT, who, &["v1", "consents"])?.with(|r| r.json(&body))).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    /// An adapter to somebody who answers everything with a list of `size` bytes, with or without saying so beforehand.
    async fn talker(size: usize, says: bool) -> HttpSharing {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let mut asked = Vec::new();
                    while !asked.ends_with(b"\r\n\r\n") {
                        assert!(socket.read_buf(&mut asked).await.expect("a request") > 0, "a whole request");
                    }
                    let length = if says { format!("content-length: {size}\r\n") } else { String::new() };
                    let head = format!("HTTP/1.1 200 OK\r\nconnection: close\r\n{length}\r\n");
                    let body = format!("[{}]", " ".repeat(size - 2));
                    // The other side hangs up when it has had enough.
                    let _ = socket.write_all(head.as_bytes()).await;
                    let _ = socket.write_all(body.as_bytes()).await;
                    let _ = socket.shutdown().await;
                });
            }
        });
        HttpSharing::new(&address, Duration::from_secs(10)).expect("an address")
    }

    #[tokio::test]
    async fn answers_without_end_are_given_up() {
        let who = InstitutionNumber("1310000011".into());
        for says in [true, false] {
            let fits = talker(LARGEST_DOCUMENT, says).await.fetch(&who, "R-1").await;
            assert_eq!(fits.map(|bytes| bytes.len()), Ok(LARGEST_DOCUMENT));
            let over = talker(LARGEST_DOCUMENT + 1, says).await.fetch(&who, "R-1").await;
            assert_eq!(over, Err(Fault::Garbled.into()));
            let fits = talker(LARGEST_ANSWER, says).await.inbox(&who, 0).await;
            assert_eq!(fits, Ok(Vec::new()));
            let over = talker(LARGEST_ANSWER + 1, says).await.inbox(&who, 0).await;
            assert_eq!(over, Err(Fault::Garbled.into()));
        }
    }

    #[test]
    fn without_certificates_nothing_leaves_the_machine() {
        let open = |address: &str, dir: Option<&Path>| HttpSharing::open(address, dir, Duration::from_secs(1));
        for within in ["http://127.0.0.1:3100", "http://127.9.9.9", "http://localhost:3100", "http://[::1]:3100/base"] {
            open(within, None).expect(within);
            let refused = open(within, Some(Path::new("certificates")));
            assert!(matches!(refused, Err(SetupError::PlainWithCertificates)), "{within}");
        }
        for beyond in [
            "http://platform.example",
            "http://192.168.0.9:3100",
            "http://[2001:db8::1]",
            "http://localhost.example",
            "http://127.0.0.1.example",
            "http://0.0.0.0:3100",
        ] {
            let Err(error) = open(beyond, None) else { panic!("{beyond} was to be refused") };
            assert!(matches!(error, SetupError::PlainElsewhere(_)), "{beyond}: {error}");
            assert!(error.to_string().contains("https://"), "{error}");
        }
    }

    #[tokio::test]
    async fn nobody_there_is_a_fault() {
        let sharing = HttpSharing::new("http://127.0.0.1:9", Duration::from_secs(2)).expect("an address");
        let who = InstitutionNumber("1310000011".into());
        let error = sharing.list(&who, "00012345::1:", Purpose::Treatment).await.expect_err("nobody listens there");
        assert_eq!(error, SharingError::Fault(Fault::Unreachable));
        assert!(error.is_fault());
    }

    #[test]
    fn https_needs_certificates() {
        let patience = Duration::from_secs(1);
        assert!(matches!(HttpSharing::new("https://platform.example", patience), Err(SetupError::NoCertificates)));
        assert!(matches!(HttpSharing::new("ftp://platform.example", patience), Err(SetupError::Address(_))));
        HttpSharing::open("https://platform.example", Some(Path::new("certificates")), patience).expect("files are read later");
    }
}
