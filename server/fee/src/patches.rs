//! F 通則4 and 通則5: more than 63 sheets of plaster (貼付剤), and gargles alone.

use crate::{
    codes::Implied,
    drugs::{self, Rounding},
    prescribing::Priced,
    work::Work,
};
use model::{
    fee::{FeeLine, Section},
    master::Drug,
    money::Points,
    orders::Route,
};
use rust_decimal::Decimal;

/// Sheets a prescription may have (F 通則5).
const MOST: Decimal = Decimal::from_parts(63, 0, 0, false, 0);

/// 薬剤料減点（貼付剤薬剤料上限超）, master Y.
const REDUCTION: (&str, &str) = ("630010007", "薬剤料減点（貼付剤薬剤料上限超）");

/// 通知 F 通則10: plasters for pain and inflammation, not narcotics nor psychotropics nor for the skin alone. The 薬価基準収載医薬品コード
/// begins with 264 (鎮痛，鎮痒，収斂，消炎剤) and the unit is the sheet (枚).
pub(crate) fn is_patch(drug: &Drug) -> bool {
    drug.form == 6 && drug.unit == "枚" && drug.yj.starts_with("264") && drug.controlled == 0
}

fn sheets(rp: &Priced) -> Decimal {
    let amount = |code: &str| rp.unit.drugs.iter().any(|drug| is_patch(drug) && drug.code.as_str() == code);
    let items = rp.group.items.iter().filter(|item| amount(&item.code));
    items.map(|item| item.amount).sum::<Decimal>() * Decimal::from(rp.group.days)
}

/// How many sheets, where they are more than 63 and the patient has no cancer (通知 F 通則10 ただし書: 各種がんにおける鎮痛).
pub(crate) fn too_many(work: &mut Work, priced: &[Priced]) -> Option<Decimal> {
    let all: Decimal = priced.iter().filter(|rp| rp.group.route == Route::External).map(sheets).sum();
    if all <= MOST {
        return None;
    }
    let (tables, on) = (work.tables, work.on());
    let cancer = work
        .request
        .diagnoses
        .iter()
        .filter(|diagnosis| !diagnosis.suspected)
        .filter_map(|diagnosis| tables.disease(&diagnosis.code, on))
        .any(|row| row.icd10.starts_with('C'));
    if cancer {
        work.cut("", "63枚を超える貼付剤は、がんにおける鎮痛の目的に限り制限の対象外です（通知 F 通則10）。");
        return None;
    }
    Some(all)
}

/// Says why a fee is not billed: the law lets it stand only with a reason on the slip and the claim.
pub(crate) fn omit(work: &mut Work, item: &Implied, sheets: Decimal) {
    let sheets = sheets.normalize();
    work.omit(item, format!("貼付剤が1処方{sheets}枚（63枚を超える）のため算定しません（F 通則5）。やむを得ない理由を処方箋と明細書に記載すれば算定できます。"));
}

/// F 通則5: of the drug fee the part of the sheets beyond 63 is not billed.
pub(crate) fn reduction(work: &mut Work, house: &[Priced], sheets_in_all: Decimal) {
    let mut left = MOST;
    let mut less = 0;
    let mut external: Vec<&Priced> = house.iter().filter(|rp| sheets(rp) > Decimal::ZERO).collect();
    external.sort_by(|a, b| (&a.unit.code, a.unit.yen).cmp(&(&b.unit.code, b.unit.yen)));
    for rp in external {
        let count = Decimal::from(rp.group.days);
        let mut yen = rp.unit.yen;
        for item in &rp.group.items {
            let Some(drug) = rp.unit.drugs.iter().find(|drug| is_patch(drug) && drug.code.as_str() == item.code) else {
                continue;
            };
            let allowed = (item.amount * count).min(left);
            left -= allowed;
            yen -= drug.price * (item.amount - allowed / count);
        }
        let points = |yen: Decimal| if yen > Decimal::ZERO { drugs::points(yen, Rounding::AtLeastOne).unwrap_or(0) } else { 0 };
        less += (points(rp.unit.yen) - points(yen)) * i64::from(rp.group.days);
    }
    if less > 0 {
        work.lines.push(FeeLine {
            code: REDUCTION.0.to_owned(),
            name: REDUCTION.1.to_owned(),
            parts: Vec::new(),
            points: Points(-less),
            count: 1,
            section: Section::Drugs,
            reason: format!("貼付剤 {}枚のうち63枚を超える分の薬剤料", sheets_in_all.normalize()),
            citation: "F 通則5".to_owned(),
            estimated: false,
            by_hand: false,
        });
    }
}

/// Whether only gargles were prescribed: 薬価基準収載医薬品コード 2260 (含嗽剤).
pub(crate) fn gargle_only(priced: &[Priced]) -> bool {
    let mut drugs = priced.iter().flat_map(|rp| &rp.unit.drugs).peekable();
    drugs.peek().is_some() && drugs.all(|drug| drug.yj.starts_with("2260"))
}
