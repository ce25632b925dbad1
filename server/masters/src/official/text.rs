//! From bytes to lines of cells: archives opened, CP932 or UTF-8 decoded, CSV split, every cell with its place.
//!
//! Files come from outside, so nothing they say of themselves is believed: what is unpacked is measured while it comes
//! out, and the first byte that no table holds ends the reading.

use crate::MasterError;
use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;
use sha2::{Digest, Sha256};
use std::{
    io::{Cursor, Read},
    path::Path,
};

/// No file unpacked, and no archive with all its tables, is larger. The whole electronic points table (電子点数表), the
/// largest there is, has 350,054 rows of some 100 bytes.
pub const LIMIT: u64 = 128 * 1024 * 1024;

/// No line is longer, in bytes (a procedure with all its 150 columns has about 1,000).
const LONGEST: usize = 64 * 1024;

/// No file has more lines (電子点数表 包括 has 250,000).
const LINES: u64 = 2_000_000;

/// No archive has more members (電子点数表 has nine).
const MEMBERS: u16 = 1_000;

/// Tables are packed to a tenth or a twentieth; what grows two hundred times was made to fill a disk. Looked at above
/// [`SMALL`], because a short table of equal rows packs well too.
const RATIO: u64 = 200;
const SMALL: u64 = 8 * 1024 * 1024;

/// A file as published, decoded.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Name as published: of the archive, if it came in one; with `/` and the member where that holds several tables.
    pub name: String,
    /// SHA-256 of the bytes as published, hexadecimal.
    pub sha256: String,
    /// The text.
    pub text: String,
}

impl SourceFile {
    /// Reads a file from the disk; an archive gives one source for each table in it.
    pub fn open(path: &Path) -> Result<Vec<Self>, MasterError> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let io = |cause: std::io::Error| MasterError::Io { file: name.clone(), cause: cause.to_string() };
        if path.metadata().map_err(io)?.len() > LIMIT {
            return Err(MasterError::TooLarge { file: name, limit: LIMIT });
        }
        let bytes = std::fs::read(path).map_err(io)?;
        Self::parse(&name, &bytes)
    }

    /// The same from bytes.
    pub fn parse(name: &str, bytes: &[u8]) -> Result<Vec<Self>, MasterError> {
        Ok(unpack(name, bytes)?.into_iter().map(|(_, source)| source).collect())
    }

    /// The lines with their cells.
    pub fn lines(&self) -> impl Iterator<Item = Result<Line<'_>, MasterError>> {
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(self.text.as_bytes()).into_records().map(
            |record| match record {
                Ok(cells) => {
                    let line = cells.position().map_or(0, |at| self.number(at));
                    Ok(Line { file: &self.name, line, cells })
                }
                Err(error) => {
                    Err(MasterError::Encoding { file: self.name.clone(), line: error.position().map_or(0, csv::Position::line) })
                }
            },
        )
    }

    /// The number of the line on which a record begins. The CSV reader says where it began to look, and that is before the
    /// line feed of a CR LF and before empty lines.
    fn number(&self, at: &csv::Position) -> u64 {
        let rest = usize::try_from(at.byte()).ok().and_then(|byte| self.text.as_bytes().get(byte..)).unwrap_or_default();
        at.line() + rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count() as u64
    }
}

/// One line of a file.
#[derive(Debug, Clone)]
pub struct Line<'f> {
    /// Name of the file.
    pub file: &'f str,
    /// Number of the line, from 1.
    pub line: u64,
    /// The cells.
    pub cells: csv::StringRecord,
}

impl Line<'_> {
    /// The cell of a column, counted from 1 as the specifications do; empty where the line is shorter.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column - 1).unwrap_or_default()
    }

    /// An error about a column.
    pub fn wrong(&self, column: usize, expected: &str) -> MasterError {
        MasterError::Cell {
            file: self.file.into(),
            line: self.line,
            column,
            expected: expected.into(),
            found: self.cell(column).chars().take(60).collect(),
        }
    }

    /// The cell as text.
    pub fn text(&self, column: usize) -> String {
        self.cell(column).trim().to_owned()
    }

    /// The cell as a code of so many digits or letters.
    pub fn code(&self, column: usize, length: usize) -> Result<String, MasterError> {
        let code = self.cell(column).trim();
        if code.len() == length && code.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Ok(code.to_owned())
        } else {
            Err(self.wrong(column, &format!("{length}桁のコード")))
        }
    }

    /// The cell as a small number; empty is 0.
    pub fn number<T: std::str::FromStr + Default>(&self, column: usize) -> Result<T, MasterError> {
        match self.cell(column).trim() {
            "" => Ok(T::default()),
            digits => digits.parse().map_err(|_| self.wrong(column, "数字")),
        }
    }

    /// The cell as an exact decimal; empty is 0. Figures of the masters have at most nine digits before the point, so
    /// that sums of them never overflow.
    pub fn decimal(&self, column: usize) -> Result<Decimal, MasterError> {
        match self.cell(column).trim() {
            "" => Ok(Decimal::ZERO),
            digits => match digits.parse::<Decimal>() {
                Ok(number) if number.abs() < Decimal::from(1_000_000_000) && number.scale() <= 6 => Ok(number),
                _ => Err(self.wrong(column, "数字（整数部は9桁まで、小数可）")),
            },
        }
    }

    /// The cell as a date `YYYYMMDD`. None for empty, `0`, `00000000` and `99999999`.
    pub fn date(&self, column: usize) -> Result<Option<NaiveDate>, MasterError> {
        match self.cell(column).trim() {
            "" | "0" | "00000000" | "99999999" => Ok(None),
            digits => day(digits).map(Some).ok_or_else(|| self.wrong(column, "年月日 YYYYMMDD")),
        }
    }
}

/// The date in a file's name: eight digits in a row, as all published names have (`y_20250813.csv`); or six, as the
/// ministry writes them (`ippanmeishohoumaster_250814.xlsx`).
pub fn day_in(name: &str) -> Option<NaiveDate> {
    let runs = || name.split(|c: char| !c.is_ascii_digit());
    runs().find_map(day).or_else(|| runs().filter(|run| run.len() == 6).find_map(|run| day(&format!("20{run}"))))
}

/// A day written as eight digits, of the years a master can speak of.
pub fn day(digits: &str) -> Option<NaiveDate> {
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    NaiveDate::parse_from_str(digits, "%Y%m%d").ok().filter(|day| (1868..=2200).contains(&day.year()))
}

/// Whether bytes are an archive (or a spreadsheet, which is one).
pub fn packed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// Refuses an archive whose list of members is longer than any published one, before the list is read.
pub fn few_members(name: &str, bytes: &[u8]) -> Result<(), MasterError> {
    let tail = &bytes[bytes.len().saturating_sub(64 * 1024 + 22)..];
    let end = memchr::memmem::rfind(tail, b"PK\x05\x06");
    let count = end.and_then(|at| tail.get(at + 10..at + 12)).map_or(0, |count| u16::from_le_bytes([count[0], count[1]]));
    // The larger format for more than 65,535 members keeps its count elsewhere.
    let large = end.is_some_and(|at| tail[..at].len() >= 20 && tail[at - 20..].starts_with(b"PK\x06\x07"));
    if large || count > MEMBERS {
        return Err(MasterError::Archive {
            file: name.into(), cause: format!("中のファイルが多すぎます（上限 {MEMBERS}）")
        });
    }
    Ok(())
}

/// The tables of a file, each with the name it has inside its archive (its own name where it came in none).
pub(crate) fn unpack(name: &str, bytes: &[u8]) -> Result<Vec<(String, SourceFile)>, MasterError> {
    let sha256 = hex(&Sha256::digest(bytes));
    if !packed(bytes) {
        Watch::new(name).feed(bytes)?;
        return Ok(vec![(name.into(), SourceFile { name: name.into(), sha256, text: decode(name, bytes)? })]);
    }
    let broken = |cause: String| MasterError::Archive { file: name.into(), cause };
    few_members(name, bytes)?;
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| broken(e.to_string()))?;
    let mut tables = Vec::new();
    for index in 0..archive.len() {
        let member = archive.by_index_raw(index).map_err(|e| broken(e.to_string()))?;
        let raw = member.name_raw().to_ascii_lowercase();
        if member.is_file() && ([&b".csv"[..], b".txt", b".fsh"].iter().any(|ending| raw.ends_with(ending))) {
            tables.push((index, member_name(member.name_raw())));
        }
    }
    let several = tables.len() > 1;
    let mut left = LIMIT.min((bytes.len() as u64).saturating_mul(RATIO).max(SMALL));
    let mut sources = Vec::new();
    for (index, inside) in tables {
        let place = if several { format!("{name}/{inside}") } else { name.to_owned() };
        let member = archive.by_index(index).map_err(|e| broken(e.to_string()))?;
        let unpacked = inflate(&place, member, left)?;
        left -= unpacked.len() as u64;
        let text = decode(&place, &unpacked)?;
        sources.push((inside, SourceFile { name: place, sha256: sha256.clone(), text }));
    }
    if sources.is_empty() { Err(broken("CSVファイルが入っていません".into())) } else { Ok(sources) }
}

/// Reads a member to its end, or to the first sign that it is no table.
fn inflate(name: &str, mut member: impl Read, left: u64) -> Result<Vec<u8>, MasterError> {
    let mut watch = Watch::new(name);
    let mut bytes = Vec::new();
    let mut chunk = vec![0; 64 * 1024];
    loop {
        let read =
            member.read(&mut chunk).map_err(|cause| MasterError::Archive { file: name.into(), cause: cause.to_string() })?;
        if read == 0 {
            return Ok(bytes);
        }
        watch.feed(&chunk[..read])?;
        if (bytes.len() + read) as u64 > left {
            return Err(MasterError::TooLarge { file: name.into(), limit: left });
        }
        bytes.extend_from_slice(&chunk[..read]);
    }
}

/// The last part of a member's path. Names are CP932 in the archives of the authorities, UTF-8 in others.
fn member_name(raw: &[u8]) -> String {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) => encoding_rs::SHIFT_JIS.decode_without_bom_handling(raw).0.into_owned(),
    };
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(120).collect()
}

/// Looks at bytes as they come: for bytes no text has, and for lines that do not end.
struct Watch<'n> {
    name: &'n str,
    line: u64,
    length: usize,
}

impl<'n> Watch<'n> {
    fn new(name: &'n str) -> Self {
        Self { name, line: 1, length: 0 }
    }

    fn feed(&mut self, chunk: &[u8]) -> Result<(), MasterError> {
        // NUL is of binary files and UTF-16, ESC of ISO-2022-JP.
        let bad = memchr::memchr2(0, 0x1b, chunk);
        let mut start = 0;
        for end in memchr::memchr2_iter(b'\n', b'\r', &chunk[..bad.unwrap_or(chunk.len())]) {
            self.grow(end - start)?;
            self.line += u64::from(chunk[end] == b'\n');
            self.length = 0;
            start = end + 1;
        }
        if self.line > LINES {
            let expected = format!("{LINES} 行までのはずです");
            return Err(MasterError::Line { file: self.name.into(), line: self.line, expected });
        }
        if bad.is_some() {
            return Err(MasterError::Encoding { file: self.name.into(), line: self.line });
        }
        self.grow(chunk.len() - start)
    }

    fn grow(&mut self, more: usize) -> Result<(), MasterError> {
        self.length += more;
        if self.length > LONGEST {
            let expected = format!("1行は {LONGEST} バイトまでのはずです");
            return Err(MasterError::Line { file: self.name.into(), line: self.line, expected });
        }
        Ok(())
    }
}

/// UTF-8 (with or without a mark) or CP932 as text. The specification says CP932; derived and allergen files are UTF-8.
/// Lines that end in CR alone end in LF here, so that they can be counted.
fn decode(name: &str, bytes: &[u8]) -> Result<String, MasterError> {
    let text = if let Ok(text) = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) {
        text.to_owned()
    } else {
        code_page_932(name, bytes)?
    };
    let text = if text.contains('\r') && !text.contains('\n') { text.replace('\r', "\n") } else { text };
    // In the masters every value stands in quotes: an odd one is a file that was cut within a value.
    if text.starts_with('"') && text.bytes().filter(|byte| *byte == b'"').count() % 2 == 1 {
        let line = text.trim_end_matches('\n').matches('\n').count() as u64 + 1;
        return Err(MasterError::Line {
            file: name.into(),
            line,
            expected: "引用符が閉じていません。ファイルが途中で切れています".into(),
        });
    }
    Ok(text)
}

/// The web's "Shift_JIS" is Microsoft's code page 932 with its extra letters (㎎ ① 髙). EUC-JP would be read as rows of
/// half-width kana; it is told apart by being valid as itself and holding kana there, which 932 text with kanji never is.
fn code_page_932(name: &str, bytes: &[u8]) -> Result<String, MasterError> {
    let wrong = |bad: fn(&[u8]) -> bool| {
        let line = bytes.split(|b| *b == b'\n').position(bad).map_or(0, |index| index as u64 + 1);
        Err(MasterError::Encoding { file: name.into(), line })
    };
    let euc = encoding_rs::EUC_JP.decode_without_bom_handling_and_without_replacement(bytes);
    if euc.is_some_and(|text| text.chars().any(|c| matches!(c, 'ぁ'..='ん' | 'ァ'..='ヶ'))) {
        return wrong(|line| !line.is_ascii());
    }
    match encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes) {
        Some(text) => Ok(text.into_owned()),
        None => wrong(|line| encoding_rs::SHIFT_JIS.decode_without_bom_handling_and_without_replacement(line).is_none()),
    }
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut out, byte| {
        // Writing into a string does not fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_page_932_has_more_letters_than_shift_jis() {
        // ㎎ ① 髙
        assert_eq!(decode("x", &[0x87, 0x72, 0x87, 0x40, 0xfb, 0xfc]).as_deref(), Ok("㎎①髙"));
    }

    #[test]
    fn a_wrong_byte_is_found_by_its_line() {
        assert_eq!(decode("x", b"\"a\"\r\n\"\x81\x01\"\r\n"), Err(MasterError::Encoding { file: "x".into(), line: 2 }));
    }

    #[test]
    fn lines_are_counted_as_an_editor_counts_them() {
        for text in ["a\r\nb\r\n\r\nc\r\n", "a\nb\n\nc", "a\r\n\"b\"\n\n\"c\""] {
            let source = SourceFile { name: "x".into(), sha256: String::new(), text: text.into() };
            let lines: Vec<(u64, String)> = source.lines().flatten().map(|line| (line.line, line.text(1))).collect();
            assert_eq!(lines, [(1, "a".into()), (2, "b".into()), (4, "c".into())], "{text:?}");
        }
    }

    #[test]
    fn a_file_cut_within_a_value_is_refused() {
        let cut = decode("t.csv", b"\"0\",\"T\"\r\n\"0\",\"T\",\"7100");
        assert!(matches!(cut, Err(MasterError::Line { line: 2, .. })), "{cut:?}");
        assert!(decode("t.csv", b"\"0\",\"a \"\"b\"\"\"\r\n").is_ok());
    }

    #[test]
    fn a_cut_archive_is_refused() {
        let bytes = b"PK\x03\x04\x14\x00\x00\x00\x08\x00";
        assert!(matches!(SourceFile::parse("s.zip", bytes), Err(MasterError::Archive { .. })));
    }
}
