//! What a made-up patient consists of before anything is stored: registration, findings, and every visit.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use model::{
    chart::{AllergyForm, Outcome, Soap},
    insurance::InsuranceForm,
    letter::LetterForm,
    orders::{Route, RpItem},
    patient::PatientForm,
};
use rust_decimal::Decimal;

/// A patient of one clinic.
pub(super) struct PatientPlan {
    /// Registration with the oldest insurance card.
    pub form: PatientForm,
    /// The cards that followed.
    pub later_cards: Vec<InsuranceForm>,
    /// When the patient was registered.
    pub registered_at: DateTime<Utc>,
    /// Whether the patient lets the clinic read others' records.
    pub consent: bool,
    /// Diagnoses with their first day and end.
    pub diagnoses: Vec<DiagnosisPlan>,
    /// Allergies, recorded at the first visit.
    pub allergies: Vec<AllergyForm>,
    /// Visits in the order of time.
    pub visits: Vec<VisitPlan>,
    /// A letter, issued after the last visit before today.
    pub letter: Option<LetterForm>,
}

/// A diagnosis.
#[derive(Debug, Clone)]
pub(super) struct DiagnosisPlan {
    /// Claim code.
    pub code: String,
    /// Claim codes of the modifiers.
    pub modifiers: Vec<String>,
    /// First day.
    pub started_on: NaiveDate,
    /// Last day and outcome.
    pub ended: Option<(NaiveDate, Outcome)>,
    /// Main diagnosis.
    pub principal: bool,
}

/// How far a visit of today has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reached {
    /// Waiting.
    Received,
    /// With the doctor, half a note written.
    InConsultation,
    /// Confirmed, waiting to pay.
    AwaitingPayment,
    /// Paid.
    Done,
}

/// A visit.
#[derive(Debug, Clone)]
pub(super) struct VisitPlan {
    /// Day.
    pub day: NaiveDate,
    /// Time of check-in; for today's visits it is given when they are stored.
    pub time: NaiveTime,
    /// Which of the clinic's doctors.
    pub doctor: usize,
    /// The desk's remark.
    pub remark: String,
    /// The note.
    pub soap: Soap,
    /// Prescriptions.
    pub prescriptions: Vec<RpPlan>,
    /// Procedures.
    pub procedures: Vec<ProcedurePlan>,
    /// Laboratory results.
    pub results: Vec<ResultPlan>,
    /// How far it has come.
    pub reached: Reached,
}

/// A prescription group.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RpPlan {
    /// Route.
    pub route: Route,
    /// Key of the usage.
    pub usage_key: String,
    /// Words of the usage.
    pub usage: String,
    /// Code of the usage.
    pub usage_code: Option<String>,
    /// Times a day.
    pub times_per_day: u8,
    /// Days, times or dispensings.
    pub count: u16,
    /// Drugs.
    pub items: Vec<RpItem>,
}

/// A procedure.
#[derive(Debug, Clone)]
pub(super) struct ProcedurePlan {
    /// Claim code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Quantity.
    pub quantity: Decimal,
    /// Unit.
    pub unit: String,
    /// Drugs used.
    pub drugs: Vec<RpItem>,
}

/// A laboratory result as it is typed.
#[derive(Debug, Clone)]
pub(super) struct ResultPlan {
    /// Local code of the item.
    pub item: String,
    /// Value.
    pub value: String,
    /// Lower limit, may be empty.
    pub low: &'static str,
    /// Upper limit, may be empty.
    pub high: &'static str,
}
