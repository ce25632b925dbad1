//! `POST /api/upload_master`: an administrator hands in a file of the national masters.
//!
//! The body is the file as published; `x-file-name` holds its name, percent-encoded UTF-8. The answer is the
//! `model::edition::Upload` as JSON, also for a file that is refused (with its reason), else the error as everywhere. Who may
//! not import is turned away before the file has come.

use axum::{
    Json,
    body::Bytes,
    extract::{Request, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use clinic::{Clinic, masters, policy::KeepMasters};
use http_body_util::{BodyExt, LengthLimitError};
use model::{AppError, Flaw, edition::Upload};

use super::{
    failure::{Asked, answer},
    limit, request_id, session,
};

/// Where files are handed in.
pub const PATH: &str = "/api/upload_master";
/// Characters a name may have.
const LONGEST_NAME: usize = 200;

/// The route.
pub async fn receive(State(state): State<super::State>, request: Request) -> Response {
    let asked = Asked::from(&request);
    match take(&state.clinic, request).await {
        Ok(Some(upload)) => Json(upload).into_response(),
        Ok(None) => limit::too_large(&asked),
        Err(error) => answer(&asked, &error),
    }
}

/// Takes the file; none when it is too large.
async fn take(clinic: &Clinic, request: Request) -> Result<Option<Upload>, AppError> {
    let (cookie, id) = (session::cookie(request.headers()).map(str::to_owned), request_id::of(&request));
    let name = name(request.headers())?;
    let mut desk = clinic.enter::<KeepMasters>(cookie.as_deref(), &id).await?;
    let may = masters::may_upload(&mut desk.tenant, &desk.grant).await;
    // No transaction waits for somebody's line.
    desk.finish(may).await?;
    let Some(content) = whole(request).await? else { return Ok(None) };
    let checked = masters::check(name, content.into()).await;
    let mut desk = clinic.enter::<KeepMasters>(cookie.as_deref(), &id).await?;
    let kept = match checked {
        Ok(checked) => masters::upload(&mut desk.tenant, &desk.grant, checked).await,
        Err(error) => Err(error),
    };
    desk.finish(kept).await.map(Some)
}

/// The whole body; none when it is too large.
pub(super) async fn whole(request: Request) -> Result<Option<Bytes>, AppError> {
    match request.into_body().collect().await {
        Ok(body) => Ok(Some(body.to_bytes())),
        Err(error)
            if std::iter::successors(Some(&error as &dyn std::error::Error), |e| e.source())
                .any(|e| e.is::<LengthLimitError>()) =>
        {
            Ok(None)
        }
        Err(_) => Err(AppError::Connection { detail: "the file was cut off".into() }),
    }
}

/// The file's own name, without a path.
pub(super) fn name(headers: &HeaderMap) -> Result<String, AppError> {
    let raw = headers.get("x-file-name").ok_or_else(|| AppError::field("file", Flaw::Missing))?;
    let decoded = percent_decoded(raw.as_bytes()).ok_or_else(|| AppError::field("file", Flaw::NotAChoice))?;
    let name: String = decoded.rsplit(['/', '\\']).next().unwrap_or_default().chars().filter(|c| !c.is_control()).collect();
    match name.trim() {
        "" => Err(AppError::field("file", Flaw::Missing)),
        name if name.chars().count() > LONGEST_NAME => Err(AppError::field("file", Flaw::TooLong { max: LONGEST_NAME })),
        name => Ok(name.to_owned()),
    }
}

/// RFC 3986, 2.1. None where a `%` is not followed by two hexadecimal digits or the bytes are no UTF-8.
fn percent_decoded(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter().copied();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?].map(|digit| char::from(digit).to_digit(16));
                u8::try_from(digits[0]? * 16 + digits[1]?).ok()?
            }
            plain => plain,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_browsers_write_them() {
        let read = |text: &str| {
            let headers: HeaderMap = [("x-file-name".parse().expect("name"), text.parse().expect("value"))].into_iter().collect();
            name(&headers).ok()
        };
        // encodeURIComponent("01補助.csv")
        assert_eq!(read("01%E8%A3%9C%E5%8A%A9.csv").as_deref(), Some("01補助.csv"));
        assert_eq!(read("..%2F..%2Fetc%2Fpasswd").as_deref(), Some("passwd"));
        assert_eq!(read("C:%5Cx%5Cs.zip").as_deref(), Some("s.zip"));
        for bad in ["", "%", "%4", "%zz", "%ff", "a/", &"x".repeat(201)] {
            assert_eq!(read(bad), None, "{bad}");
        }
        assert!(name(&HeaderMap::new()).is_err());
    }
}
