//! The clinic's staff (職員), as the administrator sees them.

use super::api;
use crate::ui::{Answer, Badge, Tone};
use leptos::prelude::*;
use model::staff::StaffRow;

/// The section 職員.
#[component]
pub fn Staff() -> impl IntoView {
    let staff = Resource::new(|| (), |()| api::staff_list());
    view! {
        <section class="card" aria-labelledby="staff-heading">
            <div class="card-header">
                <h2 id="staff-heading">"職員"</h2>
            </div>
            <Answer data=staff view=|rows| view! { <StaffTable rows /> } />
        </section>
    }
}

#[component]
fn StaffTable(rows: Vec<StaffRow>) -> impl IntoView {
    view! {
        <table class="table table-stack" role="table" aria-label="職員の表">
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">"氏名"</th>
                    <th role="columnheader" scope="col">"職種・権限"</th>
                    <th role="columnheader" scope="col">"職員ID"</th>
                    <th role="columnheader" scope="col">"状態"</th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                {rows
                    .into_iter()
                    .map(|row| {
                        view! {
                            <tr role="row">
                                <th role="rowheader" scope="row">{row.staff.name}</th>
                                <td role="cell">{row.staff.role.label()}</td>
                                <td role="cell">
                                    <code>{row.login}</code>
                                </td>
                                <td role="cell">
                                    {if row.active {
                                        view! { <Badge text="有効" tone=Tone::Ok /> }
                                    } else {
                                        view! { <Badge text="停止" tone=Tone::Neutral /> }
                                    }}
                                </td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </tbody>
        </table>
    }
}
