//! Two clinics that cannot see each other: every tenant table, read, changed and deleted as the application's role.

use clinic::{
    policy::*,
    testing::{clinic, found},
};
use model::{ids::*, staff::Role, visit::VisitState};
use sqlx::{Executor, PgConnection, Row};

mod support;
use support::register;

/// Every table but the directory of clinics, which holds no patient data, and the migrator's own.
async fn tenant_tables(db: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar(
        "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname not in ('clinic_directory', '_sqlx_migrations')
         order by 1",
    )
    .fetch_all(db)
    .await
    .expect("lists tables")
}

#[tokio::test]
async fn every_table_is_protected_and_its_keys_begin_with_the_clinic() {
    let (clinic, _) = clinic().await;
    let mut db = clinic.pool().acquire().await.expect("connects");
    let tables = tenant_tables(&mut db).await;
    assert!(tables.len() >= 18, "{tables:?}");
    for table in tables {
        let row = sqlx::query("select relrowsecurity, relforcerowsecurity from pg_class where relname = $1")
            .bind(&table)
            .fetch_one(&mut *db)
            .await
            .expect("a table");
        assert!(row.get::<bool, _>(0) && row.get::<bool, _>(1), "row-level security is not forced on {table}");
        let keys: Vec<String> = sqlx::query_scalar(
            "select a.attname::text from pg_constraint k join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
             where k.conrelid = $1::regclass and k.contype in ('p', 'u', 'f')",
        )
        .bind(&table)
        .fetch_all(&mut *db)
        .await
        .expect("keys");
        assert!(!keys.is_empty() && keys.iter().all(|key| key == "clinic_id"), "keys of {table}: {keys:?}");
    }
}

#[tokio::test]
async fn without_a_tenant_every_table_is_an_error() {
    let (clinic, _) = clinic().await;
    let mut db = clinic.pool().acquire().await.expect("connects");
    for table in tenant_tables(&mut db).await {
        let asked = db.execute(sqlx::AssertSqlSafe(format!("select count(*) from {table}"))).await;
        assert!(asked.is_err(), "{table} answers although no tenant is set");
    }
}

#[tokio::test]
async fn what_is_written_stays_even_against_a_statement_that_forgets_the_rule() {
    let (clinic, _) = clinic().await;
    let a = found(&clinic, "aoba").await;
    fill_every_table(&clinic, &a).await;
    let mut db = clinic.pool().acquire().await.expect("connects");
    let may = async |privilege: &str, db: &mut PgConnection| -> Vec<String> {
        sqlx::query_scalar(
            "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where n.nspname = 'public' and c.relkind in ('r', 'p') and has_table_privilege('karte_app', c.oid, $1) order by 1",
        )
        .bind(privilege)
        .fetch_all(db)
        .await
        .expect("lists tables")
    };
    assert_eq!(may("DELETE", &mut db).await, ["letter", "procedure_order", "rp", "session", "sign_in_failure"]);
    for table in ["audit", "clinic_directory", "lab_result", "note_revision", "receipt", "visit_event", "_sqlx_migrations"] {
        assert!(!may("UPDATE", &mut db).await.contains(&table.to_owned()), "{table}");
    }
    for privilege in ["TRUNCATE", "REFERENCES", "TRIGGER"] {
        assert_eq!(may(privilege, &mut db).await, Vec::<String>::new(), "{privilege}");
    }
    for statement in [
        "update letter set form = '{}' where issued_at is not null",
        "update letter set issued_at = null where issued_at is not null",
        "delete from letter where issued_at is not null",
        "update note set confirmed_at = null where confirmed_at is not null",
        "update receipt set due = 0",
        "delete from note",
    ] {
        let mut tx = clinic.pool().begin().await.expect("begins");
        let who = a.staff[0].clinic.to_string();
        sqlx::query("select set_config('app.clinic_id', $1, true)").bind(who).execute(&mut *tx).await.expect("sets");
        tx.execute(statement).await.expect_err(statement);
    }
}

#[tokio::test]
async fn a_clinic_is_taken_back_only_while_it_is_unused() {
    let (clinic, _) = clinic().await;
    let a = found(&clinic, "aoba").await;
    clinic.withdraw(a.staff[0].clinic).await.expect("nothing but staff is there");
    let again = found(&clinic, "aoba").await;
    register(&clinic, &again.one(Role::Reception), "ヤマダ", "ハナコ").await;
    clinic.withdraw(again.staff[0].clinic).await.expect_err("it has been used");
    a_id_of(&clinic, "aoba").await;
}

#[tokio::test]
async fn clinic_b_reads_updates_and_deletes_nothing_of_clinic_a() {
    let (clinic, _) = clinic().await;
    let a = found(&clinic, "aoba").await;
    let b = found(&clinic, "minato").await;
    fill_every_table(&clinic, &a).await;

    let mut tx = clinic.pool().begin().await.expect("begins");
    let tables = tenant_tables(&mut tx).await;
    tx.rollback().await.expect("rolls back");
    for table in tables {
        let a_id = a.staff[0].clinic.to_string();
        let count = |who: String| {
            let (clinic, table) = (clinic.clone(), table.clone());
            async move {
                let mut tx = clinic.pool().begin().await.expect("begins");
                sqlx::query("select set_config('app.clinic_id', $1, true)").bind(who).execute(&mut *tx).await.expect("sets");
                let sql = sqlx::AssertSqlSafe(format!("select count(*) from {table} where clinic_id = $1::uuid"));
                let count: i64 =
                    sqlx::query_scalar(sql).bind(&a_id_of(&clinic, "aoba").await).fetch_one(&mut *tx).await.expect("counts");
                count
            }
        };
        let own = count(a_id.clone()).await;
        assert!(own > 0, "the test puts nothing into {table}");
        assert_eq!(count(b.staff[0].clinic.to_string()).await, 0, "B reads {table} of A");

        for change in [
            format!("update {table} set clinic_id = clinic_id where clinic_id = '{a_id}'"),
            format!("delete from {table} where clinic_id = '{a_id}'"),
        ] {
            let mut tx = clinic.pool().begin().await.expect("begins");
            sqlx::query("select set_config('app.clinic_id', $1, true)")
                .bind(b.staff[0].clinic.to_string())
                .execute(&mut *tx)
                .await
                .expect("sets");
            // Tables that are only ever added to refuse by privilege; the others find nothing to change.
            match tx.execute(sqlx::AssertSqlSafe(change)).await {
                Ok(done) => assert_eq!(done.rows_affected(), 0, "B changes {table} of A"),
                Err(error) => assert!(error.to_string().contains("permission denied"), "{table}: {error}"),
            }
            tx.commit().await.ok();
        }
        assert_eq!(count(a_id).await, own, "rows of {table} went missing");
    }
}

async fn a_id_of(clinic: &clinic::Clinic, slug: &str) -> String {
    sqlx::query_scalar("select clinic_id::text from clinic_directory where slug = $1")
        .bind(slug)
        .fetch_one(clinic.pool())
        .await
        .expect("in the directory")
}

#[tokio::test]
async fn ids_of_clinic_a_are_not_found_at_clinic_b() {
    let (clinic, _) = clinic().await;
    let a = found(&clinic, "aoba").await;
    let b = found(&clinic, "minato").await;
    let (patient, visit) = fill_every_table(&clinic, &a).await;
    let (doctor, desk) = (b.one(Role::Doctor), b.one(Role::Reception));
    let not_found = model::AppError::NotFound;

    assert_eq!(act!(clinic, doctor, ReadChart, chart::open_chart, patient).err(), Some(not_found.clone()));
    let moved = act!(clinic, desk, MoveVisit, reception::move_visit, visit, VisitState::Cancelled, 1);
    assert_eq!(moved.err(), Some(not_found.clone()));
    assert_eq!(act!(clinic, desk, CheckIn, reception::check_in, patient, "".into()).err(), Some(not_found.clone()));
    assert_eq!(act!(clinic, desk, ReadBill, billing::bill, visit).err(), Some(not_found));
}

/// One row at least in every tenant table of a clinic.
async fn fill_every_table(clinic: &clinic::Clinic, at: &clinic::testing::Founded) -> (PatientId, VisitId) {
    let (doctor, desk) = (at.one(Role::Doctor), at.one(Role::Reception));
    at.cookie(clinic, Role::Doctor).await;
    let wrong = model::staff::SignInForm { clinic: at.slug.clone(), login: "doctor".into(), password: "違う".into() };
    clinic.sign_in(wrong, None, "test").await.expect_err("the password is wrong");
    let patient = register(clinic, &desk, "ヤマダ", "ハナコ").await;
    support::whole_visit(clinic, &doctor, &desk, patient).await
}
