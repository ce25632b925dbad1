//! What is recorded with a comment code (コメントコード): the words a person typed become the characters of the claim and
//! the sentence that is printed.
//!
//! Source: 支払基金 「レセプト電算処理システム マスターファイル仕様説明書」 別紙6-1 コメントパターンの種類と記録方法, whose
//! examples are the tests here. Everything recorded is full width (全角).

use crate::{Flaw, date, kana, master::*};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// A comment as recorded beside an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedComment {
    /// Comment code.
    pub code: crate::codes::CommentCode,
    /// The characters beside the code in the claim (文字データ), full width; empty where nothing is recorded.
    pub value: String,
    /// The whole sentence as printed.
    pub text: String,
}

/// Asks a master for the name of a code.
pub type NameOf<'n> = &'n dyn Fn(MasterKind, &str) -> Option<String>;

/// The most characters of a free text.
const MOST: usize = 200;

impl Comment {
    /// What has to be typed, in Japanese with an example; empty where nothing is.
    pub fn asks_for(&self) -> &'static str {
        match self.pattern {
            10 | 30 => "文字",
            31 => "診療行為コード9桁",
            40 if self.is_day() => "年月日（例: R8.7.10）",
            40 => "数字",
            42 => "数値",
            50 => "年月日（例: R8.7.10）",
            51 => "時刻（例: 5:45）",
            52 => "分",
            53 => "日 時刻（例: 1 11:11）",
            80 => "年月日 値（例: R4.11.1 10.5）",
            90 => "修飾語コード4桁（例: 2056 1066）",
            _ => "",
        }
    }

    /// Reads what was typed by the pattern of the comment.
    pub fn record(&self, typed: &str, name: NameOf<'_>) -> Result<RecordedComment, Flaw> {
        let half = kana::fold_width(typed.trim());
        let (value, said) = match self.pattern {
            20 if half.is_empty() => (String::new(), String::new()),
            20 => return Err(Flaw::Rule { message: "このコメントに入力する内容はありません。".into() }),
            10 | 30 => {
                let text = kana::parse_line(typed, MOST)?;
                (text.clone(), text)
            }
            31 => {
                let code = digits(&half, 9)?;
                let unknown =
                    || Flaw::Rule { message: format!("診療行為コード {code} はマスターにありません。") };
                let name = name(MasterKind::Procedure, &code).ok_or_else(unknown)?;
                (code, name)
            }
            40 => return self.filled(&half),
            42 => {
                let number: Decimal = half.parse().map_err(|_| Flaw::NotDigits)?;
                (number.to_string(), number.to_string())
            }
            50 => day(&half)?,
            51 => time(&half)?,
            52 => {
                let minutes: u32 = half.trim_end_matches('分').parse().map_err(|_| Flaw::NotDigits)?;
                if minutes > 99_999 {
                    return Err(Flaw::OutOfRange { min: "0".into(), max: "99999".into() });
                }
                (format!("{minutes:05}"), format!("{minutes}分"))
            }
            53 => {
                let (day, rest) = half.split_once([' ', '日']).ok_or(Flaw::Rule {
                    message: "日と時刻を「1 11:11」のように入力してください。".into(),
                })?;
                let day: u8 = day.trim().parse().map_err(|_| Flaw::NotDigits)?;
                if !(1..=31).contains(&day) {
                    return Err(Flaw::OutOfRange { min: "1".into(), max: "31".into() });
                }
                let (value, said) = time(rest)?;
                (format!("{day:02}{value}"), format!("{day}日{said}"))
            }
            80 => {
                let (first, second) = half
                    .rsplit_once(' ')
                    .ok_or(Flaw::Rule { message: "年月日と値を空白で区切って入力してください。".into() })?;
                let (on, said) = day(first)?;
                let number: Decimal = second.parse().map_err(|_| Flaw::NotDigits)?;
                let padded = format!("{:0>8}", number.to_string());
                if number.is_sign_negative() || padded.len() > 8 {
                    return Err(Flaw::OutOfRange { min: "0".into(), max: "99999999".into() });
                }
                (format!("{on}{padded}"), format!("{said} 検査値：{number}"))
            }
            90 => {
                let run: String = half.split_whitespace().collect();
                if run.is_empty() || !run.len().is_multiple_of(4) || !run.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(Flaw::Digits { expected: "4桁ずつの修飾語コード".into() });
                }
                let mut names = String::new();
                for code in (0..run.len()).step_by(4).map(|at| &run[at..at + 4]) {
                    let unknown =
                        || Flaw::Rule { message: format!("修飾語コード {code} はマスターにありません。") };
                    names.push_str(&name(MasterKind::Modifier, code).ok_or_else(unknown)?);
                }
                // The words of the codes are the whole sentence (右足).
                return Ok(RecordedComment { code: self.code.clone(), value: wide(&run), text: names });
            }
            other => {
                return Err(Flaw::Rule { message: format!("コメントパターン{other}には対応していません。") });
            }
        };
        let text = match (self.pattern, said.is_empty()) {
            (10, _) => said,
            (_, true) => self.text.clone(),
            // Some texts of the master end in the mark already (撮影部位（単純撮影）足＿；).
            _ if self.text.ends_with('；') => format!("{}{said}", self.text),
            _ => format!("{}；{said}", self.text),
        };
        Ok(RecordedComment { code: self.code.clone(), value: wide(&value), text })
    }

    /// Whether the gaps are year, month and day.
    fn is_day(&self) -> bool {
        self.slots.len() == 3 && ["年", "月", "日"].iter().all(|word| self.text.contains(word))
    }

    /// Digits put into the gaps of the text (pattern 40): one number a gap, apart or as one run; a day in any spelling, of
    /// the era the text names.
    fn filled(&self, half: &str) -> Result<RecordedComment, Flaw> {
        let plain = half.chars().all(|c| c.is_ascii_digit() || c == ' ');
        if self.is_day() && !plain {
            let day = date::parse(half)?;
            let code = date::claim_code(day).ok_or(Flaw::NotADate)?;
            let era = date::era_year(day);
            let named = ["昭和", "平成", "令和"].into_iter().find(|name| self.text.contains(name));
            if let Some(named) = named.filter(|named| !era.starts_with(named)) {
                let message = format!("このコメントは{named}の日付です（入力された日は{era}）。");
                return Err(Flaw::Rule { message });
            }
            return self.filled(&format!("{} {} {}", &code[1..3], &code[3..5], &code[5..7]));
        }
        let total: usize = self.slots.iter().map(|(_, width)| usize::from(*width)).sum();
        let wrong = || Flaw::Digits { expected: format!("{}か所、合わせて{total}", self.slots.len()) };
        let parts: Vec<&str> = half.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
        let mut run = String::new();
        if parts.len() == self.slots.len() {
            for (part, (_, width)) in parts.iter().zip(&self.slots) {
                let width = usize::from(*width);
                if part.len() > width {
                    return Err(wrong());
                }
                run.push_str(&format!("{part:0>width$}"));
            }
        } else if parts.len() == 1 && parts[0].len() == total {
            run.push_str(parts[0]);
        } else {
            return Err(wrong());
        }
        let mut letters: Vec<char> = self.text.chars().collect();
        let mut rest = run.as_str();
        for (position, width) in &self.slots {
            let (number, behind) = rest.split_at(usize::from(*width));
            rest = behind;
            // Leading zeros are printed as blanks (外泊　６日).
            let shown = format!("{: >1$}", number.trim_start_matches('0'), usize::from(*width));
            for (offset, digit) in shown.chars().enumerate() {
                let at = (usize::from(*position) + offset).checked_sub(1).and_then(|at| letters.get_mut(at));
                *at.ok_or_else(wrong)? = wide_char(digit);
            }
        }
        Ok(RecordedComment { code: self.code.clone(), value: wide(&run), text: letters.into_iter().collect() })
    }
}

/// So many digits.
fn digits(text: &str, length: usize) -> Result<String, Flaw> {
    let run: String = text.split_whitespace().collect();
    if run.len() == length && run.bytes().all(|b| b.is_ascii_digit()) {
        Ok(run)
    } else {
        Err(Flaw::Digits { expected: length.to_string() })
    }
}

/// `GYYMMDD` and words.
fn day(text: &str) -> Result<(String, String), Flaw> {
    let day = date::parse(text)?;
    Ok((date::claim_code(day).ok_or(Flaw::NotADate)?, date::wareki(day)))
}

/// `HHMM` and words.
fn time(text: &str) -> Result<(String, String), Flaw> {
    let wrong = || Flaw::Rule { message: "時刻を「5:45」のように入力してください。".into() };
    let text = text.trim().trim_end_matches('分');
    let (hour, minute) = match text.split_once([':', '時']) {
        Some(parts) => parts,
        None if text.len() == 4 && text.is_ascii() => text.split_at(2),
        None => return Err(wrong()),
    };
    let (hour, minute): (u8, u8) = (hour.trim().parse().map_err(|_| wrong())?, minute.trim().parse().map_err(|_| wrong())?);
    if hour > 23 || minute > 59 {
        return Err(wrong());
    }
    Ok((format!("{hour:02}{minute:02}"), format!("{hour}時{minute}分")))
}

fn wide(text: &str) -> String {
    text.chars().map(wide_char).collect()
}

/// A letter in full width.
fn wide_char(letter: char) -> char {
    match letter {
        ' ' => '\u{3000}',
        '!'..='~' => char::from_u32(u32::from(letter) + 0xfee0).unwrap_or(letter),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::CommentCode;
    use chrono::NaiveDate;

    fn comment(code: &str, text: &str, slots: &[(u8, u8)]) -> Comment {
        let from = NaiveDate::from_ymd_opt(2024, 6, 1).expect("a day");
        Comment {
            code: CommentCode(code.into()),
            text: text.into(),
            pattern: code[1..3].parse().expect("a pattern"),
            slots: slots.to_vec(),
            validity: Validity { from, to: None, edition: String::new() },
        }
    }

    fn record(code: &str, text: &str, slots: &[(u8, u8)], typed: &str) -> Result<(String, String), Flaw> {
        let name = |kind, code: &str| match (kind, code) {
            (MasterKind::Procedure, "140005610") => Some("酸素吸入".to_owned()),
            (MasterKind::Modifier, "2056") => Some("右".to_owned()),
            (MasterKind::Modifier, "1066") => Some("足".to_owned()),
            _ => None,
        };
        comment(code, text, slots).record(typed, &name).map(|r| (r.value, r.text))
    }

    fn told(value: &str, text: &str) -> Result<(String, String), Flaw> {
        Ok((value.into(), text.into()))
    }

    /// The examples of 別紙6-1, one a pattern.
    #[test]
    fn the_examples_of_the_specification() {
        assert_eq!(record("820000002", "自費から", &[], ""), told("", "自費から"));
        assert_eq!(record("830181540", "撮影部位（単純撮影）足＿；", &[], "右"), told("右", "撮影部位（単純撮影）足＿；右"));
        let acts = "入院後３日以内に実施した主要な診療行為（救急医療管理加算２）";
        assert_eq!(record("831110002", acts, &[], "140005610"), told("１４０００５６１０", &format!("{acts}；酸素吸入")));
        assert_eq!(record("840000015", "外泊　　日", &[(3, 2)], "6"), told("０６", "外泊　６日"));
        let count = "通算実施回数（持続緩徐式血液濾過）";
        assert_eq!(record("842100057", count, &[], "3"), told("３", &format!("{count}；3")));
        let start = "算定開始年月日（呼吸心拍監視等）";
        assert_eq!(record("850100186", start, &[], "R2.9.11"), told("５０２０９１１", &format!("{start}；令和2年9月11日")));
        assert_eq!(record("851100001", "患者死亡時刻", &[], "5:45"), told("０５４５", "患者死亡時刻；5時45分"));
        assert_eq!(record("852100004", "診療に要した時間", &[], "75"), told("０００７５", "診療に要した時間；75分"));
        assert_eq!(
            record("853100019", "摂食機能療法開始日時", &[], "1 11:11"),
            told("０１１１１１", "摂食機能療法開始日時；1日11時11分")
        );
        let ferritin = "検査実施年月日及び検査結果（フェリチン）";
        let printed = format!("{ferritin}；令和4年11月1日 検査値：10.5");
        assert_eq!(record("880100013", ferritin, &[], "令和4年11月1日 10.5"), told("５０４１１０１００００１０．５", &printed));
        assert_eq!(record("890000001", "", &[], "2056 1066"), told("２０５６１０６６", "右足"));
    }

    #[test]
    fn a_day_goes_into_the_gaps_of_its_era() {
        let text = "\u{3000}令和\u{3000}\u{3000}年\u{3000}\u{3000}月\u{3000}\u{3000}日";
        let slots = [(4, 2), (7, 2), (10, 2)];
        let whole = told("０８１１２０", "\u{3000}令和\u{3000}８年１１月２０日");
        assert_eq!(record("840000560", text, &slots, "2026/11/20"), whole);
        assert_eq!(record("840000560", text, &slots, "R8.11.20"), whole);
        assert_eq!(record("840000560", text, &slots, "8 11 20"), whole);
        assert!(record("840000060", &text.replace("令和", "平成"), &slots, "R8.11.20").is_err());
    }

    #[test]
    fn what_cannot_be_recorded_is_refused() {
        assert!(record("820000002", "自費から", &[], "x").is_err());
        assert!(record("810000001", "", &[], " ").is_err());
        assert!(record("840000015", "外泊　　日", &[(3, 2)], "123").is_err());
        assert!(record("851100001", "時刻", &[], "24:00").is_err());
        assert!(record("853100019", "日時", &[], "32 1:00").is_err());
        assert!(record("850100186", "日", &[], "2023-02-30").is_err());
        assert!(record("890000001", "", &[], "9999").is_err());
        assert!(record("831110002", "行為", &[], "1").is_err());
        // A gap that the text does not have.
        assert!(record("840000015", "外", &[(3, 2)], "6").is_err());
    }
}
