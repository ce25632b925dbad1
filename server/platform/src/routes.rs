//! The interface over HTTP, as `docs/platform-interface.md` describes it.

use crate::{
    FaultKind, Platform, faults, page,
    store::{Denied, Stored},
};
use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::{FromRequestParts, Path, Query, State},
    http::{HeaderMap, StatusCode, request::Parts},
    middleware,
    response::{Html, IntoResponse, Response},
    routing::{get, post, put},
};
use fhir::validate::{Issue, Severity, acceptable, operation_outcome, validate};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{io, sync::Arc};

/// The most a document may weigh: 10 MB (サービス側の1回の送信上限).
const HEAVIEST: usize = 10 * 1024 * 1024;

/// All routes over a platform.
pub fn router(platform: Arc<Platform>) -> Router {
    let service = Router::new()
        .route("/v1/documents", post(register).delete(cancel))
        .route("/v1/documents/{receipt}", get(fetch))
        .route("/v1/patients/{member_id}/documents", get(list))
        .route("/v1/consents", put(consent))
        .layer(middleware::from_fn_with_state(platform.clone(), faults::happen));
    Router::new()
        .route("/", get(async |State(platform): State<Arc<Platform>>| Html(page::page(&platform))))
        .route("/healthz", get(async || "ok"))
        .route("/v1/faults", post(set_faults))
        .merge(service)
        .with_state(platform)
}

/// The asking institution, known by number and secret.
struct Asker(String);

impl FromRequestParts<Arc<Platform>> for Asker {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, platform: &Arc<Platform>) -> Result<Self, Response> {
        let header = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let number = header("x-institution-number").to_owned();
        let token = header("authorization").strip_prefix("Bearer ").unwrap_or_default().to_owned();
        let refused = || outcome(StatusCode::UNAUTHORIZED, "security", "医療機関番号または認証情報が正しくありません。");
        if model::codes::InstitutionNumber::parse(&number).is_err() || token.is_empty() {
            return Err(refused());
        }
        let platform = platform.clone();
        let known = {
            let number = number.clone();
            blocking(move || platform.knows(&number, &token)).await
        };
        match known {
            Ok(true) => Ok(Self(number)),
            Ok(false) => Err(refused()),
            Err(response) => Err(response),
        }
    }
}

/// Runs what waits for the disk or thinks hard beside the reactor.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, Response> {
    let failed = |detail: String| {
        tracing::error!(%detail, "storage failed");
        outcome(StatusCode::INTERNAL_SERVER_ERROR, "exception", "保存に失敗しました。")
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(error) => Err(failed(error.to_string())),
    }
}

fn outcome(status: StatusCode, code: &str, text: &str) -> Response {
    let issue = json!({ "severity": "error", "code": code, "details": { "text": text } });
    (status, Json(json!({ "resourceType": "OperationOutcome", "issue": [issue] }))).into_response()
}

impl From<Denied> for Response {
    fn from(denied: Denied) -> Self {
        match denied {
            Denied::NotFound => outcome(StatusCode::NOT_FOUND, "not-found", "該当する文書がありません。"),
            Denied::NoConsent => outcome(StatusCode::FORBIDDEN, "forbidden", "患者の閲覧同意がありません。"),
        }
    }
}

async fn register(
    asker: Asker,
    State(platform): State<Arc<Platform>>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Response> {
    let bytes = to_bytes(body, HEAVIEST)
        .await
        .map_err(|_| outcome(StatusCode::PAYLOAD_TOO_LARGE, "too-long", "文書が大きすぎます（10MBまで）。"))?;
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    blocking(move || {
        let Ok(document) = serde_json::from_slice::<Value>(&bytes) else {
            return Ok(outcome(StatusCode::BAD_REQUEST, "structure", "JSONとして読めません。"));
        };
        let mut issues = validate(&document);
        if let Some(issue) = foreign(&asker.0, &document) {
            issues.insert(0, issue);
        }
        if !acceptable(&issues) {
            let rules: Vec<&str> = issues.iter().filter(|i| i.severity == Severity::Error).map(|i| i.rule.as_str()).collect();
            tracing::info!(institution = asker.0, ?rules, "refused");
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(operation_outcome(&issues))).into_response());
        }
        let (stored, replaced) = platform.keep(&asker.0, &key, document)?;
        tracing::info!(institution = asker.0, receipt = stored.receipt, replaced, "received");
        let body = json!({ "receipt": stored.receipt, "replaced": replaced, "received_at": stored.received_at });
        Ok((StatusCode::CREATED, Json(body)).into_response())
    })
    .await
}

/// A bundle that is none of those the service takes, or that names another institution than the one that sends it.
fn foreign(asker: &str, document: &Value) -> Option<Issue> {
    let issue = |rule: &str, path: &str, message: &str| Issue {
        severity: Severity::Error,
        code: "business-rule".into(),
        rule: rule.into(),
        path: path.into(),
        message_ja: message.into(),
        chart_field: String::new(),
    };
    let profiles: Vec<&str> = document["meta"]["profile"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|p| p.split('|').next().unwrap_or(p))
        .collect();
    use fhir::uri::*;
    let taken = [BUNDLE_CLINS, BUNDLE_EREFERRAL, BUNDLE_EDISCHARGE, BUNDLE_EPCS, BUNDLE_ECHECKUP];
    if document["resourceType"] != "Bundle" || !profiles.iter().any(|p| taken.contains(p)) {
        return Some(issue("PF-PROFILE", "Bundle.meta.profile", "受け付ける文書の種類（Bundleのプロファイル）ではありません。"));
    }
    let read = fhir::read::document(document)?;
    if read.institution_number != asker {
        let text = "Bundleの識別子の医療機関番号が、送信した医療機関と異なります。";
        return Some(issue("PF-SENDER", "Bundle.identifier.value", text));
    }
    read.member_id.is_empty().then(|| issue("PF-MEMBER", "Bundle.entry", "被保険者個人識別子がありません。"))
}

#[derive(Deserialize)]
struct Which {
    identifier: String,
}

async fn cancel(asker: Asker, State(platform): State<Arc<Platform>>, Query(which): Query<Which>) -> Result<StatusCode, Response> {
    blocking(move || platform.cancel(&asker.0, &which.identifier)).await?.map_err(Response::from)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn fetch(
    asker: Asker,
    State(platform): State<Arc<Platform>>,
    Path(receipt): Path<String>,
) -> Result<Json<Value>, Response> {
    Ok(Json(platform.one(&asker.0, &receipt).map_err(Response::from)?.document))
}

#[derive(Deserialize)]
struct Listing {
    #[serde(default)]
    exclude: String,
}

async fn list(
    asker: Asker,
    State(platform): State<Arc<Platform>>,
    Path(member_id): Path<String>,
    Query(listing): Query<Listing>,
) -> Result<Json<Value>, Response> {
    let found = platform.about(&asker.0, &member_id, listing.exclude == "own").map_err(Response::from)?;
    let row =
        |d: &Stored| json!({ "receipt": d.receipt, "institution": d.institution, "kind": d.kind, "received_at": d.received_at });
    Ok(Json(found.iter().map(row).collect()))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Consent {
    member_id: String,
    granted: bool,
}

async fn consent(
    asker: Asker,
    State(platform): State<Arc<Platform>>,
    Json(consent): Json<Consent>,
) -> Result<StatusCode, Response> {
    let member = &consent.member_id;
    if !fhir::member::is_insurance_value(member) && !fhir::member::is_public_value(member) {
        return Err(outcome(StatusCode::UNPROCESSABLE_ENTITY, "value", "被保険者個人識別子の形式が正しくありません（R1013）。"));
    }
    blocking(move || platform.consent(&asker.0, &consent.member_id, consent.granted)).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultsAsked {
    next: FaultKind,
    count: usize,
}

async fn set_faults(State(platform): State<Arc<Platform>>, Json(asked): Json<FaultsAsked>) -> StatusCode {
    if !platform.allow_faults {
        return StatusCode::NOT_FOUND;
    }
    platform.faults.set(asked.next, asked.count);
    StatusCode::NO_CONTENT
}
