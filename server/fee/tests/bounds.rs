//! Figures that cannot be are refused with their path, and none makes the calculation panic.

#[expect(dead_code, reason = "the full masters belong to another test")]
mod common;

use fee::{Calculator, Engine, FeeError, json};
use model::fee::Statement;
use proptest::prelude::*;
use serde_json::{Value, json};

fn calculate(subsidies: Value, history: Value, quantity: Value) -> Result<Statement, FeeError> {
    let request = json::read(json!({
        "date": "2026-07-20", "facility": {}, "patient": {"birth_date": "1981-03-02"}, "visit": {"kind": "return"},
        "coverage": {"insurance": {"insurer": "06130488", "share": 30}, "subsidies": subsidies},
        "orders": [{"code": "140000610", "quantity": quantity}], "history": history,
    }))?;
    Engine.calculate(&common::small(), &request)
}

fn refused(subsidies: Value, history: Value) -> String {
    calculate(subsidies, history, json!(1)).expect_err("an error").path().to_owned()
}

#[test]
fn what_cannot_be_is_told_with_its_path() {
    let twice = json!([{"payer": "54136015", "cap": 5000}, {"payer": "54136015"}]);
    assert_eq!(refused(twice, json!([])), "coverage.subsidies[1].payer");
    assert_eq!(refused(json!([{"payer": "54136015", "cap": -5}]), json!([])), "coverage.subsidies[0].cap");
    assert_eq!(refused(json!([{"payer": "88130000", "visit_cap": -5}]), json!([])), "coverage.subsidies[0].visit_cap");
    assert_eq!(refused(json!([{"payer": "54136015", "share": 101}]), json!([])), "coverage.subsidies[0].share");
    let old = |points: i64, count: i64| json!([{"date": "2026-07-01", "code": "112007410", "points": points, "count": count}]);
    assert_eq!(refused(json!([]), old(78, -1)), "history[0].count");
    assert_eq!(refused(json!([]), old(i64::MAX, 1)), "history[0].points");
    // 逓減 lines of an earlier day are negative.
    assert!(calculate(json!([]), old(-10, 1), json!(1)).is_ok());
}

proptest! {
    #[test]
    fn extreme_figures_never_panic(points in any::<i64>(), count in any::<i64>(), cap in any::<i64>(), quantity in any::<i64>()) {
        let old = json!([{"date": "2026-07-01", "code": "112007410", "points": points, "count": count}]);
        drop(calculate(json!([{"payer": "54136015", "cap": cap}]), old, json!(quantity)));
        let month = json!({"month": "2026-07", "age_band": "under70", "insurance_share": 30, "limit_class": "ウ",
            "bills": [{"yen": points, "payers": ["insurance"]}, {"yen": cap, "payers": ["insurance"]}]});
        json::copay_lines(&month.to_string());
    }
}
