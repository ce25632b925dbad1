//! Where the text is right now: on its way, on the server, or on this device only.

use super::{
    clock,
    draft::{Draft, SaveState, Written},
};
use crate::ui::{Notice, Tone};
use leptos::prelude::*;
use model::date;

/// The line beside the heading: 「保存中…」「10:15 保存済」「オフライン: この端末に保存済」.
#[component]
pub fn SaveStatus(
    /// How the draft stands.
    state: RwSignal<SaveState>,
) -> impl IntoView {
    let words = move || match state.get() {
        SaveState::Clean => String::new(),
        SaveState::Pending => "入力中（この端末に保存済）".to_owned(),
        SaveState::Saving => "保存中…".to_owned(),
        SaveState::Saved(at) => format!("{} 保存済", date::time_of(at)),
        SaveState::Offline => "オフライン: この端末に保存済".to_owned(),
        SaveState::SignedOut => "サインアウト中: この端末に保存済".to_owned(),
        SaveState::Collided => "ほかの人が先に保存しました".to_owned(),
        SaveState::Refused(_) => "保存できません: この端末に保存済".to_owned(),
    };
    // Only what needs somebody's attention is read out; "saved" every few seconds would drown the rest.
    let aloud = move || match state.get() {
        SaveState::Offline | SaveState::SignedOut | SaveState::Collided | SaveState::Refused(_) => words(),
        _ => String::new(),
    };
    let class = move || match state.get() {
        SaveState::Saved(_) => "save-status save-status-ok",
        SaveState::Offline | SaveState::SignedOut | SaveState::Collided | SaveState::Refused(_) => "save-status save-status-warn",
        _ => "save-status",
    };
    view! {
        <span class=class data-testid="save-status">
            {words}
        </span>
        <span class="sr-only" role="status">
            {aloud}
        </span>
    }
}

/// What the status line has no room for: text brought back from this device, and why the server does not take a text.
#[component]
pub fn DraftNotices<T: Written>(
    /// The draft.
    draft: Draft<T>,
) -> impl IntoView {
    view! {
        {move || {
            draft
                .restored
                .get()
                .map(|restored| {
                    let minutes = ((clock::now() - restored.at).num_minutes()).max(0);
                    let when = if minutes < 1 { "直前".to_owned() } else { date::stamp(restored.at) };
                    view! {
                        <Notice tone=Tone::Info title="この端末に残っていた入力を復元しました">
                            <p>{format!("{when}に入力され、サーバーに届いていなかった内容です。")}</p>
                            <div class="btn-row">
                                <button
                                    type="button"
                                    class="btn btn-secondary btn-sm"
                                    on:click=move |_| draft.restored.set(None)
                                >
                                    "この内容で続ける"
                                </button>
                                <button type="button" class="btn btn-quiet btn-sm" on:click=move |_| draft.drop_restored()>
                                    "保存済の内容に戻す"
                                </button>
                            </div>
                        </Notice>
                    }
                })
        }}
        {move || match draft.state.get() {
            SaveState::Refused(why) => {
                view! {
                    <Notice tone=Tone::Danger title="サーバーに保存できません">
                        <p>{why} " 入力した内容はこの端末に残っています。"</p>
                    </Notice>
                }
                    .into_any()
            }
            SaveState::SignedOut => {
                view! {
                    <Notice tone=Tone::Warn title="サインインの期限が切れました">
                        <p>"入力した内容はこの端末に残っています。サインインし直すと続きから保存します。"</p>
                    </Notice>
                }
                    .into_any()
            }
            _ => ().into_any(),
        }}
    }
}
