//! What can be wrong with a master file, always with the file, and the line and column where there is one.
//!
//! The text is Japanese because an administrator reads it; the variants are for programs.

use model::edition::Refusal;
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
    /// A line that no published table has: NUL bytes, longer than any, cut within a value.
    #[error("{file} {line}行: {expected}")]
    Line {
        /// Name.
        file: String,
        /// Line, from 1.
        line: u64,
        /// What was expected.
        expected: String,
    },
    /// The file holds no rows.
    #[error("{file}: 行がありません（{expected}）")]
    Empty {
        /// Name.
        file: String,
        /// What was expected.
        expected: String,
    },
    /// The file is older than what is applied, and was not said to be history.
    #[error("{file}: {edition} は適用済みの {newest} より古い版です（過去の版として加えるときは、その旨を指定してください）")]
    Older {
        /// Name.
        file: String,
        /// Its edition.
        edition: String,
        /// The newest edition applied.
        newest: String,
    },
    /// A difference file without a full file to lay it over.
    #[error("{file}: {edition} は差分ファイルです。先に（または一緒に）それより前の全件ファイルを取り込んでください")]
    NeedsFull {
        /// Name.
        file: String,
        /// Its edition.
        edition: String,
    },
    /// A full file with far fewer rows than the one applied: it was cut.
    #[error("{file}: 全件ファイルのはずですが {found} 行しかありません（適用済みの版は {applied} 行）")]
    Short {
        /// Name.
        file: String,
        /// Rows of the file.
        found: u32,
        /// Rows of the newest full file applied.
        applied: u32,
    },
}

impl From<&MasterError> for Refusal {
    /// For the list of files handed in: a word for programs, the place, and the whole sentence.
    fn from(error: &MasterError) -> Self {
        let (code, line, column) = match error {
            MasterError::Io { .. } => ("io", None, None),
            MasterError::Archive { .. } => ("archive", None, None),
            MasterError::TooLarge { .. } => ("too_large", None, None),
            MasterError::Encoding { line, .. } => ("encoding", Some(*line), None),
            MasterError::Columns { line, .. } => ("columns", Some(*line), None),
            MasterError::Cell { line, column, .. } => ("cell", Some(*line), u32::try_from(*column).ok()),
            MasterError::Duplicate { line, .. } => ("duplicate", Some(*line), None),
            MasterError::Kind { .. } => ("kind", None, None),
            MasterError::Line { line, .. } => ("line", Some(*line), None),
            MasterError::Empty { .. } => ("empty", None, None),
            MasterError::Older { .. } => ("older", None, None),
            MasterError::NeedsFull { .. } => ("needs_full", None, None),
            MasterError::Short { .. } => ("short", None, None),
        };
        Self { code: code.into(), line, column, message: error.to_string() }
    }
}
