//! A paper being written, kept like the note while it is typed; issued with Ctrl+Enter.

use super::{
    api,
    care_plan::CarePlanFields,
    checkup::CheckupFields,
    desk::{Desk, saved},
    discharge::DischargeFields,
    sheet::PaperSheet,
};
use crate::{
    chart::{
        CollisionDialog, DraftNotices, SaveStatus,
        draft::{Draft, Source},
    },
    letters::DiscardDialog,
    session::Session,
    ui::{Dialog, Failure, Notice, Tone, focus_first_invalid, focus_id, toast, toast_error, use_shortcut},
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::{
    AppError,
    ids::ClinicId,
    paper::{Paper, PaperPage},
    share::ShareKind,
};

/// The editor of a draft.
#[component]
pub(super) fn PaperEditor(
    /// The paper with what stands around it.
    page: PaperPage,
    /// The paper, replaced once it is issued.
    paper: RwSignal<Paper>,
    /// Asks for the paper anew: an issued one says what it froze.
    fresh: Callback<()>,
    /// The clinic, for the key on this device.
    clinic: ClinicId,
) -> impl IntoView {
    let id = page.paper.id;
    let patient = page.patient.id;
    let kind = page.paper.form.kind();
    let session = expect_context::<Session>();
    let say = toast();
    let show_error = toast_error();
    let navigate = StoredValue::new(use_navigate());
    let trouble = move |error: &AppError| match error {
        AppError::SignedOut => session.ask_again(),
        other => show_error(other),
    };
    let draft = Draft::open(
        format!("paper.{clinic}.{id}"),
        saved(&page.paper),
        Source::new(
            move |form, version| async move { api::save_paper(id, form, version).await.map(|paper| saved(&paper)) },
            move || async move { api::paper(id).await.map(|page| saved(&page.paper)) },
        ),
    );
    let issuing = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<AppError>);

    let issue = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        draft.when_quiet(move || {
            // Whoever closed the dialog while the last words were on their way thought better of it.
            if !issuing.get_untracked() {
                return busy.set(false);
            }
            leptos::task::spawn_local(async move {
                let answer = api::issue_paper(id, draft.text.get_untracked(), draft.version.get_untracked()).await;
                if busy.try_set(false).is_some() {
                    return;
                }
                match answer {
                    Ok(issued) => {
                        draft.accept(saved(&issued));
                        draft.close();
                        issuing.set(false);
                        say(&format!("{}を発行しました。", kind.label()));
                        let _ = paper.try_set(issued);
                        fresh.run(());
                        // After the dialog has given the focus back to what is no longer there.
                        set_timeout(|| focus_id("paper-print"), std::time::Duration::from_millis(120));
                    }
                    Err(AppError::Stale { by, at, .. }) => {
                        issuing.set(false);
                        draft.collide(by, at);
                    }
                    Err(problem @ AppError::Invalid { .. }) => {
                        issuing.set(false);
                        error.set(Some(problem));
                        focus_first_invalid();
                    }
                    Err(problem @ AppError::SignedOut) => {
                        issuing.set(false);
                        trouble(&problem);
                    }
                    Err(problem) => error.set(Some(problem)),
                }
            });
        });
    };
    let discarding = RwSignal::new(false);
    let discard = Callback::new(move |()| {
        draft.when_quiet(move || {
            leptos::task::spawn_local(async move {
                match api::discard_paper(id, draft.version.get_untracked()).await {
                    Ok(()) => {
                        draft.close();
                        say("下書きを破棄しました。");
                        navigate.with_value(|go| go(&format!("/patients/{patient}/chart"), Default::default()));
                    }
                    Err(problem) => trouble(&problem),
                }
            });
        });
    });
    use_shortcut("Ctrl+Enter", "文書を発行", move || issuing.set(true));
    // Writing begins at the first field, unless somebody is somewhere else already.
    Effect::new(move |_| {
        if document().active_element().is_none_or(|element| element.tag_name() == "BODY") {
            focus_id(match kind {
                ShareKind::CarePlan => "paper-goal",
                ShareKind::Checkup => "paper-done-on",
                _ => "paper-admitted-on",
            });
        }
    });
    let desk = Desk { draft, error };
    let content = page.content.clone();
    let fields = match kind {
        ShareKind::CarePlan => view! { <CarePlanFields desk content /> }.into_any(),
        ShareKind::Checkup => view! { <CheckupFields desk paper=id patient content /> }.into_any(),
        _ => view! { <DischargeFields desk content /> }.into_any(),
    };
    let flaws = move || {
        error.with(|error| match error {
            Some(AppError::Invalid { fields }) => fields.len(),
            _ => 0,
        })
    };
    let day = model::date::day_of(page.paper.saved_at);
    // What is printed is drawn when it is printed: a whole sheet anew for every letter typed would be felt.
    let printed = RwSignal::new(draft.text.get_untracked());
    Effect::new(move |_| {
        let handle = window_event_listener_untyped("beforeprint", move |_| drop(printed.try_set(draft.text.get_untracked())));
        on_cleanup(move || handle.remove());
    });
    view! {
        <div class="letter-bar no-print" role="region" aria-label="文書の操作">
            <span class="letter-bar-title">{kind.label()}</span>
            <SaveStatus state=draft.state />
            <button type="button" class="btn btn-quiet btn-sm" on:click=move |_| discarding.set(true)>
                "下書きを破棄"
            </button>
            <button type="button" class="btn btn-primary" on:click=move |_| issuing.set(true)>
                "発行"
                <kbd class="kbd">"Ctrl+Enter"</kbd>
            </button>
        </div>
        <div class="letter-paper no-print">
            <DraftNotices draft />
            <Show when=move || { flaws() > 0 }>
                <Notice tone=Tone::Danger>
                    <p>
                        {move || {
                            format!("発行するには、あと{}か所の入力が必要です。印のある欄を確認してください。", flaws())
                        }}
                    </p>
                </Notice>
            </Show>
            {fields}
        </div>
        // A draft can be printed to be read; it says that it is one.
        <div class="print-only">
            <p>"（下書き）"</p>
            <PaperSheet page=page.clone() form=printed.into() day />
        </div>
        <CollisionDialog draft />
        <DiscardDialog
            open=discarding
            lost=format!("{}に書いた内容は元に戻せません。", kind.label())
            on_discard=discard
        />
        <Dialog open=issuing title=format!("{}を発行します", kind.label())>
            <div class="dialog-body stack">
                <dl class="facts">
                    <dt>"文書"</dt>
                    <dd>{move || draft.text.with(|form| form.title())}</dd>
                    <dt>"発行すると"</dt>
                    <dd>
                        "内容は変更できなくなり、全国の情報共有基盤へ電子文書として送信されます。印刷もできます。"
                    </dd>
                </dl>
                {move || error.get().filter(|error| !matches!(error, AppError::Invalid { .. })).map(|error| view! { <Failure error /> })}
            </div>
            <div class="dialog-footer">
                <button type="button" class="btn btn-quiet" on:click=move |_| issuing.set(false)>
                    "書き続ける"
                </button>
                <button
                    type="button"
                    class="btn btn-primary"
                    autofocus=true
                    aria-disabled=move || busy.get().then_some("true")
                    on:click=move |_| issue()
                >
                    {move || if busy.get() { "発行しています…" } else { "発行する" }}
                    <kbd class="kbd">"Enter"</kbd>
                </button>
            </div>
        </Dialog>
    }
}
