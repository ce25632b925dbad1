//! What the records say, as plain types: receipts (レセプト) with their units (算定単位) and lines.

use super::burden::{Burden, Payer};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::fmt;

/// A month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(NaiveDate);

impl Month {
    /// Reads `YYYYMM`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
        if !digits {
            return None;
        }
        NaiveDate::from_ymd_opt(text[..4].parse().ok()?, text[4..].parse().ok()?, 1).map(Self)
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        self.0
    }

    /// The day of a number from 1, where the month has it.
    pub fn day(self, number: u32) -> Option<NaiveDate> {
        use chrono::Datelike;
        self.0.with_day(number)
    }
}

impl fmt::Display for Month {
    /// `2021年10月`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use chrono::Datelike;
        write!(f, "{}年{}月", self.0.year(), self.0.month())
    }
}

/// A receipt (レセプト): one patient, one month, one set of payers. Records RE to SJ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Line of its RE record.
    pub line: u32,
    /// RE 2 (レセプト番号).
    pub number: u32,
    /// RE 3 (レセプト種別), four digits.
    pub kind: String,
    /// RE 4 (診療年月).
    pub month: Month,
    /// RE 5, 6, 7, 14, 37.
    pub patient: Patient,
    /// HO and KO, the insurance first.
    pub coverages: Vec<Coverage>,
    /// SY.
    pub diagnoses: Vec<Diagnosis>,
    /// SI, IY and TO, grouped as they are calculated.
    pub units: Vec<Unit>,
    /// CO.
    pub comments: Vec<Comment>,
    /// SJ (症状詳記): its class and its text.
    pub details: Vec<(String, String)>,
}

/// Whose receipt it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patient {
    /// RE 5 (氏名).
    pub name: String,
    /// RE 37 (カタカナ).
    pub kana: String,
    /// RE 6 (男女区分): 1 male, 2 female; none where omitted.
    pub sex: Option<u8>,
    /// RE 7 (生年月日).
    pub birth_date: NaiveDate,
    /// RE 14 (カルテ番号等).
    pub chart_number: String,
}

/// A payer with what is claimed of it (records HO and KO).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Line of the record.
    pub line: u32,
    /// Which payer, by the order of the records.
    pub payer: Payer,
    /// HO 2 (保険者番号) or KO 2 (負担者番号), without the spaces in front.
    pub number: String,
    /// HO 3, 4 (記号・番号); of a subsidy KO 3 (受給者番号) is the second.
    pub symbol_and_number: (String, String),
    /// HO 5, KO 5 (診療実日数).
    pub days: Option<u32>,
    /// HO 6, KO 6 (合計点数), in points (点).
    pub points: Option<i64>,
    /// HO 12, KO 7 (負担金額), in yen (円).
    pub yen: Option<i64>,
}

/// A diagnosis (傷病名, record SY).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// Line of the record.
    pub line: u32,
    /// SY 2; `0000999` where it is text.
    pub code: String,
    /// SY 5: modifiers, four digits each.
    pub modifiers: Vec<String>,
    /// SY 6: text of an uncoded diagnosis.
    pub text: String,
    /// SY 3 (診療開始日).
    pub started: Option<NaiveDate>,
    /// SY 4 (転帰区分), empty where omitted.
    pub outcome: String,
    /// SY 7: main diagnosis (主傷病).
    pub main: bool,
}

/// A comment (record CO).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Line of the record.
    pub line: u32,
    /// CO 4 (コメントコード).
    pub code: String,
    /// CO 5 (文字データ).
    pub text: String,
}

/// A unit of calculation (算定単位): lines that have their points together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// 診療識別, two digits; of a unit without its own the one before, as files in use leave repetitions out.
    pub section: String,
    /// 負担区分 of the last line.
    pub burden: Burden,
    /// Its lines; never empty.
    pub lines: Vec<Line>,
    /// 点数 of the last line, in points (点) for one time; none where the unit was left open.
    pub points: Option<i64>,
    /// 回数 of the last line.
    pub count: u32,
}

/// Which master a line's code belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Item {
    /// SI: 診療行為.
    Procedure,
    /// IY: 医薬品.
    Drug,
    /// TO: 特定器材.
    Material,
}

/// A line of a unit (records SI, IY, TO).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Line in the file, from 1.
    pub line: u32,
    /// Its master.
    pub item: Item,
    /// Field 4.
    pub code: String,
    /// Field 5: 数量データ or 使用量, in the master's unit.
    pub quantity: Option<Decimal>,
    /// Field 6: points (点) of the unit; only on its last line.
    pub points: Option<i64>,
    /// Field 7 (回数); 1 where omitted.
    pub count: u32,
    /// TO 9 (単価), in yen (円).
    pub price: Option<Decimal>,
    /// The days on which it was done, with how many times.
    pub days: Vec<(NaiveDate, u32)>,
    /// Comments on the line (コメントコード, 文字データ).
    pub remarks: Vec<(String, String)>,
}
