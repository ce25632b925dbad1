//! The frame around every page: the bar with the clinic, the ways, who is signed in and today's date.

use super::{Offer, Session, api::SignOut, offers, use_me};
use crate::{
    outside::Unread,
    ui::{Failure, Skeleton, today, use_shortcut},
};
use leptos::{form::ActionForm, prelude::*};
use leptos_router::{
    components::{A, Outlet, Redirect},
    hooks::{use_location, use_navigate},
};
use model::{
    date,
    staff::{Me, Role},
};

/// Lets nobody in who is not signed in, and puts the bar over the page.
#[component]
pub fn Frame() -> impl IntoView {
    let session = expect_context::<Session>();
    let path = use_location().pathname;
    view! {
        <Suspense fallback=Skeleton>
            {move || {
                session
                    .me
                    .get()
                    .map(|answer| match answer {
                        Ok(Some(me)) => {
                            provide_context(me.clone());
                            provide_context(offers(me.staff.role, Offer::Desk).then(Unread::follow));
                            view! {
                                <TopBar me />
                                <Outlet />
                            }
                                .into_any()
                        }
                        Ok(None) => {
                            let path = path.get_untracked();
                            let next = if path == "/" { "/sign-in".to_owned() } else { format!("/sign-in?next={path}") };
                            view! { <Redirect path=next /> }.into_any()
                        }
                        Err(error) => view! { <Failure error /> }.into_any(),
                    })
            }}
        </Suspense>
    }
}

/// The page `/`: leads to where a role begins its day.
#[component]
pub fn Home() -> impl IntoView {
    let path = if use_me().staff.role == Role::Administrator { "/admin" } else { "/reception" };
    view! { <Redirect path /> }
}

#[component]
fn TopBar(me: Me) -> impl IntoView {
    let sign_out = ServerAction::<SignOut>::new();
    let role = me.staff.role;
    let today = today();
    Effect::new(move |_| {
        if sign_out.value().get().is_some() {
            // A whole page load: nothing of this person stays in memory.
            let _ = window().location().set_href("/sign-in");
        }
    });
    let navigate = StoredValue::new(use_navigate());
    let go = move |path: &'static str| navigate.with_value(|go| go(path, Default::default()));
    if role != Role::Administrator {
        use_shortcut("Alt+1", "受付を開く", move || go("/reception"));
    }
    // Letters are sorted by who stands at the desk.
    let unread = expect_context::<Option<Unread>>();
    if offers(role, Offer::Register) {
        use_shortcut("Alt+2", "新患登録を開く", move || go("/patients/new"));
    }
    if unread.is_some() {
        use_shortcut("Alt+3", "届いた紹介状を開く", move || go("/inbox"));
    }
    view! {
        <header class="top-bar no-print">
            <a class="top-bar-brand" href="/">
                {me.clinic_name}
            </a>
            <nav class="top-bar-nav" aria-label="主なページ">
                {(role != Role::Administrator)
                    .then(|| {
                        view! {
                            <A href="/reception" attr:class="top-bar-link">
                                "受付"
                            </A>
                        }
                    })}
                {offers(role, Offer::Register)
                    .then(|| {
                        view! {
                            <A href="/patients/new" attr:class="top-bar-link">
                                "新患登録"
                            </A>
                        }
                    })}
                {unread
                    .map(|unread| {
                        view! {
                            <A href="/inbox" attr:class="top-bar-link">
                                "紹介状"
                                {move || {
                                    let number = unread.get();
                                    (number > 0)
                                        .then(|| {
                                            view! {
                                                <span class="tab-count unread-count">
                                                    <span class="sr-only">"未読・未照合"</span>
                                                    {number}
                                                    <span class="sr-only">"件"</span>
                                                </span>
                                            }
                                        })
                                }}
                            </A>
                        }
                    })}
                {(role == Role::Doctor)
                    .then(|| {
                        view! {
                            <A href="/inhouse" attr:class="top-bar-link">
                                "院内マスター"
                            </A>
                        }
                    })}
                {offers(role, Offer::Administration)
                    .then(|| {
                        view! {
                            <A href="/admin" attr:class="top-bar-link">
                                "管理"
                            </A>
                        }
                    })}
            </nav>
            <div class="top-bar-who">
                <time class="top-bar-date" datetime=today.to_string()>
                    {date::both(today)}
                </time>
                <span>
                    {me.staff.name} <span class="muted">{format!("（{}）", role.label())}</span>
                </span>
                <ActionForm action=sign_out>
                    <button class="btn btn-quiet btn-sm">"サインアウト"</button>
                </ActionForm>
            </div>
        </header>
    }
}
