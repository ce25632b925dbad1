//! What other institutions shared about a patient, asked for with the patient's consent and the reason on record.

use crate::{
    Clinic, Error, Fallible, Tenant, audit, patients,
    policy::{Action, ReadOutside},
};
use links::Fault;
use model::{AppError, codes::InstitutionNumber, date, ids::*, patient::Patient, share::*};

impl Clinic {
    /// Asks the platform. The chart's transaction ends before the network is waited for.
    pub async fn outside(&self, cookie: Option<&str>, request_id: &str, patient: PatientId) -> Result<OutsideView, AppError> {
        let mut desk = self.enter::<ReadOutside>(cookie, request_id).await?;
        let asked = ask(&mut desk.tenant, patient).await;
        let (patient, institution) = desk.finish(asked).await?;
        if patient.consent.is_none() {
            return Ok(OutsideView::NoConsent);
        }
        let Some(sharing) = &self.world.sharing else { return Ok(OutsideView::Unreachable) };
        let Ok(member) = fhir::member::MemberId::of(&patient, self.today()) else {
            return Ok(OutsideView::Items { items: vec![] });
        };
        let told = sharing.set_consent(&institution, &member.value, true).await;
        let documents = match told {
            Ok(()) => sharing.documents(&institution, &member.value).await,
            Err(fault) => Err(fault),
        };
        match documents {
            Ok(bundles) => Ok(OutsideView::Items {
                items: bundles
                    .into_iter()
                    .map(|shared| {
                        let read = fhir::read::document(&shared.bundle);
                        OutsideItem {
                            kind: read.kind,
                            institution: read.institution.unwrap_or_else(|| shared.institution.to_string()),
                            shared_on: date::day_of(shared.registered_at),
                            lines: read.lines,
                        }
                    })
                    .collect(),
            }),
            Err(Fault::NoConsent) => Ok(OutsideView::NoConsent),
            Err(fault) => {
                tracing::warn!(request_id, %fault, "platform out of reach");
                Ok(OutsideView::Unreachable)
            }
        }
    }
}

async fn ask(tenant: &mut Tenant, patient: PatientId) -> Fallible<(Patient, InstitutionNumber)> {
    let patient = patients::load(tenant.db(), patient).await?;
    let number: String = sqlx::query_scalar("select institution_number from clinic where clinic_id = current_clinic()")
        .fetch_one(tenant.db())
        .await?;
    audit::record(tenant, ReadOutside::NAME, Some(patient.id), None, "診療目的での他院情報の閲覧").await?;
    let number = InstitutionNumber::parse(&number).map_err(|_| Error::Broken("institution number of the clinic".into()))?;
    Ok((patient, number))
}
