//! The discharge summary (退院時サマリー) being written.

use super::{
    care_plan::{set, tick},
    desk::Desk,
    fields::{Line, Pick, Tick, Ticks, Words},
};
use crate::ui::{Notice, Tone};
use leptos::prelude::*;
use model::{
    date,
    ids::{DiagnosisId, RpId},
    paper::{ADMISSIONS, DISPOSITIONS, DischargeForm, PaperContent, PaperRp},
};
use std::collections::BTreeSet;

/// A part of the summary.
pub(super) struct Part {
    pub(super) field: &'static str,
    pub(super) heading: &'static str,
    pub(super) hint: &'static str,
    pub(super) required: bool,
    pub(super) read: fn(&DischargeForm) -> &String,
    pub(super) write: fn(&mut DischargeForm) -> &mut String,
}

macro_rules! parts {
    ($($field:ident $heading:literal $hint:literal $required:literal),+ $(,)?) => {
        /// The parts in the order of the paper.
        pub(super) const PARTS: [Part; 11] = [$(Part {
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
    reason "入院理由" "例: 肺炎の治療" true,
    complaint "主訴" "例: 発熱、咳" true,
    present_illness "現病歴" "いつから、どのように" true,
    past_history "既往歴" "任意" false,
    family_history "家族歴" "任意" false,
    social_history "社会歴・生活習慣" "任意" false,
    findings_in "入院時身体所見" "任意" false,
    course "入院中経過" "検査・治療と経過" true,
    treatment "入院中治療" "任意" false,
    findings_out "退院時身体所見" "任意" false,
    instructions "退院時方針指示" "退院後の通院・生活・服薬" true,
}

/// A list of ids of the form.
struct List<T: 'static> {
    field: &'static str,
    read: fn(&DischargeForm) -> &Vec<T>,
    write: fn(&mut DischargeForm) -> &mut Vec<T>,
}

impl<T: 'static> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: 'static> Copy for List<T> {}

type Bound = (Memo<BTreeSet<String>>, Callback<(String, bool)>);

/// What is ticked of a list, and how it is changed.
fn bound<T>(desk: Desk, list: List<T>) -> Bound
where
    T: std::str::FromStr + ToString + PartialEq + 'static,
{
    let ticked =
        desk.read(move |form: &DischargeForm| (list.read)(form).iter().map(ToString::to_string).collect::<BTreeSet<_>>());
    let toggle = Callback::new(move |(id, on): (String, bool)| {
        if let Ok(id) = id.parse::<T>() {
            desk.write(list.field, |form: &mut DischargeForm| set((list.write)(form), id, on));
        }
    });
    (ticked, toggle)
}

fn drug_tick(group: &PaperRp) -> Tick {
    let drugs: Vec<String> =
        group.rp.items.iter().map(|drug| format!("{} {}{}", drug.name, drug.amount.normalize(), drug.unit)).collect();
    let count = format!("{}{}", group.rp.count, group.rp.route.counter());
    let whose = if group.found { "・他院の文書" } else { "" };
    Tick {
        id: group.rp.id.to_string(),
        words: drugs.join("、"),
        note: format!("{} {count}・{}{whose}", group.rp.usage, date::day_of(group.at)),
    }
}

/// The fields.
#[component]
pub(super) fn DischargeFields(
    /// The desk.
    desk: Desk,
    /// What can be chosen.
    content: PaperContent,
) -> impl IntoView {
    macro_rules! line {
        ($field:ident) => {
            desk.bind(
                stringify!($field),
                |form: &DischargeForm| form.$field.clone(),
                |form: &mut DischargeForm, text| form.$field = text,
            )
        };
    }
    macro_rules! list {
        ($field:ident) => {
            List { field: stringify!($field), read: |form| &form.$field, write: |form| &mut form.$field }
        };
    }
    let diagnoses: Vec<Tick> = content.diagnoses.iter().map(tick).collect();
    let drugs: Vec<Tick> = content.prescriptions.iter().map(drug_tick).collect();
    let (in_ticked, in_toggle) = bound::<DiagnosisId>(desk, list!(diagnoses_in));
    let (out_ticked, out_toggle) = bound::<DiagnosisId>(desk, list!(diagnoses_out));
    let (before_ticked, before_toggle) = bound::<RpId>(desk, list!(drugs_in));
    let (home_ticked, home_toggle) = bound::<RpId>(desk, list!(drugs_out));
    let allergies: Vec<String> = content.allergies.iter().map(|allergy| allergy.name.clone()).collect();
    let reports = content.reports.clone();
    let days = desk.read(|form: &DischargeForm| form.days());
    let within = move || match days.get() {
        Some((from, until)) => {
            let count = reports.iter().filter(|r| (from..=until).contains(&date::day_of(r.collected_at))).count();
            if count == 0 {
                "入院期間中の検査結果はありません。".to_owned()
            } else {
                format!("入院期間中の検査結果 {count}件が添えられます。")
            }
        }
        None => "入院日と退院日を入力すると、その間の検査結果が添えられます。".to_owned(),
    };
    let none = "診療録に傷病名がありません。";
    view! {
        {(!content.source.is_empty())
            .then(|| {
                view! {
                    <Notice tone=Tone::Info>
                        <p>{format!("下書きの元: {}。内容を確認してください。", content.source)}</p>
                    </Notice>
                }
            })}
        <div class="letter-head-fields">
            <Line bound=line!(admitted_on) label="入院日" hint="例: 2026-06-20" required=true />
            <Line bound=line!(admitted_time) label="入院時刻" hint="任意（例: 10:00）" />
            <Line bound=line!(discharged_on) label="退院日" hint="例: 2026-06-28" required=true />
            <Line bound=line!(discharged_time) label="退院時刻" hint="任意" />
            <Pick bound=line!(admission) label="入院経路" options=&ADMISSIONS />
            <Pick bound=line!(disposition) label="退院時転帰" options=&DISPOSITIONS required=true />
        </div>
        <div class="paper-two">
            <Ticks
                field="diagnoses_in"
                legend="入院時診断"
                ticks=diagnoses.clone()
                ticked=in_ticked
                toggle=in_toggle
                flaw=desk.flaw("diagnoses_in")
                none
                required=true
            />
            <Ticks
                field="diagnoses_out"
                legend="退院時診断"
                ticks=diagnoses
                ticked=out_ticked
                toggle=out_toggle
                flaw=desk.flaw("diagnoses_out")
                none
                required=true
            />
        </div>
        <p class="letter-given">
            <strong>"アレルギー: "</strong>
            {if allergies.is_empty() { "登録なし".to_owned() } else { allergies.join("、") }}
        </p>
        {PARTS
            .iter()
            .map(|part| {
                let bound = desk
                    .bind(
                        part.field,
                        |form: &DischargeForm| (part.read)(form).clone(),
                        |form, text| *(part.write)(form) = text,
                    );
                view! { <Words bound heading=part.heading hint=part.hint required=part.required /> }
            })
            .collect_view()}
        <div class="paper-two">
            <Ticks
                field="drugs_in"
                legend="入院時服薬"
                ticks=drugs.clone()
                ticked=before_ticked
                toggle=before_toggle
                flaw=desk.flaw("drugs_in")
                none="処方がありません。"
            />
            <Ticks
                field="drugs_out"
                legend="退院時の処方"
                ticks=drugs
                ticked=home_ticked
                toggle=home_toggle
                flaw=desk.flaw("drugs_out")
                none="処方がありません。"
            />
        </div>
        <p class="letter-given">{within}</p>
    }
}
