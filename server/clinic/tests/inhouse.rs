//! The clinic's own layer over the masters: what it says about a row, its order sets, and that both survive an import.

use chrono::NaiveDate;
use clinic::{
    Clinic, db,
    policy::*,
    testing::{database, found, friday},
    world::SetClock,
};
use masters::{Snapshot, Store, starter};
use model::{AppError, ids::*, inhouse::*, master::*, orders::*, staff::*};
use std::sync::Arc;

mod support;
use support::{code_of, register};

/// Claim code of a drug that only these tests know.
const OTHER_MAKER: &str = "629999901";

/// The starter set, and in it another maker's of the first アムロジピン.
fn rows() -> starter::Rows {
    let mut rows = starter::rows().expect("the starter set");
    let made: Vec<Drug> = rows
        .drugs
        .iter()
        .filter(|drug| drug.code.0 == first_drug(&rows.drugs).code.0)
        .map(|drug| Drug {
            code: OTHER_MAKER.into(),
            name: format!("{}「他社の製品」", drug.name),
            yj: format!("{}999", &drug.yj[..9]),
            ..drug.clone()
        })
        .collect();
    rows.drugs.extend(made);
    rows
}

fn first_drug(drugs: &[Drug]) -> &Drug {
    drugs.iter().find(|drug| drug.name.starts_with("アムロジピン")).expect("in the starter set")
}

/// A clinic system with masters of its own, which a test may exchange without touching the other tests.
async fn clinic() -> (Clinic, Arc<Store>) {
    let pool = db::pool(database().await, 4).await.expect("connects");
    let store = Arc::new(Store::new(Arc::new(Snapshot::new(rows()))));
    (Clinic::new(pool, store.clone(), Arc::new(SetClock::at(friday()))), store)
}

/// The masters after an import that ended or dropped drugs.
fn after_import(change: impl FnOnce(&mut starter::Rows)) -> Arc<Snapshot> {
    let mut rows = rows();
    change(&mut rows);
    Arc::new(Snapshot::new(rows))
}

/// A drug, the same of another maker, and one of another strength in the same unit.
fn three_drugs(clinic: &Clinic) -> [Drug; 3] {
    let (masters, today) = (clinic.masters(), clinic.today());
    let drugs = starter::rows().expect("the starter set").drugs;
    let first = masters.drug(first_drug(&drugs).code.as_str(), today).expect("is in force");
    let other = drugs.iter().find(|drug| drug.validity.covers(today) && drug.unit == first.unit && drug.yj[..9] != first.yj[..9]);
    [first.clone(), masters.drug(OTHER_MAKER, today).expect("is in force").clone(), other.expect("there are tablets").clone()]
}

fn adopted(usage: &str) -> InhouseForm {
    InhouseForm {
        own_name: "アムロ".into(),
        own_reading: "あむろ".into(),
        adopted: true,
        amount: "１".into(),
        route: "internal".into(),
        usage: usage.into(),
        count: "28".into(),
        ..InhouseForm::default()
    }
}

fn rp(code: &str) -> RpForm {
    RpForm {
        route: "internal".into(),
        dispensing: "pharmacy".into(),
        usage: "1M".into(),
        count: "28".into(),
        items: vec![RpItemForm { code: code.into(), amount: "1".into(), general_name: false }],
        ..RpForm::default()
    }
}

async fn check_in(clinic: &Clinic, desk: &Me) -> VisitId {
    let patient = register(clinic, desk, "ヤマダ", "ハナコ").await;
    act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in").id
}

async fn search(clinic: &Clinic, doctor: &Me, kind: MasterKind, query: &str) -> Vec<MasterHit> {
    act!(clinic, doctor, SearchMasters, search::search_masters, kind, query.into(), None).expect("searches")
}

#[tokio::test]
async fn an_adopted_drug_comes_first_by_its_own_name_with_its_usual_dose() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, admin) = (at.one(Role::Doctor), at.one(Role::Administrator));
    let drug = three_drugs(&clinic)[1].clone();
    let before = search(&clinic, &doctor, MasterKind::Drug, "アムロジピン").await;
    assert_ne!(before[0].code, drug.code.0, "it would come first anyway");
    // What was searched for is kept a while; the change has to make itself known.
    let code = drug.code.0.clone();
    let item = act!(clinic, admin, ConfigureClinic, inhouse::put_inhouse, MasterKind::Drug, code.clone(), adopted("1M"), 0)
        .expect("adopts");
    assert_eq!((item.name.as_str(), &item.standing, item.version), (drug.name.as_str(), &Standing::InForce, 1));
    let dose = UsualDose { amount: 1.into(), route: Route::Internal, usage: "1M".into(), count: 28 };
    assert_eq!(item.usual, Some(dose.clone()));
    for query in ["アムロジピン", "あむろ", "amuro", ""] {
        let hits = search(&clinic, &doctor, MasterKind::Drug, query).await;
        let first = hits.first().unwrap_or_else(|| panic!("「{query}」 finds nothing"));
        assert_eq!((&first.code, first.own_name.as_str(), first.preferred), (&code, "アムロ", true), "「{query}」");
        assert_eq!(first.usual, Some(dose.clone()), "「{query}」");
    }
    // The other clinic knows nothing of it.
    let minato = found(&clinic, "minato").await.one(Role::Doctor);
    let hits = search(&clinic, &minato, MasterKind::Drug, "アムロジピン").await;
    assert!(hits.iter().all(|hit| !hit.preferred && hit.own_name.is_empty() && hit.usual.is_none()));
    assert_eq!(act!(clinic, minato, SearchMasters, inhouse::inhouse_items, None), Ok(Vec::new()));

    let hidden = InhouseForm { hidden: true, ..InhouseForm::default() };
    act!(clinic, admin, ConfigureClinic, inhouse::put_inhouse, MasterKind::Drug, code.clone(), hidden, 1).expect("hides");
    let hits = search(&clinic, &doctor, MasterKind::Drug, "アムロジピン").await;
    assert!(!hits.is_empty() && hits.iter().all(|hit| hit.code != code));
    let rest = act!(clinic, admin, ConfigureClinic, inhouse::remove_inhouse, MasterKind::Drug, code.clone(), 2);
    assert_eq!(rest, Ok(Vec::new()));
    assert!(search(&clinic, &doctor, MasterKind::Drug, "アムロジピン").await.iter().any(|hit| hit.code == code));
    let trail = act!(clinic, admin, Administer, admin::audit_trail, None).expect("reads");
    let actions: Vec<&str> = trail.iter().map(|row| row.action.as_str()).filter(|a| a.starts_with("inhouse")).collect();
    assert_eq!(actions, ["inhouse.remove", "inhouse.put", "inhouse.put"]);
}

#[tokio::test]
async fn what_somebody_else_said_meanwhile_is_not_overwritten() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, admin) = (at.one(Role::Doctor), at.one(Role::Administrator));
    let code = three_drugs(&clinic)[0].code.0.clone();
    let kind = MasterKind::Drug;
    let put = async |who: &Me, form: InhouseForm, version: i64| {
        act!(clinic, who, ConfigureClinic, inhouse::put_inhouse, kind, code.clone(), form, version)
    };
    put(&doctor, adopted(""), 0).await.expect("adopts");
    for version in [0, 2] {
        let stale = put(&admin, InhouseForm { favourite: true, ..InhouseForm::default() }, version).await;
        let Err(AppError::Stale { yours, theirs, version, by, .. }) = stale else { panic!("{stale:?}") };
        assert!(yours.contains("よく使う") && theirs.contains("採用") && theirs.contains("略称 アムロ"), "{yours} {theirs}");
        assert_eq!((version, by), (1, doctor.staff.name.clone()));
    }
    // Taken away and said anew by somebody else: the version goes on counting.
    put(&doctor, InhouseForm::default(), 1).await.expect("says nothing any more");
    assert_eq!(act!(clinic, admin, SearchMasters, inhouse::inhouse_items, None), Ok(Vec::new()));
    assert_eq!(act!(clinic, admin, SearchMasters, inhouse::inhouse_item, kind, code.clone()).map(|item| item.version), Ok(0));
    let gone = put(&admin, adopted(""), 1).await;
    assert!(matches!(gone, Err(AppError::Conflict { .. })), "{gone:?}");
    assert_eq!(put(&doctor, adopted(""), 0).await.map(|item| item.version), Ok(3));

    let flawed = |field: &'static str, form: InhouseForm| (field, form);
    for (field, form) in [
        flawed("hidden", InhouseForm { hidden: true, ..adopted("") }),
        flawed("own_reading", InhouseForm { own_reading: "亜".into(), ..adopted("") }),
        flawed("amount", InhouseForm { amount: "".into(), ..adopted("") }),
        flawed("route", InhouseForm { route: "".into(), ..adopted("") }),
        flawed("usage", InhouseForm { route: "external".into(), ..adopted("1M") }),
        flawed("count", InhouseForm { count: "181".into(), ..adopted("1M") }),
    ] {
        let refused = put(&doctor, form, 3).await.expect_err(field);
        assert!(refused.at(field).is_some(), "{field}: {refused:?}");
    }
    let disease = code_of(&clinic, MasterKind::Disease, "高血圧症");
    let dosed = act!(clinic, doctor, ConfigureClinic, inhouse::put_inhouse, MasterKind::Disease, disease, adopted(""), 0);
    assert!(dosed.expect_err("no disease is taken thrice a day").at("amount").is_some());
    let unknown = act!(clinic, doctor, ConfigureClinic, inhouse::put_inhouse, kind, "999999999".into(), adopted(""), 0);
    assert_eq!(unknown, Err(AppError::NotFound));
}

#[tokio::test]
async fn of_two_who_adopt_at_once_one_is_told() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let code = three_drugs(&clinic)[0].code.0.clone();
    let both = [at.one(Role::Doctor), at.one(Role::Administrator)].map(|who| {
        let (clinic, code) = (clinic.clone(), code.clone());
        tokio::spawn(async move {
            act!(clinic, who, ConfigureClinic, inhouse::put_inhouse, MasterKind::Drug, code, adopted(""), 0).is_ok()
        })
    });
    let mut done = Vec::new();
    for one in both {
        done.push(one.await.expect("no panic"));
    }
    done.sort_unstable();
    assert_eq!(done, [false, true]);
}

#[tokio::test]
async fn a_set_goes_into_a_visit_with_one_choice() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk, admin) = (at.one(Role::Doctor), at.one(Role::Reception), at.one(Role::Administrator));
    let item = SelfPaidItemForm {
        name: "診断書".into(),
        price: "3000".into(),
        tax_percent: "10".into(),
        active: true,
        ..Default::default()
    };
    let item = act!(clinic, admin, ConfigureClinic, inhouse::put_self_paid_item, None, item).expect("makes");
    let drug = three_drugs(&clinic)[0].clone();
    let (crp, urine) = (code_of(&clinic, MasterKind::Procedure, "ＣＲＰ"), code_of(&clinic, MasterKind::Procedure, "尿一般"));
    let form = OrderSetForm {
        name: "高血圧　定期".into(),
        reading: "こうけつあつていき".into(),
        prescriptions: vec![rp(drug.code.as_str())],
        procedures: [&crp, &urine].map(|code| SetProcedureForm { code: code.clone(), quantity: "1".into() }).into(),
        self_paid: vec![SelfPaidForm { item: item.id, quantity: 1 }],
    };
    let set = act!(clinic, admin, ConfigureClinic, inhouse::put_set, None, form.clone()).expect("makes");
    assert_eq!((set.name.as_str(), set.reading.as_str(), set.version), ("高血圧 定期", "コウケツアツテイキ", 1));
    assert_eq!(
        (set.prescriptions[0].usage.as_str(), set.prescriptions[0].items[0].name.as_str()),
        ("1日1回 朝食後", drug.name.as_str())
    );
    assert_eq!(set.faults, Vec::<String>::new());
    let twice = act!(clinic, doctor, ConfigureClinic, inhouse::put_set, None, form.clone()).expect_err("the name is taken");
    assert!(twice.at("name").is_some(), "{twice:?}");
    let stale = act!(clinic, doctor, ConfigureClinic, inhouse::put_set, Some((set.id, 7)), form.clone());
    assert!(matches!(&stale, Err(AppError::Stale { version: 1, theirs, .. }) if theirs.contains("ＣＲＰ")), "{stale:?}");

    let visit = check_in(&clinic, &desk).await;
    let orders = act!(clinic, doctor, Order, inhouse::use_set, visit, set.id).expect("uses");
    assert_eq!((orders.prescriptions.len(), orders.procedures.len(), orders.self_paid.len()), (1, 2, 1));
    assert_eq!(orders.procedures.iter().map(|order| order.code.as_str()).collect::<Vec<_>>(), [&crp, &urine]);
    assert_eq!(orders.self_paid[0].total.0, 3_300);
    let trail = act!(clinic, admin, Administer, admin::audit_trail, None).expect("reads");
    let ordered: Vec<&str> = trail.iter().map(|row| row.action.as_str()).filter(|action| action.starts_with("order.")).collect();
    assert_eq!(ordered, ["order.use_set"], "one row for all of it");
    // What was added is as what was typed: it can be changed and taken out.
    let first = &orders.prescriptions[0];
    let orders = act!(clinic, doctor, Order, orders::remove_rp, visit, first.id, first.version).expect("removes");
    assert_eq!(orders.prescriptions.len(), 0);

    let made = act!(clinic, doctor, Order, inhouse::set_from_visit, visit, "検査".into(), "けんさ".into()).expect("makes");
    assert_eq!((made.prescriptions.len(), made.procedures.len(), made.self_paid.len()), (0, 2, 1));
    let without = OrderSetForm { self_paid: Vec::new(), name: made.name.clone(), prescriptions: Vec::new(), ..form.clone() };
    let laboratory =
        act!(clinic, admin, ConfigureClinic, inhouse::put_set, Some((made.id, made.version)), without).expect("changes");
    assert_eq!((laboratory.procedures.len(), laboratory.self_paid.len(), laboratory.version), (2, 0, 2));
    let left = act!(clinic, admin, ConfigureClinic, inhouse::remove_set, laboratory.id, 2).expect("removes");
    assert_eq!(left.iter().map(|set| set.id).collect::<Vec<_>>(), [set.id]);
    let removed = act!(clinic, doctor, Order, inhouse::use_set, visit, laboratory.id);
    assert_eq!(removed, Err(AppError::NotFound));

    let bad = OrderSetForm { name: "".into(), ..OrderSetForm::default() };
    assert!(act!(clinic, admin, ConfigureClinic, inhouse::put_set, None, bad).expect_err("no name").at("name").is_some());
    let mut bad = OrderSetForm { name: "誤り".into(), ..form };
    bad.prescriptions[0].items[0].code = "999999999".into();
    bad.procedures[1].quantity = "0".into();
    bad.self_paid[0].quantity = 100;
    let refused = act!(clinic, admin, ConfigureClinic, inhouse::put_set, None, bad).expect_err("three flaws");
    for field in ["prescriptions.0.items.0.code", "procedures.1.quantity", "self_paid.0.quantity"] {
        assert!(refused.at(field).is_some(), "{field}: {refused:?}");
    }
    let empty = OrderSetForm { name: "空".into(), ..OrderSetForm::default() };
    let refused = act!(clinic, admin, ConfigureClinic, inhouse::put_set, None, empty).expect_err("nothing inside");
    assert!(refused.at("prescriptions").is_some());
}

#[tokio::test]
async fn the_layer_survives_an_import_and_is_repaired() {
    let (clinic, store) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk, admin) = (at.one(Role::Doctor), at.one(Role::Reception), at.one(Role::Administrator));
    let [old, like, other] = three_drugs(&clinic);
    let code = old.code.0.clone();
    act!(clinic, admin, ConfigureClinic, inhouse::put_inhouse, MasterKind::Drug, code.clone(), adopted("1M"), 0).expect("adopts");
    let form = OrderSetForm { name: "降圧".into(), prescriptions: vec![rp(&code)], ..OrderSetForm::default() };
    let set = act!(clinic, admin, ConfigureClinic, inhouse::put_set, None, form).expect("makes");
    let visit = check_in(&clinic, &desk).await;
    let repair = async || act!(clinic, admin, SearchMasters, inhouse::repair_list).expect("lists");
    let faults = async || act!(clinic, doctor, SearchMasters, inhouse::order_sets).expect("lists").remove(0).faults;
    assert_eq!((repair().await, faults().await), (Vec::new(), Vec::new()));

    // The row ends.
    let last = NaiveDate::from_ymd_opt(2026, 6, 30).expect("a day");
    let before = store.swap(after_import(|rows| {
        for drug in rows.drugs.iter_mut().filter(|drug| drug.code == old.code) {
            drug.validity.to = Some(drug.validity.to.map_or(last, |to| to.min(last)));
        }
    }));
    let list = repair().await;
    assert_eq!(list.len(), 1, "{list:?}");
    assert_eq!((&list[0].code, &list[0].standing), (&code, &Standing::Ended { on: last, successor: None }));
    assert_eq!(faults().await, [format!("「{}」は2026-06-30に廃止されました", old.name)]);
    let refused = act!(clinic, doctor, Order, inhouse::use_set, visit, set.id);
    let Err(AppError::Conflict { message }) = refused else { panic!("{refused:?}") };
    assert!(message.contains(&old.name) && message.contains("降圧"), "{message}");
    let orders =
        act!(clinic, doctor, Order, orders::put_rp, visit, None, rp(like.code.as_str())).expect("nothing was left behind");
    assert_eq!(orders.prescriptions.len(), 1);

    // The row is gone: its last known name stays.
    store.swap(after_import(|rows| rows.drugs.retain(|drug| drug.code != old.code)));
    let list = repair().await;
    assert_eq!((list[0].name.as_str(), &list[0].standing, list[0].version), (old.name.as_str(), &Standing::Unknown, 1));
    assert_eq!(list[0].own_name, "アムロ");
    assert!(faults().await[0].contains("現在のマスターにありません"));
    assert!(search(&clinic, &doctor, MasterKind::Drug, "").await.iter().all(|hit| hit.code != code));

    // And back again: all as it was.
    store.swap(before);
    assert_eq!((repair().await, faults().await), (Vec::new(), Vec::new()));
    act!(clinic, doctor, Order, inhouse::use_set, visit, set.id).expect("uses");

    // Moved to another maker's: item and set in one go, the dose with them.
    store.swap(after_import(|rows| rows.drugs.retain(|drug| drug.code != old.code)));
    let replace = async |by: &Drug, version: i64| {
        act!(clinic, admin, ConfigureClinic, inhouse::replace_inhouse, MasterKind::Drug, code.clone(), by.code.0.clone(), version)
    };
    let strong = replace(&other, 1).await;
    assert!(
        matches!(&strong, Err(AppError::Conflict { message }) if message.contains("規格") && message.contains("降圧")),
        "{strong:?}"
    );
    assert_eq!(repair().await.len(), 1, "a refusal moves nothing");
    assert!(matches!(replace(&like, 9).await, Err(AppError::Stale { version: 1, .. })));
    assert!(replace(&old, 1).await.expect_err("is gone").at("by").is_some());
    let item = replace(&like, 1).await.expect("moves");
    assert_eq!((&item.code, item.own_name.as_str(), item.adopted), (&like.code.0, "アムロ", true));
    assert_eq!(item.usual.map(|usual| usual.count), Some(28));
    assert_eq!((repair().await, faults().await), (Vec::new(), Vec::new()));
    let sets = act!(clinic, doctor, SearchMasters, inhouse::order_sets).expect("lists");
    assert_eq!((sets[0].prescriptions[0].items[0].code.as_str(), sets[0].version), (like.code.as_str(), 2));
    let orders = act!(clinic, doctor, Order, inhouse::use_set, visit, set.id).expect("uses");
    assert_eq!(orders.prescriptions.len(), 3);
}

#[tokio::test]
async fn a_code_that_only_a_set_holds_is_listed_and_moved() {
    let (clinic, store) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let admin = at.one(Role::Administrator);
    let [old, like, other] = three_drugs(&clinic);
    let form = OrderSetForm { name: "降圧".into(), prescriptions: vec![rp(old.code.as_str())], ..OrderSetForm::default() };
    act!(clinic, admin, ConfigureClinic, inhouse::put_set, None, form).expect("makes");
    store.swap(after_import(|rows| rows.drugs.retain(|drug| drug.code != old.code)));
    let list = act!(clinic, admin, SearchMasters, inhouse::repair_list).expect("lists");
    assert_eq!(list.iter().map(|item| (item.code.as_str(), item.version)).collect::<Vec<_>>(), [(old.code.as_str(), 0)]);
    let (from, to) = (old.code.0.clone(), like.code.0.clone());
    act!(clinic, admin, ConfigureClinic, inhouse::replace_inhouse, MasterKind::Drug, from, to, 0).expect("moves");
    assert_eq!(act!(clinic, admin, SearchMasters, inhouse::repair_list), Ok(Vec::new()));
    assert_eq!(act!(clinic, admin, SearchMasters, inhouse::inhouse_items, None), Ok(Vec::new()));
    let (from, to) = (other.code.0.clone(), like.code.0.clone());
    let nowhere = act!(clinic, admin, ConfigureClinic, inhouse::replace_inhouse, MasterKind::Drug, from, to, 0);
    assert_eq!(nowhere, Err(AppError::NotFound));
}

#[tokio::test]
async fn a_favourite_disease_that_was_abolished_names_its_successor() {
    let (clinic, store) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let doctor = at.one(Role::Doctor);
    let kind = MasterKind::Disease;
    let (old, new) = (code_of(&clinic, kind, "急性上気道炎"), code_of(&clinic, kind, "高血圧症"));
    let form = InhouseForm { favourite: true, own_name: "かぜ".into(), ..InhouseForm::default() };
    act!(clinic, doctor, ConfigureClinic, inhouse::put_inhouse, kind, old.clone(), form, 0).expect("likes");
    let last = NaiveDate::from_ymd_opt(2026, 5, 31).expect("a day");
    store.swap(after_import(|rows| {
        for disease in rows.diseases.iter_mut().filter(|disease| disease.code.0 == old) {
            disease.validity.to = Some(last);
            disease.successor = Some(new.clone().into());
        }
    }));
    let list = act!(clinic, doctor, SearchMasters, inhouse::repair_list).expect("lists");
    let successor = Some((new.clone(), "高血圧症".to_owned()));
    assert_eq!(list.first().map(|item| &item.standing), Some(&Standing::Ended { on: last, successor }));
    let moved = act!(clinic, doctor, ConfigureClinic, inhouse::replace_inhouse, kind, old, new.clone(), 1).expect("moves");
    assert_eq!((moved.code, moved.favourite, moved.own_name.as_str()), (new, true, "かぜ"));
}

#[tokio::test]
async fn a_set_is_made_of_what_was_done_before_and_belongs_to_its_clinic() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let (_, visit) = support::whole_visit(&clinic, &doctor, &desk, patient).await;
    let set = act!(clinic, doctor, Order, inhouse::set_from_visit, visit, "膝".into(), "ひざ".into()).expect("makes");
    let other = register(&clinic, &desk, "スズキ", "ジロウ").await;
    let next = act!(clinic, desk, CheckIn, reception::check_in, other, "".into()).expect("checks in").id;
    let orders = act!(clinic, doctor, Order, inhouse::use_set, next, set.id).expect("uses");
    let (rp, written) = (&orders.prescriptions[0], &set.prescriptions[0]);
    assert_eq!((rp.dispensing, &rp.usage, rp.count, &rp.items), (Dispensing::InHouse, &written.usage, 7, &written.items));
    assert_eq!((orders.prescriptions.len(), orders.procedures.len()), (1, 1));
    let nothing = act!(clinic, doctor, Order, inhouse::use_set, visit, set.id);
    assert!(matches!(nothing, Err(AppError::Conflict { .. })), "a paid visit stands");

    let stranger = found(&clinic, "minato").await.one(Role::Doctor);
    assert_eq!(act!(clinic, stranger, SearchMasters, inhouse::order_sets), Ok(Vec::new()));
    let made = act!(clinic, stranger, Order, inhouse::set_from_visit, visit, "膝".into(), "".into());
    assert_eq!(made, Err(AppError::NotFound));
    let empty = register(&clinic, &desk, "サトウ", "サブロウ").await;
    let empty = act!(clinic, desk, CheckIn, reception::check_in, empty, "".into()).expect("checks in").id;
    let made = act!(clinic, doctor, Order, inhouse::set_from_visit, empty, "空".into(), "".into());
    assert!(matches!(made, Err(AppError::Conflict { .. })), "nothing is ordered there");
}
