//! Rules of laboratory results that slicing cannot express, because the slices of `code.coding` are open: a wrong or missing
//! code simply fits none of them (JP_Observation_LabResult_eCS 記述仕様「検査項目コード」; history 1.6, 1.9, 1.10).

use super::{Issues, designated, invariants::codes, rules::tidy_concept};
use crate::uri;
use serde_json::Value;

/// Rules of one result wherever it stands.
pub(super) fn observation(value: &Value, path: &str, issues: &mut Issues) {
    let at = format!("{path}.code");
    let institution = value["extension"].as_array().into_iter().flatten().any(|e| e["url"] == uri::EXT_INSTITUTION);
    if !institution {
        issues.error("invariant", "R901101", &format!("{path}.extension"), "医療機関番号の拡張は必須です。");
    }
    let mut shared = false;
    for (index, coding) in value["code"]["coding"].as_array().into_iter().flatten().enumerate() {
        let at = format!("{at}.coding[{index}]");
        let (code, display) = (coding["code"].as_str().unwrap_or_default(), coding["display"].as_str().unwrap_or_default());
        let infection = match coding["system"].as_str().unwrap_or_default() {
            uri::LAB_CORE => false,
            uri::LAB_INFECTION => true,
            // The JLAC11 lists of the snapshot are placeholders; nothing can be said of these codes.
            uri::LAB_CORE_11 | uri::LAB_INFECTION_11 => {
                shared = true;
                continue;
            }
            uri::JLAC10 if code.len() != 17 || !code.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                issues.error("code-invalid", "JLAC10", &at, format!("JLAC10コードは17桁の英数字です（{code}）。"));
                continue;
            }
            _ => continue,
        };
        shared = true;
        match designated::of(code) {
            None => {
                let text = format!("{code} は指定検査・指定感染症の共有コードではありません。");
                issues.error("code-invalid", "指定検査コード", &at, text);
            }
            Some(entry) if entry.infection != infection => {
                issues.error("code-invalid", "指定検査コード", &at, "検査と感染症のコード体系を取り違えています。");
            }
            // An official example writes U-TP-定性半定量 for U-TP: a longer name of the same item is let pass with a warning.
            Some(entry) if entry.displays.iter().any(|d| display.strip_prefix(d).is_some_and(|rest| rest.starts_with('-'))) => {
                let text = format!("表示名は「{}」に固定されています（{display}）。", entry.displays.join("」または「"));
                issues.warn("value", "FHIR識別名", &format!("{at}.display"), text);
            }
            Some(entry) if !entry.names(display) => {
                let text = format!("表示名は「{}」に固定されています（{display}）。", entry.displays.join("」または「"));
                issues.error("value", "FHIR識別名", &format!("{at}.display"), text);
            }
            Some(_) => {}
        }
    }
    if !shared && let Some(code) = codes(&value["code"], uri::JLAC10).into_iter().find(|code| designated::of(code).is_some()) {
        let text = format!("{code} は指定検査・指定感染症のため、共有コード（CoreLabo/InfectionLabo）が必要です。");
        issues.error("business-rule", "指定検査コード必須", &at, text);
    }
    let local = codes(&value["code"], uri::LAB_LOCAL);
    if local.is_empty() {
        issues.error("business-rule", "R6021", &at, "施設固有の検査項目コードは必須です。");
    }
    for code in local {
        if !code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-')) {
            issues.error("value", "R6021", &at, format!("施設固有コードは英数字・_・- だけです（{code}）。"));
        }
    }
    let infection = [uri::LAB_INFECTION, uri::LAB_INFECTION_11].iter().any(|system| !codes(&value["code"], system).is_empty());
    let kept =
        value["meta"]["tag"].as_array().into_iter().flatten().any(|t| t["system"] == uri::INDICATION && t["code"] == "LTS");
    if kept && !infection {
        let text = "長期保存（LTS）は指定感染症の検査だけに記述します。";
        issues.later("business-rule", "R6031", &format!("{path}.meta.tag"), text);
    }
    units(value, path, issues);
    with_value(value, path, issues);
    if !matches!(value["status"].as_str(), None | Some("registered" | "preliminary" | "final" | "corrected" | "cancelled")) {
        issues.later(
            "business-rule",
            "JP-CLINS 1.10 status",
            &format!("{path}.status"),
            "1.10以降この検査結果状態は使いません。",
        );
    }
    tidy_concept(&value["code"], &at, issues);
}

/// Units of the reference range are those of the value (1.9).
fn units(value: &Value, path: &str, issues: &mut Issues) {
    let quantity = &value["valueQuantity"];
    let ranges = value["referenceRange"].as_array().into_iter().flatten().enumerate();
    let limits = ranges.flat_map(|(index, range)| {
        ["low", "high"].map(|limit| (format!("{path}.referenceRange[{index}].{limit}.system"), &range[limit]))
    });
    for (at, quantity) in limits.chain([(format!("{path}.valueQuantity.system"), quantity)]) {
        if quantity["code"].is_string() && quantity["system"] != uri::UCUM {
            let text = "単位コードはUCUM（http://unitsofmeasure.org）で記述します。";
            issues.error("business-rule", "JP_Observation_LabResult_eCS 単位", &at, text);
        }
    }
    let Some(unit) = quantity["unit"].as_str() else { return };
    for (index, range) in value["referenceRange"].as_array().into_iter().flatten().enumerate() {
        for limit in ["low", "high"] {
            if range[limit]["unit"].as_str().is_some_and(|other| other != unit) {
                let text = "基準値の単位が結果値の単位と異なります。";
                issues.later(
                    "business-rule",
                    "JP-CLINS 1.9 referenceRange",
                    &format!("{path}.referenceRange[{index}].{limit}.unit"),
                    text,
                );
            }
        }
        if let (Some(low), Some(high)) = (range["low"]["value"].as_f64(), range["high"]["value"].as_f64())
            && low > high
        {
            let at = format!("{path}.referenceRange[{index}]");
            issues.error("value", "基準値の上下", &at, "基準値の下限が上限より大きくなっています。");
        }
    }
}

/// A result says something: a value, why there is none, or parts that do (記述仕様 value[x], dataAbsentReason).
pub(super) fn with_value(value: &Value, path: &str, issues: &mut Issues) {
    let has = |name: &str| value.as_object().is_some_and(|m| m.keys().any(|k| k.trim_start_matches('_').starts_with(name)));
    if !["value", "dataAbsentReason", "hasMember", "component"].iter().any(|name| has(name)) {
        let text = "結果値、または結果がない理由（dataAbsentReason）が必要です。";
        issues.error("business-rule", "結果値必須", &format!("{path}.value"), text);
    }
}

/// Rules of a result inside `JP_Bundle_CLINS`.
pub(super) fn in_clins(value: &Value, path: &str, issues: &mut Issues) {
    let at = format!("{path}.code");
    let has = |system: &str| !codes(&value["code"], system).is_empty();
    let standard = [uri::LAB_CORE, uri::LAB_INFECTION, uri::LAB_CORE_11, uri::LAB_INFECTION_11, uri::JLAC10, uri::LAB_UNCODED];
    if !standard.iter().any(|system| has(system)) {
        let text = "共有コード・JLAC10コード・未標準化コードのいずれかが必要です。";
        issues.error("business-rule", "検査項目コード必須", &at, text);
    }
    if !value["hasMember"].is_null() {
        issues.error("business-rule", "R6081", &format!("{path}.hasMember"), "hasMemberは使えません。");
    }
    let allowed = ["valueQuantity", "valueCodeableConcept", "valueString"];
    for key in value.as_object().into_iter().flatten().map(|(key, _)| key).filter(|k| k.starts_with("value")) {
        if !allowed.contains(&key.as_str()) {
            let text = "結果値の型は数値（Quantity）・コード（CodeableConcept）・文字列だけです（1.10）。";
            issues.later("business-rule", "JP-CLINS 1.10 value", &format!("{path}.{key}"), text);
        }
    }
}
