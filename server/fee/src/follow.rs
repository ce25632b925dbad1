//! Items that follow from what was ordered: shares for age, hour and repetition, and what belongs to a picture or a home visit.
//!
//! Codes and names are rows of 支払基金「医科診療行為マスター」(edition 2025-09-01) or, for home visits since 2026, of the
//! list of 2026 outpatient codes. Tables need not hold them: without a row the item is said not to be calculated.

use crate::{
    codes::Implied,
    work::{Work, section, whole},
};
use model::{fee::FeeLine, money::Points};
use rust_decimal::Decimal;

const fn item(code: &'static str, name: &'static str, article: &'static str) -> Implied {
    Implied { code, name, article, r8: None }
}

const fn r8(code: &'static str, name: &'static str, article: &'static str, points: i64) -> Implied {
    Implied { code, name, article, r8: Some(points) }
}

/// A share of an item's points (所定点数の100分の…).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Share {
    pub item: Implied,
    /// Percent that is added; below nought taken off.
    pub percent: i64,
}

const fn share(code: &'static str, name: &'static str, article: &'static str, percent: i64) -> Share {
    Share { item: item(code, name, article), percent }
}

/// E002 注2: newborns, under three, under six.
pub(crate) const FILM_AGE: [Share; 3] = [
    share("170017170", "新生児加算（画像診断・エックス線診断）", "E002 注2", 80),
    share("170017270", "乳幼児加算（画像診断・エックス線診断）", "E002 注2", 50),
    share("170034170", "幼児加算（画像診断・エックス線診断）", "E002 注2", 30),
];
/// E 第3節 通則4 (E200, E201, E202).
pub(crate) const SCAN_AGE: [Share; 3] = [
    share("170039870", "新生児加算（画像診断・エックス線診断以外）", "E 第3節 通則4", 80),
    share("170039970", "乳幼児加算（画像診断・エックス線診断以外）", "E 第3節 通則4", 50),
    share("170040070", "幼児加算（画像診断・エックス線診断以外）", "E 第3節 通則4", 30),
];
/// E 第3節 通則4 for a head injury, as ordered: 新生児・乳幼児・幼児頭部外傷撮影加算.
pub(crate) const SCAN_HEAD: [&str; 3] = ["170037670", "170037770", "170037870"];
/// E 第3節 通則2: CT and MRI from the second in the month on.
pub(crate) const SCAN_AGAIN: Share = share("170022290", "２回目以降減算（ＣＴ、ＭＲＩ）", "E 第3節 通則2", -20);
/// E203.
pub(crate) const SCAN_READING: Implied = item("170015410", "コンピューター断層診断", "E203");
/// E 第1節 通則4: simple, special, with contrast, breast.
pub(crate) const FILM_STORED: [Implied; 4] = [
    item("170000210", "電子画像管理加算（単純撮影）", "E 第1節 通則4 イ"),
    item("170016910", "電子画像管理加算（特殊撮影）", "E 第1節 通則4 ロ"),
    item("170017010", "電子画像管理加算（造影剤使用撮影）", "E 第1節 通則4 ハ"),
    item("170026710", "電子画像管理加算（乳房撮影）", "E 第1節 通則4 ニ"),
];
/// E 第3節 通則3.
pub(crate) const SCAN_STORED: Implied = item("170028810", "電子画像管理加算（コンピューター断層診断料）", "E 第3節 通則3");
/// E 通則3.
pub(crate) const URGENT_IMAGING: &str = "170016010";
/// D 第1節第1款 通則1.
pub(crate) const URGENT_LAB: &str = "160000210";

/// N007.
pub(crate) const PATHOLOGY_JUDGEMENT: Implied = r8("160062310", "病理判断料", "N007", 130);

/// D 第3節 通則1・2.
pub(crate) const PHYSIOLOGY_AGE: [Share; 3] = [
    share("160155290", "新生児加算（生体検査）", "D 第3節 通則1", 100),
    share("160155390", "乳幼児加算（生体検査）（３歳未満）", "D 第3節 通則1", 70),
    share("160185890", "幼児加算（生体検査）（３歳以上６歳未満）", "D 第3節 通則2", 40),
];
/// D 第3節: the same test again in the month.
pub(crate) const TEST_AGAIN: Share = share("160000190", "検査逓減", "D 第3節 2回目以降100分の90", -10);
/// D 第3節 内視鏡検査 通則5: 時間外, 休日, 深夜.
pub(crate) const ENDOSCOPY_HOURS: [Share; 3] = [
    share("160204070", "時間外加算（内視鏡検査）", "D 内視鏡検査 通則5 ロ", 40),
    share("160203970", "休日加算（内視鏡検査）", "D 内視鏡検査 通則5 イ", 80),
    share("160204170", "深夜加算（内視鏡検査）", "D 内視鏡検査 通則5 ハ", 80),
];

/// J 通則5 ロ: 時間外, 休日, 深夜 of 150 points or more.
pub(crate) const TREATMENT_HOURS: [Share; 3] = [
    share("140000190", "時間外加算２（イに該当を除く）（処置）", "J 通則5 ロ(2)", 40),
    share("140000290", "休日加算２（イに該当を除く）（処置）", "J 通則5 ロ(1)", 80),
    share("140000390", "深夜加算２（イに該当を除く）（処置）", "J 通則5 ロ(3)", 80),
];
/// J 通則5 イ: of 1,000 points or more, where notified.
pub(crate) const TREATMENT_HOURS_NOTIFIED: [Share; 3] = [
    share("140055390", "時間外加算１（１０００点以上）（処置）", "J 通則5 イ(2)", 80),
    share("140055290", "休日加算１（１０００点以上）（処置）", "J 通則5 イ(1)", 160),
    share("140055490", "深夜加算１（１０００点以上）（処置）", "J 通則5 イ(3)", 160),
];
/// K 通則12 ロ.
pub(crate) const SURGERY_HOURS: [Share; 3] = [
    share("150000490", "時間外加算２（手術）", "K 通則12 ロ(2)", 40),
    share("150000590", "休日加算２（手術）", "K 通則12 ロ(1)", 80),
    share("150000690", "深夜加算２（手術）", "K 通則12 ロ(3)", 80),
];
/// K 通則12 イ, where notified.
pub(crate) const SURGERY_HOURS_NOTIFIED: [Share; 3] = [
    share("150371390", "時間外加算１（手術）", "K 通則12 イ(2)", 80),
    share("150371290", "休日加算１（手術）", "K 通則12 イ(1)", 160),
    share("150371490", "深夜加算１（手術）", "K 通則12 イ(3)", 160),
];
/// K 通則8: under three, under six.
pub(crate) const SURGERY_AGE: [Share; 2] = [
    share("150000290", "乳幼児加算（手術）（３歳未満）", "K 通則8", 100),
    share("150342890", "幼児加算（手術）（３歳以上６歳未満）", "K 通則8", 50),
];

/// L 通則2: newborns, under one, under three years.
pub(crate) const ANAESTHESIA_AGE: [Share; 3] = [
    share("150231590", "新生児加算（麻酔）", "L 通則2", 200),
    share("150231690", "乳児加算（麻酔）", "L 通則2", 50),
    share("150265390", "幼児加算（麻酔）", "L 通則2", 20),
];
/// L 通則2 未熟児加算, which is as ordered.
pub(crate) const ANAESTHESIA_PREMATURE: &str = "150286690";
/// L 通則3: 時間外, 休日, 深夜.
pub(crate) const ANAESTHESIA_HOURS: [Share; 3] = [
    share("150231790", "時間外加算（麻酔）", "L 通則3", 40),
    share("150231890", "休日加算（麻酔）", "L 通則3", 80),
    share("150231990", "深夜加算（麻酔）", "L 通則3", 80),
];

/// 処置乳幼児加算: (under so many years, item).
pub(crate) const TREATMENT_AGE: [(u32, Implied); 5] = [
    (3, item("140049170", "３歳未満乳幼児加算（処置）（１１０）", "J 注 乳幼児加算")),
    (3, item("140049470", "３歳未満乳幼児加算（処置）（５５）", "J 注 乳幼児加算")),
    (6, item("140031870", "６歳未満乳幼児加算（処置）（１１０）", "J 注 乳幼児加算")),
    (6, item("140049370", "６歳未満乳幼児加算（処置）（８３）", "J 注 乳幼児加算")),
    (6, item("140057170", "６歳未満乳幼児加算（処置）（５５）", "J 注 乳幼児加算")),
];
/// J122–J129-4: plaster for a child under six (J 第1節 ギプス 通則).
pub(crate) const PLASTER_AGE: Share = share("140050170", "乳幼児加算（ギプス）", "J ギプス 通則", 55);
/// Add-ons for children by the group of master S column 38 that their items share; the ages are the add-on's own (columns 41, 42).
pub(crate) const GROUP_AGE: [(&str, Implied); 16] = [
    ("1310", item("113012970", "小児加算（がん性疼痛緩和指導管理料）（１５歳未満）", "B001の22 注")),
    ("1311", item("113013170", "小児加算（外来緩和ケア管理料）（１５歳未満）", "B001の24 注2")),
    ("1415", item("114016270", "乳幼児加算（訪問看護・訪問看護（同一））", "C005 注")),
    ("3002", item("130005170", "乳幼児加算（脳脊髄腔注射）", "G009 注")),
    ("3004", item("130011170", "乳幼児加算（中心静脈注射）", "G005 注")),
    ("3012", item("130013270", "乳幼児加算（植込型カテーテルによる中心静脈注射）", "G006 注")),
    ("4014", item("140040270", "乳幼児加算（皮膚レーザー照射療法）", "J054-2 注")),
    ("5022", item("150225770", "乳幼児加算（輸血）（６歳未満）", "K920 注")),
    ("6019", item("160142270", "乳幼児加算（検査）", "D401–D407 注")),
    ("6023", item("160098570", "乳幼児加算（臓器穿刺、組織採取）", "D416 注")),
    ("6039", item("160180770", "乳幼児加算（関節穿刺）（３歳未満）", "D405 注")),
    ("6045", item("160187970", "乳幼児加算（骨髄生検）（６歳未満）", "D404-2 注")),
    ("6061", item("160219870", "乳幼児加算（胸水・腹水採取）", "D419 注")),
    ("6062", item("160220070", "乳幼児加算（Ｂ－Ａ）", "D419 注")),
    ("6063", item("160220170", "乳幼児加算（前房水採取）", "D419 注")),
    ("6064", item("160220270", "乳幼児加算（副腎静脈サンプリング）", "D419 注")),
];
/// G 通則5.
pub(crate) const NARCOTIC_INJECTION: Implied = item("130000310", "麻薬注射加算", "G 通則5");
/// J 通則7.
pub(crate) const ENT_INFANT: Implied = item("140061990", "耳鼻咽喉科乳幼児処置加算", "J 通則7");

/// C001 注4.
pub(crate) const HOME_INFANT: Implied = item("114015870", "乳幼児加算（在宅患者訪問診療料（１）・（２））", "C001 注4");
/// O001 3 イ, ロ.
pub(crate) const BASE_UP_HOME: [Implied; 2] = [
    r8("180725910", "外来・在宅ベースアップ評価料（１）３（訪問診療時）イ", "O001 3イ", 79),
    r8("180726010", "外来・在宅ベースアップ評価料（１）３（訪問診療時）ロ", "O001 3ロ", 19),
];
/// O100 1 ハ: code of 2026.
pub(crate) const PRICE_RESPONSE_HOME: Implied = r8("180820110", "物価対応料１（訪問診療時）ハ", "O100 1ハ", 3);

/// B001-2: with a slip first, return; without one first, return.
pub(crate) const CHILD: [Implied; 4] = [
    r8("113003510", "小児科外来診療料（処方箋を交付）初診時", "B001-2 1イ", 604),
    r8("113003610", "小児科外来診療料（処方箋を交付）再診時", "B001-2 1ロ", 411),
    r8("113003710", "小児科外来診療料（処方箋を交付しない）初診時", "B001-2 2イ", 721),
    r8("113003810", "小児科外来診療料（処方箋を交付しない）再診時", "B001-2 2ロ", 529),
];
/// B001-2 注3, 通知 B001-2(3): 時間外; 夜間 within the hours of paediatrics; 休日; 深夜; of first and return visits.
pub(crate) const CHILD_HOURS: [[Implied; 4]; 2] = [
    [
        r8("113009670", "乳幼児時間外加算（初診）（小児科外来診療料）", "B001-2 注3", 85),
        r8("113007070", "乳幼児夜間加算（小児科初診）（小児科外来診療料）", "B001-2 注3", 85),
        r8("113007170", "乳幼児休日加算（小児科初診）（小児科外来診療料）", "B001-2 注3", 250),
        r8("113007270", "乳幼児深夜加算（小児科初診）（小児科外来診療料）", "B001-2 注3", 580),
    ],
    [
        r8("113009770", "乳幼児時間外加算（再診）（小児科外来診療料）", "B001-2 注3", 65),
        r8("113007370", "乳幼児夜間加算（小児科再診）（小児科外来診療料）", "B001-2 注3", 65),
        r8("113007470", "乳幼児休日加算（小児科再診）（小児科外来診療料）", "B001-2 注3", 190),
        r8("113007570", "乳幼児深夜加算（小児科再診）（小児科外来診療料）", "B001-2 注3", 520),
    ],
];
/// 機能強化加算 beside 小児科外来診療料.
pub(crate) const CHILD_STRENGTHENED: Implied =
    r8("113028870", "機能強化加算（初診）（小児科外来診療料）", "B001-2 注3、A000 注10", 80);
/// B 通則3–6 beside a management fee that contains the visit: 外来感染対策向上, 発熱, 連携強化, サーベイランス, 抗菌薬.
pub(crate) const MANAGEMENT_INFECTION: [Implied; 5] = [
    r8("113033790", "外来感染対策向上加算（医学管理等）", "B 通則3", 6),
    r8("113702590", "発熱患者等対応加算（医学管理等）", "B 通則3 ただし書", 20),
    r8("113033890", "連携強化加算（医学管理等）", "B 通則4", 3),
    r8("113033990", "サーベイランス強化加算（医学管理等）", "B 通則5", 1),
    r8("113702490", "抗菌薬適正使用体制加算（医学管理等）", "B 通則6", 5),
];

/// Every item of this module.
pub(crate) fn all() -> Vec<Implied> {
    let mut all: Vec<Implied> = vec![
        SCAN_AGAIN.item,
        SCAN_READING,
        SCAN_STORED,
        PATHOLOGY_JUDGEMENT,
        TEST_AGAIN.item,
        ENT_INFANT,
        HOME_INFANT,
        PLASTER_AGE.item,
        NARCOTIC_INJECTION,
    ];
    all.extend([PRICE_RESPONSE_HOME, CHILD_STRENGTHENED]);
    all.extend(FILM_AGE.iter().chain(&SCAN_AGE).chain(&PHYSIOLOGY_AGE).chain(&ENDOSCOPY_HOURS).map(|share| share.item));
    all.extend(TREATMENT_HOURS.iter().chain(&TREATMENT_HOURS_NOTIFIED).map(|share| share.item));
    all.extend(SURGERY_HOURS.iter().chain(&SURGERY_HOURS_NOTIFIED).chain(&SURGERY_AGE).map(|share| share.item));
    all.extend(ANAESTHESIA_AGE.iter().chain(&ANAESTHESIA_HOURS).map(|share| share.item));
    all.extend(TREATMENT_AGE.iter().map(|(_, item)| *item));
    all.extend(GROUP_AGE.iter().map(|(_, item)| *item));
    all.extend(FILM_STORED.iter().chain(&BASE_UP_HOME).chain(&CHILD).chain(&MANAGEMENT_INFECTION));
    all.extend(CHILD_HOURS.iter().flatten());
    all
}

/// Bills a share of points: `exact` points (not rounded) are already billed as `billed`, and the sum is rounded once at the
/// end (通知 E 第1節 1(9), E002(7); D 第3節 4).
pub(crate) fn bill(work: &mut Work, share: &Share, exact: Decimal, billed: i64, reason: String) {
    let item = &share.item;
    let Some(row) = work.row(item.code) else {
        return work.omit_code(item.code, item.name, "算定していません: この日のマスターに行がありません。");
    };
    let sum = exact * Decimal::from(100 + share.percent) / Decimal::ONE_HUNDRED;
    work.lines.push(FeeLine {
        code: item.code.to_owned(),
        name: row.name.clone(),
        parts: Vec::new(),
        points: Points(whole(sum) - billed),
        count: 1,
        section: section(&row.section, item.article),
        reason,
        citation: item.article.to_owned(),
        estimated: row.estimated,
        by_hand: false,
    });
}

/// Add-ons for children that the master relates to their items by group (注加算コード, column 38), and 麻薬注射加算.
pub(crate) fn related(work: &mut Work, ordered: &[crate::orders::Ordered]) {
    let birth = work.request.patient.birth_date;
    for order in ordered.iter().filter(|order| !matches!(order.row.notice_kind, 7 | 9)) {
        let Some((_, item)) = GROUP_AGE.iter().find(|(group, _)| order.row.add_on.0 == *group) else { continue };
        let told = work.request.orders.iter().any(|order| order.code == item.code);
        let fits = match work.row(item.code) {
            Some(row) => crate::orders::age_fits(birth, work.on(), &row.ages),
            None => work.age < 6,
        };
        if fits && !told {
            work.bill(item, format!("{}歳の患者への{}", work.age, order.row.name));
        }
    }
    let narcotic = |order: &&crate::orders::Ordered| {
        order.row.article.starts_with('G')
            && order
                .order
                .parts
                .iter()
                .any(|part| work.tables.drug(&part.code, work.on()).is_some_and(|drug| drug.controlled == 1))
    };
    let told = work.request.orders.iter().any(|order| order.code == NARCOTIC_INJECTION.code);
    if !told && ordered.iter().any(|order| narcotic(&order)) {
        work.bill(&NARCOTIC_INJECTION, "注射に麻薬を使用");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::HashMap, path::PathBuf};

    /// The percent written here is the master's (column 12, point kinds 5 %加算 and 6 %減算).
    #[test]
    fn every_share_is_the_masters() {
        let root = std::env::var_os("KARTE_SHARED")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
        let file = root.join("masters/derived/s_r6_asof20250901.csv");
        if !file.exists() {
            eprintln!("SKIPPED: the derived masters are not beside the project (set KARTE_SHARED)");
            return;
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(file).expect("readable");
        let mut rows: HashMap<String, (String, Decimal)> = HashMap::new();
        for record in reader.records() {
            let record = record.expect("a record");
            rows.insert(record[2].to_owned(), (record[10].to_owned(), record[11].parse().expect("a number")));
        }
        let shares = FILM_AGE
            .iter()
            .chain(&SCAN_AGE)
            .chain([&SCAN_AGAIN, &TEST_AGAIN, &PLASTER_AGE])
            .chain(&PHYSIOLOGY_AGE)
            .chain(&ENDOSCOPY_HOURS)
            .chain(&TREATMENT_HOURS)
            .chain(&TREATMENT_HOURS_NOTIFIED)
            .chain(&SURGERY_HOURS)
            .chain(&SURGERY_HOURS_NOTIFIED)
            .chain(&SURGERY_AGE)
            .chain(&ANAESTHESIA_AGE)
            .chain(&ANAESTHESIA_HOURS);
        for share in shares {
            let (kind, percent) = rows.get(share.item.code).unwrap_or_else(|| panic!("{} is a row", share.item.code));
            let kind = kind.as_str();
            assert_eq!(kind, if share.percent < 0 { "6" } else { "5" }, "{}", share.item.name);
            assert_eq!(*percent, Decimal::from(share.percent.abs()), "{}", share.item.name);
        }
    }
}
