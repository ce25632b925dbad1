//! Local subsidies (地方単独公費) of the 47 prefectures: read from the spreadsheets of 保険番号マスタ, kept as our own table.
//!
//! The spreadsheets carry no dates: what they say is offered to a person, who sees it and may change it, and never applied
//! by itself.

mod read;

use crate::{
    MasterError,
    starter::tsv::{self, Cells, In, Out},
};
use model::{
    local_subsidy::{Left, LocalSubsidy, Terms},
    money::Yen,
};
use std::{path::Path, sync::OnceLock};

pub use read::{prefecture, schemes};

/// Name of our table among the starter tables.
pub const TABLE: &str = "local_subsidies.tsv";

/// The schemes that the program carries, by prefecture and number.
pub fn all() -> &'static [LocalSubsidy] {
    static ALL: OnceLock<Vec<LocalSubsidy>> = OnceLock::new();
    ALL.get_or_init(|| {
        tsv::read(TABLE, include_str!("../../starter/local_subsidies.tsv")).expect("the table is checked by a test of this crate")
    })
}

/// The schemes a payer number (公費負担者番号, eight digits) can stand for: those of its prefecture (third and fourth digit) with
/// its law number. Fewer digits give none.
pub fn of_payer(payer: &str) -> Vec<&'static LocalSubsidy> {
    let (Some(law), Some(Ok(prefecture))) = (payer.get(..2), payer.get(2..4).map(str::parse::<u8>)) else { return Vec::new() };
    all().iter().filter(|scheme| scheme.prefecture == prefecture && scheme.law == law).collect()
}

/// Makes our table from the folder of spreadsheets.
///
/// # Errors
/// What [`schemes`] refuses, with the file's name.
pub fn make(folder: &Path) -> Result<String, MasterError> {
    let mut rows = Vec::new();
    let io = |cause: std::io::Error| MasterError::Io { file: folder.display().to_string(), cause: cause.to_string() };
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let path = entry.map_err(io)?.path();
        if path.extension().is_some_and(|end| end == "xlsx") {
            rows.extend(schemes(&path)?);
        }
    }
    rows.sort_by(|a, b| (a.prefecture, &a.number, &a.name).cmp(&(b.prefecture, &b.number, &b.name)));
    rows.dedup();
    Ok(tsv::write(&rows))
}

impl Cells for LocalSubsidy {
    const HEADER: &'static str = "prefecture\tnumber\tlaw\tname\tage_from\tage_to\tterms\tshare\tfixed\tper_time\tper_day\ttimes_a_day\tmonth_in_house\tmonth_pharmacy\ttimes_a_month";

    fn write(&self, out: &mut Out) {
        out.number(self.prefecture).text(&self.number).text(&self.law).text(&self.name);
        out.number(self.ages.0).number(self.ages.1);
        let (terms, left) = match self.terms {
            Terms::Unused => (0_u8, Left::default()),
            Terms::Leaves(left) => (1, left),
            Terms::Nothing => (2, Left::default()),
            Terms::Reimbursed => (3, Left::default()),
        };
        let yen = |amount: Option<Yen>| u64::try_from(amount.map_or(0, |yen| yen.0)).unwrap_or_default();
        out.number(terms).number(left.share.unwrap_or_default()).number(yen(left.fixed)).number(yen(left.per_time));
        out.number(yen(left.per_day)).number(left.times_a_day.unwrap_or_default()).number(yen(left.month_in_house));
        out.number(yen(left.month_pharmacy)).number(left.times_a_month.unwrap_or_default());
    }

    fn read(cells: &mut In<'_>) -> Result<Self, MasterError> {
        let (prefecture, number, law, name) = (cells.number()?, cells.text(), cells.text(), cells.text());
        let ages = (cells.number()?, cells.number()?);
        let terms: u8 = cells.number()?;
        let known = matches!(terms, 0..=3);
        if !known {
            return Err(cells.wrong("0から3"));
        }
        let left = Left {
            share: some(cells.number()?),
            fixed: some(cells.number()?).map(Yen),
            per_time: some(cells.number()?).map(Yen),
            per_day: some(cells.number()?).map(Yen),
            times_a_day: some(cells.number()?),
            month_in_house: some(cells.number()?).map(Yen),
            month_pharmacy: some(cells.number()?).map(Yen),
            times_a_month: some(cells.number()?),
        };
        let terms = match terms {
            0 => Terms::Unused,
            1 => Terms::Leaves(left),
            2 => Terms::Nothing,
            _ => Terms::Reimbursed,
        };
        Ok(Self { prefecture, number, law, name, ages, terms })
    }
}

/// Zero is written where there is no limit.
fn some<N: Default + PartialEq>(number: N) -> Option<N> {
    (number != N::default()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_carried_table_reads_and_covers_every_prefecture() {
        for prefecture in 1..=47 {
            assert!(all().iter().any(|scheme| scheme.prefecture == prefecture), "{prefecture}");
        }
        assert_eq!(tsv::write(all()), include_str!("../../starter/local_subsidies.tsv"));
    }

    #[test]
    fn a_payer_number_finds_the_schemes_of_its_prefecture_and_law() {
        // 法別 88, Tokyo (13): 義務教育就学児 leaves at most 200 yen a day (保険番号マスタ 東京都, 588).
        let found = of_payer("88131234");
        assert!(found.iter().all(|scheme| scheme.law == "88" && scheme.prefecture == 13));
        let school = found.iter().find(|scheme| scheme.number == "588").expect("the scheme for school children");
        assert_eq!(school.words(), "1日 上限200円");
        assert!(school.covers_age(6) && !school.covers_age(16));
        assert!(of_payer("88").is_empty() && of_payer("").is_empty() && of_payer("漢字").is_empty());
    }
}
