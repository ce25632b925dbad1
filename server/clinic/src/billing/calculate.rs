//! The statement of a visit: what the insurance covers as the fee module has it, and beside it what is outside.

use super::{
    cases::{self, Case},
    history::{self, Past},
};
use crate::{Error, Fallible, Tenant};
use fee::{Calculator, FeeError, request::Billed};
use masters::Snapshot;
use model::{
    AppError,
    fee::*,
    money::Points,
    visit::{Visit, VisitState},
};

/// What the visit costs with the orders, cards and decisions as they are.
pub(super) async fn calculate(tenant: &mut Tenant, visit: &Visit) -> Fallible<Statement> {
    let id = visit.patient.0;
    let past = history::load(tenant.db(), &[id], visit.date).await?.remove(&id).unwrap_or_default();
    let case = cases::load(tenant.db(), vec![visit.clone()]).await?.pop().ok_or(AppError::NotFound)?;
    let before = history::before(history::place(visit), &past);
    let masters = tenant.masters();
    case_statement(tenant.world.calculator.as_ref(), &masters, &case, before).map_err(|error| Error::App(error.into()))
}

/// The statement of a case.
pub(super) fn case_statement(
    calculator: &dyn Calculator,
    masters: &Snapshot,
    case: &Case,
    before: Vec<Billed>,
) -> Result<Statement, FeeError> {
    let statement =
        if case.uninsured { uninsured(masters, case) } else { calculator.calculate(masters, &case.request(before))? };
    Ok(Statement { self_paid: case.orders.self_paid.clone(), overrides: case.overrides.clone(), ..statement })
}

/// Of a visit that is none of the insurance's (健診・予防接種 and nothing else).
fn uninsured(masters: &Snapshot, case: &Case) -> Statement {
    let reason = "自費だけの受診のため、初診料・再診料を算定しません。".into();
    Statement {
        edition: masters.edition(case.visit.date).unwrap_or_default(),
        date: case.visit.date,
        lines: Vec::new(),
        omitted: vec![Omitted { code: String::new(), name: "初診料・再診料".into(), reason }],
        hints: Vec::new(),
        points: Points(0),
        payment: Payment::default(),
        self_paid: Vec::new(),
        overrides: Vec::new(),
    }
}

/// Calculates visits of one patient, oldest first, each with the days before as they come out here; `past` holds what was
/// billed before and what stands for a visit that cannot be calculated.
pub(super) fn in_order(
    cases: &[Case],
    past: Vec<Past>,
    mut calculate: impl FnMut(&Case, Vec<Billed>) -> Result<Statement, FeeError>,
) -> Vec<Result<Statement, FeeError>> {
    let mut past = past;
    let mut all = Vec::with_capacity(cases.len());
    for case in cases {
        let place = history::place(&case.visit);
        let statement = calculate(case, history::before(place, &past));
        // A visit that is still open bills nothing yet.
        if let (Ok(statement), VisitState::AwaitingPayment | VisitState::Done) = (&statement, case.visit.state) {
            let now = Past::of(place, statement);
            match past.iter_mut().find(|old| old.place == place) {
                Some(old) => *old = now,
                None => past.push(now),
            }
        }
        all.push(statement);
    }
    all
}
