//! A prescription group (RP) while it is being written or changed: what was typed so far, and the form it makes.

use crate::ui::combobox::Choice;
use leptos::prelude::*;
use model::{
    AppError, FieldError, Flaw,
    ids::RpId,
    inhouse::UsualDose,
    kana,
    orders::{Dispensing, Route, Rp, RpForm, RpItem, RpItemForm, Usage},
};
use rust_decimal::Decimal;
use std::str::FromStr;

/// A drug in the group that is being written.
#[derive(Clone, Copy)]
pub(crate) struct Item {
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
    pub(crate) editing: RwSignal<Option<(RpId, i64)>>,
    pub(crate) items: RwSignal<Vec<Item>>,
    pub(super) next: StoredValue<usize>,
    pub(super) route: RwSignal<Route>,
    /// Whether somebody chose the route: then no usual dose changes it.
    pub(super) route_chosen: StoredValue<bool>,
    /// What was filled in from the clinic's usual doses, to be seen.
    pub(super) filled: RwSignal<Option<String>>,
    pub(super) dispensing: RwSignal<Dispensing>,
    pub(super) usage: RwSignal<Option<Usage>>,
    pub(super) usage_text: RwSignal<String>,
    pub(super) count: RwSignal<String>,
    pub(crate) error: RwSignal<Option<AppError>>,
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
            route_chosen: StoredValue::new(false),
            filled: RwSignal::new(None),
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
        self.route_chosen.set_value(false);
        self.filled.set(None);
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
        self.choose_route(rp.route);
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

    /// Somebody said how the group is taken.
    pub(super) fn choose_route(self, route: Route) {
        self.route.set(route);
        self.route_chosen.set_value(true);
    }

    /// Fills in how a drug is usually prescribed here. What somebody said stands: usage, route and count belong to the whole
    /// group, so they are filled in only while nothing was said of them, and the amount only where it means the same route.
    pub(super) fn fill_usual(self, key: usize, name: &str, usual: &UsualDose, usages: &[Usage]) {
        let unsaid = self.usage_text.with_untracked(String::is_empty);
        if unsaid && !self.route_chosen.get_value() {
            self.route.set(usual.route);
        }
        if self.route.get_untracked() != usual.route {
            return;
        }
        self.items.with_untracked(|items| {
            if let Some(item) = items.iter().find(|item| item.key == key && item.amount.with_untracked(String::is_empty)) {
                item.amount.set(usual.amount.normalize().to_string());
            }
        });
        if let Some(usage) = usages.iter().find(|usage| unsaid && usage.key == usual.usage && usage.route == usual.route) {
            self.usage_text.set(usage.text.clone());
            self.usage.set(Some(usage.clone()));
        }
        if usual.count > 0 && self.count.with_untracked(String::is_empty) {
            self.count.set(usual.count.to_string());
        }
        self.filled.set(Some(format!("「{name}」のいつもの量・用法を入れました。変更できます。")));
    }

    /// Whether the usage stands in the clinic's own words and not in the list (自由入力).
    pub(super) fn free_usage(self, usages: &[Usage]) -> bool {
        self.usage_text.with(|text| !text.trim().is_empty() && !usages.iter().any(|usage| usage.text == *text))
    }

    /// The usage of the list that the field names, by choice or by its very words.
    fn listed(self, usages: &[Usage]) -> Option<Usage> {
        let (text, route) = (self.usage_text.get_untracked(), self.route.get_untracked());
        self.usage
            .get_untracked()
            .filter(|usage| usage.text == text)
            .or_else(|| usages.iter().find(|usage| usage.text == text && usage.route == route).cloned())
    }

    pub(super) fn form(self, usages: &[Usage]) -> RpForm {
        let (usage, usage_text) = match self.listed(usages) {
            Some(usage) => (usage.key, String::new()),
            None => (String::new(), self.usage_text.get_untracked()),
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

    /// The group as it is written, for a list that is not on the server yet (a set). It says what can be seen to be wrong
    /// here at the fields; the server judges the rest when the whole is saved.
    pub(crate) fn written(self, id: RpId, usages: &[Usage]) -> Result<Rp, AppError> {
        let mut flaws = Vec::new();
        let mut items = Vec::new();
        self.items.with_untracked(|all| {
            for (i, item) in all.iter().enumerate() {
                let name = item.name.get_value();
                match amount(&item.amount.get_untracked()) {
                    Ok(amount) => items.push(RpItem {
                        code: item.code.get_value().into(),
                        general_name: item.general_name.get_untracked().then(|| (String::new(), name.clone())),
                        name,
                        yj: None,
                        amount,
                        unit: item.unit.get_value(),
                    }),
                    Err(flaw) => flaws.push(FieldError::new(format!("items.{i}.amount"), flaw)),
                }
            }
        });
        let usage = self.usage_text.with_untracked(|text| text.trim().to_owned());
        if usage.is_empty() {
            flaws.push(FieldError::new("usage", Flaw::Missing));
        }
        let count = amount(&self.count.get_untracked()).ok().and_then(|count| u16::try_from(count).ok());
        if count.is_none() {
            flaws.push(FieldError::new("count", Flaw::NotDigits));
        }
        let (listed, route, dispensing) = (self.listed(usages), self.route.get_untracked(), self.dispensing.get_untracked());
        match count {
            Some(count) if flaws.is_empty() => Ok(Rp {
                id,
                route,
                dispensing,
                usage,
                usage_code: listed.as_ref().and_then(|usage| usage.code.clone()),
                times_per_day: listed.map_or(1, |usage| usage.times_per_day),
                count,
                items,
                version: 0,
            }),
            _ => Err(AppError::Invalid { fields: flaws }),
        }
    }
}

/// An amount as typed, in either width.
fn amount(text: &str) -> Result<Decimal, Flaw> {
    let text = kana::fold_width(text);
    if text.trim().is_empty() {
        return Err(Flaw::Missing);
    }
    match Decimal::from_str(text.trim()) {
        Ok(amount) if amount > Decimal::ZERO => Ok(amount),
        _ => Err(Flaw::NotDigits),
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
pub(crate) fn usages_for(usages: &[Usage], query: &str, route: Route) -> Vec<Choice<Usage>> {
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

    fn draft() -> (Owner, RpDraft) {
        let owner = Owner::new();
        let draft = owner.with(|| RpDraft::new(Dispensing::Pharmacy));
        (owner, draft)
    }

    fn usual(amount: i64, route: Route, usage: &str, count: u16) -> UsualDose {
        UsualDose { amount: Decimal::new(amount, 0), route, usage: usage.into(), count }
    }

    #[test]
    fn the_usual_dose_fills_only_what_nobody_typed() {
        let (_owner, draft) = draft();
        let all = [usage("3A", "1日3回 毎食後", Route::Internal), usage("T", "頭痛時", Route::Prn)];
        let key = draft.add("1".into(), "薬".into(), "錠".into());
        draft.fill_usual(key, "薬", &usual(3, Route::Internal, "3A", 14), &all);
        let form = draft.form(&all);
        assert_eq!((form.usage.as_str(), form.count.as_str(), form.items[0].amount.as_str()), ("3A", "14", "3"));
        // The second drug joins a group whose usage stands; a dose for another route would mean something else.
        let other = draft.add("2".into(), "頓服".into(), "錠".into());
        draft.fill_usual(other, "頓服", &usual(1, Route::Prn, "T", 5), &all);
        let form = draft.form(&all);
        assert_eq!((form.usage.as_str(), form.count.as_str(), form.items[1].amount.as_str()), ("3A", "14", ""));
    }

    #[test]
    fn the_words_of_a_listed_usage_are_that_usage() {
        let (_owner, draft) = draft();
        let all = [usage("3A", "1日3回 毎食後", Route::Internal)];
        draft.usage_text.set("1日3回 毎食後".into());
        assert_eq!(draft.form(&all).usage, "3A");
        draft.usage_text.set("毎晩 枕元で".into());
        assert_eq!(draft.form(&all).usage_text, "毎晩 枕元で");
    }

    #[test]
    fn a_group_for_a_list_says_what_is_wrong_at_its_fields() {
        let (_owner, draft) = draft();
        let key = draft.add("1".into(), "薬".into(), "錠".into());
        let id = RpId(Default::default());
        let error = draft.written(id, &[]).expect_err("nothing typed");
        assert!(["items.0.amount", "usage", "count"].iter().all(|field| error.at(field).is_some()));
        draft.items.with_untracked(|items| items.iter().find(|item| item.key == key).expect("added").amount.set("１．５".into()));
        draft.usage_text.set("就寝前".into());
        draft.count.set("７".into());
        let rp = draft.written(id, &[]).expect("whole");
        assert_eq!((rp.count, rp.items[0].amount), (7, Decimal::new(15, 1)));
    }

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
