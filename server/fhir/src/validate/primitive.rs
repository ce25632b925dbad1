//! Values of FHIR's primitive types (FHIR R4 「Datatypes」, the regular expressions of each type).

use serde_json::Value;

/// Whether a type name is a primitive: they begin in lower case.
pub(super) fn is_primitive(kind: &str) -> bool {
    kind.starts_with(|c: char| c.is_ascii_lowercase())
}

/// What is wrong with a value of a primitive type, in Japanese.
pub(super) fn flaw(kind: &str, value: &Value) -> Option<&'static str> {
    match kind {
        "boolean" => (!value.is_boolean()).then_some("trueかfalseで記述してください。"),
        "integer" | "unsignedInt" | "positiveInt" => {
            let least = match kind {
                "integer" => i64::MIN,
                "unsignedInt" => 0,
                _ => 1,
            };
            value.as_i64().is_none_or(|n| n < least).then_some("整数で記述してください。")
        }
        "decimal" => (!value.is_number()).then_some("数値で記述してください。"),
        _ => {
            let Some(text) = value.as_str() else { return Some("文字列で記述してください。") };
            if text.trim().is_empty() {
                return Some("空の文字列は使えません。");
            }
            text_flaw(kind, text)
        }
    }
}

fn text_flaw(kind: &str, text: &str) -> Option<&'static str> {
    let ok = match kind {
        "date" => is_date(text),
        "dateTime" => is_date_time(text, false),
        "instant" => is_date_time(text, true),
        "time" => is_time(text),
        "code" => !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ") && !text.contains(['\t', '\n', '\r']),
        "id" => text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.')),
        "uri" | "url" | "canonical" => !text.contains(char::is_whitespace),
        "oid" => text.strip_prefix("urn:oid:").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_digit() || b == b'.')),
        "uuid" => text.strip_prefix("urn:uuid:").is_some_and(is_uuid),
        "base64Binary" => {
            text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=') || b.is_ascii_whitespace())
        }
        "xhtml" => text.trim_start().starts_with("<div") && text.trim_end().ends_with("</div>"),
        _ => true,
    };
    (!ok).then_some(match kind {
        "date" => "日付（YYYY、YYYY-MM、YYYY-MM-DD）として読めません。",
        "dateTime" => "日時（YYYY-MM-DDThh:mm:ss+09:00など）として読めません。",
        "instant" => "タイムゾーン付きの日時（秒まで必須）として読めません。",
        "id" => "英数字・ハイフン・ピリオド64文字以内で記述してください。",
        "xhtml" => "<div>で囲まれた文章ではありません。",
        _ => "値の形式が正しくありません。",
    })
}

/// Whether text is a UUID in its usual form, in lower case.
pub(super) fn is_uuid(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('-').map(str::len).collect();
    lengths == [8, 4, 4, 4, 12] && text.bytes().all(|b| b == b'-' || b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

fn number(text: &str, digits: usize) -> Option<u32> {
    (text.len() == digits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let year = parts.first().and_then(|y| number(y, 4)).filter(|y| *y > 0);
    match (year, parts.as_slice()) {
        (Some(_), [_]) => true,
        (Some(_), [_, m]) => number(m, 2).is_some_and(|m| (1..=12).contains(&m)),
        (Some(y), [_, m, d]) => match (number(m, 2), number(d, 2)) {
            (Some(m), Some(d)) => chrono::NaiveDate::from_ymd_opt(y as i32, m, d).is_some(),
            _ => false,
        },
        _ => false,
    }
}

fn is_date_time(text: &str, instant: bool) -> bool {
    let Some((date, rest)) = text.split_once('T') else { return !instant && is_date(text) };
    let Some(at) = rest.rfind(['Z', '+', '-']) else { return false };
    let (time, zone) = rest.split_at(at);
    let zone_fits = zone == "Z"
        || zone
            .get(1..)
            .and_then(|z| z.split_once(':'))
            .is_some_and(|(h, m)| number(h, 2).is_some_and(|h| h <= 14) && number(m, 2).is_some_and(|m| m < 60));
    date.len() == 10 && is_date(date) && is_time(time) && zone_fits
}

fn is_time(text: &str) -> bool {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let parts: Vec<&str> = whole.split(':').collect();
    let [h, m, s] = parts[..] else { return false };
    number(h, 2).is_some_and(|h| h < 24)
        && number(m, 2).is_some_and(|m| m < 60)
        && number(s, 2).is_some_and(|s| s <= 60)
        && !fraction.is_empty()
        && fraction.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn dates_and_times() {
        for good in ["2026", "2026-07", "2026-07-10", "2026-07-10T10:15:30+09:00", "2026-07-10T10:15:30.123Z"] {
            assert_eq!(flaw("dateTime", &json!(good)), None, "{good}");
        }
        for bad in ["2026-13", "2026-02-30", "2026-07-10T10:15+09:00", "2026-07-10T10:15:30", "2026/07/10", "26-07-10"] {
            assert!(flaw("dateTime", &json!(bad)).is_some(), "{bad}");
        }
        assert!(flaw("instant", &json!("2026-07-10")).is_some());
        assert!(flaw("boolean", &json!("true")).is_some() && flaw("decimal", &json!("1")).is_some());
        assert!(flaw("string", &json!("")).is_some() && flaw("positiveInt", &json!(0)).is_some());
    }
}
