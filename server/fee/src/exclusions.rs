//! What may not be billed together (併算定不可) by the words of the notices where no table is needed: each row one sentence.
//!
//! The electronic points table's 背反 tables (03-1 to 03-4) say such things by code and are asked first (`tables_pairs`); here
//! stands what the law text says of kinds, so that it holds on days without them. Tests compare both.

use crate::{families::Family, limits::Span, orders::Ordered, work::Work};
use model::master::Procedure;

/// Which of two stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stays {
    /// The first kind: the other is not billed beside it (背反区分 1).
    First,
    /// Either, the main one (主たるもの, 背反区分 3).
    Dearer,
}

/// Two kinds that exclude each other within a span.
pub(crate) struct Exclusion {
    pub first: &'static [Family],
    pub other: &'static [Family],
    pub span: Span,
    pub stays: Stays,
    pub citation: &'static str,
}

const MONTH: Span = Span::Months(1);

const fn first(first: &'static [Family], other: &'static [Family], span: Span, citation: &'static str) -> Exclusion {
    Exclusion { first, other, span, stays: Stays::First, citation }
}

const fn dearer(kinds: &'static [Family], span: Span, citation: &'static str) -> Exclusion {
    Exclusion { first: kinds, other: kinds, span, stays: Stays::Dearer, citation }
}

/// 特定疾患療養管理料.
const SPECIFIC: &[Family] = &[Family::Article("B000")];
/// 通知 特掲診療料 通則1: no two of these in a month.
const ONE_MANAGEMENT: &[Family] = &[
    Family::Named("B000", &["特定疾患療養管理料"]),
    Family::Named(
        "B001",
        &[
            "ウイルス疾患指導料",
            "小児特定疾患カウンセリング料",
            "小児科療養指導料",
            "てんかん指導料",
            "難病外来指導管理料",
            "皮膚科特定疾患指導管理料",
            "慢性疼痛疾患管理料",
            "小児悪性腫瘍患者指導管理料",
            "耳鼻咽喉科特定疾患指導管理料",
        ],
    ),
    Family::Containing('C', 101, 121, "指導管理料"),
    Family::Named("I004", &["心身医学療法"]),
];
/// 疾患別リハビリテーション料 and others of H 通則5.
const REHABILITATION: &[Family] = &[
    Family::Containing('H', 0, 3, "リハビリテーション料（"),
    Family::Named("H007-3", &["認知症患者リハビリテーション料"]),
    Family::Article("H008"),
];
/// J117 (from the second day) to J119-4.
const PHYSICAL: &[Family] = &[
    Family::Named("J117", &["鋼線等による直達牽引（２日目"]),
    Family::Named("J118", &["介達牽引", "矯正固定", "変形機械矯正術"]),
    Family::Range('J', 119, 119),
];

/// 処置の部と共通の項目は、同一日に算定できない.
const COMMON: &str = "D 第4節 通則2";

/// The sentences. Within a day or a month; history counts.
pub(crate) const EXCLUSIONS: &[Exclusion] = &[
    dearer(ONE_MANAGEMENT, MONTH, "通知 特掲診療料 通則1"),
    first(SPECIFIC, &[Family::Named("B001", &["心臓ペースメーカー指導管理料"])], MONTH, "B001の12 注3"),
    first(SPECIFIC, &[Family::Named("B001", &["移植後患者指導管理料"])], MONTH, "B001の25 注2"),
    first(&[Family::Named("B005-7", &["認知症専門診断管理料"])], SPECIFIC, MONTH, "B005-7 注4"),
    first(&[Family::Named("B005-7", &["認知症療養指導料"])], SPECIFIC, MONTH, "B005-7-2 注5"),
    first(
        &[Family::Named("B005-7", &["認知症療養指導料"])],
        &[Family::Named("I002", &["通院精神療法", "在宅精神療法"])],
        MONTH,
        "B005-7-2 注5",
    ),
    first(SPECIFIC, &[Family::Named("I002", &["通院精神療法", "在宅精神療法", "家族通院精神療法"])], MONTH, "I002 注1"),
    first(
        &[Family::Named("I002", &["通院精神療法", "在宅精神療法"])],
        &[Family::Named("B001", &["小児特定疾患カウンセリング料"])],
        MONTH,
        "B001の4 注1",
    ),
    first(
        &[Family::Named("B001", &["外来緩和ケア管理料"])],
        &[Family::Named("B001", &["がん性疼痛緩和指導管理料"])],
        MONTH,
        "B001の24 注3",
    ),
    first(
        &[Family::Named("B001", &["糖尿病透析予防指導管理料", "慢性腎臓病透析予防指導管理料"])],
        &[Family::Named("B001", &["外来栄養食事指導料", "集団栄養食事指導料"])],
        MONTH,
        "B001の27 注2、B001の37 注2",
    ),
    first(
        &[Family::Named("B001", &["生殖補助医療管理料"])],
        &[Family::Named("B001", &["一般不妊治療管理料"])],
        MONTH,
        "B001の32 注",
    ),
    first(
        &[Family::Named("B001", &["下肢創傷処置管理料"])],
        &[Family::Named("B001", &["糖尿病合併症管理料"])],
        MONTH,
        "B001の36 注",
    ),
    first(
        &[Family::Named("B001", &["小児科療養指導料"])],
        &[Family::Named("B001", &["小児運動器疾患指導管理料"])],
        MONTH,
        "B001の28 注",
    ),
    first(
        &[Family::Named("B001", &["慢性疼痛疾患管理料"])],
        &[Family::Containing('H', 0, 3, "リハビリテーション料（")],
        MONTH,
        "H 通則6",
    ),
    first(&[Family::Named("C001", &["在宅患者訪問診療料"])], &[Family::Named("C000", &["往診料"])], Span::Day, "C001 注1・注2"),
    dearer(&[Family::Named("C002", &["在医総管", "施医総管"])], MONTH, "C002 注6、C002-2 注2"),
    first(REHABILITATION, PHYSICAL, Span::Day, "H 通則5"),
    first(
        &[Family::Named("J001", &["熱傷処置", "電撃傷処置", "薬傷処置", "凍傷処置", "重度褥瘡処置"])],
        &[Family::Article("J000"), Family::Named("J001", &["爪甲除去", "穿刺排膿後薬液注入"])],
        Span::Day,
        "通知 J001(1)・J001-4(2)",
    ),
    dearer(&[Family::Range('J', 119, 119)], Span::Day, "通知 J119(1)、J119-2(2)、J119-3(2)、J119-4(3)"),
    dearer(&[Family::Named("J118", &["介達牽引"]), Family::Named("J119", &["消炎鎮痛等処置"])], Span::Day, "J118 注"),
    first(
        &[Family::Named("J117", &["鋼線等による直達牽引（２日目"])],
        &[Family::Named("J119", &["消炎鎮痛等処置"])],
        Span::Day,
        "J117 注2",
    ),
    dearer(&[Family::Article("J097"), Family::Article("J098")], Span::Day, "J097 注2、J098 注2、合わせて所定点数"),
    first(&[Family::Article("J043-4")], &[Family::Article("J000"), Family::Named("K000", &["創傷処理"])], Span::Day, "J043-4 注"),
    dearer(&[Family::Named("D215", &["超音波検査（断層撮影法）"])], Span::Day, "通知 D215(2)、部位数によらず1回"),
    dearer(&[Family::Article("D401"), Family::Article("J005")], Span::Day, COMMON),
    dearer(&[Family::Article("D402"), Family::Article("J006")], Span::Day, COMMON),
    dearer(&[Family::Article("D403"), Family::Article("J007")], Span::Day, COMMON),
    dearer(&[Family::Article("D404"), Family::Article("J011")], Span::Day, COMMON),
    dearer(&[Family::Article("D405"), Family::Article("J116")], Span::Day, COMMON),
    dearer(&[Family::Article("D407"), Family::Article("J012")], Span::Day, COMMON),
    dearer(&[Family::Article("D408"), Family::Article("J013")], Span::Day, COMMON),
    first(&[Family::Article("J060")], &[Family::Article("J063")], Span::Day, "J060 注1、J063 注1"),
];

/// Which of two a sentence bills, whatever the points: `true` for the first. For pairs of which a table only says that it is either
/// (背反区分 3), as it does where the articles of both sides speak.
pub(crate) fn prefers(one: &Procedure, two: &Procedure) -> Option<bool> {
    let is = |kinds: &[Family], row: &Procedure| kinds.iter().any(|kind| kind.has(row));
    EXCLUSIONS.iter().filter(|exclusion| exclusion.stays == Stays::First).find_map(|exclusion| {
        if is(exclusion.first, one) && is(exclusion.other, two) {
            return Some(true);
        }
        (is(exclusion.first, two) && is(exclusion.other, one)).then_some(false)
    })
}

/// Leaves out what may not stand beside something else of this visit or of the history.
pub(crate) fn keep(work: &mut Work, ordered: &mut Vec<Ordered>) {
    for exclusion in EXCLUSIONS {
        let is = |kinds: &[Family], row: &Procedure| kinds.iter().any(|kind| kind.has(row));
        if !ordered.iter().any(|order| is(exclusion.other, order.row) || is(exclusion.first, order.row)) {
            continue;
        }
        match exclusion.stays {
            Stays::First => {
                let owners = ordered.iter().map(|order| order.row).filter(|row| is(exclusion.first, row));
                let owner = owners.min_by(|a, b| a.code.cmp(&b.code)).map(|row| row.name.clone());
                let owner = owner.or_else(|| past(work, exclusion, exclusion.first, None));
                if let Some(owner) = owner {
                    drop_where(work, ordered, exclusion, |row| is(exclusion.other, row), &owner);
                }
                let owners = ordered.iter().map(|order| order.row).filter(|row| is(exclusion.first, row));
                if let Some(row) = owners.min_by(|a, b| a.code.cmp(&b.code))
                    && let Some(other) = past(work, exclusion, exclusion.other, None)
                {
                    let name = &row.name;
                    work.cut(
                        row.code.as_str(),
                        format!(
                            "{name}を算定すると、先に算定した{other}は算定できません。確認してください（{}）。",
                            exclusion.citation
                        ),
                    );
                }
            }
            Stays::Dearer => {
                let best = ordered
                    .iter()
                    .filter(|order| is(exclusion.first, order.row))
                    .max_by(|a, b| a.row.points.cmp(&b.row.points).then(b.row.code.cmp(&a.row.code)))
                    .map(|order| order.row);
                let Some(best) = best else { continue };
                match past_row(work, exclusion, exclusion.first, Some(best.code.as_str())) {
                    Some(other) => {
                        let gone = |row: &Procedure| is(exclusion.first, row) && !together(row, other);
                        drop_where(work, ordered, exclusion, gone, &other.name);
                    }
                    None => {
                        let gone = |row: &Procedure| row.code != best.code && is(exclusion.first, row) && !together(row, best);
                        drop_where(work, ordered, exclusion, gone, &best.name);
                    }
                }
            }
        }
    }
}

/// What a notice lets stand together though its kinds exclude each other: 通知 C101(8), 「２」 of C101 and B001の7 難病外来指導管理料.
fn together(one: &Procedure, other: &Procedure) -> bool {
    let disease = |row: &Procedure| row.article == "B001" && row.name.starts_with("難病外来指導管理料");
    let injection = |row: &Procedure| row.article == "C101" && row.name.starts_with("在宅自己注射指導管理料（１以外）");
    (disease(one) && injection(other)) || (injection(one) && disease(other))
}

/// Name of something of these kinds billed within the span, another code than this one's.
fn past(work: &Work, exclusion: &Exclusion, kinds: &[Family], but: Option<&str>) -> Option<String> {
    past_row(work, exclusion, kinds, but).map(|row| row.name.clone())
}

fn past_row<'a>(work: &Work<'a>, exclusion: &Exclusion, kinds: &[Family], but: Option<&str>) -> Option<&'a Procedure> {
    let on = work.on();
    work.request
        .history
        .iter()
        .filter(|old| exclusion.span.holds(old.date, on) && but != Some(old.code.as_str()))
        .filter_map(|old| work.past_row(old))
        .find(|row| kinds.iter().any(|kind| kind.has(row)))
}

fn drop_where(
    work: &mut Work,
    ordered: &mut Vec<Ordered>,
    exclusion: &Exclusion,
    gone: impl Fn(&Procedure) -> bool,
    beside: &str,
) {
    let when = if exclusion.span == Span::Day { "同じ日" } else { "同じ月" };
    ordered.retain(|order| {
        if !gone(order.row) {
            return true;
        }
        let reason = format!("{when}に{beside}を算定するため、併せて算定しません（{}）。", exclusion.citation);
        work.omit_code(order.row.code.as_str(), &order.row.name, reason);
        false
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::families::testing::{procedures, table};
    use std::collections::BTreeMap;

    /// What the table says of the pairs of a sentence: how often which of two is billed.
    fn told(exclusion: &Exclusion, rows: &[Procedure], pairs: &BTreeMap<(String, String), String>) -> BTreeMap<String, usize> {
        let of =
            |kinds: &[Family]| -> Vec<&Procedure> { rows.iter().filter(|row| kinds.iter().any(|kind| kind.has(row))).collect() };
        let mut told = BTreeMap::new();
        for one in of(exclusion.first) {
            for two in of(exclusion.other) {
                if let Some(kind) = pairs.get(&(one.code.0.clone(), two.code.0.clone())) {
                    *told.entry(kind.clone()).or_default() += 1;
                }
            }
        }
        told
    }

    fn pairs(path: &str) -> Option<BTreeMap<(String, String), String>> {
        let rows = table(path)?;
        Some(rows.iter().map(|row| ((row[1].to_owned(), row[3].to_owned()), row[5].to_owned())).collect())
    }

    /// Every sentence of a month is in 背反テーブル2 of R6 for pairs of its kinds, and which of two is billed is what the sentence says:
    /// where the table speaks it decides, and says the same.
    #[test]
    fn sentences_of_a_month_agree_with_the_table() {
        let (Some(rows), Some(pairs)) = (procedures(), pairs("masters/tensuhyo/r6/03-2背反テーブル2.csv")) else { return };
        let mut silent = Vec::new();
        for exclusion in EXCLUSIONS.iter().filter(|exclusion| exclusion.span == MONTH) {
            let told = told(exclusion, &rows, &pairs);
            let expected = if exclusion.stays == Stays::First { "1" } else { "3" };
            assert!(told.keys().all(|kind| kind == expected), "{}: {told:?}", exclusion.citation);
            if told.is_empty() {
                silent.push(exclusion.citation);
            }
        }
        // 「所定点数に含まれる」 is a matter of 包括テーブル (guide 4(1)ア), which is not at hand.
        assert_eq!(silent, ["B001の27 注2、B001の37 注2"]);
    }

    /// The same for sentences of a day with the only 背反テーブル1 at hand, that of 2016: where it has the pair it says nothing else.
    #[test]
    fn sentences_of_a_day_do_not_contradict_the_table_of_2016() {
        let (Some(rows), Some(pairs)) = (procedures(), pairs("masters/tensuhyo/h28/03-1背反テーブル1.csv")) else { return };
        let mut found = 0;
        for exclusion in EXCLUSIONS.iter().filter(|exclusion| exclusion.span == Span::Day) {
            let told = told(exclusion, &rows, &pairs);
            // Where the articles of both sides speak, the table has 3 whatever they say (guide 4(2)ウ).
            let expected: &[&str] = if exclusion.stays == Stays::First { &["1", "3"] } else { &["3"] };
            println!("{} {:?} {told:?}", exclusion.citation, exclusion.stays);
            assert!(told.keys().all(|kind| expected.contains(&kind.as_str())), "{}: {told:?}", exclusion.citation);
            found += usize::from(!told.is_empty());
        }
        assert!(found > 5, "{found} sentences found");
    }
}
