//! The generator of the starter tables: reads the official files, chooses, dates and writes. Deterministic: the same
//! files give the same bytes.

use super::{Rows, choose, tsv, wanted};
use crate::{
    MasterError,
    official::{figures, history::*, jfagy, jlac, layout::*, sheet, ssk, text::SourceFile},
    table::Row,
};
use chrono::NaiveDate;
use model::{codes::ProcedureCode, master::*};
use rust_decimal::Decimal;
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

/// How many drugs the starter set holds at most.
const DRUG_LIMIT: usize = 1_500;

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => panic!("a day of the calendar"),
    }
}

/// Collects what the tables are made of, and remembers each file's checksum for the list of editions.
struct Workshop<'p> {
    shared: &'p Path,
    rows: Rows,
    editions: Vec<EditionInfo>,
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
    ])
}

impl Workshop<'_> {
    fn open(&self, path: &str) -> Result<SourceFile, MasterError> {
        SourceFile::open(&self.shared.join(path))?
            .into_iter()
            .next()
            .ok_or_else(|| MasterError::Archive { file: path.into(), cause: "空です".into() })
    }

    fn history(&self, kind: MasterKind, path: &str) -> Result<History, MasterError> {
        let layout = Layout::of(kind)
            .ok_or_else(|| MasterError::Kind { file: path.into(), expected: "支払基金の基本マスター".into() })?;
        let mut history = History::new(layout);
        history.apply(&self.open(path)?)?;
        Ok(history)
    }

    /// Notes an edition and gives its name back.
    fn edition(&mut self, kind: MasterKind, name: &str, file: (&str, &str), date: NaiveDate) -> String {
        self.editions.push(EditionInfo {
            kind,
            name: name.into(),
            file: file.0.into(),
            sha256: file.1.into(),
            rows: 0,
            date,
            estimated: 0,
        });
        name.into()
    }

    fn edition_of(&mut self, kind: MasterKind, name: &str, history: &History, date: NaiveDate) -> String {
        let (file, sha256) = history.files.first().cloned().unwrap_or_default();
        self.edition(kind, name, (&file, &sha256), date)
    }

    fn diseases(&mut self, used: &choose::Used) -> Result<(), MasterError> {
        let history = self.history(MasterKind::Disease, "masters/official/b_20240601.zip")?;
        let edition = self.edition_of(MasterKind::Disease, "B 2024-06-01", &history, R6);
        let all = every(&history, &edition, ssk::disease, &[b::LISTED])?;
        self.rows.diseases = choose::diseases(&all, used)?;
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

    /// Every procedure twice: with the points of R6, and from 2026-06-01 with those of R8.
    fn procedures(&mut self, used: &choose::Used) -> Result<(), MasterError> {
        let kind = MasterKind::Procedure;
        let first = self.history(kind, "masters/official/s_20240531.zip")?;
        let last = self.history(kind, "masters/derived/s_r6_asof20250901.csv")?;
        let estimate = self.open("masters/derived/s_points_r8_ESTIMATE.csv")?;
        let sourced = self.open("masters/derived/outpatient_codes_R8.csv")?;
        let slots = figures::slots(&self.open("masters/derived/outpatient_slot_codes_R8.txt")?);
        let r6 = self.edition_of(kind, "S 2025-09-01", &last, R6);
        let noticed = self.edition(kind, "S R8 告示", (&sourced.name, &sourced.sha256), R8);
        let aligned = self.edition(kind, "S R8 推計", (&estimate.name, &estimate.sha256), R8);
        let kept = self.edition(kind, "S R8 据置", (&last.files[0].0, &last.files[0].1), R8);
        let estimates = figures::estimated_points(&estimate)?;
        let noticed_points = figures::sourced_points(&sourced)?;
        let outpatient_sections: HashSet<&str> = slots.values().map(|slot| slot.0.as_str()).collect();
        let mut chosen: Vec<Procedure> = Vec::new();
        for (code, state, _) in last.states() {
            let line = last.line(state);
            // A code that the first file of R6 did not hold began later, on the day its last change names.
            let from = if first.newest(code).is_some() { R6 } else { state.from.max(R6) };
            let abolished = line.date(s::ABOLISHED)?;
            let end = R8.pred_opt();
            let row = ssk::procedure(&line, ssk::validity(from, abolished.min(end).or(end), &r6))?;
            if abolished.is_some_and(|day| day < R6) || !wanted_procedure(&row, used, &noticed_points) {
                continue;
            }
            // In these sections the list of 2026 codes is complete, so what it lacks has ended (医療ＤＸ推進体制整備加算 …).
            let ended = outpatient_sections.contains(row.section.as_str()) && !slots.contains_key(code) && row.in_out != 1;
            let noticed_row = noticed_points.iter().find(|p| p.code == code);
            chosen.push(row.clone());
            if abolished.is_some() || ended && noticed_row.is_none() {
                continue;
            }
            let (points, edition, estimated) = match (noticed_row, estimates.get(code).copied().flatten()) {
                (Some(p), _) => (p.points, &noticed, p.confidence == "low"),
                // A percentage is no number of points in the notice's table; it is kept.
                (None, Some(points)) if matches!(row.point_kind, 3 | 7 | 8) => (points, &aligned, true),
                _ => (row.points, &kept, true),
            };
            chosen.push(Procedure { points, estimated, validity: ssk::validity(R8, None, edition), ..row });
        }
        let known: HashSet<String> = chosen.iter().map(|row| row.code.0.clone()).collect();
        for new in noticed_points.iter().filter(|p| !known.contains(&p.code)) {
            let row = new_procedure(new, slots.get(&new.code), &chosen, &noticed);
            chosen.push(row);
        }
        self.rows.procedures = chosen;
        Ok(())
    }

    /// Every drug with its price of 2024, of 2025 and of 2026.
    fn drugs(&mut self, used: &choose::Used) -> Result<(), MasterError> {
        let kind = MasterKind::Drug;
        let first = self.history(kind, "masters/official/y_ALL20240321.zip")?;
        let last = self.history(kind, "masters/derived/y_r6_asof20250813.csv")?;
        let matched = self.open("masters/drug-price/y_code_R8_price.csv")?;
        let prices = figures::matched_prices(&matched)?;
        let mut listed = HashMap::new();
        let mut editions = Vec::new();
        let of_master = self.edition_of(kind, "Y 2025-08-13", &last, PRICES[0]);
        for (part, name) in [("01", "薬価 2025 内用"), ("02", "薬価 2025 注射"), ("03", "薬価 2025 外用")] {
            for sheet in sheet::open(&self.shared.join(format!("masters/official/tp20250814-01_{part}.xlsx")))? {
                for (yj, price) in figures::listed_prices(&sheet)? {
                    listed.insert(yj, (price, editions.len()));
                }
                editions.push(self.edition(kind, name, (&sheet.name, &sheet.sha256), PRICES[1]));
            }
        }
        let noticed = self.edition(kind, "薬価 2026 告示", (&matched.name, &matched.sha256), PRICES[2]);
        let kept = self.edition(kind, "薬価 2026 据置", (&last.files[0].0, &last.files[0].1), PRICES[2]);
        let mut all = Vec::new();
        for (code, state, _) in last.states() {
            let line = last.line(state);
            let listed_on = line.date(y::LISTED)?.filter(|day| *day > PRICES[0]);
            let from = match (listed_on, first.newest(code)) {
                (Some(day), _) => day,
                (None, Some(_)) => PRICES[0],
                (None, None) => state.from.max(PRICES[0]),
            };
            let to = [line.date(y::ABOLISHED)?, line.date(y::TRANSITION_END)?].into_iter().flatten().min();
            all.push(ssk::drug(&line, ssk::validity(from, to, &of_master))?);
        }
        let priced = |d: &Drug| prices.get(d.code.as_str()).is_some_and(|p| p.price.is_some());
        let codes = choose::drugs(&all, &priced, used, DRUG_LIMIT);
        for drug in all.into_iter().filter(|d| codes.contains(d.code.as_str())) {
            let of_2025 = listed.get(&drug.yj).map(|(price, index)| (*price, editions[*index].as_str(), false));
            let of_2026 = match prices.get(drug.code.as_str()) {
                Some(p) if p.price.is_some() => (p.price, noticed.as_str(), p.confidence != "high"),
                _ => (None, kept.as_str(), true),
            };
            let mut price = (drug.price, of_master.as_str(), false);
            for (index, begins) in PRICES.iter().enumerate() {
                let ends = PRICES.get(index + 1).and_then(|next| next.pred_opt());
                if index == 1 {
                    // A drug listed after 2025-04 has its only price in the master.
                    price = match of_2025 {
                        Some(of_2025) if drug.validity.from < PRICES[1] => of_2025,
                        _ => (drug.price, of_master.as_str(), drug.validity.from < PRICES[1]),
                    };
                } else if index == 2 {
                    price = (of_2026.0.unwrap_or(price.0), of_2026.1, of_2026.2);
                }
                let from = drug.validity.from.max(*begins);
                let to = drug.validity.to.into_iter().chain(ends).min();
                if to.is_some_and(|to| to < from) {
                    continue;
                }
                let mut row = drug.clone();
                row.price = yen(price.0);
                row.estimated = price.2;
                row.validity = ssk::validity(from, to, price.1);
                self.rows.drugs.push(row);
            }
        }
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
            let line = r6.line(state);
            let to = end(&line)?.into_iter().chain(R8.pred_opt()).min();
            if to.is_none_or(|to| to >= R6) {
                self.rows.materials.push(ssk::material(&line, ssk::validity(R6, to, &old))?);
            }
        }
        for (_, state, _) in r8.states() {
            let line = r8.line(state);
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
                let line = history.line(state);
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
            let line = history.line(state);
            let mut from = EVER;
            for column in listed {
                from = line.date(*column)?.unwrap_or(from);
            }
            read(&line, ssk::validity(from, to, edition))
        })
        .collect()
}

fn wanted_procedure(row: &Procedure, used: &choose::Used, noticed: &[figures::SourcedPoints]) -> bool {
    noticed.iter().any(|p| p.code == row.code.as_str()) || choose::procedure(row, used)
}

/// Prices have two decimals.
fn yen(price: Decimal) -> Decimal {
    let mut price = price;
    price.rescale(2);
    price
}

/// A code that is new in 2026 and of which only code, name and points are known. Its section is the slot table's where
/// the code stands there; the rest is that of the code's neighbour (same first six digits), else an add-on without
/// conditions.
fn new_procedure(
    new: &figures::SourcedPoints,
    slot: Option<&(String, String, String)>,
    chosen: &[Procedure],
    edition: &str,
) -> Procedure {
    let mut sorted: Vec<&Procedure> = chosen.iter().filter(|row| row.code.as_str()[..4] == new.code[..4]).collect();
    sorted.sort_by_key(|row| std::cmp::Reverse(alike(row.code.as_str(), &new.code)));
    let base = sorted.first();
    let article = ["A000", "A001", "O100", "O001"].into_iter().find(|a| new.source.contains(a)).unwrap_or_default();
    // A code that ends in 70 or 90 is an add-on (注加算), in 10 a basic item, as all codes of the master.
    let add_on = new.code.ends_with("70");
    Procedure {
        code: ProcedureCode(new.code.clone()),
        name: new.name.clone(),
        long_name: new.name.clone(),
        kana: String::new(),
        unit: String::new(),
        point_kind: 3,
        points: new.points,
        estimated: new.confidence == "low",
        in_out: 2,
        section: slot.map(|s| s.0.clone()).or_else(|| base.map(|b| b.section.clone())).unwrap_or_else(|| "800".into()),
        bundle: 0,
        hospital_clinic: 0,
        step: None,
        add_on: match slot {
            Some((_, _, number)) => (base.map(|b| b.add_on.0.clone()).unwrap_or_default(), number.clone()),
            None => ("0".into(), "0".into()),
        },
        ages: ("00".into(), "00".into()),
        time_add_on: 0,
        judgement_kind: 0,
        judgement_group: 0,
        outpatient_management: 0,
        notice_kind: if add_on { 7 } else { 1 },
        standards: Vec::new(),
        article: article.to_owned(),
        validity: ssk::validity(R8, None, edition),
    }
}

fn alike(a: &str, b: &str) -> usize {
    a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count()
}
