//! Part A: 初診料 A000 and 再診料 A001.

use crate::{
    BOTH, Case, R8,
    Want::*,
    ask::{again, first, visit},
    case,
    law::Text::{Circular, Notice},
};
use model::fee::HintKind::Cut;
use serde_json::json;

const FIRST: &str = "111000110";
const RETURN: &str = "112007410";

pub fn cases() -> Vec<Case> {
    let mut all = first_visits();
    all.extend(hours());
    all
}

fn first_visits() -> Vec<Case> {
    vec![
        case(
            BOTH,
            "A000 注1",
            Notice,
            "保険医療機関において初診を行った場合に算定する",
            "対面の初診",
            first(),
            &[Billed(FIRST, 291, 1)],
        ),
        case(
            BOTH,
            "A000 注1 ただし書",
            Notice,
            "情報通信機器を用いた初診を行った場合には、253点を算定する",
            "オンラインの初診",
            visit("online").visit("online_first", json!(true)).standards(&["情報通信機器を用いた診療"]),
            &[Billed("111014210", 253, 1), Absent(FIRST), Silent("情報通信機器を用いた診療には施設基準")],
        ),
        case(
            BOTH,
            "A000 注5 ただし書",
            Notice,
            "２つ目の診療科に限り146点",
            "同一日に別の診療科を初診",
            first().visit("second_department", json!(true)),
            &[Billed("111011810", 146, 1), Absent(FIRST)],
        ),
        case(
            BOTH,
            "A000 注5 ただし書",
            Notice,
            "注１のただし書に規定する場合にあっては、127点",
            "同一日に別の診療科をオンラインで初診",
            visit("online").visit("online_first", json!(true)).visit("second_department", json!(true)),
            &[Billed("111014510", 127, 1)],
        ),
        case(
            R8,
            "A000 注5",
            Notice,
            "ただし書の場合においては、注６から注16までに規定する加算は算定しない",
            "2科目の初診が6歳未満・時間外・届出のある医療機関でも加算なし",
            first().aged("y-4").at("18:30").visit("second_department", json!(true)).standards(&[
                "機能強化加算",
                "外来感染対策向上加算",
                "電子的診療情報連携体制整備加算1",
                "夜間・早朝等加算",
            ]),
            &[
                Has("111011810"),
                Absent("111000370"),
                Absent("111011970"),
                Absent("111012470"),
                Absent("111013770"),
                Absent("111014870"),
                Absent("111704070"),
            ],
        ),
        case(
            BOTH,
            "A000 注6",
            Notice,
            "６歳未満の乳幼児に対して初診を行った場合は、乳幼児加算として、75点",
            "5歳の初診",
            first().aged("y-5"),
            &[Billed("111000370", 75, 1)],
        ),
        case(
            BOTH,
            "A000 注6",
            Notice,
            "６歳未満の乳幼児に対して初診を行った場合",
            "6歳の誕生日の初診は乳幼児加算なし",
            first().aged("y-6"),
            &[Absent("111000370")],
        ),
        case(
            BOTH,
            "通知 A000(3)",
            Circular,
            "疾病と認むべき徴候のない場合にあっても初診料を算定できる",
            "傷病名のない初診",
            first().diagnoses(&[]),
            &[Has(FIRST)],
        ),
        case(
            BOTH,
            "通知 A000(13)",
            Circular,
            "現に診療継続中の患者につき、新たに発生した他の傷病で初診を行った場合には、当該新たに発生した傷病について初診料は算定できない",
            "先週再診した患者の初診は査定されやすい",
            first().billed(&[("d-7", RETURN)]),
            &[Hint(Cut, "A000(13)")],
        ),
        case(
            BOTH,
            "通知 A000(14)",
            Circular,
            "患者が任意に診療を中止し、１月以上経過した後、再び同一の保険医療機関において診療を受ける場合には",
            "前回から1月以上たった初診は指摘しない",
            first().billed(&[("m-1", RETURN)]),
            &[Has(FIRST), Silent("A000(13)")],
        ),
        case(
            BOTH,
            "通知 A000(14)",
            Circular,
            "１月の期間の計算は、例えば、２月 10 日～３月９日、９月 15 日～10 月 14 日等と計算する",
            "9月15日の翌月14日はまだ1月以内",
            first().day("2025-10-14", "2026-10-14").billed(&[("d-29", RETURN)]),
            &[Hint(Cut, "A000(13)")],
        ),
    ]
}

fn hours() -> Vec<Case> {
    let seven = "それぞれ85点、250点又は480点（６歳未満の乳幼児の場合にあっては、それぞれ200点、365点又は695点）";
    let five = "それぞれ65点、190点又は420点（６歳未満の乳幼児の場合にあっては、それぞれ135点、260点又は590点）";
    let standard = "その標準は、概ね午前８時前と午後６時以降（土曜日の場合は、午前８時前と正午以降）";
    let mut all = Vec::new();
    let row = |when: &'static str, ask: crate::ask::Ask, code: &'static str, points: i64, quote: &'static str| {
        case(BOTH, if quote == seven { "A000 注7" } else { "A001 注5" }, Notice, quote, when, ask, &[Billed(code, points, 1)])
    };
    all.extend([
        row("時間外の初診", first().at("18:30"), "111000570", 85, seven),
        row("休日の初診", first().holiday(), "111000670", 250, seven),
        row("深夜の初診", first().at("23:00"), "111000770", 480, seven),
        row("乳幼児の時間外の初診", first().aged("y-3").at("18:30"), "111011970", 200, seven),
        row("乳幼児の休日の初診", first().aged("y-3").holiday(), "111012070", 365, seven),
        row("乳幼児の深夜の初診", first().aged("y-3").at("05:30"), "111012170", 695, seven),
        row("時間外の再診", again().at("07:30"), "112001110", 65, five),
        row("休日の再診", again().holiday(), "112001210", 190, five),
        row("深夜の再診", again().at("00:10"), "112001310", 420, five),
        row("乳幼児の時間外の再診", again().aged("y-3").at("18:30"), "112014770", 135, five),
        row("乳幼児の休日の再診", again().aged("y-3").holiday(), "112014870", 260, five),
        row("乳幼児の深夜の再診", again().aged("y-3").at("22:00"), "112014970", 590, five),
    ]);
    all.extend([
        case(
            BOTH,
            "通知 A000(18)ア",
            Circular,
            standard,
            "土曜日の13時は時間外",
            first().day("2026-05-30", "2026-07-11").at("13:00"),
            &[Billed("111000570", 85, 1)],
        ),
        case(BOTH, "通知 A000(18)ア", Circular, standard, "平日の13時は時間内", first().at("13:00"), &[Absent("111000570")]),
        case(
            BOTH,
            "通知 A000(18)ア",
            Circular,
            "当該標準によることが困難な保険医療機関については、その表示する診療時間以外の時間をもって時間外として取り扱う",
            "表示する診療時間外の14時は時間外",
            first().at("14:00").in_hours(false),
            &[Billed("111000570", 85, 1)],
        ),
        case(
            BOTH,
            "通知 A000(18)イ",
            Circular,
            "常態として診療応需の態勢をとり、診療時間内と同様の取扱いで診療を行っているときは、時間外の取扱いとはしない",
            "19時まで診療時間とする医療機関の18時30分",
            first().at("18:30").in_hours(true),
            &[Absent("111000570"), Absent("111012470")],
        ),
        case(
            BOTH,
            "通知 A000(19)ア",
            Circular,
            "１月２日及び３日並びに 12 月 29 日",
            "1月2日は休日",
            first().day("2026-01-02", "2027-01-02").visit("holiday", json!(null)),
            &[Billed("111000670", 250, 1)],
        ),
        case(
            BOTH,
            "通知 A000(20)エ",
            Circular,
            "深夜加算を算定する場合には、時間外加算、休日加算、時間外加算の特例又は夜間・早朝等加算については、算定しない",
            "休日の深夜は深夜加算のみ",
            first().holiday().at("23:30"),
            &[Billed("111000770", 480, 1), Absent("111000670"), Absent("111000570"), Absent("111012470")],
        ),
        case(
            BOTH,
            "A000 注6 ただし書",
            Notice,
            "ただし、注７又は注８に規定する加算を算定する場合は算定しない",
            "乳幼児の時間外では乳幼児加算なし",
            first().aged("y-3").at("18:30"),
            &[Has("111011970"), Absent("111000370")],
        ),
        case(
            BOTH,
            "A000 注8、通知 A000(22)ア",
            Circular,
            "小児科以外を担当する保険医であっても算定できる",
            "小児科を標榜し20時まで診療する医療機関の18時30分、4歳の初診",
            first().aged("y-4").at("18:30").in_hours(true).standards(&["小児科"]),
            &[Billed("111011570", 200, 1), Absent("111000370")],
        ),
        case(
            BOTH,
            "A000 注8",
            Notice,
            "注７の規定にかかわらず、それぞれ200点、365点又は695点を所定点数に加算する",
            "休日を診療日とする小児科、4歳の初診",
            first().aged("y-4").holiday().in_hours(true).standards(&["小児科"]),
            &[Billed("111011670", 365, 1)],
        ),
        case(
            BOTH,
            "A001 注6",
            Notice,
            "それぞれ135点、260点又は590点を所定点数に加算する",
            "小児科を標榜する医療機関の診療時間内の夜間・休日・深夜、4歳の再診",
            again().aged("y-4").at("18:30").in_hours(true).standards(&["小児科"]),
            &[Billed("112014170", 135, 1)],
        ),
        case(
            BOTH,
            "A001 注6",
            Notice,
            "それぞれ135点、260点又は590点を所定点数に加算する",
            "小児科の診療時間内の深夜、4歳の再診",
            again().aged("y-4").at("22:30").in_hours(true).standards(&["小児科"]),
            &[Billed("112014370", 590, 1)],
        ),
        case(
            BOTH,
            "A000 注9、通知 A000(23)ウ",
            Circular,
            "当該保険医療機関が表示する診療時間内の時間とする",
            "19時まで診療する診療所の18時10分の初診",
            first().at("18:10").in_hours(true).standards(&["夜間・早朝等加算"]),
            &[Billed("111012470", 50, 1), Absent("111000570")],
        ),
        case(
            BOTH,
            "A001 注7",
            Notice,
            "夜間・早朝等加算として、50点を所定点数に加算する",
            "土曜日12時30分、診療時間内の再診",
            again().day("2026-05-30", "2026-07-11").at("12:30").in_hours(true).standards(&["夜間・早朝等加算"]),
            &[Billed("112015570", 50, 1)],
        ),
        case(
            BOTH,
            "A000 注9 ただし書",
            Notice,
            "ただし、注７のただし書又は注８に規定する加算を算定する場合にあっては、この限りでない",
            "小児科の診療時間内の夜間、4歳では夜間・早朝等加算なし",
            first().aged("y-4").at("18:30").in_hours(true).standards(&["小児科", "夜間・早朝等加算"]),
            &[Has("111011570"), Absent("111012470")],
        ),
        case(
            BOTH,
            "通知 A000(23)キ",
            Circular,
            "「Ｄ２８２－３」コンタクトレンズ検査料",
            "コンタクトレンズ検査料を算定する日の夜間・早朝等加算",
            again().at("18:10").in_hours(true).standards(&["夜間・早朝等加算"]).orders(&["160208110"]),
            &[Omitted("112015570", "A000(23)キ")],
        ),
        case(
            BOTH,
            "通知 A000(23)エ",
            Circular,
            "「Ｃ０００」往診料を算定した場合にも、初診料に加えて夜間・早朝等加算を算定できる",
            "18時10分の往診（初診）",
            first().at("18:10").in_hours(true).standards(&["夜間・早朝等加算"]).orders(&["114000110"]),
            &[Has(FIRST), Has("111012470"), Has("114000110")],
        ),
    ]);
    all
}
