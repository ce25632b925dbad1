//! Which slice an item belongs to.

use super::{
    facts::{FACTS, Node, Slicing},
    structure::Walk,
};
use serde_json::Value;

/// An item of an element: its value and its type.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    /// The value; none where only an extension stands for a primitive.
    pub value: Option<&'a Value>,
    /// The type's name.
    pub kind: &'static str,
}

impl<'d> Walk<'d> {
    /// The index of the slice that an item belongs to.
    pub(super) fn slice_of(&self, node: &'static Node, slicing: &Slicing, item: Item<'d>) -> Option<usize> {
        if let [("profile", path)] = slicing.by.as_slice() {
            return self.slice_by_profile(node, slicing, path, item);
        }
        node.slices.iter().position(|slice| slicing.by.iter().all(|(kind, path)| self.matches(slice, kind, path, item)))
    }

    fn matches(&self, slice: &Node, kind: &str, path: &str, item: Item<'d>) -> bool {
        match kind {
            "value" | "pattern" => by_value(slice, path, item.value),
            "type" => {
                let target = if path == "$this" { item.value } else { item.value.map(|v| &v[path]) };
                let name = target.and_then(|v| v["resourceType"].as_str()).unwrap_or(item.kind);
                let narrowed = if path == "$this" { Some(slice) } else { slice.children.get(path) };
                narrowed.is_some_and(|n| n.types.iter().any(|t| t.code == name))
            }
            "exists" => item.value.is_some_and(|v| !v[path].is_null()) == slice.children.get(path).is_some_and(|n| n.min > 0),
            _ => false,
        }
    }

    /// By the profile an item claims; a resource that claims none of the slices' profiles belongs to the slice of its kind
    /// where the slicing is closed, so that what is wrong with it is said, and else to the one it conforms to.
    fn slice_by_profile(&self, node: &'static Node, slicing: &Slicing, path: &str, item: Item<'d>) -> Option<usize> {
        let (resource, at) = match path {
            "$this" => (item.value?, None),
            "resource" => (&item.value?["resource"], Some("resource")),
            _ => (self.resolve(item.value?)?, None),
        };
        let kind = resource["resourceType"].as_str()?;
        let wanted = |slice: &'static Node| -> Vec<&'static str> {
            let narrowed = at.map_or(Some(slice), |at| slice.children.get(at));
            let uses = narrowed.map(|n| n.types.as_slice()).unwrap_or_default();
            uses.iter().flat_map(|t| t.profiles.iter().chain(&t.targets).copied()).collect()
        };
        let slices = &node.slices;
        let of_kind: Vec<usize> = (0..slices.len())
            .filter(|i| {
                let profiles = wanted(&slices[*i]);
                let uses = at
                    .map_or(Some(&slices[*i]), |at| slices[*i].children.get(at))
                    .map(|n| n.types.as_slice())
                    .unwrap_or_default();
                profiles.iter().any(|p| self.profiles.get(p).is_some_and(|p| p.kind == kind))
                    || uses.iter().any(|t| t.code == kind)
            })
            .collect();
        let claims: Vec<&str> = claims(resource).collect();
        let claimed = of_kind.iter().copied().find(|i| wanted(&slices[*i]).iter().any(|p| claims.contains(p)));
        if claimed.is_some() {
            return claimed;
        }
        match of_kind.as_slice() {
            [one] if slicing.closed => Some(*one),
            candidates => candidates.iter().copied().find(|i| wanted(&slices[*i]).iter().any(|p| self.conforms(resource, p))),
        }
    }
}

/// Profiles a resource claims, without versions.
pub(super) fn claims(resource: &Value) -> impl Iterator<Item = &str> {
    resource["meta"]["profile"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(|p| p.split('|').next().unwrap_or(p))
}

/// Whether an item has at the path what the slice fixes there; an extension's slice is known by its profile.
fn by_value(slice: &Node, path: &str, item: Option<&Value>) -> bool {
    let Some(item) = item else { return false };
    if path == "url"
        && let Some(profile) = slice.types.iter().flat_map(|t| &t.profiles).next()
    {
        return item["url"] == *profile;
    }
    let mut node = slice;
    let mut values = vec![item];
    for segment in path.split('.').filter(|s| *s != "$this") {
        let Some(next) = node.children.get(segment) else { return false };
        node = next;
        values = values
            .into_iter()
            .flat_map(|value| match &value[segment] {
                Value::Array(list) => list.iter().collect(),
                Value::Null => Vec::new(),
                one => vec![one],
            })
            .collect();
    }
    values.into_iter().any(|value| match (&node.value, node.set) {
        (Some((fixed, wanted)), _) => fits(*fixed, wanted, value),
        (None, Some(set)) => in_set(set, value).unwrap_or(false),
        _ => false,
    })
}

/// Whether a value is the fixed one or contains the pattern. Text is compared after NFKC, as displays must be.
pub(super) fn fits(fixed: bool, wanted: &Value, value: &Value) -> bool {
    match (wanted, value) {
        (Value::String(a), Value::String(b)) => a == b || crate::text::same_display(a, b),
        (Value::Object(a), Value::Object(b)) => {
            (!fixed || a.len() == b.len())
                && a.iter().all(|(key, wanted)| b.get(key).is_some_and(|value| fits(fixed, wanted, value)))
        }
        (Value::Array(a), Value::Array(b)) if fixed => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| fits(true, a, b)),
        (Value::Array(a), Value::Array(b)) => a.iter().all(|wanted| b.iter().any(|value| fits(false, wanted, value))),
        (a, b) => a == b || matches!((a.as_f64(), b.as_f64()), (Some(a), Some(b)) if a == b),
    }
}

/// Whether a code, coding or concept is of a value set; none where the set is not listed in the tables.
pub(super) fn in_set(url: &str, value: &Value) -> Option<bool> {
    let set = FACTS.sets.get(url)?;
    // A bare code names its set by itself; a coding must name its system.
    let has = |system: Option<&str>, code: Option<&str>| match (system, code) {
        (Some(system), Some(code)) => set.get(system).is_some_and(|codes| codes.contains(code)),
        _ => false,
    };
    Some(match value {
        Value::String(code) => set.values().any(|codes| codes.contains(code.as_str())),
        Value::Object(map) if map.contains_key("coding") => {
            map["coding"].as_array().is_some_and(|list| list.iter().any(|c| has(c["system"].as_str(), c["code"].as_str())))
        }
        // A concept with words alone holds no code of the set.
        Value::Object(map) if map.contains_key("text") && !map.contains_key("code") => false,
        other => has(other["system"].as_str(), other["code"].as_str()),
    })
}
