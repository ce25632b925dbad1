//! Days as spreadsheets and file names write them: `R7.8.14`, `令和7年8月14日`, `20250814`, `250814`.

use super::text::day;
use chrono::NaiveDate;
use model::kana::fold_width;

/// Days written in the Japanese calendar inside a text (`R8.3.31まで`, `令和7年8月14日適用`), in the order they stand. Only
/// 令和 (R) is read: the tables that write days so began in it.
pub fn days(text: &str) -> Vec<NaiveDate> {
    let text = fold_width(text).replace("令和", "R").replace("元年", "1年").replace(['年', '月'], ".");
    text.split('R').skip(1).filter_map(reiwa).collect()
}

/// `7.8.14…`: year, month and day of 令和.
fn reiwa(text: &str) -> Option<NaiveDate> {
    let mut parts = text.split('.').map(|part| part.trim().chars().take_while(char::is_ascii_digit).collect::<String>());
    let mut next = |most: usize| parts.next().filter(|digits| digits.len() <= most).and_then(|digits| digits.parse::<u32>().ok());
    let (year, month, day) = (next(2)?, next(2)?, next(2)?);
    // 令和1年 is 2019, and began on 2019-05-01.
    let found = NaiveDate::from_ymd_opt(2018 + i32::try_from(year).ok()?, month, day)?;
    (found >= NaiveDate::from_ymd_opt(2019, 5, 1)?).then_some(found)
}

/// The day in a file's name: eight digits in a row, else six (`ippanmeishohoumaster_250814`).
pub fn of_name(name: &str) -> Option<NaiveDate> {
    let runs: Vec<&str> = name.split(|c: char| !c.is_ascii_digit()).collect();
    let eight = runs.iter().filter(|run| run.len() == 8).find_map(|run| day(run));
    eight.or_else(|| runs.iter().filter(|run| run.len() == 6).find_map(|run| day(&format!("20{run}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ymd(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).expect("a day")
    }

    #[test]
    fn days_of_the_japanese_calendar() {
        assert_eq!(days("R8.3.31まで"), [ymd(2026, 3, 31)]);
        assert_eq!(days("R7.8.1新薬価適用R7.3.19収載"), [ymd(2025, 8, 1), ymd(2025, 3, 19)]);
        assert_eq!(days("令和７年８月14日適用"), [ymd(2025, 8, 14)]);
        assert_eq!(days("令和元年10月1日"), [ymd(2019, 10, 1)]);
        assert_eq!(days("先発品はフェントステープ６ｍｇ"), []);
        assert_eq!(days("R.R99.99.99 R1.1.1"), []);
    }

    #[test]
    fn days_of_file_names() {
        assert_eq!(of_name("tp20250814-01_01.xlsx"), Some(ymd(2025, 8, 14)));
        assert_eq!(of_name("ippanmeishohoumaster_250814.xlsx"), Some(ymd(2025, 8, 14)));
        assert_eq!(of_name("01補助マスターテーブル.csv"), None);
    }
}
