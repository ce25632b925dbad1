//! Cases in the words of the notices (告示 別表第一, 通知 別添1), part by part: each names its article, quotes the words it rests
//! on, says the situation in a sentence and what the statement must hold.
//!
//! A quotation is looked up in the notice of its revision, so that no case rests on words that are not there. The masters and
//! the notices lie beside the project; without them every test here says that it skips.

mod ask;
#[path = "../common/mod.rs"]
mod common;
mod containing;
mod counts;
mod drugs;
mod home;
mod injection;
mod law;
mod management;
mod returning;
mod slips;
mod tables;
mod visit;
mod wages;

use ask::Ask;
use fee::{Calculator, Engine, Request, json};
use law::Text;
use model::fee::{HintKind, Statement};

/// What a statement must hold.
#[derive(Debug, Clone, Copy)]
pub enum Want {
    /// A line of the code with these points, so many times.
    Billed(&'static str, i64, i64),
    /// A line of the code, whatever its points.
    Has(&'static str),
    /// Points of all lines of these codes together.
    Sum(&'static [&'static str], i64),
    /// No line of the code.
    Absent(&'static str),
    /// No line of the code, and a reason that holds the words.
    Omitted(&'static str, &'static str),
    /// A hint of the kind whose text holds the words.
    Hint(HintKind, &'static str),
    /// No hint holds the words.
    Silent(&'static str),
}

/// A case of the notices.
pub struct Case {
    article: &'static str,
    text: Text,
    quote: &'static str,
    situation: &'static str,
    editions: &'static [Edition],
    ask: Ask,
    want: Vec<Want>,
}

/// A revision of the fee table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    /// 令和6年: asked for 2026-05-29.
    R6,
    /// 令和8年: asked for 2026-07-10.
    R8,
}

/// Both revisions say and bill the same.
pub const BOTH: &[Edition] = &[Edition::R6, Edition::R8];
/// Only the revision of 2026.
pub const R8: &[Edition] = &[Edition::R8];
/// Only the revision of 2024.
pub const R6: &[Edition] = &[Edition::R6];

/// A case by its article, the document and the words quoted from it.
pub fn case(
    editions: &'static [Edition],
    article: &'static str,
    text: Text,
    quote: &'static str,
    situation: &'static str,
    ask: Ask,
    want: &[Want],
) -> Case {
    Case { article, text, quote, situation, editions, ask, want: want.to_vec() }
}

impl Want {
    /// What is wrong with the statement, if anything is.
    fn fails(self, statement: &Statement) -> Option<String> {
        let line = |code: &str| statement.lines.iter().find(|line| line.code == code);
        let omitted = |code: &str| {
            let reasons = statement.omitted.iter().filter(|omitted| omitted.code == code || omitted.name == code);
            reasons.map(|omitted| omitted.reason.clone()).collect::<Vec<_>>().join(" / ")
        };
        match self {
            Self::Billed(code, points, count) => match line(code) {
                None => Some(format!("{code} is not billed: {}", omitted(code))),
                Some(line) if (line.points.0, line.count) == (points, count) => None,
                Some(line) => Some(format!("{code} is {} × {}, not {points} × {count}", line.points.0, line.count)),
            },
            Self::Has(code) => line(code).is_none().then(|| format!("{code} is not billed: {}", omitted(code))),
            Self::Sum(codes, points) => {
                let sum: i64 =
                    statement.lines.iter().filter(|line| codes.contains(&line.code.as_str())).map(|line| line.total().0).sum();
                (sum != points).then(|| format!("{codes:?} make {sum}, not {points}"))
            }
            Self::Absent(code) => line(code).map(|line| format!("{code} is billed: {}", line.reason)),
            Self::Omitted(code, words) => match line(code) {
                Some(line) => Some(format!("{code} is billed: {}", line.reason)),
                None if omitted(code).contains(words) => None,
                None => Some(format!("{code}: the reason is 「{}」, without 「{words}」", omitted(code))),
            },
            Self::Hint(kind, words) => {
                let found = statement.hints.iter().any(|hint| hint.kind == kind && hint.text.contains(words));
                (!found).then(|| format!("no hint of {kind:?} holds 「{words}」: {:#?}", statement.hints))
            }
            Self::Silent(words) => {
                let found = statement.hints.iter().find(|hint| hint.text.contains(words));
                found.map(|hint| format!("a hint holds 「{words}」: {}", hint.text))
            }
        }
    }
}

/// Runs the cases of a part; every failure is told, not only the first.
fn run(part: &str, cases: Vec<Case>) {
    let Some(tables) = tables::masters() else { return };
    let mut failures = Vec::new();
    let mut runs = 0;
    for case in &cases {
        for edition in case.editions {
            let place = format!("{edition:?} {}「{}」", case.article, case.situation);
            if law::holds(case.text, *edition, case.quote) == Some(false) {
                failures.push(format!("{place}: the notice does not say 「{}」", case.quote));
            }
            let request: Request = match json::read(case.ask.on(*edition)) {
                Ok(request) => request,
                Err(error) => {
                    failures.push(format!("{place}: {error}"));
                    continue;
                }
            };
            match Engine.calculate(tables, &request) {
                Ok(statement) => {
                    failures
                        .extend(case.want.iter().filter_map(|want| want.fails(&statement)).map(|why| format!("{place}: {why}")));
                    let sum: i64 = statement.lines.iter().map(|line| line.total().0).sum();
                    if sum != statement.points.0 {
                        failures.push(format!("{place}: Σ lines {sum} is not {}", statement.points.0));
                    }
                }
                Err(error) => failures.push(format!("{place}: {error}")),
            }
            runs += 1;
        }
    }
    println!("{part}: {} cases, {runs} calculations", cases.len());
    assert!(failures.is_empty(), "{part}: {} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn part_a_first_and_return_visits() {
    run("A first", visit::cases());
    run("A return", returning::cases());
}

#[test]
fn part_b_management() {
    run("B", management::cases());
    run("B containing", containing::cases());
}

#[test]
fn parts_b_and_c_counts_and_pairs() {
    run("B, C counts and pairs", counts::cases());
}

#[test]
fn part_c_home_care() {
    run("C", home::cases());
}

#[test]
fn part_f_prescribing() {
    run("F", drugs::cases());
    run("F slips", slips::cases());
}

#[test]
fn part_g_injection() {
    run("G", injection::cases());
}

#[test]
fn part_o_wages_and_prices() {
    run("O", wages::cases());
}
