//! The changes of one kind of table: how many of which sort, and the rows, narrowed by sort or by words.

use crate::ui::{Badge, EmptyState, Tone};
use leptos::prelude::*;
use model::{
    edition::{Change, KindPreview, RowChange},
    kana,
    money::grouped,
};

/// Which rows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    All,
    Of(Change),
    Up,
    Down,
}

impl Sort {
    fn takes(self, row: &RowChange) -> bool {
        match self {
            Self::All => true,
            Self::Of(change) => row.change == change,
            Self::Up => row.direction > 0,
            Self::Down => row.direction < 0,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::All => "すべて",
            Self::Of(change) => change.label(),
            Self::Up => "▲ 上がる",
            Self::Down => "▼ 下がる",
        }
    }
}

/// The sorts that occur, with their counts. Where all is of one sort, that says it all.
fn sorts(kind: &KindPreview) -> Vec<(Sort, u32)> {
    let all = kind.new + kind.changed + kind.abolished + kind.removed;
    let of_one = [kind.new, kind.changed, kind.abolished, kind.removed].contains(&all);
    [
        (Sort::All, if of_one { 0 } else { all }),
        (Sort::Of(Change::New), kind.new),
        (Sort::Of(Change::Changed), kind.changed),
        (Sort::Of(Change::Abolished), kind.abolished),
        (Sort::Of(Change::Removed), kind.removed),
        (Sort::Up, kind.up),
        (Sort::Down, kind.down),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .collect()
}

/// The colour of a change.
pub fn tone(change: Change) -> Tone {
    match change {
        Change::New => Tone::Ok,
        Change::Changed => Tone::Info,
        Change::Abolished => Tone::Danger,
        Change::Removed => Tone::Warn,
    }
}

/// One kind of table: its counts are buttons that show the rows.
#[component]
pub fn Changes(
    /// The kind and its rows.
    kind: KindPreview,
    /// Begins the ids.
    prefix: &'static str,
    /// Whether the rows are shown from the start.
    opened: bool,
) -> impl IntoView {
    let id = format!("{prefix}-{}", kind.kind.as_str());
    let (heading, list) = (id.clone(), format!("{id}-rows"));
    let label = kind.kind.label();
    let estimates = kind.estimates_replaced;
    let counts = sorts(&kind);
    let chosen = RwSignal::new(counts.first().filter(|_| opened).map(|(sort, _)| *sort));
    let rows = StoredValue::new(kind.rows);
    let total_of = StoredValue::new(counts.clone());
    let controls = list.clone();
    view! {
        <section class="kind" aria-labelledby=heading.clone()>
            <div class="kind-head">
                <h4 id=heading.clone()>{label}</h4>
                <div class="kind-counts" role="group" aria-label=format!("{label}の変更を一覧で見る")>
                    {counts
                        .into_iter()
                        .map(|(sort, count)| {
                            let is_chosen = move || chosen.get() == Some(sort);
                            view! {
                                <button
                                    type="button"
                                    class="count"
                                    aria-pressed=move || is_chosen().to_string()
                                    aria-controls=controls.clone()
                                    on:click=move |_| chosen.update(|now| *now = (*now != Some(sort)).then_some(sort))
                                >
                                    {sort.words()}
                                    <strong class="count-figure">{grouped(i64::from(count))}</strong>
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
                {(estimates > 0)
                    .then(|| {
                        view! {
                            <span class="kind-note">
                                <span class="estimate">"推計"</span>
                                {format!(" {}件が正式な値になります", grouped(i64::from(estimates)))}
                            </span>
                        }
                    })}
            </div>
            <div id=list>
                {move || {
                    chosen
                        .get()
                        .map(|sort| {
                            let total = total_of.with_value(|all| all.iter().find(|(s, _)| *s == sort).map_or(0, |(_, n)| *n));
                            view! { <Rows rows sort total label id=id.clone() /> }
                        })
                }}
            </div>
        </section>
    }
}

#[component]
fn Rows(rows: StoredValue<Vec<RowChange>>, sort: Sort, total: u32, label: &'static str, id: String) -> impl IntoView {
    let words = RwSignal::new(String::new());
    let shown = Memo::new(move |_| {
        let wanted = kana::fold(&words.get());
        let fits = |row: &&RowChange| {
            sort.takes(row) && (wanted.is_empty() || kana::fold(&row.name).contains(&wanted) || row.code.starts_with(&wanted))
        };
        rows.with_value(|rows| rows.iter().filter(fits).cloned().collect::<Vec<_>>())
    });
    let listed = rows.with_value(|rows| rows.iter().filter(|row| sort.takes(row)).count());
    let rest = (total as usize).saturating_sub(listed);
    let find = format!("{id}-find");
    view! {
        <div class="rows-tools">
            <label class="sr-only" for=find.clone()>
                {format!("{label}の一覧をしぼりこむ")}
            </label>
            <input
                id=find
                class="input rows-find"
                type="search"
                placeholder="名称・コードでしぼりこむ"
                autocomplete="off"
                on:input:target=move |event| words.set(event.target().value())
            />
            <span class="muted small" role="status">
                {move || {
                    if words.with(|words| words.trim().is_empty()) {
                        String::new()
                    } else {
                        format!("{}件", grouped(shown.with(Vec::len) as i64))
                    }
                }}
            </span>
        </div>
        <div class="rows-scroll" tabindex="0" role="region" aria-label=format!("{label}の変更（{}）", sort.words())>
            <Show
                when=move || shown.with(|rows| !rows.is_empty())
                fallback=move || {
                    view! {
                        <EmptyState>
                            {if rest > 0 {
                                format!("表示している{}件には、あてはまる行はありません。", grouped(listed as i64))
                            } else {
                                "あてはまる行はありません。".to_owned()
                            }}
                        </EmptyState>
                    }
                }
            >
                <table class="table table-stack changes-table" role="table" aria-label=format!("{label}の変更")>
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col">"変更"</th>
                            <th role="columnheader" scope="col">"名称"</th>
                            <th role="columnheader" scope="col">"点数・価格など"</th>
                            <th role="columnheader" scope="col">"いつから"</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        {move || shown.get().into_iter().map(|row| view! { <Line row /> }).collect_view()}
                    </tbody>
                </table>
            </Show>
        </div>
        {(rest > 0).then(|| view! { <p class="rows-rest">{format!("ほか {} 件", grouped(rest as i64))}</p> })}
    }
}

#[component]
fn Line(row: RowChange) -> impl IntoView {
    view! {
        <tr role="row">
            <td role="cell">
                <Badge text=row.change.label() tone=tone(row.change) />
            </td>
            <th role="rowheader" scope="row" class="changes-name">
                {row.name.clone()}
                <span class="sub">{row.code.clone()}</span>
            </th>
            <td role="cell">
                <Moves row=row.clone() />
            </td>
            <td role="cell" class="nowrap">
                <Since row />
            </td>
        </tr>
    }
}

/// The figure before and after, with an arrow and a word for its direction; the names of what changes under it.
#[component]
pub fn Moves(
    /// The row.
    row: RowChange,
) -> impl IntoView {
    let direction = match row.direction {
        1.. => Some(("moves moves-up", "▲", "上がる")),
        0 => None,
        _ => Some(("moves moves-down", "▼", "下がる")),
    };
    let pair = !row.before.is_empty() && !row.after.is_empty() && row.before != row.after;
    let figures = if pair {
        view! {
            <span class="before">{row.before}</span>
            <span aria-hidden="true">" → "</span>
            <span class="sr-only">"から"</span>
            <strong>{row.after}</strong>
        }
        .into_any()
    } else {
        let figure = if row.after.is_empty() { row.before } else { row.after };
        view! { <span>{figure}</span> }.into_any()
    };
    let fields = (row.change == Change::Changed && !row.fields.is_empty()).then(|| row.fields.join("、"));
    view! {
        <span class="figures">{figures}</span>
        {direction
            .map(|(class, arrow, words)| {
                view! {
                    <span class=class>
                        <span aria-hidden="true">{arrow}</span>
                        {words}
                    </span>
                }
            })}
        {fields.map(|fields| view! { <span class="sub">{format!("変わる項目: {fields}")}</span> })}
    }
}

/// From which day it holds; for what ends, the first day it is gone.
#[component]
pub fn Since(
    /// The row.
    row: RowChange,
) -> impl IntoView {
    row.from.map(|day| view! { <time datetime=day.to_string()>{format!("{day}から")}</time> })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::edition::FileKind;

    fn row(change: Change, direction: i8) -> RowChange {
        RowChange {
            code: "1".to_owned(),
            name: "あ".to_owned(),
            change,
            from: None,
            before: String::new(),
            after: String::new(),
            direction,
            fields: Vec::new(),
        }
    }

    #[test]
    fn only_what_occurs_is_counted() {
        let kind = KindPreview {
            kind: FileKind::Drug,
            new: 2,
            changed: 3,
            abolished: 0,
            removed: 0,
            up: 1,
            down: 0,
            estimates_replaced: 0,
            rows: Vec::new(),
        };
        let counts: Vec<(&str, u32)> = sorts(&kind).into_iter().map(|(sort, count)| (sort.words(), count)).collect();
        assert_eq!(counts, [("すべて", 5), ("新設", 2), ("変更", 3), ("▲ 上がる", 1)]);
        let fresh = KindPreview { changed: 0, up: 0, ..kind };
        let counts: Vec<(&str, u32)> = sorts(&fresh).into_iter().map(|(sort, count)| (sort.words(), count)).collect();
        assert_eq!(counts, [("新設", 2)]);
    }

    #[test]
    fn a_new_figure_may_rise_as_well() {
        assert!(Sort::Up.takes(&row(Change::Changed, 1)));
        assert!(!Sort::Down.takes(&row(Change::Changed, 0)));
        assert!(Sort::Of(Change::New).takes(&row(Change::New, 0)));
    }
}
