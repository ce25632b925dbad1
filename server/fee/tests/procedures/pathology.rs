//! 病理診断.

use crate::{Case, Expect::*, case, run, visit};
use model::fee::HintKind::Missed;

/// Ｔ－Ｍ（組織切片）, 細胞診（婦人科材料等）, 病理判断料, 組織診断料.
const TISSUE: &str = "160060010";
const CYTOLOGY: &str = "160060510";
const JUDGEMENT: &str = "160062310";
const DIAGNOSIS: &str = "160155110";

#[test]
fn pathology() {
    run(cases());
}

/// The cases of this part.
pub fn cases() -> Vec<Case> {
    vec![
        case(
            "告示 N000 1・N007",
            "病理組織標本作製（1臓器）と病理判断料",
            visit().orders(&[TISSUE]),
            vec![Bills(TISSUE, 860, 1), Bills(JUDGEMENT, 130, 1)],
        )
        .and_r6(),
        case("告示 N 第1節 通則1", "4臓器の標本作製は3臓器を限度", visit().times(TISSUE, 4), vec![Bills(TISSUE, 2580, 1)])
            .and_r6(),
        case("告示 N 第1節 通則1", "2臓器の標本作製はそれぞれ算定する", visit().times(TISSUE, 2), vec![Bills(TISSUE, 1720, 1)]),
        case(
            "告示 N007 注1",
            "病理判断料は標本作製の種類又は回数にかかわらず月1回",
            visit().orders(&[CYTOLOGY]).before("2026-07-02", &[TISSUE, JUDGEMENT]),
            vec![Bills(CYTOLOGY, 150, 1), Omits(JUDGEMENT, "月1回")],
        ),
        case(
            "告示 N007 注2",
            "病理診断料を算定した場合は病理判断料を算定しない",
            visit().orders(&[TISSUE, DIAGNOSIS]),
            vec![Bills(DIAGNOSIS, 520, 1), Omits(JUDGEMENT, "N007 注2")],
        )
        .and_r6(),
        case(
            "告示 N007 注2",
            "今月病理診断料を算定した患者の細胞診",
            visit().orders(&[CYTOLOGY]).before("2026-07-02", &[DIAGNOSIS]),
            vec![Omits(JUDGEMENT, "N007 注2")],
        ),
        case(
            "告示 N004 1・D418 1",
            "子宮頸部の細胞診に検体採取のオーダーがない",
            visit().orders(&[CYTOLOGY]),
            vec![Bills(CYTOLOGY, 150, 1), Bills(JUDGEMENT, 130, 1), Hints(Missed, "子宮頸管粘液採取")],
        ),
        case(
            "告示 N 通則1",
            "検体を採取した場合は標本作製料・判断料と採取料を合算する",
            visit().orders(&[CYTOLOGY, "160100710"]),
            vec![Bills("160100710", 40, 1), Silent("子宮頸管粘液採取（40点）")],
        )
        .and_r6(),
        case(
            "告示 D 検体検査管理加算、N 通則1",
            "病理診断だけの日に検体検査管理加算はない",
            visit().orders(&[TISSUE]).standards(&["検体検査管理加算1"]),
            vec![Absent("160170170")],
        ),
    ]
}
