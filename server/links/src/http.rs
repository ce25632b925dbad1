//! The HTTP adapter of [`RecordSharing`], after `docs/platform-interface.md`.

use crate::sharing::{Answer, Fault, LetterProgress, ListedDocument, Reason, RecordSharing, SharingError, Target};
use async_trait::async_trait;
use model::{codes::InstitutionNumber, outside::Purpose};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url};
use serde_json::{Value, json};
use std::time::Duration;

/// The platform over HTTP.
#[derive(Debug, Clone)]
pub struct HttpSharing {
    base: Url,
    client: Client,
}

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
        Ok(Self { base, client })
    }

    fn request(&self, method: Method, who: &InstitutionNumber, path: &[&str]) -> RequestBuilder {
        let mut url = self.base.clone();
        url.path_segments_mut().expect("checked when made").pop_if_empty().extend(path);
        self.client.request(method, url).header("x-institution-number", who.to_string())
    }
}

async fn send(request: RequestBuilder) -> Result<Response, SharingError> {
    let response = request.send().await.map_err(fault)?;
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    Err(match status {
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::BAD_REQUEST => {
            let outcome: Value = response.json().await.map_err(fault)?;
            SharingError::Refused { reasons: reasons(&outcome) }
        }
        StatusCode::PAYLOAD_TOO_LARGE => SharingError::TooLarge,
        StatusCode::UNAUTHORIZED => Fault::Certificate { why: "この医療機関の証明書ではありません。".into() }.into(),
        StatusCode::FORBIDDEN => SharingError::NoConsent,
        StatusCode::NOT_FOUND => SharingError::NotFound,
        other => Fault::Server { status: other.as_u16() }.into(),
    })
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
        send(request).await?.json().await.map_err(fault)
    }

    async fn cancel(&self, who: &InstitutionNumber, target: &Target, key: &str) -> Result<Answer, SharingError> {
        let request = self.request(Method::POST, who, &["v1", "cancellations"]).header("idempotency-key", key).json(target);
        send(request).await?.json().await.map_err(fault)
    }

    async fn result(&self, who: &InstitutionNumber, receipt: &str) -> Result<Answer, SharingError> {
        send(self.request(Method::GET, who, &["v1", "receipts", receipt])).await?.json().await.map_err(fault)
    }

    async fn list(
        &self,
        who: &InstitutionNumber,
        member_id: &str,
        purpose: Purpose,
    ) -> Result<Vec<ListedDocument>, SharingError> {
        let request = self.request(Method::GET, who, &["v1", "patients", member_id, "documents"]);
        send(request.query(&[("exclude", "own"), ("purpose", purpose.as_str())])).await?.json().await.map_err(fault)
    }

    async fn fetch(&self, who: &InstitutionNumber, receipt: &str) -> Result<Vec<u8>, SharingError> {
        let body = send(self.request(Method::GET, who, &["v1", "documents", receipt])).await?.bytes().await.map_err(fault)?;
        Ok(body.to_vec())
    }

    async fn inbox(&self, who: &InstitutionNumber, after: i64) -> Result<Vec<ListedDocument>, SharingError> {
        let request = self.request(Method::GET, who, &["v1", "inbox"]).query(&[("after", after)]);
        send(request).await?.json().await.map_err(fault)
    }

    async fn acknowledge(&self, who: &InstitutionNumber, receipt: &str) -> Result<(), SharingError> {
        send(self.request(Method::PUT, who, &["v1", "documents", receipt, "opened"])).await.map(drop)
    }

    async fn progress(&self, who: &InstitutionNumber, receipts: &[String]) -> Result<Vec<LetterProgress>, SharingError> {
        let request = self.request(Method::POST, who, &["v1", "letters", "progress"]).json(receipts);
        send(request).await?.json().await.map_err(fault)
    }

    async fn set_consent(&self, who: &InstitutionNumber, member_id: &str, granted: bool) -> Result<(), SharingError> {
        let body = json!({ "member_id": member_id, "granted": granted });
        send(self.request(Method::PUT, who, &["v1", "consents"]).json(&body)).await.map(drop)
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
