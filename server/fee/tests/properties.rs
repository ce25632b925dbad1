//! What holds for whatever is ordered, over the derived masters beside the project.

mod common;

use common::{Fixture, day};
use fee::{Calculator, Engine, Request, json};
use model::{fee::Statement, master::Tables};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::sync::OnceLock;

/// The masters and the codes a clinic can order: points (no percent), one order a line, parts B to L.
fn masters() -> Option<&'static (Fixture, Vec<String>)> {
    static TABLES: OnceLock<Option<(Fixture, Vec<String>)>> = OnceLock::new();
    let made = TABLES.get_or_init(|| {
        let tables = common::full()?;
        let on = day("2026-07-10");
        let mut codes: Vec<String> = tables
            .procedures
            .keys()
            .filter_map(|code| tables.procedure(code, on))
            .filter(|row| row.in_out != 1 && row.hospital_clinic != 1 && row.point_kind == 3 && row.step.is_none())
            .filter(|row| row.article.chars().next().is_some_and(|letter| "BCDEGHIJKL".contains(letter)))
            .map(|row| row.code.0.clone())
            .collect();
        codes.sort();
        Some((tables, codes))
    });
    made.as_ref()
}

/// Codes among which rules work, so that chance meets them often.
const NEAR: [&str; 40] = [
    "113001810",
    "113002850",
    "113002910",
    "113000910",
    "113010010",
    "113017510",
    "113041810",
    "113707110",
    "113024810",
    "113037210",
    "114000110",
    "114001110",
    "114005810",
    "160008010",
    "160022510",
    "160068410",
    "160072110",
    "160036510",
    "170000410",
    "170027910",
    "170011810",
    "170015210",
    "180755710",
    "180067310",
    "140000610",
    "140001010",
    "140032010",
    "140029610",
    "140040310",
    "140019710",
    "140019810",
    "140048010",
    "150001010",
    "150001810",
    "130003510",
    "180016110",
    "113009510",
    "160000210",
    "170016010",
    "140038710",
];

fn request(kind: &str, birth: &str, time: &str, codes: &[String], history: &[String]) -> Value {
    json!({
        "date": "2026-07-10", "time": time,
        "facility": {"kind": "clinic", "standards": ["小児科", "小児科外来診療料", "電子画像管理", "検体検査管理加算1", "耳鼻咽喉科"]},
        "patient": {"birth_date": birth},
        "visit": {"kind": kind, "holiday": false},
        "coverage": {"insurance": {"insurer": "06130488", "share": 30}},
        "diagnoses": [{"code": "4939008", "started": "2025-07-01", "principal": true}],
        "orders": codes.iter().map(|code| json!({"code": code, "quantity": 1})).collect::<Value>(),
        "history": history.iter().map(|code| json!({"date": "2026-07-03", "code": code, "points": 100})).collect::<Value>(),
    })
}

fn calculate(value: Value) -> Option<Statement> {
    let (tables, _) = masters()?;
    let request: Request = json::read(value).expect("a request");
    // Orders below their lower quantity are refused with a path; nothing of that is asked here.
    Some(Engine.calculate(tables, &request).expect("a statement"))
}

fn pick(picks: &[(bool, usize)]) -> Vec<String> {
    let Some((_, codes)) = masters() else { return Vec::new() };
    picks
        .iter()
        .map(|(near, index)| if *near { NEAR[index % NEAR.len()].to_owned() } else { codes[index % codes.len()].clone() })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    /// Total = Σ lines; the order of orders does not matter; twice is the same; another patient changes nothing; every order is a
    /// line, part of a line or omitted with a reason; every line has a reason and a citation.
    #[test]
    fn statements_hold_together(
        picks in prop::collection::vec((any::<bool>(), any::<usize>()), 0..9),
        past in prop::collection::vec((Just(true), any::<usize>()), 0..3),
        turn in any::<usize>(),
        who in 0usize..4,
        when in 0usize..3,
        kind in 0usize..2,
    ) {
        let birth = ["1951-03-02", "2018-01-01", "2022-01-01", "2024-12-01"][who];
        let time = ["10:15", "18:30", "23:10"][when];
        let kind = ["first", "return"][kind];
        let (codes, history) = (pick(&picks), pick(&past));
        let Some(one) = calculate(request(kind, birth, time, &codes, &history)) else { return Ok(()) };
        let mut turned = codes.clone();
        if !turned.is_empty() {
            let by = turn % turned.len();
            turned.rotate_left(by);
            if turn % 2 == 0 { turned.reverse(); }
        }
        let other = calculate(request("return", "1990-01-01", "10:15", &pick(&[(true, turn)]), &[])).expect("masters");
        prop_assert_eq!(&one, &calculate(request(kind, birth, time, &turned, &history)).expect("masters"));
        prop_assert_eq!(&one, &calculate(request(kind, birth, time, &codes, &history)).expect("masters"));
        prop_assert_eq!(&other, &calculate(request("return", "1990-01-01", "10:15", &pick(&[(true, turn)]), &[])).expect("masters"));
        prop_assert_eq!(one.points.0, one.lines.iter().map(|line| line.total().0).sum::<i64>());
        prop_assert!(one.points.0 >= 0);
        for line in &one.lines {
            prop_assert!(!line.reason.is_empty() && !line.citation.is_empty(), "{}", line.code);
        }
        let (tables, _) = masters().expect("masters");
        for code in &codes {
            let name = &tables.procedure(code, day("2026-07-10")).expect("a row").name;
            let found = one.lines.iter().any(|line| &line.code == code || line.parts.contains(name))
                || one.omitted.iter().any(|omitted| &omitted.code == code && !omitted.reason.is_empty());
            prop_assert!(found, "{code} {name} vanished");
        }
    }

    /// How the history and the diagnoses were read does not matter: neither to lines nor to reasons nor to the payment.
    #[test]
    fn the_order_of_the_history_does_not_matter(
        picks in prop::collection::vec((any::<bool>(), any::<usize>()), 0..5),
        past in prop::collection::vec((any::<bool>(), any::<usize>(), 0usize..6, 1i64..4), 0..8),
        turn in any::<usize>(),
    ) {
        let days = ["2026-07-01", "2026-07-03", "2026-07-09", "2026-07-10", "2026-06-12", "2026-02-02"];
        let mut history: Vec<Value> = past
            .iter()
            .flat_map(|(near, index, at, count)| {
                pick(&[(*near, *index)]).into_iter().map(move |code| json!({"date": days[*at], "code": code, "points": 70, "count": count}))
            })
            .collect();
        let mut diagnoses = vec![
            json!({"code": "4939008", "started": "2025-07-01", "principal": true}),
            json!({"code": "8833421", "started": "2026-01-01"}),
            json!({"code": "4659007", "started": "2026-07-10", "suspected": true}),
        ];
        let mut asked = request("return", "1951-03-02", "10:15", &pick(&picks), &[]);
        asked["coverage"]["subsidies"] = json!([{"payer": "54136015", "share": 20, "cap": 5000}]);
        let ask = |history: &[Value], diagnoses: &[Value]| {
            let mut asked = asked.clone();
            (asked["history"], asked["diagnoses"]) = (history.into(), diagnoses.into());
            calculate(asked)
        };
        let Some(one) = ask(&history, &diagnoses) else { return Ok(()) };
        diagnoses.rotate_left(turn % 3);
        if !history.is_empty() {
            let by = turn % history.len();
            history.rotate_left(by);
            if turn % 2 == 0 { history.reverse(); }
        }
        prop_assert_eq!(&one, &ask(&history, &diagnoses).expect("masters"));
    }

    /// Adding an order to one patient never changes the statement of another, in whatever order they are calculated; and the
    /// order itself is a line, part of one or omitted with a reason.
    #[test]
    fn an_order_never_changes_another_patient(
        patients in prop::collection::vec((prop::collection::vec((any::<bool>(), any::<usize>()), 0..5), 0usize..3), 2..6),
        whose in any::<usize>(),
        added in (any::<bool>(), any::<usize>()),
    ) {
        let births = ["1951-03-02", "2018-01-01", "2024-12-01"];
        let mut asked: Vec<Value> =
            patients.iter().map(|(picks, who)| request("return", births[*who], "10:15", &pick(picks), &[])).collect();
        if masters().is_none() { return Ok(()) }
        let before: Vec<Statement> = asked.iter().filter_map(|asked| calculate(asked.clone())).collect();
        let whose = whose % asked.len();
        let code = pick(&[added]).remove(0);
        asked[whose]["orders"].as_array_mut().expect("orders").push(json!({"code": code, "quantity": 1}));
        let after: Vec<Statement> = asked.iter().rev().filter_map(|asked| calculate(asked.clone())).collect();
        for (index, (before, after)) in before.iter().zip(after.iter().rev()).enumerate() {
            if index != whose {
                prop_assert_eq!(before, after);
            } else {
                let name = &masters().expect("masters").0.procedure(&code, day("2026-07-10")).expect("a row").name;
                let line = after.lines.iter().any(|line| line.code == code || line.parts.contains(name));
                prop_assert!(line || after.omitted.iter().any(|omitted| omitted.code == code), "{code} {name}");
            }
        }
    }

    /// Whatever is decided by hand over the whole master: total = Σ lines, twice is the same, what is withheld is gone, and what
    /// nobody decided on is as the rules left it.
    #[test]
    fn decisions_by_hand_never_break_the_sum(
        picks in prop::collection::vec((any::<bool>(), any::<usize>()), 0..6),
        decided in prop::collection::vec((any::<bool>(), any::<usize>(), 0usize..3, 1i64..10), 0..5),
        of_lines in prop::collection::vec((any::<usize>(), any::<bool>()), 0..3),
    ) {
        let mut asked = request("return", "1951-03-02", "10:15", &pick(&picks), &[]);
        let Some(plain) = calculate(asked.clone()) else { return Ok(()) };
        prop_assert!(!plain.lines.is_empty());
        let mut changes = std::collections::BTreeMap::<String, Value>::new();
        for (near, index, what, count) in decided {
            let change = [json!("withhold"), json!({"add": {"count": count}}), json!({"count": {"count": count}})][what].clone();
            changes.insert(pick(&[(near, index)]).remove(0), change);
        }
        for (index, withheld) in of_lines {
            let line = &plain.lines[index % plain.lines.len()];
            changes.insert(line.code.clone(), if withheld { json!("withhold") } else { json!({"count": {"count": 2}}) });
        }
        asked["overrides"] =
            changes.iter().map(|(code, change)| json!({"code": code, "change": change, "reason": "手で"})).collect();
        let one = calculate(asked.clone()).expect("masters");
        prop_assert_eq!(&one, &calculate(asked).expect("masters"));
        prop_assert_eq!(one.points.0, one.lines.iter().map(|line| line.total().0).sum::<i64>());
        prop_assert!(one.points.0 >= 0 && one.payment.patient_yen.0 >= 0);
        for (code, change) in &changes {
            let gone = change == "withhold";
            prop_assert!(!gone || one.lines.iter().all(|line| &line.code != code), "{code}");
            prop_assert!(gone || one.lines.iter().filter(|line| &line.code == code).all(|line| line.count > 0), "{code}");
        }
        // Withheld laboratory tests take along what follows from them: the others are as if those had not been ordered.
        let (tables, _) = masters().expect("masters");
        let test = |code: &str| tables.procedure(code, day("2026-07-10")).is_some_and(|row| row.judgement_kind == 1);
        if plain.lines.iter().any(|line| test(&line.code) && changes.get(&line.code).is_some_and(|change| change == "withhold")) {
            return Ok(());
        }
        let untouched = |statement: &Statement| -> Vec<_> {
            statement.lines.iter().filter(|line| !changes.contains_key(&line.code)).cloned().collect()
        };
        prop_assert_eq!(untouched(&one), untouched(&plain));
    }

    /// Where the notices let either of two stand (背反区分 3), it does not matter which came first: neither follows the other.
    #[test]
    fn exclusion_is_symmetric(first in 0usize..6, second in 0usize..6) {
        // 通知 特掲診療料 通則1 and J119 注2.
        let groups: [&[&str]; 2] =
            [&["113001810", "113002850", "113002910", "113000910", "114005810", "113006510"], &["140029610", "140040310", "140002210"]];
        for group in groups {
            let (a, b) = (group[first % group.len()], group[second % group.len()]);
            if a == b {
                continue;
            }
            let both = |x: &str, y: &str| calculate(request("return", "1951-03-02", "10:15", &[x.to_owned(), y.to_owned()], &[]));
            let Some(one) = both(a, b) else { return Ok(()) };
            let billed = one.lines.iter().filter(|line| line.code == a || line.code == b).count();
            prop_assert_eq!(billed, 1, "{} {}", a, b);
            prop_assert_eq!(&one, &both(b, a).expect("masters"));
        }
    }

    /// What a fee contains never stands beside it.
    #[test]
    fn contained_items_never_stand_beside_their_owner(
        owner in 0usize..4,
        picks in prop::collection::vec((any::<bool>(), any::<usize>()), 1..8),
        past in any::<bool>(),
    ) {
        let (code, words) = [
            ("113041810", "B001-3"),
            ("113707110", "B001-3-3"),
            ("113024810", "B001-2-9"),
            ("113037310", "B001-2-11"),
        ][owner];
        let birth = if owner == 3 { "2022-01-01" } else { "1951-03-02" };
        let mut codes = pick(&picks);
        let history = if past && owner < 3 { vec![code.to_owned()] } else { codes.push(code.to_owned()); Vec::new() };
        let Some(statement) = calculate(request("return", birth, "10:15", &codes, &history)) else { return Ok(()) };
        let home = statement.lines.iter().any(|line| line.citation == "C001");
        let holds = history.contains(&code.to_owned()) || statement.lines.iter().any(|line| line.code == code);
        if !holds || home {
            return Ok(());
        }
        // Others of these owners may prevail among the picks.
        let prevails = |other: &str| statement.lines.iter().any(|line| line.code == other && other != code);
        if ["113037210", "113024810", "113041810"].into_iter().any(prevails) {
            return Ok(());
        }
        for line in &statement.lines {
            let letter = line.citation.chars().next().unwrap_or(' ');
            let inside = match words {
                // 通知 B001-3(3), B001-3-3(3): 外来管理加算 may stand on another day of the month.
                "B001-3" => matches!(letter, 'D' | 'G' | 'N') || (line.code == "112011010" && history.is_empty()),
                "B001-3-3" => (line.code == "112011010" && history.is_empty()) || line.code == "113001810",
                "B001-2-9" => letter == 'A' || (matches!(letter, 'G' | 'H' | 'I' | 'K' | 'L') && line.code != code),
                _ => matches!(letter, 'A' | 'D' | 'E' | 'F' | 'G' | 'H' | 'I' | 'J' | 'K' | 'L'),
            };
            prop_assert!(!inside, "{} {} beside {words}: {:#?}", line.code, line.name, statement.lines);
        }
    }
}
