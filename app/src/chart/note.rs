//! Today's note (SOAP): written like on paper, kept while it is typed, read-only once it is confirmed.

use super::{
    draft::{Draft, Source},
    soap::{PARTS, Part, saved},
    status::{DraftNotices, SaveStatus},
    store::{ChartStore, Panel, is_open},
    written::WrittenNote,
};
use crate::{
    billing,
    orders::{OrdersText, TodaysOrders},
    ui::{Badge, StateBadge, Tone, focus_id},
};
use leptos::{html, prelude::*};
use leptos_router::components::A;
use model::{
    AppError,
    chart::Soap,
    date,
    fee::{Hint, HintKind},
    ids::VisitId,
    visit::VisitState,
};

/// Opens the draft of a visit's note. The first word that is saved begins the consultation.
pub fn open_draft(store: ChartStore, visit: VisitId) -> Draft<Soap> {
    let save = move |soap: Soap, version: i64| async move {
        store.begin().await?;
        super::api::save_draft(visit, soap, version).await.map(|note| saved(Some(&note)))
    };
    let read = move || async move {
        let chart = super::api::open_chart(store.id).await?;
        match chart.today {
            Some(page) if page.visit.id == visit => Ok(saved(page.note.as_ref())),
            _ => Err(AppError::NotFound),
        }
    };
    let start = store.note.with_untracked(|note| saved(note.as_ref()));
    Draft::open(format!("note.{}.{visit}", store.clinic), start, Source::new(save, read))
}

/// The middle of the chart: today's visit.
#[component]
pub fn NoteColumn(
    /// The draft, while there is something to write.
    draft: Option<Draft<Soap>>,
    /// Asks to confirm.
    on_confirm: Callback<()>,
) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let trouble = store.trouble();
    let begin = move |_| {
        leptos::task::spawn_local(async move {
            if let Err(error) = store.begin().await {
                trouble(&error);
            }
        });
        focus_id("note-S");
    };
    let writable = Memo::new(move |_| store.writable());
    let waiting = move || {
        writable.get() && store.visit.with(|visit| visit.as_ref().is_some_and(|visit| visit.state == VisitState::Received))
    };
    let heading = move || {
        store.visit.get().map(|visit| {
            let received = date::time_of(visit.received_at);
            view! {
                <h2 class="note-title">
                    {super::clock::dated(visit.date)} " " <span class="note-kind">{visit.kind.label()}</span>
                </h2>
                <StateBadge state=visit.state />
                <span class="muted small">
                    {format!("受付 {received}")}
                    {visit.doctor.map(|doctor| format!("・{}", doctor.name))}
                </span>
            }
        })
    };
    view! {
        <section class="chart-note" aria-label="本日の診療">
            <Show
                when=move || store.visit.with(Option::is_some)
                fallback=move || view! { <NotReceived /> }
            >
                <div class="note-head">
                    {heading}
                    {draft.map(|draft| view! { <SaveStatus state=draft.state /> })}
                    <button type="button" class="btn btn-secondary btn-sm" hidden=move || !waiting() on:click=begin>
                        "診察を始める"
                    </button>
                </div>
                {move || {
                    let remark = store.visit.with(|visit| visit.as_ref().map(|visit| visit.remark.clone()).unwrap_or_default());
                    (!remark.is_empty())
                        .then(|| view! { <p class="desk-remark"><span class="diagnosis-line-term">"受付メモ"</span> {remark}</p> })
                }}
                <CurrentDiagnoses />
                {draft.map(|draft| view! { <DraftNotices draft /> })}
                {move || match draft {
                    Some(draft) if writable.get() => view! { <NoteEditor draft /> }.into_any(),
                    _ => {
                        match store.note.get() {
                            Some(note) => {
                                let amendable = store.may_code() && note.confirmed_at.is_some();
                                view! { <WrittenNote note amendable /> }.into_any()
                            }
                            None => view! { <p class="empty">"まだ記載がありません。"</p> }.into_any(),
                        }
                    }
                }}
                <TodaysOrders />
            </Show>
            <Show when=move || store.visit.with(Option::is_some)>
                <div class="note-foot">
                    <FeeGlance />
                    {move || {
                        let visit = store.visit.get()?;
                        Some(
                            if store.orderable() {
                                view! {
                                    <button
                                        type="button"
                                        class="btn btn-primary"
                                        on:click=move |_| on_confirm.run(())
                                    >
                                        "確定"
                                        <kbd class="kbd">"Ctrl+Enter"</kbd>
                                    </button>
                                }
                                    .into_any()
                            } else if is_open(visit.state) {
                                view! { <span class="muted small">"確定は医師が行います"</span> }.into_any()
                            } else {
                                view! {
                                    <A href="/reception" attr:class="btn btn-secondary" attr:id="to-reception">
                                        "受付一覧へ"
                                    </A>
                                }
                                    .into_any()
                            },
                        )
                    }}
                </div>
            </Show>
        </section>
    }
}

/// Nobody checked the patient in today: the chart is for reading.
#[component]
fn NotReceived() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let last = move || store.past.with(|past| past.first().cloned());
    view! {
        <div class="notice notice-info">
            <strong>"本日は受付されていません"</strong>
            <p>
                "記載とオーダーには受付が必要です。"
                <A href="/reception">"受付一覧"</A>
                "で受付すると、ここに書けるようになります。"
            </p>
        </div>
        {move || {
            last()
                .map(|page| {
                    view! {
                        <div class="note-head">
                            <h2 class="note-title">"前回 " {super::clock::dated(page.visit.date)}</h2>
                        </div>
                        {page.note.map(|note| view! { <WrittenNote note amendable=store.may_code() /> })}
                        <div class="todays-orders">
                            <OrdersText orders=page.orders />
                        </div>
                    }
                })
        }}
    }
}

/// The diagnoses that hold today, in one line over the note.
#[component]
fn CurrentDiagnoses() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let current = move || {
        store
            .diagnoses
            .with(|all| all.iter().filter(|d| d.ended.is_none()).map(|d| (d.name.clone(), d.principal)).collect::<Vec<_>>())
    };
    view! {
        <button type="button" class="diagnosis-line" on:click=move |_| store.show(Panel::Diagnoses)>
            <span class="diagnosis-line-term">"傷病名"</span>
            {move || {
                let current = current();
                if current.is_empty() {
                    return view! { <span class="muted">"登録なし"</span> }.into_any();
                }
                current
                    .into_iter()
                    .map(|(name, principal)| {
                        view! {
                            <span class="diagnosis-chip">
                                {principal.then(|| view! { <span class="principal">"主"</span> })} {name}
                            </span>
                        }
                    })
                    .collect_view()
                    .into_any()
            }}
        </button>
    }
}

/// The editor: four growing parts, no boxes.
#[component]
fn NoteEditor(draft: Draft<Soap>) -> impl IntoView {
    view! {
        <div class="soap">
            {PARTS.iter().enumerate().map(|(index, part)| view! { <PartEditor draft part first=index == 0 /> }).collect_view()}
        </div>
    }
}

#[component]
fn PartEditor(draft: Draft<Soap>, part: &'static Part, first: bool) -> impl IntoView {
    let id = format!("note-{}", part.letter);
    let node = NodeRef::<html::Textarea>::new();
    let text = Memo::new(move |_| draft.text.with(|soap| (part.read)(soap).clone()));
    // Until the page listens nothing may be typed: it would not be kept.
    let ready = RwSignal::new(false);
    Effect::new(move |_| {
        let wanted = text.get();
        if let Some(field) = node.get() {
            // The field is touched only where it differs: a running conversion (変換) is never disturbed.
            if field.value() != wanted {
                field.set_value(&wanted);
            }
            if !ready.get_untracked() {
                ready.set(true);
                if first && document().active_element().is_none_or(|element| element.tag_name() == "BODY") {
                    let _ = field.focus();
                }
            }
        }
    });
    // Browsers without `field-sizing` grow by counted lines.
    let rows = move || text.with(|text| text.lines().count().max(1) + 1).to_string();
    view! {
        <div class="soap-part">
            <label class="soap-letter" for=id.clone()>
                {part.letter}
                <span class="sr-only">{part.name}</span>
            </label>
            <textarea
                id=id
                node_ref=node
                class="soap-text"
                rows=rows
                placeholder=part.hint
                readonly=move || !ready.get()
                on:input=move |event| {
                    let value = event_target_value(&event);
                    draft.write(|soap| *(part.write)(soap) = value);
                }
            ></textarea>
        </div>
    }
}

/// What today costs, at a glance; the panel has the lines.
#[component]
fn FeeGlance() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let moved = billing::use_moved(super::fee::todays_sum(store));
    // What is confirmed is no estimate any more.
    let term = move || {
        if store.visit.with(|visit| visit.as_ref().is_some_and(|visit| is_open(visit.state))) { "会計見込" } else { "会計" }
    };
    view! {
        <button
            type="button"
            class="fee-glance"
            class:fee-moved=move || moved.get().is_some()
            on:click=move |_| store.show(Panel::Fee)
        >
            {move || match store.statement.get() {
                Some(Ok(statement)) => {
                    view! {
                        <span class="muted small">{term()}</span>
                        " "
                        <strong class="num">{statement.points.to_string()}</strong>
                        {move || moved.get().map(|points| view! { " " <span class="num fee-delta">{billing::signed(points)}</span> })}
                        " "
                        <span class="num">{format!("窓口 {}", statement.due())}</span>
                        {hint_words(&statement.hints).map(|words| view! { " " <Badge text=words tone=Tone::Warn /> })}
                    }
                        .into_any()
                }
                Some(Err(AppError::Forbidden)) => view! { <span class="muted small">"会計"</span> }.into_any(),
                Some(Err(_)) => view! { <span class="muted small">"会計見込を計算できません"</span> }.into_any(),
                None => view! { <span class="muted small">"会計見込 …"</span> }.into_any(),
            }}
        </button>
    }
}

/// How much stands beside the lines to be looked at, where there is anything.
fn hint_words(hints: &[Hint]) -> Option<String> {
    let count = |kind: HintKind| match hints.iter().filter(|hint| hint.kind == kind).count() {
        0 => None,
        some => Some(format!("{} {some}", kind.label())),
    };
    let words: Vec<String> = [HintKind::Missed, HintKind::Cut].into_iter().filter_map(count).collect();
    (!words.is_empty()).then(|| words.join("・"))
}
