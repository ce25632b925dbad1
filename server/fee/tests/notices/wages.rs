//! Part O: ベースアップ評価料 O001, O002 (R6: O100, O101) and 物価対応料 O100.

use crate::{
    BOTH, Case, R6, R8,
    Want::*,
    ask::{again, first, house, visit},
    case,
    law::Text::{Circular, Notice},
};

const FIRST: &str = "180725710";
const RETURN: &str = "180725810";
const HOME: [&str; 2] = ["180725910", "180726010"];
const PRICE: [&str; 3] = ["180819910", "180820010", "180820110"];
const BASE: &[&str] = &["外来・在宅ベースアップ評価料1"];

pub fn cases() -> Vec<Case> {
    let mut all = base_up();
    all.extend(prices());
    all
}

fn base_up() -> Vec<Case> {
    let continued: &[&str] = &["外来・在宅ベースアップ評価料1", "継続賃上げ"];
    let once = "を算定した日に限り、１日につき１回算定できる";
    vec![
        case(R8, "O001 1", Notice, "１ 初診時 17点", "届出医療機関の初診", first().standards(BASE), &[Billed(FIRST, 17, 1)]),
        case(R8, "O001 2", Notice, "２ 再診時等 ４点", "届出医療機関の再診", again().standards(BASE), &[Billed(RETURN, 4, 1)]),
        case(
            R8,
            "O001 3イ",
            Notice,
            "イ 同一建物居住者等以外の場合 79点",
            "訪問診療、同一建物居住者以外",
            again().standards(BASE).orders(&["114001110"]),
            &[Billed(HOME[0], 79, 1), Absent(RETURN)],
        ),
        case(
            R8,
            "O001 3ロ",
            Notice,
            "ロ イ以外の場合 19点",
            "訪問診療、同一建物居住者",
            again().standards(BASE).orders(&["114030310"]),
            &[Billed(HOME[1], 19, 1)],
        ),
        case(
            R8,
            "通知 O001(5)",
            Circular,
            "「Ｃ００１－２」在宅患者訪問診療料（Ⅱ）を算定した場合に限り、算定できる",
            "在宅患者訪問診療料（Ⅱ）",
            again().standards(BASE).orders(&["114042810"]),
            &[Billed(HOME[1], 19, 1), Billed(PRICE[2], 3, 1), Absent("112007410")],
        ),
        case(
            R8,
            "O001 注5",
            Notice,
            "それぞれ23点、６点、107点及び26点を算定する",
            "継続して賃上げ、初診",
            first().standards(continued),
            &[Billed("180853810", 23, 1)],
        ),
        case(
            R8,
            "O001 注5",
            Notice,
            "それぞれ23点、６点、107点及び26点を算定する",
            "継続して賃上げ、再診",
            again().standards(continued),
            &[Billed("180853910", 6, 1)],
        ),
        case(
            R8,
            "O001 注5",
            Notice,
            "それぞれ23点、６点、107点及び26点を算定する",
            "継続して賃上げ、訪問診療（コードが公開されていない）",
            again().standards(continued).orders(&["114001110"]),
            &[Absent(HOME[0]), Omitted("外来・在宅ベースアップ評価料（１）３（訪問診療時）（賃上取組）", "算定していません")],
        ),
        case(
            BOTH,
            "通知 O001(2)",
            Circular,
            "「Ｂ００１－２」小児科外来診療料の「１」の「イ」若しくは「２」の「イ」",
            "小児科外来診療料の初診",
            first().aged("y-3").standards(&["小児科", "小児科外来診療料", "外来・在宅ベースアップ評価料1"]),
            &[Has(FIRST), Absent("111000110")],
        ),
        case(
            BOTH,
            "通知 O001(3)",
            Circular,
            "「Ｂ００１－２－９」地域包括診療料",
            "地域包括診療料の日",
            again().standards(BASE).orders(&["113024810"]),
            &[Has(RETURN), Absent("112007410")],
        ),
        case(
            BOTH,
            "通知 O001(3)",
            Circular,
            "「Ｂ００１－２－７」外来リハビリテーション診療料",
            "外来リハビリテーション診療料の日",
            again().standards(BASE).orders(&["113013910", "180755710"]),
            &[Has(RETURN)],
        ),
        case(
            BOTH,
            "通知 O001(3)",
            Circular,
            "「Ａ００１」再診料",
            "電話による再診",
            visit("telephone").standards(BASE),
            &[Has(RETURN)],
        ),
        case(R6, "O100 1", Notice, "１ 初診時 ６点", "R6 届出医療機関の初診", first().standards(BASE), &[Billed(FIRST, 6, 1)]),
        case(R6, "O100 2", Notice, "２ 再診時等 ２点", "R6 届出医療機関の再診", again().standards(BASE), &[Billed(RETURN, 2, 1)]),
        case(
            R6,
            "通知 O100(2)",
            Circular,
            once,
            "R6 同じ日の2回目の再診",
            again().at("16:00").standards(BASE).billed(&[("d-0", "112007410"), ("d-0", RETURN)]),
            &[Has("112008350"), Absent(RETURN)],
        ),
        case(
            R8,
            "O001 2",
            Notice,
            "入院中の患者以外の患者に対して再診",
            "同じ日の2回目の再診（R8は1日につきの限定がない）",
            again().at("16:00").standards(BASE).billed(&[("d-0", "112007410"), ("d-0", RETURN)]),
            &[Has("112008350"), Billed(RETURN, 4, 1)],
        ),
        case(
            BOTH,
            "O001",
            Notice,
            "別に厚生労働大臣が定める施設基準に適合しているものとして地方厚生局長等に届け出た保険医療機関において",
            "届出のない医療機関",
            first(),
            &[Absent(FIRST)],
        ),
        case(
            R8,
            "O002 3",
            Notice,
            "外来・在宅ベースアップ評価料（Ⅰ）の１又は３を算定する患者に対して診療を行った場合に算定する",
            "（Ⅱ）3の届出、初診",
            first().standards(&["外来・在宅ベースアップ評価料1", "外来・在宅ベースアップ評価料（Ⅱ）3"]),
            &[Billed("180726510", 24, 1)],
        ),
        case(
            BOTH,
            "O002 1ロ",
            Notice,
            "外来・在宅ベースアップ評価料（Ⅰ）の２を算定する患者に対して診療を行った場合に算定する",
            "（Ⅱ）1の届出、再診",
            again().standards(&["外来・在宅ベースアップ評価料1", "外来・在宅ベースアップ評価料（Ⅱ）１"]),
            &[Billed("180726210", 1, 1), Absent("180726110")],
        ),
        case(
            R8,
            "O002 9",
            Notice,
            "外来・在宅ベースアップ評価料（Ⅱ）９",
            "（Ⅱ）9の届出（コードが公開されていない）",
            again().standards(&["外来・在宅ベースアップ評価料1", "外来・在宅ベースアップ評価料（Ⅱ）9"]),
            &[Omitted("外来・在宅ベースアップ評価料（２）9", "算定していません")],
        ),
    ]
}

fn prices() -> Vec<Case> {
    vec![
        case(R8, "O100 1イ", Notice, "イ 初診時 ２点", "初診（届出は不要）", first(), &[Billed(PRICE[0], 2, 1)]),
        case(R8, "O100 1ロ", Notice, "ロ 再診時等 ２点", "再診", again(), &[Billed(PRICE[1], 2, 1), Absent(PRICE[0])]),
        case(
            R8,
            "O100 1ハ",
            Notice,
            "ハ 訪問診療時 ３点",
            "訪問診療",
            again().orders(&["114001110"]),
            &[Billed(PRICE[2], 3, 1), Absent(PRICE[1])],
        ),
        case(
            R8,
            "通知 O100(2)",
            Circular,
            "外来・在宅物価対応料の「イ」については、「Ａ０００」初診料",
            "小児科外来診療料の初診",
            first().aged("y-3").standards(&["小児科", "小児科外来診療料"]),
            &[Billed(PRICE[0], 2, 1)],
        ),
        case(
            R8,
            "通知 O100(3)",
            Circular,
            "「Ｂ００１－２－１２」外来腫瘍化学療法診療料を算定した場合に限り、算定できる",
            "外来腫瘍化学療法診療料の日",
            again().diagnoses(&["1519006"]).orders(&["113038110"]),
            &[Billed(PRICE[1], 2, 1)],
        ),
        case(
            R6,
            "O100",
            Notice,
            "外来・在宅ベースアップ評価料（Ⅰ）",
            "R6に物価対応料はない",
            first().prescribed(&[house("620007152", 3.0, 5)]),
            &[Absent(PRICE[0])],
        ),
    ]
}
