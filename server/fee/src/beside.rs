//! What stands beside what in parts C to L by the words of notes and notices: contained items, the main one of several, items
//! that count once whatever the places, and pairs that the review doubts.
//!
//! The electronic points table says many of these by code; the rows here are the sentences themselves, each with its
//! citation, so that they hold for a revision whose table is not loaded yet.

use crate::{families::Family, limits::Span, orders::Ordered, work::Work};
use model::master::Procedure;
use rust_decimal::Decimal;
use std::collections::BTreeSet;

/// How a sentence works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The other kind is contained: it is left out.
    Contains,
    /// Of all of both kinds only the main one (主たるもの) is billed.
    Main,
    /// Only certain places or reasons make it a cut: said as a hint.
    Doubt,
}

/// A sentence of two kinds.
struct Sentence {
    way: Way,
    owner: &'static [Family],
    other: &'static [Family],
    span: Span,
    citation: &'static str,
}

const MONTH: Span = Span::Months(1);

const fn contains(owner: &'static [Family], other: &'static [Family], span: Span, citation: &'static str) -> Sentence {
    Sentence { way: Way::Contains, owner, other, span, citation }
}

const fn main_of(kinds: &'static [Family], citation: &'static str) -> Sentence {
    Sentence { way: Way::Main, owner: kinds, other: kinds, span: Span::Day, citation }
}

const fn doubt(owner: &'static [Family], other: &'static [Family], citation: &'static str) -> Sentence {
    Sentence { way: Way::Doubt, owner, other, span: Span::Day, citation }
}

const THERAPY: &[Family] = &[Family::Named("I002", &["通院精神療法", "在宅精神療法", "家族通院精神療法", "家族在宅精神療法"])];
const SUPPORT: &[Family] = &[Family::Named("I002-2", &["精神科継続外来支援・指導料"])];
/// 精神科専門療法 but for I002-2 and the add-ons of I002 that the master has as basic items.
const PSYCHIATRY: &[Family] = &[
    Family::Named("I002", &["通院精神療法", "在宅精神療法", "家族通院精神療法", "家族在宅精神療法"]),
    Family::Range('I', 3, 15),
];
const BLOCKS: &[Family] = &[Family::Article("L100"), Family::Article("L101")];
/// J118–J119-4 (通知 J118(2)・(3)).
const PHYSICAL: &[Family] = &[Family::Named("J118", &["介達牽引", "矯正固定", "変形機械矯正術"]), Family::Range('J', 119, 119)];
const BEDRIDDEN: &[Family] = &[Family::Named("C109", &["在宅寝たきり患者処置指導管理料"])];
const WOUNDS: &[Family] = &[Family::Article("J000"), Family::Named("J001", &["爪甲除去", "穿刺排膿後薬液注入"])];
const SECTION_ULTRASOUND: &[Family] = &[Family::Named(
    "D215",
    &["超音波検査（断層撮影法）（胸腹部", "超音波検査（断層撮影法）（下肢血管", "超音波検査（断層撮影法）（その他"],
)];

/// The sentences; the same in R6 and R8.
const SENTENCES: &[Sentence] = &[
    contains(&[Family::Article("D209")], &[Family::Article("D208")], Span::Day, "D209 注2"),
    doubt(
        &[Family::Named("D215", &["超音波検査（心臓超音波検査）"])],
        &[Family::Article("D208")],
        "D215 注3、心臓超音波検査に伴って同時に記録した心電図は含まれます",
    ),
    doubt(
        &[Family::Named("C001", &["在宅患者訪問診療料"])],
        SECTION_ULTRASOUND,
        "通知 D215(7)、患家等では「訪問診療時に行った場合」を月1回算定します",
    ),
    contains(
        &[Family::Article("D215-2")],
        &[Family::Article("D215-3"), Family::Article("D215-4")],
        MONTH,
        "D215-3 注、D215-4 注",
    ),
    contains(&[Family::Article("D215-3")], &[Family::Article("D215-4")], MONTH, "D215-4 注"),
    main_of(&[Family::Article("D298"), Family::Article("D298-2"), Family::Article("D299")], "通知 D298-2(2)"),
    doubt(
        &[Family::Range('D', 287, 289)],
        &[Family::Article("D400"), Family::Named("D007", &["グルコース"])],
        "D288 注、D287 注2、D289 注、負荷試験に伴う採血・検体測定は含まれます",
    ),
    main_of(&[Family::Article("D216-2")], "通知 D216-2(2)"),
    doubt(
        &[Family::Named("D217", &["骨塩定量検査（ＭＤ法"])],
        &[Family::Article("E001"), Family::Article("E002")],
        "通知 D217(6)、ＭＤ法のフィルムによる画像診断はいずれか一方の手技料を算定します",
    ),
    main_of(&[Family::Article("D220")], "通知 D220(4)"),
    contains(&[Family::Article("D231-2")], &[Family::Named("D007", &["グルコース"])], Span::Day, "通知 D231-2(4)"),
    main_of(&[Family::Article("D237"), Family::Article("D237-2")], "通知 D237-2(3)"),
    doubt(
        &[Family::Article("D239-3")],
        &[Family::Article("D250"), Family::Article("D255")],
        "通知 D239-3(3)、神経学的検査と一連の検査は含まれます",
    ),
    main_of(&[Family::Named("D256", &["眼底カメラ撮影"])], "通知 D256(2)"),
    contains(&[Family::Article("D257")], &[Family::Article("D273")], Span::Day, "通知 D273(1)"),
    main_of(&[Family::Article("D258"), Family::Article("D258-2"), Family::Article("D258-3")], "通知 D258-3(3)"),
    doubt(
        &[Family::Article("D261")],
        &[Family::Article("D263")],
        "通知 D261(3)、初めて検査を行った場合又は眼鏡処方箋を交付した場合などに限り併せて算定します",
    ),
    main_of(&[Family::Article("D282-2")], "通知 D282-2(2)"),
    main_of(&[Family::Article("E200")], "E200 注2"),
    main_of(&[Family::Article("E202")], "E202 注2"),
    contains(
        &[Family::Article("G001"), Family::Article("G004")],
        &[Family::Named("E003", &["造影剤注入手技（点滴注射"])],
        Span::Day,
        "通知 E003(1)",
    ),
    contains(
        &[Family::Named("E003", &["造影剤注入手技（注腸）"])],
        &[Family::Named("J022", &["高位浣腸", "高圧浣腸", "洗腸"])],
        Span::Day,
        "通知 E003(5)",
    ),
    contains(PSYCHIATRY, SUPPORT, Span::Day, "I002-2 注6"),
    contains(&[Family::Article("I003-2")], THERAPY, Span::Day, "I003-2 注4"),
    contains(&[Family::Article("I006")], THERAPY, Span::Day, "I006 注2"),
    contains(&[Family::Named("I006-2", &["依存症集団療法"])], THERAPY, Span::Day, "I006-2 注4"),
    contains(THERAPY, &[Family::Article("I003")], Span::Day, "通知 I002(13)"),
    contains(THERAPY, &[Family::Named("I004", &["心身医学療法"])], MONTH, "通知 I004(8)"),
    contains(BEDRIDDEN, WOUNDS, MONTH, "J000 注2、通知 J000(4)"),
    contains(&[Family::Article("C112"), Family::Article("C112-2")], WOUNDS, MONTH, "J000 注2、通知 J000(4)"),
    contains(
        BEDRIDDEN,
        &[Family::Article("J053"), Family::Named("J118", &["介達牽引"]), Family::Range('J', 119, 119)],
        MONTH,
        "通知 J053(1)・J118(4)・J119(5)・J119-2(3)・J119-3(3)",
    ),
    doubt(
        &[Family::Article("J000-2"), Family::Article("J002")],
        &[Family::Article("J000"), Family::Named("J001", &["爪甲除去", "穿刺排膿後薬液注入"])],
        "通知 J000-2(3)・J002(2)、同じ部位の創傷処置は含まれます",
    ),
    main_of(&[Family::Article("J000-2")], "通知 J000-2(4)"),
    main_of(&[Family::Article("J002")], "通知 J002(3)"),
    main_of(&[Family::Article("J054")], "通知 J054(7)"),
    main_of(&[Family::Article("J054"), Family::Named("J119", &["消炎鎮痛等処置"])], "通知 J054(8)"),
    main_of(
        &[Family::Article("J060"), Family::Article("J060-2"), Family::Article("J063"), Family::Article("J064")],
        "通知 J060(2)",
    ),
    contains(
        &[Family::Range('J', 86, 88), Family::Range('J', 90, 94), Family::Range('K', 199, 284)],
        &[Family::Named("J089", &["睫毛抜去（少数）"])],
        Span::Day,
        "通知 J089",
    ),
    main_of(&[Family::Article("J114"), Family::Article("J115"), Family::Article("J115-2")], "通知 J115-2(2)"),
    main_of(&[Family::Article("J129-3"), Family::Article("J129-4")], "通知 J129-3(2)・J129-4(2)"),
    main_of(PHYSICAL, "通知 J118(2)・(3)"),
    doubt(
        &[Family::Article("J116"), Family::Article("D405")],
        &[Family::Article("G010")],
        "通知 J116、同一側の関節では主たるもののみ算定します",
    ),
    main_of(BLOCKS, "通知 L100・L101(4)"),
    contains(BLOCKS, &[Family::Article("L102"), Family::Article("L104")], Span::Day, "通知 L100・L101(7)"),
    main_of(&[Family::Article("L102"), Family::Article("L104")], "通知 L104(2)"),
    main_of(&[Family::Range('L', 1, 8)], "L 通則4"),
];

/// Items that count once a day whatever the number of places or times.
const ONCE: &[(Family, &str)] = &[
    (Family::Named("D215", &["超音波検査（断層撮影法）"]), "通知 D215(2)、部位数にかかわらず1回"),
    (Family::Named("D298", &["ＥＦ－嗅裂"]), "D298、部位を問わず一連につき"),
    (Family::Article("J002"), "通知 J002(1)"),
    (Family::Article("J054"), "通知 J054(7)"),
    (Family::Named("J118", &["介達牽引", "矯正固定", "変形機械矯正術"]), "通知 J118(1)"),
    (Family::Range('J', 119, 119), "通知 J119(1)・J119-3(1)"),
    (Family::Article("L100"), "通知 L100・L101(4)"),
    (Family::Article("L101"), "通知 L100・L101(4)"),
    (Family::Article("L104"), "通知 L104(1)"),
];

fn is(kinds: &[Family], row: &Procedure) -> bool {
    kinds.iter().any(|kind| kind.has(row))
}

/// Leaves out what is contained or not the main one; doubts are said.
pub(crate) fn keep(work: &mut Work, ordered: &mut Vec<Ordered>) {
    for sentence in SENTENCES {
        match sentence.way {
            Way::Contains => contained(work, ordered, sentence),
            Way::Main => main_one(work, ordered, sentence),
            Way::Doubt => doubtful(work, ordered, sentence),
        }
    }
    once(work, ordered);
    contrast(work, ordered);
    elsewhere(work, ordered);
}

/// Name of something of these kinds billed within the span.
fn past(work: &Work, kinds: &[Family], span: Span) -> Option<String> {
    let on = work.on();
    let within = work.request.history.iter().filter(|old| span.holds(old.date, on));
    within.filter_map(|old| work.past_row(old)).find(|row| is(kinds, row)).map(|row| row.name.clone())
}

fn contained(work: &mut Work, ordered: &mut Vec<Ordered>, sentence: &Sentence) {
    if !ordered.iter().any(|order| is(sentence.other, order.row)) {
        return;
    }
    let now = ordered.iter().filter(|order| is(sentence.owner, order.row)).map(|order| order.row.name.clone()).min();
    let Some(owner) = now.or_else(|| past(work, sentence.owner, sentence.span)) else { return };
    ordered.retain(|order| {
        if !is(sentence.other, order.row) || is(sentence.owner, order.row) {
            return true;
        }
        let reason = format!("{owner}を算定するため、別に算定しません（{}）。", sentence.citation);
        work.omit_code(order.row.code.as_str(), &order.row.name, reason);
        false
    });
}

fn main_one(work: &mut Work, ordered: &mut Vec<Ordered>, sentence: &Sentence) {
    let kinds = sentence.owner;
    let best = ordered
        .iter()
        .filter(|order| is(kinds, order.row))
        .max_by(|a, b| a.row.points.cmp(&b.row.points).then(b.row.code.cmp(&a.row.code)))
        .map(|order| order.row);
    let Some(best) = best else { return };
    ordered.retain(|order| {
        if !is(kinds, order.row) || order.row.code == best.code {
            return true;
        }
        let reason = format!("{}と併せて行ったときは主たるもののみ算定します（{}）。", best.name, sentence.citation);
        work.omit_code(order.row.code.as_str(), &order.row.name, reason);
        false
    });
}

fn doubtful(work: &mut Work, ordered: &[Ordered], sentence: &Sentence) {
    let owner = ordered.iter().filter(|order| is(sentence.owner, order.row)).map(|order| &order.row.name).min();
    let other = ordered.iter().filter(|order| is(sentence.other, order.row)).map(|order| order.row).min_by_key(|row| &row.code.0);
    if let (Some(owner), Some(other)) = (owner, other) {
        work.cut(
            other.code.as_str(),
            format!("{owner}と同じ日の{}は査定されやすいので確認してください（{}）。", other.name, sentence.citation),
        );
    }
}

/// One of each code of [`ONCE`].
fn once(work: &mut Work, ordered: &mut Vec<Ordered>) {
    let mut seen: BTreeSet<String> = BTreeSet::new();
    ordered.retain_mut(|order| {
        let Some((_, citation)) = ONCE.iter().find(|(family, _)| family.has(order.row)) else { return true };
        let (code, name) = (order.row.code.as_str(), &order.row.name);
        let reason = || format!("部位や回数によらず1日1回を算定します（{citation}）。");
        if work.billed_today(&[code]) || !seen.insert(code.to_owned()) {
            work.omit_code(code, name, reason());
            return false;
        }
        if order.row.step.is_none() && order.quantity > Decimal::ONE {
            work.omit_code(code, name, reason());
            order.quantity = Decimal::ONE;
        }
        true
    });
}

/// E200 注3, E202 注3, D215 注1: the injection of a contrast medium is in the add-on, unless films with contrast were taken.
fn contrast(work: &mut Work, ordered: &mut Vec<Ordered>) {
    let add_on = |order: &&Ordered| {
        order.row.name.starts_with("造影剤使用加算") && matches!(order.row.article.as_str(), "E200" | "E202" | "D215")
    };
    let film = Family::Article("E002");
    let films = ordered.iter().any(|order| film.has(order.row) && order.row.name.contains("造影剤使用撮影"));
    let Some(owner) = ordered.iter().find(add_on).map(|order| order.row.name.clone()).filter(|_| !films) else { return };
    let injection = Family::Article("E003");
    ordered.retain(|order| {
        if !injection.has(order.row) {
            return true;
        }
        let reason = format!("造影剤注入手技料は{owner}に含まれます（E200 注3、E202 注3、D215 注1）。");
        work.omit_code(order.row.code.as_str(), &order.row.name, reason);
        false
    });
}

/// 通知 内視鏡検査 共通(3): reading pictures of another institution's endoscopy only on the day of 初診料.
fn elsewhere(work: &mut Work, ordered: &mut Vec<Ordered>) {
    if work.is_first() {
        return;
    }
    ordered.retain(|order| {
        if !order.row.name.starts_with("内視鏡写真診断（他医") {
            return true;
        }
        let reason = "他の医療機関の内視鏡写真の診断は初診料を算定した日に限り算定します（通知 内視鏡検査(3)）。";
        work.omit_code(order.row.code.as_str(), &order.row.name, reason);
        false
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each kind has rows in the master, so that a renamed row does not silence a sentence.
    #[test]
    fn every_kind_has_rows() {
        let Some(rows) = crate::families::testing::procedures() else { return };
        let kinds = SENTENCES.iter().flat_map(|sentence| sentence.owner.iter().chain(sentence.other));
        for kind in kinds.chain(ONCE.iter().map(|(family, _)| family)) {
            assert!(rows.iter().any(|row| kind.has(row)), "{kind:?}");
        }
    }
}
