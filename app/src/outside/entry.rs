//! One entry of another house: what it says, where it stands beside our own, and the press that takes it over.

use super::hand::{Hand, Taking, row_id};
use crate::ui::{Badge, Tone};
use chrono::NaiveDate;
use leptos::prelude::*;
use model::{
    date,
    ids::ReceivedId,
    labs::LabFlag,
    outside::{EntryContent, OutsideEntry, Standing},
};

/// Our latest value of a test, by our item's code: the value and its day.
pub type OurValue = Callback<String, Option<(String, NaiveDate)>>;

/// What an entry is called in messages.
pub fn name_of(content: &EntryContent) -> String {
    match content {
        EntryContent::Diagnosis { name, suspected, .. } => {
            if *suspected && !name.ends_with("の疑い") {
                format!("{name}の疑い")
            } else {
                name.clone()
            }
        }
        EntryContent::Allergy { name, .. } | EntryContent::Result { name, .. } | EntryContent::Drug { name, .. } => name.clone(),
        EntryContent::Words { title, .. } => title.clone(),
    }
}

/// How words of the server begin that are about the sender's marks, behind what our own entry is called.
const SENDER: &str = "送り元は";

/// The sender's mark that the patient is not told (未告知・未提供), where our own diagnosis lacks any.
fn unmarked(content: &EntryContent, standing: &Standing) -> Option<&'static str> {
    let (EntryContent::Diagnosis { flags, .. }, Standing::Same { ours }) = (content, standing) else { return None };
    let marked = !ours.contains(SENDER) && ["未告知", "未提供"].iter().any(|mark| ours.contains(mark));
    let theirs = if flags.uninformed { "未告知" } else { "未提供" };
    (flags.hidden_from_patient() && !marked).then_some(theirs)
}

/// The row of an entry.
#[component]
pub fn EntryRow(
    /// The document it stands in.
    document: ReceivedId,
    /// The entry.
    entry: OutsideEntry,
    /// Takes over; none where the patient is not known yet or who looks may not.
    hand: Option<Hand>,
    /// Our own value beside a result.
    #[prop(optional_no_strip)]
    ours: Option<OurValue>,
) -> impl IntoView {
    let OutsideEntry { index, content, standing } = entry;
    let name = name_of(&content);
    let taking = Taking { document, entries: vec![index], words: format!("「{name}」") };
    let is_new = standing == Standing::New;
    let warning = unmarked(&content, &standing);
    view! {
        <li
            class=if is_new { "row outside-entry outside-new" } else { "row outside-entry" }
            id=row_id(document, index)
            tabindex="-1"
        >
            <div class="row-main">
                <Said content ours /> <Stands standing=standing.clone() />
                {warning
                    .map(|mark| {
                        view! {
                            <span class="row-sub">
                                <Badge text="要確認" tone=Tone::Warn />
                                {format!(" 送り元は{mark}としています。カルテの病名の「共有設定」で印を付けられます。")}
                            </span>
                        }
                    })}
            </div>
            <div class="row-actions">{hand.map(|hand| view! { <Press standing name taking hand /> })}</div>
        </li>
    }
}

/// What it says.
#[component]
fn Said(content: EntryContent, ours: Option<OurValue>) -> impl IntoView {
    let name = name_of(&content);
    let day = |day: NaiveDate| format!("{day}（{}）", date::era_year(day));
    match content {
        EntryContent::Diagnosis { started_on, ended_on, flags, .. } => {
            let days = match (started_on, ended_on) {
                (Some(start), Some(end)) => format!("{start} – {end}"),
                (Some(start), None) => format!("{} 開始", day(start)),
                (None, Some(end)) => format!("{end} 終了"),
                (None, None) => "開始日の記載なし".to_owned(),
            };
            view! {
                <span class="row-name">
                    {name} {flags.uninformed.then(|| view! { " " <Badge text="未告知" tone=Tone::Danger /> })}
                    {flags.undelivered.then(|| view! { " " <Badge text="未提供" tone=Tone::Danger /> })}
                    {flags.long_term.then(|| view! { " " <Badge text="長期保存" /> })}
                </span>
                <span class="row-sub">{days}</span>
            }
            .into_any()
        }
        EntryContent::Allergy { category, severe, reaction, recorded_on, .. } => {
            let facts: Vec<String> = [
                category.map(|category| category.label().to_owned()),
                (!reaction.is_empty()).then_some(reaction),
                recorded_on.map(|on| format!("{on} 記録")),
            ]
            .into_iter()
            .flatten()
            .collect();
            view! {
                <span class="row-name">{severe.then(|| view! { <Badge text="重症" tone=Tone::Danger /> " " })} {name}</span>
                <span class="row-sub">{facts.join("・")}</span>
            }
            .into_any()
        }
        EntryContent::Result { value, unit, low, high, flag, collected_at, local_code, .. } => {
            let class = match flag {
                Some(LabFlag::H) => "flag-high",
                Some(LabFlag::L) => "flag-low",
                _ => "",
            };
            let letter = flag.filter(|flag| *flag != LabFlag::N).map(|flag| format!(" {}", flag.as_str()));
            let range = match (low, high) {
                (Some(low), Some(high)) => Some(format!("基準 {low}–{high}")),
                (None, Some(high)) => Some(format!("基準 ≤ {high}")),
                (Some(low), None) => Some(format!("基準 ≥ {low}")),
                (None, None) => None,
            };
            let value = value.map_or_else(|| "測定なし".to_owned(), |value| value.show());
            let facts: Vec<String> =
                [range, collected_at.map(|at| format!("{} 採取", date::stamp(at)))].into_iter().flatten().collect();
            // Asked for once more whenever our own results change.
            let own = move || {
                let (value, on) = ours?.run(local_code.clone())?;
                Some(view! { <span class="row-sub outside-own">{format!("自院 {value}（{on}）")}</span> })
            };
            view! {
                <span class="row-name">
                    {name} " " <span class=format!("outside-value num {class}")>{value} {letter}</span>
                    <span class="muted small">" " {unit}</span>
                </span>
                <span class="row-sub">{facts.join("・")}</span>
                {own}
            }
            .into_any()
        }
        EntryContent::Drug { words, prescribed_on, .. } => {
            let facts: Vec<String> = [(!words.is_empty()).then_some(words), prescribed_on.map(|on| format!("{on} 処方"))]
                .into_iter()
                .flatten()
                .collect();
            view! {
                <span class="row-name">{name}</span>
                <span class="row-sub pre">{facts.join("・")}</span>
            }
            .into_any()
        }
        EntryContent::Words { text, .. } => view! {
            <span class="row-name">{name}</span>
            <span class="row-sub pre">{text}</span>
        }
        .into_any(),
    }
}

/// Where it stands beside our own, in words.
#[component]
fn Stands(standing: Standing) -> impl IntoView {
    let (class, words) = match standing {
        Standing::New => return ().into_any(),
        Standing::Same { ours } => {
            // What it says of the sender's marks stands in a line of its own.
            let ours = ours.split(SENDER).next().unwrap_or_default().trim_end_matches([' ', '　', '・', '。', '：']);
            ("row-sub outside-standing", format!("カルテに登録済み：{ours}"))
        }
        Standing::Taken { by, at } => ("row-sub outside-standing", format!("{} に {by} が取り込み", date::stamp(at))),
        Standing::ReadOnly { why } if why.is_empty() => return ().into_any(),
        Standing::ReadOnly { why } => ("row-sub", format!("取り込めません：{why}")),
    };
    view! { <span class=class>{words}</span> }.into_any()
}

/// The press that fits where it stands.
#[component]
fn Press(standing: Standing, name: String, taking: Taking, hand: Hand) -> impl IntoView {
    match standing {
        Standing::New => view! {
            <button
                type="button"
                class="btn btn-secondary btn-sm"
                aria-label=format!("{name}を取り込む")
                disabled=move || hand.busy.get()
                on:click=move |_| hand.take.run(taking.clone())
            >
                "取り込む"
            </button>
        }
        .into_any(),
        Standing::Taken { .. } => view! {
            <Badge text="取り込み済" tone=Tone::Ok />
            <button
                type="button"
                class="btn btn-quiet btn-sm"
                aria-label=format!("{name}の取り込みを元に戻す")
                disabled=move || hand.busy.get()
                on:click=move |_| hand.back.run(taking.clone())
            >
                "元に戻す"
            </button>
        }
        .into_any(),
        Standing::Same { .. } => view! { <Badge text="登録済み" /> }.into_any(),
        Standing::ReadOnly { .. } => ().into_any(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::share::Flags;

    #[test]
    fn a_suspected_diagnosis_is_named_as_such_once() {
        let named = |name: &str| {
            name_of(&EntryContent::Diagnosis {
                name: name.into(),
                suspected: true,
                started_on: None,
                ended_on: None,
                flags: Flags::default(),
            })
        };
        assert_eq!(named("変形性膝関節症"), "変形性膝関節症の疑い");
        assert_eq!(named("変形性膝関節症の疑い"), "変形性膝関節症の疑い");
    }

    #[test]
    fn a_mark_of_the_sender_that_ours_lacks_is_told() {
        let said = |uninformed: bool, ours: &str| {
            let content = EntryContent::Diagnosis {
                name: "胃癌".into(),
                suspected: false,
                started_on: None,
                ended_on: None,
                flags: Flags { uninformed, ..Flags::default() },
            };
            unmarked(&content, &Standing::Same { ours: ours.into() })
        };
        assert_eq!(said(true, "胃癌（2026-07-01〜）"), Some("未告知"));
        assert_eq!(said(true, "胃癌（2026-07-01〜・未告知）"), None, "marked here as well");
        assert_eq!(said(false, "胃癌（2026-07-01〜）"), None);
    }
}
