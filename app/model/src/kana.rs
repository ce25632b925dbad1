//! Folding of what people type: width, kana and case, so that one spelling finds the others.

use crate::Flaw;

/// Full-width letters and digits to half width, half-width kana to full width (NFKC).
#[cfg(not(target_arch = "wasm32"))]
pub fn fold_width(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkc().collect()
}

/// The same by the browser's own tables, which then need not be sent to it.
#[cfg(target_arch = "wasm32")]
pub fn fold_width(text: &str) -> String {
    js_sys::JsString::from(text).normalize("NFKC").into()
}

/// The form in which kana is compared and indexed: NFKC, hiragana as katakana, small letters, no white space.
pub fn fold(text: &str) -> String {
    fold_width(text)
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
            _ => c,
        })
        .collect()
}

/// Kana as it is kept: full-width katakana, single spaces. Refuses anything but kana.
pub fn parse_kana(text: &str, max: usize) -> Result<String, Flaw> {
    let folded: String = fold_width(text)
        .chars()
        .map(|c| match c {
            'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
            _ => c,
        })
        .collect();
    let kana = folded.split_whitespace().collect::<Vec<_>>().join(" ");
    if kana.is_empty() {
        Err(Flaw::Missing)
    } else if kana.chars().count() > max {
        Err(Flaw::TooLong { max })
    } else if kana.chars().all(|c| matches!(c, 'ァ'..='ヺ' | 'ー' | '・' | ' ')) {
        Ok(kana)
    } else {
        Err(Flaw::NotKana)
    }
}

/// Free text of one line: trimmed, not empty, not longer than `max` characters, no control characters.
pub fn parse_line(text: &str, max: usize) -> Result<String, Flaw> {
    let line =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    if line.is_empty() {
        Err(Flaw::Missing)
    } else if line.chars().count() > max {
        Err(Flaw::TooLong { max })
    } else {
        Ok(line)
    }
}

/// A person's name as it is written: letters of any script with their variants (葛󠄀), and the marks names have. No symbols:
/// the name goes on papers and into documents.
pub fn parse_name(text: &str, max: usize) -> Result<String, Flaw> {
    let name = parse_line(text, max)?;
    let belongs = |c: char| {
        c.is_alphanumeric()
            || matches!(c, ' ' | '・' | '·' | '-' | '‐' | '－' | '\'' | '’' | '.' | ',' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
    };
    if name.chars().all(belongs) { Ok(name) } else { Err(Flaw::NotAName) }
}

/// The same, but nothing typed is no flaw: it is nothing.
pub fn parse_optional(text: &str, max: usize) -> Result<Option<String>, Flaw> {
    match parse_line(text, max) {
        Ok(line) => Ok(Some(line)),
        Err(Flaw::Missing) => Ok(None),
        Err(flaw) => Err(flaw),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_spelling_finds_the_others() {
        for text in ["ヤマダ タロウ", "やまだ　たろう", "ﾔﾏﾀﾞﾀﾛｳ", "ヤマダタロウ "] {
            assert_eq!(fold(text), "ヤマダタロウ");
        }
        assert_eq!(fold("ＡＢＣ"), "abc");
    }

    #[test]
    fn a_name_may_be_rare_but_holds_no_symbols() {
        for name in ["𠮷野", "髙﨑", "葛\u{e0100}城", "佐々木", "〆木", "ファン・デル・ベルク", "O'Neill", "李"]
        {
            assert_eq!(parse_name(name, 40).as_deref(), Ok(name));
        }
        for name in ["😀", "<b>山田</b>", "山田;", "{}"] {
            assert_eq!(parse_name(name, 40), Err(Flaw::NotAName), "{name}");
        }
    }

    #[test]
    fn keeps_kana_full_width() {
        assert_eq!(parse_kana("ﾔﾏﾀﾞ　ﾀﾛｳ", 40), Ok("ヤマダ タロウ".into()));
        assert_eq!(parse_kana("山田", 40), Err(Flaw::NotKana));
        assert_eq!(parse_kana("", 40), Err(Flaw::Missing));
    }
}
