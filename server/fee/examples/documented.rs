//! Prints the examples of `docs/fee-json.md` and the time of one calculation.
//!
//! `cargo run -p fee --example documented` needs no database: the tables are the small set of the tests.

#[expect(dead_code, reason = "the full masters belong to a test")]
#[path = "../tests/common/mod.rs"]
mod common;

use std::time::Instant;

const VISIT: &str = r#"{"date":"2026-07-10","time":"10:15",
 "facility":{"prefecture":"13","kind":"clinic","standards":["検体検査管理加算1","外来・在宅ベースアップ評価料1"]},
 "patient":{"birth_date":"1981-03-02","sex":"female"},
 "visit":{"kind":"first","department":"01","holiday":false},
 "coverage":{"insurance":{"insurer":"06130488","share":30,"limit_class":"ウ"},"subsidies":[]},
 "diagnoses":[{"code":"4659007","modifiers":[],"started":"2026-07-10","suspected":false,"principal":true}],
 "orders":[{"code":"160169450","quantity":1,"parts":[]}],
 "prescriptions":[{"route":"internal","place":"pharmacy","items":[{"code":"620007152","amount":3.0}],"days":5,"general_name":true}],
 "history":[]}"#;

const RETURN: &str = r#"{"date":"2026-07-10","facility":{"kind":"clinic","standards":[]},
 "patient":{"birth_date":"1951-11-20"},"visit":{"kind":"telephone"},
 "coverage":{"insurance":{"insurer":"39131012","share":10},"subsidies":[{"payer":"54136015","cap":5000}]},
 "history":[{"date":"2026-07-01","code":"112007410","points":76,"count":1}]}"#;

const WRONG: &str = r#"{"date":"2026-07-10","facility":{},"patient":{"birth_date":"1981-03-02"},"visit":{"kind":"return"},
 "orders":[{"code":"160022510"},{"code":"999999999"}]}"#;

const MONTH: &str = r#"{"month":"2025-11","age_band":"under70","insurance_share":30,"limit_class":"ウ",
 "inpatient":false,"many_times":false,"turned_75":false,
 "subsidies":[{"id":"nanbyo","law":"54","share":20,"cap":5000}],
 "bills":[{"yen":220000,"payers":["insurance","nanbyo"]},{"yen":300000,"payers":["insurance"]}]}"#;

fn main() {
    let tables = common::small();
    for input in [VISIT, RETURN, WRONG] {
        for line in fee::json::fee_lines(input, &fee::Engine, &tables) {
            print(line);
        }
    }
    for line in fee::json::copay_lines(MONTH) {
        print(line);
    }
    let request: fee::Request = fee::json::read(serde_json::from_str(VISIT).expect("JSON")).expect("a request");
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
        Err(error) => println!("error: {error}\n"),
    }
}
