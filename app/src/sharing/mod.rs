//! The panel 文書: letters and papers, what was shared with the national platform (電子カルテ情報共有サービス), and what
//! others shared.
//!
//! | file | what |
//! | --- | --- |
//! | `letters.rs` | the letters of the patient |
//! | `sent.rs` | what this clinic sent: where each document stands, sending again, taking back |
//! | `trouble.rs` | what keeps documents here: line, clock, certificate, the platform itself |
//! | `state.rs`, `mend.rs` | a state in words; the reasons of a refusal with the ways to mend them |
//! | `flags.rs` | 長期保存・未告知・未提供 on the rows of the chart |

pub mod api;
pub mod flags;
mod letters;
mod mend;
mod sent;
mod state;
mod trouble;

pub use mend::Mends;
pub use state::{LetterSteps, OriginLine, ShareBadge, ShareWords};

use crate::{chart::store::ChartStore, outside::Outside, papers::Papers};
use leptos::prelude::*;
use leptos_router::components::A;
use letters::Letters;
use sent::Sent;

/// The panel 文書.
#[component]
pub fn DocumentsPanel() -> impl IntoView {
    view! {
        <div class="panel-section">
            <Letters />
        </div>
        <div class="panel-section">
            <Papers />
        </div>
        <div class="panel-section">
            <Sent />
        </div>
        <div class="panel-section">
            <Outside />
        </div>
        <AccountLink />
    }
}

/// The way to what the patient may take home: what was sent about them, to whom, when.
#[component]
fn AccountLink() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    view! {
        <p class="panel-section panel-body small">
            <A href=format!("/patients/{}/account", store.id)>"共有の記録（患者さんに渡せます）"</A>
        </p>
    }
}
