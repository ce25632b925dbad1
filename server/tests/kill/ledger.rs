//! Two books held against each other: the server's outbox and the platform's journal; and in the end the chart against what
//! the platform holds.

use super::{clerk::Clerk, house::House};
use fhir::import::{FoundValue, document_of};
use rust_decimal::Decimal;
use serde::Deserialize;
use sqlx::{Connection, FromRow, PgConnection, postgres::PgRow};
use std::{
    collections::{BTreeMap, BTreeSet},
    time::{Duration, Instant},
};
use uuid::Uuid;

/// A row of the outbox.
#[derive(Debug, Clone, FromRow)]
pub struct Entry {
    id: Uuid,
    patient_id: Uuid,
    kind: String,
    action: String,
    state: String,
    /// Last part of the bundle's identifier.
    identifier: String,
    receipt: String,
    #[expect(dead_code, reason = "shown when a check fails")]
    sequence: i64,
    #[expect(dead_code, reason = "shown when a check fails")]
    mends: String,
}

/// A line of the platform's journal.
#[derive(Debug, Clone, Deserialize)]
pub struct Line {
    sequence: i64,
    action: String,
    identifier: String,
    key: String,
    receipt: String,
}

impl Line {
    fn suffix(&self) -> &str {
        self.identifier.rsplit('^').next().unwrap_or_default()
    }
}

/// Both books.
pub struct Books {
    entries: Vec<Entry>,
    lines: Vec<Line>,
}

/// Rows as the owner, asked for until the database answers.
async fn rows<T>(house: &House, sql: &'static str, about: Option<Uuid>) -> Vec<T>
where
    T: Send + Unpin + for<'r> FromRow<'r, PgRow>,
{
    loop {
        let found = async {
            let mut owner = PgConnection::connect_with(&house.database().await).await?;
            let query = sqlx::query_as(sql);
            let query = if let Some(about) = about { query.bind(about) } else { query };
            let rows = query.fetch_all(&mut owner).await?;
            owner.close().await?;
            Ok::<_, sqlx::Error>(rows)
        };
        match tokio::time::timeout(Duration::from_secs(10), found).await {
            Ok(Ok(rows)) => return rows,
            // What the test itself has wrong is not to be asked again.
            Ok(Err(sqlx::Error::Database(error))) if error.code().is_some_and(|c| c.starts_with("42")) => panic!("{error}"),
            _ => tokio::time::sleep(Duration::from_millis(100)).await,
        }
    }
}

/// What is due in two minutes is due now.
pub async fn hurry(house: &House, patient: Uuid) {
    let sql = "update share_due set due_at = now() where patient_id = $1 returning 1";
    let _: Vec<(i32,)> = rows(house, sql, Some(patient)).await;
}

/// How many registrations and cancellations there are or will be.
pub async fn queued(house: &House) -> usize {
    let sql = "select (select count(*) from outbox where state <> 'superseded') + (select count(*) from share_due)";
    let [(count,)]: [(i64,); 1] = rows(house, sql, None).await.try_into().expect("one row");
    usize::try_from(count).expect("a count")
}

/// Waits until nothing waits, and takes both books.
pub async fn settle(house: &House, until: Instant) -> Books {
    let sql = "select (select count(*) from outbox where state in ('waiting', 'checking')) + (select count(*) from share_due)";
    loop {
        let [(open,)]: [(i64,); 1] = rows(house, sql, None).await.try_into().expect("one row");
        if open == 0 {
            break;
        }
        assert!(Instant::now() < until, "{open} documents still wait\n{}\n{}", house.log("karte.log"), house.log("platform.log"));
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let sql =
        "select id, patient_id, kind, action, state, identifier, sequence, coalesce(receipt, '') as receipt, mends::text as mends
               from outbox order by sequence";
    let entries = rows(house, sql, None).await;
    let (status, body) = house.platform("/v1/journal", None).await;
    assert_eq!(status, 200);
    let mut lines: Vec<Line> = serde_json::from_slice(&body).expect("the journal");
    lines.sort_by_key(|line| line.sequence);
    Books { entries, lines }
}

impl Books {
    /// Each row of the outbox stands in the journal once, and those of a patient in the order in which they were put in.
    pub fn check_exactly_once_and_in_order(&self, sends: usize) {
        let mut by_key: BTreeMap<&str, &Line> = BTreeMap::new();
        for line in &self.lines {
            let twice = by_key.insert(&line.key, line);
            assert!(twice.is_none(), "done twice: {line:?} {twice:?}");
        }
        let mut last: BTreeMap<Uuid, i64> = BTreeMap::new();
        let mut standing: BTreeSet<&str> = BTreeSet::new();
        for entry in &self.entries {
            let line = by_key.remove(entry.id.to_string().as_str());
            match (entry.state.as_str(), line) {
                // Never left, or left and was overtaken in the outbox while it was in the sender's hand.
                ("superseded", None) => continue,
                // Nothing was there to take back: it had never arrived, or was taken back before.
                ("cancelled", None) if entry.action == "cancel" && entry.receipt.is_empty() => {
                    assert!(!standing.contains(entry.identifier.as_str()), "not taken back: {entry:?}");
                }
                ("superseded" | "sent" | "cancelled", Some(line)) => {
                    assert_eq!((&line.action, line.suffix()), (&entry.action, entry.identifier.as_str()), "{entry:?}");
                    let before = last.insert(entry.patient_id, line.sequence);
                    assert!(before < Some(line.sequence), "overtaken: {entry:?} {line:?}, {before:?}");
                    match line.action.as_str() {
                        "register" => drop(standing.insert(entry.identifier.as_str())),
                        _ => drop(standing.remove(entry.identifier.as_str())),
                    }
                }
                (_, line) => panic!("lost, or never to be sent: {entry:?} {line:?}"),
            }
        }
        assert!(by_key.is_empty(), "nobody sent these: {by_key:?}");
        assert!(self.lines.len() >= sends, "{} lines in the journal", self.lines.len());
    }

    /// The figures.
    pub fn summary(&self) -> String {
        let count = |action: &str| self.lines.iter().filter(|line| line.action == action).count();
        let identities: BTreeSet<&str> = self.lines.iter().map(Line::suffix).collect();
        let superseded = self.entries.iter().filter(|e| e.state == "superseded").count();
        format!(
            "{} sends ({} registered, {} cancelled) of {} documents, each once and in order; {superseded} superseded before they left",
            self.lines.len(),
            count("register"),
            count("cancel"),
            identities.len(),
        )
    }

    /// What was asked for last of each identity.
    fn latest(&self) -> BTreeMap<&str, &Entry> {
        let sent = self.entries.iter().filter(|entry| entry.state != "superseded");
        sent.map(|entry| (entry.identifier.as_str(), entry)).collect()
    }

    /// The receipt under which a document was registered last.
    fn receipt(&self, identifier: &str) -> Option<&str> {
        let mut lines = self.lines.iter().rev().filter(|line| line.action == "register");
        lines.find(|line| line.suffix() == identifier).map(|line| line.receipt.as_str())
    }
}

#[derive(FromRow)]
struct Measured {
    report_id: Uuid,
    local_code: String,
    number: Decimal,
}

/// What stands at the platform is what stands in the chart; what was taken back last is gone; and nothing of a chart was
/// forgotten.
pub async fn check_last_state(house: &House, clerks: &[Clerk], books: &Books) {
    let latest = books.latest();
    let mut measured: BTreeMap<String, BTreeMap<String, Decimal>> = BTreeMap::new();
    for row in rows::<Measured>(house, "select report_id, local_code, number from lab_result", None).await {
        measured.entry(row.report_id.to_string()).or_default().insert(row.local_code, row.number.normalize());
    }
    let mut lists: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for clerk in clerks {
        for patient in &clerk.patients {
            let chart = clerk.chart(patient).await;
            let id: Uuid = serde_json::from_value(patient.clone()).expect("an id");
            for (list, mark) in [("allergies", "A"), ("diagnoses", "D")] {
                let entries = chart[list].as_array().expect("a list");
                let names = entries.iter().map(|e| e["name"].as_str().expect("a name").to_owned()).collect();
                lists.insert(format!("{}-{mark}", id.simple()), names);
            }
        }
    }
    let wanted = measured.keys().chain(lists.iter().filter(|(_, names)| !names.is_empty()).map(|(id, _)| id));
    for identifier in wanted {
        assert!(latest.contains_key(identifier.as_str()), "never sent: {identifier}");
    }
    for (identifier, entry) in latest {
        let receipt = match books.receipt(identifier) {
            Some(receipt) => receipt,
            // It was taken back before it left.
            None if entry.action == "cancel" => continue,
            None => panic!("{entry:?} was never registered"),
        };
        let (status, body) = house.platform(&format!("/v1/documents/{receipt}"), Some("1310000001")).await;
        if entry.action == "cancel" {
            assert_eq!(status, 404, "taken back, and still there: {entry:?}");
            continue;
        }
        assert_eq!(status, 200, "{entry:?}");
        let bundle = serde_json::from_slice(&body).expect("JSON");
        let read = document_of(&bundle).unwrap_or_else(|refusal| panic!("{entry:?}: {refusal}"));
        let names = |list: Vec<&String>| list.into_iter().cloned().collect::<BTreeSet<_>>();
        match entry.kind.as_str() {
            "lab_report" => {
                let results = read.results.iter().map(|r| match &r.value {
                    FoundValue::Number(number, _) => (r.local_code.clone(), number.normalize()),
                    other => panic!("{entry:?}: {other:?}"),
                });
                assert_eq!(Some(&results.collect()), measured.get(identifier), "{entry:?}");
            }
            "allergies" => assert_eq!(Some(&names(read.allergies.iter().map(|a| &a.name).collect())), lists.get(identifier)),
            "diagnoses" => assert_eq!(Some(&names(read.diagnoses.iter().map(|d| &d.name).collect())), lists.get(identifier)),
            other => panic!("{other} was never asked for"),
        }
    }
}
