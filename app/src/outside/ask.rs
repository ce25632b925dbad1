//! Asking the platform for what other institutions shared: the purpose first, because it stands on record; then what came
//! of it, in words without content.

use super::{api, count};
use crate::ui::{Badge, Choice, Notice, SelectField, Tone, failed, toast_error};
use leptos::{callback::Callable, prelude::*, task::spawn_local};
use leptos_router::components::A;
use model::{
    ids::PatientId,
    outside::{Asked, Purpose},
};

/// A question to the platform and its answer. Made by the page, so that it outlives what is drawn anew.
#[derive(Clone, Copy)]
pub struct Question {
    /// What came of it: whose answer it is, and the answer.
    pub answer: RwSignal<Option<(PatientId, Asked)>>,
    busy: RwSignal<bool>,
    purpose: RwSignal<String>,
}

impl Question {
    /// Nothing asked yet.
    pub fn new() -> Self {
        Self {
            answer: RwSignal::new(None),
            busy: RwSignal::new(false),
            purpose: RwSignal::new(Purpose::default().as_str().to_owned()),
        }
    }
}

/// The purpose and the button.
#[component]
pub fn AskForm(
    /// Whom it is about.
    patient: PatientId,
    /// The question.
    question: Question,
    /// Why it cannot be asked now, if so.
    #[prop(into)]
    blocked: Signal<bool>,
    /// What the button says.
    words: &'static str,
    /// Called when the platform has answered.
    #[prop(optional, into)]
    on_answer: Option<Callback<Asked>>,
) -> impl IntoView {
    let show = toast_error();
    let Question { answer, busy, purpose } = question;
    let ask = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() || blocked.get_untracked() {
            return;
        }
        busy.set(true);
        answer.set(None);
        let wanted = Purpose::parse(&purpose.get_untracked()).unwrap_or_default();
        spawn_local(async move {
            let asked = api::ask_outside(patient, wanted).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match asked {
                Ok(asked) => {
                    answer.set(Some((patient, asked.clone())));
                    if let Some(on_answer) = on_answer {
                        let _ = on_answer.try_run(asked);
                    }
                }
                Err(error) => {
                    failed(&error);
                    show(&error);
                }
            }
        });
    };
    let choices: Vec<Choice> =
        Purpose::ALL.into_iter().map(|purpose| (purpose.as_str().to_owned(), purpose.label().to_owned())).collect();
    view! {
        <form class="outside-ask" novalidate on:submit=ask>
            <SelectField label="閲覧の目的" name="outside-purpose" value=purpose choices />
            <button id="ask-outside" class="btn btn-secondary" disabled=move || busy.get() || blocked.get()>
                {move || if busy.get() { "取り寄せています…" } else { words }}
            </button>
        </form>
    }
}

/// What came of it.
#[component]
pub fn Answered(
    /// Whom the page is about: an answer about somebody else is not shown.
    patient: PatientId,
    /// The question.
    question: Question,
) -> impl IntoView {
    view! {
        <div aria-live="polite" data-asked="">
            {move || question.answer.get().filter(|(whose, _)| *whose == patient).map(|(_, asked)| view! { <Words patient asked /> })}
        </div>
    }
}

#[component]
fn Words(patient: PatientId, asked: Asked) -> impl IntoView {
    match asked {
        Asked::NoConsent => view! { <NeedsConsent patient /> }.into_any(),
        Asked::NoInsurance => view! {
            <Notice tone=Tone::Warn title="保険の登録が必要です">
                <p>
                    "情報共有サービスは被保険者の記号・番号で患者を確かめます。"
                    <A href=format!("/patients/{patient}")>"患者の登録情報"</A>
                    "で有効な保険を登録してください。"
                </p>
            </Notice>
        }
        .into_any(),
        Asked::Unreachable { problem } => view! {
            <Notice tone=Tone::Warn title="情報共有基盤に接続できません">
                <p>
                    <Badge text=format!("原因：{}", problem.kind.label()) tone=Tone::Warn />
                    " "
                    {problem.message}
                </p>
            </Notice>
        }
        .into_any(),
        Asked::Read { documents, fresh, refused, gone } => {
            let tone = if refused > 0 { Tone::Warn } else { Tone::Ok };
            view! {
                <Notice tone>
                    <p>{read_words(documents, fresh, refused, gone)}</p>
                </Notice>
            }
            .into_any()
        }
    }
}

/// The consent is missing, and where to record it.
#[component]
pub fn NeedsConsent(
    /// Whose.
    patient: PatientId,
) -> impl IntoView {
    view! {
        <Notice tone=Tone::Warn title="患者の閲覧同意が必要です">
            <p>
                "同意を確認したら、" <A href=format!("/patients/{patient}")>"患者の登録情報"</A> "で記録してください。"
            </p>
        </Notice>
    }
}

/// How much there is, without what it says.
fn read_words(documents: u32, fresh: u32, refused: u32, gone: u32) -> String {
    let number = |number: u32| count(number as usize);
    let mut words = match (documents, fresh) {
        (0, _) => "他院が共有した記録はありません。".to_owned(),
        (all, 0) => format!("他院の文書が{}あります。新しいものはありません。", number(all)),
        (all, new) => format!("他院の文書が{}あります。うち{}が新しく届きました。", number(all), number(new)),
    };
    if refused > 0 {
        words.push_str(&format!("読めない文書が{}あり、取り込まずに保管しました。", number(refused)));
    }
    if gone > 0 {
        words.push_str(&format!("共有元が取り消した文書{}は表示しません。", number(gone)));
    }
    words
}

#[cfg(test)]
mod tests {
    use super::read_words;

    #[test]
    fn the_answer_counts_and_tells_no_content() {
        assert_eq!(read_words(0, 0, 0, 0), "他院が共有した記録はありません。");
        assert_eq!(read_words(3, 2, 0, 0), "他院の文書が3件あります。うち2件が新しく届きました。");
        assert!(
            read_words(3, 0, 1, 2)
                .ends_with("読めない文書が1件あり、取り込まずに保管しました。共有元が取り消した文書2件は表示しません。")
        );
    }
}
