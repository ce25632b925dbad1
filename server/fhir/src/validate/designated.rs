//! The designated laboratory codes (指定検査43項目・指定感染症5項目), from the official list of JP-CLINS 1.5.2 (検査項目マスター
//! CoreLabo / InfectionLabo, JLAC10) with the displays that list and profile fix. Displays are compared after NFKC.

use std::{collections::HashMap, sync::LazyLock};
use unicode_normalization::UnicodeNormalization;

/// A designated code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Designated {
    /// One of the infections rather than the core tests.
    pub infection: bool,
    /// Displays an official source fixes for it.
    pub displays: Vec<&'static str>,
}

static TABLE: LazyLock<HashMap<&'static str, Designated>> = LazyLock::new(|| {
    let rows = include_str!("facts/designated.tsv").lines().filter_map(|line| {
        let cells: Vec<&'static str> = line.split('\t').collect();
        let [kind, code, _, displays] = cells[..] else { return None };
        Some((code, Designated { infection: kind == "infection", displays: displays.split('|').collect() }))
    });
    rows.collect()
});

/// Codes without the method part, for 998 and 999 (その他・不明の測定法), which every group admits.
static ANY_METHOD: LazyLock<HashMap<String, &'static Designated>> =
    LazyLock::new(|| TABLE.iter().filter_map(|(code, entry)| Some((without_method(code)?, entry))).collect());

fn without_method(code: &str) -> Option<String> {
    Some(format!("{}{}", code.get(..12)?, code.get(15..17)?))
}

/// The entry of a JLAC10 code; the methods 998 and 999 stand for any method of the same analyte and specimen.
pub(super) fn of(code: &str) -> Option<&'static Designated> {
    TABLE.get(code).or_else(|| match code.get(12..15) {
        Some("998" | "999") => without_method(code).and_then(|key| ANY_METHOD.get(&key).copied()),
        _ => None,
    })
}

impl Designated {
    /// Whether a display is one that is fixed for the code. Version 1.10 renamed results (判定) to 定性 and merged ratios to
    /// controls (コントロール比) into those to the positive control; both spellings count.
    pub fn names(&self, display: &str) -> bool {
        let narrow: String = display.nfkc().collect();
        let renamed = |d: &str| d.replace("判定", "定性").replace("(コントロール比)", "(陽性コントロール比)");
        self.displays.iter().any(|d| *d == narrow || renamed(d) == narrow)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_codes_displays_and_free_methods() {
        let k = of("3H015000002326101").expect("potassium");
        assert!(k.names("K") && !k.names("カリウム") && !k.infection);
        assert!(of("3H015000002399901").is_some_and(|k| k.names("K")));
        assert!(of("5F016141002302311").is_some_and(|e| e.infection && e.names("HBs抗原(判定)") && e.names("HBs抗原(定性)")));
        assert!(of("5H010000001910114").is_some_and(|e| e.names("血液型-ABO")));
        assert!(of("WBC").is_none());
    }
}
