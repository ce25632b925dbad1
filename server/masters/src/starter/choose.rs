//! Which rows of the full masters a small clinic is likely to need. Nobody publishes how often a row is used, so the
//! rules go by what the masters themselves show; docs/masters.md explains them in prose.

use super::wanted;
use model::master::*;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Codes that must be in because the sample claims use them, by record kind.
#[derive(Debug, Default, Clone)]
pub struct Used {
    /// Diseases (SY).
    pub diseases: BTreeSet<String>,
    /// Procedures (SI).
    pub procedures: BTreeSet<String>,
    /// Drugs (IY).
    pub drugs: BTreeSet<String>,
    /// Comments (CO).
    pub comments: BTreeSet<String>,
}

impl Used {
    /// Reads the codes of a claim file (レセプト電算処理 記録条件仕様: SY, SI, IY, CO records).
    pub fn of_claims(text: &str) -> Self {
        let mut used = Self::default();
        for line in text.lines() {
            let cells: Vec<&str> = line.split(',').collect();
            let (list, column) = match cells[0] {
                "SY" => (&mut used.diseases, 1),
                "SI" => (&mut used.procedures, 3),
                "IY" => (&mut used.drugs, 3),
                "CO" => (&mut used.comments, 3),
                _ => continue,
            };
            if let Some(code) = cells.get(column) {
                list.insert((*code).to_owned());
            }
        }
        used
    }
}

/// Names a category gives, where it is frequent in a clinic and where it is not.
const NAMES_PER_CATEGORY: (usize, usize) = (5, 1);

/// About 2,000 diseases: the named ones, the sample's, all that carry a fee flag of dermatology or epilepsy (03, 04, 07)
/// or a warning, and of every ICD-10 category its shortest names (short names are the general ones), more where it is frequent.
pub fn diseases(all: &[Disease], used: &Used) -> Vec<Disease> {
    let mut codes: HashSet<&str> = used.diseases.iter().map(String::as_str).collect();
    let names: HashMap<&str, &Disease> = all.iter().map(|d| (d.name.as_str(), d)).collect();
    for name in wanted::DISEASES {
        if let Some(disease) = names.get(name) {
            codes.insert(disease.code.as_str());
        }
    }
    // What a search must warn of (単独使用禁止, 移行先のある名称) is in, with what it moves to.
    for disease in all.iter().filter(|d| d.successor.is_some()) {
        codes.insert(disease.code.as_str());
        codes.extend(disease.successor.as_ref().map(|s| s.as_str()));
    }
    let mut categories: BTreeMap<&str, Vec<&Disease>> = BTreeMap::new();
    for disease in all.iter().filter(|d| !d.uninsured && d.successor.is_none() && d.validity.to.is_none()) {
        if matches!(disease.special.as_str(), "03" | "04" | "07") || disease.never_alone {
            codes.insert(disease.code.as_str());
        }
        if let Some(category) = disease.icd10.get(..3) {
            categories.entry(category).or_default().push(disease);
        }
    }
    for (category, mut list) in categories {
        let count = match (wanted::FREQUENT_CATEGORIES.contains(&category), &category[..1]) {
            (true, _) => NAMES_PER_CATEGORY.0,
            // Tumours, pregnancy, perinatal, malformations, injuries, causes from outside: seldom a clinic's unless listed.
            (false, "C" | "O" | "P" | "Q" | "S" | "T" | "V" | "W" | "X" | "Y") => 0,
            (false, _) => NAMES_PER_CATEGORY.1,
        };
        list.sort_by_key(|d| (d.name.chars().count(), d.code.as_str()));
        codes.extend(list.iter().take(count).map(|d| d.code.as_str()));
    }
    all.iter().filter(|d| codes.contains(d.code.as_str())).cloned().collect()
}

/// Infections a clinic looks for by antigen or antibody (D012).
const INFECTIONS: &[&str] = &[
    "梅毒",
    "ＳＴＳ",
    "ＡＳＯ",
    "マイコプラズマ",
    "インフルエンザ",
    "ＳＡＲＳ",
    "ノロ",
    "ロタ",
    "アデノ",
    "ＲＳ",
    "ＡＳＫ",
    "Ａ群β溶連菌",
    "溶連菌",
    "ヘリコバクター",
    "ＨＩＶ",
    "単純ヘルペス",
    "水痘",
    "風疹",
    "麻疹",
    "ムンプス",
    "ウイルス抗体価",
    "クラミ",
    "肺炎球菌",
    "レジオネラ",
    "淋菌",
    "ヒトメタ",
    "大腸菌",
    "トキソプラズマ",
    "グロブリンクラス別",
];

/// Procedures of a clinic without beds, by article (区分番号) of the fee table.
pub fn procedure(row: &Procedure, used: &Used) -> bool {
    // What the fee rules add by themselves must be there, whatever its article.
    if used.procedures.contains(row.code.as_str()) || wanted::FEE_CODES.contains(&row.code.as_str()) {
        return true;
    }
    // Column 13: 1 is for inpatients only. Column 19: 1 is for hospitals only. Column 11: 1 is a meal or the like.
    if row.in_out == 1 || row.hospital_clinic == 1 || row.point_kind == 1 {
        return false;
    }
    let hospital_words = ["入院", "病棟", "手術前", "手術後", "治験", "公害", "（ＤＰＣ", "２００床以上", "特定機能病院"];
    // 「（入院外）」 says the very opposite of what the word 入院 is looked for.
    let name = row.name.replace("（入院外）", "");
    // Column 50: 2 is a judgement fee (判断料), which the fee rules add by themselves.
    if row.judgement_kind == 2 {
        return true;
    }
    if hospital_words.iter().any(|word| name.contains(word)) && row.section != "110" && row.section != "120" {
        return false;
    }
    let article = row.article.as_str();
    let (part, number) = (article.get(..1).unwrap_or_default(), article.get(1..4).and_then(|n| n.parse::<u16>().ok()));
    let Some(number) = number else { return matches!(row.section.as_str(), "110" | "120" | "122" | "123" | "124" | "125") };
    match part {
        "A" => number <= 2,
        "B" => {
            matches!(article, "B000" | "B001" | "B009" | "B010" | "B011" | "B011-3" | "B012")
                || article == "B001-2"
                    && (row.notice_kind == 1 || wanted::MANAGEMENT_ADD_ONS.iter().any(|w| row.name.contains(w)))
                || matches!(article, "B005-6" | "B005-7" | "B008-2" | "B009-2" | "B010-2" | "B013")
                || matches!(article, "B001-2-2" | "B001-3" | "B001-3-2" | "B001-3-3" | "B001-9" | "B005-6-4" | "B005-8")
        }
        // Visits have a price list of their own for clinics that are 在宅療養支援診療所; the others' is taken.
        "C" if matches!(article, "C000" | "C001" | "C002" | "C002-2" | "C003") => {
            row.name.contains("在支診等以外") || article == "C001"
        }
        "C" => matches!(article, "C001-2" | "C005" | "C007") || matches!(number, 101..=121 | 150..=171),
        "D" => match number {
            0 | 1 | 2 | 3 | 5 | 7 | 8 | 9 | 11 | 13 | 15..=18 | 26 => true,
            12 => INFECTIONS.iter().any(|w| row.name.contains(w)),
            4 => !row.name.contains("遺伝子"),
            6 => !article.starts_with("D006-"),
            14 => [
                "リウマトイド",
                "抗核抗体",
                "ＣＣＰ",
                "マトリックス",
                "抗ＤＮＡ",
                "ＳＳ－Ａ",
                "甲状腺",
                "サイログロブリン",
                "ＴＳＨ",
            ]
            .iter()
            .any(|w| row.name.contains(w)),
            19..=23 => {
                ["細菌", "感受性", "抗酸菌", "ウイルス核酸", "ＨＣＶ", "ＨＢＶ", "クラミジア", "淋菌", "ＨＰＶ", "ＳＡＲＳ"]
                    .iter()
                    .any(|w| row.name.contains(w))
            }
            200 | 206 if row.name.contains("カテーテル") => false,
            200..=210 | 214 | 215 | 223 | 225 | 239 | 244 | 250 | 255..=265 | 269 | 270 | 273 | 277 | 282 | 285 | 298 | 299 => {
                true
            }
            302..=308 | 310 | 312 | 313 | 317 => true,
            400..=404 | 409 | 410 | 411 | 414 | 416 | 417 | 419 => true,
            _ => false,
        },
        "E" => match number {
            0 | 1 => true,
            2 | 3 => ["単純撮影", "特殊撮影", "電子画像", "乳房", "造影剤使用撮影", "新生児", "乳幼児"]
                .iter()
                .any(|w| row.name.contains(w)),
            200 => row.notice_kind == 1,
            _ => false,
        },
        "F" => true,
        "G" => matches!(number, 0..=1 | 4..=7 | 10 | 11 | 12 | 15 | 16),
        "H" => matches!(number, 1 | 2 | 3 | 6),
        "I" => article == "I002" && (row.name.contains("通院") || row.notice_kind == 7) || matches!(article, "I003-2" | "I004"),
        "J" => number <= 119 && row.section == "400",
        "K" => matches!(
            article,
            "K000"
                | "K000-2"
                | "K001"
                | "K005"
                | "K006"
                | "K006-2"
                | "K006-3"
                | "K006-4"
                | "K013"
                | "K028"
                | "K037"
                | "K044"
                | "K048"
                | "K060"
                | "K061"
                | "K062"
                | "K089"
                | "K090"
                | "K091"
                | "K093"
                | "K282"
                | "K200"
                | "K214"
                | "K217"
                | "K285"
                | "K288"
                | "K331"
                | "K368"
                | "K616-4"
                | "K617"
                | "K721"
                | "K743"
                | "K745"
                | "K747"
                | "K828"
                | "K849"
                | "K861"
                | "K873"
        ),
        "L" => matches!(number, 100 | 102 | 103 | 104 | 105),
        "N" => matches!(number, 0 | 4 | 6 | 7),
        "O" => true,
        _ => false,
    }
}

/// Parts of the drug classification (薬効分類, the first three characters of the price-list code) that injections of a
/// clinic belong to: local anaesthetics, analgesics, antispasmodics, adrenal and other hormones, vitamins, sugar, saline,
/// antiallergics, antibiotics of the third generation, vaccines and toxoids.
const INJECTIONS: &[&str] = &[
    "114", "121", "124", "232", "239", "241", "243", "245", "247", "248", "249", "311", "312", "313", "314", "317", "322", "323",
    "331", "332", "391", "392", "399", "441", "449", "613", "631", "634",
];

/// Classes that are not a clinic's by mouth or on the skin: anaesthetics for operations, crude drugs, tumour drugs,
/// diagnostics, water and filler, dialysis.
const NOT_OUTPATIENT: &[&str] = &[
    "111", "340", "341", "342", "349", "421", "422", "423", "424", "429", "430", "510", "590", "710", "711", "712", "713", "714",
    "715", "719", "721", "722", "729", "799",
];

/// About 1,500 drugs: the sample's, those named, and of the ingredients with the most products on the list (what many
/// firms make, many prescribe) one brand and one or two generics of every strength.
///
/// Gives the codes, or the names of [`wanted::DRUGS`] that no priced drug begins with.
pub fn drugs(
    all: &[Drug],
    priced: &dyn Fn(&Drug) -> bool,
    used: &Used,
    limit: usize,
) -> Result<BTreeSet<String>, Vec<&'static str>> {
    let mut codes: BTreeSet<String> = used.drugs.clone();
    // 67xxxxxxx are the rows for the special charge of 選定療養, no drugs.
    let candidates: Vec<&Drug> = all
        .iter()
        .filter(|d| d.validity.to.is_none() && !d.code.as_str().starts_with("67") && !d.name.contains("（選）"))
        .filter(|d| matches!(d.form, 1 | 4 | 6) && d.yj.len() == 12 && priced(d))
        .collect();
    let mut missing = Vec::new();
    for name in wanted::DRUGS {
        let most = if *name == "ツムラ" { 60 } else { 4 };
        let mut found: Vec<&&Drug> = candidates.iter().filter(|d| d.name.starts_with(name)).collect();
        found.sort_by_key(|d| (d.generic, d.name.chars().count(), d.code.as_str()));
        if found.is_empty() {
            missing.push(*name);
        }
        codes.extend(found.into_iter().take(most).map(|d| d.code.0.clone()));
    }
    if !missing.is_empty() {
        return Err(missing);
    }
    let class = |d: &Drug| d.yj[..3].to_owned();
    let fitting = |d: &&&Drug| match d.form {
        4 => INJECTIONS.contains(&class(d).as_str()),
        _ => !NOT_OUTPATIENT.contains(&class(d).as_str()),
    };
    let mut ingredients: HashMap<(&str, u8), Vec<&Drug>> = HashMap::new();
    for drug in candidates.iter().filter(fitting) {
        ingredients.entry((&drug.yj[..7], drug.form)).or_default().push(drug);
    }
    let mut ranked: Vec<_> = ingredients.into_iter().collect();
    ranked.sort_by(|(a, x), (b, y)| y.len().cmp(&x.len()).then(a.cmp(b)));
    for (_, products) in ranked {
        // The first nine characters are ingredient, form and strength.
        let mut strengths: BTreeMap<&str, Vec<&Drug>> = BTreeMap::new();
        for drug in products {
            strengths.entry(&drug.yj[..9]).or_default().push(drug);
        }
        for (_, mut list) in strengths {
            if codes.len() >= limit {
                return Ok(codes);
            }
            list.sort_by_key(|d| (d.name.chars().count(), d.code.as_str()));
            let brand = list.iter().find(|d| !d.generic);
            let generics = list.iter().filter(|d| d.generic).take(if brand.is_some() { 1 } else { 2 });
            codes.extend(brand.into_iter().chain(generics).map(|d| d.code.0.clone()));
        }
    }
    Ok(codes)
}

/// Comments: those without a choice list (選択式コメント識別 0), the sample's, and those the relation table names for a
/// chosen procedure.
pub fn comment(row: &Comment, choice: bool, related: &HashSet<String>, used: &Used) -> bool {
    !choice || used.comments.contains(row.code.as_str()) || related.contains(row.code.as_str())
}
