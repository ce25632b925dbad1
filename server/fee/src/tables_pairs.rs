//! What may not stand together by the electronic points table: 背反テーブル 03-1 … 03-4 and 包括テーブル 02.
//!
//! Asked twice: of what was ordered, before anything is billed, and of all lines at the end, so that what the rules bill by
//! themselves is held to the tables too. A table that does not speak for the day ([`Reach`]) leaves the field to
//! `exclusions` and `containers`.
//!
//! Of two items that exclude each other 背反区分 tells which is billed; 3 (何れか一方) is the main one (主たるもの), taken as that of
//! more points. Rows with 特例条件 have conditions that the table does not tell: they are hints. Something that was billed on an
//! earlier day stays billed.

use crate::{
    basic, codes, containers,
    families::Family,
    orders::Ordered,
    tables_relations::{Node, Relation, Source, Speaking, Strength, past, relations},
    work::Work,
};
use chrono::Datelike;
use model::{
    fee::{FeeLine, Section},
    points_table::{Billed, Code9, Reach, RuleTable, Span},
};
use rust_decimal::Decimal;

/// What came of it.
#[derive(Default)]
struct Outcome {
    /// Place of the node and why it is not billed.
    lost: Vec<(usize, String)>,
    /// Code and text of what is likely to be cut.
    cut: Vec<(Code9, String)>,
    /// What a person should look at.
    look: Vec<String>,
}

/// Leaves out of the ordered items what may not stand beside another, beside the fee of the visit, or beside what was billed.
pub(crate) fn keep(work: &mut Work, ordered: &mut Vec<Ordered>) {
    let speaking = Speaking::of(work);
    if !speaking.any(Reach::InForce) || ordered.is_empty() {
        return;
    }
    let mut nodes: Vec<Node> = Vec::with_capacity(ordered.len() + 1);
    for order in ordered.iter() {
        let Some(code) = Code9::parse(order.row.code.as_str()) else { continue };
        let rank = order.exact();
        match nodes.iter_mut().find(|node| node.code == code) {
            Some(node) => node.rank = node.rank.max(rank),
            None => nodes.push(Node { code, text: order.row.code.as_str(), name: &order.row.name, rank }),
        }
    }
    if let Some(row) = visit(work, ordered).and_then(|code| work.row(code))
        && let Some(code) = Code9::parse(row.code.as_str())
    {
        nodes.push(Node { code, text: row.code.as_str(), name: &row.name, rank: row.points });
    }
    nodes.sort_by_key(|node| node.code);
    let outcome = resolve(work, speaking, &nodes);
    // The fee of the visit is billed later and meets the tables then.
    let lost: Vec<(Code9, String)> = outcome.lost.into_iter().map(|(place, why)| (nodes[place].code, why)).collect();
    tell(work, outcome.cut, outcome.look);
    ordered.retain(|order| {
        let code = order.row.code.as_str();
        let Some((_, why)) = lost.iter().find(|(gone, _)| *gone == *code) else { return true };
        work.omit_code(code, &order.row.name, why.clone());
        false
    });
}

/// Takes lines out that may not stand beside another, and says what tables of the fee table before say of the rest.
pub(crate) fn lines(work: &mut Work) {
    let speaking = Speaking::of(work);
    if !speaking.any(Reach::InForce) && !speaking.any(Reach::Former) {
        return;
    }
    let lines = std::mem::take(&mut work.lines);
    let mut nodes: Vec<Node> = Vec::with_capacity(lines.len());
    for line in &lines {
        let Some(code) = Code9::parse(&line.code) else { continue };
        let rank = Decimal::from(line.points.0);
        match nodes.iter_mut().find(|node| node.code == code) {
            Some(node) => node.rank = node.rank.max(rank),
            None => nodes.push(Node { code, text: &line.code, name: &line.name, rank }),
        }
    }
    nodes.sort_by_key(|node| node.code);
    let outcome = resolve(work, speaking, &nodes);
    let lost: Vec<(Code9, String)> = outcome.lost.into_iter().map(|(place, why)| (nodes[place].code, why)).collect();
    tell(work, outcome.cut, outcome.look);
    // What hangs on the fee of the visit goes with it, as far as nobody ordered it.
    let visit = lost.iter().find(|(gone, _)| visits().any(|code| *gone == *code)).map(|(_, why)| why.clone());
    let request = work.request;
    let hangs = |line: &FeeLine| {
        let add_on = line.section == Section::Visit || line.citation.starts_with("O001") || line.citation.starts_with("O100");
        visit.as_ref().filter(|_| add_on && !request.orders.iter().any(|order| order.code == line.code)).cloned()
    };
    let reason = |line: &FeeLine| {
        let own = lost.iter().find(|(gone, _)| *gone == *line.code.as_str()).map(|(_, why)| why.clone());
        own.or_else(|| hangs(line))
    };
    let mut gone = Vec::new();
    for line in lines {
        match reason(&line) {
            None => work.lines.push(line),
            Some(why) => gone.push((line, why)),
        }
    }
    for (line, why) in gone {
        work.omit_code(&line.code, line.name, why);
    }
}

fn tell(work: &mut Work, cut: Vec<(Code9, String)>, look: Vec<String>) {
    for (code, text) in cut {
        work.cut(&code.to_string(), text);
    }
    for text in look {
        work.hint(text);
    }
}

/// Codes of the fees of a visit.
fn visits() -> impl Iterator<Item = &'static str> {
    codes::FIRST_VISITS.into_iter().chain(codes::RETURN_VISITS)
}

/// Code of the fee that the visit will have, where it has one of its own.
fn visit(work: &Work, ordered: &[Ordered]) -> Option<&'static str> {
    let home = ordered.iter().any(|order| Family::Named("C001", &["在宅患者訪問診療料"]).has(order.row));
    let contained = containers::owner(work, ordered).is_some_and(|owner| owner.contains_visit());
    (!home && !contained).then(|| basic::fee(work).0.code)
}

/// Decides which of the nodes are not billed. The order of the nodes does not matter: their codes decide it.
fn resolve(work: &Work, speaking: Speaking, nodes: &[Node]) -> Outcome {
    let past = past(work);
    let today = nodes.len();
    // One question an item: all of today, then what was billed.
    let codes: Vec<Code9> = nodes.iter().map(|node| node.code).chain(past.iter().map(|past| past.code)).collect();
    let relations = relations(work, speaking, nodes, &codes, &past);
    let mut outcome = Outcome::default();
    let mut gone = vec![false; today];
    let name = |place: usize| {
        if place < today {
            return nodes[place].name.to_owned();
        }
        let past = &past[place - today];
        work.tables.procedure(past.text, past.on).or_else(|| work.row(past.text)).map_or(past.text, |row| &row.name).to_owned()
    };
    // What was billed stays billed.
    for relation in relations.iter().filter(|r| r.decides() && r.other >= today && r.billed != Billed::This) {
        if !std::mem::replace(&mut gone[relation.first], true) {
            let (day, what) = (past[relation.other - today].on, name(relation.other));
            let since = format!("{}月{}日に{what}を算定済みのため、併せて算定しません", day.month(), day.day());
            outcome.lost.push((relation.first, format!("{since}（{}）。", cited(relation, &codes))));
        }
    }
    let holding: Vec<&Relation> =
        relations.iter().filter(|r| r.decides() && r.other < today && !gone[r.first] && !gone[r.other]).collect();
    decide(nodes, &holding, &mut gone, |winner, loser, relation| {
        let why = match relation.source {
            Source::Bundled(unit) => format!("{}に含まれます（{}）。", name(winner), cited_as(relation, &codes, unit.label())),
            Source::Excluded(span) => {
                let main = if relation.billed == Billed::Either { "主たるものとして" } else { "" };
                format!("{}{}を{main}算定するため、併せて算定しません（{}）。", when(span), name(winner), cited(relation, &codes))
            }
        };
        outcome.lost.push((loser, why));
    });
    // What is only known to depend on more is said of what is left.
    for relation in relations.iter().filter(|r| !gone[r.first] && (r.other >= today || !gone[r.other])) {
        if !relation.decides() {
            hint(&mut outcome, relation, &codes, &name);
        } else if relation.other >= today {
            let (day, what) = (past[relation.other - today].on, name(relation.other));
            outcome.look.push(format!(
                "{}を算定すると、{}月{}日に算定した{what}は算定できません。確認してください（{}）。",
                name(relation.first),
                day.month(),
                day.day(),
                cited(relation, &codes)
            ));
        }
    }
    outcome
}

/// Goes from what nothing beats to what is beaten, the dearer and then the lower code first.
fn decide(nodes: &[Node], holding: &[&Relation], gone: &mut [bool], mut lose: impl FnMut(usize, usize, &Relation)) {
    let mut open: Vec<usize> = holding.iter().flat_map(|r| [r.first, r.other]).filter(|place| !gone[*place]).collect();
    open.sort_unstable();
    open.dedup();
    let beats = |relation: &Relation, winner: usize| match relation.billed {
        Billed::This => relation.first == winner,
        Billed::Other => relation.other == winner,
        Billed::Either => false,
    };
    while !open.is_empty() {
        let beaten = |place: usize| {
            holding.iter().any(|r| {
                let other = if r.first == place { r.other } else { r.first };
                (r.first == place || r.other == place) && beats(r, other) && open.contains(&other)
            })
        };
        let dearest = |places: &mut dyn Iterator<Item = usize>| {
            places.max_by(|a, b| nodes[*a].rank.cmp(&nodes[*b].rank).then(nodes[*b].code.cmp(&nodes[*a].code)))
        };
        let free = dearest(&mut open.iter().copied().filter(|place| !beaten(*place)));
        // Three items that beat each other in a ring: no row says it, then the dearest stays.
        let Some(winner) = free.or_else(|| dearest(&mut open.iter().copied())) else { break };
        open.retain(|place| *place != winner);
        for relation in holding.iter().filter(|r| r.first == winner || r.other == winner) {
            let loser = if relation.first == winner { relation.other } else { relation.first };
            if let Some(at) = open.iter().position(|place| *place == loser) {
                open.remove(at);
                gone[loser] = true;
                lose(winner, loser, relation);
            }
        }
    }
}

fn when(span: Span) -> &'static str {
    match span {
        Span::SameTime => "同時に",
        Span::Day => "同じ日に",
        Span::Week => "同じ週に",
        Span::Month => "同じ月に",
    }
}

fn hint(outcome: &mut Outcome, relation: &Relation, codes: &[Code9], name: &impl Fn(usize) -> String) {
    let loser = if relation.billed == Billed::This { relation.other } else { relation.first };
    let (one, two) = (name(relation.first), name(relation.other));
    let row = cited(relation, codes);
    let text = match relation.strength {
        Strength::Decides => return,
        Strength::Former => {
            let text = format!("{one}と{two}は改定前の電子点数表では併せて算定しません。確認してください（{row}）。");
            return outcome.look.push(text);
        }
        Strength::Pictures => format!("{one}と{two}: 内視鏡検査の写真診断であれば撮影・診断は算定しません（{row}）。"),
        Strength::Conditional => format!("{one}と{two}を併せて算定するには条件があります。査定に注意してください（{row}）。"),
    };
    outcome.cut.push((codes[loser], text));
}

/// Table and row.
fn cited(relation: &Relation, codes: &[Code9]) -> String {
    match relation.source {
        Source::Bundled(unit) => cited_as(relation, codes, unit.label()),
        Source::Excluded(span) => cited_as(relation, codes, RuleTable::Exclusions(span).label()),
    }
}

fn cited_as(relation: &Relation, codes: &[Code9], label: &str) -> String {
    let (one, two) = (codes[relation.first], codes[relation.other]);
    let special = if relation.strength == Strength::Conditional { "・特例条件" } else { "" };
    match relation.source {
        Source::Bundled(_) => {
            let (owner, member) = if relation.billed == Billed::Other { (two, one) } else { (one, two) };
            format!("{}（{label}） {owner}に{member}{special}", RuleTable::Bundles.label())
        }
        Source::Excluded(_) => format!("{label} {one}・{two} 背反区分{}{special}", relation.billed.number()),
    }
}
