//! What can be wrong with a master file, always with the file, and the line and column where there is one.
//!
//! The text is Japanese because an administrator reads it; the variants are for programs.

use thiserror::Error;

/// Why a master file was refused. A file is refused whole.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MasterError {
    /// The file cannot be read from the disk.
    #[error("{file}: 読み込めません（{cause}）")]
    Io {
        /// Path or name.
        file: String,
        /// The system's words.
        cause: String,
    },
    /// The archive is damaged or holds no table.
    #[error("{file}: ZIPファイルを展開できません（{cause}）")]
    Archive {
        /// Name.
        file: String,
        /// What the archive reader said.
        cause: String,
    },
    /// The file or a member of the archive is larger than any master can be.
    #[error("{file}: 大きすぎます（上限 {limit} バイト）")]
    TooLarge {
        /// Name.
        file: String,
        /// Limit in bytes.
        limit: u64,
    },
    /// A line is neither CP932 nor UTF-8.
    #[error("{file} {line}行: 文字コードが CP932 でも UTF-8 でもありません")]
    Encoding {
        /// Name.
        file: String,
        /// Line, from 1.
        line: u64,
    },
    /// A line has a wrong number of columns.
    #[error("{file} {line}行: 列数は {expected} のはずですが {found} です")]
    Columns {
        /// Name.
        file: String,
        /// Line, from 1.
        line: u64,
        /// What was expected.
        expected: String,
        /// Columns found.
        found: usize,
    },
    /// A cell holds something else than it should.
    #[error("{file} {line}行{column}列: {expected}のはずですが「{found}」です")]
    Cell {
        /// Name.
        file: String,
        /// Line, from 1.
        line: u64,
        /// Column, from 1.
        column: usize,
        /// What was expected.
        expected: String,
        /// What was found.
        found: String,
    },
    /// A full file holds a key twice.
    #[error("{file} {line}行: コード {key} が重複しています")]
    Duplicate {
        /// Name.
        file: String,
        /// Line, from 1.
        line: u64,
        /// The key.
        key: String,
    },
    /// The file is of no kind that is known, or of another kind than asked for.
    #[error("{file}: {expected}ではありません")]
    Kind {
        /// Name.
        file: String,
        /// What was expected.
        expected: String,
    },
}
