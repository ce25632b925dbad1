//! The words of the notices: a quotation is looked up without spaces, page marks and widths.

use crate::{Edition, common::shared};
use std::sync::OnceLock;

/// Which document a case quotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    /// 診療報酬の算定方法 別表第一 (告示).
    Notice,
    /// 診療報酬の算定方法の一部改正に伴う実施上の留意事項について 別添1 (通知).
    Circular,
}

/// Whether the document of a revision holds the words; nothing where it is not beside the project.
pub fn holds(text: Text, edition: Edition, words: &str) -> Option<bool> {
    static TEXTS: [OnceLock<Option<String>>; 4] = [const { OnceLock::new() }; 4];
    let (index, file) = match (text, edition) {
        (Text::Notice, Edition::R6) => (0, "ika_kokuji_R6.txt"),
        (Text::Notice, Edition::R8) => (1, "ika_kokuji_R8.txt"),
        (Text::Circular, Edition::R6) => (2, "ika_tsuchi_R6.txt"),
        (Text::Circular, Edition::R8) => (3, "ika_tsuchi_R8.txt"),
    };
    let whole = TEXTS[index].get_or_init(|| {
        let text = std::fs::read_to_string(shared(&format!("fee/notices/{file}"))?).expect("the notice is UTF-8");
        Some(text.lines().filter(|line| !page_mark(line)).map(folded).collect())
    });
    whole.as_ref().map(|whole| whole.contains(&folded(words)))
}

/// `# file: …`, `#   - 12 -`.
fn page_mark(line: &str) -> bool {
    line.trim_start().starts_with('#') || line.trim().trim_matches(['-', ' ']).chars().all(|c| c.is_ascii_digit())
}

fn folded(text: &str) -> String {
    let mut folded = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        match c {
            '\u{ff01}'..='\u{ff5e}' => folded.push(char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c)),
            'Ⅰ' => folded.push('I'),
            'Ⅱ' => folded.push_str("II"),
            'Ⅲ' => folded.push_str("III"),
            c => folded.push(c),
        }
    }
    folded
}
