//! From a place in a document to the field of the chart to mend, in the words of the chart: `傷病名「高血圧症」: 開始日`.

use crate::uri;
use serde_json::Value;

/// The field of the chart that answers for a place in a document; empty where none does. The element decides, in the
/// resource it stands in; the item is named by its own words.
pub(super) fn field(document: &Value, path: &str) -> String {
    let (resource, element) = locate(document, path);
    let kind = resource["resourceType"].as_str().unwrap_or_default();
    if kind == "Composition" {
        return composition(resource, element);
    }
    if kind == "Bundle" {
        let starts = |name: &str| element.starts_with(name);
        return if starts("identifier") {
            "文書: 識別番号"
        } else if starts("entry") {
            "文書: 収める内容"
        } else {
            ""
        }
        .to_owned();
    }
    let is_checkup = super::slices::claims(resource).any(|p| p.starts_with(uri::CHECKUP_PROFILE));
    let Some((heading, name, part)) = part_of(kind, element, is_checkup, resource) else { return String::new() };
    let name = words(name);
    if name.is_empty() { format!("{heading}: {part}") } else { format!("{heading}「{name}」: {part}") }
}

/// Heading of the chart, the item's name, and the part of it.
fn part_of<'a>(
    kind: &str,
    element: &str,
    is_checkup: bool,
    resource: &'a Value,
) -> Option<(&'static str, &'a Value, &'static str)> {
    let starts = |names: &[&str]| names.iter().any(|name| element.starts_with(name));
    let nameless = &Value::Null;
    let found = match kind {
        "Patient" => (
            "患者登録",
            nameless,
            match () {
                () if starts(&["identifier"]) => "保険（保険者番号・記号・番号・枝番）",
                () if starts(&["name"]) => "氏名・カナ",
                () if starts(&["birthDate"]) => "生年月日",
                () if starts(&["gender"]) => "性別",
                () if starts(&["address"]) => "住所・郵便番号",
                () if starts(&["telecom"]) => "電話番号",
                () => return None,
            },
        ),
        "Condition" => (
            "傷病名",
            &resource["code"],
            match () {
                () if starts(&["code.extension"]) => "修飾語",
                () if starts(&["code"]) => "名称・コード",
                () if starts(&["onset"]) => "開始日",
                () if starts(&["abatement", "clinicalStatus"]) => "転帰・終了日",
                () if starts(&["verificationStatus"]) => "疑い",
                () if starts(&["meta.tag"]) => "長期保存・未告知・未提供",
                () => common(element)?,
            },
        ),
        "AllergyIntolerance" => (
            "アレルギー",
            &resource["code"],
            match () {
                () if starts(&["code"]) => "アレルゲン",
                () if starts(&["category", "criticality"]) => "種類・重症度",
                () if starts(&["reaction"]) => "症状",
                () if starts(&["clinicalStatus", "verificationStatus"]) => "状態",
                () if starts(&["recordedDate", "onset"]) => "記録日",
                () if starts(&["meta.tag"]) => "長期保存",
                () => common(element)?,
            },
        ),
        "Observation" => (
            if is_checkup { "健診結果" } else { "検査結果" },
            &resource["code"],
            match () {
                () if starts(&["code"]) => "検査項目コード",
                () if starts(&["value", "dataAbsentReason"]) => "結果値・単位",
                () if starts(&["component"]) => "所見",
                () if starts(&["referenceRange"]) => "基準値",
                () if starts(&["interpretation"]) => "判定（H/L）",
                () if starts(&["specimen"]) => "検査材料",
                () if starts(&["effective"]) => {
                    if is_checkup {
                        "健診日"
                    } else {
                        "採取日時"
                    }
                }
                () if starts(&["status"]) => "結果の状態（確定・中間）",
                () if starts(&["meta.tag"]) => "長期保存",
                () => common(element)?,
            },
        ),
        "MedicationRequest" => (
            "処方",
            &resource["medicationCodeableConcept"],
            match () {
                () if starts(&["medication"]) => "薬品",
                () if element.contains("timing") => "用法",
                () if element.contains("doseAndRate") => "用量・単位",
                () if starts(&["dosageInstruction"]) => "用法・用量",
                () if starts(&["dispenseRequest"]) => "日数・回数・全量",
                () if starts(&["authoredOn"]) => "処方日時",
                () if starts(&["identifier"]) => "RP番号",
                () => common(element)?,
            },
        ),
        "CarePlan" => (
            "療養計画",
            nameless,
            match () {
                () if starts(&["description"]) => "内容",
                () if starts(&["period"]) => "開始日・終了日",
                () if starts(&["created"]) => "作成日",
                () => return None,
            },
        ),
        "Encounter" => (
            "受診",
            nameless,
            match () {
                () if starts(&["reasonCode"]) => "紹介目的・受診理由",
                () if starts(&["hospitalization.dischargeDisposition"]) => "退院時転帰",
                () if starts(&["hospitalization"]) => "入院経路",
                () if starts(&["period", "length"]) => "受診日・入退院日",
                () if starts(&["class"]) => "入院・外来の別",
                () => return None,
            },
        ),
        "Organization" if starts(&["identifier", "name", "address", "telecom", "type"]) => {
            ("医療機関・保険者", &resource["name"], "番号・名称・所在地")
        }
        "Practitioner" => ("医師", nameless, "氏名・識別番号"),
        "DocumentReference" => ("添付ファイル", &resource["description"], "名称・形式・内容"),
        "Coverage" => ("健診", nameless, "受診券・保険者"),
        _ => return None,
    };
    Some(found)
}

/// What every clinical resource has from the visit.
fn common(element: &str) -> Option<&'static str> {
    match () {
        () if element.starts_with("extension") => Some("受診の診療科・医療機関番号"),
        () if ["encounter", "contained", "performer", "recorder", "requester"].iter().any(|e| element.starts_with(e)) => {
            Some("受診情報・担当医")
        }
        () if element.starts_with("subject") || element.starts_with("patient") => Some("患者"),
        () => None,
    }
}

/// A section by its title, or a part of the document's head.
fn composition(resource: &Value, element: &str) -> String {
    let claims: Vec<&str> = super::slices::claims(resource).collect();
    let heading = match () {
        () if claims.contains(&uri::COMPOSITION_EDISCHARGE) => "退院時サマリー",
        () if claims.contains(&uri::COMPOSITION_EPCS) => "患者サマリー（療養計画書）",
        () if claims.contains(&uri::COMPOSITION_ECHECKUP) => "健診結果報告書",
        () => "診療情報提供書",
    };
    let starts = |name: &str| element.starts_with(name);
    if starts("section") {
        let mut at = resource;
        let mut title = "";
        for segment in element.split('.').take_while(|s| s.starts_with("section[")) {
            let index = segment.trim_start_matches("section[").trim_end_matches(']').parse::<usize>().ok();
            at = index.map_or(&Value::Null, |i| &at["section"][i]);
            title = at["title"].as_str().unwrap_or(title);
        }
        return if title.is_empty() { format!("{heading}: 本文") } else { format!("{heading}「{title}」: 本文") };
    }
    match () {
        () if starts("author") || starts("custodian") => format!("{heading}: 作成者・医療機関"),
        () if starts("event") && heading == "退院時サマリー" => format!("{heading}: 入院日・退院日"),
        () if starts("event") || starts("category") => format!("{heading}: 種類・実施日"),
        () if starts("subject") => "患者登録".into(),
        () => String::new(),
    }
}

/// The words of a concept or a plain string.
fn words(value: &Value) -> &str {
    let display = || value["coding"].as_array().into_iter().flatten().find_map(|c| c["display"].as_str());
    value.as_str().or_else(|| value["text"].as_str()).or_else(display).unwrap_or_default()
}

/// The innermost entry's resource on a path, and the element path inside of it.
fn locate<'a>(document: &'a Value, path: &'a str) -> (&'a Value, &'a str) {
    let inside = || path.split_once('.').map_or("", |(_, rest)| rest);
    let Some((index, rest)) = path.strip_prefix("Bundle.entry[").and_then(|rest| rest.split_once(']')) else {
        return (document, inside());
    };
    match (rest.strip_prefix(".resource"), index.parse::<usize>()) {
        (Some(rest), Ok(index)) => (&document["entry"][index]["resource"], rest.trim_start_matches('.')),
        _ => (document, inside()),
    }
}

/// What people call an element; empty where its name is used for too many things.
pub(super) fn label(element: &str) -> &'static str {
    match element.split('[').next().unwrap_or(element) {
        "onsetDateTime" | "onset" => "開始日",
        "abatementDateTime" => "終了日",
        "clinicalStatus" => "臨床状態",
        "verificationStatus" => "確定・疑いの区別",
        "birthDate" => "生年月日",
        "gender" => "性別",
        "address" => "住所",
        "family" => "姓",
        "given" => "名",
        "specimen" => "検査材料",
        "effective" | "effectiveDateTime" => "採取日時",
        "performer" => "責任者",
        "subject" | "patient" => "患者",
        "author" => "作成者",
        "custodian" => "管理機関",
        "section" => "セクション",
        "medication" | "medicationCodeableConcept" => "薬品",
        "dosageInstruction" => "用法・用量",
        "authoredOn" => "処方日時",
        "description" => "内容",
        "display" => "表示名",
        "coding" | "code" => "コード",
        "system" => "コード体系",
        "lastUpdated" => "最終更新日時",
        "identifier" => "識別番号",
        "manifestation" => "症状",
        "period" => "期間",
        "title" => "表題",
        "timestamp" => "作成日時",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_the_item_and_the_section() {
        let document = json!({
            "resourceType": "Bundle",
            "entry": [
                { "resource": {
                    "resourceType": "Composition",
                    "section": [{}, { "title": "構造情報", "section": [{ "title": "現病歴" }] }],
                } },
                { "resource": { "resourceType": "Condition", "code": { "text": "高血圧症" } } },
            ],
        });
        let of = |path| field(&document, path);
        assert_eq!(of("Bundle.entry[1].resource.onsetDateTime"), "傷病名「高血圧症」: 開始日");
        assert_eq!(of("Bundle.entry[0].resource.section[1].section[0].text"), "診療情報提供書「現病歴」: 本文");
        assert_eq!(of("Bundle.entry[0].resource.section"), "診療情報提供書: 本文");
        assert_eq!(of("Bundle.identifier.value"), "文書: 識別番号");
        assert_eq!(of("Bundle.entry[1].fullUrl"), "文書: 収める内容");
        assert_eq!(field(&json!({ "resourceType": "Patient" }), "Patient.birthDate"), "患者登録: 生年月日");
    }
}
