//! O002 外来・在宅ベースアップ評価料(Ⅱ) (R6: O101): by the grade that the clinic notified, wherever (Ⅰ) was billed.
//!
//! Codes and names are rows of 支払基金「医科診療行為マスター」 (edition 2025-09-01); the notice of 2026 keeps the points of grades
//! 1 to 8 and adds grades whose codes are not published.

use crate::{codes::Implied, work::Work};

const fn item(code: &'static str, name: &'static str, points: i64) -> Implied {
    Implied { code, name, article: "O002", r8: Some(points) }
}

/// Grades 1 to 8: 初診又は訪問診療, 再診時等.
const GRADES: [[Implied; 2]; 8] = [
    [
        item("180726110", "外来・在宅ベースアップ評価料（２）１（初診又は訪問診療）", 8),
        item("180726210", "外来・在宅ベースアップ評価料（２）１（再診時等）", 1),
    ],
    [
        item("180726310", "外来・在宅ベースアップ評価料（２）２（初診又は訪問診療）", 16),
        item("180726410", "外来・在宅ベースアップ評価料（２）２（再診時等）", 2),
    ],
    [
        item("180726510", "外来・在宅ベースアップ評価料（２）３（初診又は訪問診療）", 24),
        item("180726610", "外来・在宅ベースアップ評価料（２）３（再診時等）", 3),
    ],
    [
        item("180726710", "外来・在宅ベースアップ評価料（２）４（初診又は訪問診療）", 32),
        item("180726810", "外来・在宅ベースアップ評価料（２）４（再診時等）", 4),
    ],
    [
        item("180726910", "外来・在宅ベースアップ評価料（２）５（初診又は訪問診療）", 40),
        item("180727010", "外来・在宅ベースアップ評価料（２）５（再診時等）", 5),
    ],
    [
        item("180727110", "外来・在宅ベースアップ評価料（２）６（初診又は訪問診療）", 48),
        item("180727210", "外来・在宅ベースアップ評価料（２）６（再診時等）", 6),
    ],
    [
        item("180727310", "外来・在宅ベースアップ評価料（２）７（初診又は訪問診療）", 56),
        item("180727410", "外来・在宅ベースアップ評価料（２）７（再診時等）", 7),
    ],
    [
        item("180727510", "外来・在宅ベースアップ評価料（２）８（初診又は訪問診療）", 64),
        item("180727610", "外来・在宅ベースアップ評価料（２）８（再診時等）", 8),
    ],
];

/// Every item of this module.
pub(crate) fn all() -> Vec<Implied> {
    GRADES.into_iter().flatten().collect()
}

/// 通知 O002(2), (3): イ where 1 or 3 of (Ⅰ) was billed, ロ where 2 was. `index` is the place in (Ⅰ): first, return, home.
pub(crate) fn second(work: &mut Work, index: usize, continued: bool) {
    let standard = "外来・在宅ベースアップ評価料2";
    // Twelve grades with their own points for clinics that went on raising wages, twenty-four in all (O002 注4, 注5).
    let Some(grade) = (1..=24).find(|grade| work.standard(&format!("{standard}{grade}"))) else { return };
    if continued || grade > GRADES.len() {
        return work.omit_code(
            "",
            format!("外来・在宅ベースアップ評価料（２）{grade}"),
            "算定していません: この区分のコードが公開されたマスターにありません（O002 注4・注5）。",
        );
    }
    let pair = GRADES[grade - 1];
    let told = work.request.orders.iter().any(|order| pair.iter().any(|item| item.code == order.code));
    if !told {
        work.bill(&pair[usize::from(index == 1)], "施設基準を届け出て外来・在宅ベースアップ評価料(Ⅰ)を算定");
    }
}
