//! J-FAGY, the national list of allergens that are no drugs (`JFAGY_J9FN_*.csv`, UTF-8, header line, eleven columns).

use super::{history::EVER, text::SourceFile};
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

/// The allergens in the order of the file. The third letter of the code's prefix tells F food, N neither, M drug
/// (FHIR JP-CLINS, AllergyIntolerance: `J9F`, `J9N`, dummies `D9M`, `D9F`, `D9N`; `00F` and `00N` are the two roots).
pub fn parse(source: &SourceFile, edition: &str) -> Result<Vec<Allergen>, MasterError> {
    let mut allergens = Vec::new();
    for (index, line) in source.lines().enumerate() {
        let line = line?;
        if line.cells.len() != HEADER.len() {
            return Err(MasterError::Columns {
                file: source.name.clone(),
                line: line.line,
                expected: HEADER.len().to_string(),
                found: line.cells.len(),
            });
        }
        if index == 0 {
            if let Some(column) = (1..=HEADER.len()).find(|c| line.cell(*c) != HEADER[c - 1]) {
                return Err(line.wrong(column, HEADER[column - 1]));
            }
            continue;
        }
        let code = line.text(2);
        let category = match code.as_bytes().get(2) {
            Some(b'F') => AllergenCategory::Food,
            Some(b'M') => AllergenCategory::Medication,
            Some(b'N') => AllergenCategory::Environment,
            _ => return Err(line.wrong(2, "J9F、J9N、D9M、D9F、D9N のいずれかで始まるコード")),
        };
        allergens.push(Allergen {
            code: AllergenCode(code),
            name: line.text(3),
            kana: line.text(4),
            english: line.text(5),
            category,
            validity: Validity { from: line.date(10)?.unwrap_or(EVER), to: line.date(11)?, edition: edition.into() },
        });
    }
    Ok(allergens)
}
