//! Server functions of the allergies. Every change answers with the whole fresh list.

#![expect(missing_docs, reason = "the macro makes a struct of each function's arguments, which the contract describes")]

use leptos::{prelude::*, server_fn::codec::Json};
use model::{AppError, chart::*, ids::*};

/// Adds an allergy: an allergen of J-FAGY or a drug.
#[server(endpoint = "add_allergy", input = Json)]
pub async fn add_allergy(patient: PatientId, form: AllergyForm) -> Result<Vec<Allergy>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::RecordAllergy>().await?;
    let result = clinic::allergies::add_allergy(&mut desk.tenant, &desk.grant, patient, form).await;
    crate::server::finish(desk, result).await
}

/// Removes an allergy; the audit trail keeps it.
#[server(endpoint = "remove_allergy", input = Json)]
pub async fn remove_allergy(allergy: AllergyId, version: i64) -> Result<Vec<Allergy>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::RecordAllergy>().await?;
    let result = clinic::allergies::remove_allergy(&mut desk.tenant, &desk.grant, allergy, version).await;
    crate::server::finish(desk, result).await
}

/// Chooses whether an allergy is kept for long at the platform (長期保存).
#[server(endpoint = "flag_allergy", input = Json)]
pub async fn flag_allergy(allergy: AllergyId, long_term: bool, version: i64) -> Result<Vec<Allergy>, AppError> {
    let mut desk = crate::server::enter::<clinic::policy::RecordAllergy>().await?;
    let result = clinic::allergies::flag_allergy(&mut desk.tenant, &desk.grant, allergy, long_term, version).await;
    crate::server::finish(desk, result).await
}
