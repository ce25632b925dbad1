//! A registration that is half typed is kept by the tab (session storage), so that neither a reload nor a wrong click
//! takes it. It is gone once the patient is registered, and with the tab.
//!
//! What a letter that came in says about a patient travels the same way ([`carry`]): it never stands in an address.

use super::fields::Fields;
use leptos::prelude::*;
use model::{ids::ReceivedId, kana, outside::NamedPatient, patient::Sex, staff::Me};

/// Where a registration that is half typed is kept: one for each person at this browser and each way in.
pub fn key(me: &Me, way: &str) -> String {
    format!("karte.new.{}.{}.{way}", me.clinic, me.staff.id)
}

/// Keeps what a letter says about its patient for the registration, and gives the address to go on to.
pub fn carry(me: &Me, letter: ReceivedId, about: &NamedPatient) -> String {
    if let (Some(storage), Ok(json)) = (window().session_storage().ok().flatten(), serde_json::to_string(&found(about))) {
        // A browser without room opens an empty form.
        let _ = storage.set_item(&key(me, &letter.to_string()), &json);
    }
    format!("/patients/new?letter={letter}")
}

/// The fields that a letter fills: names as far as they can be told apart, the rest as it stands there.
fn found(about: &NamedPatient) -> Vec<(String, String)> {
    let split = |name: &str| {
        let name = name.replace('\u{3000}', " ");
        let (family, given) = name.trim().split_once(' ').unwrap_or((name.trim(), ""));
        (family.to_owned(), given.trim().to_owned())
    };
    let (family, given) = split(&about.name);
    let (family_kana, given_kana) = split(&kana::parse_kana(&about.kana, 80).unwrap_or_default());
    let sex = match about.sex {
        Some(Sex::Male) => "male",
        Some(Sex::Female) => "female",
        None => "",
    };
    let birth = about.birth_date.map(|day| day.to_string()).unwrap_or_default();
    [
        ("family", family),
        ("given", given),
        ("family_kana", family_kana),
        ("given_kana", given_kana),
        ("sex", sex.to_owned()),
        ("birth_date", birth),
        ("address", about.address.clone()),
    ]
    .into_iter()
    .filter(|(_, text)| !text.is_empty())
    .map(|(name, text)| (name.to_owned(), text))
    .collect()
}

/// Keeps what is typed under a key until `done`. Gives whether something was brought back.
pub fn keep(fields: Fields, key: String, done: impl Fn() -> bool + 'static) -> RwSignal<bool> {
    let restored = RwSignal::new(false);
    let start = untrack(|| fields.typed());
    // Effects run in the browser only.
    Effect::new(move |before: Option<()>| {
        let Some(storage) = window().session_storage().ok().flatten() else { return };
        let kept = before.is_none().then(|| storage.get_item(&key).ok().flatten()).flatten();
        if let Some(kept) = kept.and_then(|json| serde_json::from_str::<Vec<(String, String)>>(&json).ok()) {
            fields.put_back(&kept);
            restored.set(true);
        }
        let typed = fields.typed();
        // A browser without room keeps nothing, and the form works all the same.
        let _ = match serde_json::to_string(&typed) {
            Ok(json) if typed != start && !done() => storage.set_item(&key, &json),
            _ => storage.remove_item(&key),
        };
    });
    restored
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_letter_says_lands_in_the_fields() {
        let about = NamedPatient {
            name: "蜂須賀　みやび".into(),
            kana: "ハチスカ ミヤビ".into(),
            sex: Some(Sex::Female),
            birth_date: chrono::NaiveDate::from_ymd_opt(1981, 2, 28),
            ..Default::default()
        };
        let found = found(&about);
        let get = |name: &str| found.iter().find(|(field, _)| field == name).map(|(_, text)| text.as_str());
        assert_eq!((get("family"), get("given")), (Some("蜂須賀"), Some("みやび")));
        assert_eq!((get("family_kana"), get("given_kana")), (Some("ハチスカ"), Some("ミヤビ")));
        assert_eq!((get("sex"), get("birth_date")), (Some("female"), Some("1981-02-28")));
        assert_eq!(get("address"), None);
    }
}
