//! Points and yen: integers, never floats.

use serde::{Deserialize, Serialize};
use std::{
    fmt,
    iter::Sum,
    ops::{Add, AddAssign, Mul, Sub},
};

macro_rules! amounts {
    ($($(#[$doc:meta])* $name:ident, $unit:literal);+ $(;)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl Add for $name { type Output = Self; fn add(self, other: Self) -> Self { Self(self.0 + other.0) } }
        impl Sub for $name { type Output = Self; fn sub(self, other: Self) -> Self { Self(self.0 - other.0) } }
        impl Mul<i64> for $name { type Output = Self; fn mul(self, times: i64) -> Self { Self(self.0 * times) } }
        impl AddAssign for $name { fn add_assign(&mut self, other: Self) { self.0 += other.0 } }
        impl Sum for $name { fn sum<I: Iterator<Item = Self>>(all: I) -> Self { all.fold(Self(0), Add::add) } }
        impl fmt::Display for $name {
            /// Digits in groups of three and the unit.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}{}", grouped(self.0), $unit) }
        }
    )+};
}

amounts! {
    /// Fee points (点数); one point is ten yen (健康保険法の規定による療養に要する費用の額の算定方法).
    Points, "点";
    /// Yen (円).
    Yen, "円";
}

impl Points {
    /// The points as yen: ten yen each.
    pub fn yen(self) -> Yen {
        Yen(self.0 * 10)
    }
}

/// Digits in groups of three: `1,234`.
pub fn grouped(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut out = String::new();
    if value < 0 {
        out.push('-');
    }
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_in_groups_of_three() {
        assert_eq!(Yen(1_234_567).to_string(), "1,234,567円");
        assert_eq!(Points(75).to_string(), "75点");
        assert_eq!(Yen(-1_000).to_string(), "-1,000円");
    }
}
