//! What other institutions shared about a patient, asked for with the patient's consent and the reason on record.

use crate::{
    Clinic, Error, Fallible, Tenant, audit, patients,
    policy::{Action, ReadOutside, RecordConsent},
};
use chrono::NaiveDate;
use links::{Credentials, RecordSharing, SharingError};
use model::{AppError, codes::InstitutionNumber, date, ids::*, patient::Patient, share::*};
use std::collections::HashMap;

impl Clinic {
    /// Asks the platform. The chart's transaction ends before the network is waited for.
    pub async fn outside(&self, cookie: Option<&str>, request_id: &str, patient: PatientId) -> Result<OutsideView, AppError> {
        let mut desk = self.enter::<ReadOutside>(cookie, request_id).await?;
        let asked = ask(&mut desk.tenant, patient).await;
        let (patient, who) = desk.finish(asked).await?;
        if patient.consent.is_none() {
            return Ok(OutsideView::NoConsent);
        }
        let Some(sharing) = &self.world.sharing else { return Ok(OutsideView::Unreachable) };
        let Ok(member) = fhir::member::MemberId::of(&patient, self.today()) else {
            return Ok(OutsideView::Items { items: vec![] });
        };
        match documents(sharing.as_ref(), &who, &member.value).await {
            Ok(items) => Ok(OutsideView::Items { items }),
            Err(SharingError::NoConsent) => Ok(OutsideView::NoConsent),
            Err(error) => {
                tracing::warn!(request_id, %error, "platform out of reach");
                Ok(OutsideView::Unreachable)
            }
        }
    }

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
            Ok((patient, credentials(&mut desk.tenant).await?))
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

/// What others registered, newest first. The consent recorded here is told first: the platform answers only with it.
async fn documents(sharing: &dyn RecordSharing, who: &Credentials, member: &str) -> Result<Vec<OutsideItem>, SharingError> {
    sharing.set_consent(who, member, true).await?;
    let mut read = Vec::new();
    for listed in sharing.list(who, member).await? {
        let bundle = sharing.fetch(who, &listed.receipt).await?;
        read.extend(fhir::read::document(&bundle).map(|document| (document, date::day_of(listed.received_at))));
    }
    // Only a letter says its institution's name; the lists of the same institution are then shown under it too.
    let named: HashMap<String, String> = read
        .iter()
        .filter(|(document, _)| document.institution != document.institution_number)
        .map(|(document, _)| (document.institution_number.clone(), document.institution.clone()))
        .collect();
    let item = |(mut document, day): (fhir::read::Document, NaiveDate)| {
        document.institution = match named.get(&document.institution_number) {
            Some(name) => name.clone(),
            None => format!("医療機関番号 {}", document.institution_number),
        };
        document.outside_item(day)
    };
    Ok(read.into_iter().filter_map(item).collect())
}

async fn ask(tenant: &mut Tenant, patient: PatientId) -> Fallible<(Patient, Credentials)> {
    let patient = patients::load(tenant.db(), patient).await?;
    audit::record(tenant, ReadOutside::NAME, Some(patient.id), None, "診療目的での他院情報の閲覧").await?;
    Ok((patient, credentials(tenant).await?))
}

/// How the platform knows the clinic.
async fn credentials(tenant: &mut Tenant) -> Fallible<Credentials> {
    let (number, token): (String, String) =
        sqlx::query_as("select institution_number, platform_token from clinic where clinic_id = current_clinic()")
            .fetch_one(tenant.db())
            .await?;
    let institution = InstitutionNumber::parse(&number).map_err(|_| Error::Broken("institution number of the clinic".into()))?;
    Ok(Credentials { institution, token })
}
