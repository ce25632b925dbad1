//! A drug of a prescription: `JP_MedicationRequest_eCS` with `JP_MedicationDosage_eCS`. It stands inside documents only, from
//! which the platform takes it.

use super::{parts::*, units};
use crate::{
    Context, Flags, Gap,
    domain::Prescription,
    text::{tidy, tidy_narrow},
    uri,
};
use model::orders::{Route, RpItem};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// One drug of a group.
pub(super) fn resource(
    ctx: &Context<'_>,
    group: &Prescription,
    index: usize,
    item: &RpItem,
    patient: &str,
    uuids: Uuids<'_>,
) -> Result<Value, Vec<Gap>> {
    let mut gaps = Vec::new();
    let name = tidy(&item.name);
    let usage = tidy_narrow(&group.rp.usage);
    if name.is_empty() {
        gaps.push(Gap::new("prescriptions.name", "薬品の名称が空です。"));
    }
    if usage.is_empty() {
        gaps.push(Gap::new("prescriptions.usage", format!("「{name}」の用法を入力してください。")));
    }
    if item.amount <= Decimal::ZERO {
        gaps.push(Gap::new("prescriptions.amount", format!("「{name}」の用量は0より大きい数で入力してください。")));
    }
    if group.rp.count == 0 {
        gaps.push(Gap::new("prescriptions.count", format!("「{name}」の日数・回数を入力してください。")));
    }
    if !gaps.is_empty() {
        return Err(gaps);
    }
    let (category, category_display) = group.setting.code(group.rp.dispensing);
    let shown =
        item.general_name.as_ref().map(|(_, general)| tidy(general)).filter(|g| !g.is_empty()).unwrap_or_else(|| name.clone());
    Ok(object(json!({
        "resourceType": "MedicationRequest",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::MEDICATION_REQUEST, Flags::default()),
        "language": "ja",
        "contained": [contained_encounter(ctx), contained_practitioner(ctx)],
        "extension": extensions(ctx),
        "identifier": [
            { "system": uri::RP_NUMBER, "value": group.number.to_string() },
            { "system": uri::RP_INDEX, "value": (index + 1).to_string() },
            { "system": uri::RESOURCE_IDENTIFIER, "value": format!("{}-{}-{}", ctx.institution.number, group.rp.id, index + 1) },
        ],
        "status": "completed",
        "intent": "order",
        "category": [{ "coding": [coding(uri::DRUG_CATEGORY, category, category_display)] }],
        "medicationCodeableConcept": { "coding": codings(item, &name), "text": shown },
        "subject": { "reference": patient, "type": "Patient" },
        "encounter": { "reference": "#encounter" },
        "authoredOn": seconds(group.prescribed_at),
        "requester": { "reference": "#practitioner" },
        "dosageInstruction": [dosage(group, item, &usage)],
        "dispenseRequest": dispense(group, item),
    })))
}

/// YJ and general name where known, else the entry for what has no standard code (R3010).
fn codings(item: &RpItem, name: &str) -> Vec<Value> {
    let mut list = Vec::new();
    if let Some(yj) = item.yj.as_deref().map(str::trim).filter(|yj| !yj.is_empty()) {
        list.push(coding(uri::YJ, yj, name));
    }
    if let Some((code, general)) = item.general_name.as_ref().filter(|(code, _)| !code.trim().is_empty()) {
        list.push(coding(uri::GENERAL_NAME, code.trim(), &tidy(general)));
    }
    if list.is_empty() {
        list.push(coding(uri::DRUG_UNCODED, "NOCODED", "標準コードなし"));
    }
    list
}

/// A day's amount over its times, where it comes out even.
fn per_time(day: Decimal, times: u8) -> Option<Decimal> {
    let times = Decimal::from(times);
    let one = day.checked_div(times)?;
    (one.scale() <= 6 && one * times == day).then_some(one)
}

fn dosage(group: &Prescription, item: &RpItem, usage: &str) -> Value {
    let rp = &group.rp;
    let product = json!({ "coding": [coding(uri::STRENGTH, "1", "製剤量")] });
    let one = match rp.route {
        Route::Internal => per_time(item.amount, rp.times_per_day),
        Route::Prn => Some(item.amount),
        Route::External => None,
    };
    let day = (rp.route == Route::Internal).then(|| units::amount(item.amount, &item.unit)).flatten();
    let day = day.map(|numerator| json!({ "numerator": numerator, "denominator": units::days(1) }));
    let dose = one.and_then(|one| units::amount(one, &item.unit));
    // Where a drug for outside is ordered by its whole amount, the element does not stand there (dosageInstruction 記述仕様).
    let rate = (day.is_some() || dose.is_some())
        .then(|| json!([object(json!({ "type": product, "doseQuantity": dose, "rateRatio": day }))]));
    let code = match rp.usage_code.as_deref().map(str::trim).filter(|code| !code.is_empty()) {
        Some(code) => coding(uri::USAGE, code, usage),
        None => coding(uri::USAGE_UNCODED, "0X0XXXXXXXXX0000", "ダミー用法コード"),
    };
    let unit = tidy(&item.unit);
    let words = match (rp.route, one) {
        (Route::Internal, Some(one)) => {
            format!("{usage} 1回{}{unit}（1日{}{unit}）{}日分", one.normalize(), item.amount.normalize(), rp.count)
        }
        (Route::Internal, None) => format!("{usage} 1日{}{unit} {}日分", item.amount.normalize(), rp.count),
        (Route::Prn, _) => format!("{usage} 1回{}{unit} {}回分", item.amount.normalize(), rp.count),
        (Route::External, _) => format!("{usage} 全量{}{unit}", whole(group, item).normalize()),
    };
    let (method, method_display) = if rp.route == Route::External { ("2", "外用") } else { ("1", "内服") };
    let repeat = (rp.route == Route::Internal).then(|| json!({ "boundsDuration": units::days(rp.count) }));
    object(json!({
        "extension": [{ "url": uri::EXT_PERIOD_OF_USE, "valuePeriod": { "start": group.start.to_string() } }],
        "text": words,
        "timing": object(json!({ "repeat": repeat, "code": { "coding": [code], "text": usage } })),
        "asNeededBoolean": (rp.route == Route::Prn).then_some(true),
        "method": { "coding": [coding(uri::DRUG_METHOD, method, method_display)] },
        "doseAndRate": rate,
    }))
}

/// Everything that is handed out.
fn whole(group: &Prescription, item: &RpItem) -> Decimal {
    item.amount.checked_mul(Decimal::from(group.rp.count)).unwrap_or(item.amount)
}

fn dispense(group: &Prescription, item: &RpItem) -> Value {
    let rp = &group.rp;
    let times = (rp.route == Route::Prn).then(|| json!([{ "url": uri::EXT_REPEAT_COUNT, "valueInteger": rp.count }]));
    let all = object(json!({
        "extension": times,
        "quantity": units::amount(whole(group, item), &item.unit),
        "expectedSupplyDuration": (rp.route == Route::Internal).then(|| units::days(rp.count)),
    }));
    if all.as_object().is_some_and(serde_json::Map::is_empty) { Value::Null } else { all }
}
