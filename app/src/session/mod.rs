//! Who is signed in, the way in and out, and the frame around every page of the clinic.

pub mod api;
mod frame;
mod sign_in;

pub use frame::{Frame, Home};
pub use sign_in::{SignInAgain, SignInPage};

use leptos::prelude::*;
use model::{
    AppError,
    staff::{Me, Role},
};

/// The session of this page. It is asked for once: another person means another page load.
#[derive(Clone, Copy)]
pub struct Session {
    /// Who is signed in.
    pub me: Resource<Result<Option<Me>, AppError>>,
    /// Whether the dialog to sign in again is open.
    again: RwSignal<bool>,
}

impl Session {
    /// Opens the dialog to sign in again, if somebody was signed in here; the page and what is typed stay.
    pub fn ask_again(self) {
        if matches!(self.me.get_untracked(), Some(Ok(Some(_)))) {
            self.again.set(true);
        }
    }
}

/// Provides the [`Session`]; called once by the application.
pub fn provide_session() {
    provide_context(Session { me: Resource::new_blocking(|| (), |()| api::me()), again: RwSignal::new(false) });
}

/// Who is signed in. Only on pages inside of [`Frame`], where it is known.
pub fn use_me() -> Me {
    expect_context::<Me>()
}

/// What the screen offers to a role. The server decides again in its policy; this only hides what would be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// Check in, move on the board.
    Desk,
    /// Register and change patients.
    Register,
    /// Open charts.
    Chart,
    /// Take payments.
    Till,
    /// Read what other institutions shared.
    Outside,
    /// Decide against the calculation of a fee.
    Override,
    /// Staff, audit, masters.
    Administration,
}

/// Whether a role is offered something.
pub fn offers(role: Role, what: Offer) -> bool {
    use Role::*;
    match what {
        Offer::Desk | Offer::Register => matches!(role, Reception | Nurse | Doctor),
        Offer::Chart => matches!(role, Doctor | Nurse | Reception),
        Offer::Outside => matches!(role, Doctor | Nurse),
        Offer::Till => matches!(role, Reception),
        Offer::Override => matches!(role, Doctor | Reception),
        Offer::Administration => role == Administrator,
    }
}
