//! What the clinic says of itself and of a patient's cards reaches the fee: caps of local subsidies, 多数回該当 and マル長.

use chrono::Duration;
use clinic::{
    Clinic,
    policy::*,
    testing::{clinic, found, friday},
};
use model::{AppError, chart::*, clinic::*, fee::Statement, ids::*, insurance::*, patient::Registration, staff::*};

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

/// The statement of a confirmed visit that is received now.
async fn statement(clinic: &Clinic, doctor: &Me, desk: &Me, patient: PatientId) -> Statement {
    let visit: VisitId = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in").id;
    let soap = Soap { subjective: "咳。".into(), ..Soap::default() };
    act!(clinic, doctor, ConfirmNote, notes::confirm, visit, soap, 0).expect("confirms");
    act!(clinic, desk, ReadBill, billing::statement, visit).expect("calculates")
}

fn names(statement: &Statement) -> Vec<&str> {
    statement.lines.iter().map(|line| line.name.as_str()).collect()
}

#[tokio::test]
async fn hours_holidays_and_standards_reach_the_fee() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk, admin) = (at.one(Role::Doctor), at.one(Role::Reception), at.one(Role::Administrator));
    let before = act!(clinic, admin, ConfigureClinic, settings::clinic_settings).expect("reads");
    assert!(!before.timetable.is_told() && before.known.iter().any(|known| known.name == "電子画像管理" && known.fact));
    let form = ClinicForm {
        standards: vec!["明細書発行体制等加算".into(), "院内で決めた名前".into(), "3825".into()],
        week: ["9:00-12:00、15:00-19:00", "", "9-12", "9-12", "9:00-12:00、15:00-19:00", "9-12", ""].map(String::from).into(),
        holidays: "2026-07-20 海の日".into(),
        ..ClinicForm::from(&before)
    };
    let after = act!(clinic, admin, ConfigureClinic, settings::put_clinic_settings, form, before.version).expect("saves");
    assert_eq!(after.standards, ["明細書発行体制等加算", "院内で決めた名前", "3825"], "what no rule knows is kept");
    assert_eq!(after.timetable.holidays[0].name, "海の日");

    let mut next = 0;
    let mut seen = async |day: &str, time: &str| {
        let instant = format!("{day}T{time}:00+09:00").parse::<chrono::DateTime<chrono::Utc>>().expect("an instant");
        clock.set(instant);
        next += 1;
        let patient =
            support::register(&clinic, &desk, "ヤマダ", &"ハナコミサキ".chars().skip(next % 5).collect::<String>()).await;
        statement(&clinic, &doctor, &desk, patient).await
    };
    let outside = |statement: &Statement| names(statement).iter().any(|name| name.contains("時間外加算"));
    let holiday = |statement: &Statement| names(statement).iter().any(|name| name.contains("休日加算"));
    // Within the displayed evening, which the standard of the notice would have called outside.
    let evening = seen("2026-07-10", "18:30").await;
    assert!(!outside(&evening), "{:?}", names(&evening));
    // After it; and on a Tuesday, which is closed as a whole; but not in the noon break.
    assert!(outside(&seen("2026-07-10", "19:10").await));
    assert!(outside(&seen("2026-07-14", "10:00").await));
    assert!(!outside(&seen("2026-07-15", "13:00").await));
    // A national holiday that falls on an open Monday.
    let sea = seen("2026-07-20", "10:00").await;
    assert!(holiday(&sea), "{:?}", names(&sea));
    assert!(!holiday(&seen("2026-07-27", "10:00").await));
}

#[tokio::test]
async fn settings_are_not_lost_when_two_save_and_leave_a_trail() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (admin, doctor) = (at.one(Role::Administrator), at.one(Role::Doctor));
    let seen = act!(clinic, admin, ConfigureClinic, settings::clinic_settings).expect("reads");
    let form = |phone: &str| ClinicForm { phone: phone.into(), ..ClinicForm::from(&seen) };
    let saved = act!(clinic, admin, ConfigureClinic, settings::put_clinic_settings, form("03-0000-1111"), seen.version);
    assert_eq!(saved.expect("saves").phone, "03-0000-1111");
    // The other one saw the first version.
    let late = act!(clinic, doctor, ConfigureClinic, settings::put_clinic_settings, form("03-0000-2222"), seen.version);
    let Err(AppError::Stale { yours, theirs, version, by, .. }) = late else { panic!("{late:?}") };
    assert!(yours.contains("03-0000-2222") && theirs.contains("03-0000-1111") && by.contains("試験"), "{by}");
    // Saying what already stands is no conflict; with the version that was told the change is taken.
    let same = act!(clinic, doctor, ConfigureClinic, settings::put_clinic_settings, form("03-0000-1111"), seen.version);
    assert_eq!(same.expect("stands").version, version);
    let mine = act!(clinic, doctor, ConfigureClinic, settings::put_clinic_settings, form("03-0000-2222"), version);
    assert_eq!(mine.expect("saves").phone, "03-0000-2222");
    let trail = act!(clinic, admin, Administer, audit::audit_trail, None).expect("reads");
    let rows: Vec<&str> = trail.iter().filter(|row| row.action == "clinic.configure").map(|row| row.detail.as_str()).collect();
    assert_eq!(rows, ["電話番号", "電話番号"]);

    let wrong = ClinicForm { name: " ".into(), week: vec!["朝から".into()], holidays: "2026-07-20".into(), ..form("1") };
    let refused = act!(clinic, admin, ConfigureClinic, settings::put_clinic_settings, wrong, version).expect_err("flaws");
    for field in ["name", "phone", "week.0", "holidays"] {
        assert!(refused.at(field).is_some(), "{field}: {refused:?}");
    }
}

#[tokio::test]
async fn what_waits_for_payment_follows_the_standards() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk, admin) = (at.one(Role::Doctor), at.one(Role::Reception), at.one(Role::Administrator));
    let patient = support::register(&clinic, &desk, "ヤマダ", "ハナコ").await;
    statement(&clinic, &doctor, &desk, patient).await;
    clock.set(friday() + Duration::days(3));
    let visit: VisitId = act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).expect("checks in").id;
    act!(clinic, doctor, ConfirmNote, notes::confirm, visit, Soap { plan: "経過観察。".into(), ..Soap::default() }, 0)
        .expect("confirms");
    let payable = async || -> i64 {
        let board = act!(clinic, desk, ReadBoard, reception::board, None).expect("reads");
        board.rows.iter().find(|row| row.visit.id == visit).and_then(|row| row.payable).expect("an amount").0
    };
    let before = payable().await;
    let seen = act!(clinic, admin, ConfigureClinic, settings::clinic_settings).expect("reads");
    let form = ClinicForm { standards: vec!["時間外対応体制加算1".into()], ..ClinicForm::from(&seen) };
    act!(clinic, admin, ConfigureClinic, settings::put_clinic_settings, form, seen.version).expect("saves");
    let after = payable().await;
    assert!(after > before, "{after} after {before}");
}
