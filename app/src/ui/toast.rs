//! Messages that go by: what was done, with a way back, or what went wrong. The region is read out by screen readers.

use leptos::prelude::*;
use model::AppError;
use std::time::Duration;

/// How long a message stays; one with a way back stays longer.
const SHORT: Duration = Duration::from_secs(5);
const LONG: Duration = Duration::from_secs(10);

#[derive(Clone)]
struct Toast {
    id: usize,
    text: String,
    class: &'static str,
    undo: Option<Callback<()>>,
}

#[derive(Clone, Copy)]
struct Toasts {
    all: RwSignal<Vec<Toast>>,
    next: RwSignal<usize>,
}

pub(super) fn provide() {
    provide_context(Toasts { all: RwSignal::new(Vec::new()), next: RwSignal::new(0) });
}

impl Toasts {
    fn push(self, text: String, class: &'static str, undo: Option<Callback<()>>) {
        let id = self.next.get_untracked();
        self.next.set(id + 1);
        let stay = if undo.is_some() { LONG } else { SHORT };
        self.all.update(|all| all.push(Toast { id, text, class, undo }));
        set_timeout(move || self.drop(id), stay);
    }

    fn drop(self, id: usize) {
        self.all.update(|all| all.retain(|toast| toast.id != id));
    }
}

/// Gives a function that shows a message. Call it while the component is made, use the function in events.
pub fn toast() -> impl Fn(&str) + Copy + Send + Sync + 'static {
    let toasts = expect_context::<Toasts>();
    move |text: &str| toasts.push(text.to_owned(), "toast toast-ok", None)
}

/// The same for a message with 「元に戻す」.
pub fn toast_undo() -> impl Fn(&str, Callback<()>) + Copy + Send + Sync + 'static {
    let toasts = expect_context::<Toasts>();
    move |text: &str, undo: Callback<()>| toasts.push(text.to_owned(), "toast", Some(undo))
}

/// The same for an error that has no field to stand at.
pub fn toast_error() -> impl Fn(&AppError) + Copy + Send + Sync + 'static {
    let toasts = expect_context::<Toasts>();
    move |error: &AppError| toasts.push(error.to_string(), "toast toast-danger", None)
}

/// Where the messages appear; stands once in the application.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    view! {
        <div class="toast-region" role="status" aria-live="polite">
            <For each=move || toasts.all.get() key=|toast| toast.id let:toast>
                <div class=toast.class>
                    <span>{toast.text}</span>
                    {toast
                        .undo
                        .map(|undo| {
                            view! {
                                <button
                                    type="button"
                                    class="btn btn-quiet btn-sm"
                                    on:click=move |_| {
                                        toasts.drop(toast.id);
                                        undo.run(());
                                    }
                                >
                                    "元に戻す"
                                </button>
                            }
                        })}
                </div>
            </For>
        </div>
    }
}
