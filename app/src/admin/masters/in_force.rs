//! What is in force (適用中): one line for each table, with the editions it is made of.

use super::Hash;
use crate::ui::EmptyState;
use leptos::prelude::*;
use model::{
    edition::{Editions, FileKind},
    master::EditionInfo,
    money::grouped,
};

/// A table and the editions it is made of, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Table {
    kind: FileKind,
    editions: Vec<EditionInfo>,
}

impl Table {
    fn rows(&self) -> i64 {
        self.editions.iter().map(|edition| i64::from(edition.rows)).sum()
    }

    fn estimated(&self) -> i64 {
        self.editions.iter().map(|edition| i64::from(edition.estimated)).sum()
    }
}

/// The editions, table by table in the order of [`FileKind::ALL`].
fn tables(editions: &[EditionInfo]) -> Vec<Table> {
    FileKind::ALL
        .into_iter()
        .filter_map(|kind| {
            let mut of: Vec<EditionInfo> = editions.iter().filter(|edition| edition.kind == kind).cloned().collect();
            of.sort_by_key(|edition| std::cmp::Reverse(edition.date));
            (!of.is_empty()).then_some(Table { kind, editions: of })
        })
        .collect()
}

/// The card 適用中のマスター.
#[component]
pub fn InForce(
    /// What the server said last.
    editions: RwSignal<Editions>,
) -> impl IntoView {
    let all = Memo::new(move |_| editions.with(|editions| tables(&editions.in_force)));
    view! {
        <section class="card" aria-labelledby="in-force-heading">
            <div class="card-header">
                <h2 id="in-force-heading" tabindex="-1">
                    "適用中のマスター"
                </h2>
            </div>
            <Show
                when=move || all.with(|all| !all.is_empty())
                fallback=|| view! { <EmptyState>"マスターはまだ読み込まれていません。"</EmptyState> }
            >
                <table class="table table-stack in-force" role="table" aria-label="適用中のマスターの表">
                    <thead role="rowgroup">
                        <tr role="row">
                            <th role="columnheader" scope="col">"マスター"</th>
                            <th role="columnheader" scope="col">"最新の版"</th>
                            <th role="columnheader" scope="col" class="num">"行（期間）"</th>
                            <th role="columnheader" scope="col" class="num">"うち推計"</th>
                            <th role="columnheader" scope="col">"元のファイル"</th>
                            <th role="columnheader" scope="col">"SHA-256"</th>
                        </tr>
                    </thead>
                    <tbody role="rowgroup">
                        {move || all.get().into_iter().map(|table| view! { <Line table /> }).collect_view()}
                    </tbody>
                </table>
            </Show>
        </section>
    }
}

#[component]
fn Line(table: Table) -> impl IntoView {
    let (rows, estimated) = (table.rows(), table.estimated());
    let label = table.kind.label();
    let mut editions = table.editions.into_iter();
    // A table is made only of at least one edition.
    let newest = editions.next();
    let older: Vec<EditionInfo> = editions.collect();
    newest.map(|newest| {
        view! {
            <tr role="row">
                <th role="rowheader" scope="row">
                    {label}
                </th>
                <td role="cell" class="nowrap">
                    {newest.name}
                </td>
                <td role="cell" class="num in-force-rows">
                    {grouped(rows)}
                    <span class="unit">"件"</span>
                </td>
                <td role="cell" class="num">
                    {(estimated > 0)
                        .then(|| {
                            view! {
                                <span class="estimate" title="公式の値がまだないため、告示などから推計した値">
                                    {format!("推計 {}", grouped(estimated))}
                                </span>
                            }
                        })}
                </td>
                <td role="cell" class="small in-force-file">
                    {newest.file}
                    {(!older.is_empty()).then(|| view! { <Older label editions=older /> })}
                </td>
                <td role="cell" class="in-force-hash">
                    <Hash sha256=newest.sha256 />
                </td>
            </tr>
        }
    })
}

/// The editions under the newest.
#[component]
fn Older(label: &'static str, editions: Vec<EditionInfo>) -> impl IntoView {
    view! {
        <details class="fold">
            <summary>
                <span class="sr-only">{label}"の"</span>
                {format!("ほか{}の版", editions.len())}
            </summary>
            <ul class="older">
                {editions
                    .into_iter()
                    .map(|edition| {
                        view! {
                            <li>
                                {format!("{} {}件 ", edition.name, grouped(i64::from(edition.rows)))}
                                <span class="muted">{edition.file}</span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    fn edition(kind: FileKind, day: &str, rows: u32, estimated: u32) -> EditionInfo {
        EditionInfo {
            kind,
            name: day.to_owned(),
            file: String::new(),
            sha256: String::new(),
            rows,
            date: day.parse::<NaiveDate>().expect("a day"),
            estimated,
        }
    }

    #[test]
    fn a_table_is_one_line_with_its_newest_edition() {
        let tables = tables(&[
            edition(FileKind::Drug, "2025-08-13", 100, 0),
            edition(FileKind::Disease, "2024-06-01", 7, 0),
            edition(FileKind::Drug, "2026-04-01", 20, 20),
        ]);
        assert_eq!(tables.iter().map(|table| table.kind).collect::<Vec<_>>(), [FileKind::Disease, FileKind::Drug]);
        assert_eq!(tables[1].editions[0].name, "2026-04-01");
        assert_eq!((tables[1].rows(), tables[1].estimated()), (120, 20));
    }
}
