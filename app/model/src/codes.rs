//! Codes of the national masters and of institutions, as newtypes.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The code as text.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl From<&str> for $name { fn from(code: &str) -> Self { Self(code.to_owned()) } }
        impl From<String> for $name { fn from(code: String) -> Self { Self(code) } }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
    )+};
}

codes! {
    /// Claim code of a disease (傷病名コード), 7 digits, master B column 3.
    DiseaseCode,
    /// Claim code of a disease modifier (修飾語コード), 4 digits, master Z column 3.
    ModifierCode,
    /// Claim code of a procedure (診療行為コード), 9 digits, master S column 3.
    ProcedureCode,
    /// Claim code of a drug (医薬品コード), 9 digits, master Y column 3.
    DrugCode,
    /// Claim code of a comment (コメントコード), 9 digits, master C.
    CommentCode,
    /// Allergen code of J-FAGY with its three-letter prefix (`J9F…`, `J9N…`, `YCM…`), 12 characters.
    AllergenCode,
    /// Laboratory code JLAC10, 17 characters.
    Jlac10,
}

/// Institution number (医療機関番号), 10 digits: prefecture 2, fee table 1 (1 = 医科), institution 7.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct InstitutionNumber(pub String);

impl InstitutionNumber {
    /// Ten digits in the form that JP-CLINS rule R9012 demands: `[0-4][0-9][1-3][0-9]{7}`.
    pub fn parse(text: &str) -> Result<Self, crate::Flaw> {
        let digits = crate::kana::fold_width(text.trim());
        let b = digits.as_bytes();
        if b.len() == 10 && b.iter().all(u8::is_ascii_digit) && b[0] <= b'4' && (b'1'..=b'3').contains(&b[2]) {
            Ok(Self(digits))
        } else {
            Err(crate::Flaw::Digits { expected: "都道府県2桁・点数表1桁・医療機関7桁の計10".into() })
        }
    }
}

impl fmt::Display for InstitutionNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
