//! Reception: checking in, the board of the day, and the steps a visit takes.

use crate::{
    Error, Fallible, Grant, Tenant, audit,
    events::Event,
    patients::{self, SummaryRow},
    policy::{CheckIn, MoveVisit, ReadBoard},
};
use chrono::{DateTime, Months, NaiveDate, Utc};
use model::{AppError, ids::*, kana, money::Yen, staff::*, visit::*};
use sqlx::PgConnection;
use uuid::Uuid;

#[derive(sqlx::FromRow)]
pub(crate) struct VisitRow {
    visit_id: Uuid,
    visit_patient: Uuid,
    visit_date: NaiveDate,
    received_at: DateTime<Utc>,
    state: String,
    kind: String,
    department: String,
    visit_version: i64,
    doctor_id: Option<Uuid>,
    doctor_name: Option<String>,
    doctor_role: Option<String>,
    remark: String,
}

impl TryFrom<VisitRow> for Visit {
    type Error = Error;

    fn try_from(row: VisitRow) -> Fallible<Self> {
        let doctor = match (row.doctor_id, row.doctor_name, row.doctor_role.as_deref().and_then(Role::parse)) {
            (Some(id), Some(name), Some(role)) => Some(StaffRef { id: StaffId(id), name, role }),
            _ => None,
        };
        Ok(Self {
            id: VisitId(row.visit_id),
            patient: PatientId(row.visit_patient),
            date: row.visit_date,
            received_at: row.received_at,
            state: VisitState::parse(&row.state).ok_or_else(|| Error::Broken("state of visit".into()))?,
            kind: VisitKind::parse(&row.kind).ok_or_else(|| Error::Broken("kind of visit".into()))?,
            department: row.department,
            doctor,
            remark: row.remark,
            version: row.visit_version,
        })
    }
}

#[derive(sqlx::FromRow)]
struct BoardRowRow {
    #[sqlx(flatten)]
    visit: VisitRow,
    #[sqlx(flatten)]
    patient: SummaryRow,
    since: DateTime<Utc>,
    payable: Option<i64>,
}

/// The visits of a day, today where none is named, in the order of reception.
pub async fn board(tenant: &mut Tenant, _: &Grant<ReadBoard>, date: Option<NaiveDate>) -> Fallible<Board> {
    let date = date.unwrap_or_else(|| tenant.today());
    let rows: Vec<BoardRowRow> = sqlx::query_as(
        "select v.id as visit_id, v.patient_id as visit_patient, v.visit_date, v.received_at, v.state, v.kind, v.department,
                v.version as visit_version, v.doctor_id, d.name as doctor_name, d.role as doctor_role, v.remark, v.since, v.payable,
                p.id as patient_id, p.number as patient_number, p.family, p.given, p.family_kana, p.given_kana, p.sex, p.birth_date,
                p.phone, null::date as last_visit
         from visit v
         join patient p on p.clinic_id = v.clinic_id and p.id = v.patient_id
         left join staff d on d.clinic_id = v.clinic_id and d.id = v.doctor_id
         where v.clinic_id = current_clinic() and v.visit_date = $1
         order by v.received_at, v.id",
    )
    .bind(date)
    .fetch_all(tenant.db())
    .await?;
    let rows = rows
        .into_iter()
        .map(|row| {
            Ok(BoardRow {
                visit: row.visit.try_into()?,
                patient: row.patient.into(),
                since: row.since,
                payable: row.payable.map(Yen),
            })
        })
        .collect::<Fallible<_>>()?;
    Ok(Board { date, read_at: tenant.now, rows })
}

/// Checks a patient in (受付). One open visit a day: a second one is refused in words.
pub async fn check_in(tenant: &mut Tenant, _: &Grant<CheckIn>, patient: PatientId, remark: String) -> Fallible<Visit> {
    let remark = kana::parse_optional(&remark, 200).map_err(|flaw| AppError::field("remark", flaw))?.unwrap_or_default();
    patients::load(tenant.db(), patient).await?;
    let (clinic, id, now, today) = (tenant.clinic(), VisitId(tenant.new_id()), tenant.now, tenant.today());
    let kind = kind_of_visit(tenant.db(), patient, today).await?;
    let inserted = sqlx::query(
        "insert into visit (clinic_id, id, patient_id, visit_date, received_at, state, since, kind, department, remark)
         values ($1, $2, $3, $4, $5, 'received', $5, $6, $7, $8)",
    )
    .bind(clinic)
    .bind(id.0)
    .bind(patient.0)
    .bind(today)
    .bind(now)
    .bind(kind.as_str())
    .bind(INTERNAL_MEDICINE)
    .bind(remark)
    .execute(tenant.db())
    .await;
    if let Err(error) = inserted.map_err(Error::from) {
        return Err(if error.is_constraint("visit_open_once") {
            AppError::conflict("この患者さんは本日すでに受付されています。").into()
        } else {
            error
        });
    }
    log_state(tenant, id, VisitState::Received).await?;
    audit::record(tenant, "visit.check_in", Some(patient), Some(id.0), "").await?;
    tenant.announce(Event::Board(id)).await?;
    tenant.announce(Event::Chart(patient)).await?;
    load(tenant.db(), id).await
}

/// Moves a visit on, or one step back; what the day's course does not allow is refused in words.
pub async fn move_visit(
    tenant: &mut Tenant,
    _: &Grant<MoveVisit>,
    visit: VisitId,
    to: VisitState,
    version: i64,
) -> Fallible<Visit> {
    let before = hold(tenant.db(), visit).await?;
    if before.state == to {
        return Ok(before);
    }
    let by_hand = !matches!((before.state, to), (_, VisitState::AwaitingPayment | VisitState::Done));
    if !by_hand || !before.state.may_become(to) {
        let message = format!("「{}」から「{}」へは変更できません。", before.state.label(), to.label());
        return Err(AppError::conflict(message).into());
    }
    if to == VisitState::Cancelled && has_content(tenant.db(), visit).await? {
        return Err(AppError::conflict("診療の記載またはオーダーがあるため取り消せません。").into());
    }
    set_state(tenant, &before, to, version).await?;
    load(tenant.db(), visit).await
}

/// Writes the new state, its log line and the audit row, and tells the boards. A stale version is refused with both states.
pub(crate) async fn set_state(tenant: &mut Tenant, before: &Visit, to: VisitState, version: i64) -> Fallible<()> {
    let now = tenant.now;
    let changed = sqlx::query(
        "update visit set state = $3, since = $4, version = version + 1
         where clinic_id = current_clinic() and id = $1 and version = $2",
    )
    .bind(before.id.0)
    .bind(version)
    .bind(to.as_str())
    .bind(now)
    .execute(tenant.db())
    .await
    .map_err(Error::from);
    match changed {
        Ok(done) if done.rows_affected() == 1 => {}
        Ok(_) => return Err(stale(tenant, before, to).await?),
        Err(error) if error.is_constraint("visit_open_once") => {
            return Err(AppError::conflict("この患者さんは本日すでに受付されています。").into());
        }
        Err(error) => return Err(error),
    }
    log_state(tenant, before.id, to).await?;
    let detail = format!("{} → {}", before.state.label(), to.label());
    audit::record(tenant, "visit.move", Some(before.patient), Some(before.id.0), detail).await?;
    tenant.announce(Event::Board(before.id)).await?;
    tenant.announce(Event::Chart(before.patient)).await
}

/// Counts a visit's version up without moving it, for what changes beside its state. A stale version is refused.
pub(crate) async fn touch(tenant: &mut Tenant, before: &Visit, version: i64) -> Fallible<()> {
    let changed =
        sqlx::query("update visit set version = version + 1 where clinic_id = current_clinic() and id = $1 and version = $2")
            .bind(before.id.0)
            .bind(version)
            .execute(tenant.db())
            .await?;
    if changed.rows_affected() == 1 { Ok(()) } else { Err(stale(tenant, before, before.state).await?) }
}

async fn stale(tenant: &mut Tenant, before: &Visit, to: VisitState) -> Fallible<Error> {
    let (by, at) = audit::last_change(tenant, "visit.%", before.id.0).await?;
    let (yours, theirs) = (to.label().to_owned(), before.state.label().to_owned());
    Ok(AppError::Stale { yours, theirs, version: before.version, by, at }.into())
}

async fn log_state(tenant: &mut Tenant, visit: VisitId, state: VisitState) -> Fallible<()> {
    let (clinic, now, staff) = (tenant.clinic(), tenant.now, tenant.me.staff.id);
    sqlx::query("insert into visit_event (clinic_id, visit_id, state, at, staff_id) values ($1, $2, $3, $4, $5)")
        .bind(clinic)
        .bind(visit.0)
        .bind(state.as_str())
        .bind(now)
        .bind(staff.0)
        .execute(tenant.db())
        .await?;
    Ok(())
}

/// A visit.
pub(crate) async fn load(db: &mut PgConnection, visit: VisitId) -> Fallible<Visit> {
    let row: Option<VisitRow> = sqlx::query_as(
        "select v.id as visit_id, v.patient_id as visit_patient, v.visit_date, v.received_at, v.state, v.kind, v.department,
                v.version as visit_version, v.doctor_id, d.name as doctor_name, d.role as doctor_role, v.remark
         from visit v left join staff d on d.clinic_id = v.clinic_id and d.id = v.doctor_id
         where v.clinic_id = current_clinic() and v.id = $1",
    )
    .bind(visit.0)
    .fetch_optional(db)
    .await?;
    row.ok_or(AppError::NotFound)?.try_into()
}

/// The visits of a patient between two days, both included, that were not cancelled: oldest first.
pub(crate) async fn of_patient(
    db: &mut PgConnection,
    patient: PatientId,
    from: NaiveDate,
    to: NaiveDate,
) -> Fallible<Vec<Visit>> {
    let rows: Vec<VisitRow> = sqlx::query_as(
        "select v.id as visit_id, v.patient_id as visit_patient, v.visit_date, v.received_at, v.state, v.kind, v.department,
                v.version as visit_version, v.doctor_id, d.name as doctor_name, d.role as doctor_role, v.remark
         from visit v left join staff d on d.clinic_id = v.clinic_id and d.id = v.doctor_id
         where v.clinic_id = current_clinic() and v.patient_id = $1 and v.visit_date between $2 and $3 and v.state <> 'cancelled'
         order by v.visit_date, v.received_at, v.id",
    )
    .bind(patient.0)
    .bind(from)
    .bind(to)
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Visit::try_from).collect()
}

/// The confirmed visits of all patients between two days, both included: by patient, oldest first.
pub(crate) async fn confirmed(db: &mut PgConnection, from: NaiveDate, to: NaiveDate) -> Fallible<Vec<Visit>> {
    let rows: Vec<VisitRow> = sqlx::query_as(
        "select v.id as visit_id, v.patient_id as visit_patient, v.visit_date, v.received_at, v.state, v.kind, v.department,
                v.version as visit_version, v.doctor_id, d.name as doctor_name, d.role as doctor_role, v.remark
         from visit v left join staff d on d.clinic_id = v.clinic_id and d.id = v.doctor_id
         where v.clinic_id = current_clinic() and v.visit_date between $1 and $2 and v.state in ('awaiting_payment', 'done')
         order by v.patient_id, v.visit_date, v.received_at, v.id",
    )
    .bind(from)
    .bind(to)
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Visit::try_from).collect()
}

/// A visit that nobody else changes, nor puts orders into, until this transaction ends: what is decided by its state holds.
pub(crate) async fn hold(db: &mut PgConnection, visit: VisitId) -> Fallible<Visit> {
    // The lock that other writers of the row ask for; rows that refer to the visit may still be added.
    sqlx::query("select 1 from visit where clinic_id = current_clinic() and id = $1 for no key update")
        .bind(visit.0)
        .execute(&mut *db)
        .await?;
    load(db, visit).await
}

/// First or return visit, as the desk proposes it. First where the patient was never seen here, or where treatment was
/// broken off and a month has passed, counted as 2月10日～3月9日 (通知 A000(14)); never while a disease is under treatment
/// (A000(13)) or goes on (A000(15)), which is what an open diagnosis says.
async fn kind_of_visit(db: &mut PgConnection, patient: PatientId, today: NaiveDate) -> Fallible<VisitKind> {
    let last: Option<NaiveDate> = sqlx::query_scalar(
        "select max(visit_date) from visit
         where clinic_id = current_clinic() and patient_id = $1 and state <> 'cancelled' and visit_date <= $2",
    )
    .bind(patient.0)
    .bind(today)
    .fetch_one(&mut *db)
    .await?;
    let under_treatment: bool = sqlx::query_scalar(
        "select exists (select 1 from diagnosis where clinic_id = current_clinic() and patient_id = $1
                        and ended_on is null and removed_at is null)",
    )
    .bind(patient.0)
    .fetch_one(db)
    .await?;
    let Some(last) = last else { return Ok(VisitKind::First) };
    let over_a_month = last.checked_add_months(Months::new(1)).is_some_and(|end| today >= end);
    Ok(if over_a_month && !under_treatment { VisitKind::First } else { VisitKind::Return })
}

/// Whether anything was written or ordered.
async fn has_content(db: &mut PgConnection, visit: VisitId) -> Fallible<bool> {
    let found: bool = sqlx::query_scalar(
        "select exists (select 1 from rp where clinic_id = current_clinic() and visit_id = $1)
             or exists (select 1 from procedure_order where clinic_id = current_clinic() and visit_id = $1)
             or exists (select 1 from self_paid_line where clinic_id = current_clinic() and visit_id = $1)
             or exists (select 1 from note where clinic_id = current_clinic() and visit_id = $1
                        and (subjective || objective || assessment || plan) <> '')",
    )
    .bind(visit.0)
    .fetch_one(db)
    .await?;
    Ok(found)
}
