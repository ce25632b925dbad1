//! A laboratory result: `JP_Observation_LabResult_eCS`.
//!
//! Coding (JP_Observation_LabResult_eCS 記述仕様「検査項目コード」): the local code always; the designated items with their JLAC10
//! code and fixed display; others with the general JLAC10 code or the entry 未標準化.

use super::{parts::*, units};
use crate::{
    Context, Flags, Gap,
    text::{tidy, tidy_narrow},
    uri,
};
use model::labs::{LabReport, LabResult, LabValue};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// One result of a report.
pub(super) fn resource(
    ctx: &Context<'_>,
    report: &LabReport,
    index: usize,
    item: &LabResult,
    patient: &str,
    uuids: Uuids<'_>,
) -> Result<Value, Vec<Gap>> {
    let field = |part: &str| format!("results.{index}.{part}");
    let mut gaps = Vec::new();
    let name = tidy_narrow(&item.name);
    if name.is_empty() {
        gaps.push(Gap::new(field("name"), "検査項目の名称が空です。"));
    }
    let local_fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    if item.local_code.is_empty() || !item.local_code.bytes().all(local_fits) {
        gaps.push(Gap::new(field("local_code"), format!("「{name}」の施設固有コードは英数字・_・- だけで必要です（R6021）。")));
    }
    if item.fhir_name.is_some() && item.jlac10.is_none() {
        gaps.push(Gap::new(field("jlac10"), format!("「{name}」は指定検査のため、JLAC10コードが必要です。")));
    }
    let specimen = tidy(&item.specimen);
    if specimen.is_empty() {
        gaps.push(Gap::new(field("specimen"), format!("「{name}」の検査材料が必要です。")));
    }
    if matches!(&item.value, LabValue::Text(text) if tidy(text).is_empty()) {
        gaps.push(Gap::new(field("value"), format!("「{name}」の結果値が空です。")));
    }
    if !gaps.is_empty() {
        return Err(gaps);
    }
    let (kind, value) = value(item);
    let interpretation = item.flag().map(|flag| {
        let display = match flag.as_str() {
            "H" => "High",
            "L" => "Low",
            _ => "Normal",
        };
        json!([{ "coding": [coding(INTERPRETATION, flag.as_str(), display)], "text": flag.as_str() }])
    });
    let range = (item.low.is_some() || item.high.is_some()).then(|| {
        json!([object(json!({
            "low": item.low.map(|low| quantity(low, &item.unit)),
            "high": item.high.map(|high| quantity(high, &item.unit)),
        }))])
    });
    // Keeping for long is for designated infections only (R6031).
    let flags = Flags { long_term: item.infection && report.flags.long_term, ..Flags::default() };
    let mut resource = json!({
        "resourceType": "Observation",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::OBSERVATION_LAB, flags),
        "language": "ja",
        "contained": [contained_encounter(ctx), contained_practitioner(ctx)],
        "extension": extensions(ctx),
        "identifier": resource_identifier(ctx, &format!("{}-{}", report.id, index + 1)),
        "status": "final",
        "category": [{ "coding": [coding(uri::OBSERVATION_CATEGORY, "laboratory", "Laboratory")] }],
        "code": { "coding": codings(item, &name), "text": name },
        "subject": { "reference": patient, "type": "Patient" },
        "encounter": { "reference": "#encounter" },
        "effectiveDateTime": seconds(report.collected_at),
        "performer": [{ "reference": "#practitioner" }],
    });
    let members = resource.as_object_mut().expect("an object literal");
    members.insert(kind.into(), value);
    members.insert("interpretation".into(), interpretation.unwrap_or_default());
    members.insert("specimen".into(), json!({ "type": "Specimen", "display": specimen }));
    members.insert("referenceRange".into(), range.unwrap_or_default());
    Ok(object(resource))
}

const INTERPRETATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation";

fn codings(item: &LabResult, name: &str) -> Vec<Value> {
    let mut list = vec![coding(uri::LAB_LOCAL, &item.local_code, &name.replace(' ', ""))];
    match (&item.fhir_name, &item.jlac10) {
        (Some(fixed), Some(code)) => {
            let system = if item.infection { uri::LAB_INFECTION } else { uri::LAB_CORE };
            list.push(coding(system, code.as_str(), fixed));
        }
        (None, Some(code)) => list.push(coding(uri::JLAC10, code.as_str(), name)),
        (_, None) => list.push(coding(uri::LAB_UNCODED, "99999999999999999", "未標準化コード項目(JLAC)")),
    }
    list
}

/// A number as a quantity, listed words as a code, other words as text (value types of 1.10).
fn value(item: &LabResult) -> (&'static str, Value) {
    match &item.value {
        LabValue::Number(number) => ("valueQuantity", quantity(*number, &item.unit)),
        LabValue::Text(words) => {
            let words = tidy(words);
            match listed(item, &words) {
                Some((system, code)) => {
                    ("valueCodeableConcept", json!({ "coding": [coding(system, code.0, code.1)], "text": words }))
                }
                None => ("valueString", json!(words)),
            }
        }
    }
}

/// Lists of qualitative values (1.7.0): code and display.
const POS_NEG: [(&str, &str); 3] = [("1", "陽性"), ("2", "陰性"), ("3", "判定保留")];
const URINE: [(&str, &str, &[&str]); 7] = [
    ("1", "－", &["-", "−", "－", "(-)", "陰性"]),
    ("2", "±", &["±", "+-", "(±)"]),
    ("3", "＋", &["+", "1+", "＋", "(+)", "(1+)"]),
    ("4", "２＋", &["2+", "２＋", "(2+)", "++"]),
    ("5", "３＋", &["3+", "３＋", "(3+)", "+++"]),
    ("6", "４＋", &["4+", "４＋", "(4+)"]),
    ("7", "５＋", &["5+", "５＋", "(5+)"]),
];
const ABO: [(&str, &str, &str); 4] = [("1", "Ａ", "A"), ("2", "Ｂ", "B"), ("3", "ＡＢ", "AB"), ("4", "Ｏ", "O")];

fn listed(item: &LabResult, words: &str) -> Option<(&'static str, (&'static str, &'static str))> {
    let fixed = item.fhir_name.as_deref()?;
    if fixed.starts_with("U-") {
        let (code, display, _) = URINE.iter().find(|(_, _, forms)| forms.contains(&words))?;
        return Some((uri::URINE_GRADE, (code, display)));
    }
    let narrow = model::kana::fold_width(words);
    let narrow = narrow.trim_end_matches('型');
    if fixed.ends_with("-ABO") {
        let (code, display, _) = ABO.iter().find(|(_, _, plain)| *plain == narrow)?;
        return Some((uri::BLOOD_ABO, (code, display)));
    }
    if fixed.ends_with("-Rh") {
        return match narrow {
            "+" | "(+)" | "陽性" => Some((uri::BLOOD_RH, ("1", "＋"))),
            "-" | "(-)" | "陰性" => Some((uri::BLOOD_RH, ("2", "－"))),
            _ => None,
        };
    }
    let narrow = match narrow {
        "-" | "(-)" => "陰性",
        "+" | "(+)" => "陽性",
        other => other,
    };
    POS_NEG.iter().find(|(_, display)| *display == narrow).map(|pair| (uri::POS_NEG, *pair))
}

/// A measured quantity; UCUM beside the printed unit where there is no doubt.
pub(super) fn quantity(number: Decimal, unit: &str) -> Value {
    let unit = tidy_narrow(unit);
    let ucum = ucum(&unit);
    object(json!({
        "value": units::number(number),
        "unit": (!unit.is_empty()).then_some(&unit),
        "system": ucum.map(|_| uri::UCUM),
        "code": ucum,
    }))
}

/// The UCUM code of a printed unit, where there is no doubt (JP_Observation_LabResult_eCS: system and code are optional).
fn ucum(unit: &str) -> Option<&'static str> {
    Some(match unit {
        "g/dL" => "g/dL",
        "mg/dL" => "mg/dL",
        "mg/L" => "mg/L",
        "ng/mL" => "ng/mL",
        "pg/mL" => "pg/mL",
        "μg/mL" | "µg/mL" | "ug/mL" => "ug/mL",
        "μg/dL" | "µg/dL" | "ug/dL" => "ug/dL",
        "U/L" | "IU/L" => "U/L",
        "mEq/L" => "meq/L",
        "mmol/L" => "mmol/L",
        "%" => "%",
        "秒" | "sec" | "s" => "s",
        "/μL" | "/µL" | "/uL" => "/uL",
        "10^4/μL" | "10^4/µL" | "10^4/uL" | "万/μL" | "×10^4/μL" => "10*4/uL",
        "10^3/μL" | "10^3/µL" | "10^3/uL" | "×10^3/μL" => "10*3/uL",
        "10^6/μL" | "10^6/µL" | "10^6/uL" | "×10^6/μL" => "10*6/uL",
        "fL" => "fL",
        "pg" => "pg",
        "cm" => "cm",
        "kg" => "kg",
        "kg/m2" => "kg/m2",
        "mmHg" => "mm[Hg]",
        _ => return None,
    })
}
