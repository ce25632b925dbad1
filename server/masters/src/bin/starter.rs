//! Writes the starter tables: `cargo run -p masters --bin starter -- ../shared` (see docs/masters.md).

use std::{path::PathBuf, process::ExitCode};

fn main() -> ExitCode {
    let Some(shared) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("使い方: starter <公式ファイルのフォルダー（masters/ claims/ fhir/ のある所）> [出力先]");
        return ExitCode::FAILURE;
    };
    // `../shared/masters` is accepted for `../shared`.
    let shared = if shared.ends_with("masters") { shared.join("..") } else { shared };
    let home = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("starter");
    let out = std::env::args_os().nth(2).map_or(home, PathBuf::from);
    let tables = match masters::starter::make::make(&shared) {
        Ok(tables) => tables,
        Err(error) => {
            eprintln!("{error}");
            return ExitCode::FAILURE;
        }
    };
    for (name, text) in tables {
        println!("{name}: {} 行 {} バイト", text.lines().count() - 1, text.len());
        if let Err(error) = std::fs::write(out.join(name), text) {
            eprintln!("{}: {error}", out.join(name).display());
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
