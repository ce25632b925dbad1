//! Part F: 投薬.

use crate::{
    BOTH, Case, R6, R8,
    Want::*,
    ask::{again, first, house, rp, slip},
    case,
    law::Text::{Circular, Notice},
};
use model::fee::HintKind::Cut;
use serde_json::json;

const DISPENSE: [&str; 2] = ["120000710", "120001010"];
const PRESCRIBE: &str = "120001210";
const SLIP: &str = "120002910";
/// 特定疾患処方管理加算（処方料）, （処方箋料）.
const SPECIFIC: [&str; 2] = ["120005610", "120005710"];
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

pub fn cases() -> Vec<Case> {
    let mut all = general();
    all.extend(in_house());
    all
}

fn general() -> Vec<Case> {
    let patches = "１処方につき63枚を超えて貼付剤を投薬した場合は";
    let tape = |place: &str, sheets: f64| rp("external", place, TAPE, sheets, 1);
    vec![
        case(
            BOTH,
            "F 通則1 ただし書",
            Notice,
            "ただし、処方箋を交付した場合は、第５節の所定点数のみにより算定する",
            "処方箋を交付した日",
            again().prescribed(&[slip(AMLODIPINE, 1.0, 14)]),
            &[Has(SLIP), Absent(PRESCRIBE), Absent(DISPENSE[0]), Absent(AMLODIPINE)],
        ),
        case(
            BOTH,
            "F 通則4、通知 F 通則9",
            Circular,
            "治療を目的とする場合にあっては、この限りでない",
            "うがい薬のみの処方箋",
            again().prescribed(&[rp("external", "pharmacy", "620008969", 30.0, 1)]),
            &[Has(SLIP), Hint(Cut, "うがい薬のみ")],
        ),
        case(
            BOTH,
            "F 通則4",
            Notice,
            "うがい薬のみを投薬した場合",
            "うがい薬と内服薬",
            again().prescribed(&[rp("external", "pharmacy", "620008969", 30.0, 1), slip("620007152", 3.0, 5)]),
            &[Has(SLIP), Silent("うがい薬のみ")],
        ),
        case(
            BOTH,
            "F 通則5",
            Notice,
            patches,
            "湿布64枚の処方箋",
            again().prescribed(&[tape("pharmacy", 64.0)]),
            &[Omitted(SLIP, "F 通則5")],
        ),
        case(BOTH, "F 通則5", Notice, patches, "湿布63枚の処方箋", again().prescribed(&[tape("pharmacy", 63.0)]), &[Has(SLIP)]),
        case(
            BOTH,
            "F 通則5",
            Notice,
            patches,
            "2種類の湿布を合わせて70枚",
            again().prescribed(&[tape("pharmacy", 35.0), rp("external", "pharmacy", "620007804", 35.0, 1)]),
            &[Omitted(SLIP, "F 通則5")],
        ),
        case(
            BOTH,
            "F 通則5",
            Notice,
            "薬剤（当該超過分に係る薬剤料に限る。）",
            "院内で湿布70枚: 19.40円×70＝136点、63枚分は122点",
            again().prescribed(&[tape("in_house", 70.0)]),
            &[Sum(&[TAPE, "630010007"], 122), Omitted(PRESCRIBE, "F 通則5"), Omitted(DISPENSE[1], "F 通則5")],
        ),
        case(
            BOTH,
            "通知 F 通則10",
            Circular,
            "各種がんにおける鎮痛の目的で用いる場合はこの限りでない",
            "胃癌の患者の湿布70枚",
            again().diagnoses(&["1519006"]).prescribed(&[tape("pharmacy", 70.0)]),
            &[Has(SLIP), Hint(Cut, "がんにおける鎮痛")],
        ),
        case(
            BOTH,
            "通知 F 通則10",
            Circular,
            "麻薬若しくは向精神薬であるもの又は専ら皮膚疾患に用いるものを除く",
            "麻薬の貼付剤は枚数に数えない",
            again().prescribed(&[tape("pharmacy", 60.0), rp("external", "pharmacy", "621988502", 14.0, 1)]),
            &[Has(SLIP)],
        ),
        case(
            BOTH,
            "通知 F 通則11",
            Circular,
            "疾病の治療を目的としたものであり、かつ、医師が当該保湿剤の使用が有効であると判断した場合を除き、これを算定しない",
            "ヘパリン類似物質の処方箋",
            again().prescribed(&[rp("external", "pharmacy", "620009048", 50.0, 1)]),
            &[Has(SLIP), Hint(Cut, "通知 F 通則11")],
        ),
        case(
            R8,
            "F 通則6",
            Notice,
            "栄養保持を目的とした医薬品を投薬した場合",
            "経腸栄養剤の処方箋",
            again().prescribed(&[slip("613250027", 500.0, 14)]),
            &[Has(SLIP), Hint(Cut, "F 通則6")],
        ),
        case(
            R6,
            "F 通則5",
            Notice,
            patches,
            "R6に栄養保持の規定はない",
            again().prescribed(&[slip("613250027", 500.0, 14)]),
            &[Has(SLIP), Silent("栄養保持")],
        ),
        case(
            BOTH,
            "F200 注5",
            Notice,
            "投与されたビタミン剤については",
            "病名のないビタミン剤の処方箋",
            again().prescribed(&[slip("613130595", 3.0, 14)]),
            &[Has(SLIP), Hint(Cut, "F200 注5")],
        ),
        case(
            BOTH,
            "通知 F200(8)ア",
            Circular,
            "ビタミン剤とは、内服薬及び注射薬をいう",
            "ビタミン剤の注射",
            again().with_drugs("130000510", &[("643130224", 1.0)]),
            &[Has("643130224"), Hint(Cut, "通知 F200(8)")],
        ),
    ]
}

fn in_house() -> Vec<Case> {
    let controlled = "入院中の患者以外の患者に対して投薬を行う場合は１処方につき１点";
    vec![
        case(
            BOTH,
            "F000 1、F100 3",
            Notice,
            "イ 内服薬、浸煎薬及び屯服薬（１回の処方に係る調剤につき） 11点",
            "内服薬と外用薬の院内処方",
            again().prescribed(&[house("620007152", 3.0, 5), rp("external", "in_house", OINTMENT, 5.0, 1)]),
            &[Billed(DISPENSE[0], 11, 1), Billed(DISPENSE[1], 8, 1), Billed(PRESCRIBE, 42, 1)],
        ),
        case(
            BOTH,
            "通知 F000(1)",
            Circular,
            "その剤数・日数又は調剤した量にかかわらず「１」の所定点数を処方料算定時にまとめて算定する",
            "3剤と屯服",
            again().prescribed(&[
                house(AMLODIPINE, 1.0, 14),
                house("622098501", 1.0, 28),
                house("620007152", 3.0, 5),
                rp("prn", "in_house", "620007152", 1.0, 10),
            ]),
            &[Billed(DISPENSE[0], 11, 1), Absent(DISPENSE[1]), Billed(PRESCRIBE, 42, 1)],
        ),
        case(
            BOTH,
            "F000 注、通知(4)",
            Circular,
            controlled,
            "向精神薬の院内処方",
            again().prescribed(&[house(ETIZOLAM, 1.0, 14)]),
            &[Billed("120000110", 1, 1), Billed("120001310", 1, 1)],
        ),
        case(
            BOTH,
            "F100 注4",
            Notice,
            "乳幼児加算として、１処方につき３点",
            "2歳の院内処方",
            again().aged("y-2").prescribed(&[house("620007152", 1.0, 3)]),
            &[Billed("120002170", 3, 1)],
        ),
        case(
            BOTH,
            "F100 注4",
            Notice,
            "３歳未満の乳幼児に対して処方を行った場合",
            "3歳の院内処方",
            again().aged("y-3").prescribed(&[house("620007152", 1.0, 3)]),
            &[Absent("120002170")],
        ),
        case(
            BOTH,
            "F100 注5",
            Notice,
            "薬剤の処方期間が28日以上の処方を行った場合は、特定疾患処方管理加算として、月１回に限り、１処方につき56点",
            "喘息が主病、28日分",
            again().diagnoses(&[ASTHMA]).prescribed(&[house(AMLODIPINE, 1.0, 28)]),
            &[Billed(SPECIFIC[0], 56, 1)],
        ),
        case(
            BOTH,
            "通知 F100(9)ウ",
            Circular,
            "当該患者に処方された薬剤の処方期間が全て 28 日以上である必要はない",
            "28日分と5日分",
            again().diagnoses(&[ASTHMA]).prescribed(&[house(AMLODIPINE, 1.0, 28), house("620007152", 3.0, 5)]),
            &[Billed(SPECIFIC[0], 56, 1)],
        ),
        case(
            BOTH,
            "F100 注5",
            Notice,
            "薬剤の処方期間が28日以上の処方を行った場合",
            "27日分",
            again().diagnoses(&[ASTHMA]).prescribed(&[house(AMLODIPINE, 1.0, 27)]),
            &[Absent(SPECIFIC[0])],
        ),
        case(
            BOTH,
            "通知 F100(9)イ",
            Circular,
            "「Ｆ１００」処方料又は「Ｆ４００」処方箋料のいずれか一方の加算として月１回に限り算定する",
            "同じ月に処方箋料の加算を算定済み",
            again().diagnoses(&[ASTHMA]).prescribed(&[house(AMLODIPINE, 1.0, 28)]).billed(&[("d-5", SPECIFIC[1])]),
            &[Omitted(SPECIFIC[0], "月1回")],
        ),
        case(
            BOTH,
            "通知 F100(9)オ",
            Circular,
            "特定疾患処方管理加算は初診料を算定した初診の日においても算定できる",
            "初診の日の28日分",
            first().diagnoses(&[ASTHMA]).prescribed(&[slip(AMLODIPINE, 1.0, 28)]),
            &[Billed(SPECIFIC[1], 56, 1)],
        ),
        case(
            R8,
            "F100 注8",
            Notice,
            "地域支援・外来医薬品供給対応体制加算２ ７点",
            "加算2の届出、院内処方",
            again().standards(&["地域支援・外来医薬品供給対応体制加算2"]).prescribed(&[house(AMLODIPINE, 1.0, 14)]),
            &[Billed("120004070", 7, 1)],
        ),
        case(
            R6,
            "F100 注8",
            Notice,
            "外来後発医薬品使用体制加算１ ８点",
            "R6 加算1の届出、院内処方",
            again().standards(&["外来後発医薬品使用体制加算1"]).prescribed(&[house(AMLODIPINE, 1.0, 14)]),
            &[Billed("120004370", 8, 1)],
        ),
        case(
            BOTH,
            "F200",
            Notice,
            "薬価が15円以下である場合は１点とし、15円を超える場合は10円又はその端数を増すごとに１点を所定点数に加算する",
            "デパス0.5mg 9.20円は1点",
            again().prescribed(&[house("611170513", 1.0, 7)]),
            &[Billed("611170513", 1, 7)],
        ),
        case(
            BOTH,
            "F200",
            Notice,
            "15円を超える場合は10円又はその端数を増すごとに１点を所定点数に加算する",
            "マイスリー10mg 31.00円は3点",
            again().prescribed(&[house("610443048", 1.0, 14)]),
            &[Billed("610443048", 3, 14)],
        ),
        case(
            BOTH,
            "F200",
            Notice,
            "屯服薬 １回分",
            "屯服は1回分ごと",
            again().prescribed(&[rp("prn", "in_house", "610443048", 2.0, 5)]),
            &[Billed("610443048", 6, 5)],
        ),
        case(
            BOTH,
            "通知 F000(2)",
            Circular,
            "トローチ剤の１日量６錠３日分は、18 錠分を１調剤の薬剤料",
            "外用薬は全量で1調剤（28.60円×14枚）",
            again().prescribed(&[rp("external", "in_house", "620007804", 14.0, 1)]),
            &[Billed("620007804", 40, 1)],
        ),
        case(
            BOTH,
            "通知 F100(2)",
            Circular,
            "２以上の診療科で異なる医師が処方した場合は、それぞれの処方につき処方料を算定する",
            "同じ日の2科目の処方",
            again()
                .visit("second_department", json!(true))
                .prescribed(&[house("620007152", 3.0, 5)])
                .billed(&[("d-0", "112007410"), ("d-0", PRESCRIBE)]),
            &[Billed(PRESCRIBE, 42, 1)],
        ),
        case(
            R8,
            "療担規則、掲示事項等告示 長期収載品",
            Notice,
            "使用薬剤の薬価は、別に厚生労働大臣が定める",
            "後発医薬品のある先発医薬品の院内処方",
            again().prescribed(&[house("612170710", 1.0, 28)]),
            &[Has("612170710"), Omitted("長期収載品の選定療養", "算定していません")],
        ),
    ]
}
