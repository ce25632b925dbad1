//! Files that go along with a letter (添付): handed in with `POST /api/upload_letter_file/{letter}`, read with
//! `GET /api/letter_file/{file}`.
//!
//! The body handed in is the file as it is; `x-file-name` holds its name, percent-encoded UTF-8. The answer is the letter as
//! JSON, else the error as everywhere. Who may not add to this letter is turned away before the file has come.

use axum::{
    Json,
    body::Body,
    extract::{Path, Request, State},
    http::{
        HeaderName, HeaderValue,
        header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    },
    response::{IntoResponse, Response},
};
use clinic::{
    Clinic, letters,
    letters::FileContent,
    policy::{ReadChart, WriteLetter},
};
use model::{
    AppError,
    ids::{FileId, LetterId},
    letter::Letter,
};
use std::fmt::Write;

use super::{
    failure::{Asked, answer},
    limit, request_id, session, upload,
};

/// Where files are handed in, before the letter's id.
pub const UPLOAD: &str = "/api/upload_letter_file/";
/// The same as a route.
pub const UPLOAD_ROUTE: &str = "/api/upload_letter_file/{letter}";
/// Where one is read.
pub const READ_ROUTE: &str = "/api/letter_file/{file}";

/// Takes a file in.
pub async fn receive(State(state): State<super::State>, Path(letter): Path<String>, request: Request) -> Response {
    let asked = Asked::from(&request);
    match take(&state.clinic, &letter, request).await {
        Ok(Some(letter)) => Json(letter).into_response(),
        Ok(None) => limit::too_large(&asked),
        Err(error) => answer(&asked, &error),
    }
}

/// Takes the file; none when it is too large.
async fn take(clinic: &Clinic, letter: &str, request: Request) -> Result<Option<Letter>, AppError> {
    let (cookie, id) = (session::cookie(request.headers()).map(str::to_owned), request_id::of(&request));
    let mut desk = clinic.enter::<WriteLetter>(cookie.as_deref(), &id).await?;
    let letter: LetterId = letter.parse()?;
    let may = letters::may_add(&mut desk.tenant, &desk.grant, letter).await;
    // No transaction waits for somebody's line.
    desk.finish(may).await?;
    let name = upload::name(request.headers())?;
    let Some(content) = upload::whole(request).await? else { return Ok(None) };
    let file = letters::checked(&name, content.into())?;
    let mut desk = clinic.enter::<WriteLetter>(cookie.as_deref(), &id).await?;
    let kept = letters::add_letter_file(&mut desk.tenant, &desk.grant, letter, file).await;
    desk.finish(kept).await.map(Some)
}

/// Hands a file out to who may read the letter.
pub async fn read(State(state): State<super::State>, Path(file): Path<String>, request: Request) -> Response {
    let asked = Asked::from(&request);
    match find(&state.clinic, &file, request).await {
        Ok(content) => handed_out(content),
        Err(error) => answer(&asked, &error),
    }
}

async fn find(clinic: &Clinic, file: &str, request: Request) -> Result<FileContent, AppError> {
    let (cookie, id) = (session::cookie(request.headers()), request_id::of(&request));
    let mut desk = clinic.enter::<ReadChart>(cookie, &id).await?;
    let file: FileId = file.parse()?;
    let found = letters::letter_file(&mut desk.tenant, &desk.grant, file).await;
    desk.finish(found).await
}

/// A file from somebody else's hand, so that it does no harm at this address: its kind as we know it, no scripts and no frames
/// (beside the `nosniff` of every answer), pictures shown, everything else kept as a file.
pub fn handed_out(FileContent { title, content_type, bytes }: FileContent) -> Response {
    let (shown, ending) = match content_type.as_str() {
        "image/png" => (true, "png"),
        "image/jpeg" => (true, "jpg"),
        "application/pdf" => (false, "pdf"),
        _ => (false, "bin"),
    };
    let kind = if ending == "bin" { "application/octet-stream" } else { content_type.as_str() };
    let place = if shown { "inline" } else { "attachment" };
    let mut response = Response::new(Body::from(bytes));
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(CONTENT_TYPE, kind);
    set(CONTENT_DISPOSITION, &format!("{place}; filename=\"file.{ending}\"; filename*=UTF-8''{}", encoded(&title, ending)));
    set(CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox");
    set(CACHE_CONTROL, "no-store");
    response
}

/// A file name as RFC 8187 writes it; what cannot stand in a file's name becomes a line.
fn encoded(title: &str, ending: &str) -> String {
    let plain: String = title.chars().map(|c| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '_' } else { c }).collect();
    let mut out = String::new();
    for byte in format!("{plain}.{ending}").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").expect("a String takes everything");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(response: &Response, name: HeaderName) -> &str {
        response.headers()[name].to_str().expect("text")
    }

    #[test]
    fn a_picture_is_shown_and_everything_else_is_kept() {
        let file = |content_type: &str| {
            handed_out(FileContent { title: "胸部/X線 1".into(), content_type: content_type.into(), bytes: vec![1] })
        };
        let picture = file("image/png");
        assert_eq!(header(&picture, CONTENT_TYPE), "image/png");
        assert!(header(&picture, CONTENT_DISPOSITION).starts_with("inline;"));
        assert!(header(&picture, CONTENT_SECURITY_POLICY).contains("sandbox"));
        let pdf = file("application/pdf");
        assert_eq!(
            header(&pdf, CONTENT_DISPOSITION),
            "attachment; filename=\"file.pdf\"; filename*=UTF-8''%E8%83%B8%E9%83%A8_X%E7%B7%9A%201.pdf"
        );
        let page = file("text/html");
        assert_eq!(header(&page, CONTENT_TYPE), "application/octet-stream");
        assert!(header(&page, CONTENT_DISPOSITION).starts_with("attachment;"));
    }
}
