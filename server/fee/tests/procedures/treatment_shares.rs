//! 処置: age and hour.

use crate::{Case, Expect::*, case, run, visit};
use model::fee::HintKind::Missed;

/// 創傷処置（100cm²未満）, （6000cm²以上）.
const WOUND: &str = "140000610";
const WIDE_WOUND: &str = "140001010";

#[test]
fn age_and_hour() {
    run(cases());
}

/// The cases of this part.
pub fn cases() -> Vec<Case> {
    let mut all = age();
    all.extend(hours());
    all
}

fn age() -> Vec<Case> {
    let two = || visit().born("2024-01-01");
    let four = || visit().born("2022-01-01");
    vec![
        case("告示 J002 注", "3歳未満の乳幼児のドレーン法", two().orders(&["140032410"]), vec![Bills("140049170", 110, 1)])
            .and_r6(),
        case("告示 J002 注", "4歳の幼児のドレーン法に加算はない", four().orders(&["140032410"]), vec![Absent("140049170")]),
        case("告示 J022 注", "3歳未満の乳幼児の高位浣腸", two().orders(&["140004810"]), vec![Bills("140049470", 55, 1)]).and_r6(),
        case(
            "告示 J007 注",
            "6歳未満の乳幼児の腰椎穿刺（処置）",
            four().orders(&["140003010"]),
            vec![Bills("140031870", 110, 1)],
        )
        .and_r6(),
        case("告示 J018 注", "6歳未満の乳幼児の喀痰吸引", four().orders(&["140003810"]), vec![Bills("140049370", 83, 1)])
            .and_r6(),
        case(
            "告示 J000 注3",
            "6歳未満の乳幼児の創傷処置（6,000平方センチメートル以上）",
            four().orders(&[WIDE_WOUND]),
            vec![Bills(WIDE_WOUND, 275, 1), Bills("140057170", 55, 1)],
        )
        .and_r6(),
        case("告示 J000 注3", "6歳未満でも狭い創傷処置に加算はない", four().orders(&[WOUND]), vec![Absent("140057170")]),
        case(
            "告示 J 第1節 ギプス 通則",
            "6歳未満の乳幼児の四肢ギプス包帯（半肢）: 780×1.55＝1,209",
            four().orders(&[plaster_code()]),
            vec![Bills(plaster_code(), 780, 1), Bills("140050170", 429, 1)],
        )
        .and_r6(),
        case(
            "告示 J054-2 注",
            "3歳未満の乳幼児の皮膚レーザー照射療法",
            two().orders(&["140053010"]),
            vec![Bills("140040270", 2200, 1)],
        ),
        case(
            "告示 J 通則7",
            "耳鼻咽喉科で6歳未満の乳幼児に鼻処置",
            four().standards(&["耳鼻咽喉科"]).orders(&["140019710"]),
            vec![Bills("140061990", 60, 1)],
        )
        .and_r6(),
        case(
            "告示 J 通則7",
            "J113の注の乳幼児加算は耳鼻咽喉科乳幼児処置加算と別に算定できない",
            four().standards(&["耳鼻咽喉科"]).orders(&["140022610"]),
            vec![Bills("140061990", 60, 1), Absent("140057170")],
        ),
        case(
            "告示 J113 注",
            "耳鼻咽喉科の設定がない診療所での耳垢栓塞除去",
            four().orders(&["140022610"]),
            vec![Bills("140057170", 55, 1), Absent("140061990")],
        ),
        case(
            "告示 J 通則7（1日につき）",
            "耳鼻咽喉科乳幼児処置加算を同じ日に算定済み",
            four().standards(&["耳鼻咽喉科"]).orders(&["140019710"]).before("2026-07-10", &["140061990"]),
            vec![Omits("140061990", "1日につき1回")],
        ),
    ]
}

fn hours() -> Vec<Case> {
    let burn = "140036610";
    vec![
        case(
            "告示 J 通則5 ロ(2)",
            "時間外の150点以上の緊急処置は100分の40",
            visit().at("18:30").orders(&[WIDE_WOUND]),
            vec![Bills("140000190", 110, 1)],
        )
        .and_r6(),
        case("告示 J 通則5 ロ(1)", "休日は100分の80", visit().holiday().orders(&[WIDE_WOUND]), vec![Bills("140000290", 220, 1)])
            .and_r6(),
        case(
            "告示 J 通則5 ロ(3)",
            "深夜は100分の80",
            visit().at("23:00").orders(&[WIDE_WOUND]),
            vec![Bills("140000390", 220, 1)],
        ),
        case(
            "告示 J 通則5 ロ",
            "150点未満の処置に加算はない",
            visit().at("18:30").orders(&["140000810"]),
            vec![Absent("140000190")],
        ),
        case(
            "通知 J 通則5",
            "夜間・早朝等加算を算定する診療に引き続く処置は対象とならない",
            visit().at("18:30").standards(&["夜間・早朝等加算"]).orders(&[WIDE_WOUND]),
            vec![Absent("140000190")],
        ),
        case(
            "通知 J 通則10",
            "所定点数は注の加算を含む: (275＋55)×0.4",
            visit().born("2022-01-01").at("18:30").orders(&[WIDE_WOUND]),
            vec![Bills("140000190", 132, 1)],
        ),
        case(
            "告示 J 通則5 イ(2)",
            "届出のある診療所の1,000点以上の処置、時間外: 2,250×0.8",
            visit().at("18:30").standards(&["処置の時間外加算1"]).orders(&[burn]),
            vec![Bills("140055390", 1800, 1), Absent("140000190")],
        ),
        case(
            "告示 J 通則5 イ(1)",
            "届出のある診療所の1,000点以上の処置、休日: 2,250×1.6",
            visit().holiday().standards(&["処置の時間外加算1"]).orders(&[burn]),
            vec![Bills("140055290", 3600, 1)],
        ),
        case(
            "告示 J 通則5 イ(3)",
            "届出のある診療所の1,000点以上の処置、深夜: 2,250×1.6",
            visit().at("23:00").standards(&["処置の時間外加算1"]).orders(&[burn]),
            vec![Bills("140055490", 3600, 1)],
        ),
        case(
            "告示 J 通則5 ロ",
            "届出があっても1,000点未満は加算2",
            visit().at("18:30").standards(&["処置の時間外加算1"]).orders(&[WIDE_WOUND]),
            vec![Bills("140000190", 110, 1), Absent("140055390")],
        ),
        case(
            "通知 J 通則9",
            "医療機関の都合による時間外は算定できないことを促す",
            visit().at("18:30").orders(&[WIDE_WOUND]),
            vec![Hints(model::fee::HintKind::Check, "医療機関・医師の都合")],
        ),
        case(
            "通知 J 通則10",
            "薬剤料は所定点数に含まない",
            visit().at("18:30").with(WIDE_WOUND, "620007673", 10.0),
            vec![Bills("140000190", 110, 1)],
        ),
        case(
            "通知 K 通則4",
            "手術の日の処置に使った薬剤は手術の薬剤料として算定できる",
            visit().orders(&["150001010"]).with(WOUND, "620007673", 10.0),
            vec![Omits(WOUND, "K 通則1"), Hints(Missed, "K940")],
        ),
    ]
}

fn plaster_code() -> &'static str {
    "140040610"
}
