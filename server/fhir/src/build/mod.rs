//! Domain → documents. One function for each kind of report; each gives the whole bundle or says what the chart lacks.

mod allergy;
pub(crate) use allergy::system_of as allergen_system;
mod checkup;
mod condition;
mod cover;
mod discharge;
mod document;
mod lab;
mod medication;
mod parts;
mod patient;
mod plan;
mod referral;
mod section;
mod units;

pub use referral::Clinical;

use crate::{
    Context, Gap, Version,
    domain::{CarePlan, Checkup, Discharge},
    member::MemberId,
    uri,
};
use model::{
    chart::{Allergy, Diagnosis},
    labs::LabReport,
    letter::LetterForm,
};
use parts::{Uuids, bundle, entry, gaps};
use serde_json::{Value, json};

/// All allergies of the patient (薬剤アレルギー等・その他アレルギー等 are one report) as `JP_Bundle_CLINS`. The caller hands in
/// every allergy without an end or ended within five years.
pub fn allergies(ctx: &Context<'_>, list: &[Allergy], uuids: Uuids<'_>) -> Result<Value, Vec<Gap>> {
    let (patient_url, patient, mut flaws) = begin(ctx, uuids);
    if list.is_empty() {
        flaws.push(Gap::new("allergies", "アレルギーが登録されていないため、送信する内容がありません。"));
    }
    let mut entries = vec![patient];
    for item in list {
        match allergy::resource(ctx, item, &patient_url, uuids) {
            Ok(resource) => entries.push(entry(&parts::urn(uuids()), resource)),
            Err(gap) => flaws.push(gap),
        }
    }
    clins(ctx, "AllergyIntolerance", entries, flaws, uuids)
}

/// All diagnoses of the patient as `JP_Bundle_CLINS`. The caller hands in every diagnosis without an end or ended within
/// five years.
pub fn diagnoses(ctx: &Context<'_>, list: &[Diagnosis], uuids: Uuids<'_>) -> Result<Value, Vec<Gap>> {
    let (patient_url, patient, mut flaws) = begin(ctx, uuids);
    if list.is_empty() {
        flaws.push(Gap::new("diagnoses", "傷病名が登録されていないため、送信する内容がありません。"));
    }
    let mut entries = vec![patient];
    for item in list {
        match condition::resource(ctx, item, &patient_url, uuids) {
            Ok(resource) => entries.push(entry(&parts::urn(uuids()), resource)),
            Err(gap) => flaws.push(gap),
        }
    }
    clins(ctx, "Condition", entries, flaws, uuids)
}

/// One laboratory report as `JP_Bundle_CLINS`; designated infections stand in the same bundle as the other results.
pub fn lab_report(ctx: &Context<'_>, report: &LabReport, uuids: Uuids<'_>) -> Result<Value, Vec<Gap>> {
    let (patient_url, patient, mut flaws) = begin(ctx, uuids);
    if report.results.is_empty() {
        flaws.push(Gap::new("results", "検査結果がないため、送信する内容がありません。"));
    }
    let mut entries = vec![patient];
    for (index, item) in report.results.iter().enumerate() {
        match lab::resource(ctx, report, index, item, &patient_url, uuids) {
            Ok(resource) => entries.push(entry(&parts::urn(uuids()), resource)),
            Err(more) => flaws.extend(more),
        }
    }
    clins(ctx, "Observation", entries, flaws, uuids)
}

/// A referral letter (診療情報提供書) as `JP_Bundle_eReferral`, with the current diagnoses, the allergies and, where the
/// caller hands them in, laboratory reports.
pub fn referral(
    ctx: &Context<'_>,
    letter: &LetterForm,
    diagnoses: &[Diagnosis],
    allergies: &[Allergy],
    reports: &[LabReport],
    uuids: Uuids<'_>,
) -> Result<Value, Vec<Gap>> {
    referral_with(ctx, letter, &Clinical { diagnoses, allergies, reports, ..Clinical::default() }, uuids)
}

/// A referral letter with everything that may stand in it: also drugs (処方) and files (添付情報).
pub fn referral_with(
    ctx: &Context<'_>,
    letter: &LetterForm,
    clinical: &Clinical<'_>,
    uuids: Uuids<'_>,
) -> Result<Value, Vec<Gap>> {
    referral::bundle(ctx, letter, clinical, uuids)
}

/// A patient summary (患者サマリー・療養計画書) as `JP_Bundle_ePCS`: the plan and the diagnoses it is about.
pub fn care_plan(ctx: &Context<'_>, plan: &CarePlan, diagnoses: &[Diagnosis], uuids: Uuids<'_>) -> Result<Value, Vec<Gap>> {
    plan::bundle(ctx, plan, diagnoses, uuids)
}

/// A discharge summary (退院時サマリー) as `JP_Bundle_eDischargeSummary`. The version decides the codes of four sections, which
/// 1.5.4 changed; everything else here fits all versions.
pub fn discharge_summary(ctx: &Context<'_>, summary: &Discharge, version: Version, uuids: Uuids<'_>) -> Result<Value, Vec<Gap>> {
    discharge::bundle(ctx, summary, version, uuids)
}

/// A health check report (健診結果報告書) as `JP_Bundle_eCheckupGeneral`.
pub fn checkup_report(ctx: &Context<'_>, check: &Checkup, uuids: Uuids<'_>) -> Result<Value, Vec<Gap>> {
    checkup::bundle(ctx, check, uuids)
}

fn begin(ctx: &Context<'_>, uuids: Uuids<'_>) -> (String, Value, Vec<Gap>) {
    let mut flaws = gaps(ctx);
    let url = parts::urn(uuids());
    let resource = match MemberId::of(ctx.patient, model::date::day_of(ctx.visit.at)) {
        Ok(member) => patient::resource(ctx, &member, uuids),
        Err(gap) => {
            flaws.push(gap);
            Value::Null
        }
    };
    (url.clone(), entry(&url, resource), flaws)
}

fn clins(ctx: &Context<'_>, kind: &str, entries: Vec<Value>, flaws: Vec<Gap>, uuids: Uuids<'_>) -> Result<Value, Vec<Gap>> {
    if !flaws.is_empty() {
        return Err(flaws);
    }
    let tag = json!([{ "system": uri::BUNDLE_RESOURCE_TYPE, "code": kind }]);
    Ok(bundle(ctx, uri::BUNDLE_CLINS, Some(tag), "collection", entries, uuids))
}
