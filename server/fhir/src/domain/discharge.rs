//! A stay in hospital and its summary (退院時サマリー).
//!
//! Source of the codes: CodeSystems discharge-disposition and admit-Source of JP-CLINS 1.5.2.

use super::Prescription;
use chrono::{DateTime, Utc};
use model::{
    chart::{Allergy, Diagnosis},
    labs::LabReport,
};
use serde::{Deserialize, Serialize};

/// How the patient left (退院時転帰).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Disposition {
    /// 1: cured or better.
    Better,
    /// 3: in remission.
    Remission,
    /// 4: unchanged.
    Unchanged,
    /// 5: worse.
    Worse,
    /// 6: died of the disease.
    Died,
    /// 7: died of something else.
    DiedOtherwise,
    /// 9: other, e.g. admitted for tests.
    Other,
}

impl Disposition {
    /// All dispositions.
    pub const ALL: [Self; 7] =
        [Self::Better, Self::Remission, Self::Unchanged, Self::Worse, Self::Died, Self::DiedOtherwise, Self::Other];

    /// Code and display of the official list.
    pub fn code(self) -> (&'static str, &'static str) {
        match self {
            Self::Better => ("1", "傷病が治癒・軽快"),
            Self::Remission => ("3", "傷病（白血病、潰瘍性大腸炎、クローン病等）が寛解"),
            Self::Unchanged => ("4", "傷病が不変"),
            Self::Worse => ("5", "傷病が増悪"),
            Self::Died => ("6", "傷病による死亡"),
            Self::DiedOtherwise => ("7", "傷病以外による死亡"),
            Self::Other => ("9", "その他（検査入院,正常分娩及び人間ドック含む）"),
        }
    }

    /// Reads a code of the official list.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|d| d.code().0 == code)
    }
}

/// From where the patient came (入院経路).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Admission {
    /// 0: another ward of the house.
    Ward,
    /// 1: home.
    Home,
    /// 4: another hospital.
    Hospital,
    /// 5: a nursing home.
    Facility,
    /// 8: born in the house.
    Born,
    /// 9: elsewhere.
    Other,
}

impl Admission {
    /// All ways in.
    pub const ALL: [Self; 6] = [Self::Ward, Self::Home, Self::Hospital, Self::Facility, Self::Born, Self::Other];

    /// Code and display of the official list.
    pub fn code(self) -> (&'static str, &'static str) {
        match self {
            Self::Ward => ("0", "院内の他病棟からの転棟"),
            Self::Home => ("1", "家庭からの入院"),
            Self::Hospital => ("4", "他の病院・診療所の病棟からの転院"),
            Self::Facility => ("5", "介護施設・福祉施設に入所中"),
            Self::Born => ("8", "院内で出生"),
            Self::Other => ("9", "その他"),
        }
    }

    /// Reads a code of the official list.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.code().0 == code)
    }
}

/// A stay (入院).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// Identifier within the institution.
    pub id: String,
    /// When the patient came.
    pub admitted_at: DateTime<Utc>,
    /// When the patient left.
    pub discharged_at: DateTime<Utc>,
    /// From where, where known.
    pub admission: Option<Admission>,
    /// How the patient left.
    pub disposition: Disposition,
}

/// A discharge summary: the stay with its sections. Words may be empty where the section is optional.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discharge {
    /// The stay.
    pub stay: Stay,
    /// Reason for the admission (入院理由, 312).
    pub reason: String,
    /// Chief complaint (主訴, 352).
    pub complaint: String,
    /// Present illness (現病歴, 360; 362 in 1.5.2).
    pub present_illness: String,
    /// Past history (既往歴, 370; 372 in 1.5.2), may be empty.
    pub past_history: String,
    /// Family history (家族歴, 550; 552 in 1.5.2), may be empty.
    pub family_history: String,
    /// Social history and habits (社会歴・生活習慣, 640; 642 in 1.5.2), may be empty.
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
    /// Diagnoses on admission (入院時診断, 342).
    pub diagnoses_in: Vec<Diagnosis>,
    /// Diagnoses on leaving (退院時診断, 344), at least one.
    pub diagnoses_out: Vec<Diagnosis>,
    /// Allergies (アレルギー・不耐性反応, 510).
    pub allergies: Vec<Allergy>,
    /// Drugs taken on admission (入院時服薬, 432).
    pub drugs_in: Vec<Prescription>,
    /// Drugs to take home (退院時投薬指示, 444).
    pub drugs_out: Vec<Prescription>,
    /// Laboratory reports of the stay (入院中検査結果, 623).
    pub reports: Vec<LabReport>,
}
