//! Keeps the score sheet honest: reads `docs/conformance.md` (and `docs/conformance/*.md` should it ever be split),
//! and fails when a row claims more than it shows. A row marked ● whole or △ partly must name a test, every named test
//! must exist and run, and the summary must count the rows. Where the official text is at hand (`../shared`, or the
//! directory in `KARTE_SHARED`) the rows are compared with the numbers printed there, so that none is lost or made up.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Columns of every table of rows.
const ROW_HEADER: [&str; 7] = ["番号", "分類", "要旨", "区分", "印", "備考", "試験"];
/// Columns of the summary: part, level, rows, then one column for each of [`MARKS`].
const SUMMARY_HEADER: [&str; 8] = ["部", "区分", "行数", "●", "○", "△", "×", "対象外"];
/// The marks, in the order of the summary's columns.
const MARKS: [&str; 5] = ["●", "○", "△", "×", "対象外"];
/// The levels, in the order of the summary's lines: must, should, function to be disclosed.
const LEVELS: [&str; 3] = ["遵守", "推奨", "機能"];
/// Longest gist (要旨) in characters.
const GIST_LIMIT: usize = 40;

/// One requirement or function of the score sheet.
struct Row {
    /// Heading of the section it stands under, e.g. `第1章 本文`.
    part: String,
    number: String,
    class: String,
    gist: String,
    level: String,
    mark: String,
    remark: String,
    /// The cell as written: `` `file#name` `` parted by `<br>`.
    tests: String,
}

/// Everything the score sheet says: its rows, and its summary as (part, level) → counts (rows, then one per mark).
struct Sheet {
    rows: Vec<Row>,
    summary: BTreeMap<(String, String), Vec<usize>>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The pages of the score sheet, the main one first.
fn pages() -> Vec<String> {
    let docs = root().join("docs");
    let mut paths = vec![docs.join("conformance.md")];
    if let Ok(entries) = fs::read_dir(docs.join("conformance")) {
        let mut more: Vec<PathBuf> = entries.map(|entry| entry.expect("directory entry").path()).collect();
        more.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
        more.sort();
        paths.extend(more);
    }
    paths.iter().map(|path| fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))).collect()
}

/// The cells of a Markdown table line, or nothing when the line is no table line.
fn cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.split('|').map(str::trim).collect())
}

fn sheet(pages: &[String]) -> Sheet {
    let mut rows = Vec::new();
    let mut summary = BTreeMap::new();
    for page in pages {
        let mut part = String::new();
        let mut header: Vec<&str> = Vec::new();
        for line in page.lines() {
            if let Some(heading) = line.strip_prefix("## ") {
                part = heading.trim().to_owned();
            }
            let Some(cells) = cells(line) else {
                header.clear();
                continue;
            };
            if header.is_empty() {
                header = cells;
                let known = header == ROW_HEADER || header == SUMMARY_HEADER || header.len() < ROW_HEADER.len();
                assert!(known, "a table with other columns, or broken by an empty line: {line}");
            } else if cells.iter().all(|cell| cell.trim_matches(['-', ':']).is_empty() && cell.contains('-')) {
                // The line of dashes under a header.
            } else if header == ROW_HEADER {
                let [number, class, gist, level, mark, remark, tests] = cells[..] else {
                    panic!("{} cells instead of {}: {line}", cells.len(), ROW_HEADER.len());
                };
                let own = str::to_owned;
                rows.push(Row {
                    part: part.clone(),
                    number: own(number),
                    class: own(class),
                    gist: own(gist),
                    level: own(level),
                    mark: own(mark),
                    remark: own(remark),
                    tests: own(tests),
                });
            } else if header == SUMMARY_HEADER {
                let counts = cells[2..].iter().map(|cell| cell.parse().unwrap_or_else(|why| panic!("{why}: {line}")));
                summary.insert((cells[0].to_owned(), cells[1].to_owned()), counts.collect());
            }
        }
    }
    assert!(!rows.is_empty(), "no row found; the columns must be {ROW_HEADER:?}");
    Sheet { rows, summary }
}

/// The (file, test name) pairs of a cell; an error when something in it is not of the form `` `file#name` ``.
fn references(cell: &str) -> Result<Vec<(&str, &str)>, String> {
    let pieces = cell.split("<br>").map(str::trim).filter(|piece| !piece.is_empty());
    pieces
        .map(|piece| {
            piece
                .strip_prefix('`')
                .and_then(|rest| rest.strip_suffix('`'))
                .and_then(|inner| inner.split_once('#'))
                .filter(|(file, name)| !file.is_empty() && !name.is_empty())
                .ok_or_else(|| format!("not of the form `file#name`: {piece}"))
        })
        .collect()
}

/// Whether `source` holds a Rust test function of this name that is not ignored.
fn has_rust_test(source: &str, name: &str) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    lines.iter().enumerate().any(|(at, line)| {
        let code = line.split("//").next().unwrap_or_default();
        let declared = code.split_once("fn ").is_some_and(|(before, after)| {
            matches!(before.trim(), "" | "async" | "pub" | "pub async")
                && after.strip_prefix(name).is_some_and(|rest| rest.starts_with(['(', '<']))
        });
        let above = || lines[..at].iter().rev().take_while(|line| line.starts_with("#[") || line.starts_with("//"));
        let attributes = || above().filter(|line| line.starts_with("#["));
        declared && attributes().any(|line| line.contains("test")) && !attributes().any(|line| line.starts_with("#[ignore"))
    })
}

/// Whether `source` holds a Playwright test or step of this title: quoted, first in a call, neither skipped nor commented out.
fn has_playwright_test(source: &str, title: &str) -> bool {
    ['"', '\'', '`'].iter().any(|quote| {
        let quoted = format!("{quote}{title}{quote}");
        source.match_indices(&quoted).any(|(at, _)| {
            let before = &source[..at];
            let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
            let Some(call) = before.trim_end().strip_suffix('(') else {
                return false;
            };
            let callee = call.rsplit(|c: char| !c.is_alphanumeric() && c != '.' && c != '_').next().unwrap_or_default();
            let runs = !callee.is_empty() && !callee.ends_with(".skip") && !callee.ends_with(".fixme");
            runs && !line.starts_with("//") && !line.starts_with('*')
        })
    })
}

/// Fails with all the complaints at once, so that one run shows everything to mend.
fn report(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn every_row_is_well_formed() {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for row in sheet(&pages()).rows {
        let Row { part, number, class, gist, level, mark, remark, .. } = &row;
        let mut complain = |what: &str| wrong.push(format!("{number}: {what}"));
        if !seen.insert(number.clone()) {
            complain("stands twice");
        }
        if part.is_empty() || class.is_empty() || gist.is_empty() {
            complain("stands under no heading, or has no class or gist");
        }
        if gist.chars().count() > GIST_LIMIT {
            complain("the gist is too long");
        }
        if !LEVELS.contains(&level.as_str()) {
            complain("unknown level");
        }
        if !MARKS.contains(&mark.as_str()) {
            complain("unknown mark");
        }
        if matches!(mark.as_str(), "○" | "△" | "対象外") && remark.is_empty() {
            complain("this mark needs a remark");
        }
    }
    report(&wrong);
}

#[test]
fn every_claim_names_a_test_and_every_named_test_exists() {
    let mut sources: BTreeMap<String, Option<String>> = BTreeMap::new();
    let mut wrong = BTreeSet::new();
    for row in sheet(&pages()).rows {
        let named = match references(&row.tests) {
            Ok(named) => named,
            Err(why) => {
                wrong.insert(format!("{}: {why}", row.number));
                continue;
            }
        };
        if named.is_empty() && matches!(row.mark.as_str(), "●" | "△") {
            wrong.insert(format!("{}: marked {} without a test", row.number, row.mark));
        }
        for (file, name) in named {
            let source = sources.entry(file.to_owned()).or_insert_with(|| fs::read_to_string(root().join(file)).ok());
            let exists = match source {
                None => Err("no such file"),
                Some(text) if file.ends_with(".rs") && has_rust_test(text, name) => Ok(()),
                Some(text) if file.ends_with(".ts") && has_playwright_test(text, name) => Ok(()),
                Some(_) => Err("no such test in it, or it does not run"),
            };
            if let Err(why) = exists {
                wrong.insert(format!("{file}#{name}: {why}"));
            }
        }
    }
    report(&Vec::from_iter(wrong));
}

#[test]
fn the_summary_counts_the_rows() {
    let Sheet { rows, summary } = sheet(&pages());
    let mut counted: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for row in &rows {
        for key in [(row.part.clone(), row.level.clone()), ("計".to_owned(), "全".to_owned())] {
            let counts = counted.entry(key).or_insert_with(|| vec![0; 1 + MARKS.len()]);
            counts[0] += 1;
            if let Some(at) = MARKS.iter().position(|mark| *mark == row.mark) {
                counts[1 + at] += 1;
            }
        }
    }
    let mut wrong = Vec::new();
    for ((part, level), counts) in &counted {
        if summary.get(&(part.clone(), level.clone())) != Some(counts) {
            let counts: Vec<String> = counts.iter().map(usize::to_string).collect();
            wrong.push(format!("the summary should say: | {part} | {level} | {} |", counts.join(" | ")));
        }
    }
    for key in summary.keys().filter(|key| !counted.contains_key(*key)) {
        wrong.push(format!("the summary counts {key:?}, of which there is no row"));
    }
    report(&wrong);
}

#[test]
fn the_rows_are_those_of_the_official_text() {
    let shared = env::var_os("KARTE_SHARED").map_or_else(|| root().join("../shared"), PathBuf::from);
    let read = |name: &str| fs::read_to_string(shared.join("standards").join(name));
    let (Ok(list), Ok(text)) = (read("function-list-form1.txt"), read("clinic-ehr-standard-v1.0.txt")) else {
        eprintln!("SKIPPED: the official text is not in {}; the rows are not compared with it", shared.display());
        return;
    };
    // 別紙様式1 prints 項番, 分類, 機能名, 枝番, 機能要件 on one line each.
    let mut official = BTreeSet::new();
    for line in list.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if let [item, class, _, branch, _, ..] = words[..]
            && item.parse::<u16>().is_ok()
            && branch.parse::<u16>().is_ok()
        {
            official.insert((format!("F{item}-{branch}"), class.to_owned()));
        }
    }
    assert_eq!(official.len(), 172, "the function list of version 1.0 has 項番 3 to 174");
    let rows = sheet(&pages()).rows;
    let listed = rows.iter().filter(|row| row.level == "機能");
    let ours: BTreeSet<(String, String)> = listed.map(|row| (row.number.clone(), row.class.clone())).collect();
    assert_eq!(ours, official, "functions and their categories");

    // Annex 2 of each chapter prints an item number such as E.10.1.1 at the beginning of a line.
    let mut chapter = 1;
    let mut official = BTreeSet::new();
    for line in text.lines() {
        if line.contains("第２章別紙２") && line.contains(".xlsx") {
            chapter = 2;
        }
        let first = line.split_whitespace().next().unwrap_or_default();
        let mut pieces = first.split('.');
        let letter = pieces.next().is_some_and(|piece| piece.len() == 1 && piece.starts_with(|c: char| c.is_ascii_uppercase()));
        if letter && pieces.clone().count() == 3 && pieces.all(|piece| piece.parse::<u8>().is_ok()) {
            official.insert(format!("{chapter}-別紙2 {first}"));
        }
    }
    let annex = rows.iter().map(|row| &row.number).filter(|number| number.contains("-別紙2 "));
    assert_eq!(BTreeSet::from_iter(annex.cloned()), official, "items of annex 2 of both chapters");
}

#[test]
fn a_test_that_is_missing_ignored_or_skipped_is_noticed() {
    let rust = "#[test]\nfn here() {}\n\n#[tokio::test]\n/// Why.\nasync fn later() {}\n\nfn helper() {}\n\n#[test]\n#[ignore]\nfn not_now() {}\n// fn gone() {}\n";
    assert!(has_rust_test(rust, "here") && has_rust_test(rust, "later"));
    for name in ["her", "helper", "not_now", "gone", "never"] {
        assert!(!has_rust_test(rust, name), "{name}");
    }
    let spec = "test(\"here\", f);\n await test.step(\n  'later', f);\ntest.skip(\"not now\", f);\n// test(\"gone\", f);\nlog = \"prose\";";
    assert!(has_playwright_test(spec, "here") && has_playwright_test(spec, "later"));
    for title in ["her", "not now", "gone", "prose", "never"] {
        assert!(!has_playwright_test(spec, title), "{title}");
    }
    assert_eq!(references("`a.rs#b`<br>`c.ts#d e`"), Ok(vec![("a.rs", "b"), ("c.ts", "d e")]));
    assert!(references("a.rs#b").is_err() && references("`a.rs`").is_err());
}
