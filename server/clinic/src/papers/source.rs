//! A received discharge summary as the beginning of our own: its stay, its words, its diagnoses and drugs. It is read anew from
//! the document as it was kept; nothing of it is changed by us.

use crate::Fallible;
use chrono::{DateTime, NaiveDate, Utc};
use fhir::import::{FoundDiagnosis, FoundDrug, Imported, receive};
use model::{
    AppError,
    chart::Diagnosis,
    date,
    ids::*,
    orders::{Dispensing, Route, Rp, RpItem},
    paper::{DischargeForm, PaperRp},
    patient::Patient,
};
use sqlx::PgConnection;
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

/// The latest discharge summary received about a patient who lets us read (同意), unless it was taken back.
pub(super) async fn latest(db: &mut PgConnection, patient: &Patient) -> Fallible<Option<ReceivedId>> {
    if patient.consent.is_none() {
        return Ok(None);
    }
    let id: Option<Uuid> = sqlx::query_scalar(
        "select id from received
         where clinic_id = current_clinic() and patient_id = $1 and kind = 'discharge' and gone_at is null and refused = '{}'
         order by made_on desc, fetched_at desc limit 1",
    )
    .bind(patient.id.0)
    .fetch_optional(db)
    .await?;
    Ok(id.map(ReceivedId))
}

/// Reads it.
pub(super) async fn read(db: &mut PgConnection, patient: &Patient, received: ReceivedId) -> Fallible<Found> {
    let row: Option<(Vec<u8>, String, NaiveDate)> = sqlx::query_as(
        "select content, institution, made_on from received
         where clinic_id = current_clinic() and id = $1 and patient_id = $2 and kind = 'discharge'",
    )
    .bind(received.0)
    .bind(patient.id.0)
    .fetch_optional(db)
    .await?;
    let (content, institution, made_on) = row.ok_or(AppError::NotFound)?;
    let imported = receive(&content).map_err(|refusal| AppError::conflict(refusal.to_string()))?;
    let at = imported.stay.as_ref().map_or(imported.made_at, |stay| Some(stay.discharged_at)).unwrap_or_default();
    let mut form = form(&imported);
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
    Ok(Found { form, diagnoses, prescriptions, words })
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
        ended: found.ended_on.zip(found.outcome),
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
