//! The plan of care (療養計画書) being written.

use super::{
    desk::Desk,
    fields::{Line, Tick, Ticks, Words},
};
use leptos::prelude::*;
use model::{
    chart::Diagnosis,
    ids::DiagnosisId,
    paper::{CarePlanForm, PaperContent},
};
use std::collections::BTreeSet;

/// A part of the plan.
pub(super) struct Part {
    pub(super) field: &'static str,
    pub(super) heading: &'static str,
    pub(super) hint: &'static str,
    pub(super) required: bool,
    pub(super) read: fn(&CarePlanForm) -> &String,
    pub(super) write: fn(&mut CarePlanForm) -> &mut String,
}

macro_rules! parts {
    ($($field:ident $heading:literal $hint:literal $required:literal),+ $(,)?) => {
        /// The parts in the order of the paper.
        pub(super) const PARTS: [Part; 8] = [$(Part {
            field: stringify!($field),
            heading: $heading,
            hint: $hint,
            required: $required,
            read: |form| &form.$field,
            write: |form| &mut form.$field,
        }),+];
    };
}

parts! {
    goal "目標" "例: 家庭血圧 135/85 未満。3か月で体重を2kg減らす" true,
    diet "食事" "例: 塩分を1日6g未満に。汁物は1日1杯まで" false,
    exercise "運動" "例: 1日30分、週3日以上歩く" false,
    habits "たばこ・飲酒・生活" "任意" false,
    medication "服薬" "任意" false,
    tests "測定・検査" "例: 朝夕の血圧を記録する。次回に血液検査" false,
    visits "受診の目安" "例: 4週後。胸の痛みがあればすぐに" false,
    remarks "そのほか" "任意" false,
}

/// A diagnosis to tick.
pub(super) fn tick(diagnosis: &Diagnosis) -> Tick {
    let mut note = format!("{}から", diagnosis.started_on);
    if let Some((day, outcome)) = diagnosis.ended {
        note = format!("{note}・{day} {}", outcome.label());
    }
    if diagnosis.principal {
        note.push_str("・主");
    }
    Tick { id: diagnosis.id.to_string(), words: diagnosis.name.clone(), note }
}

/// Puts an id into a list or takes it out.
pub(super) fn set<T: PartialEq>(list: &mut Vec<T>, id: T, on: bool) {
    match (on, list.iter().position(|one| *one == id)) {
        (true, None) => list.push(id),
        (false, Some(at)) => drop(list.remove(at)),
        _ => {}
    }
}

/// The fields.
#[component]
pub(super) fn CarePlanFields(
    /// The desk.
    desk: Desk,
    /// What can be chosen.
    content: PaperContent,
) -> impl IntoView {
    let ticked = desk.read(|form: &CarePlanForm| form.diagnoses.iter().map(ToString::to_string).collect::<BTreeSet<_>>());
    let toggle = Callback::new(move |(id, on): (String, bool)| {
        if let Ok(id) = id.parse::<DiagnosisId>() {
            desk.write("diagnoses", |form: &mut CarePlanForm| set(&mut form.diagnoses, id, on));
        }
    });
    let from = desk.bind("from", |form: &CarePlanForm| form.from.clone(), |form, text| form.from = text);
    let until = desk.bind("until", |form: &CarePlanForm| form.until.clone(), |form, text| form.until = text);
    view! {
        <div class="letter-head-fields">
            <Line bound=from label="開始日" hint="例: 2026-07-10、R8.7.10" required=true />
            <Line bound=until label="終了日" hint="任意" />
        </div>
        <Ticks
            field="diagnoses"
            legend="対象の傷病名"
            ticks=content.diagnoses.iter().map(tick).collect()
            ticked
            toggle
            flaw=desk.flaw("diagnoses")
            none="診療録に現在の傷病名がありません（未告知・未提供の病名は患者さんに渡す計画書には載りません）。"
            required=true
        />
        {PARTS
            .iter()
            .map(|part| {
                let bound = desk
                    .bind(
                        part.field,
                        |form: &CarePlanForm| (part.read)(form).clone(),
                        |form, text| *(part.write)(form) = text,
                    );
                view! { <Words bound heading=part.heading hint=part.hint required=part.required /> }
            })
            .collect_view()}
    }
}
