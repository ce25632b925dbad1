//! Flags for keeping and telling (長期保存・未告知・未提供): badges on a row of the chart, and the small menu that sets them.

use crate::{
    chart::{places::spot, store::ChartStore},
    ui::{Badge, Tone, focus_id},
};
use leptos::{ev, prelude::*};
use model::share::{Flags, Place};
use std::pin::Pin;

/// One of the three flags.
type Flag = (&'static str, &'static str, &'static str, fn(&mut Flags) -> &mut bool);

/// Word in ids, label, what it means. The first is the only one that allergies and reports take.
const FLAGS: [Flag; 3] = [
    ("kept", "長期保存", "共有サービスに長く残す", |flags| &mut flags.long_term),
    ("untold", "未告知", "本人にまだ伝えていない", |flags| &mut flags.uninformed),
    ("withheld", "未提供", "本人には見せない", |flags| &mut flags.undelivered),
];

/// What changed between two sets of flags, in words for a message: `未告知にしました。`.
pub fn change_words(mut before: Flags, mut after: Flags) -> String {
    FLAGS
        .iter()
        .find_map(|(_, label, _, of)| match (*of(&mut before), *of(&mut after)) {
            (false, true) => Some(format!("{label}にしました。")),
            (true, false) => Some(format!("{label}を外しました。")),
            _ => None,
        })
        .unwrap_or_default()
}

/// The flags as badges behind a name.
#[component]
pub fn FlagBadges(
    /// The flags.
    mut flags: Flags,
) -> impl IntoView {
    FLAGS
        .iter()
        .filter(|(_, _, _, of)| *of(&mut flags))
        .map(|(key, label, ..)| {
            let tone = if *key == "kept" { Tone::Neutral } else { Tone::Warn };
            view! {
                " "
                <Badge text=*label tone />
            }
        })
        .collect_view()
}

/// Opens and closes the menu of a row.
#[component]
pub fn FlagButton(
    /// Whose flags.
    place: Place,
    /// Its name, for screen readers.
    name: String,
) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let open = move || store.flagging.get() == Some(place);
    let (_, row) = spot(place).unwrap_or((store.panel.get_untracked(), String::new()));
    let first = format!("{}-{row}", FLAGS[0].0);
    view! {
        <button
            type="button"
            id=format!("flags-{row}")
            class="btn btn-quiet btn-sm"
            aria-expanded=move || open().to_string()
            aria-label=format!("{name}の共有設定")
            on:click=move |_| {
                if untrack(open) {
                    store.flagging.set(None);
                } else {
                    store.flagging.set(Some(place));
                    focus_id(first.clone());
                }
            }
        >
            "共有設定"
        </button>
    }
}

/// A change of flags under way; whether it succeeded.
pub type Flagging = Pin<Box<dyn Future<Output = bool>>>;

/// The menu: a tick sets a flag at once, with a way back. It stays open while the row is made anew.
#[component]
pub fn FlagMenu(
    /// Whose flags.
    place: Place,
    /// Its name, for screen readers.
    name: String,
    /// The flags as they stand.
    flags: Flags,
    /// Sets them.
    change: Callback<Flags, Flagging>,
) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let row = StoredValue::new(spot(place).map(|(_, row)| row).unwrap_or_default());
    let shown = RwSignal::new(flags);
    let busy = RwSignal::new(false);
    let close = move || {
        store.flagging.set(None);
        focus_id(format!("flags-{}", row.get_value()));
    };
    let on_key = move |event: ev::KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            close();
        }
    };
    let tick = move |at: usize| {
        let (key, .., of) = FLAGS[at];
        let mut wanted = shown.get_untracked();
        if busy.get_untracked() {
            // One change at a time: the tick goes back.
            return shown.notify();
        }
        busy.set(true);
        *of(&mut wanted) = !*of(&mut wanted);
        shown.set(wanted);
        let (id, sending) = (format!("{key}-{}", row.get_value()), change.run(wanted));
        leptos::task::spawn_local(async move {
            if sending.await {
                // The row is made anew first; then the tick is found by its name.
                request_animation_frame(move || focus_id(id));
            } else {
                let _ = busy.try_set(false);
                let _ = shown.try_set(flags);
            }
        });
    };
    let many = matches!(place, Place::Diagnosis { .. });
    let boxes = move || {
        let offered = if many { &FLAGS[..] } else { &FLAGS[..1] };
        offered
            .iter()
            .enumerate()
            .map(|(at, (key, label, meaning, of))| {
                view! {
                    <label class="check">
                        <input
                            type="checkbox"
                            id=format!("{key}-{}", row.get_value())
                            prop:checked=move || *of(&mut shown.get())
                            on:change=move |_| tick(at)
                        />
                        <span>
                            {*label} <span class="muted small">{format!(" {meaning}")}</span>
                        </span>
                    </label>
                }
            })
            .collect_view()
    };
    let label = format!("{name}の共有設定");
    view! {
        <Show when=move || store.flagging.get() == Some(place)>
            <div class="flag-menu" role="group" aria-label=label.clone() on:keydown=on_key>
                {boxes()}
                {many
                    .then(|| {
                        view! {
                            <p class="field-hint">
                                "印は共有する文書に付きます。未告知・未提供の病名は、本人に渡す「共有の記録」に載りません。"
                            </p>
                        }
                    })}
                <button type="button" class="btn btn-quiet btn-sm" on:click=move |_| close()>
                    "閉じる"
                </button>
            </div>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_in_words() {
        let untold = Flags { uninformed: true, ..Flags::default() };
        assert_eq!(change_words(Flags::default(), untold), "未告知にしました。");
        assert_eq!(change_words(untold, Flags::default()), "未告知を外しました。");
        assert_eq!(change_words(untold, Flags { long_term: true, ..untold }), "長期保存にしました。");
    }
}
