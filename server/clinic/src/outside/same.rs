//! Where an entry of another house stands beside our own: new, here already, taken over, or to be read only.

use super::{
    code::{self, NewAllergy, NewDiagnosis, NewResult},
    read::Found,
    store::Head,
};
use crate::{Fallible, Tenant, allergies, diagnoses, policy};
use chrono::{DateTime, Days, NaiveDate, Utc};
use fhir::import::Imported;
use masters::Snapshot;
use model::{
    chart::{Allergy, Diagnosis},
    date, kana,
    labs::LabValue,
    outside::{EntryContent, OutsideDocument, Standing},
    patient::Patient,
};
use rust_decimal::Decimal;
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// A result of ours, as far as it is compared.
#[derive(sqlx::FromRow)]
struct OurResult {
    local_code: String,
    name: String,
    jlac10: Option<String>,
    collected_at: DateTime<Utc>,
    number: Option<Decimal>,
    words: Option<String>,
    unit: String,
}

/// An entry that was taken over and still stands.
#[derive(sqlx::FromRow)]
struct Taken {
    received_id: Uuid,
    entry: i32,
    by: String,
    at: DateTime<Utc>,
}

/// Whether what became of an entry (`taken_over t`) is still in the chart, for `where`.
macro_rules! still_stands {
    () => {
        "case t.kind
             when 'diagnosis' then exists (select 1 from diagnosis d where d.clinic_id = t.clinic_id
                                           and d.id = t.subject_id and d.removed_at is null)
             when 'allergy' then exists (select 1 from allergy a where a.clinic_id = t.clinic_id
                                         and a.id = t.subject_id and a.removed_at is null)
             else exists (select 1 from lab_report l where l.clinic_id = t.clinic_id and l.id = t.subject_id) end"
    };
}
pub(super) use still_stands;

/// What an entry would become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum New {
    Diagnosis(NewDiagnosis),
    Allergy(NewAllergy),
    Result(NewResult),
}

/// Our own data beside which documents are laid.
pub(super) struct Ours {
    masters: Arc<Snapshot>,
    today: NaiveDate,
    /// Why a diagnosis is not for who is signed in.
    may_code: bool,
    patient: Option<Patient>,
    diagnoses: Vec<Diagnosis>,
    allergies: Vec<Allergy>,
    results: Vec<OurResult>,
    taken: HashMap<(Uuid, u32), (String, DateTime<Utc>)>,
}

impl Ours {
    /// Loads what is compared: the whole of a patient's lists, and the results of the days that documents speak of.
    pub async fn load(tenant: &mut Tenant, patient: Option<&Patient>, documents: &[(&Head, &Imported)]) -> Fallible<Self> {
        let may_code = policy::grant::<policy::CodeDiagnosis>(tenant.me.staff.role).is_ok();
        let mut ours = Self {
            masters: tenant.masters(),
            today: tenant.today(),
            may_code,
            patient: patient.cloned(),
            diagnoses: Vec::new(),
            allergies: Vec::new(),
            results: Vec::new(),
            taken: HashMap::new(),
        };
        let Some(patient) = patient else { return Ok(ours) };
        ours.diagnoses = diagnoses::of_patient(tenant.db(), patient.id).await?;
        ours.allergies = allergies::of_patient(tenant.db(), patient.id).await?;
        let days = documents.iter().flat_map(|(_, imported)| &imported.results).filter_map(|result| result.collected_on);
        if let (Some(first), Some(last)) = (days.clone().min(), days.max()) {
            ours.results = sqlx::query_as(
                "select local_code, name, jlac10, collected_at, number, words, unit from lab_result
                 where clinic_id = current_clinic() and patient_id = $1 and collected_at >= $2 and collected_at < $3",
            )
            .bind(patient.id.0)
            // A day more on either side: an instant may be said in another offset.
            .bind(first.checked_sub_days(Days::new(1)).unwrap_or(first).and_time(chrono::NaiveTime::MIN).and_utc())
            .bind(last.checked_add_days(Days::new(2)).unwrap_or(last).and_time(chrono::NaiveTime::MIN).and_utc())
            .fetch_all(tenant.db())
            .await?;
        }
        let ids: Vec<Uuid> = documents.iter().map(|(head, _)| head.id).collect();
        let taken: Vec<Taken> = sqlx::query_as(concat!(
            "select t.received_id, t.entry, s.name as by, t.at
                 from taken_over t join staff s on s.clinic_id = t.clinic_id and s.id = t.staff_id
                 where t.clinic_id = current_clinic() and t.received_id = any($1) and t.patient_id = $2 and ",
            still_stands!()
        ))
        .bind(&ids)
        .bind(patient.id.0)
        .fetch_all(tenant.db())
        .await?;
        ours.taken =
            taken.into_iter().filter_map(|t| Some(((t.received_id, u32::try_from(t.entry).ok()?), (t.by, t.at)))).collect();
        Ok(ours)
    }

    /// What an entry would become, or why it is only read; an empty reason where that is a matter of course.
    pub fn new_of(&self, head: &Head, found: &Found<'_>) -> Result<New, String> {
        if matches!(found, Found::Drug(_) | Found::Item(..) | Found::Plan(_) | Found::Stay(_)) {
            return Err(String::new());
        }
        let Some(patient) = &self.patient else {
            return Err("どの患者の紹介状かを決めると取り込めます。".into());
        };
        if let Some(birth) = head.about.birth_date
            && birth != patient.birth_date
        {
            return Err(format!("文書の生年月日（{birth}）が当院の登録（{}）と異なります。", patient.birth_date));
        }
        match found {
            Found::Diagnosis(_) if !self.may_code => Err("傷病名の取り込みは医師が行います。".into()),
            Found::Diagnosis(d) => code::diagnosis(&self.masters, self.today, d).map(New::Diagnosis),
            Found::Allergy(a) => code::allergy(&self.masters, self.today, a, head.made_on).map(New::Allergy),
            Found::Result(r) => code::result(&self.masters, self.today, r, &head.institution_number).map(New::Result),
            _ => Err(String::new()),
        }
    }

    /// Where an entry stands.
    pub fn standing(&self, head: &Head, index: u32, found: &Found<'_>) -> Standing {
        if let Some((by, at)) = self.taken.get(&(head.id, index)) {
            return Standing::Taken { by: by.clone(), at: *at };
        }
        match self.new_of(head, found) {
            Err(why) => Standing::ReadOnly { why },
            Ok(new) => self.same(&new).map_or(Standing::New, |ours| Standing::Same { ours }),
        }
    }

    /// What of ours is the same, in words.
    pub fn same(&self, new: &New) -> Option<String> {
        match new {
            New::Diagnosis(new) => self.diagnoses.iter().find(|ours| same_diagnosis(ours, new)).map(said_of_diagnosis),
            New::Allergy(new) => {
                let name = kana::fold(&new.name);
                let same = |ours: &&Allergy| {
                    (!new.uncoded && ours.code == new.code) || kana::fold(&ours.name) == name && ours.category == new.category
                };
                self.allergies.iter().find(same).map(|ours| format!("{}（{} 記録）", ours.name, ours.recorded_on))
            }
            New::Result(new) => self.results.iter().find(|ours| same_result(ours, new)).map(|ours| {
                let value = ours.number.map(|n| n.to_string()).or(ours.words.clone()).unwrap_or_default();
                format!("{} {value} {}（{} 採取）", ours.name, ours.unit, date::stamp(ours.collected_at))
            }),
        }
    }

    /// Counts a result that was taken over a moment ago among ours.
    pub fn learn(&mut self, new: NewResult) {
        let (number, words) = match new.result.value {
            LabValue::Number(number) => (Some(number), None),
            LabValue::Text(words) => (None, Some(words)),
        };
        self.results.push(OurResult {
            local_code: new.result.local_code,
            name: new.result.name,
            jlac10: new.result.jlac10.map(|code| code.0),
            collected_at: new.collected_at,
            number,
            words,
            unit: new.result.unit,
        });
    }

    /// The document with where its entries stand, and the items of ours that its results are.
    pub fn beside(&self, head: &Head, read: &Result<Imported, fhir::import::Refusal>) -> OutsideDocument {
        let mut document = super::read::document(head, read, |index, found| self.standing(head, index, found));
        let Ok(imported) = read else { return document };
        let results = super::read::entries(imported).into_iter().filter_map(|(index, found)| match found {
            Found::Result(r) => {
                let new = code::result(&self.masters, self.today, r, &head.institution_number).ok()?;
                new.ours.then_some((index, new.result.local_code))
            }
            _ => None,
        });
        let mut codes: HashMap<u32, String> = results.collect();
        for entry in &mut document.entries {
            if let EntryContent::Result { local_code, .. } = &mut entry.content {
                *local_code = codes.remove(&entry.index).unwrap_or_default();
            }
        }
        document
    }
}

/// The same disease with the same modifiers in whatever order, as it stands now: both go on, or both began on the same day.
/// One that goes on here and has ended there is the same; one that ended here and goes on there is news.
fn same_diagnosis(ours: &Diagnosis, new: &NewDiagnosis) -> bool {
    let codes = |list: &[model::chart::ModifierRef]| {
        let mut codes: Vec<String> = list.iter().map(|m| m.code.as_str().to_owned()).collect();
        codes.sort_unstable();
        codes
    };
    ours.code == new.disease.code
        && codes(&ours.modifiers) == codes(&new.modifiers)
        && match (&ours.ended, &new.ended) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some((ended, _)), Some((theirs, _))) => ours.started_on == new.started_on || ended == theirs,
        }
}

fn said_of_diagnosis(ours: &Diagnosis) -> String {
    let until = ours.ended.map(|(day, _)| day.to_string()).unwrap_or_default();
    // Whether the patient is told is marked here as well, or is to be marked.
    let marks = [(ours.flags.uninformed, "・未告知"), (ours.flags.undelivered, "・未提供")];
    let marks: String = marks.into_iter().filter_map(|(set, mark)| set.then_some(mark)).collect();
    format!("{}（{}〜{until}{marks}）", ours.name, ours.started_on)
}

fn same_result(ours: &OurResult, new: &NewResult) -> bool {
    let test = ours.local_code == new.result.local_code
        || ours.jlac10.is_some() && ours.jlac10.as_deref() == new.result.jlac10.as_ref().map(|code| code.as_str());
    let instant = if new.day_only {
        date::day_of(ours.collected_at) == date::day_of(new.collected_at)
    } else {
        ours.collected_at == new.collected_at
    };
    let value = match &new.result.value {
        LabValue::Number(number) => ours.number == Some(*number),
        LabValue::Text(words) => ours.words.as_deref().map(kana::fold) == Some(kana::fold(words)),
    };
    test && instant && value
}
