//! Aoba's own layer over the masters: the drugs its doctors prescribe most are adopted with the dose they usually have, the
//! diagnoses it codes most are favourites, and there are sets and items outside of insurance. Prices are made up.

use super::{
    book::Book,
    calendar::{before, instant, open_until},
    live::evening,
    past::Crew,
    plan::{PatientPlan, RpPlan},
};
use crate::{
    Error, Fallible, Tenant, inhouse,
    policy::{self, ConfigureClinic, Order},
};
use chrono::{DateTime, NaiveDate, Utc};
use model::{ids::*, inhouse::*, master::MasterKind, orders::*, staff::Role};
use std::{cmp::Reverse, collections::BTreeMap};
use uuid::Uuid;

/// How many of the drugs and diagnoses that are used most are adopted.
const DRUGS: usize = 40;
const DIAGNOSES: usize = 10;

/// Beginning of a drug's name, what the clinic calls it, and the reading of that.
const OWN_NAMES: [(&str, &str, &str); 5] = [
    ("アムロジピン錠５ｍｇ", "アムロ5", "アムロ"),
    ("カロナール錠５００", "カロ500", "カロ"),
    ("ムコダイン錠５００ｍｇ", "ムコ500", "ムコ"),
    ("メトグルコ錠２５０ｍｇ", "メトグル250", "メトグル"),
    ("マグミット錠３３０ｍｇ", "マグ330", "マグ"),
];

/// Name of a set, its reading, days, drugs by the beginning of their names, procedures by name.
type SetPlan = (&'static str, &'static str, u16, &'static [&'static str], &'static [&'static str]);

const SETS: [SetPlan; 5] = [
    (
        "かぜ（成人）",
        "カゼ",
        5,
        &["カロナール錠５００", "ムコダイン錠５００ｍｇ", "トランサミン錠２５０ｍｇ", "メジコン錠１５ｍｇ"],
        &[],
    ),
    ("高血圧 定期", "コウケツアツテイキ", 28, &["アムロジピン錠５ｍｇ"], &["生活習慣病管理料２"]),
    (
        "高血圧・脂質 定期",
        "コウケツアツシシツ",
        28,
        &["アムロジピン錠５ｍｇ", "ロスバスタチン錠２．５ｍｇ"],
        &["生活習慣病管理料２"],
    ),
    (
        "糖尿病検査",
        "トウニョウビョウケンサ",
        0,
        &[],
        &["Ｂ－Ｖ", "ＨｂＡ１ｃ", "グルコース", "クレアチニン", "ＬＤＬ－コレステロール", "尿一般"],
    ),
    (
        "肝機能・脂質検査",
        "カンキノウシシツケンサ",
        0,
        &[],
        &["Ｂ－Ｖ", "ＡＳＴ", "ＡＬＴ", "γ－ＧＴ", "ＬＤＬ－コレステロール", "ＨＤＬ－コレステロール", "ＴＧ"],
    ),
];

/// Name, reading, price with tax, and whether a visit for nothing else is none of the insurance's.
const SELF_PAID: [(&str, &str, &str, bool); 3] = [
    ("診断書（当院様式）", "シンダンショ", "1230", false),
    ("インフルエンザ予防接種", "インフルエンザヨボウセッシュ", "2340", true),
    ("健康診断（一般）", "ケンコウシンダン", "6780", true),
];

/// Sets up the layer as it was a month ago.
pub(super) async fn furnish(tenant: &mut Tenant, crew: &Crew, patients: &[PatientPlan], today: NaiveDate) -> Fallible<()> {
    tenant.me = crew.doctors[0].clone();
    tenant.now = instant(open_until(before(today, 30)), evening());
    let masters = tenant.masters();
    let book = Book::open(&masters, tenant.today());
    let usual = usual(patients);
    let grant = policy::grant::<ConfigureClinic>(Role::Doctor)?;
    let mut most: Vec<(&String, &Usual)> = usual.iter().collect();
    most.sort_by_key(|(code, usual)| (Reverse(usual.times), *code));
    let mut own = BTreeMap::new();
    for (beginning, name, reading) in OWN_NAMES {
        own.insert(book.drug(beginning)?.code.0.clone(), (name, reading));
    }
    for (code, usual) in most.into_iter().take(DRUGS) {
        let (own_name, own_reading) = own.get(code).copied().unwrap_or_default();
        let form = InhouseForm {
            own_name: own_name.into(),
            own_reading: own_reading.into(),
            adopted: true,
            amount: usual.amount.clone(),
            route: usual.route.as_str().into(),
            usage: masters
                .usage(&usual.usage)
                .filter(|listed| listed.route == usual.route)
                .map_or("", |listed| &listed.key)
                .into(),
            count: usual.count.to_string(),
            ..InhouseForm::default()
        };
        inhouse::put_inhouse(tenant, &grant, MasterKind::Drug, code.clone(), form, 0).await?;
    }
    for code in favourites(patients) {
        let form = InhouseForm { favourite: true, ..InhouseForm::default() };
        inhouse::put_inhouse(tenant, &grant, MasterKind::Disease, code, form, 0).await?;
    }
    for (name, reading, price, no_visit_fee) in SELF_PAID {
        let form = SelfPaidItemForm {
            name: name.into(),
            reading: reading.into(),
            price: price.into(),
            tax_percent: "10".into(),
            tax_included: true,
            no_visit_fee,
            active: true,
        };
        inhouse::put_self_paid_item(tenant, &grant, None, form).await?;
    }
    for plan in &SETS {
        let form = set(&book, &usual, plan)?;
        inhouse::put_set(tenant, &grant, None, form).await?;
    }
    Ok(())
}

/// A certificate for somebody who is with the doctor just now.
pub(super) async fn certificate(tenant: &mut Tenant, crew: &Crew, now: DateTime<Utc>) -> Fallible<()> {
    (tenant.me, tenant.now) = (crew.doctors[0].clone(), now);
    let found: Option<(Uuid, Uuid)> = sqlx::query_as(
        "select v.id, i.id from visit v join self_paid_item i on i.clinic_id = v.clinic_id
         where v.clinic_id = current_clinic() and v.state = 'in_consultation' and i.name = $1
         order by v.received_at, v.id limit 1",
    )
    .bind(SELF_PAID[0].0)
    .fetch_optional(tenant.db())
    .await?;
    if let Some((visit, item)) = found {
        let grant = policy::grant::<Order>(Role::Doctor)?;
        inhouse::put_self_paid(tenant, &grant, VisitId(visit), SelfPaidItemId(item), 1).await?;
    }
    Ok(())
}

/// How a drug is prescribed most of all.
struct Usual {
    times: usize,
    route: Route,
    usage: String,
    count: u16,
    amount: String,
}

/// What is prescribed, by code, each in its most usual way.
fn usual(patients: &[PatientPlan]) -> BTreeMap<String, Usual> {
    type Way = (String, String, u16, &'static str);
    let mut ways: BTreeMap<String, BTreeMap<Way, usize>> = BTreeMap::new();
    let groups = patients.iter().flat_map(|plan| &plan.visits).flat_map(|visit| &visit.prescriptions);
    for RpPlan { route, usage_key, count, items, .. } in groups {
        for item in items {
            let way = (item.amount.normalize().to_string(), usage_key.clone(), *count, route.as_str());
            *ways.entry(item.code.0.clone()).or_default().entry(way).or_default() += 1;
        }
    }
    let usual = |ways: BTreeMap<Way, usize>| {
        let times = ways.values().sum();
        let ((amount, usage, count, route), _) = ways.into_iter().max_by_key(|(way, times)| (*times, Reverse(way.clone())))?;
        Some(Usual { times, route: Route::parse(route)?, usage, count, amount })
    };
    ways.into_iter().filter_map(|(code, ways)| Some((code, usual(ways)?))).collect()
}

/// The diagnoses that are coded most, without modifiers.
fn favourites(patients: &[PatientPlan]) -> Vec<String> {
    let mut times: BTreeMap<&String, usize> = BTreeMap::new();
    for diagnosis in patients.iter().flat_map(|plan| &plan.diagnoses).filter(|diagnosis| diagnosis.modifiers.is_empty()) {
        *times.entry(&diagnosis.code).or_default() += 1;
    }
    let mut most: Vec<(&String, usize)> = times.into_iter().collect();
    most.sort_by_key(|(code, times)| (Reverse(*times), *code));
    most.into_iter().take(DIAGNOSES).map(|(code, _)| code.clone()).collect()
}

/// A set of drugs in their usual way and of procedures; what is taken alike makes one group.
fn set(book: &Book<'_>, usual: &BTreeMap<String, Usual>, plan: &SetPlan) -> Fallible<OrderSetForm> {
    let (name, reading, days, drugs, procedures) = *plan;
    let mut prescriptions: Vec<RpForm> = Vec::new();
    for beginning in drugs {
        let code = book.drug(beginning)?.code.0.clone();
        let way = usual.get(&code).ok_or_else(|| Error::Broken(format!("demo: nobody takes {beginning}")))?;
        let count = if way.route == Route::Internal { days } else { way.count }.to_string();
        let item = RpItemForm { code, amount: way.amount.clone(), general_name: false };
        match prescriptions.iter_mut().find(|rp| rp.route == way.route.as_str() && rp.usage == way.usage && rp.count == count) {
            Some(rp) => rp.items.push(item),
            None => prescriptions.push(RpForm {
                route: way.route.as_str().into(),
                dispensing: Dispensing::Pharmacy.as_str().into(),
                usage: way.usage.clone(),
                usage_text: String::new(),
                count,
                items: vec![item],
            }),
        }
    }
    let procedures =
        procedures.iter().map(|name| Ok(SetProcedureForm { code: book.procedure(name)?.code.0.clone(), quantity: "1".into() }));
    Ok(OrderSetForm {
        name: name.into(),
        reading: reading.into(),
        prescriptions,
        procedures: procedures.collect::<Fallible<_>>()?,
        self_paid: Vec::new(),
    })
}
