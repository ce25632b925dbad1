//! The clinic's own settings (医院の設定): name and address, facility standards, hours and closed days. One form, saved at
//! once; who saved first is shown beside what was typed.

use super::{api, standards::Standards};
use crate::ui::{
    Answer, CheckField, EmptyState, Notice, StaleDialog, TextArea, TextField, Tone, failed, focus_first_invalid, mend, toast,
    today, use_shortcut,
};
use chrono::Datelike;
use leptos::{callback::Callable, prelude::*};
use model::{
    AppError,
    clinic::{ClinicForm, ClinicSettings, WEEKDAYS, parse_days, parse_hours},
};

/// The section 医院の設定.
#[component]
pub fn Settings() -> impl IntoView {
    let version = RwSignal::new(0_u32);
    let data = Resource::new(move || version.get(), |_| api::clinic_settings());
    let reload = Callback::new(move |()| version.update(|version| *version += 1));
    view! { <Answer data view=move |settings| view! { <Form settings reload /> } /> }
}

/// What is typed, field by field.
#[derive(Clone, Copy)]
struct Typed {
    name: RwSignal<String>,
    postal_code: RwSignal<String>,
    address: RwSignal<String>,
    phone: RwSignal<String>,
    standards: RwSignal<Vec<String>>,
    week: [RwSignal<String>; 7],
    open_on_holidays: RwSignal<bool>,
    closed: RwSignal<String>,
    holidays: RwSignal<String>,
}

impl Typed {
    fn new(kept: &ClinicSettings) -> Self {
        let form = ClinicForm::from(kept);
        let mut week = form.week.into_iter();
        Self {
            name: RwSignal::new(form.name),
            postal_code: RwSignal::new(form.postal_code),
            address: RwSignal::new(form.address),
            phone: RwSignal::new(form.phone),
            standards: RwSignal::new(form.standards),
            week: [(); 7].map(|()| RwSignal::new(week.next().unwrap_or_default())),
            open_on_holidays: RwSignal::new(form.open_on_holidays),
            closed: RwSignal::new(form.closed),
            holidays: RwSignal::new(form.holidays),
        }
    }

    fn form(self) -> ClinicForm {
        ClinicForm {
            name: self.name.get(),
            postal_code: self.postal_code.get(),
            address: self.address.get(),
            phone: self.phone.get(),
            standards: self.standards.get(),
            week: self.week.iter().map(|day| day.get()).collect(),
            open_on_holidays: self.open_on_holidays.get(),
            closed: self.closed.get(),
            holidays: self.holidays.get(),
        }
    }
}

/// Names of the fields that show their flaw themselves.
const SHOWN: [&str; 7] = ["name", "postal_code", "address", "phone", "standards", "closed", "holidays"];

#[component]
fn Form(settings: ClinicSettings, reload: Callback<()>) -> impl IntoView {
    let typed = Typed::new(&settings);
    let version = RwSignal::new(settings.version);
    let saved = RwSignal::new(untrack(|| typed.form()));
    let error = RwSignal::new(None::<AppError>);
    let toast = toast();
    let at =
        move |field: &'static str| Signal::derive(move || error.with(|error| error.as_ref().and_then(|error| error.at(field))));
    let save = Action::new(move |seen: &i64| {
        let (seen, form) = (*seen, untrack(|| typed.form()));
        async move {
            match api::put_clinic_settings(form.clone(), seen).await {
                Ok(now) => {
                    toast("医院の設定を保存しました。");
                    let _ = error.try_set(None);
                    let _ = version.try_set(now.version);
                    let _ = saved.try_set(form);
                }
                Err(problem) => {
                    failed(&problem);
                    let _ = error.try_set(Some(problem));
                    focus_first_invalid();
                }
            }
        }
    });
    let send = move || {
        if save.pending().get_untracked() {
            return;
        }
        match untrack(|| typed.form()).parse() {
            Ok(_) => {
                save.dispatch(version.get_untracked());
            }
            Err(fields) => {
                error.set(Some(AppError::Invalid { fields }));
                focus_first_invalid();
            }
        }
    };
    use_shortcut("Ctrl+Enter", "保存する", send);
    for (field, text) in [
        ("name", typed.name),
        ("postal_code", typed.postal_code),
        ("address", typed.address),
        ("phone", typed.phone),
        ("closed", typed.closed),
        ("holidays", typed.holidays),
    ] {
        Effect::new(move |_| {
            text.track();
            mend(error, field);
        });
    }
    let elsewhere = move || match error.get() {
        None | Some(AppError::Stale { .. }) => None,
        Some(AppError::Invalid { fields }) => fields
            .iter()
            .find(|flaw| !SHOWN.contains(&flaw.field.as_str()) && !flaw.field.starts_with("week."))
            .map(|flaw| flaw.flaw.to_string()),
        Some(other) => Some(other.to_string()),
    };
    let unsaved = Memo::new(move |_| saved.with(|saved| *saved != typed.form()));
    view! {
        <form
            class="stack"
            novalidate
            aria-label="医院の設定"
            on:submit=move |event| {
                event.prevent_default();
                send();
            }
        >
            <section class="card" aria-labelledby="clinic-heading">
                <div class="card-header">
                    <h2 id="clinic-heading">"医院"</h2>
                </div>
                <div class="card-body stack">
                    <p class="small">
                        "医療機関番号 " <span class="num">{settings.number.clone()}</span>
                        "　名称・所在地・電話番号は領収証や紹介状に印字されます。"
                    </p>
                    <div class="form-grid form-grid-4">
                        <TextField label="名称" name="name" value=typed.name error=at("name") required=true class="span-2" />
                        <TextField label="電話番号" name="phone" value=typed.phone error=at("phone") required=true inputmode="tel" />
                        <TextField
                            label="郵便番号"
                            name="postal_code"
                            value=typed.postal_code
                            error=at("postal_code")
                            inputmode="numeric"
                        />
                        <TextField label="所在地" name="address" value=typed.address error=at("address") required=true class="span-3" />
                    </div>
                </div>
            </section>
            <Standards known=settings.known.clone() chosen=typed.standards error=at("standards") />
            <Hours typed error />
            <Days typed error />
            <div class="form-actions btn-row">
                <button class="btn btn-primary" disabled=move || save.pending().get()>
                    "保存する"
                    <kbd class="kbd" aria-hidden="true">
                        "Ctrl+Enter"
                    </kbd>
                </button>
                <span class="small muted" role="status">
                    {move || if unsaved.get() { "保存していない変更があります。" } else { "" }}
                </span>
                {move || elsewhere().map(|text| view! { <Notice tone=Tone::Danger><p>{text}</p></Notice> })}
            </div>
        </form>
        <StaleDialog
            error
            on_mine=Callback::new(move |now: i64| {
                save.dispatch(now);
            })
            on_theirs=Callback::new(move |()| {
                let _ = reload.try_run(());
            })
        />
    }
}

/// The hours of the week, a weekday a field.
#[component]
fn Hours(typed: Typed, error: RwSignal<Option<AppError>>) -> impl IntoView {
    view! {
        <section class="card" aria-labelledby="hours-heading">
            <div class="card-header">
                <h2 id="hours-heading">"診療時間"</h2>
                <button
                    type="button"
                    class="btn btn-quiet btn-sm"
                    on:click=move |_| {
                        let monday = typed.week[0].get_untracked();
                        for day in &typed.week[1..5] {
                            day.set(monday.clone());
                        }
                    }
                >
                    "月曜を金曜まで写す"
                </button>
            </div>
            <div class="card-body stack">
                <p class="small">
                    "表示している診療時間です。「9:00-12:00、15:00-18:00」のように入力し、休診の曜日は空欄にします。受付の時刻と合わせて時間外・夜間早朝などの加算に使います。"
                </p>
                <div class="form-grid form-grid-4">
                    {typed
                        .week
                        .into_iter()
                        .enumerate()
                        .map(|(index, value)| {
                            let name = format!("week.{index}");
                            let field = name.clone();
                            let flaw = Signal::derive(move || {
                                error.with(|error| error.as_ref().and_then(|error| error.at(&field)))
                            });
                            let field = name.clone();
                            Effect::new(move |_| {
                                value.track();
                                mend(error, &field);
                            });
                            let hint = Signal::derive(move || Some(verdict(&value.get())));
                            view! { <TextField label=format!("{}曜日", WEEKDAYS[index]) name value error=flaw hint /> }
                        })
                        .collect_view()}
                </div>
                <CheckField
                    label="祝日と12月29日〜1月3日も曜日どおり診療する"
                    name="open_on_holidays"
                    value=typed.open_on_holidays
                />
            </div>
        </section>
    }
}

/// What the hours of a day come to.
fn verdict(typed: &str) -> String {
    match parse_hours(typed) {
        Ok(hours) if hours.is_empty() => "休診".to_owned(),
        Ok(hours) => {
            let minutes: i64 = hours.iter().map(|open| (open.closes - open.opens).num_minutes()).sum();
            let spare = if minutes % 60 == 0 { String::new() } else { format!("{}分", minutes % 60) };
            format!("{}時間{spare}", minutes / 60)
        }
        Err(_) => String::new(),
    }
}

/// Closed days and national holidays, a day a line.
#[component]
fn Days(typed: Typed, error: RwSignal<Option<AppError>>) -> impl IntoView {
    let at =
        move |field: &'static str| Signal::derive(move || error.with(|error| error.as_ref().and_then(|error| error.at(field))));
    let year = today().year();
    // How many days of this year and the next are there: the list must be kept by somebody.
    let told = move || {
        match typed.holidays.with(|text| parse_days(text, true)) {
        Ok(days) if days.is_empty() => view! {
            <EmptyState>
                "祝日は登録されていません。いまは日曜日と12月29日〜1月3日だけを休日として計算します。国民の祝日の一覧を上の欄に貼り付けてください。"
            </EmptyState>
        }
        .into_any(),
        Ok(days) => {
            let count = |year: i32| days.iter().filter(|special| special.day.year() == year).count();
            let words = format!("{year}年 {}日・{}年 {}日", count(year), year + 1, count(year + 1));
            let missing = count(year) == 0;
            view! {
                <p class="small" role="status">
                    {words}
                </p>
                {missing
                    .then(|| view! { <Notice tone=Tone::Warn><p>{format!("{year}年の祝日がありません。")}</p></Notice> })}
            }
            .into_any()
        }
        // What is wrong stands at the field once somebody saves.
        Err(_) => ().into_any(),
    }
    };
    view! {
        <section class="card" aria-labelledby="days-heading">
            <div class="card-header">
                <h2 id="days-heading">"臨時休診と休日一覧"</h2>
            </div>
            <div class="card-body form-grid">
                <TextArea
                    label="臨時休診"
                    name="closed"
                    value=typed.closed
                    error=at("closed")
                    hint="1行に1日（例: 2026-08-13 夏季休診）。終日休診の日は時間外になります。"
                    rows=8
                />
                <div class="stack">
                    <TextArea
                        label="休日一覧（国民の祝日）"
                        name="holidays"
                        value=typed.holidays
                        error=at("holidays")
                        hint="1行に1日（例: 2026-07-20 海の日）。休日加算（A000 注7）に使います。"
                        rows=8
                    />
                    {told}
                </div>
            </div>
        </section>
    }
}
