//! Rows of the basic masters as the model's types. Figures are taken as they stand; nothing is guessed.

use super::{history::History, layout::*, text::Line};
use crate::MasterError;
use chrono::NaiveDate;
use model::{codes::*, master::*};

/// When a row is in force: from a day, to a day, in an edition.
pub fn validity(from: NaiveDate, to: Option<NaiveDate>, edition: &str) -> Validity {
    Validity { from, to, edition: edition.to_owned() }
}

/// A disease of master B.
pub fn disease(line: &Line<'_>, validity: Validity) -> Result<Disease, MasterError> {
    let code = line.code(b::CODE, 7)?;
    let successor = line.text(b::SUCCESSOR);
    let special = match (line.cell(b::SPECIAL), line.cell(b::INTRACTABLE)) {
        // 難病外来対象区分 stands in a column of its own but is the same question to a fee rule.
        ("" | "00", "09") => "09".to_owned(),
        ("" | "00", _) => String::new(),
        (flag, _) => flag.to_owned(),
    };
    Ok(Disease {
        name: line.text(b::NAME),
        kana: line.text(b::KANA),
        management: line.text(b::MANAGEMENT),
        exchange: line.text(b::EXCHANGE),
        icd10: line.text(b::ICD10),
        successor: Some(successor).filter(|to| !to.is_empty() && *to != code).map(DiseaseCode),
        never_alone: line.number::<u8>(b::NEVER_ALONE)? != 0,
        uninsured: line.number::<u8>(b::UNINSURED)? != 0,
        special,
        code: DiseaseCode(code),
        validity,
    })
}

/// A modifier of master Z.
pub fn modifier(line: &Line<'_>, validity: Validity) -> Result<Modifier, MasterError> {
    let class = line.text(z::CLASS);
    Ok(Modifier {
        code: ModifierCode(line.code(z::CODE, 4)?),
        name: line.text(z::NAME),
        kana: line.text(z::KANA),
        management: line.text(z::MANAGEMENT),
        exchange: line.text(z::EXCHANGE),
        // Column 19: the second character 8 is 接尾語.
        suffix: class.chars().nth(1) == Some('8'),
        class,
        validity,
    })
}

/// A procedure of master S. Its article (区分番号) is put together from columns 85, 92 and 93.
pub fn procedure(line: &Line<'_>, validity: Validity) -> Result<Procedure, MasterError> {
    let step = match line.number::<u8>(s::STEP)? {
        0 => None,
        _ => Some(Step {
            lower: line.decimal(s::STEP + 1)?,
            upper: line.decimal(s::STEP + 2)?,
            width: line.decimal(s::STEP + 3)?,
            points: line.decimal(s::STEP + 4)?,
            on_error: line.number(s::STEP + 5)?,
        }),
    };
    let standards = (s::STANDARDS..s::STANDARDS + 10).map(|c| line.text(c)).filter(|c| !c.is_empty() && c != "0").collect();
    let article = match (line.cell(s::PART), line.cell(s::ARTICLE), line.number::<u16>(s::ARTICLE_BRANCH)?) {
        (part, article, 0) if part.chars().any(|c| c.is_ascii_uppercase()) => format!("{part}{article}"),
        (part, article, branch) if part.chars().any(|c| c.is_ascii_uppercase()) => format!("{part}{article}-{branch}"),
        // Column 117 goes down to the item (`J0451`), so it is only the second choice.
        _ => line.text(s::ARTICLE_TEXT),
    };
    Ok(Procedure {
        code: ProcedureCode(line.code(s::CODE, 9)?),
        name: line.text(s::NAME),
        long_name: line.text(s::LONG_NAME),
        kana: line.text(s::KANA),
        unit: line.text(s::UNIT),
        point_kind: line.number(s::POINT_KIND)?,
        points: line.decimal(s::POINTS)?.normalize(),
        estimated: false,
        in_out: line.number(s::IN_OUT)?,
        section: line.text(s::SECTION),
        bundle: line.number(s::BUNDLE)?,
        hospital_clinic: line.number(s::HOSPITAL_CLINIC)?,
        step,
        add_on: (line.text(s::ADD_ON), line.text(s::ADD_ON_NUMBER)),
        general_age: line.number(s::GENERAL_AGE)?,
        ages: (line.text(s::AGE_LOWER), line.text(s::AGE_UPPER)),
        time_add_on: line.number(s::TIME_ADD_ON)?,
        treatment_infant: line.number(s::TREATMENT_INFANT)?,
        judgement_kind: line.number(s::JUDGEMENT_KIND)?,
        judgement_group: line.number(s::JUDGEMENT_GROUP)?,
        diminishing: line.number(s::DIMINISHING)?,
        outpatient_management: line.number(s::OUTPATIENT_MANAGEMENT)?,
        notice_kind: line.number(s::NOTICE_KIND)?,
        standards,
        article,
        validity,
    })
}

/// A drug of master Y.
pub fn drug(line: &Line<'_>, validity: Validity) -> Result<Drug, MasterError> {
    let general = (line.text(y::GENERAL_CODE), line.text(y::GENERAL_TEXT));
    Ok(Drug {
        code: DrugCode(line.code(y::CODE, 9)?),
        name: line.text(y::NAME),
        kana: line.text(y::KANA),
        unit: line.text(y::UNIT),
        price: line.decimal(y::PRICE)?,
        estimated: false,
        form: line.number(y::FORM)?,
        controlled: line.number(y::CONTROLLED)?,
        generic: line.number::<u8>(y::GENERIC)? == 1,
        yj: line.text(y::YJ),
        general_name: (!general.1.is_empty()).then_some(general),
        general_name_add_on: line.number(y::GENERAL_ADD_ON)?,
        validity,
    })
}

/// A material of master T.
pub fn material(line: &Line<'_>, validity: Validity) -> Result<Material, MasterError> {
    Ok(Material {
        code: line.code(t::CODE, 9)?,
        name: line.text(t::NAME),
        kana: line.text(t::KANA),
        unit: line.text(t::UNIT),
        price_kind: line.number(t::PRICE_KIND)?,
        price: line.decimal(t::PRICE)?,
        validity,
    })
}

/// A comment of master C. Difference files may leave the whole code out; then it is put together from its parts.
pub fn comment(line: &Line<'_>, validity: Validity) -> Result<Comment, MasterError> {
    let pattern: u8 = line.number(c::PATTERN)?;
    let code = match line.cell(c::CODE) {
        "" => format!("8{pattern:02}{:06}", line.number::<u32>(c::PATTERN + 1)?),
        _ => line.code(c::CODE, 9)?,
    };
    let mut slots = Vec::new();
    for pair in 0..4 {
        let slot = (line.number(c::SLOTS + 2 * pair)?, line.number(c::SLOTS + 2 * pair + 1)?);
        if slot != (0, 0) {
            slots.push(slot);
        }
    }
    // The positions of the gaps count from the blank that some texts begin with (　平成　　年　　月　　日).
    let text = if slots.is_empty() { line.text(c::TEXT) } else { line.cell(c::TEXT).trim_end().to_owned() };
    Ok(Comment { code: CommentCode(code), text, pattern, slots, validity })
}

/// All states of a master as typed rows, each with the edition `edition` names for its file.
pub fn typed<T>(
    history: &History,
    edition: impl Fn(&str) -> String,
    read: impl Fn(&Line<'_>, Validity) -> Result<T, MasterError>,
) -> Result<Vec<T>, MasterError> {
    history
        .states()
        .map(|(_, state, to)| {
            let line = history.line(&state);
            read(&line, validity(state.from, to, &edition(line.file)))
        })
        .collect()
}
