//! What other institutions shared about a patient (他院の情報), and letters that came in (届いた紹介状).

use crate::{
    chart::AllergenCategory,
    date,
    ids::*,
    labs::{LabFlag, LabValue},
    patient::{Patient, PatientSummary, Sex},
    share::{Problem, ShareKind},
};
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// What others' records are asked for (閲覧の目的); it stands in the audit trail and in the patient's account.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// 診療.
    #[default]
    Treatment,
    /// 紹介・逆紹介.
    Referral,
    /// 救急.
    Emergency,
    /// 記録の確認.
    Verification,
}

impl Purpose {
    /// All purposes.
    pub const ALL: [Self; 4] = [Self::Treatment, Self::Referral, Self::Emergency, Self::Verification];

    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Treatment => "診療",
            Self::Referral => "紹介・逆紹介",
            Self::Emergency => "救急",
            Self::Verification => "記録の確認",
        }
    }

    /// As stored and sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Treatment => "treatment",
            Self::Referral => "referral",
            Self::Emergency => "emergency",
            Self::Verification => "verification",
        }
    }

    /// Reads what [`Purpose::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|purpose| purpose.as_str() == text)
    }
}

/// Where an entry of the chart was taken over from (出所).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The document it stood in, kept as received.
    pub document: ReceivedId,
    /// Who shared it, by name, else by number.
    pub institution: String,
    /// Day it was shared.
    pub shared_on: NaiveDate,
    /// Who took it over.
    pub taken_by: String,
    /// When.
    pub taken_at: DateTime<Utc>,
}

impl Origin {
    /// In one line: `汐見台総合病院（2026-07-10 共有）`.
    pub fn line(&self) -> String {
        format!("{}（{} 共有）", self.institution, self.shared_on)
    }
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Asked {
    /// The patient has not consented.
    NoConsent,
    /// The patient has no insurance by which the platform knows people.
    NoInsurance,
    /// The platform gave no answer.
    Unreachable {
        /// Why.
        problem: Problem,
    },
    /// What there is now.
    Read {
        /// Documents in all.
        documents: u32,
        /// Of these, those that were not here before.
        fresh: u32,
        /// Those that are broken and were put aside for inspection.
        refused: u32,
        /// Those that were here and have been taken back by their senders.
        gone: u32,
    },
}

/// Where an entry of another house stands beside our own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", rename_all = "snake_case")]
pub enum Standing {
    /// Not in our chart.
    New,
    /// In our chart already, by our own hand.
    Same {
        /// What it is here: `高血圧症（2020-04-01〜）`.
        ours: String,
    },
    /// Taken over from this document.
    Taken {
        /// By whom.
        by: String,
        /// When.
        at: DateTime<Utc>,
    },
    /// To be read only; why it cannot be taken over.
    ReadOnly {
        /// In Japanese; empty where it is a matter of course (drugs, words).
        why: String,
    },
}

/// What an entry says. Unknown codes keep their words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum EntryContent {
    /// 傷病名.
    Diagnosis {
        /// Whole name.
        name: String,
        /// の疑い.
        suspected: bool,
        /// First day.
        started_on: Option<NaiveDate>,
        /// Last day.
        ended_on: Option<NaiveDate>,
        /// The patient is not to be told: shown beside it.
        flags: crate::share::Flags,
    },
    /// アレルギー.
    Allergy {
        /// Name.
        name: String,
        /// Kind.
        category: Option<AllergenCategory>,
        /// 重症.
        severe: bool,
        /// Reaction, may be empty.
        reaction: String,
        /// Day it was recorded.
        recorded_on: Option<NaiveDate>,
    },
    /// 検査結果.
    Result {
        /// Name.
        name: String,
        /// Value; none where the item was not measured.
        value: Option<LabValue>,
        /// Unit.
        unit: String,
        /// Lower limit.
        low: Option<Decimal>,
        /// Upper limit.
        high: Option<Decimal>,
        /// Where it lies.
        flag: Option<LabFlag>,
        /// When the specimen was taken.
        collected_at: Option<DateTime<Utc>>,
        /// Our item of the same test, for the graph beside our own values; may be empty.
        local_code: String,
    },
    /// 処方.
    Drug {
        /// Name as printed there.
        name: String,
        /// Dose, usage and days in words.
        words: String,
        /// Day of prescribing.
        prescribed_on: Option<NaiveDate>,
    },
    /// Words of another kind of entry (療養計画, 健診の項目 …).
    Words {
        /// Heading.
        title: String,
        /// The words.
        text: String,
    },
}

/// One entry of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideEntry {
    /// Its number in the document, by which it is taken over.
    pub index: u32,
    /// What it says.
    pub content: EntryContent,
    /// Where it stands beside our own.
    pub standing: Standing,
}

/// A section of a document in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideSection {
    /// Title.
    pub title: String,
    /// Words; line breaks are kept.
    pub text: String,
    /// How deep it stands, 0 for the outermost.
    pub depth: u32,
}

/// A file that came along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideFile {
    /// Its number in the document; it is read at `/api/received/{document}/files/{index}`.
    pub index: u32,
    /// What it is.
    pub title: String,
    /// Media type.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
}

/// A document of another house.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideDocument {
    /// Its id here.
    pub id: ReceivedId,
    /// What it is; none for kinds we do not know.
    pub kind: Option<ShareKind>,
    /// Who shared it, by name, else `医療機関番号 …`.
    pub institution: String,
    /// Department, may be empty.
    pub department: String,
    /// Doctor, may be empty.
    pub doctor: String,
    /// Day it was made, else shared.
    pub shared_on: NaiveDate,
    /// When it was fetched.
    pub fetched_at: DateTime<Utc>,
    /// Sections in words.
    pub sections: Vec<OutsideSection>,
    /// Entries.
    pub entries: Vec<OutsideEntry>,
    /// Files.
    pub files: Vec<OutsideFile>,
    /// What is kept but not read.
    pub others: Vec<String>,
    /// What breaks a profile; it was read all the same.
    pub notes: Vec<String>,
    /// Why it was refused whole; empty for what could be read.
    pub refused: Vec<String>,
}

/// What other institutions shared, as it is kept here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutsideView {
    /// Whether the patient consents; without it nothing is shown.
    pub consent: bool,
    /// When others were last asked, by whom, what for.
    pub asked: Option<(DateTime<Utc>, String, Purpose)>,
    /// Documents that stand, newest first.
    pub documents: Vec<OutsideDocument>,
}

/// Whom a document is about, as it says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedPatient {
    /// Insured person's identifier, may be empty.
    pub member_id: String,
    /// Name in kanji, else whatever name there is.
    pub name: String,
    /// Name in kana, may be empty.
    pub kana: String,
    /// Sex.
    pub sex: Option<Sex>,
    /// Birth date.
    pub birth_date: Option<NaiveDate>,
    /// Address, may be empty.
    pub address: String,
}

impl NamedPatient {
    /// In one line for lists.
    pub fn line(&self) -> String {
        match self.birth_date {
            Some(day) => format!("{}（{} 生）", self.name, date::wareki(day)),
            None => self.name.clone(),
        }
    }
}

/// Where a letter that came in stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IncomingState {
    /// 未読.
    Unread,
    /// 受領.
    Received,
    /// 返書済.
    Replied,
    /// 取消: the sender took it back.
    Withdrawn,
    /// 読めない文書.
    Broken,
}

impl IncomingState {
    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Unread => "未読",
            Self::Received => "受領",
            Self::Replied => "返書済",
            Self::Withdrawn => "取消",
            Self::Broken => "読めない文書",
        }
    }
}

/// A letter in the list of what came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incoming {
    /// Its id.
    pub id: ReceivedId,
    /// Who sent it.
    pub institution: String,
    /// Doctor there, may be empty.
    pub doctor: String,
    /// Whom it is about, as it says.
    pub about: NamedPatient,
    /// Our patient, once known.
    pub patient: Option<PatientId>,
    /// First words of its purpose.
    pub purpose: String,
    /// Day it was made.
    pub made_on: NaiveDate,
    /// When it came.
    pub came_at: DateTime<Utc>,
    /// Whether it answers a letter of ours (返書).
    pub is_reply: bool,
    /// Where it stands.
    pub state: IncomingState,
}

/// The letters that came in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inbox {
    /// Letters, newest first.
    pub letters: Vec<Incoming>,
    /// When the platform was last asked.
    pub asked_at: Option<DateTime<Utc>>,
    /// What stood in the way of asking.
    pub problem: Option<Problem>,
}

/// A letter that came in, to be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncomingPage {
    /// In the list's terms.
    pub head: Incoming,
    /// The letter.
    pub document: OutsideDocument,
    /// Our patient, once known.
    pub patient: Option<Patient>,
    /// Patients here it may be about, best first, while it is not decided.
    pub candidates: Vec<PatientSummary>,
    /// The reply that was begun or issued here.
    pub reply: Option<LetterId>,
    /// The letter of ours that it answers.
    pub answers: Option<LetterId>,
}
