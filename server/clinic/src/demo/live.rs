//! The last days and today, acted out through the use cases: these visits obey every rule, fill the board, and leave their
//! documents in the outbox.

use super::{calendar::instant, past::Crew, plan::*};
use crate::{
    Fallible, Tenant, billing, diagnoses, labs, letters, notes, orders,
    policy::{self, *},
    reception,
};
use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use model::{chart::*, ids::*, labs::*, letter::LetterForm, orders::*, staff::*};
use sqlx::types::Json;

/// Adds a diagnosis and its end.
pub(super) async fn diagnose(tenant: &mut Tenant, doctor: &Me, patient: PatientId, plan: &DiagnosisPlan) -> Fallible<()> {
    let grant = policy::grant::<CodeDiagnosis>(Role::Doctor)?;
    tenant.me = doctor.clone();
    let form = DiagnosisForm {
        code: plan.code.clone(),
        modifiers: plan.modifiers.clone(),
        started_on: plan.started_on.to_string(),
        principal: plan.principal,
    };
    let list = diagnoses::add_diagnosis(tenant, &grant, patient, form).await?;
    if let Some((day, outcome)) = plan.ended {
        let open = list.iter().find(|d| d.ended.is_none() && d.code.as_str() == plan.code && d.started_on == plan.started_on);
        if let Some(diagnosis) = open {
            tenant.now = tenant.now.max(instant(day, evening()));
            diagnoses::end_diagnosis(tenant, &grant, diagnosis.id, day.to_string(), outcome, diagnosis.version).await?;
        }
    }
    Ok(())
}

/// The end of a working day.
pub(super) fn evening() -> NaiveTime {
    NaiveTime::from_hms_opt(18, 30, 0).expect("a time of day")
}

/// Acts out one visit as far as it has come.
pub(super) async fn act(
    tenant: &mut Tenant,
    crew: &Crew,
    patient: PatientId,
    plan: &PatientPlan,
    visit: &VisitPlan,
    received: DateTime<Utc>,
) -> Fallible<()> {
    let doctor = &crew.doctors[visit.doctor % crew.doctors.len()];
    at(tenant, &crew.reception, received);
    let grant = policy::grant::<CheckIn>(Role::Reception)?;
    let checked_in = reception::check_in(tenant, &grant, patient, visit.remark.clone()).await?.id;
    if visit.reached == Reached::Received {
        return Ok(());
    }
    let seen = received + Duration::minutes(14);
    at(tenant, doctor, seen);
    let grant = policy::grant::<WriteNote>(Role::Doctor)?;
    notes::begin_visit(tenant, &grant, checked_in).await?;
    for diagnosis in plan.diagnoses.iter().filter(|d| d.started_on == visit.day) {
        diagnose(tenant, doctor, patient, &DiagnosisPlan { ended: None, ..diagnosis.clone() }).await?;
    }
    if !visit.results.is_empty() {
        at(tenant, &crew.nurse, seen + Duration::minutes(2));
        report(tenant, patient, checked_in, visit, seen).await?;
    }
    at(tenant, doctor, seen + Duration::minutes(5));
    order(tenant, checked_in, visit).await?;
    if visit.reached == Reached::InConsultation {
        // Half written: what was said and found, not yet what to think of it.
        let soap = Soap { assessment: String::new(), plan: String::new(), ..visit.soap.clone() };
        notes::save_draft(tenant, &grant, checked_in, soap, 0).await?;
        return Ok(());
    }
    at(tenant, doctor, seen + Duration::minutes(9));
    let grant = policy::grant::<ConfirmNote>(Role::Doctor)?;
    notes::confirm(tenant, &grant, checked_in, visit.soap.clone(), 0).await?;
    if visit.reached == Reached::AwaitingPayment {
        return Ok(());
    }
    at(tenant, &crew.reception, seen + Duration::minutes(16));
    let grant = policy::grant::<ReadBill>(Role::Reception)?;
    let due = billing::statement(tenant, &grant, checked_in).await?.due().0;
    let version = reception::load(tenant.db(), checked_in).await?.version;
    let grant = policy::grant::<TakePayment>(Role::Reception)?;
    billing::take_payment(tenant, &grant, checked_in, (due + 999) / 1_000 * 1_000, version).await?;
    Ok(())
}

fn at(tenant: &mut Tenant, who: &Me, when: DateTime<Utc>) {
    tenant.me = who.clone();
    tenant.now = when;
}

async fn report(
    tenant: &mut Tenant,
    patient: PatientId,
    visit: VisitId,
    plan: &VisitPlan,
    collected: DateTime<Utc>,
) -> Fallible<()> {
    let form = LabReportForm {
        visit: Some(visit),
        collected_on: plan.day.to_string(),
        collected_time: model::date::time_of(collected),
        preliminary: false,
        results: plan
            .results
            .iter()
            .map(|r| LabResultForm { item: r.item.clone(), value: r.value.clone(), low: r.low.into(), high: r.high.into() })
            .collect(),
    };
    labs::enter_report(tenant, &policy::grant::<EnterLabs>(Role::Nurse)?, patient, form).await?;
    Ok(())
}

async fn order(tenant: &mut Tenant, visit: VisitId, plan: &VisitPlan) -> Fallible<()> {
    let grant = policy::grant::<Order>(Role::Doctor)?;
    for rp in &plan.prescriptions {
        let items = rp.items.iter().map(|item| RpItemForm {
            code: item.code.0.clone(),
            amount: item.amount.to_string(),
            general_name: false,
        });
        let form = RpForm {
            route: rp.route.as_str().into(),
            dispensing: Dispensing::Pharmacy.as_str().into(),
            usage: rp.usage_key.clone(),
            usage_text: String::new(),
            count: rp.count.to_string(),
            items: items.collect(),
        };
        orders::put_rp(tenant, &grant, visit, None, form).await?;
    }
    for procedure in &plan.procedures {
        let ordered =
            orders::put_procedure(tenant, &grant, visit, None, procedure.code.clone(), procedure.quantity.to_string()).await?;
        let id = ordered.procedures.last().map(|order| order.id.0);
        if !procedure.drugs.is_empty() {
            // Drugs of a procedure have no door of their own yet.
            sqlx::query("update procedure_order set drugs = $3 where clinic_id = current_clinic() and visit_id = $1 and id = $2")
                .bind(visit.0)
                .bind(id)
                .bind(Json(&procedure.drugs))
                .execute(tenant.db())
                .await?;
        }
    }
    Ok(())
}

/// Writes and issues a letter on the evening of a day.
pub(super) async fn letter(
    tenant: &mut Tenant,
    doctor: &Me,
    patient: PatientId,
    day: NaiveDate,
    form: &LetterForm,
) -> Fallible<()> {
    at(tenant, doctor, instant(day, evening()));
    let grant = policy::grant::<WriteLetter>(Role::Doctor)?;
    let draft = letters::new_letter(tenant, &grant, patient).await?;
    let form = LetterForm { findings: draft.form.findings.clone(), course: draft.form.course.clone(), ..form.clone() };
    letters::issue_letter(tenant, &grant, draft.id, form, draft.version).await?;
    Ok(())
}
