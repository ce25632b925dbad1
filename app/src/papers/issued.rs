//! A paper as it stands: on paper, with the state of its document beside it, and the ways to take it back and to write anew.

use super::{api, sheet::PaperSheet};
use crate::{
    chart::clock,
    session::Session,
    sharing::{self, ShareBadge, ShareWords},
    ui::{Dialog, toast, toast_error},
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::{
    AppError, date,
    paper::{Paper, PaperPage},
    share::ShareState,
};

/// The issued paper; a draft for those who may not write.
#[component]
pub(super) fn IssuedPaper(
    /// The paper with what stands around it.
    page: PaperPage,
    /// The paper, as its document goes on.
    paper: RwSignal<Paper>,
    /// Asks for the paper anew.
    fresh: Callback<()>,
    /// Whether it may be taken back and written anew.
    may_write: bool,
) -> impl IntoView {
    let session = expect_context::<Session>();
    let say = toast();
    let show_error = toast_error();
    let trouble = move |error: &AppError| match error {
        AppError::SignedOut => session.ask_again(),
        other => show_error(other),
    };
    let navigate = StoredValue::new(use_navigate());
    let (id, patient) = (page.paper.id, page.patient.id);
    let issued = page.paper.issued_at.is_some();
    let busy = RwSignal::new(false);
    let withdrawing = RwSignal::new(false);
    let print = move |_| {
        if window().print().is_err() {
            trouble(&AppError::conflict("このブラウザでは印刷できません。"));
        }
    };
    let again = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = api::rewrite_paper(id).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(new) => {
                    let address = format!("/patients/{patient}/papers/{}", new.id);
                    let _ = navigate.try_with_value(|go| go(&address, Default::default()));
                }
                Err(error) => trouble(&error),
            }
        });
    };
    let withdraw = move |_| {
        let Some(document) = paper.with_untracked(|paper| paper.document) else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = sharing::api::withdraw(document).await;
            let _ = busy.try_set(false);
            let _ = withdrawing.try_set(false);
            match answer {
                Ok(_) => {
                    say("共有を取り消します。");
                    let _ = fresh.try_run(());
                }
                Err(error) => trouble(&error),
            }
        });
    };
    let resend = move |_| {
        let Some(document) = paper.with_untracked(|paper| paper.document) else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = sharing::api::resend(document).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(_) => {
                    say("もう一度送ります。");
                    let _ = fresh.try_run(());
                }
                Err(error) => trouble(&error),
            }
        });
    };
    let may_resend = Memo::new(move |_| may_write && paper.with(|paper| matches!(paper.share, Some(ShareState::Refused { .. }))));
    let state = move || {
        paper.with(|paper| paper.share.clone()).map(|state| {
            view! {
                <ShareBadge state=state.clone() />
                <ShareWords patient state />
            }
        })
    };
    let may_withdraw = Memo::new(move |_| {
        may_write
            && paper.with(|paper| {
                paper.document.is_some()
                    && matches!(
                        paper.share,
                        Some(ShareState::Sent { .. } | ShareState::Waiting { .. } | ShareState::Checking { .. })
                    )
            })
    });
    let stamp = move || {
        paper.with(|paper| match paper.issued_at {
            Some(at) => format!("{} 発行（{}）", date::stamp(at), paper.author.name),
            None => format!("下書き {}", date::stamp(paper.saved_at)),
        })
    };
    let day = date::day_of(page.paper.issued_at.unwrap_or(page.paper.saved_at));
    view! {
        <div class="letter-bar no-print" role="region" aria-label="文書の状態">
            <span class="muted small" title=clock::dated(day)>
                {stamp}
            </span>
            {state}
            <span class="btn-row letter-print">
                <Show when=move || may_resend.get()>
                    <button type="button" class="btn btn-secondary btn-sm" disabled=move || busy.get() on:click=resend>
                        "再送"
                    </button>
                </Show>
                <Show when=move || may_withdraw.get()>
                    <button type="button" class="btn btn-quiet btn-sm" on:click=move |_| withdrawing.set(true)>
                        "共有を取り消す"
                    </button>
                </Show>
                {(may_write && issued)
                    .then(|| {
                        view! {
                            <button type="button" class="btn btn-secondary btn-sm" disabled=move || busy.get() on:click=again>
                                "写して新しく書く"
                            </button>
                        }
                    })}
                <button type="button" id="paper-print" class="btn btn-primary" on:click=print>
                    "印刷"
                </button>
            </span>
        </div>
        {(!issued).then(|| view! { <p class="print-only">"（下書き）"</p> })}
        <PaperSheet page form=Signal::derive(move || paper.with(|paper| paper.form.clone())) day />
        <Dialog open=withdrawing title="共有を取り消します">
            <div class="dialog-body">
                <p>"全国の情報共有基盤から、この文書が消えます。この医院の記録には残ります。"</p>
            </div>
            <div class="dialog-footer">
                <button type="button" class="btn btn-quiet" autofocus=true on:click=move |_| withdrawing.set(false)>
                    "やめる"
                </button>
                <button
                    type="button"
                    class="btn btn-danger"
                    aria-disabled=move || busy.get().then_some("true")
                    on:click=withdraw
                >
                    "取り消す"
                </button>
            </div>
        </Dialog>
    }
}
