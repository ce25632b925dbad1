//! Who may do what. The only place where a [`Grant`] is made, and a use case cannot be called without one.

use model::{AppError, staff::Role};
use std::marker::PhantomData;

/// Something that can be done, with the roles that may.
pub trait Action: Send + Sync + 'static {
    /// Name in the audit trail and in the table of routes.
    const NAME: &'static str;
    /// Roles that may.
    const ROLES: &'static [Role];
}

/// Proof that the policy allowed the action.
#[derive(Debug)]
pub struct Grant<A> {
    action: PhantomData<fn() -> A>,
}

/// The grant, if the role may.
pub fn grant<A: Action>(role: Role) -> Result<Grant<A>, AppError> {
    if A::ROLES.contains(&role) { Ok(Grant { action: PhantomData }) } else { Err(AppError::Forbidden) }
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident [$($role:ident),+] { $($route:literal),* })+) => {
        $(
            $(#[$doc])*
            #[derive(Debug)]
            pub struct $name;
            impl Action for $name {
                const NAME: &'static str = stringify!($name);
                const ROLES: &'static [Role] = &[$(Role::$role),+];
            }
        )+
        /// Every route of the browser's interface with its action and the roles that may. A route without a row fails a test.
        pub const ROUTES: &[(&str, &str, &[Role])] = &[$($(($route, <$name as Action>::NAME, <$name as Action>::ROLES)),*),+];
    };
}

/// Routes open to those who are not signed in.
pub const OPEN_ROUTES: &[&str] = &["sign_in", "sign_out", "me"];

actions! {
    /// See the board of the day.
    ReadBoard [Doctor, Nurse, Reception] { "board" }
    /// Check a patient in (受付).
    CheckIn [Doctor, Nurse, Reception] { "check_in" }
    /// Move a visit on or back, or cancel it.
    MoveVisit [Doctor, Nurse, Reception] { "move_visit" }
    /// Find patients and see their registration.
    FindPatient [Doctor, Nurse, Reception] { "find", "patient", "local_subsidies" }
    /// Register patients and change what is registered.
    RegisterPatient [Doctor, Nurse, Reception] { "register", "change_patient", "add_insurance", "add_subsidy" }
    /// Record the patient's consent to reading other institutions' records.
    RecordConsent [Doctor, Nurse, Reception] { "set_consent" }
    /// Read the chart. Reception reads it for the claim.
    ReadChart [Doctor, Nurse, Reception] { "open_chart", "more_visits", "letter", "letter_file", "paper", "shared" }
    /// Write the draft of a note.
    WriteNote [Doctor, Nurse] { "begin_visit", "save_draft" }
    /// Confirm a note (確定) and amend it.
    ConfirmNote [Doctor] { "confirm", "amend" }
    /// Code diagnoses.
    CodeDiagnosis [Doctor] { "add_diagnosis", "end_diagnosis", "reopen_diagnosis", "remove_diagnosis", "flag_diagnosis" }
    /// Record allergies.
    RecordAllergy [Doctor, Nurse] { "add_allergy", "remove_allergy", "flag_allergy" }
    /// Enter laboratory results.
    EnterLabs [Doctor, Nurse] { "enter_report", "lab_items", "finish_report", "flag_report" }
    /// Order prescriptions, procedures and items outside of insurance; make a set of what is ordered.
    Order [Doctor] { "put_rp", "remove_rp", "put_procedure", "remove_procedure", "put_part", "remove_part", "repeat_last", "use_set", "set_from_visit", "put_self_paid", "remove_self_paid" }
    /// See what a visit costs.
    ReadBill [Doctor, Nurse, Reception] { "statement", "bill", "patient_month", "month_mirror" }
    /// Decide against the calculation (算定の変更), with a reason.
    OverrideFee [Doctor, Reception] { "put_override", "remove_override" }
    /// Take payment, undo it, or settle a difference later.
    TakePayment [Reception] { "take_payment", "undo_payment", "settle_difference" }
    /// Write referral letters.
    WriteLetter [Doctor] { "new_letter", "save_letter", "issue_letter", "discard_letter", "rewrite_letter", "begin_reply", "upload_letter_file", "name_letter_file", "remove_letter_file" }
    /// Write papers that become documents: 療養計画書, 健診結果報告書, 退院時サマリー.
    WritePaper [Doctor] { "new_paper", "save_paper", "issue_paper", "discard_paper", "rewrite_paper" }
    /// Send a document again, or take one back.
    Share [Doctor] { "resend", "withdraw" }
    /// Ask the platform for what other institutions shared; what it says is not shown by this.
    AskOutside [Doctor, Nurse, Reception] { "ask_outside" }
    /// Read what other institutions shared, and take entries over.
    ReadOutside [Doctor, Nurse] { "outside", "take_over", "take_back", "incoming", "received_file" }
    /// See which letters came in, and say whom they are about.
    SortInbox [Doctor, Nurse, Reception] { "inbox", "check_inbox", "assign_incoming" }
    /// Print what was shared about a patient, for the patient.
    PrintAccount [Doctor, Nurse, Reception] { "account" }
    /// Search the masters, and see the clinic's own layer over them.
    SearchMasters [Doctor, Nurse, Reception, Administrator] { "search_masters", "usages", "inhouse_items", "inhouse_item", "repair_list", "order_sets", "self_paid_items" }
    /// Change the clinic's own layer over the masters (院内マスター) and what it says of itself (医院の設定).
    ConfigureClinic [Administrator, Doctor] { "put_inhouse", "remove_inhouse", "replace_inhouse", "put_set", "remove_set", "put_self_paid_item", "clinic_settings", "put_clinic_settings" }
    /// See staff, the audit trail and the editions of the masters.
    Administer [Administrator] { "staff_list", "audit_trail", "master_editions" }
    /// Import and withdraw national masters. Beyond the role the clinic itself must keep them (`clinic.keeps_masters`).
    KeepMasters [Administrator] { "upload_master", "discard_upload", "preview_import", "apply_import", "preview_withdrawal", "withdraw_edition" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_only_to_the_roles_named() {
        assert!(grant::<ConfirmNote>(Role::Doctor).is_ok());
        assert_eq!(grant::<ConfirmNote>(Role::Nurse).err(), Some(AppError::Forbidden));
        assert_eq!(grant::<ReadChart>(Role::Administrator).err(), Some(AppError::Forbidden));
    }

    #[test]
    fn each_route_stands_once() {
        let mut names: Vec<_> = ROUTES.iter().map(|r| r.0).chain(OPEN_ROUTES.iter().copied()).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }
}
