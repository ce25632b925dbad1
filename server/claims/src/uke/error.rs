//! What can be wrong with a claim file: always the file and the line, and the field where there is one.
//!
//! The text is Japanese because a clerk reads it; the variants are for programs.

use thiserror::Error;

/// Why a claim file was refused. A file is refused whole.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UkeError {
    /// Bytes that are no CP932 text, or a control character inside a line.
    #[error("{file} {line}行: 文字コードが CP932 (Shift_JIS) ではないか、制御文字が入っています")]
    Encoding {
        /// Name.
        file: String,
        /// Line, from 1.
        line: u32,
    },
    /// Text that cannot be written: outside CP932, or with a comma or an end of line in it.
    #[error("{record}レコード {field}項「{name}」: 「{found}」はレセプトファイルに記録できない文字を含みます")]
    Unwritable {
        /// Record, e.g. `CO`.
        record: &'static str,
        /// Field, from 1.
        field: usize,
        /// Its name.
        name: &'static str,
        /// The text.
        found: String,
    },
    /// The first field is no record of the medical claim file.
    #[error("{file} {line}行: レコード識別「{found}」は医科のレセプトファイルにありません")]
    UnknownRecord {
        /// Name.
        file: String,
        /// Line, from 1.
        line: u32,
        /// What was found (the first characters).
        found: String,
    },
    /// A record has too few or too many fields.
    #[error("{file} {line}行 {record}レコード: 項目数は {expected} のはずですが {found} です")]
    FieldCount {
        /// Name.
        file: String,
        /// Line, from 1.
        line: u32,
        /// Record, e.g. `SI`.
        record: &'static str,
        /// Fields of the layout.
        expected: usize,
        /// Fields found.
        found: usize,
    },
    /// A cell holds something else than its field does.
    #[error("{file} {line}行 {record}レコード {field}項「{name}」: {expected}のはずですが「{found}」です")]
    Field {
        /// Name.
        file: String,
        /// Line, from 1.
        line: u32,
        /// Record, e.g. `SI`.
        record: &'static str,
        /// Field, from 1.
        field: usize,
        /// Its name.
        name: &'static str,
        /// What was expected.
        expected: String,
        /// What was found.
        found: String,
    },
    /// A record stands where it may not.
    #[error("{file} {line}行: {record}レコードはここに置けません（{expected}）")]
    Order {
        /// Name.
        file: String,
        /// Line, from 1.
        line: u32,
        /// Record, e.g. `RE`.
        record: &'static str,
        /// What was expected.
        expected: &'static str,
    },
    /// The file stops before its last record.
    #[error("{file} {line}行: ファイルが途中で終わっています（{expected}がありません）")]
    Truncated {
        /// Name.
        file: String,
        /// Last line, 0 of an empty file.
        line: u32,
        /// What was expected.
        expected: &'static str,
    },
}
