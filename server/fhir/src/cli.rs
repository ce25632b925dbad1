//! The body of `karte fhir validate FILE… [--json]`.

use crate::{
    Version,
    validate::{Severity, acceptable, operation_outcome, validate_as},
};
use serde_json::Value;
use std::{
    io::{self, Write},
    path::PathBuf,
};

/// Validates files and writes what was found: an OperationOutcome each (one JSON document a line) or lines for people.
/// True when no file has an error. A file that cannot be read or is not JSON counts as an error.
///
/// # Errors
/// Only when `out` cannot be written.
pub fn validate_files(paths: &[PathBuf], json: bool, out: &mut dyn Write) -> io::Result<bool> {
    validate_files_as(paths, Version::default(), json, out)
}

/// The same by the profiles of a version.
///
/// # Errors
/// Only when `out` cannot be written.
pub fn validate_files_as(paths: &[PathBuf], version: Version, json: bool, out: &mut dyn Write) -> io::Result<bool> {
    let mut all_good = true;
    for path in paths {
        let issues = match read(path) {
            Ok(document) => validate_as(&document, version),
            Err(message) => vec![crate::validate::Issue {
                severity: Severity::Error,
                code: "structure".into(),
                rule: "JSON".into(),
                path: String::new(),
                message_ja: message,
                chart_field: String::new(),
            }],
        };
        let good = acceptable(&issues);
        all_good &= good;
        if json {
            writeln!(out, "{}", operation_outcome(&issues))?;
            continue;
        }
        let count = |severity| issues.iter().filter(|i| i.severity == severity).count();
        writeln!(
            out,
            "{}: {}（エラー {}、警告 {}）",
            path.display(),
            if good { "合格" } else { "不合格" },
            count(Severity::Error),
            count(Severity::Warning),
        )?;
        for issue in &issues {
            let mark = match issue.severity {
                Severity::Error => "エラー",
                Severity::Warning => "警告",
                Severity::Information => "情報",
            };
            write!(out, "  {mark} [{}] {} — {}", issue.rule, issue.path, issue.message_ja)?;
            if !issue.chart_field.is_empty() {
                write!(out, " 直す場所: {}", issue.chart_field)?;
            }
            writeln!(out)?;
        }
    }
    Ok(all_good)
}

fn read(path: &PathBuf) -> Result<Value, String> {
    let bytes = std::fs::read(path).map_err(|e| format!("ファイルを読めません: {e}"))?;
    let text = String::from_utf8(bytes).map_err(|_| "UTF-8の文書ではありません。".to_owned())?;
    serde_json::from_str(text.trim_start_matches('\u{feff}'))
        .map_err(|e| format!("JSONとして読めません（{}行{}桁）。", e.line(), e.column()))
}
