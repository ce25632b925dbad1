//! 生体検査, 内視鏡検査, 診断穿刺・検体採取.

use crate::{Case, Expect::*, case, run, visit};
use model::fee::HintKind::{Check, Cut};

const ECG: &str = "160068410";
const AGAIN: &str = "160000190";
const ABDOMEN: &str = "160072210";
const OTHER: &str = "160165010";
const HEART: &str = "160072510";
const STOMACH: &str = "160093810";

#[test]
fn tests_on_the_body() {
    run(cases());
}

/// The cases of this part.
pub fn cases() -> Vec<Case> {
    let mut all = cardiopulmonary();
    all.extend(ultrasound());
    all.extend(endoscopy());
    all
}

fn cardiopulmonary() -> Vec<Case> {
    vec![
        case("告示 D208 1", "12誘導心電図、今月1回目", visit().orders(&[ECG]), vec![Bills(ECG, 130, 1), Absent(AGAIN)]).and_r6(),
        case(
            "告示 D 第3節 呼吸循環機能検査等 通則1",
            "同一月の2回目の心電図は所定点数の100分の90",
            visit().orders(&[ECG]).before("2026-07-02", &[ECG]),
            vec![Sum(&[ECG, AGAIN], 117)],
        ),
        case(
            "通知 D200–D214 共通(1)",
            "D208の1から5までは同一の検査: 6誘導以上の後の12誘導",
            visit().orders(&[ECG]).before("2026-07-02", &["160068510"]),
            vec![Sum(&[ECG, AGAIN], 117)],
        ),
        case(
            "告示 D208 注",
            "他医描写の心電図の診断は2回目も70点",
            visit().orders(&["160068610"]).before("2026-07-02", &[ECG]),
            vec![Bills("160068610", 70, 1), Absent(AGAIN)],
        ),
        case(
            "告示 D 呼吸循環機能検査等 通則1",
            "前月の心電図は数えない",
            visit().orders(&[ECG]).before("2026-06-30", &[ECG]),
            vec![Absent(AGAIN)],
        ),
        case(
            "告示 D209 注2",
            "負荷心電図と同一日の心電図は所定点数に含まれる",
            visit().orders(&["160069210", ECG]),
            vec![Bills("160069210", 380, 1), Omits(ECG, "D209 注2")],
        )
        .and_r6(),
        case(
            "告示 D215 注3",
            "心臓超音波検査の日に心電図を算定",
            visit().orders(&[HEART, ECG]),
            vec![Bills(HEART, 880, 1), Bills(ECG, 130, 1), Hints(Cut, "D215 注3")],
        ),
        case(
            "告示 D200–D204 通則1、D205 注",
            "肺気量分画測定とフローボリュームカーブに呼吸機能検査等判断料を月1回",
            visit().orders(&["160062610", "160062710"]),
            vec![Bills("160062610", 90, 1), Bills("160062710", 100, 1), Bills("160146910", 140, 1)],
        )
        .and_r6(),
        case(
            "告示 D205 注",
            "呼吸機能検査等判断料を今月算定済み",
            visit().orders(&["160062610"]).before("2026-07-02", &["160146910"]),
            vec![Omits("160146910", "月1回")],
        ),
        case(
            "告示 D238",
            "脳波検査に脳波検査判断料2",
            visit().orders(&["160075310"]),
            vec![Bills("160075310", 720, 1), Bills("160147610", 180, 1)],
        )
        .and_r6(),
        case(
            "告示 D241 注",
            "誘発筋電図に神経・筋検査判断料",
            visit().orders(&["160076810"]),
            vec![Bills("160076810", 200, 1), Bills("160147710", 180, 1)],
        )
        .and_r6(),
        case(
            "告示 D294 注",
            "ラジオアイソトープ検査判断料を月1回",
            visit().orders(&["160090510"]),
            vec![Bills("160147910", 110, 1)],
        ),
        case(
            "告示 D 第3節 通則1",
            "3歳未満の乳幼児の心電図は100分の70を加算",
            visit().born("2024-01-01").orders(&[ECG]),
            vec![Sum(&[ECG, "160155390"], 221)],
        )
        .and_r6(),
        case(
            "告示 D 第3節 通則1",
            "新生児の心電図は100分の100を加算",
            visit().born("2026-07-01").orders(&[ECG]),
            vec![Sum(&[ECG, "160155290"], 260)],
        ),
        case(
            "告示 D 第3節 通則2",
            "3歳以上6歳未満の幼児の心電図は100分の40を加算",
            visit().born("2022-01-01").orders(&[ECG]),
            vec![Sum(&[ECG, "160185890"], 182)],
        )
        .and_r6(),
        case(
            "告示 D 第3節 通則1 ハ",
            "他医描写の心電図の診断に乳幼児加算はない",
            visit().born("2024-01-01").orders(&["160068610"]),
            vec![Absent("160155390")],
        ),
        case(
            "告示 D 第3節 通則2",
            "D242より後の検査（D244以降）に幼児加算はない",
            visit().born("2022-01-01").orders(&["160078010"]),
            vec![Absent("160185890")],
        ),
        case(
            "通知 D 第3節 4",
            "2歳児の今月2回目の心電図: 130×0.9×1.7＝198.9を四捨五入",
            visit().born("2024-01-01").orders(&[ECG]).before("2026-07-02", &[ECG]),
            vec![Sum(&[ECG, AGAIN, "160155390"], 199)],
        ),
        case(
            "告示 D288 注",
            "糖負荷試験の日に血糖を測定",
            visit().orders(&["160087210", "160019410"]),
            vec![Bills("160087210", 200, 1), Hints(Cut, "D288 注")],
        ),
        case(
            "通知 D223-2(1)",
            "終夜経皮的動脈血酸素飽和度測定に睡眠時呼吸障害の傷病名がない",
            visit().orders(&["160178810"]),
            vec![Hints(Cut, "睡眠時呼吸障害")],
        ),
    ]
}

fn ultrasound() -> Vec<Case> {
    vec![
        case("告示 D215 2ロ(1)", "断層撮影法（胸腹部）", visit().orders(&[ABDOMEN]), vec![Bills(ABDOMEN, 530, 1)]).and_r6(),
        case(
            "通知 D215(2)",
            "同一の方法による場合は部位数にかかわらず1回: 胸腹部とその他の断層撮影法",
            visit().orders(&[ABDOMEN, OTHER]),
            vec![Bills(ABDOMEN, 530, 1), Omits(OTHER, "D215(2)")],
        ),
        case(
            "通知 D215(2)",
            "胸腹部の断層撮影法を2部位に行った",
            visit().times(ABDOMEN, 2),
            vec![Bills(ABDOMEN, 530, 1), Omits(ABDOMEN, "1日1回"), Absent(AGAIN)],
        ),
        case(
            "通知 D215(2)",
            "心臓に経胸壁心エコー法とＭモード法を併用（同一の部位）",
            visit().place(HEART, 1, "心臓").place("160072610", 1, "心臓"),
            vec![Bills(HEART, 880, 1), Omits("160072610", "主たる検査方法")],
        ),
        case(
            "通知 D215(2)",
            "心臓と腹部は部位が異なるのでそれぞれ算定する",
            visit().place(HEART, 1, "心臓").place(ABDOMEN, 1, "腹部"),
            vec![Bills(HEART, 880, 1), Bills(ABDOMEN, 530, 1), Silent("2以上の方法")],
        ),
        case(
            "通知 D215(2)",
            "部位がわからない2つの方法は確認を促す",
            visit().orders(&[HEART, ABDOMEN]),
            vec![Bills(HEART, 880, 1), Bills(ABDOMEN, 530, 1), Hints(Check, "2以上の方法")],
        ),
        case(
            "告示 D215、D 第3節 100分の90",
            "同一月の2回目の断層撮影法",
            visit().orders(&[ABDOMEN]).before("2026-07-02", &[ABDOMEN]),
            vec![Sum(&[ABDOMEN, AGAIN], 477)],
        ),
        case(
            "通知 D215(1)",
            "同一月に他の方法を行った: 同一の部位なら100分の90",
            visit().orders(&[ABDOMEN]).before("2026-07-02", &[OTHER]),
            vec![Bills(ABDOMEN, 530, 1), Hints(Cut, "D215(1)")],
        ),
        case(
            "告示 D215 注2、通知 D 通則13",
            "2回目の断層撮影法とパルスドプラ加算: (530＋150)×0.9＝612",
            visit().orders(&[ABDOMEN, "160072370"]).before("2026-07-02", &[ABDOMEN]),
            vec![Sum(&[ABDOMEN, "160072370", AGAIN], 612)],
        ),
        case(
            "告示 D215 注2",
            "断層撮影法にパルスドプラ加算",
            visit().orders(&[ABDOMEN, "160072370"]),
            vec![Sum(&[ABDOMEN, "160072370"], 680)],
        )
        .and_r6(),
        case(
            "通知 D215(7)",
            "訪問診療の日の断層撮影法（胸腹部）",
            visit().orders(&["114001110", ABDOMEN]),
            vec![Hints(Cut, "訪問診療時に行った場合")],
        ),
        case(
            "告示 D215-3 注",
            "肝硬度測定を算定する患者の超音波エラストグラフィー",
            visit().orders(&["160189750", "160207310"]),
            vec![Bills("160189750", 200, 1), Omits("160207310", "D215-3 注")],
        ),
        case(
            "告示 D215-4 注",
            "今月肝硬度測定を算定した患者の超音波減衰法検査",
            visit().orders(&["160231410"]).before("2026-07-02", &["160189750"]),
            vec![Omits("160231410", "D215-4 注")],
        ),
        case(
            "告示 D216-2 注",
            "残尿測定検査は月2回に限り算定する",
            visit().orders(&["160170310"]).before("2026-07-02", &["160170310"]).before("2026-07-06", &["160170310"]),
            vec![Omits("160170310", "2回")],
        ),
    ]
}

fn endoscopy() -> Vec<Case> {
    vec![
        case("告示 D308", "胃・十二指腸ファイバースコピー", visit().orders(&[STOMACH]), vec![Bills(STOMACH, 1140, 1)]).and_r6(),
        case(
            "告示 内視鏡検査 通則2",
            "同一月の2回目の胃・十二指腸ファイバースコピー",
            visit().orders(&[STOMACH]).before("2026-07-02", &[STOMACH]),
            vec![Sum(&[STOMACH, AGAIN], 1026)],
        ),
        case(
            "通知 内視鏡検査 共通(2)",
            "大腸内視鏡検査（Ｓ状結腸）の後の（上行結腸及び盲腸）は同一の検査",
            visit().orders(&["160094910"]).before("2026-07-02", &["160094710"]),
            vec![Sum(&["160094910", AGAIN], 1395)],
        ),
        case(
            "告示 内視鏡検査 通則5 ロ",
            "時間外の緊急の胃・十二指腸ファイバースコピーは100分の40を加算",
            visit().at("18:30").orders(&[STOMACH]),
            vec![Bills("160204070", 456, 1)],
        )
        .and_r6(),
        case(
            "告示 内視鏡検査 通則5 イ",
            "休日は100分の80を加算",
            visit().holiday().orders(&[STOMACH]),
            vec![Bills("160203970", 912, 1)],
        ),
        case(
            "告示 内視鏡検査 通則5 ハ",
            "深夜は100分の80を加算",
            visit().at("23:00").orders(&[STOMACH]),
            vec![Bills("160204170", 912, 1)],
        ),
        case(
            "通知 内視鏡検査 共通(7)",
            "時間外等の所定点数は注の加算を含む: (1,140＋200)×0.4＝536",
            visit().at("18:30").orders(&[STOMACH, "160187670"]),
            vec![Bills("160187670", 200, 1), Bills("160204070", 536, 1)],
        ),
        case(
            "通知 内視鏡検査 共通(7) ただし書",
            "2回目の検査の所定点数は100分の90: 1,140×0.9×0.4＝410.4",
            visit().at("18:30").orders(&[STOMACH]).before("2026-07-02", &[STOMACH]),
            vec![Bills("160204070", 410, 1)],
        ),
        case(
            "通知 内視鏡検査 共通(6)",
            "夜間・早朝等加算を算定する診療では通則5の加算はない",
            visit().at("18:30").standards(&["夜間・早朝等加算"]).orders(&[STOMACH]),
            vec![Absent("160204070")],
        ),
        case(
            "告示 内視鏡検査 通則5",
            "D296-3（咽頭画像等解析）に通則5の加算はない",
            visit().at("18:30").orders(&["160235650"]),
            vec![Bills("160235650", 305, 1), Absent("160204070")],
        ),
        case(
            "通知 内視鏡検査 共通(3)",
            "他医撮影の内視鏡写真の診断は初診料を算定した日に限る",
            visit().orders(&["160092050"]),
            vec![Omits("160092050", "初診料を算定した日")],
        ),
        case(
            "告示 内視鏡検査 通則3",
            "初診の日の他医撮影の内視鏡写真の診断",
            visit().first().orders(&["160092050"]),
            vec![Bills("160092050", 70, 1)],
        ),
        case(
            "通知 D298-2(2)",
            "嗅裂部・鼻咽腔・副鼻腔入口部と喉頭のファイバースコピーを行ったときは主たるもののみ",
            visit().orders(&["160092310", "160092410"]),
            vec![Sum(&["160092310", "160092410"], 600)],
        ),
        case(
            "通知 D298-2(2)",
            "内視鏡下嚥下機能検査と喉頭ファイバースコピー",
            visit().orders(&["160187510", "160092410"]),
            vec![Bills("160187510", 720, 1), Omits("160092410", "D298-2(2)")],
        ),
        case(
            "告示 D 第3節 通則2",
            "4歳の幼児の胃・十二指腸ファイバースコピーは幼児加算の対象",
            visit().born("2022-01-01").orders(&[STOMACH]),
            vec![Bills("160185890", 456, 1)],
        ),
        case(
            "告示 D 第3節 通則2",
            "4歳の幼児の喉頭ファイバースコピーは幼児加算の対象でない",
            visit().born("2022-01-01").orders(&["160092410"]),
            vec![Absent("160185890")],
        ),
    ]
}
