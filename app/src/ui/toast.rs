//! Messages that go by: what was done, with a way back, or what went wrong. The region is read out by screen readers.

use leptos::prelude::*;
use model::AppError;
use std::{sync::Arc, time::Duration};

/// How long a message stays; one with a way back stays longer.
const SHORT: Duration = Duration::from_secs(5);
const LONG: Duration = Duration::from_secs(10);

/// A way back. It belongs to the message: the component that showed it may be gone by the time it is wanted.
type Back = Arc<dyn Fn() + Send + Sync>;

#[derive(Clone)]
struct Toast {
    id: usize,
    text: String,
    class: &'static str,
    undo: Option<Back>,
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
    fn push(self, text: String, class: &'static str, undo: Option<Back>) {
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

/// The same for a message with 「元に戻す」. The callback lives as long as the component it was made in.
pub fn toast_undo() -> impl Fn(&str, Callback<()>) + Copy + Send + Sync + 'static {
    let toasts = expect_context::<Toasts>();
    move |text: &str, undo: Callback<()>| {
        let back = move || {
            // Gone with its component: then there is nothing to go back to.
            let _ = undo.try_run(());
        };
        toasts.push(text.to_owned(), "toast", Some(Arc::new(back)));
    }
}

/// The same for components that are gone when the message shows, such as a dialog that closed: what is done to go back
/// must need nothing of them.
pub fn toast_undo_later() -> impl Fn(&str, Box<dyn Fn() + Send + Sync>) + Copy + Send + Sync + 'static {
    let toasts = expect_context::<Toasts>();
    move |text: &str, back: Box<dyn Fn() + Send + Sync>| toasts.push(text.to_owned(), "toast", Some(Arc::from(back)))
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
                                        undo();
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
