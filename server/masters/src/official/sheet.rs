//! Spreadsheets (`.xlsx`) as lines of text cells, so that their readers report places as the CSV readers do.
//!
//! Read here and not by a spreadsheet library, because the files come from outside: a library that trusts the counts and
//! cell references of a file can be made to reserve all memory there is. What is read is little: the sheets in their
//! order, shared and inline texts without their readings (ふりがな), and numbers.

use super::text::{LIMIT, SourceFile, hex};
use crate::MasterError;
use quick_xml::{
    Reader,
    events::{BytesRef, BytesStart, Event},
};
use sha2::{Digest, Sha256};
use std::{
    collections::HashMap,
    io::{Cursor, Read},
    path::Path,
};

/// A sheet has at most this many rows and columns (1,048,576 × 16,384 in the format).
const ROWS: usize = 1 << 20;
const COLUMNS: usize = 1 << 14;

/// No cell is longer, in bytes (32,767 letters in the format).
const LONGEST: usize = 4 * 32_767;

/// Whether bytes are a spreadsheet and no archive of tables: an archive that holds `xl/workbook.xml`.
pub fn is(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
        && zip::ZipArchive::new(Cursor::new(bytes)).is_ok_and(|archive| archive.index_for_name("xl/workbook.xml").is_some())
}

/// The sheets of an `.xlsx` file, each as a source whose text is CSV. Empty rows are kept, so that line numbers are the
/// spreadsheet's; a line break or tab inside a cell is a space here.
pub fn open(path: &Path) -> Result<Vec<SourceFile>, MasterError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let bytes = std::fs::read(path).map_err(|cause| MasterError::Io { file: name.clone(), cause: cause.to_string() })?;
    parse(&name, &bytes)
}

/// The same from bytes. Refuses what is no spreadsheet, what is damaged, and what unpacks to more than [`LIMIT`].
pub fn parse(name: &str, bytes: &[u8]) -> Result<Vec<SourceFile>, MasterError> {
    if bytes.len() as u64 > LIMIT {
        return Err(MasterError::TooLarge { file: name.into(), limit: LIMIT });
    }
    let sha256 = hex(&Sha256::digest(bytes));
    let mut book = Book::open(name, bytes)?;
    let strings = match book.member("xl/sharedStrings.xml")? {
        Some(xml) => book.strings(&xml)?,
        None => Vec::new(),
    };
    let workbook = book.member("xl/workbook.xml")?.ok_or_else(|| book.broken("xl/workbook.xml がありません"))?;
    let relations = book.member("xl/_rels/workbook.xml.rels")?.unwrap_or_default();
    let mut sources = Vec::new();
    for path in book.sheets(&workbook, &relations)? {
        // A chart sheet or one that is missing holds no table.
        let Some(xml) = book.member(&path)? else { continue };
        let text = book.cells(&xml, &strings)?;
        sources.push(SourceFile { name: name.into(), sha256: sha256.clone(), text });
    }
    if sources.is_empty() { Err(book.broken("シートがありません")) } else { Ok(sources) }
}

/// An opened file and how much of it may still be unpacked.
struct Book<'b> {
    name: &'b str,
    archive: zip::ZipArchive<Cursor<&'b [u8]>>,
    left: u64,
}

impl<'b> Book<'b> {
    fn open(name: &'b str, bytes: &'b [u8]) -> Result<Self, MasterError> {
        let archive = zip::ZipArchive::new(Cursor::new(bytes))
            .map_err(|e| MasterError::Archive { file: name.into(), cause: e.to_string() })?;
        Ok(Self { name, archive, left: LIMIT })
    }

    fn broken(&self, cause: impl ToString) -> MasterError {
        MasterError::Archive { file: self.name.into(), cause: cause.to_string() }
    }

    fn too_large(&self) -> MasterError {
        MasterError::TooLarge { file: self.name.into(), limit: LIMIT }
    }

    /// A member's text; none where there is no such member.
    fn member(&mut self, path: &str) -> Result<Option<String>, MasterError> {
        let Some(index) = self.archive.index_for_name(path) else { return Ok(None) };
        let mut bytes = Vec::new();
        let limit = self.left;
        let read = match self.archive.by_index(index) {
            // What a member says of its own size is not trusted.
            Ok(member) => member.take(limit + 1).read_to_end(&mut bytes).map_err(|e| e.to_string()),
            Err(error) => Err(error.to_string()),
        };
        read.map_err(|cause| self.broken(cause))?;
        let size = bytes.len() as u64;
        if size > limit {
            return Err(self.too_large());
        }
        self.left -= size;
        let text = String::from_utf8(bytes).map_err(|_| self.broken(format!("{path} が UTF-8 ではありません")))?;
        Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
    }

    /// Paths of the sheets in the order of the workbook.
    fn sheets(&self, workbook: &str, relations: &str) -> Result<Vec<String>, MasterError> {
        let mut targets = HashMap::new();
        self.elements(relations, |element| {
            if element.local_name().as_ref() == "Relationship"
                && let (Some(id), Some(target)) = (attribute(element, "Id"), attribute(element, "Target"))
            {
                let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
                targets.insert(id, path);
            }
        })?;
        let mut paths = Vec::new();
        self.elements(workbook, |element| {
            if element.local_name().as_ref() == "sheet"
                && let Some(path) = attribute(element, "id").and_then(|id| targets.get(&id))
            {
                paths.push(path.clone());
            }
        })?;
        Ok(paths)
    }

    /// Shows every element of a member.
    fn elements(&self, xml: &str, mut show: impl FnMut(&BytesStart<'_>)) -> Result<(), MasterError> {
        let mut reader = Reader::from_str(xml);
        loop {
            match reader.read_event().map_err(|e| self.broken(e))? {
                Event::Start(element) | Event::Empty(element) => show(&element),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// The shared texts. Nothing is reserved on the word of the file.
    fn strings(&self, xml: &str) -> Result<Vec<String>, MasterError> {
        let mut reader = Reader::from_str(xml);
        let mut strings = Vec::new();
        let mut text = Text::default();
        loop {
            let event = reader.read_event().map_err(|e| self.broken(e))?;
            match &event {
                Event::Empty(element) if element.local_name().as_ref() == "si" => strings.push(String::new()),
                Event::End(element) if element.local_name().as_ref() == "si" => strings.push(text.take()),
                Event::Eof => return Ok(strings),
                _ => text.feed(&event, "t").map_err(|cause| self.broken(cause))?,
            }
        }
    }

    /// The cells of a sheet as CSV.
    fn cells(&self, xml: &str, strings: &[String]) -> Result<String, MasterError> {
        let mut reader = Reader::from_str(xml);
        let mut out = Csv { writer: csv::WriterBuilder::new().flexible(true).from_writer(Vec::new()), written: 0, rows: 0 };
        let mut row: Vec<String> = Vec::new();
        let mut held = 0u64;
        // Row and column of the cell that is read, from 0; kind of its value; text of `v` and of `t`.
        let (mut line, mut column, mut kind) = (0usize, 0usize, String::new());
        let (mut value, mut inline) = (Text::default(), Text::default());
        loop {
            let event = reader.read_event().map_err(|e| self.broken(e))?;
            match &event {
                Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "row" => {
                    if let Some(number) = attribute(element, "r") {
                        let number: usize = number.parse().map_err(|_| self.broken(format!("行番号「{number}」")))?;
                        if number <= out.rows || number > ROWS {
                            return Err(self.broken(format!("行番号「{number}」が順ではありません")));
                        }
                        line = number - 1;
                    } else {
                        line = out.rows;
                    }
                    column = 0;
                }
                Event::End(element) if element.local_name().as_ref() == "row" => {
                    if line >= ROWS {
                        return Err(self.too_large());
                    }
                    out.put(line, &row).ok_or_else(|| self.too_large())?;
                    row.clear();
                    held = 0;
                }
                Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "c" => {
                    if let Some(place) = attribute(element, "r") {
                        column = column_of(&place).ok_or_else(|| self.broken(format!("セル「{place}」")))?;
                    }
                    kind = attribute(element, "t").unwrap_or_default();
                    if matches!(event, Event::Empty(_)) {
                        column += 1;
                    }
                }
                Event::End(element) if element.local_name().as_ref() == "c" => {
                    let (number, inside) = (value.take(), inline.take());
                    let cell = match kind.as_str() {
                        "s" if number.is_empty() => String::new(),
                        "s" => {
                            let index = number.trim().parse::<usize>().ok().and_then(|index| strings.get(index));
                            index.cloned().ok_or_else(|| self.broken(format!("文字列「{number}」がありません")))?
                        }
                        "inlineStr" => inside,
                        "" | "n" => figure(&number),
                        _ => number,
                    };
                    if column >= COLUMNS {
                        return Err(self.broken(format!("{}列目", column + 1)));
                    }
                    // A shared text may be named by every cell of a row: what the row holds is measured cell by cell.
                    held += cell.len() as u64;
                    if cell.len() > LONGEST || out.written + held > LIMIT {
                        return Err(self.too_large());
                    }
                    if !cell.is_empty() {
                        if row.len() <= column {
                            row.resize(column + 1, String::new());
                        }
                        row[column] = cell.replace("\r\n", " ").replace(['\r', '\n', '\t'], " ");
                    }
                    column += 1;
                }
                Event::Eof => {
                    return out.text().ok_or_else(|| self.too_large());
                }
                _ => {
                    value.feed(&event, "v").map_err(|cause| self.broken(cause))?;
                    inline.feed(&event, "t").map_err(|cause| self.broken(cause))?;
                }
            }
        }
    }
}

/// Rows written one below the other.
struct Csv {
    writer: csv::Writer<Vec<u8>>,
    written: u64,
    rows: usize,
}

impl Csv {
    /// Writes a row at its place, with empty rows above it. None where the text grows too long.
    fn put(&mut self, line: usize, row: &[String]) -> Option<()> {
        while self.rows < line {
            self.record(&[String::new()])?;
        }
        // A record of no field would be no line at all.
        if row.is_empty() { self.record(&[String::new()]) } else { self.record(row) }
    }

    fn record(&mut self, row: &[String]) -> Option<()> {
        self.written += row.iter().map(|cell| cell.len() as u64 + 1).sum::<u64>();
        self.rows += 1;
        if self.written > LIMIT {
            return None;
        }
        self.writer.write_record(row).ok()
    }

    fn text(self) -> Option<String> {
        String::from_utf8(self.writer.into_inner().ok()?).ok()
    }
}

/// Collects the text inside elements of one name, but not the readings (`rPh`).
#[derive(Default)]
struct Text {
    inside: bool,
    reading: bool,
    text: String,
}

impl Text {
    fn feed(&mut self, event: &Event<'_>, element: &str) -> Result<(), String> {
        match event {
            Event::Start(start) => match start.local_name().as_ref() {
                "rPh" => self.reading = true,
                name => self.inside |= name == element,
            },
            Event::End(end) => match end.local_name().as_ref() {
                "rPh" => self.reading = false,
                name => self.inside &= name != element,
            },
            Event::Text(text) if self.wanted() => self.text.push_str(&text.xml10_content()),
            Event::CData(text) if self.wanted() => self.text.push_str(&text.xml10_content()),
            Event::GeneralRef(entity) if self.wanted() => self.text.push(letter(entity)?),
            _ => {}
        }
        Ok(())
    }

    fn wanted(&self) -> bool {
        self.inside && !self.reading
    }

    fn take(&mut self) -> String {
        // An element that was never closed does not reach into the next.
        (self.inside, self.reading) = (false, false);
        let text = std::mem::take(&mut self.text);
        text.trim_matches([' ', '\t', '\r', '\n']).to_owned()
    }
}

/// The letter an entity stands for.
fn letter(entity: &BytesRef<'_>) -> Result<char, String> {
    let named = quick_xml::escape::resolve_xml_entity(entity).and_then(|text| text.chars().next());
    match named {
        Some(letter) => Ok(letter),
        None => entity.resolve_char_ref().map_err(|e| e.to_string())?.ok_or_else(|| format!("&{};", &**entity)),
    }
}

/// An attribute by its name without prefix.
fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
    found.normalized_value(quick_xml::XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned)
}

/// The column of a cell reference, from 0: `B12` is 1.
fn column_of(place: &str) -> Option<usize> {
    let letters = place.bytes().take_while(u8::is_ascii_alphabetic);
    let column = letters.take(4).fold(0, |column, letter| column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    (1..=COLUMNS).contains(&column).then(|| column - 1)
}

/// A number as it would be typed, without the dust of binary fractions (`8.8000000000000007` is 8.8); other text as it is.
fn figure(text: &str) -> String {
    match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() && number.abs() < 1e15 => {
            let text = format!("{number:.4}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_beyond_the_format_are_refused() {
        assert_eq!(column_of("A1"), Some(0));
        assert_eq!(column_of("XFD1048576"), Some(16_383));
        assert_eq!(column_of("XFE1"), None);
        assert_eq!(column_of("ZZZZZZZZZZ1"), None);
        assert_eq!(column_of("12"), None);
    }

    /// A book of one sheet.
    fn book(strings: &str, sheet: &str) -> Vec<u8> {
        use std::io::Write;
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in [
            ("xl/workbook.xml", "<workbook><sheets><sheet name='a' r:id='r1'/></sheets></workbook>"),
            ("xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id='r1' Target='worksheets/a.xml'/></Relationships>"),
            ("xl/sharedStrings.xml", strings),
            ("xl/worksheets/a.xml", sheet),
        ] {
            archive.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
            archive.write_all(text.as_bytes()).expect("its text");
        }
        archive.finish().expect("a book").into_inner()
    }

    #[test]
    fn cells_keep_their_place_and_lose_their_readings() {
        let strings =
            "<sst><si><t>区</t><rPh sb='0' eb='1'><t>ク</t></rPh></si><si><r><t>a&amp;</t></r><r><t>b\nc</t></r></si></sst>";
        let sheet = "<worksheet><sheetData><row r='2'><c r='B2' t='s'><v>0</v></c><c t='s'><v>1</v></c></row>\
                     <row r='4'><c r='A4' t='inlineStr'><is><t>x</t></is></c><c r='C4'><f>1+1</f><v>2.5</v></c></row></sheetData></worksheet>";
        let sources = parse("b.xlsx", &book(strings, sheet)).expect("a book");
        let lines: Vec<(u64, Vec<String>)> = sources[0]
            .lines()
            .map(|line| line.expect("a line"))
            .map(|line| (line.line, line.cells.iter().map(str::to_owned).collect()))
            .collect();
        let cells = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        assert_eq!(
            lines,
            [(1, cells(&[""])), (2, cells(&["", "区", "a&b c"])), (3, cells(&[""])), (4, cells(&["x", "", "2.5"]))]
        );
    }

    #[test]
    fn a_book_that_grows_is_refused() {
        // One long text named by every cell of a row; a count no memory holds; a cell at the end of the format.
        let long = format!("<sst uniqueCount='18446744073709551615'><si><t>{}</t></si></sst>", "x".repeat(LONGEST));
        let row = format!("<worksheet><sheetData><row>{}</row></sheetData></worksheet>", "<c t='s'><v>0</v></c>".repeat(COLUMNS));
        assert!(matches!(parse("b.xlsx", &book(&long, &row)), Err(MasterError::TooLarge { .. })));
        let far = "<worksheet><sheetData><row r='1048576'><c r='XFD1048576'><v>1</v></c></row></sheetData></worksheet>";
        assert!(parse("b.xlsx", &book("<sst/>", far)).is_ok_and(|sources| sources[0].text.len() < 4_000_000));
        let beyond = "<worksheet><sheetData><row r='99999999999'><c><v>1</v></c></row></sheetData></worksheet>";
        assert!(matches!(parse("b.xlsx", &book("<sst/>", beyond)), Err(MasterError::Archive { .. })));
        let missing = "<worksheet><sheetData><row><c t='s'><v>7</v></c></row></sheetData></worksheet>";
        assert!(matches!(parse("b.xlsx", &book("<sst/>", missing)), Err(MasterError::Archive { .. })));
    }

    #[test]
    fn figures_lose_the_dust_of_binary_fractions() {
        assert_eq!(figure("8.8000000000000007"), "8.8");
        assert_eq!(figure("130"), "130");
        assert_eq!(figure("R8.3.31まで"), "R8.3.31まで");
    }
}
