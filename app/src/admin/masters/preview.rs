//! What an import or a withdrawal would do: first what this clinic uses, then kind by kind.

use super::changes::{Changes, Moves, Since};
use crate::ui::Badge;
use leptos::prelude::*;
use model::{
    edition::{AffectedItem, Change, FileKind, ImportPreview, KindPreview},
    money::grouped,
};

/// The preview. Its counts are buttons that narrow the lists.
#[component]
pub fn Preview(
    /// What would happen.
    preview: ImportPreview,
    /// Begins the ids, unique on the page.
    prefix: &'static str,
) -> impl IntoView {
    let kinds: Vec<KindPreview> = preview.kinds.into_iter().filter(|kind| !kind.is_empty()).collect();
    let alone = kinds.len() == 1;
    view! {
        <Affected items=preview.affected prefix />
        {kinds.into_iter().map(|kind| view! { <Changes kind prefix opened=alone /> }).collect_view()}
    }
}

/// What this clinic uses, before everything else.
#[component]
fn Affected(items: Vec<AffectedItem>, prefix: &'static str) -> impl IntoView {
    if items.is_empty() {
        return view! { <p class="affected-none">"この医療機関で使っている項目に、変わるものはありません。"</p> }.into_any();
    }
    let heading = format!("{prefix}-affected");
    view! {
        <section class="affected" aria-labelledby=heading.clone()>
            <h4 id=heading.clone()>{format!("この医療機関で使っている項目（{}件）", grouped(items.len() as i64))}</h4>
            <table class="table table-stack changes-table" role="table" aria-label="使っている項目の変更">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"変更"</th>
                        <th role="columnheader" scope="col">"項目"</th>
                        <th role="columnheader" scope="col">"点数・価格など"</th>
                        <th role="columnheader" scope="col">"いつから"</th>
                        <th role="columnheader" scope="col">"使われ方"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    {items.into_iter().map(|item| view! { <AffectedLine item /> }).collect_view()}
                </tbody>
            </table>
        </section>
    }
    .into_any()
}

#[component]
fn AffectedLine(item: AffectedItem) -> impl IntoView {
    let row = item.row.clone();
    let kind = FileKind::from(item.kind).label();
    let gone = matches!(row.change, Change::Abolished | Change::Removed);
    view! {
        <tr role="row">
            <td role="cell">
                <Badge text=row.change.label() tone=super::changes::tone(row.change) />
            </td>
            <th role="rowheader" scope="row" class="changes-name">
                {row.name.clone()}
                <span class="sub">{format!("{kind} {}", row.code)}</span>
                {item
                    .successor
                    .map(|(code, name)| view! { <span class="sub successor">{format!("→ 移行先 {name}（{code}）")}</span> })
                    .or_else(|| {
                        gone.then(|| view! { <span class="sub successor">{"移行先の指定なし".to_owned()}</span> })
                    })}
            </th>
            <td role="cell">
                <Moves row=row.clone() />
            </td>
            <td role="cell" class="nowrap">
                <Since row />
            </td>
            <td role="cell">
                {(item.used > 0)
                    .then(|| view! { <span class="used">{format!("最近{}回使用", grouped(i64::from(item.used)))}</span> })}
                {item.held_in.into_iter().map(|place| view! { <span class="held">{place}</span> }).collect_view()}
            </td>
        </tr>
    }
}
