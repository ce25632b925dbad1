//! The R-numbered rules of JP-CLINS and what its prose demands, resource by resource and for the bundle.
//!
//! R numbers: the invariants of JP_Bundle_CLINS, JP_Patient_eCS, JP_MedicationRequest_eCS and JP_MedicationDosage_eCS 1.5.2, and
//! of its later history (up to 1.11). Prose: the 記述仕様 of each profile.

use super::{Issues, invariants::codes, rules_lab, slices::claims};
use crate::{build::allergen_system, member, text::untidy, uri};
use serde_json::Value;

/// Profile of a single result of a health check.
const CHECKUP_OBSERVATION: &str = "http://jpfhir.jp/fhir/eCheckup/StructureDefinition/JP_Observation_eCheckupGeneral";

pub(super) fn claims_profile(resource: &Value, profile: &str) -> bool {
    claims(resource).any(|p| p == profile)
}

/// `^[0-4][0-9][1-3][0-9]{7}$`.
pub(crate) fn is_institution(text: &str) -> bool {
    let b = text.as_bytes();
    b.len() == 10 && b.iter().all(u8::is_ascii_digit) && b[0] <= b'4' && (b'1'..=b'3').contains(&b[2])
}

/// R2152: `^[0-4][0-9][1-3][0-9]{7}[\^]20[2-3][0-9][\^][A-Za-z0-9\-]{1,36}$`.
pub(crate) fn is_bundle_identifier(text: &str) -> bool {
    let parts: Vec<&str> = text.split('^').collect();
    let [institution, year, rest] = parts[..] else { return false };
    let y = year.as_bytes();
    is_institution(institution)
        && y.len() == 4
        && year.starts_with("20")
        && matches!(y[2], b'2' | b'3')
        && y[3].is_ascii_digit()
        && (1..=36).contains(&rest.len())
        && rest.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

/// Rules of one resource, by the profile it claims.
pub(super) fn resource(value: &Value, kind: &str, path: &str, issues: &mut Issues) {
    for (index, extension) in value["extension"].as_array().into_iter().flatten().enumerate() {
        if extension["url"] == uri::EXT_INSTITUTION && !extension["valueIdentifier"]["value"].as_str().is_some_and(is_institution)
        {
            let at = format!("{path}.extension[{index}].valueIdentifier.value");
            issues.error("invariant", "R9012", &at, "医療機関番号は都道府県2桁・点数表1桁・医療機関7桁の10桁です。");
        }
    }
    tags(value, kind, path, issues);
    let five = [uri::CONDITION, uri::ALLERGY, uri::OBSERVATION_LAB, uri::MEDICATION_REQUEST];
    if five.iter().any(|profile| claims_profile(value, profile)) {
        sender_extensions(value, path, issues);
    }
    match kind {
        "Practitioner" => practitioner(value, path, issues),
        "Patient" if claims_profile(value, uri::PATIENT) => patient(value, path, issues),
        "Patient" if claims_profile(value, uri::CHECKUP_PATIENT) => patient(value, path, issues),
        "Condition" if claims_profile(value, uri::CONDITION) => condition(value, path, issues),
        "AllergyIntolerance" if claims_profile(value, uri::ALLERGY) => allergy(value, path, issues),
        "Observation" if claims_profile(value, uri::OBSERVATION_LAB) => rules_lab::observation(value, path, issues),
        "MedicationRequest" if claims_profile(value, uri::MEDICATION_REQUEST) => medication(value, path, issues),
        "Composition" => composition(value, path, issues),
        "Observation" if claims(value).any(|p| p == CHECKUP_OBSERVATION) => rules_lab::with_value(value, path, issues),
        "Encounter" if [uri::CORE_ENCOUNTER, uri::ENCOUNTER].iter().any(|p| claims_profile(value, p)) => {
            encounter(value, path, issues);
        }
        _ => {}
    }
}

/// What stands in the extensions for institution and department where they are there (記述仕様 extension; 1.11 states it in the
/// profiles): the number with its system, the department with its name.
fn sender_extensions(value: &Value, path: &str, issues: &mut Issues) {
    for (index, extension) in value["extension"].as_array().into_iter().flatten().enumerate() {
        let at = format!("{path}.extension[{index}]");
        if extension["url"] == uri::EXT_INSTITUTION && extension["valueIdentifier"]["system"] != uri::INSTITUTION_NUMBER {
            let text = format!("医療機関番号のsystemは {} です。", uri::INSTITUTION_NUMBER);
            issues.error("business-rule", "JP_eCS_InstitutionNumber", &format!("{at}.valueIdentifier.system"), text);
        }
        if extension["url"] == uri::EXT_DEPARTMENT && !extension["valueCodeableConcept"]["text"].is_string() {
            let at = format!("{at}.valueCodeableConcept.text");
            issues.later("business-rule", "JP_eCS_Department", &at, "診療科の名称（text）は必須です。");
        }
    }
}

/// R1090: the doctor's identifier at an institution names that institution.
fn practitioner(value: &Value, path: &str, issues: &mut Issues) {
    for (index, identifier) in value["identifier"].as_array().into_iter().flatten().enumerate() {
        let own = identifier["system"].as_str().and_then(|s| s.strip_prefix(uri::LOCAL_DOCTOR_PREFIX));
        if own.is_some_and(|rest| !rest.strip_prefix('1').is_some_and(is_institution)) {
            let at = format!("{path}.identifier[{index}].system");
            issues.error("invariant", "R1090", &at, "施設医師IDのsystemは末尾が「1＋医療機関番号10桁」です。");
        }
    }
}

/// Flags a kind of resource may carry. Since 1.6.0 other systems may stand beside them, and before that the closed slices say
/// the same; drug orders carry none since 1.5.3.
fn tags(value: &Value, kind: &str, path: &str, issues: &mut Issues) {
    let allowed: &[&str] = match kind {
        "Condition" => &["LTS", "UNINFORMED", "UNDELIVERED"],
        "AllergyIntolerance" | "Observation" => &["LTS"],
        "MedicationRequest" => &[],
        _ => return,
    };
    if !issues.version.is_later() {
        return;
    }
    for (index, tag) in value["meta"]["tag"].as_array().into_iter().flatten().enumerate() {
        if tag["system"] == uri::INDICATION && !tag["code"].as_str().is_some_and(|code| allowed.contains(&code)) {
            let text = if allowed.is_empty() {
                format!("{kind} に共有サービスのフラグは記述できません。")
            } else {
                format!("{kind} に記述できるフラグは {} だけです。", allowed.join("・"))
            };
            issues.error("business-rule", "JP-CLINS 1.6 meta.tag", &format!("{path}.meta.tag[{index}].code"), text);
        }
    }
}

fn identifiers<'a>(value: &'a Value, system: &str) -> Vec<&'a str> {
    let list = value["identifier"].as_array().into_iter().flatten();
    list.filter(|i| i["system"] == system).map(|i| i["value"].as_str().unwrap_or_default()).collect()
}

fn patient(value: &Value, path: &str, issues: &mut Issues) {
    let at = format!("{path}.identifier");
    let (insured, public) = (identifiers(value, uri::MEMBER_ID), identifiers(value, uri::PUBLIC_MEMBER_ID));
    // R1012 of 1.5.2 asks for the first system; from 1.11 exactly one of the two. Who is on public assistance has only the
    // second, so before 1.11 it is let pass with a warning.
    if insured.len() + public.len() != 1 {
        issues.error("invariant", "R1012", &at, "被保険者個人識別子は1つだけ必須です。");
    } else if !public.is_empty() && !issues.version.is_later() {
        let text = "生活保護の識別子は1.11からの仕様です（1.5.2の検証では不合格になります）。";
        issues.warn("business-rule", "R1012", &at, text);
    }
    if insured.iter().any(|v| !member::is_insurance_value(v)) {
        let text = "被保険者個人識別子は「保険者番号8桁:記号:番号:枝番2桁」の形式で、空白を含まず、コロン3個が必要です。";
        issues.error("invariant", "R1013", &at, text);
    }
    if public.iter().any(|v| !member::is_public_value(v)) {
        issues.error("invariant", "R1013 (1.11)", &at, "公費の識別子は「負担者番号8桁::受給者番号7桁:」の形式です。");
    }
    let local: Vec<&str> = value["identifier"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|i| i["system"].as_str()?.strip_prefix(uri::LOCAL_PATIENT_PREFIX))
        .collect();
    let own = institution_of(value);
    match local.as_slice() {
        [] => {}
        [rest] => match rest.strip_prefix('1').filter(|number| is_institution(number)) {
            None => issues.error("invariant", "R1010", &at, "施設患者番号のsystemは末尾が「1＋医療機関番号10桁」です。"),
            Some(number) if own.is_some_and(|own| own != number) => {
                issues.error("invariant", "R1011", &at, "施設患者番号の医療機関番号と、医療機関番号拡張が一致しません。");
            }
            Some(_) => {}
        },
        _ => issues.error("invariant", "R1010", &at, "施設患者番号は1つだけ記述します。"),
    }
    let names = value["name"].as_array().map(Vec::as_slice).unwrap_or_default();
    let represented = |name: &Value| {
        let list = name["extension"].as_array().into_iter().flatten();
        list.clone().any(|e| e["url"] == uri::EXT_NAME_REPRESENTATION)
    };
    if !names.is_empty() && !names.iter().any(represented) {
        let text = "氏名には漢字（IDE）またはカナ（SYL）の区別が少なくとも1つ必要です。";
        issues.warn("business-rule", "R1112", &format!("{path}.name"), text);
    }
    for (index, name) in names.iter().enumerate() {
        if represented(name) && name["text"].as_str().is_some_and(|t| t.contains('\u{3000}')) {
            issues.error("invariant", "R1113", &format!("{path}.name[{index}].text"), "患者氏名に全角空白は使えません。");
        }
    }
}

pub(super) fn institution_of(value: &Value) -> Option<&str> {
    let list = value["extension"].as_array().into_iter().flatten();
    list.filter(|e| e["url"] == uri::EXT_INSTITUTION).find_map(|e| e["valueIdentifier"]["value"].as_str())
}

fn condition(value: &Value, path: &str, issues: &mut Issues) {
    let clinical = codes(&value["clinicalStatus"], "http://terminology.hl7.org/CodeSystem/condition-clinical");
    let verification = codes(&value["verificationStatus"], "http://terminology.hl7.org/CodeSystem/condition-ver-status");
    if value["clinicalStatus"].is_null() && !verification.contains(&"entered-in-error") {
        let text = "臨床状態（clinicalStatus）は必須です（誤登録を除く）。";
        issues.error("business-rule", "JP_Condition_eCS clinicalStatus", &format!("{path}.clinicalStatus"), text);
    }
    if clinical.iter().any(|c| matches!(*c, "recurrence" | "relapse" | "inactive")) {
        issues.later(
            "business-rule",
            "JP-CLINS 1.10 clinicalStatus",
            &format!("{path}.clinicalStatus"),
            "1.10以降この臨床状態は使いません。",
        );
    }
    if value["verificationStatus"].is_object() && verification.is_empty() {
        issues.error(
            "business-rule",
            "JP_Condition_eCS verificationStatus",
            &format!("{path}.verificationStatus"),
            "確定・疑いの区別のコードがありません。",
        );
    }
    let suspected = value["code"]["extension"].as_array().into_iter().flatten().any(|e| {
        let concept = &e["valueCodeableConcept"];
        let named = |text: &Value| text.as_str().is_some_and(|t| t.contains("疑い"));
        e["url"] == uri::EXT_POSTFIX
            && (named(&concept["text"]) || concept["coding"].as_array().into_iter().flatten().any(|c| named(&c["display"])))
    });
    if suspected && verification.contains(&"confirmed") {
        let text = "「の疑い」の傷病名はverificationStatusをunconfirmedにします。";
        issues.error("business-rule", "JP_Condition_eCS 疑い病名", &format!("{path}.verificationStatus"), text);
    }
    for code in codes(&value["code"], uri::DISEASE_KEY) {
        if code.len() != 8 || !code.bytes().all(|b| b.is_ascii_digit()) {
            issues.error(
                "code-invalid",
                "MEDIS 病名管理番号",
                &format!("{path}.code"),
                format!("病名管理番号は8桁の数字です（{code}）。"),
            );
        }
    }
    tidy_concept(&value["code"], &format!("{path}.code"), issues);
}

fn allergy(value: &Value, path: &str, issues: &mut Issues) {
    let categories: Vec<&str> = value["category"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if categories.contains(&"biologic") {
        issues.warn(
            "business-rule",
            "JP_AllergyIntolerance_eCS category",
            &format!("{path}.category"),
            "種類biologicは使いません。",
        );
    }
    if categories.contains(&"medication") && value["criticality"] != "high" {
        let text = "薬剤アレルギー等では重症度highの記述が推奨されます。";
        issues.warn("business-rule", "R2011", &format!("{path}.criticality"), text);
    }
    for (index, coding) in value["code"]["coding"].as_array().into_iter().flatten().enumerate() {
        let at = format!("{path}.code.coding[{index}]");
        let (code, system) = (coding["code"].as_str().unwrap_or_default(), coding["system"].as_str().unwrap_or_default());
        let ours = [uri::ALLERGEN_FOOD, uri::ALLERGEN_OTHER, uri::ALLERGEN_DRUG, uri::ALLERGEN_DRUG_GENERIC].contains(&system);
        match allergen_system(code) {
            Some(of) if system.is_empty() || of == system => {}
            Some(of) => {
                let text = format!("アレルゲンコード {code} のコード体系は {of} です。");
                issues.error("code-invalid", "JP_AllergyIntolerance_eCS メタコード", &at, text);
            }
            None if ours => {
                let text = format!("アレルゲンコード {code} の接頭3文字は規定のものではありません。");
                issues.error("code-invalid", "JP_AllergyIntolerance_eCS メタコード", &at, text);
            }
            None => {}
        }
        let body = code.get(3..).unwrap_or_default();
        let length = match code.get(..3) {
            Some("YCM" | "GCM") => 12,
            Some("J9F" | "J9N" | "D9F" | "D9N" | "D9M") => 9,
            _ => continue,
        };
        if body.len() != length || !body.bytes().all(|b| b.is_ascii_alphanumeric()) {
            let text = format!("アレルゲンコード {code} は接頭3文字の後に{length}桁の英数字が必要です。");
            issues.error("code-invalid", "JP_AllergyIntolerance_eCS メタコード", &at, text);
        }
    }
    tidy_concept(&value["code"], &format!("{path}.code"), issues);
}

fn medication(value: &Value, path: &str, issues: &mut Issues) {
    let concept = &value["medicationCodeableConcept"];
    let count = |system: &str| codes(concept, system).len();
    let standard = [
        "http://capstandard.jp/iyaku.info/CodeSystem/YJ-code",
        "http://jpfhir.jp/fhir/eCS/CodeSystem/MedicationCodeNocoded_CS",
        "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/MedicationGeneralOrderCode",
    ];
    if concept.is_object() && !standard.iter().any(|system| count(system) == 1) {
        let text = "薬品にはYJコード・一般名コード・標準コードなしのいずれかが必要です。";
        issues.error("invariant", "R3010", &format!("{path}.medicationCodeableConcept"), text);
    }
    // R3010 and R3011 as they came after 1.5.2: for the platform the YJ code is wanted, or the code by ingredient and strength.
    if issues.version.is_later()
        && concept.is_object()
        && !["http://capstandard.jp/iyaku.info/CodeSystem/YJ-code", "http://capstandard.jp/CodeSystem/KikakubetsuYakuzaiSeibun"]
            .iter()
            .any(|system| count(system) == 1)
    {
        let text = "電子カルテ情報共有サービスではYJコードまたは規格別薬剤成分コードが必要です。";
        issues.warn("invariant", "R3010 (1.11)", &format!("{path}.medicationCodeableConcept"), text);
    }
    drug_units(value, path, issues);
    for (index, dosage) in value["dosageInstruction"].as_array().into_iter().flatten().enumerate() {
        let concept = &dosage["timing"]["code"];
        let dummy = codes(concept, "http://jpfhir.jp/fhir/clins/CodeSystem/JP_CLINS_MedicationUsage_Uncoded_CS")
            .contains(&"0X0XXXXXXXXX0000");
        let coded = !codes(concept, "http://jpfhir.jp/fhir/core/mhlw/CodeSystem/MedicationUsage_ePrescription").is_empty();
        if dummy == coded {
            let rule = if dummy { "R5021" } else { "R5020" };
            let at = format!("{path}.dosageInstruction[{index}].timing.code");
            issues.error("invariant", rule, &at, "用法は電子処方箋用法コードかダミー用法コードのどちらか一方だけを記述します。");
        }
    }
}

/// Units of drugs are those of MERIT-9, those of time those of UCUM (dosageInstruction 記述仕様).
fn drug_units(value: &Value, path: &str, issues: &mut Issues) {
    let mut check = |quantity: &Value, at: String, system: &str| {
        if quantity.is_object() && quantity["system"] != system {
            let text = format!("単位のコード体系は {system} です。");
            issues.error("business-rule", "JP_MedicationDosage_eCS 単位", &format!("{at}.system"), text);
        }
    };
    check(&value["dispenseRequest"]["quantity"], format!("{path}.dispenseRequest.quantity"), uri::DRUG_UNIT);
    for (i, dosage) in value["dosageInstruction"].as_array().into_iter().flatten().enumerate() {
        for (j, rate) in dosage["doseAndRate"].as_array().into_iter().flatten().enumerate() {
            let at = format!("{path}.dosageInstruction[{i}].doseAndRate[{j}]");
            check(&rate["doseQuantity"], format!("{at}.doseQuantity"), uri::DRUG_UNIT);
            check(&rate["rateRatio"]["numerator"], format!("{at}.rateRatio.numerator"), uri::DRUG_UNIT);
            check(&rate["rateRatio"]["denominator"], format!("{at}.rateRatio.denominator"), uri::UCUM);
        }
    }
}

/// In or out (入外区分): the encounter is there for it (JP_Condition_eCS and others, 記述仕様 contained).
fn encounter(value: &Value, path: &str, issues: &mut Issues) {
    let class = &value["class"];
    if class["system"] != "http://terminology.hl7.org/CodeSystem/v3-ActCode" || !class["code"].is_string() {
        let text = "入外区分はv3-ActCodeのコード（AMB 外来、IMP 入院 など）で記述します。";
        issues.error("business-rule", "JP_Encounter 入外区分", &format!("{path}.class"), text);
    }
}

fn composition(value: &Value, path: &str, issues: &mut Issues) {
    if issues.version.is_later() && claims_profile(value, uri::COMPOSITION_EREFERRAL) {
        silent_sections(&value["section"], &format!("{path}.section"), issues);
    }
    for (index, author) in value["author"].as_array().into_iter().flatten().enumerate() {
        if !author["reference"].is_string() {
            let at = format!("{path}.author[{index}].reference");
            issues.error("business-rule", "Composition 作成者", &at, "作成者は文書の中の医師・医療機関を参照して記述します。");
        }
    }
    let documents = ["JP_Composition_eReferral", "JP_Composition_eDischargeSummary"];
    if !claims(value).any(|p| documents.iter().any(|d| p.ends_with(d))) {
        return;
    }
    let has = |code: &str| {
        let list = value["section"].as_array().into_iter().flatten();
        list.flat_map(|s| s["code"]["coding"].as_array().into_iter().flatten()).any(|c| c["code"] == code)
    };
    if has("200") == has("300") {
        let text = "CDA参照セクション（200）と構造情報セクション（300）は、どちらか一方だけを記述します。";
        issues.error("invariant", "checkExist-CDASection-or-CompositionSection", &format!("{path}.section"), text);
    }
}

/// A section of words alone says with `emptyReason` that coded entries are unavailable (1.11; no error there either).
fn silent_sections(list: &Value, path: &str, issues: &mut Issues) {
    for (index, section) in list.as_array().into_iter().flatten().enumerate() {
        let at = format!("{path}[{index}]");
        let words_alone = section["entry"].is_null() && section["section"].is_null() && !section["text"].is_null();
        if words_alone && section["emptyReason"].is_null() {
            let text = "本文だけのセクションにはemptyReason（unavailable）を記述します。";
            issues.warn("business-rule", "JP-CLINS 1.11 emptyReason", &at, text);
        }
        silent_sections(&section["section"], &format!("{at}.section"), issues);
    }
}

/// Character rules of the words that receivers show; half-width katakana and control characters are never right.
pub(super) fn tidy_concept(concept: &Value, path: &str, issues: &mut Issues) {
    let codings = concept["coding"].as_array().into_iter().flatten().enumerate();
    let words = codings.map(|(i, c)| (format!("{path}.coding[{i}].display"), &c["display"]));
    for (at, text) in words.chain([(format!("{path}.text"), &concept["text"])]) {
        if let Some(flaw) = text.as_str().and_then(untidy) {
            issues.warn("business-rule", "文字の制限", &at, flaw);
        }
    }
}
