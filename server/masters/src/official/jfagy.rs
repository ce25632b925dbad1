//! J-FAGY, the national list of allergens that are no drugs (`JFAGY_J9FN_*.csv`, UTF-8, header line, eleven columns).

use super::{
    history::EVER,
    text::{Line, SourceFile},
};
use crate::MasterError;
use model::{
    chart::AllergenCategory,
    codes::AllergenCode,
    master::{Allergen, Validity},
};

/// The header as published.
pub const HEADER: [&str; 11] = [
    "DISPLAYSEQ",
    "JFAGYCODE",
    "JPTERM",
    "JPKANA",
    "ENTERM",
    "LEVEL",
    "MAINFLAG",
    "GUIDELINE",
    "CXGCATEGORY",
    "RECORDDATE",
    "ENDDATE",
];

/// The allergens in the order of the file.
pub fn parse(source: &SourceFile, edition: &str) -> Result<Vec<Allergen>, MasterError> {
    let mut allergens = Vec::new();
    for (index, line) in source.lines().enumerate() {
        let line = line?;
        if index == 0 {
            if let Some(column) = (1..=HEADER.len()).find(|c| line.cell(*c) != HEADER[c - 1]) {
                return Err(line.wrong(column, HEADER[column - 1]));
            }
            continue;
        }
        let validity = validity(&line, edition)?;
        allergens.push(row(&line, validity)?);
    }
    Ok(allergens)
}

/// One allergen. The third letter of the code's prefix tells F food, N neither, M drug (FHIR JP-CLINS,
/// AllergyIntolerance: `J9F`, `J9N`, dummies `D9M`, `D9F`, `D9N`; `00F` and `00N` are the two roots).
pub fn row(line: &Line<'_>, validity: Validity) -> Result<Allergen, MasterError> {
    if line.cells.len() != HEADER.len() {
        return Err(MasterError::Columns {
            file: line.file.into(),
            line: line.line,
            expected: HEADER.len().to_string(),
            found: line.cells.len(),
        });
    }
    // The roots have a prefix only.
    let code = line.code(2, 12).or_else(|wrong| line.code(2, 3).map_err(|_| wrong))?;
    let category = match code.as_bytes()[2] {
        b'F' => AllergenCategory::Food,
        b'M' => AllergenCategory::Medication,
        b'N' => AllergenCategory::Environment,
        _ => return Err(line.wrong(2, "J9F、J9N、D9M、D9F、D9N のいずれかで始まるコード")),
    };
    Ok(Allergen { code: AllergenCode(code), name: line.text(3), kana: line.text(4), english: line.text(5), category, validity })
}

/// When a row is in force, by its last two columns.
pub fn validity(line: &Line<'_>, edition: &str) -> Result<Validity, MasterError> {
    Ok(Validity { from: line.date(10)?.unwrap_or(EVER), to: line.date(11)?, edition: edition.into() })
}
