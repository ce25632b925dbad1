//! What the notices want looked at in prescriptions, home care and letters, where only a person can tell: vitamins, skin
//! moisturisers, nutrients, brands whose generics exist, grades of home care.

use crate::{
    containers::Owner,
    limits::Span,
    work::{Moment, Work},
};
use model::{
    master::Drug,
    orders::{Dispensing, Route},
};
use std::collections::BTreeSet;

/// Hints of parts B, C and F.
pub(crate) fn hints(work: &mut Work, owner: Option<Owner>) {
    letters(work);
    home(work);
    biological(work);
    self_injection(work);
    if owner.is_none_or(|owner| !matches!(owner, Owner::Child | Owner::ChildFamily)) {
        drugs(work);
        brands(work);
    }
}

/// B011 注1–注5 (初診料を算定する日), B008-2 注2.
fn letters(work: &mut Work) {
    let find = |work: &Work, article: &str, name: &str| {
        let rows = work.request.orders.iter().filter_map(|order| work.row(&order.code));
        let is = |row: &&model::master::Procedure| row.article == article && row.name.starts_with(name);
        rows.filter(is).map(|row| row.code.0.clone()).next().filter(|code| work.has(&[code.as_str()]))
    };
    if work.is_first() && find(work, "B011", "連携強化診療情報提供料").is_some() {
        work.hint(
            "連携強化診療情報提供料は、初診料を算定する日には次回受診する日の予約を行った場合に限り算定します（B011 注1–注5）。",
        );
    }
    if let (Some(_), Some(letter)) = (find(work, "B008-2", "連携管理加算"), find(work, "B009", "診療情報提供料（１）"))
    {
        work.cut(&letter, "連携管理加算に係る別の保険医療機関への診療情報提供料(Ⅰ)は、同一日には算定できません（B008-2 注2）。");
    }
}

/// 導入初期加算（在宅自己注射指導管理料）.
const BEGINNING: &str = "114028570";

/// C101 注2, 注3: 導入初期加算 three months, once more when the prescription changed.
fn self_injection(work: &mut Work) {
    let billed: i64 = work.request.history.iter().filter(|old| old.code == BEGINNING).map(|old| old.count).sum();
    if billed >= 3 && work.has(&[BEGINNING]) {
        work.cut(
            BEGINNING,
            format!("導入初期加算は3月に限り算定します（{billed}回算定済み）。処方の内容に変更があった場合は、さらに1回算定できます（C101 注2・注3）。"),
        );
    }
}

/// C000 注1 (the hour of a call), C002 (how often the patient was visited this month).
fn home(work: &mut Work) {
    let rows: Vec<_> = work.lines.iter().filter_map(|line| work.row(&line.code)).collect();
    let called = rows.iter().any(|row| row.article == "C000" && row.name.starts_with("往診料"));
    let added = rows.iter().any(|row| row.article == "C000" && row.name.contains("往診加算"));
    let word = match work.moment {
        Moment::Night => Some("深夜往診加算"),
        Moment::Holiday => Some("休日往診加算"),
        Moment::Outside if work.request.time.is_some_and(|time| !(8..18).contains(&chrono::Timelike::hour(&time))) => {
            Some("夜間往診加算")
        }
        _ => None,
    };
    let managed = rows.iter().find(|row| row.name.starts_with("在医総管（") || row.name.starts_with("施医総管（"));
    let twice = managed.map(|row| (row.name.contains("月２回"), row.code.0.clone()));
    if let (true, false, Some(word)) = (called, added, word) {
        work.missed(
            "",
            format!("{word}を算定できる可能性があります。患者と届出の区分（C000 注1 イ–ニ）により項目が分かれます。"),
        );
    }
    let Some((twice, code)) = twice else { return };
    let visit = |row: &model::master::Procedure| row.article.starts_with("C001") && row.name.starts_with("在宅患者訪問診療料");
    let on = work.on();
    let month = Span::Months(1);
    let mut days: BTreeSet<_> = work
        .request
        .history
        .iter()
        .filter(|old| month.holds(old.date, on) && work.past_row(old).is_some_and(visit))
        .map(|old| old.date)
        .collect();
    if work.lines.iter().filter_map(|line| work.row(&line.code)).any(visit) {
        days.insert(on);
    }
    let visits = days.len();
    if twice && visits < 2 {
        work.cut(&code, format!("月2回以上の訪問診療を要する区分ですが、今月の訪問診療は{visits}回です（C002・C002-2）。"));
    } else if !twice && visits >= 2 {
        work.missed(
            &code,
            format!("今月の訪問診療は{visits}回です。月2回以上の区分を算定できる可能性があります（C002・C002-2）。"),
        );
    }
}

/// G 通則3 and 通知 G 通則2: vaccines (薬効分類 631), toxoids and antitoxins (632).
const BIOLOGICAL: &str = "130000110";

fn biological(work: &mut Work) {
    let (tables, on) = (work.tables, work.on());
    if work.request.orders.iter().any(|order| order.code == BIOLOGICAL) {
        return;
    }
    let injected = |order: &&crate::request::Order| work.row(&order.code).is_some_and(|row| row.article.starts_with('G'));
    let parts = work.request.orders.iter().filter(injected).flat_map(|order| &order.parts);
    let drug = parts
        .filter_map(|part| tables.drug(&part.code, on))
        .find(|drug| drug.form == 4 && (drug.yj.starts_with("631") || drug.yj.starts_with("632")));
    if let Some(drug) = drug {
        work.missed(
            BIOLOGICAL,
            format!("生物学的製剤注射加算（15点）を算定できる可能性があります: {}（G 通則3、通知 G 通則2）。", drug.name),
        );
    }
}

/// A kind of drugs by the beginnings of their 薬価基準収載医薬品コード.
struct Kind {
    yj: &'static [&'static str],
    routes: &'static [Route],
    r6: bool,
    text: &'static str,
}

const INTERNAL: &[Route] = &[Route::Internal, Route::Prn];

/// F200 注5 and 通知 F200(8) (ビタミン剤: 薬効分類 311–319); 通知 F 通則11 (ヘパリン類似物質 3339950, 2649950); F 通則6 and 通知 12
/// (たん白アミノ酸製剤 325, since R8).
const KINDS: [Kind; 3] = [
    Kind {
        yj: &["311", "312", "313", "314", "315", "316", "317", "318", "319"],
        routes: INTERNAL,
        r6: true,
        text: "ビタミン剤は、ビタミンの欠乏・代謝異常などで投与が有効と判断した場合に限り算定します。病名で分からなければ、趣旨を診療録と明細書に記載します（F200 注5、通知 F200(8)）",
    },
    Kind {
        yj: &["3339950", "2649950"],
        routes: &[Route::External],
        r6: true,
        text: "血行促進・皮膚保湿剤（ヘパリン類似物質）は、疾病の治療を目的とし有効と判断した場合に限り算定します（通知 F 通則11）",
    },
    Kind {
        yj: &["325"],
        routes: &[Route::Internal, Route::Prn, Route::External],
        r6: false,
        text: "栄養保持を目的とした医薬品は、手術後・経管栄養はその旨、食事による摂取が困難な場合などは理由を処方箋と明細書に記載しなければ算定できません（F 通則6）",
    },
];

fn drugs(work: &mut Work) {
    let (tables, on) = (work.tables, work.on());
    let mut found: Vec<(String, String)> = Vec::new();
    for kind in KINDS.iter().filter(|kind| kind.r6 || work.r8()) {
        let of_kind = |code: &str| {
            tables.drug(code, on).filter(|drug| kind.yj.iter().any(|begin| drug.yj.starts_with(begin)) && drug.form != 8)
        };
        let groups = work.request.prescriptions.iter().filter(|group| kind.routes.contains(&group.route));
        let prescribed = groups.flat_map(|group| &group.items).filter_map(|item| of_kind(&item.code));
        // Vitamins are 内服薬 and 注射薬 (通知 F200(8)ア).
        let injected = work.request.orders.iter().flat_map(|order| &order.parts).filter_map(|part| of_kind(&part.code));
        let injected = injected.filter(|drug| kind.yj[0] == "311" && drug.form == 4);
        let names: BTreeSet<&str> = prescribed.chain(injected).map(|drug| drug.name.as_str()).collect();
        let code = work
            .request
            .prescriptions
            .iter()
            .flat_map(|group| &group.items)
            .chain(work.request.orders.iter().flat_map(|order| &order.parts));
        let code = code.map(|item| item.code.as_str()).filter(|code| of_kind(code).is_some()).min().unwrap_or_default();
        if !names.is_empty() {
            let names: Vec<&str> = names.into_iter().collect();
            found.push((code.to_owned(), format!("{}: {}。", names.join("、"), kind.text)));
        }
    }
    for (code, text) in found {
        work.cut(&code, text);
    }
}

/// 長期収載品の選定療養: brands dispensed in the house whose generic a patient may refuse for an extra charge. The charge is no
/// part of the fee table and is not calculated; master Y has a row （選） for each drug concerned (its code begins with 67).
fn brands(work: &mut Work) {
    let (tables, on) = (work.tables, work.on());
    let concerned = |drug: &&Drug| {
        let special = drug.code.as_str().get(2..).map(|rest| format!("67{rest}"));
        let row = special.is_some_and(|code| tables.drug(&code, on).is_some());
        row || (!drug.generic && drug.general_name_add_on == 2)
    };
    let names: BTreeSet<&str> = work
        .request
        .prescriptions
        .iter()
        .filter(|group| group.place == Dispensing::InHouse)
        .flat_map(|group| &group.items)
        .filter_map(|item| tables.drug(&item.code, on))
        .filter(concerned)
        .map(|drug| drug.name.as_str())
        .collect();
    if !names.is_empty() {
        let names: Vec<&str> = names.into_iter().collect();
        let reason = format!(
            "算定していません: {}は後発医薬品のある先発医薬品です。患者の希望による場合の特別の料金（選定療養、保険外・課税）と、薬剤料から除かれる額は計算していません。",
            names.join("、")
        );
        work.omit_code("", "長期収載品の選定療養", reason);
    }
}
