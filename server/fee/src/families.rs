//! Kinds of items as the master names them: an article with the beginnings of names, or a range of articles.
//!
//! The master's article goes no deeper than the branch (`B001-2` stands for B001-2-9 too), so where the law speaks of a
//! number below it the beginning of the row's name decides. A revision that adds rows of a kind needs no code.

use model::master::Procedure;

/// A kind of items.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Family {
    /// All rows of an article, its branches not among them.
    Article(&'static str),
    /// Rows of an article (or a branch of it) whose names begin with one of these.
    Named(&'static str, &'static [&'static str]),
    /// All rows of articles from one number to another, branches among them.
    Range(char, u16, u16),
    /// Rows of such a range whose names hold a word.
    Containing(char, u16, u16, &'static str),
}

impl Family {
    /// Whether a row is of the kind; add-ons (注加算, 通則加算) are not.
    pub fn has(&self, row: &Procedure) -> bool {
        if matches!(row.notice_kind, 7 | 9) {
            return false;
        }
        match self {
            Self::Article(article) => row.article == *article,
            Self::Named(article, names) => {
                let rest = row.article.strip_prefix(article);
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
                    && names.iter().any(|name| row.name.starts_with(name))
            }
            Self::Range(letter, from, to) => within(row, *letter, *from, *to),
            // What the master has as a basic item may be an add-on by its name: 導入初期加算（在宅自己注射指導管理料）.
            Self::Containing(letter, from, to, word) => {
                let before = row.name.split_once(word).map(|(before, _)| before);
                within(row, *letter, *from, *to) && before.is_some_and(|before| !before.contains("加算"))
            }
        }
    }
}

fn within(row: &Procedure, letter: char, from: u16, to: u16) -> bool {
    number(&row.article).is_some_and(|(l, n)| l == letter && (from..=to).contains(&n))
}

/// Letter and number of an article: `J000-2` is of J and 0.
pub(crate) fn number(article: &str) -> Option<(char, u16)> {
    let letter = article.chars().next().filter(char::is_ascii_uppercase)?;
    let digits = article.get(1..4)?;
    digits.parse().ok().map(|number| (letter, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_have_letter_and_number() {
        assert_eq!(number("J000-2"), Some(('J', 0)));
        assert_eq!(number("B001"), Some(('B', 1)));
        assert_eq!(number(""), None);
        assert_eq!(number("通則3"), None);
    }
}

/// The derived masters beside the project, for comparisons.
#[cfg(test)]
pub(crate) mod testing {
    use model::{
        codes::ProcedureCode,
        master::{Procedure, Validity},
    };
    use rust_decimal::Decimal;
    use std::path::PathBuf;

    /// Records of a file, UTF-8 as given.
    pub fn table(path: &str) -> Option<Vec<csv::StringRecord>> {
        let root = std::env::var_os("KARTE_SHARED")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
        let file = root.join(path);
        if !file.exists() {
            eprintln!("SKIPPED: {path} is not beside the project (set KARTE_SHARED)");
            return None;
        }
        // Names are not compared, so bytes that are no UTF-8 (CP932) may be replaced.
        let text = String::from_utf8_lossy(&std::fs::read(file).expect("readable")).into_owned();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        Some(reader.records().map(|record| record.expect("a record")).collect())
    }

    /// Outpatient rows of the R6 master with what [`super::Family`] reads and columns 40, 46 and 52.
    pub fn procedures() -> Option<Vec<Procedure>> {
        let rows = table("masters/derived/s_r6_asof20250901.csv")?;
        let row = |f: &csv::StringRecord| {
            let branch = if &f[92] == "00" { String::new() } else { format!("-{}", f[92].trim_start_matches('0')) };
            Procedure {
                code: ProcedureCode::from(&f[2]),
                name: f[4].into(),
                long_name: String::new(),
                kana: String::new(),
                unit: f[9].into(),
                point_kind: f[10].parse().expect("a digit"),
                points: f[11].parse().unwrap_or(Decimal::ZERO),
                estimated: false,
                in_out: f[12].parse().expect("a digit"),
                section: f[14].into(),
                bundle: 0,
                hospital_clinic: 0,
                step: None,
                add_on: (f[37].into(), f[38].into()),
                general_age: f[39].parse().expect("a digit"),
                ages: (f[40].into(), f[41].into()),
                time_add_on: f[42].parse().expect("a digit"),
                treatment_infant: f[45].parse().expect("a digit"),
                judgement_kind: f[49].parse().expect("a digit"),
                judgement_group: f[50].parse().expect("a number"),
                diminishing: f[51].parse().expect("a digit"),
                outpatient_management: 0,
                notice_kind: f[67].parse().expect("a digit"),
                standards: Vec::new(),
                article: if &f[84] == "-" { String::new() } else { format!("{}{}{branch}", &f[84], &f[91]) },
                validity: Validity { from: "2024-06-01".parse().expect("a day"), to: None, edition: "S".into() },
            }
        };
        Some(rows.iter().filter(|f| &f[12] != "1").map(row).collect())
    }
}
