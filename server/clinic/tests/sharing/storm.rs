//! Anything may happen in any order, and the line may break at any time: in the end the platform holds what the chart says.

use crate::{House, act, scripted::Next, support};
use chrono::Duration;
use clinic::{policy::*, testing::friday};
use links::Fault;
use model::share::*;
use rand::{Rng, SeedableRng, seq::IndexedRandom};
use rand_chacha::ChaCha20Rng;
use std::collections::HashMap;
use uuid::Uuid;

const DISEASES: [&str; 4] = ["高血圧症", "脂質異常症", "胃癌", "２型糖尿病"];
const ALLERGENS: [&str; 3] = ["くるみ", "そば", "えび"];

/// One thing that somebody does; what is refused is refused.
async fn something(house: &House, dice: &mut ChaCha20Rng) {
    let (clinic, doctor, patient) = (&house.clinic, &house.doctor, house.patient);
    let chart = act!(clinic, doctor, ReadChart, chart::open_chart, patient).expect("opens");
    match dice.random_range(0..9) {
        0 | 1 => {
            let name = DISEASES.choose(dice).expect("one");
            if chart.diagnoses.iter().all(|d| d.name != *name) {
                house.diagnose(name).await;
            }
        }
        2 => {
            if let Some(d) = chart.diagnoses.choose(dice) {
                act!(clinic, doctor, CodeDiagnosis, diagnoses::remove_diagnosis, d.id, d.version).expect("removes");
            }
        }
        3 => {
            if let Some(d) = chart.diagnoses.choose(dice) {
                house.flag(d, Flags { uninformed: dice.random(), ..Flags::default() }).await;
            }
        }
        4 => {
            let name = ALLERGENS.choose(dice).expect("one");
            let code = support::code_of(clinic, model::master::MasterKind::Allergen, name);
            if chart.allergies.iter().all(|a| a.code.as_str() != code) {
                house.allergic_to(name).await;
            }
        }
        5 => {
            if let Some(a) = chart.allergies.choose(dice) {
                act!(clinic, doctor, RecordAllergy, allergies::remove_allergy, a.id, a.version).expect("removes");
            }
        }
        6 => {
            if let Some(document) = chart.shared.choose(dice) {
                let _ = act!(clinic, doctor, Share, sharing::withdraw, document.id);
            }
        }
        _ => {
            if let Some(document) = chart.shared.choose(dice) {
                act!(clinic, doctor, Share, sharing::resend, document.id).expect("sends again");
            }
        }
    }
}

fn trouble(dice: &mut ChaCha20Rng) -> Next {
    match dice.random_range(0..8) {
        0 => Next::Fault(Fault::Timeout),
        1 => Next::Fault(Fault::Server { status: 500 }),
        2 | 3 => Next::Cut,
        4 => Next::Check,
        _ => Next::Take,
    }
}

/// By key the place in the order of the outbox, the action, and the identifier's last part.
async fn rows(house: &House) -> HashMap<String, (i64, String, String, String)> {
    let mut tx = house.clinic.pool().begin().await.expect("begins");
    let tenant = house.doctor.clinic.to_string();
    sqlx::query("select set_config('app.clinic_id', $1, true)").bind(tenant).execute(&mut *tx).await.expect("sets");
    let rows: Vec<(Uuid, i64, String, String, String)> =
        sqlx::query_as("select id, sequence, action, identifier, state from outbox where clinic_id = current_clinic()")
            .fetch_all(&mut *tx)
            .await
            .expect("reads");
    rows.into_iter()
        .map(|(id, sequence, action, identifier, state)| (id.to_string(), (sequence, action, identifier, state)))
        .collect()
}

#[tokio::test]
async fn in_the_end_the_platform_holds_what_the_chart_says() {
    let house = House::new().await;
    let begun = act!(house.clinic, house.doctor, WriteLetter, letters::new_letter, house.patient).expect("begins");
    let text = model::letter::LetterForm {
        to_institution: "みなと整形外科".into(),
        to_number: "1310000003".into(),
        purpose: "精査のお願い".into(),
        complaint: "膝痛".into(),
        present_illness: "1か月前から左膝痛。".into(),
        ..begun.form
    };
    act!(house.clinic, house.doctor, WriteLetter, letters::issue_letter, begun.id, text, begun.version).expect("issues");
    for seed in 0..8u64 {
        let mut dice = ChaCha20Rng::seed_from_u64(seed);
        let mut now = friday() + Duration::days(i64::try_from(seed).expect("small"));
        for _ in 0..40 {
            something(&house, &mut dice).await;
            if dice.random_bool(0.6) {
                now += Duration::seconds(dice.random_range(1..400));
                house.clock.set(now);
                let next: Vec<Next> = (0..6).map(|_| trouble(&mut dice)).collect();
                house.platform.then(next);
                crate::scripted::once(&house.clinic, &house.platform).await;
                crate::scripted::once(&house.clinic, &house.platform).await;
            }
        }
        // The weather clears.
        for _ in 0..60 {
            now += Duration::minutes(11);
            house.clock.set(now);
            crate::scripted::all(&house.clinic, &house.platform).await;
        }
        let rows = rows(&house).await;
        let open: Vec<_> = rows.values().filter(|row| matches!(row.3.as_str(), "waiting" | "checking")).collect();
        assert!(open.is_empty(), "seed {seed}: none is lost: {open:?}");
        let done = house.platform.done();
        let order: Vec<i64> = done.iter().map(|key| rows[key].0).collect();
        assert!(order.is_sorted(), "seed {seed}: in order: {order:?}");
        let distinct: std::collections::HashSet<&String> = done.iter().collect();
        assert_eq!(distinct.len(), done.len(), "seed {seed}: each once");
        // Of each identity the last word: registered and there, as it was made; or taken back and gone.
        let held = house.platform.held();
        let mut last: HashMap<&String, (&i64, &String, &String)> = HashMap::new();
        for (key, (sequence, _, identifier, state)) in &rows {
            if state != "superseded" && last.get(identifier).is_none_or(|before| before.0 < sequence) {
                last.insert(identifier, (sequence, state, key));
            }
        }
        for (identifier, (_, state, key)) in last {
            let there = held.iter().find(|(full, _)| full.ends_with(&format!("^{identifier}")));
            match state.as_str() {
                "sent" => {
                    assert!(there.is_some(), "seed {seed}: {identifier}");
                    assert!(done.contains(key), "seed {seed}: {identifier} as it was made last");
                }
                "cancelled" => assert!(there.is_none(), "seed {seed}: {identifier}"),
                other => panic!("seed {seed}: {identifier} {other}"),
            }
        }
    }
    let calls = house.platform.calls().len();
    println!("{calls} requests, {} took effect", house.platform.done().len());
    assert!(calls > house.platform.done().len(), "there was trouble");
}
