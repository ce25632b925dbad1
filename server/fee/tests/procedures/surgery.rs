//! 手術: what a clinic operates, what the operation contains, age and hour, one field.

use crate::{Case, Expect::*, case, run, visit};
use model::fee::HintKind::{Check, Cut};

/// 創傷処理（筋肉、臓器に達しない）（5cm未満）.
const SUTURE: &str = "150001010";
/// 皮膚、皮下腫瘍摘出術（露出部）（2cm未満）, （露出部以外）（3cm未満）.
const TUMOUR: &str = "150003110";
const TUMOUR_COVERED: &str = "150003510";
/// 皮膚切開術（10cm未満）.
const INCISION: &str = "150001810";
/// キシロカイン注ポリアンプ１％　５ｍＬ: 63.00 yen, R6 59.00.
const LIDOCAINE: &str = "620007262";

#[test]
fn operations() {
    run(cases());
}

/// The cases of this part.
pub fn cases() -> Vec<Case> {
    let mut all = small();
    all.extend(contained());
    all.extend(shares());
    all.extend(one_field());
    all
}

fn small() -> Vec<Case> {
    vec![
        case("告示 K000 4", "筋肉・臓器に達しない長径5cm未満の創傷処理", visit().orders(&[SUTURE]), vec![Bills(SUTURE, 530, 1)])
            .and_r6(),
        case(
            "告示 K000 注2",
            "露出部の創傷に真皮縫合を伴う縫合閉鎖",
            visit().orders(&[SUTURE, "150001470"]),
            vec![Bills(SUTURE, 530, 1), Bills("150001470", 460, 1)],
        )
        .and_r6(),
        case(
            "告示 K000 注3",
            "汚染された挫創に対するデブリードマン",
            visit().orders(&[SUTURE, "150001570"]),
            vec![Bills(SUTURE, 530, 1), Bills("150001570", 100, 1)],
        ),
        case(
            "告示 K000-2 5、K 通則8",
            "4歳の小児創傷処理（2.5cm未満）に幼児加算100分の50",
            visit().born("2022-01-01").orders(&["150307310"]),
            vec![Bills("150307310", 500, 1), Bills("150342890", 250, 1)],
        )
        .and_r6(),
        case(
            "告示 K000-2（6歳未満）",
            "6歳以上の患者に小児創傷処理は算定しない",
            visit().born("2018-01-01").orders(&["150307310"]),
            vec![Omits("150307310", "年齢")],
        ),
        case(
            "告示 K000-2（6歳未満）",
            "6歳未満の患者に創傷処理をオーダーした",
            visit().born("2022-01-01").orders(&[SUTURE]),
            vec![Hints(Cut, "小児創傷処理")],
        ),
        case("告示 K001 1", "せつの皮膚切開術（長径10cm未満）", visit().orders(&[INCISION]), vec![Bills(INCISION, 640, 1)])
            .and_r6(),
        case("告示 K005 1", "顔の粉瘤（2cm未満）の摘出", visit().orders(&[TUMOUR]), vec![Bills(TUMOUR, 1660, 1)]).and_r6(),
        case(
            "告示 K006 1",
            "背部の粉瘤（3cm未満）の摘出",
            visit().orders(&[TUMOUR_COVERED]),
            vec![Bills(TUMOUR_COVERED, 1280, 1)],
        )
        .and_r6(),
        case(
            "告示 K006-2 1",
            "露出部の鶏眼・胼胝切除術（縫合を伴う、2cm未満）",
            visit().orders(&["150307710"]),
            vec![Bills("150307710", 1660, 1)],
        )
        .and_r6(),
        case(
            "告示 K006-3 1",
            "足底の鶏眼・胼胝切除術（露出部以外、縫合を伴う、3cm未満）",
            visit().orders(&["150308010"]),
            vec![Bills("150308010", 1280, 1)],
        )
        .and_r6(),
        case(
            "告示 K006-4 1",
            "いぼの冷凍凝固摘出術（3cm未満の良性皮膚腫瘍）",
            visit().orders(&["150333510"]),
            vec![Bills("150333510", 1280, 1)],
        ),
        case("告示 K089・K091 1", "陥入爪手術（簡単なもの）", visit().orders(&["150054610"]), vec![Bills("150054610", 1400, 1)])
            .and_r6(),
        case("告示 K090 1", "ひょう疽手術（軟部組織）", visit().orders(&["150054210"]), vec![Bills("150054210", 1190, 1)]),
        case("告示 A001 注8", "手術を行った日に外来管理加算はない", visit().orders(&[SUTURE]), vec![Absent("112011010")]),
    ]
}

fn contained() -> Vec<Case> {
    vec![
        case(
            "告示 K 通則1、通知 K 通則4",
            "手術当日の手術に関連する創傷処置と静脈内注射の手技料は算定できない",
            visit().orders(&[SUTURE, "140000610", "130003510"]),
            vec![Bills(SUTURE, 530, 1), Omits("140000610", "K 通則1"), Omits("130003510", "K 通則1")],
        )
        .and_r6(),
        case(
            "通知 K 通則4",
            "ギプスは手術の日にも算定できる",
            visit().orders(&["150016810", "140040610"]),
            vec![Bills("140040610", 780, 1)],
        ),
        case(
            "通知 K000(1)",
            "第2診以後の手術創に対する処置は創傷処置により算定する",
            visit().orders(&["140000610"]).before("2026-07-09", &[SUTURE]),
            vec![Bills("140000610", 52, 1)],
        ),
        case(
            "告示 L 通則6、通知 L 通則3",
            "局所麻酔（浸潤麻酔）は手技料がなく薬剤料だけ: キシロカイン63円は1＋⌈48÷10⌉＝6点（R6は59円、6点）",
            visit().with(TUMOUR, LIDOCAINE, 1.0),
            vec![Bills(TUMOUR, 1660, 1), Bills(LIDOCAINE, 6, 1)],
        )
        .and_r6(),
        case(
            "告示 K940 注1",
            "総量15円以下の薬剤は所定点数に含まれる",
            visit().with(SUTURE, "620007152", 1.0),
            vec![Bills(SUTURE, 530, 1), Omits("620007152", "K940 注1")],
        ),
        case(
            "告示 K920",
            "輸血は手術ではないので処置を含まない",
            visit().times("150224810", 200).orders(&["140000610"]),
            vec![Bills("150224810", 750, 1), Bills("140000610", 52, 1)],
        ),
        case(
            "告示 K920 注",
            "6歳未満の乳幼児の輸血",
            visit().born("2022-01-01").times("150224810", 200),
            vec![Bills("150225770", 55, 1)],
        ),
    ]
}

fn shares() -> Vec<Case> {
    vec![
        case(
            "告示 K 通則8",
            "3歳未満の乳幼児の手術は100分の100を加算",
            visit().born("2024-01-01").orders(&["150307310"]),
            vec![Bills("150000290", 500, 1)],
        )
        .and_r6(),
        case(
            "通知 K 通則9",
            "通則8の所定点数は注の加算を含む: (500＋460)×0.5",
            visit().born("2022-01-01").orders(&["150307310", "150001470"]),
            vec![Bills("150342890", 480, 1)],
        ),
        case(
            "告示 K 通則12 ロ(2)",
            "時間外の緊急手術は100分の40",
            visit().at("18:30").orders(&[SUTURE]),
            vec![Bills("150000490", 212, 1)],
        )
        .and_r6(),
        case(
            "告示 K 通則12 ロ(1)",
            "休日の緊急手術は100分の80",
            visit().holiday().orders(&[SUTURE]),
            vec![Bills("150000590", 424, 1)],
        ),
        case(
            "告示 K 通則12 ロ(3)",
            "深夜の緊急手術は100分の80",
            visit().at("23:00").orders(&[SUTURE]),
            vec![Bills("150000690", 424, 1)],
        ),
        case(
            "告示 K 通則12 イ(2)",
            "届出のある診療所の時間外は100分の80",
            visit().at("18:30").standards(&["手術の時間外加算1"]).orders(&[SUTURE]),
            vec![Bills("150371390", 424, 1), Absent("150000490")],
        ),
        case(
            "告示 K 通則12 イ(1)",
            "届出のある診療所の休日は100分の160",
            visit().holiday().standards(&["手術の時間外加算1"]).orders(&[SUTURE]),
            vec![Bills("150371290", 848, 1)],
        ),
        case(
            "告示 K 通則12 イ(3)",
            "届出のある診療所の深夜は100分の160",
            visit().at("23:00").standards(&["手術の時間外加算1"]).orders(&[SUTURE]),
            vec![Bills("150371490", 848, 1)],
        ),
        case(
            "通知 K 通則15・通則9",
            "通則8と通則12の加算は互いに所定点数に含まない",
            visit().born("2022-01-01").at("23:00").orders(&["150307310"]),
            vec![Bills("150342890", 250, 1), Bills("150000690", 400, 1)],
        ),
        case(
            "通知 K 通則15",
            "夜間・早朝等加算を算定する場合は通則12の加算はない",
            visit().at("18:30").standards(&["夜間・早朝等加算"]).orders(&[SUTURE]),
            vec![Absent("150000490")],
        ),
        case(
            "通知 K 通則13",
            "医療機関の都合による時間外は算定できない",
            visit().at("18:30").orders(&[SUTURE]),
            vec![Hints(Check, "医療機関・医師の都合")],
        ),
    ]
}

fn one_field() -> Vec<Case> {
    vec![
        case(
            "告示 K 通則14",
            "同一手術野の2以上の手術は主たる手術の所定点数のみ",
            visit().place(TUMOUR, 1, "左頬").place(INCISION, 1, "左頬"),
            vec![Bills(TUMOUR, 1660, 1), Omits(INCISION, "K 通則14")],
        )
        .and_r6(),
        case(
            "告示 K 通則14、通知 K 通則19(1)",
            "主たる手術とは所定点数及び注による加算点数を合算した点数の高い手術: 530＋460＞640",
            visit().place(SUTURE, 1, "左手").orders(&["150001470"]).place(INCISION, 1, "左手"),
            vec![Bills(SUTURE, 530, 1), Omits(INCISION, "K 通則14")],
        ),
        case(
            "告示 K 通則14",
            "手術野が異なればそれぞれ算定する",
            visit().place(TUMOUR, 1, "左頬").place(INCISION, 1, "右足底"),
            vec![Bills(TUMOUR, 1660, 1), Bills(INCISION, 640, 1), Silent("同一手術野")],
        ),
        case(
            "告示 K 通則14",
            "手術野がわからない2つの手術",
            visit().orders(&[TUMOUR, INCISION]),
            vec![Bills(TUMOUR, 1660, 1), Bills(INCISION, 640, 1), Hints(Cut, "K 通則14")],
        ),
        case(
            "通知 K 通則3",
            "同種の手術を同一日に2回: 主たる手術のみ",
            visit().place(TUMOUR, 1, "左頬").place(TUMOUR, 1, "右前腕"),
            vec![Hints(Cut, "同種の手術")],
        ),
        case(
            "通知 K000(2)",
            "近接した創傷は長さを合計して1つの創傷として取り扱う",
            visit().times(SUTURE, 2),
            vec![Hints(Cut, "長さを合計")],
        ),
    ]
}
