//! 検体検査: bundles, judgement fees, draws, and the add-ons of the laboratory.

use crate::{Case, Expect::*, case, run, visit};
use model::fee::HintKind::Cut;

const AST: &str = "160022510";
const ALT: &str = "160022610";
const GGT: &str = "160020410";
const CRE: &str = "160019210";
const GLU: &str = "160019410";
const UA: &str = "160019310";
const BUN: &str = "160019010";
const ALP: &str = "160020010";
const TG: &str = "160020910";
const K: &str = "160021410";
const TCHO: &str = "160022410";
const HDL: &str = "160023410";
const LDL: &str = "160167250";
const NINE: [&str; 9] = [AST, ALT, GGT, CRE, GLU, UA, BUN, ALP, TG];

#[test]
fn the_laboratory() {
    run(cases());
}

/// So many items of D007 1 to 8.
pub(crate) fn chemistry(count: usize) -> Vec<&'static str> {
    NINE.iter().chain(&[K]).copied().take(count).collect()
}

/// The cases of this part.
pub fn cases() -> Vec<Case> {
    let mut all = bundles();
    all.extend(only_so_many());
    all
}

fn bundles() -> Vec<Case> {
    let hormones = ["160033310", "160033210", "160149910", "160032910", "160034010", "160034110", "160035310", "160035510"];
    let coagulation = ["160114010", "160015610", "160015310", "160015810", "160124650"];
    let hepatitis = ["160049210", "160049510", "160050010", "160050110", "160118510"];
    let markers = ["160036510", "160036710", "160037210", "160037510"];
    let immune = ["160145510", "160145710", "160145910"];
    vec![
        case(
            "告示 D007 注",
            "１から８までの検査を4項目行ったときは各項目の所定点数による",
            visit().orders(&chemistry(4)),
            vec![Bills(AST, 17, 1), Bills(ALT, 17, 1), Bills(GGT, 11, 1), Bills(CRE, 11, 1)],
        )
        .and_r6(),
        case("告示 D007 注 イ", "患者から1回に採取した血液で5項目", visit().orders(&chemistry(5)), vec![Bills(CRE, 93, 1)])
            .and_r6(),
        case("告示 D007 注 イ", "1回に採取した血液で7項目", visit().orders(&chemistry(7)), vec![Bills(BUN, 93, 1)]).and_r6(),
        case("告示 D007 注 ロ", "1回に採取した血液で8項目", visit().orders(&chemistry(8)), vec![Bills(BUN, 99, 1)]).and_r6(),
        case("告示 D007 注 ロ", "1回に採取した血液で9項目", visit().orders(&chemistry(9)), vec![Bills(BUN, 99, 1)]).and_r6(),
        case("告示 D007 注 ハ", "1回に採取した血液で10項目", visit().orders(&chemistry(10)), vec![Bills(BUN, 103, 1)]).and_r6(),
        case(
            "告示 D007 注、D001 注",
            "血液で4項目、尿で1項目は1回に採取した血液の5項目ではない",
            visit().orders(&chemistry(4)).orders(&["160131950"]),
            vec![Bills(AST, 17, 1), Bills(ALT, 17, 1), Bills("160131950", 11, 1)],
        ),
        case(
            "告示 D008 注",
            "12から51までの検査2項目は各項目による",
            visit().orders(&hormones[..2]),
            vec![Bills("160033310", 121, 1), Bills("160033210", 121, 1)],
        ),
        case("告示 D008 注 イ", "12から51までの検査を3項目", visit().orders(&hormones[..3]), vec![Bills("160033210", 410, 1)])
            .and_r6(),
        case("告示 D008 注 イ", "12から51までの検査を5項目", visit().orders(&hormones[..5]), vec![Bills("160032910", 410, 1)]),
        case("告示 D008 注 ロ", "12から51までの検査を6項目", visit().orders(&hormones[..6]), vec![Bills("160032910", 623, 1)])
            .and_r6(),
        case("告示 D008 注 ハ", "12から51までの検査を8項目", visit().orders(&hormones), vec![Bills("160032910", 900, 1)])
            .and_r6(),
        case(
            "告示 D008 注",
            "TSHは12から51までに入らないのでFT4・FT3と3項目にならない",
            visit().orders(&["160031710", "160033310", "160033210"]),
            vec![Bills("160031710", 98, 1), Bills("160033310", 121, 1), Bills("160033210", 121, 1)],
        ),
        case(
            "通知 外来迅速検体検査加算(2) 例、告示 D009 注2 イ",
            "CEAとCA19-9を行い当日中に説明: 腫瘍マーカー2項目と迅速20点",
            visit().rapid(&markers[..1]).rapid(&markers[2..3]),
            vec![Bills("160036510", 230, 1), Bills("160177770", 10, 2), Bills("160062010", 144, 1)],
        )
        .and_r6(),
        case("告示 D009 注2 ロ", "2から36までの検査を3項目", visit().orders(&markers[..3]), vec![Bills("160036510", 290, 1)]),
        case("告示 D009 注2 ハ", "2から36までの検査を4項目", visit().orders(&markers), vec![Bills("160036510", 385, 1)]).and_r6(),
        case(
            "告示 D009 注2",
            "腫瘍マーカー1項目はその点数による",
            visit().orders(&markers[..1]),
            vec![Bills("160036510", 99, 1)],
        ),
        case(
            "告示 D009 注1",
            "腫瘍マーカーを再び行った",
            visit().orders(&["160036510"]).before("2026-05-10", &["160036510"]),
            vec![Hints(Cut, "1回に限り")],
        ),
        case(
            "告示 D006 注",
            "14から34までの検査2項目は各項目による",
            visit().orders(&coagulation[..2]),
            vec![Bills("160114010", 127, 1), Bills("160015610", 143, 1)],
        ),
        case("告示 D006 注 イ", "14から34までの検査を3項目", visit().orders(&coagulation[..3]), vec![Bills("160015310", 530, 1)])
            .and_r6(),
        case("告示 D006 注 イ", "14から34までの検査を4項目", visit().orders(&coagulation[..4]), vec![Bills("160015310", 530, 1)]),
        case("告示 D006 注 ロ", "14から34までの検査を5項目", visit().orders(&coagulation), vec![Bills("160015310", 722, 1)])
            .and_r6(),
        case(
            "告示 D006 注",
            "PTとAPTTは14から34までに入らない",
            visit().orders(&["160012010", "160012310", "160114010"]),
            vec![Bills("160012010", 18, 1), Bills("160012310", 29, 1), Bills("160114010", 127, 1)],
        ),
        case("告示 D013 注 イ", "3から14までの検査を3項目", visit().orders(&hepatitis[..3]), vec![Bills("160049210", 290, 1)])
            .and_r6(),
        case("告示 D013 注 ロ", "3から14までの検査を4項目", visit().orders(&hepatitis[..4]), vec![Bills("160049210", 360, 1)]),
        case("告示 D013 注 ハ", "3から14までの検査を5項目", visit().orders(&hepatitis), vec![Bills("160049210", 425, 1)])
            .and_r6(),
        case("告示 D014 注1", "10から16などの検査を2項目", visit().orders(&immune[..2]), vec![Bills("160145510", 320, 1)])
            .and_r6(),
        case("告示 D014 注1", "10から16などの検査を3項目", visit().orders(&immune), vec![Bills("160145510", 490, 1)]),
        case("告示 D015 注", "特異的IgE 13種類は110点ずつ", visit().times("160056110", 13), vec![Bills("160056110", 1430, 1)]),
        case(
            "告示 D015 注 ただし書",
            "特異的IgE 20種類は1,430点を限度",
            visit().times("160056110", 20),
            vec![Bills("160056110", 1430, 1)],
        )
        .and_r6(),
        case("告示 D015 注", "特異的IgE 3種類", visit().times("160056110", 3), vec![Bills("160056110", 330, 1)]),
    ]
}

fn only_so_many() -> Vec<Case> {
    let antibodies = [
        "160041610",
        "160041710",
        "160041810",
        "160041910",
        "160042010",
        "160042110",
        "160042410",
        "160043110",
        "160043210",
        "160043310",
    ];
    vec![
        case(
            "通知 D007(5)",
            "総コレステロール・HDL・LDLを併せて測定したときは主たるもの2つ",
            visit().orders(&[TCHO, HDL, LDL]),
            vec![Bills(LDL, 18, 1), Bills(TCHO, 17, 1), Omits(HDL, "D007(5)")],
        )
        .and_r6(),
        case(
            "通知 D007(7)",
            "総蛋白・アルブミン・蛋白分画を併せて測定したときは主たるもの2つ",
            visit().orders(&["160017410", "160018910", "160022810"]),
            vec![Bills("160022810", 18, 1), Bills("160017410", 11, 1), Omits("160018910", "D007(7)")],
        ),
        case(
            "通知 D007(5)、告示 D007 注 イ",
            "数えないものはまるめの項目数にも入らない: 総コレステロールなど3項目とAST・ALTで4項目",
            visit().orders(&[TCHO, HDL, LDL, AST, ALT]),
            vec![Bills(AST, 17, 1), Bills(LDL, 18, 1), Absent(HDL)],
        ),
        case(
            "通知 D007(2)",
            "カルシウムとイオン化カルシウムを同時に測定",
            visit().orders(&["160021510", "160021610"]),
            vec![Bills("160021610", 26, 1), Omits("160021510", "D007(2)")],
        ),
        case(
            "通知 D007(3)",
            "TIBCとUIBCを同時に測定",
            visit().orders(&["160023610", "160023710"]),
            vec![Bills("160023610", 11, 1), Omits("160023710", "主たるもの1つ")],
        ),
        case(
            "通知 D007(21)",
            "KL-6・SP-A・SP-Dを併せて実施",
            visit().orders(&["160168550", "160169350", "160168450"]),
            vec![Bills("160168450", 136, 1), Omits("160168550", "D007(21)"), Omits("160169350", "D007(21)")],
        ),
        case(
            "通知 D008(7)イ",
            "BNPとNT-proBNPを併せて実施",
            visit().orders(&["160162350", "160181250"]),
            vec![Bills("160181250", 136, 1), Omits("160162350", "D008(7)")],
        ),
        case(
            "通知 D008(7)イ",
            "BNPの4日後のNT-proBNPは1週間以内なので算定しない",
            visit().orders(&["160181250"]).before("2026-07-06", &["160162350"]),
            vec![Omits("160181250", "1週間以内")],
        ),
        case(
            "通知 D008(7)イ",
            "BNPの7日後のNT-proBNPは1週間を過ぎている",
            visit().orders(&["160181250"]).before("2026-07-03", &["160162350"]),
            vec![Bills("160181250", 136, 1)],
        ),
        case(
            "通知 D002(5)",
            "尿沈渣の鏡検法とフローサイトメトリー法を併せて実施",
            visit().orders(&["160005010", "160159550"]),
            vec![Bills("160005010", 27, 1), Omits("160159550", "D002(5)")],
        ),
        case(
            "通知 D005(3)",
            "同一検体について好酸球数と末梢血液像（鏡検法）",
            visit().orders(&["160007710", "160008210"]),
            vec![Bills("160008210", 25, 1), Omits("160007710", "D005(3)")],
        ),
        case(
            "通知 D012(13)イ",
            "インフルエンザ抗原定性とＡ型抗体価を併せて実施",
            visit().orders(&["160169450", "160042210"]),
            vec![Bills("160169450", 132, 1), Omits("160042210", "D012(13)")],
        ),
        case(
            "通知 D012(17)ア",
            "ヒトメタニューモ・インフルエンザ・RSの抗原3項目は主たるもの2つ",
            visit().born("2022-01-01").orders(&["160202550", "160169450", "160117610"]),
            vec![Bills("160202550", 141, 1), Bills("160117610", 138, 1), Omits("160169450", "D012(17)")],
        ),
        case(
            "通知 D012(17)ア",
            "ヒトメタニューモとRSの2項目ならどちらも",
            visit().born("2022-01-01").orders(&["160202550", "160117610"]),
            vec![Bills("160202550", 141, 1), Bills("160117610", 138, 1)],
        ),
        case(
            "通知 D012(18)",
            "マイコプラズマ抗原定性（免疫クロマト法）と抗体半定量を併せて実施",
            visit().orders(&["160202050", "160193910"]),
            vec![Bills("160202050", 148, 1), Omits("160193910", "D012(18)")],
        ),
        case(
            "通知 D012(21)イ",
            "SARS-CoV-2抗原定性とインフルエンザとの同時検出を実施",
            visit().orders(&["160229850", "160230050"]),
            vec![Bills("160230050", 225, 1), Omits("160229850", "D012(21)")],
        ),
        case(
            "通知 D014(1)",
            "RF・MMP-3・C1q結合免疫複合体の3項目は主たるもの2つ",
            visit().orders(&["160195610", "160173150", "160119210"]),
            vec![Bills("160119210", 153, 1), Bills("160173150", 116, 1), Omits("160195610", "D014(1)")],
        ),
        case(
            "通知 D014(2)",
            "抗ガラクトース欠損IgG抗体とRF定量を併せて実施",
            visit().orders(&["160168750", "160195610"]),
            vec![Bills("160168750", 111, 1), Omits("160195610", "D014(2)")],
        ),
        case(
            "通知 D014(3)",
            "抗甲状腺ペルオキシダーゼ抗体と抗マイクロゾーム抗体半定量を併せて実施",
            visit().orders(&["160157450", "160176750"]),
            vec![Bills("160157450", 138, 1), Omits("160176750", "D014(3)")],
        ),
        case(
            "通知 D014(8)",
            "TRAbとTSAbを同時に行った",
            visit().orders(&["160035810", "160162550"]),
            vec![Bills("160162550", 330, 1), Omits("160035810", "D014(8)")],
        ),
        case(
            "通知 D015(2)",
            "SAAとCRPを併せて測定",
            visit().orders(&["160160250", "160054710"]),
            vec![Bills("160160250", 47, 1), Omits("160054710", "D015(2)")],
        ),
        case(
            "通知 D023(3)",
            "Ａ群β溶連菌の核酸検出と迅速試験を併せて実施",
            visit().born("2018-01-01").orders(&["160236450", "160044110"]),
            vec![Bills("160236450", 204, 1), Omits("160044110", "D023(3)")],
        ),
        case(
            "告示 D012 11 注",
            "同一検体のウイルス抗体価10項目は8項目を限度",
            visit().orders(&antibodies),
            vec![
                Bills("160041610", 79, 1),
                Bills("160043110", 79, 1),
                Omits("160043210", "8項目を限度"),
                Omits("160043310", "8項目を限度"),
            ],
        )
        .and_r6(),
        case(
            "告示 D012 11 注",
            "同一検体のウイルス抗体価8項目はすべて",
            visit().orders(&antibodies[..8]),
            vec![Sum(antibodies_of(), 632)],
        ),
        case(
            "告示 D012 46 注",
            "グロブリンクラス別ウイルス抗体価3項目は2項目を限度",
            visit().orders(&["160046010", "160046210", "160109410"]),
            vec![Bills("160046010", 200, 1), Bills("160046210", 200, 1), Omits("160109410", "2項目を限度")],
        ),
        case(
            "通知 D012(38)イ",
            "同一ウイルスのIgG型とIgM型を測定したときはいずれか一方",
            visit().times("160046210", 2),
            vec![Bills("160046210", 200, 1), Omits("160046210", "いずれか一方")],
        ),
    ]
}

fn antibodies_of() -> &'static [&'static str] {
    &["160041610", "160041710", "160041810", "160041910", "160042010", "160042110", "160042410", "160043110"]
}
