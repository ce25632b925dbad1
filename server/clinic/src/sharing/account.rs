//! What was sent about a patient, to whom, when (共有の記録), fit to be handed to the patient.
//!
//! Read from the documents as they were sent, without what the patient is not to see: diagnoses that are flagged 未告知 or
//! 未提供 now, and all words of documents while any diagnosis of the patient is flagged, because words may name it.

use super::mend;
use crate::{Fallible, Grant, Tenant, audit, billing, patients, policy::PrintAccount};
use chrono::{DateTime, Utc};
use model::{ids::*, outside::Purpose, share::*};
use serde_json::Value;
use sqlx::types::Json;
use std::collections::HashMap;
use uuid::Uuid;

/// To whom everything goes that is not addressed to one house.
const EVERYBODY: &str = "患者が閲覧に同意した医療機関";
/// How many lines an account has at most, the newest.
const LONGEST: i64 = 500;

#[derive(sqlx::FromRow)]
struct Row {
    kind: String,
    addressee: String,
    bundle: Json<Value>,
    taken_at: DateTime<Utc>,
    ended_at: Option<DateTime<Utc>>,
    cancelled: bool,
}

/// What the patient is not to see: by the id of the diagnosis whether it is flagged now.
struct Hidden {
    flags: HashMap<Uuid, bool>,
    /// Words may name a flagged diagnosis, also one that has ended.
    words: bool,
}

impl Hidden {
    async fn of(tenant: &mut Tenant, patient: PatientId) -> Fallible<Self> {
        let rows: Vec<(Uuid, bool)> = sqlx::query_as(
            "select id, uninformed or undelivered from diagnosis where clinic_id = current_clinic() and patient_id = $1",
        )
        .bind(patient.0)
        .fetch_all(tenant.db())
        .await?;
        Ok(Self { words: rows.iter().any(|(_, flagged)| *flagged), flags: rows.into_iter().collect() })
    }

    /// As the chart says now; where it does not know the diagnosis, as the document said then.
    fn hides(&self, condition: &Value) -> bool {
        let tags = condition["meta"]["tag"].as_array().into_iter().flatten();
        let said = || tags.filter_map(|tag| tag["code"].as_str()).any(|code| matches!(code, "UNINFORMED" | "UNDELIVERED"));
        mend::id_of(condition).and_then(|id| self.flags.get(&id).copied()).unwrap_or_else(said)
    }
}

/// The account of a patient. That it was made is on record.
pub async fn account(tenant: &mut Tenant, _: &Grant<PrintAccount>, patient: PatientId) -> Fallible<Account> {
    let person = patients::load(tenant.db(), patient).await?;
    let hidden = Hidden::of(tenant, patient).await?;
    let rows: Vec<Row> = sqlx::query_as(
        "select o.kind, o.addressee, o.bundle, o.taken_at, o.ended_at,
                exists (select 1 from outbox c
                        where c.clinic_id = o.clinic_id and c.identifier = o.identifier and c.action = 'cancel'
                            and c.taken_at = o.ended_at
                            -- A replacement is a cancellation with a registration put in together.
                            and not exists (select 1 from outbox r
                                            where r.clinic_id = c.clinic_id and r.identifier = c.identifier
                                                and r.action = 'register' and r.sequence > c.sequence
                                                and r.created_at = c.created_at)) as cancelled
         from outbox o
         where o.clinic_id = current_clinic() and o.patient_id = $1 and o.action = 'register' and o.taken_at is not null
         order by o.taken_at desc, o.sequence desc limit $2",
    )
    .bind(patient.0)
    .bind(LONGEST)
    .fetch_all(tenant.db())
    .await?;
    let sent = rows.into_iter().filter_map(|row| line(row, &hidden)).collect();
    let looks: Vec<(DateTime<Utc>, String, String)> = sqlx::query_as(
        "select a.at, s.name, a.purpose
         from outside_asked a join staff s on s.clinic_id = a.clinic_id and s.id = a.staff_id
         where a.clinic_id = current_clinic() and a.patient_id = $1
         order by a.at desc limit $2",
    )
    .bind(patient.0)
    .bind(LONGEST)
    .fetch_all(tenant.db())
    .await?;
    let looks = looks.into_iter().map(|(at, by, purpose)| AccountLook { at, by, purpose: Purpose::parse(&purpose) }).collect();
    let clinic = billing::clinic_card(tenant.db(), String::new()).await?;
    audit::record(tenant, "share.account", Some(patient), None, "").await?;
    Ok(Account {
        patient: person.name.full(),
        number: person.number,
        clinic,
        day: tenant.today(),
        consent: person.consent,
        sent,
        looks,
    })
}

/// One line; none for a list of which the patient may see nothing.
fn line(row: Row, hidden: &Hidden) -> Option<AccountLine> {
    let kind = ShareKind::parse(&row.kind)?;
    let contents = contents(&row.bundle.0, hidden);
    if contents.is_empty() && !kind.is_document() {
        return None;
    }
    let to = if row.addressee.is_empty() { EVERYBODY.to_owned() } else { row.addressee };
    let why = if row.cancelled { "取消" } else { "差し替え" };
    Some(AccountLine { at: row.taken_at, kind, to, contents, ended: row.ended_at.map(|at| (at, why.to_owned())) })
}

/// What stood in a document: a line for each entry and section.
fn contents(bundle: &Value, hidden: &Hidden) -> Vec<String> {
    let kept = |entry: &&Value| match entry["resource"]["resourceType"].as_str() {
        Some("Condition") => !hidden.hides(&entry["resource"]),
        // Sections and plans are words.
        Some("Composition" | "CarePlan" | "DocumentReference") => !hidden.words,
        _ => true,
    };
    let entries: Vec<Value> = bundle["entry"].as_array().into_iter().flatten().filter(kept).cloned().collect();
    let mut rest = bundle.clone();
    rest["entry"] = Value::Array(entries);
    fhir::read::document(&rest).map(|document| document.lines).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn hides_what_is_flagged_now_and_words_beside_it() {
        let (flagged, told) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let condition = |id: Uuid, name: &str, tag: &str| {
            json!({ "resource": {
                "resourceType": "Condition",
                "identifier": [{ "value": format!("1310000001-{id}") }],
                "meta": { "tag": [{ "code": tag }] },
                "code": { "text": name },
            } })
        };
        let unknown = Uuid::from_u128(3);
        let bundle = json!({ "resourceType": "Bundle", "entry": [
            { "resource": { "resourceType": "Composition", "section": [{ "title": "現病歴", "text": { "div": "<div>胃癌の疑い</div>" } }] } },
            condition(flagged, "胃癌", ""),
            condition(told, "高血圧症", "UNINFORMED"),
            condition(unknown, "糖尿病", "UNDELIVERED"),
        ] });
        let hidden = Hidden { flags: [(flagged, true), (told, false)].into(), words: true };
        let lines = contents(&bundle, &hidden).join("\n");
        assert!(lines.contains("高血圧症") && !lines.contains("胃癌") && !lines.contains("糖尿病"), "{lines}");
        let open = Hidden { flags: HashMap::new(), words: false };
        assert!(contents(&bundle, &open).join("\n").contains("胃癌の疑い"));
    }
}
