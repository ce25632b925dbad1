//! One report with what stands around its values: who entered it, where it came from, whether it is final (中間報告・最終報告),
//! and whether it is kept for long (長期保存).

use super::api;
use crate::{
    chart::store::{ChartStore, way_back},
    sharing::{
        OriginLine,
        flags::{FlagBadges, FlagButton, FlagMenu, Flagging, change_words},
    },
    ui::{Badge, Tone, focus_id, toast, toast_undo},
};
use leptos::prelude::*;
use model::{
    AppError, date,
    ids::LabReportId,
    labs::LabReport,
    share::{Flags, Place},
};

/// The card over the table, for the report that was chosen there or that a refusal points at.
#[component]
pub(super) fn ReportCard() -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let chosen = Memo::new(move |_| {
        let id = store.report.get()?;
        store.reports.with(|all| all.iter().find(|report| report.id == id).cloned())
    });
    move || chosen.get().map(|report| view! { <Card report /> })
}

#[component]
fn Card(report: LabReport) -> impl IntoView {
    let store = expect_context::<ChartStore>();
    let say = toast();
    let undo = toast_undo();
    let trouble = store.trouble();
    let busy = RwSignal::new(false);
    let LabReport { id, version, flags, preliminary, .. } = report;
    let place = Place::LabReport { id };
    let apply = move |answer: Result<Vec<LabReport>, AppError>| match answer {
        Ok(all) => {
            let _ = store.reports.try_set(all);
            true
        }
        Err(error) => {
            trouble(&error);
            false
        }
    };
    let finish = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        store.touched();
        leptos::task::spawn_local(async move {
            if apply(api::finish_report(id, version).await) {
                say("最終報告にしました。");
                // The card is made anew first.
                request_animation_frame(move || focus_id(format!("report-{id}")));
            }
            let _ = busy.try_set(false);
        });
    };
    let change = Callback::new(move |wanted: Flags| {
        store.touched();
        Box::pin(async move {
            let done = apply(api::flag_report(id, wanted.long_term, version).await);
            if done {
                let back = way_back(move || {
                    store.touched();
                    async move {
                        if let Some(version) = version_of(store, id) {
                            apply(api::flag_report(id, flags.long_term, version).await);
                        }
                    }
                });
                undo(&change_words(flags, wanted), back);
            }
            done
        }) as Flagging
    });
    let name = format!("{} の検査結果", date::stamp(report.collected_at));
    let ours = report.origin.is_none();
    let may_record = store.may_record();
    // R6031: only designated infections are kept for long; what others measured is never sent as ours.
    let may_flag = may_record && ours && report.results.iter().any(|result| result.infection);
    let words = match (ours, preliminary) {
        (false, _) => "他院の結果です。自院のものとしては共有しません。",
        (true, true) => "中間報告のあいだは共有しません。最終報告にすると共有されます。",
        (true, false) => "",
    };
    let close = move |_| {
        store.report.set(None);
        focus_id(format!("report-head-{id}"));
    };
    view! {
        <section
            class="panel-body report-card"
            id=format!("report-{id}")
            tabindex="-1"
            aria-label=name.clone()
            aria-current=move || store.sent_to(place)
        >
            <div class="row-main">
                <span class="row-name">
                    <strong>{date::stamp(report.collected_at)}</strong>
                    " 採取"
                    {preliminary.then(|| view! { " " <Badge text="中間報告" tone=Tone::Warn /> })}
                    <FlagBadges flags />
                </span>
                <span class="row-sub">{format!("{}項目・{} 入力", report.results.len(), report.entered_by.name)}</span>
                {report.origin.clone().map(|origin| view! { <OriginLine origin /> })}
                {(!words.is_empty()).then(|| view! { <span class="row-sub">{words}</span> })}
            </div>
            <div class="row-actions">
                {(preliminary && ours && may_record)
                    .then(|| {
                        view! {
                            <button type="button" class="btn btn-secondary btn-sm" disabled=move || busy.get() on:click=finish>
                                "最終報告にする"
                            </button>
                        }
                    })}
                {may_flag.then(|| view! { <FlagButton place name=name.clone() /> })}
                <button type="button" class="btn btn-quiet btn-sm" on:click=close>
                    "閉じる"
                </button>
            </div>
            {may_flag.then(|| view! { <FlagMenu place name=name.clone() flags change /> })}
        </section>
    }
}

/// The version of a report as the chart has it now; none once it or the chart is gone.
fn version_of(store: ChartStore, id: LabReportId) -> Option<i64> {
    let all = store.reports.try_get_untracked()?;
    all.into_iter().find(|report| report.id == id).map(|report| report.version)
}
