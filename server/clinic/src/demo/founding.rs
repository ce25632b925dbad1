//! The clinics themselves: who works there, and what to tell about one.

use super::{DemoClinic, past::Crew, script::Script};
use crate::{
    Clinic, Error, Fallible,
    founding::{NewClinic, NewStaff},
};
use chrono::{Datelike, NaiveDate};
use model::{clinic::ClinicForm, ids::*, staff::*};
use uuid::Uuid;

/// Hires everybody of a script.
pub(super) async fn hire(clinic: &Clinic, id: ClinicId, script: &Script, password: &str) -> Fallible<Crew> {
    let mut hired = Vec::new();
    for (login, name, kana, role) in script.staff {
        let new = NewStaff {
            login: (*login).into(),
            name: (*name).into(),
            kana: (*kana).into(),
            role: *role,
            password: password.into(),
        };
        hired.push(clinic.hire(id, &new).await?);
    }
    let of = |role: Role| hired.iter().filter(move |me| me.staff.role == role).cloned();
    let one = |role: Role| of(role).next().ok_or_else(|| Error::Broken(format!("demo: nobody is {}", role.as_str())));
    Ok(Crew { doctors: of(Role::Doctor).collect(), nurse: one(Role::Nurse)?, reception: one(Role::Reception)? })
}

/// What the clinic says of itself: the hours of [`super::calendar`]. Holidays are left for the clinic to enter, and the closed
/// days are those of the last summer, so that no visit of today is outside of the hours because of them.
pub(super) fn settings(new: &NewClinic, today: NaiveDate) -> ClinicForm {
    let weekday = "9:00-12:00、15:00-18:00".to_owned();
    let summer = if today.month() > 8 { today.year() } else { today.year() - 1 };
    let closed = (13..=15).map(|day| format!("{summer}-08-{day} 夏季休診")).collect::<Vec<_>>().join("\n");
    let mut week = vec![weekday; 5];
    week.extend(["9:00-12:00".to_owned(), String::new()]);
    ClinicForm {
        name: new.name.clone(),
        postal_code: new.postal_code.clone(),
        address: new.address.clone(),
        phone: new.phone.clone(),
        standards: new.standards.clone(),
        week,
        open_on_holidays: false,
        closed,
        holidays: String::new(),
    }
}

/// What stands in the database under a script's short name.
pub(super) async fn describe(clinic: &Clinic, script: &Script, created: bool) -> Fallible<DemoClinic> {
    let slug = &script.clinic.slug;
    let id: Uuid =
        sqlx::query_scalar("select clinic_id from clinic_directory where slug = $1").bind(slug).fetch_one(clinic.pool()).await?;
    let mut tx = clinic.begin(ClinicId(id)).await?;
    let (name, patients, visits, waiting): (String, i64, i64, i64) = sqlx::query_as(
        "select name,
                (select count(*) from patient where clinic_id = current_clinic()),
                (select count(*) from visit where clinic_id = current_clinic()),
                (select count(*) from outbox where clinic_id = current_clinic() and state = 'waiting')
         from clinic where clinic_id = current_clinic()",
    )
    .fetch_one(&mut *tx)
    .await?;
    let staff: Vec<(String, String, String)> =
        sqlx::query_as("select login, name, role from staff where clinic_id = current_clinic() order by role, login")
            .fetch_all(&mut *tx)
            .await?;
    let shared = &script.shared;
    let number: Option<i64> = sqlx::query_scalar(
        "select number from patient where clinic_id = current_clinic() and family = $1 and given = $2 and birth_date = $3 order by number limit 1",
    )
    .bind(&shared.form.family)
    .bind(&shared.form.given)
    .bind(shared.birth)
    .fetch_optional(&mut *tx)
    .await?;
    let staff = staff.into_iter().filter_map(|(login, name, role)| Some((login, name, Role::parse(&role)?))).collect();
    let shared_patient = number.map(|number| (format!("{} {}", shared.form.family, shared.form.given), number));
    Ok(DemoClinic { slug: slug.clone(), name, created, staff, patients, visits, waiting, shared_patient })
}
