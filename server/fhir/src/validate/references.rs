//! References: what they point to, and whether that is what was wanted.

use super::{
    Issues,
    facts::{FACTS, Field, TypeUse, short},
    slices::claims,
    structure::Walk,
};
use serde_json::Value;
use std::collections::HashMap;

impl<'d> Walk<'d> {
    /// Whether a resource would follow a profile; nothing is recorded.
    pub(super) fn conforms(&self, resource: &'d Value, profile: &str) -> bool {
        let Some(profile) = self.profiles.get(profile) else { return false };
        let mut trial = Walk {
            root: self.root,
            profiles: self.profiles,
            entries: self.entries.clone(),
            around: self.around.clone(),
            issues: Issues::of(self.issues.version),
            depth: self.depth,
            trial: true,
            tried: HashMap::new(),
        };
        let Some(map) = resource.as_object() else { return false };
        trial.around.push(resource);
        trial.object(map, profile.kind, &[&profile.root], profile.kind);
        trial.issues.errors() == 0
    }

    /// What a reference points to inside the document.
    pub(super) fn resolve(&self, reference: &Value) -> Option<&'d Value> {
        let target = reference["reference"].as_str()?;
        match target.strip_prefix('#') {
            Some(id) => {
                let holder = self.around.iter().find(|r| r["resourceType"] != "Bundle").copied()?;
                if id.is_empty() { Some(holder) } else { holder["contained"].as_array()?.iter().find(|c| c["id"] == id) }
            }
            None => self.entries.get(target).copied(),
        }
    }

    /// A reference: it points to something that is there, of the kind and profile wanted.
    pub(super) fn reference(&mut self, value: &'d Value, field: &Field, uses: &[&TypeUse], at: &str) {
        let target = value["reference"].as_str().unwrap_or_default();
        let resolved = self.resolve(value);
        let inside = target.starts_with('#') || target.starts_with("urn:uuid:") && !self.entries.is_empty();
        if inside && resolved.is_none() {
            let text = format!("参照先 {target} が文書の中にありません。");
            self.issues.error("not-found", "ref-1", at, text);
            return;
        }
        let claimed = value["type"].as_str();
        let named =
            resolved.and_then(|r| r["resourceType"].as_str()).or_else(|| match target.split('/').collect::<Vec<_>>()[..] {
                [.., kind, _] if FACTS.types.contains_key(kind) => Some(kind),
                _ => None,
            });
        if let (Some(a), Some(b)) = (claimed, named)
            && a != b
        {
            let text = format!("参照のtype（{a}）と参照先の種類（{b}）が一致しません。");
            self.issues.error("structure", "FHIR R4 Reference.type", at, text);
        }
        // Bound extensibly (resource-types): another kind is an absolute address.
        let kinds = || FACTS.sets.get("http://hl7.org/fhir/ValueSet/all-types")?.get("http://hl7.org/fhir/resource-types");
        if let Some(claim) = claimed.filter(|claim| named.is_none() && !claim.contains(':'))
            && kinds().is_some_and(|kinds| !kinds.contains(claim))
        {
            let text = format!("参照のtype（{claim}）はFHIRのリソースの種類ではありません。");
            self.issues.warn("code-invalid", "FHIR R4 Reference.type", at, text);
        }
        let Some(kind) = named.or(claimed) else { return };
        if !FACTS.types.contains_key(kind) {
            return;
        }
        let follows = |target: &str| match self.profiles.get(target) {
            Some(profile) => profile.kind == kind,
            // Profiles that are not in the tables may be on any type.
            None => {
                target.strip_prefix("http://hl7.org/fhir/StructureDefinition/").is_none_or(|of| of == kind || of == "Resource")
            }
        };
        let base = field.targets.is_empty() || field.targets.iter().any(|of| *of == kind || *of == "Resource");
        let said =
            uses.iter().filter(|u| u.code == "Reference").all(|u| u.targets.is_empty() || u.targets.iter().any(|t| follows(t)));
        if !base || !said {
            self.issues.error("structure", "FHIR R4 Reference", at, format!("{kind} を参照することはできません。"));
        } else if let Some(resource) = resolved.filter(|_| !self.trial) {
            self.target(resource, uses, at);
        }
    }

    /// A target inside the document that claims no profile we know follows one of those wanted; what claims one is held against
    /// that in its own place.
    fn target(&mut self, resource: &'d Value, uses: &[&TypeUse], at: &str) {
        let kind = resource["resourceType"].as_str().unwrap_or_default();
        for wanted in uses.iter().filter(|u| u.code == "Reference").map(|u| &u.targets) {
            let ours: Vec<&'static str> =
                wanted.iter().copied().filter(|t| self.profiles.get(t).is_some_and(|p| p.kind == kind)).collect();
            // A target that any resource of the kind meets is no demand.
            let plain = wanted.iter().any(|t| {
                t.strip_prefix("http://hl7.org/fhir/StructureDefinition/").is_some_and(|of| of == kind || of == "Resource")
            });
            if ours.is_empty() || plain || claims(resource).any(|claim| self.profiles.contains_key(claim)) {
                continue;
            }
            let follows = ours.iter().any(|profile| {
                let key = (std::ptr::from_ref(resource).addr(), *profile);
                if let Some(known) = self.tried.get(&key) {
                    return *known;
                }
                let follows = self.conforms(resource, profile);
                self.tried.insert(key, follows);
                follows
            });
            if !follows {
                let names: Vec<&str> = ours.iter().map(|p| short(p)).collect();
                let text = format!("参照先の{kind}は {} に準拠していなければなりません。", names.join("・"));
                self.issues.error("structure", "参照先のプロファイル", at, text);
            }
        }
    }
}
