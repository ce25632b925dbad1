//! The answer to one item of a health check.

use super::items::{Answer, Item};
use crate::{Flaw, kana::fold_width};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// The answer to one item, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CheckupAnswer {
    /// The number, the code of the choice, or the words; empty where there is none.
    pub value: String,
    /// Code of the item as it was measured; empty for the first.
    #[serde(default)]
    pub code: String,
    /// Words that go along, e.g. 具体的な既往歴.
    #[serde(default)]
    pub detail: String,
    /// Lower limit of the reference range, may be empty.
    #[serde(default)]
    pub low: String,
    /// Upper limit.
    #[serde(default)]
    pub high: String,
    /// Why there is no result (未実施の理由).
    #[serde(default)]
    pub undone: String,
}

impl CheckupAnswer {
    /// Whether nothing is written.
    pub fn is_blank(&self) -> bool {
        [&self.value, &self.detail, &self.undone].iter().all(|text| text.trim().is_empty())
    }

    /// The value as a number.
    pub fn number(&self) -> Option<Decimal> {
        number(&self.value)
    }

    /// The reference range, as far as it is typed and can be read.
    pub fn range(&self) -> (Option<Decimal>, Option<Decimal>) {
        (number(&self.low), number(&self.high))
    }

    /// As shown to people: `162.3 cm`, `所見あり（左室肥大）`, `未実施（生理中）`.
    pub fn show(&self, item: &Item) -> String {
        if !self.undone.trim().is_empty() {
            return format!("未実施（{}）", self.undone.trim());
        }
        let value = match item.answer {
            Answer::Number { unit, .. } => {
                format!("{} {unit}", self.number().map_or_else(|| self.value.clone(), |n| n.to_string()))
            }
            Answer::Choice(list) => list.words(self.value.trim()).unwrap_or(self.value.trim()).to_owned(),
            Answer::Words => self.value.trim().to_owned(),
        };
        if self.detail.trim().is_empty() { value.trim_end().to_owned() } else { format!("{value}（{}）", self.detail.trim()) }
    }

    /// `H` or `L` outside of the reference range.
    pub fn flag(&self) -> Option<&'static str> {
        let number = self.number()?;
        match self.range() {
            (_, Some(high)) if number > high => Some("H"),
            (Some(low), _) if number < low => Some("L"),
            _ => None,
        }
    }
}

/// What is wrong with an answer, apart from that it may be missing.
pub(super) fn flaw_of(item: &Item, answer: &CheckupAnswer) -> Option<Flaw> {
    let rule = |message: &str| Some(Flaw::Rule { message: message.into() });
    let value = answer.value.trim();
    if !value.is_empty() && !answer.undone.trim().is_empty() {
        return rule("結果と未実施の理由の両方があります。どちらかを消してください。");
    }
    if !answer.code.is_empty() && item.codes.iter().all(|known| known.code != answer.code) {
        return rule("検査方法を選び直してください。");
    }
    if value.is_empty() {
        return if answer.detail.trim().is_empty() {
            None
        } else {
            rule("所見を書くときは、有無も選んでください。")
        };
    }
    match item.answer {
        Answer::Number { most, decimals, .. } => {
            let out = Some(Flaw::OutOfRange { min: "0".into(), max: most.to_string() });
            match number(value) {
                Some(number) if number > Decimal::from(most) || number < Decimal::ZERO => out,
                Some(number) if number.normalize().scale() > decimals => rule(&match decimals {
                    0 => "整数で入力してください。".to_owned(),
                    digits => format!("小数点以下{digits}桁までで入力してください。"),
                }),
                Some(_) => match (limit(&answer.low), limit(&answer.high)) {
                    (Ok(Some(low)), Ok(Some(high))) if low > high => rule("基準値の下限が上限より大きくなっています。"),
                    (Ok(_), Ok(_)) => None,
                    _ => rule("基準値を数字で入力してください。"),
                },
                None => out,
            }
        }
        Answer::Choice(list) => list.words(value).is_none().then_some(Flaw::NotAChoice),
        Answer::Words => None,
    }
}

/// A number as typed, in full width too; no sign, no exponent.
pub(super) fn number(text: &str) -> Option<Decimal> {
    let plain = fold_width(text.trim());
    let plain = plain.replace('．', ".");
    let sane = !plain.is_empty() && plain.len() <= 12 && plain.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if sane { plain.parse().ok() } else { None }
}

fn limit(text: &str) -> Result<Option<Decimal>, ()> {
    if text.trim().is_empty() { Ok(None) } else { number(text).map(Some).ok_or(()) }
}
