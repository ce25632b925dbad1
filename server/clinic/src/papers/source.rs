//! A received discharge summary as the beginning of our own: its stay, its words, its diagnoses and drugs. It is read anew from
//! the document as it was kept, each time only while it may be read; nothing of it is changed by us.

use crate::{
    Error, Fallible, Tenant, audit,
    policy::{ReadOutside, grant},
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use fhir::import::{FoundDiagnosis, FoundDrug, Imported, receive};
use model::{
    chart::{Diagnosis, Outcome},
    date,
    ids::*,
    orders::{Dispensing, Route, Rp, RpItem},
    paper::{DischargeForm, PaperForm, PaperRp},
    patient::Patient,
};
use uuid::Uuid;

/// What a received discharge summary gives.
pub(super) struct Found {
    /// The form filled from it.
    pub form: DischargeForm,
    /// Its diagnoses.
    pub diagnoses: Vec<Diagnosis>,
    /// Its drugs, as far as their amounts can be read.
    pub prescriptions: Vec<PaperRp>,
    /// Which document it is, and what of it could not be read.
    pub words: String,
}

/// Why a document is not read, in Japanese, in the place of its name.
pub(super) type Unread = &'static str;

/// How many of the latest discharge summaries are tried.
const TRIED: i64 = 5;

/// What a paper was filled from.
pub(super) fn of(form: &PaperForm) -> Option<ReceivedId> {
    match form {
        PaperForm::Discharge(form) => form.source,
        PaperForm::CarePlan(_) | PaperForm::Checkup(_) => None,
    }
}

/// Whether who is at work may see what others wrote at all: reception reads the chart, but not this.
pub(super) fn may_see(tenant: &Tenant) -> bool {
    grant::<ReadOutside>(tenant.me.staff.role).is_ok()
}

/// The latest discharge summary received about a patient that may be read, and what it gives.
pub(super) async fn latest(tenant: &mut Tenant, patient: &Patient) -> Fallible<Option<(ReceivedId, Found)>> {
    if !may_see(tenant) || patient.consent.is_none() {
        return Ok(None);
    }
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select id from received
         where clinic_id = current_clinic() and patient_id = $1 and kind = 'discharge' and gone_at is null and refused = '{}'
         order by made_on desc, fetched_at desc limit $2",
    )
    .bind(patient.id.0)
    .bind(TRIED)
    .fetch_all(tenant.db())
    .await?;
    for id in ids.into_iter().map(ReceivedId) {
        if let Ok(found) = read(tenant, patient, id).await? {
            return Ok(Some((id, found)));
        }
    }
    Ok(None)
}

/// Reads it, where that is allowed now: by the role, with the patient's consent, while its sender lets it stand, and when it is
/// not about somebody born on another day. Every reading stands in the audit trail like one of the documents themselves.
pub(super) async fn read(tenant: &mut Tenant, patient: &Patient, received: ReceivedId) -> Fallible<Result<Found, Unread>> {
    if !may_see(tenant) {
        return Ok(Err("表示できません（医師と看護師だけが読めます）"));
    }
    if patient.consent.is_none() {
        return Ok(Err("表示できません（他院の情報を読む同意の記録がありません）"));
    }
    let row: Option<(Vec<u8>, String, NaiveDate)> = sqlx::query_as(
        "select content, institution, made_on from received
         where clinic_id = current_clinic() and id = $1 and patient_id = $2 and kind = 'discharge' and gone_at is null
             and refused = '{}'",
    )
    .bind(received.0)
    .bind(patient.id.0)
    .fetch_optional(tenant.db())
    .await?;
    let Some((content, institution, made_on)) = row else {
        return Ok(Err("表示できません（送信元が取り下げたか差し替えました）"));
    };
    // Beside the reactor: checking the largest takes a while.
    let read = tokio::task::spawn_blocking(move || receive(&content));
    let read = read.await.map_err(|error| Error::Broken(format!("reading a discharge summary: {error}")))?;
    let Ok(imported) = read else { return Ok(Err("表示できません（文書を読み取れません）")) };
    if imported.patient.birth_date.is_some_and(|day| day != patient.birth_date) {
        return Ok(Err("表示できません（文書の生年月日がこの患者と異なります）"));
    }
    let found = found(&imported, received, &institution, made_on);
    audit::record(tenant, "outside.read", Some(patient.id), Some(received.0), found.words.as_str()).await?;
    Ok(Ok(found))
}

/// What a document gives.
fn found(imported: &Imported, received: ReceivedId, institution: &str, made_on: NaiveDate) -> Found {
    let at = prescribed(imported.stay.as_ref().map(|stay| stay.discharged_at).or(imported.made_at), made_on);
    let mut form = form(imported);
    form.source = Some(received);
    let mut unread: Vec<String> = Vec::new();
    let mut diagnoses = Vec::new();
    for (index, found) in imported.diagnoses.iter().enumerate() {
        let fallback = imported.stay.as_ref().map_or(made_on, |stay| date::day_of(stay.admitted_at));
        diagnoses.push(diagnosis(found, id_within(received, index), fallback));
    }
    let of = |code: &str| imported.section(code).unwrap_or_default().to_owned();
    let (on_admission, on_leaving) = (of("342"), of("344"));
    for found in &diagnoses {
        if on_admission.contains(&found.name) {
            form.diagnoses_in.push(found.id);
        }
        if on_leaving.contains(&found.name) || !on_admission.contains(&found.name) {
            form.diagnoses_out.push(found.id);
        }
    }
    let mut prescriptions = Vec::new();
    let (taken_before, to_take_home) = (of("432"), of("444"));
    for (index, found) in imported.drugs.iter().enumerate() {
        let Some(rp) = group(found, RpId(id_within(received, 10_000 + index).0)) else {
            unread.push(found.name.clone());
            continue;
        };
        if taken_before.contains(&found.name) {
            form.drugs_in.push(rp.id);
        }
        if to_take_home.contains(&found.name) || !taken_before.contains(&found.name) {
            form.drugs_out.push(rp.id);
        }
        prescriptions.push(PaperRp { rp, at: found.prescribed_at.unwrap_or(at), found: true });
    }
    let mut words = format!("{institution}の退院時サマリー（{made_on}）");
    if !unread.is_empty() {
        words.push_str(&format!("　用量を読み取れない薬: {}", unread.join("、")));
    }
    Found { form, diagnoses, prescriptions, words }
}

/// When drugs without a day of their own were prescribed: when the document says that the stay ended or it was made itself, else
/// the beginning of the day on which it was made.
fn prescribed(said: Option<DateTime<Utc>>, made_on: NaiveDate) -> DateTime<Utc> {
    said.unwrap_or_else(|| (made_on.and_time(NaiveTime::MIN) - date::japan()).and_utc())
}

/// An id for a part of a received document that stays the same at every reading.
fn id_within(received: ReceivedId, index: usize) -> DiagnosisId {
    let step = u128::try_from(index).unwrap_or(u128::MAX).wrapping_add(1);
    DiagnosisId(Uuid::from_u128(received.0.as_u128().wrapping_add(step << 16)))
}

fn form(imported: &Imported) -> DischargeForm {
    let words = |codes: &[&str]| clean(codes.iter().find_map(|code| imported.section(code)).unwrap_or_default().trim());
    let stay = imported.stay.as_ref();
    let day = |at: Option<DateTime<Utc>>| at.map(|at| date::day_of(at).to_string()).unwrap_or_default();
    let time = |at: Option<DateTime<Utc>>| at.map(date::time_of).filter(|time| time != "00:00").unwrap_or_default();
    let (admitted, left) = (stay.map(|stay| stay.admitted_at), stay.map(|stay| stay.discharged_at));
    DischargeForm {
        admitted_on: day(admitted),
        admitted_time: time(admitted),
        discharged_on: day(left),
        discharged_time: time(left),
        admission: stay.and_then(|stay| stay.admission).map(|a| a.code().0.to_owned()).unwrap_or_default(),
        disposition: stay.map(|stay| stay.disposition.code().0.to_owned()).unwrap_or_default(),
        reason: words(&["312"]),
        complaint: words(&["352"]),
        // 1.5.2 and what came after number these four differently (Heading in fhir::build::discharge).
        present_illness: words(&["360", "362"]),
        past_history: words(&["370", "372"]),
        family_history: words(&["550", "552"]),
        social_history: words(&["640", "642"]),
        findings_in: words(&["612"]),
        course: words(&["333"]),
        treatment: words(&["713"]),
        findings_out: words(&["614"]),
        instructions: words(&["424"]),
        ..DischargeForm::default()
    }
}

/// Without the character that the database cannot keep.
fn clean(text: &str) -> String {
    text.replace('\0', "")
}

/// A diagnosis as the document says it; what it has no code for goes on without one.
fn diagnosis(found: &FoundDiagnosis, id: DiagnosisId, fallback: NaiveDate) -> Diagnosis {
    let name = clean(&found.name);
    let base_name = if found.base_name.is_empty() { name.clone() } else { clean(&found.base_name) };
    Diagnosis {
        id,
        code: found.claim.clone().unwrap_or_default().as_str().into(),
        base_name,
        management: found.management.clone().unwrap_or_default(),
        exchange: found.exchange.clone().unwrap_or_default(),
        icd10: found.icd10.clone().unwrap_or_default(),
        modifiers: found.modifiers.clone(),
        name,
        suspected: found.suspected,
        principal: found.principal,
        started_on: found.started_on.unwrap_or(fallback),
        // How it ended is not said: 中止 claims no cure, and it is not current either (as with what is taken over).
        ended: found.ended_on.map(|day| (day, found.outcome.unwrap_or(Outcome::Stopped))),
        flags: found.flags,
        origin: None,
        version: 1,
    }
}

/// A drug as a group of its own; none where amount or count is said in words only.
fn group(found: &FoundDrug, id: RpId) -> Option<Rp> {
    let (amount, count) = match found.route {
        Route::Internal => (found.per_day?, found.days?),
        Route::Prn => (found.per_time?, found.times?),
        Route::External => (found.whole?, 1),
    };
    let one = found.per_time.filter(|one| !one.is_zero()).and_then(|one| amount.checked_div(one));
    let item = RpItem {
        code: "".into(),
        name: clean(&found.name),
        yj: found.yj.as_ref().map(|(code, _)| code.clone()),
        general_name: found.general_name.clone(),
        amount,
        unit: clean(&found.unit),
    };
    Some(Rp {
        id,
        route: found.route,
        dispensing: Dispensing::InHouse,
        usage: clean(&found.usage),
        usage_code: found.usage_code.clone(),
        times_per_day: one.filter(|n| n.is_integer()).and_then(|n| n.normalize().to_string().parse().ok()).unwrap_or(1),
        count: u16::try_from(count).ok()?,
        items: vec![item],
        version: 1,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn what_ended_is_not_current_also_where_nobody_says_how() {
        let found = FoundDiagnosis {
            identifier: String::new(),
            name: "急性気管支炎".into(),
            base_name: String::new(),
            management: None,
            exchange: None,
            claim: None,
            icd10: None,
            modifiers: Vec::new(),
            suspected: false,
            principal: false,
            started_on: None,
            ended_on: Some(day("2026-07-09")),
            outcome: None,
            flags: model::share::Flags::default(),
        };
        let id = DiagnosisId(Uuid::from_u128(1));
        let ours = diagnosis(&found, id, day("2026-07-01"));
        assert_eq!((ours.started_on, ours.ended), (day("2026-07-01"), Some((day("2026-07-09"), Outcome::Stopped))));
        let told = diagnosis(&FoundDiagnosis { outcome: Some(Outcome::Cured), ..found.clone() }, id, day("2026-07-01"));
        assert_eq!(told.ended, Some((day("2026-07-09"), Outcome::Cured)));
        let current = diagnosis(&FoundDiagnosis { ended_on: None, ..found }, id, day("2026-07-01"));
        assert_eq!(current.ended, None);
    }

    #[test]
    fn drugs_without_any_instant_have_the_day_of_the_document() {
        let midnight = Utc.with_ymd_and_hms(2026, 7, 9, 15, 0, 0).single().expect("an instant");
        assert_eq!(prescribed(None, day("2026-07-10")), midnight);
        assert_eq!((date::day_of(midnight), date::time_of(midnight).as_str()), (day("2026-07-10"), "00:00"));
        let said = midnight + chrono::TimeDelta::hours(30);
        assert_eq!(prescribed(Some(said), day("2026-07-10")), said);
    }
}
