//! The section 他院の情報 of the chart's panel 文書: asked for on demand, because every look is on record; then our own chart
//! on the left and theirs on the right, by institution.

use super::{
    api,
    ask::{Answered, AskForm, NeedsConsent, Question},
    count,
    document::{DocumentCard, Refused, fresh},
    entry::OurValue,
    hand::{HEADING, Hand},
    ours::{Ours, newest},
};
use crate::{
    chart::store::ChartStore,
    ui::{Notice, Skeleton, Tone, focus_id},
};
use leptos::{prelude::*, task::spawn_local};
use model::{
    AppError, date,
    ids::ReceivedId,
    outside::{Asked, OutsideDocument, OutsideView},
    share::ShareKind,
};

/// What of theirs is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    Diagnoses,
    Allergies,
    Labs,
    Papers,
}

impl Part {
    const ALL: [Self; 5] = [Self::All, Self::Diagnoses, Self::Allergies, Self::Labs, Self::Papers];

    fn label(self) -> &'static str {
        match self {
            Self::All => "すべて",
            Self::Diagnoses => "傷病名",
            Self::Allergies => "アレルギー",
            Self::Labs => "検査",
            Self::Papers => "文書",
        }
    }

    fn of(kind: Option<ShareKind>) -> Self {
        match kind {
            Some(ShareKind::Diagnoses) => Self::Diagnoses,
            Some(ShareKind::Allergies) => Self::Allergies,
            Some(ShareKind::LabReport) => Self::Labs,
            _ => Self::Papers,
        }
    }

    fn has(self, document: &OutsideDocument) -> bool {
        self == Self::All || self == Self::of(document.kind)
    }
}

/// The section.
#[component]
pub fn Outside() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let question = Question::new();
    let view = RwSignal::new(None::<Result<OutsideView, AppError>>);
    let open = RwSignal::new(false);
    let loading = RwSignal::new(false);
    let trouble = store.trouble();
    // What others wrote is read by doctors and nurses; the desk hears how much there is.
    let reads = store.may_record();
    let load = move || {
        if loading.try_get_untracked() != Some(false) {
            return;
        }
        loading.set(true);
        spawn_local(async move {
            let answer = api::outside(store.id).await;
            if loading.try_set(false).is_some() {
                return;
            }
            if let Err(error @ AppError::SignedOut) = &answer {
                trouble(error);
            }
            view.set(Some(answer));
        });
    };
    let show = move || {
        open.set(true);
        store.wide.set(true);
        focus_id(HEADING);
        load();
    };
    let close = move |_| {
        open.set(false);
        store.wide.set(false);
        focus_id("outside-open");
    };
    let on_answer = Callback::new(move |asked: Asked| {
        if reads && matches!(asked, Asked::Read { .. }) {
            show();
        }
    });
    // A consent that is given or taken back elsewhere: what is on the screen is asked for anew.
    let consents = Memo::new(move |_| store.patient.with(|patient| patient.consent.is_some()));
    Effect::new(move |before: Option<bool>| {
        let now = consents.get();
        if before.is_some_and(|before| before != now) {
            question.answer.set(None);
            view.set(None);
            if open.get_untracked() {
                load();
            }
        }
        now
    });
    let class = move || if open.get() { "outside-room outside-opened" } else { "outside-room" };
    view! {
        <section class=class aria-labelledby=HEADING>
            <div class="column-head">
                <h2 id=HEADING tabindex="-1">
                    "他院の情報"
                </h2>
                <button
                    type="button"
                    id="outside-open"
                    class="btn btn-quiet btn-sm"
                    hidden=move || !reads || open.get()
                    disabled=move || loading.get()
                    on:click=move |_| show()
                >
                    "取り寄せた情報を見る"
                </button>
                <button type="button" class="btn btn-quiet btn-sm" hidden=move || !open.get() on:click=close>
                    "比較を閉じる"
                </button>
            </div>
            <div class="panel-body stack">
                <AskForm patient=store.id question blocked=false words="他院の情報を取り寄せる" on_answer />
                <Answered patient=store.id question />
                {(!reads).then(|| view! { <p class="muted small">"内容は医師・看護師が確認します。"</p> })}
                <Show when=move || !open.get() && question.answer.with(Option::is_none)>
                    <p class="muted small">"他の医療機関が共有した記録を取り寄せます。だれが何の目的で取り寄せたかは記録に残ります。"</p>
                </Show>
                <Show when=move || open.get()>
                    <Opened view />
                </Show>
            </div>
        </section>
    }
}

/// The comparison, once it is wanted.
#[component]
fn Opened(view: RwSignal<Option<Result<OutsideView, AppError>>>) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let state = Memo::new(move |_| {
        view.with(|view| match view {
            None => State::Waiting,
            Some(Err(error)) => State::Failed(error.to_string()),
            Some(Ok(view)) if !view.consent => State::NoConsent,
            Some(Ok(_)) => State::There,
        })
    });
    move || match state.get() {
        State::Waiting => view! { <Skeleton /> }.into_any(),
        State::Failed(words) => view! {
            <Notice tone=Tone::Danger>
                <p>{words}</p>
            </Notice>
        }
        .into_any(),
        State::NoConsent => view! { <NeedsConsent patient=store.id /> }.into_any(),
        State::There => view! { <Comparison view /> }.into_any(),
    }
}

/// What there is to show.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    Waiting,
    Failed(String),
    NoConsent,
    There,
}

/// Ours and theirs.
#[component]
fn Comparison(view: RwSignal<Option<Result<OutsideView, AppError>>>) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let part = RwSignal::new(Part::All);
    let new_only = RwSignal::new(false);
    let read = move |read: &dyn Fn(&OutsideView) -> Vec<OutsideDocument>| {
        view.with(|view| match view {
            Some(Ok(view)) => read(view),
            _ => Vec::new(),
        })
    };
    let done = Callback::new(move |fresh: OutsideView| {
        view.set(Some(Ok(fresh)));
        store.touched();
        store.refresh();
    });
    let hand = store.may_record().then(|| Hand::new(store.id, done));
    let ours: OurValue = Callback::new(move |code: String| store.reports.with(|reports| newest(reports, &code)));
    let readable =
        Memo::new(move |_| read(&|view| view.documents.iter().filter(|one| one.refused.is_empty()).cloned().collect()));
    let broken = Memo::new(move |_| read(&|view| view.documents.iter().filter(|one| !one.refused.is_empty()).cloned().collect()));
    let asked = Memo::new(move |_| {
        view.with(|view| match view {
            Some(Ok(view)) => view.asked.clone(),
            _ => None,
        })
    });
    let groups = Memo::new(move |_| {
        let (part, only) = (part.get(), new_only.get());
        readable.with(|all| by_institution(all.iter().filter(|one| part.has(one) && (!only || !fresh(&one.entries).is_empty()))))
    });
    let chip = move |one: Part| {
        let number = move || readable.with(|all| all.iter().filter(|document| one.has(document)).count());
        view! {
            <button
                type="button"
                class="chip"
                aria-pressed=move || (part.get() == one).to_string()
                hidden=move || one != Part::All && number() == 0
                on:click=move |_| part.set(one)
            >
                {one.label()}
                " "
                <span class="num">{number}</span>
            </button>
        }
    };
    view! {
        <p class="muted small" data-last-asked="">
            {move || match asked.get() {
                Some((at, by, purpose)) => {
                    format!("最後に取り寄せたのは {}（{by}、目的：{}）", date::stamp(at), purpose.label())
                }
                None => "まだ取り寄せていません。".to_owned(),
            }}
        </p>
        <div class="beside">
            <Ours />
            <section class="outside-theirs" aria-label="他院の記録">
                <h3>"他院"</h3>
                <div class="cluster outside-filter" role="group" aria-label="他院の記録をしぼる">
                    {Part::ALL.into_iter().map(chip).collect_view()}
                    <label class="check">
                        <input
                            type="checkbox"
                            prop:checked=move || new_only.get()
                            on:change:target=move |event| new_only.set(event.target().checked())
                        />
                        "カルテにないものだけ"
                    </label>
                </div>
                <Show when=move || groups.with(Vec::is_empty)>
                    <p class="empty">
                        {move || {
                            if readable.with(Vec::is_empty) {
                                "他院が共有した記録はありません。"
                            } else {
                                "しぼった範囲に記録はありません。"
                            }
                        }}
                    </p>
                </Show>
                <For
                    each=move || groups.get()
                    key=|(institution, _)| institution.clone()
                    children=move |(institution, _)| {
                        let name = StoredValue::new(institution.clone());
                        let documents = Memo::new(move |_| {
                            groups
                                .with(|groups| {
                                    let found = groups.iter().find(|(other, _)| name.with_value(|name| name == other));
                                    found.map(|(_, documents)| documents.clone()).unwrap_or_default()
                                })
                        });
                        view! { <Institution institution readable documents hand new_only=new_only.into() ours /> }
                    }
                />
                <For each=move || broken.get() key=|document| document.id children=|document| view! { <Refused document /> } />
            </section>
        </div>
    }
}

/// What one institution shared.
#[component]
fn Institution(
    institution: String,
    readable: Memo<Vec<OutsideDocument>>,
    documents: Memo<Vec<ReceivedId>>,
    hand: Option<Hand>,
    new_only: Signal<bool>,
    ours: OurValue,
) -> impl IntoView {
    view! {
        <section class="outside">
            <h3>
                {institution} " " <span class="muted small">{move || count(documents.with(Vec::len))}</span>
            </h3>
            <For
                each=move || documents.get()
                key=|id| *id
                children=move |id| {
                    let at = move || readable.with(|all| all.iter().find(|one| one.id == id).cloned());
                    // It may be gone for the moment between its end and the end of its row.
                    let first = untrack(at);
                    first
                        .map(|first| {
                            let document = Memo::new(move |_| at().unwrap_or_else(|| first.clone()));
                            view! { <DocumentCard document=document.into() hand new_only ours /> }
                        })
                }
            />
        </section>
    }
}

/// The documents by institution: the one who shared last comes first, and within it the newest.
fn by_institution<'a>(documents: impl Iterator<Item = &'a OutsideDocument>) -> Vec<(String, Vec<ReceivedId>)> {
    let mut all: Vec<&OutsideDocument> = documents.collect();
    all.sort_by_key(|document| std::cmp::Reverse(document.shared_on));
    let mut groups: Vec<(String, Vec<ReceivedId>)> = Vec::new();
    for document in all {
        match groups.iter_mut().find(|(institution, _)| *institution == document.institution) {
            Some((_, group)) => group.push(document.id),
            None => groups.push((document.institution.clone(), vec![document.id])),
        }
    }
    groups
}
