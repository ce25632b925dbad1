//! Fees and payment: a visit becomes a statement, the statement is paid, and a paid statement stands as it was charged.

use crate::{
    Error, Fallible, Grant, Tenant, audit, diagnoses,
    events::Event,
    inhouse::self_paid,
    orders, patients,
    policy::{ReadBill, TakePayment},
    reception::{self, set_state},
};
use chrono::{DateTime, Months, NaiveDate, Utc};
use fee::request;
use model::{
    AppError, Flaw, date,
    fee::*,
    ids::*,
    money::{Points, Yen},
    orders::Orders,
    patient::Patient,
    staff::Role,
    visit::*,
};
use sqlx::{PgConnection, types::Json};
use uuid::Uuid;

/// How far back the fee module is told what was billed: the longest limits it knows count within half a year.
const HISTORY: Months = Months::new(6);
/// More than anybody hands over at the desk, in yen.
const MOST_TENDERED: i64 = 9_999_999;

/// What the visit costs with the orders as they are; of a paid visit, what was charged.
pub async fn statement(tenant: &mut Tenant, _: &Grant<ReadBill>, visit: VisitId) -> Fallible<Statement> {
    let visit = reception::load(tenant.db(), visit).await?;
    match paid(tenant.db(), visit.id).await? {
        Some((_, statement)) => Ok(statement),
        None => calculate(tenant, &visit).await,
    }
}

/// Everything the payment screen and the printed pages show.
pub async fn bill(tenant: &mut Tenant, _: &Grant<ReadBill>, visit: VisitId) -> Fallible<Bill> {
    let bill = assemble(tenant, visit).await?;
    audit::record(tenant, "bill.read", Some(bill.patient.id), Some(visit.0), "").await?;
    Ok(bill)
}

async fn assemble(tenant: &mut Tenant, visit: VisitId) -> Fallible<Bill> {
    let visit = reception::load(tenant.db(), visit).await?;
    let patient = patients::load(tenant.db(), visit.patient).await?;
    let (receipt, statement) = match paid(tenant.db(), visit.id).await? {
        Some((receipt, statement)) => (Some(receipt), statement),
        None => (None, calculate(tenant, &visit).await?),
    };
    let doctor = visit.doctor.as_ref().map(|doctor| doctor.name.clone()).unwrap_or_default();
    let clinic = clinic_card(tenant.db(), doctor).await?;
    Ok(Bill { visit, patient, clinic, statement, receipt })
}

/// Takes payment (入金). Handing over less than is due is refused at the field; a visit already paid comes back as it is.
pub async fn take_payment(
    tenant: &mut Tenant,
    _: &Grant<TakePayment>,
    visit: VisitId,
    tendered: i64,
    version: i64,
) -> Fallible<Bill> {
    let before = reception::hold(tenant.db(), visit).await?;
    match before.state {
        VisitState::Done => return assemble(tenant, visit).await,
        VisitState::AwaitingPayment => {}
        state => return Err(AppError::conflict(format!("「{}」の受診は会計できません。", state.label())).into()),
    }
    let statement = calculate(tenant, &before).await?;
    let due = statement.due();
    if !(due.0..=MOST_TENDERED).contains(&tendered) {
        let flaw = Flaw::OutOfRange { min: due.to_string(), max: Yen(MOST_TENDERED).to_string() };
        return Err(AppError::field("tendered", flaw).into());
    }
    set_state(tenant, &before, VisitState::Done, version).await?;
    let number: i64 = sqlx::query_scalar(
        "update clinic set next_receipt_number = next_receipt_number + 1
         where clinic_id = current_clinic() returning next_receipt_number - 1",
    )
    .fetch_one(tenant.db())
    .await?;
    let (clinic, now, staff) = (tenant.clinic(), tenant.now, tenant.me.staff.id);
    sqlx::query(
        "insert into receipt (clinic_id, number, visit_id, at, staff_id, due, tendered, change, statement)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(clinic)
    .bind(number)
    .bind(visit.0)
    .bind(now)
    .bind(staff.0)
    .bind(due.0)
    .bind(tendered)
    .bind(tendered - due.0)
    .bind(Json(&statement))
    .execute(tenant.db())
    .await?;
    store(tenant.db(), visit, Some(&statement)).await?;
    audit::record(tenant, "payment.take", Some(before.patient), Some(visit.0), format!("領収証 {number}")).await?;
    assemble(tenant, visit).await
}

/// Undoes a payment (入金取消); the receipt stays, marked.
pub async fn undo_payment(tenant: &mut Tenant, _: &Grant<TakePayment>, visit: VisitId, version: i64) -> Fallible<Bill> {
    let before = reception::hold(tenant.db(), visit).await?;
    if before.state != VisitState::Done {
        return Err(AppError::conflict("会計が済んでいない受診です。").into());
    }
    set_state(tenant, &before, VisitState::AwaitingPayment, version).await?;
    let (now, staff) = (tenant.now, tenant.me.staff.id);
    let number: i64 = sqlx::query_scalar(
        "update receipt set undone_at = $2, undone_by = $3
         where clinic_id = current_clinic() and visit_id = $1 and undone_at is null returning number",
    )
    .bind(visit.0)
    .bind(now)
    .bind(staff.0)
    .fetch_one(tenant.db())
    .await?;
    audit::record(tenant, "payment.undo", Some(before.patient), Some(visit.0), format!("領収証 {number}")).await?;
    assemble(tenant, visit).await
}

/// Writes beside a confirmed visit what it costs, for the board and for later visits. One that cannot be calculated shows
/// no amount there.
pub(crate) async fn settle_amount(tenant: &mut Tenant, visit: VisitId) -> Fallible<()> {
    let visit = reception::load(tenant.db(), visit).await?;
    let statement = match calculate(tenant, &visit).await {
        Ok(statement) => Some(statement),
        Err(Error::App(_)) => None,
        Err(error) => return Err(error),
    };
    store(tenant.db(), visit.id, statement.as_ref()).await
}

/// Does so again for what a patient has not paid yet, when insurance, registration or diagnoses changed.
pub(crate) async fn settle_unpaid(tenant: &mut Tenant, patient: PatientId) -> Fallible<()> {
    let unpaid: Vec<Uuid> = sqlx::query_scalar(
        "select id from visit where clinic_id = current_clinic() and patient_id = $1 and state = 'awaiting_payment'
         order by visit_date, received_at, id",
    )
    .bind(patient.0)
    .fetch_all(tenant.db())
    .await?;
    for visit in unpaid.into_iter().map(VisitId) {
        settle_amount(tenant, visit).await?;
        tenant.announce(Event::Board(visit)).await?;
    }
    Ok(())
}

async fn store(db: &mut PgConnection, visit: VisitId, statement: Option<&Statement>) -> Fallible<()> {
    sqlx::query("update visit set payable = $2, fee = $3 where clinic_id = current_clinic() and id = $1")
        .bind(visit.0)
        .bind(statement.map(|statement| statement.due().0))
        .bind(statement.map(Json))
        .execute(db)
        .await?;
    Ok(())
}

/// The statement of a visit: what the insurance covers as the fee module has it, and beside it what is outside.
async fn calculate(tenant: &mut Tenant, visit: &Visit) -> Fallible<Statement> {
    let orders = orders::of_visit(tenant.db(), visit.id).await?;
    let lines = self_paid::lines_of(tenant.db(), &[visit.id.0]).await?;
    let nothing_else = orders.prescriptions.is_empty() && orders.procedures.is_empty();
    let statement = if nothing_else && !lines.is_empty() && lines.iter().all(|(_, line)| line.no_visit_fee) {
        uninsured(&tenant.masters(), visit.date)
    } else {
        insured(tenant, visit, &orders).await?
    };
    Ok(Statement { self_paid: orders.self_paid, ..statement })
}

/// Of a visit that is none of the insurance's (健診・予防接種 and nothing else).
fn uninsured(masters: &masters::Snapshot, date: NaiveDate) -> Statement {
    let reason = "自費だけの受診のため、初診料・再診料を算定しません。".into();
    Statement {
        edition: masters.edition(date).unwrap_or_default(),
        date,
        lines: Vec::new(),
        omitted: vec![Omitted { code: String::new(), name: "初診料・再診料".into(), reason }],
        hints: Vec::new(),
        points: Points(0),
        payment: Payment::default(),
        self_paid: Vec::new(),
        overrides: Vec::new(),
    }
}

async fn insured(tenant: &mut Tenant, visit: &Visit, orders: &Orders) -> Fallible<Statement> {
    let patient = patients::load(tenant.db(), visit.patient).await?;
    let diagnoses = diagnoses::of_patient(tenant.db(), visit.patient).await?;
    let facility = facility(tenant.db()).await?;
    let history = history(tenant.db(), visit).await?;
    let request = request::Request {
        date: visit.date,
        as_of: None,
        time: Some(visit.received_at.with_timezone(&date::japan()).time()),
        facility,
        patient: request::Patient { birth_date: patient.birth_date, sex: sex(&patient) },
        visit: request::Visit { department: visit.department.clone(), ..request::Visit::new(visit.kind) },
        coverage: coverage(&patient, visit.date),
        diagnoses: diagnoses
            .iter()
            .filter(|d| d.started_on <= visit.date && d.ended.is_none_or(|(end, _)| end >= visit.date))
            .map(|d| request::Diagnosis {
                code: d.code.0.clone(),
                modifiers: d.modifiers.iter().map(|m| m.code.0.clone()).collect(),
                started: d.started_on,
                suspected: d.suspected,
                principal: d.principal,
            })
            .collect(),
        orders: orders.procedures.iter().map(order).collect(),
        prescriptions: prescriptions(orders),
        history,
        overrides: Vec::new(),
    };
    let masters = tenant.masters();
    tenant.world.calculator.clone().calculate(masters.as_ref(), &request).map_err(|error| Error::App(error.into()))
}

pub(crate) fn sex(patient: &Patient) -> request::Sex {
    match patient.sex {
        model::patient::Sex::Male => request::Sex::Male,
        model::patient::Sex::Female => request::Sex::Female,
    }
}

pub(crate) fn coverage(patient: &Patient, on: NaiveDate) -> request::Coverage {
    request::Coverage {
        insurance: patient.insurance_on(on).map(|card| request::Insurance {
            insurer: card.insurer.as_str().to_owned(),
            share: card.share,
            limit_class: card.limit_class.clone(),
            many_times: false,
            long_term_cap: None,
        }),
        subsidies: patient
            .subsidies_on(on)
            .map(|s| request::Subsidy { payer: s.payer.clone(), share: s.share, cap: s.monthly_cap })
            .collect(),
    }
}

pub(crate) fn order(order: &model::orders::ProcedureOrder) -> request::Order {
    let part = |code: &str, amount| request::Amount { code: code.to_owned(), amount, general_name: None };
    let drugs = order.drugs.iter().map(|drug| part(drug.code.as_str(), drug.amount));
    let parts = drugs.chain(order.materials.iter().map(|material| part(&material.code, material.amount)));
    request::Order { code: order.code.0.clone(), quantity: order.quantity, parts: parts.collect(), rapid: false }
}

pub(crate) fn prescriptions(orders: &Orders) -> Vec<request::Prescription> {
    let amount = |item: &model::orders::RpItem| request::Amount {
        code: item.code.0.clone(),
        amount: item.amount,
        general_name: Some(item.general_name.is_some()),
    };
    orders
        .prescriptions
        .iter()
        .map(|rp| request::Prescription {
            route: rp.route,
            place: rp.dispensing,
            items: rp.items.iter().map(amount).collect(),
            days: rp.count,
            general_name: false,
            temporary: None,
        })
        .collect()
}

async fn facility(db: &mut PgConnection) -> Fallible<request::Facility> {
    let (number, standards): (String, Vec<String>) =
        sqlx::query_as("select institution_number, standards from clinic where clinic_id = current_clinic()")
            .fetch_one(db)
            .await?;
    let prefecture = number.get(..2).unwrap_or_default().to_owned();
    Ok(request::Facility { prefecture, kind: request::FacilityKind::Clinic, standards })
}

/// What was done for the patient in the half year before, and earlier on the same day, paid or not.
async fn history(db: &mut PgConnection, visit: &Visit) -> Fallible<Vec<request::Billed>> {
    let since = visit.date.checked_sub_months(HISTORY).unwrap_or(visit.date);
    let rows: Vec<(NaiveDate, Json<Statement>)> = sqlx::query_as(
        "select v.visit_date, coalesce(r.statement, v.fee)
         from visit v left join receipt r on r.clinic_id = v.clinic_id and r.visit_id = v.id and r.undone_at is null
         where v.clinic_id = current_clinic() and v.patient_id = $1 and v.visit_date between $2 and $3
             and (v.visit_date, v.received_at, v.id) < ($3, $4, $5)
             and v.state in ('awaiting_payment', 'done') and coalesce(r.statement, v.fee) is not null
         order by v.visit_date, v.received_at, v.id",
    )
    .bind(visit.patient.0)
    .bind(since)
    .bind(visit.date)
    .bind(visit.received_at)
    .bind(visit.id.0)
    .fetch_all(db)
    .await?;
    let billed =
        |day: NaiveDate, line: FeeLine| request::Billed { date: day, code: line.code, points: line.points.0, count: line.count };
    Ok(rows.into_iter().flat_map(|(day, statement)| statement.0.lines.into_iter().map(move |line| billed(day, line))).collect())
}

async fn paid(db: &mut PgConnection, visit: VisitId) -> Fallible<Option<(Receipt, Statement)>> {
    type Row = (i64, DateTime<Utc>, String, i64, i64, i64, Json<Statement>);
    let row: Option<Row> = sqlx::query_as(
        "select r.number, r.at, s.name, r.due, r.tendered, r.change, r.statement
         from receipt r join staff s on s.clinic_id = r.clinic_id and s.id = r.staff_id
         where r.clinic_id = current_clinic() and r.visit_id = $1 and r.undone_at is null",
    )
    .bind(visit.0)
    .fetch_optional(db)
    .await?;
    Ok(row.map(|(number, at, by, due, tendered, change, statement)| {
        (Receipt { number, at, by, due: Yen(due), tendered: Yen(tendered), change: Yen(change), settles: None }, statement.0)
    }))
}

/// The clinic as printed on papers.
pub(crate) async fn clinic_card(db: &mut PgConnection, doctor: String) -> Fallible<ClinicCard> {
    let (name, address, phone, number): (String, String, String, String) =
        sqlx::query_as("select name, address, phone, institution_number from clinic where clinic_id = current_clinic()")
            .fetch_one(&mut *db)
            .await?;
    let doctor = if doctor.is_empty() {
        sqlx::query_scalar(
            "select name from staff where clinic_id = current_clinic() and role = $1 and active order by login limit 1",
        )
        .bind(Role::Doctor.as_str())
        .fetch_optional(db)
        .await?
        .unwrap_or_default()
    } else {
        doctor
    };
    Ok(ClinicCard { name, address, phone, number, doctor })
}
