//! 精神科専門療法: weeks, first visits, what stands beside what.

use crate::{Case, Expect::*, case, run, visit};
use model::fee::HintKind::{Check, Cut, Missed};

/// 通院精神療法（３０分未満）（１以外）.
const SHORT: &str = "180067310";
/// 通院精神療法（３０分以上）（１以外）.
const LONG: &str = "180067410";
const SUPPORT: &str = "180031410";

#[test]
fn psychiatry() {
    run(cases());
}

/// The cases of this part.
pub fn cases() -> Vec<Case> {
    vec![
        case(
            "告示 I002 1ハ(2)②",
            "通院精神療法（30分未満、指定医以外）290点",
            visit().orders(&[SHORT]),
            vec![Bills(SHORT, 290, 1), Hints(Check, "10分単位")],
        )
        .and_r6(),
        case(
            "告示 I002 1ハ(1)②",
            "通院精神療法（30分以上、指定医以外）390点",
            visit().orders(&[LONG]),
            vec![Bills(LONG, 390, 1), Hints(Check, "30分以上")],
        )
        .and_r6(),
        case(
            "告示 I002 注2 ただし書",
            "初診の日は診療に要した時間が30分を超えたときに限る",
            visit().first().orders(&[SHORT]),
            vec![Omits(SHORT, "I002 注2")],
        )
        .and_r6(),
        case(
            "告示 I002 注2 ただし書",
            "初診の日の30分以上は算定できる",
            visit().first().orders(&[LONG]),
            vec![Bills(LONG, 390, 1)],
        ),
        case(
            "通知 I002(5)",
            "初診日に60分以上の項目を再診の日に",
            visit().orders(&["180067110"]),
            vec![Omits("180067110", "初診の日")],
        ),
        case(
            "告示 I002 注1",
            "同じ週の2回目は退院後4週間以内か確認する",
            visit().orders(&[SHORT]).before("2026-07-06", &[SHORT]),
            vec![Bills(SHORT, 290, 1), Hints(Cut, "退院後4週間")],
        ),
        case(
            "告示 I002 注1",
            "同じ週の3回目は算定しない",
            visit().orders(&[SHORT]).before("2026-07-06", &[SHORT]).before("2026-07-08", &[SHORT]),
            vec![Omits(SHORT, "週2回に限り")],
        ),
        case(
            "通知 特掲診療料 通則2",
            "週は日曜日から: 前の土曜日は別の週",
            visit().orders(&[SHORT]).before("2026-07-04", &[SHORT]),
            vec![Bills(SHORT, 290, 1), Silent("退院後4週間")],
        ),
        case(
            "告示 I002 注1 ただし書",
            "特定疾患療養管理料を算定している患者",
            visit().orders(&[SHORT]).before("2026-07-02", &["113001810"]),
            vec![Omits(SHORT, "I002 注1")],
        ),
        case(
            "告示 I002 注3",
            "20歳未満の患者の通院精神療法に加算のオーダーがない",
            visit().born("2010-01-01").orders(&[SHORT]),
            vec![Hints(Missed, "20歳未満")],
        ),
        case(
            "告示 I002 注3",
            "20歳未満の加算320点",
            visit().born("2010-01-01").orders(&[SHORT, "180020570"]),
            vec![Bills("180020570", 320, 1), Silent("精神科を最初に受診した日から1年以内なら")],
        )
        .and_r6(),
        case(
            "告示 I002-2 注6",
            "他の精神科専門療法と同一日の精神科継続外来支援・指導料は含まれる",
            visit().orders(&[SHORT, SUPPORT]),
            vec![Bills(SHORT, 290, 1), Omits(SUPPORT, "I002-2 注6")],
        )
        .and_r6(),
        case("告示 I002-2 注1", "精神科継続外来支援・指導料55点", visit().orders(&[SUPPORT]), vec![Bills(SUPPORT, 55, 1)]),
        case(
            "告示 I002-2 注1",
            "精神科継続外来支援・指導料は1日に1回に限る",
            visit().orders(&[SUPPORT]).before("2026-07-10", &[SUPPORT]),
            vec![Omits(SUPPORT, "1回")],
        ),
        case("通知 I002-2(7)", "初診時には算定できない", visit().first().orders(&[SUPPORT]), vec![Omits(SUPPORT, "初診時")]),
        case(
            "通知 I002(13)",
            "通院精神療法と同じ日の標準型精神分析療法",
            visit().orders(&[SHORT, "180006810"]),
            vec![Bills(SHORT, 290, 1), Omits("180006810", "I002(13)")],
        ),
        case(
            "通知 I002(12)・I004(8)",
            "通院精神療法に併せて自律訓練法（心身医学療法）を行った",
            visit().orders(&[SHORT, "180020010"]),
            vec![Bills(SHORT, 290, 1), Omits("180020010", "I004(8)")],
        ),
        case(
            "通知 I004(8)",
            "今月通院精神療法を算定している患者の心身医学療法",
            visit().orders(&["180020010"]).before("2026-07-02", &[SHORT]),
            vec![Omits("180020010", "I004(8)")],
        ),
        case("告示 I004 2ロ", "心身医学療法（再診時）80点", visit().orders(&["180020010"]), vec![Bills("180020010", 80, 1)]),
        case(
            "告示 I004 2イ",
            "再診の日に初診時の心身医学療法",
            visit().orders(&["180020610"]),
            vec![Omits("180020610", "初診時と再診時")],
        ),
        case(
            "告示 I003-2 注4",
            "認知療法・認知行動療法と同一日の通院精神療法は含まれる",
            visit().orders(&["180056410", LONG]),
            vec![Bills("180056410", 480, 1), Omits(LONG, "I003-2 注4")],
        ),
        case(
            "告示 I006 注2",
            "通院集団精神療法と同一日の通院精神療法は含まれる",
            visit().orders(&["180006710", SHORT]),
            vec![Bills("180006710", 270, 1), Omits(SHORT, "I006 注2")],
        ),
        case(
            "告示 I006-2 注4",
            "依存症集団療法と同一日の通院精神療法は含まれる",
            visit().orders(&["180047910", SHORT]),
            vec![Bills("180047910", 340, 1), Omits(SHORT, "I006-2 注4")],
        ),
        case(
            "告示 I006 注1",
            "通院集団精神療法は週2回を限度",
            visit().orders(&["180006710"]).before("2026-07-06", &["180006710"]).before("2026-07-08", &["180006710"]),
            vec![Omits("180006710", "週2回に限り")],
        ),
    ]
}
