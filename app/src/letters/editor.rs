//! The letter being written: its sections as headings with growing text, kept like the note while it is typed.

use super::{
    api,
    discard::DiscardDialog,
    files::FilesEditor,
    given::Given,
    parts::{BODY, HEAD, Part, saved},
    sending::Sending,
    sheet::LetterSheet,
};
use crate::{
    chart::{
        CollisionDialog, DraftNotices, SaveStatus,
        draft::{Draft, Source},
    },
    session::Session,
    ui::{Dialog, Failure, Notice, Tone, focus_id, mend, toast, toast_error, use_shortcut},
};
use leptos::{html, prelude::*};
use leptos_router::{components::A, hooks::use_navigate};
use model::{
    AppError,
    ids::ClinicId,
    letter::{Answered, Letter, LetterForm, LetterPage},
};

/// The editor of a draft.
#[component]
pub fn LetterEditor(
    /// The letter with what stands around it.
    page: LetterPage,
    /// The letter, replaced once it is issued.
    letter: RwSignal<Letter>,
    /// What stands around it, renewed with the letter.
    around: StoredValue<LetterPage>,
    /// The clinic, for the key on this device.
    clinic: ClinicId,
) -> impl IntoView {
    let id = page.letter.id;
    let patient = page.patient.id;
    let session = expect_context::<Session>();
    let say = toast();
    let show_error = toast_error();
    let navigate = StoredValue::new(use_navigate());
    let trouble = move |error: &AppError| match error {
        AppError::SignedOut => session.ask_again(),
        other => show_error(other),
    };
    let draft = Draft::open(
        format!("letter.{clinic}.{id}"),
        saved(&page.letter),
        Source::new(
            move |form, version| async move { api::save_letter(id, form, version).await.map(|letter| saved(&letter)) },
            move || async move { api::letter(id).await.map(|page| saved(&page.letter)) },
        ),
    );
    let sending = Sending::new(letter, session);
    let issuing = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<AppError>);

    let issue = move || {
        // A file on its way would come too late.
        if busy.get_untracked() || untrack(move || sending.open()).0 > 0 {
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
                let answer = api::issue_letter(id, draft.text.get_untracked(), draft.version.get_untracked()).await;
                if busy.try_set(false).is_some() {
                    return;
                }
                match answer {
                    Ok(fresh) => {
                        draft.accept(saved(&fresh));
                        draft.close();
                        // What goes along is now what the server froze, not what stood here when the page was opened.
                        if let Ok(page) = api::letter(id).await {
                            around.try_set_value(page);
                        }
                        if issuing.try_set(false).is_some() {
                            return;
                        }
                        say("紹介状を発行しました。");
                        letter.set(fresh);
                        // After the dialog has given the focus back to what is no longer there.
                        set_timeout(|| focus_id("letter-print"), std::time::Duration::from_millis(120));
                    }
                    Err(AppError::Stale { by, at, .. }) => {
                        issuing.set(false);
                        draft.collide(by, at);
                    }
                    Err(problem @ AppError::Invalid { .. }) => {
                        issuing.set(false);
                        error.set(Some(problem));
                        crate::ui::focus_first_invalid();
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
                match api::discard_letter(id, draft.version.get_untracked()).await {
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
    // What was wrong at the last attempt may be mended by now; the next one tells anew.
    Effect::new(move |_| {
        if issuing.get() {
            error.set(None);
        }
    });
    use_shortcut("Ctrl+Enter", "紹介状を発行", move || issuing.set(true));
    // Writing begins at the addressee, unless somebody is somewhere else already.
    Effect::new(move |_| {
        if document().active_element().is_none_or(|element| element.tag_name() == "BODY") {
            focus_id("letter-to-institution");
        }
    });
    let flaw = move |field: &'static str| Signal::derive(move || error.with(|e| e.as_ref().and_then(|e| e.at(field))));
    let flaws = move || {
        error.with(|error| match error {
            Some(AppError::Invalid { fields }) => fields.len(),
            _ => 0,
        })
    };
    let given = StoredValue::new(Given::of(&page.enclosed));
    let day = model::date::day_of(page.letter.saved_at);
    let is_reply = page.letter.replies_to.is_some();
    let title = if is_reply { "診療情報提供書（返書）" } else { "診療情報提供書" };
    let answered = page.answered.clone();
    let files = Signal::derive(move || letter.with(|letter| letter.files.clone()));
    let lost = move || match files.with(Vec::len) {
        0 => "書いた文章は元に戻せません。".to_owned(),
        some => {
            let titles: Vec<String> = files.with(|files| files.iter().map(|file| format!("「{}」", file.title)).collect());
            format!("書いた文章と添付{some}個（{}）は元に戻せません。", titles.join(""))
        }
    };
    let sealed = page.enclosed.hidden_from_patient();
    view! {
        <div class="letter-bar no-print" role="region" aria-label="紹介状の操作">
            <span class="letter-bar-title">{title}</span>
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
            {answered.map(|answered| view! { <AnswerLine answered /> })}
            <div class="letter-head-fields">
                {HEAD.iter().map(|part| view! { <PartField draft part error flaw=flaw(part.field) /> }).collect_view()}
            </div>
            {BODY
                .iter()
                .map(|part| {
                    view! {
                        <PartField draft part error flaw=flaw(part.field) />
                        {given.with_value(|given| given_after(part.field, given))}
                    }
                })
                .collect_view()}
            <FilesEditor letter sending />
        </div>
        // A draft can be printed to be read; it says that it is one.
        <div class="print-only">
            <p>"（下書き）"</p>
            <LetterSheet page=page.clone() form=draft.text.into() files day />
        </div>
        <CollisionDialog draft />
        <DiscardDialog open=discarding lost=Signal::derive(lost) on_discard=discard />
        <Dialog open=issuing title="紹介状を発行します">
            <div class="dialog-body stack">
                <dl class="facts">
                    <dt>"宛先"</dt>
                    <dd>
                        {move || {
                            draft
                                .text
                                .with(|form| {
                                    if form.to_institution.trim().is_empty() {
                                        "（未記入）".to_owned()
                                    } else {
                                        format!("{} {} {}", form.to_institution, form.to_department, form.to_doctor)
                                    }
                                })
                        }}
                    </dd>
                    {move || {
                        let (count, paper) = (files.with(Vec::len), draft.text.with(|form| form.to_number.trim().is_empty()));
                        (count > 0)
                            .then(|| {
                                let words = if paper {
                                    format!("{count}個（電子送信しないため、別に印刷などしてお渡しください）")
                                } else {
                                    format!("{count}個を電子文書に含めて送ります。")
                                };
                                view! {
                                    <dt>"添付"</dt>
                                    <dd>{words}</dd>
                                }
                            })
                    }}
                    <dt>"発行すると"</dt>
                    <dd>
                        {move || {
                            if draft.text.with(|form| form.to_number.trim().is_empty()) {
                                "内容は変更できなくなります。紹介先の医療機関番号がないため電子送信はしません。印刷してお渡しください。"
                            } else {
                                "内容は変更できなくなり、全国の情報共有基盤へ電子文書として送信されます。印刷もできます。"
                            }
                        }}
                    </dd>
                </dl>
                <div role="status">
                    {move || match sending.open() {
                        (0, 0) => ().into_any(),
                        (0, failed) => {
                            view! {
                                <Notice tone=Tone::Warn title=format!("届いていない添付が{failed}個あります")>
                                    <p>"このまま発行すると紹介状に入りません。"</p>
                                </Notice>
                            }
                                .into_any()
                        }
                        (going, _) => format!("添付{going}個を送信しています。終わると発行できます。").into_any(),
                    }}
                </div>
                {sealed
                    .then(|| {
                        view! {
                            <Notice tone=Tone::Warn title="患者さんに伝えていない病名が含まれます">
                                <p>"未告知・未提供の病名も紹介状に載ります。紙でお渡しするときは封をしてください。"</p>
                            </Notice>
                        }
                    })}
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
                    aria-disabled=move || (busy.get() || sending.open().0 > 0).then_some("true")
                    on:click=move |_| issue()
                >
                    {move || if busy.get() { "発行しています…" } else { "発行する" }}
                    <kbd class="kbd">"Enter"</kbd>
                </button>
            </div>
        </Dialog>
    }
}

/// Which letter is answered, with the way to it.
#[component]
pub(super) fn AnswerLine(answered: Answered) -> impl IntoView {
    view! {
        <p class="letter-given no-print">
            <strong>"返書: "</strong>
            <A href=format!("/inbox/{}", answered.id)>{answered.line()}</A>
        </p>
    }
}

/// What of the chart goes along, under the part it belongs to; printed and sent without being typed.
fn given_after(field: &str, given: &Given) -> impl IntoView + use<> {
    let (heading, lines, none) = match field {
        "complaint" => ("傷病名".to_owned(), given.diagnoses.clone(), "登録なし"),
        "past_history" => ("アレルギー".to_owned(), given.allergies.clone(), "登録なし"),
        "findings" => match given.results.clone() {
            Some((heading, lines)) => (heading, lines, ""),
            None => return ().into_any(),
        },
        "course" => ("現在の処方".to_owned(), given.drugs.clone(), "なし"),
        _ => return ().into_any(),
    };
    view! {
        <div class="letter-given">
            <strong>{heading} ": "</strong>
            {if lines.is_empty() { none.to_owned() } else { lines.join("、") }}
        </div>
    }
    .into_any()
}

/// One part of the letter.
#[component]
fn PartField(
    draft: Draft<LetterForm>,
    part: &'static Part,
    error: RwSignal<Option<AppError>>,
    flaw: Signal<Option<String>>,
) -> impl IntoView {
    let id = format!("letter-{}", part.field.replace('_', "-"));
    let error_id = format!("{id}-error");
    let text = Memo::new(move |_| draft.text.with(|form| (part.read)(form).clone()));
    let write = move |value: String| {
        draft.write(|form| *(part.write)(form) = value);
        // What was wrong here is no longer said.
        mend(error, part.field);
    };
    let ready = RwSignal::new(false);
    Effect::new(move |_| ready.set(true));
    let field = if part.line {
        let node = NodeRef::<html::Input>::new();
        Effect::new(move |_| {
            let wanted = text.get();
            if let Some(field) = node.get()
                && field.value() != wanted
            {
                field.set_value(&wanted);
            }
        });
        view! {
            <input
                id=id.clone()
                node_ref=node
                class="input"
                type="text"
                autocomplete="off"
                placeholder=part.hint
                readonly=move || !ready.get()
                aria-required=part.required.then_some("true")
                aria-invalid=move || flaw.get().map(|_| "true")
                aria-describedby=error_id.clone()
                on:input=move |event| write(event_target_value(&event))
            />
        }
        .into_any()
    } else {
        let node = NodeRef::<html::Textarea>::new();
        Effect::new(move |_| {
            let wanted = text.get();
            if let Some(field) = node.get()
                && field.value() != wanted
            {
                field.set_value(&wanted);
            }
        });
        let rows = move || text.with(|text| text.lines().count().max(1) + 1).to_string();
        view! {
            <textarea
                id=id.clone()
                node_ref=node
                class="soap-text letter-text"
                rows=rows
                placeholder=part.hint
                readonly=move || !ready.get()
                aria-required=part.required.then_some("true")
                aria-invalid=move || flaw.get().map(|_| "true")
                aria-describedby=error_id.clone()
                on:input=move |event| write(event_target_value(&event))
            ></textarea>
        }
        .into_any()
    };
    view! {
        <div class=if part.line { "field" } else { "letter-section" }>
            <label class=if part.line { "field-label" } else { "letter-heading" } for=id.clone()>
                {part.heading}
                {part.required.then(|| view! { <span class="field-required">"必須"</span> })}
            </label>
            {field}
            <p id=error_id class="field-error" hidden=move || flaw.get().is_none()>
                {move || flaw.get()}
            </p>
        </div>
    }
}
