//! Two clinics that cannot see each other: every tenant table, read, changed and deleted as the application's role.

use clinic::{
    policy::*,
    testing::{clinic, found},
};
use model::{
    chart::AllergyForm, clinic::ClinicForm, fee::*, ids::*, inhouse::*, master::MasterKind, share::ShareKind, staff::Role,
    visit::VisitState,
};
use sqlx::{Executor, PgConnection, Row};

mod support;
use support::register;

/// Tables that belong to no clinic, with the reason. Nothing of a patient or of a clinic's own is in any of them.
const OF_NO_CLINIC: [(&str, &str); 5] = [
    ("clinic_directory", "which short name belongs to which clinic: known before anybody is signed in"),
    ("_sqlx_migrations", "the migrator's own"),
    ("master_file", "the national masters as published: the same for everybody, written by the clinic that keeps them"),
    ("master_row", "the rows of those files"),
    ("master_state", "how often the set of those files has changed"),
];

/// Every table of the clinics.
async fn tenant_tables(db: &mut PgConnection) -> Vec<String> {
    sqlx::query_scalar(
        "select c.relname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname <> all ($1)
         order by 1",
    )
    .bind(OF_NO_CLINIC.map(|(table, _)| table).as_slice())
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
async fn national_tables_are_read_by_all_and_written_by_their_keeper() {
    let (clinic, _) = clinic().await;
    let keeper = found(&clinic, "aoba").await;
    let other = found(&clinic, "minato").await;
    let mut db = clinic.pool().acquire().await.expect("connects");
    let national: Vec<String> = sqlx::query_scalar(
        "select relname::text from pg_class where relkind in ('r', 'p') and relname like 'master\\_%' and relname <> all ($1) order by 1",
    )
    .bind(tenant_tables(&mut db).await)
    .fetch_all(&mut *db)
    .await
    .expect("lists tables");
    assert_eq!(national, ["master_file", "master_row", "master_state"]);
    for table in &national {
        let protected: bool = sqlx::query_scalar("select relrowsecurity from pg_class where relname = $1")
            .bind(table)
            .fetch_one(&mut *db)
            .await
            .expect("a table");
        assert!(protected, "{table}");
        db.execute(sqlx::AssertSqlSafe(format!("select count(*) from {table}"))).await.expect("everybody reads");
    }
    let writing = [
        "insert into master_file (id, file, sha256, content, tables, applied_at, applied_by)
         values (gen_random_uuid(), 'x', repeat('a', 64), '', '[]', now(), 'x')",
        "insert into master_row (kind, code, valid_from, edition, file_id, line, cells, digest)
         select 'comment', 'x', '2026-01-01', 'x', id, 1, '{}', substr(sha256('x'), 1, 16) from master_file limit 1",
        "update master_state set number = number + 1",
        "update master_file set withdrawn_at = now(), withdrawn_by = 'x'",
        "delete from master_row",
    ];
    let write = async |who: Option<&clinic::testing::Founded>, statement: &'static str| -> u64 {
        let mut tx = clinic.pool().begin().await.expect("begins");
        if let Some(who) = who {
            let id = who.staff[0].clinic.to_string();
            sqlx::query("select set_config('app.clinic_id', $1, true)").bind(id).execute(&mut *tx).await.expect("sets");
        }
        let done = tx.execute(statement).await.map_or(0, |done| done.rows_affected());
        tx.commit().await.ok();
        done
    };
    // Nobody and a clinic that keeps nothing write nothing, before and after there is something to write.
    for statement in writing {
        assert_eq!(write(None, statement).await, 0, "nobody: {statement}");
        assert_eq!(write(Some(&other), statement).await, 0, "the other: {statement}");
        assert_eq!(write(Some(&keeper), statement).await, 1, "the keeper: {statement}");
    }
    // And it does not make itself the keeper.
    assert_eq!(write(Some(&other), "update clinic set keeps_masters = true").await, 0);
    assert_eq!(write(Some(&keeper), "update clinic set keeps_masters = false").await, 0);
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
    assert_eq!(
        may("DELETE", &mut db).await,
        [
            "clinic_day",
            "lab_report",
            "lab_result",
            "letter",
            "letter_file",
            "master_row",
            "master_upload",
            "paper",
            "procedure_order",
            "rp",
            "self_paid_line",
            "session",
            "share_due",
            "sign_in_failure",
            "taken_over"
        ]
    );
    for table in [
        "audit",
        "clinic",
        "clinic_directory",
        "fee_override",
        "lab_result",
        "master_file",
        "master_row",
        "master_upload",
        "note_revision",
        "receipt",
        "visit_event",
        "_sqlx_migrations",
    ] {
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
        "update receipt set settles = null",
        "update fee_override set reason = 'x'",
        "delete from fee_override",
        "delete from note",
        "update letter_file set content = ''",
        "update lab_result set number = 0",
        "delete from received",
        "delete from outbox",
        "delete from outside_asked",
    ] {
        let mut tx = clinic.pool().begin().await.expect("begins");
        let who = a.staff[0].clinic.to_string();
        sqlx::query("select set_config('app.clinic_id', $1, true)").bind(who).execute(&mut *tx).await.expect("sets");
        tx.execute(statement).await.expect_err(statement);
    }
    // Results of the house itself stay; only what was taken over from others can be taken back.
    for statement in ["delete from lab_result", "delete from lab_report"] {
        let mut tx = clinic.pool().begin().await.expect("begins");
        let who = a.staff[0].clinic.to_string();
        sqlx::query("select set_config('app.clinic_id', $1, true)").bind(who).execute(&mut *tx).await.expect("sets");
        assert_eq!(tx.execute(statement).await.expect("runs").rows_affected(), 0, "{statement}");
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
    let waiting = clinic::masters::check("c.csv".into(), b"nothing".to_vec()).await.expect("is looked at");
    act!(clinic, at.one(Role::Administrator), KeepMasters, masters::upload, waiting).expect("waits, though refused");
    fill_the_layer(clinic, &doctor, &desk).await;
    let patient = register(clinic, &desk, "ヤマダ", "ハナコ").await;
    let (patient, visit) = support::whole_visit(clinic, &doctor, &desk, patient).await;
    fill_what_is_shared(clinic, &doctor, patient).await;
    (patient, visit)
}

/// One row at least in every table of sharing with other houses.
async fn fill_what_is_shared(clinic: &clinic::Clinic, doctor: &model::staff::Me, patient: PatientId) {
    let code = support::code_of(clinic, MasterKind::Allergen, "そば");
    let allergy = AllergyForm { code, severe: false, reaction: String::new() };
    act!(clinic, doctor, RecordAllergy, allergies::add_allergy, patient, allergy).expect("is to be told");
    act!(clinic, doctor, WritePaper, papers::new_paper, patient, ShareKind::CarePlan).expect("begins");
    act!(clinic, doctor, WriteLetter, letters::new_letter, patient).expect("begins");
    // What comes from the platform, which these tests have not.
    let mut tx = clinic.pool().begin().await.expect("begins");
    let who = doctor.clinic.to_string();
    sqlx::query("select set_config('app.clinic_id', $1, true)").bind(who).execute(&mut *tx).await.expect("sets");
    for statement in [
        "insert into letter_file (clinic_id, id, letter_id, title, content_type, content, added_at, added_by)
         select clinic_id, gen_random_uuid(), id, '写真', 'image/png', 'x', now(), author_id
         from letter where clinic_id = current_clinic() and issued_at is null limit 1",
        "insert into received (clinic_id, id, patient_id, receipt, about, made_on, shared_at, fetched_at, content)
         select clinic_id, gen_random_uuid(), id, 'R-1', '{}', current_date, now(), now(), ''
         from patient where clinic_id = current_clinic() limit 1",
        "insert into taken_over (clinic_id, received_id, entry, patient_id, kind, subject_id, staff_id, at)
         select r.clinic_id, r.id, 1, r.patient_id, 'allergy', r.id, s.id, now()
         from received r join staff s using (clinic_id) where r.clinic_id = current_clinic() limit 1",
        "insert into outside_asked (clinic_id, patient_id, at, staff_id, purpose, answer)
         select p.clinic_id, p.id, now(), s.id, 'treatment', '{}'
         from patient p join staff s using (clinic_id) where p.clinic_id = current_clinic() limit 1",
        "insert into inbox_asked (clinic_id, at) values (current_clinic(), now())",
    ] {
        assert_eq!(tx.execute(statement).await.expect(statement).rows_affected(), 1, "{statement}");
    }
    tx.commit().await.expect("commits");
}

/// One row at least in every table of the clinic's own layer.
async fn fill_the_layer(clinic: &clinic::Clinic, doctor: &model::staff::Me, desk: &model::staff::Me) {
    let other = register(clinic, desk, "サトウ", "ヨウコ").await;
    let visit = act!(clinic, desk, CheckIn, reception::check_in, other, "".into()).expect("checks in").id;
    let form = SelfPaidItemForm {
        name: "診断書".into(),
        price: "3000".into(),
        tax_percent: "10".into(),
        active: true,
        ..Default::default()
    };
    let item = act!(clinic, doctor, ConfigureClinic, inhouse::put_self_paid_item, None, form).expect("makes");
    act!(clinic, doctor, Order, inhouse::put_self_paid, visit, item.id, 1).expect("orders");
    act!(clinic, doctor, Order, inhouse::set_from_visit, visit, "診断書".into(), "".into()).expect("makes a set");
    let code = support::code_of(clinic, MasterKind::Procedure, "ＣＲＰ");
    let add = OverrideForm { code, change: Change::Add { count: 1 }, reason: "検査を実施".into() };
    act!(clinic, desk, OverrideFee, billing::put_override, visit, add).expect("adds");
    let code = support::code_of(clinic, MasterKind::Disease, "高血圧症");
    let liked = InhouseForm { favourite: true, ..Default::default() };
    act!(clinic, doctor, ConfigureClinic, inhouse::put_inhouse, MasterKind::Disease, code, liked, 0).expect("likes");
    let seen = act!(clinic, doctor, ConfigureClinic, settings::clinic_settings).expect("reads");
    let form = ClinicForm { holidays: "2026-07-20 海の日".into(), ..ClinicForm::from(&seen) };
    act!(clinic, doctor, ConfigureClinic, settings::put_clinic_settings, form, seen.version).expect("saves");
}
