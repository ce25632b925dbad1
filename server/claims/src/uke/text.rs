//! From bytes to lines and CP932 text, and back.
//!
//! Code page 932 is Microsoft's Shift_JIS with its extra letters (㎎ ① 髙); the web's "Shift_JIS" is that one. A few letters
//! have two codes; so text alone cannot give the bytes back, and a line that would change keeps its own bytes.

use super::record::Ending;
use encoding_rs::SHIFT_JIS;

/// End of file (EOF) behind the last record, by 記録条件仕様; many files lack it.
pub(super) const END_MARK: u8 = 0x1A;

/// One line of a file.
pub(super) struct RawLine<'b> {
    /// From 1.
    pub number: u32,
    /// Without its end.
    pub bytes: &'b [u8],
    pub ending: Ending,
}

/// The lines, and what stands behind the last one (the end mark, with or without an end of line).
pub(super) fn lines(bytes: &[u8]) -> (impl Iterator<Item = RawLine<'_>>, &[u8]) {
    let marked = [&[END_MARK][..], &[END_MARK, b'\n'], &[END_MARK, b'\r', b'\n']];
    let tail = marked.into_iter().find(|mark| bytes.ends_with(mark)).map_or(0, <[u8]>::len);
    let (body, tail) = bytes.split_at(bytes.len() - tail);
    let lines = body.split_inclusive(|byte| *byte == b'\n').zip(1..).map(|(line, number)| match line {
        [bytes @ .., b'\r', b'\n'] => RawLine { number, bytes, ending: Ending::CrLf },
        [bytes @ .., b'\n'] => RawLine { number, bytes, ending: Ending::Lf },
        bytes => RawLine { number, bytes, ending: Ending::None },
    });
    (lines, tail)
}

/// CP932 bytes as text; nothing for bytes that are none, and for control characters.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let text = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes)?;
    (!text.chars().any(char::is_control)).then(|| text.into_owned())
}

/// Text as CP932 bytes; nothing where a letter has no code or would come back as another one.
pub(super) fn encode(text: &str) -> Option<Vec<u8>> {
    let (bytes, _, unmappable) = SHIFT_JIS.encode(text);
    (!unmappable && decode(&bytes).as_deref() == Some(text)).then(|| bytes.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_page_932_has_more_letters_than_shift_jis() {
        let bytes = [0x87, 0x72, 0x87, 0x40, 0xfb, 0xfc];
        assert_eq!(decode(&bytes).as_deref(), Some("㎎①髙"));
        assert_eq!(encode("㎎①髙").as_deref(), Some(&bytes[..]));
        assert_eq!(encode("¥"), None, "would come back as a backslash");
        assert_eq!(encode("😀"), None);
        assert_eq!(decode(b"SI\x1a"), None, "an end mark inside a line");
    }

    #[test]
    fn the_end_mark_is_no_line() {
        let count = |bytes| lines(bytes).0.count();
        assert_eq!((count(b""), count(b"a"), count(b"a\n"), count(b"a\r\nb\r\n\x1a"), count(b"a\n\x1a\r\n")), (0, 1, 1, 2, 1));
    }
}
