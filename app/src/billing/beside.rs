//! What stands beside the lines of a statement: what people withheld, hints by kind, and what is not billed.

use super::{
    hand::{Asked, Hand, Kind},
    line::Decided,
};
use crate::ui::{Badge, Tone};
use leptos::prelude::*;
use model::fee::{Change, Hint, HintKind, Override, Statement};

/// Decisions that no line shows: what is withheld, and what had nothing to change.
fn without_line(statement: &Statement) -> Vec<Override> {
    let shown = |one: &Override| {
        one.change != Change::Withhold && statement.lines.iter().any(|line| line.by_hand && line.code == one.code)
    };
    statement.overrides.iter().filter(|one| !shown(one)).cloned().collect()
}

/// What was decided by hand and is no line.
#[component]
pub(super) fn ByHand(statement: Signal<Statement>, hand: Option<Hand>) -> impl IntoView {
    let decided = Memo::new(move |_| statement.with(without_line));
    view! {
        <Show when=move || !decided.with(Vec::is_empty)>
            <section class="fee-beside" aria-label="手動の変更">
                <h2>"手動の変更"</h2>
                <ul class="fee-list">
                    <For
                        each=move || decided.get()
                        key=|one| one.id
                        children=move |one| {
                            view! {
                                <li>
                                    <p>
                                        <Badge text="手動" tone=Tone::Info />
                                        " "
                                        <strong>{one.name.clone()}</strong>
                                    </p>
                                    <Decided one hand />
                                </li>
                            }
                        }
                    />
                </ul>
            </section>
        </Show>
    }
}

/// The hints, those of a kind together.
#[component]
pub(super) fn Hints(statement: Signal<Statement>, hand: Option<Hand>) -> impl IntoView {
    [HintKind::Missed, HintKind::Cut, HintKind::Check]
        .into_iter()
        .map(|kind| {
            let hints = Memo::new(move |_| {
                statement.with(|statement| statement.hints.iter().filter(|hint| hint.kind == kind).cloned().collect::<Vec<_>>())
            });
            let class = match kind {
                HintKind::Missed => "fee-beside notice notice-info",
                HintKind::Cut => "fee-beside notice notice-warn",
                HintKind::Check => "fee-beside notice notice-neutral",
            };
            view! {
                <Show when=move || !hints.with(Vec::is_empty)>
                    <section class=class aria-label=kind.label()>
                        <h2>{move || format!("{}（{}件）", kind.label(), hints.with(Vec::len))}</h2>
                        <ul class="fee-list">
                            <For
                                each=move || numbered(hints.get())
                                key=|(at, hint)| format!("{at} {hint:?}")
                                children=move |(_, hint)| view! { <HintRow hint statement hand /> }
                            />
                        </ul>
                    </section>
                </Show>
            }
        })
        .collect_view()
}

/// Equal things told apart by a number.
fn numbered(hints: Vec<Hint>) -> Vec<(usize, Hint)> {
    hints.into_iter().enumerate().collect()
}

/// A hint with what can be done about it in one step.
#[component]
fn HintRow(hint: Hint, statement: Signal<Statement>, hand: Option<Hand>) -> impl IntoView {
    let text = hint.text.clone();
    let hint = StoredValue::new(hint);
    // A line that may be cut can be withheld at once.
    let line = move || {
        let code = hint.with_value(|hint| hint.code.clone());
        statement.with(|statement| statement.lines.iter().find(|line| line.code == code).cloned())
    };
    let action = move |hand: Hand| {
        let (kind, coded) = hint.with_value(|hint| (hint.kind, !hint.code.is_empty()));
        let locked = move || hand.locked.with(Option::is_some);
        let label = move |verb: &str| hint.with_value(|hint| format!("{verb}：{}", hint.text));
        match kind {
            HintKind::Missed if coded => view! {
                <button
                    type="button"
                    class="btn btn-secondary btn-sm no-print"
                    disabled=locked
                    aria-describedby=move || locked().then_some("fee-locked")
                    aria-label=label("追加")
                    on:click=move |_| hand.ask(hint.with_value(|hint| Asked::add(&hint.code, "", &hint.text)))
                >
                    "追加"
                </button>
            }
            .into_any(),
            HintKind::Cut if coded => view! {
                <Show when=move || line().is_some()>
                    <button
                        type="button"
                        class="btn btn-secondary btn-sm no-print"
                        disabled=locked
                        aria-describedby=move || locked().then_some("fee-locked")
                        aria-label=label("算定しない")
                        on:click=move |_| {
                            if let Some(line) = untrack(line) {
                                hand.ask(Asked::line(Kind::Withhold, &line));
                            }
                        }
                    >
                        "算定しない"
                    </button>
                </Show>
            }
            .into_any(),
            _ => ().into_any(),
        }
    };
    view! {
        <li class="fee-hint">
            <span>{text}</span>
            {hand.map(action)}
        </li>
    }
}

/// What is not billed and why; still it can be.
#[component]
pub(super) fn NotBilled(statement: Signal<Statement>, hand: Option<Hand>) -> impl IntoView {
    let omitted = Memo::new(move |_| {
        statement.with(|statement| {
            // What a person withheld stands above, with the way back.
            let withheld = |code: &str| statement.overrides.iter().any(|one| one.code == code && one.change == Change::Withhold);
            statement.omitted.iter().filter(|one| !withheld(&one.code)).cloned().collect::<Vec<_>>()
        })
    });
    let locked = move || hand.is_some_and(|hand| hand.locked.with(Option::is_some));
    view! {
        <Show when=move || !omitted.with(Vec::is_empty)>
            <details class="fold statement-omitted">
                <summary>{move || format!("算定しなかった項目（{}件）とその理由", omitted.with(Vec::len))}</summary>
                <ul class="fee-list" aria-label="算定しなかった項目">
                    <For
                        each=move || omitted.get().into_iter().enumerate()
                        key=|(at, one)| format!("{at} {one:?}")
                        children=move |(_, one)| {
                            let name = if one.name.is_empty() { one.code.clone() } else { one.name.clone() };
                            let (reason, label) = (one.reason.clone(), format!("それでも算定する：{name}"));
                            // What has no code (選定療養, a visit outside of insurance) is no item that could be billed.
                            let coded = !one.code.is_empty();
                            let one = StoredValue::new(one);
                            view! {
                                <li class="fee-hint">
                                    <span>
                                        <strong>{name}</strong>
                                        "："
                                        {reason}
                                    </span>
                                    {hand
                                        .filter(|_| coded)
                                        .map(|hand| {
                                            view! {
                                                <button
                                                    type="button"
                                                    class="btn btn-quiet btn-sm no-print"
                                                    disabled=locked
                                                    aria-describedby=move || locked().then_some("fee-locked")
                                                    aria-label=label
                                                    on:click=move |_| {
                                                        hand.ask(one.with_value(|one| Asked::add(&one.code, &one.name, &one.reason)))
                                                    }
                                                >
                                                    "それでも算定する"
                                                </button>
                                            }
                                        })}
                                </li>
                            }
                        }
                    />
                </ul>
            </details>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{fee::FeeLine, ids::OverrideId};

    #[test]
    fn a_decision_stands_at_its_line_or_by_itself() {
        let one = |code: &str, change| Override {
            id: OverrideId(Default::default()),
            code: code.into(),
            name: String::new(),
            change,
            reason: String::new(),
            by: String::new(),
            at: Default::default(),
        };
        let line = |code: &str, by_hand| FeeLine {
            code: code.into(),
            name: String::new(),
            parts: Vec::new(),
            points: Default::default(),
            count: 1,
            section: model::fee::Section::Test,
            reason: String::new(),
            citation: String::new(),
            estimated: false,
            by_hand,
        };
        let statement = Statement {
            edition: String::new(),
            date: Default::default(),
            lines: vec![line("1", true), line("2", false)],
            omitted: Vec::new(),
            hints: Vec::new(),
            points: Default::default(),
            payment: Default::default(),
            self_paid: Vec::new(),
            overrides: vec![one("1", Change::Add { count: 1 }), one("2", Change::Withhold), one("3", Change::Count { count: 2 })],
        };
        let alone: Vec<_> = without_line(&statement).into_iter().map(|one| one.code).collect();
        assert_eq!(alone, ["2", "3"]);
    }
}
