//! The walk over a document: every element against its type and against what the profiles say of it.

use super::{
    Issues, Severity,
    facts::{FACTS, Field, Node, Profiles, TypeUse, profiles_of, short},
    invariants, primitive, rules,
    slices::{Item, claims, fits, in_set},
};
use crate::Version;
use serde_json::{Map, Value};
use std::collections::HashMap;

/// How deep nesting may go; what is deeper is not a document a person wrote.
const DEEPEST: usize = 40;

/// Names of all types of FHIR R4.
const ALL_TYPES: &str = "http://hl7.org/fhir/ValueSet/all-types";

/// A walk over one document.
pub(super) struct Walk<'d> {
    /// The document.
    pub(super) root: &'d Value,
    /// The profiles of the version asked for.
    pub(super) profiles: &'static Profiles,
    /// Entries of the bundle by address.
    pub(super) entries: HashMap<&'d str, &'d Value>,
    /// The resources around the place we are at; `#id` is looked up in the outermost that is not the bundle.
    pub(super) around: Vec<&'d Value>,
    /// What was found.
    pub issues: Issues,
    pub(super) depth: usize,
    /// Only a trial: references are not held against the profiles of their targets, so that trials end.
    pub(super) trial: bool,
    /// Whether a resource (by its place in memory) follows a profile, once tried.
    pub(super) tried: HashMap<(usize, &'static str), bool>,
}

impl<'d> Walk<'d> {
    /// A walk over a document.
    pub fn new(root: &'d Value, version: Version) -> Self {
        let entries = root["entry"].as_array().into_iter().flatten();
        let entries = entries.filter_map(|e| Some((e["fullUrl"].as_str()?, &e["resource"]))).collect();
        Self {
            root,
            profiles: profiles_of(version),
            entries,
            around: Vec::new(),
            issues: Issues::of(version),
            depth: 0,
            trial: false,
            tried: HashMap::new(),
        }
    }

    /// Walks all of it.
    pub fn document(&mut self) {
        match self.root["resourceType"].as_str() {
            Some(kind) => self.resource(self.root, &[], kind),
            None => self.issues.error("structure", "FHIR R4", "", "FHIRリソースではありません（resourceTypeがありません）。"),
        }
    }

    fn resource(&mut self, resource: &'d Value, nodes: &[&'static Node], path: &str) {
        let Some(map) = resource.as_object() else {
            self.issues.error("structure", "FHIR R4", path, "リソースはJSONオブジェクトでなければなりません。");
            return;
        };
        let kind = resource["resourceType"].as_str().unwrap_or_default();
        let Some((&kind, _)) = FACTS.types.get_key_value(kind) else {
            if kind.is_empty() {
                self.issues.error("structure", "FHIR R4", path, "resourceTypeがありません。");
            } else if in_set(ALL_TYPES, &resource["resourceType"]) == Some(false) {
                let at = format!("{path}.resourceType");
                self.issues.error("structure", "FHIR R4", &at, format!("{kind} というリソースはありません。"));
            } else {
                let text = format!("リソース {kind} の検証には対応していません。");
                self.issues.push(Severity::Information, "not-supported", "FHIR R4", path, text);
            }
            return;
        };
        let mut all = nodes.to_vec();
        for url in claims(resource) {
            match self.profiles.get(url) {
                Some(profile) if profile.kind == kind => all.push(&profile.root),
                Some(profile) => {
                    let text = format!("{} は {} のプロファイルであり、{kind} には使えません。", short(url), profile.kind);
                    self.issues.error("structure", "FHIR R4 meta.profile", &format!("{path}.meta.profile"), text);
                }
                None => {
                    let text = format!("プロファイル {url} は手元の定義にないため、準拠を確認できません。");
                    self.issues.push(Severity::Warning, "not-found", "meta.profile", &format!("{path}.meta.profile"), text);
                }
            }
        }
        all.dedup_by(|a, b| std::ptr::eq(*a, *b));
        self.around.push(resource);
        self.object(map, kind, &all, path);
        invariants::resource(resource, kind, path, &mut self.issues);
        rules::resource(resource, kind, path, &mut self.issues);
        self.around.pop();
    }

    /// An object of a type (`container` is a type's name or the path of a backbone element).
    pub(super) fn object(&mut self, map: &'d Map<String, Value>, container: &'static str, nodes: &[&'static Node], path: &str) {
        let Some(fields) = FACTS.types.get(container) else { return };
        self.depth += 1;
        if self.depth > DEEPEST {
            self.issues.error("too-long", "FHIR R4", path, "入れ子が深すぎます。");
            self.depth -= 1;
            return;
        }
        if map.is_empty() {
            self.issues.error("structure", "ele-1", path, "空の要素は記述できません。");
        }
        let mut present: Vec<Option<(&'d str, &'static str)>> = vec![None; fields.len()];
        for key in map.keys() {
            let name = key.strip_prefix('_').unwrap_or(key);
            if key == "resourceType" && self.around.last().is_some_and(|r| r.as_object().is_some_and(|m| std::ptr::eq(m, map))) {
                continue;
            }
            let found = fields.iter().enumerate().find_map(|(i, f)| f.type_of(name).map(|kind| (i, kind)));
            match found {
                Some((i, kind)) if key.len() == name.len() || primitive::is_primitive(kind) => match present[i] {
                    Some((other, _)) if other != name => {
                        let text = format!("{other} と {name} は同時に記述できません。");
                        self.issues.error("structure", "FHIR R4", &format!("{path}.{name}"), text);
                    }
                    _ => present[i] = Some((name, kind)),
                },
                _ => {
                    let text = format!("{container} に要素 {key} はありません。");
                    self.issues.error("structure", "FHIR R4", &format!("{path}.{key}"), text);
                }
            }
        }
        for (field, present) in fields.iter().zip(present) {
            let said: Vec<&'static Node> = nodes.iter().filter_map(|node| node.children.get(field.name)).collect();
            // Most elements are neither there nor wanted.
            let wanted = |node: &Node| node.min > 0 || node.slices.iter().any(|slice| slice.min > 0);
            if present.is_none() && field.min == 0 && !said.iter().any(|node| wanted(node)) {
                continue;
            }
            self.element(map, field, present, &said, path);
        }
        self.depth -= 1;
    }

    fn element(
        &mut self,
        map: &'d Map<String, Value>,
        field: &'static Field,
        present: Option<(&'d str, &'static str)>,
        said: &[&'static Node],
        path: &str,
    ) {
        let name = present.map_or(field.name, |(key, _)| key);
        let at = format!("{path}.{}", name.trim_end_matches("[x]"));
        let items = present.map(|(key, kind)| self.items(map, field, key, kind, &at)).unwrap_or_default();
        if items.len() < field.min {
            self.missing("FHIR R4", field.content, field.min, &at);
        }
        for node in said {
            if items.len() < node.min {
                self.missing(node.owner, node.id, node.min, &at);
            }
            if node.max.is_some_and(|max| items.len() > max) {
                self.too_many(node.owner, node.id, node.max.unwrap_or(0), &at);
            }
        }
        // What a profile says of all sections holds for those inside as well (contentReference); slices are the outer ones'.
        let outer: Vec<&'static Node> =
            if field.content == "Composition.section" && at.contains("section[") { self.section_rules() } else { Vec::new() };
        let slices: Vec<Vec<Option<usize>>> = said.iter().map(|node| self.slices(node, &items, &at)).collect();
        for (index, item) in items.iter().enumerate() {
            let at = if field.many { format!("{at}[{index}]") } else { at.clone() };
            let mut nodes = said.to_vec();
            nodes.extend(&outer);
            for (node, assigned) in said.iter().zip(&slices) {
                nodes.extend(assigned[index].map(|slice| &node.slices[slice]));
            }
            self.item(*item, field, nodes, &at);
        }
    }

    /// What the profiles that the composition around us claims say of its sections.
    fn section_rules(&self) -> Vec<&'static Node> {
        let composition = self.around.iter().rev().find(|r| r["resourceType"] == "Composition");
        let urls = composition.into_iter().flat_map(|r| claims(r));
        urls.filter_map(|url| self.profiles.get(url)?.root.children.get("section")).collect()
    }

    /// The items of an element as JSON writes them: an array where it repeats, `_name` beside primitives.
    fn items(&mut self, map: &'d Map<String, Value>, field: &Field, key: &str, kind: &'static str, at: &str) -> Vec<Item<'d>> {
        let value = map.get(key);
        let beside = map.get(&format!("_{key}"));
        if field.many {
            let list = |v: Option<&'d Value>| v.map(|v| v.as_array().map(Vec::as_slice));
            return match (list(value), list(beside)) {
                (Some(None), _) | (_, Some(None)) => {
                    self.issues.error("structure", "FHIR R4", at, "繰り返し要素のため配列で記述してください。");
                    Vec::new()
                }
                (values, others) => {
                    let (values, others) = (values.flatten().unwrap_or_default(), others.flatten().unwrap_or_default());
                    if values.is_empty() && others.is_empty() {
                        self.issues.error("structure", "FHIR R4", at, "空の配列は記述できません。");
                    }
                    (0..values.len().max(others.len()))
                        .map(|i| Item { value: values.get(i).filter(|v| !v.is_null()), kind })
                        .collect()
                }
            };
        }
        match value {
            Some(Value::Array(_)) => {
                self.issues.error("structure", "FHIR R4", at, "繰り返さない要素のため配列では記述できません。");
                Vec::new()
            }
            Some(Value::Null) if beside.is_none() => {
                self.issues.error("structure", "FHIR R4", at, "nullは記述できません。");
                Vec::new()
            }
            other => vec![Item { value: other.filter(|v| !v.is_null()), kind }],
        }
    }

    fn slices(&mut self, node: &'static Node, items: &[Item<'d>], at: &str) -> Vec<Option<usize>> {
        let Some(slicing) = &node.slicing else {
            // Extensions are always sliced by url, also where the profile does not repeat it.
            let by_url = node.slices.iter().any(|s| s.types.iter().any(|t| t.code == "Extension"));
            let plain = super::facts::Slicing { closed: false, ordered: false, by: vec![("value", "url")] };
            let assigned: Vec<Option<usize>> =
                items.iter().map(|item| by_url.then(|| self.slice_of(node, &plain, *item)).flatten()).collect();
            self.count_slices(node, &assigned, at);
            return assigned;
        };
        let assigned: Vec<Option<usize>> = items.iter().map(|item| self.slice_of(node, slicing, *item)).collect();
        if slicing.closed {
            for (index, _) in assigned.iter().enumerate().filter(|(_, slice)| slice.is_none()) {
                let allowed: Vec<&str> = node.slices.iter().map(|s| s.slice).collect();
                let text = format!("許されていない内容です（許されるのは {} だけです）。", allowed.join("、"));
                self.issues.error("structure", format!("{} {} closed", node.owner, node.id), &format!("{at}[{index}]"), text);
            }
        }
        if slicing.ordered {
            let order: Vec<usize> = assigned.iter().flatten().copied().collect();
            if !order.is_sorted() {
                self.issues.error(
                    "structure",
                    format!("{} {} ordered", node.owner, node.id),
                    at,
                    "記述の順序が規定と異なります。",
                );
            }
        }
        self.count_slices(node, &assigned, at);
        assigned
    }

    fn count_slices(&mut self, node: &'static Node, assigned: &[Option<usize>], at: &str) {
        for (index, slice) in node.slices.iter().enumerate() {
            let count = assigned.iter().filter(|s| **s == Some(index)).count();
            if count < slice.min {
                self.missing(slice.owner, slice.id, slice.min, at);
            }
            if let Some(max) = slice.max.filter(|max| count > *max) {
                self.too_many(slice.owner, slice.id, max, at);
            }
        }
    }

    fn item(&mut self, item: Item<'d>, field: &'static Field, mut nodes: Vec<&'static Node>, at: &str) {
        let Some(value) = item.value else { return };
        for node in &nodes {
            self.value(node, value, at);
            let kind = value["resourceType"].as_str().unwrap_or(item.kind);
            if !node.types.is_empty() && !node.types.iter().any(|t| t.code == item.kind || t.code == kind) {
                let allowed: Vec<&str> = node.types.iter().map(|t| t.code).collect();
                let text = format!("型は {} でなければなりません。", allowed.join("、"));
                self.issues.error("structure", format!("{} {} type", node.owner, node.id), at, text);
            }
        }
        if let Some(false) = field.set.and_then(|set| in_set(set, value)) {
            self.issues.error("code-invalid", format!("FHIR R4 {}", field.content), at, "定められたコード表にない値です。");
        }
        if primitive::is_primitive(item.kind) {
            if let Some(flaw) = primitive::flaw(item.kind, value) {
                self.issues.error("value", format!("FHIR R4 {}", item.kind), at, flaw);
            }
            return;
        }
        let uses: Vec<&TypeUse> = nodes.iter().flat_map(|node| &node.types).collect();
        if item.kind == "Reference" {
            self.reference(value, field, &uses, at);
        }
        for kind in uses {
            if let [url] = kind.profiles.as_slice() {
                let wanted = self.profiles.get(url).filter(|p| p.kind == item.kind || value["resourceType"] == p.kind);
                nodes.extend(wanted.map(|profile| &profile.root));
            }
        }
        if item.kind == "Extension" {
            let known = value["url"].as_str().and_then(|url| self.profiles.get(url)).filter(|p| p.kind == "Extension");
            nodes.extend(known.map(|profile| &profile.root));
        }
        nodes.sort_by_key(|node| std::ptr::from_ref(*node));
        nodes.dedup_by(|a, b| std::ptr::eq(*a, *b));
        if item.kind == "Resource" {
            self.resource(value, &nodes, at);
            return;
        }
        let Some(map) = value.as_object() else {
            self.issues.error("structure", format!("FHIR R4 {}", item.kind), at, "JSONオブジェクトで記述してください。");
            return;
        };
        let backbone = matches!(item.kind, "BackboneElement" | "Element");
        self.object(map, if backbone { field.content } else { item.kind }, &nodes, at);
        invariants::element(item.kind, field.content, value, at, &mut self.issues);
    }

    fn value(&mut self, node: &'static Node, value: &Value, at: &str) {
        if let Some((fixed, wanted)) = &node.value
            && !fits(*fixed, wanted, value)
        {
            let shown = wanted.as_str().map_or_else(|| wanted.to_string(), str::to_owned);
            let text = format!("値は「{shown}」でなければなりません。");
            self.issues.error("value", format!("{} {}", node.owner, node.id), at, text);
        }
        if let Some(false) = node.set.and_then(|set| in_set(set, value)) {
            let text = format!("コード表 {} にない値です。", node.set.map(short).unwrap_or_default());
            self.issues.error("code-invalid", format!("{} {}", node.owner, node.id), at, text);
        }
    }

    fn missing(&mut self, owner: &str, id: &str, min: usize, at: &str) {
        let slice = id.rsplit('.').next().and_then(|s| s.split_once(':')).map(|(_, s)| format!("（{s}）")).unwrap_or_default();
        let name = named(at);
        let text = if min == 1 {
            format!("{name}{slice} は必須です。")
        } else {
            format!("{name}{slice} は{min}個以上必要です。")
        };
        self.issues.error("required", format!("{owner} {id} min={min}"), at, text);
    }

    fn too_many(&mut self, owner: &str, id: &str, max: usize, at: &str) {
        let name = named(at);
        let text =
            if max == 0 { format!("{name} は記述できません。") } else { format!("{name} は{max}個までです。") };
        self.issues.error("structure", format!("{owner} {id} max={max}"), at, text);
    }
}

/// An element as people call it, with its name in FHIR.
fn named(at: &str) -> String {
    let name = at.rsplit('.').next().unwrap_or(at);
    match super::chart::label(name) {
        "" => name.to_owned(),
        label => format!("{label}（{name}）"),
    }
}
