//! What changes between two sets of tables, code by code and over all days: what an administrator sees before applying.

use super::{compare::Compared, table::LedgerRow};
use crate::{Snapshot, official::history::EVER, table::Table};
use chrono::NaiveDate;
use model::{
    edition::{Change, FileKind, KindPreview, RowChange},
    master::MasterKind,
};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// The searchable master whose rows a table of a kind may change: its own, or the one its figures go into.
pub fn changed_by(kind: FileKind) -> Option<MasterKind> {
    match kind {
        FileKind::EstimatedPoints | FileKind::NoticedPoints => Some(MasterKind::Procedure),
        FileKind::MatchedPrice | FileKind::DrugPriceList => Some(MasterKind::Drug),
        kind => kind.master(),
    }
}

/// What changes in the searchable masters of these kinds. Kinds that are no searchable master are passed over; see
/// [`difference_rows`].
pub fn difference(before: &Snapshot, after: &Snapshot, kinds: &[FileKind]) -> Vec<KindPreview> {
    kinds.iter().filter_map(|kind| Some(preview(*kind, compared(before, after, kind.master()?)))).collect()
}

/// Every row of a master that changes, in the order of the codes.
pub fn changes(before: &Snapshot, after: &Snapshot, kind: MasterKind) -> Vec<RowChange> {
    compared(before, after, kind).into_iter().map(|found| found.row).collect()
}

/// What changes in a table that is no searchable master.
pub fn difference_rows(kind: FileKind, before: &[LedgerRow], after: &[LedgerRow]) -> KindPreview {
    fn by_code(rows: &[LedgerRow]) -> BTreeMap<&str, Vec<&LedgerRow>> {
        let mut codes: BTreeMap<&str, Vec<&LedgerRow>> = BTreeMap::new();
        for row in rows {
            codes.entry(&row.code).or_default().push(row);
        }
        codes.values_mut().for_each(|list| list.sort_by_key(|row| row.from));
        codes
    }
    let (before, after) = (by_code(before), by_code(after));
    let codes: BTreeSet<&str> = before.keys().chain(after.keys()).copied().collect();
    let none = Vec::new();
    let found = codes.into_iter().filter_map(|code| {
        let (old, new) = (before.get(code).unwrap_or(&none), after.get(code).unwrap_or(&none));
        if old.iter().map(|row| state(row)).eq(new.iter().map(|row| state(row))) {
            return None;
        }
        let told = |row: &LedgerRow| row.cells.split('\t').filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(" ");
        let name = new.last().or(old.last()).map(|row| told(row)).unwrap_or_default();
        let name: String = name.chars().take(80).collect();
        let fresh = new.iter().find(|row| !old.iter().any(|old| state(old) == state(row)));
        let (change, from) = match (old.last(), new.last()) {
            (None, _) => (Change::New, new.first().map(|row| row.from)),
            (_, None) => (Change::Removed, None),
            (Some(old), Some(new)) if old.to.is_none() && new.to.is_some() && content(old) == content(new) => {
                (Change::Abolished, new.to.and_then(|to| to.succ_opt()))
            }
            _ => (Change::Changed, fresh.map(|row| row.from)),
        };
        Some(Found::bare(code, &name, change, from))
    });
    preview(kind, found.collect())
}

/// What two rows of a code are compared by.
fn state(row: &LedgerRow) -> (NaiveDate, Option<NaiveDate>, &str) {
    (row.from, row.to, content(row))
}

/// The cells but the first, which only says what became of the row since the last file.
fn content(row: &LedgerRow) -> &str {
    row.cells.split_once('\t').map_or("", |(_, rest)| rest)
}

/// A change with what is counted of it.
struct Found {
    row: RowChange,
    official: bool,
}

impl Found {
    fn bare(code: &str, name: &str, change: Change, from: Option<NaiveDate>) -> Self {
        let row = RowChange {
            code: code.to_owned(),
            name: name.to_owned(),
            change,
            from: from.filter(|day| *day > EVER),
            before: String::new(),
            after: String::new(),
            direction: 0,
            fields: Vec::new(),
        };
        Self { row, official: false }
    }
}

fn compared(before: &Snapshot, after: &Snapshot, kind: MasterKind) -> Vec<Found> {
    match kind {
        MasterKind::Disease => tables(&before.diseases, &after.diseases),
        MasterKind::Modifier => tables(&before.modifiers, &after.modifiers),
        MasterKind::Procedure => tables(&before.procedures, &after.procedures),
        MasterKind::Drug => tables(&before.drugs, &after.drugs),
        MasterKind::Material => tables(&before.materials, &after.materials),
        MasterKind::Comment => tables(&before.comments, &after.comments),
        MasterKind::Allergen => tables(&before.allergens, &after.allergens),
        MasterKind::Lab => tables(&before.labs, &after.labs),
    }
}

fn tables<T: Compared>(before: &Table<T>, after: &Table<T>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for new in after.rows().chunk_by(|a, b| a.code() == b.code()) {
        let code = new[0].code();
        found.extend(code_change(code, before.all(code), new));
    }
    for old in before.rows().chunk_by(|a, b| a.code() == b.code()) {
        let code = old[0].code();
        if after.all(code).is_empty()
            && let Some(last) = old.last()
        {
            let mut gone = Found::bare(code, last.name(), Change::Removed, None);
            gone.row.before = shown(last);
            found.push(gone);
        }
    }
    found.sort_by(|a, b| a.row.code.cmp(&b.row.code));
    found
}

/// What changes of a code: the first day on which something does, and everything that differs on any day.
fn code_change<T: Compared>(code: &str, old: &[T], new: &[T]) -> Option<Found> {
    let last = new.last()?;
    let Some((first_old, last_old)) = old.first().zip(old.last()) else {
        let mut fresh = Found::bare(code, last.name(), Change::New, new.first().map(|row| row.validity().from));
        fresh.row.after = shown(last);
        return Some(fresh);
    };
    let mut days: BTreeSet<NaiveDate> = BTreeSet::new();
    for validity in old.iter().chain(new).map(|row| row.validity()) {
        days.insert(validity.from);
        days.extend(validity.to.and_then(|to| to.succ_opt()));
    }
    let known_from = first_old.validity().from;
    let ended = last_old.validity().to;
    let mut change = Found::bare(code, last.name(), Change::Changed, None);
    let mut fields: Vec<&'static str> = Vec::new();
    // The first day of the change that is told, and how much it matters: a figure before an end before other fields.
    let mut told: Option<(u8, NaiveDate)> = None;
    // Days before the old rows only tell more of the past.
    for day in days.range(known_from..) {
        let find = |rows: &'_ [T]| rows.iter().rposition(|row| row.validity().covers(*day));
        let (rank, labels) = match (find(old).map(|at| &old[at]), find(new).map(|at| &new[at])) {
            (Some(a), Some(b)) => {
                let mut labels = Vec::new();
                change.official |= a.estimated() && !b.estimated();
                if a.name() != b.name() {
                    labels.push("名称");
                }
                let moved = a.figure().zip(b.figure()).filter(|(a, b)| a != b);
                if let Some(((was, unit), (is, new_unit))) = moved {
                    labels.push(if unit == "点" { "点数" } else { "金額" });
                    if change.row.direction == 0 && unit == new_unit {
                        change.row.direction = if is > was { 1 } else { -1 };
                    }
                }
                if a.estimated() && !b.estimated() {
                    labels.push("推計の解消");
                } else if !a.estimated() && b.estimated() {
                    labels.push("推計になる");
                }
                labels.extend(a.differs(b));
                if labels.is_empty() {
                    continue;
                }
                let rank = if moved.is_some() { 0 } else { 2 };
                if told.is_none_or(|(known, _)| rank < known) {
                    (change.row.before, change.row.after) = match moved {
                        Some(_) => (shown(a), shown(b)),
                        None => (a.name().to_owned(), b.name().to_owned()),
                    };
                    change.row.change = Change::Changed;
                }
                (rank, labels)
            }
            (Some(a), None) => {
                // Between two rows of a code there may be days without one; the last end is what counts.
                let back = new.iter().any(|row| row.validity().from > *day);
                if told.is_none_or(|(known, _)| 1 < known) && !back {
                    change.row.change = Change::Abolished;
                    (change.row.before, change.row.after) = (shown(a), String::new());
                }
                (1, vec![if back { "期間" } else { "廃止" }])
            }
            (None, Some(b)) => {
                if told.is_none() && ended.is_some_and(|end| end < *day) {
                    change.row.change = Change::New;
                    (change.row.before, change.row.after) = (String::new(), shown(b));
                }
                (1, vec!["期間"])
            }
            (None, None) => continue,
        };
        if told.is_none_or(|(known, _)| rank < known) {
            told = Some((rank, *day));
        }
        for label in labels {
            if !fields.contains(&label) {
                fields.push(label);
            }
        }
    }
    let (_, day) = told?;
    change.row.from = Some(day).filter(|day| *day > EVER);
    change.row.fields = fields.into_iter().map(str::to_owned).collect();
    Some(change)
}

/// A row's figure as it is shown, else nothing.
fn shown<T: Compared>(row: &T) -> String {
    row.figure().map_or_else(String::new, |(figure, unit)| format!("{}{unit}", plain(figure)))
}

/// Prices keep their two decimals, points their none.
fn plain(figure: Decimal) -> String {
    let text = figure.to_string();
    text.strip_suffix(".00").map_or(text.clone(), str::to_owned)
}

/// Counts, and the rows to look at: changed figures first, then ends, then what is new, then the rest.
fn preview(kind: FileKind, found: Vec<Found>) -> KindPreview {
    let count = |wanted: &dyn Fn(&Found) -> bool| u32::try_from(found.iter().filter(|f| wanted(f)).count()).unwrap_or(u32::MAX);
    let of = |change: Change| count(&|found: &Found| found.row.change == change);
    let mut preview = KindPreview {
        kind,
        new: of(Change::New),
        changed: of(Change::Changed),
        abolished: of(Change::Abolished),
        removed: of(Change::Removed),
        up: count(&|found| found.row.direction > 0),
        down: count(&|found| found.row.direction < 0),
        estimates_replaced: count(&|found| found.official),
        rows: Vec::new(),
    };
    let mut rows: Vec<RowChange> = found.into_iter().map(|found| found.row).collect();
    let rank = |row: &RowChange| match row.change {
        _ if row.direction != 0 => 0,
        Change::Abolished | Change::Removed => 1,
        Change::New => 2,
        Change::Changed => 3,
    };
    rows.sort_by_key(rank);
    rows.truncate(KindPreview::MOST);
    preview.rows = rows;
    preview
}
