//! What was typed about a national row, read.

use crate::{Fallible, error::AtField, orders::typed};
use masters::Snapshot;
use model::{AppError, Flaw, inhouse::*, kana, master::MasterKind, orders::Route};

/// The most characters of an own short name.
const LONGEST_NAME: usize = 40;
/// The most characters of an own reading.
const LONGEST_READING: usize = 80;

/// What the clinic says, apart from the row it says it of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// Own short name (院内略称).
    pub own_name: String,
    /// Own reading.
    pub own_reading: String,
    /// Adopted (採用).
    pub adopted: bool,
    /// Offered first (よく使う).
    pub favourite: bool,
    /// Not offered (非表示).
    pub hidden: bool,
    /// How a drug is usually prescribed.
    pub usual: Option<UsualDose>,
}

impl Said {
    /// Whether nothing is said.
    pub(super) fn is_nothing(&self) -> bool {
        let Self { own_name, own_reading, adopted, favourite, hidden, usual } = self;
        own_name.is_empty() && own_reading.is_empty() && !adopted && !favourite && !hidden && usual.is_none()
    }

    /// As text, for showing two versions side by side.
    pub(super) fn as_text(&self, name: &str, unit: &str) -> String {
        let mut words = vec![name.to_owned()];
        let flags = [(self.adopted, "採用"), (self.favourite, "よく使う"), (self.hidden, "非表示")];
        words.extend(flags.iter().filter(|(set, _)| *set).map(|(_, word)| (*word).to_owned()));
        if !self.own_name.is_empty() {
            words.push(format!("略称 {}", self.own_name));
        }
        if !self.own_reading.is_empty() {
            words.push(format!("読み {}", self.own_reading));
        }
        if let Some(usual) = &self.usual {
            let UsualDose { amount, route, usage, count } = usual;
            let count = if *count == 0 { String::new() } else { format!(" {count}{}", route.counter()) };
            words.push(format!("{} {}{unit} {usage}{count}", route.label(), amount.normalize()));
        }
        words.join("\n")
    }
}

/// Reads a form.
pub(super) fn read(masters: &Snapshot, kind: MasterKind, form: &InhouseForm) -> Fallible<Said> {
    let own_name = kana::parse_optional(&form.own_name, LONGEST_NAME).at("own_name")?.unwrap_or_default();
    let own_reading = reading(&form.own_reading).at("own_reading")?;
    if form.hidden && (form.adopted || form.favourite) {
        let message = "採用または「よく使う」の項目は非表示にできません。".into();
        return Err(AppError::field("hidden", Flaw::Rule { message }).into());
    }
    Ok(Said {
        own_name,
        own_reading,
        adopted: form.adopted,
        favourite: form.favourite,
        hidden: form.hidden,
        usual: usual(masters, kind, form)?,
    })
}

/// A reading as it is kept: kana, or nothing.
pub(super) fn reading(text: &str) -> Result<String, Flaw> {
    match kana::parse_kana(text, LONGEST_READING) {
        Err(Flaw::Missing) => Ok(String::new()),
        read => read,
    }
}

/// The usual dose: amount and route belong together, usage and count may be left to the day.
fn usual(masters: &Snapshot, kind: MasterKind, form: &InhouseForm) -> Fallible<Option<UsualDose>> {
    let [amount, route, usage, count] = [&form.amount, &form.route, &form.usage, &form.count].map(|text| text.trim());
    if [amount, route, usage, count].iter().all(|text| text.is_empty()) {
        return Ok(None);
    }
    if kind != MasterKind::Drug {
        let message = "既定の用法・用量は医薬品にだけ設定できます。".into();
        return Err(AppError::field("amount", Flaw::Rule { message }).into());
    }
    let amount = typed::amount(amount).at("amount")?;
    let missing = if route.is_empty() { Flaw::Missing } else { Flaw::NotAChoice };
    let route = Route::parse(route).ok_or(missing).at("route")?;
    if !usage.is_empty() && masters.usage(usage).is_none_or(|listed| listed.route != route) {
        return Err(AppError::field("usage", Flaw::NotAChoice).into());
    }
    let count = if count.is_empty() { 0 } else { typed::whole(count, typed::most_count(route)).at("count")? };
    Ok(Some(UsualDose { amount, route, usage: usage.to_owned(), count }))
}
