//! A patient's consent that this house reads what others share, told to the platform once, and again only where the telling
//! failed: a consent that was taken back at the platform is not granted anew from our record.

use super::institution;
use crate::{Clinic, Fallible, patients, policy::RecordConsent};
use fhir::member::MemberId;
use links::{RecordSharing, SharingError};
use model::{AppError, codes::InstitutionNumber, ids::*, patient::Patient};
use sqlx::PgConnection;
use uuid::Uuid;

/// How many patients' consents are told by one look of the watcher.
const TOLD: i64 = 50;

impl Clinic {
    /// Records the patient's consent, or that it is taken back, and tells the platform. Where it cannot be reached, the record
    /// here counts all the same (nothing is read without it), and the platform is told by [`super::watch`], a consent also
    /// before the next reading.
    ///
    /// # Errors
    /// As of any use case; that the platform was not told is none.
    pub async fn set_consent(
        &self,
        cookie: Option<&str>,
        request_id: &str,
        patient: PatientId,
        given: bool,
    ) -> Result<Patient, AppError> {
        let mut desk = self.enter::<RecordConsent>(cookie, request_id).await?;
        let house = desk.tenant.me.clinic;
        let recorded = async {
            let patient = patients::set_consent(&mut desk.tenant, &desk.grant, patient, given).await?;
            sqlx::query("update patient set consent_told = false where clinic_id = current_clinic() and id = $1")
                .bind(patient.id.0)
                .execute(desk.tenant.db())
                .await?;
            Ok((patient, institution(desk.tenant.db()).await?))
        };
        let recorded = recorded.await;
        let (patient, who) = desk.finish(recorded).await?;
        if let (Some(sharing), Ok(member)) = (&self.world.sharing, MemberId::of(&patient, self.today())) {
            match tell(self, house, sharing.as_ref(), &who, &member, patient.id, given).await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(request_id, %error, given, "the platform was not told of a consent"),
                // Recorded it is; the watcher tells once more.
                Err(error) => drop(error.into_app(request_id)),
            }
        }
        Ok(patient)
    }
}

/// Tells the platform, and marks it as told while the record still says the same.
pub(super) async fn tell(
    clinic: &Clinic,
    house: ClinicId,
    sharing: &dyn RecordSharing,
    who: &InstitutionNumber,
    member: &MemberId,
    patient: PatientId,
    given: bool,
) -> Fallible<Result<(), SharingError>> {
    if let Err(error) = sharing.set_consent(who, &member.value, given).await {
        return Ok(Err(error));
    }
    let mut tx = clinic.begin(house).await?;
    sqlx::query(
        "update patient set consent_told = true
         where clinic_id = current_clinic() and id = $1 and (consent_on is not null) = $2",
    )
    .bind(patient.0)
    .bind(given)
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Whether the platform has heard of the patient's consent as it stands here.
pub(super) async fn told(db: &mut PgConnection, patient: PatientId) -> Fallible<bool> {
    let told = sqlx::query_scalar("select consent_told from patient where clinic_id = current_clinic() and id = $1");
    told.bind(patient.0).fetch_one(db).await.map_err(Into::into)
}

/// Tells what could not be told before. Gives how many were.
pub(super) async fn report(clinic: &Clinic, house: ClinicId, sharing: &dyn RecordSharing) -> Fallible<usize> {
    let mut tx = clinic.begin(house).await?;
    // In any order: one without insurance, of whom the platform cannot be told, holds up nobody.
    let ids: Vec<Uuid> = sqlx::query_scalar(
        "select id from patient where clinic_id = current_clinic() and not consent_told order by random() limit $1",
    )
    .bind(TOLD)
    .fetch_all(&mut *tx)
    .await?;
    if ids.is_empty() {
        tx.commit().await?;
        return Ok(0);
    }
    let who = institution(&mut tx).await?;
    let patients = patients::load_all(&mut tx, &ids).await?;
    tx.commit().await?;
    let mut count = 0;
    for patient in patients {
        let Ok(member) = MemberId::of(&patient, clinic.today()) else { continue };
        match tell(clinic, house, sharing, &who, &member, patient.id, patient.consent.is_some()).await? {
            Ok(()) => count += 1,
            Err(SharingError::Fault(_)) => break,
            Err(error) => tracing::warn!(%error, "the platform was not told of a consent"),
        }
    }
    Ok(count)
}
