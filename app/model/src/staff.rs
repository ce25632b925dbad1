//! Staff (職員), their roles, and who is signed in.

use crate::ids::*;
use serde::{Deserialize, Serialize};

/// What a member of staff may do (職種・権限).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 医師.
    Doctor,
    /// 看護師.
    Nurse,
    /// 受付・医療事務.
    Reception,
    /// 管理者.
    Administrator,
}

impl Role {
    /// All roles.
    pub const ALL: [Self; 4] = [Self::Doctor, Self::Nurse, Self::Reception, Self::Administrator];

    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Doctor => "医師",
            Self::Nurse => "看護師",
            Self::Reception => "受付",
            Self::Administrator => "管理者",
        }
    }

    /// As stored and as typed on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Doctor => "doctor",
            Self::Nurse => "nurse",
            Self::Reception => "reception",
            Self::Administrator => "administrator",
        }
    }

    /// Reads what [`Role::as_str`] wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// A member of staff as others see them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffRef {
    /// Its id.
    pub id: StaffId,
    /// Name as shown.
    pub name: String,
    /// Role.
    pub role: Role,
}

/// Who is signed in, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// The clinic.
    pub clinic: ClinicId,
    /// The clinic's name.
    pub clinic_name: String,
    /// The member of staff.
    pub staff: StaffRef,
}

/// What is typed to sign in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    /// The clinic's short name (医療機関ID), e.g. `aoba`.
    pub clinic: String,
    /// Staff name (職員ID), e.g. `doctor`.
    pub login: String,
    /// Password.
    pub password: String,
}

/// A member of staff as the administrator's list shows them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaffRow {
    /// Who.
    pub staff: StaffRef,
    /// Staff name used to sign in.
    pub login: String,
    /// Whether signing in is allowed.
    pub active: bool,
}
