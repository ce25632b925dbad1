//! The fee module (算定): from a visit to fee lines, points and the patient's payment, each with its reason.
//!
//! Pure: `(dated tables, request) → Statement`. No clock, no I/O, no SQL. The rest of the system knows the trait
//! [`Calculator`] only, so that the national 共通算定モジュール can take the place of our [`Engine`].
//!
//! Data first: points, ages, flags and units come from the dated masters through [`model::master::Tables`]. Only what no
//! master says is code, one rule a function, each with its article in the doc comment.

mod basic;
mod codes;
pub mod copay;
pub mod drugs;
mod error;
mod facility;
pub mod json;
mod labs;
mod management;
mod orders;
mod prescribing;
pub mod request;
mod work;

pub use error::FeeError;
pub use request::Request;

use model::{fee::Statement, master::Tables, money::Points};
use work::Work;

/// Calculates what a visit costs. Our own [`Engine`] is one; the national module (共通算定モジュール) can be another.
pub trait Calculator: Send + Sync {
    /// The statement of a visit.
    ///
    /// # Errors
    /// [`FeeError`] with a path where the request names a code that no master holds, a value that cannot be, or a day
    /// without tables. What the calculator does not know how to bill is no error: it stands in `omitted`.
    fn calculate(&self, tables: &dyn Tables, request: &Request) -> Result<Statement, FeeError>;
}

/// Our own calculation.
#[derive(Debug, Clone, Copy, Default)]
pub struct Engine;

impl Calculator for Engine {
    fn calculate(&self, tables: &dyn Tables, request: &Request) -> Result<Statement, FeeError> {
        let mut work = Work::new(tables, request)?;
        let ordered = orders::resolve(&work)?;
        let mut allowed = Vec::new();
        for order in ordered {
            if orders::allowed(&mut work, &order) {
                allowed.push(order);
            }
        }
        basic::visit(&mut work);
        facility::add_ons(&mut work);
        let (tests, others): (Vec<_>, Vec<_>) = allowed.iter().partition(|ordered| labs::is_test(ordered.row));
        orders::procedures(&mut work, &others)?;
        labs::tests(&mut work, &tests)?;
        labs::judgements(&mut work, &allowed);
        prescribing::prescriptions(&mut work)?;
        basic::outpatient_management(&mut work);
        facility::wages_and_prices(&mut work);
        management::hints(&mut work);
        Ok(finish(work))
    }
}

/// Sorts, adds up and divides the cost.
fn finish(mut work: Work) -> Statement {
    // Stable: within a section the order of the rules stays.
    work.lines.sort_by_key(|line| line.section);
    work.omitted.sort_by(|a, b| (&a.code, &a.reason).cmp(&(&b.code, &b.reason)));
    work.omitted.dedup();
    let points: Points = work.lines.iter().map(|line| line.total()).sum();
    let payment = copay::visit::payment(&mut work, points);
    work.hints.sort();
    work.hints.dedup();
    Statement {
        edition: work.edition,
        date: work.request.date,
        lines: work.lines,
        omitted: work.omitted,
        hints: work.hints,
        points,
        payment,
    }
}
