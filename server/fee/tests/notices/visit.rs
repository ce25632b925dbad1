//! Part A: 初診料 A000 and 再診料 A001.

use crate::{
    BOTH, Case, R6, R8,
    Want::*,
    ask::{again, first, house, visit},
    case,
    law::Text::{Circular, Notice},
};
use model::fee::HintKind::Cut;
use serde_json::json;

const FIRST: &str = "111000110";
const RETURN: &str = "112007410";
const MANAGEMENT: &str = "112011010";

pub fn cases() -> Vec<Case> {
    let mut all = first_visits();
    all.extend(hours());
    all.extend(return_visits());
    all.extend(outpatient_management());
    all.extend(standing());
    all
}

fn first_visits() -> Vec<Case> {
    vec![
        case(BOTH, "A000 注1", Notice, "保険医療機関において初診を行った場合に算定する", "対面の初診", first(), &[Billed(FIRST, 291, 1)]),
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
        case(BOTH, "通知 A000(18)ア", Circular, standard, "土曜日の13時は時間外", first().day("2026-05-30", "2026-07-11").at("13:00"), &[
            Billed("111000570", 85, 1),
        ]),
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

fn return_visits() -> Vec<Case> {
    let telephone = "乳幼児の看護に当たっている者から電話等によって治療上の意見を求められて指示した場合は、「注４」の乳幼児加算を算定する";
    let no_management = "当該再診料を算定する際には、第２章第１部の各区分に規定する医学管理等は算定できない";
    vec![
        case(R8, "A001", Notice, "再診料 76点", "再診", again(), &[Billed(RETURN, 76, 1)]),
        case(R6, "A001", Notice, "再診料 75点", "再診", again(), &[Billed(RETURN, 75, 1)]),
        case(
            BOTH,
            "通知 A001(1)",
            Circular,
            "再診の都度（同一日において２以上の再診があってもその都度）算定できる",
            "同じ日の2回目の再診",
            again().at("16:00").billed(&[("d-0", RETURN)]),
            &[Has("112008350"), Absent(RETURN)],
        ),
        case(
            BOTH,
            "通知 A001(1)",
            Circular,
            "再診の都度（同一日において２以上の再診があってもその都度）算定できる",
            "初診の日の午後に電話で再診",
            visit("telephone").at("16:00").billed(&[("d-0", FIRST)]),
            &[Has("112008850")],
        ),
        case(
            R8,
            "A001 注3",
            Notice,
            "２つ目の診療科に限り、39点",
            "同一日に別の診療科を再診",
            again().visit("second_department", json!(true)).aged("y-4").standards(&["明細書発行体制等加算", "時間外対応体制加算1"]),
            &[Billed("112015810", 39, 1), Absent("112000970"), Absent("112015770"), Absent("112016070"), Absent(MANAGEMENT)],
        ),
        case(R6, "A001 注3", Notice, "２つ目の診療科に限り、38点", "同一日に別の診療科を再診", again().visit("second_department", json!(true)), &[
            Billed("112015810", 38, 1),
        ]),
        case(
            BOTH,
            "A001 注3",
            Notice,
            "この場合において、注４から注８まで及び注10から注20までに規定する加算は算定しない",
            "2科目の再診に地域包括診療加算をオーダー",
            again().visit("second_department", json!(true)).orders(&["112021770"]),
            &[Has("112015810"), Omitted("112021770", "A001 注3")],
        ),
        case(BOTH, "A001 注4", Notice, "乳幼児加算として、38点を所定点数に加算する", "5歳の再診", again().aged("y-5"), &[Billed(
            "112000970",
            38,
            1,
        )]),
        case(
            BOTH,
            "A001 注9、通知 A001(8)",
            Notice,
            "電話等によって治療上の意見を求められて指示をした場合においても、再診料を算定することができる",
            "電話による再診",
            visit("telephone"),
            &[Has("112007950"), Absent(RETURN)],
        ),
        case(BOTH, "通知 A001(8)ウ", Circular, telephone, "3歳の保護者からの電話", visit("telephone").aged("y-3"), &[
            Has("112007950"),
            Billed("112000970", 38, 1),
        ]),
        case(
            BOTH,
            "通知 A001(8)エ",
            Circular,
            "時間外加算、休日加算、深夜加算又は夜間・早朝等加算を算定する",
            "23時の電話による再診",
            visit("telephone").at("23:00"),
            &[Has("112007950"), Billed("112001310", 420, 1)],
        ),
        case(
            BOTH,
            "A001 注9",
            Notice,
            "この場合において、注８、注12、注13及び注15から注20までに規定する加算は算定しない",
            "電話による再診、外来感染対策向上加算の届出あり",
            visit("telephone").standards(&["外来感染対策向上加算", "連携強化加算", "電子的診療情報連携体制整備加算1", "医療情報取得加算"]),
            &[Absent(MANAGEMENT), Absent("112024370"), Absent("112024470"), Absent("112709570"), Absent("112708970")],
        ),
        case(
            BOTH,
            "A001 注9",
            Notice,
            "この場合において、注８、注12、注13及び注15から注20までに規定する加算は算定しない",
            "電話による再診に地域包括診療加算をオーダー",
            visit("telephone").orders(&["112021770"]),
            &[Omitted("112021770", "A001 注9")],
        ),
        case(
            BOTH,
            "通知 A001(8)オ",
            Circular,
            no_management,
            "電話による再診の日の特定疾患療養管理料",
            visit("telephone").diagnoses(&["4939008"]).orders(&["113001810"]),
            &[Has("112007950"), Omitted("113001810", "A001(8)オ"), Silent("特定疾患療養管理料（")],
        ),
        case(
            BOTH,
            "通知 A001(8)オ",
            Circular,
            no_management,
            "電話による再診の日の薬剤情報提供料",
            visit("telephone").orders(&["120002370"]),
            &[Omitted("120002370", "A001(8)オ")],
        ),
        case(
            BOTH,
            "通知 A001(8)オ ただし書",
            Circular,
            "提供した場合は、「Ｂ００９」診療情報提供料（Ⅰ）を算定できる",
            "電話で救急病院の受診を指示し情報を提供",
            visit("telephone").orders(&["180016110"]),
            &[Has("180016110")],
        ),
        case(
            BOTH,
            "通知 A001(9)エ",
            Circular,
            "電話等による再診の場合であっても、時間外対応",
            "電話による再診の時間外対応加算",
            visit("telephone").standards(&["時間外対応加算1", "時間外対応体制加算1"]),
            &[Has("112016070")],
        ),
        case(
            BOTH,
            "通知 A001(11)ア",
            Circular,
            "初診時や訪問診療時（往診を含む。）は算定できない",
            "初診の日の地域包括診療加算",
            first().orders(&["112021770"]),
            &[Omitted("112021770", "A001(11)ア")],
        ),
        case(
            BOTH,
            "通知 A001(11)ア",
            Circular,
            "初診時や訪問診療時（往診を含む。）は算定できない",
            "往診の日の地域包括診療加算",
            again().orders(&["112021770", "114000110"]),
            &[Has("114000110"), Omitted("112021770", "A001(11)ア")],
        ),
        case(
            BOTH,
            "通知 A001(2)",
            Circular,
            "この場合にあっては外来管理加算は算定できない",
            "情報通信機器を用いた再診",
            visit("online").standards(&["情報通信機器を用いた診療"]),
            &[Has("112024210"), Absent(MANAGEMENT)],
        ),
    ]
}

fn outpatient_management() -> Vec<Case> {
    let listed = "超音波検査等 脳波検査等 神経・筋検査 耳鼻咽喉科学的検査 眼科学的検査 負荷試験等 ラジオアイソトープを用いた諸検査 内視鏡検査";
    let blocked = |what: &'static str, order: &'static str| {
        case(BOTH, "A001 注8、通知 A001(7)キ", Circular, listed, what, again().orders(&[order]), &[
            Has(order),
            Omitted(MANAGEMENT, "A001 注8"),
        ])
    };
    vec![
        case(BOTH, "A001 注8", Notice, "外来管理加算として、52点", "診察と処方だけの再診", again().prescribed(&[house("620007853", 1.0, 14)]), &[
            Billed(MANAGEMENT, 52, 1),
        ]),
        case(
            BOTH,
            "A001 注8",
            Notice,
            "第９部処置、第10部手術、第11部麻酔及び第12部放射線治療を行わないものとして",
            "創傷処置をした再診",
            again().orders(&["140000610"]),
            &[Has("140000610"), Omitted(MANAGEMENT, "創傷処置")],
        ),
        case(
            BOTH,
            "通知 A001(7)ア",
            Circular,
            "処置、リハビリテーション等（診療報酬点数のあるものに限る。）を行わずに計画的な医学管理を行った場合に算定できる",
            "心電図と血液検査の再診は外来管理加算を算定できる",
            again().orders(&["160068410", "160008010"]),
            &[Billed(MANAGEMENT, 52, 1)],
        ),
        blocked("腹部超音波検査をした再診", "160072210"),
        blocked("精密眼底検査をした再診", "160081010"),
        case(
            BOTH,
            "通知 A001(7)エ",
            Circular,
            "一方の科で処置又は手術等を行った場合は、他科において外来管理加算は算定できない",
            "同じ日の午前に処置をした患者の2回目の再診",
            again().at("16:00").billed(&[("d-0", RETURN), ("d-0", "140000610")]),
            &[Has("112008350"), Omitted(MANAGEMENT, "A001(7)エ")],
        ),
        case(
            BOTH,
            "通知 A001(7)オ",
            Circular,
            "「Ｃ０００」往診料を算定した場合にも、再診料に加えて外来管理加算を算定できる",
            "往診",
            again().orders(&["114000110"]),
            &[Has(RETURN), Has("114000110"), Billed(MANAGEMENT, 52, 1)],
        ),
        case(
            BOTH,
            "通知 A001(7)カ",
            Circular,
            "簡単な症状の確認等を行ったのみで継続処方を行った場合にあっては、再診料は算定できるが、外来管理加算は算定できない",
            "多忙で症状の確認だけの継続処方",
            again().visit("explained", json!(false)).prescribed(&[house("620007853", 1.0, 28)]),
            &[Has(RETURN), Omitted(MANAGEMENT, "A001(7)カ")],
        ),
        case(BOTH, "A001 注8", Notice, "計画的な医学管理を行った場合は、外来管理加算として", "初診の日", first(), &[Absent(MANAGEMENT)]),
    ]
}

fn standing() -> Vec<Case> {
    let infection = ["外来感染対策向上加算", "連携強化加算", "サーベイランス強化加算", "抗菌薬適正使用体制加算"];
    vec![
        case(BOTH, "A000 注10", Notice, "機能強化加算として、80点", "届出医療機関の初診", first().standards(&["機能強化加算"]), &[Billed(
            "111013770",
            80,
            1,
        )]),
        case(
            BOTH,
            "A000 注11–14",
            Notice,
            "外来感染対策向上加算として、月１回に限り６点を所定点数に加算する",
            "発熱患者の初診、すべて届出",
            first().visit("fever", json!(true)).standards(&infection),
            &[
                Billed("111014870", 6, 1),
                Billed("111702970", 20, 1),
                Billed("111014970", 3, 1),
                Billed("111015070", 1, 1),
                Billed("111703070", 5, 1),
            ],
        ),
        case(
            BOTH,
            "A001 注15–18",
            Notice,
            "発熱患者等対応加算として、月１回に限り20点を更に所定点数に加算する",
            "発熱患者の再診、すべて届出",
            again().visit("fever", json!(true)).standards(&infection),
            &[
                Billed("112024370", 6, 1),
                Billed("112708670", 20, 1),
                Billed("112024470", 3, 1),
                Billed("112024570", 1, 1),
                Billed("112708770", 5, 1),
            ],
        ),
        case(
            BOTH,
            "通知 A001",
            Circular,
            "外来感染対策向上加算を算定した場合にあっては算定できない",
            "同じ月の初診で算定済み",
            again().standards(&infection).billed(&[("d-3", FIRST), ("d-3", "111014870"), ("d-3", "111014970")]),
            &[Omitted("112024370", "月1回"), Absent("112024470")],
        ),
        case(
            BOTH,
            "通知 A001",
            Circular,
            "外来感染対策向上加算を算定した場合にあっては算定できない",
            "同じ月の訪問診療で算定済み（在宅医療の部 通則5）",
            again().standards(&infection).billed(&[("d-3", "114001110"), ("d-3", "114055090")]),
            &[Omitted("112024370", "月1回")],
        ),
        case(
            R8,
            "A000 注16",
            Notice,
            "電子的診療情報連携体制整備加算１ 15点",
            "加算1の届出、初診",
            first().standards(&["電子的診療情報連携体制整備加算1"]),
            &[Billed("111704070", 15, 1)],
        ),
        case(
            R8,
            "A000 注16",
            Notice,
            "電子的診療情報連携体制整備加算２ ９点",
            "加算2の届出、初診",
            first().standards(&["電子的診療情報連携体制整備加算2"]),
            &[Billed("111704170", 9, 1)],
        ),
        case(
            R8,
            "A000 注16",
            Notice,
            "電子的診療情報連携体制整備加算３ ４点",
            "加算3の届出、初診",
            first().standards(&["電子的診療情報連携体制整備加算3"]),
            &[Billed("111704270", 4, 1)],
        ),
        case(
            R8,
            "通知 A001(15)",
            Circular,
            "保険医療機関は、「注 11」に規定する明細書発行体制等加算は算定できない",
            "加算3の届出医療機関の再診",
            again().standards(&["電子的診療情報連携体制整備加算3", "明細書発行体制等加算"]),
            &[Billed("112709570", 2, 1), Omitted("112015770", "A001 注11")],
        ),
        case(
            R8,
            "A001 注19",
            Circular,
            "再診を行った場合に、月１回に限り所定点数に加算する",
            "同じ月の2回目の再診",
            again().standards(&["電子的診療情報連携体制整備加算1"]).billed(&[("d-3", "112709570")]),
            &[Omitted("112709570", "月1回")],
        ),
        case(
            BOTH,
            "A001 注11",
            Notice,
            "明細書発行体制等加算として、１点を所定点数に加算する",
            "明細書を無償で発行する診療所の再診",
            again().standards(&["明細書発行体制等加算"]),
            &[Billed("112015770", 1, 1)],
        ),
        case(R8, "A001 注10 イ", Notice, "時間外対応体制加算１ ７点", "加算1", again().standards(&["時間外対応体制加算1"]), &[Billed(
            "112016070",
            7,
            1,
        )]),
        case(R8, "A001 注10 ロ", Notice, "時間外対応体制加算２ ５点", "加算2", again().standards(&["時間外対応体制加算2"]), &[Billed(
            "112708370",
            5,
            1,
        )]),
        case(R8, "A001 注10 ハ", Notice, "時間外対応体制加算３ ４点", "加算3", again().standards(&["時間外対応体制加算3"]), &[Billed(
            "112708470",
            4,
            1,
        )]),
        case(R8, "A001 注10 ニ", Notice, "時間外対応体制加算４ ２点", "加算4", again().standards(&["時間外対応体制加算4"]), &[Billed(
            "112708570",
            2,
            1,
        )]),
        case(R6, "A001 注10 イ", Notice, "時間外対応加算１ ５点", "R6 加算1", again().standards(&["時間外対応加算1"]), &[Billed(
            "112016070",
            5,
            1,
        )]),
        case(R6, "A001 注10 ニ", Notice, "時間外対応加算４ １点", "R6 加算4", again().standards(&["時間外対応加算4"]), &[Billed(
            "112708570",
            1,
            1,
        )]),
        case(
            R6,
            "A001 注19",
            Notice,
            "３月に１回に限り",
            "R6 医療情報取得加算は前回から3月",
            again().standards(&["医療情報取得加算"]).billed(&[("m-2", "112708970")]),
            &[Omitted("112708970", "3月に1回")],
        ),
        case(R6, "A000 注16", Notice, "医療ＤＸ推進体制整備加算", "R6 医療DX推進体制整備加算4", first().standards(&["医療DX推進体制整備加算4"]), &[
            Has("111703470"),
        ]),
    ]
}
