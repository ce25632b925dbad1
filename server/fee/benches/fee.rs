//! How long a calculation takes: one visit, and the month of a clinic with 3,000 patients on one core.
//!
//! Over the derived masters where they lie beside the project, else over the small set of the tests.

#[path = "../tests/common/mod.rs"]
mod common;

use criterion::{Criterion, criterion_group, criterion_main};
use fee::{Calculator, Engine, Request, json};
use model::master::{Disease, Drug, Material, Procedure, Tables};
use serde_json::{Value, json};
use std::hint::black_box;

/// A visit of a patient: tests, a picture, treatment or only a slip, by the patient's number.
fn visit(patient: usize, day: usize) -> Value {
    let orders: &[&str] = match patient % 5 {
        0 => &["160022510", "160022610", "160020410", "160019210", "160019410", "160008010", "160010010"],
        1 => &["140000610"],
        2 => &["113001810"],
        3 => &["160072110", "160068410", "130000510"],
        _ => &[],
    };
    let history: Vec<Value> = if day > 10 {
        vec![
            json!({"date": "2026-07-03", "code": "112007410", "points": 76}),
            json!({"date": "2026-07-03", "code": "160061810", "points": 125}),
            json!({"date": "2026-06-05", "code": "112007410", "points": 76}),
        ]
    } else {
        Vec::new()
    };
    json!({
        "date": format!("2026-07-{day:02}"), "time": "10:15",
        "facility": {"prefecture": "13", "kind": "clinic", "standards": [
            "検体検査管理加算1", "外来・在宅ベースアップ評価料1", "外来感染対策向上加算", "時間外対応体制加算1", "一般名処方加算"]},
        "patient": {"birth_date": format!("{}-03-02", 1935 + patient % 88), "sex": "female"},
        "visit": {"kind": if patient.is_multiple_of(7) { "first" } else { "return" }, "holiday": false},
        "coverage": {"insurance": {"insurer": "06130488", "share": 30, "limit_class": "ウ"}, "subsidies": []},
        "diagnoses": [{"code": "4939008", "started": "2026-01-10", "principal": true}],
        "orders": orders.iter().map(|code| json!({"code": code, "quantity": 1})).collect::<Value>(),
        "prescriptions": [
            {"route": "internal", "place": "pharmacy", "days": 28,
             "items": [{"code": "620007853", "amount": 1.0, "general_name": true}, {"code": "622098501", "amount": 1.0}]}],
        "history": history,
    })
}

fn request(value: Value) -> Request {
    json::read(value).expect("a request")
}

fn benches(criterion: &mut Criterion) {
    let tables = common::full().unwrap_or_else(common::small);
    let one = request(visit(5, 17));
    criterion.bench_function("one visit", |bench| {
        bench.iter(|| Engine.calculate(&tables, black_box(&one)).expect("a statement"));
    });
    let month: Vec<Request> = (0..3_000).flat_map(|patient| [visit(patient, 3), visit(patient, 17)]).map(request).collect();
    let mut group = criterion.benchmark_group("month");
    group.sample_size(10);
    group.bench_function("3,000 patients, two visits each", |bench| {
        bench.iter(|| {
            let points = month.iter().map(|visit| Engine.calculate(&tables, visit).expect("a statement").points.0);
            black_box(points.sum::<i64>())
        });
    });
    group.finish();
    points_table(criterion);
}

/// Tables without what they know of the points table.
struct WithoutPointsTable<'a>(&'a dyn Tables);

impl Tables for WithoutPointsTable<'_> {
    fn edition(&self, on: chrono::NaiveDate) -> Option<String> {
        self.0.edition(on)
    }
    fn procedure(&self, code: &str, on: chrono::NaiveDate) -> Option<&Procedure> {
        self.0.procedure(code, on)
    }
    fn drug(&self, code: &str, on: chrono::NaiveDate) -> Option<&Drug> {
        self.0.drug(code, on)
    }
    fn disease(&self, code: &str, on: chrono::NaiveDate) -> Option<&Disease> {
        self.0.disease(code, on)
    }
    fn material(&self, code: &str, on: chrono::NaiveDate) -> Option<&Material> {
        self.0.material(code, on)
    }
}

/// The same visits of July 2025 over all masters beside the project, with the points table of R6 (03-2, 03-3, 03-4, 05) and a history.
fn points_table(criterion: &mut Criterion) {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/masters");
    if !folder.exists() {
        eprintln!("SKIPPED: the points table is not beside the project");
        return;
    }
    let masters = masters::Snapshot::load_dir(&folder).expect("the folder loads");
    let visits: Vec<Request> = (0..105)
        .map(|patient| {
            let mut value = visit(patient, 17);
            value["date"] = json!("2025-07-17");
            let codes = ["112007410", "112011010", "160008010", "160022510", "160095710", "160061910", "113001810", "120002910"];
            value["history"] = (1..=16)
                .flat_map(|day| codes.map(|code| json!({"date": format!("2025-07-{day:02}"), "code": code, "points": 1})))
                .filter(|row| row["date"].as_str().is_some_and(|date| date.ends_with('3') || date.ends_with('9')))
                .collect();
            request(value)
        })
        .collect();
    criterion.bench_function("105 visits with the points table", |bench| {
        bench.iter(|| visits.iter().map(|visit| Engine.calculate(&masters, visit).expect("a statement").points.0).sum::<i64>());
    });
    criterion.bench_function("105 visits without it", |bench| {
        let without = WithoutPointsTable(&masters);
        bench.iter(|| visits.iter().map(|visit| Engine.calculate(&without, visit).expect("a statement").points.0).sum::<i64>());
    });
}

criterion_group!(fee_benches, benches);
criterion_main!(fee_benches);
