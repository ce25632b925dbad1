//! Server functions of signing in and out.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use leptos::prelude::*;
use model::{
    AppError,
    staff::{Me, SignInForm},
};

/// Signs in; on success the browser gets a new session. A plain form goes on to the start page.
#[server(endpoint = "sign_in")]
pub async fn sign_in(form: SignInForm) -> Result<Me, AppError> {
    use crate::server::{answered, clinic, request_id, session_cookie, set_session_cookie};
    let (me, cookie) = answered(clinic()?.sign_in(form, session_cookie().as_deref(), &request_id()).await)?;
    set_session_cookie(Some(&cookie));
    crate::server::redirect_form("/");
    Ok(me)
}

/// Signs out; the session ends on the server too.
#[server(endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    use crate::server::{answered, clinic, request_id, session_cookie, set_session_cookie};
    answered(clinic()?.sign_out(session_cookie().as_deref(), &request_id()).await)?;
    set_session_cookie(None);
    crate::server::redirect_form("/sign-in");
    Ok(())
}

/// Who is signed in.
#[server(name = AskMe, endpoint = "me", input = leptos::server_fn::codec::Json)]
pub async fn me() -> Result<Option<Me>, AppError> {
    use crate::server::{answered, clinic, request_id, session_cookie};
    answered(clinic()?.me(session_cookie().as_deref(), &request_id()).await)
}
