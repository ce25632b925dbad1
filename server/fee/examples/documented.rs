//! Prints the answers to the examples of `docs/fee-json.md`, in order, and the time of one calculation.
//!
//! `cargo run -p fee --example documented` needs no database: the tables are the small set of the tests.

#[expect(dead_code, reason = "the full masters belong to a test")]
#[path = "../tests/common/mod.rs"]
mod common;

use std::time::Instant;

fn main() {
    let page = include_str!("../../../docs/fee-json.md");
    let tables = common::small();
    let mut first = None;
    for block in page.split("```json ").skip(1) {
        let Some((kind, text)) = block.split_once('\n') else { continue };
        let input = text.split("```").next().unwrap_or_default();
        let lines = match kind {
            "fee" => fee::json::fee_lines(input, &fee::Engine, &tables),
            "copay" => fee::json::copay_lines(input),
            _ => continue,
        };
        if kind == "fee" {
            first.get_or_insert_with(|| input.to_owned());
        }
        for line in lines {
            print(line);
        }
    }
    let visit = first.expect("the page has an example of a visit");
    let request: fee::Request = fee::json::read(serde_json::from_str(&visit).expect("JSON")).expect("a request");
    let rounds = 10_000;
    let start = Instant::now();
    for _ in 0..rounds {
        std::hint::black_box(fee::Calculator::calculate(&fee::Engine, &tables, &request)).expect("a statement");
    }
    println!("one visit: {:?}", start.elapsed() / rounds);
}

fn print(line: Result<String, fee::FeeError>) {
    match line {
        Ok(line) => {
            println!("{line}\n");
        }
        Err(error) => println!("{error}\n"),
    }
}
