//! The queries of the masters' own benchmark (`cargo bench -p masters`) asked of PostgreSQL: one table of folded terms, an
//! index of trigrams (`pg_trgm`), one statement a query. It answers whether the search in memory is worth its memory.
//!
//! `cargo run --release -p clinic --features testing --example search_pg` starts a PostgreSQL of its own and prints p50 and
//! p99 of both beside each other. Without `../shared/masters` the starter set is searched, and it says so.

#[path = "../../masters/benches/queries/mod.rs"]
mod queries;

use chrono::NaiveDate;
use masters::{
    Snapshot,
    search::{House, fold::fold, romaji},
};
use model::master::MasterKind;
use private_postgres::PrivatePostgres;
use sqlx::{Connection, PgConnection};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

/// Rounds of every query in memory, and in the database.
const ROUNDS: [usize; 2] = [20, 1];
/// Hits that are asked for.
const LIMIT: usize = 30;

/// A word fits wholly, at the beginning, or inside; the shorter term first. Two spellings, the second the first again
/// where there is one only.
const QUERY: &str = "select code, min(case when term in ($2, $3) then 0
                                      when starts_with(term, $2) or starts_with(term, $3) then 1 else 2 end) as fit
                     from term
                     where kind = $1 and (term like '%' || $2 || '%' or term like '%' || $3 || '%')
                     group by code order by fit, min(length(term)), code limit $4";

#[tokio::main]
async fn main() {
    let snapshot = masters();
    snapshot.warm();
    let postgres = PrivatePostgres::temporary().await.expect("PostgreSQL starts");
    let mut db = fill(&postgres, &snapshot).await;
    println!("{:10} {:>12} {:>12} {:>14} {:>14}", "ms", "memory p50", "memory p99", "pg_trgm p50", "pg_trgm p99");
    // Two words, codes and modifiers need more than one statement; these are the groups the database can be asked for.
    for (name, queries) in queries::GROUPS.into_iter().take(12) {
        let (mut memory, mut database) = (Vec::new(), Vec::new());
        for kind in MasterKind::ALL {
            for query in queries {
                for _ in 0..ROUNDS[0] {
                    let began = Instant::now();
                    std::hint::black_box(snapshot.search(kind, query, day(), LIMIT, &House::nothing()));
                    memory.push(began.elapsed());
                }
                let typed = fold(query).text;
                let read = romaji::kana(query).map(|kana| fold(&kana).text).filter(|kana| !kana.is_empty());
                let read = read.unwrap_or_else(|| typed.clone());
                for _ in 0..ROUNDS[1] {
                    let began = Instant::now();
                    let rows: Vec<(String, i32)> = sqlx::query_as(QUERY)
                        .bind(kind.as_str())
                        .bind(&typed)
                        .bind(&read)
                        .bind(LIMIT as i64)
                        .fetch_all(&mut db)
                        .await
                        .expect("asks");
                    database.push(began.elapsed());
                    std::hint::black_box(rows);
                }
            }
        }
        let [a, b, c, d] = [at(&mut memory, 50), at(&mut memory, 99), at(&mut database, 50), at(&mut database, 99)];
        println!("{name:10} {a:>12.3} {b:>12.3} {c:>14.2} {d:>14.2}");
    }
    drop(db);
    postgres.stop().await;
}

/// The official files where they are, else the starter set.
fn masters() -> Arc<Snapshot> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("KARTE_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from).join("masters");
    if folder.is_dir() {
        return Arc::new(Snapshot::load_dir(&folder).expect("the official files are whole"));
    }
    println!("SKIPPED the full masters: {} is not there", folder.display());
    Snapshot::starter()
}

/// A database with all terms. Its letters are those of C.UTF-8: under the locale C kana and kanji are no letters, and
/// `pg_trgm` makes trigrams of letters only.
async fn fill(postgres: &PrivatePostgres, snapshot: &Snapshot) -> PgConnection {
    let mut owner = PgConnection::connect_with(&postgres.connect_options()).await.expect("connects");
    let create = "create database trigrams template template0 encoding 'UTF8' lc_collate 'C' lc_ctype 'C.UTF-8'";
    sqlx::raw_sql(create).execute(&mut owner).await.expect("creates");
    owner.close().await.expect("closes");
    let mut db = PgConnection::connect_with(&postgres.connect_options().database("trigrams")).await.expect("connects");
    let table = "create extension pg_trgm; create table term (kind text not null, code text not null, term text not null)";
    sqlx::raw_sql(table).execute(&mut db).await.expect("creates");
    let began = Instant::now();
    let mut count = 0;
    for kind in MasterKind::ALL {
        let (mut codes, mut terms): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for (code, found_by) in snapshot.search_terms(kind) {
            for term in found_by {
                codes.push(code.to_owned());
                terms.push(term.to_owned());
            }
        }
        count += codes.len();
        sqlx::query("insert into term select $1, * from unnest($2::text[], $3::text[])")
            .bind(kind.as_str())
            .bind(codes)
            .bind(terms)
            .execute(&mut db)
            .await
            .expect("inserts");
    }
    let index = "create index term_trigrams on term using gin (term gin_trgm_ops); create index term_kind on term (kind)";
    sqlx::raw_sql(index).execute(&mut db).await.expect("indexes");
    sqlx::raw_sql("vacuum analyze term").execute(&mut db).await.expect("analyzes");
    let bytes: i64 = sqlx::query_scalar("select pg_total_relation_size('term')").fetch_one(&mut db).await.expect("asks");
    println!("{count} terms in the database in {:.1?}, {} MB with indexes", began.elapsed(), bytes / 1_000_000);
    db
}

/// The day of service of every search.
fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day")
}

/// A percentile, in milliseconds.
fn at(times: &mut [Duration], percent: usize) -> f64 {
    times.sort_unstable();
    times[(times.len() - 1) * percent / 100].as_secs_f64() * 1e3
}
