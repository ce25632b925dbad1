//! Founding a clinic and hiring its staff: what happens once, from the command line, the demo and tests.

use crate::{Clinic, Error, Fallible, session::hash_password};
use model::{codes::InstitutionNumber, ids::*, staff::*};

/// A clinic to be founded.
#[derive(Debug, Clone)]
pub struct NewClinic {
    /// Short name typed at sign-in: small letters, digits, hyphens.
    pub slug: String,
    /// Name.
    pub name: String,
    /// Institution number (医療機関番号).
    pub number: InstitutionNumber,
    /// Postal code, seven digits.
    pub postal_code: String,
    /// Address.
    pub address: String,
    /// Phone.
    pub phone: String,
    /// Facility standards (施設基準) by their names in the fee module.
    pub standards: Vec<String>,
}

/// A member of staff to be hired.
#[derive(Debug, Clone)]
pub struct NewStaff {
    /// Staff name typed at sign-in.
    pub login: String,
    /// Name as shown.
    pub name: String,
    /// Name in kana, for sorting.
    pub kana: String,
    /// Role.
    pub role: Role,
    /// Password; stored as an argon2id hash only.
    pub password: String,
}

impl Clinic {
    /// Founds a clinic. None if the short name is taken.
    pub async fn found(&self, new: &NewClinic) -> Fallible<Option<ClinicId>> {
        let id = ClinicId(self.world.random.id(self.now()));
        let mut tx = self.begin(id).await?;
        let entered = sqlx::query("insert into clinic_directory (slug, clinic_id) values ($1, $2) on conflict (slug) do nothing")
            .bind(&new.slug)
            .bind(id.0)
            .execute(&mut *tx)
            .await?;
        if entered.rows_affected() == 0 {
            return Ok(None);
        }
        sqlx::query(
            "insert into clinic (clinic_id, name, institution_number, postal_code, address, phone, standards)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(id.0)
        .bind(&new.name)
        .bind(&new.number.0)
        .bind(&new.postal_code)
        .bind(&new.address)
        .bind(&new.phone)
        .bind(&new.standards)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(Some(id))
    }

    /// Takes a clinic back that was founded and never used, with its staff; one that has been used stays, with an error.
    pub async fn withdraw(&self, clinic: ClinicId) -> Fallible<()> {
        let mut tx = self.begin(clinic).await?;
        sqlx::query("select withdraw_clinic($1)").bind(clinic.0).execute(&mut *tx).await?;
        tx.commit().await.map_err(Error::from)
    }

    /// Hires a member of staff.
    pub async fn hire(&self, clinic: ClinicId, new: &NewStaff) -> Fallible<Me> {
        let id = StaffId(self.world.random.id(self.now()));
        let (password, salt) = (new.password.clone(), self.world.random.bytes());
        let hash = tokio::task::spawn_blocking(move || hash_password(&password, &salt))
            .await
            .map_err(|e| Error::Broken(format!("password hash: {e}")))??;
        let mut tx = self.begin(clinic).await?;
        sqlx::query(
            "insert into staff (clinic_id, id, login, name, name_kana, role, password_hash) values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(clinic.0)
        .bind(id.0)
        .bind(&new.login)
        .bind(&new.name)
        .bind(&new.kana)
        .bind(new.role.as_str())
        .bind(hash)
        .execute(&mut *tx)
        .await?;
        let clinic_name: String =
            sqlx::query_scalar("select name from clinic where clinic_id = current_clinic()").fetch_one(&mut *tx).await?;
        tx.commit().await?;
        Ok(Me { clinic, clinic_name, staff: StaffRef { id, name: new.name.clone(), role: new.role } })
    }
}
