//! The demo: what it holds, that it obeys the masters and the law's arithmetic, that it is the same every time, and that
//! its two clinics cannot see each other.

use chrono::NaiveDate;
use clinic::{
    Clinic,
    demo::{self, DemoSummary},
    policy::*,
    testing::clinic,
};
use model::{
    fee::Statement,
    ids::ClinicId,
    insurance::{InsurerNumber, check_digit},
    master::MasterKind,
    money::{Points, Yen},
    orders::RpItem,
    share::ShareState,
    staff::{Me, Role, SignInForm},
    visit::VisitState,
};
use sqlx::{Postgres, Row, Transaction, types::Json};
use std::time::Instant;
use uuid::Uuid;

const SEED: u64 = 20_260_710;
const PASSWORD: &str = "demo-password";

fn friday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 7, 10).expect("a day")
}

async fn filled() -> (Clinic, DemoSummary) {
    let (clinic, _) = clinic().await;
    let began = Instant::now();
    let summary = match demo::fill(&clinic, SEED, friday(), PASSWORD).await {
        Ok(summary) => summary,
        Err(error) => panic!("the demo cannot be filled: {error:?}"),
    };
    println!("filled in {:.1} s: {summary:#?}", began.elapsed().as_secs_f64());
    (clinic, summary)
}

/// A transaction that sees one of the demo's clinics.
async fn inside(clinic: &Clinic, slug: &str) -> Transaction<'static, Postgres> {
    let mut tx = clinic.pool().begin().await.expect("begins");
    let id: Uuid = sqlx::query_scalar("select clinic_id from clinic_directory where slug = $1")
        .bind(slug)
        .fetch_one(&mut *tx)
        .await
        .expect("is in the directory");
    sqlx::query("select set_config('app.clinic_id', $1, true)")
        .bind(id.to_string())
        .execute(&mut *tx)
        .await
        .expect("sets the tenant");
    tx
}

async fn sign_in(clinic: &Clinic, slug: &str, login: &str) -> Me {
    let form = SignInForm { clinic: slug.into(), login: login.into(), password: PASSWORD.into() };
    clinic.sign_in(form, None, "test").await.expect("signs in").0
}

mod reading;
use reading::{fingerprint, show};

#[tokio::test]
async fn two_clinics_with_a_hundred_patients() {
    let (clinic, summary) = filled().await;
    assert_eq!(
        summary.clinics.iter().map(|c| (c.slug.as_str(), c.created)).collect::<Vec<_>>(),
        [("aoba", true), ("minato", true)]
    );
    let (aoba, minato) = (&summary.clinics[0], &summary.clinics[1]);
    assert_eq!((aoba.patients, minato.patients), (72, 31));
    assert!(aoba.visits > 1_200 && minato.visits > 400, "{} {}", aoba.visits, minato.visits);
    assert!((15..=90).contains(&aoba.waiting), "{} documents wait", aoba.waiting);
    assert_eq!(aoba.shared_patient.as_ref().map(|p| &p.0), minato.shared_patient.as_ref().map(|p| &p.0));

    if std::env::var_os("KARTE_DEMO_SHOW").is_some() {
        show(&clinic).await;
    }
    everybody_signs_in(&clinic, &summary).await;
    the_board_of_today_is_alive(&clinic).await;
    histories_are_long_and_varied(&clinic).await;
    every_code_is_in_the_masters(&clinic).await;
    every_check_digit_is_right(&clinic).await;
    every_statement_adds_up(&clinic).await;
    months_come_out_as_they_were_charged(&clinic).await;
    documents_wait_and_none_is_refused(&clinic).await;
    clinics_do_not_see_each_other(&clinic, &summary).await;
    aoba_has_a_layer_of_its_own(&clinic).await;

    // A second call, even with another seed, changes nothing.
    let before = fingerprint(&clinic).await;
    let again = demo::fill(&clinic, SEED + 1, friday(), "another").await.expect("is there already");
    assert!(again.clinics.iter().all(|c| !c.created));
    assert_eq!(fingerprint(&clinic).await, before);

    // The same seed and day make the same data in another database.
    let (other, _) = filled().await;
    assert_eq!(fingerprint(&other).await, before);
}

/// Whatever day it is run on, at whatever hour, and whatever the seed: Sundays, closed days, the ends of months and years.
#[tokio::test]
async fn any_day_and_any_seed_will_do() {
    for (seed, (year, month, day)) in
        [(1, (2026, 11, 21)), (2, (2027, 1, 2)), (3, (2026, 8, 16)), (4, (2028, 2, 29)), (5, (2026, 3, 31))]
    {
        let today = NaiveDate::from_ymd_opt(year, month, day).expect("a day");
        let (clinic, clock) = clinic().await;
        // Half past midnight in Japan: today's visits cannot begin yesterday.
        clock.set(
            today.and_hms_opt(0, 30, 0).expect("a time").and_local_timezone(model::date::japan()).single().expect("one").to_utc(),
        );
        if let Err(error) = demo::fill(&clinic, seed, today, PASSWORD).await {
            panic!("seed {seed} on {today}: {error:?}");
        }
        let mut tx = inside(&clinic, "aoba").await;
        let (today_visits, later): (i64, i64) = sqlx::query_as(
            "select count(*) filter (where visit_date = $1), count(*) filter (where received_at > $2 or since > $2)
             from visit where clinic_id = current_clinic()",
        )
        .bind(today)
        .bind(clinic.now())
        .fetch_one(&mut *tx)
        .await
        .expect("counts");
        assert_eq!((today_visits, later), (9, 0), "seed {seed} on {today}");
        let refused: i64 =
            sqlx::query_scalar("select count(*) from outbox where clinic_id = current_clinic() and state = 'refused'")
                .fetch_one(&mut *tx)
                .await
                .expect("counts");
        assert_eq!(refused, 0, "seed {seed} on {today}");
    }
}

async fn everybody_signs_in(clinic: &Clinic, summary: &DemoSummary) {
    for made in &summary.clinics {
        for (login, name, role) in &made.staff {
            let me = sign_in(clinic, &made.slug, login).await;
            assert_eq!((&me.staff.name, me.staff.role), (name, *role));
        }
        assert!(Role::ALL.iter().all(|role| made.staff.iter().any(|(.., r)| r == role)));
    }
}

async fn the_board_of_today_is_alive(clinic: &Clinic) {
    let me = sign_in(clinic, "aoba", "reception").await;
    let mut desk = clinic.enter_as::<ReadBoard>(me).await.expect("may");
    let board = clinic::reception::board(&mut desk.tenant, &desk.grant, None).await.expect("a board");
    assert!((8..=10).contains(&board.rows.len()), "{}", board.rows.len());
    for state in [VisitState::Received, VisitState::InConsultation, VisitState::AwaitingPayment, VisitState::Done] {
        assert!(board.rows.iter().filter(|row| row.visit.state == state).count() >= 2, "{state:?}");
    }
    assert!(board.rows.iter().all(|row| row.visit.received_at <= board.read_at && row.since <= board.read_at));
}

async fn histories_are_long_and_varied(clinic: &Clinic) {
    let mut tx = inside(clinic, "aoba").await;
    let visits: Vec<i64> =
        sqlx::query_scalar("select count(*) from visit where clinic_id = current_clinic() group by patient_id")
            .fetch_all(&mut *tx)
            .await
            .expect("counts");
    assert!(visits.iter().filter(|n| **n >= 12).count() >= 40, "{visits:?}");
    assert!(visits.iter().max().is_some_and(|most| (45..=80).contains(most)), "{visits:?}");
    let notes: Vec<(String, String)> = sqlx::query_as(
        "select subjective || objective || assessment || plan, objective from note where clinic_id = current_clinic()",
    )
    .fetch_all(&mut *tx)
    .await
    .expect("notes");
    let mut distinct: Vec<&String> = notes.iter().map(|n| &n.0).collect();
    distinct.sort_unstable();
    distinct.dedup();
    assert!(distinct.len() * 100 >= notes.len() * 97, "{} of {} notes are distinct", distinct.len(), notes.len());
    let blank: Vec<String> = sqlx::query_scalar(
        "select concat_ws('|', subjective, objective, assessment, plan) from note where clinic_id = current_clinic() and confirmed_at is not null
         and (subjective = '' or objective = '' or assessment = '' or plan = '')",
    )
    .fetch_all(&mut *tx)
    .await
    .expect("notes");
    assert!(blank.is_empty(), "confirmed notes with an empty part: {blank:#?}");
    // Diabetes answers to treatment: the last values lie below the first.
    let series: Vec<Vec<rust_decimal::Decimal>> = sqlx::query_scalar(
        "select array_agg(number order by collected_at) from lab_result
         where clinic_id = current_clinic() and fhir_name = 'HbA1c-NGSP' group by patient_id having count(*) > 12",
    )
    .fetch_all(&mut *tx)
    .await
    .expect("series");
    assert!(series.len() >= 8, "{} series of HbA1c", series.len());
    for values in &series {
        assert!(values.last() < values.first(), "{values:?}");
    }
    let ages: Vec<i32> = sqlx::query_scalar(
        "select extract(year from age(date '2026-07-10', birth_date))::integer from patient where clinic_id = current_clinic()",
    )
    .fetch_all(&mut *tx)
    .await
    .expect("ages");
    assert!(ages.iter().any(|age| *age < 15) && ages.iter().any(|age| *age > 88), "{ages:?}");
}

async fn every_code_is_in_the_masters(clinic: &Clinic) {
    let masters = clinic.masters();
    let today = friday();
    for slug in ["aoba", "minato"] {
        let mut tx = inside(clinic, slug).await;
        let diagnoses: Vec<(String, String)> =
            sqlx::query_as("select code, base_name from diagnosis where clinic_id = current_clinic()")
                .fetch_all(&mut *tx)
                .await
                .expect("rows");
        assert!(!diagnoses.is_empty());
        for (code, name) in diagnoses {
            assert_eq!(masters.disease(&code, today).map(|d| d.name.clone()), Some(name));
        }
        let drugs: Vec<(Json<Vec<RpItem>>, NaiveDate)> = sqlx::query_as(
            "select items, visit_date from rp join visit v on v.clinic_id = rp.clinic_id and v.id = visit_id where rp.clinic_id = current_clinic()
             union all
             select drugs, visit_date from procedure_order p join visit v on v.clinic_id = p.clinic_id and v.id = visit_id
             where p.clinic_id = current_clinic()",
        )
        .fetch_all(&mut *tx)
        .await
        .expect("rows");
        for (items, day) in drugs {
            for item in items.0 {
                // Before the first prices the masters hold, the drug's oldest row speaks for it.
                let row = masters.drug(item.code.as_str(), day.max(NaiveDate::from_ymd_opt(2024, 6, 1).expect("a day")));
                assert_eq!(row.map(|drug| (&drug.name, &drug.unit)), Some((&item.name, &item.unit)), "on {day}");
            }
        }
        let procedures: Vec<(String, String, NaiveDate)> = sqlx::query_as(
            "select code, name, visit_date from procedure_order p join visit v on v.clinic_id = p.clinic_id and v.id = visit_id
             where p.clinic_id = current_clinic()",
        )
        .fetch_all(&mut *tx)
        .await
        .expect("rows");
        for (code, name, day) in procedures {
            assert_eq!(masters.procedure(&code, day).map(|p| &p.name), Some(&name), "on {day}");
        }
        let allergies: Vec<String> = sqlx::query_scalar("select code from allergy where clinic_id = current_clinic()")
            .fetch_all(&mut *tx)
            .await
            .expect("rows");
        assert!(allergies.iter().all(|code| masters.allergen(code, today).is_some()));
        let labs: Vec<String> =
            sqlx::query_scalar("select distinct local_code from lab_result where clinic_id = current_clinic()")
                .fetch_all(&mut *tx)
                .await
                .expect("rows");
        assert!(labs.len() > 3 && labs.iter().all(|code| masters.lab(code, today).is_some()));
    }
}

async fn every_check_digit_is_right(clinic: &Clinic) {
    let right = |number: &str| {
        let (body, last) = number.split_at(number.len() - 1);
        check_digit(body).map(|digit| digit.to_string()).as_deref() == Some(last)
    };
    for slug in ["aoba", "minato"] {
        let mut tx = inside(clinic, slug).await;
        let insurers: Vec<String> = sqlx::query_scalar("select insurer from insurance where clinic_id = current_clinic()")
            .fetch_all(&mut *tx)
            .await
            .expect("rows");
        assert!(insurers.len() >= 30 && insurers.iter().all(|number| InsurerNumber::parse(number).is_ok()));
        let subsidies: Vec<(String, String)> =
            sqlx::query_as("select payer, recipient from subsidy where clinic_id = current_clinic()")
                .fetch_all(&mut *tx)
                .await
                .expect("rows");
        assert!(subsidies.iter().all(|(payer, recipient)| right(payer) && right(recipient)));
        assert_eq!(subsidies.len(), if slug == "aoba" { 3 } else { 0 });
        let number: String = sqlx::query_scalar("select institution_number from clinic where clinic_id = current_clinic()")
            .fetch_one(&mut *tx)
            .await
            .expect("one");
        assert!(model::codes::InstitutionNumber::parse(&number).is_ok_and(|number| &number.0[2..3] == "1"));
    }
}

async fn every_statement_adds_up(clinic: &Clinic) {
    for slug in ["aoba", "minato"] {
        let mut tx = inside(clinic, slug).await;
        type Paid = (Json<Statement>, i64, i64, i64, Option<i64>);
        let receipts: Vec<Paid> = sqlx::query_as(
            "select statement, due, tendered, change, payable from receipt r join visit v on v.clinic_id = r.clinic_id and v.id = r.visit_id
             where r.clinic_id = current_clinic()",
        )
        .fetch_all(&mut *tx)
        .await
        .expect("rows");
        assert!(receipts.len() > 200, "{}", receipts.len());
        for (statement, due, tendered, change, payable) in &receipts {
            let total: Points = statement.0.lines.iter().map(|line| line.total()).sum();
            assert_eq!(total, statement.0.points);
            assert!(total.0 >= 70, "a visit costs at least its visit: {total}");
            assert_eq!((*due, *payable), (statement.0.due().0, Some(*due)));
            assert_eq!(tendered - due, *change);
            assert!(*change >= 0 && due % 10 == 0);
        }
        let numbers: (i64, i64, i64) = sqlx::query_as(
            "select min(number), max(number), (select next_receipt_number from clinic where clinic_id = current_clinic())
             from receipt where clinic_id = current_clinic()",
        )
        .fetch_one(&mut *tx)
        .await
        .expect("one");
        let count = i64::try_from(receipts.len()).expect("few");
        assert_eq!(numbers, (1, count, count + 1));
        let unpaid: i64 = sqlx::query_scalar(
            "select count(*) from visit v where clinic_id = current_clinic() and state = 'done' and visit_date >= date '2024-06-01'
             and not exists (select 1 from receipt r where r.clinic_id = v.clinic_id and r.visit_id = v.id)",
        )
        .fetch_one(&mut *tx)
        .await
        .expect("one");
        assert_eq!(unpaid, 0, "visits since the first fee table without a receipt");
    }
}

/// What was made visit by visit for the past is what the till calculates for the whole month today, to the line.
async fn months_come_out_as_they_were_charged(clinic: &Clinic) {
    for slug in ["aoba", "minato"] {
        let me = sign_in(clinic, slug, "reception").await;
        let mut tx = inside(clinic, slug).await;
        let patients: Vec<Uuid> = sqlx::query_scalar("select id from patient where clinic_id = current_clinic() order by number")
            .fetch_all(&mut *tx)
            .await
            .expect("ids");
        let mut paid = 0;
        for patient in patients.into_iter().map(model::ids::PatientId) {
            for (year, month) in [(2025, 3), (2026, 5), (2026, 6), (2026, 7)] {
                let month = NaiveDate::from_ymd_opt(year, month, 1).expect("a day");
                let mut desk = clinic.enter_as::<ReadBill>(me.clone()).await.expect("may");
                let read = clinic::billing::patient_month(&mut desk.tenant, &desk.grant, patient, month).await;
                let shown = desk.finish(read).await.expect("a month");
                for visit in shown.visits.iter().filter(|visit| visit.charged.is_some()) {
                    assert_eq!(
                        (visit.difference(), visit.changes.len()),
                        (Some(Yen(0)), 0),
                        "{} of {slug}: {visit:#?}",
                        visit.date
                    );
                    paid += 1;
                }
            }
        }
        assert!(paid > 40, "{paid} paid visits at {slug}");
    }
}

/// Adopted drugs with their doses, favourites, sets that can be used today, and items outside of insurance.
async fn aoba_has_a_layer_of_its_own(clinic: &Clinic) {
    let doctor = sign_in(clinic, "aoba", "doctor").await;
    let mut desk = clinic.enter_as::<SearchMasters>(doctor).await.expect("may");
    let items = clinic::inhouse::inhouse_items(&mut desk.tenant, &desk.grant, None).await.expect("lists");
    let drugs: Vec<_> = items.iter().filter(|item| item.kind == MasterKind::Drug).collect();
    assert!(drugs.len() >= 30 && drugs.iter().all(|drug| drug.adopted && drug.usual.is_some()), "{drugs:#?}");
    assert!(drugs.iter().filter(|drug| !drug.own_name.is_empty()).count() >= 4);
    assert_eq!(items.iter().filter(|item| item.kind == MasterKind::Disease && item.favourite).count(), 10);
    let repair = clinic::inhouse::repair_list(&mut desk.tenant, &desk.grant).await.expect("lists");
    assert_eq!(repair, Vec::new());
    let sets = clinic::inhouse::order_sets(&mut desk.tenant, &desk.grant).await.expect("lists");
    assert_eq!((sets.len(), sets.iter().flat_map(|set| &set.faults).count()), (5, 0), "{sets:#?}");
    let self_paid = clinic::inhouse::self_paid_items(&mut desk.tenant, &desk.grant).await.expect("lists");
    assert_eq!(self_paid.len(), 3);
    let first = clinic::search::search_masters(&mut desk.tenant, &desk.grant, MasterKind::Drug, "あむろ".into(), None).await;
    let first = first.expect("searches").remove(0);
    assert!(first.preferred && first.own_name == "アムロ5" && first.usual.is_some(), "{first:?}");
}

async fn documents_wait_and_none_is_refused(clinic: &Clinic) {
    let mut tx = inside(clinic, "aoba").await;
    let rows: Vec<(String, String, i64)> = sqlx::query_as(
        "select kind, state, count(*) from outbox where clinic_id = current_clinic() and state <> 'superseded' group by 1, 2 order by 1, 2",
    )
    .fetch_all(&mut *tx)
    .await
    .expect("rows");
    println!("outbox of aoba: {rows:?}");
    let kinds: Vec<&str> = rows.iter().filter(|(_, state, _)| state == "waiting").map(|(kind, ..)| kind.as_str()).collect();
    assert_eq!(kinds, ["allergies", "diagnoses", "lab_report", "referral"]);
    let refused: Vec<(String, serde_json::Value)> =
        sqlx::query_as("select title, mends from outbox where clinic_id = current_clinic() and state = 'refused'")
            .fetch_all(&mut *tx)
            .await
            .expect("rows");
    assert!(refused.is_empty(), "{refused:#?}");

    // The shared patient's chart shows what waits.
    let me = sign_in(clinic, "aoba", "doctor").await;
    let id: Uuid = sqlx::query_scalar(
        "select patient_id from outbox where clinic_id = current_clinic() and kind = 'allergies' and state = 'waiting' order by created_at limit 1",
    )
    .fetch_one(&mut *tx)
    .await
    .expect("one");
    let mut desk = clinic.enter_as::<ReadChart>(me).await.expect("may");
    let chart = clinic::chart::open_chart(&mut desk.tenant, &desk.grant, model::ids::PatientId(id)).await.expect("a chart");
    assert!(chart.shared.iter().any(|document| matches!(document.state, ShareState::Waiting { .. })));
    assert!(!chart.past.is_empty() && !chart.diagnoses.is_empty());
}

async fn clinics_do_not_see_each_other(clinic: &Clinic, summary: &DemoSummary) {
    let mut aoba = inside(clinic, "aoba").await;
    let mut minato = inside(clinic, "minato").await;
    for table in ["patient", "visit", "note", "rp", "lab_result", "receipt", "outbox", "insurance", "diagnosis"] {
        let count = || {
            sqlx::query(sqlx::AssertSqlSafe(format!(
                "select count(*), count(distinct clinic_id), min(clinic_id::text) from {table}"
            )))
        };
        let seen: Vec<(i64, i64, String)> = {
            let a = count().fetch_one(&mut *aoba).await.expect("counts");
            let b = count().fetch_one(&mut *minato).await.expect("counts");
            [a, b].iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
        };
        assert!(seen.iter().all(|(rows, clinics, _)| *rows > 0 && *clinics == 1), "{table}: {seen:?}");
        assert_ne!(seen[0].2, seen[1].2, "{table}");
    }
    let numbers: i64 = sqlx::query_scalar("select count(*) from patient").fetch_one(&mut *minato).await.expect("counts");
    assert_eq!(numbers, summary.clinics[1].patients);
    let other: Vec<Uuid> = sqlx::query_scalar("select id from patient order by number").fetch_all(&mut *aoba).await.expect("ids");
    let found: i64 = sqlx::query_scalar("select count(*) from visit where patient_id = any($1)")
        .bind(&other)
        .fetch_one(&mut *minato)
        .await
        .expect("counts");
    assert_eq!(found, 0);
    let _: ClinicId = sign_in(clinic, "minato", "nurse").await.clinic;
}
