//! Signing in: a plain form that works before the page is hydrated, and the dialog that asks again when a session ended.

use super::{Session, api::SignIn};
use crate::ui::{Dialog, Field, Notice, TextField, Tone, reconnect_events, toast};
use leptos::{form::ActionForm, html, prelude::*};
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_query_map};
use model::AppError;

/// Where this machine remembers the clinic's short name.
const CLINIC_KEY: &str = "karte.clinic";

/// The page `/sign-in`.
#[component]
pub fn SignInPage() -> impl IntoView {
    let session = expect_context::<Session>();
    let query = use_query_map();
    let action = ServerAction::<SignIn>::new();
    let clinic = NodeRef::<html::Input>::new();
    let login = NodeRef::<html::Input>::new();
    let password = NodeRef::<html::Input>::new();
    let error = move || action.value().get().and_then(Result::err);
    let at = move |field: &'static str| Signal::derive(move || error().and_then(|error| error.at(field)));
    let whole = move || error().filter(|error| !matches!(error, AppError::Invalid { .. }));

    // The clinic is the same every day: this machine remembers it and starts at the name.
    Effect::new(move |done: Option<bool>| {
        let (Some(clinic), Some(login)) = (clinic.get(), login.get()) else { return false };
        if done != Some(true) {
            if clinic.value().is_empty()
                && let Some(known) = storage().and_then(|storage| storage.get_item(CLINIC_KEY).ok().flatten())
            {
                clinic.set_value(&known);
            }
            let start = if clinic.value().is_empty() { &clinic } else { &login };
            let _ = start.focus();
        }
        true
    });
    Effect::new(move |_| {
        if let Some(Ok(_)) = action.value().get() {
            if let (Some(storage), Some(clinic)) = (storage(), clinic.get_untracked()) {
                // A browser that stores nothing just asks again tomorrow.
                let _ = storage.set_item(CLINIC_KEY, &clinic.value());
            }
            let next = query.with_untracked(|query| query.get("next")).filter(|next| is_inside(next));
            // A whole page load: nothing of the person before stays in memory.
            let _ = window().location().set_href(next.as_deref().unwrap_or("/"));
        }
    });

    // A wrong password is typed again: the field is ready for it.
    Effect::new(move |_| {
        if let (Some(Err(_)), Some(password)) = (action.value().get(), password.get_untracked()) {
            let _ = password.focus();
            password.select();
        }
    });

    view! {
        <Title text="サインイン" />
        <Suspense>
            {move || matches!(session.me.get(), Some(Ok(Some(_)))).then(|| view! { <Redirect path="/" /> })}
        </Suspense>
        <main id="main" class="auth">
            <div class="auth-brand">
                <h1>"標準カルテ"</h1>
                <p class="muted">"医科診療所の電子カルテ・レセプト"</p>
            </div>
            <div class="card">
                <div class="card-body">
                    <ActionForm action=action attr:class="stack" attr:aria-label="サインイン">
                        {move || {
                            whole()
                                .map(|error| view! { <Notice tone=Tone::Danger><p>{error.to_string()}</p></Notice> })
                        }}
                        <Field id="sign-in-clinic" label="医療機関ID" error=at("clinic")>
                            <input
                                id="sign-in-clinic"
                                class="input"
                                name="form[clinic]"
                                autocomplete="organization"
                                autocapitalize="none"
                                spellcheck="false"
                                required
                                node_ref=clinic
                            />
                        </Field>
                        <Field id="sign-in-login" label="職員ID" error=at("login")>
                            <input
                                id="sign-in-login"
                                class="input"
                                name="form[login]"
                                autocomplete="username"
                                autocapitalize="none"
                                spellcheck="false"
                                required
                                node_ref=login
                            />
                        </Field>
                        <Field id="sign-in-password" label="パスワード" error=at("password")>
                            <input
                                id="sign-in-password"
                                class="input"
                                name="form[password]"
                                type="password"
                                autocomplete="current-password"
                                required
                                node_ref=password
                            />
                        </Field>
                        <button class="btn btn-primary" disabled=move || action.pending().get()>
                            {move || if action.pending().get() { "確認しています…" } else { "サインイン" }}
                        </button>
                    </ActionForm>
                </div>
            </div>
        </main>
    }
}

/// The dialog that asks for the password again when the session has ended; the page under it stays as it is.
#[component]
pub fn SignInAgain() -> impl IntoView {
    let session = expect_context::<Session>();
    let action = ServerAction::<SignIn>::new();
    let (login, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let toast = toast();
    let clinic = move || storage().and_then(|storage| storage.get_item(CLINIC_KEY).ok().flatten()).unwrap_or_default();
    let error = Signal::derive(move || action.value().get().and_then(Result::err).map(|error| error.to_string()));
    let send = move || {
        let form =
            model::staff::SignInForm { clinic: clinic(), login: login.get_untracked(), password: password.get_untracked() };
        action.dispatch(SignIn { form });
    };
    Effect::new(move |_| {
        let Some(Ok(now)) = action.value().get() else { return };
        password.set(String::new());
        action.clear();
        session.again.set(false);
        match session.me.get_untracked() {
            Some(Ok(Some(before))) if before == now => {
                reconnect_events();
                toast("サインインしました。もう一度操作してください。");
            }
            // Another person: their own page, from the start.
            _ => {
                let _ = window().location().set_href("/");
            }
        }
    });
    view! {
        <Dialog open=session.again title="もう一度サインインしてください">
            <form
                class="stack dialog-body"
                on:submit=move |event| {
                    event.prevent_default();
                    send();
                }
            >
                <p>"一定時間が過ぎたため、サインインが切れました。入力中の内容はこの画面に残っています。"</p>
                <TextField label="職員ID" name="again-login" value=login autocomplete="username" autofocus=true />
                <TextField
                    label="パスワード"
                    name="again-password"
                    kind="password"
                    value=password
                    autocomplete="current-password"
                    error
                />
                <div class="btn-row">
                    <button class="btn btn-primary" disabled=move || action.pending().get()>
                        "サインイン"
                    </button>
                    <a class="btn btn-quiet" href="/sign-in" rel="external">
                        "別の職員でサインイン"
                    </a>
                </div>
            </form>
        </Dialog>
    }
}

/// Whether a link leads to a page of ours.
fn is_inside(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains('\\')
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::is_inside;

    #[test]
    fn after_signing_in_nobody_is_led_elsewhere() {
        assert!(is_inside("/patients/1/chart"));
        for outside in ["https://example.com", "//example.com", "/\\example.com", "javascript:alert(1)", ""] {
            assert!(!is_inside(outside), "{outside}");
        }
    }
}
