//! What a clinic bills because of its standing: the add-ons of its facility standards (施設基準), wages and prices.

use crate::{codes, containers::Owner, follow, home::HomeVisit, work::Work};
use model::visit::VisitKind;

/// Names of the standards that rules read, without their grades.
pub(crate) const READ: [&str; 30] = [
    "情報通信機器を用いた診療",
    "小児科",
    "夜間・早朝等加算",
    "機能強化加算",
    "時間外対応体制加算",
    "時間外対応加算",
    "明細書発行体制等加算",
    "外来感染対策向上加算",
    "連携強化加算",
    "サーベイランス強化加算",
    "抗菌薬適正使用体制加算",
    "電子的診療情報連携体制整備加算",
    "医療DX推進体制整備加算",
    "医療情報取得加算",
    "外来・在宅ベースアップ評価料",
    "継続賃上げ",
    "検体検査管理加算",
    "外来迅速検体検査加算",
    "一般名処方加算",
    "薬剤師常時勤務",
    "地域支援・外来医薬品供給対応体制加算",
    "外来後発医薬品使用体制加算",
    "小児科外来診療料",
    "電子画像管理",
    "耳鼻咽喉科",
    "処置の時間外加算",
    "時間外加算1（処置）",
    "手術の時間外加算",
    "時間外加算1（手術）",
    "精神科の向精神薬多剤投与の届出",
];

/// Says which of the clinic's standards no rule reads, so that nobody waits for what is not billed.
pub(crate) fn unread(work: &mut Work) {
    let ordered: Vec<&str> =
        work.request.orders.iter().filter_map(|order| work.row(&order.code)).map(|row| row.name.as_str()).collect();
    for name in &work.request.facility.standards {
        let code = !name.is_empty() && name.chars().all(|c| c.is_ascii_digit());
        // Departments (標榜科) are facts that rules and hints read or need not read.
        if !code
            && !name.ends_with('科')
            && !Work::names(name, &READ)
            && name != "調剤技術基本料"
            && !ordered.contains(&name.as_str())
        {
            work.hint(format!("施設基準「{name}」による自動の算定はありません。必要な項目はオーダーしてください。"));
        }
    }
}

/// A000 注10–16 and A001 注10–19.
pub(crate) fn add_ons(work: &mut Work) {
    if work.request.visit.second_department {
        return;
    }
    let telephone = work.request.visit.kind == VisitKind::Telephone;
    if work.is_first() {
        if work.standard("機能強化加算") {
            work.bill(&codes::STRENGTHENED, "機能強化加算の施設基準を届け出て初診");
        }
        infection(work, &codes::FIRST_INFECTION);
    } else {
        after_hours(work);
        if !telephone {
            infection(work, &codes::RETURN_INFECTION);
        }
    }
    digital(work, telephone);
    if !work.is_first() {
        itemised_bill(work);
    }
}

/// A001 注10 時間外対応体制加算 (R6: 時間外対応加算), each return visit.
fn after_hours(work: &mut Work) {
    let grade = work.grade("時間外対応体制加算", 4).or_else(|| work.grade("時間外対応加算", 4));
    if let Some(grade) = grade {
        work.bill(&codes::AFTER_HOURS_RESPONSE[grade - 1], "時間外対応の施設基準を届け出て再診");
    }
}

/// A000 注11–14, A001 注15–18: 外来感染対策向上加算 and what rests on it, each once a month.
fn infection(work: &mut Work, items: &[codes::Implied; 5]) {
    let every = |index: usize| {
        [
            codes::FIRST_INFECTION[index].code,
            codes::RETURN_INFECTION[index].code,
            follow::MANAGEMENT_INFECTION[index].code,
            codes::HOME_INFECTION[index].code,
        ]
    };
    if !work.standard("外来感染対策向上加算") {
        return;
    }
    let billed = work.bill_monthly(&items[0], &every(0), "外来感染対策向上加算の施設基準を届け出ている（月1回）");
    let valid = billed || work.billed_this_month(&every(0)).is_some();
    if work.request.visit.fever && valid {
        work.bill_monthly(&items[1], &every(1), "発熱等の患者を適切な感染対策の下で診察（月1回）");
    }
    for (index, name) in [(2, "連携強化加算"), (3, "サーベイランス強化加算"), (4, "抗菌薬適正使用体制加算")]
    {
        if work.standard(name) && billed {
            work.bill_monthly(&items[index], &every(index), format!("{name}の施設基準を届け出ている（月1回）"));
        }
    }
}

/// B 通則3–6: the same beside a management fee that contains the visit.
pub(crate) fn infection_of_management(work: &mut Work) {
    infection(work, &follow::MANAGEMENT_INFECTION);
}

/// C 通則5–8: the same beside 在宅患者訪問診療料.
pub(crate) fn infection_at_home(work: &mut Work) {
    infection(work, &codes::HOME_INFECTION);
}

/// Says that the digital add-on beside a fee that contains the visit is not calculated: no code is published.
pub(crate) fn digital_without_code(work: &mut Work) {
    if work.grade("電子的診療情報連携体制整備加算", 3).is_some() {
        work.omit_code(
            "",
            "電子的診療情報連携体制整備加算",
            "算定していません: この診療料と併せて算定するコードが公開されたマスターにありません（A000 注16、A001 注19）。",
        );
    }
}

/// R8: A000 注16, A001 注19 電子的診療情報連携体制整備加算. R6: 医療DX推進体制整備加算 and 医療情報取得加算, gone since.
fn digital(work: &mut Work, telephone: bool) {
    if !work.r8() {
        return digital_r6(work, telephone);
    }
    for name in ["医療DX推進体制整備加算", "医療情報取得加算"] {
        if work.grade(name, 6).is_some() {
            work.omit_code("", name, "令和8年6月の改定で廃止されました（A000 注15・注16、A001 注19）。");
        }
    }
    let Some(grade) = work.grade("電子的診療情報連携体制整備加算", 3) else { return };
    if work.is_first() {
        let all = codes::DIGITAL_FIRST.map(|item| item.code);
        work.bill_monthly(&codes::DIGITAL_FIRST[grade - 1], &all, "施設基準を届け出て初診（月1回）");
    } else if telephone {
        work.omit(&codes::DIGITAL_RETURN, "電話等による再診では算定しません（A001 注9）。");
    } else {
        work.bill_monthly(&codes::DIGITAL_RETURN, &[codes::DIGITAL_RETURN.code], "施設基準を届け出て再診（月1回）");
    }
}

fn digital_r6(work: &mut Work, telephone: bool) {
    if work.is_first() {
        if let Some(grade) = work.grade("医療DX推進体制整備加算", 6) {
            let all = codes::DX_FIRST.map(|item| item.code);
            work.bill_monthly(&codes::DX_FIRST[grade - 1], &all, "医療DX推進体制整備加算の施設基準を届け出て初診（月1回）");
        }
        if work.standard("医療情報取得加算") {
            let item = codes::INFORMATION_FIRST;
            work.bill_monthly(&item, &[item.code], "十分な情報を取得して初診（月1回）");
        }
    } else if work.standard("医療情報取得加算") && !telephone {
        let item = codes::INFORMATION_RETURN;
        let since = work.on() - chrono::Months::new(3);
        let recent = work.request.history.iter().any(|old| old.code == item.code && old.date > since);
        if recent {
            work.omit(&item, "3月に1回に限り算定します（R6 A001 注19）。");
        } else {
            work.bill(&item, "十分な情報を取得して再診（3月に1回）");
        }
    }
}

/// A001 注11 明細書発行体制等加算: not by a clinic that notified 電子的診療情報連携体制整備加算 (通知 A001(15)).
fn itemised_bill(work: &mut Work) {
    if !work.standard("明細書発行体制等加算") {
        return;
    }
    let item = codes::ITEMISED_BILL;
    if work.r8() && work.grade("電子的診療情報連携体制整備加算", 3).is_some() {
        work.omit(&item, "電子的診療情報連携体制整備加算を届け出た医療機関では算定しません（A001 注11・注19）。");
    } else {
        work.bill(&item, "明細書を無償で発行する施設基準を満たす");
    }
}

/// What of A000, A001 and the fees that contain them was billed, for O001 and O100 (通知 O001(2)–(5), O100(2)–(4)).
fn occasion(work: &Work, owner: Option<Owner>, home: Option<HomeVisit>) -> Option<(usize, &'static str)> {
    match home {
        Some(HomeVisit::Alone) => return Some((2, "在宅患者訪問診療料")),
        Some(HomeVisit::SameBuilding) => return Some((3, "在宅患者訪問診療料")),
        None => {}
    }
    if work.has(&codes::FIRST_VISITS) {
        return Some((0, "初診料"));
    }
    if work.has(&codes::RETURN_VISITS) {
        return Some((1, "再診料"));
    }
    let first = usize::from(!work.is_first());
    let billed = |name: &str| work.lines.iter().any(|line| line.name.starts_with(name));
    for name in ["外来腫瘍化学療法診療料", "外来リハビリテーション診療料", "外来放射線照射診療料"]
    {
        if billed(name) {
            return Some((1, name));
        }
    }
    match owner? {
        Owner::Child if billed("小児科外来診療料") => Some((first, "小児科外来診療料")),
        Owner::ChildFamily if billed("小児かかりつけ診療料") => Some((first, "小児かかりつけ診療料")),
        Owner::Regional if billed("地域包括診療料") || billed("認知症地域包括診療料") => {
            Some((1, "地域包括診療料"))
        }
        _ => None,
    }
}

/// O001 外来・在宅ベースアップ評価料(Ⅰ) and O100 物価対応料, which follow the visit that is billed.
pub(crate) fn wages_and_prices(work: &mut Work, owner: Option<Owner>, home: Option<HomeVisit>) {
    let Some((index, when)) = occasion(work, owner, home) else { return };
    let continued = work.r8() && work.standard("継続賃上げ");
    if continued || work.standard("外来・在宅ベースアップ評価料1") || work.standard("外来・在宅ベースアップ評価料")
    {
        base_up(work, index, when, continued);
    }
    if work.r8() {
        let item = if index < 2 { &codes::PRICE_RESPONSE[index] } else { &follow::PRICE_RESPONSE_HOME };
        work.bill(item, format!("{when}を算定したため（届出は不要）"));
    }
    if work.rules_on() >= chrono::NaiveDate::from_ymd_opt(2027, 6, 1).expect("a real day") {
        work.hint("令和9年6月以降のベースアップ評価料・物価対応料は点数が変わります（O001 注6・注7）。マスターの点数を確認してください。");
    }
}

fn base_up(work: &mut Work, index: usize, when: &str, continued: bool) {
    let mut all: Vec<&str> = codes::BASE_UP.iter().chain(&codes::BASE_UP_CONTINUED).map(|item| item.code).collect();
    all.extend(follow::BASE_UP_HOME.iter().map(|item| item.code));
    let item = match (index, continued) {
        (0 | 1, true) => codes::BASE_UP_CONTINUED[index],
        (0 | 1, false) => codes::BASE_UP[index],
        (_, true) => {
            let name = "外来・在宅ベースアップ評価料（１）３（訪問診療時）（賃上取組）";
            return work.omit_code(
                "",
                name,
                "算定していません: 継続して賃上げを行った場合の訪問診療時のコードが公開されたマスターにありません（O001 注5）。",
            );
        }
        (_, false) => follow::BASE_UP_HOME[index - 2],
    };
    if !work.r8() && work.billed_today(&all) {
        work.omit(&item, "1日につき1回算定します（R6 O100）。");
    } else {
        work.bill(&item, format!("施設基準を届け出て{when}を算定"));
        crate::wages::second(work, index, continued);
    }
}
