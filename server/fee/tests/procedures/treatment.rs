//! 処置: wounds and skin, physical treatment, ear nose and throat, age and hour.

use crate::{Case, Expect::*, case, run, visit};
use model::fee::HintKind::{Cut, Missed};

/// 創傷処置（100cm²未満）, （6000cm²以上）.
const WOUND: &str = "140000610";
const WIDE_WOUND: &str = "140001010";
/// 皮膚科軟膏処置（100cm²以上500cm²未満）.
const OINTMENT: &str = "140011610";
/// 消炎鎮痛等処置: 手技, 器具, 湿布.
const MASSAGE: &str = "140029610";
const DEVICE: &str = "140040310";
const COMPRESS: &str = "140002210";

#[test]
fn treatment() {
    run(cases());
}

/// The cases of this part.
pub fn cases() -> Vec<Case> {
    let mut all = skin();
    all.extend(physical());
    all.extend(age());
    all.extend(hours());
    all
}

fn skin() -> Vec<Case> {
    vec![
        case("告示 J000 1", "100平方センチメートル未満の創傷処置", visit().orders(&[WOUND]), vec![Bills(WOUND, 52, 1)]).and_r6(),
        case(
            "通知 J000(3)",
            "同一部位に創傷処置と皮膚科軟膏処置を行ったときはいずれか1つのみ",
            visit().place(WOUND, 1, "左前腕").place(OINTMENT, 1, "左前腕"),
            vec![Bills(OINTMENT, 55, 1), Omits(WOUND, "J000(3)")],
        )
        .and_r6(),
        case(
            "通知 J000(3)",
            "同一部位に面皰圧出法と皮膚科軟膏処置",
            visit().place("140038610", 1, "顔面").place(OINTMENT, 1, "顔面"),
            vec![Bills(OINTMENT, 55, 1), Omits("140038610", "J000(3)")],
        ),
        case(
            "通知 J000(2)",
            "部位が違っても同一疾病の創傷処置と軟膏処置は面積を合算する",
            visit().place(WOUND, 1, "左前腕").place(OINTMENT, 1, "右下腿"),
            vec![Bills(WOUND, 52, 1), Bills(OINTMENT, 55, 1), Hints(Cut, "面積を合算")],
        ),
        case(
            "通知 J000(2)・(3)",
            "部位のわからない創傷処置と湿布処置",
            visit().orders(&[WOUND, COMPRESS]),
            vec![Hints(Cut, "いずれか1つのみ")],
        ),
        case(
            "通知 J000(2)・(6)",
            "複数の部位の創傷処置は面積を合算した広さの点数による",
            visit().place(WOUND, 1, "左前腕").place("140000710", 1, "右下腿"),
            vec![Hints(Cut, "面積を合算した広さの区分")],
        ),
        case(
            "通知 J001(1)",
            "熱傷処置を算定する場合は創傷処置は併せて算定できない",
            visit().orders(&["140032010", WOUND]),
            vec![Bills("140032010", 135, 1), Omits(WOUND, "J001(1)")],
        )
        .and_r6(),
        case(
            "通知 J001(1)",
            "熱傷処置と爪甲除去",
            visit().orders(&["140032010", "140032750"]),
            vec![Bills("140032010", 135, 1), Omits("140032750", "J001(1)")],
        ),
        case(
            "通知 J001-4(2)",
            "重度褥瘡処置と創傷処置",
            visit().orders(&["140048610", WOUND]),
            vec![Bills("140048610", 90, 1), Omits(WOUND, "J001-4(2)")],
        ),
        case(
            "通知 J000-2(4)",
            "複数の下肢創傷があるときは主たるもののみ",
            visit().orders(&["140062110", "140062310"]),
            vec![Bills("140062310", 270, 1), Omits("140062110", "J000-2(4)")],
        ),
        case(
            "通知 J000-2(3)",
            "下肢創傷処置と創傷処置（部位が同じなら含まれる）",
            visit().orders(&["140062110", WOUND]),
            vec![Hints(Cut, "J000-2(3)")],
        ),
        case(
            "告示 J000 注2",
            "在宅寝たきり患者処置指導管理料を算定している患者の創傷処置",
            visit().orders(&[WOUND, "140032750"]).before("2026-07-02", &["114005810"]),
            vec![Omits(WOUND, "J000 注2"), Omits("140032750", "J000 注2")],
        ),
        case(
            "通知 J053(1)",
            "在宅寝たきり患者処置指導管理料を算定している患者の皮膚科軟膏処置",
            visit().orders(&[OINTMENT]).before("2026-07-02", &["114005810"]),
            vec![Omits(OINTMENT, "J053(1)")],
        ),
        case(
            "告示 J000 注2",
            "在宅気管切開患者指導管理料を算定している患者の創傷処置",
            visit().orders(&[WOUND]).before("2026-07-02", &["114011110"]),
            vec![Omits(WOUND, "J000 注2")],
        ),
        case(
            "通知 J054(7)",
            "赤外線療法と中波紫外線療法を同一日に行ったときは主たるもののみ",
            visit().orders(&["140028810", "140051510"]),
            vec![Bills("140051510", 340, 1), Omits("140028810", "J054(7)")],
        ),
        case(
            "通知 J054(7)",
            "同じ光線療法を同一日に2回行っても1日につき所定点数のみ",
            visit().times("140051510", 2),
            vec![Bills("140051510", 340, 1), Omits("140051510", "1日1回")],
        ),
        case(
            "通知 J054(8)",
            "皮膚科光線療法と消炎鎮痛等処置は同一日に併せて算定できない",
            visit().orders(&["140028810", DEVICE]),
            vec![Bills("140028810", 45, 1), Omits(DEVICE, "J054(8)")],
        ),
        case(
            "告示 J057-3 注",
            "鶏眼・胼胝処置は月2回を限度",
            visit().orders(&["140038710"]).before("2026-07-02", &["140038710"]).before("2026-07-06", &["140038710"]),
            vec![Omits("140038710", "2回")],
        ),
        case("告示 J057 1", "軟属腫摘除（10箇所未満）", visit().orders(&["140036910"]), vec![Bills("140036910", 120, 1)])
            .and_r6(),
        case(
            "通知 J002(3)",
            "ドレーン法の1と2は同一日に併せて算定できない",
            visit().orders(&["140032310", "140032410"]),
            vec![Bills("140032310", 50, 1), Absent("140032410")],
        ),
        case(
            "通知 J002(1)",
            "ドレーン法は部位数によらず1日につき",
            visit().times("140032410", 2),
            vec![Bills("140032410", 25, 1)],
        ),
        case(
            "通知 J002(2)",
            "ドレナージの部位の創傷処置は含まれる",
            visit().orders(&["140032410", WOUND]),
            vec![Hints(Cut, "J002(2)")],
        ),
        case(
            "告示 J300 注1",
            "15円以下の薬剤は算定しない",
            visit().with(WOUND, "620007152", 1.0),
            vec![Bills(WOUND, 52, 1), Omits("620007152", "J300 注1")],
        ),
        case(
            "告示 J300",
            "処置の薬剤 35.30円×1ｇ: 1＋⌈20.3÷10⌉＝4点",
            visit().with(WOUND, "620007673", 1.0),
            vec![Bills(WOUND, 52, 1), Bills("620007673", 4, 1)],
        ),
    ]
}

fn physical() -> Vec<Case> {
    vec![
        case("告示 J119", "消炎鎮痛等処置（器具等による療法）", visit().orders(&[DEVICE]), vec![Bills(DEVICE, 35, 1)]).and_r6(),
        case(
            "告示 J119 注2",
            "1から3までの療法のうち2以上を行った場合は主たる療法のみ",
            visit().orders(&[DEVICE, MASSAGE]),
            vec![Sum(&[DEVICE, MASSAGE], 35)],
        )
        .and_r6(),
        case(
            "通知 J119(1)",
            "部位数にかかわらず1日につき",
            visit().times(DEVICE, 3),
            vec![Bills(DEVICE, 35, 1), Omits(DEVICE, "1日1回")],
        ),
        case(
            "通知 J119-3(2)",
            "低出力レーザー照射と消炎鎮痛等処置は主たるものにより算定",
            visit().orders(&["140048550", DEVICE]),
            vec![Sum(&["140048550", DEVICE], 35)],
        ),
        case(
            "通知 J118(2)",
            "介達牽引に腰部固定帯固定を併せて行った",
            visit().orders(&["140048010", "140048350"]),
            vec![Sum(&["140048010", "140048350"], 35)],
        ),
        case(
            "通知 J118(3)",
            "介達牽引と矯正固定を同一日に併せて行った",
            visit().orders(&["140048010", "140030350"]),
            vec![Sum(&["140048010", "140030350"], 35)],
        ),
        case(
            "通知 J116",
            "同一側の関節の関節穿刺と関節腔内注射は主たるもののみ",
            visit().place("140023010", 1, "右膝").place("130005310", 1, "右膝"),
            vec![Bills("140023010", 144, 1), Omits("130005310", "J116")],
        ),
        case(
            "通知 J116",
            "左右それぞれの膝の関節穿刺はそれぞれ算定できる",
            visit().place("140023010", 1, "右膝").place("140023010", 1, "左膝"),
            vec![Sum(&["140023010"], 288)],
        ),
        case(
            "通知 J116",
            "どちら側かわからない関節穿刺と関節腔内注射",
            visit().orders(&["140023010", "130005310"]),
            vec![Hints(Cut, "通知 J116")],
        ),
        case(
            "告示 J097 注2・J098 注2",
            "鼻処置と口腔・咽頭処置を併せて行っても16点",
            visit().orders(&["140019710", "140019810"]),
            vec![Sum(&["140019710", "140019810"], 16)],
        )
        .and_r6(),
        case(
            "告示 J095",
            "耳処置27点とネブライザ12点",
            visit().orders(&["140019310", "140022710"]),
            vec![Bills("140019310", 27, 1), Bills("140022710", 12, 1)],
        )
        .and_r6(),
    ]
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

fn plaster_code() -> &'static str {
    "140040610"
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
