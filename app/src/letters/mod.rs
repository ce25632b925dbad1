//! Referral letters (診療情報提供書): written, issued, printed, taken back.
//!
//! | file | what |
//! | --- | --- |
//! | `editor.rs`, `parts.rs` | the draft: its parts as headings with growing text |
//! | `discard.rs` | the question before a draft is discarded |
//! | `given.rs` | what of the chart goes along, in lines |
//! | `files.rs`, `sending.rs` | files that go along (添付), and those on their way |
//! | `issued.rs` | the issued letter: where it stands (送付・受領・返書), taking it back, writing it anew |
//! | `sheet.rs` | the letter on paper |

pub mod api;
mod discard;
mod editor;
mod files;
mod given;
mod issued;
mod parts;
mod sending;
mod sheet;

pub use discard::DiscardDialog;

use crate::{
    chart::PatientBanner,
    session::use_me,
    ui::{Failure, Skeleton, Turns, use_events},
};
use editor::LetterEditor;
use issued::Issued;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::A, hooks::use_params_map};
use model::{AppError, date, ids::LetterId, letter::LetterPage as Page, staff::Role};

/// The page `/patients/:id/letters/:letter`.
#[component]
pub fn LetterPage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("letter").and_then(|id| id.parse::<LetterId>().ok()));
    let page = Resource::new(
        move || id.get(),
        |id| async move {
            match id {
                Some(id) => api::letter(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Suspense fallback=Skeleton>
            {move || {
                page.get()
                    .map(|answer| match answer {
                        // Never a letter under another's address, not even for a moment.
                        Ok(page) if Some(page.letter.id) != id.get_untracked() => view! { <Skeleton /> }.into_any(),
                        Ok(page) => view! { <LetterDesk page /> }.into_any(),
                        Err(error) => view! { <main id="main" class="page"><Failure error /></main> }.into_any(),
                    })
            }}
        </Suspense>
    }
}

#[component]
fn LetterDesk(page: Page) -> impl IntoView {
    let me = use_me();
    let day = date::day_of(page.letter.saved_at);
    let patient = page.patient.clone();
    let chart = format!("/patients/{}/chart", patient.id);
    let title = format!("{}の紹介状", patient.name.full());
    let letter = RwSignal::new(page.letter.clone());
    let page = StoredValue::new(page);
    let id = letter.with_untracked(|letter| letter.id);
    // What became of its document is told as it happens. The words of a draft are its editor's own; files that came from
    // another device show here as well.
    let whose = patient.id.to_string();
    let turns = Turns::default();
    let refresh = move || {
        let turn = turns.ask();
        leptos::task::spawn_local(async move {
            let Ok(fresh) = api::letter(id).await else { return };
            if !turns.show(turn) {
                return;
            }
            letter.try_update(|letter| {
                if letter.issued_at.is_some() {
                    *letter = fresh.letter;
                } else if letter.files != fresh.letter.files {
                    letter.files = fresh.letter.files;
                }
            });
        });
    };
    use_events("chart", move |data| {
        if data.is_empty() || data == whose {
            refresh();
        }
    });
    let is_draft = Memo::new(move |_| letter.with(|letter| letter.issued_at.is_none()));
    // The document may have been taken before the answer to the issuing was here: its event found a draft.
    Effect::new(move |was_draft: Option<bool>| {
        let draft = is_draft.get();
        if was_draft == Some(true) && !draft {
            refresh();
        }
        draft
    });
    let may_write = me.staff.role == Role::Doctor;
    let allergies = page.with_value(|page| page.enclosed.allergies.clone());
    view! {
        <Title text=title.clone() />
        <main id="main" class="letter-page" tabindex="-1">
            <div class="no-print">
                <PatientBanner
                    patient=Signal::stored(patient)
                    allergies=Signal::stored(allergies)
                    day
                >
                    <A href=chart.clone() attr:class="btn btn-quiet btn-sm">
                        "診療録へ戻る"
                    </A>
                </PatientBanner>
            </div>
            <h1 class="sr-only">{title.clone()}</h1>
            {move || {
                let (around, page) = (page, page.get_value());
                if is_draft.get() && may_write {
                    view! { <LetterEditor page letter around clinic=me.clinic /> }.into_any()
                } else {
                    view! { <Issued page letter may_write /> }.into_any()
                }
            }}
        </main>
    }
}
