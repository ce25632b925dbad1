//! An issued letter: on paper, with where its document stands beside it; taken back, sent again, written anew.

use super::{api, editor::AnswerLine, files::FilesShown, sheet::LetterSheet};
use crate::{
    chart::clock,
    sharing::{LetterSteps, ShareBadge, ShareWords, api as sharing},
    ui::{Dialog, Notice, Tone, focus_id, toast, toast_error},
};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use model::{
    AppError, date,
    ids::ShareId,
    letter::{Letter, LetterPage},
    share::ShareState,
};

/// A letter as it stands. Who may not write sees a draft like this as well.
#[component]
pub(super) fn Issued(
    /// The letter with what stands around it.
    page: LetterPage,
    /// The letter, renewed when something becomes of it.
    letter: RwSignal<Letter>,
    /// Whether who is signed in writes letters.
    may_write: bool,
) -> impl IntoView {
    let trouble = toast_error();
    let print = move |_| {
        if window().print().is_err() {
            trouble(&AppError::conflict("このブラウザでは印刷できません。"));
        }
    };
    let stamp = move || {
        letter.with(|letter| match letter.issued_at {
            Some(at) => format!("{} 発行（{}）", date::stamp(at), letter.author.name),
            None => format!("下書き {}", date::stamp(letter.saved_at)),
        })
    };
    let day = letter.with_untracked(|letter| date::day_of(letter.issued_at.unwrap_or(letter.saved_at)));
    let files = Memo::new(move |_| letter.with(|letter| letter.files.clone()));
    let answered = page.answered.clone();
    let sealed = page.enclosed.hidden_from_patient();
    let issued = letter.with_untracked(|letter| letter.issued_at.is_some());
    view! {
        <div class="letter-bar no-print" role="region" aria-label="紹介状の操作">
            <span class="muted small" title=clock::dated(day)>
                {stamp}
            </span>
            {(issued && may_write).then(|| view! { <Rewrite letter /> })}
            <button type="button" id="letter-print" class="btn btn-primary letter-print" on:click=print>
                "印刷"
            </button>
        </div>
        <div class="letter-around no-print">
            {issued.then(|| view! { <Standing letter may_share=may_write /> })}
            {answered.map(|answered| view! { <AnswerLine answered /> })}
            {sealed
                .then(|| {
                    view! {
                        <Notice tone=Tone::Warn title="患者さんに伝えていない病名が含まれます">
                            <p>"紙でお渡しするときは封をしてください。"</p>
                        </Notice>
                    }
                })}
            {move || view! { <FilesShown files=files.get() /> }}
        </div>
        <LetterSheet page form=Signal::derive(move || letter.with(|letter| letter.form.clone())) files day />
    }
}

/// Where the letter stands between the two houses (送付・受領・返書), and what can be done about it.
#[component]
fn Standing(letter: RwSignal<Letter>, may_share: bool) -> impl IntoView {
    let say = toast();
    let trouble = toast_error();
    let busy = RwSignal::new(false);
    let withdrawing = RwSignal::new(false);
    let patient = letter.with_untracked(|letter| letter.patient);
    let is_reply = letter.with_untracked(|letter| letter.replies_to.is_some());
    let standing = Memo::new(move |_| letter.with(|letter| letter.standing.clone()));
    let queued = Memo::new(move |_| {
        letter.with(|letter| matches!(letter.standing.share, Some(ShareState::Waiting { attempts: 0, problem: None, .. })))
    });
    // One that waits without a trouble of its own may wait for an earlier document of the patient.
    let behind = RwSignal::new(false);
    Effect::new(move |_| {
        if queued.get() {
            leptos::task::spawn_local(async move {
                if let Ok(all) = sharing::shared(patient).await {
                    let held = |state: &ShareState| {
                        matches!(
                            state,
                            ShareState::Waiting { problem: Some(_), .. } | ShareState::Cancelling { problem: Some(_) }
                        )
                    };
                    let _ = behind.try_set(all.iter().any(|one| held(&one.state)));
                }
            });
        }
    });
    let again = move |document: ShareId| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            match sharing::resend(document).await {
                Ok(_) => {
                    renew(letter).await;
                    say("もう一度送ります。");
                    // The button may be gone with its state.
                    focus_id("letter-standing");
                }
                Err(error) => trouble(&error),
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <section class="letter-standing" id="letter-standing" tabindex="-1" aria-label="紹介状の状態" aria-live="polite">
            {move || {
                let standing = standing.get();
                let Some(state) = standing.share.clone() else {
                    return match standing.document.filter(|_| may_share) {
                        Some(document) => {
                            view! {
                                <div class="letter-standing-row">
                                    <span class="small">"電子送信を取りやめました。印刷してお渡しください。"</span>
                                    <button
                                        type="button"
                                        class="btn btn-secondary btn-sm letter-print"
                                        disabled=move || busy.get()
                                        on:click=move |_| again(document)
                                    >
                                        "やはり送る"
                                    </button>
                                </div>
                            }
                                .into_any()
                        }
                        None => {
                            view! {
                                <p class="small">
                                    {if standing.document.is_some() {
                                        "電子送信を取りやめました。"
                                    } else {
                                        "電子送信なし（紹介先の医療機関番号がないため、印刷してお渡しください）"
                                    }}
                                </p>
                            }
                                .into_any()
                        }
                    };
                };
                let waits = matches!(state, ShareState::Waiting { .. });
                let may_resend = may_share
                    && matches!(state, ShareState::Refused { .. } | ShareState::Waiting { .. } | ShareState::Cancelled { .. });
                let may_withdraw = may_share && state.may_be_withdrawn(standing.standing);
                let document = standing.document;
                let hint = matches!(state, ShareState::Refused { .. })
                    .then_some("カルテや患者登録を直したら「再送」、紹介状の文面を直すときは「この内容で新しく書く」を押してください。");
                view! {
                    <div class="letter-standing-row">
                        <ShareBadge state=state.clone() />
                        <LetterSteps standing is_reply />
                        <span class="btn-row letter-print">
                            {document
                                .filter(|_| may_resend)
                                .map(|document| {
                                    view! {
                                        <button
                                            type="button"
                                            class="btn btn-secondary btn-sm"
                                            disabled=move || busy.get()
                                            on:click=move |_| again(document)
                                        >
                                            "再送"
                                        </button>
                                    }
                                })}
                            {document
                                .filter(|_| may_withdraw)
                                .map(|_| {
                                    view! {
                                        <button type="button" class="btn btn-quiet btn-sm" on:click=move |_| withdrawing.set(true)>
                                            {if waits { "送らない" } else { "取り消す" }}
                                        </button>
                                    }
                                })}
                        </span>
                    </div>
                    <ShareWords patient state />
                    {move || {
                        queued
                            .get()
                            .then(|| {
                                let words = if behind.get() {
                                    "この患者さんの前の文書の送信を待っています。"
                                } else {
                                    "順番に送信します。"
                                };
                                view! { <p class="small">{words}</p> }
                            })
                    }}
                    {hint.map(|hint| view! { <p class="small">{hint}</p> })}
                }
                    .into_any()
            }}
        </section>
        <Withdraw letter open=withdrawing />
    }
}

/// Asks before a letter is taken back: its reader may have read it, and paper stays paper.
#[component]
fn Withdraw(letter: RwSignal<Letter>, open: RwSignal<bool>) -> impl IntoView {
    let say = toast();
    let trouble = toast_error();
    let busy = RwSignal::new(false);
    let waits = Memo::new(move |_| letter.with(|letter| matches!(letter.standing.share, Some(ShareState::Waiting { .. }))));
    let withdraw = move |_| {
        let Some(document) = letter.with_untracked(|letter| letter.standing.document) else { return };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = sharing::withdraw(document).await;
            if busy.try_set(false).is_some() {
                return;
            }
            open.set(false);
            match answer {
                Ok(_) => {
                    renew(letter).await;
                    say("紹介状を取り消します。");
                    focus_id("letter-standing");
                }
                Err(error) => trouble(&error),
            }
        });
    };
    let to = move || letter.with(|letter| format!("{} {}", letter.form.to_institution, letter.form.to_doctor).trim().to_owned());
    view! {
        <Dialog open title="紹介状を取り消します">
            <div class="dialog-body stack">
                <p>
                    <strong>{to}</strong>
                </p>
                <p>
                    {move || {
                        if waits.get() {
                            "まだ送られていません。このままここで止めます。"
                        } else {
                            "共有サービスから取り消します。紹介先からは見えなくなりますが、すでに読まれた内容は相手の記録に残ります。"
                        }
                    }}
                </p>
                <p>
                    "印刷してお渡しした紙の紹介状は有効なままです。内容に誤りがあるときは、紹介先と患者さんにもお知らせください。"
                </p>
            </div>
            <div class="dialog-footer">
                <button type="button" class="btn btn-quiet" autofocus=true on:click=move |_| open.set(false)>
                    "やめる"
                </button>
                <button type="button" class="btn btn-danger" disabled=move || busy.get() on:click=withdraw>
                    {move || if waits.get() { "送らない" } else { "取り消す" }}
                </button>
            </div>
        </Dialog>
    }
}

/// The letter as the server has it now. What cannot be had now comes with the next event.
async fn renew(letter: RwSignal<Letter>) {
    // The page may be gone by then.
    let Some(id) = letter.try_with_untracked(|letter| letter.id) else { return };
    if let Ok(fresh) = api::letter(id).await {
        let _ = letter.try_set(fresh.letter);
    }
}

/// A new draft with the words and files of this letter: for one that was taken back or not taken.
#[component]
fn Rewrite(letter: RwSignal<Letter>) -> impl IntoView {
    let trouble = toast_error();
    let navigate = use_navigate();
    let busy = RwSignal::new(false);
    let (id, patient) = letter.with_untracked(|letter| (letter.id, letter.patient));
    let write = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let navigate = navigate.clone();
        leptos::task::spawn_local(async move {
            let answer = api::rewrite_letter(id).await;
            let _ = busy.try_set(false);
            match answer {
                Ok(draft) => navigate(&format!("/patients/{patient}/letters/{}", draft.id), Default::default()),
                Err(error) => trouble(&error),
            }
        });
    };
    view! {
        <button type="button" class="btn btn-quiet btn-sm" disabled=move || busy.get() on:click=write>
            "この内容で新しく書く"
        </button>
    }
}
