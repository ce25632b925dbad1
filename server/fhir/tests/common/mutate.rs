//! One change to a document.

use serde_json::{Value, json};

/// Every place in a document.
pub fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(k, v)| places(v, &format!("{at}/{k}"), out)),
        Value::Array(list) => list.iter().enumerate().for_each(|(i, v)| places(v, &format!("{at}/{i}"), out)),
        _ => {}
    }
    if !at.is_empty() {
        out.push(at.to_owned());
    }
}

/// Changes one place in one of seven ways; says which.
pub fn mutate(document: &mut Value, place: &str, way: u8) -> Option<&'static str> {
    let (parent, last) = place.rsplit_once('/')?;
    let parent = document.pointer_mut(parent)?;
    let old = match parent {
        Value::Object(map) => map.get(last)?.clone(),
        Value::Array(list) => list.get(last.parse::<usize>().ok()?)?.clone(),
        _ => return None,
    };
    let (name, new) = match (way, &old) {
        (0, _) => {
            match parent {
                Value::Object(map) => drop(map.shift_remove(last)),
                Value::Array(list) => drop(list.remove(last.parse().ok()?)),
                _ => {}
            }
            return Some("removed");
        }
        (1, Value::String(_)) => ("emptied", json!("")),
        (2, Value::String(text)) => ("altered", json!(format!("{text}x"))),
        (3, Value::String(_)) => ("number for words", json!(7)),
        (3, Value::Number(_)) => ("words for a number", json!("seven")),
        (4, Value::Array(list)) => ("array for one", list.first()?.clone()),
        (4, _) => ("one for an array", json!([old])),
        (5, Value::Array(list)) => ("doubled", Value::Array(list.iter().chain(list).cloned().collect())),
        (6, _) => {
            let Value::Object(map) = parent else { return None };
            let value = map.shift_remove(last)?;
            map.insert(format!("{last}X"), value);
            return Some("misspelt");
        }
        _ => return None,
    };
    match parent {
        Value::Object(map) => drop(map.insert(last.into(), new)),
        Value::Array(list) => list[last.parse::<usize>().ok()?] = new,
        _ => {}
    }
    Some(name)
}
