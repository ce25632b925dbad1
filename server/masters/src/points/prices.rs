//! General names (一般名処方) and listed prices (薬価), by code or name and day.

use super::code::Term;
use crate::official::{
    general_name::{ExceptionRow, NameRow},
    price_list::ListRow,
    price_standard::StandardRow,
};
use chrono::NaiveDate;
use model::kana::fold_width;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// Which general-name add-on (一般名処方加算) a name counts for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AddOnClass {
    /// Neither.
    None,
    /// 加算1 only.
    One,
    /// 加算2 only.
    Two,
    /// 加算1 and 加算2.
    Both,
}

/// A general name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneralName {
    /// 一般名コード, twelve characters.
    pub code: Box<str>,
    /// 一般名処方の標準的な記載, as it stands on the prescription.
    pub name: Box<str>,
    /// 成分名.
    pub ingredient: Box<str>,
    /// 規格.
    pub strength: Box<str>,
    /// 一般名処方加算対象.
    pub add_on: AddOnClass,
    /// Whether its products are told by a list and not by their codes (例外コード).
    pub exception: bool,
    /// 同一剤形・規格内の最低薬価, in yen.
    pub lowest_price: Option<Decimal>,
    /// 備考.
    pub remark: Box<str>,
    /// When in force.
    pub term: Term,
}

/// A product on the price list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPrice {
    /// 薬価基準収載医薬品コード, twelve characters.
    pub code: Box<str>,
    /// 品名.
    pub name: Box<str>,
    /// 規格.
    pub strength: Box<str>,
    /// 薬価 in yen.
    pub price: Decimal,
    /// A generic that counts for add-ons (診療報酬において加算等の算定対象となる後発医薬品).
    pub generic: bool,
    /// 先発品 or 準先発品.
    pub original: bool,
    /// An original of which there are generics.
    pub has_generic: bool,
    /// The last day it may be used (経過措置による使用期限).
    pub usable_until: Option<NaiveDate>,
    /// When the price holds.
    pub term: Term,
}

/// A product of the drug price standard (告示).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandardPrice {
    /// 内用薬, 注射薬, 外用薬 or 歯科用.
    pub part: Box<str>,
    /// 品名.
    pub name: Box<str>,
    /// 規格単位.
    pub spec: Box<str>,
    /// 薬価 in yen.
    pub price: Decimal,
    /// When it holds.
    pub term: Term,
}

/// General names and prices.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Prices {
    names: Vec<GeneralName>,
    /// Products of exceptional general names: product, general code.
    exceptions: Vec<(Box<str>, Box<str>, Term)>,
    listed: Vec<ListPrice>,
    standard: Vec<StandardPrice>,
    /// Rows of `standard` by folded name and specification.
    by_name: HashMap<Box<str>, Vec<u32>>,
}

impl Prices {
    /// The general name of a code on a day.
    pub fn general_name(&self, code: &str, on: NaiveDate) -> Option<&GeneralName> {
        newest(&self.names, |row| (&row.code, row.term), code, on)
    }

    /// The general name a product may be prescribed by: that of the list of exceptions, else the one whose first nine
    /// characters are the product's (成分・剤形・規格).
    pub fn general_name_of(&self, product: &str, on: NaiveDate) -> Option<&GeneralName> {
        if let Some((_, code, _)) = newest(&self.exceptions, |row| (&row.0, row.2), product, on) {
            return self.general_name(code, on);
        }
        let stem = product.get(..9).filter(|_| product.len() == 12)?;
        self.general_name(&format!("{stem}ZZZ"), on)
    }

    /// Products of an exceptional general name on a day.
    pub fn exceptions(&self, code: &str, on: NaiveDate) -> impl Iterator<Item = &str> {
        self.exceptions.iter().filter(move |(_, of, term)| **of == *code && term.covers(on)).map(|(product, _, _)| &**product)
    }

    /// The listed price of a product (薬価基準収載医薬品コード) on a day.
    pub fn list_price(&self, product: &str, on: NaiveDate) -> Option<&ListPrice> {
        newest(&self.listed, |row| (&row.code, row.term), product, on)
    }

    /// The products of the standard with a name and specification on a day, both compared after NFKC and without spaces.
    pub fn standard(&self, name: &str, spec: &str, on: NaiveDate) -> impl Iterator<Item = &StandardPrice> {
        let rows = self.by_name.get(folded(name, spec).as_str()).map(Vec::as_slice).unwrap_or_default();
        rows.iter().map(|row| &self.standard[*row as usize]).filter(move |row| row.term.covers(on))
    }

    /// All general names, by code.
    pub fn general_names(&self) -> &[GeneralName] {
        &self.names
    }

    /// All listed products, by code.
    pub fn listed(&self) -> &[ListPrice] {
        &self.listed
    }

    /// All products of the standard.
    pub fn standards(&self) -> &[StandardPrice] {
        &self.standard
    }

    pub(crate) fn push_name(&mut self, row: NameRow, term: Term) {
        self.names.push(GeneralName {
            code: row.code.into(),
            name: row.name.into(),
            ingredient: row.ingredient.into(),
            strength: row.strength.into(),
            add_on: row.add_on,
            exception: row.exception,
            lowest_price: row.lowest_price,
            remark: row.remark.into(),
            term,
        });
    }

    pub(crate) fn push_exception(&mut self, row: ExceptionRow, term: Term) {
        self.exceptions.push((row.product.into(), row.code.into(), term));
    }

    pub(crate) fn push_listed(&mut self, row: ListRow, term: Term) {
        self.listed.push(ListPrice {
            code: row.code.into(),
            name: row.name.into(),
            strength: row.strength.into(),
            price: row.price,
            generic: row.generic,
            original: row.original,
            has_generic: row.has_generic,
            usable_until: row.usable_until,
            term,
        });
    }

    pub(crate) fn push_standard(&mut self, row: StandardRow, term: Term) {
        let StandardRow { part, name, spec, price, .. } = row;
        self.standard.push(StandardPrice { part: part.into(), name: name.into(), spec: spec.into(), price, term });
    }

    pub(crate) fn settle(&mut self) {
        self.names.sort_by(|a, b| (&a.code, a.term.from, &a.name).cmp(&(&b.code, b.term.from, &b.name)));
        self.exceptions.sort_by(|a, b| (&a.0, a.2.from, &a.1).cmp(&(&b.0, b.2.from, &b.1)));
        self.listed.sort_by(|a, b| (&a.code, a.term.from, &a.name).cmp(&(&b.code, b.term.from, &b.name)));
        self.standard.sort_by(|a, b| {
            (&a.part, &a.name, &a.spec, a.term.from, a.price).cmp(&(&b.part, &b.name, &b.spec, b.term.from, b.price))
        });
        self.by_name.clear();
        for (index, row) in (0u32..).zip(&self.standard) {
            self.by_name.entry(folded(&row.name, &row.spec).into()).or_default().push(index);
        }
    }
}

/// Name and specification as they are compared.
fn folded(name: &str, spec: &str) -> String {
    let without_spaces = |text: &str| fold_width(text).chars().filter(|c| !c.is_whitespace()).collect::<String>();
    format!("{}\t{}", without_spaces(name), without_spaces(spec))
}

/// The last of the rows of a code that holds on a day, in rows sorted by code and first day.
fn newest<'t, T>(rows: &'t [T], of: impl Fn(&T) -> (&str, Term), code: &str, on: NaiveDate) -> Option<&'t T> {
    let start = rows.partition_point(|row| of(row).0 < code);
    let length = rows[start..].partition_point(|row| of(row).0 == code);
    rows[start..start + length].iter().rev().find(|row| of(row).1.covers(on))
}
