//! The fee module (算定): from a visit to fee lines, points and the patient's payment, each with its reason.
//!
//! Pure: `(dated tables, request) → Statement`. No clock, no I/O, no SQL. The rest of the system knows the trait
//! [`Calculator`] only, so that the national 共通算定モジュール can take the place of our [`Engine`].
//!
//! Data first: points, ages, flags and units come from the dated masters through [`model::master::Tables`]. Only what no
//! master says is code, one rule a function, each with its article in the doc comment.

mod advice;
mod anaesthesia;
mod basic;
mod beside;
mod bounds;
mod codes;
mod contained;
mod containers;
pub mod copay;
pub mod drugs;
mod error;
mod exclusions;
mod facility;
mod families;
mod follow;
mod guidance;
mod hints;
mod home;
mod imaging;
pub mod json;
mod lab_rules;
mod labs;
mod limits;
mod management;
pub mod mirror;
mod missed;
mod orders;
mod overrides;
mod patches;
mod pathology;
mod physiology;
mod prescribing;
pub mod request;
mod sites;
mod stages;
mod tables_counts;
mod tables_pairs;
mod tables_relations;
mod therapy;
mod treatment;
mod wages;
mod work;

pub use error::FeeError;
pub use request::Request;

use model::{fee::Statement, master::Tables, money::Points};
use work::Work;

/// Names of the facility standards and facts of a clinic that rules read, without their grades.
pub fn standards_read() -> &'static [&'static str] {
    &facility::READ
}

/// Calculates what a visit costs. Our own [`Engine`] is one; the national module (共通算定モジュール) can be another.
pub trait Calculator: Send + Sync {
    /// The statement of a visit.
    ///
    /// # Errors
    /// [`FeeError`] with a path where the request names a code that no master holds, a value that cannot be, or a day
    /// without tables. What the calculator does not know how to bill is no error: it stands in `omitted`.
    ///
    /// [`Request::overrides`] hold after all rules and before the payment: a withheld line stands in `omitted` with the typed
    /// reason, an added or counted one has [`model::fee::FeeLine::by_hand`].
    fn calculate(&self, tables: &dyn Tables, request: &Request) -> Result<Statement, FeeError>;
}

/// Claim codes of every item that the engine bills by itself (初診料, 判断料 …). Tables that serve it must hold them.
pub fn implied_codes() -> Vec<&'static str> {
    codes::all().into_iter().map(|item| item.code).collect()
}

/// Claim codes of the items that follow from orders (乳幼児加算, 時間外加算 of treatment …). Tables may hold them; where they do
/// not, the item stands in `omitted` as not calculated.
pub fn following_codes() -> Vec<&'static str> {
    follow::all().into_iter().chain(contained::all()).map(|item| item.code).collect()
}

/// Our own calculation.
#[derive(Debug, Clone, Copy, Default)]
pub struct Engine;

impl Calculator for Engine {
    fn calculate(&self, tables: &dyn Tables, request: &Request) -> Result<Statement, FeeError> {
        match request.as_of {
            Some(day) => statement(&mirror::AsOf { tables, real: request.date, day }, request),
            None => statement(tables, request),
        }
    }
}

/// The rules, then what people decided against them, then the payment.
fn statement(tables: &dyn Tables, request: &Request) -> Result<Statement, FeeError> {
    // Reasons name what was billed before: which of several shall not depend on how the history was read.
    let sorted;
    let request = if request.history.is_sorted() {
        request
    } else {
        let mut history = request.history.clone();
        history.sort();
        sorted = Request { history, ..request.clone() };
        &sorted
    };
    let mut work = Work::new(tables, request)?;
    stages::run(&mut work)?;
    let withheld = overrides::withheld_tests(&work);
    if !withheld.is_empty() {
        work = Work::new(tables, request)?;
        work.withheld = withheld;
        stages::run(&mut work)?;
    }
    overrides::apply(&mut work)?;
    Ok(finish(work))
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
        self_paid: Vec::new(),
        overrides: Vec::new(),
    }
}
