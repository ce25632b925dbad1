//! What an entry of another house becomes in our chart: coded with our masters, or why it cannot be taken over.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use fhir::import::{FoundAllergy, FoundDiagnosis, FoundResult, FoundValue};
use masters::Snapshot;
use model::{
    chart::{AllergenCategory, ModifierRef, Outcome},
    codes::AllergenCode,
    date, kana,
    labs::{LabResult, LabValue},
    master::{Disease, LabItem, Modifier},
    share::Flags,
};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};

use super::store::clean;
use crate::diagnoses::{SUSPECTED, compose};

/// The longest name and the longest reaction that the chart keeps.
const LONGEST: usize = 200;
/// No result has more than seven digits before the point (see `labs`).
const LARGEST: i64 = 10_000_000;

/// A diagnosis as our chart would hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewDiagnosis {
    pub disease: Disease,
    pub modifiers: Vec<ModifierRef>,
    pub name: String,
    pub suspected: bool,
    pub started_on: NaiveDate,
    pub ended: Option<(NaiveDate, Outcome)>,
    pub flags: Flags,
}

/// An allergy as our chart would hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewAllergy {
    pub code: AllergenCode,
    pub name: String,
    pub category: AllergenCategory,
    pub severe: bool,
    pub reaction: String,
    pub recorded_on: NaiveDate,
    /// It has no code of the masters: it is known by its words only.
    pub uncoded: bool,
}

/// A result as our chart would hold it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NewResult {
    pub result: LabResult,
    pub collected_at: DateTime<Utc>,
    /// The time of day is not said: `collected_at` is the beginning of the day.
    pub day_only: bool,
    /// It is an item of our list in the same unit, and stands beside our own values.
    pub ours: bool,
}

/// A diagnosis with our codes: by management number (病名管理番号), exchange code or claim code, in this order (the first is
/// what the profile demands, JP_Condition_eCS 記述仕様). A modifier that we do not have would change the disease, so then it is
/// only read.
pub(super) fn diagnosis(masters: &Snapshot, today: NaiveDate, found: &FoundDiagnosis) -> Result<NewDiagnosis, String> {
    let disease = disease(masters, today, found).ok_or_else(|| {
        let code = [&found.management, &found.exchange, &found.claim].into_iter().flatten().next();
        match code {
            Some(code) => format!("病名コード {code} が当院の傷病名マスターにありません。"),
            None => "病名コードがないため取り込めません。".to_owned(),
        }
    })?;
    let mut modifiers = Vec::new();
    for one in &found.modifiers {
        let known = modifier(masters, today, one)
            .ok_or_else(|| format!("修飾語「{}」が当院の修飾語マスターにありません。", clean(&one.name, LONGEST)))?;
        modifiers.push(reference(known));
    }
    let marked = |list: &[ModifierRef]| list.iter().any(|m| m.code.as_str() == SUSPECTED);
    if found.suspected && !marked(&modifiers) {
        // Our chart says の疑い by the modifier, as claims do.
        modifiers.extend(masters.modifier(SUSPECTED, today).map(reference));
    }
    if disease.never_alone && modifiers.is_empty() {
        return Err(format!("「{}」は単独では使用できません。", disease.name));
    }
    let started_on = found.started_on.ok_or("開始日がないため取り込めません。")?;
    if started_on > today {
        return Err("開始日が未来の日付です。".into());
    }
    let ended = match found.ended_on {
        Some(day) if day < started_on => return Err("終了日が開始日より前です。".into()),
        Some(day) if day > today => return Err("終了日が未来の日付です。".into()),
        // How it ended is not said: 中止 claims no cure.
        Some(day) => Some((day, found.outcome.unwrap_or(Outcome::Stopped))),
        None => None,
    };
    Ok(NewDiagnosis {
        name: compose(&disease.name, &modifiers),
        suspected: marked(&modifiers),
        disease: disease.clone(),
        modifiers,
        started_on,
        ended,
        // Keeping for long is the sender's wish for the sender's record; what the patient is not told holds here too.
        flags: Flags { long_term: false, ..found.flags },
    })
}

fn disease<'a>(masters: &'a Snapshot, today: NaiveDate, found: &FoundDiagnosis) -> Option<&'a Disease> {
    let by_claim = found.claim.as_deref().and_then(|code| masters.disease(code, today));
    let Some(management) = &found.management else {
        return match &found.exchange {
            Some(exchange) => {
                by_claim.filter(|d| d.exchange == *exchange).or_else(|| masters.disease_by_exchange(exchange, today))
            }
            None => by_claim,
        };
    };
    by_claim
        .filter(|d| d.management == *management)
        .or_else(|| masters.disease_by_management(management, today))
        // The number is none of ours: another code may be.
        .or_else(|| found.exchange.as_deref().and_then(|code| masters.disease_by_exchange(code, today)))
        .or(by_claim)
}

fn modifier<'a>(masters: &'a Snapshot, today: NaiveDate, found: &ModifierRef) -> Option<&'a Modifier> {
    let by_claim = masters.modifier(found.code.as_str(), today);
    if found.management.is_empty() {
        return by_claim;
    }
    by_claim
        .filter(|m| m.management == found.management)
        .or_else(|| masters.modifier_by_management(&found.management, today))
        .or(by_claim)
}

fn reference(modifier: &Modifier) -> ModifierRef {
    ModifierRef {
        code: modifier.code.clone(),
        name: modifier.name.clone(),
        management: modifier.management.clone(),
        suffix: modifier.suffix,
    }
}

/// An allergy with the code of our masters, else the dummy of its kind with its words (J-FAGY ダミーコード).
pub(super) fn allergy(
    masters: &Snapshot,
    today: NaiveDate,
    found: &FoundAllergy,
    made_on: NaiveDate,
) -> Result<NewAllergy, String> {
    if !found.active {
        return Err("現在は該当しないアレルギーとして記録されています。".into());
    }
    let dummy = |code: &str| ["D9M", "D9F", "D9N"].iter().any(|prefix| code.starts_with(prefix));
    let known = found.code.as_deref().filter(|code| !dummy(code)).and_then(|code| masters.allergen(code, today));
    let words = clean(&found.name, LONGEST);
    let (code, name, category, uncoded) = match known {
        Some(known) => (known.code, known.name, known.category, false),
        None if words.is_empty() => return Err("アレルゲンの名称もコードもありません。".into()),
        None => {
            let prefix = match found.category {
                AllergenCategory::Medication => "D9M",
                AllergenCategory::Food => "D9F",
                AllergenCategory::Environment => "D9N",
            };
            let code = format!("{prefix}000000000");
            masters.allergen(&code, today).ok_or("ダミーコードが当院のアレルゲンマスターにありません。")?;
            (AllergenCode(code), words, found.category, true)
        }
    };
    Ok(NewAllergy {
        code,
        name,
        category,
        severe: found.severe,
        reaction: clean(&found.reaction, LONGEST),
        recorded_on: found.recorded_on.unwrap_or(made_on).min(today),
        uncoded,
    })
}

/// A result: as an item of our list where code and unit are the same, so that it stands beside our own values; else under the
/// sender's own code with the sender's number before it, so that no two tests are taken for one.
pub(super) fn result(masters: &Snapshot, today: NaiveDate, found: &FoundResult, sender: &str) -> Result<NewResult, String> {
    let largest = Decimal::from(LARGEST);
    let value = match &found.value {
        FoundValue::Number(number, _) if number.abs() >= largest => return Err("結果値が大きすぎます。".into()),
        FoundValue::Number(number, sign) if sign.is_empty() => LabValue::Number(*number),
        // "Less than" is no number: it stands in words and in no graph.
        FoundValue::Number(number, sign) => LabValue::Text(clean(&format!("{sign}{number}"), LONGEST)),
        FoundValue::Text(words) if words.trim().is_empty() => return Err("結果値がありません。".into()),
        FoundValue::Text(words) => LabValue::Text(clean(words, LONGEST)),
        FoundValue::Missing(why) if why.is_empty() => return Err("結果値がありません。".into()),
        FoundValue::Missing(why) => return Err(format!("結果値がありません（{}）。", clean(why, LONGEST))),
    };
    let (collected_at, day_only) = collected(found).ok_or("採取日がないため取り込めません。")?;
    if date::day_of(collected_at) > today {
        return Err("採取日が未来の日付です。".into());
    }
    let item = item(masters, today, found);
    let (local_code, ours) = match item {
        Some(item) => (item.local_code.clone(), true),
        None => (foreign_code(sender, found), false),
    };
    let name = item.map_or_else(|| clean(&found.name, LONGEST), |item| item.name.clone());
    if name.is_empty() {
        return Err("検査項目の名称がありません。".into());
    }
    let limit = |limit: Option<Decimal>| limit.filter(|l| l.abs() < largest);
    let specimen = clean(&found.specimen, LONGEST);
    Ok(NewResult {
        result: LabResult {
            local_code,
            name,
            jlac10: found.jlac10.clone().or_else(|| item.and_then(|item| item.jlac10.first().cloned())),
            fhir_name: found.fhir_name.clone().or_else(|| item.map(|item| item.fhir_name.clone())).filter(|n| !n.is_empty()),
            infection: found.infection,
            specimen: if specimen.is_empty() { item.map(|item| item.specimen.clone()).unwrap_or_default() } else { specimen },
            value,
            unit: match (found.unit.is_empty(), item) {
                // Words have no unit of their own in a document; the item's stands as it does with our own results.
                (true, Some(item)) if !matches!(found.value, FoundValue::Number(..)) => item.unit.clone(),
                _ => clean(&found.unit, 40),
            },
            low: limit(found.low),
            high: limit(found.high),
        },
        collected_at,
        day_only,
        ours,
    })
}

/// When the specimen was taken; a day alone begins at midnight, as with results typed without a time.
fn collected(found: &FoundResult) -> Option<(DateTime<Utc>, bool)> {
    let midnight =
        |day: NaiveDate| Some(day.and_time(NaiveTime::MIN).and_local_timezone(date::japan()).single()?.with_timezone(&Utc));
    match found.collected_at {
        Some(at) => Some((at, false)),
        None => Some((midnight(found.collected_on?)?, true)),
    }
}

/// The item of our list: by its fixed display (FHIR識別名) or one of its JLAC10 codes. Numbers in another unit are another
/// series.
fn item<'a>(masters: &'a Snapshot, today: NaiveDate, found: &FoundResult) -> Option<&'a LabItem> {
    let listed = || masters.labs().into_iter().filter(|item| item.validity.covers(today));
    let by_name = found.fhir_name.as_deref().and_then(|name| listed().find(|item| item.fhir_name == name));
    let by_code = || found.jlac10.as_ref().and_then(|code| listed().find(|item| item.jlac10.contains(code)));
    let item = by_name.or_else(by_code)?;
    let number = matches!(found.value, FoundValue::Number(..));
    (!number || same_unit(&item.unit, &found.unit)).then_some(item)
}

/// Whether two printed units are one: width, case and the two signs of micro do not matter; IU is U.
pub(super) fn same_unit(a: &str, b: &str) -> bool {
    let plain = |unit: &str| kana::fold(unit).replace('μ', "u").replace('×', "").replace("iu/", "u/").replace("秒", "sec");
    plain(a) == plain(b)
}

/// A code for an item that is none of ours: the sender's number, then the sender's code, else JLAC10, else a number made of the
/// name. Letters, digits, `_` and `-` only, as R6021 has it.
fn foreign_code(sender: &str, found: &FoundResult) -> String {
    let fits =
        |text: &str| text.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).take(40).collect::<String>();
    let own = match fits(&found.local_code) {
        own if !own.is_empty() && own == found.local_code => own,
        _ => match &found.jlac10 {
            Some(code) => fits(code.as_str()),
            None => {
                let digest = Sha256::digest(format!("{}\n{}", found.local_code, kana::fold(&found.name)).as_bytes());
                digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
            }
        },
    };
    let sender = fits(sender);
    if sender.is_empty() { format!("X_{own}") } else { format!("{sender}_{own}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_compared_as_people_read_them() {
        for (a, b) in [("mg/dL", "mg/dl"), ("U/L", "IU/L"), ("/μL", "/µL"), ("×10^4/μL", "10^4/uL"), ("秒", "sec"), ("", "")]
        {
            assert!(same_unit(a, b), "{a} {b}");
        }
        for (a, b) in [("mg/dL", "g/dL"), ("mg/dL", ""), ("10^4/μL", "10^3/μL")] {
            assert!(!same_unit(a, b), "{a} {b}");
        }
    }
}
