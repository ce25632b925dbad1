//! What other institutions shared about a patient, asked for with the patient's consent and the reason on record.

use crate::{Clinic, Error, Fallible, Tenant, patients, policy::RecordConsent};
use model::{AppError, codes::InstitutionNumber, ids::*, patient::Patient};

impl Clinic {
    /// Records the patient's consent, or that it is taken back, and tells the platform. Where it cannot be reached, the record
    /// here counts all the same: nothing is read without it, and a consent is told again before the next reading.
    pub async fn set_consent(
        &self,
        cookie: Option<&str>,
        request_id: &str,
        patient: PatientId,
        given: bool,
    ) -> Result<Patient, AppError> {
        let mut desk = self.enter::<RecordConsent>(cookie, request_id).await?;
        let recorded = async {
            let patient = patients::set_consent(&mut desk.tenant, &desk.grant, patient, given).await?;
            Ok((patient, institution(&mut desk.tenant).await?))
        };
        let recorded = recorded.await;
        let (patient, who) = desk.finish(recorded).await?;
        if let (Some(sharing), Ok(member)) = (&self.world.sharing, fhir::member::MemberId::of(&patient, self.today()))
            && let Err(error) = sharing.set_consent(&who, &member.value, given).await
        {
            tracing::warn!(request_id, %error, given, "the platform was not told of a consent");
        }
        Ok(patient)
    }
}

/// How the platform knows the clinic.
async fn institution(tenant: &mut Tenant) -> Fallible<InstitutionNumber> {
    let number: String = sqlx::query_scalar("select institution_number from clinic where clinic_id = current_clinic()")
        .fetch_one(tenant.db())
        .await?;
    InstitutionNumber::parse(&number).map_err(|_| Error::Broken("institution number of the clinic".into()))
}
