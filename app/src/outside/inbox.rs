//! The letters that came in (届いた紹介状): who sent them, whom they are about, and what is still to be done.

use super::{
    api,
    incoming::IncomingBadge,
    unread::{Unread, unsorted, waits},
    whose::Whose,
};
use crate::{
    session::{Offer, offers, use_me},
    ui::{Answer, Badge, Dialog, EmptyState, Notice, Tab, Tabs, Tone, failed, toast, toast_error, use_events},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::components::A;
use model::{
    date,
    outside::{Inbox, Incoming},
};

/// The page `/inbox`.
#[component]
pub fn InboxPage() -> impl IntoView {
    let inbox = Resource::new(|| (), |()| api::inbox());
    let unread = expect_context::<Option<Unread>>();
    Effect::new(move |_| {
        if let (Some(Ok(inbox)), Some(unread)) = (inbox.get(), unread) {
            unread.take(&inbox);
        }
    });
    use_events("inbox", move |_| inbox.refetch());
    // The tab stays while the list is read again.
    let chosen = RwSignal::new("unread".to_owned());
    let asked = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let (say, show) = (toast(), toast_error());
    let check = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let answer = api::check_inbox().await;
            if busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(fresh) => {
                    if fresh.problem.is_none() {
                        say("届いている紹介状を確かめました。");
                    }
                    inbox.set(Some(Ok(fresh)));
                }
                Err(error) => {
                    failed(&error);
                    show(&error);
                }
            }
        });
    };
    view! {
        <Title text="届いた紹介状" />
        <main id="main" class="page" tabindex="-1">
            <div class="page-header">
                <h1>"届いた紹介状"</h1>
                <div class="cluster">
                    <Transition>
                        {move || {
                            inbox
                                .get()
                                .and_then(Result::ok)
                                .and_then(|inbox| inbox.asked_at)
                                .map(|at| view! { <p data-asked-at="">{format!("最後の確認 {}", date::stamp(at))}</p> })
                        }}
                    </Transition>
                    <button type="button" class="btn btn-secondary btn-sm" disabled=move || busy.get() on:click=check>
                        {move || if busy.get() { "確かめています…" } else { "いま確かめる" }}
                    </button>
                </div>
            </div>
            <Answer
                data=inbox
                view=move |read| view! { <Letters read chosen asked reload=Callback::new(move |()| inbox.refetch()) /> }
            />
        </main>
    }
}

#[component]
fn Letters(read: Inbox, chosen: RwSignal<String>, asked: RwSignal<bool>, reload: Callback<()>) -> impl IntoView {
    let reads = offers(use_me().staff.role, Offer::Outside);
    let whose = RwSignal::new(None::<Incoming>);
    let open = RwSignal::new(false);
    let unread = read.letters.iter().filter(|letter| waits(letter)).count();
    // With nothing to read, the list of all is what one came for; a choice of one's own stays.
    if unread == 0 && !asked.get_untracked() {
        chosen.set("all".to_owned());
    }
    asked.set(true);
    let tabs = vec![Tab::counted("unread", "未読・未照合", unread), Tab::counted("all", "すべて", read.letters.len())];
    let letters = StoredValue::new(read.letters);
    let shown = move || {
        let all = chosen.with(|chosen| chosen == "all");
        letters.with_value(|letters| letters.iter().filter(|letter| all || waits(letter)).cloned().collect::<Vec<_>>())
    };
    let ask_whose = Callback::new(move |letter: Incoming| {
        whose.set(Some(letter));
        open.set(true);
    });
    view! {
        {read
            .problem
            .map(|problem| {
                view! {
                    <Notice tone=Tone::Warn title="新しい紹介状を確かめられませんでした">
                        <p>
                            <Badge text=format!("原因：{}", problem.kind.label()) tone=Tone::Warn />
                            " "
                            {problem.message}
                        </p>
                    </Notice>
                }
            })}
        <section class="card" aria-label="紹介状の一覧">
            <Tabs id="inbox" label="しぼる" tabs=tabs chosen />
            <div id="inbox-panel" role="tabpanel" aria-labelledby=move || format!("inbox-{}", chosen.get())>
                <Show
                    when=move || !shown().is_empty()
                    fallback=move || {
                        view! {
                            <EmptyState>
                                {move || {
                                    if chosen.with(|chosen| chosen == "all") {
                                        "届いた紹介状はまだありません。届くとここに並び、上の「紹介状」に数が出ます。"
                                    } else {
                                        "未読・未照合の紹介状はありません。"
                                    }
                                }}
                            </EmptyState>
                        }
                    }
                >
                    <div class="table-wrap">
                        <table class="table table-stack inbox-table" role="table" aria-label="届いた紹介状">
                            <thead role="rowgroup">
                                <tr role="row">
                                    <th role="columnheader" scope="col">"届いた日時"</th>
                                    <th role="columnheader" scope="col">"差出人"</th>
                                    <th role="columnheader" scope="col">"患者"</th>
                                    {reads.then(|| view! { <th role="columnheader" scope="col">"用件"</th> })}
                                    <th role="columnheader" scope="col">"状態"</th>
                                    <th role="columnheader" scope="col">"操作"</th>
                                </tr>
                            </thead>
                            <tbody role="rowgroup">
                                <For
                                    each=shown
                                    key=|letter| (letter.id, letter.state, letter.patient)
                                    children=move |letter| view! { <Line letter reads ask_whose /> }
                                />
                            </tbody>
                        </table>
                    </div>
                </Show>
            </div>
        </section>
        <Dialog open title="だれの紹介状ですか">
            <div class="dialog-body">
                {move || {
                    whose
                        .get()
                        .map(|letter| {
                            view! {
                                <Whose
                                    letter=letter.id
                                    about=letter.about
                                    candidates=Vec::new()
                                    on_done=Callback::new(move |_| {
                                        open.set(false);
                                        reload.run(());
                                    })
                                />
                            }
                        })
                }}
            </div>
        </Dialog>
    }
}

#[component]
fn Line(letter: Incoming, reads: bool, ask_whose: Callback<Incoming>) -> impl IntoView {
    let way = format!("/inbox/{}", letter.id);
    let unsorted = unsorted(&letter);
    let asked = letter.clone();
    let from = letter.institution.clone();
    let read_label = format!("{from}の紹介状を読む（{}）", letter.about.name);
    let about = letter.about.line();
    let sender = match reads {
        true => view! { <A href=way.clone()>{from}</A> }.into_any(),
        false => from.into_any(),
    };
    let whose = match letter.patient {
        Some(patient) => view! { <A href=format!("/patients/{patient}")>{about}</A> }.into_any(),
        None => about.into_any(),
    };
    view! {
        <tr role="row">
            <td role="cell" class="num-left nowrap">
                {date::stamp(letter.came_at)}
            </td>
            <th role="rowheader" scope="row">
                {sender} {(!letter.doctor.is_empty()).then(|| view! { <span class="sub">{letter.doctor.clone()}</span> })}
            </th>
            <td role="cell">
                {whose} {unsorted.then(|| view! { " " <Badge text="未照合" tone=Tone::Warn /> })}
            </td>
            // Whoever only sorts letters sees whose they are, not what they say.
            {reads.then(|| view! { <td role="cell" class="inbox-purpose">{letter.purpose.clone()}</td> })}
            <td role="cell">
                <IncomingBadge state=letter.state />
                {letter.is_reply.then(|| view! { " " <Badge text="返書" tone=Tone::Info /> })}
            </td>
            <td role="cell">
                <div class="btn-row board-steps">
                    {reads
                        .then(|| {
                            view! {
                                <A
                                    href=way
                                    attr:class="btn btn-secondary btn-sm"
                                    attr:aria-label=read_label
                                >
                                    "読む"
                                </A>
                            }
                        })}
                    {unsorted
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="btn btn-quiet btn-sm"
                                    aria-label=format!("{}の紹介状の患者を選ぶ", asked.about.name)
                                    on:click=move |_| ask_whose.run(asked.clone())
                                >
                                    "患者を選ぶ"
                                </button>
                            }
                        })}
                </div>
            </td>
        </tr>
    }
}
