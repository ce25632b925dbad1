//! Records → receipts: which record may stand where, and which lines are one unit (算定単位).

use super::{
    burden::{Burden, Payer},
    cell,
    error::UkeError,
    layout::RecordKind,
    receipt::*,
    record::Record,
};

/// The receipts of a file that begins with IR and ends with GO.
pub(super) fn receipts(file: &str, records: &[Record]) -> Result<Vec<Receipt>, UkeError> {
    let last = records.last().map_or(0, Record::line);
    let order = |record: &Record, expected| {
        Err(UkeError::Order { file: file.into(), line: record.line(), record: record.kind().as_str(), expected })
    };
    let mut found: Vec<Open> = Vec::new();
    for (index, record) in records.iter().enumerate() {
        let end = index + 1 == records.len();
        match (record.kind(), found.last_mut()) {
            (RecordKind::Ir, _) if index == 0 => {}
            (RecordKind::Ir, _) => return order(record, "IRは先頭に1つです"),
            (_, _) if index == 0 => return order(record, "先頭はIRです"),
            (RecordKind::Go, _) if end => {}
            (RecordKind::Go, _) => return order(record, "GOは最後に1つです"),
            (RecordKind::Re, above) => {
                if let Some(above) = above
                    && above.receipt.coverages.is_empty()
                {
                    return order(record, "前のレセプトにHOもKOもありません");
                }
                found.push(Open::new(file, record)?);
            }
            (_, None) => return order(record, "レセプトはREで始まります"),
            (_, Some(open)) => open.take(file, record)?,
        }
    }
    if records.last().map(Record::kind) != Some(RecordKind::Go) {
        return Err(UkeError::Truncated { file: file.into(), line: last, expected: "GOレコード" });
    }
    if found.last().is_some_and(|open| open.receipt.coverages.is_empty()) {
        return Err(UkeError::Truncated { file: file.into(), line: last, expected: "最後のレセプトのHOまたはKO" });
    }
    Ok(found.into_iter().map(Open::close).collect())
}

/// A receipt in the making.
struct Open {
    receipt: Receipt,
    /// The last 診療識別 that was given.
    section: String,
    /// Lines that still wait for their points.
    lines: Vec<Line>,
    burden: Option<Burden>,
}

impl Open {
    fn new(file: &str, record: &Record) -> Result<Self, UkeError> {
        let month = Month::parse(record.cell(4)).ok_or_else(|| record.wrong(file, 4, "年月 YYYYMM"))?;
        let birth_date = cell::day(record.cell(7)).ok_or_else(|| record.wrong(file, 7, "年月日 YYYYMMDD"))?;
        let receipt = Receipt {
            line: record.line(),
            number: number(record, 2).unwrap_or_default(),
            kind: record.cell(3).to_owned(),
            month,
            patient: Patient {
                name: record.cell(5).to_owned(),
                kana: record.cell(37).to_owned(),
                sex: number(record, 6),
                birth_date,
                chart_number: record.cell(14).to_owned(),
            },
            coverages: Vec::new(),
            diagnoses: Vec::new(),
            units: Vec::new(),
            comments: Vec::new(),
            details: Vec::new(),
        };
        Ok(Self { receipt, section: String::new(), lines: Vec::new(), burden: None })
    }

    fn take(&mut self, file: &str, record: &Record) -> Result<(), UkeError> {
        match record.kind() {
            RecordKind::Ho | RecordKind::Ko => self.coverage(file, record)?,
            RecordKind::Sy => self.receipt.diagnoses.push(diagnosis(record)),
            RecordKind::Co => {
                self.section(record);
                let (code, text) = (record.cell(4).to_owned(), record.cell(5).to_owned());
                self.receipt.comments.push(Comment { line: record.line(), code, text });
            }
            RecordKind::Si => self.line(file, record, Item::Procedure)?,
            RecordKind::Iy => self.line(file, record, Item::Drug)?,
            RecordKind::To => self.line(file, record, Item::Material)?,
            RecordKind::Sj => self.receipt.details.push((record.cell(2).to_owned(), record.cell(3).to_owned())),
            RecordKind::Sn | RecordKind::Jd | RecordKind::Mf => {}
            RecordKind::Ir | RecordKind::Re | RecordKind::Go => {}
        }
        Ok(())
    }

    fn coverage(&mut self, file: &str, record: &Record) -> Result<(), UkeError> {
        let insurance = record.kind() == RecordKind::Ho;
        let coverages = &mut self.receipt.coverages;
        let subsidies = coverages.iter().filter(|coverage| coverage.payer != Payer::Insurance).count();
        let expected = match (insurance, coverages.len(), subsidies) {
            (true, 0, _) | (false, _, 0..=3) => None,
            (true, ..) => Some("HOはKOより前に1つです"),
            (false, ..) => Some("KOは4つまでです"),
        };
        if let Some(expected) = expected {
            return Err(UkeError::Order { file: file.into(), line: record.line(), record: record.kind().as_str(), expected });
        }
        let text = |field: usize| record.cell(field).to_owned();
        coverages.push(Coverage {
            line: record.line(),
            payer: if insurance { Payer::Insurance } else { Payer::Subsidy(subsidies as u8 + 1) },
            number: record.cell(2).trim().to_owned(),
            symbol_and_number: if insurance { (text(3), text(4)) } else { (String::new(), text(3)) },
            days: number(record, 5),
            points: number(record, 6),
            yen: number(record, if insurance { 12 } else { 7 }),
        });
        Ok(())
    }

    /// A 診療識別 of its own begins a new unit; what waits is closed without points.
    fn section(&mut self, record: &Record) {
        let given = record.cell(2);
        if !given.is_empty() {
            self.close_unit();
            self.section = given.to_owned();
        }
    }

    fn line(&mut self, file: &str, record: &Record, item: Item) -> Result<(), UkeError> {
        self.section(record);
        let (first, from) = match item {
            Item::Material => (18, 12),
            Item::Procedure | Item::Drug => (14, 8),
        };
        let mut days = Vec::new();
        for nth in 0..31 {
            let field = first + nth as usize;
            let times: u32 = number(record, field).unwrap_or_default();
            if times > 0 {
                let day = self.receipt.month.day(nth + 1);
                days.push((day.ok_or_else(|| record.wrong(file, field, "その月にある日"))?, times));
            }
        }
        let remarks = (0..3).map(|nth| from + 2 * nth).filter(|field| !record.cell(*field).is_empty());
        let line = Line {
            line: record.line(),
            item,
            code: record.cell(4).to_owned(),
            quantity: cell::decimal(record.cell(5)),
            points: cell::points(record.cell(6)),
            count: number(record, 7).unwrap_or(1),
            price: if item == Item::Material { cell::decimal(record.cell(9)) } else { None },
            days,
            remarks: remarks.map(|field| (record.cell(field).to_owned(), record.cell(field + 1).to_owned())).collect(),
        };
        let closes = line.points.is_some();
        self.burden = Burden::parse(record.cell(3));
        self.lines.push(line);
        if closes {
            self.close_unit();
        }
        Ok(())
    }

    fn close_unit(&mut self) {
        let lines = std::mem::take(&mut self.lines);
        if let (Some(last), Some(burden)) = (lines.last(), self.burden) {
            let (points, count) = (last.points, last.count);
            self.receipt.units.push(Unit { section: self.section.clone(), burden, points, count, lines });
        }
    }

    fn close(mut self) -> Receipt {
        self.close_unit();
        self.receipt
    }
}

fn diagnosis(record: &Record) -> Diagnosis {
    let digits: Vec<char> = record.cell(5).chars().collect();
    Diagnosis {
        line: record.line(),
        code: record.cell(2).to_owned(),
        modifiers: digits.chunks(4).map(|code| code.iter().collect()).collect(),
        text: record.cell(6).to_owned(),
        started: cell::day(record.cell(3)),
        outcome: record.cell(4).to_owned(),
        main: record.cell(7) == "01",
    }
}

/// The number of a cell of digits; nothing where it is omitted. The layout has been checked before.
fn number<T: std::str::FromStr>(record: &Record, field: usize) -> Option<T> {
    record.cell(field).parse().ok()
}
