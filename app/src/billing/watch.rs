//! What a statement comes to, and that it moved: the sum in figures, a calm mark for a few seconds, a sentence for who
//! listens instead of looking.

use leptos::prelude::*;
use model::{
    fee::Statement,
    money::{Points, Yen, grouped},
};
use std::time::Duration;

/// How long a change stays marked.
const MARKED: Duration = Duration::from_secs(5);
/// How long nothing moves before it is said: several orders in a row are one sentence.
const SPOKEN_AFTER: Duration = Duration::from_millis(700);

/// Points and what the patient pays.
pub type Sum = (Points, Yen);

/// The sum of a statement.
pub fn sum_of(statement: &Statement) -> Sum {
    (statement.points, statement.due())
}

/// A difference with its sign: `+48点`.
pub(crate) fn signed(points: Points) -> String {
    format!("{}点", signed_number(points.0))
}

/// A difference of yen with its sign: `−1,230円`.
pub(crate) fn signed_yen(yen: Yen) -> String {
    format!("{}円", signed_number(yen.0))
}

/// A whole number with its sign, a real minus.
pub(crate) fn signed_number(value: i64) -> String {
    match value {
        0 => "±0".to_owned(),
        more if more > 0 => format!("+{}", grouped(more)),
        less => format!("−{}", grouped(-less)),
    }
}

/// By how many points the sum moved, for a few seconds after it did.
pub fn use_moved(sum: Signal<Option<Sum>>) -> Signal<Option<Points>> {
    let moved = RwSignal::new(None::<Points>);
    let turn = StoredValue::new(0_u64);
    Effect::new(move |before: Option<Option<Sum>>| {
        let now = sum.get();
        // Where it was not known for a moment, the last known sum counts.
        let (Some((points, _)), Some(Some((earlier, _)))) = (now, before) else { return now.or(before.flatten()) };
        if points != earlier {
            moved.set(Some(points - earlier));
            turn.update_value(|turn| *turn += 1);
            let mine = turn.get_value();
            set_timeout(
                move || {
                    if turn.try_get_value() == Some(mine) {
                        moved.set(None);
                    }
                },
                MARKED,
            );
        }
        now
    });
    moved.into()
}

/// Says the sum when it moves (`N点、負担 M円`); shows nothing.
#[component]
pub fn SumSpoken(
    /// The sum, once it is known.
    #[prop(into)]
    sum: Signal<Option<Sum>>,
) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let turn = StoredValue::new(0_u64);
    Effect::new(move |before: Option<Option<Sum>>| {
        let now = sum.get();
        let (Some((points, yen)), Some(Some(earlier))) = (now, before) else { return now.or(before.flatten()) };
        if (points, yen) != earlier {
            turn.update_value(|turn| *turn += 1);
            let mine = turn.get_value();
            set_timeout(
                move || {
                    if turn.try_get_value() == Some(mine) {
                        said.set(format!("{points}、負担 {yen}"));
                    }
                },
                SPOKEN_AFTER,
            );
        }
        now
    });
    view! {
        <p class="sr-only" aria-live="polite" data-fee-spoken="">
            {said}
        </p>
    }
}

/// The sum in figures, marked for a moment when it moved.
#[component]
pub fn SumShown(
    /// The statement.
    #[prop(into)]
    statement: Signal<Statement>,
) -> impl IntoView {
    let moved = use_moved(Signal::derive(move || Some(statement.with(sum_of))));
    let parts = move || {
        statement.with(|statement| {
            let (insured, due) = (statement.payment.patient_yen, statement.due());
            (!statement.self_paid.is_empty()).then(|| format!("（保険 {insured}・保険外 {}）", due - insured))
        })
    };
    view! {
        <p class="fee-total" class:fee-moved=move || moved.get().is_some()>
            <span>
                <strong class="num">{move || statement.with(|statement| statement.points.to_string())}</strong>
                {move || moved.get().map(|points| view! { " " <span class="num fee-delta">{signed(points)}</span> })}
                <span class="muted small">{move || statement.with(|statement| format!("（{}点数表）", statement.edition))}</span>
            </span>
            <span>
                "窓口負担 "
                <strong class="num">{move || statement.with(|statement| statement.due().to_string())}</strong>
                <span class="muted small">{parts}</span>
            </span>
        </p>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_carries_its_sign() {
        assert_eq!(signed(Points(1_048)), "+1,048点");
        assert_eq!(signed_yen(Yen(-350)), "−350円");
        assert_eq!(signed_number(0), "±0");
    }
}
