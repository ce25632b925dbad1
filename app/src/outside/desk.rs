//! The card of the reception: what others shared is asked for while the patient stands at the desk, and the desk hears how
//! much there is, never what it says.

use super::ask::{Answered, AskForm, Question};
use crate::ui::{Badge, Tone};
use leptos::prelude::*;
use model::{ids::PatientId, patient::Patient};

/// The question of this page. The page keeps it, because the card is drawn anew whenever the patient changes.
#[derive(Clone, Copy)]
pub struct AskedAtDesk(Question);

impl AskedAtDesk {
    /// Nothing asked yet.
    #[expect(clippy::new_without_default, reason = "made of signals, which belong to the component that makes them")]
    pub fn new() -> Self {
        Self(Question::new())
    }
}

/// The card.
#[component]
pub fn OutsideAtDesk(
    /// The patient.
    patient: Patient,
    /// The question.
    asked: AskedAtDesk,
    /// Whether who looks may open the chart, where the content is read.
    reads: bool,
) -> impl IntoView {
    let id: PatientId = patient.id;
    let consents = patient.consent.is_some();
    view! {
        <section class="card" aria-label="他院の情報">
            <div class="card-header">
                <h2>"他院の情報"</h2>
                {match consents {
                    true => view! { <Badge text="取り寄せできます" tone=Tone::Ok /> },
                    false => view! { <Badge text="同意が必要です" /> },
                }}
            </div>
            <div class="card-body stack">
                {(!consents).then(|| view! { <p class="small">"閲覧同意を記録すると取り寄せられます。"</p> })}
                <AskForm patient=id question=asked.0 blocked=!consents words="他院の情報を取り寄せる" />
                <Answered patient=id question=asked.0 />
                <p class="muted small">
                    {if reads {
                        view! {
                            "内容は"
                            <a href=format!("/patients/{id}/chart#documents")>"カルテ"</a>
                            "の「文書」で見られます。取り寄せたことは目的とともに記録に残ります。"
                        }
                            .into_any()
                    } else {
                        "内容は医師・看護師がカルテで確認します。取り寄せたことは目的とともに記録に残ります。".into_any()
                    }}
                </p>
            </div>
        </section>
    }
}
