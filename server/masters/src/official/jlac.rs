//! The core and infection laboratory items of the national sharing service with their JLAC10 codes.
//!
//! Two sources: the list of codes as CSV (JP-CLINS 1.5.0: 指定検査 55 groups, 指定感染症 53 groups) and the item set as a
//! spreadsheet (検体検査項目セット 2023-11-04), which alone tells units and the words of qualitative items.

use super::{history::EVER, jlac_list::ListedCode, text::SourceFile};
use crate::MasterError;
use model::{
    codes::Jlac10,
    kana::fold_width,
    master::{LabItem, Validity},
};
use std::collections::HashMap;

/// What the spreadsheet says of one JLAC10 code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemFacts {
    /// Name of the item.
    pub name: String,
    /// Unit as printed.
    pub unit: String,
    /// Words of a qualitative item, as the cell has them.
    pub words: String,
}

/// Units and words by JLAC10 code from the two sheets of the item set.
pub fn facts(sheets: &[SourceFile]) -> Result<HashMap<String, ItemFacts>, MasterError> {
    let mut facts = HashMap::new();
    for sheet in sheets {
        // Sheet 1 (core): C name, H and I codes, J unit, M words. Sheet 2 (infections): C name, F and G codes, H unit.
        let mut columns = None;
        for line in sheet.lines() {
            let line = line?;
            match columns {
                None if line.cell(2).starts_with("43項目") => columns = Some((3, [8, 9], 10, Some(13))),
                None if line.cell(2).starts_with("感染症5項目") => columns = Some((3, [6, 7], 8, None)),
                None => {}
                Some((name, codes, unit, words)) => {
                    for code in codes.map(|c| line.text(c)).into_iter().filter(|c| c.len() == 17) {
                        facts.insert(
                            code,
                            ItemFacts {
                                name: fold_width(&line.text(name)),
                                unit: fold_width(&line.text(unit)),
                                words: words.map(|w| line.text(w)).unwrap_or_default(),
                            },
                        );
                    }
                }
            }
        }
    }
    Ok(facts)
}

/// A code of the list with what stands beside it.
struct Entry {
    code: String,
    display: String,
    name: String,
    specimen: String,
    infection: bool,
}

/// One laboratory item a group, in the order of the list.
///
/// The code put first is the group's code "by any method" (method part 998) in its usual specimen (serum before plasma
/// and whole blood), because a clinic that sends tests out seldom knows the method; where there is none, the first row's
/// code that gives a number. Displays are
/// normalised (NFKC): the list writes 血 and 白 with look-alike radicals.
pub fn parse(source: &SourceFile, facts: &HashMap<String, ItemFacts>, edition: &str) -> Result<Vec<LabItem>, MasterError> {
    let mut order: Vec<String> = Vec::new();
    let mut groups: HashMap<String, Vec<Entry>> = HashMap::new();
    for (index, line) in source.lines().enumerate() {
        let line = line?;
        if index == 0 {
            if line.cell(1) != "system" || line.cell(4) != "jlac10_17" {
                return Err(line.wrong(4, "jlac10_17"));
            }
            continue;
        }
        let entry = Entry {
            code: line.code(4, 17)?,
            display: fold_width(&line.text(5)),
            name: fold_width(&line.text(6)),
            specimen: fold_width(&line.text(7)),
            infection: line.cell(1).contains("InfectionLabo"),
        };
        let group = line.text(2);
        if !groups.contains_key(&group) {
            order.push(group.clone());
        }
        groups.entry(group).or_default().push(entry);
    }
    let mut items: Vec<LabItem> =
        order.iter().filter_map(|group| groups.get(group).and_then(|entries| item(group, entries, facts, edition))).collect();
    // Three groups are all called グルコース(血糖): then the fixed name tells them apart.
    let mut names: HashMap<String, usize> = HashMap::new();
    for item in &items {
        *names.entry(item.name.clone()).or_default() += 1;
    }
    for item in &mut items {
        if names.get(&item.name).is_some_and(|count| *count > 1) && !item.name.contains(&item.fhir_name) {
            item.name = format!("{}({})", item.name, item.fhir_name);
        }
    }
    Ok(items)
}

/// The clinic's own code of a group: its letters, digits and dashes.
pub(super) fn local(group: &str) -> String {
    group.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect()
}

/// An item made of listed codes alone.
pub(super) fn unknown(group: &str, codes: &[&ListedCode], facts: &HashMap<String, ItemFacts>, edition: &str) -> Option<LabItem> {
    let entry = |listed: &&ListedCode| Entry {
        code: listed.code.clone(),
        display: listed.display.clone(),
        name: listed.name.clone(),
        specimen: listed.specimen.clone(),
        infection: listed.infection,
    };
    item(group, &codes.iter().map(entry).collect::<Vec<_>>(), facts, edition)
}

fn item(group: &str, entries: &[Entry], facts: &HashMap<String, ItemFacts>, edition: &str) -> Option<LabItem> {
    let first = entries.first()?;
    let infection = first.infection;
    // Serum before plasma and whole blood, but for coagulation (analyte 2B), whose specimen is plasma.
    let serum =
        |e: &&Entry| matches!(&first.code[9..12], "018" | "022") && !first.code.starts_with("2B") && &e.code[9..12] == "023";
    let usual = entries.iter().find(serum).unwrap_or(first);
    let position = |fits: &dyn Fn(&Entry) -> bool| entries.iter().position(|e| e.code[9..12] == usual.code[9..12] && fits(e));
    let any_method = |e: &Entry| &e.code[12..15] == "998";
    let number = |e: &Entry| facts.get(&e.code).is_some_and(|fact| fact.unit != "クラス");
    let preferred = position(&any_method).or_else(|| position(&number)).or_else(|| position(&|_| true)).unwrap_or(0);
    let mut codes = vec![Jlac10(entries[preferred].code.clone())];
    codes.extend(entries.iter().enumerate().filter(|(i, _)| *i != preferred).map(|(_, e)| Jlac10(e.code.clone())));
    // The spreadsheet may lack a code of the list; then the item of that name speaks for it, or for the core items a
    // code of the same analyte and specimen.
    let by_name = |name: &str| name.replace(' ', "-") == first.display;
    let alike = |code: &str| !infection && code[..5] == first.code[..5] && code[9..12] == usual.code[9..12];
    let least = |fits: &dyn Fn(&str, &ItemFacts) -> bool| {
        facts.iter().filter(|(code, fact)| fits(code, fact)).min_by_key(|(code, _)| code.as_str()).map(|(_, fact)| fact)
    };
    let exact = codes.iter().find_map(|code| facts.get(code.as_str()));
    let fact = match infection {
        true => least(&|_, fact| by_name(&fact.name)).or(exact),
        false => exact.or_else(|| least(&|code, _| alike(code))),
    };
    // Digits 6–9 tell when blood was taken (随時, 空腹時); only the spreadsheet says so in words.
    let timed = least(&|code, _| &first.code[5..9] != "0000" && code[..9] == first.code[..9]);
    let name = match timed {
        _ if infection => first.display.clone(),
        Some(fact) => fact.name.clone(),
        None => first.name.clone(),
    };
    let choices = choices(&first.display, &first.code, fact.map(|f| f.words.as_str()).unwrap_or_default());
    let specimen = match usual.specimen.as_str() {
        // The list gives no specimen for infections; digits 10–12 of JLAC10 do, by the codes the list itself spells out.
        "" => match &usual.code[9..12] {
            "023" => "血清",
            "022" => "血漿",
            "018" => "全血",
            "019" => "全血(添加物入り)",
            "001" => "尿(含むその他)",
            _ => "",
        }
        .to_owned(),
        specimen => specimen.to_owned(),
    };
    Some(LabItem {
        local_code: local(group),
        kana: reading(&name).to_owned(),
        name,
        fhir_name: first.display.clone(),
        jlac10: codes,
        infection: first.infection,
        specimen,
        unit: fact.map(|f| f.unit.clone()).unwrap_or_default(),
        choices,
        validity: Validity { from: EVER, to: None, edition: edition.to_owned() },
    })
}

/// The words of qualitative items: the code systems of JP-CLINS 1.7.0 (`JP_PosNegHold_CS`, `JP_Urine_Code_CS`,
/// `JP_BldABO_CS`, `JP_BldRh_CS`), else the words of the spreadsheet.
fn choices(display: &str, code: &str, words: &str) -> Vec<String> {
    let list = |words: &[&str]| words.iter().map(|w| (*w).to_owned()).collect();
    match display {
        "U-TP" | "U-Glu" | "U-Bld" => list(&["－", "±", "＋", "２＋", "３＋", "４＋", "５＋"]),
        "血液型-ABO" => list(&["Ａ", "Ｂ", "ＡＢ", "Ｏ"]),
        "血液型-Rh" => list(&["＋", "－"]),
        // Result part 11 is 判定; 52 and 53 are the judgements of the combined HIV test.
        _ if display.contains("判定") || display.contains("定性、") || display.ends_with("(定性)") || display == "梅毒反応" => {
            list(&["陽性", "陰性", "判定保留"])
        }
        _ if words.contains('：') => {
            words.split('、').filter_map(|word| word.split_once('：')).map(|(_, word)| word.trim().replace('+', "＋")).collect()
        }
        // 半定量: numbers with their unit at the end.
        _ if display.ends_with("半定量") && code.starts_with("1A") => words
            .split([' ', '\u{3000}'])
            .map(|word| word.trim().trim_start_matches('約'))
            .filter(|word| !word.is_empty() && !word.contains("/dL") && !word.contains("/μL"))
            .map(str::to_owned)
            .collect(),
        _ => Vec::new(),
    }
}

/// Readings of the item names that are written in kanji; katakana names are their own reading.
fn reading(name: &str) -> &'static str {
    const READINGS: [(&str, &str); 24] = [
        ("随時血糖", "ズイジケットウ"),
        ("空腹時血糖", "クウフクジケットウ"),
        ("随時中性脂肪", "ズイジチュウセイシボウ"),
        ("空腹時中性脂肪", "クウフクジチュウセイシボウ"),
        ("総蛋白", "ソウタンパク"),
        ("尿酸", "ニョウサン"),
        ("尿素窒素", "ニョウソチッソ"),
        ("中性脂肪", "チュウセイシボウ"),
        ("総コレステロール", "ソウコレステロール"),
        ("総ビリルビン", "ソウビリルビン"),
        ("直接ビリルビン", "チョクセツビリルビン"),
        ("血糖", "ケットウ"),
        ("白血球", "ケッサン ハッケッキュウスウ"),
        ("赤血球", "ケッサン セッケッキュウスウ"),
        ("血小板", "ケッサン ケッショウバンスウ"),
        ("血算-ヘモグロビン", "ケッサン ヘモグロビン"),
        ("活性化部分", "カッセイカブブントロンボプラスチンジカン"),
        ("尿中アルブミン", "ニョウチュウアルブミン"),
        ("尿中蛋白", "ニョウチュウタンパク"),
        ("尿蛋白", "ニョウタンパク"),
        ("尿糖", "ニョウトウ"),
        ("尿潜血", "ニョウセンケツ"),
        ("血液型", "ケツエキガタ"),
        ("梅毒", "バイドク"),
    ];
    READINGS.iter().find(|(part, _)| name.contains(part)).map_or("", |(_, kana)| kana)
}
