//! The revision mirror (改定の鏡): a visit calculated again under another edition of the tables.
//!
//! The visit stays what it was: age, weekday and hour, history and diagnoses are those of the real day, and so are the limits of
//! payment, which no fee schedule decides. Points, rows and rules are those in force on the other day.

use crate::{
    Calculator, FeeError, Request,
    request::Facility,
    work::{R8_BEGINS, folded},
};
use chrono::NaiveDate;
use model::{
    fee::{Hint, HintKind, Statement},
    master::{Disease, Drug, Material, Procedure, Tables},
    points_table::{Bundle, Code9, CountLimit, Exclusion, Reach, RuleTable},
};
use serde::Serialize;

/// Tables that answer for the day of service as of another day. Of earlier days they answer as of the other day too, and only
/// where it has no row as of the day itself, so that what was billed before stays known.
pub(crate) struct AsOf<'a> {
    pub tables: &'a dyn Tables,
    /// The day of service.
    pub real: NaiveDate,
    /// The day whose tables hold.
    pub day: NaiveDate,
}

impl AsOf<'_> {
    fn day_for(&self, on: NaiveDate) -> NaiveDate {
        if on == self.real { self.day } else { on }
    }

    fn ask<T>(&self, on: NaiveDate, of: impl Fn(NaiveDate) -> Option<T>) -> Option<T> {
        of(self.day).or_else(|| (on != self.real).then(|| of(on)).flatten())
    }
}

impl Tables for AsOf<'_> {
    fn edition(&self, on: NaiveDate) -> Option<String> {
        self.tables.edition(self.day_for(on))
    }
    fn procedure(&self, code: &str, on: NaiveDate) -> Option<&Procedure> {
        self.ask(on, |day| self.tables.procedure(code, day))
    }
    fn drug(&self, code: &str, on: NaiveDate) -> Option<&Drug> {
        self.ask(on, |day| self.tables.drug(code, day))
    }
    // Diseases are no part of a fee schedule: their rows of the real day say which diagnosis it was.
    fn disease(&self, code: &str, on: NaiveDate) -> Option<&Disease> {
        self.tables.disease(code, on)
    }
    fn material(&self, code: &str, on: NaiveDate) -> Option<&Material> {
        self.ask(on, |day| self.tables.material(code, day))
    }
    fn reach(&self, table: RuleTable, on: NaiveDate) -> Reach {
        self.tables.reach(table, self.day_for(on))
    }
    fn count_limits(&self, code: Code9, on: NaiveDate, each: &mut dyn FnMut(CountLimit)) {
        self.tables.count_limits(code, self.day_for(on), each);
    }
    fn exclusions(&self, code: Code9, others: &[Code9], on: NaiveDate, each: &mut dyn FnMut(usize, Exclusion)) {
        self.tables.exclusions(code, others, self.day_for(on), each);
    }
    fn bundled(&self, owner: Code9, members: &[Code9], on: NaiveDate, each: &mut dyn FnMut(usize, Bundle)) {
        self.tables.bundled(owner, members, self.day_for(on), each);
    }
}

/// A visit in the mirror.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mirrored {
    /// What it would cost.
    pub statement: Statement,
    /// Codes and names of what was ordered and has no row under the other edition; it is left out of the statement.
    pub missing: Vec<(String, String)>,
}

/// The same visit with tables and rules as in force on `day`, a day of the other edition.
///
/// # Errors
/// As [`Calculator::calculate`]; [`FeeError::NoEdition`] names `day` where no tables cover it, and a code that neither edition holds
/// is unknown as ever.
pub fn under(calculator: &dyn Calculator, tables: &dyn Tables, request: &Request, day: NaiveDate) -> Result<Mirrored, FeeError> {
    let mut asked = request.clone();
    asked.as_of = Some(day);
    let missing = leave_out(&mut asked, tables, day);
    let assumed = rename(&mut asked.facility, request.date, day);
    let mut statement = calculator.calculate(tables, &asked)?;
    if !assumed.is_empty() {
        statement.hints.extend(assumed.into_iter().map(|text| Hint { kind: HintKind::Check, text, code: String::new() }));
        statement.hints.sort();
    }
    Ok(Mirrored { statement, missing })
}

/// A facility standard (施設基準) that the R8 revision gave another name.
struct Renamed {
    r6: &'static str,
    r8: &'static str,
    /// The grades go on one by one. Else the new standard asks something else, and the lowest grade is taken and said.
    same: bool,
    source: &'static str,
}

/// Names of either revision, both from the notices of the schedule (令和6年・令和8年 告示 別表第一).
const RENAMED: [Renamed; 4] = [
    Renamed { r6: "時間外対応加算", r8: "時間外対応体制加算", same: true, source: "A001 注10 イ–ニ" },
    Renamed {
        r6: "外来後発医薬品使用体制加算",
        r8: "地域支援・外来医薬品供給対応体制加算",
        same: true,
        source: "F100 注8 イ–ハ",
    },
    // R8 注16 took the number of R6's 注16, and R6's 注15 is gone; what it asks is partly new (施設基準告示 第三 三の七).
    Renamed {
        r6: "医療DX推進体制整備加算", r8: "電子的診療情報連携体制整備加算", same: false, source: "A000 注16"
    },
    Renamed {
        r6: "医療情報取得加算", r8: "電子的診療情報連携体制整備加算", same: false, source: "A000 注15 (R6)・注16"
    },
];

/// Gives the clinic's standards the names of the other revision, and says what was assumed. Names that the revision left alone,
/// codes, and standards that the clinic names for both stay as they are.
fn rename(facility: &mut Facility, real: NaiveDate, day: NaiveDate) -> Vec<String> {
    let forward = match (real >= R8_BEGINS, day >= R8_BEGINS) {
        (false, true) => true,
        (true, false) => false,
        _ => return Vec::new(),
    };
    let (mut added, mut said) = (Vec::<String>::new(), Vec::new());
    for name in &facility.standards {
        let plain = folded(name);
        let stem = plain.trim_end_matches(|c: char| c.is_ascii_digit());
        for renamed in &RENAMED {
            let (old, new) = if forward { (renamed.r6, renamed.r8) } else { (renamed.r8, renamed.r6) };
            let target = folded(new);
            let named = |all: &[String]| all.iter().any(|other| folded(other).starts_with(&target));
            if stem != folded(old) || named(&facility.standards) || (!renamed.same && named(&added)) {
                continue;
            }
            if renamed.same {
                added.push(format!("{new}{}", &plain[stem.len()..]));
            } else {
                // Without a grade a name means its last one.
                added.push(new.to_owned());
                said.push(format!(
                    "施設基準「{name}」を「{new}」（最も低い区分）と読み替えて計算しました。実際の届出で変わります（{}）。",
                    renamed.source
                ));
            }
        }
    }
    facility.standards.extend(added);
    said
}

/// Takes away what the tables of `day` do not hold but those of the day of service do.
fn leave_out(request: &mut Request, tables: &dyn Tables, day: NaiveDate) -> Vec<(String, String)> {
    let real = request.date;
    let mut missing = Vec::new();
    let mut held = |code: &str| {
        let name = |on| {
            let procedure = tables.procedure(code, on).map(|row| &row.name);
            let drug = || tables.drug(code, on).map(|row| &row.name);
            procedure.or_else(drug).or_else(|| tables.material(code, on).map(|row| &row.name))
        };
        match (name(day), name(real)) {
            (None, Some(name)) => {
                missing.push((code.to_owned(), name.clone()));
                false
            }
            // What neither holds is an error of the request, with its path.
            _ => true,
        }
    };
    request.orders.retain_mut(|order| {
        let stays = held(&order.code);
        if stays {
            order.parts.retain(|part| held(&part.code));
        }
        stays
    });
    request.prescriptions.retain_mut(|group| {
        let before = group.items.len();
        group.items.retain(|item| held(&item.code));
        !(group.items.is_empty() && before > 0)
    });
    request.overrides.retain(|change| held(&change.code));
    missing.sort();
    missing.dedup();
    missing
}
