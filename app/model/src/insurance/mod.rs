//! Insurance cards (保険) and subsidies (公費): numbers with their check digits, shares and validity.

mod flaws;
mod subsidy;

pub(crate) use flaws::Flaws;
pub use subsidy::{NewSubsidy, Subsidy, SubsidyForm};

use crate::{FieldError, Flaw, ids::*, kana};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The check digit (検証番号) of insurer, payer and recipient numbers: weights 2, 1, 2, … from the right over the other
/// digits, digit sums, ten minus the last digit of the total. The official table of the rule was not at hand; it is shown
/// against the insurer and payer numbers of a claim file we did not write (`tests/sample.rs`).
pub fn check_digit(body: &str) -> Option<u32> {
    let mut sum = 0;
    for (i, c) in body.chars().rev().enumerate() {
        let product = c.to_digit(10)? * if i % 2 == 0 { 2 } else { 1 };
        sum += product / 10 + product % 10;
    }
    Some((10 - sum % 10) % 10)
}

fn digits_with_check(text: &str, lengths: &[usize], expected: &str) -> Result<String, Flaw> {
    let digits = kana::fold_width(text.trim());
    if digits.is_empty() {
        return Err(Flaw::Missing);
    }
    if !digits.chars().all(|c| c.is_ascii_digit()) {
        return Err(Flaw::NotDigits);
    }
    if !lengths.contains(&digits.len()) {
        return Err(Flaw::Digits { expected: expected.into() });
    }
    let (body, last) = digits.split_at(digits.len() - 1);
    if check_digit(body).map(|d| d.to_string()).as_deref() == Some(last) { Ok(digits) } else { Err(Flaw::CheckDigit) }
}

/// Insurer number (保険者番号): 6 digits for national health insurance (国民健康保険), else 8, the last a check digit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InsurerNumber(String);

impl InsurerNumber {
    /// Refuses other lengths and a wrong check digit.
    pub fn parse(text: &str) -> Result<Self, Flaw> {
        digits_with_check(text, &[6, 8], "6桁または8").map(Self)
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What kind of insurance the number stands for, by its law number (法別番号) and length.
    pub fn scheme(&self) -> Scheme {
        match (self.0.len(), self.0.get(..2)) {
            (8, Some("39")) => Scheme::LateElderly,
            (6, _) | (8, Some("67")) => Scheme::NationalHealth,
            _ => Scheme::Employee,
        }
    }
}

impl fmt::Display for InsurerNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The three families of insurance that a claim tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// Employees' insurance (社会保険).
    Employee,
    /// National health insurance (国民健康保険).
    NationalHealth,
    /// Late-stage elderly (後期高齢者医療), law number 39.
    LateElderly,
}

impl Scheme {
    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Employee => "社保",
            Self::NationalHealth => "国保",
            Self::LateElderly => "後期高齢",
        }
    }
}

/// Whether the patient is the insured person (本人) or a dependent (家族).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// 本人.
    Insured,
    /// 家族.
    Dependent,
}

impl Relation {
    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Insured => "本人",
            Self::Dependent => "家族",
        }
    }
}

/// An insurance card as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Insurance {
    /// Its id.
    pub id: InsuranceId,
    /// Insurer number.
    pub insurer: InsurerNumber,
    /// Symbol (記号); late-stage elderly cards have none.
    pub symbol: String,
    /// Number (番号).
    pub number: String,
    /// Branch (枝番), two digits.
    pub branch: Option<String>,
    /// Insured person or dependent.
    pub relation: Relation,
    /// The patient's share in percent (負担割合): 0, 10, 20 or 30.
    pub share: u8,
    /// Income class for the monthly limit (限度額適用区分) as written on the certificate, e.g. `ウ`.
    pub limit_class: Option<String>,
    /// Fourth month or later at the limit within a year (多数回該当).
    #[serde(default)]
    pub many_times: bool,
    /// Monthly cap in yen of a long-term costly disease (特定疾病療養, マル長): [`LONG_TERM_CAPS`].
    #[serde(default)]
    pub long_term_cap: Option<i64>,
    /// First day of validity.
    pub valid_from: NaiveDate,
    /// Last day of validity; open when absent.
    pub valid_to: Option<NaiveDate>,
    /// Version of the row.
    pub version: i64,
}

/// A new insurance card, parsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewInsurance {
    /// Insurer number.
    pub insurer: InsurerNumber,
    /// Symbol (記号), empty where the card has none.
    pub symbol: String,
    /// Number (番号).
    pub number: String,
    /// Branch (枝番), two digits.
    pub branch: Option<String>,
    /// Insured person or dependent.
    pub relation: Relation,
    /// The patient's share in percent.
    pub share: u8,
    /// Income class for the monthly limit.
    pub limit_class: Option<String>,
    /// Fourth month or later at the limit within a year (多数回該当).
    #[serde(default)]
    pub many_times: bool,
    /// Monthly cap in yen of a long-term costly disease (特定疾病療養, マル長): [`LONG_TERM_CAPS`].
    #[serde(default)]
    pub long_term_cap: Option<i64>,
    /// First day of validity.
    pub valid_from: NaiveDate,
    /// Last day of validity.
    pub valid_to: Option<NaiveDate>,
}

/// What the desk types for an insurance card.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InsuranceForm {
    /// 保険者番号.
    pub insurer: String,
    /// 記号.
    pub symbol: String,
    /// 番号.
    pub number: String,
    /// 枝番.
    pub branch: String,
    /// `insured` or `dependent`.
    pub relation: String,
    /// 負担割合 in percent: `10`, `20`, `30`.
    pub share: String,
    /// 限度額適用区分, often empty.
    pub limit_class: String,
    /// 多数回該当: `yes`, or empty.
    #[serde(default)]
    pub many_times: String,
    /// マル長's monthly cap in yen: `10000`, `20000`, or empty.
    #[serde(default)]
    pub long_term_cap: String,
    /// 有効期間の開始.
    pub valid_from: String,
    /// 有効期間の終了, may be empty.
    pub valid_to: String,
}

impl InsuranceForm {
    /// Whether nothing was typed at all: a patient may come without a card (自費).
    pub fn is_blank(&self) -> bool {
        [&self.insurer, &self.symbol, &self.number, &self.branch].iter().all(|field| field.trim().is_empty())
    }

    /// Every field read, or every flaw at its field (prefixed `insurance.`).
    pub fn parse(&self) -> Result<NewInsurance, Vec<FieldError>> {
        let mut flaws = Flaws::new("insurance");
        let insurer = flaws.take("insurer", InsurerNumber::parse(&self.insurer));
        let symbol = flaws.take("symbol", kana::parse_optional(&self.symbol, 38).map(Option::unwrap_or_default));
        let number = flaws.take("number", kana::parse_line(&self.number, 38));
        let branch = flaws.take("branch", parse_branch(&self.branch));
        let relation = flaws.take(
            "relation",
            match self.relation.as_str() {
                "insured" => Ok(Relation::Insured),
                "dependent" => Ok(Relation::Dependent),
                _ => Err(Flaw::NotAChoice),
            },
        );
        let share =
            flaws.take("share", self.share.trim().parse().ok().filter(|s| [0, 10, 20, 30].contains(s)).ok_or(Flaw::NotAChoice));
        let limit_class = flaws.take("limit_class", kana::parse_optional(&self.limit_class, 10));
        let many_times = flaws.take(
            "many_times",
            match self.many_times.as_str() {
                "" => Ok(false),
                "yes" => Ok(true),
                _ => Err(Flaw::NotAChoice),
            },
        );
        let long_term_cap = flaws.take("long_term_cap", parse_long_term(&self.long_term_cap));
        let period = flaws.period("valid_from", &self.valid_from, "valid_to", &self.valid_to);
        flaws.finish()?;
        Ok(NewInsurance {
            insurer: insurer.expect("no flaws"),
            symbol: symbol.expect("no flaws"),
            number: number.expect("no flaws"),
            branch: branch.expect("no flaws"),
            relation: relation.expect("no flaws"),
            share: share.expect("no flaws"),
            limit_class: limit_class.expect("no flaws"),
            many_times: many_times.expect("no flaws"),
            long_term_cap: long_term_cap.expect("no flaws"),
            valid_from: period.expect("no flaws").0,
            valid_to: period.expect("no flaws").1,
        })
    }
}

fn parse_branch(text: &str) -> Result<Option<String>, Flaw> {
    let digits = kana::fold_width(text.trim());
    match digits.len() {
        0 => Ok(None),
        _ if !digits.chars().all(|c| c.is_ascii_digit()) => Err(Flaw::NotDigits),
        1 | 2 => Ok(Some(format!("{digits:0>2}"))),
        _ => Err(Flaw::Digits { expected: "2".into() }),
    }
}

/// The caps of a long-term costly disease, in yen a month (健康保険法施行令 42条9項).
pub const LONG_TERM_CAPS: [i64; 2] = [10_000, 20_000];

fn parse_long_term(text: &str) -> Result<Option<i64>, Flaw> {
    match kana::fold_width(text.trim()).replace(',', "").as_str() {
        "" => Ok(None),
        text => text.parse().ok().filter(|cap| LONG_TERM_CAPS.contains(cap)).map(Some).ok_or(Flaw::NotAChoice),
    }
}

fn optional_number(text: &str, min: i64, max: i64) -> Result<Option<i64>, Flaw> {
    let text = kana::fold_width(text.trim()).replace(',', "");
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse() {
        Ok(number) if (min..=max).contains(&number) => Ok(Some(number)),
        _ => Err(Flaw::OutOfRange { min: min.to_string(), max: max.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn knows_the_official_example() {
        // The insurer number of the fee interface's example.
        assert_eq!(InsurerNumber::parse("06130488").map(|n| n.scheme()), Ok(Scheme::Employee));
        assert_eq!(InsurerNumber::parse("０６１３０４８８").map(|n| n.to_string()), Ok("06130488".into()));
    }

    #[test]
    fn refuses_at_the_field() {
        assert_eq!(InsurerNumber::parse("06130489"), Err(Flaw::CheckDigit));
        assert_eq!(InsurerNumber::parse("0613048"), Err(Flaw::Digits { expected: "6桁または8".into() }));
        assert_eq!(InsurerNumber::parse("abcdefgh"), Err(Flaw::NotDigits));
        let form = InsuranceForm {
            insurer: "06130488".into(),
            number: "12".into(),
            relation: "insured".into(),
            share: "30".into(),
            valid_from: "2026-04-01".into(),
            valid_to: "2026-03-31".into(),
            ..Default::default()
        };
        let flaws = form.parse().expect_err("ends before it starts");
        assert_eq!(flaws, vec![FieldError::new("insurance.valid_to", Flaw::EndsBeforeStart)]);
    }

    #[test]
    fn reads_what_the_limits_of_a_card_and_a_local_subsidy_are() {
        let card = InsuranceForm {
            insurer: "06130488".into(),
            number: "12".into(),
            relation: "insured".into(),
            share: "30".into(),
            many_times: "yes".into(),
            long_term_cap: "１０,０００".into(),
            valid_from: "2026-04-01".into(),
            ..Default::default()
        };
        let read = card.parse().expect("no flaws");
        assert!(read.many_times && read.long_term_cap == Some(10_000));
        let flaws = InsuranceForm { long_term_cap: "15000".into(), ..card }.parse().expect_err("no such cap");
        assert_eq!(flaws, vec![FieldError::new("insurance.long_term_cap", Flaw::NotAChoice)]);
        let number = |body: &str| format!("{body}{}", check_digit(body).expect("digits"));
        let subsidy = SubsidyForm {
            payer: number("8813000"),
            recipient: number("123456"),
            visit_cap: "５００".into(),
            charged_visits: "2".into(),
            valid_from: "2026-04-01".into(),
            ..Default::default()
        };
        let read = subsidy.parse().expect("no flaws");
        assert_eq!((read.visit_cap, read.charged_visits, read.share), (Some(500), Some(2), None));
        let flaws = SubsidyForm { charged_visits: "0".into(), visit_cap: "五百".into(), ..subsidy }.parse().expect_err("two");
        assert_eq!(
            flaws.iter().map(|flaw| flaw.field.as_str()).collect::<Vec<_>>(),
            ["subsidy.visit_cap", "subsidy.charged_visits"]
        );
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_seen(body in "[0-9]{7}", at in 0usize..7, other in 1u32..10) {
            let check = check_digit(&body).expect("digits");
            let good = format!("{body}{check}");
            prop_assert!(InsurerNumber::parse(&good).is_ok());
            let mut bad: Vec<char> = good.chars().collect();
            let digit = (bad[at].to_digit(10).expect("digit") + other) % 10;
            bad[at] = char::from_digit(digit, 10).expect("digit");
            let bad: String = bad.into_iter().collect();
            prop_assert_eq!(InsurerNumber::parse(&bad), Err(Flaw::CheckDigit));
        }
    }
}
