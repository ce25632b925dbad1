//! What was sent about a patient, to whom, when (共有の記録): a sheet for the patient to take home, without what the patient is
//! not to see.
//!
//! | file | what |
//! | --- | --- |
//! | `sheet.rs` | the sheet itself |

mod sheet;

use crate::{session::use_me, sharing::api, ui::Answer};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{AppError, ids::PatientId, share::Account, staff::Role};
use sheet::AccountSheet;

/// The page `/patients/:id/account`.
#[component]
pub fn AccountPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<PatientId>().ok()));
    let account = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => Ok((id, api::account(id).await?)),
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Title text="共有の記録" />
        <main id="main" class="page account-page" tabindex="-1">
            <Answer data=account view=move |(patient, account)| view! { <Page patient account /> } />
        </main>
    }
}

/// The bar over the sheet, and the sheet.
#[component]
fn Page(patient: PatientId, account: Account) -> impl IntoView {
    // Back to where each role works with the patient.
    let back = if use_me().staff.role == Role::Reception {
        (format!("/patients/{patient}"), "患者登録へ戻る")
    } else {
        (format!("/patients/{patient}/chart#documents"), "診療録へ戻る")
    };
    view! {
        <div class="btn-row paper-bar no-print">
            <A href=back.0 attr:class="btn btn-quiet">
                {back.1}
            </A>
            <button
                type="button"
                class="btn btn-primary"
                on:click=move |_| {
                    // A browser without a printer says so itself.
                    let _ = window().print();
                }
            >
                "印刷"
            </button>
        </div>
        <AccountSheet account />
    }
}
