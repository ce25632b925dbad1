//! What a page shows while data is under way, when it is there, and when it could not be had.

use super::{Notice, Skeleton, Tone};
use leptos::prelude::*;
use model::AppError;

/// Data that a page fetched: a placeholder at first, then the view, or the error in its place. While it is fetched again
/// the old view stays.
#[component]
pub fn Answer<T, F, V>(
    /// The data.
    data: Resource<Result<T, AppError>>,
    /// The view of it.
    view: F,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    F: Fn(T) -> V + Clone + Send + Sync + 'static,
    V: IntoView + Send + 'static,
{
    view! {
        <Transition fallback=Skeleton>
            {move || {
                let view = view.clone();
                data.get()
                    .map(|answer| match answer {
                        Ok(value) => view(value).into_any(),
                        Err(error) => view! { <Failure error /> }.into_any(),
                    })
            }}
        </Transition>
    }
}

/// An error where the data would stand. Whoever is signed out is asked to sign in again.
#[component]
pub fn Failure(
    /// What happened.
    error: AppError,
) -> impl IntoView {
    failed(&error);
    if error == AppError::NotFound {
        // The whole page is missing, so this is what the page says.
        return view! {
            <h1>"見つかりません"</h1>
            <p>"アドレスを確認してください。患者や受診が取り消されたか、この医療機関のものではない場合もあります。"</p>
            <p>
                <a href="/">"最初のページへ"</a>
            </p>
        }
        .into_any();
    }
    view! {
        <Notice tone=Tone::Danger>
            <p>{error.to_string()}</p>
        </Notice>
    }
    .into_any()
}

/// To be told of every error a page meets: opens the dialog to sign in again when the session has ended.
pub fn failed(error: &AppError) {
    if *error == AppError::SignedOut
        && let Some(session) = use_context::<crate::session::Session>()
    {
        session.ask_again();
    }
}
