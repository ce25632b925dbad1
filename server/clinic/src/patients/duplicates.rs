//! Who may already be registered: the same birth date with a like name, the same insurance, or the same phone and name.

use super::SummaryRow;
use crate::Fallible;
use model::{kana, patient::*};
use sqlx::PgConnection;

#[derive(sqlx::FromRow)]
struct Candidate {
    #[sqlx(flatten)]
    summary: SummaryRow,
    same_kana: bool,
    same_birth: bool,
    same_card: bool,
}

/// Candidates, the likeliest first.
pub(super) async fn likely(db: &mut PgConnection, new: &NewPatient) -> Fallible<Vec<LikelyDuplicate>> {
    let card = new.insurance.as_ref();
    let candidates: Vec<Candidate> = sqlx::query_as(
        "select c.*, (select max(visit_date) from visit v
                      where v.clinic_id = current_clinic() and v.patient_id = c.patient_id and v.state <> 'cancelled') as last_visit
         from (
             select p.id as patient_id, p.number as patient_number, p.family, p.given, p.family_kana, p.given_kana, p.sex, p.birth_date,
                    p.phone,
                    p.kana_folded = $1 as same_kana,
                    p.birth_date = $2 as same_birth,
                    exists (select 1 from insurance i
                            where i.clinic_id = p.clinic_id and i.patient_id = p.id and i.insurer = $5 and i.symbol = $6
                                and i.number = $7 and i.branch is not distinct from $8) as same_card,
                    p.family_kana = $3 as same_family, p.given_kana = $4 as same_given,
                    p.phone_digits <> '' and p.phone_digits = $9 as same_phone
             from patient p
             where p.clinic_id = current_clinic() and p.id in (
                 select id from patient where clinic_id = current_clinic() and birth_date = $2
                 union all
                 select id from patient where clinic_id = current_clinic() and kana_folded = $1
                 union all
                 select patient_id from insurance
                 where clinic_id = current_clinic() and insurer = $5 and symbol = $6 and number = $7)
         ) c
         where (same_birth and (same_kana or same_given or same_family)) or same_card or (same_kana and same_phone)
         order by same_birth and same_kana desc, same_card desc, patient_number
         limit 5",
    )
    .bind(kana::fold(&new.name.kana()))
    .bind(new.birth_date)
    .bind(&new.name.family_kana)
    .bind(&new.name.given_kana)
    .bind(card.map(|c| c.insurer.as_str().to_owned()))
    .bind(card.map(|c| c.symbol.clone()))
    .bind(card.map(|c| c.number.clone()))
    .bind(card.and_then(|c| c.branch.clone()))
    .bind(super::digits(&new.phone))
    .fetch_all(db)
    .await?;
    Ok(candidates
        .into_iter()
        .map(|c| LikelyDuplicate { reason: reason(c.same_kana, c.same_birth, c.same_card).into(), patient: c.summary.into() })
        .collect())
}

fn reason(kana: bool, birth: bool, card: bool) -> &'static str {
    match (kana, birth, card) {
        (true, true, true) => "カナ氏名・生年月日・保険証が同じです",
        (true, true, false) => "カナ氏名と生年月日が同じです",
        (_, _, true) => "同じ保険証の番号が登録されています",
        (true, false, false) => "カナ氏名と電話番号が同じです",
        _ => "生年月日が同じで、氏名の一部が一致しています",
    }
}
