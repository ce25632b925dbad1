//! The clinic as the fee rules see it.

use crate::Fallible;
use fee::request;
use sqlx::PgConnection;

/// Prefecture and facility standards (施設基準) of the clinic.
pub(super) async fn facility(db: &mut PgConnection) -> Fallible<request::Facility> {
    let (number, standards): (String, Vec<String>) =
        sqlx::query_as("select institution_number, standards from clinic where clinic_id = current_clinic()")
            .fetch_one(db)
            .await?;
    let prefecture = number.get(..2).unwrap_or_default().to_owned();
    Ok(request::Facility { prefecture, kind: request::FacilityKind::Clinic, standards })
}
