//! A prescription group (RP) of the visit being written: what its fields give goes to the server.

use super::{api, rp_draft::RpDraft, rp_fields::RpFields};
use crate::{
    chart::store::ChartStore,
    ui::{StaleDialog, focus_id, toast},
};
use leptos::prelude::*;
use model::{
    AppError,
    orders::{Orders, Usage},
};

/// The editor.
#[component]
pub fn RpEditor(
    /// What is being written.
    draft: RpDraft,
    /// The usages to choose from.
    usages: RwSignal<Vec<Usage>>,
) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let say = toast();
    let trouble = store.trouble();
    let submit = move || {
        if draft.busy.get_untracked() {
            return;
        }
        if draft.items.with_untracked(Vec::is_empty) {
            return focus_id("drug-search");
        }
        draft.busy.set(true);
        draft.error.set(None);
        store.touched();
        let (form, editing) = (usages.with_untracked(|usages| draft.form(usages)), draft.editing.get_untracked());
        leptos::task::spawn_local(async move {
            let answer: Result<Orders, AppError> = async {
                let visit = store.begin().await?;
                let (rp, version) = editing.unzip();
                api::put_rp(visit, rp, form, version.unwrap_or_default()).await
            }
            .await;
            if draft.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(orders) => {
                    store.orders.set(orders);
                    draft.clear();
                    say(if editing.is_some() { "処方を変更しました。" } else { "処方を登録しました。" });
                    focus_id("drug-search");
                }
                Err(problem) => {
                    if problem == AppError::SignedOut {
                        trouble(&problem);
                    }
                    draft.error.set(Some(problem));
                    crate::ui::focus_first_invalid();
                }
            }
        });
    };
    let on_mine = Callback::new(move |version: i64| {
        draft.editing.update(|editing| *editing = editing.map(|(rp, _)| (rp, version)));
        submit();
    });
    let on_theirs = Callback::new(move |()| {
        draft.clear();
        store.refresh();
        focus_id("drug-search");
    });
    view! {
        <StaleDialog error=draft.error on_mine on_theirs />
        <div class="panel-body">
            <RpFields draft usages on_submit=Callback::new(move |()| submit()) />
        </div>
    }
}
