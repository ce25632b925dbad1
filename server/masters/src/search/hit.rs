//! How a row is shown in the list of hits.

use crate::Snapshot;
use chrono::NaiveDate;
use model::{chart::AllergenCategory, master::*};
use rust_decimal::Decimal;

/// Warning of a disease that may not stand without a modifier (master B column 19).
pub const NEVER_ALONE: &str = "単独使用禁止（修飾語が必要です）";

impl Snapshot {
    /// The row of a code as a hit, none where it is not in force on the day.
    pub(super) fn hit(&self, kind: MasterKind, code: &str, on: NaiveDate) -> Option<MasterHit> {
        match kind {
            MasterKind::Disease => self.disease(code, on).map(|row| self.disease_hit(row, on)),
            MasterKind::Modifier => self.modifier(code, on).map(|row| MasterHit {
                detail: row.kana.clone(),
                figure: if row.suffix { "接尾語" } else { "接頭語" }.into(),
                ..bare(kind, code, &row.name)
            }),
            MasterKind::Procedure => self.procedure(code, on).map(|row| MasterHit {
                detail: joined(&[&row.article, if row.long_name == row.name { "" } else { &row.long_name }]),
                figure: points(row),
                unit: row.unit.clone(),
                estimated: row.estimated,
                ..bare(kind, code, &row.name)
            }),
            MasterKind::Drug => self.drug(code, on).map(|row| MasterHit {
                detail: row.general_name.as_ref().map_or_else(|| row.kana.clone(), |(_, text)| text.clone()),
                figure: yen(row.price),
                unit: row.unit.clone(),
                estimated: row.estimated,
                ..bare(kind, code, &row.name)
            }),
            MasterKind::Material => self.material(code, on).map(|row| MasterHit {
                detail: row.kana.clone(),
                figure: match row.price_kind {
                    1 => yen(row.price),
                    2 => "購入価格".into(),
                    5 => format!("+{}%", row.price.normalize()),
                    6 => format!("-{}%", row.price.normalize()),
                    _ => row.price.normalize().to_string(),
                },
                unit: row.unit.clone(),
                ..bare(kind, code, &row.name)
            }),
            MasterKind::Comment => {
                self.comment(code, on).map(|row| MasterHit { unit: row.asks_for().into(), ..bare(kind, code, &row.text) })
            }
            MasterKind::Allergen => self.allergens.on(code, on).map(|row| MasterHit {
                detail: joined(&[row.category.label(), &row.kana, &row.english]),
                ..bare(kind, code, &row.name)
            }),
            MasterKind::Lab => self.lab(code, on).map(|row| MasterHit {
                detail: joined(&[&row.specimen, &row.fhir_name, row.jlac10.first().map_or("", |code| code.as_str())]),
                figure: row.unit.clone(),
                unit: row.unit.clone(),
                choices: row.choices.clone(),
                ..bare(kind, code, &row.name)
            }),
        }
    }

    fn disease_hit(&self, row: &Disease, on: NaiveDate) -> MasterHit {
        let warning = match &row.successor {
            Some(successor) => match self.disease(successor.as_str(), on) {
                Some(next) => format!("移行先「{}」（{successor}）をお使いください", next.name),
                None => format!("移行先コード {successor}"),
            },
            None if row.never_alone => NEVER_ALONE.into(),
            None if row.uninsured => "保険請求外".into(),
            None => String::new(),
        };
        MasterHit {
            detail: joined(&[&row.kana, &row.icd10]),
            figure: special(&row.special).into(),
            warning,
            disease: Some(self.facts(row, on)),
            ..bare(MasterKind::Disease, row.code.as_str(), &row.name)
        }
    }

    fn facts(&self, row: &Disease, on: NaiveDate) -> DiseaseFacts {
        let successor = row.successor.as_ref().map(|code| {
            let next = self.disease(code.as_str(), on).or_else(|| self.diseases.all(code.as_str()).last());
            (code.0.clone(), next.map(|next| next.name.clone()).unwrap_or_default())
        });
        DiseaseFacts {
            icd10: row.icd10.clone(),
            management: row.management.clone(),
            exchange: row.exchange.clone(),
            flags: flags(&row.special).iter().map(|flag| (*flag).to_owned()).collect(),
            successor,
        }
    }

    /// A disease whose last row ended before the day, with what to use instead.
    pub(super) fn ended_disease(&self, code: &str, on: NaiveDate) -> Option<MasterHit> {
        let row = self.diseases.all(code).iter().rev().find(|row| row.validity.to.is_some_and(|to| to < on))?;
        let ended = row.validity.to.map(|day| day.to_string()).unwrap_or_default();
        let mut hit = self.disease_hit(row, on);
        hit.warning = match hit.warning.as_str() {
            "" => format!("廃止（{ended}まで）"),
            next => format!("廃止（{ended}まで）。{next}"),
        };
        Some(hit)
    }
}

/// A drug as an allergen: `YCM` + its 12 characters (FHIR JP-CLINS, AllergyIntolerance).
pub(super) fn drug_allergen(drug: &Drug) -> MasterHit {
    let general = drug.general_name.as_ref().map_or("", |(_, text)| text.as_str());
    MasterHit {
        detail: joined(&[AllergenCategory::Medication.label(), general]),
        ..bare(MasterKind::Allergen, &format!("YCM{}", drug.yj), &drug.name)
    }
}

fn bare(kind: MasterKind, code: &str, name: &str) -> MasterHit {
    MasterHit {
        kind,
        code: code.into(),
        name: name.into(),
        detail: String::new(),
        figure: String::new(),
        unit: String::new(),
        estimated: false,
        modifiers: Vec::new(),
        warning: String::new(),
        choices: Vec::new(),
        disease: None,
        own_name: String::new(),
        preferred: false,
        usual: None,
    }
}

fn joined(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

/// `5.90円`.
fn yen(price: Decimal) -> String {
    format!("{price:.2}円")
}

/// Column 11 of master S decides what the figure is.
fn points(row: &Procedure) -> String {
    let number = row.points.normalize();
    match row.point_kind {
        1 => format!("{number}円"),
        4 => "購入価格".into(),
        5 => format!("+{number}%"),
        6 => format!("-{number}%"),
        7 | 8 => format!("-{number}点"),
        _ => format!("{number}点"),
    }
}

/// Columns 21 and 43 of master B in the words of the specification (支払基金 マスターファイル仕様説明書 R06, 傷病名マスター
/// 項番21, 43): what may be billed for the disease.
fn flags(flag: &str) -> &'static [&'static str] {
    match flag {
        "03" => &["皮膚科特定疾患指導管理料（Ⅰ）"],
        "04" => &["皮膚科特定疾患指導管理料（Ⅱ）"],
        "05" => &["特定疾患療養管理料"],
        "07" => &["てんかん指導料"],
        "08" => &["特定疾患療養管理料", "てんかん指導料"],
        "09" => &["難病外来指導管理料"],
        _ => &[],
    }
}

/// The same, short enough for the right side of a list.
fn special(flag: &str) -> &'static str {
    match flag {
        "03" => "皮膚特定(I)",
        "04" => "皮膚特定(II)",
        "05" => "特定疾患",
        "07" => "てんかん",
        "08" => "特定疾患・てんかん",
        "09" => "難病外来",
        _ => "",
    }
}
