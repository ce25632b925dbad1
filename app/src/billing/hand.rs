//! Deciding against the calculation by hand (手動の変更): who may, what is asked, how it is kept and taken back.
//!
//! A statement on the screen carries a [`Hand`] where its reader may change it. The lines, hints and candidates only ask;
//! the dialog sends, and whoever shows the statement gets the new one.

use super::api;
use crate::{
    session::{Offer, Session, offers, use_me},
    ui::{focus_id, toast, toast_error, toast_undo_later},
};
use chrono::NaiveDate;
use leptos::{callback::Callable, prelude::*};
use model::{AppError, fee::*, ids::VisitId, kana, money::Points, visit::VisitState};
use std::time::Duration;

/// The most of one item a day (a slip of the finger ends here, not a rule of the fee table).
const MOST: i64 = 999;

/// What the dialog is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// 算定しない.
    Withhold,
    /// 回数を変える.
    Count,
    /// 追加.
    Add,
}

impl Kind {
    /// Title of the dialog.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Withhold => "算定しない",
            Self::Count => "回数を変える",
            Self::Add => "項目を追加",
        }
    }

    /// Words on the button that does it.
    pub(super) fn verb(self) -> &'static str {
        match self {
            Self::Withhold => "算定しない",
            Self::Count => "回数を変える",
            Self::Add => "追加する",
        }
    }

    /// Reasons that are often given.
    pub(super) fn reasons(self) -> &'static [&'static str] {
        match self {
            Self::Withhold => &["実施していないため", "要件を満たさないため", "他の医療機関で算定済みのため", "医師の指示により"],
            Self::Count => &["実際の実施回数のため", "別の部位に実施したため", "医師の指示により"],
            Self::Add => &["実施し、診療録に記載済みのため", "要件を満たすことを確認したため", "医師の指示により"],
        }
    }

    /// The change as it is sent.
    pub(super) fn change(self, count: i64) -> Change {
        match self {
            Self::Withhold => Change::Withhold,
            Self::Count => Change::Count { count },
            Self::Add => Change::Add { count },
        }
    }
}

/// What is asked of the dialog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// What to do.
    pub kind: Kind,
    /// Claim code and name of the item; none where it is still to be chosen.
    pub item: Option<(String, String)>,
    /// How many times, to begin with.
    pub count: i64,
    /// What the calculation says about it.
    pub says: String,
}

impl Asked {
    /// To choose an item and bill it.
    pub(super) fn anything() -> Self {
        Self { kind: Kind::Add, item: None, count: 1, says: String::new() }
    }

    /// About a line of the statement.
    pub(super) fn line(kind: Kind, line: &FeeLine) -> Self {
        let says = [line.reason.as_str(), line.citation.as_str()];
        let says = says.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("　");
        Self { kind, item: Some((line.code.clone(), line.name.clone())), count: line.count, says }
    }

    /// To bill what is not billed.
    pub(super) fn add(code: &str, name: &str, says: &str) -> Self {
        Self { kind: Kind::Add, item: Some((code.to_owned(), name.to_owned())), count: 1, says: says.to_owned() }
    }
}

/// How many times, as typed in either width.
pub(super) fn count_of(text: &str) -> Option<i64> {
    kana::fold_width(text).trim().trim_end_matches('回').parse().ok().filter(|count| (1..=MOST).contains(count))
}

/// The hand of who may decide.
#[derive(Clone, Copy)]
pub struct Hand {
    /// The visit.
    pub(super) visit: VisitId,
    /// Its day: items are searched as they stood on it.
    pub(super) day: NaiveDate,
    /// The statement as it is shown.
    pub(super) statement: Signal<Statement>,
    /// Why nothing may be changed now, in words.
    pub(super) locked: Signal<Option<&'static str>>,
    /// What is asked of the dialog.
    pub(super) asked: RwSignal<Option<Asked>>,
    /// Whether the dialog is open.
    pub(super) open: RwSignal<bool>,
    take: Callback<Statement>,
    session: StoredValue<Option<Session>>,
}

impl Hand {
    /// The hand of the one who looks at the statement; none for roles that only read. `take` gets each new statement.
    pub fn of(
        visit: VisitId,
        day: NaiveDate,
        state: Signal<VisitState>,
        statement: Signal<Statement>,
        take: Callback<Statement>,
    ) -> Option<Self> {
        offers(use_me().staff.role, Offer::Override).then(|| Self {
            visit,
            day,
            statement,
            locked: Signal::derive(move || match state.get() {
                VisitState::Done => Some("会計済みのため変更できません。入金を取り消すと変更できます。"),
                VisitState::Cancelled => Some("取り消された受診のため変更できません。"),
                _ => None,
            }),
            asked: RwSignal::new(None),
            open: RwSignal::new(false),
            take,
            session: StoredValue::new(use_context::<Session>()),
        })
    }

    /// Opens the dialog.
    pub(super) fn ask(self, asked: Asked) {
        if self.locked.with_untracked(Option::is_none) {
            self.asked.set(Some(asked));
            self.open.set(true);
        }
    }

    /// What was decided about a code before, as it would be typed again.
    pub(super) fn former(self, code: &str) -> Option<OverrideForm> {
        self.statement.with_untracked(|statement| statement.overrides.iter().find(|one| one.code == code).map(form_of))
    }

    /// Tells what went wrong where no field can; asks to sign in again where the session has ended.
    fn trouble(self, error: &AppError, show: impl Fn(&AppError)) {
        match (error, self.session.try_get_value().flatten()) {
            (AppError::SignedOut, Some(session)) => session.ask_again(),
            _ => show(error),
        }
    }
}

/// A decision as it would be typed again.
fn form_of(one: &Override) -> OverrideForm {
    OverrideForm { code: one.code.clone(), change: one.change, reason: one.reason.clone() }
}

/// How many points more or less, in words.
fn moved(before: Points, after: Points) -> String {
    match (after - before).0 {
        0 => "点数は変わりません".to_owned(),
        _ => format!("{}（{}）", after, super::watch::signed(after - before)),
    }
}

/// Gives a function that sends a decision. It answers whether it was kept; the message has a way back.
pub(super) fn use_decide(hand: Hand) -> impl AsyncFn(OverrideForm, String) -> Result<(), AppError> + Copy + 'static {
    let (undo, say, show) = (toast_undo_later(), toast(), toast_error());
    async move |form: OverrideForm, name: String| {
        let former = hand.former(&form.code);
        let before = hand.statement.with_untracked(|statement| statement.points);
        let (visit, take) = (hand.visit, hand.take);
        let statement = api::put_override(visit, form.clone()).await?;
        let kept = statement.overrides.iter().find(|one| one.code == form.code).map(|one| one.id);
        let text = format!("{name}：{}。{}", form.change.label(), moved(before, statement.points));
        let _ = take.try_run(statement);
        let Some(id) = kept else {
            say(&text);
            return Ok(());
        };
        focus_later(format!("undo-{id}"));
        // By the time it is pressed the dialog and perhaps the page are gone: this needs nothing of them.
        let back = move || {
            let former = former.clone();
            leptos::task::spawn_local(async move {
                let answer = match former {
                    Some(form) => api::put_override(visit, form).await,
                    None => api::remove_override(visit, id).await,
                };
                match answer {
                    Ok(statement) => {
                        let _ = take.try_run(statement);
                        focus_later("fee-add".to_owned());
                    }
                    Err(error) => show(&error),
                }
            });
        };
        undo(&text, Box::new(back));
        Ok(())
    }
}

/// Gives a function that takes a decision back; the message has a way to decide so again.
pub(super) fn use_withdraw(hand: Hand) -> impl Fn(Override) + Copy + 'static {
    let (undo, show) = (toast_undo_later(), toast_error());
    move |one: Override| {
        let (visit, take) = (hand.visit, hand.take);
        leptos::task::spawn_local(async move {
            match api::remove_override(visit, one.id).await {
                Ok(statement) => {
                    let text = format!("{}：手動の変更を取り消しました。{}", one.name, statement.points);
                    let _ = take.try_run(statement);
                    let form = form_of(&one);
                    let back = move || {
                        let form = form.clone();
                        leptos::task::spawn_local(async move {
                            match api::put_override(visit, form).await {
                                Ok(statement) => drop(take.try_run(statement)),
                                Err(error) => show(&error),
                            }
                        });
                    };
                    undo(&text, Box::new(back));
                    focus_later("fee-add".to_owned());
                }
                Err(error) => hand.trouble(&error, show),
            }
        });
    }
}

/// Puts the focus where the work goes on, after the dialog has given it back to what is no longer there.
fn focus_later(id: String) {
    set_timeout(move || focus_id(id), Duration::from_millis(120));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_typed_in_either_width() {
        assert_eq!(count_of("３"), Some(3));
        assert_eq!(count_of("2回"), Some(2));
        assert_eq!((count_of("0"), count_of("1.5"), count_of(""), count_of("1000")), (None, None, None, None));
    }

    #[test]
    fn the_message_says_what_it_comes_to() {
        assert_eq!(moved(Points(288), Points(336)), "336点（+48点）");
        assert_eq!(moved(Points(336), Points(288)), "288点（−48点）");
        assert_eq!(moved(Points(10), Points(10)), "点数は変わりません");
    }
}
