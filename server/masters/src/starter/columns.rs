//! Which cells each kind of row has in the starter tables, and in which order.

use super::tsv::{Cells, In, Out};
use crate::{MasterError, official::history::EVER};
use model::{chart::AllergenCategory, codes::*, master::*, orders::*};
use rust_decimal::Decimal;

impl Cells for Disease {
    const HEADER: &'static str =
        "code\tname\tkana\tmanagement\texchange\ticd10\tsuccessor\tnever_alone\tuninsured\tspecial\tfrom\tto\tedition";

    fn write(&self, out: &mut Out) {
        out.text(self.code.as_str()).text(&self.name).text(&self.kana).text(&self.management).text(&self.exchange);
        out.text(&self.icd10).text(self.successor.as_ref().map_or("", |s| s.as_str()));
        out.flag(self.never_alone).flag(self.uninsured).text(&self.special).validity(&self.validity);
    }

    fn read(cells: &mut In<'_>) -> Result<Self, MasterError> {
        Ok(Self {
            code: DiseaseCode(cells.text()),
            name: cells.text(),
            kana: cells.text(),
            management: cells.text(),
            exchange: cells.text(),
            icd10: cells.text(),
            successor: Some(cells.text()).filter(|s| !s.is_empty()).map(DiseaseCode),
            never_alone: cells.flag()?,
            uninsured: cells.flag()?,
            special: cells.text(),
            validity: cells.validity()?,
        })
    }
}

impl Cells for Modifier {
    const HEADER: &'static str = "code\tname\tkana\tmanagement\texchange\tclass\tsuffix\tfrom\tto\tedition";

    fn write(&self, out: &mut Out) {
        out.text(self.code.as_str()).text(&self.name).text(&self.kana).text(&self.management).text(&self.exchange);
        out.text(&self.class).flag(self.suffix).validity(&self.validity);
    }

    fn read(cells: &mut In<'_>) -> Result<Self, MasterError> {
        Ok(Self {
            code: ModifierCode(cells.text()),
            name: cells.text(),
            kana: cells.text(),
            management: cells.text(),
            exchange: cells.text(),
            class: cells.text(),
            suffix: cells.flag()?,
            validity: cells.validity()?,
        })
    }
}

impl Cells for Procedure {
    const HEADER: &'static str = "code\tname\tlong_name\tkana\tunit\tpoint_kind\tpoints\testimated\tin_out\tsection\tbundle\thospital_clinic\tstep\tadd_on\tgeneral_age\tage_lower\tage_upper\ttime_add_on\ttreatment_infant\tjudgement_kind\tjudgement_group\tdiminishing\toutpatient_management\tnotice_kind\tstandards\tarticle\tfrom\tto\tedition";

    fn write(&self, out: &mut Out) {
        out.text(self.code.as_str()).text(&self.name);
        // The long name is mostly the short one again.
        out.text(if self.long_name == self.name { "=" } else { &self.long_name }).text(&self.kana).text(&self.unit);
        out.number(self.point_kind).decimal(self.points).flag(self.estimated).number(self.in_out).text(&self.section);
        out.number(self.bundle).number(self.hospital_clinic);
        let step = self.step.as_ref();
        out.text(&step.map(|s| format!("{} {} {} {} {}", s.lower, s.upper, s.width, s.points, s.on_error)).unwrap_or_default());
        out.text(&format!("{} {}", self.add_on.0, self.add_on.1)).number(self.general_age).text(&self.ages.0).text(&self.ages.1);
        out.number(self.time_add_on).number(self.treatment_infant).number(self.judgement_kind).number(self.judgement_group);
        out.number(self.diminishing).number(self.outpatient_management).number(self.notice_kind).text(&self.standards.join(" "));
        out.text(&self.article).validity(&self.validity);
    }

    fn read(cells: &mut In<'_>) -> Result<Self, MasterError> {
        let code = ProcedureCode(cells.text());
        let name = cells.text();
        let long_name = match cells.text() {
            same if same == "=" => name.clone(),
            long => long,
        };
        Ok(Self {
            code,
            name,
            long_name,
            kana: cells.text(),
            unit: cells.text(),
            point_kind: cells.number()?,
            points: cells.decimal()?,
            estimated: cells.flag()?,
            in_out: cells.number()?,
            section: cells.text(),
            bundle: cells.number()?,
            hospital_clinic: cells.number()?,
            step: step(cells)?,
            add_on: {
                let (code, number) = cells.cell().split_once(' ').unwrap_or_default();
                (code.to_owned(), number.to_owned())
            },
            general_age: cells.number()?,
            ages: (cells.text(), cells.text()),
            time_add_on: cells.number()?,
            treatment_infant: cells.number()?,
            judgement_kind: cells.number()?,
            judgement_group: cells.number()?,
            diminishing: cells.number()?,
            outpatient_management: cells.number()?,
            notice_kind: cells.number()?,
            standards: cells.list(' '),
            article: cells.text(),
            validity: cells.validity()?,
        })
    }
}

fn step(cells: &mut In<'_>) -> Result<Option<Step>, MasterError> {
    let parts = cells.list(' ');
    if parts.is_empty() {
        return Ok(None);
    }
    let number = |index: usize| parts.get(index).and_then(|part| part.parse::<Decimal>().ok());
    match (number(0), number(1), number(2), number(3), parts.get(4).and_then(|part| part.parse().ok())) {
        (Some(lower), Some(upper), Some(width), Some(points), Some(on_error)) => {
            Ok(Some(Step { lower, upper, width, points, on_error }))
        }
        _ => Err(cells.wrong("きざみ（下限 上限 きざみ 点数 エラー処理）")),
    }
}

impl Cells for Drug {
    const HEADER: &'static str = "code\tname\tkana\tunit\tprice\testimated\tform\tcontrolled\tgeneric\tyj\tgeneral_code\tgeneral_name\tgeneral_add_on\tfrom\tto\tedition";

    fn write(&self, out: &mut Out) {
        out.text(self.code.as_str()).text(&self.name).text(&self.kana).text(&self.unit).decimal(self.price);
        out.flag(self.estimated).number(self.form).number(self.controlled).flag(self.generic).text(&self.yj);
        let (code, text) = self.general_name.clone().unwrap_or_default();
        out.text(&code).text(&text).number(self.general_name_add_on).validity(&self.validity);
    }

    fn read(cells: &mut In<'_>) -> Result<Self, MasterError> {
        Ok(Self {
            code: DrugCode(cells.text()),
            name: cells.text(),
            kana: cells.text(),
            unit: cells.text(),
            price: cells.decimal()?,
            estimated: cells.flag()?,
            form: cells.number()?,
            controlled: cells.number()?,
            generic: cells.flag()?,
            yj: cells.text(),
            general_name: {
                let general = (cells.text(), cells.text());
                (!general.1.is_empty()).then_some(general)
            },
            general_name_add_on: cells.number()?,
            validity: cells.validity()?,
        })
    }
}

impl Cells for Material {
    const HEADER: &'static str = "code\tname\tkana\tunit\tprice_kind\tprice\tfrom\tto\tedition";

    fn write(&self, out: &mut Out) {
        out.text(&self.code).text(&self.name).text(&self.kana).text(&self.unit).number(self.price_kind).decimal(self.price);
        out.validity(&self.validity);
    }

    fn read(cells: &mut In<'_>) -> Result<Self, MasterError> {
        Ok(Self {
            code: cells.text(),
            name: cells.text(),
            kana: cells.text(),
            unit: cells.text(),
            price_kind: cells.number()?,
            price: cells.decimal()?,
            validity: cells.validity()?,
        })
    }
}

impl Cells for Comment {
    const HEADER: &'static str = "code\ttext\tpattern\tslots\tfrom\tto\tedition";

    fn write(&self, out: &mut Out) {
        let slots: Vec<String> = self.slots.iter().map(|(at, digits)| format!("{at}+{digits}")).collect();
        out.text(self.code.as_str()).text(&self.text).number(self.pattern).text(&slots.join(" ")).validity(&self.validity);
    }

    fn read(cells: &mut In<'_>) -> Result<Self, MasterError> {
        Ok(Self {
            code: CommentCode(cells.text()),
            text: cells.text(),
            pattern: cells.number()?,
            slots: {
                let slots = cells.list(' ');
                let pair =
                    |slot: &String| slot.split_once('+').and_then(|(at, digits)| Some((at.parse().ok()?, digits.parse().ok()?)));
                slots.iter().map(|slot| pair(slot).ok_or_else(|| cells.wrong("位置+桁数"))).collect::<Result<_, _>>()?
            },
            validity: cells.validity()?,
        })
    }
}

impl Cells for Allergen {
    const HEADER: &'static str = "code\tname\tkana\tenglish\tcategory\tfrom\tto\tedition";

    fn write(&self, out: &mut Out) {
        out.text(self.code.as_str()).text(&self.name).text(&self.kana).text(&self.english).text(self.category.as_str());
        out.validity(&self.validity);
    }

    fn read(cells: &mut In<'_>) -> Result<Self, MasterError> {
        Ok(Self {
            code: AllergenCode(cells.text()),
            name: cells.text(),
            kana: cells.text(),
            english: cells.text(),
            category: {
                let category = AllergenCategory::parse(cells.cell());
                category.ok_or_else(|| cells.wrong("medication、food、environment のいずれか"))?
            },
            validity: cells.validity()?,
        })
    }
}

impl Cells for LabItem {
    const HEADER: &'static str =
        "local_code\tname\tkana\tfhir_name\tinfection\tspecimen\tunit\tchoices\tjlac10\tfrom\tto\tedition";

    fn write(&self, out: &mut Out) {
        out.text(&self.local_code).text(&self.name).text(&self.kana).text(&self.fhir_name).flag(self.infection);
        out.text(&self.specimen).text(&self.unit).text(&self.choices.join("|"));
        out.text(&self.jlac10.iter().map(|code| code.as_str()).collect::<Vec<_>>().join(" ")).validity(&self.validity);
    }

    fn read(cells: &mut In<'_>) -> Result<Self, MasterError> {
        Ok(Self {
            local_code: cells.text(),
            name: cells.text(),
            kana: cells.text(),
            fhir_name: cells.text(),
            infection: cells.flag()?,
            specimen: cells.text(),
            unit: cells.text(),
            choices: cells.list('|'),
            jlac10: cells.list(' ').into_iter().map(Jlac10).collect(),
            validity: cells.validity()?,
        })
    }
}

impl Cells for EditionInfo {
    const HEADER: &'static str = "kind\tname\tfile\tsha256\trows\tdate\testimated";

    fn write(&self, out: &mut Out) {
        out.text(self.kind.as_str()).text(&self.name).text(&self.file).text(&self.sha256).number(self.rows);
        out.text(&self.date.to_string()).number(self.estimated);
    }

    fn read(cells: &mut In<'_>) -> Result<Self, MasterError> {
        Ok(Self {
            kind: {
                let kind = model::edition::FileKind::parse(cells.cell());
                kind.ok_or_else(|| cells.wrong("マスターの種類"))?
            },
            name: cells.text(),
            file: cells.text(),
            sha256: cells.text(),
            rows: cells.number()?,
            date: cells.day()?.unwrap_or(EVER),
            estimated: cells.number()?,
        })
    }
}

/// The last column tells where the code was read; it is for people and not loaded.
impl Cells for Usage {
    const HEADER: &'static str = "key\ttext\tcode\troute\ttimes_per_day\tsource";

    fn write(&self, out: &mut Out) {
        out.text(&self.key).text(&self.text).text(self.code.as_deref().unwrap_or_default()).text(self.route.as_str());
        out.number(self.times_per_day).text("");
    }

    fn read(cells: &mut In<'_>) -> Result<Self, MasterError> {
        Ok(Self {
            key: cells.text(),
            text: cells.text(),
            code: Some(cells.text()).filter(|code| !code.is_empty()),
            route: {
                let route = Route::parse(cells.cell());
                route.ok_or_else(|| cells.wrong("internal、prn、external のいずれか"))?
            },
            times_per_day: cells.number()?,
        })
    }
}
