//! Two people wrote the same text: both are shown side by side, and a person chooses.

use super::draft::{Draft, Written};
use crate::ui::Dialog;
use leptos::prelude::*;
use model::date;

/// The dialog that opens when somebody else saved first. It cannot be closed without a choice, and none of the choices
/// loses what is not chosen before it was seen.
#[component]
pub fn CollisionDialog<T: Written>(
    /// The draft.
    draft: Draft<T>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(draft.collision.with(Option::is_some)));
    let title = "ほかの人が先に保存しました";
    view! {
        <Dialog open title wide=true closable=false>
            {move || {
                draft
                    .collision
                    .get()
                    .map(|collision| {
                        let by = collision.theirs.by.clone();
                        let at = collision.theirs.at.map(date::stamp).unwrap_or_default();
                        let parts: Vec<_> = collision
                            .yours
                            .parts()
                            .into_iter()
                            .zip(collision.theirs.text.parts())
                            .map(|((heading, yours), (_, theirs))| (heading, yours, theirs))
                            .collect();
                        view! {
                            // Long texts are scrolled by keyboard, too.
                            <div class="dialog-body stack" tabindex="0" role="group" aria-label="両方の内容">
                                <p>
                                    <strong>{by.clone()}</strong>
                                    {format!("さんが {at} に保存しました。両方の内容を確認して選んでください。どちらもまだ失われていません。")}
                                </p>
                                <table class="table collision">
                                    <thead>
                                        <tr>
                                            <th scope="col">
                                                <span class="sr-only">"項目"</span>
                                            </th>
                                            <th scope="col">"自分の内容（この画面）"</th>
                                            <th scope="col">{format!("{by}さんの内容（保存済）")}</th>
                                        </tr>
                                    </thead>
                                    <tbody>
                                        {parts
                                            .into_iter()
                                            .filter(|(_, yours, theirs)| !(yours.trim().is_empty() && theirs.trim().is_empty()))
                                            .map(|(heading, yours, theirs)| {
                                                let differs = yours.trim() != theirs.trim();
                                                view! {
                                                    <tr class=if differs { "collision-differs" } else { "collision-same" }>
                                                        <th scope="row">
                                                            {heading}
                                                            {differs.then(|| view! { <span class="sub">"違い"</span> })}
                                                        </th>
                                                        <td>{yours}</td>
                                                        <td>{theirs}</td>
                                                    </tr>
                                                }
                                            })
                                            .collect_view()}
                                    </tbody>
                                </table>
                            </div>
                            <div class="dialog-footer">
                                <button type="button" class="btn btn-secondary" on:click=move |_| draft.choose_theirs()>
                                    "相手の内容を採用"
                                </button>
                                <button type="button" class="btn btn-secondary" on:click=move |_| draft.choose_yours()>
                                    "自分の内容で上書き"
                                </button>
                                <button
                                    type="button"
                                    class="btn btn-primary"
                                    autofocus=true
                                    on:click=move |_| draft.choose_both()
                                >
                                    "統合して編集"
                                </button>
                            </div>
                        }
                    })
            }}
        </Dialog>
    }
}
