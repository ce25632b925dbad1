//! 画像診断: films, contrast, scans, storing.

use crate::{Case, Expect::*, case, run, visit};
use model::fee::HintKind::{Check, Cut, Missed};

/// 単純撮影（イ）・（ロ）, 特殊, 造影剤使用, 乳房の写真診断.
const READ: [&str; 5] = ["170000410", "170000510", "170000610", "170000810", "170026910"];
/// 単純, 特殊, 造影剤使用, 乳房撮影（デジタル）.
const TAKEN: [&str; 4] = ["170027910", "170028010", "170028110", "170028210"];
const CT: &str = "170011810";
const MRI: &str = "170015210";

#[test]
fn pictures() {
    run(cases());
}

/// The cases of this part.
pub fn cases() -> Vec<Case> {
    let mut all = films();
    all.extend(places());
    all.extend(contrast());
    all.extend(scans());
    all
}

fn films() -> Vec<Case> {
    let film = |count: u32| visit().times(READ[0], count).times(TAKEN[0], count);
    vec![
        case(
            "通知 E 第1節 1(9) 例",
            "2枚の頭部単純デジタル: 診断料128点、撮影料102点",
            film(2),
            vec![Bills(READ[0], 128, 1), Bills(TAKEN[0], 102, 1)],
        )
        .and_r6(),
        case(
            "通知 E 第1節 1(9) 例",
            "3枚の頭部単純デジタル: 診断料170点、撮影料136点",
            film(3),
            vec![Bills(READ[0], 170, 1), Bills(TAKEN[0], 136, 1)],
        )
        .and_r6(),
        case(
            "通知 E 第1節 1(9) 例",
            "2枚の胸部アナログ間接: 診断料64点、撮影料45点",
            visit().times("170000910", 2).times("170002410", 2),
            vec![Bills("170000910", 64, 1), Bills("170002410", 45, 1)],
        )
        .and_r6(),
        case(
            "告示 E 第1節 通則3",
            "第6枚目以後は算定しない: 7枚",
            film(7),
            vec![Bills(READ[0], 255, 1), Bills(TAKEN[0], 204, 1), Hints(Check, "5枚まで")],
        ),
        case(
            "通知 E002(7) 例",
            "新生児、1枚撮影: 68×1.8＝122.4",
            visit().born("2026-07-01").times(READ[0], 1).times(TAKEN[0], 1),
            vec![Sum(&[TAKEN[0], "170017170"], 122)],
        ),
        case(
            "通知 E002(7) 例",
            "新生児、3枚撮影: 244.8を四捨五入して245",
            visit().born("2026-07-01").times(READ[0], 3).times(TAKEN[0], 3),
            vec![Sum(&[TAKEN[0], "170017170"], 245)],
        ),
        case(
            "告示 E002 注2",
            "3歳未満の乳幼児は100分の50",
            visit().born("2024-01-01").times(READ[0], 1).times(TAKEN[0], 1),
            vec![Sum(&[TAKEN[0], "170017270"], 102)],
        )
        .and_r6(),
        case(
            "告示 E002 注2",
            "3歳以上6歳未満の幼児は100分の30",
            visit().born("2022-01-01").times(READ[0], 1).times(TAKEN[0], 1),
            vec![Sum(&[TAKEN[0], "170034170"], 88)],
        )
        .and_r6(),
        case(
            "告示 E 第1節 通則4 イ",
            "単純撮影の電子画像管理加算は一連につき57点",
            film(2).standards(&["電子画像管理"]),
            vec![Bills("170000210", 57, 1)],
        )
        .and_r6(),
        case(
            "告示 E 第1節 通則4 ロ",
            "特殊撮影の電子画像管理加算58点",
            visit().orders(&[READ[2], TAKEN[1]]).standards(&["電子画像管理"]),
            vec![Bills(READ[2], 96, 1), Bills(TAKEN[1], 270, 1), Bills("170016910", 58, 1)],
        ),
        case(
            "告示 E 第1節 通則4 ハ",
            "造影剤使用撮影の電子画像管理加算66点",
            visit().orders(&[READ[3], TAKEN[2]]).standards(&["電子画像管理"]),
            vec![Bills(READ[3], 72, 1), Bills(TAKEN[2], 154, 1), Bills("170017010", 66, 1)],
        ),
        case(
            "告示 E 第1節 通則4 ニ",
            "乳房撮影の電子画像管理加算54点",
            visit().orders(&[READ[4], TAKEN[3]]).standards(&["電子画像管理"]),
            vec![Bills(READ[4], 306, 1), Bills(TAKEN[3], 202, 1), Bills("170026710", 54, 1)],
        ),
        case(
            "通知 E 第1節 2(3)",
            "他の医療機関の画像の診断のみでは電子画像管理加算はない",
            visit().orders(&["170001250"]).standards(&["電子画像管理"]),
            vec![Bills("170001250", 85, 1), Absent("170000210"), Silent("写真診断に撮影がありません")],
        ),
        case(
            "告示 E 第1節 通則4",
            "電子画像管理の設定がない",
            film(2),
            vec![Absent("170000210"), Hints(Missed, "電子画像管理加算")],
        ),
        case(
            "告示 E 第1節 通則1",
            "撮影だけで写真診断がない",
            visit().orders(&[TAKEN[0]]),
            vec![Hints(Missed, "写真診断がありません")],
        ),
        case(
            "告示 E 第1節 通則1",
            "自院の写真診断だけで撮影がない",
            visit().orders(&[READ[0]]),
            vec![Hints(Missed, "写真診断に撮影がありません")],
        ),
        case(
            "告示 E001 1ロ・E002 1ロ",
            "手の単純撮影2枚: 43＋21.5＝64.5と102",
            visit().times(READ[1], 2).times(TAKEN[0], 2),
            vec![Bills(READ[1], 65, 1), Bills(TAKEN[0], 102, 1)],
        )
        .and_r6(),
    ]
}

fn places() -> Vec<Case> {
    let stored = &["電子画像管理"];
    vec![
        case(
            "告示 E 第1節 通則2",
            "同一の部位に単純撮影と造影剤使用撮影を同時に行ったとき第2の診断は100分の50: 72×0.5＝36",
            visit().place(READ[0], 1, "腹部").place(TAKEN[0], 1, "腹部").place(READ[3], 1, "腹部").place(TAKEN[2], 1, "腹部"),
            vec![
                Bills(READ[0], 85, 1),
                Bills("170022930", 36, 1),
                Absent(READ[3]),
                Bills(TAKEN[0], 68, 1),
                Bills(TAKEN[2], 154, 1),
            ],
        )
        .and_r6(),
        case(
            "通知 E 第1節 2(2)",
            "同一の部位の2種類の撮影方法の電子画像管理加算は主たるもの1つ",
            visit()
                .standards(stored)
                .place(READ[0], 1, "腹部")
                .place(TAKEN[0], 1, "腹部")
                .place(READ[3], 1, "腹部")
                .place(TAKEN[2], 1, "腹部"),
            vec![Bills("170017010", 66, 1), Absent("170000210"), Silent("部位が異なれば")],
        ),
        case(
            "告示 E 第1節 通則2",
            "部位の異なる単純撮影（胸部）と造影剤使用撮影（胃）はそれぞれ所定点数",
            visit()
                .standards(stored)
                .place(READ[0], 1, "胸部")
                .place(TAKEN[0], 1, "胸部")
                .place(READ[3], 1, "胃")
                .place(TAKEN[2], 1, "胃"),
            vec![
                Bills(READ[0], 85, 1),
                Bills(READ[3], 72, 1),
                Bills("170000210", 57, 1),
                Bills("170017010", 66, 1),
                Silent("第2の写真診断"),
            ],
        ),
        case(
            "告示 E 第1節 通則2",
            "部位がわからない2種類の撮影",
            visit().orders(&[READ[0], TAKEN[0], READ[3], TAKEN[2]]),
            vec![Bills(READ[3], 72, 1), Hints(Cut, "100分の50")],
        ),
        case(
            "告示 E 第1節 通則3",
            "右膝を正面と側面の2つのオーダーで撮影: 同一の部位の2枚",
            visit().place(READ[1], 1, "右膝").place(READ[1], 1, "右膝").place(TAKEN[0], 1, "右膝").place(TAKEN[0], 1, "右膝"),
            vec![Bills(READ[1], 65, 1), Bills(TAKEN[0], 102, 1)],
        ),
        case(
            "告示 E 第1節 通則3・通則4",
            "右膝と左手は別の部位: それぞれ1枚目で、電子画像管理加算も2回",
            visit()
                .standards(stored)
                .place(READ[1], 1, "右膝")
                .place(TAKEN[0], 1, "右膝")
                .place(READ[1], 1, "左手")
                .place(TAKEN[0], 1, "左手"),
            vec![Sum(&[READ[1]], 86), Sum(&[TAKEN[0]], 136), Bills("170000210", 57, 2)],
        ),
    ]
}

fn contrast() -> Vec<Case> {
    let drip = "170034510";
    vec![
        case(
            "告示 E 第1節 通則1、E003 1",
            "造影剤使用撮影に点滴による造影剤注入手技",
            visit().orders(&[READ[3], TAKEN[2], drip]),
            vec![Bills(drip, 53, 1)],
        )
        .and_r6(),
        case(
            "通知 E003(1) ただし書",
            "同一日に点滴注射を算定したときは造影剤注入手技の点滴注射は算定できない",
            visit().orders(&[READ[3], TAKEN[2], drip, "130009310"]),
            vec![Bills("130009310", 53, 1), Omits(drip, "E003(1)")],
        )
        .and_r6(),
        case(
            "通知 E003(1) ただし書",
            "同一日に静脈内注射を先に算定",
            visit().orders(&[READ[3], TAKEN[2], drip]).before("2026-07-10", &["130003510"]),
            vec![Omits(drip, "E003(1)")],
        ),
        case(
            "通知 E003(5)",
            "注腸の前処置の高位浣腸は所定点数に含まれる",
            visit().orders(&[READ[3], TAKEN[2], "170012910", "140004810"]),
            vec![Bills("170012910", 360, 1), Omits("140004810", "E003(5)")],
        ),
        case(
            "告示 E200 注3",
            "造影CTの造影剤注入手技料は造影剤使用加算に含まれる",
            visit().orders(&[CT, "170012070", drip]),
            vec![Bills(CT, 900, 1), Bills("170012070", 500, 1), Omits(drip, "含まれます")],
        )
        .and_r6(),
        case(
            "告示 E202 注3",
            "造影MRIは250点を加算",
            visit().orders(&[MRI, "170020470"]),
            vec![Bills(MRI, 900, 1), Bills("170020470", 250, 1)],
        ),
        case(
            "通知 E000(1)",
            "消化管造影の造影剤の到達を確かめる透視を透視診断として算定",
            visit().orders(&[READ[3], TAKEN[2], "170000310"]),
            vec![Hints(Cut, "E000(1)")],
        ),
    ]
}

fn scans() -> Vec<Case> {
    let reading = "170015410";
    vec![
        case(
            "告示 E203 注",
            "CTを行ったときコンピューター断層診断を月1回",
            visit().orders(&[CT]),
            vec![Bills(CT, 900, 1), Bills(reading, 450, 1)],
        )
        .and_r6(),
        case(
            "告示 E 第3節 通則2",
            "同一月の2回目の断層撮影は100分の80: MRI 900×0.8",
            visit().orders(&[MRI]).before("2026-07-02", &[CT, reading]),
            vec![Sum(&[MRI, "170022290"], 720), Omits(reading, "月1回")],
        ),
        case(
            "告示 E 第3節 通則2",
            "前月のCTは数えない",
            visit().orders(&[MRI]).before("2026-06-30", &[CT]),
            vec![Absent("170022290")],
        ),
        case(
            "告示 E202 注2",
            "1.5テスラ以上とその他のMRI撮影を同時に行ったときは主たる撮影のみ",
            visit().orders(&[MRI, "170020110"]),
            vec![Bills("170020110", 1330, 1), Omits(MRI, "E202 注2")],
        ),
        case(
            "告示 E200 注2",
            "2以上のCT撮影を同時に行ったときは主たる撮影のみ",
            visit().orders(&[CT, "170028610"]),
            vec![Bills(CT, 900, 1), Omits("170028610", "E200 注2")],
        ),
        case(
            "告示 E 第3節 通則3",
            "断層撮影の電子画像管理加算は一連の撮影について1回120点",
            visit().orders(&[CT]).standards(&["電子画像管理"]),
            vec![Bills("170028810", 120, 1)],
        )
        .and_r6(),
        case("告示 E 第3節 通則3", "電子画像管理の設定がない", visit().orders(&[CT]), vec![Hints(Missed, "通則3")]),
        case(
            "告示 E 第3節 通則4",
            "新生児のCTは100分の80を加算",
            visit().born("2026-07-01").orders(&[CT]),
            vec![Bills("170039870", 720, 1)],
        ),
        case(
            "告示 E 第3節 通則4",
            "3歳未満の乳幼児のCTは100分の50を加算",
            visit().born("2024-01-01").orders(&[CT]),
            vec![Bills("170039970", 450, 1)],
        )
        .and_r6(),
        case(
            "告示 E 第3節 通則4",
            "4歳の幼児のCTは100分の30を加算",
            visit().born("2022-01-01").orders(&[CT]),
            vec![Bills("170040070", 270, 1), Hints(Check, "頭部外傷")],
        ),
        case(
            "告示 E 第3節 通則4",
            "幼児の頭部外傷の加算をオーダーしたときは通常の幼児加算はない",
            visit().born("2022-01-01").orders(&[CT, "170037870"]),
            vec![Absent("170040070")],
        ),
        case(
            "告示 E 通則3",
            "診療時間以外に緊急に撮影と診断を行った",
            visit().at("23:00").orders(&["170016010", READ[0], TAKEN[0]]),
            vec![Bills("170016010", 110, 1)],
        )
        .and_r6(),
        case(
            "通知 E 通則3(2)",
            "診療時間内の撮影には算定しない",
            visit().orders(&["170016010", READ[0], TAKEN[0]]),
            vec![Omits("170016010", "診療時間以外")],
        ),
        case(
            "通知 E 通則3(3)",
            "同一日に2回以上行っても1回のみ",
            visit().at("23:00").orders(&["170016010", READ[0], TAKEN[0]]).before("2026-07-10", &["170016010"]),
            vec![Omits("170016010", "1日につき1回")],
        ),
        case(
            "告示 E 通則3",
            "時間外の撮影に加算のオーダーがない",
            visit().at("23:00").orders(&[READ[0], TAKEN[0]]),
            vec![Hints(Missed, "時間外緊急院内画像診断加算")],
        ),
    ]
}
