//! The published lists of laboratory codes as files of their own: the FSH code systems of JP-CLINS (`*CoreLabo.fsh`) and
//! the CSV of core and infection items (`system,…,jlac10_17`).
//!
//! A list tells groups and their codes with specimen and method, but no units; so it is laid over the items that are
//! known, which keep their names and units. (The JLAC11 list of JP-CLINS 1.5.0 carries the 17-digit codes of the JLAC10
//! list.)

use super::{jlac, text::*};
use crate::MasterError;
use chrono::NaiveDate;
use model::{codes::Jlac10, kana::fold_width, master::LabItem};
use std::collections::{BTreeMap, HashMap};

/// A code of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedCode {
    /// Line in the file.
    pub line: u64,
    /// The group it belongs to, as written, e.g. `U-A/C`.
    pub group: String,
    /// 17 characters.
    pub code: String,
    /// Fixed name of the item (FHIR識別名).
    pub display: String,
    /// Name in Japanese.
    pub name: String,
    /// Specimen in words.
    pub specimen: String,
    /// Method in words.
    pub method: String,
    /// Whether it is one of the infections.
    pub infection: bool,
}

impl ListedCode {
    /// As cells of one line.
    pub fn cells(&self) -> csv::StringRecord {
        let infection = if self.infection { "1" } else { "0" };
        [&*self.group, &*self.code, &*self.display, &*self.name, &*self.specimen, &*self.method, infection].into_iter().collect()
    }

    /// From the cells [`ListedCode::cells`] made.
    pub fn of(line: &Line<'_>) -> Result<Self, MasterError> {
        Ok(Self {
            line: line.line,
            group: line.text(1),
            code: line.code(2, 17)?,
            display: line.text(3),
            name: line.text(4),
            specimen: line.text(5),
            method: line.text(6),
            infection: line.cell(7) == "1",
        })
    }
}

/// What a list is called inside its file: `JLAC10`, `JLAC11` or `JLAC10 CSV`; none where a source is no such list.
pub fn is(source: &SourceFile) -> Option<&'static str> {
    let head = source.text.get(..source.text.len().min(64)).unwrap_or(&source.text);
    if head.starts_with("CodeSystem: JP_CLINS_CodeSystem_JLAC11") {
        Some("JLAC11")
    } else if head.starts_with("CodeSystem: JP_CLINS_CodeSystem_JLAC10") {
        Some("JLAC10")
    } else {
        let first = source.lines().next()?.ok()?;
        (first.cell(1) == "system" && first.cell(4) == "jlac10_17").then_some("JLAC10 CSV")
    }
}

/// The day a list was made (`^meta.lastUpdated`).
pub fn date(source: &SourceFile) -> Option<NaiveDate> {
    let line = source.text.lines().find(|line| line.contains("^meta.lastUpdated"))?;
    day(&quoted(line)?.get(..10)?.replace('-', ""))
}

/// The codes in the order of the list.
pub fn codes(source: &SourceFile) -> Result<Vec<ListedCode>, MasterError> {
    match is(source) {
        Some("JLAC10 CSV") => table(source),
        Some(_) => shorthand(source),
        None => Err(MasterError::Kind { file: source.name.clone(), expected: "JP-CLINS の検査項目コード表".into() }),
    }
}

fn table(source: &SourceFile) -> Result<Vec<ListedCode>, MasterError> {
    let code = |line: Line<'_>| {
        Ok(ListedCode {
            line: line.line,
            group: line.text(2),
            code: line.code(4, 17)?,
            display: fold_width(&line.text(5)),
            name: fold_width(&line.text(6)),
            specimen: fold_width(&line.text(7)),
            method: fold_width(&line.text(8)),
            infection: line.cell(1).contains("InfectionLabo"),
        })
    };
    source.lines().skip(1).map(|line| line.and_then(code)).collect()
}

/// FHIR Shorthand: groups at the margin, codes one step in, what is said of them two steps in.
fn shorthand(source: &SourceFile) -> Result<Vec<ListedCode>, MasterError> {
    let infection = source.text.get(..source.text.len().min(64)).is_some_and(|head| head.contains("Infection"));
    let mut codes: Vec<ListedCode> = Vec::new();
    let (mut group, mut property) = (String::new(), String::new());
    for (number, text) in (1u64..).zip(source.text.lines()) {
        let wrong = |expected: &str| MasterError::Line { file: source.name.clone(), line: number, expected: expected.into() };
        let Some(rest) = text.trim_start().strip_prefix("* ") else { continue };
        let inside = text.starts_with(' ');
        if let Some(concept) = rest.strip_prefix('#') {
            let code = concept.split_whitespace().next().unwrap_or_default();
            if !inside {
                group = code.to_owned();
                continue;
            }
            if code.len() != 17 || !code.bytes().all(|b| b.is_ascii_alphanumeric()) {
                return Err(wrong("17桁の検査項目コードのはずです"));
            }
            if group.is_empty() {
                return Err(wrong("検査項目コードの上に項目の見出し（* #…）があるはずです"));
            }
            codes.push(ListedCode {
                line: number,
                group: group.clone(),
                code: code.to_owned(),
                display: fold_width(&quoted(rest).unwrap_or_default()),
                name: String::new(),
                specimen: String::new(),
                method: String::new(),
                infection,
            });
        } else if inside && let Some(last) = codes.last_mut() {
            if rest.starts_with("^designation.value") {
                last.name = fold_width(&quoted(rest).unwrap_or_default());
            } else if rest.starts_with("^property[+].code") {
                property = rest.split('#').nth(1).unwrap_or_default().trim().to_owned();
            } else if rest.starts_with("^property[=].value") {
                let value = fold_width(&quoted(rest).unwrap_or_default());
                match property.as_str() {
                    "specimen" => last.specimen = value,
                    "method" => last.method = value,
                    _ => {}
                }
            }
        }
    }
    Ok(codes)
}

/// The text between the first and the last quotation mark.
fn quoted(line: &str) -> Option<String> {
    let (start, end) = (line.find('"')?, line.rfind('"')?);
    line.get(start + 1..end).map(str::to_owned)
}

/// Lays listed codes over the items that are known: an item keeps its name, unit and words and takes the list's codes, its
/// preferred code staying first while the list still has it; a group that is not known becomes an item without a unit.
/// Known items whose group no list speaks of stay as they are.
pub fn lay(known: &[LabItem], listed: &[ListedCode], edition: &str) -> Vec<LabItem> {
    let mut groups: BTreeMap<String, Vec<&ListedCode>> = BTreeMap::new();
    for code in listed {
        groups.entry(jlac::local(&code.group)).or_default().push(code);
    }
    let mut items = known.to_vec();
    for (local, codes) in groups {
        let mut taken: Vec<Jlac10> = Vec::with_capacity(codes.len());
        match items.iter_mut().find(|item| item.local_code == local) {
            Some(item) => {
                let preferred = item.jlac10.iter().find(|code| codes.iter().any(|listed| listed.code == code.as_str()));
                let all = preferred.cloned().into_iter().chain(codes.iter().map(|listed| Jlac10(listed.code.clone())));
                all.for_each(|code| {
                    if !taken.contains(&code) {
                        taken.push(code);
                    }
                });
                item.jlac10 = taken;
                item.validity.edition = edition.to_owned();
            }
            None => items.extend(jlac::unknown(&local, &codes, &HashMap::new(), edition)),
        }
    }
    items
}
