//! Somebody who enters: patients, laboratory results, allergies, diagnoses; changes them, takes back what was shared, sends
//! again. Remembers nothing but who the patients are: the chart is asked.

use super::{
    Random,
    house::{Answered, House},
};
use serde_json::{Value, json};
use std::sync::Arc;

/// Numbers on cards of fictional insured persons follow each other.
const INSURER: &str = "06130488";

/// One who enters for some patients.
pub struct Clerk {
    house: Arc<House>,
    desk: String,
    doctor: String,
    random: Random,
    /// Patients in this hand.
    pub patients: Vec<Value>,
    codes: Option<Codes>,
}

/// Codes of the masters that are used.
struct Codes {
    labs: Vec<Value>,
    allergens: Vec<Value>,
    diseases: Vec<Value>,
}

impl Clerk {
    /// With the sessions of the reception and of a doctor.
    pub fn new(house: Arc<House>, desk: &str, doctor: &str, random: Random) -> Self {
        Self { house, desk: desk.into(), doctor: doctor.into(), random, patients: Vec::new(), codes: None }
    }

    /// As a doctor; a refusal after a lost answer gives nothing, any other is a fault of the test.
    async fn doctor(&self, route: &str, body: Value) -> Option<Value> {
        match self.house.ask(&self.doctor, route, &body).await {
            Answered::Done(answer) => Some(answer),
            Answered::Refused { lost: true, status: 404 | 409 | 422, .. } => None,
            Answered::Refused { status, body: why, .. } => panic!("{route} {body}: {status} {why}"),
        }
    }

    /// A new patient with a card.
    pub async fn register(&mut self, number: usize) {
        let insurance = json!({ "insurer": INSURER, "symbol": "12", "number": format!("{}", 1000 + number), "branch": "01",
            "relation": "insured", "share": "30", "limit_class": "", "valid_from": "2020-04-01", "valid_to": "" });
        let subsidy = json!({ "payer": "", "recipient": "", "share": "", "monthly_cap": "", "valid_from": "", "valid_to": "" });
        let kana: String = format!("{number:02}")
            .chars()
            .map(|c| "アカサタナハマヤラワ".chars().nth(c as usize - 48).expect("a digit"))
            .collect();
        let form = json!({ "family": format!("試験{number}"), "given": "太郎", "family_kana": format!("シケン{kana}"), "given_kana": "タロウ",
            "sex": "male", "birth_date": "1970-01-01", "postal_code": "", "address": "東京都千代田区", "phone": "",
            "insurance": insurance, "subsidy": subsidy });
        // A lost answer leaves a namesake behind, which is another patient and does no harm.
        let body = json!({ "form": form, "despite_duplicates": true });
        match self.house.ask(&self.desk, "register", &body).await {
            Answered::Done(answer) => self.patients.push(answer["patient"].clone()),
            Answered::Refused { status, body, .. } => panic!("register: {status} {body}"),
        }
    }

    async fn look_up(&mut self) {
        if self.codes.is_some() {
            return;
        }
        let lines = self.doctor("lab_items", json!({ "patient": self.patients[0] })).await.expect("the items");
        let lines = lines.as_array().expect("a list").iter().map(|line| &line["item"]);
        let labs = lines.filter(|i| i["choices"].as_array().is_some_and(Vec::is_empty)).take(12).cloned().collect();
        let hits = async |kind: &str, words: &[&str]| {
            let mut found = Vec::new();
            for word in words {
                let query = json!({ "kind": kind, "query": word, "on": null });
                let hit = self.doctor("search_masters", query).await.expect("a search");
                found.extend(hit.get(0).map(|hit| hit["code"].clone()));
            }
            found
        };
        let allergens = hits("allergen", &["くるみ", "そば", "卵", "えび", "ラテックス"]).await;
        let diseases = hits("disease", &["高血圧症", "２型糖尿病", "急性上気道炎", "胃潰瘍", "気管支喘息"]).await;
        assert!(!allergens.is_empty() && !diseases.is_empty());
        self.codes = Some(Codes { labs, allergens, diseases });
    }

    /// Enters or changes something of a patient.
    pub async fn enter_something(&mut self) {
        self.look_up().await;
        let patient = self.patients[self.random.below(self.patients.len())].clone();
        match self.random.below(20) {
            0..10 => self.report(&patient).await,
            10..12 => self.allergy(&patient).await,
            12..15 => self.diagnosis(&patient).await,
            15..18 => self.shared(&patient, "withdraw").await,
            _ => self.shared(&patient, "resend").await,
        }
    }

    /// A laboratory report with one to three results.
    async fn report(&mut self, patient: &Value) {
        let count = 1 + self.random.below(3);
        let first = self.random.below(9);
        let codes = self.codes.as_ref().expect("looked up");
        let items: Vec<Value> = codes.labs[first..first + count].to_vec();
        let results: Vec<Value> = items
            .iter()
            .map(|item| {
                let value = format!("{}", 1 + self.random.below(90));
                json!({ "item": item["local_code"], "value": value, "low": "", "high": "" })
            })
            .collect();
        let day = format!("2026-0{}-{:02}", 1 + self.random.below(6), 1 + self.random.below(28));
        let form = json!({ "visit": null, "collected_on": day, "collected_time": "", "results": results });
        self.doctor("enter_report", json!({ "patient": patient, "form": form })).await;
    }

    /// An allergy is added, or one that stands is removed.
    async fn allergy(&mut self, patient: &Value) {
        let Some(chart) = self.doctor("open_chart", json!({ "patient": patient })).await else { return };
        let standing = chart["allergies"].as_array().expect("a list");
        let code = {
            let codes = &self.codes.as_ref().expect("looked up").allergens;
            codes[self.random.below(codes.len())].clone()
        };
        match standing.iter().find(|a| a["code"] == code) {
            Some(one) => self.doctor("remove_allergy", json!({ "allergy": one["id"], "version": one["version"] })).await,
            None => {
                let form = json!({ "code": code, "severe": false, "reaction": "" });
                self.doctor("add_allergy", json!({ "patient": patient, "form": form })).await
            }
        };
        self.due(patient).await;
    }

    /// A diagnosis is added, or one that stands is removed.
    async fn diagnosis(&mut self, patient: &Value) {
        let Some(chart) = self.doctor("open_chart", json!({ "patient": patient })).await else { return };
        let standing = chart["diagnoses"].as_array().expect("a list");
        let code = {
            let codes = &self.codes.as_ref().expect("looked up").diseases;
            codes[self.random.below(codes.len())].clone()
        };
        match standing.iter().find(|d| d["code"] == code) {
            Some(one) => self.doctor("remove_diagnosis", json!({ "diagnosis": one["id"], "version": one["version"] })).await,
            None => {
                let form = json!({ "code": code, "modifiers": [], "started_on": "2026-06-01", "principal": false });
                self.doctor("add_diagnosis", json!({ "patient": patient, "form": form })).await
            }
        };
        self.due(patient).await;
    }

    /// Lists leave two minutes after a change, so that a burst is one document; the test cannot wait so long.
    async fn due(&self, patient: &Value) {
        let patient: uuid::Uuid = serde_json::from_value(patient.clone()).expect("an id");
        super::ledger::hurry(&self.house, patient).await;
    }

    /// Something shared is taken back, or sent again.
    async fn shared(&mut self, patient: &Value, route: &str) {
        let Some(list) = self.doctor("shared", json!({ "patient": patient })).await else { return };
        let sent: Vec<&Value> =
            list.as_array().expect("a list").iter().filter(|d| matches!(d["state"]["state"].as_str(), Some("sent"))).collect();
        if sent.is_empty() {
            return;
        }
        let document = sent[self.random.below(sent.len())]["id"].clone();
        // Another document may have taken its place meanwhile.
        match self.house.ask(&self.doctor, route, &json!({ "document": document })).await {
            Answered::Done(_) | Answered::Refused { status: 404 | 409, .. } => {}
            Answered::Refused { status, body, .. } => panic!("{route}: {status} {body}"),
        }
    }

    /// The chart of a patient.
    pub async fn chart(&self, patient: &Value) -> Value {
        self.doctor("open_chart", json!({ "patient": patient })).await.expect("a chart")
    }
}
