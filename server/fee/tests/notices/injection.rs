//! Part G: 注射.

use crate::{
    BOTH, Case,
    Want::*,
    ask::again,
    case,
    law::Text::{Circular, Notice},
};
use model::fee::HintKind::Missed;

/// 皮内、皮下及び筋肉内注射.
const MUSCLE: &str = "130000510";
/// 静脈内注射.
const VEIN: &str = "130003510";
/// 点滴注射 (500 mL and more), （その他）, （乳幼児）.
const DRIP: [&str; 3] = ["130003810", "130009310", "130003710"];
/// 中心静脈注射, 植込型カテーテルによる中心静脈注射.
const CENTRAL: [&str; 2] = ["130004410", "130008510"];
/// 在宅自己注射指導管理料（１以外）（月２７回以下).
const SELF: &str = "114040610";
/// 在宅患者訪問診療料（１）１（同一建物居住者以外）.
const VISIT: &str = "114001110";

pub fn cases() -> Vec<Case> {
    let main = "のうち２以上を同一日に併せて行った場合は、主たるものの所定点数のみ算定する";
    let home = "訪問診療料（Ⅱ）を算定する日に併せて行った";
    vec![
        case(
            BOTH,
            "G000",
            Notice,
            "皮内、皮下及び筋肉内注射（１回につき） 25点",
            "筋肉内注射を2回",
            again().quantities(&[(MUSCLE, 2)]),
            &[Billed(MUSCLE, 25, 2)],
        ),
        case(
            BOTH,
            "通知 G000(2)",
            Circular,
            "腱鞘周囲注射及び血液注射については、皮内、皮下及び筋肉内注射に準じて算定する",
            "腱鞘周囲注射",
            again().orders(&["130003150"]),
            &[Billed("130003150", 25, 1)],
        ),
        case(
            BOTH,
            "G001",
            Notice,
            "静脈内注射（１回につき） 37点",
            "静脈内注射",
            again().orders(&[VEIN]),
            &[Billed(VEIN, 37, 1), Absent("130003670")],
        ),
        case(
            BOTH,
            "G001 注2",
            Notice,
            "乳幼児加算として、52点を所定点数に加算する",
            "5歳の静脈内注射",
            again().aged("y-5").orders(&[VEIN]),
            &[Billed("130003670", 52, 1)],
        ),
        case(
            BOTH,
            "G004 2",
            Notice,
            "（１日分の注射量が500mL以上の場合） 102点",
            "500mL以上の点滴注射",
            again().orders(&[DRIP[0]]),
            &[Billed(DRIP[0], 102, 1)],
        ),
        case(
            BOTH,
            "G004 3",
            Notice,
            "その他の場合（入院中の患者以外の患者に限る。） 53点",
            "500mL未満の点滴注射",
            again().orders(&[DRIP[1]]),
            &[Billed(DRIP[1], 53, 1)],
        ),
        case(
            BOTH,
            "G004 1、注2",
            Notice,
            "乳幼児加算として、48点を所定点数に加算する",
            "3歳の100mL以上の点滴注射",
            again().aged("y-3").orders(&[DRIP[2]]),
            &[Billed(DRIP[2], 105, 1), Billed("130009470", 48, 1)],
        ),
        case(
            BOTH,
            "G004",
            Notice,
            "点滴注射（１日につき）",
            "同じ日の2回",
            again().quantities(&[(DRIP[1], 2)]),
            &[Billed(DRIP[1], 53, 1)],
        ),
        case(
            BOTH,
            "通知 G 通則9",
            Circular,
            main,
            "点滴注射と静脈内注射",
            again().orders(&[DRIP[0], VEIN]),
            &[Has(DRIP[0]), Omitted(VEIN, "G 通則9")],
        ),
        case(
            BOTH,
            "通知 G 通則9",
            Circular,
            main,
            "中心静脈注射と点滴注射（G005 注2）",
            again().orders(&[CENTRAL[0], DRIP[0]]),
            &[Has(CENTRAL[0]), Omitted(DRIP[0], "G 通則9")],
        ),
        case(
            BOTH,
            "通知 G 通則9",
            Circular,
            main,
            "筋肉内注射と静脈内注射は含まれない",
            again().orders(&[MUSCLE, VEIN]),
            &[Has(MUSCLE), Has(VEIN)],
        ),
        case(
            BOTH,
            "G005 注5",
            Notice,
            "６歳未満の乳幼児に対して行った場合は、乳幼児加算として、50点を所定点数に加算する",
            "4歳の中心静脈注射",
            again().aged("y-4").orders(&[CENTRAL[0]]),
            &[Billed("130011170", 50, 1)],
        ),
        case(
            BOTH,
            "G005 注3",
            Notice,
            "在宅中心静脈栄養法指導管理料を算定している患者に対して行った中心静脈注射の費用は算定しない",
            "在宅中心静脈栄養法の患者",
            again().orders(&[CENTRAL[0]]).billed(&[("d-5", "114004210")]),
            &[Omitted(CENTRAL[0], "G005 注3")],
        ),
        case(
            BOTH,
            "G000 注2",
            Notice,
            home,
            "自己注射の患者の訪問診療の日の皮下注射",
            again().orders(&[VISIT, MUSCLE]).billed(&[("d-5", SELF)]),
            &[Has(VISIT), Omitted(MUSCLE, "G000 注2")],
        ),
        case(
            BOTH,
            "G001 注3",
            Notice,
            home,
            "自己注射の患者の訪問診療の日の静脈内注射",
            again().orders(&[VISIT, VEIN, SELF]),
            &[Has(VISIT), Omitted(VEIN, "G001 注3")],
        ),
        case(
            BOTH,
            "G004 注4",
            Notice,
            home,
            "在宅中心静脈栄養法の患者の訪問診療の日の点滴注射",
            again().orders(&[VISIT, DRIP[0], "114004210"]),
            &[Has(VISIT), Omitted(DRIP[0], "G004 注4")],
        ),
        case(
            BOTH,
            "G000 注2",
            Notice,
            home,
            "自己注射の患者の外来での皮下注射は算定できる",
            again().orders(&[MUSCLE]).billed(&[("d-5", SELF)]),
            &[Has(MUSCLE)],
        ),
        case(
            BOTH,
            "G 通則3",
            Notice,
            "生物学的製剤注射加算として、前２号により算定した点数に15点を加算する",
            "破傷風トキソイドの注射（算定もれ）",
            again().with_drugs(MUSCLE, &[("646320003", 1.0)]),
            &[Hint(Missed, "生物学的製剤注射加算")],
        ),
        case(
            BOTH,
            "通知 G 通則2(1)キ",
            Circular,
            "沈降破傷風トキソイド",
            "生物学的製剤注射加算をオーダー",
            again().orders(&["130000110"]).with_drugs(MUSCLE, &[("646320003", 1.0)]),
            &[Billed("130000110", 15, 1), Silent("生物学的製剤注射加算（15点）を算定できる")],
        ),
        case(
            BOTH,
            "G 通則5",
            Notice,
            "麻薬注射加算として、前各号により算定した点数に５点を加算する",
            "モルヒネの皮下注射",
            again().with_drugs(MUSCLE, &[("620009277", 1.0)]),
            &[Billed("130000310", 5, 1), Billed("620009277", 30, 1)],
        ),
        case(
            BOTH,
            "G100",
            Notice,
            "薬価が１回分使用量につき15円以下である場合",
            "薬価98円の注射薬は10点",
            again().with_drugs(MUSCLE, &[("643130224", 1.0)]),
            &[Billed("643130224", 10, 1)],
        ),
        case(
            BOTH,
            "A001 注8",
            Notice,
            "計画的な医学管理を行った場合は、外来管理加算として",
            "注射だけの再診は外来管理加算を算定できる",
            again().orders(&[MUSCLE]),
            &[Has("112011010")],
        ),
        case(
            BOTH,
            "G010",
            Notice,
            "関節腔内注射 80点",
            "関節腔内注射",
            again().orders(&["130005310"]),
            &[Billed("130005310", 80, 1)],
        ),
    ]
}
