//! The form in which names and queries are compared, and where words begin inside a name.

use unicode_normalization::{UnicodeNormalization, is_nfkc};

/// A folded text with the byte positions at which a word begins.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The text.
    pub text: String,
    /// Byte positions of word starts, the first is 0.
    pub starts: Vec<usize>,
}

/// What kind of letter it is: where the kind changes, a word begins (`２型|糖尿病`, `タケキャブ|錠`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Digit,
    Latin,
    Kana,
    Kanji,
    Gap,
}

fn script(c: char) -> Script {
    match c {
        '0'..='9' => Script::Digit,
        'ァ'..='ヺ' | 'ぁ'..='ゖ' | 'ー' => Script::Kana,
        '々' | '〆' => Script::Kanji,
        _ if !c.is_alphanumeric() => Script::Gap,
        _ if (c as u32) < 0x2e80 => Script::Latin,
        _ => Script::Kanji,
    }
}

/// NFKC (so that widths are one), small letters, katakana for hiragana, big kana for small, ジ for ヂ, no long-vowel
/// marks, spaces or punctuation.
pub fn fold(text: &str) -> Folded {
    let mut folded = fold_once(text);
    // What was left out may have kept marks apart that belong together (מּ[𖿰, ᄀ・ᅡ): then once more.
    while !is_nfkc(&folded.text) {
        folded = fold_once(&folded.text);
    }
    folded
}

fn fold_once(text: &str) -> Folded {
    let mut folded = Folded::default();
    let mut before = Script::Gap;
    // Twice, because a fullwidth letter may fold into one that has a small form only afterwards.
    for c in text.nfkc().flat_map(char::to_lowercase).nfkc() {
        let c = match c {
            'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
            _ => c,
        };
        let script = script(c);
        if script == Script::Gap {
            // A percent sign, a plus and the like belong to the name.
            if matches!(c, '%' | '+' | '±' | 'μ') {
                folded.text.push(c);
            } else {
                before = Script::Gap;
            }
            continue;
        }
        if c == 'ー' {
            continue;
        }
        if script != before {
            folded.starts.push(folded.text.len());
        }
        before = script;
        match c {
            'ァ' | 'ィ' | 'ェ' | 'ォ' if folded.text.ends_with('ブ') && text.contains(['ヴ', 'ゔ']) => {
                folded.text.pop();
                folded.text.push(match c {
                    'ァ' => 'バ',
                    'ィ' => 'ビ',
                    'ェ' => 'ベ',
                    _ => 'ボ',
                });
            }
            'ァ' | 'ィ' | 'ゥ' | 'ェ' | 'ォ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | 'ヮ' => {
                folded.text.push(char::from_u32(c as u32 + 1).unwrap_or(c));
            }
            'ヂ' => folded.text.push('ジ'),
            'ヅ' => folded.text.push('ズ'),
            'ヲ' => folded.text.push('オ'),
            'ヴ' => folded.text.push('ブ'),
            'ヵ' => folded.text.push('カ'),
            'ヶ' => folded.text.push('ケ'),
            // The masters write 頚 and 頸, 嚢 and のう as they please; the first pair is one word to a doctor.
            '頸' => folded.text.push('頚'),
            '蕁' => folded.text.push_str("ジン"),
            '麻' if folded.text.ends_with("ジン") => folded.text.push('マ'),
            _ => folded.text.push(c),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spellings_meet() {
        for (a, b) in [
            ("アムロジピン", "あむろじぴん"),
            ("ｱﾑﾛｼﾞﾋﾟﾝ", "アムロジピン"),
            ("アレルギー", "アレルギ"),
            ("ＣＯＶＩＤ－１９", "covid19"),
            ("ｼｮｼﾝﾘｮｳ", "しょしんりょう"),
            ("ヴィラレ", "ビラレ"),
            ("頸椎症", "頚椎症"),
            ("2型 糖尿病", "２型糖尿病"),
        ] {
            assert_eq!(fold(a).text, fold(b).text, "{a} {b}");
        }
    }

    #[test]
    fn what_a_gap_kept_apart_is_folded_as_one() {
        for text in ["מּ[\u{16ff0}", "\u{1100}・\u{1161}"] {
            let once = fold(text).text;
            assert_eq!(fold(&once).text, once);
        }
    }

    #[test]
    fn words_begin_where_the_script_changes() {
        let folded = fold("変形性膝関節症・タケキャブ錠１０ｍｇ");
        let words: Vec<&str> = folded.starts.iter().map(|at| &folded.text[*at..]).collect();
        assert_eq!(words, ["変形性膝関節症タケキヤブ錠10mg", "タケキヤブ錠10mg", "錠10mg", "10mg", "mg"]);
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            let once = fold(&text).text;
            prop_assert_eq!(fold(&once).text, once);
        }

        #[test]
        fn folding_kana_twice_is_folding_once(text in "[ぁ-ゖァ-ヺーｦ-ﾟ０-９Ａ-ｚ一-龠・ 　]{0,40}") {
            let once = fold(&text).text;
            prop_assert_eq!(fold(&once).text, once);
        }
    }
}
