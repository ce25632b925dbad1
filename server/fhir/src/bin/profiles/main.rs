//! Makes the validator's tables of facts from the official definitions.
//!
//! `cargo run -p fhir --bin profiles -- ../shared/fhir/jp-clins` reads the StructureDefinitions, ValueSets and CodeSystems of
//! JP-CLINS 1.5.2 there, of 健診 (eCheckup) beside it, and the packages of FHIR R4 and JP Core 1.1.2-clins (unpacked with
//! `tar`), and writes `server/fhir/src/validate/facts/*.tsv`. Facts only: cardinalities, fixed values, slices, bindings,
//! codes; no prose.

mod codes;
mod structures;

use serde_json::Value;
use std::{
    collections::BTreeMap,
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Everything that was read, by canonical address.
#[derive(Default)]
struct Library {
    /// Profiles to validate with, in reading order; the first of an address wins.
    profiles: BTreeMap<String, Value>,
    /// Extensions that FHIR R4 itself defines.
    extensions: BTreeMap<String, Value>,
    /// Types of FHIR R4 by name.
    types: BTreeMap<String, Value>,
    /// Value sets.
    value_sets: BTreeMap<String, Value>,
    /// Code systems.
    code_systems: BTreeMap<String, Value>,
}

fn main() -> Outcome<()> {
    let source = std::env::args().nth(1).map(PathBuf::from).ok_or("usage: profiles <directory of jp-clins>")?;
    let fhir = source.parent().ok_or("the directory has no parent")?.to_owned();
    let work = std::env::temp_dir().join(format!("karte-profiles-{}", std::process::id()));
    let mut library = Library::default();
    for part in ["structuredefinition", "valueset", "codesystem"] {
        read(&source.join(part), &mut library, false)?;
        read(&fhir.join("echeckup").join(part), &mut library, false)?;
    }
    for (package, base) in [("jp-core-1.1.2-clins.val.tgz", false), ("hl7.fhir.r4.core-4.0.1-clean.tgz", true)] {
        let dir = work.join(package);
        fs::create_dir_all(&dir)?;
        let status = Command::new("tar").arg("xzf").arg(fhir.join("packages").join(package)).arg("-C").arg(&dir).status()?;
        if !status.success() {
            return Err(format!("{package} cannot be unpacked").into());
        }
        read(&dir.join("package"), &mut library, base)?;
    }
    fs::remove_dir_all(&work)?;

    let mut extensions: Vec<&String> = library.extensions.keys().collect();
    extensions.extend(library.profiles.iter().filter(|(_, p)| p["type"] == "Extension").map(|(url, _)| url));
    extensions.sort();
    let extensions = extensions.into_iter().fold(String::new(), |all, url| all + url + "\n");
    structures::adopt_extensions(&mut library);
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/validate/facts");
    fs::create_dir_all(&target)?;
    let (profiles, bound, used) = structures::profiles(&library);
    let (types, more) = structures::types(&library, &used);
    let sets = codes::value_sets(&library, bound.union(&more));
    let designated = codes::designated(&source.join("CORELABO_INFECTIONLABO_JLAC10.csv"), &library)?;
    // Code systems of JP Core that its package has not come with a compilation of the terminology.
    read(&fhir.join("terminology/compiled-partial"), &mut library, false)?;
    let systems = codes::systems(&library);
    for (name, text) in [
        ("profiles.tsv", profiles),
        ("types.tsv", types),
        ("valuesets.tsv", sets),
        ("designated.tsv", designated),
        ("systems.tsv", systems),
        ("extensions.tsv", extensions),
    ] {
        println!("{name}: {} lines, {} kB", text.lines().count(), text.len() / 1000);
        fs::write(target.join(name), text)?;
    }
    Ok(())
}

fn read(dir: &Path, library: &mut Library, base: bool) -> Outcome<()> {
    let mut paths: Vec<PathBuf> = fs::read_dir(dir)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if !["StructureDefinition-", "ValueSet-", "CodeSystem-"].iter().any(|p| name.starts_with(p)) || !name.ends_with(".json") {
            continue;
        }
        let value: Value = serde_json::from_slice(&fs::read(&path)?)?;
        let url = value["url"].as_str().unwrap_or_default().to_owned();
        match value["resourceType"].as_str() {
            Some("ValueSet") => drop(library.value_sets.entry(url).or_insert(value)),
            Some("CodeSystem") => drop(library.code_systems.entry(url).or_insert(value)),
            Some("StructureDefinition") if base && value["derivation"] != "constraint" => {
                let name = value["type"].as_str().unwrap_or_default().to_owned();
                library.types.entry(name).or_insert(value);
            }
            Some("StructureDefinition") if base && value["type"] == "Extension" => {
                library.extensions.entry(url).or_insert(value);
            }
            Some("StructureDefinition") if !base => drop(library.profiles.entry(url).or_insert(value)),
            _ => {}
        }
    }
    Ok(())
}
