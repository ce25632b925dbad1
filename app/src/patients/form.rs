//! The three parts of a registration: the person (基本情報), the insurance card (保険), the subsidy (公費).

use super::fields::{Fields, birth_verdict, day_verdict, insurer_verdict};
use super::schemes::Schemes;
use crate::ui::{Choice, RadioField, SelectField, TextField};
use leptos::prelude::*;

fn choices(all: &[(&str, &str)]) -> Vec<Choice> {
    all.iter().map(|(key, words)| ((*key).to_owned(), (*words).to_owned())).collect()
}

/// A line of text of the form; everything about it follows from its name.
#[component]
fn Line(
    fields: Fields,
    name: &'static str,
    #[prop(into)] label: String,
    #[prop(optional)] required: bool,
    #[prop(into, optional)] hint: MaybeProp<String>,
    #[prop(optional)] inputmode: Option<&'static str>,
    #[prop(into, optional)] class: String,
    #[prop(into, optional)] placeholder: String,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    let leave = Callback::new(move |()| fields.leave(name));
    let (value, error) = (fields.text(name), fields.error(name));
    match inputmode {
        Some(inputmode) => {
            view! { <TextField label name value error required hint class placeholder autofocus inputmode on_blur=leave /> }
                .into_any()
        }
        None => view! { <TextField label name value error required hint class placeholder autofocus on_blur=leave /> }.into_any(),
    }
}

/// The person.
#[component]
pub fn PersonPart(
    /// The fields.
    fields: Fields,
    /// Which field begins; the kana or kanji may be there from the search already.
    #[prop(default = "family")]
    begin: &'static str,
) -> impl IntoView {
    let birth = fields.text("birth_date");
    let verdict = Signal::derive(move || {
        Some(
            birth
                .with(|typed| birth_verdict(typed))
                .unwrap_or_else(|| "例：1981-03-02、昭和56年3月2日、S56.3.2、S560302".to_owned()),
        )
    });
    view! {
        <div class="form-grid form-grid-4">
            <Line fields name="family" label="姓" required=true autofocus=begin == "family" />
            <Line fields name="given" label="名" required=true autofocus=begin == "given" />
            <Line fields name="family_kana" label="セイ" required=true hint="カタカナ・ひらがな" autofocus=begin == "family_kana" />
            <Line fields name="given_kana" label="メイ" required=true autofocus=begin == "given_kana" />
            <Line fields name="birth_date" label="生年月日" required=true hint=verdict class="span-2" autofocus=begin == "birth_date" />
            <RadioField
                label="性別"
                name="sex"
                value=fields.text("sex")
                error=fields.error("sex")
                required=true
                choices=choices(&[("male", "男"), ("female", "女")])
            />
            <Line fields name="phone" label="電話番号" inputmode="tel" placeholder="03-1234-5678" />
            <Line fields name="postal_code" label="郵便番号" inputmode="numeric" placeholder="100-0001" />
            <Line fields name="address" label="住所" required=true class="span-3" autofocus=begin == "address" />
        </div>
    }
}

/// The insurance card.
#[component]
pub fn InsurancePart(
    /// The fields.
    fields: Fields,
    /// Begins here (in a dialog of its own).
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let insurer = fields.text("insurance.insurer");
    let verdict =
        Signal::derive(move || Some(insurer.with(|typed| insurer_verdict(typed)).unwrap_or_else(|| "6桁または8桁".to_owned())));
    view! {
        <div class="form-grid form-grid-4">
            <Line fields name="insurance.insurer" label="保険者番号" inputmode="numeric" hint=verdict class="span-2" autofocus />
            <RadioField
                label="本人・家族"
                name="insurance.relation"
                value=fields.text("insurance.relation")
                error=fields.error("insurance.relation")
                choices=choices(&[("insured", "本人"), ("dependent", "家族")])
            />
            <SelectField
                label="負担割合"
                name="insurance.share"
                value=fields.text("insurance.share")
                error=fields.error("insurance.share")
                choices=choices(&[("30", "3割"), ("20", "2割"), ("10", "1割"), ("0", "0割")])
            />
            <Line fields name="insurance.symbol" label="記号" hint="後期高齢は空欄" />
            <Line fields name="insurance.number" label="番号" />
            <Line fields name="insurance.branch" label="枝番" inputmode="numeric" placeholder="00" />
            <Line fields name="insurance.limit_class" label="限度額適用区分" hint="ア〜オ、現役並みⅠ など" />
            <SelectField
                label="多数回該当"
                name="insurance.many_times"
                value=fields.text("insurance.many_times")
                error=fields.error("insurance.many_times")
                hint="過去12か月で4回目以降"
                choices=choices(&[("", "なし"), ("yes", "該当")])
            />
            <SelectField
                label="特定疾病（マル長）"
                name="insurance.long_term_cap"
                value=fields.text("insurance.long_term_cap")
                error=fields.error("insurance.long_term_cap")
                hint="特定疾病療養受療証の月額上限"
                choices=choices(&[("", "なし"), ("10000", "10,000円"), ("20000", "20,000円")])
                class="span-2"
            />
            <Period fields from="insurance.valid_from" to="insurance.valid_to" />
        </div>
    }
}

/// The subsidy.
#[component]
pub fn SubsidyPart(
    /// The fields.
    fields: Fields,
    /// Begins here (in a dialog of its own).
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    view! {
        <div class="form-grid form-grid-4">
            <Line fields name="subsidy.payer" label="公費負担者番号" inputmode="numeric" hint="8桁" class="span-2" autofocus />
            <Line fields name="subsidy.recipient" label="公費受給者番号" inputmode="numeric" hint="7桁" class="span-2" />
            <Schemes fields />
            <Line fields name="subsidy.share" label="負担割合（%）" inputmode="numeric" hint="受給者証にあるときだけ" class="span-2" />
            <Line fields name="subsidy.monthly_cap" label="月額自己負担上限（円）" inputmode="numeric" class="span-2" />
            <Line
                fields
                name="subsidy.visit_cap"
                label="1回の上限（円）"
                inputmode="numeric"
                hint="地方単独の助成など。同じ日の受診は1回"
                class="span-2"
            />
            <Line
                fields
                name="subsidy.charged_visits"
                label="月の回数"
                inputmode="numeric"
                hint="この回数を超えた受診は負担なし"
                class="span-2"
            />
            <Period fields from="subsidy.valid_from" to="subsidy.valid_to" />
        </div>
    }
}

/// From when until when.
#[component]
fn Period(fields: Fields, from: &'static str, to: &'static str) -> impl IntoView {
    let (start, end) = (fields.text(from), fields.text(to));
    view! {
        <Line
            fields
            name=from
            label="有効期間の開始"
            class="span-2"
            hint=Signal::derive(move || start.with(|typed| day_verdict(typed)))
        />
        <Line
            fields
            name=to
            label="有効期間の終了"
            class="span-2"
            hint=Signal::derive(move || Some(end.with(|typed| day_verdict(typed)).unwrap_or_else(|| "期限がなければ空欄".to_owned())))
        />
    }
}
