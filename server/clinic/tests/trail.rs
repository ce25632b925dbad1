//! Signing in and the audit trail: what is tried is counted, what is done is written down, and no line is lost on paging.

use clinic::{
    policy::*,
    testing::{PASSWORD, clinic, found},
};
use model::{AppError, staff::*};

mod support;
use support::{register, whole_visit};

fn form(login: &str, password: &str) -> SignInForm {
    SignInForm { clinic: "aoba".into(), login: login.into(), password: password.into() }
}

#[tokio::test]
async fn many_tries_at_once_count_as_many() {
    let (clinic, _) = clinic().await;
    found(&clinic, "aoba").await;
    let tries = (0..20).map(|i| {
        let clinic = clinic.clone();
        tokio::spawn(async move { clinic.sign_in(form("doctor", &format!("違う{i}")), None, "t").await })
    });
    let mut looked_at = 0;
    for tried in tries.collect::<Vec<_>>() {
        match tried.await.expect("does not panic") {
            Err(AppError::WrongPassword) => looked_at += 1,
            Err(AppError::TooMany { .. }) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(looked_at, 5, "only so many passwords are looked at");
}

#[tokio::test]
async fn names_that_nobody_can_have_are_wrong_and_no_fault_of_ours() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    for login in ["", "\0", "doc\0tor", &"x".repeat(5_000), "doctor'; --"] {
        assert_eq!(clinic.sign_in(form(login, PASSWORD), None, "t").await.err(), Some(AppError::WrongPassword), "{login:?}");
    }
    let nowhere = SignInForm { clinic: "\0".into(), ..form("doctor", PASSWORD) };
    assert_eq!(clinic.sign_in(nowhere, None, "t").await.err(), Some(AppError::WrongPassword));
    let desk = at.one(Role::Reception);
    for query in ["\0", "山\0田", &"や".repeat(5_000)] {
        let found = act!(clinic, desk, FindPatient, patients::find, query.to_owned());
        assert!(found.is_ok(), "{found:?}");
    }
}

#[tokio::test]
async fn coming_going_and_being_refused_are_in_the_trail() {
    let (clinic, _) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let admin = at.one(Role::Administrator);
    clinic.sign_in(form("doctor", "違う"), None, "t").await.expect_err("wrong");
    let (me, cookie) = clinic.sign_in(form("doctor", PASSWORD), None, "t").await.expect("signs in");
    clinic.sign_out(Some(&cookie), "t").await.expect("signs out");
    clinic.sign_out(Some(&cookie), "t").await.expect("again changes nothing");
    let trail = act!(clinic, admin, Administer, admin::audit_trail, None).expect("reads");
    let of_doctor: Vec<&str> =
        trail.iter().rev().filter(|row| row.staff.as_ref() == Some(&me.staff)).map(|row| row.action.as_str()).collect();
    assert_eq!(of_doctor, ["session.refuse", "session.sign_in", "session.sign_out"]);
}

#[tokio::test]
async fn turning_the_pages_of_the_trail_misses_no_line() {
    let (clinic, clock) = clinic().await;
    let at = found(&clinic, "aoba").await;
    let (doctor, desk, admin) = (at.one(Role::Doctor), at.one(Role::Reception), at.one(Role::Administrator));
    // Lines of one request share their instant; here those of a whole day do.
    for i in 0..8 {
        let patient = register(&clinic, &desk, "ヤマダ", "ハナコ").await;
        whole_visit(&clinic, &doctor, &desk, patient).await;
        if i % 2 == 0 {
            clock.set(clinic.now() + chrono::Duration::seconds(1));
        }
    }
    let mut seen = 0;
    let mut before = None;
    loop {
        let page = act!(clinic, admin, Administer, admin::audit_trail, before).expect("reads");
        let Some(last) = page.last() else { break };
        assert!(page.is_sorted_by_key(|row| std::cmp::Reverse(row.at)));
        (seen, before) = (seen + page.len() as i64, Some(last.at));
    }
    let mut tx = clinic.pool().begin().await.expect("begins");
    sqlx::query("select set_config('app.clinic_id', $1, true)")
        .bind(admin.clinic.to_string())
        .execute(&mut *tx)
        .await
        .expect("sets");
    let all: i64 = sqlx::query_scalar("select count(*) from audit").fetch_one(&mut *tx).await.expect("counts");
    assert!(all > 150, "{all}");
    assert_eq!(seen, all);
}
