//! What was applied (取込の履歴): file, who and when, and the way back.

use super::{Hash, Shared, contents, size, withdraw::Withdraw};
use crate::ui::{Badge, EmptyState, Tone};
use leptos::prelude::*;
use model::{date, edition::Edition};

/// How many editions are shown at first.
const FIRST: usize = 20;

/// The card 取込の履歴.
#[component]
pub fn History(
    /// What the page shares.
    shared: Shared,
) -> impl IntoView {
    let whole = RwSignal::new(false);
    let withdrawing = RwSignal::new(None::<Edition>);
    let count = Memo::new(move |_| shared.editions.with(|editions| editions.history.len()));
    let shown = move || {
        let most = if whole.get() { usize::MAX } else { FIRST };
        shared.editions.with(|editions| editions.history.iter().take(most).cloned().collect::<Vec<_>>())
    };
    let keeper = shared.editions.with_untracked(|editions| editions.keeper);
    view! {
        <section class="card" aria-labelledby="history-heading">
            <div class="card-header">
                <h2 id="history-heading" tabindex="-1">
                    "取込の履歴"
                </h2>
            </div>
            <Show
                when=move || { count.get() > 0 }
                fallback=move || {
                    view! {
                        <EmptyState>
                            {if keeper {
                                "まだ何も取り込んでいません。いまは同梱の初期マスターで動いています。公表されたファイルを上の欄から取り込めます。"
                            } else {
                                "まだ何も取り込まれていません。いまは同梱の初期マスターで動いています。"
                            }}
                        </EmptyState>
                    }
                }
            >
                <table class="table table-stack history" role="table" aria-label="取込の履歴の表">
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col">"ファイル"</th>
                            <th role="columnheader" scope="col">"内容"</th>
                            <th role="columnheader" scope="col">"適用"</th>
                            <th role="columnheader" scope="col">"状態"</th>
                            <th role="columnheader" scope="col">"SHA-256"</th>
                            {keeper.then(|| view! { <th role="columnheader" scope="col">"操作"</th> })}
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        <For
                            each=shown
                            key=|edition| (edition.id, edition.withdrawn.is_some())
                            children=move |edition| view! { <Line edition keeper withdrawing /> }
                        />
                    </tbody>
                </table>
            </Show>
            <Show when=move || !whole.get() && (count.get() > FIRST)>
                <div class="card-footer">
                    <button type="button" class="btn btn-secondary btn-sm" on:click=move |_| whole.set(true)>
                        {move || format!("ほか{}件も表示", count.get() - FIRST)}
                    </button>
                </div>
            </Show>
            {keeper.then(|| view! { <Withdraw shared withdrawing /> })}
        </section>
    }
}

#[component]
fn Line(edition: Edition, keeper: bool, withdrawing: RwSignal<Option<Edition>>) -> impl IntoView {
    let withdrawn = edition.withdrawn.clone();
    let in_force = withdrawn.is_none();
    let file = edition.file.clone();
    let stored = StoredValue::new(edition.clone());
    view! {
        <tr role="row">
            <th role="rowheader" scope="row" class="history-file">
                {edition.file}
                <span class="sub">{size(edition.bytes)}</span>
            </th>
            <td role="cell" class="history-tables">
                {edition
                    .tables
                    .iter()
                    .map(|table| {
                        let (what, scope, rows) = contents(table);
                        view! { <span class="history-table">{format!("{what} {scope} {rows}")}</span> }
                    })
                    .collect_view()}
            </td>
            <td role="cell">
                <time datetime=edition.applied_at.to_rfc3339()>{date::stamp(edition.applied_at)}</time>
                <span class="sub">{edition.applied_by}</span>
            </td>
            <td role="cell">
                {match withdrawn {
                    None => view! { <Badge text="適用中" tone=Tone::Ok /> }.into_any(),
                    Some((at, by)) => {
                        view! {
                            <Badge text="取消済み" tone=Tone::Neutral />
                            <span class="sub">{format!("{} {by}", date::stamp(at))}</span>
                        }
                            .into_any()
                    }
                }}
            </td>
            <td role="cell">
                <Hash sha256=edition.sha256 />
            </td>
            {keeper
                .then(|| {
                    view! {
                        <td role="cell">
                            {in_force
                                .then(|| {
                                    view! {
                                        <button
                                            type="button"
                                            class="btn btn-quiet btn-sm"
                                            aria-label=format!("{file}を取り消す")
                                            on:click=move |_| withdrawing.set(Some(stored.get_value()))
                                        >
                                            "取り消す"
                                        </button>
                                    }
                                })}
                        </td>
                    }
                })}
        </tr>
    }
}
