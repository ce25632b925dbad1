//! One line of a statement: what it is and costs, why it is there, who decided so, and what may be decided otherwise.

use super::hand::{Asked, Hand, Kind, use_withdraw};
use crate::ui::{Badge, Tone};
use leptos::prelude::*;
use model::{
    date,
    fee::{FeeLine, Override, Statement},
    money::grouped,
};

/// The row of a line.
#[component]
pub(super) fn LineRow(
    /// The line.
    line: FeeLine,
    /// The statement it belongs to, for what was decided by hand.
    statement: Signal<Statement>,
    /// The hand of who may decide otherwise.
    hand: Option<Hand>,
    /// Whether it came while somebody was looking.
    fresh: bool,
) -> impl IntoView {
    let total = line.total();
    let parts = (!line.parts.is_empty()).then(|| line.parts.clone());
    let code = line.code.clone();
    let decided =
        Memo::new(move |_| statement.with(|statement| statement.overrides.iter().find(|one| line_is_of(&code, one)).cloned()));
    let by_hand = line.by_hand;
    let (asking, code) = (line.clone(), line.code.clone());
    view! {
        <tr class:fee-fresh=fresh data-code=code>
            <td>
                <details class="reason">
                    <summary>
                        {line.name} " " {line.estimated.then(|| view! { <Badge text="推計" tone=Tone::Warn /> })}
                        {by_hand.then(|| view! { " " <Badge text="手動" tone=Tone::Info /> })}
                    </summary>
                    <div class="fee-why">
                        <p class="small">{line.reason}</p>
                        <p class="small muted">
                            {(!line.citation.is_empty()).then(|| format!("根拠：{}　", line.citation))}
                            <span class="num">{line.code}</span>
                        </p>
                        {hand
                            .map(|hand| view! { <Otherwise line=asking hand /> })}
                    </div>
                </details>
                {parts
                    .map(|parts| {
                        view! {
                            <ul class="parts">
                                {parts.into_iter().map(|part| view! { <li class="sub">{part}</li> }).collect_view()}
                            </ul>
                        }
                    })}
                {move || by_hand.then(|| decided.get()).flatten().map(|one| view! { <Decided one hand /> })}
            </td>
            <td class="num">{grouped(line.points.0)}</td>
            <td class="num">{grouped(line.count)}</td>
            <td class="num">{grouped(total.0)}</td>
        </tr>
    }
}

/// Whether a decision is about the line with this code.
fn line_is_of(code: &str, one: &Override) -> bool {
    one.code == code && one.change != model::fee::Change::Withhold
}

/// What may be decided about a line: 算定しない, 回数を変える.
#[component]
fn Otherwise(line: FeeLine, hand: Hand) -> impl IntoView {
    let line = StoredValue::new(line);
    let locked = move || hand.locked.with(Option::is_some);
    let button = move |kind: Kind| {
        view! {
            <button
                type="button"
                class="btn btn-secondary btn-sm"
                disabled=locked
                aria-describedby=move || locked().then_some("fee-locked")
                aria-label=line.with_value(|line| format!("{}：{}", kind.title(), line.name))
                on:click=move |_| hand.ask(line.with_value(|line| Asked::line(kind, line)))
            >
                {kind.title()}
            </button>
        }
    };
    view! { <div class="btn-row no-print">{button(Kind::Withhold)} {button(Kind::Count)}</div> }
}

/// What was decided by hand: why, by whom, when, and the way back.
#[component]
pub(super) fn Decided(
    /// The decision.
    one: Override,
    /// The hand of who may take it back.
    hand: Option<Hand>,
) -> impl IntoView {
    let (reason, by, at) = (one.reason.clone(), one.by.clone(), one.at);
    view! {
        <div class="fee-decided small">
            <span>
                {reason} " "
                <span class="muted">
                    {format!("（{}　{by}　", one.change.label())} <time datetime=at.to_rfc3339()>{date::stamp(at)}</time> "）"
                </span>
            </span>
            {hand.map(|hand| view! { <TakeBack one hand /> })}
        </div>
    }
}

/// The button 取り消す of a decision.
#[component]
fn TakeBack(one: Override, hand: Hand) -> impl IntoView {
    let withdraw = use_withdraw(hand);
    let id = format!("undo-{}", one.id);
    let label = format!("手動の変更を取り消す：{}", one.name);
    let one = StoredValue::new(one);
    let locked = move || hand.locked.with(Option::is_some);
    view! {
        <button
            type="button"
            id=id
            class="btn btn-quiet btn-sm no-print"
            disabled=locked
            aria-describedby=move || locked().then_some("fee-locked")
            aria-label=label
            on:click=move |_| withdraw(one.get_value())
        >
            "取り消す"
        </button>
    }
}
