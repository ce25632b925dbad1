//! Fees that contain others (包括): what they contain never stands beside them; it is left out with the reason.

use crate::{
    codes, families, follow,
    orders::Ordered,
    work::{Moment, Work},
};
use model::{fee::Section, master::Procedure, orders::Dispensing, visit::VisitKind};
use rust_decimal::Decimal;

/// A fee that contains others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    /// B001-2-11 小児かかりつけ診療料: the day.
    ChildFamily,
    /// B001-2 小児科外来診療料: the day.
    Child,
    /// B001-2-9 地域包括診療料: the month.
    Regional,
    /// B001-3 生活習慣病管理料(Ⅰ): the month.
    Lifestyle1,
    /// B001-3-3 生活習慣病管理料(Ⅱ): the month.
    Lifestyle2,
}

/// Owners in the order in which they prevail, with the beginnings of their rows' names.
const OWNERS: [(Owner, &[&str]); 5] = [
    (Owner::ChildFamily, &["小児かかりつけ診療料"]),
    (Owner::Child, &["小児科外来診療料"]),
    (Owner::Regional, &["地域包括診療料", "認知症地域包括診療料"]),
    (Owner::Lifestyle1, &["生活習慣病管理料１（"]),
    (Owner::Lifestyle2, &["生活習慣病管理料２"]),
];

/// What 生活習慣病管理料(Ⅰ) does not contain of part B (B001-3 注2).
const BESIDE_LIFESTYLE_1: [&str; 5] = [
    "糖尿病合併症管理料",
    "がん性疼痛緩和指導管理料",
    "外来緩和ケア管理料",
    "糖尿病透析予防指導管理料",
    "慢性腎臓病透析予防指導管理料",
];

/// What 生活習慣病管理料(Ⅱ) does not contain of part B in R6 (B001-3-3 注2), as the master names it, with the add-ons that the
/// master has as basic items of their articles.
const BESIDE_LIFESTYLE_2_R6: [&str; 16] = [
    "外来栄養食事指導料",
    "集団栄養食事指導料",
    "糖尿病合併症管理料",
    "がん性疼痛緩和指導管理料",
    "外来緩和ケア管理料",
    "糖尿病透析予防指導管理料",
    "慢性腎臓病透析予防指導管理料",
    "ニコチン依存症管理料",
    "療養・就労両立支援指導料",
    "プログラム医療機器等指導管理料",
    "診療情報提供料",
    "電子的診療情報評価料",
    "診療情報連携共有料",
    "連携強化診療情報提供料",
    "薬剤情報提供料",
    "手帳記載加算",
];

/// The same in R8, where the list is longer.
const BESIDE_LIFESTYLE_2: [&str; 37] = [
    "特定薬剤治療管理料",
    "悪性腫瘍特異物質治療管理料",
    "外来栄養食事指導料",
    "集団栄養食事指導料",
    "高度難聴指導管理料",
    "喘息治療管理料",
    "糖尿病合併症管理料",
    "がん性疼痛緩和指導管理料",
    "がん患者指導管理料",
    "外来緩和ケア管理料",
    "植込型輸液ポンプ持続注入療法指導管理料",
    "糖尿病透析予防指導管理料",
    "乳腺炎重症化予防ケア・指導料",
    "二次性骨折予防継続管理料",
    "下肢創傷処置管理料",
    "慢性腎臓病透析予防指導管理料",
    "地域連携夜間・休日診療料",
    "救急外来医学管理料",
    "外来放射線照射診療料",
    "外来腫瘍化学療法診療料",
    "ニコチン依存症管理料",
    "療養・就労両立支援指導料",
    "がん治療連携計画策定料",
    "がん治療連携指導料",
    "認知症専門診断管理料",
    "認知症サポート指導料",
    "肝炎インターフェロン治療計画料",
    "プログラム医療機器等指導管理料",
    "救急救命管理料",
    "診療情報提供料",
    "電子的診療情報評価料",
    "診療情報連携共有料",
    "連携強化診療情報提供料",
    "薬剤情報提供料",
    "手帳記載加算",
    "傷病手当金意見書交付料",
    "療養費同意書交付料",
];

/// Add-ons of 診療情報提供料(Ⅰ) that the master has as basic items of B009.
const B009: &str = "B009";

fn owner_of(row: &Procedure) -> Option<Owner> {
    let named = |names: &[&str]| names.iter().any(|name| row.name.starts_with(name));
    (row.article.starts_with("B001") && !matches!(row.notice_kind, 7 | 9))
        .then(|| OWNERS.iter().find(|(_, names)| named(names)).map(|(owner, _)| *owner))
        .flatten()
}

/// The fee that contains others, if one is ordered or was billed in its time (a day or the month).
pub(crate) fn owner(work: &Work, ordered: &[Ordered]) -> Option<Owner> {
    use chrono::Datelike;
    let on = work.on();
    let held = |owner: Owner| {
        ordered.iter().any(|order| owner_of(order.row) == Some(owner))
            || work.request.history.iter().any(|old| {
                let near = if owner.daily() {
                    old.date == on
                } else {
                    old.date <= on && (old.date.year(), old.date.month()) == (on.year(), on.month())
                };
                near && work.past_row(old).is_some_and(|row| owner_of(row) == Some(owner))
            })
    };
    OWNERS.iter().map(|(owner, _)| *owner).find(|owner| held(*owner))
}

impl Owner {
    fn daily(self) -> bool {
        matches!(self, Self::Child | Self::ChildFamily)
    }

    /// Whether the fee of the visit (A000, A001) is contained.
    pub fn contains_visit(self) -> bool {
        matches!(self, Self::Child | Self::ChildFamily | Self::Regional)
    }

    fn words(self) -> &'static str {
        match self {
            Self::ChildFamily => "小児かかりつけ診療料に含まれます（B001-2-11 注3）。",
            Self::Child => "小児科外来診療料に含まれます（B001-2 注3）。",
            Self::Regional => "地域包括診療料に含まれます（B001-2-9 注2）。",
            Self::Lifestyle1 => "生活習慣病管理料(Ⅰ)に含まれます（B001-3 注2）。",
            Self::Lifestyle2 => "生活習慣病管理料(Ⅱ)に含まれます（B001-3-3 注2）。",
        }
    }

    /// Why the owner contains an ordered item, if it does.
    pub fn contains(self, work: &mut Work, order: &Ordered) -> Option<&'static str> {
        let row = order.row;
        let (letter, number) = families::number(&row.article).or_else(|| part(&row.section))?;
        // 通則 of part B are add-ons of the owner too.
        if owner_of(row).is_some() || own_add_on(row) || (row.notice_kind == 9 && letter == 'B') {
            return None;
        }
        let named = |names: &[&str]| names.iter().any(|name| row.name.starts_with(name));
        let therapy = ["通院精神療法", "在宅精神療法", "家族通院精神療法", "家族在宅精神療法"];
        if self == Self::Lifestyle2 && work.r8() && row.article == "I002" && named(&therapy) {
            return Some("生活習慣病管理料(Ⅱ)を算定している患者には算定しません（I002 注1）。");
        }
        let inside = match self {
            Self::Lifestyle1 => match letter {
                'B' => !named(&BESIDE_LIFESTYLE_1),
                'D' | 'G' | 'N' => true,
                _ => false,
            },
            Self::Lifestyle2 => {
                let beside: &[&str] = if work.r8() { &BESIDE_LIFESTYLE_2 } else { &BESIDE_LIFESTYLE_2_R6 };
                letter == 'B' && !named(beside) && row.article != B009
            }
            Self::Child => !(beside_child(row, letter, number)),
            Self::ChildFamily => !(beside_child(row, letter, number) || row.article.starts_with(B009)),
            Self::Regional => regional(work, order, letter, number),
        };
        if inside && matches!(self, Self::Lifestyle1 | Self::Lifestyle2) && !ordered_today(work) {
            work.hint("生活習慣病以外の診療であれば、生活習慣病管理料の算定日と別の日の医学管理等・検査・注射は算定できます（通知 B001-3(3)、B001-3-3(3)）。");
        }
        inside.then(|| self.words())
    }
}

/// Whether 生活習慣病管理料 is ordered today rather than billed on another day of the month.
fn ordered_today(work: &Work) -> bool {
    let lifestyle = |code: &str| codes::LIFESTYLE_1.contains(&code) || codes::LIFESTYLE_2.contains(&code);
    work.request.orders.iter().any(|order| lifestyle(&order.code))
}

/// The part of a row without an article, by master S column 15.
fn part(section: &str) -> Option<(char, u16)> {
    let letter = match section.as_bytes() {
        b"130" => 'B',
        b"140" => 'C',
        b"540" => 'L',
        [b'2', ..] => 'F',
        [b'3', ..] => 'G',
        [b'4', ..] => 'J',
        [b'5', ..] => 'K',
        [b'6', ..] => 'D',
        [b'7', ..] => 'E',
        _ => return None,
    };
    Some((letter, 999))
}

/// Add-ons that belong to an owner itself, by the name in their brackets.
fn own_add_on(row: &Procedure) -> bool {
    ["（小児科外来診療料）", "（小児かかりつけ診療料）", "地域包括診療料）", "（生活習慣病管理料"]
        .iter()
        .any(|own| row.name.contains(own))
}

/// B001-2 注3, B001-2-11 注3: not contained are B001-2-2, B001-2-6 (R6: its forerunners), B010, B011, C000 and part O.
fn beside_child(row: &Procedure, letter: char, number: u16) -> bool {
    let named = ["地域連携小児夜間・休日診療料", "救急外来医学管理料", "院内トリアージ実施料", "夜間休日救急搬送医学管理料"];
    match (letter, number) {
        ('B', 1) => named.iter().any(|name| row.name.starts_with(name)),
        ('B', 10) => row.article == "B010",
        ('B', 11) => row.article == "B011",
        ('C', 0) => true,
        ('O', _) => true,
        _ => false,
    }
}

/// B001-2-9 注2. Tests, pictures and treatment of 550 points or more are billed when the patient suddenly got worse.
fn regional(work: &mut Work, order: &Ordered, letter: char, number: u16) -> bool {
    let row = order.row;
    match letter {
        'B' => {
            let named = ["地域連携小児夜間・休日診療料", "心不全再入院予防"].iter().any(|name| row.name.starts_with(name));
            !(named || row.article == "B010" || row.article == "B011")
        }
        'C' => matches!(number, 1 | 2),
        'F' => matches!(number, 100 | 400),
        'O' => false,
        'D' | 'E' | 'J' if order.exact() >= Decimal::from(550) => {
            work.cut(
                row.code.as_str(),
                format!(
                    "{}は病状の急性増悪時に限り、地域包括診療料と別に算定できます（550点以上、B001-2-9 注2 ただし書）。",
                    row.name
                ),
            );
            false
        }
        _ => true,
    }
}

/// B001-2 小児科外来診療料 by itself where the clinic bills it (通知 B001-2(1): every patient under six): not by telephone, not
/// beside 在宅療養指導管理料 nor on a day with another owner.
pub(crate) fn child_outpatient(work: &mut Work, ordered: &[Ordered], owner: Option<Owner>) -> Option<Owner> {
    let elsewhere =
        ordered.iter().map(|order| order.row).chain(month_rows(work)).any(|row| crate::guidance::HOME_GUIDANCE.has(row));
    if owner.is_some()
        || !work.standard("小児科外来診療料")
        || work.age >= 6
        || work.request.visit.kind == VisitKind::Telephone
        || elsewhere
    {
        return owner;
    }
    if work.billed_today(&follow::CHILD.map(|item| item.code)) {
        return Some(Owner::Child);
    }
    let slip = work.request.prescriptions.iter().any(|rp| rp.place == Dispensing::Pharmacy);
    let house = work.request.prescriptions.iter().any(|rp| rp.place == Dispensing::InHouse);
    let before = work.billed_this_month(&[follow::CHILD[0].code, follow::CHILD[1].code]).is_some();
    let (offset, why) = match (slip, house) {
        (true, _) => (0, "処方箋を交付"),
        // 通知 B001-2(5): one slip in the month, and the whole month is 「１」.
        (false, true) if before => {
            work.hint("今月に「１」を算定した日があるため「１」としました。処方箋を交付した日のない月、または夜間緊急などやむを得ない院内投薬であれば「２」です（通知 B001-2(5)）。");
            (0, "今月に処方箋を交付")
        }
        (false, true) => (2, "院内で投薬"),
        (false, false) => {
            work.hint("投薬のない日の小児科外来診療料は、院内処方を行う医療機関では「２ １以外の場合」です（通知 B001-2(6)）。");
            (0, "投薬なし")
        }
    };
    let item = &follow::CHILD[offset + usize::from(!work.is_first())];
    let when = if work.is_first() { "初診" } else { "再診" };
    work.bill(item, format!("6歳未満の外来患者の{when}（1日につき、{why}）")).then_some(Owner::Child)
}

/// What was billed earlier in the month.
fn month_rows<'a>(work: &Work<'a>) -> Vec<&'a Procedure> {
    let month = crate::limits::Span::Months(1);
    work.request.history.iter().filter(|old| month.holds(old.date, work.on())).filter_map(|old| work.past_row(old)).collect()
}

/// The visit where its fee is contained: only what the owner lets stand beside it.
pub(crate) fn visit(work: &mut Work, owner: Owner) {
    let first = work.is_first();
    let basic = if first { codes::FIRST } else { codes::RETURN };
    work.omit(&basic, owner.words());
    if owner == Owner::Child {
        let hours = &follow::CHILD_HOURS[usize::from(!first)];
        let index = match work.moment {
            Moment::Outside => Some(0),
            Moment::Holiday => Some(2),
            Moment::Night => Some(3),
            Moment::Early => Some([1, 2, 3][crate::basic::paediatric_index(work)]),
            Moment::Regular => None,
        };
        if let Some(index) = index {
            work.bill(&hours[index], "時間外・休日・深夜に診察（小児科外来診療料に含まれる分を減じた点数）");
        }
        if first && work.standard("機能強化加算") {
            work.bill(&follow::CHILD_STRENGTHENED, "機能強化加算の施設基準を届け出て初診");
        }
    } else {
        crate::contained::beside(work, owner);
    }
    crate::facility::infection_of_management(work);
    crate::facility::digital_without_code(work);
}

/// Takes out of the statement what the owner contains though nobody ordered it (prescribing, judgement fees …).
pub(crate) fn sweep(work: &mut Work, owner: Owner) {
    let contained = |section: Section, article: &str| match owner {
        Owner::Child | Owner::ChildFamily => {
            !matches!(section, Section::Visit | Section::Management | Section::Home | Section::Other)
        }
        Owner::Regional => {
            matches!(families::number(article), Some(('F', 100 | 400))) || matches!(section, Section::Test | Section::Imaging)
        }
        Owner::Lifestyle1 => matches!(section, Section::Test | Section::Injection | Section::Pathology),
        Owner::Lifestyle2 => false,
    };
    // What was ordered was judged by its own row; what hangs on it stays with it.
    let kept: Vec<Section> = work.lines.iter().filter(|line| ordered(work, &line.code)).map(|line| line.section).collect();
    let (gone, stays): (Vec<_>, Vec<_>) = std::mem::take(&mut work.lines)
        .into_iter()
        .partition(|line| contained(line.section, &line.citation) && !kept.contains(&line.section));
    work.lines = stays;
    for line in gone {
        work.omit_code(&line.code, line.name, owner.words());
    }
}

fn ordered(work: &Work, code: &str) -> bool {
    work.request.orders.iter().any(|order| order.code == code)
}
