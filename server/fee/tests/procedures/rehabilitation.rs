//! リハビリテーション: units, standard days, what the fees contain.

use crate::{Case, Expect::*, case, run, visit};
use model::fee::HintKind::{Check, Cut};

/// 運動器リハビリテーション料（１）（理学療法士）, 185 points a unit.
const LOCOMOTOR: &str = "180755710";
/// 呼吸器リハビリテーション料（１）（理学療法士）.
const BREATHING: &str = "180759710";

#[test]
fn rehabilitation() {
    run(cases());
}

/// The cases of this part.
pub fn cases() -> Vec<Case> {
    let fresh = || visit().ill_since("2026-07-01");
    vec![
        case("告示 H002 1", "運動器リハビリテーション料(Ⅰ) 2単位", fresh().times(LOCOMOTOR, 2), vec![Bills(LOCOMOTOR, 370, 1)])
            .and_r6(),
        case(
            "告示 H 通則4",
            "1日6単位を超えると厚生労働大臣が定める患者か確認する",
            fresh().times(LOCOMOTOR, 7),
            vec![Bills(LOCOMOTOR, 1295, 1), Hints(Cut, "6回を超えます")],
        ),
        case(
            "告示 H 通則4",
            "厚生労働大臣が定める患者でも1日9単位まで",
            fresh().times(LOCOMOTOR, 10),
            vec![Bills(LOCOMOTOR, 1665, 1), Omits(LOCOMOTOR, "9回に限り")],
        ),
        case(
            "告示 H 通則4",
            "午前に6単位、午後に4単位: 残りは3単位",
            fresh().times(LOCOMOTOR, 4).points_before("2026-07-10", LOCOMOTOR, 1110),
            vec![Bills(LOCOMOTOR, 555, 1)],
        ),
        case(
            "告示 H002 注6",
            "標準的算定日数（150日）を超えた患者の今月14単位目",
            visit().ill_since("2026-01-01").times(LOCOMOTOR, 2).points_before("2026-07-02", LOCOMOTOR, 2220),
            vec![Hints(Cut, "1月13単位まで"), Hints(Cut, "今月14単位")],
        ),
        case(
            "告示 H002 注1",
            "発症から150日目は標準的算定日数の内",
            visit().ill_since("2026-02-11").times(LOCOMOTOR, 2),
            vec![Silent("標準的算定日数（150日）を超えた")],
        ),
        case(
            "告示 H002 注1",
            "発症から151日目",
            visit().ill_since("2026-02-10").times(LOCOMOTOR, 2),
            vec![Hints(Cut, "151日目")],
        ),
        case(
            "告示 H003 注1・注6",
            "呼吸器リハビリテーション料は90日を超えると月13単位",
            visit().ill_since("2026-04-01").times(BREATHING, 2),
            vec![Hints(Cut, "90日")],
        ),
        case(
            "告示 H002 注6",
            "日数の内で今月13単位を超えたときは起算日の確認を促す",
            fresh().times(LOCOMOTOR, 2).points_before("2026-07-02", LOCOMOTOR, 2220),
            vec![Hints(Check, "起算日"), Bills(LOCOMOTOR, 370, 1)],
        ),
        case(
            "告示 H 通則4",
            "同じ日に運動器と呼吸器のリハビリテーション料",
            fresh().times(LOCOMOTOR, 1).times(BREATHING, 1),
            vec![Hints(Cut, "最も適当な区分1つ")],
        ),
        case(
            "告示 H 通則5",
            "消炎鎮痛等処置は疾患別リハビリテーション料に含まれる",
            fresh().times(LOCOMOTOR, 2).orders(&["140040310"]),
            vec![Bills(LOCOMOTOR, 370, 1), Omits("140040310", "H 通則5")],
        )
        .and_r6(),
        case(
            "告示 H 通則5",
            "介達牽引も疾患別リハビリテーション料に含まれる",
            fresh().times(LOCOMOTOR, 2).orders(&["140048010"]),
            vec![Omits("140048010", "H 通則5")],
        ),
        case(
            "告示 H 通則6",
            "慢性疼痛疾患管理料を算定する患者のリハビリテーションは算定しない",
            fresh().times(LOCOMOTOR, 2).orders(&["113006510"]),
            vec![Omits(LOCOMOTOR, "H 通則6")],
        ),
        case(
            "告示 H007 注1",
            "障害児（者）リハビリテーション料は1日6単位まで",
            fresh().times("180028410", 7),
            vec![Bills("180028410", 930, 1), Omits("180028410", "6回に限り")],
        ),
        case(
            "告示 H007 2",
            "18歳以上の患者に6歳未満の障害児（者）リハビリテーション料は算定しない",
            fresh().times("180028210", 2),
            vec![Omits("180028210", "年齢")],
        ),
        case(
            "告示 H008 注1",
            "集団コミュニケーション療法料は1日3単位まで",
            fresh().times("180030910", 4),
            vec![Bills("180030910", 150, 1), Omits("180030910", "3回に限り")],
        ),
        case(
            "告示 H004 注1",
            "摂食機能療法（30分以上）の今月5回目は治療開始から3月以内か確認する",
            fresh()
                .orders(&["180016610"])
                .before("2026-07-01", &["180016610"])
                .before("2026-07-02", &["180016610"])
                .before("2026-07-06", &["180016610"])
                .before("2026-07-08", &["180016610"]),
            vec![Bills("180016610", 185, 1), Hints(Cut, "H004 注1")],
        ),
    ]
}
