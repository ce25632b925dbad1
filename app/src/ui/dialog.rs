//! A dialog over the page: the browser's own `<dialog>`, which traps the focus, closes with Esc and gives the focus back.

use leptos::{html, prelude::*};

/// A dialog. Its content exists only while it is open.
#[component]
pub fn Dialog(
    /// Whether it is open; Esc and the close button set it to false.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// Wider, for tables and two texts side by side.
    #[prop(optional)]
    wide: bool,
    /// Whether Esc and the close button close it (yes unless told).
    #[prop(default = true)]
    closable: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let open = open.get();
        let Some(dialog) = node.get() else { return };
        // The content is put in first, so that its `autofocus` is found.
        request_animation_frame(move || {
            if open && !dialog.open() {
                let _ = dialog.show_modal();
            } else if !open && dialog.open() {
                dialog.close();
            }
        });
    });
    let close = move || open.set(false);
    view! {
        <dialog
            node_ref=node
            class=if wide { "dialog dialog-wide" } else { "dialog" }
            aria-label=move || title.get()
            on:close=move |_| close()
            on:cancel=move |event: leptos::ev::Event| if !closable { event.prevent_default() }
        >
            <Show when=move || open.get()>
                <div class="dialog-header">
                    <h2>{move || title.get()}</h2>
                    {closable
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="btn btn-quiet btn-sm"
                                    on:click=move |_| close()
                                >
                                    "閉じる"
                                </button>
                            }
                        })}
                </div>
                {children()}
            </Show>
        </dialog>
    }
}
