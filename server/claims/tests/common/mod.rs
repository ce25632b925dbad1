//! What the tests of this crate share: files beside the project, and small files of their own.

use std::path::PathBuf;

/// A file or folder beside the project (`../shared`, or `KARTE_SHARED`); says so where it is absent.
pub fn shared(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("KARTE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let path = root.join(path);
    if path.exists() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} is not beside the project (set KARTE_SHARED)", path.display());
    None
}

/// A line of a unit: record, 診療識別, code, quantity, points and 回数, done on the day of the month given.
pub fn item(record: &str, section: &str, code: &str, quantity: &str, points: &str, count: u32, day: usize) -> String {
    let mut days = vec![String::new(); 31];
    days[day - 1] = count.to_string();
    let middle = if record == "TO" { ",".repeat(10) } else { ",".repeat(6) };
    format!("{record},{section},1,{code},{quantity},{points},{count}{middle},{}", days.join(","))
}

/// A file with one receipt of a month (`202110`), its total and these lines.
pub fn file(month: &str, total: i64, lines: &[String]) -> String {
    let receipt = format!("RE,1,1112,{month},架空　太郎,1,19800102{}", ",".repeat(31));
    let insurance = format!("HO,06130488,１,１,1,{total}{}", ",".repeat(9));
    let mut text = format!("IR,1,13,1,1234567,,,{month},00,\r\n{receipt}\r\n{insurance}\r\n");
    for line in lines {
        text.push_str(line);
        text.push_str("\r\n");
    }
    text + &format!("GO,1,{total},99\r\n")
}

/// Text as CP932.
pub fn cp932(text: &str) -> Vec<u8> {
    encoding_rs::SHIFT_JIS.encode(text).0.into_owned()
}
