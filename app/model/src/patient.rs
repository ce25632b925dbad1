//! Patients (患者): who they are, what the desk types, and how the list shows them.

use crate::{
    FieldError, Flaw, date,
    ids::*,
    insurance::{Flaws, Insurance, InsuranceForm, NewInsurance, NewSubsidy, Subsidy, SubsidyForm},
    kana,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Sex (性別) as claims know it: 1 male, 2 female.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 男.
    Male,
    /// 女.
    Female,
}

impl Sex {
    /// As shown to people.
    pub fn label(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
        }
    }
}

/// A person's name in kanji and kana.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonName {
    /// Family name (姓).
    pub family: String,
    /// Given name (名).
    pub given: String,
    /// Family name in katakana (セイ).
    pub family_kana: String,
    /// Given name in katakana (メイ).
    pub given_kana: String,
}

impl PersonName {
    /// `山田 太郎`.
    pub fn full(&self) -> String {
        format!("{} {}", self.family, self.given)
    }

    /// `ヤマダ タロウ`.
    pub fn kana(&self) -> String {
        format!("{} {}", self.family_kana, self.given_kana)
    }
}

/// A patient as the list and the board show them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PatientSummary {
    /// Its id.
    pub id: PatientId,
    /// Patient number (患者番号), counted up within the clinic.
    pub number: i64,
    /// Name.
    pub name: PersonName,
    /// Sex.
    pub sex: Sex,
    /// Birth date.
    pub birth_date: NaiveDate,
    /// Phone number as typed.
    pub phone: String,
    /// Day of the last visit that was not cancelled.
    pub last_visit: Option<NaiveDate>,
}

/// A patient with everything the desk keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Patient {
    /// Its id.
    pub id: PatientId,
    /// Patient number.
    pub number: i64,
    /// Name.
    pub name: PersonName,
    /// Sex.
    pub sex: Sex,
    /// Birth date.
    pub birth_date: NaiveDate,
    /// Postal code, `1000001`, or empty.
    pub postal_code: String,
    /// Address.
    pub address: String,
    /// Phone number.
    pub phone: String,
    /// Whether the patient agreed that other institutions' records are read here (閲覧同意), and when.
    pub consent: Option<NaiveDate>,
    /// Insurance cards, newest first.
    pub insurances: Vec<Insurance>,
    /// Subsidies, newest first.
    pub subsidies: Vec<Subsidy>,
    /// Version of the row.
    pub version: i64,
}

impl Patient {
    /// The card that is valid on a day; the newest where several are.
    pub fn insurance_on(&self, day: NaiveDate) -> Option<&Insurance> {
        self.insurances.iter().find(|i| i.valid_from <= day && i.valid_to.is_none_or(|end| day <= end))
    }

    /// The subsidies that are valid on a day.
    pub fn subsidies_on(&self, day: NaiveDate) -> impl Iterator<Item = &Subsidy> {
        self.subsidies.iter().filter(move |s| s.valid_from <= day && s.valid_to.is_none_or(|end| day <= end))
    }
}

/// A new patient, parsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPatient {
    /// Name.
    pub name: PersonName,
    /// Sex.
    pub sex: Sex,
    /// Birth date.
    pub birth_date: NaiveDate,
    /// Postal code, seven digits or empty.
    pub postal_code: String,
    /// Address.
    pub address: String,
    /// Phone number, digits and hyphens, or empty.
    pub phone: String,
    /// Insurance card, if the patient brought one.
    pub insurance: Option<NewInsurance>,
    /// Subsidy, if any.
    pub subsidy: Option<NewSubsidy>,
}

/// What the desk types to register a patient (新患登録) or to change one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PatientForm {
    /// 姓.
    pub family: String,
    /// 名.
    pub given: String,
    /// セイ.
    pub family_kana: String,
    /// メイ.
    pub given_kana: String,
    /// `male` or `female`.
    pub sex: String,
    /// 生年月日, in either calendar.
    pub birth_date: String,
    /// 郵便番号.
    pub postal_code: String,
    /// 住所.
    pub address: String,
    /// 電話番号.
    pub phone: String,
    /// 保険.
    pub insurance: InsuranceForm,
    /// 公費.
    pub subsidy: SubsidyForm,
}

impl PatientForm {
    /// Every field read, or every flaw at its field. Blank insurance and subsidy are no flaw.
    pub fn parse(&self, today: NaiveDate) -> Result<NewPatient, Vec<FieldError>> {
        let mut flaws = Flaws::new("");
        let family = flaws.take("family", kana::parse_name(&self.family, 40));
        let given = flaws.take("given", kana::parse_name(&self.given, 40));
        let family_kana = flaws.take("family_kana", kana::parse_kana(&self.family_kana, 40));
        let given_kana = flaws.take("given_kana", kana::parse_kana(&self.given_kana, 40));
        let sex = flaws.take(
            "sex",
            match self.sex.as_str() {
                "male" => Ok(Sex::Male),
                "female" => Ok(Sex::Female),
                "" => Err(Flaw::Missing),
                _ => Err(Flaw::NotAChoice),
            },
        );
        let birth_date = flaws.take("birth_date", date::parse_birth(&self.birth_date, today));
        let postal_code = flaws.take("postal_code", parse_postal(&self.postal_code));
        let address = flaws.take("address", kana::parse_line(&self.address, 200));
        let phone = flaws.take("phone", parse_phone(&self.phone));
        let insurance = if self.insurance.is_blank() { Ok(None) } else { self.insurance.parse().map(Some) };
        let insurance = insurance.map_err(|more| flaws.extend(more)).ok();
        let subsidy = if self.subsidy.is_blank() { Ok(None) } else { self.subsidy.parse().map(Some) };
        let subsidy = subsidy.map_err(|more| flaws.extend(more)).ok();
        flaws.finish()?;
        Ok(NewPatient {
            name: PersonName {
                family: family.expect("no flaws"),
                given: given.expect("no flaws"),
                family_kana: family_kana.expect("no flaws"),
                given_kana: given_kana.expect("no flaws"),
            },
            sex: sex.expect("no flaws"),
            birth_date: birth_date.expect("no flaws"),
            postal_code: postal_code.expect("no flaws"),
            address: address.expect("no flaws"),
            phone: phone.expect("no flaws"),
            insurance: insurance.expect("no flaws"),
            subsidy: subsidy.expect("no flaws"),
        })
    }
}

pub(crate) fn parse_postal(text: &str) -> Result<String, Flaw> {
    let digits: String = kana::fold_width(text).chars().filter(|c| !matches!(c, '-' | 'ー' | '〒' | ' ' | '−')).collect();
    match digits.len() {
        0 => Ok(String::new()),
        _ if !digits.chars().all(|c| c.is_ascii_digit()) => Err(Flaw::NotDigits),
        7 => Ok(digits),
        _ => Err(Flaw::Digits { expected: "7".into() }),
    }
}

pub(crate) fn parse_phone(text: &str) -> Result<String, Flaw> {
    let phone: String = kana::fold_width(text.trim()).replace(['ー', '−', '(', ')', ' '], "-");
    let digits = phone.chars().filter(char::is_ascii_digit).count();
    match () {
        () if phone.is_empty() => Ok(phone),
        () if !phone.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '+')) => Err(Flaw::NotDigits),
        () if !(10..=13).contains(&digits) => Err(Flaw::Digits { expected: "10桁または11".into() }),
        () => Ok(phone.trim_matches('-').to_owned()),
    }
}

/// Why another patient may be the same person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LikelyDuplicate {
    /// The patient already registered.
    pub patient: PatientSummary,
    /// What is alike, in Japanese.
    pub reason: String,
}

/// What became of a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Registration {
    /// Saved.
    Registered {
        /// The new patient.
        patient: PatientId,
        /// Its number.
        number: i64,
    },
    /// Not saved yet: these may be the same person.
    LikelyDuplicates {
        /// Who.
        candidates: Vec<LikelyDuplicate>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 7, 10).expect("a day")
    }

    fn form() -> PatientForm {
        PatientForm {
            family: "山田".into(),
            given: "太郎".into(),
            family_kana: "やまだ".into(),
            given_kana: "ﾀﾛｳ".into(),
            sex: "male".into(),
            birth_date: "S56.3.2".into(),
            postal_code: "〒100-0001".into(),
            address: "東京都千代田区千代田1-1".into(),
            phone: "０３−１２３４−５６７８".into(),
            ..Default::default()
        }
    }

    #[test]
    fn reads_what_the_desk_types() {
        let patient = form().parse(today()).expect("no flaws");
        assert_eq!(patient.name.kana(), "ヤマダ タロウ");
        assert_eq!(patient.postal_code, "1000001");
        assert_eq!(patient.phone, "03-1234-5678");
        assert_eq!(patient.insurance, None);
    }

    #[test]
    fn names_every_flaw_at_once() {
        let mut form = form();
        form.given_kana = "太郎".into();
        form.birth_date = "昭和70年1月1日".into();
        form.insurance.insurer = "06130489".into();
        form.insurance.relation = "insured".into();
        form.insurance.share = "30".into();
        form.insurance.number = "1".into();
        form.insurance.valid_from = "R8.4.1".into();
        let fields: Vec<String> = form.parse(today()).expect_err("three flaws").into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["given_kana", "birth_date", "insurance.insurer"]);
    }
}
