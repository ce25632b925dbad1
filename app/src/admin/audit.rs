//! The audit trail (監査記録): who did what, newest first, a page at a time.

use super::api;
use crate::ui::{Answer, EmptyState, Failure, failed};
use leptos::prelude::*;
use model::{AppError, audit::AuditRow, date};

/// The section 監査記録.
#[component]
pub fn Audit() -> impl IntoView {
    let first = Resource::new(|| (), |()| api::audit_trail(None));
    view! {
        <section class="card" aria-labelledby="audit-heading">
            <div class="card-header">
                <h2 id="audit-heading">"監査記録"</h2>
            </div>
            <Answer data=first view=|rows| view! { <AuditTable first=rows /> } />
        </section>
    }
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
                    more_likely.try_set(!older.is_empty());
                    rows.try_update(|rows| rows.extend(older));
                }
                Err(error) => {
                    failed(&error);
                    problem.try_set(Some(error));
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
            <table class="table table-stack audit" role="table" aria-label="監査記録の表">
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">"日時"</th>
                        <th role="columnheader" scope="col">"職員"</th>
                        <th role="columnheader" scope="col">"操作"</th>
                        <th role="columnheader" scope="col">"患者番号"</th>
                        <th role="columnheader" scope="col">"内容"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    <For
                        each=numbered
                        key=|(at, row)| (*at, row.at)
                        children=|(_, row)| view! { <AuditLine row /> }
                    />
                </tbody>
            </table>
        </Show>
        {move || problem.get().map(|error| view! { <Failure error /> })}
        <Show when=move || more_likely.get()>
            <div class="card-footer">
                <button
                    type="button"
                    class="btn btn-secondary btn-sm"
                    aria-disabled=move || more.pending().get().then_some("true")
                    on:click=move |_| {
                        if !more.pending().get_untracked() {
                            more.dispatch(());
                        }
                    }
                >
                    "以前の記録を表示"
                </button>
            </div>
        </Show>
    }
}

#[component]
fn AuditLine(row: AuditRow) -> impl IntoView {
    let who = row.staff.map_or_else(|| "システム".to_owned(), |staff| format!("{}（{}）", staff.name, staff.role.label()));
    view! {
        <tr role="row">
            <td role="cell" class="nowrap">
                <time datetime=row.at.to_rfc3339()>{date::stamp(row.at)}</time>
            </td>
            <td role="cell" class="nowrap">
                {who}
            </td>
            <td role="cell" class="audit-action" title=row.action.clone()>
                {action_name(&row.action)}
            </td>
            <td role="cell" class="num-left audit-patient">
                {row.patient_number}
            </td>
            <td role="cell" class="audit-detail">
                {row.detail}
            </td>
        </tr>
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
        "order.put_part" => "薬剤・材料・コメントの追加",
        "order.remove_part" => "薬剤・材料・コメントの取外し",
        "order.add_procedure" => "診療行為の追加",
        "order.change_procedure" => "診療行為の変更",
        "order.remove_procedure" => "診療行為の削除",
        "order.repeat_last" => "前回処方の複写",
        "lab.enter" => "検査結果の入力",
        "bill.read" => "会計の閲覧",
        "payment.take" => "入金",
        "payment.undo" => "入金の取消",
        "payment.settle" => "差額の精算",
        "fee.override" => "算定の変更",
        "fee.withdraw_override" => "算定の変更の取消",
        "month.read" => "月次会計の閲覧",
        "mirror.read" => "改定比較の閲覧",
        "clinic.configure" => "医院の設定の変更",
        "letter.read" => "診療情報提供書の閲覧",
        "letter.begin" => "診療情報提供書の作成",
        "letter.issue" => "診療情報提供書の発行",
        "letter.discard" => "診療情報提供書の破棄",
        "share.queue" => "共有文書の作成",
        "share.resend" => "共有文書の再送",
        "ReadOutside" | "outside.read" => "他院の情報の閲覧",
        "outside.ask" => "他院の情報の取り寄せ",
        "outside.file" => "他院の文書の添付の閲覧",
        "diagnosis.take_over" => "他院の傷病名の取り込み",
        "diagnosis.take_back" => "他院の傷病名の取り込みの取消",
        "allergy.take_over" => "他院のアレルギーの取り込み",
        "allergy.take_back" => "他院のアレルギーの取り込みの取消",
        "result.take_over" => "他院の検査結果の取り込み",
        "result.take_back" => "他院の検査結果の取り込みの取消",
        "incoming.read" => "届いた紹介状の閲覧",
        "incoming.assign" => "届いた紹介状の患者の指定",
        "diagnosis.flag" => "傷病名の共有区分の変更",
        "allergy.flag" => "アレルギーの共有区分の変更",
        "lab.flag" => "検査結果の共有区分の変更",
        "lab.finish" => "検査結果の最終報告",
        "letter.begin_reply" => "返書の作成",
        "letter.rewrite" => "診療情報提供書の書き直し",
        "letter.add_file" => "診療情報提供書への添付",
        "letter.name_file" => "添付の名称の変更",
        "letter.read_file" => "添付の閲覧",
        "letter.remove_file" => "添付の削除",
        "paper.read" => "文書の閲覧",
        "paper.begin" => "文書の作成",
        "paper.rewrite" => "文書の書き直し",
        "paper.issue" => "文書の発行",
        "paper.discard" => "文書の破棄",
        "share.cancel" => "共有文書の取消の作成",
        "share.withdraw" => "共有文書の取消",
        "share.account" => "共有の記録（本人用）の作成",
        "order.use_set" => "セットの使用",
        "order.put_self_paid" => "自費項目の追加",
        "order.remove_self_paid" => "自費項目の削除",
        "order_set.put" => "セットの登録",
        "order_set.from_visit" => "受診からのセットの登録",
        "order_set.remove" => "セットの削除",
        "inhouse.put" => "院内マスターの変更",
        "inhouse.remove" => "院内マスターの取消",
        "self_paid.put_item" => "自費項目マスターの変更",
        "master.upload" => "マスターのファイルの受取",
        "master.discard" => "マスターのファイルの破棄",
        "master.apply" => "マスターの適用",
        "master.withdraw" => "マスターの版の取消",
        "demo.history" => "デモデータの作成",
        other => return other.to_owned(),
    };
    words.to_owned()
}
