//! The insured person's identifier (被保険者個人識別子): by it the platform knows a person across institutions.
//!
//! Source: JP_Patient_eCS 記述仕様「被保険者個人識別子」, rules R1012 and R1013; the variant for public assistance (生活保護)
//! is that of version 1.11.

use crate::{Gap, uri};
use chrono::NaiveDate;
use model::patient::Patient;
use serde::{Deserialize, Serialize};

/// Law number (法別番号) of public assistance (生活保護法の医療扶助), the first two digits of the payer number.
const PUBLIC_ASSISTANCE: &str = "12";

/// Which of the two forms an identifier has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum MemberKind {
    /// Health insurance.
    Insurance,
    /// Public assistance without insurance.
    PublicAssistance,
}

/// The identifier of an insured person.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MemberId {
    /// Its form.
    pub kind: MemberKind,
    /// `00012345:あいう:１８７:05` or `12345678::1234567:`.
    pub value: String,
}

impl MemberId {
    /// The identifier of a patient on a day: the valid card's, else that of public assistance.
    pub fn of(patient: &Patient, day: NaiveDate) -> Result<Self, Gap> {
        if let Some(card) = patient.insurance_on(day) {
            return Ok(Self {
                kind: MemberKind::Insurance,
                value: insurance_value(card.insurer.as_str(), &card.symbol, &card.number, card.branch.as_deref()),
            });
        }
        patient
            .subsidies_on(day)
            .find(|s| s.payer.starts_with(PUBLIC_ASSISTANCE))
            .map(|s| Self { kind: MemberKind::PublicAssistance, value: format!("{:0>8}::{:0>7}:", s.payer, s.recipient) })
            .ok_or_else(|| {
                Gap::new(
                    "patient.insurance",
                    "有効な保険がないため、電子カルテ情報共有サービスへ送信できません。保険を登録してください。",
                )
            })
    }

    /// The identifier system of its form.
    pub fn system(&self) -> &'static str {
        match self.kind {
            MemberKind::Insurance => uri::MEMBER_ID,
            MemberKind::PublicAssistance => uri::PUBLIC_MEMBER_ID,
        }
    }
}

/// Puts the parts together: insurer padded to eight digits, empty parts stay empty, all three colons always there, a
/// missing branch is empty and not `00`.
pub fn insurance_value(insurer: &str, symbol: &str, number: &str, branch: Option<&str>) -> String {
    format!("{insurer:0>8}:{}:{}:{}", width(symbol), width(number), branch.unwrap_or_default())
}

/// The width rule for 記号 and 番号: half-width where only letters and digits stand, otherwise every character full-width;
/// no white space and no colon, which separates the parts.
fn width(part: &str) -> String {
    let folded: String =
        model::kana::fold_width(part).chars().filter(|c| !c.is_whitespace() && !c.is_control() && *c != ':').collect();
    if folded.chars().all(|c| c.is_ascii_alphanumeric()) {
        return folded;
    }
    folded
        .chars()
        .map(|c| match c {
            '!'..='~' => char::from_u32(c as u32 + 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Rule R1013: `^[0-9]{8}:[^:^\s^　]*:[^:^\s^　]*:(.{0}|[0-9][0-9])$`. The expression's class also excludes `^`.
pub fn is_insurance_value(value: &str) -> bool {
    let parts: Vec<&str> = value.split(':').collect();
    let [insurer, symbol, number, branch] = parts[..] else { return false };
    let free = |part: &str| !part.chars().any(|c| c.is_whitespace() || c == '^');
    insurer.len() == 8
        && insurer.bytes().all(|b| b.is_ascii_digit())
        && free(symbol)
        && free(number)
        && (branch.is_empty() || branch.len() == 2 && branch.bytes().all(|b| b.is_ascii_digit()))
}

/// The form of public assistance: `^[0-9]{8}::[^:^\s^　]{7}:$`.
pub fn is_public_value(value: &str) -> bool {
    let parts: Vec<&str> = value.split(':').collect();
    let [payer, "", recipient, ""] = parts[..] else { return false };
    payer.len() == 8
        && payer.bytes().all(|b| b.is_ascii_digit())
        && recipient.chars().count() == 7
        && !recipient.chars().any(|c| c.is_whitespace() || c == '^')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn follows_the_examples_of_the_specification() {
        // The specification writes the 番号 of its example full-width; digits alone may be either.
        assert_eq!(insurance_value("12345", "あいう", "１８７", Some("05")), "00012345:あいう:187:05");
        assert_eq!(insurance_value("12345", "", "187", None), "00012345::187:");
        assert!(is_insurance_value("00012345:あいう:１８７:05") && is_insurance_value("00012345::１８７:"));
        assert_eq!(insurance_value("06130488", "A-1", "ｱｲ 2", None), "06130488:Ａ－１:アイ２:");
        assert!(is_public_value("12130014::1234567:"));
        assert!(!is_public_value("12130014:1:1234567:") && !is_public_value("12130014::123456:"));
    }

    proptest! {
        #[test]
        fn whatever_is_typed_fits_the_rule(insurer in "[0-9]{6}|[0-9]{8}", symbol in "\\PC{0,10}", number in "\\PC{0,10}", branch in "([0-9]{2})?") {
            let branch = (!branch.is_empty()).then_some(branch.as_str());
            let value = insurance_value(&insurer, &symbol, &number, branch);
            prop_assert!(is_insurance_value(&value), "{}", value);
        }
    }
}
