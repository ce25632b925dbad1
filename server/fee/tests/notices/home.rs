//! Part C: 在宅医療.

use crate::{
    BOTH, Case, R6, R8,
    Want::*,
    ask::{again, first, house, visit},
    case,
    law::Text::{Circular, Notice},
};
use model::fee::HintKind::{Cut, Missed};
use serde_json::json;

const RETURN: &str = "112007410";
/// 往診料.
const CALL: &str = "114000110";
/// 在宅患者訪問診療料（１）１（同一建物居住者以外）, （同一建物居住者）, （１）２, （２）イ.
const VISIT: [&str; 4] = ["114001110", "114030310", "114042110", "114042810"];
/// 在宅自己注射指導管理料（１以外）（月２７回以下）, （月２８回以上）.
const SELF: [&str; 2] = ["114040610", "114028410"];
/// 在宅酸素療法指導管理料（その他）.
const OXYGEN: &str = "114003710";
/// 在宅持続陽圧呼吸療法指導管理料２.
const CPAP: &str = "114040810";
/// 在医総管（在支診等以外・月２回～１人）, （月１回・１人）.
const GENERAL: [&str; 2] = ["114033710", "114034010"];

pub fn cases() -> Vec<Case> {
    let mut all = calls();
    all.extend(visits());
    all.extend(general_management());
    all.extend(guidance());
    all.extend(standing());
    all
}

fn calls() -> Vec<Case> {
    vec![
        case(BOTH, "C000", Notice, "往診料 720点", "往診", again().orders(&[CALL]), &[Billed(CALL, 720, 1), Has(RETURN)]),
        case(
            BOTH,
            "C000",
            Notice,
            "往診料 720点",
            "初診の往診",
            first().orders(&[CALL]),
            &[Billed(CALL, 720, 1), Has("111000110")],
        ),
        case(
            BOTH,
            "通知 C000(6)",
            Circular,
            "夜間（深夜を除く。）とは午後６時から午前８時までとし、深夜の取扱いについては、午後 10 時から午前６時までとする",
            "19時の往診で加算がない（算定もれ）",
            again().at("19:00").orders(&[CALL]),
            &[Has(CALL), Hint(Missed, "夜間往診加算")],
        ),
        case(
            BOTH,
            "通知 C000(6)",
            Circular,
            "深夜の取扱いについては、午後 10 時から午前６時までとする",
            "23時の往診で加算がない（算定もれ）",
            again().at("23:00").orders(&[CALL]),
            &[Hint(Missed, "深夜往診加算")],
        ),
        case(
            BOTH,
            "通知 C000(7)",
            Circular,
            "休日とは、日曜日及び国民の祝日に関する法律第３条に規定する休日をいう",
            "休日の往診で加算がない（算定もれ）",
            again().holiday().orders(&[CALL]),
            &[Hint(Missed, "休日往診加算")],
        ),
        case(
            BOTH,
            "C000 注1",
            Notice,
            "夜間（深夜を除く。）又は休日の往診、深夜の往診を行った場合",
            "夜間往診加算をオーダー",
            again().at("19:00").orders(&[CALL, "114704570"]),
            &[Billed("114704570", 405, 1), Silent("夜間往診加算を算定できる")],
        ),
        case(
            BOTH,
            "C000 注2",
            Notice,
            "30分又はその端数を増すごとに、100点を所定点数に加算する",
            "患家での診療91分",
            again().quantities(&[(CALL, 1), ("114000970", 91)]),
            &[Billed("114000970", 200, 1)],
        ),
    ]
}

fn visits() -> Vec<Case> {
    let none =
        "区分番号Ａ００１に掲げる再診料、区分番号Ａ００２に掲げる外来診療料又は区分番号Ｃ０００に掲げる往診料は、算定しない";
    vec![
        case(
            R8,
            "C001 1イ",
            Notice,
            "イ 同一建物居住者以外の場合 890点",
            "計画的な訪問診療",
            again().orders(&[VISIT[0]]),
            &[Billed(VISIT[0], 890, 1)],
        ),
        case(
            R6,
            "C001 1イ",
            Notice,
            "イ 同一建物居住者以外の場合 888点",
            "計画的な訪問診療",
            again().orders(&[VISIT[0]]),
            &[Billed(VISIT[0], 888, 1)],
        ),
        case(
            R8,
            "C001 1ロ",
            Notice,
            "ロ 同一建物居住者の場合 215点",
            "同一建物居住者",
            again().orders(&[VISIT[1]]),
            &[Billed(VISIT[1], 215, 1)],
        ),
        case(
            BOTH,
            "C001 注1",
            Notice,
            none,
            "再診料・外来管理加算・往診料は算定しない",
            again().orders(&[VISIT[0], CALL]),
            &[Has(VISIT[0]), Omitted(RETURN, "C001"), Absent("112011010"), Absent(CALL)],
        ),
        case(
            BOTH,
            "通知 C001(6)",
            Circular,
            "「Ａ０００」初診料を算定した初診の日には算定できない",
            "初診の日の訪問診療",
            first().orders(&[VISIT[0]]),
            &[Has("111000110"), Omitted(VISIT[0], "C001 注1")],
        ),
        case(
            BOTH,
            "C001 注1",
            Notice,
            "当該患者１人につき週３回",
            "同じ週の4回目",
            again().day("2026-05-29", "2026-07-10").orders(&[VISIT[0]]).billed(&[
                ("d-1", VISIT[0]),
                ("d-2", VISIT[0]),
                ("d-3", VISIT[1]),
            ]),
            &[Hint(Cut, "週3回を超えます")],
        ),
        case(
            BOTH,
            "C001 注2",
            Notice,
            "月１回に限り算定する。この場合において、区分番号Ａ０００に掲げる初診料",
            "紹介された患者の訪問診療（2）の2回目",
            again().orders(&[VISIT[2]]).billed(&[("d-6", VISIT[2])]),
            &[Absent(VISIT[2])],
        ),
        case(
            BOTH,
            "C001 注4",
            Notice,
            "乳幼児加算として、400点を所定点数に加算する",
            "5歳の訪問診療",
            again().aged("y-5").orders(&[VISIT[0]]),
            &[Billed("114015870", 400, 1)],
        ),
        case(
            BOTH,
            "C001-2",
            Circular,
            "患者の入居する有料老人ホーム等に併設される保険医療機関が定期的に訪問して診療を行った場合の評価",
            "在宅患者訪問診療料（Ⅱ）でも再診料は算定しない",
            again().orders(&[VISIT[3]]),
            &[Has(VISIT[3]), Omitted(RETURN, "C001")],
        ),
        case(
            BOTH,
            "通知 C000(11)",
            Circular,
            "患者又はその家族等が単に薬剤を取りに医療機関に来た場合は、再診料又は外来診療料は算定できない",
            "訪問診療の日の処方は訪問診療料と処方料",
            again().orders(&[VISIT[0]]).prescribed(&[house("620007853", 1.0, 28)]),
            &[Has(VISIT[0]), Has("120001210"), Absent(RETURN)],
        ),
    ]
}

fn general_management() -> Vec<Case> {
    vec![
        case(
            BOTH,
            "C002 注1",
            Notice,
            "在宅時医学総合管理料（月１回）",
            "同じ月の2回目",
            again().orders(&[VISIT[0], GENERAL[0]]).billed(&[("d-8", VISIT[0]), ("d-8", GENERAL[0])]),
            &[Absent(GENERAL[0])],
        ),
        case(
            BOTH,
            "C002 3ロ",
            Notice,
            "月２回以上訪問診療を行っている場合",
            "今月の訪問診療が1回なのに月2回以上の区分",
            again().orders(&[VISIT[0], GENERAL[0]]),
            &[Has(GENERAL[0]), Hint(Cut, "今月の訪問診療は1回")],
        ),
        case(
            BOTH,
            "C002 3ロ",
            Notice,
            "月２回以上訪問診療を行っている場合",
            "今月2回目の訪問診療で月2回以上の区分",
            again().orders(&[VISIT[0], GENERAL[0]]).billed(&[("d-8", VISIT[0])]),
            &[Has(GENERAL[0]), Silent("今月の訪問診療は")],
        ),
        case(
            BOTH,
            "C002 3ニ",
            Notice,
            "月１回訪問診療を行っている場合",
            "今月2回目の訪問診療なのに月1回の区分（算定もれ）",
            again().orders(&[VISIT[0], GENERAL[1]]).billed(&[("d-8", VISIT[0])]),
            &[Has(GENERAL[1]), Hint(Missed, "今月の訪問診療は2回")],
        ),
    ]
}

fn guidance() -> Vec<Case> {
    let main = "主たる指導管理の所定点数のみにより算定する";
    let materials = "第１款各区分に掲げる在宅療養指導管理料のいずれかの所定点数を算定する場合に";
    vec![
        case(
            BOTH,
            "C101 2イ",
            Notice,
            "イ 月27回以下の場合 650点",
            "自己注射",
            again().orders(&[SELF[0]]),
            &[Billed(SELF[0], 650, 1), Has(RETURN)],
        ),
        case(
            BOTH,
            "C101 2ロ",
            Notice,
            "ロ 月28回以上の場合 750点",
            "毎日の自己注射",
            again().orders(&[SELF[1]]),
            &[Billed(SELF[1], 750, 1)],
        ),
        case(
            BOTH,
            "C 第2節第1款 通則1",
            Notice,
            "特に規定する場合を除き、月１回に限り算定し",
            "同じ月の2回目",
            again().orders(&[SELF[0]]).billed(&[("d-7", SELF[0])]),
            &[Absent(SELF[0])],
        ),
        case(
            BOTH,
            "C 第2節第1款 通則2",
            Notice,
            main,
            "在宅酸素とCPAP",
            again().orders(&[OXYGEN, CPAP]),
            &[Billed(OXYGEN, 2400, 1), Absent(CPAP)],
        ),
        case(
            BOTH,
            "通知 C 第2節第1款 通則6",
            Circular,
            "２以上の指導管理を行っている場合は、主たる指導管理の所定点数を算定する",
            "同じ月に在宅酸素を算定済みのCPAP",
            again().orders(&[CPAP]).billed(&[("d-7", OXYGEN)]),
            &[Absent(CPAP)],
        ),
        case(
            BOTH,
            "C101 注1 ただし書",
            Notice,
            "当該管理料を算定できない",
            "同じ月に外来腫瘍化学療法診療料",
            again().orders(&[SELF[0]]).billed(&[("d-7", "113038110")]),
            &[Omitted(SELF[0], "C101 注1")],
        ),
        case(
            BOTH,
            "C101 注2",
            Notice,
            "導入初期加算として、３月を限度として、580点を所定点数に加算する",
            "導入の月",
            again().orders(&[SELF[0], "114028570"]),
            &[Billed("114028570", 580, 1)],
        ),
        case(
            BOTH,
            "C101 注2、通知(9)",
            Circular,
            "新たに在宅自己注射を導入した患者に対し、３月に限り、月１回に限り算定する",
            "4月目の導入初期加算",
            again().orders(&[SELF[0], "114028570"]).billed(&[("m-3", "114028570"), ("m-2", "114028570"), ("m-1", "114028570")]),
            &[Has(SELF[0]), Hint(Cut, "導入初期加算")],
        ),
        case(
            BOTH,
            "C 第2節第2款 通則1",
            Notice,
            materials,
            "指導管理料と血糖自己測定器加算",
            again().orders(&[SELF[0], "114005910"]),
            &[Has(SELF[0]), Billed("114005910", 350, 1)],
        ),
        case(
            BOTH,
            "C 第2節第2款 通則1",
            Notice,
            materials,
            "指導管理料のない月の血糖自己測定器加算",
            again().orders(&["114005910"]),
            &[Omitted("114005910", "第2款 通則1")],
        ),
        case(
            R8,
            "C 第2節第2款 通則1",
            Notice,
            "特に規定する場合を除き、３月に３回に限り算定する",
            "3月に4回目の血糖自己測定器加算",
            again().orders(&[SELF[0], "114005910"]).billed(&[("m-1", "114005910"), ("m-1", "114005910"), ("m-2", "114005910")]),
            &[Has(SELF[0]), Omitted("114005910", "3月に3回")],
        ),
        case(
            R6,
            "C107-2 2",
            Notice,
            "在宅持続陽圧呼吸療法指導管理料２ 250点",
            "CPAPと治療器加算",
            again().orders(&[CPAP, "114041310"]),
            &[Billed(CPAP, 250, 1), Billed("114041310", 960, 1)],
        ),
        case(
            R8,
            "C107-2 2",
            Notice,
            "在宅持続陽圧呼吸療法指導管理料２ 240点",
            "CPAPと治療器加算",
            again().orders(&[CPAP, "114041310"]),
            &[Billed(CPAP, 240, 1), Has("114041310")],
        ),
        case(
            BOTH,
            "通知 特掲診療料 通則1",
            Circular,
            "第２部第２節第１款の各区分に規定する在宅療養指導管理料",
            "在宅自己注射指導管理料と特定疾患療養管理料",
            again().diagnoses(&["4939008"]).orders(&[SELF[0], "113001810"]),
            &[Has(SELF[0]), Absent("113001810")],
        ),
        case(
            BOTH,
            "通知 A001(8)オ",
            Circular,
            "当該再診料を算定する際には、第２章第１部の各区分に規定する医学管理等は算定できない",
            "電話による再診でも在宅療養指導管理料（第2部）は第1部ではない",
            visit("telephone").orders(&[CPAP]),
            &[Has(CPAP)],
        ),
    ]
}

fn standing() -> Vec<Case> {
    let all = ["外来感染対策向上加算", "連携強化加算", "サーベイランス強化加算", "抗菌薬適正使用体制加算"];
    vec![
        case(
            BOTH,
            "C 通則5–8",
            Notice,
            "在宅患者診療・指導料のうち次に掲げるものを算定した場合は、外来感染対策向上加算として、月１回に限り６点",
            "発熱患者の訪問診療、すべて届出",
            again().visit("fever", json!(true)).standards(&all).orders(&[VISIT[0]]),
            &[
                Billed("114055090", 6, 1),
                Billed("114704290", 20, 1),
                Billed("114055190", 3, 1),
                Billed("114055290", 1, 1),
                Billed("114704390", 5, 1),
                Absent("112024370"),
            ],
        ),
        case(
            BOTH,
            "C 通則5",
            Notice,
            "外来感染対策向上加算を算定した月は、別に算定できない",
            "同じ月の再診で算定済み",
            again().standards(&all).orders(&[VISIT[0]]).billed(&[("d-6", RETURN), ("d-6", "112024370")]),
            &[Omitted("114055090", "月1回")],
        ),
        case(
            BOTH,
            "通知 A000(23)",
            Circular,
            "夜間・早朝等加算は、当該加算の算定対象となる時間に受付を行った患者について算定する",
            "訪問診療では時間外加算・夜間早朝等加算を算定しない",
            again().at("18:30").standards(&["夜間・早朝等加算"]).orders(&[VISIT[0]]),
            &[Absent("112001110"), Absent("112015570")],
        ),
    ]
}
