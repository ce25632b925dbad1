//! Units of drugs and their codes: MedicationUnitMERIT9Code of JP Core, complete. What is not listed is told in words only.

use crate::uri;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization;

/// Code and printed unit, after NFKC.
const MERIT9: [(&str, &str); 64] = [
    ("PART", "分"),
    ("TIME", "回"),
    ("KIND", "種"),
    ("BOX", "箱"),
    ("ROLL", "巻"),
    ("SHT", "枚"),
    ("HON", "本"),
    ("PARI", "組"),
    ("SET", "セット"),
    ("KO", "個"),
    ("TEAR", "裂"),
    ("DIR", "方向"),
    ("TROC", "トローチ"),
    ("AMP", "アンプル"),
    ("CAP", "カプセル"),
    ("TAB", "錠"),
    ("PILL", "丸"),
    ("PCK", "包"),
    ("BTL", "瓶"),
    ("BAG", "袋"),
    ("BTLB", "瓶(袋)"),
    ("TUBE", "管"),
    ("SYRG", "シリンジ"),
    ("DOSE", "回分"),
    ("TEST", "テスト分"),
    ("GCYL", "ガラス筒"),
    ("RODT", "桿錠"),
    ("UNT", "単位"),
    ("TTUN", "万単位"),
    ("FEET", "フィート"),
    ("DROP", "滴"),
    ("MG", "mg"),
    ("G", "g"),
    ("KG", "kg"),
    ("CC", "cc"),
    ("ML", "mL"),
    ("L", "L"),
    ("MLV", "mLV"),
    ("VIL", "バイアル"),
    ("CM", "cm"),
    ("CM2", "cm2"),
    ("M", "m"),
    ("MCCI", "μCi"),
    ("MCI", "mCi"),
    ("MCG", "μg"),
    ("BKR", "管(瓶)"),
    ("PIPE", "筒"),
    ("GBQ", "GBq"),
    ("MGBQ", "MBq"),
    ("KBQ", "KBq"),
    ("KIT", "キット"),
    ("IUNT", "国際単位"),
    ("PAT", "患者当り"),
    ("ATM", "気圧"),
    ("CAN", "缶"),
    ("OPE", "手術当り"),
    ("VSL", "容器"),
    ("MLG", "mL(g)"),
    ("BLST", "ブリスター"),
    ("SHET", "シート"),
    ("TUNT", "千単位"),
    ("TTIU", "万国際単位"),
    ("MEQ", "mEq"),
    ("MCL", "μL"),
];

/// The code of a printed unit.
pub(super) fn code(unit: &str) -> Option<&'static str> {
    let wanted: String = unit.trim().nfkc().collect();
    MERIT9.iter().find(|(_, printed)| *printed == wanted).map(|(code, _)| *code)
}

/// A decimal as JSON writes it.
pub(super) fn number(value: Decimal) -> Value {
    let number = value.normalize().to_string();
    let number = number.parse::<f64>().ok().and_then(serde_json::Number::from_f64);
    let whole = value.is_integer().then(|| value.normalize().to_string().parse::<i64>().ok()).flatten();
    match whole {
        Some(whole) => json!(whole),
        None => Value::Number(number.expect("a decimal of 28 digits is a finite number")),
    }
}

/// An amount of a drug; none where its unit has no code, since a unit without one may not stand there.
pub(super) fn amount(value: Decimal, unit: &str) -> Option<Value> {
    let code = code(unit)?;
    Some(json!({ "value": number(value), "unit": unit.trim(), "system": uri::DRUG_UNIT, "code": code }))
}

/// So many days.
pub(super) fn days(count: u16) -> Value {
    json!({ "value": count, "unit": "日", "system": uri::UCUM, "code": "d" })
}
