//! How long the road from published files to a snapshot takes, step by step, and how much memory it leaves:
//! `cargo run --release -p masters --example ledger_bench -- ../shared/masters/official ../shared/masters/tensuhyo/r6 …`

use masters::{folder, ledger};
use std::{path::PathBuf, process::ExitCode, time::Instant};

fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() / 1024
    };
    format!("{} MiB resident, {} MiB at most", of("VmRSS:"), of("VmHWM:"))
}

fn run() -> Result<(), masters::MasterError> {
    let mut files = Vec::new();
    let started = Instant::now();
    for folder in std::env::args_os().skip(1).map(PathBuf::from) {
        files.extend(folder::published(&folder)?);
    }
    println!("read {} tables in {:?}, {}", files.len(), started.elapsed(), memory());
    let started = Instant::now();
    let tables = ledger::tables(&files)?;
    drop(files);
    println!("made {} rows in {:?}, {}", tables.rows.len(), started.elapsed(), memory());
    let started = Instant::now();
    let mut loader = ledger::Loader::new(tables.files);
    tables.rows.iter().try_for_each(|row| loader.add(row))?;
    println!("typed after {:?}, {}", started.elapsed(), memory());
    drop(tables.rows);
    let snapshot = loader.finish()?;
    println!("loaded in {:?}, {}", started.elapsed(), memory());
    let started = Instant::now();
    snapshot.warm();
    println!("indexed {} codes in {:?}, {}", snapshot.searchable(), started.elapsed(), memory());
    for edition in snapshot.editions() {
        println!("{:?} {} {} rows, {} estimated", edition.kind, edition.name, edition.rows, edition.estimated);
    }
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
