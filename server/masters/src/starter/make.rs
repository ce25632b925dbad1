//! The generator of the starter tables: reads the official files, chooses, dates and writes. Deterministic: the same
//! files give the same bytes.

use super::{Rows, choose, tsv, wanted};
use crate::{
    MasterError,
    official::{history::*, jfagy, jlac, layout::*, sheet, ssk, text::SourceFile},
    table::Row,
};
use chrono::NaiveDate;
use model::master::*;
use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

/// First day of the fee table of 2024 (R6).
pub const R6: NaiveDate = day(2024, 6, 1);
/// First day of the fee table of 2026 (R8).
pub const R8: NaiveDate = day(2026, 6, 1);
/// First days of the drug prices of 2024, 2025 and 2026.
pub const PRICES: [NaiveDate; 3] = [day(2024, 4, 1), day(2025, 4, 1), day(2026, 4, 1)];

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => panic!("a day of the calendar"),
    }
}

/// Collects what the tables are made of, and remembers each file's checksum for the list of editions.
pub(super) struct Workshop<'p> {
    pub(super) shared: &'p Path,
    pub(super) rows: Rows,
    pub(super) editions: Vec<EditionInfo>,
}

/// Makes all tables from the folder that holds `masters/`, `claims/` and `fhir/`.
pub fn make(shared: &Path) -> Result<Vec<(&'static str, String)>, MasterError> {
    let mut shop = Workshop { shared, rows: Rows::default(), editions: Vec::new() };
    let claims = shop.open("claims/outpatient-sample-45.uke")?;
    let used = choose::Used::of_claims(&claims.text);
    shop.diseases(&used)?;
    shop.modifiers()?;
    shop.procedures(&used)?;
    shop.drugs(&used)?;
    shop.materials()?;
    shop.comments(&used)?;
    shop.allergens()?;
    shop.labs()?;
    let editions = shop.counted();
    let rows = &shop.rows;
    Ok(vec![
        ("diseases.tsv", tsv::write(&rows.diseases)),
        ("modifiers.tsv", tsv::write(&rows.modifiers)),
        ("procedures.tsv", tsv::write(&rows.procedures)),
        ("drugs.tsv", tsv::write(&rows.drugs)),
        ("materials.tsv", tsv::write(&rows.materials)),
        ("comments.tsv", tsv::write(&rows.comments)),
        ("allergens.tsv", tsv::write(&rows.allergens)),
        ("labs.tsv", tsv::write(&rows.labs)),
        ("editions.tsv", tsv::write(&editions)),
        (crate::local::TABLE, crate::local::make(&shared.join("masters/official/local-subsidies"))?),
    ])
}

impl Workshop<'_> {
    pub(super) fn open(&self, path: &str) -> Result<SourceFile, MasterError> {
        SourceFile::open(&self.shared.join(path))?
            .into_iter()
            .next()
            .ok_or_else(|| MasterError::Archive { file: path.into(), cause: "空です".into() })
    }

    pub(super) fn history(&self, kind: MasterKind, path: &str) -> Result<History, MasterError> {
        let layout = Layout::of(kind)
            .ok_or_else(|| MasterError::Kind { file: path.into(), expected: "支払基金の基本マスター".into() })?;
        let mut history = History::new(layout);
        history.apply(&self.open(path)?)?;
        Ok(history)
    }

    /// Notes an edition and gives its name back.
    pub(super) fn edition(&mut self, kind: MasterKind, name: &str, file: (&str, &str), date: NaiveDate) -> String {
        self.editions.push(EditionInfo {
            kind: kind.into(),
            name: name.into(),
            file: file.0.into(),
            sha256: file.1.into(),
            rows: 0,
            date,
            estimated: 0,
        });
        name.into()
    }

    pub(super) fn edition_of(&mut self, kind: MasterKind, name: &str, history: &History, date: NaiveDate) -> String {
        let (file, sha256) = history.files.first().cloned().unwrap_or_default();
        self.edition(kind, name, (&file, &sha256), date)
    }

    fn diseases(&mut self, used: &choose::Used) -> Result<(), MasterError> {
        let history = self.history(MasterKind::Disease, "masters/official/b_20240601.zip")?;
        let edition = self.edition_of(MasterKind::Disease, "B 2024-06-01", &history, R6);
        let all = every(&history, &edition, ssk::disease, &[b::LISTED])?;
        self.rows.diseases = choose::diseases(&all, used);
        let missing: Vec<&str> = wanted::DISEASES.iter().filter(|name| !all.iter().any(|d| d.name == **name)).copied().collect();
        if !missing.is_empty() {
            return Err(MasterError::Kind {
                file: "b_20240601.zip".into(),
                expected: format!("{} を含む傷病名マスター", missing.join("、")),
            });
        }
        Ok(())
    }

    fn modifiers(&mut self) -> Result<(), MasterError> {
        let history = self.history(MasterKind::Modifier, "masters/official/z_20250601.zip")?;
        let edition = self.edition_of(MasterKind::Modifier, "Z 2025-06-01", &history, day(2025, 6, 1));
        self.rows.modifiers = every(&history, &edition, ssk::modifier, &[z::LISTED])?;
        Ok(())
    }

    fn materials(&mut self) -> Result<(), MasterError> {
        let kind = MasterKind::Material;
        let r6 = self.history(kind, "masters/derived/t_r6_asof20250829.csv")?;
        let r8 = self.history(kind, "masters/official/t_ALL20260529.csv")?;
        let old = self.edition_of(kind, "T 2025-08-29", &r6, R6);
        let new = self.edition_of(kind, "T 2026-05-29", &r8, R8);
        let end = |line: &crate::official::text::Line<'_>| -> Result<Option<NaiveDate>, MasterError> {
            Ok([line.date(t::ABOLISHED)?, line.date(t::TRANSITION_END)?].into_iter().flatten().min())
        };
        for (_, state, _) in r6.states() {
            let line = r6.line(&state);
            let to = end(&line)?.into_iter().chain(R8.pred_opt()).min();
            if to.is_none_or(|to| to >= R6) {
                self.rows.materials.push(ssk::material(&line, ssk::validity(R6, to, &old))?);
            }
        }
        for (_, state, _) in r8.states() {
            let line = r8.line(&state);
            let to = end(&line)?;
            if to.is_none_or(|to| to >= R8) {
                self.rows.materials.push(ssk::material(&line, ssk::validity(state.from.max(R8), to, &new))?);
            }
        }
        // Materials of a clinic: films, oxygen, catheters by the bladder, dressings. A price in yen, a unit or a short name.
        let wanted = [
            "フィルム",
            "半切",
            "大角",
            "大四切",
            "四切",
            "六切",
            "酸素",
            "膀胱",
            "創傷被覆",
            "被覆材",
            "気管内",
            "栄養",
            "胃瘻",
            "固定帯",
            "副木",
            "ギプス",
            "注射針",
            "留置針",
        ];
        self.rows.materials.retain(|m| wanted.iter().any(|w| m.name.contains(w)));
        Ok(())
    }

    fn comments(&mut self, used: &choose::Used) -> Result<(), MasterError> {
        let kind = MasterKind::Comment;
        let r6 = self.history(kind, "masters/derived/c_r6_asof20250715.csv")?;
        let r8 = self.history(kind, "masters/official/c_ALL20260626.csv")?;
        let old = self.edition_of(kind, "C 2025-07-15", &r6, R6);
        let new = self.edition_of(kind, "C 2026-06-26", &r8, R8);
        // コメント関連テーブル: column 6 procedure, column 9 comment.
        let chosen: HashSet<&str> = self.rows.procedures.iter().map(|p| p.code.as_str()).collect();
        let mut related = HashSet::new();
        for line in self.open("masters/official/ck_ALL20200407.csv")?.lines().skip(1) {
            let line = line?;
            if chosen.contains(line.cell(6)) {
                related.insert(line.text(9));
            }
        }
        let mut rows = Vec::new();
        for (history, from, until, edition) in [(&r6, R6, R8.pred_opt(), &old), (&r8, R8, None, &new)] {
            for (_, state, _) in history.states() {
                let line = history.line(&state);
                let to = line.date(c::ABOLISHED)?.into_iter().chain(until).min();
                let begins = if state.from > from && line.cell(1) == "3" { state.from } else { from };
                let row = ssk::comment(&line, ssk::validity(begins, to, edition))?;
                let choice = line.cell(c::CHOICE) == "1";
                if to.is_none_or(|to| to >= begins) && choose::comment(&row, choice, &related, used) {
                    rows.push(row);
                }
            }
        }
        self.rows.comments = rows;
        Ok(())
    }

    fn allergens(&mut self) -> Result<(), MasterError> {
        let source = self.open("masters/allergy/JFAGY_J9FN_20250401_R01_utf8.csv")?;
        let edition = self.edition(MasterKind::Allergen, "J-FAGY 2025-04-01", (&source.name, &source.sha256), day(2025, 4, 1));
        self.rows.allergens = jfagy::parse(&source, &edition)?;
        Ok(())
    }

    fn labs(&mut self) -> Result<(), MasterError> {
        let kind = MasterKind::Lab;
        let codes = self.open("fhir/jp-clins/CORELABO_INFECTIONLABO_JLAC10.csv")?;
        let edition = self.edition(kind, "CLINS JLAC10 1.5.0", (&codes.name, &codes.sha256), day(2024, 10, 8));
        let sheets = sheet::open(&self.shared.join("fhir/jp-clins/docs/laboitemset_20231104.xlsx"))?;
        self.rows.labs = jlac::parse(&codes, &jlac::facts(&sheets)?, &edition)?;
        Ok(())
    }

    /// The editions with their rows counted; an edition no row came from is left out.
    fn counted(&self) -> Vec<EditionInfo> {
        fn tally<T: Row>(rows: &[T], counts: &mut HashMap<String, (u32, u32)>) {
            for row in rows {
                let count = counts.entry(row.validity().edition.clone()).or_default();
                count.0 += 1;
                count.1 += u32::from(row.estimated());
            }
        }
        let mut counts = HashMap::new();
        let rows = &self.rows;
        tally(&rows.diseases, &mut counts);
        tally(&rows.modifiers, &mut counts);
        tally(&rows.procedures, &mut counts);
        tally(&rows.drugs, &mut counts);
        tally(&rows.materials, &mut counts);
        tally(&rows.comments, &mut counts);
        tally(&rows.allergens, &mut counts);
        tally(&rows.labs, &mut counts);
        let with = |edition: &EditionInfo| {
            let (rows, estimated) = counts.get(&edition.name).copied()?;
            Some(EditionInfo { rows, estimated, ..edition.clone() })
        };
        self.editions.iter().filter_map(with).collect()
    }
}

/// All newest rows of a full file, in force from the day one of the columns names, or ever.
fn every<T>(
    history: &History,
    edition: &str,
    read: impl Fn(&crate::official::text::Line<'_>, Validity) -> Result<T, MasterError>,
    listed: &[usize],
) -> Result<Vec<T>, MasterError> {
    history
        .states()
        .map(|(_, state, to)| {
            let line = history.line(&state);
            let mut from = EVER;
            for column in listed {
                from = line.date(*column)?.unwrap_or(from);
            }
            read(&line, ssk::validity(from, to, edition))
        })
        .collect()
}
