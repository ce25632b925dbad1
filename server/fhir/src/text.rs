//! Text as the documents demand it, and text inside XHTML.

use unicode_normalization::UnicodeNormalization;

/// Tidies text for `display` and `text`: no half-width katakana, no full-width space, no control characters, single
/// spaces (JP_Observation_LabResult_eCS 記述仕様「文字の制限」). Other characters stay as they are.
pub fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut kana = String::new();
    for c in text.chars() {
        if is_half_kana(c) {
            kana.push(c);
            continue;
        }
        out.extend(kana.nfkc());
        kana.clear();
        out.push(if c.is_control() || c == '\u{3000}' { ' ' } else { c });
    }
    out.extend(kana.nfkc());
    out.split(' ').filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Tidies and writes letters, digits and signs of the ASCII range half-width, as laboratory names must be.
pub fn tidy_narrow(text: &str) -> String {
    let narrow: String = text
        .chars()
        .map(|c| match c {
            '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            _ => c,
        })
        .collect();
    tidy(&narrow)
}

/// Half-width katakana with its marks (U+FF61–U+FF9F).
pub fn is_half_kana(c: char) -> bool {
    ('\u{FF61}'..='\u{FF9F}').contains(&c)
}

/// Why text may not stand in a `display` or `text`, in Japanese; none if it may.
pub fn untidy(text: &str) -> Option<&'static str> {
    if text.chars().any(is_half_kana) {
        Some("半角カタカナは使えません。")
    } else if text.contains('\u{3000}') {
        Some("全角空白は使えません。")
    } else if text.chars().any(char::is_control) {
        Some("改行・タブなどの制御文字は使えません。")
    } else {
        None
    }
}

/// Compares two displays after NFKC: the official lists contain look-alikes (⾎ U+2F8E for 血).
pub fn same_display(a: &str, b: &str) -> bool {
    a.nfkc().eq(b.nfkc())
}

/// The XHTML `div` of a narrative: text escaped, line breaks kept.
pub fn div(text: &str) -> String {
    let mut out = String::from("<div xmlns=\"http://www.w3.org/1999/xhtml\">");
    for (i, line) in text.lines().enumerate() {
        if i > 0 {
            out.push_str("<br/>");
        }
        for c in line.chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                c if c.is_control() => out.push(' '),
                c => out.push(c),
            }
        }
    }
    out.push_str("</div>");
    out
}

/// Bytes in base64 (RFC 4648, with padding), as attachments carry them.
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().chain(&[0, 0]).take(3).fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
        for place in 0..4 {
            let digit = char::from(DIGITS[(group >> (18 - 6 * place) & 63) as usize]);
            out.push(if place <= chunk.len() { digit } else { '=' });
        }
    }
    out
}

/// Bytes of base64; none where it is not base64. White space is passed over, as FHIR allows it.
pub fn from_base64(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    if !digits.len().is_multiple_of(4) {
        return None;
    }
    let mut out = Vec::with_capacity(digits.len() / 4 * 3);
    let last = digits.len() / 4;
    for (index, group) in digits.chunks(4).enumerate() {
        let pads = group.iter().rev().take_while(|b| **b == b'=').count();
        if pads > 2 || pads > 0 && index + 1 != last {
            return None;
        }
        let mut sum = 0u32;
        for byte in &group[..4 - pads] {
            let digit = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            sum = sum << 6 | u32::from(digit);
        }
        sum <<= 6 * pads;
        out.extend(sum.to_be_bytes()[1..].iter().take(3 - pads));
    }
    Some(out)
}

/// Text of a narrative without its tags, for showing; entities resolved, `<br/>` and block ends as line breaks.
pub fn plain(div: &str) -> String {
    let mut out = String::new();
    let mut rest = div;
    while let Some(start) = rest.find('<') {
        out.push_str(&rest[..start]);
        let Some(end) = rest[start..].find('>') else { break };
        let tag = &rest[start + 1..start + end];
        if tag.starts_with("br") || tag == "/p" || tag == "/div" || tag == "/li" || tag == "/tr" {
            out.push('\n');
        }
        rest = &rest[start + end + 1..];
    }
    out.push_str(rest);
    let out = out.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&");
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tidies_what_the_rules_forbid() {
        assert_eq!(tidy("ｶﾞﾝﾏ　GTP\t"), "ガンマ GTP");
        assert_eq!(tidy_narrow("ＨｂＡ１ｃ（ＮＧＳＰ）"), "HbA1c(NGSP)");
        assert!(untidy("総蛋白 TP").is_none());
        assert!(untidy("ｱ").is_some() && untidy("a\u{3000}b").is_some() && untidy("a\nb").is_some());
    }

    #[test]
    fn base64_follows_the_vectors_of_rfc_4648() {
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
            assert_eq!(from_base64(coded).as_deref(), Some(plain.as_bytes()));
        }
        assert!(from_base64("Zg=").is_none() && from_base64("Z=g=").is_none() && from_base64("Zg==Zg==").is_none());
    }

    #[test]
    fn look_alikes_are_the_same() {
        assert!(same_display("⾎液型-ABO", "血液型-ABO"));
    }

    #[test]
    fn narrative_goes_there_and_back() {
        let text = "血圧 120<140 & \"安定\"\n次回 2週間後";
        assert_eq!(plain(&div(text)), text);
    }
}
