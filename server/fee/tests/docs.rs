//! Every example of `docs/fee-json.md` gives the answer that stands under it.

#[expect(dead_code, reason = "the full masters belong to another test")]
mod common;

use serde_json::Value;

/// The fenced blocks of the page: (what the fence says, text).
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Option<(String, String)> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(kind)) => open = Some((kind.to_owned(), String::new())),
            (Some(_), Some(_)) => found.extend(open.take()),
            (Some((_, text)), None) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    found
}

#[test]
fn the_examples_of_the_page_are_real() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/fee-json.md")).expect("the page");
    let tables = common::small();
    let blocks = blocks(&page);
    let mut compared = 0;
    for pair in blocks.windows(2) {
        let [(asked, input), (answered, expected)] = pair else { continue };
        let mut lines = match asked.as_str() {
            "json fee" => fee::json::fee_lines(input, &fee::Engine, &tables),
            "json copay" => fee::json::copay_lines(input),
            _ => continue,
        };
        assert_eq!(lines.len(), 1);
        match (lines.remove(0), answered.as_str()) {
            (Ok(line), "json answer") => {
                let (line, expected): (Value, Value) =
                    (serde_json::from_str(&line).expect("JSON"), serde_json::from_str(expected).expect("JSON"));
                assert_eq!(line, expected);
            }
            (Err(error), "text answer") => assert_eq!(error.to_string(), expected.trim()),
            (line, kind) => panic!("{line:?} is no {kind}"),
        }
        compared += 1;
    }
    assert!(compared >= 7, "only {compared}");
}
