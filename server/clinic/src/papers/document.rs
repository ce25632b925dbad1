//! An issued paper as what `fhir` makes a document of.

use crate::{Error, Fallible};
use chrono::{DateTime, Utc};
use fhir::domain::{
    Admission, CarePlan, Checkup, CheckupItem, CheckupKind, CheckupValue, Discharge, Disposition, Insurer, Prescription, Setting,
    Stay, Ticket,
};
use model::{
    chart::Diagnosis,
    date,
    ids::*,
    paper::{
        items::{Answer, Item, ItemCode},
        *,
    },
    staff::StaffRef,
};

/// 健康診断を実施した医師の氏名 (特定健診検査項目コード第4期, eCheckup 1.5.0).
const DOCTOR_OF_CHECK: (&str, &str) = ("9N516000000000049", "健康診断を実施した医師の氏名");

/// What the document of a paper is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PaperDocument {
    /// 患者サマリー（療養計画書）: `fhir::build::care_plan`.
    CarePlan {
        /// The plan.
        plan: CarePlan,
        /// The diagnoses it is about.
        diagnoses: Vec<Diagnosis>,
    },
    /// 健診結果報告書: `fhir::build::checkup_report`.
    Checkup(Checkup),
    /// 退院時サマリー: `fhir::build::discharge_summary`.
    Discharge(Box<Discharge>),
}

/// An issued paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedPaper {
    /// Its id: the last part of the bundle's identifier.
    pub id: PaperId,
    /// The patient.
    pub patient: PatientId,
    /// In words: `療養計画書 2026-07-10〜`.
    pub title: String,
    /// The doctor who answers for it.
    pub author: StaffRef,
    /// When it was issued.
    pub issued_at: DateTime<Utc>,
    /// What its document is made of.
    pub document: PaperDocument,
}

/// Makes the parts of the document from what was issued.
///
/// # Errors
/// [`Error::Broken`] where an issued form cannot be read: issuing checks all of it.
pub fn document(paper: &Paper, issued_at: DateTime<Utc>, content: &PaperContent) -> Fallible<IssuedPaper> {
    let made = match &paper.form {
        PaperForm::CarePlan(form) => care_plan(paper, form, issued_at, content),
        PaperForm::Checkup(form) => checkup(paper, form),
        PaperForm::Discharge(form) => discharge(paper, form, content),
    };
    let document = made.ok_or_else(|| Error::Broken(format!("the issued paper {} cannot be read", paper.id)))?;
    Ok(IssuedPaper {
        id: paper.id,
        patient: paper.patient,
        title: paper.form.title(),
        author: paper.author.clone(),
        issued_at,
        document,
    })
}

fn care_plan(paper: &Paper, form: &CarePlanForm, issued_at: DateTime<Utc>, content: &PaperContent) -> Option<PaperDocument> {
    let (from, until) = form.period();
    let plan =
        CarePlan { id: paper.id.0, description: form.description(), from: from?, until, written_on: date::day_of(issued_at) };
    Some(PaperDocument::CarePlan { plan, diagnoses: content.diagnoses_of(&form.diagnoses) })
}

fn checkup(paper: &Paper, form: &CheckupForm) -> Option<PaperDocument> {
    let judged_by = match form.judged_by.trim() {
        "" => paper.author.name.clone(),
        name => name.to_owned(),
    };
    let mut items: Vec<CheckupItem> =
        form.answered().into_iter().map(|(item, answer)| checkup_item(item, answer)).collect::<Option<_>>()?;
    items.push(CheckupItem {
        code: DOCTOR_OF_CHECK.0.into(),
        name: DOCTOR_OF_CHECK.1.into(),
        asked: false,
        value: CheckupValue::Words(judged_by.clone()),
        low: None,
        high: None,
        detail: None,
    });
    let (ticket, insurer) = (form.ticket.trim(), form.insurer_number());
    Some(PaperDocument::Checkup(Checkup {
        id: paper.id.0,
        kind: match form.programme {
            Programme::Specific => CheckupKind::Specific,
            Programme::Employer => CheckupKind::Employer,
        },
        done_on: date::parse(&form.done_on).ok()?,
        items,
        judged_by,
        ticket: (!ticket.is_empty()).then(|| Ticket { number: ticket.into(), until: date::parse(&form.ticket_until).ok() }),
        insurer: (!insurer.is_empty()).then(|| Insurer { number: insurer, name: form.insurer_name.trim().into() }),
    }))
}

fn checkup_item(item: &Item, answer: &CheckupAnswer) -> Option<CheckupItem> {
    let ItemCode { code, display, .. } = item.codes.iter().find(|known| known.code == answer.code).or(item.codes.first())?;
    let value = match (answer.undone.trim(), &item.answer) {
        ("", Answer::Number { unit, .. }) => CheckupValue::Number { value: answer.number()?, unit: (*unit).into() },
        ("", Answer::Choice(list)) => {
            let code = answer.value.trim();
            let display = list.words(code)?;
            CheckupValue::Choice { system: list.system.into(), code: code.into(), display: display.into() }
        }
        ("", Answer::Words) => CheckupValue::Words(answer.value.trim().into()),
        (reason, _) => CheckupValue::Missing(reason.into()),
    };
    let (low, high) = if matches!(value, CheckupValue::Number { .. }) { answer.range() } else { (None, None) };
    let words = answer.detail.trim();
    let detail = item.detail.filter(|_| !words.is_empty()).map(|(code, name)| (code.into(), name.into(), words.into()));
    Some(CheckupItem { code: (*code).into(), name: (*display).into(), asked: item.asked, value, low, high, detail })
}

fn discharge(paper: &Paper, form: &DischargeForm, content: &PaperContent) -> Option<PaperDocument> {
    let (admitted_at, discharged_at) = form.stay()?;
    let drugs = |ids: &[RpId], setting: Setting| -> Vec<Prescription> {
        let list = content.prescriptions_of(ids).into_iter();
        list.zip(1u32..)
            .map(|(PaperRp { rp, at, .. }, number)| Prescription {
                number,
                rp,
                prescribed_at: at,
                start: date::day_of(at),
                setting,
            })
            .collect()
    };
    let words = |text: &str| text.trim().to_owned();
    Some(PaperDocument::Discharge(Box::new(Discharge {
        stay: Stay {
            id: paper.id.to_string(),
            admitted_at,
            discharged_at,
            admission: Admission::parse(&form.admission),
            disposition: Disposition::parse(&form.disposition)?,
        },
        reason: words(&form.reason),
        complaint: words(&form.complaint),
        present_illness: words(&form.present_illness),
        past_history: words(&form.past_history),
        family_history: words(&form.family_history),
        social_history: words(&form.social_history),
        findings_in: words(&form.findings_in),
        course: words(&form.course),
        treatment: words(&form.treatment),
        findings_out: words(&form.findings_out),
        instructions: words(&form.instructions),
        diagnoses_in: content.diagnoses_of(&form.diagnoses_in),
        diagnoses_out: content.diagnoses_of(&form.diagnoses_out),
        allergies: content.allergies.clone(),
        drugs_in: drugs(&form.drugs_in, Setting::Outpatient),
        drugs_out: drugs(&form.drugs_out, Setting::Discharge),
        reports: content.reports.clone(),
    })))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_of_the_browser_are_those_of_the_documents() {
        assert_eq!(Disposition::ALL.map(Disposition::code), DISPOSITIONS);
        assert_eq!(Admission::ALL.map(Admission::code), ADMISSIONS);
    }
}
