//! What the points table says of today's items among themselves and beside what was billed: one relation a pair, read from
//! 背反テーブル 03-1 … 03-4 and 包括テーブル 02. `tables_pairs` decides by them.

use crate::{exclusions, families::Family, limits, work::Work};
use chrono::NaiveDate;
use model::points_table::{Billed, Bundle, BundleUnit, Code9, Exclusion, Reach, RuleTable, Span};
use rust_decimal::Decimal;

/// An item that asks to be billed today.
pub(crate) struct Node<'n> {
    pub code: Code9,
    pub text: &'n str,
    pub name: &'n str,
    /// What 主たるもの is measured by: its points.
    pub rank: Decimal,
}

/// Something billed before, near enough for one of the spans.
pub(crate) struct Past<'n> {
    pub code: Code9,
    pub text: &'n str,
    pub on: NaiveDate,
}

/// What a table says of two items: which is billed, seen from the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Relation {
    pub first: usize,
    pub other: usize,
    pub strength: Strength,
    /// The narrower time goes first: it says the most of today.
    pub place: u8,
    pub billed: Billed,
    pub source: Source,
}

/// How much a relation says; what says the most goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// An item is not billed for it.
    Decides,
    /// Endoscopy and pictures of the same visit: meant are the pictures of the endoscopy (通知 D 内視鏡検査 共通事項, 写真診断を行った
    /// 場合), and a visit does not tell what its X-rays were for.
    Pictures,
    /// A row with 特例条件.
    Conditional,
    /// A row of the fee table before.
    Former,
}

/// Where a relation was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    Excluded(Span),
    Bundled(BundleUnit),
}

/// Which tables speak for the day.
#[derive(Clone, Copy)]
pub(crate) struct Speaking {
    pub spans: [Reach; 4],
    pub bundles: Reach,
}

impl Speaking {
    pub fn of(work: &Work) -> Self {
        let on = work.rules_on();
        Self {
            spans: Span::ALL.map(|span| work.tables.reach(RuleTable::Exclusions(span), on)),
            bundles: work.tables.reach(RuleTable::Bundles, on),
        }
    }

    pub fn any(self, reach: Reach) -> bool {
        self.bundles == reach || self.spans.contains(&reach)
    }

    pub fn excludes(self, span: Span) -> Reach {
        self.spans[span as usize]
    }
}

impl Relation {
    /// Whether it leaves no room: an item is not billed for it.
    pub fn decides(&self) -> bool {
        self.strength == Strength::Decides
    }
}

/// What the tables say of today's items among themselves and beside what was billed, one relation a pair and kind.
pub(crate) fn relations(work: &Work, speaking: Speaking, nodes: &[Node], codes: &[Code9], past: &[Past]) -> Vec<Relation> {
    let today = nodes.len();
    let (on, rules) = (work.on(), work.rules_on());
    let mut found: Vec<Relation> = Vec::new();
    let mut add = |first: usize, other: usize, billed: Billed, conditional: bool, source: Source| {
        let (place, reach) = match source {
            Source::Bundled(_) => (0, speaking.bundles),
            Source::Excluded(span) => (breadth(span), speaking.excludes(span)),
        };
        // Rows of the table before that ask for conditions say too little to be worth a line.
        let strength = match (reach, conditional) {
            (Reach::InForce, false) if source == Source::Excluded(Span::SameTime) && pictures(work, nodes, first, other) => {
                Strength::Pictures
            }
            (Reach::InForce, false) => Strength::Decides,
            (Reach::InForce, true) => Strength::Conditional,
            (_, false) => Strength::Former,
            (_, true) => return,
        };
        // Seen from the lower place, so that both sides of a pair are one.
        let (first, other, billed) = if first < other { (first, other, billed) } else { (other, first, billed.reversed()) };
        found.push(Relation { first, other, strength, place, billed, source });
    };
    for (first, code) in codes.iter().enumerate().take(today) {
        work.tables.exclusions(*code, codes, rules, &mut |other, Exclusion { span, billed, conditional }| {
            let near = other < today || holds(span, past[other - today].on, on);
            if other != first && near && speaking.excludes(span) != Reach::Absent {
                add(first, other, billed, conditional, Source::Excluded(span));
            }
        });
    }
    if speaking.bundles != Reach::Absent {
        for (owner, code) in codes.iter().enumerate() {
            let members = if owner < today { codes } else { &codes[..today] };
            work.tables.bundled(*code, members, rules, &mut |member, Bundle { unit, conditional }| {
                let day = past.get(owner.max(member).wrapping_sub(today)).map_or(on, |past| past.on);
                let near = match unit {
                    BundleUnit::Day => day == on,
                    BundleUnit::Month => holds(Span::Month, day, on),
                    BundleUnit::WeekBeforeOperation => (0..=7).contains(&(on - day).num_days()),
                    BundleUnit::SameTime | BundleUnit::Operation | BundleUnit::Other(_) => owner < today && member < today,
                };
                let unclear = matches!(unit, BundleUnit::WeekBeforeOperation | BundleUnit::Other(_));
                if near && owner != member {
                    add(owner, member, Billed::This, conditional || unclear, Source::Bundled(unit));
                }
            });
        }
    }
    found.sort_unstable();
    found.dedup();
    // A pair that stands in several tables: the first without conditions decides, and where two rows of one table part ways it
    // is either of the two (guide 4(2)ウ).
    let mut kept: Vec<Relation> = Vec::with_capacity(found.len());
    for relation in found {
        match kept.last_mut().filter(|last| (last.first, last.other) == (relation.first, relation.other)) {
            Some(last) if last.strength == relation.strength && last.source == relation.source => {
                last.billed = Billed::Either;
            }
            Some(_) => {}
            None => kept.push(relation),
        }
    }
    // Either of the two is the main one (主たるもの); where a sentence of the law names it, not its points.
    for relation in kept.iter_mut().filter(|r| r.billed == Billed::Either && r.decides() && r.other < today) {
        let row = |place: usize| work.row(nodes[place].text);
        if let (Some(one), Some(two)) = (row(relation.first), row(relation.other))
            && let Some(first) = exclusions::prefers(one, two)
        {
            relation.billed = if first { Billed::This } else { Billed::Other };
        }
    }
    kept
}

/// What was billed within the month or the week, each item and day once, without what stands in today's list itself.
pub(crate) fn past<'w>(work: &Work<'w>) -> Vec<Past<'w>> {
    let on = work.on();
    let mut past: Vec<Past> = work
        .request
        .history
        .iter()
        .filter(|old| holds(Span::Month, old.date, on) || holds(Span::Week, old.date, on))
        .filter_map(|old| Some(Past { code: Code9::parse(&old.code)?, text: &old.code, on: old.date }))
        .collect();
    past.sort_by_key(|past| (past.code, std::cmp::Reverse(past.on)));
    // The last day of an item is the nearest to today.
    past.dedup_by_key(|past| past.code);
    past
}

/// Whether an earlier day lies in the span that ends today. 同時 is this visit and nothing before it.
fn holds(span: Span, day: NaiveDate, on: NaiveDate) -> bool {
    match span {
        Span::SameTime => false,
        Span::Day => limits::Span::Day.holds(day, on),
        Span::Week => limits::Span::Week.holds(day, on),
        Span::Month => limits::Span::Months(1).holds(day, on),
    }
}

fn breadth(span: Span) -> u8 {
    match span {
        Span::SameTime => 1,
        Span::Day => 2,
        Span::Week => 3,
        Span::Month => 4,
    }
}

/// Whether two of today's items are an endoscopy and a picture.
fn pictures(work: &Work, nodes: &[Node], one: usize, two: usize) -> bool {
    let is = |place: usize, kind: Family| nodes.get(place).and_then(|node| work.row(node.text)).is_some_and(|row| kind.has(row));
    let (scope, picture) = (Family::Range('D', 295, 325), Family::Range('E', 1, 2));
    (is(one, scope) && is(two, picture)) || (is(one, picture) && is(two, scope))
}
