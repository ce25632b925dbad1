//! What the chart page knows, in signals that its columns share.
//!
//! One store stands for one patient: it is made anew for every patient that is opened, and every call it makes names the
//! patient or the visit it was made for. Nothing about "the patient who is open" is kept anywhere else.

use super::api;
use crate::{
    billing,
    session::Session,
    ui::{toast_error, use_events},
};
use chrono::NaiveDate;
use leptos::prelude::*;
use model::{
    AppError,
    chart::*,
    fee::Statement,
    ids::*,
    labs::*,
    letter::LetterSummary,
    orders::Orders,
    paper::PaperSummary,
    patient::Patient,
    share::{Place, SharedDocument},
    staff::{Me, Role},
    visit::{Visit, VisitState},
};
use std::time::Duration;

/// The panels beside the note, in the order of their keys Alt+1 … Alt+6.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Panel {
    /// 傷病名.
    Diagnoses,
    /// アレルギー.
    Allergies,
    /// 検査.
    Labs,
    /// オーダー.
    Orders,
    /// 会計見込.
    Fee,
    /// 文書・共有.
    Documents,
}

impl Panel {
    /// All panels.
    pub const ALL: [Self; 6] = [Self::Diagnoses, Self::Allergies, Self::Labs, Self::Orders, Self::Fee, Self::Documents];

    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Diagnoses => "傷病名",
            Self::Allergies => "アレルギー",
            Self::Labs => "検査",
            Self::Orders => "オーダー",
            Self::Fee => "会計",
            Self::Documents => "文書",
        }
    }

    /// Its key.
    pub fn key(self) -> &'static str {
        ["Alt+1", "Alt+2", "Alt+3", "Alt+4", "Alt+5", "Alt+6"][self as usize]
    }

    /// Its word in ids.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Diagnoses => "diagnoses",
            Self::Allergies => "allergies",
            Self::Labs => "labs",
            Self::Orders => "orders",
            Self::Fee => "fee",
            Self::Documents => "documents",
        }
    }
}

/// What the phone shows, where one column has room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PhoneView {
    /// Today's note.
    Note,
    /// Past visits.
    History,
    /// The chosen panel.
    Panel,
}

/// Milliseconds within which an event is taken for the echo of this page's own change.
const OWN: f64 = 1_500.0;

/// The state of the chart page.
#[derive(Clone, Copy)]
pub struct ChartStore {
    /// The patient this store was made for.
    pub id: PatientId,
    /// Who looks at it.
    pub role: Role,
    /// The clinic, for keys on this device.
    pub clinic: ClinicId,
    /// The day the chart was opened on.
    pub day: NaiveDate,
    /// The patient.
    pub patient: RwSignal<Patient>,
    /// Today's visit.
    pub visit: RwSignal<Option<Visit>>,
    /// Its note, as the server has it.
    pub note: RwSignal<Option<Note>>,
    /// Its orders.
    pub orders: RwSignal<Orders>,
    /// Past visits, newest first.
    pub past: RwSignal<Vec<VisitPage>>,
    /// How many there are in all.
    pub past_total: RwSignal<i64>,
    /// Diagnoses.
    pub diagnoses: RwSignal<Vec<Diagnosis>>,
    /// Allergies.
    pub allergies: RwSignal<Vec<Allergy>>,
    /// Laboratory reports, newest first.
    pub reports: RwSignal<Vec<LabReport>>,
    /// Values over time.
    pub series: RwSignal<Vec<LabSeries>>,
    /// Letters.
    pub letters: RwSignal<Vec<LetterSummary>>,
    /// Other papers.
    pub papers: RwSignal<Vec<PaperSummary>>,
    /// What was shared.
    pub shared: RwSignal<Vec<SharedDocument>>,
    /// What today's visit costs as it stands.
    pub statement: RwSignal<Option<Result<Statement, AppError>>>,
    /// The panel beside the note.
    pub panel: RwSignal<Panel>,
    /// What the phone shows.
    pub phone: RwSignal<PhoneView>,
    /// Whether the panel takes the room of the history.
    pub wide: RwSignal<bool>,
    /// The note that is being amended.
    pub amending: RwSignal<Option<Note>>,
    /// The place a refusal sent us to; its row is marked until another panel is opened.
    pub mending: RwSignal<Option<Place>>,
    /// The laboratory report whose details are open.
    pub report: RwSignal<Option<LabReportId>>,
    /// The row whose flags are open, by its place: a change makes the row anew, and the menu stays.
    pub flagging: RwSignal<Option<Place>>,
    session: Option<Session>,
    own_change: StoredValue<f64>,
    late: StoredValue<bool>,
    statement_turn: StoredValue<u64>,
}

impl ChartStore {
    /// A store from a freshly read chart.
    pub fn new(chart: Chart, me: &Me) -> Self {
        let (visit, note, orders) = split(chart.today);
        let panel = if visit.as_ref().is_some_and(|visit| is_open(visit.state)) && me.staff.role == Role::Doctor {
            Panel::Orders
        } else {
            Panel::Diagnoses
        };
        Self {
            id: chart.patient.id,
            role: me.staff.role,
            clinic: me.clinic,
            day: chart.day,
            patient: RwSignal::new(chart.patient),
            visit: RwSignal::new(visit),
            note: RwSignal::new(note),
            orders: RwSignal::new(orders),
            past: RwSignal::new(chart.past),
            past_total: RwSignal::new(chart.past_total),
            diagnoses: RwSignal::new(chart.diagnoses),
            allergies: RwSignal::new(chart.allergies),
            reports: RwSignal::new(chart.reports),
            series: RwSignal::new(chart.series),
            letters: RwSignal::new(chart.letters),
            papers: RwSignal::new(chart.papers),
            shared: RwSignal::new(chart.shared),
            statement: RwSignal::new(None),
            panel: RwSignal::new(panel),
            phone: RwSignal::new(PhoneView::Note),
            wide: RwSignal::new(false),
            amending: RwSignal::new(None),
            mending: RwSignal::new(None),
            report: RwSignal::new(None),
            flagging: RwSignal::new(None),
            session: use_context::<Session>(),
            own_change: StoredValue::new(0.0),
            late: StoredValue::new(false),
            statement_turn: StoredValue::new(0),
        }
    }

    /// The visit of today, if there is one.
    pub fn visit_id(self) -> Option<VisitId> {
        self.visit.with_untracked(|visit| visit.as_ref().map(|visit| visit.id))
    }

    /// Whether today's note can still be written by the one who looks at it: a doctor or a nurse.
    pub fn writable(self) -> bool {
        self.may_record() && self.visit.with(|visit| visit.as_ref().is_some_and(|visit| is_open(visit.state)))
    }

    /// Whether today's visit can still be ordered for and confirmed: by a doctor.
    pub fn orderable(self) -> bool {
        self.may_code() && self.writable()
    }

    /// Whether diagnoses may be coded: a doctor, with or without a visit of today.
    pub fn may_code(self) -> bool {
        self.role == Role::Doctor
    }

    /// Whether allergies and laboratory results may be recorded.
    pub fn may_record(self) -> bool {
        matches!(self.role, Role::Doctor | Role::Nurse)
    }

    /// Shows a panel, on the phone too.
    pub fn show(self, panel: Panel) {
        self.mending.set(None);
        self.panel.set(panel);
        self.phone.set(PhoneView::Panel);
    }

    /// Begins the consultation if nobody has yet, and gives the visit to write for.
    pub async fn begin(self) -> Result<VisitId, AppError> {
        let Some(visit) = self.visit.try_get_untracked().flatten() else { return Err(AppError::NotFound) };
        if visit.state == VisitState::Received {
            self.touched();
            let page = api::begin_visit(visit.id).await?;
            let _ = self.visit.try_set(Some(page.visit));
        }
        Ok(visit.id)
    }

    /// Remembers that this page changed something itself: the event that follows brings nothing new.
    pub fn touched(self) {
        let _ = self.own_change.try_set_value(super::clock::millis());
    }

    /// Reads the chart again; what is being written stays as it is.
    pub fn refresh(self) {
        leptos::task::spawn_local(async move {
            if let Ok(chart) = api::open_chart(self.id).await
                && self.own_change.try_get_value().is_some()
            {
                self.take(chart);
                // A decision at the desk or a new card changes no order.
                self.recalculate();
            }
        });
    }

    fn take(self, chart: Chart) {
        fn put<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
            if signal.with_untracked(|old| *old != value) {
                signal.set(value);
            }
        }
        let (visit, note, orders) = split(chart.today);
        put(self.patient, chart.patient);
        put(self.visit, visit);
        put(self.note, note);
        put(self.orders, orders);
        // Older pages that were read on demand stay.
        let mut past = chart.past;
        let known = past.len();
        past.extend(self.past.get_untracked().into_iter().skip(known));
        put(self.past, past);
        put(self.past_total, chart.past_total);
        put(self.diagnoses, chart.diagnoses);
        put(self.allergies, chart.allergies);
        put(self.reports, chart.reports);
        put(self.series, chart.series);
        put(self.letters, chart.letters);
        put(self.papers, chart.papers);
        put(self.shared, chart.shared);
    }

    /// Follows what others change in this chart, and what becomes of its documents.
    pub fn follow(self) {
        let waiting = StoredValue::new(false);
        use_events("chart", move |data| {
            if !data.is_empty() && data != self.id.to_string() || waiting.get_value() {
                return;
            }
            waiting.set_value(true);
            // Several events of one action are one refresh.
            set_timeout(
                move || {
                    let Some(changed) = self.own_change.try_get_value() else { return };
                    waiting.set_value(false);
                    if super::clock::millis() - changed > OWN {
                        return self.refresh();
                    }
                    // Most likely this page's own doing. What is not is seen a little later, once for a whole burst.
                    if !self.late.get_value() {
                        self.late.set_value(true);
                        set_timeout(
                            move || {
                                if self.late.try_set_value(false).is_none() {
                                    self.refresh();
                                }
                            },
                            Duration::from_secs(5),
                        );
                    }
                    leptos::task::spawn_local(async move {
                        if let Ok(shared) = crate::sharing::api::shared(self.id).await {
                            let _ = self.shared.try_set(shared);
                        }
                    });
                },
                Duration::from_millis(400),
            );
        });
    }

    /// Keeps the statement of today in step with the orders.
    pub fn follow_fee(self) {
        Effect::new(move |_| {
            self.orders.track();
            self.diagnoses.track();
            self.reports.track();
            self.visit.track();
            self.recalculate();
        });
    }

    /// Asks for the statement as it is now; an answer to an earlier question is dropped.
    fn recalculate(self) {
        let Some(visit) = self.visit_id() else { return };
        let Some(mine) = self.next_turn() else { return };
        leptos::task::spawn_local(async move {
            let answer = billing::api::statement(visit).await;
            if self.statement_turn.try_get_value() == Some(mine) {
                self.statement.set(Some(answer));
            }
        });
    }

    /// Takes a statement that came as the answer to a decision; whatever was asked before it is older.
    pub fn recalculated(self, visit: VisitId, statement: Statement) {
        if self.next_turn().is_some() && self.visit_id() == Some(visit) {
            self.touched();
            self.statement.set(Some(Ok(statement)));
        }
    }

    /// The number of the newest question; none once the page is gone.
    fn next_turn(self) -> Option<u64> {
        let next = self.statement_turn.try_get_value()? + 1;
        self.statement_turn.set_value(next);
        Some(next)
    }

    /// Gives a function that tells of an error that has no field to stand at, and asks to sign in again where the session
    /// has ended. Call it while a component is made.
    pub fn trouble(self) -> impl Fn(&AppError) + Copy + Send + Sync + 'static {
        let show = toast_error();
        move |error: &AppError| match (error, self.session) {
            (AppError::SignedOut, Some(session)) => session.ask_again(),
            _ => {
                show(error);
                // Somebody else was here: show what stands now.
                if matches!(error, AppError::Stale { .. } | AppError::Conflict { .. } | AppError::NotFound) {
                    self.refresh();
                }
            }
        }
    }
}

/// A way back (元に戻す) for what was just removed. The row that asked is gone by the time it is pressed, and perhaps the
/// page too, so it must belong to neither: call it in a spawned task, where it has no owner that could take it along.
pub fn way_back<F>(again: impl Fn() -> F + Send + Sync + 'static) -> Callback<()>
where
    F: Future<Output = ()> + 'static,
{
    Callback::new(move |()| leptos::task::spawn_local(again()))
}

/// Whether a visit in this state can still be written in.
pub fn is_open(state: VisitState) -> bool {
    matches!(state, VisitState::Received | VisitState::InConsultation)
}

fn split(today: Option<VisitPage>) -> (Option<Visit>, Option<Note>, Orders) {
    match today {
        Some(page) => (Some(page.visit), page.note, page.orders),
        None => (None, None, Orders::default()),
    }
}
