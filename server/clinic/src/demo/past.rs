//! The past of a clinic, written in bulk: thousands of visits, each with note, orders, results, statement and receipt, as
//! the use cases would have left them. Statements come from the fee module; visits before the first fee table the masters
//! hold have none, as if they had come over from an older system.

use super::{calendar::instant, plan::*};
use crate::{Error, Fallible, Tenant, billing};
use chrono::{DateTime, Duration, Months, NaiveDate, Utc};
use model::{date, fee::Statement, ids::*, orders::*, patient::Patient, staff::*, visit::VisitKind};
use serde_json::{Value, json};
use sqlx::PgConnection;

/// How many rows go in one statement.
const AT_ONCE: usize = 400;
/// How far back the fee module is told what was billed, as in [`crate::billing`].
const HISTORY: Months = Months::new(6);

/// Who is at work.
pub(super) struct Crew {
    pub doctors: Vec<Me>,
    pub nurse: Me,
    pub reception: Me,
}

/// Rows on their way into the tables.
#[derive(Default)]
pub(super) struct Past {
    visits: Vec<Value>,
    events: Vec<Value>,
    notes: Vec<Value>,
    prescriptions: Vec<Value>,
    procedures: Vec<Value>,
    reports: Vec<Value>,
    results: Vec<Value>,
    settled: Vec<Value>,
    receipts: Vec<(DateTime<Utc>, Value)>,
}

/// What does not change from visit to visit of a patient.
pub(super) struct History<'a> {
    pub tenant: &'a Tenant,
    pub crew: &'a Crew,
    pub facility: &'a fee::request::Facility,
    pub patient: &'a Patient,
    pub plan: &'a PatientPlan,
}

impl Past {
    /// How many visits there are.
    pub(super) fn visits(&self) -> usize {
        self.visits.len()
    }

    /// Takes a patient's visits up to a day, the day not included.
    pub(super) fn take(&mut self, history: &History<'_>, until: NaiveDate) -> Fallible<()> {
        let mut billed: Vec<fee::request::Billed> = Vec::new();
        let mut last: Option<NaiveDate> = None;
        for visit in history.plan.visits.iter().take_while(|visit| visit.day < until) {
            let kind = kind(history.plan, last, visit.day);
            self.visit(history, visit, kind, &mut billed)?;
            last = Some(visit.day);
        }
        Ok(())
    }

    fn visit(
        &mut self,
        history: &History<'_>,
        visit: &VisitPlan,
        kind: VisitKind,
        billed: &mut Vec<fee::request::Billed>,
    ) -> Fallible<()> {
        let History { tenant, crew, patient, .. } = history;
        let received = instant(visit.day, visit.time);
        // Minutes that differ from visit to visit without dice: the length of the note.
        let length = i64::try_from(visit.soap.as_text().chars().count()).unwrap_or(200);
        let seen = received + Duration::minutes(8 + length % 17);
        let confirmed = seen + Duration::minutes(5 + length % 7);
        let paid = confirmed + Duration::minutes(4 + length % 9);
        let id = |at| tenant.world.random.id(at);
        let doctor = crew.doctors[visit.doctor % crew.doctors.len()].staff.id.0;
        let (visit_id, note_id) = (id(received), id(seen));

        let orders = self.orders(tenant, visit, visit_id, seen)?;
        let statement = statement(history, visit, kind, &orders, billed)?;
        let due = statement.as_ref().map(|statement| statement.due().0);
        let remark = if statement.is_none() { "旧システムから移行" } else { visit.remark.as_str() };
        self.visits.push(json!({
            "id": visit_id, "patient_id": patient.id, "visit_date": visit.day, "received_at": received, "since": paid,
            "kind": kind.as_str(), "doctor_id": doctor, "remark": remark, "payable": due,
        }));
        let desk = crew.reception.staff.id.0;
        for (state, at, staff) in [
            ("received", received, desk),
            ("in_consultation", seen, doctor),
            ("awaiting_payment", confirmed, doctor),
            ("done", paid, desk),
        ] {
            self.events.push(json!({ "visit_id": visit_id, "state": state, "at": at, "staff_id": staff }));
        }
        self.notes.push(json!({
            "id": note_id, "visit_id": visit_id, "patient_id": patient.id, "subjective": visit.soap.subjective,
            "objective": visit.soap.objective, "assessment": visit.soap.assessment, "plan": visit.soap.plan,
            "staff_id": doctor, "confirmed_at": confirmed,
        }));
        if !visit.results.is_empty() {
            self.report(history, visit, visit_id, seen)?;
        }
        if let Some(statement) = statement {
            let due = statement.due().0;
            // People hand over thousand-yen notes, or what they have counted.
            let tendered = if length % 3 == 0 { due } else { (due + 999) / 1_000 * 1_000 };
            billed.extend(statement.lines.iter().map(|line| fee::request::Billed {
                date: visit.day,
                code: line.code.clone(),
                points: line.points.0,
                count: line.count,
            }));
            let row = json!({
                "visit_id": visit_id, "at": paid, "staff_id": desk, "due": due, "tendered": tendered, "change": tendered - due,
                "statement": statement,
            });
            self.receipts.push((paid, row));
        }
        Ok(())
    }

    fn orders(&mut self, tenant: &Tenant, visit: &VisitPlan, visit_id: uuid::Uuid, at: DateTime<Utc>) -> Fallible<Orders> {
        let mut orders = Orders::default();
        for (position, rp) in (1i32..).zip(&visit.prescriptions) {
            let id = tenant.world.random.id(at);
            self.prescriptions.push(json!({
                "id": id, "visit_id": visit_id, "position": position, "route": rp.route.as_str(), "usage": rp.usage,
                "usage_code": rp.usage_code, "times_per_day": rp.times_per_day, "count": rp.count, "items": rp.items,
            }));
            orders.prescriptions.push(Rp {
                id: RpId(id),
                route: rp.route,
                dispensing: Dispensing::Pharmacy,
                usage: rp.usage.clone(),
                usage_code: rp.usage_code.clone(),
                times_per_day: rp.times_per_day,
                count: rp.count,
                items: rp.items.clone(),
                version: 1,
            });
        }
        // What was brought over from the older system has no procedures: their codes are of later fee tables.
        let procedures = if tenant.masters().edition(visit.day).is_some() { visit.procedures.as_slice() } else { &[] };
        for (position, procedure) in (1i32..).zip(procedures) {
            let id = tenant.world.random.id(at);
            self.procedures.push(json!({
                "id": id, "visit_id": visit_id, "position": position, "code": procedure.code, "name": procedure.name,
                "quantity": procedure.quantity, "unit": procedure.unit, "drugs": procedure.drugs,
            }));
            orders.procedures.push(ProcedureOrder {
                id: ProcedureOrderId(id),
                code: procedure.code.clone().into(),
                name: procedure.name.clone(),
                quantity: procedure.quantity,
                unit: procedure.unit.clone(),
                drugs: procedure.drugs.clone(),
                materials: Vec::new(),
                comments: Vec::new(),
                version: 1,
            });
        }
        Ok(orders)
    }

    /// A report, and its place in the outbox as long superseded: otherwise the next confirmation would send years of results.
    fn report(&mut self, history: &History<'_>, visit: &VisitPlan, visit_id: uuid::Uuid, at: DateTime<Utc>) -> Fallible<()> {
        let History { tenant, crew, patient, .. } = history;
        let report = tenant.world.random.id(at);
        self.reports.push(json!({
            "id": report, "patient_id": patient.id, "visit_id": visit_id, "collected_at": at, "entered_by": crew.nurse.staff.id,
        }));
        let masters = tenant.masters();
        for (position, result) in (0i32..).zip(&visit.results) {
            let item =
                masters.lab(&result.item, visit.day).ok_or_else(|| Error::Broken(format!("demo: no item {}", result.item)))?;
            let words = !item.choices.is_empty();
            let limit = |text: &'static str| (!text.is_empty()).then_some(text);
            self.results.push(json!({
                "report_id": report, "position": position, "patient_id": patient.id, "collected_at": at,
                "local_code": item.local_code, "name": item.name, "jlac10": item.jlac10.first(),
                "fhir_name": Some(&item.fhir_name).filter(|name| !name.is_empty()), "infection": item.infection,
                "specimen": item.specimen, "number": (!words).then_some(&result.value), "words": words.then_some(&result.value),
                "unit": item.unit, "low": limit(result.low), "high": limit(result.high),
            }));
        }
        self.settled.push(json!({
            "id": tenant.world.random.id(at), "patient_id": patient.id, "subject_id": report, "at": at,
            "title": format!("検査結果 {} {}項目", visit.day, visit.results.len()), "identifier": report.to_string(),
        }));
        Ok(())
    }

    /// Writes everything; receipts are numbered in the order they were given.
    pub(super) async fn store(mut self, tenant: &mut Tenant) -> Fallible<()> {
        let clinic = tenant.clinic();
        let db = tenant.db();
        self.receipts.sort_by_key(|(at, _)| *at);
        let mut receipts = Vec::new();
        for (number, (_, mut row)) in (1i64..).zip(self.receipts) {
            row["number"] = number.into();
            receipts.push(row);
        }
        let given = i64::try_from(receipts.len()).unwrap_or_default();
        insert(db, clinic, VISIT, self.visits).await?;
        insert(db, clinic, VISIT_EVENT, self.events).await?;
        insert(db, clinic, NOTE, self.notes).await?;
        insert(db, clinic, RP, self.prescriptions).await?;
        insert(db, clinic, PROCEDURE_ORDER, self.procedures).await?;
        insert(db, clinic, LAB_REPORT, self.reports).await?;
        insert(db, clinic, LAB_RESULT, self.results).await?;
        insert(db, clinic, OUTBOX, self.settled).await?;
        insert(db, clinic, RECEIPT, receipts).await?;
        sqlx::query("update clinic set next_receipt_number = $1 where clinic_id = current_clinic()")
            .bind(given + 1)
            .execute(db)
            .await?;
        Ok(())
    }
}

/// First or return visit by the rule the desk follows: see `reception`.
fn kind(plan: &PatientPlan, last: Option<NaiveDate>, day: NaiveDate) -> VisitKind {
    let Some(last) = last else { return VisitKind::First };
    let over_a_month = last.checked_add_months(Months::new(1)).is_some_and(|end| day >= end);
    let under_treatment = plan.diagnoses.iter().any(|d| d.started_on < day && d.ended.is_none_or(|(end, _)| end >= day));
    if over_a_month && !under_treatment { VisitKind::First } else { VisitKind::Return }
}

fn statement(
    history: &History<'_>,
    visit: &VisitPlan,
    kind: VisitKind,
    orders: &Orders,
    billed: &[fee::request::Billed],
) -> Fallible<Option<Statement>> {
    let History { tenant, facility, patient, plan, .. } = history;
    let masters = tenant.masters();
    if masters.edition(visit.day).is_none() {
        return Ok(None);
    }
    let since = visit.day.checked_sub_months(HISTORY).unwrap_or(visit.day);
    let request = fee::request::Request {
        date: visit.day,
        as_of: None,
        time: Some(visit.time),
        facility: (*facility).clone(),
        patient: fee::request::Patient { birth_date: patient.birth_date, sex: billing::sex(patient) },
        visit: fee::request::Visit { department: "01".into(), ..fee::request::Visit::new(kind) },
        coverage: billing::coverage(patient, visit.day),
        diagnoses: plan
            .diagnoses
            .iter()
            .filter(|d| d.started_on <= visit.day && d.ended.is_none_or(|(end, _)| end >= visit.day))
            .map(|d| fee::request::Diagnosis {
                code: d.code.clone(),
                modifiers: d.modifiers.clone(),
                started: d.started_on,
                suspected: d.modifiers.iter().any(|m| m == crate::diagnoses::SUSPECTED),
                principal: d.principal,
            })
            .collect(),
        orders: orders.procedures.iter().map(billing::order).collect(),
        prescriptions: billing::prescriptions(orders),
        history: billed.iter().filter(|old| old.date >= since).cloned().collect(),
        overrides: Vec::new(),
    };
    let calculated = tenant.world.calculator.calculate(masters.as_ref(), &request);
    let statement =
        calculated.map_err(|error| Error::Broken(format!("demo: fee of {} on {}: {error}", patient.number, visit.day)))?;
    debug_assert_eq!(date::day_of(instant(visit.day, visit.time)), visit.day);
    Ok(Some(statement))
}

const VISIT: &str = "insert into visit (clinic_id, id, patient_id, visit_date, received_at, state, since, kind, department, doctor_id, remark, payable, version)
    select $1, id, patient_id, visit_date, received_at, 'done', since, kind, '01', doctor_id, remark, payable, 5
    from jsonb_to_recordset($2) as r(id uuid, patient_id uuid, visit_date date, received_at timestamptz, since timestamptz,
        kind text, doctor_id uuid, remark text, payable bigint)";
const VISIT_EVENT: &str = "insert into visit_event (clinic_id, visit_id, state, at, staff_id)
    select $1, visit_id, state, at, staff_id
    from jsonb_to_recordset($2) as r(visit_id uuid, state text, at timestamptz, staff_id uuid)";
const NOTE: &str = "insert into note (clinic_id, id, visit_id, patient_id, subjective, objective, assessment, plan, author_id, saved_at, saved_by,
        confirmed_at, confirmed_by, version)
    select $1, id, visit_id, patient_id, subjective, objective, assessment, plan, staff_id, confirmed_at, staff_id, confirmed_at, staff_id, 2
    from jsonb_to_recordset($2) as r(id uuid, visit_id uuid, patient_id uuid, subjective text, objective text, assessment text,
        plan text, staff_id uuid, confirmed_at timestamptz)";
const RP: &str =
    "insert into rp (clinic_id, id, visit_id, position, route, dispensing, usage, usage_code, times_per_day, count, items)
    select $1, id, visit_id, position, route, 'pharmacy', usage, usage_code, times_per_day, count, items
    from jsonb_to_recordset($2) as r(id uuid, visit_id uuid, position integer, route text, usage text, usage_code text,
        times_per_day smallint, count integer, items jsonb)";
const PROCEDURE_ORDER: &str = "insert into procedure_order (clinic_id, id, visit_id, position, code, name, quantity, unit, drugs)
    select $1, id, visit_id, position, code, name, quantity, unit, drugs
    from jsonb_to_recordset($2) as r(id uuid, visit_id uuid, position integer, code text, name text, quantity numeric, unit text,
        drugs jsonb)";
const LAB_REPORT: &str = "insert into lab_report (clinic_id, id, patient_id, visit_id, collected_at, entered_by, entered_at)
    select $1, id, patient_id, visit_id, collected_at, entered_by, collected_at
    from jsonb_to_recordset($2) as r(id uuid, patient_id uuid, visit_id uuid, collected_at timestamptz, entered_by uuid)";
const LAB_RESULT: &str = "insert into lab_result (clinic_id, report_id, position, patient_id, collected_at, local_code, name, jlac10, fhir_name,
        infection, specimen, number, words, unit, low, high)
    select $1, report_id, position, patient_id, collected_at, local_code, name, jlac10, fhir_name, infection, specimen, number, words,
        unit, low, high
    from jsonb_to_recordset($2) as r(report_id uuid, position integer, patient_id uuid, collected_at timestamptz, local_code text,
        name text, jlac10 text, fhir_name text, infection boolean, specimen text, number numeric, words text, unit text, low numeric,
        high numeric)";
const OUTBOX: &str = "insert into outbox (clinic_id, id, patient_id, kind, subject_id, title, identifier, bundle, state, next_attempt_at, created_at,
        updated_at)
    select $1, id, patient_id, 'lab_report', subject_id, title, identifier, 'null'::jsonb, 'superseded', at, at, at
    from jsonb_to_recordset($2) as r(id uuid, patient_id uuid, subject_id uuid, title text, identifier text, at timestamptz)";
const RECEIPT: &str = "insert into receipt (clinic_id, number, visit_id, at, staff_id, due, tendered, change, statement)
    select $1, number, visit_id, at, staff_id, due, tendered, change, statement
    from jsonb_to_recordset($2) as r(number bigint, visit_id uuid, at timestamptz, staff_id uuid, due bigint, tendered bigint,
        change bigint, statement jsonb)";

async fn insert(db: &mut PgConnection, clinic: uuid::Uuid, sql: &'static str, rows: Vec<Value>) -> Fallible<()> {
    for some in rows.chunks(AT_ONCE) {
        sqlx::query(sql).bind(clinic).bind(Value::Array(some.to_vec())).execute(&mut *db).await?;
    }
    Ok(())
}
