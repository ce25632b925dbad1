//! Facility standards (施設基準) and facts of the clinic: a list to look through, tick by tick, with what each does. Names no
//! rule knows are kept and listed apart.

use crate::ui::{EmptyState, TextField};
use leptos::prelude::*;
use model::{clinic::KnownStandard, kana};

/// Takes every grade of a standard out and puts one in; an empty grade takes it away.
fn choose(chosen: RwSignal<Vec<String>>, known: &KnownStandard, now: Option<String>) {
    chosen.update(|all| {
        let place = all.iter().position(|name| is_of(name, known)).unwrap_or(all.len());
        all.retain(|name| !is_of(name, known));
        if let Some(name) = now {
            all.insert(place.min(all.len()), name);
        }
    });
}

/// Whether a name is the standard, in one of its grades.
fn is_of(name: &str, known: &KnownStandard) -> bool {
    match name.strip_prefix(known.name.as_str()) {
        Some("") => known.grades == 0,
        Some(rest) => rest.parse::<u8>().is_ok_and(|grade| (1..=known.grades).contains(&grade)),
        None => false,
    }
}

/// The card.
#[component]
pub fn Standards(
    /// What the rules read.
    known: Vec<KnownStandard>,
    /// The names that are chosen.
    chosen: RwSignal<Vec<String>>,
    /// What is wrong with them.
    error: Signal<Option<String>>,
) -> impl IntoView {
    let query = RwSignal::new(String::new());
    let only = RwSignal::new(false);
    let all = StoredValue::new(known);
    let fits = move |known: &KnownStandard| {
        let folded = |text: &str| kana::fold_width(text).to_lowercase();
        let words = query.with(|query| folded(query));
        let text = folded(&format!("{} {}", known.name, known.effect));
        let found = words.split_whitespace().all(|word| text.contains(word));
        found && (!only.get() || chosen.with(|names| names.iter().any(|name| is_of(name, known))))
    };
    let rows = move |fact: bool| {
        all.get_value()
            .into_iter()
            .filter(|known| known.fact == fact)
            .map(|known| {
                let shown = {
                    let known = known.clone();
                    Memo::new(move |_| fits(&known))
                };
                view! {
                    <li class="grid gap-x-4 sm:grid-cols-[minmax(0,1fr)_auto]" class:hidden=move || !shown.get()>
                        <Row known chosen />
                    </li>
                }
            })
            .collect_view()
    };
    let none = move || all.with_value(|all| !all.iter().any(fits));
    let count = move || chosen.with(Vec::len);
    view! {
        <section class="card" aria-labelledby="standards-heading">
            <div class="card-header">
                <h2 id="standards-heading">"施設基準と医院の状況"</h2>
                <span class="small muted">{move || format!("登録 {}件", count())}</span>
            </div>
            <div class="card-body stack">
                <div class="form-grid">
                    <TextField label="施設基準をさがす" name="standards_query" value=query kind="search" placeholder="例：明細書、検体、注7" />
                    <label class="check self-end">
                        <input
                            type="checkbox"
                            prop:checked=move || only.get()
                            on:change:target=move |event| only.set(event.target().checked())
                        />
                        "登録しているものだけ"
                    </label>
                </div>
                {move || error.get().map(|text| view! { <p class="field-error">{text}</p> })}
            </div>
            {[(false, "届け出た施設基準"), (true, "医院の状況（標榜する診療科など）")]
                .map(|(fact, words)| {
                    let empty = Memo::new(move |_| !all.with_value(|all| all.iter().any(|known| known.fact == fact && fits(known))));
                    view! {
                        <div class:hidden=move || empty.get()>
                            <h3 class="px-4 pt-2 small">{words}</h3>
                            <ul class="paper-list lg:grid lg:grid-cols-2" aria-label=words>
                                {rows(fact)}
                            </ul>
                        </div>
                    }
                })
                .collect_view()}
            {move || none().then(|| view! { <EmptyState>"あてはまる施設基準がありません。下の欄から名称で登録できます。"</EmptyState> })}
            <Others all chosen />
        </section>
    }
}

/// One standard: ticked, or its grade chosen.
#[component]
fn Row(known: KnownStandard, chosen: RwSignal<Vec<String>>) -> impl IntoView {
    let name = known.name.clone();
    let effect = known.effect.clone();
    let held = {
        let known = known.clone();
        Memo::new(move |_| chosen.with(|names| names.iter().find(|name| is_of(name, &known)).cloned()))
    };
    if known.grades == 0 {
        return view! {
            <label class="check">
                <input
                    type="checkbox"
                    checked=held.get_untracked().is_some()
                    prop:checked=move || held.get().is_some()
                    on:change:target=move |event| {
                        let now = event.target().checked().then(|| known.name.clone());
                        choose(chosen, &known, now);
                    }
                />
                <span>{name}</span>
            </label>
            <span class="small muted sm:col-span-2">{effect}</span>
        }
        .into_any();
    }
    let options = (1..=known.grades).map(|grade| (format!("{}{grade}", known.name), format!("{grade}"))).collect::<Vec<_>>();
    let label = format!("{name}の区分");
    view! {
        <span class="self-center font-bold">{name}</span>
        <select
            class="select w-auto"
            aria-label=label
            on:change:target=move |event| {
                let value = event.target().value();
                choose(chosen, &known, (!value.is_empty()).then_some(value));
            }
        >
            <option value="" selected=move || held.get().is_none()>
                "届出なし"
            </option>
            {options
                .into_iter()
                .map(|(value, words)| {
                    let own = value.clone();
                    view! {
                        <option value=value selected=move || held.get().as_deref() == Some(own.as_str())>
                            {words}
                        </option>
                    }
                })
                .collect_view()}
        </select>
        <span class="small muted sm:col-span-2">{effect}</span>
    }
    .into_any()
}

/// What no rule reads: kept, and taken away one by one; and a name of one's own.
#[component]
fn Others(all: StoredValue<Vec<KnownStandard>>, chosen: RwSignal<Vec<String>>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let unknown = Memo::new(move |_| {
        chosen.with(|names| {
            let known = |name: &&String| !all.with_value(|all| all.iter().any(|known| is_of(name, known)));
            names.iter().filter(known).cloned().collect::<Vec<_>>()
        })
    });
    let add = move || {
        let name = typed.with_untracked(|text| text.trim().to_owned());
        if !name.is_empty() {
            chosen.update(|names| {
                if !names.contains(&name) {
                    names.push(name);
                }
            });
            typed.set(String::new());
        }
    };
    view! {
        <div class="card-body stack">
            <h3 class="small">"そのほかの施設基準"</h3>
            <p class="small muted">"名称または施設基準コードで登録します。自動の算定には使いませんが、登録は残り、オーダーの確認に使われます。"</p>
            <ul class="cluster" aria-label="そのほかの施設基準">
                {move || {
                    unknown
                        .get()
                        .into_iter()
                        .map(|name| {
                            let gone = name.clone();
                            view! {
                                <li class="cluster">
                                    <span>{name.clone()}</span>
                                    <button
                                        type="button"
                                        class="btn btn-quiet btn-sm"
                                        aria-label=format!("{name} を外す")
                                        on:click=move |_| chosen.update(|names| names.retain(|other| *other != gone))
                                    >
                                        "外す"
                                    </button>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            <div class="cluster items-end">
                <TextField label="名称・コード" name="standard_name" value=typed on_enter=Callback::new(move |()| add()) />
                <button type="button" class="btn btn-secondary" on:click=move |_| add()>
                    "加える"
                </button>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(name: &str, grades: u8) -> KnownStandard {
        KnownStandard { name: name.into(), grades, effect: String::new(), fact: false }
    }

    #[test]
    fn grades_take_each_others_place_and_nothing_else() {
        let owner = Owner::new();
        owner.set();
        let names = ["時間外対応体制加算3", "院内の名前", "時間外対応体制加算"].map(String::from);
        let chosen = RwSignal::new(Vec::from(names));
        choose(chosen, &known("時間外対応体制加算", 4), Some("時間外対応体制加算1".into()));
        // The bare name is no grade: it is kept among the others.
        assert_eq!(chosen.get_untracked(), ["時間外対応体制加算1", "院内の名前", "時間外対応体制加算"]);
        choose(chosen, &known("時間外対応体制加算", 4), None);
        assert_eq!(chosen.get_untracked(), ["院内の名前", "時間外対応体制加算"]);
        choose(chosen, &known("小児科", 0), Some("小児科".into()));
        assert_eq!(chosen.get_untracked().last().map(String::as_str), Some("小児科"));
        assert!(!is_of("小児科外来診療料", &known("小児科", 0)));
    }
}
