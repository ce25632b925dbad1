//! Reading everything the demo made: for a person's eyes, and as a fingerprint.

use super::inside;
use clinic::Clinic;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Prints some charts, for reading them with one's own eyes: `KARTE_DEMO_SHOW=1 cargo test -p clinic --test demo -- --nocapture`.
pub async fn show(clinic: &Clinic) {
    let mut tx = inside(clinic, "aoba").await;
    let lines: Vec<String> = sqlx::query_scalar(
        "select format(E'== %s %s %s %s (%s) %s 円 [%s]\nS %s\nO %s\nA %s\nP %s\nRp %s\n処 %s\n算定 %s', p.number, p.family, p.given, v.visit_date, v.kind, v.payable, v.remark,
                n.subjective, n.objective, n.assessment, n.plan,
                (select string_agg(r.usage || ' ' || r.count || ' ' || (select string_agg((i->>'name') || ' ' || (i->>'amount'), ', ') from jsonb_array_elements(r.items) i), ' / ')
                 from rp r where r.clinic_id = v.clinic_id and r.visit_id = v.id),
                (select string_agg(o.name, '、') from procedure_order o where o.clinic_id = v.clinic_id and o.visit_id = v.id),
                (select string_agg((l->>'name') || ' ' || (l->>'points') || '×' || (l->>'count'), '、') from receipt c, jsonb_array_elements(c.statement->'lines') l
                 where c.clinic_id = v.clinic_id and c.visit_id = v.id))
         from visit v join patient p on p.clinic_id = v.clinic_id and p.id = v.patient_id
         left join note n on n.clinic_id = v.clinic_id and n.visit_id = v.id
         where p.number % 9 = 4 or v.visit_date > date '2026-07-08'
         order by p.number, v.visit_date",
    )
    .fetch_all(&mut *tx)
    .await
    .expect("charts");
    println!("{}", lines.join("\n"));
}

/// A hash of everything people would read, by clinic: names, cards, notes, orders, results, statements.
pub async fn fingerprint(clinic: &Clinic) -> BTreeMap<String, String> {
    let mut prints = BTreeMap::new();
    for slug in ["aoba", "minato"] {
        let mut tx = inside(clinic, slug).await;
        for (what, sql) in [
            (
                "patients",
                "select concat_ws('|', number, family, given, birth_date, address, phone, consent_on) from patient order by number",
            ),
            (
                "cards",
                "select concat_ws('|', p.number, insurer, symbol, i.number, share, valid_from, valid_to) from insurance i join patient p on p.clinic_id = i.clinic_id and p.id = i.patient_id order by 1",
            ),
            (
                "notes",
                "select concat_ws('|', received_at, kind, state, subjective, objective, assessment, plan) from visit v left join note n on n.clinic_id = v.clinic_id and n.visit_id = v.id order by 1",
            ),
            (
                "diagnoses",
                "select concat_ws('|', p.number, name, started_on, ended_on, outcome) from diagnosis d join patient p on p.clinic_id = d.clinic_id and p.id = d.patient_id order by 1",
            ),
            (
                "orders",
                "select concat_ws('|', v.received_at, usage, count, items) from rp join visit v on v.clinic_id = rp.clinic_id and v.id = visit_id order by 1",
            ),
            ("results", "select concat_ws('|', collected_at, name, number, words, low, high) from lab_result order by 1"),
            (
                "items",
                "select concat_ws('|', kind, code, own_name, adopted, favourite, amount, usage, count) from inhouse_item order by 1",
            ),
            ("sets", "select concat_ws('|', name, prescriptions, procedures) from order_set order by 1"),
            ("receipts", "select concat_ws('|', number, due, tendered, statement) from receipt order by number"),
        ] {
            let rows: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut *tx).await.expect("rows");
            let hash: String = Sha256::digest(rows.join("\n")).iter().map(|byte| format!("{byte:02x}")).collect();
            prints.insert(format!("{slug} {what} {}", rows.len()), hash);
        }
    }
    prints
}
