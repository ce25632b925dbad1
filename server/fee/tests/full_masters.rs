//! The engine over the full derived masters (10,173 procedures), where they lie beside the project.

mod common;

use fee::{Calculator, Engine, Request, json};
use model::master::Tables;
use serde_json::json;

fn request(date: &str, code: &str, quantity: u32) -> Request {
    json::read(json!({
        "date": date, "time": "10:15",
        "facility": {"kind": "clinic"},
        "patient": {"birth_date": "1981-03-02", "sex": "female"},
        "visit": {"kind": "return", "holiday": false},
        "coverage": {"insurance": {"insurer": "06130488", "share": 30}},
        "orders": [{"code": code, "quantity": quantity, "parts": []}],
    }))
    .expect("a request")
}

/// Every procedure of the master, ordered once, is either billed or said not to be: never a silent zero.
#[test]
fn no_ordered_procedure_vanishes() {
    let Some(tables) = common::full() else { return };
    let mut billed = 0;
    for date in ["2026-05-29", "2026-07-10"] {
        for code in tables.procedures.keys() {
            if tables.procedure(code, common::day(date)).is_none() {
                continue;
            }
            match Engine.calculate(&tables, &request(date, code, 1)) {
                Ok(statement) => {
                    let line = statement.lines.iter().any(|line| &line.code == code);
                    let omitted = statement.omitted.iter().any(|omitted| &omitted.code == code);
                    assert!(line || omitted, "{code} on {date} vanished");
                    assert_eq!(statement.points.0, statement.lines.iter().map(|line| line.total().0).sum::<i64>());
                    billed += usize::from(line);
                }
                // きざみ items whose lower limit is above one.
                Err(error) => assert_eq!(error.path(), "orders[0].quantity", "{code}: {error}"),
            }
        }
    }
    assert!(billed > 10_000, "{billed} billed");
}

/// What blocks 外来管理加算 is what the master says (column 56), nothing else.
#[test]
fn the_master_decides_what_blocks_outpatient_management() {
    let Some(tables) = common::full() else { return };
    for (code, rows) in &tables.procedures {
        let row = &rows[0];
        if row.in_out == 1 || row.point_kind != 3 || row.step.is_some() || row.hospital_clinic == 1 {
            continue;
        }
        let Ok(statement) = Engine.calculate(&tables, &request("2026-05-29", code, 1)) else { continue };
        if !statement.lines.iter().any(|line| &line.code == code) || code == "112011010" {
            continue;
        }
        // Where another fee contains or replaces the return visit (B001-2-9, C001 …) its add-on has nothing to hang on.
        if !statement.lines.iter().any(|line| line.code == "112007410") {
            continue;
        }
        let has = statement.lines.iter().any(|line| line.code == "112011010");
        assert_eq!(has, row.outpatient_management != 1, "{code} {}", row.name);
    }
}
