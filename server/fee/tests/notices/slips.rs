//! Part F: kinds of 内服薬, 処方箋料 F400 with general names, 調剤技術基本料 F500.

use crate::{
    BOTH, Case, R6, R8,
    Want::*,
    ask::{again, house, rp, slip},
    case,
    law::Text::{Circular, Notice},
};
use model::fee::HintKind::{Check, Cut, Missed};
use serde_json::{Value, json};

const DISPENSE: [&str; 2] = ["120000710", "120001010"];
const PRESCRIBE: &str = "120001210";
const PRESCRIBE_MANY: &str = "120002610";
const SLIP: &str = "120002910";
const SLIP_MANY: &str = "120002710";
const REFILL: &str = "120005010";
/// 特定疾患処方管理加算（処方料）, （処方箋料）.
const SPECIFIC: [&str; 2] = ["120005610", "120005710"];
/// 薬剤料逓減（９０／１００）（内服薬）.
const NINETY: &str = "630010002";
/// 気管支喘息, of 別表第一.
const ASTHMA: &str = "4939008";
/// アムロジピン錠５ｍｇ「あすか」.
const AMLODIPINE: &str = "620007853";
/// エチゾラム錠０．５ｍｇ「ＥＭＥＣ」.
const ETIZOLAM: &str = "610412026";
/// ロキソプロフェンＮａテープ１００ｍｇ「タカタ」.
const TAPE: &str = "622227401";
/// デキサメタゾン軟膏口腔用０．１％「ＣＨ」.
const OINTMENT: &str = "620007673";
/// Seven brands of 内服薬 of 10 to 16 yen.
const SEVEN: [&str; 7] = ["620007853", "622098501", "620007152", "622571101", "622417203", "610406079", "620009460"];

pub fn cases() -> Vec<Case> {
    let mut all = kinds();
    all.extend(by_slip());
    all.extend(names());
    all.extend(skill());
    all
}

fn kinds() -> Vec<Case> {
    let many = "薬剤料に掲げる所定単位当たりの薬価が 205 円以下の場合には、１種類とする";
    let brands = "錠剤、カプセル剤については、１銘柄ごとに１種類と計算する";
    let temporary = "臨時に投与する薬剤とは連続する投与期間が２週間以内のものをいい";
    let one: Value = json!({"route": "internal", "place": "pharmacy", "days": 28,
        "items": SEVEN.iter().map(|code| json!({"code": code, "amount": 1.0})).collect::<Vec<_>>()});
    let dear: Value = json!({"route": "internal", "place": "pharmacy", "days": 28,
        "items": SEVEN.iter().map(|code| json!({"code": code, "amount": 4.0})).collect::<Vec<_>>()});
    vec![
        case(
            BOTH,
            "F400 2",
            Notice,
            "７種類以上の内服薬の投薬",
            "内服薬7種類28日分の処方箋",
            again().prescribed(&seven("pharmacy", 28)),
            &[Billed(SLIP_MANY, 32, 1), Absent(SLIP)],
        ),
        case(
            BOTH,
            "F100 2",
            Notice,
            "７種類以上の内服薬の投薬",
            "内服薬7種類28日分の院内処方",
            again().prescribed(&seven("in_house", 28)),
            &[Billed(PRESCRIBE_MANY, 29, 1)],
        ),
        case(
            BOTH,
            "通知 F400(6)",
            Circular,
            "内服薬の投薬が６種類以下の場合",
            "内服薬6種類",
            again().prescribed(&seven("pharmacy", 28)[..6]),
            &[Billed(SLIP, 60, 1)],
        ),
        case(
            BOTH,
            "通知 F400(6)",
            Circular,
            "外用薬、屯服薬のみの投薬の場合は「３」で算定する",
            "内服薬6種類と屯服、外用",
            again().prescribed(
                &[
                    &seven("pharmacy", 28)[..6],
                    &[rp("prn", "pharmacy", "620009460", 1.0, 10), rp("external", "pharmacy", OINTMENT, 5.0, 1)],
                ]
                .concat(),
            ),
            &[Billed(SLIP, 60, 1)],
        ),
        case(
            BOTH,
            "通知 F200(6)ア(ニ)",
            Circular,
            many,
            "7銘柄を1剤、1日分205円以下",
            again().prescribed(&[one]),
            &[Billed(SLIP, 60, 1)],
        ),
        case(
            BOTH,
            "通知 F200(6)ア(イ)",
            Circular,
            brands,
            "7銘柄を1剤、1日分205円を超える",
            again().prescribed(&[dear]),
            &[Billed(SLIP_MANY, 32, 1)],
        ),
        case(
            BOTH,
            "通知 F200(6)エ",
            Circular,
            temporary,
            "7種類すべて14日分は臨時",
            again().prescribed(&seven("pharmacy", 14)),
            &[Billed(SLIP, 60, 1), Hint(Check, "臨時の投薬")],
        ),
        case(
            BOTH,
            "通知 F200(6)エ",
            Circular,
            "２週間を超える投与期間の薬剤にあっては常態として投与する薬剤として扱う",
            "7種類15日分",
            again().prescribed(&seven("pharmacy", 15)),
            &[Billed(SLIP_MANY, 32, 1)],
        ),
        case(
            BOTH,
            "F200 注3",
            Notice,
            "所定点数の100分の90に相当する点数により算定する",
            "内服薬7種類28日分の院内処方",
            again().prescribed(&seven("in_house", 28)),
            &[Has(NINETY)],
        ),
        case(
            BOTH,
            "通知 F200(6)イ",
            Circular,
            "１処方のうちの全ての内服薬の薬剤料をいう",
            "屯服薬は逓減しない（内服薬 各1点×28日×7剤の10分の1）",
            again().prescribed(
                &[
                    SEVEN
                        .iter()
                        .map(|code| rp("internal", "in_house", code, if *code == "610406079" { 0.5 } else { 0.9 }, 28))
                        .collect(),
                    vec![rp("prn", "in_house", "620007152", 1.0, 10)],
                ]
                .concat(),
            ),
            &[Billed(NINETY, -20, 1)],
        ),
        case(
            BOTH,
            "F200 注3、F400 2",
            Notice,
            "地域包括診療加算を算定するものを除く",
            "地域包括診療加算を算定する患者の7種類",
            again().orders(&["112021770"]).prescribed(&seven("pharmacy", 28)),
            &[Has("112021770"), Billed(SLIP, 60, 1)],
        ),
        case(
            BOTH,
            "F200 注3",
            Notice,
            "区分番号Ｂ００１－２－９に掲げる地域包括診療料を算定するものを除く",
            "地域包括診療料を算定する月の7種類",
            again().orders(&["113024810"]).prescribed(&seven("in_house", 28)),
            &[Absent(NINETY)],
        ),
        case(
            BOTH,
            "F100 1、F400 1",
            Notice,
            "３種類以上の抗不安薬、３種類以上の睡眠薬、３種類以上の抗うつ薬、３種類以上の抗精神病薬又は４種類以上の抗不安薬及び睡眠薬の投薬",
            "薬効分類112・117の3成分（種類の表は手元にない）",
            again().prescribed(&[slip(ETIZOLAM, 1.0, 28), slip("610443048", 1.0, 28), slip("610422299", 1.0, 28)]),
            &[Has(SLIP), Omitted("向精神薬多剤投与", "算定していません")],
        ),
    ]
}

fn by_slip() -> Vec<Case> {
    let refill = |code: &str, days: u16, uses: u8| {
        let mut group = slip(code, 1.0, days);
        group["refills"] = json!(uses);
        group
    };
    let mut patch = rp("external", "pharmacy", TAPE, 14.0, 1);
    patch["refills"] = json!(2);
    vec![
        case(
            BOTH,
            "F400 3",
            Notice,
            "１及び２以外の場合 60点",
            "処方箋を交付",
            again().prescribed(&[slip(AMLODIPINE, 1.0, 28)]),
            &[Billed(SLIP, 60, 1)],
        ),
        case(
            BOTH,
            "通知 F400(2)",
            Circular,
            "その処方箋に処方した剤数、投与量（日分数）等の如何にかかわらず、１回として算定する",
            "3剤の処方箋",
            again().prescribed(&[slip(AMLODIPINE, 1.0, 28), slip("622098501", 1.0, 28), slip("620007152", 3.0, 5)]),
            &[Billed(SLIP, 60, 1)],
        ),
        case(
            BOTH,
            "F400 注3",
            Notice,
            "処方箋の交付１回につき３点を所定点数に加算する",
            "2歳の処方箋",
            again().aged("y-2").prescribed(&[slip("620007152", 1.0, 3)]),
            &[Billed("120002470", 3, 1)],
        ),
        case(
            BOTH,
            "F400 注4",
            Notice,
            "１処方につき56点を所定点数に加算する",
            "喘息が主病、28日分の処方箋",
            again().diagnoses(&[ASTHMA]).prescribed(&[slip(AMLODIPINE, 1.0, 28)]),
            &[Billed(SPECIFIC[1], 56, 1)],
        ),
        case(
            BOTH,
            "F400 注4",
            Notice,
            "リフィル処方箋の複数回の使用による合計の処方期間が28日以上の処方を含む",
            "14日分を2回使うリフィル処方箋",
            again().diagnoses(&[ASTHMA]).prescribed(&[refill(AMLODIPINE, 14, 2)]),
            &[Billed(REFILL, 60, 1), Billed(SPECIFIC[1], 56, 1), Absent(SLIP)],
        ),
        case(
            BOTH,
            "F400 注4",
            Notice,
            "リフィル処方箋の複数回の使用による合計の処方期間が28日以上の処方を含む",
            "7日分を3回使うリフィル処方箋は21日",
            again().diagnoses(&[ASTHMA]).prescribed(&[refill(AMLODIPINE, 7, 3)]),
            &[Billed(REFILL, 60, 1), Absent(SPECIFIC[1])],
        ),
        case(
            BOTH,
            "通知 F400(15)",
            Circular,
            "投与量に限度が定められている医薬品及び貼付剤については、リフィル処方箋による処方を行うことはできない",
            "湿布のリフィル処方箋",
            again().prescribed(&[patch]),
            &[Hint(Cut, "通知 F400(15)")],
        ),
        case(
            BOTH,
            "通知 F400(15)",
            Circular,
            "投与量に限度が定められている医薬品及び貼付剤については、リフィル処方箋による処方を行うことはできない",
            "向精神薬のリフィル処方箋",
            again().prescribed(&[refill(ETIZOLAM, 28, 3)]),
            &[Hint(Cut, "通知 F400(15)")],
        ),
        case(
            BOTH,
            "通知 F400(9)",
            Circular,
            "一部の薬剤を院内において投薬し、他の薬剤を院外処方箋により投薬することは、原則として認められない",
            "処方箋の日に緊急の院内投薬",
            again().prescribed(&[slip(AMLODIPINE, 1.0, 28), house("620007152", 3.0, 3)]),
            &[Has(SLIP), Has("620007152"), Omitted(PRESCRIBE, "F400(9)"), Omitted(DISPENSE[0], "F400(9)")],
        ),
    ]
}

fn names() -> Vec<Case> {
    let all = "後発医薬品のある全ての医薬品";
    let by_name = |codes: &[&str], plain: &[&str]| {
        let group = |code: &&str, general: bool| {
            let mut group = slip(code, 1.0, 28);
            group["general_name"] = json!(general);
            group
        };
        let groups: Vec<Value> = codes.iter().map(|c| group(c, true)).chain(plain.iter().map(|c| group(c, false))).collect();
        again().standards(&["一般名処方加算"]).prescribed(&groups)
    };
    vec![
        case(
            R8,
            "F400 注6 イ",
            Notice,
            "一般名処方加算１ ８点",
            "後発品のある2品目を一般名で処方",
            by_name(&[AMLODIPINE, "622098501"], &[]),
            &[Billed("120004270", 8, 1)],
        ),
        case(
            R6,
            "F400 注6 イ",
            Notice,
            "一般名処方加算１ 10点",
            "後発品のある2品目を一般名で処方",
            by_name(&[AMLODIPINE, "622098501"], &[]),
            &[Billed("120004270", 10, 1)],
        ),
        case(
            R8,
            "F400 注6 ロ",
            Notice,
            "一般名処方加算２ ６点",
            "2品目のうち1品目",
            by_name(&[AMLODIPINE], &["622098501"]),
            &[Billed("120003570", 6, 1)],
        ),
        case(
            R6,
            "F400 注6 ロ",
            Notice,
            "一般名処方加算２ ８点",
            "2品目のうち1品目",
            by_name(&[AMLODIPINE], &["622098501"]),
            &[Billed("120003570", 8, 1)],
        ),
        case(
            BOTH,
            "通知 F400(12)",
            Circular,
            "２品目以上の場合に限る",
            "1品目だけを一般名で処方",
            by_name(&[AMLODIPINE], &[]),
            &[Absent("120004270"), Has("120003570")],
        ),
        case(
            BOTH,
            "通知 F400(12)",
            Circular,
            all,
            "後発品のない薬は数えない",
            by_name(&[AMLODIPINE, "622098501"], &["622417203"]),
            &[Has("120004270")],
        ),
        case(
            BOTH,
            "通知 F400(12)",
            Circular,
            "品目数については、一般的名称で計算する",
            "同じ一般名の2銘柄は1品目",
            by_name(&[AMLODIPINE, "612170710"], &[]),
            &[Absent("120004270"), Has("120003570")],
        ),
        case(
            BOTH,
            "F400 注6",
            Notice,
            "別に厚生労働大臣が定める施設基準を満たす保険医療機関において、薬剤の一般的名称を記載する処方箋を交付した場合",
            "施設基準の名がない医療機関",
            again().prescribed(&[{
                let mut group = slip(AMLODIPINE, 1.0, 28);
                group["general_name"] = json!(true);
                group
            }]),
            &[Absent("120003570"), Hint(Missed, "一般名処方加算の施設基準")],
        ),
    ]
}

fn skill() -> Vec<Case> {
    let standards: &[&str] = &["薬剤師常時勤務"];
    let skill = "120001810";
    let drug = || house(AMLODIPINE, 1.0, 14);
    vec![
        case(
            BOTH,
            "F500 2",
            Notice,
            "その他の患者に投薬を行った場合 14点",
            "薬剤師が常時勤務、院内投薬",
            again().standards(standards).prescribed(&[drug()]),
            &[Billed(skill, 14, 1)],
        ),
        case(
            BOTH,
            "F500 注2",
            Notice,
            "調剤技術基本料は月１回に限り算定する",
            "同じ月の2回目",
            again().standards(standards).prescribed(&[drug()]).billed(&[("d-4", skill)]),
            &[Omitted(skill, "月1回")],
        ),
        case(
            BOTH,
            "通知 F500(2)",
            Circular,
            "同一医療機関において同一月内に処方箋の交付がある場合は、調剤技術基本料は算定できない",
            "同じ月に処方箋を交付",
            again().standards(standards).prescribed(&[drug()]).billed(&[("d-4", SLIP)]),
            &[Omitted(skill, "F500(2)")],
        ),
        case(
            BOTH,
            "通知 F500(2)",
            Circular,
            "同一医療機関において同一月内に処方箋の交付がある場合は、調剤技術基本料は算定できない",
            "同じ月にリフィル処方箋を交付",
            again().standards(standards).prescribed(&[drug()]).billed(&[("d-4", REFILL)]),
            &[Omitted(skill, "F500(2)")],
        ),
        case(
            BOTH,
            "F500 注4",
            Notice,
            "在宅患者訪問薬剤管理指導料を算定している患者については、算定しない",
            "同じ月に在宅患者訪問薬剤管理指導料",
            again().standards(standards).prescribed(&[drug()]).billed(&[("d-4", "114044710")]),
            &[Omitted(skill, "F500 注4")],
        ),
        case(
            BOTH,
            "F 通則3",
            Notice,
            "薬剤師が常時勤務する保険医療機関において投薬を行った場合",
            "薬剤師のいない診療所",
            again().prescribed(&[drug()]),
            &[Absent(skill)],
        ),
    ]
}
fn seven(place: &str, days: u16) -> Vec<Value> {
    SEVEN.iter().map(|code| rp("internal", place, code, 1.0, days)).collect()
}
