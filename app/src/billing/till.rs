//! The till itself: what is handed over and the change; what was paid, its papers, and the way back.

use super::{api, paper::settled_words};
use crate::ui::{Field, Notice, Tone, failed, focus_id, toast, toast_error};
use leptos::{callback::Callable, prelude::*};
use model::{
    AppError, date,
    fee::Receipt,
    ids::VisitId,
    kana,
    money::{Yen, grouped},
};

/// What is often handed over, in yen.
const NOTES: [i64; 3] = [1_000, 5_000, 10_000];

/// What the text means in yen; nothing typed means the exact amount.
fn tendered_of(text: &str, due: Yen) -> Result<Yen, String> {
    let digits: String = kana::fold_width(text).chars().filter(|c| !matches!(c, ',' | '円' | '¥' | ' ')).collect();
    if digits.is_empty() {
        return Ok(due);
    }
    match digits.parse::<i64>() {
        Ok(yen) if yen > 9_999_999 => Err("金額が大きすぎます。".to_owned()),
        Ok(yen) if yen < due.0 => Err(format!("{}円 足りません。", grouped(due.0 - yen))),
        Ok(yen) if yen >= 0 => Ok(Yen(yen)),
        _ => Err("数字で入力してください。".to_owned()),
    }
}

/// What is handed over, the change, Enter.
#[component]
pub(super) fn Till(
    /// The visit that is paid.
    visit: VisitId,
    /// Its version.
    version: i64,
    /// What is due; a decision about the fee moves it.
    due: Signal<Yen>,
    /// Set once the payment was taken here.
    taken: StoredValue<bool>,
    /// Asks for the bill again.
    refetch: Callback<()>,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let left = RwSignal::new(false);
    let refused = RwSignal::new(None::<AppError>);
    let (toast, toast_error) = (toast(), toast_error());
    let tendered = Memo::new(move |_| tendered_of(&text.get(), due.get()));
    let error = Signal::derive(move || {
        refused
            .with(|refused| refused.as_ref().map(|error| error.at("tendered").unwrap_or_else(|| error.to_string())))
            .or_else(|| left.get().then(|| tendered.get().err()).flatten())
    });
    let pay = Action::new(move |yen: &i64| {
        let yen = *yen;
        async move {
            match api::take_payment(visit, yen, version).await {
                Ok(bill) => {
                    if let Some(receipt) = bill.receipt {
                        toast(&format!("入金しました。お釣り {}円", grouped(receipt.change.0)));
                    }
                    taken.set_value(true);
                    let _ = refetch.try_run(());
                }
                Err(error) => {
                    failed(&error);
                    if matches!(error, AppError::Stale { .. } | AppError::Conflict { .. }) {
                        toast_error(&error);
                        let _ = refetch.try_run(());
                    } else {
                        refused.set(Some(error));
                    }
                }
            }
        }
    });
    let send = move || match tendered.get_untracked() {
        Ok(yen) if !pay.pending().get_untracked() => {
            refused.set(None);
            pay.dispatch(yen.0);
        }
        Ok(_) => {}
        Err(_) => {
            left.set(true);
            focus_id("tendered");
        }
    };
    let put = move |yen: i64| {
        text.set(grouped(yen));
        focus_id("tendered");
    };
    focus_at_start("tendered");
    view! {
        <section class="card" aria-label="入金">
            <form
                class="card-body stack"
                on:submit=move |event| {
                    event.prevent_default();
                    send();
                }
            >
                <Field id="tendered" label="お預り" error>
                    <div class="cluster">
                        <input
                            id="tendered"
                            class="input input-num tendered"
                            inputmode="numeric"
                            autocomplete="off"
                            placeholder=move || grouped(due.get().0)
                            prop:value=move || text.get()
                            aria-invalid=move || error.get().map(|_| "true")
                            aria-describedby="tendered-error"
                            on:input:target=move |event| {
                                refused.set(None);
                                text.set(event.target().value());
                            }
                            // A field that is taken away is left as well; its text is gone by then.
                            on:blur=move |_| left.set(text.try_with_untracked(|text| !text.is_empty()).unwrap_or_default())
                        />
                        <span>"円"</span>
                    </div>
                </Field>
                <div class="btn-row" role="group" aria-label="金額を入れる">
                    <button type="button" class="btn btn-secondary btn-sm" on:click=move |_| put(due.get_untracked().0)>
                        "ちょうど"
                    </button>
                    {NOTES
                        .into_iter()
                        .map(|note| {
                            view! {
                                <button
                                    type="button"
                                    class="btn btn-secondary btn-sm"
                                    hidden=move || note < due.get().0
                                    on:click=move |_| put(note)
                                >
                                    {grouped(note)}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
                <dl class="due due-change">
                    <dt>"お釣り"</dt>
                    <dd>
                        <output for="tendered">
                            {move || tendered.get().map_or_else(|_| "—".to_owned(), |yen| grouped((yen - due.get()).0))}
                        </output>
                        <span class="due-unit">"円"</span>
                    </dd>
                </dl>
                <button class="btn btn-primary" disabled=move || pay.pending().get()>
                    {move || if pay.pending().get() { "入金しています…" } else { "入金して会計を終える" }}
                    <kbd class="kbd" aria-hidden="true">
                        "Enter"
                    </kbd>
                </button>
            </form>
        </section>
    }
}

/// What was paid, the papers, and the way back.
#[component]
pub(super) fn Paid(
    visit: VisitId,
    version: i64,
    receipt: Receipt,
    till: bool,
    taken: StoredValue<bool>,
    refetch: Callback<()>,
) -> impl IntoView {
    Effect::new(move |_| {
        if taken.try_get_value() == Some(true) {
            taken.set_value(false);
            focus_id("paid-receipt");
        }
    });
    let settled = settled_words(&receipt);
    let (toast, toast_error) = (toast(), toast_error());
    let undo = Action::new(move |(): &()| async move {
        match api::undo_payment(visit, version).await {
            Ok(_) => toast("入金を取り消しました。"),
            Err(error) => {
                failed(&error);
                toast_error(&error);
            }
        }
        let _ = refetch.try_run(());
    });
    view! {
        <section class="card" aria-label="入金済み">
            <div class="card-body stack">
                <Notice tone=Tone::Ok title="入金済みです">
                    <p>
                        {format!(
                            "領収証番号 {}　{}　{}",
                            receipt.number,
                            date::stamp(receipt.at),
                            receipt.by,
                        )}
                    </p>
                    {settled.map(|words| view! { <p data-settles="">{words}</p> })}
                </Notice>
                <dl class="facts">
                    <dt>"領収額"</dt>
                    <dd class="num">{receipt.due.to_string()}</dd>
                    <dt>"お預り"</dt>
                    <dd class="num">{receipt.tendered.to_string()}</dd>
                    <dt>"お釣り"</dt>
                    <dd class="num" data-change=receipt.change.0>
                        <strong>{receipt.change.to_string()}</strong>
                    </dd>
                </dl>
                <div class="btn-row">
                    <a id="paid-receipt" class="btn btn-primary" href=format!("/visits/{visit}/receipt")>
                        "領収証"
                    </a>
                    <a class="btn btn-secondary" href=format!("/visits/{visit}/details")>
                        "明細書"
                    </a>
                    {till
                        .then(|| {
                            view! {
                                <button
                                    type="button"
                                    class="btn btn-quiet"
                                    disabled=move || undo.pending().get()
                                    on:click=move |_| {
                                        undo.dispatch(());
                                    }
                                >
                                    "入金を取り消す"
                                </button>
                            }
                        })}
                </div>
            </div>
        </section>
    }
}

/// Puts the focus where the work begins, unless somebody is somewhere else already.
fn focus_at_start(id: &'static str) {
    Effect::new(move |_| {
        let elsewhere = document().active_element().is_some_and(|element| element.tag_name() == "INPUT");
        if !elsewhere {
            focus_id(id);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_typed_at_the_till() {
        let due = Yen(1_230);
        assert_eq!(tendered_of("", due), Ok(due));
        assert_eq!(tendered_of("５，０００円", due), Ok(Yen(5_000)));
        assert_eq!(tendered_of("2,000", due), Ok(Yen(2_000)));
        assert!(tendered_of("1000", due).is_err_and(|text| text.contains("230円")));
        assert!(tendered_of("abc", due).is_err());
        assert!(tendered_of("-5", Yen(0)).is_err());
        assert!(tendered_of("99999999", due).is_err());
    }
}
