//! A document read into what people see: its entries by number, its sections, its files.
//!
//! An entry keeps its number for the life of the document: each kind counts from its own beginning, so that a parser that
//! learns to read more of one kind moves no other.

use super::store::Head;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use fhir::{
    domain::{CheckupItem, CheckupValue},
    import::{FoundAllergy, FoundDiagnosis, FoundDrug, FoundResult, FoundValue, Imported, Refusal},
};
use model::{
    date,
    ids::*,
    labs::{LabFlag, LabResult, LabValue},
    outside::*,
};

/// How far apart the kinds begin.
const APART: u32 = 100_000;
/// How many findings are shown of one document.
const NOTES: usize = 30;

/// One entry.
#[derive(Debug, Clone, Copy)]
pub(super) enum Found<'a> {
    Diagnosis(&'a FoundDiagnosis),
    Allergy(&'a FoundAllergy),
    Result(&'a FoundResult),
    Drug(&'a FoundDrug),
    Item(&'a CheckupItem, NaiveDate),
    Plan(&'a fhir::domain::CarePlan),
    Stay(&'a fhir::domain::Stay),
}

/// Every entry with its number.
pub(super) fn entries(imported: &Imported) -> Vec<(u32, Found<'_>)> {
    let checkup = imported.checkup.iter().flat_map(|c| c.items.iter().map(|item| Found::Item(item, c.done_on)));
    let kinds: [Vec<Found<'_>>; 7] = [
        imported.diagnoses.iter().map(Found::Diagnosis).collect(),
        imported.allergies.iter().map(Found::Allergy).collect(),
        imported.results.iter().map(Found::Result).collect(),
        imported.drugs.iter().map(Found::Drug).collect(),
        checkup.collect(),
        imported.plan.iter().map(Found::Plan).collect(),
        imported.stay.iter().map(Found::Stay).collect(),
    ];
    (0u32..).zip(kinds).flat_map(|(kind, list)| (kind * APART..).zip(list).take(APART as usize)).collect()
}

/// The document without where its entries stand; `standing` says that of each.
pub(super) fn document(
    head: &Head,
    read: &Result<Imported, Refusal>,
    standing: impl Fn(u32, &Found<'_>) -> Standing,
) -> OutsideDocument {
    let base = OutsideDocument {
        id: ReceivedId(head.id),
        kind: head.kind(),
        institution: head.sender(),
        department: head.department.clone(),
        doctor: head.doctor.clone(),
        shared_on: head.made_on,
        fetched_at: head.fetched_at,
        sections: Vec::new(),
        entries: Vec::new(),
        files: Vec::new(),
        others: Vec::new(),
        notes: Vec::new(),
        refused: Vec::new(),
    };
    let imported = match read {
        Ok(imported) => imported,
        Err(refusal) => return OutsideDocument { refused: refusal.reasons.clone(), ..base },
    };
    let sections = imported.sections.iter().filter(|s| !s.title.is_empty() || !s.text.is_empty());
    OutsideDocument {
        sections: sections
            .map(|s| OutsideSection {
                title: s.title.clone(),
                text: s.text.clone(),
                depth: u32::try_from(s.depth).unwrap_or(u32::MAX),
            })
            .collect(),
        entries: entries(imported)
            .into_iter()
            .map(|(index, found)| OutsideEntry { index, content: content(&found), standing: standing(index, &found) })
            .collect(),
        files: (0u32..)
            .zip(&imported.files)
            .map(|(index, file)| OutsideFile {
                index,
                title: if file.title.is_empty() { format!("添付{}", index + 1) } else { file.title.clone() },
                content_type: file.content_type.clone(),
                size: file.data.len() as u64,
            })
            .collect(),
        others: imported.others.clone(),
        notes: notes(imported),
        ..base
    }
}

fn notes(imported: &Imported) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for issue in &imported.notes {
        let line = match issue.rule.is_empty() {
            true => issue.message_ja.clone(),
            false => format!("{}（{}）", issue.message_ja, issue.rule),
        };
        if !all.contains(&line) {
            all.push(line);
        }
    }
    if all.len() > NOTES {
        let more = all.len() - NOTES;
        all.truncate(NOTES);
        all.push(format!("ほか{more}件"));
    }
    all
}

fn content(found: &Found<'_>) -> EntryContent {
    match found {
        Found::Diagnosis(d) => EntryContent::Diagnosis {
            name: d.name.clone(),
            suspected: d.suspected,
            started_on: d.started_on,
            ended_on: d.ended_on,
            flags: d.flags,
        },
        Found::Allergy(a) => EntryContent::Allergy {
            name: a.name.clone(),
            category: Some(a.category),
            severe: a.severe,
            reaction: a.reaction.clone(),
            recorded_on: a.recorded_on,
        },
        Found::Result(r) => result(r),
        Found::Drug(d) => drug(d),
        Found::Item(item, day) => checkup(item, *day),
        Found::Plan(plan) => {
            let until = plan.until.map(|day| day.to_string()).unwrap_or_default();
            EntryContent::Words {
                title: "療養計画".into(),
                text: format!("{}\n期間: {}〜{until}\n作成日: {}", plan.description, plan.from, plan.written_on),
            }
        }
        Found::Stay(stay) => {
            let (from, to) = (date::day_of(stay.admitted_at), date::day_of(stay.discharged_at));
            EntryContent::Words { title: "入院".into(), text: format!("{from}〜{to}\n転帰: {}", stay.disposition.code().1) }
        }
    }
}

fn result(r: &FoundResult) -> EntryContent {
    let value = match &r.value {
        FoundValue::Number(number, sign) if sign.is_empty() => Some(LabValue::Number(*number)),
        FoundValue::Number(number, sign) => Some(LabValue::Text(format!("{sign}{number}"))),
        FoundValue::Text(words) => Some(LabValue::Text(words.clone())),
        FoundValue::Missing(_) => None,
    };
    // The sender's mark counts; where there is none, the sender's range.
    let flag = match r.flag.as_str() {
        "H" | "HH" | "HU" => Some(LabFlag::H),
        "L" | "LL" | "LU" => Some(LabFlag::L),
        "N" => Some(LabFlag::N),
        _ => value.clone().and_then(|value| within(value, r.low, r.high)),
    };
    let day = r.collected_on.and_then(midnight);
    EntryContent::Result {
        name: r.name.clone(),
        value,
        unit: r.unit.clone(),
        low: r.low,
        high: r.high,
        flag,
        collected_at: r.collected_at.or(day),
        local_code: String::new(),
    }
}

fn midnight(day: NaiveDate) -> Option<DateTime<Utc>> {
    Some(day.and_time(NaiveTime::MIN).and_local_timezone(date::japan()).single()?.with_timezone(&Utc))
}

fn within(value: LabValue, low: Option<rust_decimal::Decimal>, high: Option<rust_decimal::Decimal>) -> Option<LabFlag> {
    let nothing = String::new;
    let result = LabResult {
        local_code: nothing(),
        name: nothing(),
        jlac10: None,
        fhir_name: None,
        infection: false,
        specimen: nothing(),
        value,
        unit: nothing(),
        low,
        high,
    };
    result.flag()
}

fn drug(d: &FoundDrug) -> EntryContent {
    let mut words = match d.words.is_empty() {
        false => d.words.clone(),
        true => {
            let amount = d.per_day.map(|n| format!("1日{n}{}", d.unit)).or(d.per_time.map(|n| format!("1回{n}{}", d.unit)));
            [amount.unwrap_or_default(), d.usage.clone()].into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
        }
    };
    let counted = d.days.map(|n| format!("{n}日分")).or(d.times.map(|n| format!("{n}回分")));
    if let Some(counted) = counted.filter(|counted| !words.contains(counted.as_str())) {
        words = format!("{words} {counted}").trim().to_owned();
    }
    EntryContent::Drug { name: d.name.clone(), words, prescribed_on: d.prescribed_at.map(date::day_of).or(d.start) }
}

fn checkup(item: &CheckupItem, day: NaiveDate) -> EntryContent {
    let detail = item.detail.as_ref().map(|(_, name, words)| format!("{name}: {words}"));
    let (value, unit) = match &item.value {
        CheckupValue::Number { value, unit } => (Some(LabValue::Number(*value)), unit.clone()),
        CheckupValue::Choice { display, .. } => (Some(LabValue::Text(display.clone())), String::new()),
        CheckupValue::Words(words) => (Some(LabValue::Text(words.clone())), String::new()),
        CheckupValue::Missing(_) => (None, String::new()),
    };
    if item.asked || detail.is_some() {
        let shown = match (&value, &item.value) {
            (Some(value), _) => format!("{} {unit}", value.show()).trim().to_owned(),
            (None, CheckupValue::Missing(why)) if !why.is_empty() => format!("未実施（{why}）"),
            (None, _) => "未実施".to_owned(),
        };
        let text = [Some(shown), detail].into_iter().flatten().collect::<Vec<_>>().join("\n");
        return EntryContent::Words { title: item.name.clone(), text };
    }
    let flag = value.clone().and_then(|value| within(value, item.low, item.high));
    EntryContent::Result {
        name: item.name.clone(),
        value,
        unit,
        low: item.low,
        high: item.high,
        flag,
        collected_at: midnight(day),
        local_code: String::new(),
    }
}

/// A file that came along, by its number.
pub(super) fn file(imported: Imported, index: u32) -> Option<fhir::domain::Attachment> {
    imported.files.into_iter().nth(usize::try_from(index).ok()?)
}
