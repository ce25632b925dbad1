//! The patient summary (患者サマリー・療養計画書): `JP_Bundle_ePCS` with `JP_Composition_ePCS` and `JP_CarePlan_ePCS`.

use super::{document::*, parts::*, section};
use crate::{Context, Flags, Gap, domain::CarePlan, uri};
use model::chart::Diagnosis;
use serde_json::{Value, json};

/// The whole summary: the plan and the diagnoses it is about.
pub(super) fn bundle(ctx: &Context<'_>, plan: &CarePlan, diagnoses: &[Diagnosis], uuids: Uuids<'_>) -> Result<Value, Vec<Gap>> {
    let (patient_url, patient, mut gaps) = super::begin(ctx, uuids);
    if plan.description.trim().is_empty() {
        gaps.push(Gap::new("plan.description", "療養計画の内容を入力してください（患者サマリーで必須）。"));
    }
    if plan.until.is_some_and(|until| until < plan.from) {
        gaps.push(Gap::new("plan.until", "療養計画の終了日が開始日より前です。"));
    }
    if diagnoses.is_empty() {
        gaps.push(Gap::new("diagnoses", "療養計画の対象となる傷病名が1つ以上必要です（患者サマリーで必須）。"));
    }
    let doctor = Placed::new("Practitioner", "作成医師", practitioner(ctx, &ctx.doctor.name, true, uuids), uuids);
    let house = Placed::new("Organization", "作成医療機関", from_organization(ctx, uuids), uuids);
    let visit = Placed::new("Encounter", "受診情報", encounter(ctx, None, uuids), uuids);
    let conditions = conditions(ctx, diagnoses, &patient_url, &mut gaps, uuids);
    if !gaps.is_empty() {
        return Err(gaps);
    }
    let plan = Placed::new("CarePlan", "療養計画", care_plan(ctx, plan, &patient_url, uuids), uuids);
    let mut entries = vec![plan.reference()];
    entries.extend(references(&conditions));
    let composition = json!({
        "resourceType": "Composition",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::COMPOSITION_EPCS, Flags::default()),
        "language": "ja",
        "extension": [{ "url": uri::EXT_DOCUMENT_VERSION, "valueString": "1.0" }],
        "identifier": document_identifier(ctx),
        "status": "final",
        "type": { "coding": [coding(uri::DOC_TYPE, "56447-6", "計画書")] },
        "category": [{ "coding": [coding(uri::DOC_SUBTYPE, "OUTPATIENT", "外来文書")] }],
        "subject": { "reference": patient_url, "type": "Patient" },
        "encounter": visit.reference(),
        "date": seconds(ctx.now),
        "author": [doctor.reference(), house.reference()],
        "title": "患者サマリー（療養計画書）",
        // Since 1.11 the section takes no words; the plan has its own.
        "section": [section::silent(&section::PLAN, entries)],
    });
    let mut entries = vec![entry(&urn(uuids()), composition), patient];
    entries.extend([doctor, house, visit, plan].into_iter().chain(conditions).map(|p| entry(&p.url, p.resource)));
    Ok(super::bundle(ctx, uri::BUNDLE_EPCS, None, "document", entries, uuids))
}

fn care_plan(ctx: &Context<'_>, plan: &CarePlan, patient: &str, uuids: Uuids<'_>) -> Value {
    let mut meta = meta(ctx, uri::CARE_PLAN_EPCS, Flags::default());
    meta["profile"] = json!([uri::CARE_PLAN_EPCS, uri::CARE_PLAN]);
    object(json!({
        "resourceType": "CarePlan",
        "id": uuids().to_string(),
        "meta": meta,
        "language": "ja",
        "identifier": resource_identifier(ctx, &plan.id.to_string()),
        "status": "active",
        "intent": "plan",
        "category": [{ "coding": [coding(uri::PLAN_CATEGORY, "followup-plan", "外来診療経過中プラン")] }],
        "title": "療養計画",
        "description": paragraphs(&plan.description),
        "subject": { "reference": patient, "type": "Patient" },
        "period": object(json!({ "start": plan.from.to_string(), "end": plan.until.map(|day| day.to_string()) })),
        "created": plan.written_on.to_string(),
    }))
}
