//! The interface over HTTP, as `docs/platform-interface.md` describes it.

use crate::{
    Platform,
    faults::{self, Delayed},
    identity::{self, Asker},
    secure::{Peer, Secure, SecureError},
    store::Denied,
    time,
};
use axum::{
    Extension, Json, Router,
    body::{Body, to_bytes},
    extract::{FromRequestParts, Path, Query, State},
    http::{StatusCode, header::CONTENT_TYPE, request::Parts},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use links::{Answer, Target};
use model::outside::Purpose;
use serde::Deserialize;
use serde_json::json;
use std::{io, path::Path as FilePath, sync::Arc, time::Duration};
use tokio::net::TcpListener;

/// The most a document may weigh: 10 MB (サービス側の1回の送信上限).
pub(crate) const HEAVIEST: usize = 10 * 1024 * 1024;

/// The service over plain HTTP: who asks is who the header `X-Institution-Number` names. For tests only.
pub fn router(platform: Arc<Platform>) -> Router {
    service(platform.clone()).layer(from_fn(identity::by_header)).layer(from_fn_with_state(platform, time::date))
}

/// Serves HTTPS with the certificates of a directory until asked to stop: who asks is who the client certificate names.
///
/// # Errors
/// When the certificates cannot be used or the socket fails.
pub async fn serve(
    platform: Arc<Platform>,
    listener: TcpListener,
    certificates: &FilePath,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), SecureError> {
    let secure = Secure::open(platform.clone(), listener, certificates)?;
    let app = service(platform.clone()).layer(from_fn(identity::by_certificate)).route("/healthz", get(async || "ok"));
    let app = app.layer(from_fn_with_state(platform, time::date)).into_make_service_with_connect_info::<Peer>();
    Ok(axum::serve(secure, app).with_graceful_shutdown(stop).await?)
}

/// The routes of the service; who is asking is added outside.
fn service(platform: Arc<Platform>) -> Router {
    Router::new()
        .route("/v1/documents", post(register))
        .route("/v1/documents/{receipt}", get(fetch))
        .route("/v1/documents/{receipt}/opened", put(opened))
        .route("/v1/cancellations", post(cancel))
        .route("/v1/receipts/{receipt}", get(result))
        .route("/v1/patients/{member_id}/documents", get(list))
        .route("/v1/inbox", get(inbox))
        .route("/v1/letters/progress", post(progress))
        .route("/v1/consents", put(consent))
        .layer(from_fn_with_state(platform.clone(), time::keep))
        .layer(from_fn_with_state(platform.clone(), faults::happen))
        .with_state(platform)
}

/// Runs what waits for the disk or thinks hard beside the reactor.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, Response> {
    let failed = |detail: String| {
        tracing::error!(%detail, "storage failed");
        outcome(StatusCode::INTERNAL_SERVER_ERROR, "PF-STORE", "exception", "保存に失敗しました。")
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(error) => Err(failed(error.to_string())),
    }
}

/// A refusal in one sentence, as an OperationOutcome.
pub(crate) fn outcome(status: StatusCode, rule: &str, code: &str, text: &str) -> Response {
    let details = json!({ "coding": [{ "code": rule }], "text": text });
    let issue = json!({ "severity": "error", "code": code, "details": details });
    (status, Json(json!({ "resourceType": "OperationOutcome", "issue": [issue] }))).into_response()
}

impl From<Denied> for Response {
    fn from(denied: Denied) -> Self {
        let not_found = || outcome(StatusCode::NOT_FOUND, "PF-NONE", "not-found", "該当する文書がありません。");
        match denied {
            Denied::NotFound => not_found(),
            Denied::NoConsent => outcome(StatusCode::FORBIDDEN, "PF-CONSENT", "forbidden", "患者の閲覧同意がありません。"),
            Denied::KeyTaken => {
                let text = "同じ冪等キーが別の文書に使われています。";
                outcome(StatusCode::UNPROCESSABLE_ENTITY, "PF-KEY", "duplicate", text)
            }
            Denied::Refused { status: 404, .. } => not_found(),
            Denied::Refused { status, outcome } => {
                let status = StatusCode::from_u16(status).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
                (status, Json(outcome)).into_response()
            }
        }
    }
}

/// 201 when it took effect, 202 while it waits.
fn answered(answer: Answer) -> Response {
    let status = match answer {
        Answer::Taken { .. } => StatusCode::CREATED,
        Answer::Checking { .. } => StatusCode::ACCEPTED,
    };
    (status, Json(answer)).into_response()
}

/// The key by which a repeat is known.
struct Key(String);

impl<S: Send + Sync> FromRequestParts<S> for Key {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Response> {
        let key = parts.headers.get("idempotency-key").and_then(|v| v.to_str().ok()).unwrap_or_default();
        if key.is_empty() || key.len() > 100 {
            let text = "冪等キー（Idempotency-Key）がありません。";
            return Err(outcome(StatusCode::BAD_REQUEST, "PF-KEY", "required", text));
        }
        Ok(Self(key.to_owned()))
    }
}

type Delay = Option<Extension<Delayed>>;

fn time(delay: Delay) -> Option<Duration> {
    delay.map(|Extension(Delayed(time))| time)
}

async fn register(
    asker: Asker,
    State(platform): State<Arc<Platform>>,
    delay: Delay,
    Key(key): Key,
    body: Body,
) -> Result<Response, Response> {
    let bytes = to_bytes(body, HEAVIEST)
        .await
        .map_err(|_| outcome(StatusCode::PAYLOAD_TOO_LARGE, "PF-SIZE", "too-long", "文書が大きすぎます（10MBまで）。"))?;
    blocking(move || {
        let answer = platform.register(&asker.0, &key, &bytes, time(delay))?;
        match &answer {
            Ok(answer) => tracing::info!(institution = asker.0, key, ?answer, "register"),
            Err(denied) => tracing::info!(institution = asker.0, key, ?denied, "refused"),
        }
        Ok(answer)
    })
    .await?
    .map(answered)
    .map_err(Response::from)
}

async fn cancel(
    asker: Asker,
    State(platform): State<Arc<Platform>>,
    delay: Delay,
    Key(key): Key,
    Json(target): Json<Target>,
) -> Result<Response, Response> {
    let answer = blocking(move || platform.cancel(&asker.0, &key, target, time(delay))).await?;
    answer.map(answered).map_err(Response::from)
}

async fn result(
    asker: Asker,
    State(platform): State<Arc<Platform>>,
    Path(receipt): Path<String>,
) -> Result<Json<Answer>, Response> {
    blocking(move || platform.result(&asker.0, &receipt)).await?.map(Json).map_err(Response::from)
}

async fn fetch(asker: Asker, State(platform): State<Arc<Platform>>, Path(receipt): Path<String>) -> Result<Response, Response> {
    let bytes = blocking(move || platform.one(&asker.0, &receipt)).await?.map_err(Response::from)?;
    Ok(([(CONTENT_TYPE, "application/fhir+json")], bytes).into_response())
}

#[derive(Deserialize)]
struct Listing {
    #[serde(default)]
    exclude: String,
    #[serde(default)]
    purpose: String,
}

async fn list(
    asker: Asker,
    State(platform): State<Arc<Platform>>,
    Path(member_id): Path<String>,
    Query(Listing { exclude, purpose }): Query<Listing>,
) -> Result<Response, Response> {
    let work = move || platform.about(&asker.0, &member_id, Purpose::parse(&purpose), exclude == "own");
    Ok(Json(blocking(work).await?.map_err(Response::from)?).into_response())
}

#[derive(Deserialize)]
struct After {
    #[serde(default)]
    after: i64,
}

async fn inbox(
    asker: Asker,
    State(platform): State<Arc<Platform>>,
    Query(After { after }): Query<After>,
) -> Result<Response, Response> {
    Ok(Json(blocking(move || platform.inbox(&asker.0, after)).await?).into_response())
}

async fn opened(
    asker: Asker,
    State(platform): State<Arc<Platform>>,
    Path(receipt): Path<String>,
) -> Result<StatusCode, Response> {
    blocking(move || platform.opened(&asker.0, &receipt)).await?.map_err(Response::from)?;
    Ok(StatusCode::NO_CONTENT)
}

async fn progress(
    asker: Asker,
    State(platform): State<Arc<Platform>>,
    Json(receipts): Json<Vec<String>>,
) -> Result<Response, Response> {
    Ok(Json(blocking(move || platform.progress(&asker.0, &receipts)).await?).into_response())
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
        let text = "被保険者個人識別子の形式が正しくありません（R1013）。";
        return Err(outcome(StatusCode::UNPROCESSABLE_ENTITY, "R1013", "value", text));
    }
    blocking(move || platform.consent(&asker.0, &consent.member_id, consent.granted)).await?;
    Ok(StatusCode::NO_CONTENT)
}
