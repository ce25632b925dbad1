//! The version of the JP-CLINS profiles: a parameter, because the platform moves on and documents stay.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// A version of the JP-CLINS profiles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Version {
    /// 1.5.2 (2024-10): the tables are made from its StructureDefinitions, whole.
    #[default]
    #[serde(rename = "1.5.2")]
    V1_5_2,
    /// 1.11.0 (2025-07): 1.5.2 with the changes that its published history states (1.5.3 to 1.11.0); its StructureDefinitions
    /// themselves were not at hand.
    #[serde(rename = "1.11")]
    V1_11,
}

impl Version {
    /// All versions, oldest first.
    pub const ALL: [Self; 2] = [Self::V1_5_2, Self::V1_11];

    /// As people write it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1_5_2 => "1.5.2",
            Self::V1_11 => "1.11",
        }
    }

    /// Whether the changes up to 1.11 hold.
    pub(crate) fn is_later(self) -> bool {
        self == Self::V1_11
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No such version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("プロファイルの版は 1.5.2 または 1.11 です（{0}）。")]
pub struct UnknownVersion(String);

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = text.trim();
        let found = Self::ALL.into_iter().find(|v| v.as_str() == wanted);
        found.or((wanted == "1.11.0").then_some(Self::V1_11)).ok_or_else(|| UnknownVersion(wanted.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for version in Version::ALL {
            assert_eq!(version.to_string().parse(), Ok(version));
        }
        assert!("1.6".parse::<Version>().is_err());
    }
}
