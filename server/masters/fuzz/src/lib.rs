//! What each fuzz target does with its bytes. A target must neither panic nor take memory without bound; where more can be
//! said of the outcome, it is asserted here. Each says whether the bytes were taken, so that the made-up inputs can be seen to
//! be nearly right.

pub mod seeds;

use masters::{
    ledger,
    official::{
        further::{self, FurtherFile},
        jlac_list, sheet,
        text::{Line, SourceFile},
    },
    points::{Further, FurtherBuilder},
    starter::tsv,
};
use model::{edition::FileKind, master::*, orders::Usage};
use std::io::{Cursor, Write};

/// Splits the parts of an input that stands for several files (ASCII record separator).
pub const BETWEEN: u8 = 0x1e;

/// Full files of the six basic masters, as handed in.
pub fn basic(data: &[u8]) -> bool {
    let Ok(files) = ledger::read("s_ALL20240601.csv", data) else { return false };
    let Ok(tables) = ledger::tables(&files) else { return false };
    !tables.rows.is_empty()
}

/// A full file and difference files over it, in two orders: the same tables.
pub fn difference(data: &[u8]) -> bool {
    let mut files = Vec::new();
    for (index, part) in data.split(|byte| *byte == BETWEEN).take(4).enumerate() {
        if let Ok(published) = ledger::read(&format!("s_2024060{}.csv", index + 1), part) {
            files.extend(published);
        }
    }
    let forth = ledger::tables(&files);
    files.reverse();
    let back = ledger::tables(&files);
    assert_eq!(format!("{forth:?}"), format!("{back:?}"), "the order of applying does not matter");
    files.len() > 1 && forth.is_ok_and(|tables| !tables.rows.is_empty())
}

/// Tables of the electronic points table: what is read is found again.
pub fn points(data: &[u8]) -> bool {
    const NAMES: [&str; 8] = [
        "01補助マスターテーブル.csv",
        "02包括テーブル.csv",
        "03-1背反テーブル1.csv",
        "03-2背反テーブル2.csv",
        "03-3背反テーブル3.csv",
        "03-4背反テーブル4.csv",
        "04入院基本料テーブル.csv",
        "05算定回数テーブル.csv",
    ];
    let Some((first, rest)) = data.split_first() else { return false };
    let Some((file, further)) = door(NAMES[usize::from(*first) % 8], rest) else { return false };
    let table = &further.points;
    assert_eq!(table.rows(file.kind), file.rows.len());
    for row in &file.rows {
        if row.to.is_some_and(|to| to < row.from) {
            continue;
        }
        let cell = |column: usize| row.cells.get(column - 1).unwrap_or_default();
        match file.kind {
            FileKind::PointsHelper => assert!(table.helper(cell(2), row.from).is_some()),
            FileKind::PointsCount => assert!(table.counts(cell(2), row.from).count() > 0),
            FileKind::PointsBundle | FileKind::PointsInpatient => {}
            _ => assert!(table.exclusion(cell(2), cell(4), row.from).count() > 0),
        }
        let _ = table.bundles(cell(2), row.from).count() + table.bundled_in(cell(3), row.from).count();
    }
    !file.rows.is_empty()
}

/// コメント関連テーブル.
pub fn comment_relation(data: &[u8]) -> bool {
    match door("ck_ALL20240601.csv", data) {
        Some((file, further)) if file.kind == FileKind::CommentRelation => {
            assert_eq!(further.comments.len(), file.rows.len());
            true
        }
        _ => false,
    }
}

/// J-FAGY, laboratory lists, price standard and figures beside the masters.
pub fn lists(data: &[u8]) -> bool {
    let taken = door("list_20260401.csv", data).is_some();
    for source in SourceFile::parse("list.fsh", data).unwrap_or_default() {
        if let Ok(listed) = jlac_list::codes(&source) {
            let items = jlac_list::lay(&[], &listed, "x");
            jlac_list::lay(&items, &listed, "y");
        }
    }
    taken
}

/// The parts of a spreadsheet, put into an archive: workbook with two sheets, shared texts, the sheets.
pub fn xlsx(data: &[u8]) -> bool {
    let mut parts = data.split(|byte| *byte == BETWEEN);
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut put = |name: &str, text: &[u8]| {
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        archive.start_file(name, options).expect("a member");
        archive.write_all(text).expect("its text");
    };
    put("xl/workbook.xml", seeds::WORKBOOK.as_bytes());
    put("xl/_rels/workbook.xml.rels", seeds::RELATIONS.as_bytes());
    put("xl/sharedStrings.xml", parts.next().unwrap_or_default());
    put("xl/worksheets/sheet1.xml", parts.next().unwrap_or_default());
    put("xl/worksheets/sheet2.xml", parts.next().unwrap_or_default());
    let bytes = archive.finish().expect("an archive").into_inner();
    sheet::parse("tp20250814.xlsx", &bytes).unwrap_or_default().iter().filter_map(through).count() > 0
}

/// Anything at all: archive or not, spreadsheet or not, whatever its letters.
pub fn unpack(data: &[u8]) -> bool {
    let _ = SourceFile::parse("20240601.zip", data);
    let _ = sheet::is(data);
    let _ = sheet::parse("20240601.xlsx", data);
    ledger::read("20240601.zip", data).is_ok()
}

/// The tables of the starter set: what was read is written and read again as the same.
pub fn starter_tsv(data: &[u8]) -> bool {
    fn round<T: tsv::Cells>(text: &str) -> bool {
        let Ok(rows) = tsv::read::<T>("x.tsv", &format!("{}\n{text}", T::HEADER)) else { return false };
        let written = tsv::write(&rows);
        let again = tsv::read::<T>("x.tsv", &written).expect("what was written can be read");
        assert_eq!(tsv::write(&again), written);
        true
    }
    let Some((first, rest)) = data.split_first() else { return false };
    let Ok(text) = std::str::from_utf8(rest) else { return false };
    match first % 10 {
        0 => round::<Disease>(text),
        1 => round::<Modifier>(text),
        2 => round::<Procedure>(text),
        3 => round::<Drug>(text),
        4 => round::<Material>(text),
        5 => round::<Comment>(text),
        6 => round::<Allergen>(text),
        7 => round::<LabItem>(text),
        8 => round::<EditionInfo>(text),
        _ => round::<Usage>(text),
    }
}

/// Bytes through the door of the tables beside the masters.
fn door(name: &str, data: &[u8]) -> Option<(FurtherFile, Further)> {
    SourceFile::parse(name, data).ok()?.iter().find_map(through)
}

/// A source recognised, read, and its rows read again as they are when the masters are loaded.
fn through(source: &SourceFile) -> Option<(FurtherFile, Further)> {
    let kind = further::recognise(source, "").ok()??;
    let file = further::read(source, "", kind).ok()?;
    let mut builder = FurtherBuilder::new();
    for row in file.rows.iter().filter(|_| Further::holds(kind)) {
        let line = Line { file: &source.name, line: row.line, cells: row.cells.clone() };
        builder.push(kind, &line, row.from, row.to).expect("a row that was checked can be loaded");
    }
    let further = builder.finish();
    for row in &file.rows {
        let cell = |column: usize| row.cells.get(column - 1).unwrap_or_default();
        let _ = (further.prices.general_name_of(cell(2), row.from), further.prices.list_price(cell(2), row.from));
        let _ = further.prices.standard(cell(2), cell(3), row.from).count() + further.comments.of(cell(6), row.from).count();
    }
    Some((file, further))
}
