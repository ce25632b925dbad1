//! Sections of a document: code, fixed title, narrative, entries.
//!
//! Titles and codes: JP_Composition_eReferral 1.5.2 (section slices); a section whose content is words alone says so with
//! the reason `unavailable` (history 1.11).

use super::parts::{coding, object};
use crate::{text::div, uri};
use serde_json::{Value, json};

/// A section's code and fixed title.
pub(super) struct Heading(pub &'static str, pub &'static str);

/// 紹介元情報.
pub(super) const FROM: Heading = Heading("920", "紹介元情報");
/// 紹介先情報.
pub(super) const TO: Heading = Heading("910", "紹介先情報");
/// 構造情報.
pub(super) const STRUCTURED: Heading = Heading("300", "構造情報");
/// 備考・連絡情報.
pub(super) const REMARKS: Heading = Heading("220", "備考・連絡情報");
/// 紹介目的.
pub(super) const PURPOSE: Heading = Heading("950", "紹介目的");
/// 傷病名・主訴.
pub(super) const PROBLEM: Heading = Heading("340", "傷病名・主訴");
/// 現病歴.
pub(super) const PRESENT_ILLNESS: Heading = Heading("360", "現病歴");
/// 既往歴.
pub(super) const PAST_ILLNESS: Heading = Heading("370", "既往歴");
/// アレルギー・不耐性反応.
pub(super) const ALLERGY: Heading = Heading("510", "アレルギー・不耐性反応");
/// 家族歴.
pub(super) const FAMILY_HISTORY: Heading = Heading("550", "家族歴");
/// 社会歴・生活習慣.
pub(super) const SOCIAL_HISTORY: Heading = Heading("640", "社会歴・生活習慣");
/// 身体所見.
pub(super) const FINDINGS: Heading = Heading("610", "身体所見");
/// 検査結果.
pub(super) const STUDIES: Heading = Heading("620", "検査結果");
/// 臨床経過.
pub(super) const COURSE: Heading = Heading("330", "臨床経過");

/// 投薬指示.
pub(super) const DRUGS: Heading = Heading("430", "投薬指示");
/// 添付情報.
pub(super) const ATTACHED: Heading = Heading("210", "添付情報");
/// PDF.
pub(super) const PDF: Heading = Heading("230", "PDF");
/// 計画サマリー (JP_Composition_ePCS).
pub(super) const PLAN: Heading = Heading("422", "計画サマリー");

fn code(heading: &Heading) -> Value {
    json!({ "coding": [coding(uri::SECTION, heading.0, &format!("{}セクション", heading.1))] })
}

/// A section with words and references to entries; with words alone it says that coded entries are unavailable.
pub(super) fn section(heading: &Heading, words: &str, references: Vec<Value>) -> Value {
    let empty = references.is_empty().then(
        || json!({ "coding": [coding("http://terminology.hl7.org/CodeSystem/list-empty-reason", "unavailable", "Unavailable")] }),
    );
    object(json!({
        "title": heading.1,
        "code": code(heading),
        "text": { "status": "additional", "div": div(words) },
        "entry": if references.is_empty() { Value::Null } else { Value::Array(references) },
        "emptyReason": empty,
    }))
}

/// The section that holds the structured ones.
pub(super) fn structured(sections: Vec<Value>) -> Value {
    json!({ "title": STRUCTURED.1, "code": code(&STRUCTURED), "section": sections })
}

/// A section with references and no words.
pub(super) fn silent(heading: &Heading, references: Vec<Value>) -> Value {
    json!({ "title": heading.1, "code": code(heading), "entry": references })
}
