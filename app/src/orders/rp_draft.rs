//! A prescription group (RP) while it is being written or changed: what was typed so far, and the form it makes.

use crate::ui::combobox::Choice;
use leptos::prelude::*;
use model::{
    AppError,
    ids::RpId,
    kana,
    orders::{Dispensing, Route, Rp, RpForm, RpItemForm, Usage},
};

/// A drug in the group that is being written.
#[derive(Clone, Copy)]
pub(super) struct Item {
    pub(super) key: usize,
    pub(super) code: StoredValue<String>,
    pub(super) name: StoredValue<String>,
    pub(super) unit: StoredValue<String>,
    pub(super) amount: RwSignal<String>,
    pub(super) general_name: RwSignal<bool>,
}

/// The group that is being written. It lives with the panel, so that switching panels loses nothing.
#[derive(Clone, Copy)]
pub struct RpDraft {
    /// The group that is changed and the version it was taken up in; a new one without.
    pub(super) editing: RwSignal<Option<(RpId, i64)>>,
    pub(super) items: RwSignal<Vec<Item>>,
    pub(super) next: StoredValue<usize>,
    pub(super) route: RwSignal<Route>,
    pub(super) dispensing: RwSignal<Dispensing>,
    pub(super) usage: RwSignal<Option<Usage>>,
    pub(super) usage_text: RwSignal<String>,
    pub(super) count: RwSignal<String>,
    pub(super) error: RwSignal<Option<AppError>>,
    pub(super) busy: RwSignal<bool>,
}

impl RpDraft {
    /// Nothing written yet; handed out where the last prescription was.
    pub fn new(dispensing: Dispensing) -> Self {
        Self {
            editing: RwSignal::new(None),
            items: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
            route: RwSignal::new(Route::Internal),
            dispensing: RwSignal::new(dispensing),
            usage: RwSignal::new(None),
            usage_text: RwSignal::new(String::new()),
            count: RwSignal::new(String::new()),
            error: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// Whether a group is being changed rather than a new one written.
    pub fn is_editing(self, rp: RpId) -> bool {
        self.editing.get().is_some_and(|(editing, _)| editing == rp)
    }

    /// Nothing written.
    pub fn clear(self) {
        self.editing.set(None);
        self.items.set(Vec::new());
        self.usage.set(None);
        self.usage_text.set(String::new());
        self.count.set(String::new());
        self.route.set(Route::Internal);
        self.error.set(None);
    }

    /// Takes a group up to change it; its usage keeps its code where the list still has it.
    pub fn take(self, rp: &Rp, usages: &[Usage]) {
        self.clear();
        self.editing.set(Some((rp.id, rp.version)));
        for item in &rp.items {
            let key = self.add(item.code.0.clone(), item.name.clone(), item.unit.clone());
            self.items.with_untracked(|items| {
                if let Some(new) = items.iter().find(|item| item.key == key) {
                    new.amount.set(item.amount.normalize().to_string());
                    new.general_name.set(item.general_name.is_some());
                }
            });
        }
        self.route.set(rp.route);
        self.dispensing.set(rp.dispensing);
        self.usage.set(usages.iter().find(|usage| usage.text == rp.usage && usage.route == rp.route).cloned());
        self.usage_text.set(rp.usage.clone());
        self.count.set(rp.count.to_string());
    }

    pub(super) fn add(self, code: String, name: String, unit: String) -> usize {
        let key = self.next.get_value();
        self.next.set_value(key + 1);
        let item = Item {
            key,
            code: StoredValue::new(code),
            name: StoredValue::new(name),
            unit: StoredValue::new(unit),
            amount: RwSignal::new(String::new()),
            general_name: RwSignal::new(false),
        };
        self.items.update(|items| items.push(item));
        key
    }

    pub(super) fn form(self) -> RpForm {
        let (usage, usage_text) = match self.usage.get_untracked() {
            Some(usage) if usage.text == self.usage_text.get_untracked() => (usage.key, String::new()),
            _ => (String::new(), self.usage_text.get_untracked()),
        };
        RpForm {
            route: self.route.get_untracked().as_str().to_owned(),
            dispensing: self.dispensing.get_untracked().as_str().to_owned(),
            usage,
            usage_text,
            count: self.count.get_untracked(),
            items: self.items.with_untracked(|items| {
                items
                    .iter()
                    .map(|item| RpItemForm {
                        code: item.code.get_value(),
                        amount: item.amount.get_untracked(),
                        general_name: item.general_name.get_untracked(),
                    })
                    .collect()
            }),
        }
    }
}

/// What is typed for a group that is there, to put it again. The usage's key is looked up by its words.
pub fn form_of(rp: &Rp, usages: &[Usage]) -> RpForm {
    let known = usages.iter().find(|usage| usage.text == rp.usage && usage.route == rp.route);
    RpForm {
        route: rp.route.as_str().to_owned(),
        dispensing: rp.dispensing.as_str().to_owned(),
        usage: known.map(|usage| usage.key.clone()).unwrap_or_default(),
        usage_text: if known.is_some() { String::new() } else { rp.usage.clone() },
        count: rp.count.to_string(),
        items: rp
            .items
            .iter()
            .map(|item| RpItemForm {
                code: item.code.0.clone(),
                amount: item.amount.normalize().to_string(),
                general_name: item.general_name.is_some(),
            })
            .collect(),
    }
}

/// How the words of usages are typed when they are not converted (変換); whole words before their parts.
const READINGS: [(&str, &str); 31] = [
    ("チョクゼン", "直前"),
    ("ショクゴ", "食後"),
    ("ショクゼン", "食前"),
    ("ショッカン", "食間"),
    ("ショクカン", "食間"),
    ("チョウフ", "貼付"),
    ("キュウニュウ", "吸入"),
    ("ソウニュウ", "挿入"),
    ("シュウシン", "就寝"),
    ("ネルマエ", "就寝前"),
    ("キショウ", "起床"),
    ("マイ", "毎"),
    ("チョウ", "朝"),
    ("アサ", "朝"),
    ("チュウ", "昼"),
    ("ヒル", "昼"),
    ("ユウ", "夕"),
    ("ショク", "食"),
    ("マエ", "前"),
    ("トウツウ", "疼痛"),
    ("ズツウ", "頭痛"),
    ("ハツネツ", "発熱"),
    ("フミン", "不眠"),
    ("ベンピ", "便秘"),
    ("オウキ", "嘔気"),
    ("ガイソウ", "咳嗽"),
    ("ホッサ", "発作"),
    ("トフ", "塗布"),
    ("テンガン", "点眼"),
    ("テンビ", "点鼻"),
    ("コウモン", "肛門"),
];

/// Usages that fit what is typed: by key from its beginning, by words or their readings anywhere; those of the route first.
pub(super) fn usages_for(usages: &[Usage], query: &str, route: Route) -> Vec<Choice<Usage>> {
    let query = kana::fold(query);
    let words = READINGS.iter().fold(query.clone(), |query, (read, word)| query.replace(&kana::fold(read), word));
    let fits = |u: &Usage| {
        let text = kana::fold(&u.text);
        kana::fold(&u.key).starts_with(&query) || text.contains(&query) || text.contains(&words)
    };
    let mut found: Vec<&Usage> = usages.iter().filter(|u| fits(u)).collect();
    found.sort_by_key(|u| (kana::fold(&u.key) != query, u.route != route, !kana::fold(&u.key).starts_with(&query)));
    found
        .into_iter()
        .take(40)
        .map(|usage| Choice {
            detail: usage.route.label().to_owned(),
            figure: usage.key.clone(),
            ..Choice::plain(usage.clone(), usage.text.clone())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(key: &str, text: &str, route: Route) -> Usage {
        Usage { key: key.into(), text: text.into(), code: None, route, times_per_day: 1 }
    }

    #[test]
    fn a_typed_key_comes_first_and_words_are_found_anywhere() {
        let all = [
            usage("3A", "1日3回 毎食後", Route::Internal),
            usage("3", "1日3回", Route::Internal),
            usage("T", "頭痛時", Route::Prn),
        ];
        let names = |query: &str| usages_for(&all, query, Route::Internal).into_iter().map(|c| c.figure).collect::<Vec<_>>();
        assert_eq!(names("3"), ["3", "3A"]);
        assert_eq!(names("３ａ"), ["3A"]);
        assert_eq!(names("頭痛"), ["T"]);
        assert_eq!(names("").len(), 3);
        assert_eq!(names("まいしょくご"), ["3A"]);
        assert_eq!(names("ずつう"), ["T"]);
        assert!(names("あさ").is_empty());
    }
}
