//! Reference ranges (基準範囲) that the demo's laboratory prints.
//!
//! The figures are those of 「日本における主要な臨床検査項目の共用基準範囲」 (日本臨床検査標準協議会 JCCLS). The document itself
//! was not at hand: they were read from transcriptions of it (a hospital's notice on adopting the ranges, a laboratory's
//! comparison of its old and new ranges, two public tables of the 2020 and 2022 editions), and an item on which those
//! disagree (Na, HDL-C, TG) or are silent (UA, U-A/C, BNP) carries no range here.

use model::patient::Sex;

/// Lower and upper limit; empty where there is none.
type Range = (&'static str, &'static str);

/// Name of the item, range for men, range for women; both in the unit of the laboratory master.
const RANGES: [(&str, Range, Range); 22] = [
    ("WBC", ("3300", "8600"), ("3300", "8600")),
    ("RBC", ("435", "555"), ("386", "492")),
    ("Hb", ("13.7", "16.8"), ("11.6", "14.8")),
    ("PLT", ("15.8", "34.8"), ("15.8", "34.8")),
    ("TP", ("6.6", "8.1"), ("6.6", "8.1")),
    ("ALB", ("4.1", "5.1"), ("4.1", "5.1")),
    ("T-Bil", ("0.4", "1.5"), ("0.4", "1.5")),
    ("AST", ("13", "30"), ("13", "30")),
    ("ALT", ("10", "42"), ("7", "23")),
    ("LD", ("124", "222"), ("124", "222")),
    ("ALP", ("38", "113"), ("38", "113")),
    ("GGT", ("13", "64"), ("9", "32")),
    ("CK", ("59", "248"), ("41", "153")),
    ("AMY", ("44", "132"), ("44", "132")),
    ("BUN", ("8", "20"), ("8", "20")),
    ("Cre", ("0.65", "1.07"), ("0.46", "0.79")),
    ("K", ("3.6", "4.8"), ("3.6", "4.8")),
    ("Cl", ("101", "108"), ("101", "108")),
    ("CRP", ("", "0.14"), ("", "0.14")),
    ("BG", ("73", "109"), ("73", "109")),
    ("HbA1c-NGSP", ("4.9", "6.0"), ("4.9", "6.0")),
    ("LDL-C", ("65", "163"), ("65", "163")),
];

/// Lower and upper limit of an item, by its FHIR識別名; empty where there is none. For adults.
pub(super) fn of(item: &str, sex: Sex) -> Range {
    let found = RANGES.iter().find(|(name, ..)| *name == item);
    found.map_or(("", ""), |(_, men, women)| if sex == Sex::Male { *men } else { *women })
}
