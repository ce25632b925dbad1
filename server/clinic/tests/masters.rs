//! Importing national masters into a real PostgreSQL: made-up files always, the published ones where they are there.

use clinic::{
    Clinic, Desk,
    masters::{self, Checked},
    policy::*,
    testing::{Founded, clinic, found},
};
use model::{AppError, edition::*, ids::*, master::MasterKind, staff::Role};
use sqlx::Row;
use std::path::PathBuf;

mod support;

/// A line of master C (コメント): fixed texts (pattern 20), as the specification's 30 columns.
fn comment(change: &str, serial: u32, text: &str, from: &str, to: &str) -> String {
    let code = format!("820{serial:06}");
    let zeros = ["0"; 11].map(|zero| format!("\"{zero}\"")).join(",");
    let length = text.chars().count();
    format!(
        "\"{change}\",\"C\",\"8\",\"20\",\"{serial}\",\"{length}\",\"{text}\",\"0\",\"\",{zeros},\"{from}\",\"{to}\",\"{code}\",\"0\",\"\",\"\",\"\",\"\",\"\",\"\"\r\n"
    )
}

/// A full file of three comments.
fn first() -> Vec<u8> {
    [
        comment("0", 900_001, "試験用コメント一", "20260601", "99999999"),
        comment("0", 900_002, "試験用コメント二", "20260601", "99999999"),
        comment("0", 900_003, "試験用コメント三", "20260601", "99999999"),
    ]
    .concat()
    .into_bytes()
}

/// A difference file: one new, one changed, one abolished.
fn second() -> Vec<u8> {
    [
        comment("3", 900_004, "試験用コメント四", "20260701", "99999999"),
        comment("5", 900_002, "試験用コメント弐", "20260701", ""),
        comment("9", 900_003, "", "20260701", "20260630"),
    ]
    .concat()
    .into_bytes()
}

const FIRST: &str = "c_ALL20260601.csv";
const SECOND: &str = "c_20260701.csv";

async fn checked(name: &str, bytes: Vec<u8>) -> Checked {
    masters::check(name.into(), bytes).await.expect("is looked at")
}

async fn desk(clinic: &Clinic, at: &Founded) -> Desk<KeepMasters> {
    clinic.enter_as::<KeepMasters>(at.one(Role::Administrator)).await.expect("the role may")
}

async fn upload(clinic: &Clinic, at: &Founded, name: &str, bytes: Vec<u8>) -> Upload {
    let file = checked(name, bytes).await;
    act!(clinic, at.one(Role::Administrator), KeepMasters, masters::upload, file).expect("waits")
}

async fn preview(clinic: &Clinic, at: &Founded, uploads: &[&Upload], past: bool) -> ImportPreview {
    let ids = uploads.iter().map(|upload| upload.id).collect();
    masters::preview_import(clinic, desk(clinic, at).await, ids, past).await.expect("shows")
}

async fn apply(clinic: &Clinic, at: &Founded, uploads: &[&Upload], past: bool, state: i64) -> Result<Editions, AppError> {
    let ids = uploads.iter().map(|upload| upload.id).collect();
    masters::apply_import(clinic, desk(clinic, at).await, ids, past, state).await
}

/// Hands files in, looks, and applies them.
async fn import(clinic: &Clinic, at: &Founded, files: &[(&str, Vec<u8>)], past: bool) -> Editions {
    let mut uploads = Vec::new();
    for (name, bytes) in files {
        uploads.push(upload(clinic, at, name, bytes.clone()).await);
    }
    let uploads: Vec<&Upload> = uploads.iter().collect();
    let shown = preview(clinic, at, &uploads, past).await;
    assert!(shown.ready, "{:?}", shown.uploads);
    apply(clinic, at, &uploads, past, shown.state).await.expect("applies")
}

/// All stored rows with where they came from, in an order of their own.
async fn rows(clinic: &Clinic) -> Vec<String> {
    sqlx::query(
        "select concat_ws('|', kind, code, valid_from, valid_to, r.edition, sha256, line, array_to_string(cells, ','), encode(digest, 'hex'))
         from master_row r join master_file f on f.id = r.file_id order by 1",
    )
    .fetch_all(clinic.pool())
    .await
    .expect("rows")
    .iter()
    .map(|row| row.get(0))
    .collect()
}

fn texts(clinic: &Clinic, query: &str) -> Vec<String> {
    let nothing = ::masters::search::House::nothing();
    let hits = clinic.masters().search(MasterKind::Comment, query, clinic.today(), 10, &nothing);
    hits.into_iter().map(|hit| hit.name).collect()
}

#[tokio::test]
async fn files_are_handed_in_shown_applied_and_found() {
    let (clinic, _) = clinic().await;
    let a = found(&clinic, "aoba").await;
    assert!(texts(&clinic, "試験用コメント").is_empty());
    let one = upload(&clinic, &a, FIRST, first()).await;
    assert_eq!((one.refusal.as_ref(), one.known, one.tables.len()), (None, false, 1), "{one:?}");
    let (kind, full, rows_of) = (one.tables[0].kind, one.tables[0].full, one.tables[0].rows);
    assert_eq!((kind, full, rows_of), (FileKind::Comment, true, 3));

    let shown = preview(&clinic, &a, &[&one], false).await;
    let comments = shown.kinds.iter().find(|preview| preview.kind == FileKind::Comment).expect("comments change");
    assert_eq!((shown.ready, comments.new), (true, 3), "{comments:?}");
    assert!(rows(&clinic).await.is_empty(), "a preview writes nothing");

    let editions = apply(&clinic, &a, &[&one], false, shown.state).await.expect("applies");
    assert!(editions.keeper && editions.waiting.is_empty());
    assert_eq!((editions.history[0].file.as_str(), editions.history[0].withdrawn.as_ref()), (FIRST, None));
    assert!(editions.in_force.iter().any(|edition| edition.sha256 == one.sha256), "{:?}", editions.in_force);
    assert_eq!(texts(&clinic, "試験用コメント").len(), 3);

    // Rows carry file, line and checksum, and columns are those of the specification.
    let row = sqlx::query(
        "select f.sha256, r.line, r.cells[7], r.cells[23], r.valid_from::text
         from master_row r join master_file f on f.id = r.file_id where r.kind = 'comment' and r.code = '820900002'",
    )
    .fetch_one(clinic.pool())
    .await
    .expect("one row");
    let said: (String, i32, String, String, String) = (row.get(0), row.get(1), row.get(2), row.get(3), row.get(4));
    assert_eq!(said, (one.sha256.clone(), 2, "試験用コメント二".into(), "820900002".into(), "2026-06-01".into()));

    // The difference lies over it.
    let editions = import(&clinic, &a, &[(SECOND, second())], false).await;
    assert_eq!(editions.history.len(), 2);
    let mut found = texts(&clinic, "試験用コメント");
    found.sort();
    assert_eq!(found[..2], ["試験用コメント一", "試験用コメント四"]);
    assert!(found.contains(&"試験用コメント弐".to_owned()), "{found:?}");
    // What ended still prints for its days.
    let june = chrono::NaiveDate::from_ymd_opt(2026, 6, 10).expect("a day");
    assert_eq!(clinic.masters().comment("820900003", june).expect("in June").text, "試験用コメント三");
    assert!(clinic.masters().comment("820900003", clinic.today()).is_none());
    let trail = act!(clinic, a.one(Role::Administrator), Administer, audit::audit_trail, None).expect("a trail");
    assert_eq!(trail.iter().filter(|row| row.action == "master.apply").count(), 2);
}

#[tokio::test]
async fn the_same_bytes_again_change_nothing() {
    let (clinic, _) = clinic().await;
    let a = found(&clinic, "aoba").await;
    import(&clinic, &a, &[(FIRST, first())], false).await;
    let before = rows(&clinic).await;
    let again = upload(&clinic, &a, "another name.csv", first()).await;
    assert!(again.known);
    let shown = preview(&clinic, &a, &[&again], false).await;
    assert!(!shown.ready && shown.kinds.is_empty());
    let editions = apply(&clinic, &a, &[&again], false, shown.state).await.expect("nothing to do");
    assert_eq!((editions.history.len(), editions.waiting.len()), (1, 0));
    assert_eq!(rows(&clinic).await, before);
    assert_eq!(
        clinic.masters().comment("820900001", clinic.today()).map(|row| row.text.clone()).as_deref(),
        Some("試験用コメント一")
    );
}

#[tokio::test]
async fn the_order_of_applying_does_not_matter_and_rows_do_not_move() {
    let mut ends = Vec::new();
    for order in [[0, 1, 2], [2, 0, 1], [2, 1, 0]] {
        let (clinic, _) = clinic().await;
        let a = found(&clinic, "aoba").await;
        let third = [comment("5", 900_001, "試験用コメント壱", "20260708", "")].concat().into_bytes();
        let files = [(FIRST, first()), (SECOND, second()), ("c_20260708.csv", third)];
        if order[0] == 0 {
            for index in order {
                import(&clinic, &a, &files[index..=index], true).await;
            }
        } else {
            // A difference cannot stand alone, so these come together, in another order.
            let files = order.map(|index| files[index].clone());
            import(&clinic, &a, &files, true).await;
        }
        ends.push(rows(&clinic).await);
    }
    assert_eq!(ends[0].len(), 6, "{:#?}", ends[0]);
    assert!(ends.iter().all(|end| *end == ends[0]), "{ends:#?}");
}

#[tokio::test]
async fn only_rows_that_differ_are_written() {
    let (clinic, _) = clinic().await;
    let a = found(&clinic, "aoba").await;
    import(&clinic, &a, &[(FIRST, first())], false).await;
    let stamp = "select xmin::text from master_row where code = '820900001'";
    let before: String = sqlx::query_scalar(stamp).fetch_one(clinic.pool()).await.expect("a row");
    import(&clinic, &a, &[(SECOND, second())], false).await;
    let after: String = sqlx::query_scalar(stamp).fetch_one(clinic.pool()).await.expect("the same row");
    assert_eq!(before, after);
}

#[tokio::test]
async fn withdrawing_gives_the_former_rows_back() {
    let (clinic, _) = clinic().await;
    let a = found(&clinic, "aoba").await;
    let starter = clinic.masters().editions().to_vec();
    import(&clinic, &a, &[(FIRST, first())], false).await;
    let before = rows(&clinic).await;
    let editions = import(&clinic, &a, &[(SECOND, second())], false).await;
    let of = |name: &str| editions.history.iter().find(|edition| edition.file == name).expect("applied").id;

    // What others lie upon stays.
    let shown = masters::preview_withdrawal(&clinic, desk(&clinic, &a).await, of(FIRST)).await;
    assert!(matches!(shown, Err(AppError::Conflict { .. })), "{shown:?}");

    let shown = masters::preview_withdrawal(&clinic, desk(&clinic, &a).await, of(SECOND)).await.expect("shows");
    let comments = shown.kinds.iter().find(|preview| preview.kind == FileKind::Comment).expect("comments change");
    assert!(shown.ready && comments.removed == 1 && comments.changed >= 1, "{comments:?}");
    let left = masters::withdraw_edition(&clinic, desk(&clinic, &a).await, of(SECOND), shown.state).await.expect("goes");
    assert_eq!(rows(&clinic).await, before);
    assert_eq!(texts(&clinic, "試験用コメント三"), ["試験用コメント三"]);
    let gone = left.history.iter().find(|edition| edition.file == SECOND).expect("stays in the history");
    assert!(gone.withdrawn.is_some());

    // Twice is not found; and what was withdrawn may come again.
    let again = masters::withdraw_edition(&clinic, desk(&clinic, &a).await, of(SECOND), shown.state + 1).await;
    assert_eq!(again.err(), Some(AppError::NotFound));
    import(&clinic, &a, &[(SECOND, second())], false).await;
    assert_eq!(texts(&clinic, "試験用コメント弐"), ["試験用コメント弐"]);

    // Nothing applied is the starter set.
    let history = act!(clinic, a.one(Role::Administrator), Administer, masters::editions).expect("editions").history;
    for name in [SECOND, FIRST] {
        let id = history.iter().find(|edition| edition.file == name && edition.withdrawn.is_none()).expect("applied").id;
        let shown = masters::preview_withdrawal(&clinic, desk(&clinic, &a).await, id).await.expect("shows");
        masters::withdraw_edition(&clinic, desk(&clinic, &a).await, id, shown.state).await.expect("goes");
    }
    assert!(rows(&clinic).await.is_empty());
    assert_eq!(clinic.masters().editions(), starter);
}

#[tokio::test]
async fn a_broken_file_leaves_nothing() {
    let (clinic, _) = clinic().await;
    let a = found(&clinic, "aoba").await;
    let good = upload(&clinic, &a, FIRST, first()).await;
    let broken = [comment("3", 900_004, "四", "20260701", "99999999"), "\"3\",\"C\",\"8\"\r\n".to_owned()].concat().into_bytes();
    let broken = upload(&clinic, &a, SECOND, broken).await;
    let refusal = broken.refusal.as_ref().expect("is refused");
    assert_eq!((refusal.code.as_str(), refusal.line), ("columns", Some(2)));
    assert!(refusal.message.contains(SECOND) && refusal.message.contains("30"), "{refusal:?}");

    let shown = preview(&clinic, &a, &[&good, &broken], false).await;
    assert!(!shown.ready);
    let applied = apply(&clinic, &a, &[&good, &broken], false, shown.state).await;
    assert!(matches!(&applied, Err(AppError::Conflict { message }) if *message == refusal.message), "{applied:?}");
    assert!(rows(&clinic).await.is_empty());
    let files: i64 = sqlx::query_scalar("select count(*) from master_file").fetch_one(clinic.pool()).await.expect("counts");
    assert_eq!(files, 0);

    // A difference without what it lies upon is good in itself and refused when it is looked at with the set.
    let alone = upload(&clinic, &a, SECOND, second()).await;
    assert_eq!(alone.refusal, None);
    let shown = preview(&clinic, &a, &[&alone], false).await;
    assert_eq!(shown.uploads[0].refusal.as_ref().map(|refusal| refusal.code.as_str()), Some("needs_full"));
    assert!(!shown.ready && apply(&clinic, &a, &[&alone], false, shown.state).await.is_err());

    // An older edition only as history.
    import(&clinic, &a, &[(FIRST, first())], false).await;
    let older = upload(
        &clinic,
        &a,
        "c_ALL20260301.csv",
        [comment("0", 900_001, "旧", "20260301", "99999999"), comment("0", 900_002, "旧", "20260301", "99999999")]
            .concat()
            .into_bytes(),
    )
    .await;
    let shown = preview(&clinic, &a, &[&older], false).await;
    assert_eq!(shown.uploads[0].refusal.as_ref().map(|refusal| refusal.code.as_str()), Some("older"));
    assert!(preview(&clinic, &a, &[&older], true).await.ready);
}

#[tokio::test]
async fn of_two_at_once_one_is_told_to_look_again() {
    let (clinic, _) = clinic().await;
    let a = found(&clinic, "aoba").await;
    let one = upload(&clinic, &a, FIRST, first()).await;
    let other = upload(
        &clinic,
        &a,
        "c_ALL20260615.csv",
        first().into_iter().chain(comment("0", 900_005, "試験用コメント五", "20260615", "99999999").into_bytes()).collect(),
    )
    .await;
    let state = preview(&clinic, &a, &[&one], false).await.state;
    let (these, those) = ([&one], [&other]);
    let (left, right) = tokio::join!(apply(&clinic, &a, &these, false, state), apply(&clinic, &a, &those, false, state));
    let conflicts = [&left, &right].into_iter().filter(|done| matches!(done, Err(AppError::Conflict { .. }))).count();
    let done = [&left, &right].into_iter().filter(|done| done.is_ok()).count();
    assert_eq!((done, conflicts), (1, 1), "{left:?} {right:?}");
    let number: i64 = sqlx::query_scalar("select number from master_state").fetch_one(clinic.pool()).await.expect("a number");
    assert_eq!(number, state + 1);
    // With an old state nothing is done either.
    let late = if left.is_ok() { &other } else { &one };
    assert!(matches!(apply(&clinic, &a, &[late], true, state).await, Err(AppError::Conflict { .. })));
}

#[tokio::test]
async fn who_does_not_keep_the_masters_sees_and_changes_nothing() {
    let (clinic, _) = clinic().await;
    let a = found(&clinic, "aoba").await;
    let b = found(&clinic, "minato").await;
    let file = checked(FIRST, first()).await;
    let refused = act!(clinic, b.one(Role::Administrator), KeepMasters, masters::upload, file);
    assert_eq!(refused.err(), Some(AppError::Forbidden));
    let editions = import(&clinic, &a, &[(FIRST, first())], false).await;
    let shown = masters::preview_withdrawal(&clinic, desk(&clinic, &b).await, editions.history[0].id).await;
    assert_eq!(shown.err(), Some(AppError::Forbidden));
    let gone = masters::withdraw_edition(&clinic, desk(&clinic, &b).await, editions.history[0].id, 1).await;
    assert_eq!(gone.err(), Some(AppError::Forbidden));
    let seen = act!(clinic, b.one(Role::Administrator), Administer, masters::editions).expect("sees");
    assert!(!seen.keeper && seen.history.len() == 1 && seen.waiting.is_empty());
    // Names of staff stay in their clinic.
    assert_ne!(seen.history[0].applied_by, a.one(Role::Administrator).staff.name);
}

#[tokio::test]
async fn what_a_clinic_uses_is_shown_with_how_often() {
    let (clinic, _) = clinic().await;
    let a = found(&clinic, "aoba").await;
    let patient = support::register(&clinic, &a.one(Role::Reception), "ヤマダ", "ハナコ").await;
    support::whole_visit(&clinic, &a.one(Role::Doctor), &a.one(Role::Reception), patient).await;
    // Comments are not counted.
    let one = upload(&clinic, &a, FIRST, first()).await;
    assert!(preview(&clinic, &a, &[&one], false).await.affected.is_empty());
    // A full file of modifiers (修飾語) without 左, which the diagnosis carries.
    let right = "\"0\",\"Z\",\"9998\",\"\",\"\",\"1\",\"試\",\"\",\"2\",\"タメシ\",\"\",\"0\",\"0\",\"20260601\",\"20260601\",\"99999999\",\"29999998\",\"ZZZ8\",\"A2000000\"\r\n";
    let modifiers = upload(&clinic, &a, "z_20260601.txt", right.as_bytes().to_vec()).await;
    assert_eq!(modifiers.refusal, None);
    let shown = preview(&clinic, &a, &[&one, &modifiers], false).await;
    let left: Vec<&AffectedItem> = shown.affected.iter().filter(|item| item.row.name == "左").collect();
    assert_eq!(left.len(), 1, "{:?}", shown.affected);
    assert_eq!((left[0].kind, left[0].used), (MasterKind::Modifier, 1));
    assert!(matches!(left[0].row.change, Change::Abolished | Change::Removed), "{:?}", left[0]);
}

#[tokio::test]
async fn another_server_follows() {
    let (clinic, clock) = clinic().await;
    let a = found(&clinic, "aoba").await;
    let store = masters::store(clinic.pool()).await.expect("loads");
    let other = Clinic::new(clinic.pool().clone(), std::sync::Arc::new(store), std::sync::Arc::new(clock));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let watching = tokio::spawn(masters::watch(other.clone(), async move {
        let _ = stopped.await;
    }));
    import(&clinic, &a, &[(FIRST, first())], false).await;
    let began = std::time::Instant::now();
    while texts(&other, "試験用コメント一").is_empty() {
        assert!(began.elapsed().as_secs() < 20, "the other server never followed");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    // And one that starts now has it from the database, the same tables as the server that applied it.
    let (number, loaded) = masters::load(clinic.pool()).await.expect("loads");
    assert_eq!((number, loaded.editions()), (1, clinic.masters().editions()));
    stop.send(()).expect("is waited for");
    watching.await.expect("ends");
}

#[tokio::test]
async fn a_file_that_is_thrown_away_is_gone() {
    let (clinic, _) = clinic().await;
    let a = found(&clinic, "aoba").await;
    let one = upload(&clinic, &a, FIRST, first()).await;
    let left = act!(clinic, a.one(Role::Administrator), KeepMasters, masters::discard_upload, one.id).expect("goes");
    assert!(left.waiting.is_empty());
    let again = act!(clinic, a.one(Role::Administrator), KeepMasters, masters::discard_upload, one.id);
    assert_eq!(again.err(), Some(AppError::NotFound));
    let shown = masters::preview_import(&clinic, desk(&clinic, &a).await, vec![one.id, UploadId(one.id.0)], false).await;
    assert_eq!(shown.err(), Some(AppError::NotFound));
}

/// The folder of published files; loudly nothing where it is not there.
fn official() -> Option<PathBuf> {
    let shared = std::env::var_os("KARTE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = shared.join("masters/official");
    if !folder.is_dir() {
        eprintln!("SKIPPED: {} is not there", folder.display());
        return None;
    }
    Some(folder)
}

/// Columns of a published table of today, by code.
fn derived(folder: &std::path::Path, name: &str, key: usize) -> std::collections::BTreeMap<String, Vec<String>> {
    let text = std::fs::read_to_string(folder.join("../derived").join(name)).expect("a table");
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows = reader.records().map(|record| record.expect("a row").iter().map(str::to_owned).collect::<Vec<_>>());
    rows.map(|row| (row[key - 1].clone(), row)).collect()
}

#[tokio::test]
async fn materials_and_comments_as_published_end_at_the_derived_tables_in_sql() {
    let Some(folder) = official() else { return };
    let (clinic, _) = clinic().await;
    let a = found(&clinic, "aoba").await;
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .expect("a folder")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.starts_with("t_") || name.starts_with("c_"))
        // The derived tables stand at these days.
        .filter(|name| {
            !["t_ALL20260227.csv", "t_ALL20260529.csv", "c_ALL20260626.csv", "c_ALL20250715.csv"].contains(&name.as_str())
        })
        .collect();
    names.sort();
    assert!(names.len() > 20, "{names:?}");
    let files: Vec<(&str, Vec<u8>)> =
        names.iter().map(|name| (name.as_str(), std::fs::read(folder.join(name)).expect("a file"))).collect();
    import(&clinic, &a, &files, false).await;
    for (kind, key, name) in [("material", 3, "t_r6_asof20250829.csv"), ("comment", 23, "c_r6_asof20250715.csv")] {
        let wanted = derived(&folder, name, key);
        let rows: Vec<(String, Vec<String>)> = sqlx::query_as(
            "select distinct on (code) code, cells from master_row where kind = $1 order by code, valid_from desc",
        )
        .bind(kind)
        .fetch_all(clinic.pool())
        .await
        .expect("rows");
        assert_eq!(rows.len(), wanted.len(), "{kind}");
        // Column 1 says what the last file did and not how the row stands.
        for (code, cells) in rows {
            assert_eq!(cells[1..], wanted[&code][1..], "{kind} {code}");
        }
    }
    // The files of 2026 on top: the day of service decides.
    let newer = ["t_ALL20260529.csv", "c_ALL20260626.csv"].map(|name| (name, std::fs::read(folder.join(name)).expect("a file")));
    import(&clinic, &a, &newer, false).await;
    let day = |month| chrono::NaiveDate::from_ymd_opt(2026, month, 15).expect("a day");
    let price = |month| clinic.masters().material("700010000", day(month)).map(|row| row.price.to_string());
    assert_eq!(price(7).as_deref(), Some("120.00"), "フィルム 半切, master T 2026-05-29");
}
