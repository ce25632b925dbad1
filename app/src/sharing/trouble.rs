//! What keeps documents here, once for each kind of fault: how many wait, what is the matter, when they are tried next.

use super::state::next_words;
use crate::ui::{Notice, Tone};
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use model::share::{Problem, ProblemKind, ShareState, SharedDocument};

/// A kind of fault with what it keeps here.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Held {
    kind: ProblemKind,
    message: String,
    documents: usize,
    next: Option<DateTime<Utc>>,
}

/// Whether a document waits without a fault of its own.
fn behind(state: &ShareState) -> bool {
    matches!(state, ShareState::Waiting { problem: None, .. } | ShareState::Cancelling { problem: None })
}

/// What keeps documents here, in the order of [`ProblemKind::ALL`]; the message is that of the newest document.
fn held(shared: &[SharedDocument]) -> Vec<Held> {
    let stuck = || {
        shared.iter().filter_map(|document| match &document.state {
            ShareState::Waiting { problem: Some(problem), next, .. } => Some((problem, Some(*next))),
            ShareState::Cancelling { problem: Some(problem) } => Some((problem, None)),
            _ => None,
        })
    };
    let of = |kind: ProblemKind| {
        let all: Vec<(&Problem, Option<DateTime<Utc>>)> = stuck().filter(|(problem, _)| problem.kind == kind).collect();
        let (problem, _) = all.first()?;
        Some(Held {
            kind,
            message: problem.message.clone(),
            documents: all.len(),
            next: all.iter().filter_map(|(_, next)| *next).min(),
        })
    };
    let mut all: Vec<Held> = ProblemKind::ALL.into_iter().filter_map(of).collect();
    // A patient's documents leave in their order: those without a fault of their own wait behind the oldest that has one.
    if let Some((problem, _)) = stuck().next_back()
        && let Some(first) = all.iter_mut().find(|held| held.kind == problem.kind)
    {
        first.documents += shared.iter().filter(|document| behind(&document.state)).count();
    }
    all
}

/// The faults over the list of what was sent.
#[component]
pub(super) fn Troubles(
    /// What was sent.
    shared: RwSignal<Vec<SharedDocument>>,
) -> impl IntoView {
    let faults = Memo::new(move |_| shared.with(|shared| held(shared)));
    move || {
        faults
            .get()
            .into_iter()
            .map(|held| {
                let next = held.next.map(next_words).unwrap_or_default();
                view! {
                    <div class="panel-body share-trouble">
                        <Notice tone=Tone::Warn title=format!("{}の問題で{}件が送れていません", held.kind.label(), held.documents)>
                            <p>{held.message}</p>
                            <p class="small">{format!("書いたものはここに残っています。自動で送り直します。{next}")}</p>
                        </Notice>
                    </div>
                }
            })
            .collect_view()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::share::ShareKind;

    fn waiting(minute: i64, kind: ProblemKind) -> SharedDocument {
        let at = DateTime::from_timestamp(minute * 60, 0).expect("an instant");
        let problem = Some(Problem { kind, message: "応答がありません。".into() });
        SharedDocument {
            id: "018f6f0e-0000-7000-8000-000000000001".parse().expect("an id"),
            kind: ShareKind::Allergies,
            title: "アレルギー 1件".into(),
            to: String::new(),
            state: ShareState::Waiting { attempts: 2, problem, next: at },
            standing: false,
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn each_kind_of_fault_is_told_once_with_the_next_attempt() {
        let mut queued = waiting(10, ProblemKind::Clock);
        queued.state = ShareState::Waiting { attempts: 0, problem: None, next: queued.updated_at };
        let shared = [queued, waiting(9, ProblemKind::Clock), waiting(7, ProblemKind::Network), waiting(5, ProblemKind::Network)];
        let held = held(&shared);
        assert_eq!(
            held.iter().map(|one| (one.kind, one.documents)).collect::<Vec<_>>(),
            [(ProblemKind::Network, 3), (ProblemKind::Clock, 1)],
            "the one behind them waits for the oldest"
        );
        assert_eq!(held[0].next, DateTime::from_timestamp(300, 0));
    }
}
