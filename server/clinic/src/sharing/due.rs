//! When documents are put in: at confirmation, when a report is final, and for what changes in between the same day.
//!
//! 傷病名 and アレルギー are told on a visit, or when they change, the same day; 検査 when the report is final
//! (電子カルテ情報共有サービス: 登録のタイミング). A change outside of a visit is told two minutes after the last one, so that a burst
//! of changes is one document; during a visit at its confirmation, at the latest at 20:00.

use super::{build::Subject, content, content::Content, queue};
use crate::{Fallible, Tenant};
use chrono::{DateTime, Duration, NaiveTime, Utc};
use model::{date, ids::*, share::ShareKind};
use uuid::Uuid;

/// How long after the last change outside of a visit the document is made.
const QUIET: Duration = Duration::minutes(2);
/// When an open visit is waited for no longer.
const EVENING: NaiveTime = NaiveTime::from_hms_opt(20, 0, 0).expect("a time of day");
/// What changes at midnight is still told the same day.
const LAST: NaiveTime = NaiveTime::from_hms_opt(23, 59, 0).expect("a time of day");

/// The lists that are shared as a whole.
pub(crate) const LISTS: [ShareKind; 2] = [ShareKind::Allergies, ShareKind::Diagnoses];

/// A list changed, or a report came during a visit: it is to be told the same day.
pub(crate) async fn changed(tenant: &mut Tenant, patient: PatientId, kind: ShareKind) -> Fallible<()> {
    queue::lock(tenant, patient).await?;
    let open = has_open_visit(tenant, patient).await?;
    let (clinic, staff, at) = (tenant.clinic(), tenant.me.staff.id, due_at(tenant.now, open));
    sqlx::query(
        "insert into share_due (clinic_id, patient_id, kind, due_at, staff_id) values ($1, $2, $3, $4, $5)
         on conflict (clinic_id, patient_id, kind) do update set due_at = excluded.due_at, staff_id = excluded.staff_id",
    )
    .bind(clinic)
    .bind(patient.0)
    .bind(kind.as_str())
    .bind(at)
    .bind(staff.0)
    .execute(tenant.db())
    .await?;
    Ok(())
}

/// When a change of this instant is told.
fn due_at(now: DateTime<Utc>, visit_is_open: bool) -> DateTime<Utc> {
    let local = now.with_timezone(&date::japan());
    let today_at =
        |time| local.date_naive().and_time(time).and_local_timezone(date::japan()).single().map(|at| at.with_timezone(&Utc));
    let soon = now + QUIET;
    match (today_at(EVENING), today_at(LAST)) {
        (Some(evening), _) if visit_is_open && evening > soon => evening,
        (_, Some(last)) if last >= now => soon.min(last),
        _ => soon,
    }
}

/// On confirmation the lists of allergies and diagnoses go out, and the reports that have not gone yet.
pub(crate) async fn after_confirmation(tenant: &mut Tenant, visit: VisitId) -> Fallible<()> {
    let patient = crate::reception::load(tenant.db(), visit).await?.patient;
    queue::lock(tenant, patient).await?;
    sqlx::query("delete from share_due where clinic_id = current_clinic() and patient_id = $1")
        .bind(patient.0)
        .execute(tenant.db())
        .await?;
    for kind in LISTS {
        queue_list(tenant, patient, kind).await?;
    }
    queue_reports(tenant, patient).await
}

/// Puts in what is due of a kind: one of the lists, or the reports that have not gone yet.
pub(crate) async fn queue_due(tenant: &mut Tenant, patient: PatientId, kind: ShareKind) -> Fallible<()> {
    match kind {
        ShareKind::LabReport => queue_reports(tenant, patient).await,
        list => queue_list(tenant, patient, list).await,
    }
}

/// The final reports of this house that were never put in.
async fn queue_reports(tenant: &mut Tenant, patient: PatientId) -> Fallible<()> {
    queue::lock(tenant, patient).await?;
    let waiting: Vec<Uuid> = sqlx::query_scalar(
        "select r.id from lab_report r
         where r.clinic_id = current_clinic() and r.patient_id = $1 and not r.preliminary and r.origin is null
             and not exists (select 1 from outbox o where o.clinic_id = r.clinic_id and o.patient_id = r.patient_id and o.subject_id = r.id)
         order by r.collected_at",
    )
    .bind(patient.0)
    .fetch_all(tenant.db())
    .await?;
    for report in waiting {
        queue_report(tenant, patient, LabReportId(report)).await?;
    }
    Ok(())
}

/// A report that is final while no visit of the patient is open goes out at once; else it waits for the confirmation, at the
/// latest until the evening: also where the visit is cancelled, or nobody confirms it.
pub(crate) async fn lab_report_final(tenant: &mut Tenant, patient: PatientId, report: LabReportId) -> Fallible<()> {
    if has_open_visit(tenant, patient).await? {
        changed(tenant, patient, ShareKind::LabReport).await
    } else {
        queue_report(tenant, patient, report).await
    }
}

/// A report changed that may have been told: it is told again, in time with what it was before. What somebody took back stays
/// taken back until somebody sends it again.
pub(crate) async fn lab_report_changed(tenant: &mut Tenant, patient: PatientId, report: LabReportId) -> Fallible<()> {
    queue::lock(tenant, patient).await?;
    let last: Option<(String,)> = sqlx::query_as(
        "select action from outbox where clinic_id = current_clinic() and patient_id = $1 and subject_id = $2
         order by state <> 'superseded' desc, sequence desc limit 1",
    )
    .bind(patient.0)
    .bind(report.0)
    .fetch_optional(tenant.db())
    .await?;
    match last.as_ref().map(|(action,)| action.as_str()) {
        Some("cancel") => Ok(()),
        Some(_) => queue_report(tenant, patient, report).await,
        None => lab_report_final(tenant, patient, report).await,
    }
}

/// A diagnosis became one that the patient is not to see (未告知・未提供): where the list is at the platform without that flag, or
/// on its way, it is told anew at once, also during a visit.
pub(crate) async fn hidden(tenant: &mut Tenant, patient: PatientId) -> Fallible<()> {
    queue::lock(tenant, patient).await?;
    let identifier = Subject::of(ShareKind::Diagnoses).identifier(patient);
    if !queue::is_told(tenant, &identifier).await? {
        return changed(tenant, patient, ShareKind::Diagnoses).await;
    }
    sqlx::query("delete from share_due where clinic_id = current_clinic() and patient_id = $1 and kind = 'diagnoses'")
        .bind(patient.0)
        .execute(tenant.db())
        .await?;
    queue_list(tenant, patient, ShareKind::Diagnoses).await
}

/// Whether a visit of the patient is open, so that its confirmation is still to come.
async fn has_open_visit(tenant: &mut Tenant, patient: PatientId) -> Fallible<bool> {
    let today = tenant.today();
    Ok(sqlx::query_scalar(
        "select exists (select 1 from visit where clinic_id = current_clinic() and patient_id = $1 and visit_date = $2
                        and state in ('received', 'in_consultation'))",
    )
    .bind(patient.0)
    .bind(today)
    .fetch_one(tenant.db())
    .await?)
}

/// Puts one of the two lists in, as it is now.
pub(crate) async fn queue_list(tenant: &mut Tenant, patient: PatientId, kind: ShareKind) -> Fallible<()> {
    queue::lock(tenant, patient).await?;
    let (subject, content): (Subject, Content) = match kind {
        ShareKind::Allergies => content::allergies(tenant, patient).await?,
        _ => content::diagnoses(tenant, patient).await?,
    };
    queue::put(tenant, patient, subject, &content).await
}

/// Puts a report in, unless it is not ours to send.
pub(super) async fn queue_report(tenant: &mut Tenant, patient: PatientId, report: LabReportId) -> Fallible<()> {
    queue::lock(tenant, patient).await?;
    match content::report(tenant, report).await? {
        Some((subject, content)) => queue::put(tenant, patient, subject, &content).await,
        None => Ok(()),
    }
}

/// An issued letter goes out. One to an institution without a number stays on paper: the platform delivers by number
/// (JP_Organization_eCS identifier medicalInstitutionCode 1..1).
pub(crate) async fn letter_issued(tenant: &mut Tenant, patient: PatientId, letter: LetterId) -> Fallible<()> {
    queue::lock(tenant, patient).await?;
    let (subject, content) = content::letter(tenant, patient, letter).await?;
    match &content {
        Content::Letter(letter) if letter.form.to_number.trim().is_empty() => Ok(()),
        _ => queue::put(tenant, patient, subject, &content).await,
    }
}

/// An issued paper (療養計画書・健診結果報告書・退院時サマリー) goes out.
pub(crate) async fn paper_issued(tenant: &mut Tenant, patient: PatientId, paper: PaperId) -> Fallible<()> {
    queue::lock(tenant, patient).await?;
    let (subject, content) = content::paper(tenant, patient, paper).await?;
    queue::put(tenant, patient, subject, &content).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn at(hour: u32, minute: u32) -> DateTime<Utc> {
        date::japan().with_ymd_and_hms(2026, 7, 10, hour, minute, 0).single().expect("an instant").with_timezone(&Utc)
    }

    #[test]
    fn a_change_is_told_the_same_day() {
        assert_eq!(due_at(at(10, 15), false), at(10, 17));
        assert_eq!(due_at(at(10, 15), true), at(20, 0));
        assert_eq!(due_at(at(19, 59), true), at(20, 1));
        assert_eq!(due_at(at(21, 0), true), at(21, 2));
        assert_eq!(due_at(at(23, 58), false), at(23, 59));
        assert!(due_at(at(23, 59) + Duration::seconds(30), false) <= at(23, 59) + Duration::seconds(150));
    }
}
