//! 麻酔・神経ブロック.

use crate::{Case, Expect::*, case, run, visit};
use model::fee::HintKind::Missed;

/// 星状神経節ブロック 340, 後頭神経ブロック 90, トリガーポイント注射 70, 神経幹内注射 25.
const STELLATE: &str = "150235910";
const OCCIPITAL: &str = "150238610";
const TRIGGER: &str = "150266010";
const TRUNK: &str = "150242010";
/// 上肢伝達麻酔 170.
const ARM: &str = "150233010";
const SUTURE: &str = "150001010";
const CHILD_SUTURE: &str = "150307310";

#[test]
fn anaesthesia() {
    run(cases());
}

/// The cases of this part.
pub fn cases() -> Vec<Case> {
    vec![
        case("告示 L100 5", "星状神経節ブロック", visit().orders(&[STELLATE]), vec![Bills(STELLATE, 340, 1)]).and_r6(),
        case(
            "通知 L100・L101(4)",
            "2種類以上の神経ブロックを行った場合は主たるもののみ",
            visit().orders(&[STELLATE, OCCIPITAL]),
            vec![Bills(STELLATE, 340, 1), Omits(OCCIPITAL, "L100・L101(4)")],
        )
        .and_r6(),
        case(
            "通知 L100・L101(4)",
            "同一名称の神経ブロックを複数か所に行った場合は主たるもののみ",
            visit().times(OCCIPITAL, 2),
            vec![Bills(OCCIPITAL, 90, 1), Omits(OCCIPITAL, "1日1回")],
        ),
        case(
            "通知 L100・L101(7)",
            "神経ブロックと同時のトリガーポイント注射と神経幹内注射は部位にかかわらず算定できない",
            visit().orders(&[STELLATE, TRIGGER, TRUNK]),
            vec![Bills(STELLATE, 340, 1), Omits(TRIGGER, "L100・L101(7)"), Omits(TRUNK, "L100・L101(7)")],
        )
        .and_r6(),
        case(
            "通知 L104(2)",
            "トリガーポイント注射と神経幹内注射は同時に算定できない",
            visit().orders(&[TRIGGER, TRUNK]),
            vec![Bills(TRIGGER, 70, 1), Omits(TRUNK, "L104(2)")],
        ),
        case(
            "通知 L104(1)",
            "トリガーポイント注射は回数と部位にかかわらず1日につき1回",
            visit().times(TRIGGER, 3),
            vec![Bills(TRIGGER, 70, 1), Omits(TRIGGER, "1日1回")],
        )
        .and_r6(),
        case(
            "通知 L104(1)",
            "トリガーポイント注射を同じ日に算定済み",
            visit().orders(&[TRIGGER]).before("2026-07-10", &[TRIGGER]),
            vec![Omits(TRIGGER, "1日1回")],
        ),
        case(
            "告示 L 通則4",
            "同一の目的のために2以上の麻酔を行った場合は主たる麻酔のみ",
            visit().orders(&[SUTURE, ARM, "150252010"]),
            vec![Bills(ARM, 170, 1), Omits("150252010", "L 通則4")],
        ),
        case(
            "告示 L 通則2",
            "1歳以上3歳未満の幼児の伝達麻酔は100分の20を加算",
            visit().born("2024-07-01").orders(&[CHILD_SUTURE, ARM]),
            vec![Bills(ARM, 170, 1), Bills("150265390", 34, 1)],
        )
        .and_r6(),
        case(
            "告示 L 通則2",
            "乳児は100分の50",
            visit().born("2026-01-01").orders(&[CHILD_SUTURE, ARM]),
            vec![Bills("150231690", 85, 1)],
        ),
        case(
            "告示 L 通則2",
            "新生児は100分の200",
            visit().born("2026-07-01").orders(&[CHILD_SUTURE, ARM]),
            vec![Bills("150231590", 340, 1)],
        ),
        case(
            "告示 L 通則2",
            "3歳以上に通則2の加算はない",
            visit().born("2022-07-01").orders(&[CHILD_SUTURE, ARM]),
            vec![Absent("150265390")],
        ),
        case(
            "告示 L 通則3",
            "時間外の緊急手術に伴う麻酔は100分の40",
            visit().at("18:30").orders(&[SUTURE, ARM]),
            vec![Bills("150231790", 68, 1)],
        )
        .and_r6(),
        case(
            "告示 L 通則3",
            "休日の緊急手術に伴う麻酔は100分の80",
            visit().holiday().orders(&[SUTURE, ARM]),
            vec![Bills("150231890", 136, 1)],
        ),
        case(
            "告示 L 通則3",
            "深夜の緊急手術に伴う麻酔は100分の80",
            visit().at("23:00").orders(&[SUTURE, ARM]),
            vec![Bills("150231990", 136, 1)],
        ),
        case(
            "通知 L 通則9イ",
            "時間外の神経ブロックは緊急やむを得ない理由のときに限る",
            visit().at("18:30").orders(&[STELLATE]),
            vec![Absent("150231790"), Hints(Missed, "緊急やむを得ず")],
        ),
        case(
            "通知 L 通則9",
            "夜間・早朝等加算を算定する診療での麻酔には算定できない",
            visit().at("18:30").standards(&["夜間・早朝等加算"]).orders(&[SUTURE, ARM]),
            vec![Absent("150231790")],
        ),
    ]
}
