//! What the papers of the till share: the page around them, the bar over them, the head, what is outside of insurance, and
//! the clinic at the foot.

use super::use_bill;
use crate::ui::Answer;
use leptos::prelude::*;
use leptos_meta::Title;
use model::{
    date,
    fee::{Bill, ClinicCard, PayerShare, Payment, Receipt},
    inhouse::SelfPaidLine,
    money::{Yen, grouped},
    visit::department_name,
};

/// The sentence both papers carry (別紙様式１ and ５, ※).
pub(super) const TAX_NOTE: &str =
    "※厚生労働省が定める診療報酬や薬価等には、医療機関等が仕入れ時に負担する消費税が反映されています。";

/// The page of a paper: its title, and the paper once the bill is there.
#[component]
pub(super) fn PaperPage<V: IntoView + 'static>(title: &'static str, paper: fn(Bill) -> V) -> impl IntoView {
    let bill = use_bill();
    view! {
        <Title text=title />
        <main id="main" class="page" tabindex="-1">
            <Answer data=bill view=move |bill| paper(bill).into_any() />
        </main>
    }
}

/// The bar over a paper: back, the other paper, print. It is not printed.
#[component]
pub(super) fn PaperBar(
    /// The visit.
    visit: model::ids::VisitId,
    /// The other paper: last part of its address and its name.
    other: (&'static str, &'static str),
) -> impl IntoView {
    view! {
        <div class="btn-row paper-bar no-print">
            <a class="btn btn-quiet" href=format!("/visits/{visit}/payment")>
                "会計へ戻る"
            </a>
            <a class="btn btn-secondary" href=format!("/visits/{visit}/{}", other.0)>
                {other.1}
            </a>
            <button
                type="button"
                class="btn btn-primary"
                on:click=move |_| {
                    // A browser without a printer says so itself.
                    let _ = window().print();
                }
            >
                "印刷"
            </button>
        </div>
    }
}

/// What a receipt that settled a difference says about the one before it; nothing for an ordinary one.
pub(super) fn settled_words(receipt: &Receipt) -> Option<String> {
    let before = receipt.settles?;
    let (number, paid) = (before.number, before.due);
    let what = match (receipt.due - paid).0 {
        0 => "差額なし".to_owned(),
        more if more > 0 => format!("追加の集金 {}円", grouped(more)),
        less => format!("返金 {}円", grouped(-less)),
    };
    Some(format!("領収書No. {number}（領収額 {paid}）に代えて発行。差額の精算：{what}"))
}

/// What stands in the head of both papers, as they print it.
pub(super) struct Head {
    /// 患者番号.
    pub number: String,
    /// 氏名.
    pub name: String,
    /// 受診日, in both calendars.
    pub day: String,
    /// 発行日: the day of the payment, else of the visit.
    pub issued: String,
    /// 受診科.
    pub department: &'static str,
    /// 費用区分・保険: what kind of insurance, `自費` without one.
    pub scheme: String,
}

impl Head {
    /// The head of a bill.
    pub(super) fn of(bill: &Bill) -> Self {
        let visit = &bill.visit;
        Self {
            number: bill.patient.number.to_string(),
            name: bill.patient.name.full(),
            day: date::both(visit.date),
            issued: date::both(bill.receipt.as_ref().map_or(visit.date, |receipt| date::day_of(receipt.at))),
            department: department_name(&visit.department).unwrap_or_default(),
            scheme: scheme_words(bill),
        }
    }
}

/// What a number of lines outside of insurance comes to, and the tax inside of that, in yen.
pub(super) fn self_paid_sum(lines: &[SelfPaidLine]) -> (Yen, Yen) {
    (lines.iter().map(|line| line.total).sum(), lines.iter().map(|line| line.tax).sum())
}

/// The tax inside of an amount in words; items that bear none say so.
fn tax_words(line: &SelfPaidLine) -> String {
    match (line.tax_percent, line.tax.0) {
        (0, 0) => "消費税なし".to_owned(),
        (percent, tax) => format!("{percent}%・{}円", grouped(tax)),
    }
}

/// Who bears the cost (費用区分): the insurance, and the subsidies that took part by their law numbers.
fn scheme_words(bill: &Bill) -> String {
    let insurance = bill.patient.insurance_on(bill.visit.date).map(|card| card.insurer.scheme().label().to_owned());
    let laws = subsidies(&bill.statement.payment).map(|payer| format!("公費{}", payer.id.get(..2).unwrap_or_default()));
    let all: Vec<String> = insurance.into_iter().chain(laws).collect();
    if all.is_empty() { "自費".to_owned() } else { all.join("・") }
}

/// The subsidies among the payers.
pub(super) fn subsidies(payment: &Payment) -> impl Iterator<Item = &PayerShare> {
    payment.payers.iter().filter(|payer| payer.id != "insurance")
}

/// What is outside of insurance on a paper (保険外負担（内訳）), with the tax inside; nothing where there is none.
#[component]
pub(super) fn SelfPaidTable(lines: Vec<SelfPaidLine>) -> impl IntoView {
    (!lines.is_empty()).then(|| {
        view! {
            <h2>"保険外負担（内訳）"</h2>
            <table class="paper-table self-paid-table">
                <SelfPaidRows lines of="項目名" total="保険外負担 合計" />
            </table>
        }
    })
}

/// The inside of a table of such lines, on paper and on the screen.
#[component]
pub(super) fn SelfPaidRows(
    lines: Vec<SelfPaidLine>,
    /// Head of the first column.
    of: &'static str,
    /// Words before the sum.
    total: &'static str,
) -> impl IntoView {
    let (sum, tax) = self_paid_sum(&lines);
    view! {
        <thead>
            <tr>
                <th scope="col">{of}</th>
                <th scope="col" class="num">"数量"</th>
                <th scope="col" class="num">"うち消費税"</th>
                <th scope="col" class="num">"金額（税込）"</th>
            </tr>
        </thead>
        <tbody>
            {lines
                .into_iter()
                .map(|line| {
                    let tax = tax_words(&line);
                    view! {
                        <tr>
                            <td>{line.name}</td>
                            <td class="num">{line.quantity}</td>
                            <td class="num">{tax}</td>
                            <td class="num">{line.total.to_string()}</td>
                        </tr>
                    }
                })
                .collect_view()}
        </tbody>
        <tfoot>
            <tr>
                <th scope="row" colspan="2">{total}</th>
                <td class="num">{tax.to_string()}</td>
                <td class="num" data-total="self-paid">{sum.to_string()}</td>
            </tr>
        </tfoot>
    }
}

/// The clinic at the foot of a paper.
#[component]
pub(super) fn PaperFoot(
    clinic: ClinicCard,
    /// Whether phone, number and the place for the seal stand there as well (領収証).
    #[prop(optional)]
    sealed: bool,
) -> impl IntoView {
    view! {
        <div class="paper-clinic">
            <div>
                <p>{clinic.address}</p>
                <p>
                    <strong>{clinic.name}</strong>
                </p>
                {sealed.then(|| view! { <p>{format!("電話 {}　医療機関番号 {}", clinic.phone, clinic.number)}</p> })}
                <p>{clinic.doctor}</p>
            </div>
            {sealed.then(|| view! { <div class="stamp-box">"領収印"</div> })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ids::*;

    fn line(total: i64, tax: i64, tax_percent: u8) -> SelfPaidLine {
        SelfPaidLine {
            id: SelfPaidLineId(Default::default()),
            item: SelfPaidItemId(Default::default()),
            name: String::new(),
            quantity: 1,
            total: Yen(total),
            tax: Yen(tax),
            tax_percent,
        }
    }

    #[test]
    fn a_settled_receipt_names_the_one_before_and_the_difference() {
        let receipt = |due: i64, before: Option<i64>| Receipt {
            number: 12,
            at: Default::default(),
            by: String::new(),
            due: Yen(due),
            tendered: Yen(due),
            change: Yen(0),
            settles: before.map(|due| model::fee::Settled { number: 7, due: Yen(due) }),
        };
        assert_eq!(settled_words(&receipt(870, None)), None);
        let words = settled_words(&receipt(870, Some(1_220))).expect("it settles one");
        assert_eq!(words, "領収書No. 7（領収額 1,220円）に代えて発行。差額の精算：返金 350円");
        assert!(settled_words(&receipt(1_520, Some(1_220))).is_some_and(|words| words.ends_with("追加の集金 300円")));
    }

    #[test]
    fn tax_is_said_where_there_is_any() {
        assert_eq!(self_paid_sum(&[line(5_500, 500, 10), line(3_000, 0, 0)]), (Yen(8_500), Yen(500)));
        assert_eq!(tax_words(&line(5_500, 500, 10)), "10%・500円");
        assert_eq!(tax_words(&line(3_000, 0, 0)), "消費税なし");
    }
}
