//! How long a search takes, over the full masters in `../shared/masters` (`KARTE_SHARED` says otherwise where `shared` is),
//! or loudly over the starter set: `cargo bench -p masters`.
//!
//! First a table: load time, what the searchable texts cost, then p50, p99 and the longest over every query of a group
//! and every master. Then criterion's own measuring of the groups of one to four characters.

mod queries;

use chrono::NaiveDate;
use criterion::{Criterion, criterion_group};
use masters::{
    Snapshot,
    search::{House, Size},
};
use model::master::MasterKind;
use std::{
    hint::black_box,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

/// Rounds of every query.
const ROUNDS: usize = 60;
/// Hits that are asked for, as the server asks.
const LIMIT: usize = 30;

fn main() {
    // `cargo test` runs benchmarks too, and asks only whether they work.
    let trial = !std::env::args().any(|argument| argument == "--bench");
    let before = resident();
    let began = Instant::now();
    let (snapshot, what) = if trial { (Snapshot::starter(), "starter set") } else { masters() };
    println!("{what}: loaded in {:.0?}", began.elapsed());
    let loaded = resident();
    let began = Instant::now();
    snapshot.warm();
    println!("searchable texts made in {:.0?}", began.elapsed());
    let sizes = MasterKind::ALL.map(|kind| (kind, snapshot.search_size(kind)));
    for (kind, Size { codes, terms, bytes }) in sizes {
        println!("  {:10} {codes:>6} codes {terms:>7} terms {:>7} kB", kind.as_str(), bytes / 1000);
    }
    let sum = |of: fn(&Size) -> usize| sizes.iter().map(|(_, size)| of(size)).sum::<usize>();
    println!("  {:10} {:>6} codes {:>7} terms {:>7} kB", "all", sum(|s| s.codes), sum(|s| s.terms), sum(|s| s.bytes) / 1000);
    println!("resident: {before} MB, loaded {loaded} MB, with searchable texts {} MB", resident());
    let house = clinic(&snapshot);
    table(&snapshot, &house, if trial { 1 } else { ROUNDS });
    if !trial {
        println!("\ncriterion: one search in each of the eight masters");
        groups();
    }
}

/// The official files where they are, else the starter set.
fn masters() -> (Arc<Snapshot>, &'static str) {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("KARTE_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from).join("masters");
    if folder.is_dir() {
        let snapshot = Snapshot::load_dir(&folder).expect("the official files are whole");
        return (Arc::new(snapshot), "full masters");
    }
    println!("SKIPPED the full masters: {} is not there", folder.display());
    (Snapshot::starter(), "starter set")
}

/// A clinic with 200 codes it used, 40 it prefers, 20 it hides and 20 own names in each master.
fn clinic(snapshot: &Snapshot) -> [(MasterKind, House); MasterKind::ALL.len()] {
    MasterKind::ALL.map(|kind| {
        let hits =
            ["ア", "症", "錠", "料", "a"].iter().flat_map(|query| snapshot.search(kind, query, day(), 60, &House::nothing()));
        let mut codes: Vec<String> = hits.map(|hit| hit.code).collect();
        codes.sort();
        codes.dedup();
        let used = codes.iter().take(200).enumerate().map(|(at, code)| (code.clone(), at as u32 % 50)).collect();
        let mut house = House::new(used);
        codes.iter().step_by(5).take(40).for_each(|code| house.prefer(code));
        codes.iter().skip(1).step_by(10).take(20).for_each(|code| house.hide(code));
        for (at, code) in codes.iter().skip(2).step_by(10).take(20).enumerate() {
            house.name(code, format!("院内名{at}"), "インナイメイ");
        }
        (kind, house)
    })
}

/// The day of service of every search.
fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day")
}

fn table(snapshot: &Snapshot, house: &[(MasterKind, House)], rounds: usize) {
    println!("\n{:10} {:>8} {:>9} {:>9} {:>9}  longest p99", "µs", "searches", "p50", "p99", "longest");
    let mut all = Vec::new();
    for (name, queries) in queries::GROUPS {
        let mut times = Vec::new();
        let mut worst = (Duration::ZERO, "");
        for (kind, house) in house {
            let mut of_kind = Vec::new();
            for _ in 0..rounds {
                for query in queries {
                    let began = Instant::now();
                    let hits = snapshot.search(*kind, query, day(), LIMIT, house);
                    of_kind.push(began.elapsed());
                    black_box(hits);
                }
            }
            let slowest = at(&mut of_kind, 99);
            worst = worst.max((slowest, kind.as_str()));
            times.extend(of_kind);
        }
        line(name, &mut times, &format!("{} {:.1}", worst.1, micros(worst.0)));
        all.extend(times);
    }
    line("all", &mut all, "");
}

fn line(name: &str, times: &mut [Duration], note: &str) {
    let (p50, p99, longest) = (at(times, 50), at(times, 99), at(times, 100));
    println!("{name:10} {:>8} {:>9.1} {:>9.1} {:>9.1}  {note}", times.len(), micros(p50), micros(p99), micros(longest));
}

/// A percentile.
fn at(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() - 1) * percent / 100]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

/// Resident memory of this process in MB, 0 where the system does not tell.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1000
}

fn one_to_four(criterion: &mut Criterion) {
    let (snapshot, _) = masters();
    snapshot.warm();
    let nothing = House::nothing();
    for (name, queries) in queries::GROUPS {
        let mut next = queries.iter().cycle();
        criterion.bench_function(name, |bench| {
            bench.iter(|| {
                let query = next.next().expect("a cycle");
                MasterKind::ALL.map(|kind| snapshot.search(kind, black_box(query), day(), LIMIT, &nothing))
            });
        });
    }
}

criterion_group! {
    name = groups;
    config = Criterion::default().sample_size(50).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1)).configure_from_args();
    targets = one_to_four
}
