//! What the clinic says of itself and of a patient's cards reaches the fee: caps of local subsidies, 多数回該当 and マル長.

use chrono::Duration;
use clinic::{
    policy::*,
    testing::{clinic, found, friday},
};
use model::{chart::*, ids::*, insurance::*, patient::Registration, staff::*};

#[expect(dead_code, reason = "whole visits belong to other tests")]
mod support;
use support::with_check;

#[tokio::test]
async fn a_local_subsidy_is_charged_by_the_visit_and_only_so_often() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    let mut form = support::form("ヤマダ", "ハナコ");
    form.birth_date = "2016-05-05".into();
    form.subsidy = SubsidyForm {
        payer: with_check("8813000"),
        recipient: with_check("123456"),
        visit_cap: "200".into(),
        charged_visits: "2".into(),
        valid_from: "2026-04-01".into(),
        ..Default::default()
    };
    let registered = act!(clinic, desk, RegisterPatient, patients::register, form, true).expect("registers");
    let Registration::Registered { patient, .. } = registered else { panic!("{registered:?}") };
    let kept = act!(clinic, desk, FindPatient, patients::patient, patient).expect("reads");
    assert_eq!((kept.subsidies[0].visit_cap, kept.subsidies[0].charged_visits), (Some(200), Some(2)));
    let mut paid = Vec::new();
    for day in 0..3 {
        clock.set(friday() + Duration::days(day * 3));
        let visit: VisitId = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in").id;
        let soap = Soap { subjective: "咳。".into(), ..Soap::default() };
        act!(clinic, doctor, ConfirmNote, notes::confirm, visit, soap, 0).expect("confirms");
        let statement = act!(clinic, desk, ReadBill, billing::statement, visit).expect("calculates");
        paid.push(statement.payment.patient_yen.0);
    }
    assert_eq!(paid, [200, 200, 0]);
}

#[tokio::test]
async fn limits_of_a_card_are_kept_and_wrong_ones_refused_at_the_field() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let desk = at.one(Role::Reception);
    let patient = support::register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    let card = InsuranceForm {
        insurer: "06130488".into(),
        number: "3456".into(),
        relation: "insured".into(),
        share: "30".into(),
        limit_class: "ウ".into(),
        many_times: "yes".into(),
        long_term_cap: "10000".into(),
        valid_from: "2026-07-01".into(),
        ..Default::default()
    };
    let kept = act!(clinic, desk, RegisterPatient, patients::add_insurance, patient, card.clone()).expect("adds");
    assert_eq!((kept.insurances[0].many_times, kept.insurances[0].long_term_cap), (true, Some(10_000)));
    let wrong = InsuranceForm { long_term_cap: "15000".into(), ..card };
    let refused = act!(clinic, desk, RegisterPatient, patients::add_insurance, patient, wrong).expect_err("no such cap");
    assert!(refused.at("insurance.long_term_cap").is_some(), "{refused:?}");
    let wrong = SubsidyForm {
        payer: with_check("8813000"),
        recipient: with_check("123456"),
        charged_visits: "0".into(),
        valid_from: "2026-04-01".into(),
        ..Default::default()
    };
    let refused = act!(clinic, desk, RegisterPatient, patients::add_subsidy, patient, wrong).expect_err("never charged");
    assert!(refused.at("subsidy.charged_visits").is_some(), "{refused:?}");
}
