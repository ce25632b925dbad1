//! What is written in a discharge summary (退院時サマリー).

use super::{day, long};
use crate::{FieldError, Flaw, date, ids::*};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// From where a patient came (入院経路): code and words. Source: CodeSystem admit-Source of JP-CLINS 1.5.2.
pub const ADMISSIONS: [(&str, &str); 6] = [
    ("0", "院内の他病棟からの転棟"),
    ("1", "家庭からの入院"),
    ("4", "他の病院・診療所の病棟からの転院"),
    ("5", "介護施設・福祉施設に入所中"),
    ("8", "院内で出生"),
    ("9", "その他"),
];

/// How a patient left (退院時転帰): code and words. Source: CodeSystem discharge-disposition of JP-CLINS 1.5.2.
pub const DISPOSITIONS: [(&str, &str); 7] = [
    ("1", "傷病が治癒・軽快"),
    ("3", "傷病（白血病、潰瘍性大腸炎、クローン病等）が寛解"),
    ("4", "傷病が不変"),
    ("5", "傷病が増悪"),
    ("6", "傷病による死亡"),
    ("7", "傷病以外による死亡"),
    ("9", "その他（検査入院,正常分娩及び人間ドック含む）"),
];

/// A discharge summary as typed. The headings are those of the structured section of `JP_Composition_eDischargeSummary`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DischargeForm {
    /// The received discharge summary it was filled from.
    pub source: Option<ReceivedId>,
    /// Day of admission (入院日), in either calendar.
    pub admitted_on: String,
    /// Time of it, `09:30`; may be empty.
    pub admitted_time: String,
    /// Day of leaving (退院日).
    pub discharged_on: String,
    /// Time of it, may be empty.
    pub discharged_time: String,
    /// Code of [`ADMISSIONS`], may be empty.
    pub admission: String,
    /// Code of [`DISPOSITIONS`].
    pub disposition: String,
    /// Diagnoses on admission (入院時診断, 342).
    pub diagnoses_in: Vec<DiagnosisId>,
    /// Diagnoses on leaving (退院時診断, 344).
    pub diagnoses_out: Vec<DiagnosisId>,
    /// Drugs taken on admission (入院時服薬, 432).
    pub drugs_in: Vec<RpId>,
    /// Drugs to take home (退院時投薬指示, 444).
    pub drugs_out: Vec<RpId>,
    /// Reason for the admission (入院理由, 312).
    pub reason: String,
    /// Chief complaint (主訴, 352).
    pub complaint: String,
    /// Present illness (現病歴, 360).
    pub present_illness: String,
    /// Past history (既往歴, 370), may be empty.
    pub past_history: String,
    /// Family history (家族歴, 550), may be empty.
    pub family_history: String,
    /// Social history and habits (社会歴・生活習慣, 640), may be empty.
    pub social_history: String,
    /// Findings on admission (入院時身体所見, 612), may be empty.
    pub findings_in: String,
    /// Course (入院中経過, 333).
    pub course: String,
    /// Treatment (入院中治療, 713), may be empty.
    pub treatment: String,
    /// Findings on leaving (退院時身体所見, 614), may be empty.
    pub findings_out: String,
    /// What is to be done from now on (退院時方針指示, 424).
    pub instructions: String,
}

impl DischargeForm {
    /// The parts of words with field, heading and whether they are required, in the order of the paper.
    pub fn parts(&self) -> [(&'static str, &'static str, bool, &str); 11] {
        [
            ("reason", "入院理由", true, &self.reason),
            ("complaint", "主訴", true, &self.complaint),
            ("present_illness", "現病歴", true, &self.present_illness),
            ("past_history", "既往歴", false, &self.past_history),
            ("family_history", "家族歴", false, &self.family_history),
            ("social_history", "社会歴・生活習慣", false, &self.social_history),
            ("findings_in", "入院時身体所見", false, &self.findings_in),
            ("course", "入院中経過", true, &self.course),
            ("treatment", "入院中治療", false, &self.treatment),
            ("findings_out", "退院時身体所見", false, &self.findings_out),
            ("instructions", "退院時方針指示", true, &self.instructions),
        ]
    }

    /// First and last day of the stay, once both can be read.
    pub fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        Some((date::parse(&self.admitted_on).ok()?, date::parse(&self.discharged_on).ok()?))
    }

    /// Beginning and end of the stay, once both can be read. A day without a time counts from its first minute.
    pub fn stay(&self) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
        let at = |day: NaiveDate, time: &str| {
            let time = if time.trim().is_empty() { NaiveTime::MIN } else { parse_time(time)? };
            day.and_time(time).and_local_timezone(date::japan()).single().map(|at| at.with_timezone(&Utc))
        };
        let (from, until) = self.days()?;
        Some((at(from, &self.admitted_time)?, at(until, &self.discharged_time)?))
    }

    pub(super) fn title(&self) -> String {
        match self.days() {
            Some((from, until)) => format!("退院時サマリー {from}〜{until}"),
            None => "退院時サマリー".into(),
        }
    }

    pub(super) fn as_text(&self) -> String {
        let stay =
            format!("入院: {} {}\n退院: {} {}", self.admitted_on, self.admitted_time, self.discharged_on, self.discharged_time);
        let parts = self.parts().map(|(_, heading, _, text)| format!("{heading}: {text}"));
        [stay].into_iter().chain(parts).collect::<Vec<_>>().join("\n")
    }

    pub(super) fn too_long(&self) -> Vec<FieldError> {
        let parts = self.parts().map(|(field, _, _, text)| (field, text));
        let lines = [
            ("admitted_on", self.admitted_on.as_str()),
            ("admitted_time", &self.admitted_time),
            ("discharged_on", &self.discharged_on),
            ("discharged_time", &self.discharged_time),
            ("admission", &self.admission),
            ("disposition", &self.disposition),
        ];
        long(&parts, &lines)
    }

    pub(super) fn flaws(&self, today: NaiveDate) -> Vec<FieldError> {
        let mut flaws = Vec::new();
        let admitted = day("admitted_on", &self.admitted_on, &mut flaws);
        let left = day("discharged_on", &self.discharged_on, &mut flaws);
        for (field, text) in [("admitted_time", &self.admitted_time), ("discharged_time", &self.discharged_time)] {
            if !text.trim().is_empty() && parse_time(text).is_none() {
                flaws.push(FieldError::new(field, Flaw::Rule { message: "時刻として読めません（例: 09:30）。".into() }));
            }
        }
        for (field, day) in [("admitted_on", admitted), ("discharged_on", left)] {
            if day.is_some_and(|day| day > today) {
                flaws.push(FieldError::new(field, Flaw::Future));
            }
        }
        if self.stay().is_some_and(|(from, until)| until < from) {
            let message = "退院が入院より前になっています。入院日・退院日と時刻を確かめてください。".into();
            flaws.push(FieldError::new("discharged_on", Flaw::Rule { message }));
        }
        if !self.admission.is_empty() && ADMISSIONS.iter().all(|(code, _)| *code != self.admission) {
            flaws.push(FieldError::new("admission", Flaw::NotAChoice));
        }
        if DISPOSITIONS.iter().all(|(code, _)| *code != self.disposition) {
            let flaw = if self.disposition.is_empty() { Flaw::Missing } else { Flaw::NotAChoice };
            flaws.push(FieldError::new("disposition", flaw));
        }
        for (field, list) in [("diagnoses_in", &self.diagnoses_in), ("diagnoses_out", &self.diagnoses_out)] {
            if list.is_empty() {
                flaws.push(FieldError::new(field, Flaw::Rule { message: "傷病名を1つ以上選んでください。".into() }));
            }
        }
        let empty = |(_, _, required, text): &(&str, &str, bool, &str)| *required && text.trim().is_empty();
        flaws.extend(self.parts().into_iter().filter(empty).map(|(field, ..)| FieldError::new(field, Flaw::Missing)));
        flaws
    }
}

/// `9:30`, `09:30`, `0930`, in full width too.
fn parse_time(text: &str) -> Option<NaiveTime> {
    let plain = crate::kana::fold_width(text.trim());
    ["%H:%M", "%H%M"].iter().find_map(|form| NaiveTime::parse_from_str(&plain, form).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_stay_and_names_what_is_missing() {
        let form = DischargeForm {
            admitted_on: "2026-06-20".into(),
            admitted_time: "10:00".into(),
            discharged_on: "R8.6.28".into(),
            ..Default::default()
        };
        let (from, until) = form.stay().expect("a stay");
        assert_eq!(
            (from.to_rfc3339(), until.to_rfc3339()),
            ("2026-06-20T01:00:00+00:00".into(), "2026-06-27T15:00:00+00:00".into())
        );
        let today = NaiveDate::from_ymd_opt(2026, 7, 10).expect("a day");
        let fields: Vec<String> = form.flaws(today).into_iter().map(|f| f.field).collect();
        assert_eq!(
            fields,
            ["disposition", "diagnoses_in", "diagnoses_out", "reason", "complaint", "present_illness", "course", "instructions"]
        );
        let turned = DischargeForm { discharged_on: "2026-06-19".into(), ..form };
        let said = |f: &FieldError| matches!(&f.flaw, Flaw::Rule { message } if message.contains("入院日・退院日"));
        assert!(turned.flaws(today).iter().any(|f| f.field == "discharged_on" && said(f)));
    }
}
