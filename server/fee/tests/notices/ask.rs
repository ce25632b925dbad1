//! How a case asks: a visit of July 2026 (R8) or May 2026 (R6), changed word by word.

use crate::Edition;
use serde_json::{Value, json};

/// A request in the making. Days are told as `d-N` (N days before the visit) or as `m-N` (the 10th, N months before).
#[derive(Debug, Clone)]
pub struct Ask {
    value: Value,
    history: Vec<(&'static str, &'static str, i64)>,
    born: Option<&'static str>,
    day: Option<(&'static str, &'static str)>,
}

/// A visit of a kind by a woman of 45 with 30 %, on a Friday at a quarter past ten.
pub fn visit(kind: &str) -> Ask {
    Ask {
        value: json!({
            "date": "", "time": "10:15",
            "facility": {"prefecture": "13", "kind": "clinic", "standards": []},
            "patient": {"birth_date": "1981-03-02", "sex": "female"},
            "visit": {"kind": kind, "department": "01", "holiday": false},
            "coverage": {"insurance": {"insurer": "06130488", "share": 30}},
            "diagnoses": [{"code": "4659007", "started": "2026-04-01", "principal": true}],
        }),
        history: Vec::new(),
        born: None,
        day: None,
    }
}

/// A first visit.
pub fn first() -> Ask {
    visit("first")
}

/// A return visit.
pub fn again() -> Ask {
    visit("return")
}

impl Ask {
    /// At another time of the day.
    pub fn at(mut self, time: &str) -> Self {
        self.value["time"] = json!(time);
        self
    }
    /// On another day: of R6, of R8.
    pub fn day(mut self, r6: &'static str, r8: &'static str) -> Self {
        self.day = Some((r6, r8));
        self
    }
    /// On a holiday (休日).
    pub fn holiday(self) -> Self {
        self.visit("holiday", json!(true))
    }
    /// Within (or out of) the hours that the clinic displays.
    pub fn in_hours(self, within: bool) -> Self {
        self.visit("in_hours", json!(within))
    }
    /// A field of the visit.
    pub fn visit(mut self, field: &str, value: Value) -> Self {
        self.value["visit"][field] = value;
        self
    }
    /// A patient of an age in years and months.
    pub fn aged(mut self, born: &'static str) -> Self {
        self.born = Some(born);
        self
    }
    /// Standards of the clinic.
    pub fn standards(mut self, names: &[&str]) -> Self {
        self.value["facility"]["standards"] = json!(names);
        self
    }
    /// Orders, once each.
    pub fn orders(self, codes: &[&str]) -> Self {
        let all: Vec<(&str, u32)> = codes.iter().map(|code| (*code, 1)).collect();
        self.quantities(&all)
    }
    /// Orders with their quantities.
    pub fn quantities(mut self, orders: &[(&str, u32)]) -> Self {
        self.value["orders"] = orders.iter().map(|(code, quantity)| json!({"code": code, "quantity": quantity})).collect();
        self
    }
    /// One order with drugs.
    pub fn with_drugs(mut self, code: &str, drugs: &[(&str, f64)]) -> Self {
        let parts: Value = drugs.iter().map(|(code, amount)| json!({"code": code, "amount": amount})).collect();
        let order = json!({"code": code, "quantity": 1, "parts": parts});
        match self.value["orders"].as_array_mut() {
            Some(orders) => orders.push(order),
            None => self.value["orders"] = json!([order]),
        }
        self
    }
    /// Diagnoses, the first of them the main one.
    pub fn diagnoses(mut self, codes: &[&str]) -> Self {
        let one = |(index, code): (usize, &&str)| json!({"code": code, "started": "2025-10-01", "principal": index == 0});
        self.value["diagnoses"] = codes.iter().enumerate().map(one).collect();
        self
    }
    /// Prescription groups.
    pub fn prescribed(mut self, groups: &[Value]) -> Self {
        self.value["prescriptions"] = json!(groups);
        self
    }
    /// Billed before: day and code.
    pub fn billed(mut self, old: &[(&'static str, &'static str)]) -> Self {
        self.history.extend(old.iter().map(|(day, code)| (*day, *code, 1)));
        self
    }

    /// The request of a revision.
    pub fn on(&self, edition: Edition) -> Value {
        let mut value = self.value.clone();
        let (r6, r8) = self.day.unwrap_or(("2026-05-29", "2026-07-10"));
        let date = if edition == Edition::R6 { r6 } else { r8 };
        let today: chrono::NaiveDate = date.parse().expect("a day");
        value["date"] = json!(date);
        if let Some(born) = self.born {
            value["patient"]["birth_date"] = json!(before(today, born));
        }
        value["history"] = self
            .history
            .iter()
            .map(|(day, code, count)| json!({"date": before(today, day), "code": code, "count": count}))
            .collect();
        value
    }
}

/// `2026-01-31`, `d-3` three days before, `m-2` two months before, `y-5` five years before.
fn before(today: chrono::NaiveDate, text: &str) -> chrono::NaiveDate {
    let number = |text: &str| text.parse::<u32>().expect("a number");
    match text.split_once('-') {
        Some(("d", days)) => today - chrono::Days::new(u64::from(number(days))),
        Some(("m", months)) => today - chrono::Months::new(number(months)),
        Some(("y", years)) => today - chrono::Months::new(number(years) * 12),
        _ => text.parse().expect("a day"),
    }
}

/// A prescription of one drug: route, place, code, amount of a day, days.
pub fn rp(route: &str, place: &str, code: &str, amount: f64, days: u16) -> Value {
    json!({"route": route, "place": place, "items": [{"code": code, "amount": amount}], "days": days})
}

/// 内服 in the house.
pub fn house(code: &str, amount: f64, days: u16) -> Value {
    rp("internal", "in_house", code, amount, days)
}

/// 内服 by a slip.
pub fn slip(code: &str, amount: f64, days: u16) -> Value {
    rp("internal", "pharmacy", code, amount, days)
}
