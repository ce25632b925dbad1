//! Prints how long a search takes: `cargo run --release -p masters --example search_bench -- [folder of official files]`.
//!
//! Without a folder the starter set is searched. Queries of one to four characters in kanji, kana and romaji, each kind of
//! master, a hundred rounds; load time and the time to make the searchable texts stand first.

use chrono::NaiveDate;
use masters::Snapshot;
use model::master::MasterKind;
use std::{path::PathBuf, sync::Arc, time::Instant};

fn main() {
    let started = Instant::now();
    let snapshot = match std::env::args_os().nth(1).map(PathBuf::from) {
        Some(folder) => match Snapshot::load_dir(&folder) {
            Ok(snapshot) => Arc::new(snapshot),
            Err(error) => {
                eprintln!("{error}");
                return;
            }
        },
        None => Snapshot::starter(),
    };
    println!("load: {:?}", started.elapsed());
    let started = Instant::now();
    snapshot.warm();
    println!("searchable texts: {:?}, {} codes", started.elapsed(), snapshot.searchable());
    let Some(on) = NaiveDate::from_ymd_opt(2026, 11, 20) else { return };
    let groups: [(&str, &[&str]); 3] = [
        ("kanji", &["炎", "高", "胃炎", "左膝", "糖尿病", "関節症", "変形性膝", "左変形性膝関節症の疑い"]),
        ("kana", &["あ", "ん", "かん", "しょ", "こうけ", "あむろ", "ろきそに", "ひだりへんけいせいしつかん"]),
        ("romaji", &["a", "k", "ko", "am", "kou", "amu", "amur", "hidarihenkeiseisitukan"]),
    ];
    for (name, queries) in groups {
        for kind in MasterKind::ALL {
            let mut times = Vec::new();
            for _ in 0..100 {
                for query in queries {
                    let started = Instant::now();
                    let hits = snapshot.search(kind, query, on, 20, &masters::search::House::nothing());
                    times.push(started.elapsed());
                    std::hint::black_box(hits);
                }
            }
            times.sort();
            let at = |share: usize| times[(times.len() - 1) * share / 100];
            println!("{name:7} {:10} p50 {:>10.1?}  p99 {:>10.1?}", kind.as_str(), at(50), at(99));
        }
    }
}
