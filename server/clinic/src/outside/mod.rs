//! What other institutions shared about a patient (他院の情報), and the letters that came in (届いた紹介状).
//!
//! * [`consent`](crate::Clinic::set_consent): records that the patient lets us read, or no longer does, and tells the platform;
//! * [`ask`](crate::Clinic::ask_outside): asks the platform with the patient's consent, the purpose on record; what comes is kept
//!   whole, also what is broken;
//! * [`outside`]: shows what is kept beside our own data;
//! * [`take_over`], [`take_back`]: puts an entry into the chart with its provenance, and undoes it while it is untouched;
//! * [`inbox`], [`incoming`](crate::Clinic::incoming), [`assign_incoming`]: the letters addressed to this house; [`watch`] looks for them.
//!
//! The network is asked outside of transactions only.

mod ask;
mod candidates;
mod code;
mod consent;
mod files;
mod inbox;
mod incoming;
mod mailbox;
mod read;
mod same;
mod store;
mod take_over;
mod view;
mod watch;

pub use files::file;
pub use inbox::{assign_incoming, inbox};
pub use incoming::incoming;
pub use take_over::{take_back, take_over};
pub use view::outside;
pub use watch::{once, watch};

use crate::{Error, Fallible, Tenant};
use model::{
    codes::InstitutionNumber,
    ids::*,
    share::{Problem, ProblemKind},
};
use sqlx::PgConnection;

/// How the platform knows the clinic.
async fn institution(db: &mut PgConnection) -> Fallible<InstitutionNumber> {
    let number: String =
        sqlx::query_scalar("select institution_number from clinic where clinic_id = current_clinic()").fetch_one(db).await?;
    InstitutionNumber::parse(&number).map_err(|_| Error::Broken("institution number of the clinic".into()))
}

/// That no platform is configured, as people are told.
fn not_configured() -> Problem {
    Problem {
        kind: ProblemKind::Network, message: "電子カルテ情報共有サービスへの接続が設定されていません。".into()
    }
}

/// An answer that was none, as people are told.
fn problem_of(error: &links::SharingError) -> Problem {
    match error {
        links::SharingError::Fault(fault) => fault.problem(),
        other => Problem { kind: ProblemKind::Platform, message: other.to_string() },
    }
}

/// One at a time for each patient: two people who take over the same would both find it new.
async fn lock(tenant: &mut Tenant, patient: PatientId) -> Fallible<()> {
    sqlx::query("select pg_advisory_xact_lock(hashtextextended($1, 1))").bind(patient.to_string()).execute(tenant.db()).await?;
    Ok(())
}
