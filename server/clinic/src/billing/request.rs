//! From what the clinic keeps to what the fee module is asked: pure, and the same for the till, the month and the demo.

use chrono::NaiveDate;
use fee::request;
use model::{chart::Diagnosis, insurance::Subsidy, orders::*, patient::Patient};

pub(crate) fn sex(patient: &Patient) -> request::Sex {
    match patient.sex {
        model::patient::Sex::Male => request::Sex::Male,
        model::patient::Sex::Female => request::Sex::Female,
    }
}

pub(crate) fn coverage(patient: &Patient, on: NaiveDate) -> request::Coverage {
    request::Coverage {
        insurance: patient.insurance_on(on).map(|card| request::Insurance {
            insurer: card.insurer.as_str().to_owned(),
            share: card.share,
            limit_class: card.limit_class.clone(),
            many_times: card.many_times,
            long_term_cap: card.long_term_cap,
        }),
        subsidies: subsidies(patient, on)
            .into_iter()
            .map(|s| request::Subsidy {
                payer: s.payer.clone(),
                share: s.share,
                cap: s.monthly_cap,
                visit_cap: s.visit_cap,
                charged_visits: s.charged_visits,
            })
            .collect(),
    }
}

/// The subsidies of a day, one card for each payer number: of a renewed or corrected one the newest, which begins last or,
/// beginning on the same day, was added last (the ids are in the order of time).
fn subsidies(patient: &Patient, on: NaiveDate) -> Vec<&Subsidy> {
    let newer = |a: &Subsidy, b: &Subsidy| (a.valid_from, a.id.0) > (b.valid_from, b.id.0);
    let mut kept: Vec<&Subsidy> = Vec::new();
    for card in patient.subsidies_on(on) {
        match kept.iter_mut().find(|other| other.payer == card.payer) {
            Some(other) if newer(card, other) => *other = card,
            Some(_) => {}
            None => kept.push(card),
        }
    }
    kept
}

pub(crate) fn order(order: &ProcedureOrder) -> request::Order {
    let part = |code: &str, amount| request::Amount { code: code.to_owned(), amount, general_name: None };
    let drugs = order.drugs.iter().map(|drug| part(drug.code.as_str(), drug.amount));
    let parts = drugs.chain(order.materials.iter().map(|material| part(&material.code, material.amount)));
    request::Order { code: order.code.0.clone(), quantity: order.quantity, parts: parts.collect(), rapid: false, site: None }
}

pub(crate) fn prescriptions(orders: &Orders) -> Vec<request::Prescription> {
    let amount = |item: &RpItem| request::Amount {
        code: item.code.0.clone(),
        amount: item.amount,
        general_name: Some(item.general_name.is_some()),
    };
    orders
        .prescriptions
        .iter()
        .map(|rp| request::Prescription {
            route: rp.route,
            place: rp.dispensing,
            items: rp.items.iter().map(amount).collect(),
            days: rp.count,
            general_name: false,
            refills: None,
            temporary: None,
        })
        .collect()
}

/// The diagnoses under treatment on a day.
pub(super) fn diagnoses(all: &[Diagnosis], on: NaiveDate) -> Vec<request::Diagnosis> {
    all.iter()
        .filter(|d| d.started_on <= on && d.ended.is_none_or(|(end, _)| end >= on))
        .map(|d| request::Diagnosis {
            code: d.code.0.clone(),
            modifiers: d.modifiers.iter().map(|m| m.code.0.clone()).collect(),
            started: d.started_on,
            suspected: d.suspected,
            principal: d.principal,
        })
        .collect()
}
