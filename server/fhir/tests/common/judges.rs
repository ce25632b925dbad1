//! The way to `../shared`, and the independent validator there.

use serde_json::Value;
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::Command,
};

/// The material beside the project; none where it is absent, which is said aloud.
pub fn shared() -> Option<PathBuf> {
    let path = std::env::var_os("KARTE_SHARED")
        .map(PathBuf::from)
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    if path.join("fhir/jp-clins").is_dir() {
        Some(path)
    } else {
        eprintln!("SKIPPED: the shared material is not at {}", path.display());
        None
    }
}

/// The independent validator, unpacked once into the temporary directory of the build.
pub fn independent() -> Option<(PathBuf, PathBuf)> {
    let shared = shared()?;
    let packed = shared.join("tools/fbval.xz");
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fbval");
    if !target.exists() {
        let unpacked = Command::new("xz").arg("-dc").arg(&packed).output();
        let Ok(output) = unpacked.inspect_err(|e| eprintln!("SKIPPED: xz cannot be run: {e}")) else { return None };
        if !output.status.success() {
            eprintln!("SKIPPED: {} cannot be unpacked", packed.display());
            return None;
        }
        let fresh = target.with_extension(std::process::id().to_string());
        std::fs::write(&fresh, output.stdout).expect("the build directory can be written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&fresh, std::fs::Permissions::from_mode(0o755)).expect("own file");
        }
        std::fs::rename(&fresh, &target).expect("same directory");
    }
    Some((target, shared.join("fhir/packages")))
}

/// JP-CLINS 1.5.2 for the independent validator with one defect mended: the value set of the sections of a discharge summary
/// was a copy of the referral letter's, so that no summary could satisfy both it and the fixed codes (put right in 1.9.0,
/// 改訂履歴 2025-01-11). Here it takes all sections of its code system, and the four codes that the profile fixes though the code
/// system had already dropped them (put right in 1.5.4).
fn mended(packages: &Path) -> PathBuf {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("jp-clins-1.5.2-mended.tgz");
    if target.exists() {
        return target;
    }
    let dir = target.with_extension(std::process::id().to_string());
    std::fs::create_dir_all(&dir).expect("the build directory can be written");
    let run = |command: &mut Command| assert!(command.status().expect("tar runs").success(), "{command:?}");
    run(Command::new("tar").arg("xzf").arg(packages.join("jp-clins-1.5.2.val.tgz")).arg("-C").arg(&dir));
    let file = dir.join("package/ValueSet-jp-valueSet-eDischargeSummary-document-section.json");
    let mut set: Value = serde_json::from_slice(&std::fs::read(&file).expect("the value set")).expect("JSON");
    let old = ["362", "372", "552", "642"].map(|code| serde_json::json!({ "code": code }));
    set["compose"] =
        serde_json::json!({ "include": [{ "system": fhir::uri::SECTION }, { "system": fhir::uri::SECTION, "concept": old }] });
    std::fs::write(&file, set.to_string()).expect("own directory");
    let fresh = dir.with_extension("tgz");
    run(Command::new("tar").arg("czf").arg(&fresh).arg("-C").arg(&dir).arg("package"));
    std::fs::rename(&fresh, &target).expect("same directory");
    std::fs::remove_dir_all(&dir).expect("own directory");
    target
}

/// Runs the independent validator over files: for each file its name, whether it is valid, and the lines about errors. Health
/// check reports have packages of their own, since both bring different copies of the same extension.
pub fn judge(tool: &Path, packages: &Path, files: &[PathBuf]) -> Vec<(String, bool, Vec<String>)> {
    let is_checkup = |file: &PathBuf| file.to_string_lossy().contains("checkup");
    let (checkups, others): (Vec<PathBuf>, Vec<PathBuf>) = files.iter().cloned().partition(is_checkup);
    let core = ["hl7.fhir.r4.core-4.0.1-clean.tgz", "jp-core-1.1.2-clins.val.tgz"].map(|p| packages.join(p));
    let mut verdicts = HashMap::new();
    for (list, own) in [(checkups, packages.join("echeckup-1.5.0.val.tgz")), (others, mended(packages))] {
        // A command line holds only so much.
        for part in list.chunks(200) {
            let mut command = Command::new(tool);
            for package in core.iter().chain([&own]) {
                command.arg("-p").arg(package);
            }
            let output = command.arg("-v").args(part).output().expect("the validator runs");
            let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
            let mut name = String::new();
            for line in text.lines() {
                if let Some((file, rest)) = line.split_once("\tvalid=") {
                    name = file.trim().to_owned();
                    verdicts.insert(name.clone(), (rest.starts_with("true"), Vec::new()));
                } else if (line.trim_start().starts_with("Error") || line.trim_start().starts_with("Fatal"))
                    && let Some((_, errors)) = verdicts.get_mut(&name)
                {
                    errors.push(line.trim().to_owned());
                }
            }
        }
    }
    let named = |file: &PathBuf| file.file_name().expect("a name").to_string_lossy().into_owned();
    let of = |file: &PathBuf| {
        let name = named(file);
        let (valid, errors) = verdicts.get(&name).cloned().unwrap_or_else(|| panic!("no verdict for {name}"));
        (name, valid, errors)
    };
    files.iter().map(of).collect()
}
