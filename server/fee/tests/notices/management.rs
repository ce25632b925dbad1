//! Part B: 医学管理等.

use crate::{
    BOTH, Case, R8,
    Want::*,
    ask::{again, first, visit},
    case,
    law::Text::{Circular, Notice},
};
use model::fee::HintKind::Missed;
use serde_json::json;

/// 特定疾患療養管理料（診療所）.
const SPECIFIC: &str = "113001810";
/// 気管支喘息, of 別表第一.
const ASTHMA: &str = "4939008";

pub fn cases() -> Vec<Case> {
    let mut all = specific_disease();
    all.extend(special_diseases());
    all.extend(exclusions());
    all
}

fn specific_disease() -> Vec<Case> {
    let asthma = || again().diagnoses(&[ASTHMA]).orders(&[SPECIFIC]);
    let month = "当該初診の日から１月以内に行った管理の費用は、初診料に含まれるものとする";
    vec![
        case(BOTH, "B000 1", Notice, "診療所の場合 225点", "気管支喘息が主病の再診", asthma(), &[Billed(SPECIFIC, 225, 1)]),
        case(
            BOTH,
            "B000 注1",
            Notice,
            "治療計画に基づき療養上必要な管理を行った場合に、月２回に限り算定する",
            "同じ月の3回目",
            asthma().billed(&[("d-2", SPECIFIC), ("d-5", SPECIFIC)]),
            &[Omitted(SPECIFIC, "月2回")],
        ),
        case(
            BOTH,
            "B000 注1",
            Notice,
            "別に厚生労働大臣が定める疾患を主病とする患者に対して",
            "上気道炎が主病",
            again().orders(&[SPECIFIC]),
            &[Omitted(SPECIFIC, "B000 注1")],
        ),
        case(
            BOTH,
            "B000 注1",
            Notice,
            "別に厚生労働大臣が定める疾患を主病とする患者に対して",
            "オーダーのない喘息の再診（算定もれ）",
            again().diagnoses(&[ASTHMA]),
            &[Hint(Missed, "特定疾患療養管理料")],
        ),
        case(
            BOTH,
            "B000 注2",
            Notice,
            month,
            "初診の日",
            first().diagnoses(&[ASTHMA]).orders(&[SPECIFIC]),
            &[Omitted(SPECIFIC, "B000 注2")],
        ),
        case(
            BOTH,
            "B000 注2",
            Notice,
            month,
            "初診から3週間",
            asthma().billed(&[("d-21", "111000110")]),
            &[Omitted(SPECIFIC, "B000 注2")],
        ),
        case(
            BOTH,
            "通知 B000(3)",
            Circular,
            "それぞれ起算して１か月を経過した日以降に算定する",
            "初診から1月を経過した日",
            asthma().billed(&[("m-1", "111000110")]),
            &[Billed(SPECIFIC, 225, 1)],
        ),
        case(
            R8,
            "通知 B000(3)",
            Circular,
            "１か月を経過した日が休日の場合であって、その休日の直前の休日でない日に",
            "初診6月5日、7月5日が日曜なら7月4日",
            again()
                .day("2026-05-30", "2026-07-04")
                .visit("holiday", json!(null))
                .diagnoses(&[ASTHMA])
                .orders(&[SPECIFIC])
                .billed(&[("d-29", "111000110")]),
            &[Billed(SPECIFIC, 225, 1)],
        ),
        case(
            BOTH,
            "B000 注4",
            Notice,
            "皮膚科特定疾患指導管理料を算定すべき指導管理を受けている患者に対して行った管理の費用は、各区分に掲げるそれぞれの指導管理料に含まれる",
            "皮膚科特定疾患指導管理料（Ⅱ）と同じ日",
            asthma().orders(&[SPECIFIC, "113002310"]),
            &[Billed("113002310", 100, 1), Omitted(SPECIFIC, "B000 注4")],
        ),
        case(
            BOTH,
            "B000 注4",
            Notice,
            "第２部第２節第１款在宅療養指導管理料の各区分に掲げる指導管理料",
            "在宅妊娠糖尿病患者指導管理料（150点）でも管理料に含まれる",
            asthma().orders(&[SPECIFIC, "114021110"]),
            &[Has("114021110"), Omitted(SPECIFIC, "B000 注4")],
        ),
        case(
            BOTH,
            "B000 注5",
            Notice,
            "それぞれ196点、128点又は76点を算定する",
            "情報通信機器を用いた管理",
            visit("online").standards(&["情報通信機器を用いた診療"]).diagnoses(&[ASTHMA]).orders(&["113034010"]),
            &[Billed("113034010", 196, 1)],
        ),
    ]
}

fn special_diseases() -> Vec<Case> {
    let monthly = |article: &'static str, code: &'static str, quote: &'static str| {
        case(BOTH, article, Notice, quote, "同じ月の2回目", again().orders(&[code]).billed(&[("d-3", code)]), &[Absent(code)])
    };
    let month = "当該初診の日から１月以内に行った指導の費用は、初診料に含まれるものとする";
    let included = |article: &'static str, code: &'static str| {
        case(
            BOTH,
            article,
            Notice,
            month,
            "初診から3週間",
            again().aged("y-12").orders(&[code]).billed(&[("d-21", "111000110")]),
            &[Omitted(code, "初診料に含まれます")],
        )
    };
    vec![
        case(
            BOTH,
            "B001の1 注1",
            Notice,
            "イについては患者１人につき１回に限り",
            "ウイルス疾患指導料1の2回目",
            again().orders(&["113000310"]).billed(&[("m-4", "113000310")]),
            &[Absent("113000310")],
        ),
        monthly("B001の1 注1", "113003210", "ロについては患者１人につき月１回に限り算定する"),
        monthly("B001の3 注1", "113001310", "月１回に限り第１回の検査及び治療管理を行ったときに算定する"),
        monthly("B001の5 注1", "113002210", "必要な生活指導を継続して行った場合に、月１回に限り算定する"),
        monthly("B001の6 注1", "113002850", "治療計画に基づき療養上必要な指導を行った場合に、月１回に限り算定する"),
        monthly("B001の7 注1", "113002910", "治療計画に基づき療養上必要な指導を行った場合に、月１回に限り算定する"),
        monthly("B001の8 注1", "113000910", "当該疾患の区分に従い、それぞれ月１回に限り算定する"),
        monthly("B001の20 注1", "113010010", "糖尿病合併症管理料"),
        monthly("B001の21 注", "113010110", "耳鼻咽喉科特定疾患指導管理料"),
        monthly("B001の22 注1", "113012810", "がん性疼痛緩和指導管理料"),
        monthly("B001の27 注1", "113013610", "糖尿病透析予防指導管理料"),
        monthly("B001の17 注1", "113006510", "慢性疼痛疾患管理料"),
        monthly("B008-2 注1", "113023110", "当該患者に処方する内服薬が２種類以上減少した場合に、月１回に限り所定点数を算定する"),
        included("B001の6 注2", "113002850"),
        included("B001の7 注3", "113002910"),
        included("B001の8 注2", "113002310"),
        included("B001の21 通知(4)", "113010110"),
        case(
            BOTH,
            "B001の5 注2",
            Notice,
            "当該初診の日の同月内に行った指導の費用は、初診料に含まれるものとする",
            "初診と同じ月の小児科療養指導料",
            again().aged("y-9").orders(&["113002210"]).billed(&[("d-8", "111000110")]),
            &[Omitted("113002210", "初診料に含まれます")],
        ),
        case(
            BOTH,
            "通知 B001の5(4)",
            Circular,
            "初診の日の属する月の翌月の１日",
            "前月の末に初診した患者の小児科療養指導料",
            again().aged("y-9").day("2026-05-01", "2026-07-01").orders(&["113002210"]).billed(&[("d-2", "111000110")]),
            &[Billed("113002210", 270, 1)],
        ),
        case(
            BOTH,
            "B001の9 注1",
            Notice,
            "初回の指導を行った月にあっては月２回に限り、その他の月にあっては月１回に限り算定する",
            "初回の月の3回目",
            again().orders(&["113017510"]).billed(&[("d-3", "113017510"), ("d-5", "113017410")]),
            &[Absent("113017510")],
        ),
        case(
            BOTH,
            "B001の9 注1",
            Notice,
            "初回の指導を行った月にあっては月２回に限り、その他の月にあっては月１回に限り算定する",
            "初回でない月の2回目",
            again().orders(&["113017510"]).billed(&[("m-2", "113017410"), ("d-3", "113017510")]),
            &[Absent("113017510")],
        ),
        case(
            BOTH,
            "B001の30 注1",
            Notice,
            "婦人科特定疾患治療管理料",
            "3月以内の2回目",
            again().orders(&["113031010"]).billed(&[("m-2", "113031010")]),
            &[Absent("113031010")],
        ),
        case(
            R8,
            "通知 特掲診療料 通則2",
            Circular,
            "それぞれ日曜日から土曜日までの１週間又は月の初日から月の末日までの１か月を単位として算定する",
            "前月の末日に算定した患者の翌月1日",
            again().day("2026-05-01", "2026-07-01").orders(&["113010010"]).billed(&[("d-1", "113010010")]),
            &[Billed("113010010", 170, 1)],
        ),
    ]
}

fn exclusions() -> Vec<Case> {
    let one = "特に規定する場合を除き同一月に算定できない";
    vec![
        case(
            BOTH,
            "通知 特掲診療料 通則1",
            Circular,
            one,
            "てんかん指導料と皮膚科特定疾患指導管理料（Ⅰ）",
            again().orders(&["113002850", "113000910"]),
            &[Sum(&["113002850", "113000910"], 250)],
        ),
        case(
            BOTH,
            "通知 特掲診療料 通則1",
            Circular,
            one,
            "同じ月に在宅自己注射指導管理料を算定",
            again().orders(&["113002850"]).billed(&[("d-4", "114040610")]),
            &[Absent("113002850")],
        ),
        case(
            BOTH,
            "通知 B001の8(6)",
            Circular,
            "皮膚科特定疾患指導管理料（Ⅰ）及び（Ⅱ）は、同一暦月には算定できない",
            "（Ⅰ）と（Ⅱ）",
            again().orders(&["113000910", "113002310"]),
            &[Has("113000910"), Absent("113002310")],
        ),
        case(
            BOTH,
            "B001の12 注3",
            Notice,
            "心臓ペースメーカー指導管理料",
            "特定疾患療養管理料とペースメーカー指導管理料",
            again().diagnoses(&[ASTHMA]).orders(&[SPECIFIC, "113030210"]),
            &[Has(SPECIFIC), Absent("113030210")],
        ),
        case(
            BOTH,
            "C101 通知(8)",
            Circular,
            "「２」は「Ｂ００１」の「７」難病外来指導管理料との併算定は可とする",
            "在宅自己注射指導管理料と難病外来指導管理料",
            again().orders(&["114040610", "113002910"]),
            &[Has("114040610"), Has("113002910")],
        ),
    ]
}
