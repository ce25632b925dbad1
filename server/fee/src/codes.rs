//! The items that a visit implies without anybody ordering them: their claim codes and the articles they follow.
//!
//! Points, ages and flags come from the dated masters; only the code stands here, each copied from a row of
//! 支払基金「医科診療行為マスター」(edition 2025-09-01, name of the row in the comment) or, where the 2026 revision made
//! the item, from the list of 2026 outpatient codes that accompanies the notices. Where a master row is still an
//! estimate and the notice (令和8年厚生労働省告示 診療報酬の算定方法 別表第一) prints the figure, the figure stands here too.

/// An implied item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Implied {
    /// Claim code.
    pub code: &'static str,
    /// Name of the master row the code was copied from.
    pub name: &'static str,
    /// The article it follows.
    pub article: &'static str,
    /// Points of the R8 notice, used only over a row that says of itself that it is an estimate.
    pub r8: Option<i64>,
}

const fn item(code: &'static str, name: &'static str, article: &'static str) -> Implied {
    Implied { code, name, article, r8: None }
}

const fn r8(code: &'static str, name: &'static str, article: &'static str, points: i64) -> Implied {
    Implied { code, name, article, r8: Some(points) }
}

/// 初診料.
pub const FIRST: Implied = r8("111000110", "初診料", "A000", 291);
/// 初診料（情報通信機器）.
pub const FIRST_ONLINE: Implied = r8("111014210", "初診料（情報通信機器）", "A000 注1", 253);
/// 初診料（同一日複数科受診時の２科目）.
pub const FIRST_SECOND: Implied = r8("111011810", "初診料（同一日複数科受診時の２科目）", "A000 注5", 146);
/// 初診料（同一日複数科受診時の２科目）（情報通信機器）.
pub const FIRST_SECOND_ONLINE: Implied = r8("111014510", "初診料（同一日複数科受診時の２科目）（情報通信機器）", "A000 注5", 127);
/// 再診料.
pub const RETURN: Implied = r8("112007410", "再診料", "A001", 76);
/// 電話等再診料.
pub const TELEPHONE: Implied = r8("112007950", "電話等再診料", "A001 注9", 76);
/// 再診料（情報通信機器）.
pub const ONLINE: Implied = r8("112024210", "再診料（情報通信機器）", "A001 注1", 76);
/// 同日再診料.
pub const RETURN_AGAIN: Implied = r8("112008350", "同日再診料", "A001 通知(1)", 76);
/// 同日電話等再診料.
pub const TELEPHONE_AGAIN: Implied = r8("112008850", "同日電話等再診料", "A001 通知(1)", 76);
/// 同日再診料（情報通信機器）.
pub const ONLINE_AGAIN: Implied = r8("112024950", "同日再診料（情報通信機器）", "A001 通知(1)", 76);
/// 再診料（同一日複数科受診時の２科目）.
pub const RETURN_SECOND: Implied = r8("112015810", "再診料（同一日複数科受診時の２科目）", "A001 注3", 39);
/// 電話等再診料（同一日複数科受診時の２科目）.
pub const TELEPHONE_SECOND: Implied = r8("112015950", "電話等再診料（同一日複数科受診時の２科目）", "A001 注3", 39);
/// 再診料（同一日複数科受診時の２科目）（情報通信機器）.
pub const ONLINE_SECOND: Implied = r8("112025210", "再診料（同一日複数科受診時の２科目）（情報通信機器）", "A001 注3", 39);

/// Every code that stands for a first visit (初診料).
pub const FIRST_VISITS: [&str; 4] = [FIRST.code, FIRST_ONLINE.code, FIRST_SECOND.code, FIRST_SECOND_ONLINE.code];
/// Every code that stands for a return visit (再診料).
pub const RETURN_VISITS: [&str; 9] = [
    RETURN.code,
    TELEPHONE.code,
    ONLINE.code,
    RETURN_AGAIN.code,
    TELEPHONE_AGAIN.code,
    ONLINE_AGAIN.code,
    RETURN_SECOND.code,
    TELEPHONE_SECOND.code,
    ONLINE_SECOND.code,
];

/// Out-of-hours items of one kind of visit.
#[derive(Debug, Clone, Copy)]
pub struct Hours {
    /// 乳幼児加算.
    pub infant: Implied,
    /// 時間外, 休日, 深夜.
    pub adult: [Implied; 3],
    /// 乳幼児時間外, 休日, 深夜.
    pub young: [Implied; 3],
    /// 小児科 within its displayed hours: 乳幼児夜間, 休日, 深夜.
    pub paediatric: [Implied; 3],
    /// 夜間・早朝等加算.
    pub night: Implied,
}

/// 初診: 乳幼児加算（初診）, 時間外加算（初診）…, 夜間・早朝等加算（初診）.
pub const FIRST_HOURS: Hours = Hours {
    infant: r8("111000370", "乳幼児加算（初診）", "A000 注6", 75),
    adult: [
        r8("111000570", "時間外加算（初診）", "A000 注7", 85),
        r8("111000670", "休日加算（初診）", "A000 注7", 250),
        r8("111000770", "深夜加算（初診）", "A000 注7", 480),
    ],
    young: [
        r8("111011970", "乳幼児時間外加算（初診）", "A000 注7", 200),
        r8("111012070", "乳幼児休日加算（初診）", "A000 注7", 365),
        r8("111012170", "乳幼児深夜加算（初診）", "A000 注7", 695),
    ],
    paediatric: [
        r8("111011570", "乳幼児夜間加算（小児科初診）", "A000 注8", 200),
        r8("111011670", "乳幼児休日加算（小児科初診）", "A000 注8", 365),
        r8("111011770", "乳幼児深夜加算（小児科初診）", "A000 注8", 695),
    ],
    night: r8("111012470", "夜間・早朝等加算（初診）", "A000 注9", 50),
};
/// 再診: 乳幼児加算（再診）, 時間外加算（再診）（入院外）…, 夜間・早朝等加算（再診）.
pub const RETURN_HOURS: Hours = Hours {
    infant: r8("112000970", "乳幼児加算（再診）", "A001 注4", 38),
    adult: [
        r8("112001110", "時間外加算（再診）（入院外）", "A001 注5", 65),
        r8("112001210", "休日加算（再診）（入院外）", "A001 注5", 190),
        r8("112001310", "深夜加算（再診）（入院外）", "A001 注5", 420),
    ],
    young: [
        r8("112014770", "乳幼児時間外加算（再診）（入院外）", "A001 注5", 135),
        r8("112014870", "乳幼児休日加算（再診）（入院外）", "A001 注5", 260),
        r8("112014970", "乳幼児深夜加算（再診）（入院外）", "A001 注5", 590),
    ],
    paediatric: [
        r8("112014170", "乳幼児夜間加算（小児科再診）（入院外）", "A001 注6", 135),
        r8("112014270", "乳幼児休日加算（小児科再診）（入院外）", "A001 注6", 260),
        r8("112014370", "乳幼児深夜加算（小児科再診）（入院外）", "A001 注6", 590),
    ],
    night: r8("112015570", "夜間・早朝等加算（再診）", "A001 注7", 50),
};

/// 外来管理加算.
pub const OUTPATIENT_MANAGEMENT: Implied = r8("112011010", "外来管理加算", "A001 注8", 52);
/// 明細書発行体制等加算.
pub const ITEMISED_BILL: Implied = r8("112015770", "明細書発行体制等加算", "A001 注11", 1);
/// 機能強化加算（初診）.
pub const STRENGTHENED: Implied = r8("111013770", "機能強化加算（初診）", "A000 注10", 80);

/// 時間外対応加算１–４, since R8 時間外対応体制加算１–４. R8 points are the notice's; that the codes go on is an assumption.
pub const AFTER_HOURS_RESPONSE: [Implied; 4] = [
    r8("112016070", "時間外対応加算１", "A001 注10 イ", 7),
    r8("112708370", "時間外対応加算２", "A001 注10 ロ", 5),
    r8("112708470", "時間外対応加算３", "A001 注10 ハ", 4),
    r8("112708570", "時間外対応加算４", "A001 注10 ニ", 2),
];

/// 外来感染対策向上, 発熱患者等対応, 連携強化, サーベイランス強化, 抗菌薬適正使用体制（初診）.
pub const FIRST_INFECTION: [Implied; 5] = [
    r8("111014870", "外来感染対策向上加算（初診）", "A000 注11", 6),
    r8("111702970", "発熱患者等対応加算（初診）", "A000 注11 ただし書", 20),
    r8("111014970", "連携強化加算（初診）", "A000 注12", 3),
    r8("111015070", "サーベイランス強化加算（初診）", "A000 注13", 1),
    r8("111703070", "抗菌薬適正使用体制加算（初診）", "A000 注14", 5),
];
/// The same（再診）.
pub const RETURN_INFECTION: [Implied; 5] = [
    r8("112024370", "外来感染対策向上加算（再診）", "A001 注15", 6),
    r8("112708670", "発熱患者等対応加算（再診）", "A001 注15 ただし書", 20),
    r8("112024470", "連携強化加算（再診）", "A001 注16", 3),
    r8("112024570", "サーベイランス強化加算（再診）", "A001 注17", 1),
    r8("112708770", "抗菌薬適正使用体制加算（再診）", "A001 注18", 5),
];

/// The same beside 在宅患者訪問診療料 (C 通則5–8).
pub const HOME_INFECTION: [Implied; 5] = [
    item("114055090", "外来感染対策向上加算（在宅医療）", "C 通則5"),
    item("114704290", "発熱患者等対応加算（在宅医療）", "C 通則5 ただし書"),
    item("114055190", "連携強化加算（在宅医療）", "C 通則6"),
    item("114055290", "サーベイランス強化加算（在宅医療）", "C 通則7"),
    item("114704390", "抗菌薬適正使用体制加算（在宅医療）", "C 通則8"),
];

/// 電子的診療情報連携体制整備加算１–３（初診）: codes of 2026.
pub const DIGITAL_FIRST: [Implied; 3] = [
    r8("111704070", "電子的診療情報連携体制整備加算１（初診）", "A000 注16 イ", 15),
    r8("111704170", "電子的診療情報連携体制整備加算２（初診）", "A000 注16 ロ", 9),
    r8("111704270", "電子的診療情報連携体制整備加算３（初診）", "A000 注16 ハ", 4),
];
/// 電子的診療情報連携体制整備加算（再診）: code of 2026.
pub const DIGITAL_RETURN: Implied = r8("112709570", "電子的診療情報連携体制整備加算（再診）", "A001 注19", 2);
/// 医療ＤＸ推進体制整備加算１–６（初診）, R6 only.
pub const DX_FIRST: [Implied; 6] = [
    item("111703670", "医療ＤＸ推進体制整備加算１（初診）", "A000 注16 (R6)"),
    item("111703770", "医療ＤＸ推進体制整備加算２（初診）", "A000 注16 (R6)"),
    item("111703870", "医療ＤＸ推進体制整備加算３（初診）", "A000 注16 (R6)"),
    item("111703470", "医療ＤＸ推進体制整備加算４（初診）", "A000 注16 (R6)"),
    item("111703570", "医療ＤＸ推進体制整備加算５（初診）", "A000 注16 (R6)"),
    item("111703370", "医療ＤＸ推進体制整備加算６（初診）", "A000 注16 (R6)"),
];
/// 医療情報取得加算（初診）, R6 only.
pub const INFORMATION_FIRST: Implied = item("111703270", "医療情報取得加算（初診）", "A000 注15 (R6)");
/// 医療情報取得加算（再診）, R6 only.
pub const INFORMATION_RETURN: Implied = item("112708970", "医療情報取得加算（再診）", "A001 注19 (R6)");

/// 外来・在宅ベースアップ評価料（１）１（初診時）, ２（再診時等）.
pub const BASE_UP: [Implied; 2] = [
    r8("180725710", "外来・在宅ベースアップ評価料（１）１（初診時）", "O001 1", 17),
    r8("180725810", "外来・在宅ベースアップ評価料（１）２（再診時等）", "O001 2", 4),
];
/// The same for clinics that went on raising wages（賃上取組）: codes of 2026.
pub const BASE_UP_CONTINUED: [Implied; 2] = [
    r8("180853810", "外来・在宅ベースアップ評価料（１）１（初診時）（賃上取組）", "O001 注5", 23),
    r8("180853910", "外来・在宅ベースアップ評価料（１）２（再診時等）（賃上取組）", "O001 注5", 6),
];
/// 物価対応料１（初診時）イ, （再診時等）ロ: codes of 2026.
pub const PRICE_RESPONSE: [Implied; 2] = [
    r8("180819910", "物価対応料１（外来・在宅物価対応料）（初診時）イ", "O100 1イ", 2),
    r8("180820010", "物価対応料１（外来・在宅物価対応料）（再診時等）ロ", "O100 1ロ", 2),
];

/// 特定疾患療養管理料（診療所）.
pub const SPECIFIC_DISEASE: Implied = r8("113001810", "特定疾患療養管理料（診療所）", "B000 1", 225);
/// 特定疾患療養管理料（診療所・情報通信機器）.
pub const SPECIFIC_DISEASE_ONLINE: Implied = r8("113034010", "特定疾患療養管理料（診療所・情報通信機器）", "B000 注5", 196);
/// 生活習慣病管理料１（脂質異常症・高血圧症・糖尿病）.
pub const LIFESTYLE_1: [&str; 3] = ["113041710", "113041810", "113041910"];
/// 生活習慣病管理料２, （情報通信機器）.
pub const LIFESTYLE_2: [&str; 2] = ["113707110", "113707210"];
/// 薬剤情報提供料.
pub const DRUG_INFORMATION: &str = "120002370";

/// 調剤料（内服薬・浸煎薬・屯服薬）.
pub const DISPENSE_INTERNAL: Implied = r8("120000710", "調剤料（内服薬・浸煎薬・屯服薬）", "F000 1イ", 11);
/// 調剤料（外用薬）.
pub const DISPENSE_EXTERNAL: Implied = r8("120001010", "調剤料（外用薬）", "F000 1ロ", 8);
/// 麻薬等加算（調剤料）（入院外）.
pub const DISPENSE_CONTROLLED: Implied = r8("120000110", "麻薬等加算（調剤料）（入院外）", "F000 注", 1);
/// 処方料（その他）.
pub const PRESCRIBE: Implied = r8("120001210", "処方料（その他）", "F100 3", 42);
/// 処方料（７種類以上内服薬）.
pub const PRESCRIBE_MANY: Implied = r8("120002610", "処方料（７種類以上内服薬）", "F100 2", 29);
/// 麻薬等加算（処方料）.
pub const PRESCRIBE_CONTROLLED: Implied = r8("120001310", "麻薬等加算（処方料）", "F100 注2", 1);
/// 乳幼児加算（処方料）.
pub const PRESCRIBE_INFANT: Implied = r8("120002170", "乳幼児加算（処方料）", "F100 注4", 3);
/// 特定疾患処方管理加算（処方料）.
pub const PRESCRIBE_SPECIFIC: Implied = r8("120005610", "特定疾患処方管理加算（処方料）", "F100 注5", 56);
/// 外来後発医薬品使用体制加算１–３, since R8 地域支援・外来医薬品供給対応体制加算１–３ (code list of 2026 keeps the codes).
pub const SUPPLY: [Implied; 3] = [
    r8("120004370", "外来後発医薬品使用体制加算１", "F100 注8 イ", 8),
    r8("120004070", "外来後発医薬品使用体制加算２", "F100 注8 ロ", 7),
    r8("120004170", "外来後発医薬品使用体制加算３", "F100 注8 ハ", 5),
];
/// 調基（その他）.
pub const DISPENSING_SKILL: Implied = r8("120001810", "調基（その他）", "F500 2", 14);
/// 薬剤料逓減（９０／１００）（内服薬）, master Y.
pub const MANY_DRUGS_REDUCTION: Implied = item("630010002", "薬剤料逓減（９０／１００）（内服薬）", "F200 注3");
/// 処方箋料（リフィル以外・その他）.
pub const SLIP: Implied = r8("120002910", "処方箋料（リフィル以外・その他）", "F400 3", 60);
/// 処方箋料（リフィル以外・７種類以上内服薬）.
pub const SLIP_MANY: Implied = r8("120002710", "処方箋料（リフィル以外・７種類以上内服薬）", "F400 2", 32);
/// 処方箋料（リフィル処方箋・その他）.
pub const REFILL: Implied = r8("120005010", "処方箋料（リフィル処方箋・その他）", "F400 3", 60);
/// 処方箋料（リフィル処方箋・７種類以上内服薬）.
pub const REFILL_MANY: Implied = r8("120004810", "処方箋料（リフィル処方箋・７種類以上内服薬）", "F400 2", 32);
/// 乳幼児加算（処方箋料）.
pub const SLIP_INFANT: Implied = r8("120002470", "乳幼児加算（処方箋料）", "F400 注3", 3);
/// 特定疾患処方管理加算（処方箋料）.
pub const SLIP_SPECIFIC: Implied = r8("120005710", "特定疾患処方管理加算（処方箋料）", "F400 注4", 56);
/// 一般名処方加算１, ２（処方箋料）.
pub const SLIP_GENERAL: [Implied; 2] = [
    r8("120004270", "一般名処方加算１（処方箋料）", "F400 注6 イ", 8),
    r8("120003570", "一般名処方加算２（処方箋料）", "F400 注6 ロ", 6),
];

/// Ｂ－Ｖ (血液採取 静脈).
pub const DRAW_VEIN: Implied = r8("160095710", "Ｂ－Ｖ", "D400 1", 40);
/// Ｂ－Ｃ (血液採取 その他).
pub const DRAW_OTHER: &str = "160095810";
/// 乳幼児加算（血液採取）.
pub const DRAW_INFANT: Implied = r8("160095970", "乳幼児加算（血液採取）", "D400 注2", 35);
/// 外来迅速検体検査加算.
pub const RAPID: Implied = r8("160177770", "外来迅速検体検査加算", "検体検査実施料 通則3", 10);
/// 検体検査管理加算（１）.
pub const LAB_MANAGEMENT: Implied = r8("160170170", "検体検査管理加算（１）", "D026 注4 イ", 40);
/// Judgement fees (判断料) by group of master S column 51.
pub const JUDGEMENTS: [(u8, Implied); 11] = [
    (1, r8("160061710", "尿・糞便等検査判断料", "D026 1", 34)),
    (2, r8("160061810", "血液学的検査判断料", "D026 3", 125)),
    (3, r8("160061910", "生化学的検査（１）判断料", "D026 4", 144)),
    (4, r8("160062010", "生化学的検査（２）判断料", "D026 5", 144)),
    (5, r8("160062110", "免疫学的検査判断料", "D026 6", 144)),
    (6, r8("160062210", "微生物学的検査判断料", "D026 7", 150)),
    (11, r8("160146910", "呼吸機能検査等判断料", "D205", 140)),
    (13, item("160147610", "脳波検査判断料２", "D238 2")),
    (14, item("160147710", "神経・筋検査判断料", "D241")),
    (15, item("160147910", "ラジオアイソトープ検査判断料", "D294")),
    (17, r8("160218110", "遺伝子関連・染色体検査判断料", "D026 2", 100)),
];
/// 静脈内注射 and its 乳幼児加算; 点滴注射（その他） and （乳幼児） with theirs.
pub const INJECTION_INFANT: [(&str, Implied); 3] = [
    ("130003510", r8("130003670", "乳幼児加算（静脈内注射）", "G001 注2", 52)),
    ("130003710", r8("130009470", "乳幼児加算（点滴注射）", "G004 注2", 48)),
    ("130009310", r8("130009470", "乳幼児加算（点滴注射）", "G004 注2", 48)),
];

/// Every implied item, once. Tables that are to serve this crate must hold these codes.
pub fn all() -> Vec<Implied> {
    let hours = |hours: &Hours| {
        let mut all = vec![hours.infant, hours.night];
        all.extend(hours.adult.iter().chain(&hours.young).chain(&hours.paediatric));
        all
    };
    let mut all = vec![
        FIRST,
        FIRST_ONLINE,
        FIRST_SECOND,
        FIRST_SECOND_ONLINE,
        RETURN,
        TELEPHONE,
        ONLINE,
        RETURN_AGAIN,
        TELEPHONE_AGAIN,
        ONLINE_AGAIN,
        RETURN_SECOND,
        TELEPHONE_SECOND,
        ONLINE_SECOND,
        OUTPATIENT_MANAGEMENT,
        ITEMISED_BILL,
        STRENGTHENED,
        DIGITAL_RETURN,
        INFORMATION_FIRST,
        INFORMATION_RETURN,
        SPECIFIC_DISEASE,
        SPECIFIC_DISEASE_ONLINE,
        DISPENSE_INTERNAL,
        DISPENSE_EXTERNAL,
        DISPENSE_CONTROLLED,
        PRESCRIBE,
        PRESCRIBE_MANY,
        PRESCRIBE_CONTROLLED,
        PRESCRIBE_INFANT,
        PRESCRIBE_SPECIFIC,
        DISPENSING_SKILL,
        SLIP,
        SLIP_MANY,
        SLIP_INFANT,
        SLIP_SPECIFIC,
        DRAW_VEIN,
        DRAW_INFANT,
        RAPID,
        LAB_MANAGEMENT,
    ];
    all.extend(hours(&FIRST_HOURS));
    all.extend(hours(&RETURN_HOURS));
    all.extend(AFTER_HOURS_RESPONSE.iter().chain(&FIRST_INFECTION).chain(&RETURN_INFECTION));
    all.extend([REFILL, REFILL_MANY]);
    all.extend(DIGITAL_FIRST.iter().chain(&DX_FIRST).chain(&BASE_UP).chain(&BASE_UP_CONTINUED).chain(&PRICE_RESPONSE));
    all.extend(SUPPLY.iter().chain(&SLIP_GENERAL));
    all.extend(JUDGEMENTS.iter().map(|(_, item)| item));
    all.extend(INJECTION_INFANT.iter().map(|(_, item)| item));
    all.sort_by_key(|item| item.code);
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{collections::HashMap, path::PathBuf};

    fn table(path: &str, header: bool) -> Option<Vec<csv::StringRecord>> {
        let root = std::env::var_os("KARTE_SHARED")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
        let file = root.join("masters/derived").join(path);
        if !file.exists() {
            eprintln!("SKIPPED: {path} is not beside the project (set KARTE_SHARED)");
            return None;
        }
        let reader = csv::ReaderBuilder::new().has_headers(header).from_path(file);
        Some(reader.expect("readable").into_records().map(|record| record.expect("a record")).collect())
    }

    /// No code from memory: each is a row of the official master (or of the 2026 list) with the same name; and the R8 points
    /// written here are those of the list or of the aligned notices, where either has the item.
    #[test]
    fn every_code_is_a_row_of_a_source_and_every_figure_agrees() {
        let (Some(rows), Some(list), Some(estimates)) = (
            table("s_r6_asof20250901.csv", false),
            table("outpatient_codes_R8.csv", true),
            table("s_points_r8_ESTIMATE.csv", true),
        ) else {
            return;
        };
        let r6: HashMap<&str, &str> = rows.iter().map(|row| (&row[2], &row[4])).collect();
        let r8: HashMap<&str, (&str, &str)> = list.iter().map(|row| (&row[0], (&row[1], &row[2]))).collect();
        let aligned: HashMap<&str, &str> = estimates.iter().map(|row| (&row[0], &row[6])).collect();
        let mut figures = 0;
        let both = all().into_iter().chain(crate::follow::all()).chain(crate::contained::all());
        for item in both.filter(|item| item.code.starts_with('1')) {
            let name = r6.get(item.code).copied().or_else(|| r8.get(item.code).map(|(name, _)| *name));
            assert_eq!(name, Some(item.name), "{}", item.code);
            let known = r8.get(item.code).map(|(_, points)| *points).or_else(|| aligned.get(item.code).copied());
            if let (Some(points), Some(known)) = (item.r8, known.filter(|known| !known.is_empty())) {
                assert_eq!(points.to_string(), known, "{} {}", item.code, item.name);
                figures += 1;
            }
        }
        assert!(figures > 70, "{figures} figures were compared");
    }
}
