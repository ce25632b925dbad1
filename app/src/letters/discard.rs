//! Asks before a draft is discarded (下書きの破棄): the button stands beside 発行, and what is gone cannot be had again.

use crate::ui::Dialog;
use leptos::prelude::*;

/// The question. It starts on the way back to the draft.
#[component]
pub fn DiscardDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// What is lost, in a sentence.
    #[prop(into)]
    lost: Signal<String>,
    /// Discards.
    on_discard: Callback<()>,
) -> impl IntoView {
    let discard = move |_| {
        open.set(false);
        on_discard.run(());
    };
    view! {
        <Dialog open title="下書きを破棄しますか">
            <div class="dialog-body">
                <p>{move || lost.get()}</p>
            </div>
            <div class="dialog-footer">
                <button type="button" class="btn btn-quiet" autofocus=true on:click=move |_| open.set(false)>
                    "書き続ける"
                </button>
                <button type="button" class="btn btn-danger" on:click=discard>
                    "破棄する"
                </button>
            </div>
        </Dialog>
    }
}
