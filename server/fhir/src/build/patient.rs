//! The patient of a document: `JP_Patient_eCS`.

use super::parts::{Uuids, institution, meta, object};
use crate::{Context, Flags, member::MemberId, text::tidy, uri};
use model::patient::Sex;
use serde_json::{Value, json};

/// The patient with number at the institution, member id, kanji and kana name, sex, birth date, address.
pub(super) fn resource(ctx: &Context<'_>, member: &MemberId, uuids: Uuids<'_>) -> Value {
    let patient = ctx.patient;
    let name = &patient.name;
    let mut names = vec![represented("IDE", &name.family, &name.given)];
    if !tidy(&name.family_kana).is_empty() && !tidy(&name.given_kana).is_empty() {
        names.push(represented("SYL", &name.family_kana, &name.given_kana));
    }
    let telecom = (!patient.phone.is_empty()).then(|| json!([{ "system": "phone", "value": patient.phone }]));
    let postal = (patient.postal_code.len() == 7).then(|| format!("{}-{}", &patient.postal_code[..3], &patient.postal_code[3..]));
    object(json!({
        "resourceType": "Patient",
        "id": uuids().to_string(),
        "meta": meta(ctx, uri::PATIENT, Flags::default()),
        "language": "ja",
        "extension": [institution(ctx)],
        "identifier": [
            { "system": format!("{}1{}", uri::LOCAL_PATIENT_PREFIX, ctx.institution.number), "value": patient.number.to_string() },
            { "system": member.system(), "value": member.value },
        ],
        "name": names,
        "telecom": telecom,
        "gender": match patient.sex { Sex::Male => "male", Sex::Female => "female" },
        "birthDate": patient.birth_date.to_string(),
        "address": [object(json!({ "text": tidy(&patient.address), "postalCode": postal, "country": "JP" }))],
    }))
}

fn represented(code: &str, family: &str, given: &str) -> Value {
    let (family, given) = (tidy(family), tidy(given));
    json!({
        "extension": [{ "url": uri::EXT_NAME_REPRESENTATION, "valueCode": code }],
        "use": "official",
        "text": format!("{family} {given}"),
        "family": family,
        "given": [given],
    })
}
