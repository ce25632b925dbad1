//! The HTTP adapter of [`RecordSharing`], after `docs/platform-interface.md`.

use crate::sharing::{Answer, Fault, LetterProgress, ListedDocument, Reason, RecordSharing, SharingError, Target};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use model::{codes::InstitutionNumber, outside::Purpose};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url, header::DATE};
use serde_json::{Value, json};
use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

/// The platform over HTTP.
#[derive(Clone)]
pub struct HttpSharing {
    base: Url,
    client: Client,
    clock: Clock,
}

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// How many seconds our clock and the platform's may differ.
const TOLERANCE: i64 = 300;

/// Why an adapter cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The address cannot be used.
    #[error("プラットフォームのアドレスが正しくありません: {0}")]
    Address(String),
    /// The HTTP client cannot be made.
    #[error("HTTPクライアントを準備できません。")]
    Client(#[source] reqwest::Error),
}

impl HttpSharing {
    /// An adapter to an address like `http://127.0.0.1:3100`; a request that takes longer than `patience` counts as failed.
    ///
    /// # Errors
    /// When the address cannot be read.
    pub fn new(address: &str, patience: Duration) -> Result<Self, SetupError> {
        let base = Url::parse(address).map_err(|e| SetupError::Address(e.to_string()))?;
        if base.cannot_be_a_base() {
            return Err(SetupError::Address(address.to_owned()));
        }
        let client = Client::builder().timeout(patience).connect_timeout(patience).build().map_err(SetupError::Client)?;
        Ok(Self { base, client, clock: Arc::new(|| SystemTime::now().into()) })
    }

    /// The same with another clock, for tests.
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    fn request(&self, method: Method, who: &InstitutionNumber, path: &[&str]) -> RequestBuilder {
        let mut url = self.base.clone();
        url.path_segments_mut().expect("checked when made").pop_if_empty().extend(path);
        let now = http_date((self.clock)());
        self.client.request(method, url).header("x-institution-number", who.to_string()).header(DATE, now)
    }

    /// A request that changes nothing.
    async fn ask(&self, request: RequestBuilder) -> Result<Response, SharingError> {
        let response = request.send().await.map_err(fault)?;
        if response.status().is_success() { Ok(response) } else { Err(self.denied(response).await) }
    }

    /// A request that changes something. With a clock that is off, what is sent carries wrong instants; so it counts as not
    /// done, and is repeated with the same key when the clock is right.
    async fn tell(&self, request: RequestBuilder) -> Result<Answer, SharingError> {
        let response = self.ask(request).await?;
        match self.clock_fault(&response) {
            Some(fault) => Err(fault.into()),
            None => response.json().await.map_err(fault),
        }
    }

    /// Our clock against the `Date` of an answer.
    fn clock_fault(&self, response: &Response) -> Option<Fault> {
        let theirs = response.headers().get(DATE)?.to_str().ok()?;
        let theirs = DateTime::parse_from_rfc2822(theirs).ok()?;
        let seconds = ((self.clock)() - theirs.to_utc()).num_seconds();
        (seconds.abs() > TOLERANCE).then_some(Fault::Clock { seconds })
    }

    async fn denied(&self, response: Response) -> SharingError {
        match self.clock_fault(&response) {
            Some(fault) => fault.into(),
            None => denied(response).await,
        }
    }
}

async fn denied(response: Response) -> SharingError {
    match response.status() {
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => {
            response.json().await.map_or_else(fault, |outcome| SharingError::Refused { reasons: reasons(&outcome) })
        }
        StatusCode::PAYLOAD_TOO_LARGE => SharingError::TooLarge,
        StatusCode::UNAUTHORIZED => Fault::Certificate { why: "この医療機関の証明書ではありません。".into() }.into(),
        StatusCode::FORBIDDEN => SharingError::NoConsent,
        StatusCode::NOT_FOUND => SharingError::NotFound,
        other => Fault::Server { status: other.as_u16() }.into(),
    }
}

/// An instant as HTTP writes it (RFC 9110 5.6.7).
fn http_date(instant: DateTime<Utc>) -> String {
    instant.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

fn fault(error: reqwest::Error) -> SharingError {
    match () {
        () if error.is_timeout() => Fault::Timeout,
        () if error.is_connect() => Fault::Unreachable,
        () => Fault::Garbled,
    }
    .into()
}

/// The errors of an OperationOutcome.
fn reasons(outcome: &Value) -> Vec<Reason> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let issues = outcome["issue"].as_array().into_iter().flatten();
    let errors = issues.filter(|issue| matches!(issue["severity"].as_str(), Some("error" | "fatal")));
    let reasons: Vec<Reason> = errors
        .map(|issue| Reason {
            rule: text(&issue["details"]["coding"][0]["code"]),
            path: text(&issue["expression"][0]),
            message: text(&issue["details"]["text"]),
            chart_field: text(&issue["diagnostics"]).trim_start_matches("カルテの項目: ").to_owned(),
        })
        .collect();
    if !reasons.is_empty() {
        return reasons;
    }
    vec![Reason {
        rule: String::new(),
        path: String::new(),
        message: "理由の示されない拒否です。".into(),
        chart_field: String::new(),
    }]
}

#[async_trait]
impl RecordSharing for HttpSharing {
    async fn register(&self, who: &InstitutionNumber, document: &Value, key: &str) -> Result<Answer, SharingError> {
        let request = self.request(Method::POST, who, &["v1", "documents"]).header("idempotency-key", key).json(document);
        self.tell(request).await
    }

    async fn cancel(&self, who: &InstitutionNumber, target: &Target, key: &str) -> Result<Answer, SharingError> {
        let request = self.request(Method::POST, who, &["v1", "cancellations"]).header("idempotency-key", key).json(target);
        self.tell(request).await
    }

    async fn result(&self, who: &InstitutionNumber, receipt: &str) -> Result<Answer, SharingError> {
        self.ask(self.request(Method::GET, who, &["v1", "receipts", receipt])).await?.json().await.map_err(fault)
    }

    async fn list(
        &self,
        who: &InstitutionNumber,
        member_id: &str,
        purpose: Purpose,
    ) -> Result<Vec<ListedDocument>, SharingError> {
        let request = self.request(Method::GET, who, &["v1", "patients", member_id, "documents"]);
        self.ask(request.query(&[("exclude", "own"), ("purpose", purpose.as_str())])).await?.json().await.map_err(fault)
    }

    async fn fetch(&self, who: &InstitutionNumber, receipt: &str) -> Result<Vec<u8>, SharingError> {
        let body = self.ask(self.request(Method::GET, who, &["v1", "documents", receipt])).await?.bytes().await.map_err(fault)?;
        Ok(body.to_vec())
    }

    async fn inbox(&self, who: &InstitutionNumber, after: i64) -> Result<Vec<ListedDocument>, SharingError> {
        let request = self.request(Method::GET, who, &["v1", "inbox"]).query(&[("after", after)]);
        self.ask(request).await?.json().await.map_err(fault)
    }

    async fn acknowledge(&self, who: &InstitutionNumber, receipt: &str) -> Result<(), SharingError> {
        self.ask(self.request(Method::PUT, who, &["v1", "documents", receipt, "opened"])).await.map(drop)
    }

    async fn progress(&self, who: &InstitutionNumber, receipts: &[String]) -> Result<Vec<LetterProgress>, SharingError> {
        let request = self.request(Method::POST, who, &["v1", "letters", "progress"]).json(receipts);
        self.ask(request).await?.json().await.map_err(fault)
    }

    async fn set_consent(&self, who: &InstitutionNumber, member_id: &str, granted: bool) -> Result<(), SharingError> {
        let body = json!({ "member_id": member_id, "granted": granted });
        self.ask(self.request(Method::PUT, who, &["v1", "consents"]).json(&body)).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_reasons_from_an_outcome() {
        let outcome = json!({ "issue": [
            { "severity": "warning", "details": { "text": "注意" } },
            { "severity": "error", "details": { "coding": [{ "code": "R9015C" }], "text": "開始日がありません。" },
              "diagnostics": "カルテの項目: 傷病名: 開始日", "expression": ["Bundle.entry[1]"] },
        ] });
        let [reason] = &reasons(&outcome)[..] else { panic!("one error") };
        assert_eq!(reason.to_string(), "開始日がありません。 直す場所: 傷病名: 開始日（R9015C）");
        assert_eq!(reasons(&json!({})).len(), 1);
    }

    #[tokio::test]
    async fn nobody_there_is_a_fault() {
        let sharing = HttpSharing::new("http://127.0.0.1:9", Duration::from_secs(2)).expect("an address");
        let who = InstitutionNumber("1310000011".into());
        let error = sharing.list(&who, "00012345::1:", Purpose::Treatment).await.expect_err("nobody listens there");
        assert_eq!(error, SharingError::Fault(Fault::Unreachable));
        assert!(error.is_fault());
    }
}
