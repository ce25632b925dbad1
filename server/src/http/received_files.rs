//! `GET /api/received/{document}/files/{number}`: a file that came along with a document of another house (他院の情報の添付),
//! for who may read the document. It is handed out as files of letters are: pictures shown, everything else to be saved.

use axum::{
    extract::{Path, Request, State},
    response::Response,
};
use clinic::{Clinic, letters::FileContent, outside, policy::ReadOutside};
use model::{AppError, ids::ReceivedId};

use super::{
    failure::{Asked, answer},
    letter_files::handed_out,
    request_id, session,
};

/// Where one is read.
pub const ROUTE: &str = "/api/received/{document}/files/{number}";

/// The route.
pub async fn read(
    State(state): State<super::State>,
    Path((document, number)): Path<(String, String)>,
    request: Request,
) -> Response {
    let asked = Asked::from(&request);
    match find(&state.clinic, &document, &number, request).await {
        Ok(content) => handed_out(content),
        Err(error) => answer(&asked, &error),
    }
}

async fn find(clinic: &Clinic, document: &str, number: &str, request: Request) -> Result<FileContent, AppError> {
    let (cookie, id) = (session::cookie(request.headers()), request_id::of(&request));
    let mut desk = clinic.enter::<ReadOutside>(cookie, &id).await?;
    let document: ReceivedId = document.parse()?;
    let number: u32 = number.parse().map_err(|_| AppError::NotFound)?;
    let found = outside::file(&mut desk.tenant, &desk.grant, document, number).await;
    desk.finish(found).await
}
