//! What an administrator sees of the staff. The audit trail is in [`crate::audit`], the masters are in [`crate::masters`].

pub use crate::audit::audit_trail;

use crate::{Fallible, Grant, Tenant, notes::staff, policy::Administer};
use model::staff::StaffRow;
use uuid::Uuid;

/// The staff of the clinic by name.
pub async fn staff_list(tenant: &mut Tenant, _: &Grant<Administer>) -> Fallible<Vec<StaffRow>> {
    let rows: Vec<(Uuid, String, String, String, bool)> = sqlx::query_as(
        "select id, name, role, login, active from staff where clinic_id = current_clinic() order by active desc, name_kana, login",
    )
    .fetch_all(tenant.db())
    .await?;
    rows.into_iter()
        .map(|(id, name, role, login, active)| Ok(StaffRow { staff: staff(id, name, &role)?, login, active }))
        .collect()
}
