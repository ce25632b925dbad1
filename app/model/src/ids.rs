//! Identifiers: one type for each kind of thing, so that a visit's id cannot be handed in for a patient's.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = crate::AppError;
            /// An id that cannot be read names nothing: the answer is "not found".
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map($name).map_err(|_| crate::AppError::NotFound)
            }
        }
    )+};
}

ids! {
    /// A clinic (医療機関): the tenant.
    ClinicId,
    /// A member of a clinic's staff (職員).
    StaffId,
    /// A patient (患者) of one clinic.
    PatientId,
    /// An insurance card (保険) of a patient.
    InsuranceId,
    /// A public subsidy (公費) of a patient.
    SubsidyId,
    /// A visit (受診): one patient, one day, one course through the clinic.
    VisitId,
    /// The note (診療録の記載) of a visit.
    NoteId,
    /// A diagnosis (傷病名).
    DiagnosisId,
    /// An allergy (アレルギー).
    AllergyId,
    /// A laboratory report (検査報告).
    LabReportId,
    /// A decision against the calculation (算定の変更).
    OverrideId,
    /// A prescription group (RP: drugs with the same usage).
    RpId,
    /// An ordered procedure (診療行為).
    ProcedureOrderId,
    /// A referral letter (診療情報提供書).
    LetterId,
    /// A document on its way to the national platform.
    ShareId,
    /// A document of another house as it was received.
    ReceivedId,
    /// A paper that becomes a document: 療養計画書, 健診結果報告書, 退院時サマリー.
    PaperId,
    /// A file that goes along with a letter (添付).
    FileId,
    /// A master file that was handed in (取込待ち).
    UploadId,
    /// A master file that was applied (版).
    EditionId,
    /// An order set (約束処方・検査セット).
    OrderSetId,
    /// An item of the clinic outside of insurance (自費項目).
    SelfPaidItemId,
    /// Such an item in a visit.
    SelfPaidLineId,
}
