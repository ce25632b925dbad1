//! The administrator's page: staff, the audit trail, the editions of the national masters.

pub mod api;

use crate::ui::{Answer, Badge, EmptyState, Failure, Tab, Tabs, Tone, failed};
use leptos::prelude::*;
use leptos_meta::Title;
use model::{
    AppError,
    audit::AuditRow,
    date,
    master::EditionInfo,
    money::grouped,
    staff::StaffRow,
};

/// The page `/admin`.
#[component]
pub fn AdminPage() -> impl IntoView {
    let chosen = RwSignal::new("staff".to_owned());
    let tabs = vec![Tab::new("staff", "職員"), Tab::new("audit", "監査記録"), Tab::new("masters", "マスター版")];
    view! {
        <Title text="管理" />
        <main id="main" class="page" tabindex="-1">
            <h1>"管理"</h1>
            <section class="card" aria-label="管理">
                <Tabs id="admin" label="管理の内容" tabs chosen />
                <div id="admin-panel" role="tabpanel" aria-labelledby=move || format!("admin-{}", chosen.get())>
                    {move || match chosen.get().as_str() {
                        "audit" => view! { <Audit /> }.into_any(),
                        "masters" => view! { <Masters /> }.into_any(),
                        _ => view! { <Staff /> }.into_any(),
                    }}
                </div>
            </section>
        </main>
    }
}

#[component]
fn Staff() -> impl IntoView {
    let staff = Resource::new(|| (), |()| api::staff_list());
    view! { <Answer data=staff view=|rows| view! { <StaffTable rows /> } /> }
}

#[component]
fn StaffTable(rows: Vec<StaffRow>) -> impl IntoView {
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label="職員の表">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"氏名"</th>
                        <th scope="col">"職種・権限"</th>
                        <th scope="col">"職員ID"</th>
                        <th scope="col">"状態"</th>
                    </tr>
                </thead>
                <tbody>
                    {rows
                        .into_iter()
                        .map(|row| {
                            view! {
                                <tr>
                                    <th scope="row">{row.staff.name}</th>
                                    <td>{row.staff.role.label()}</td>
                                    <td>
                                        <code>{row.login}</code>
                                    </td>
                                    <td>
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
        </div>
    }
}

/// The trail, a page at a time.
#[component]
fn Audit() -> impl IntoView {
    let first = Resource::new(|| (), |()| api::audit_trail(None));
    view! { <Answer data=first view=|rows| view! { <AuditTable first=rows /> } /> }
}

#[component]
fn AuditTable(first: Vec<AuditRow>) -> impl IntoView {
    let more_likely = RwSignal::new(!first.is_empty());
    let rows = RwSignal::new(first);
    let problem = RwSignal::new(None::<AppError>);
    let more = Action::new(move |(): &()| {
        let before = rows.with_untracked(|rows| rows.last().map(|row| row.at));
        async move {
            match api::audit_trail(before).await {
                Ok(older) => {
                    more_likely.set(!older.is_empty());
                    rows.update(|rows| rows.extend(older));
                }
                Err(error) => {
                    failed(&error);
                    problem.set(Some(error));
                }
            }
        }
    });
    let numbered = move || rows.get().into_iter().enumerate().collect::<Vec<_>>();
    view! {
        <Show
            when=move || rows.with(|rows| !rows.is_empty())
            fallback=|| view! { <EmptyState>"記録はまだありません。"</EmptyState> }
        >
            <div class="table-wrap" tabindex="0" role="region" aria-label="監査記録の表">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"日時"</th>
                            <th scope="col">"職員"</th>
                            <th scope="col">"操作"</th>
                            <th scope="col">"患者番号"</th>
                            <th scope="col">"内容"</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For
                            each=numbered
                            key=|(at, row)| (*at, row.at)
                            children=|(_, row)| {
                                view! {
                                    <tr>
                                        <td class="nowrap">
                                            <time datetime=row.at.to_rfc3339()>{date::stamp(row.at)}</time>
                                        </td>
                                        <td class="nowrap">
                                            {row
                                                .staff
                                                .map_or_else(
                                                    || "システム".to_owned(),
                                                    |staff| format!("{}（{}）", staff.name, staff.role.label()),
                                                )}
                                        </td>
                                        <td title=row.action.clone()>{action_name(&row.action)}</td>
                                        <td class="num-left">{row.patient_number}</td>
                                        <td>{row.detail}</td>
                                    </tr>
                                }
                            }
                        />
                    </tbody>
                </table>
            </div>
        </Show>
        {move || problem.get().map(|error| view! { <Failure error /> })}
        <Show when=move || more_likely.get()>
            <div class="card-footer">
                <button
                    type="button"
                    class="btn btn-secondary btn-sm"
                    disabled=move || more.pending().get()
                    on:click=move |_| {
                        more.dispatch(());
                    }
                >
                    "以前の記録を表示"
                </button>
            </div>
        </Show>
    }
}

/// What was done, in words; an action without words of its own is shown as it is stored.
fn action_name(action: &str) -> String {
    let words = match action {
        "session.sign_in" => "サインイン",
        "session.sign_out" => "サインアウト",
        "session.refuse" => "サインインの拒否",
        "patient.read" => "患者情報の閲覧",
        "patient.register" => "患者の登録",
        "patient.change" => "患者情報の変更",
        "patient.add_insurance" => "保険の追加",
        "patient.add_subsidy" => "公費の追加",
        "patient.consent" => "閲覧同意の記録",
        "visit.check_in" => "受付",
        "visit.move" => "受診状態の変更",
        "visit.take_over" => "担当医の変更",
        "chart.open" => "診療録の閲覧",
        "note.confirm" => "診療録の確定",
        "note.amend" => "診療録の訂正",
        "diagnosis.add" => "傷病名の追加",
        "diagnosis.end" => "傷病名の転帰",
        "diagnosis.reopen" => "傷病名の転帰の取消",
        "diagnosis.remove" => "傷病名の削除",
        "allergy.add" => "アレルギーの追加",
        "allergy.remove" => "アレルギーの削除",
        "order.add_rp" => "処方の追加",
        "order.change_rp" => "処方の変更",
        "order.remove_rp" => "処方の削除",
        "order.add_procedure" => "診療行為の追加",
        "order.change_procedure" => "診療行為の変更",
        "order.remove_procedure" => "診療行為の削除",
        "order.repeat_last" => "前回処方の複写",
        "lab.enter" => "検査結果の入力",
        "bill.read" => "会計の閲覧",
        "payment.take" => "入金",
        "payment.undo" => "入金の取消",
        "letter.read" => "診療情報提供書の閲覧",
        "letter.begin" => "診療情報提供書の作成",
        "letter.issue" => "診療情報提供書の発行",
        "letter.discard" => "診療情報提供書の破棄",
        "share.queue" => "共有文書の作成",
        "share.resend" => "共有文書の再送",
        "ReadOutside" => "他院情報の閲覧",
        "demo.history" => "デモデータの作成",
        other => return other.to_owned(),
    };
    words.to_owned()
}

#[component]
fn Masters() -> impl IntoView {
    let editions = Resource::new(|| (), |()| api::master_editions());
    view! { <Answer data=editions view=|editions| view! { <MasterTable rows=editions.in_force /> } /> }
}

#[component]
fn MasterTable(rows: Vec<EditionInfo>) -> impl IntoView {
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label="マスターの表">
            <table class="table">
                <thead>
                    <tr>
                        <th scope="col">"マスター"</th>
                        <th scope="col">"版"</th>
                        <th scope="col" class="num">"件数"</th>
                        <th scope="col" class="num">"うち推計"</th>
                        <th scope="col">"元のファイル"</th>
                        <th scope="col">"SHA-256"</th>
                    </tr>
                </thead>
                <tbody>
                    {rows
                        .into_iter()
                        .map(|row| {
                            view! {
                                <tr>
                                    <th scope="row">{row.kind.label()}</th>
                                    <td class="nowrap">{row.name}</td>
                                    <td class="num">{grouped(i64::from(row.rows))}</td>
                                    <td class="num">
                                        {(row.estimated > 0)
                                            .then(|| grouped(i64::from(row.estimated)))}
                                    </td>
                                    <td class="small">{row.file}</td>
                                    <td>
                                        <code class="hash" title=row.sha256.clone()>
                                            {row.sha256.chars().take(12).collect::<String>()}
                                        </code>
                                    </td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}
