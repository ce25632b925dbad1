//! The search written once more, slow and obvious: every term of every row is looked at, everything is sorted. The fast
//! one has to give the same list, whatever is typed and whatever the clinic says about it.

use super::{House, fold::fold, index::Fit, query::spellings};
use crate::{Snapshot, starter, table::Row};
use chrono::NaiveDate;
use model::{codes::DiseaseCode, master::*};
use proptest::prelude::*;
use std::{
    cmp::Reverse,
    collections::{HashMap, HashSet},
    path::PathBuf,
    sync::{Arc, OnceLock},
};

/// What a clinic says, in the plainest form.
#[derive(Debug, Clone, Default)]
struct Plain {
    used: HashMap<String, u32>,
    preferred: HashSet<String>,
    hidden: HashSet<String>,
    names: HashMap<String, (String, String)>,
}

impl Plain {
    fn house(&self) -> House {
        let mut house = House::new(self.used.clone());
        self.preferred.iter().for_each(|code| house.prefer(code));
        self.hidden.iter().for_each(|code| house.hide(code));
        self.names.iter().for_each(|(code, (name, reading))| house.name(code, name, reading));
        house
    }
}

/// A code with all it is found by.
struct Known {
    code: String,
    /// Whether it stands behind the others (選定療養), then the length of its name.
    name_length: (bool, usize),
    /// Code behind `YCM`, of drugs.
    allergen: String,
    own: Vec<(String, Vec<usize>)>,
    others: Vec<(String, Vec<usize>)>,
    rows: Vec<Validity>,
}

type Book = HashMap<MasterKind, Vec<Known>>;

fn folded(text: &str) -> (String, Vec<usize>) {
    let folded = fold(text);
    (folded.text, folded.starts)
}

fn known<T: Row>(
    rows: &[T],
    name: impl Fn(&T) -> &str,
    own: impl Fn(&T) -> Vec<String>,
    others: impl Fn(&T) -> Vec<String>,
) -> Vec<Known> {
    let mut all: Vec<Known> = Vec::new();
    for row in rows {
        if all.last().is_none_or(|last| last.code != row.code()) {
            let code = row.code().to_owned();
            all.push(Known { code, name_length: (false, 0), allergen: String::new(), own: vec![], others: vec![], rows: vec![] });
        }
        let last = all.last_mut().expect("one was just put there");
        // Rows of a code stand from the oldest to the newest; the newest name counts.
        last.name_length = (name(row).ends_with("（選）"), folded(name(row)).0.chars().count());
        last.own.push(folded(name(row)));
        last.own.extend(own(row).iter().map(|term| folded(term)));
        last.others.extend(others(row).iter().map(|term| folded(term)));
        last.rows.push(row.validity().clone());
    }
    all
}

fn book(s: &Snapshot) -> Book {
    let mut drugs = known(
        s.drugs.rows(),
        |d| &d.name,
        |d| vec![d.kana.clone()],
        |d| {
            let general = d.general_name.as_ref().map_or("", |(_, text)| text.trim_start_matches("【般】"));
            vec![general.to_owned(), d.yj.clone()]
        },
    );
    for drug in &mut drugs {
        drug.allergen = s.drugs.all(&drug.code).last().map(|d| format!("YCM{}", d.yj)).unwrap_or_default();
    }
    let lab = |l: &LabItem| l.kana.split(' ').map(str::to_owned).chain([l.fhir_name.clone()]).collect();
    HashMap::from([
        (MasterKind::Disease, known(s.diseases.rows(), |d| &d.name, |d| vec![d.kana.clone()], |d| vec![d.icd10.clone()])),
        (MasterKind::Modifier, known(s.modifiers.rows(), |m| &m.name, |m| vec![m.kana.clone()], |_| vec![])),
        (
            MasterKind::Procedure,
            known(s.procedures.rows(), |p| &p.name, |p| vec![p.long_name.clone(), p.kana.clone()], |p| vec![p.article.clone()]),
        ),
        (MasterKind::Drug, drugs),
        (MasterKind::Material, known(s.materials.rows(), |m| &m.name, |m| vec![m.kana.clone()], |_| vec![])),
        (MasterKind::Comment, known(s.comments.rows(), |c| &c.text, |_| vec![], |_| vec![])),
        (MasterKind::Allergen, known(s.allergens.rows(), |a| &a.name, |a| vec![a.kana.clone(), a.english.clone()], |_| vec![])),
        (
            MasterKind::Lab,
            known(s.labs.rows(), |l| &l.name, lab, |l| l.jlac10.iter().map(|code| code.as_str().to_owned()).collect()),
        ),
    ])
}

/// How well a needle fits a term.
fn fit_of_term((term, starts): &(String, Vec<usize>), own: bool, needle: &str) -> Option<Fit> {
    if term == needle {
        return Some(if own { Fit::Exact } else { Fit::Prefix });
    }
    if term.starts_with(needle) {
        return Some(if own { Fit::Prefix } else { Fit::WordStart });
    }
    let places = term.char_indices().map(|(at, _)| at).filter(|at| term[*at..].starts_with(needle));
    places.map(|at| if starts.contains(&at) { Fit::WordStart } else { Fit::Inside }).min()
}

fn fit_of_code(code: &str, needle: &str) -> Option<Fit> {
    let code = fold(code).text;
    match code.strip_prefix(needle) {
        Some("") => Some(Fit::Exact),
        Some(_) if needle.len() >= 3 => Some(Fit::Prefix),
        _ => None,
    }
}

/// Everything that fits, by tier, each in the order in which it is shown. `said` tells under which code the clinic speaks
/// of a row.
fn tiers<'b>(all: &'b [Known], query: &str, plain: &Plain, said: impl Fn(&'b Known) -> &'b str) -> Vec<(Fit, &'b Known)> {
    let words: Vec<Vec<String>> = query.split_whitespace().take(4).map(spellings).filter(|s| !s.is_empty()).collect();
    let mut found = Vec::new();
    for row in all {
        let code = said(row);
        let names = plain.names.get(code).map(|(name, reading)| [folded(name), folded(reading)]);
        let fit_of_word = |word: &Vec<String>| {
            let each = word.iter().filter_map(|needle| {
                let own = row.own.iter().filter_map(|term| fit_of_term(term, true, needle));
                let others = row.others.iter().filter_map(|term| fit_of_term(term, false, needle));
                let house = names.iter().flatten().filter_map(|term| fit_of_term(term, true, needle));
                own.chain(others).chain(house).chain(fit_of_code(&row.code, needle)).min()
            });
            each.min()
        };
        let Some(fits) = words.iter().map(fit_of_word).collect::<Option<Vec<Fit>>>() else { continue };
        let Some(fit) = fits.into_iter().max() else { continue };
        if plain.hidden.contains(code) && fold(&row.code).text != fold(query).text {
            continue;
        }
        let rank = (Reverse(plain.preferred.contains(code)), Reverse(plain.used.get(code).copied().unwrap_or(0)));
        found.push((fit, rank, row.name_length, &row.code, row));
    }
    found.sort_by(|a, b| (a.0, a.1, a.2, a.3).cmp(&(b.0, b.1, b.2, b.3)));
    found.into_iter().map(|(fit, _, _, _, row)| (fit, row)).collect()
}

fn in_force(row: &Known, on: NaiveDate) -> bool {
    row.rows.iter().any(|validity| validity.covers(on))
}

/// The codes the search has to give, composed diseases and ended ones left out.
fn expected(book: &Book, kind: MasterKind, query: &str, on: NaiveDate, plain: &Plain) -> Vec<String> {
    let national = tiers(&book[&kind], query, plain, |row| &row.code);
    let drugs = match kind {
        MasterKind::Allergen => tiers(&book[&MasterKind::Drug], query, plain, |row| &row.allergen),
        _ => Vec::new(),
    };
    let mut codes: Vec<String> = Vec::new();
    for tier in Fit::ALL {
        let of_tier = |(fit, row): &&(Fit, &Known)| *fit == tier && in_force(row, on);
        codes.extend(national.iter().filter(of_tier).map(|(_, row)| row.code.clone()));
        for (_, row) in drugs.iter().filter(of_tier).filter(|(fit, row)| *fit != Fit::Inside && row.allergen.len() == 15) {
            if !codes.contains(&row.allergen) {
                codes.push(row.allergen.clone());
            }
        }
    }
    codes
}

/// Compares a search with the slow one; says what differs.
fn compare(
    (snapshot, book): (&Snapshot, &Book),
    kind: MasterKind,
    query: &str,
    on: NaiveDate,
    limit: usize,
    plain: &Plain,
) -> Result<(), String> {
    let mut wanted = expected(book, kind, query, on, plain);
    let hits = snapshot.search(kind, query, on, limit, &plain.house());
    let full = hits.len() == limit;
    let is_ended = |hit: &&MasterHit| kind == MasterKind::Disease && snapshot.disease(&hit.code, on).is_none();
    // What takes the place of an ended name stands behind that name, wherever it would stand of itself.
    let facts = hits.iter().filter(is_ended).filter_map(|hit| hit.disease.as_ref()?.successor.as_ref());
    let moved: HashSet<&String> = facts.map(|(code, _)| code).collect();
    let plain_hits = hits.iter().filter(|hit| hit.modifiers.is_empty() && !is_ended(hit) && !moved.contains(&hit.code));
    let codes: Vec<String> = plain_hits.map(|hit| hit.code.clone()).collect();
    wanted.retain(|code| !moved.contains(code));
    if wanted.starts_with(&codes) && (full || codes.len() == wanted.len()) {
        return Ok(());
    }
    let at = codes.iter().zip(&wanted).position(|(a, b)| a != b).unwrap_or(codes.len().min(wanted.len()));
    Err(format!(
        "{kind:?} {query:?} on {on}, limit {limit}: from place {at} on {:?} instead of {:?} ({} of {})",
        &codes[at..codes.len().min(at + 4)],
        &wanted[at..wanted.len().min(at + 4)],
        codes.len(),
        wanted.len()
    ))
}

/// The starter set with some diseases ended and moved, and some modifiers ended.
fn small() -> &'static (Arc<Snapshot>, Book) {
    static SMALL: OnceLock<(Arc<Snapshot>, Book)> = OnceLock::new();
    SMALL.get_or_init(|| {
        let mut rows = starter::rows().expect("the tables");
        let codes: Vec<DiseaseCode> = rows.diseases.iter().map(|d| d.code.clone()).collect();
        for (at, disease) in rows.diseases.iter_mut().enumerate().filter(|(at, _)| at % 17 == 0) {
            disease.validity.to = NaiveDate::from_ymd_opt(2025, 12, 31);
            disease.successor = codes.get(at + 1).cloned();
        }
        for modifier in rows.modifiers.iter_mut().step_by(13) {
            modifier.validity.to = NaiveDate::from_ymd_opt(2025, 12, 31);
        }
        let snapshot = Arc::new(Snapshot::new(rows));
        let book = book(&snapshot);
        (snapshot, book)
    })
}

/// Part of something that can be found, in one of the ways in which it is typed.
fn typed(book: &Book, kind: MasterKind, seed: &[u32]) -> String {
    let rows = &book[&kind];
    let pick = |at: usize, of: usize| seed[at] as usize % of.max(1);
    let row = &rows[pick(0, rows.len())];
    let code = (row.code.clone(), vec![]);
    let terms: Vec<&(String, Vec<usize>)> =
        row.own.iter().chain(&row.others).chain([&code]).filter(|t| !t.0.is_empty()).collect();
    let letters: Vec<char> = terms[pick(1, terms.len())].0.chars().collect();
    let begin = if seed[2].is_multiple_of(2) { 0 } else { pick(3, letters.len()) };
    let count = if seed[4].is_multiple_of(8) { letters.len() } else { 1 + pick(5, 6) };
    let part: String = letters[begin..].iter().take(count).collect();
    let spelled = match seed[6] % 6 {
        0 => part
            .chars()
            .map(|c| if ('ァ'..='ヶ').contains(&c) { char::from_u32(c as u32 - 0x60).unwrap_or(c) } else { c })
            .collect(),
        1 => part.chars().map(latin).collect(),
        2 => part.to_uppercase(),
        3 => part
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { char::from_u32(c as u32 + 0xfee0).unwrap_or(c) } else { c })
            .collect(),
        _ => part,
    };
    match seed[7] % 8 {
        // Two words of one name, the second first.
        0 => {
            let other: String = letters[pick(8, letters.len())..].iter().take(2).collect();
            format!("{other} {spelled}")
        }
        // Something that goes on otherwise.
        1 => spelled + ["ア", "症", "x", "ン", "1", "n"][pick(8, 6)],
        _ => spelled,
    }
}

/// A kana in Latin letters, roughly: what a romaji table knows of it does not matter here, both searches read the same.
fn latin(c: char) -> String {
    const ROWS: [(&str, &str); 10] = [
        ("アイウエオ", " "),
        ("カキクケコ", "k"),
        ("サシスセソ", "s"),
        ("タチツテト", "t"),
        ("ナニヌネノ", "n"),
        ("ハヒフヘホ", "h"),
        ("マミムメモ", "m"),
        ("ラリルレロ", "r"),
        ("ガギグゲゴ", "g"),
        ("バビブベボ", "b"),
    ];
    for (row, consonant) in ROWS {
        if let Some(at) = row.chars().position(|kana| kana == c) {
            return format!("{}{}", consonant.trim(), &"aiueo"[at..=at]);
        }
    }
    if c == 'ン' { "nn".into() } else { c.to_string() }
}

/// A clinic that has something to say about rows near those that are looked for.
fn clinic(book: &Book, kind: MasterKind, seed: &[u32]) -> Plain {
    let mut plain = Plain::default();
    let names = ["かぜ", "ひざOA", "アムロ", "高血圧", "BP", "いつもの", "１日", "ん"];
    for (at, number) in seed.iter().enumerate() {
        let rows = if kind == MasterKind::Allergen && at % 2 == 0 { &book[&MasterKind::Drug] } else { &book[&kind] };
        let row = &rows[*number as usize % rows.len()];
        let code = if rows[0].allergen.is_empty() || kind == MasterKind::Drug { &row.code } else { &row.allergen };
        match at % 5 {
            0 => drop(plain.preferred.insert(code.clone())),
            1 => drop(plain.hidden.insert(code.clone())),
            2 => drop(plain.names.insert(code.clone(), (names[at % 8].into(), names[(at + 3) % 8].into()))),
            _ => drop(plain.used.insert(code.clone(), number % 4)),
        }
    }
    plain
}

fn day(early: bool) -> NaiveDate {
    NaiveDate::from_ymd_opt(if early { 2025 } else { 2026 }, 11, 20).expect("a date")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_fast_search_gives_what_the_slow_one_gives(
        seed in proptest::array::uniform9(any::<u32>()),
        clinic_seed in proptest::collection::vec(any::<u32>(), 0..400),
        kind in 0_usize..8,
        limit in prop_oneof![1_usize..40, Just(100_000)],
        early in any::<bool>(),
    ) {
        let (snapshot, book) = small();
        let kind = MasterKind::ALL[kind];
        let plain = clinic(book, kind, &clinic_seed);
        let query = typed(book, kind, &seed);
        if let Err(difference) = compare((snapshot, book), kind, &query, day(early), limit, &plain) {
            prop_assert!(false, "{}", difference);
        }
    }

    #[test]
    fn what_is_put_together_is_what_was_typed(at in any::<[u32; 3]>(), cut in 1_usize..4, early in any::<bool>()) {
        let (snapshot, _) = small();
        let (on, modifiers, diseases) = (day(early), snapshot.modifiers.rows(), snapshot.diseases.rows());
        let front = &modifiers[at[0] as usize % modifiers.len()];
        let disease = &diseases[at[1] as usize % diseases.len()];
        let back = [None, snapshot.modifier("8002", on)][at[2] as usize % 2];
        prop_assume!(!front.suffix && front.name != disease.name);
        let letters: Vec<char> = disease.name.chars().collect();
        let part: String = letters[..letters.len().div_ceil(cut)].iter().collect();
        let query = format!("{}{part}{}", front.name, back.map_or("", |b| &b.name));
        let hits = snapshot.search(MasterKind::Disease, &query, on, 100, &House::nothing());
        let composed: Vec<&MasterHit> = hits.iter().filter(|hit| !hit.modifiers.is_empty()).collect();
        for hit in &composed {
            for modifier in &hit.modifiers {
                let row = snapshot.modifier(modifier.code.as_str(), on);
                prop_assert!(row.is_some_and(|row| row.suffix == modifier.suffix), "{query}: {hit:?}");
            }
            prop_assert!(snapshot.disease(&hit.code, on).is_some() && !hit.warning.contains("単独使用禁止"), "{query}: {hit:?}");
            prop_assert!(says(snapshot, hit, &fold(&query).text, on), "{query} is not {}: {hit:?}", hit.whole_name());
        }
        // Typed in full it is there, if all of it is in force.
        let whole = format!("{}{}{}", front.name, disease.name, back.map_or("", |b| &b.name));
        let valid = snapshot.modifier(front.code.as_str(), on).is_some() && snapshot.disease(disease.code.as_str(), on).is_some();
        let one_kana = fold(&front.name).text.chars().count() == 1 && fold(&front.name).text.starts_with(|c| ('ァ'..='ヺ').contains(&c));
        if cut == 1 && valid && !one_kana && disease.name.chars().count() > 1 {
            let names: Vec<String> = hits.iter().map(MasterHit::whole_name).collect();
            prop_assert!(names.contains(&whole), "{whole} is not among {:?}", &names[..names.len().min(8)]);
        }
    }
}

/// Whether a composed name can be read as what was typed: modifiers in full (the last suffix at least begun), the name at
/// least begun, each by name or reading.
fn says(snapshot: &Snapshot, hit: &MasterHit, query: &str, on: NaiveDate) -> bool {
    let spelled = |code: &str| {
        let row = snapshot.modifier(code, on).expect("was found");
        [fold(&row.name).text, fold(&row.kana).text]
    };
    let mut left = vec![query.to_owned()];
    for modifier in hit.modifiers.iter().filter(|m| !m.suffix) {
        let terms = spelled(modifier.code.as_str());
        left = left
            .iter()
            .flat_map(|rest| terms.iter().filter(|t| !t.is_empty()).filter_map(|t| rest.strip_prefix(t.as_str())))
            .map(str::to_owned)
            .collect();
    }
    for (at, modifier) in hit.modifiers.iter().filter(|m| m.suffix).rev().enumerate() {
        let terms = spelled(modifier.code.as_str());
        let mut next: Vec<String> = Vec::new();
        for rest in &left {
            for term in terms.iter().filter(|t| !t.is_empty()) {
                next.extend(rest.strip_suffix(term.as_str()).map(str::to_owned));
                if at == 0 {
                    let begun = term.char_indices().map(|(end, _)| &term[..end]).filter(|part| part.chars().count() > 1);
                    next.extend(begun.filter_map(|part| rest.strip_suffix(part)).map(str::to_owned));
                }
            }
        }
        left = next;
    }
    let disease = snapshot.disease(&hit.code, on).expect("was found");
    let names = [fold(&disease.name).text, fold(&disease.kana).text];
    left.iter().any(|rest| !rest.is_empty() && names.iter().any(|name| name.starts_with(rest.as_str())))
}

/// The official files, if they are there.
fn shared() -> Option<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var_os("KARTE_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let masters = shared.join("masters");
    if !masters.is_dir() {
        eprintln!("SKIPPED: {} is not there; the full masters were not searched", masters.display());
        return None;
    }
    Some(masters)
}

#[test]
fn the_full_masters_are_searched_as_slowly_as_fast() {
    let Some(folder) = shared() else { return };
    let snapshot = Snapshot::load_dir(&folder).expect("the official files");
    snapshot.warm();
    let book = book(&snapshot);
    // Xorshift: the same queries every time, each kind as often.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) as u32
    };
    let mut wrong = Vec::new();
    for round in 0..160 {
        let kind = MasterKind::ALL[round % 8];
        let seed: Vec<u32> = (0..9).map(|_| next()).collect();
        let said: Vec<u32> = (0..round * 4).map(|_| next()).collect();
        let (query, plain) = (typed(&book, kind, &seed), clinic(&book, kind, &said));
        let limit = if round % 3 == 0 { 100_000 } else { 30 };
        wrong.extend(compare((&snapshot, &book), kind, &query, day(false), limit, &plain).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
