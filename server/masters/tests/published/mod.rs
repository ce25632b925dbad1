//! Published files read for tests.

use chrono::NaiveDate;
use masters::{
    official::{
        further::{self, FurtherFile},
        sheet,
        text::SourceFile,
    },
    points::*,
};
use std::path::PathBuf;

/// A day that exists.
pub fn day(y: i32, m: u32, d: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(y, m, d).expect("a day")
}

/// The folder of public material beside the project; says loudly where it is missing.
pub fn shared() -> Option<PathBuf> {
    let root = std::env::var("KARTE_SHARED").unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared").into());
    let path = PathBuf::from(root);
    if path.join("masters/tensuhyo").is_dir() {
        return Some(path);
    }
    eprintln!("SKIPPED: no ../shared/masters/tensuhyo here (KARTE_SHARED names another place)");
    None
}

/// The tables of a file, whatever it is.
pub fn read(path: &str) -> Option<Vec<FurtherFile>> {
    let path = shared()?.join("masters").join(path);
    let sources = match path.extension().and_then(|e| e.to_str()) {
        Some("xlsx") => sheet::open(&path),
        _ => SourceFile::open(&path),
    };
    let sources = sources.expect("the file opens");
    let table = |source: &SourceFile| {
        let kind = further::recognise(source, "").expect("recognised without doubt").expect("recognised");
        further::read(source, "", kind).expect("sound")
    };
    Some(sources.iter().map(table).collect())
}

pub fn fill(builder: &mut FurtherBuilder, files: &[FurtherFile]) {
    for file in files {
        for row in &file.rows {
            let line = masters::official::text::Line { file: "test", line: row.line, cells: row.cells.clone() };
            builder.push(file.kind, &line, row.from, row.to).expect("a row that was checked");
        }
    }
}
