//! Latin letters as kana (ローマ字かな変換), both spellings (`shi`, `si`), for people who do not switch their keyboard.

/// One syllable after another; the longest fits first.
#[rustfmt::skip]
const SYLLABLES: &[(&str, &str)] = &[
    ("kya", "キャ"), ("kyu", "キュ"), ("kyo", "キョ"), ("sha", "シャ"), ("shu", "シュ"), ("sho", "ショ"),
    ("she", "シェ"), ("sya", "シャ"), ("syu", "シュ"), ("syo", "ショ"), ("cha", "チャ"), ("chu", "チュ"),
    ("cho", "チョ"), ("che", "チェ"), ("tya", "チャ"), ("tyu", "チュ"), ("tyo", "チョ"), ("nya", "ニャ"),
    ("nyu", "ニュ"), ("nyo", "ニョ"), ("hya", "ヒャ"), ("hyu", "ヒュ"), ("hyo", "ヒョ"), ("mya", "ミャ"),
    ("myu", "ミュ"), ("myo", "ミョ"), ("rya", "リャ"), ("ryu", "リュ"), ("ryo", "リョ"), ("gya", "ギャ"),
    ("gyu", "ギュ"), ("gyo", "ギョ"), ("zya", "ジャ"), ("zyu", "ジュ"), ("zyo", "ジョ"), ("jya", "ジャ"),
    ("jyu", "ジュ"), ("jyo", "ジョ"), ("dya", "ヂャ"), ("dyu", "ヂュ"), ("dyo", "ヂョ"), ("bya", "ビャ"),
    ("byu", "ビュ"), ("byo", "ビョ"), ("pya", "ピャ"), ("pyu", "ピュ"), ("pyo", "ピョ"), ("shi", "シ"), ("chi", "チ"),
    ("tsu", "ツ"), ("tha", "サ"), ("thi", "ティ"), ("dhi", "ディ"), ("dhu", "デュ"), ("twu", "トゥ"), ("xtu", "ッ"),
    ("ltu", "ッ"), ("xya", "ャ"), ("xyu", "ュ"), ("xyo", "ョ"), ("tsa", "ツァ"), ("fya", "フャ"), ("fyu", "フュ"),
    ("ka", "カ"), ("ki", "キ"), ("ku", "ク"), ("ke", "ケ"), ("ko", "コ"), ("sa", "サ"), ("si", "シ"), ("su", "ス"),
    ("se", "セ"), ("so", "ソ"), ("ta", "タ"), ("ti", "チ"), ("tu", "ツ"), ("te", "テ"), ("to", "ト"), ("na", "ナ"),
    ("ni", "ニ"), ("nu", "ヌ"), ("ne", "ネ"), ("no", "ノ"), ("ha", "ハ"), ("hi", "ヒ"), ("hu", "フ"), ("fu", "フ"),
    ("he", "ヘ"), ("ho", "ホ"), ("ma", "マ"), ("mi", "ミ"), ("mu", "ム"), ("me", "メ"), ("mo", "モ"), ("ya", "ヤ"),
    ("yu", "ユ"), ("yo", "ヨ"), ("ra", "ラ"), ("ri", "リ"), ("ru", "ル"), ("re", "レ"), ("ro", "ロ"), ("la", "ラ"),
    ("li", "リ"), ("lu", "ル"), ("le", "レ"), ("lo", "ロ"), ("wa", "ワ"), ("wi", "ウィ"), ("we", "ウェ"),
    ("wo", "ヲ"), ("ga", "ガ"), ("gi", "ギ"), ("gu", "グ"), ("ge", "ゲ"), ("go", "ゴ"), ("za", "ザ"), ("zi", "ジ"),
    ("ji", "ジ"), ("zu", "ズ"), ("ze", "ゼ"), ("zo", "ゾ"), ("ja", "ジャ"), ("ju", "ジュ"), ("je", "ジェ"),
    ("jo", "ジョ"), ("da", "ダ"), ("di", "ディ"), ("du", "ヅ"), ("de", "デ"), ("do", "ド"), ("ba", "バ"),
    ("bi", "ビ"), ("bu", "ブ"), ("be", "ベ"), ("bo", "ボ"), ("pa", "パ"), ("pi", "ピ"), ("pu", "プ"), ("pe", "ペ"),
    ("po", "ポ"), ("fa", "ファ"), ("fi", "フィ"), ("fe", "フェ"), ("fo", "フォ"), ("va", "ヴァ"), ("vi", "ヴィ"),
    ("vu", "ヴ"), ("ve", "ヴェ"), ("vo", "ヴォ"), ("ca", "カ"), ("cu", "ク"), ("co", "コ"), ("qu", "ク"), ("a", "ア"),
    ("i", "イ"), ("u", "ウ"), ("e", "エ"), ("o", "オ"), ("-", "ー"),
];

/// The kana of a text in Latin letters, digits kept; none where it cannot be read so. A consonant begun at the end
/// (`amur`) is left off: the next keystroke tells.
pub fn kana(text: &str) -> Option<String> {
    let text = text.to_ascii_lowercase();
    if !text.is_ascii() || !text.bytes().any(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let mut rest = text.as_str();
    let mut kana = String::new();
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            kana.push(first);
            rest = &rest[1..];
        } else if let Some((syllable, read)) = SYLLABLES.iter().find(|(syllable, _)| rest.starts_with(syllable)) {
            kana.push_str(read);
            rest = &rest[syllable.len()..];
        } else {
            let next = rest[1..].chars().next();
            match (first, next) {
                ('n', Some('n')) => {
                    kana.push('ン');
                    // `nn` before a vowel is ン and な行 (konna → コンナ); otherwise both letters are one ン.
                    let vowel = rest[2..].starts_with(['a', 'i', 'u', 'e', 'o', 'y']);
                    rest = &rest[if vowel { 1 } else { 2 }..];
                }
                ('n', _) => {
                    kana.push('ン');
                    rest = &rest[if next == Some('\'') { 2 } else { 1 }..];
                }
                ('m', Some('b' | 'p' | 'm')) => {
                    kana.push('ン');
                    rest = &rest[1..];
                }
                (_, Some(next)) if first == next || first == 't' && rest[1..].starts_with("ch") => {
                    kana.push('ッ');
                    rest = &rest[1..];
                }
                _ if rest.len() <= 2 && !kana.is_empty() && rest.bytes().all(|b| b.is_ascii_alphabetic()) => break,
                _ => return None,
            }
        }
    }
    (!kana.is_empty()).then_some(kana)
}

#[cfg(test)]
mod tests {
    use super::kana;

    #[test]
    fn reads_both_spellings() {
        for (latin, read) in [
            ("amuro", "アムロ"),
            ("shitsukansetsu", "シツカンセツ"),
            ("situkansetu", "シツカンセツ"),
            ("kanpou", "カンポウ"),
            ("kampou", "カンポウ"),
            ("kekka", "ケッカ"),
            ("matcha", "マッチャ"),
            ("konna", "コンナ"),
            ("2gata", "2ガタ"),
            ("amur", "アム"),
            ("ro-do", "ロード"),
        ] {
            assert_eq!(kana(latin).as_deref(), Some(read), "{latin}");
        }
        assert_eq!(kana("crp"), None);
        assert_eq!(kana("123"), None);
    }
}
