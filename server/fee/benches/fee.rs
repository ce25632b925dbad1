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
    percentiles("the month's visits", &tables, &month);
    let heavy: Vec<Request> = (0..500).map(|patient| request(heavy(patient))).collect();
    percentiles("heavy visits", &tables, &heavy);
    points_table(criterion);
}

/// A visit with much of everything: 25 orders, 12 drugs by slip and in the house, 120 lines billed before, decisions by hand, and
/// diagnoses that bring hints.
fn heavy(patient: usize) -> Value {
    let mut value = visit(patient, 17);
    let tests = [
        "160022510",
        "160022610",
        "160020410",
        "160019210",
        "160019410",
        "160008010",
        "160010010",
        "160022410",
        "160023410",
        "160167250",
        "160017410",
        "160019010",
        "160020910",
        "160021110",
        "160054710",
        "160031710",
        "160036510",
        "160037210",
        "160000310",
        "160169450",
        "160068410",
        "160072110",
        "140000610",
        "130003510",
        "180016110",
    ];
    let drugs = ["620007853", "622098501", "620007152", "622571101", "622417203", "610406079"];
    let group = |place: &str| {
        json!({"route": "internal", "place": place, "days": 28,
            "items": drugs.map(|code| json!({"code": code, "amount": 1.0, "general_name": true}))})
    };
    value["orders"] = tests.map(|code| json!({"code": code, "quantity": 1})).into_iter().collect();
    value["prescriptions"] = json!([group("pharmacy"), group("in_house")]);
    value["diagnoses"] = json!([
        {"code": "8833421", "started": "2026-01-10", "principal": true},
        {"code": "4939008", "started": "2026-01-10", "principal": true}]);
    value["history"] = (1..=16)
        .flat_map(|day| {
            tests[..8].iter().map(move |code| json!({"date": format!("2026-06-{day:02}"), "code": code, "points": 20}))
        })
        .collect();
    value["overrides"] = json!([
        {"code": "112011010", "change": {"add": {"count": 1}}, "reason": "手で"},
        {"code": "140000610", "change": {"count": {"count": 2}}, "reason": "手で"}]);
    value
}

/// Prints how long single visits take: the median, the 99th percentile and the slowest. Each visit is taken three times and its
/// best time counts, so that what else the machine does is not measured.
fn percentiles(what: &str, tables: &dyn Tables, visits: &[Request]) {
    let mut times: Vec<std::time::Duration> = visits
        .iter()
        .map(|visit| {
            let once = || {
                let start = std::time::Instant::now();
                black_box(Engine.calculate(tables, visit).expect("a statement"));
                start.elapsed()
            };
            once().min(once()).min(once())
        })
        .collect();
    times.sort_unstable();
    let (median, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    let slowest = times[times.len() - 1];
    println!("{what}: {} visits, median {median:.1?}, p99 {p99:.1?}, slowest {slowest:.1?}", times.len());
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
