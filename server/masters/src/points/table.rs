//! The electronic points table in memory: helper table, bundling, exclusions, add-ons to hospital fees, counts.
//!
//! Rows are kept sorted and are found by bisection; a row takes 20 bytes or less, so the 350,000 rows of 2026 take some
//! 8 MB. "Guide" below is 支払基金 「医科電子点数表の活用手引き」 令和6年度版.

use super::code::*;
use crate::official::points::PointsRow;
use chrono::NaiveDate;
use model::{edition::FileKind, points_table as facts};
use std::{collections::BTreeMap, ops::Range};

/// What the helper table (01 補助マスターテーブル) says of an item: where else it stands. Guide 3(1), 5(1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Helper {
    /// The item.
    pub code: Code9,
    /// When in force.
    pub term: Term,
    /// Groups of items that are included in this one, each with its time (columns 4–9).
    pub bundles: [Option<(BundleUnit, Group)>; 3],
    /// Whether it stands in the exclusion table of [`Span::ALL`] (columns 10–13).
    pub excluded: [bool; 4],
    /// Group of add-ons to a hospital fee (column 20, 入院基本料識別); 0 none.
    pub inpatient: u16,
    /// Whether it stands in the table of counts (column 21).
    pub counted: bool,
}

/// An item that is included in another and cannot be billed beside it (02 包括テーブル). Guide 3(2), 5(2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bundled {
    /// The group that holds it (column 2).
    pub group: Group,
    /// The item that is included (column 3).
    pub member: Code9,
    /// Column 5 (特例条件): there are conditions the table does not tell; warn, do not drop.
    pub conditional: bool,
    /// When in force.
    pub term: Term,
}

/// Two items that exclude each other (03-1 … 03-4 背反テーブル). Guide 3(3), 5(3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exclusion {
    /// The other item.
    pub other: Code9,
    /// Within which time.
    pub span: Span,
    /// Which of the two is billed, seen from the item that was asked about.
    pub billed: Billed,
    /// Column 7 (特例条件): there are conditions the table does not tell; warn, do not drop.
    pub conditional: bool,
    /// When in force.
    pub term: Term,
}

/// An add-on that may be billed with the hospital fees of a group (04 入院基本料テーブル). Guide 3(4), 5(4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InpatientAddOn {
    /// The group (column 2), as in [`Helper::inpatient`].
    pub group: u16,
    /// The add-on (column 3).
    pub add_on: Code9,
    /// Column 5 (加算識別): of those with the same number only one may be billed.
    pub slot: u8,
    /// When in force.
    pub term: Term,
}

/// How often an item may be billed (05 算定回数テーブル). Guide 3(5), 5(5). An item may have several limits; all hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountLimit {
    /// The item (column 2).
    pub code: Code9,
    /// The unit (column 4); its name by [`PointsTable::unit_name`].
    pub unit: CountUnit,
    /// At most so many times a unit (column 6).
    pub limit: u16,
    /// Column 7 (特例条件): there are conditions the table does not tell; warn, do not drop.
    pub conditional: bool,
    /// When in force.
    pub term: Term,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pair {
    code: Code9,
    other: Code9,
    term: Term,
    billed: Billed,
    conditional: bool,
}

/// The electronic points table. Codes are nine digits; a text that is no such code finds nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PointsTable {
    helpers: Vec<Helper>,
    /// Rows of the helper table by the groups they own.
    owners: Vec<(Group, u32)>,
    bundled: Vec<Bundled>,
    /// Rows of `bundled` by member.
    members: Vec<u32>,
    pairs: [Vec<Pair>; 4],
    inpatient: Vec<InpatientAddOn>,
    counts: Vec<CountLimit>,
    units: BTreeMap<u16, Box<str>>,
}

impl PointsTable {
    /// Whether a table of this kind is loaded. Where it is not, an empty answer says nothing about the rule.
    pub fn knows(&self, kind: FileKind) -> bool {
        self.rows(kind) > 0
    }

    /// How many rows of a kind are loaded, of all days.
    pub fn rows(&self, kind: FileKind) -> usize {
        match kind {
            FileKind::PointsHelper => self.helpers.len(),
            FileKind::PointsBundle => self.bundled.len(),
            FileKind::PointsInpatient => self.inpatient.len(),
            FileKind::PointsCount => self.counts.len(),
            kind => span(kind).map_or(0, |span| self.pairs[span as usize].len()),
        }
    }

    /// What the helper table says of an item on a day.
    pub fn helper(&self, code: &str, on: NaiveDate) -> Option<&Helper> {
        let code = Code9::parse(code)?;
        let range = range(&self.helpers, |row| row.code.cmp(&code));
        self.helpers[range].iter().rev().find(|row| row.term.covers(on))
    }

    /// The items that are included in an item on a day, each with the time within which it is (guide 3(2): the groups of
    /// the helper table joined with table 02).
    pub fn bundles(&self, owner: &str, on: NaiveDate) -> impl Iterator<Item = (BundleUnit, &Bundled)> {
        let groups = self.helper(owner, on).map(|helper| helper.bundles).unwrap_or_default();
        groups.into_iter().flatten().flat_map(move |(unit, group)| self.members(group, on).map(move |row| (unit, row)))
    }

    /// The items of a bundling group on a day.
    pub fn members(&self, group: Group, on: NaiveDate) -> impl Iterator<Item = &Bundled> {
        let range = range(&self.bundled, |row| row.group.cmp(&group));
        self.bundled[range].iter().filter(move |row| row.term.covers(on))
    }

    /// The items that include an item on a day: billed with one of them in its time, this one is not billed.
    pub fn bundled_in(&self, member: &str, on: NaiveDate) -> impl Iterator<Item = (Code9, BundleUnit, &Bundled)> {
        let found = Code9::parse(member).map(|code| range(&self.members, |row| self.bundled[*row as usize].member.cmp(&code)));
        let rows = self.members[found.unwrap_or_default()].iter().map(|row| &self.bundled[*row as usize]);
        rows.filter(move |row| row.term.covers(on))
            .flat_map(move |row| self.owners(row.group, on).map(move |(owner, unit)| (owner, unit, row)))
    }

    /// The items that own a bundling group on a day, each with its time.
    pub fn owners(&self, group: Group, on: NaiveDate) -> impl Iterator<Item = (Code9, BundleUnit)> {
        let range = range(&self.owners, |row| row.0.cmp(&group));
        self.owners[range]
            .iter()
            .map(|(_, row)| &self.helpers[*row as usize])
            .filter(move |helper| helper.term.covers(on))
            .flat_map(move |helper| {
                helper.bundles.into_iter().flatten().filter(move |(_, g)| *g == group).map(move |(unit, _)| (helper.code, unit))
            })
    }

    /// What excludes an item on a day, of all four tables.
    pub fn exclusions(&self, code: &str, on: NaiveDate) -> impl Iterator<Item = Exclusion> {
        let code = Code9::parse(code);
        Span::ALL.into_iter().flat_map(move |span| {
            let pairs = &self.pairs[span as usize];
            let found = code.map(|code| range(pairs, |row| row.code.cmp(&code))).unwrap_or_default();
            pairs[found].iter().filter(move |row| row.term.covers(on)).map(move |row| row.show(span))
        })
    }

    /// What the tables say of two items on a day, seen from the first; a pair may stand in several tables.
    pub fn exclusion(&self, code: &str, other: &str, on: NaiveDate) -> impl Iterator<Item = Exclusion> {
        let codes = Code9::parse(code).zip(Code9::parse(other));
        Span::ALL.into_iter().filter_map(move |span| {
            let (code, other) = codes?;
            let pairs = &self.pairs[span as usize];
            let found = range(pairs, |row| (row.code, row.other).cmp(&(code, other)));
            pairs[found].iter().rev().find(|row| row.term.covers(on)).map(|row| row.show(span))
        })
    }

    /// Which of `others`, by place, exclude an item on a day; made for the fee rules, which ask for a whole visit at once and
    /// must not allocate.
    pub fn exclusions_among(&self, code: Code9, others: &[Code9], on: NaiveDate, each: &mut dyn FnMut(usize, facts::Exclusion)) {
        for span in Span::ALL {
            let pairs = &self.pairs[span as usize];
            let mine = &pairs[range(pairs, |row| row.code.cmp(&code))];
            if mine.is_empty() {
                continue;
            }
            for (place, other) in others.iter().enumerate() {
                let found = range(mine, |row| row.other.cmp(other));
                if let Some(row) = mine[found].iter().rev().find(|row| row.term.covers(on)) {
                    each(place, facts::Exclusion { span, billed: row.billed, conditional: row.conditional });
                }
            }
        }
    }

    /// Which of `members`, by place, are included in an item on a day.
    pub fn bundled_among(&self, owner: Code9, members: &[Code9], on: NaiveDate, each: &mut dyn FnMut(usize, facts::Bundle)) {
        let rows = &self.helpers[range(&self.helpers, |row| row.code.cmp(&owner))];
        let Some(helper) = rows.iter().rev().find(|row| row.term.covers(on)) else { return };
        for (unit, group) in helper.bundles.into_iter().flatten() {
            for (place, member) in members.iter().enumerate() {
                let found = range(&self.bundled, |row| (row.group, row.member).cmp(&(group, *member)));
                if let Some(row) = self.bundled[found].iter().rev().find(|row| row.term.covers(on)) {
                    each(place, facts::Bundle { unit, conditional: row.conditional });
                }
            }
        }
    }

    /// Every limit on an item on a day.
    pub fn limits(&self, code: Code9, on: NaiveDate, each: &mut dyn FnMut(facts::CountLimit)) {
        let found = range(&self.counts, |row| row.code.cmp(&code));
        for row in self.counts[found].iter().filter(|row| row.term.covers(on)) {
            each(facts::CountLimit { unit: row.unit, most: row.limit, conditional: row.conditional });
        }
    }

    /// The newest first day of the rows of a kind.
    pub(crate) fn newest(&self, kind: FileKind) -> Option<NaiveDate> {
        match kind {
            FileKind::PointsHelper => self.helpers.iter().map(|row| row.term.from).max(),
            FileKind::PointsBundle => self.bundled.iter().map(|row| row.term.from).max(),
            FileKind::PointsInpatient => self.inpatient.iter().map(|row| row.term.from).max(),
            FileKind::PointsCount => self.counts.iter().map(|row| row.term.from).max(),
            kind => self.pairs[span(kind)? as usize].iter().map(|row| row.term.from).max(),
        }
    }

    /// The add-ons that may be billed with the hospital fees of a group on a day.
    pub fn inpatient_add_ons(&self, group: u16, on: NaiveDate) -> impl Iterator<Item = &InpatientAddOn> {
        let range = range(&self.inpatient, |row| row.group.cmp(&group));
        self.inpatient[range].iter().filter(move |row| row.term.covers(on))
    }

    /// How often an item may be billed on a day: every limit that holds.
    pub fn counts(&self, code: &str, on: NaiveDate) -> impl Iterator<Item = &CountLimit> {
        let found = Code9::parse(code).map(|code| range(&self.counts, |row| row.code.cmp(&code)));
        self.counts[found.unwrap_or_default()].iter().filter(move |row| row.term.covers(on))
    }

    /// Name of a unit (算定単位名称) as the table writes it; empty where it names none.
    pub fn unit_name(&self, unit: CountUnit) -> &str {
        self.units.get(&unit.0).map_or("", |name| name)
    }

    /// Bytes its rows take in memory.
    pub fn bytes(&self) -> usize {
        fn of<T>(rows: &Vec<T>) -> usize {
            rows.capacity() * size_of::<T>()
        }
        of(&self.helpers)
            + of(&self.owners)
            + of(&self.bundled)
            + of(&self.members)
            + self.pairs.iter().map(of).sum::<usize>()
            + of(&self.inpatient)
            + of(&self.counts)
    }

    /// Takes a row in; [`PointsTable::settle`] must follow the last.
    pub(crate) fn push(&mut self, kind: FileKind, row: PointsRow, term: Term) {
        match row {
            PointsRow::Helper { code, bundles, excluded, inpatient, counted } => {
                self.helpers.push(Helper { code, term, bundles, excluded, inpatient, counted });
            }
            PointsRow::Bundle { group, member, conditional } => {
                self.bundled.push(Bundled { group, member, conditional, term });
            }
            PointsRow::Exclusion { code, other, billed, conditional } => {
                let billed = match billed {
                    1 => Billed::This,
                    2 => Billed::Other,
                    _ => Billed::Either,
                };
                if let Some(span) = span(kind) {
                    self.pairs[span as usize].push(Pair { code, other, term, billed, conditional });
                }
            }
            PointsRow::Inpatient { group, add_on, slot } => {
                self.inpatient.push(InpatientAddOn { group, add_on, slot, term });
            }
            PointsRow::Count { code, unit, unit_name, limit, conditional } => {
                self.units.entry(unit.0).or_insert_with(|| unit_name.into());
                self.counts.push(CountLimit { code, unit, limit, conditional, term });
            }
        }
    }

    /// Sorts the rows, so that they can be found whatever the order in which they came.
    pub(crate) fn settle(&mut self) {
        let ends = |term: Term| (term.from, term.to.is_none(), term.to);
        self.helpers.sort_by_key(|row| (row.code, ends(row.term)));
        self.bundled.sort_by_key(|row| (row.group, row.member, ends(row.term)));
        self.inpatient.sort_by_key(|row| (row.group, row.slot, row.add_on, ends(row.term)));
        self.counts.sort_by_key(|row| (row.code, row.unit, ends(row.term)));
        for pairs in &mut self.pairs {
            pairs.sort_by_key(|row| (row.code, row.other, ends(row.term)));
            pairs.shrink_to_fit();
        }
        self.owners = (0u32..)
            .zip(&self.helpers)
            .flat_map(|(index, helper)| helper.bundles.into_iter().flatten().map(move |(_, group)| (group, index)))
            .collect();
        self.owners.sort_unstable();
        self.owners.dedup();
        self.members = (0u32..).zip(&self.bundled).map(|(index, _)| index).collect();
        self.members.sort_by_key(|row| self.bundled[*row as usize].member);
        self.helpers.shrink_to_fit();
        self.bundled.shrink_to_fit();
        self.inpatient.shrink_to_fit();
        self.counts.shrink_to_fit();
    }
}

impl Pair {
    fn show(&self, span: Span) -> Exclusion {
        let Self { other, term, billed, conditional, .. } = *self;
        Exclusion { other, span, billed, conditional, term }
    }
}

/// The table of exclusions a kind is.
fn span(kind: FileKind) -> Option<Span> {
    match kind {
        FileKind::PointsSameDay => Some(Span::Day),
        FileKind::PointsSameMonth => Some(Span::Month),
        FileKind::PointsSameTime => Some(Span::SameTime),
        FileKind::PointsSameWeek => Some(Span::Week),
        _ => None,
    }
}

/// The rows that compare equal, in a list sorted so that they stand together.
fn range<T>(rows: &[T], compare: impl Fn(&T) -> std::cmp::Ordering) -> Range<usize> {
    let start = rows.partition_point(|row| compare(row).is_lt());
    let length = rows[start..].partition_point(|row| compare(row).is_eq());
    start..start + length
}
