//! Reading what went wrong: certificate, clock and network faults told apart, and the reasons of a refusal.

use crate::{
    sharing::{Fault, Reason},
    tls::Leaf,
};
use chrono::{DateTime, Utc};
use rustls::{AlertDescription, CertificateError, pki_types::UnixTime};
use serde_json::Value;
use std::{error::Error, io};

/// What kept a request from being answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// It is clear.
    Fault(Fault),
    /// The platform's certificate is out of its time, or our clock is: at this instant it would hold.
    OutOfTime(DateTime<Utc>),
    /// The platform says that ours is out of its time, and by our clock it is not: a clock is off by at least so many seconds.
    Clocks(i64),
}

/// Reads an error of the client; `ours` is the certificate that was shown, `now` our clock.
pub(crate) fn trouble(error: &reqwest::Error, ours: Option<&Leaf>, now: DateTime<Utc>) -> Trouble {
    match in_chain(error) {
        Some(rustls::Error::InvalidCertificate(theirs)) => theirs_wrong(theirs),
        Some(rustls::Error::AlertReceived(alert)) => ours_wrong(*alert, ours, now),
        // Something answers, but not in TLS: the address is wrong, or somebody stands between.
        Some(_) => {
            Trouble::Fault(Fault::Certificate { why: "共有サービスと安全な接続を確立できません。".into() })
        }
        None if error.is_connect() => Trouble::Fault(Fault::Unreachable),
        None if error.is_timeout() => Trouble::Fault(Fault::Timeout),
        None => Trouble::Fault(Fault::Garbled),
    }
}

/// The platform's certificate did not satisfy us.
fn theirs_wrong(error: &CertificateError) -> Trouble {
    let instant = |time: &UnixTime| i64::try_from(time.as_secs()).ok().and_then(|s| DateTime::<Utc>::from_timestamp(s, 0));
    let because = |why: &str| Trouble::Fault(Fault::Certificate { why: format!("共有サービスの証明書{why}") });
    match error {
        CertificateError::ExpiredContext { not_after, .. } => instant(not_after).map_or_else(
            || because("の有効期限が切れています。"),
            // A minute inside of its time.
            |end| Trouble::OutOfTime(end - chrono::TimeDelta::minutes(1)),
        ),
        CertificateError::NotValidYetContext { not_before, .. } => instant(not_before).map_or_else(
            || because("の有効期間が始まっていません。"),
            |start| Trouble::OutOfTime(start + chrono::TimeDelta::minutes(1)),
        ),
        CertificateError::UnknownIssuer | CertificateError::BadSignature => {
            because("の発行者を確認できません（ca.pem を確認してください）。")
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            because("の名前が接続先と異なります。")
        }
        CertificateError::Revoked => because("は失効しています。"),
        _ => because("を確認できません。"),
    }
}

/// The platform did not take our certificate. It says the same of one that has ended and of one that has not begun (RFC 8446
/// 6.2 `certificate_expired`); where it holds by our clock, the clocks differ by at least what lies between.
fn ours_wrong(alert: AlertDescription, ours: Option<&Leaf>, now: DateTime<Utc>) -> Trouble {
    let because = |why: &str| Trouble::Fault(Fault::Certificate { why: format!("この医療機関の証明書{why}") });
    let day = |instant: DateTime<Utc>| model::date::day_of(instant);
    match (alert, ours) {
        (AlertDescription::CertificateExpired, Some(leaf)) if now > leaf.until => {
            because(&format!("の有効期限（{}）が切れています。", day(leaf.until)))
        }
        (AlertDescription::CertificateExpired, Some(leaf)) if now < leaf.from => {
            because(&format!("の有効期間（{}から）が始まっていません。", day(leaf.from)))
        }
        (AlertDescription::CertificateExpired, Some(leaf)) => {
            let (since, left) = (now - leaf.from, leaf.until - now);
            // Behind when the platform is past its end, ahead when the platform is before its start; the nearer is likelier.
            let seconds = if left <= since { -left.num_seconds() } else { since.num_seconds() };
            Trouble::Clocks(seconds)
        }
        (AlertDescription::CertificateRevoked, _) => because("は失効しています。"),
        (AlertDescription::UnknownCA, _) => because("の発行者が共有サービスに認められていません。"),
        (AlertDescription::CertificateRequired, _) => because("が求められています。"),
        _ => because("が共有サービスに受け付けられません。"),
    }
}

/// The error of TLS in a chain of causes; an `io::Error` hides what it carries from the usual way of asking.
fn in_chain<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<rustls::Error>() {
            return Some(found);
        }
        if let Some(inner) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref)
            && let Some(found) = in_chain(inner)
        {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// The errors of an OperationOutcome.
pub(crate) fn reasons(outcome: &Value) -> Vec<Reason> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let issues = outcome["issue"].as_array().into_iter().flatten();
    let errors = issues.filter(|issue| matches!(issue["severity"].as_str(), Some("error" | "fatal")));
    let reasons: Vec<Reason> = errors
        .map(|issue| Reason {
            rule: text(&issue["details"]["coding"][0]["code"]),
            path: text(&issue["expression"][0]),
            message: text(&issue["details"]["text"]),
            chart_field: text(&issue["diagnostics"]).trim_start_matches("カルテの項目: ").to_owned(),
        })
        .collect();
    if !reasons.is_empty() {
        return reasons;
    }
    vec![Reason {
        rule: String::new(),
        path: String::new(),
        message: "理由の示されない拒否です。".into(),
        chart_field: String::new(),
    }]
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use serde_json::json;

    #[test]
    fn reads_reasons_from_an_outcome() {
        let outcome = json!({ "issue": [
            { "severity": "warning", "details": { "text": "注意" } },
            { "severity": "error", "details": { "coding": [{ "code": "R9015C" }], "text": "開始日がありません。" },
              "diagnostics": "カルテの項目: 傷病名: 開始日", "expression": ["Bundle.entry[1]"] },
        ] });
        let [reason] = &reasons(&outcome)[..] else { panic!("one error") };
        assert_eq!(reason.to_string(), "開始日がありません。 直す場所: 傷病名: 開始日（R9015C）");
        assert_eq!(reasons(&json!({})).len(), 1);
    }

    #[test]
    fn an_expired_certificate_and_a_wrong_clock_are_told_apart() {
        let at = |year| Utc.with_ymd_and_hms(year, 7, 1, 0, 0, 0).single().expect("an instant");
        let leaf = Leaf { name: "1310000011".into(), from: at(2026), until: at(2028) };
        let expired = |now| ours_wrong(AlertDescription::CertificateExpired, Some(&leaf), now);
        let Trouble::Fault(Fault::Certificate { why }) = expired(at(2029)) else { panic!("by our clock too") };
        assert!(why.contains("2028-07-01"), "{why}");
        assert!(matches!(expired(at(2025)), Trouble::Fault(Fault::Certificate { .. })));
        let day = chrono::TimeDelta::days(1);
        assert_eq!(expired(at(2028) - day), Trouble::Clocks(-86_400), "they are past its end");
        assert_eq!(expired(at(2026) + day), Trouble::Clocks(86_400), "they are before its start");
    }

    #[test]
    fn errors_of_tls_are_found_however_deep() {
        let inner = io::Error::other(io::Error::other(rustls::Error::AlertReceived(AlertDescription::UnknownCA)));
        assert_eq!(in_chain(&inner), Some(&rustls::Error::AlertReceived(AlertDescription::UnknownCA)));
        assert_eq!(in_chain(&io::Error::from(io::ErrorKind::ConnectionReset)), None);
    }
}
