//! The commands of `karte` as a person or a script calls them: help, exit codes, what goes to standard output.

use std::{
    io::Write,
    path::PathBuf,
    process::{Command, Output, Stdio},
};

fn karte(arguments: &[&str], input: &str) -> Output {
    let mut process = Command::new(env!("CARGO_BIN_EXE_karte"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("karte runs");
    process.stdin.take().expect("piped").write_all(input.as_bytes()).expect("input");
    process.wait_with_output().expect("output")
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

#[test]
fn every_command_explains_itself() {
    let commands: [&[&str]; 12] = [
        &[],
        &["serve"],
        &["migrate"],
        &["demo"],
        &["fee"],
        &["fee", "copay"],
        &["claims", "replay"],
        &["fhir", "validate"],
        &["masters", "search"],
        &["masters", "editions"],
        &["masters", "import"],
        &["masters", "withdraw"],
    ];
    for command in commands {
        let help = karte(&[command, &["--help"]].concat(), "");
        assert!(help.status.success(), "{command:?}");
        assert!(said(&help).contains("Usage: karte"), "{command:?}");
    }
    assert_eq!(karte(&["serve", "--listen", "nowhere"], "").status.code(), Some(2), "wrong usage");
    // A secret in the environment does not show in the help.
    let help =
        Command::new(env!("CARGO_BIN_EXE_karte")).args(["serve", "--help"]).env("DATABASE_URL", "postgres://himitsu").output();
    assert!(!said(&help.expect("help")).contains("himitsu"));
}

#[test]
fn masters_are_searched_and_their_editions_listed() {
    let found = karte(&["masters", "search", "disease", "こうけつあつ", "--on", "2026-07-10", "--json"], "");
    assert!(found.status.success());
    for line in said(&found).lines() {
        let hit: serde_json::Value = serde_json::from_str(line).expect("a JSON object a line");
        assert_eq!(hit["kind"], "disease");
    }
    assert!(said(&found).contains("高血圧"), "{}", said(&found));
    assert_eq!(karte(&["masters", "search", "drug", "こんな薬はない"], "").status.code(), Some(1), "nothing found");
    assert_eq!(karte(&["masters", "search", "poison", "x"], "").status.code(), Some(2), "no such master");
    let editions = karte(&["masters", "editions", "--json"], "");
    assert!(editions.status.success() && said(&editions).lines().count() >= 5, "{}", said(&editions));
}

#[test]
fn fees_keep_the_order_of_their_requests_and_say_where_one_is_wrong() {
    let visit = |code: &str| {
        format!(
            r#"{{"date":"2026-07-10","time":"10:15","facility":{{"prefecture":"13","kind":"clinic","standards":[]}},
                "patient":{{"birth_date":"1981-03-02","sex":"female"}},
                "visit":{{"kind":"first","department":"01","holiday":false}},
                "coverage":{{"insurance":{{"insurer":"06130488","share":30}},"subsidies":[]}},"diagnoses":[],
                "orders":[{code}],"prescriptions":[],"history":[]}}"#
        )
    };
    let unknown = r#"{"code":"999999999","quantity":1,"parts":[]}"#;
    let answers = karte(&["fee"], &[visit(unknown), visit("")].join("\n"));
    assert_eq!(answers.status.code(), Some(1), "one of the two is wrong");
    let lines: Vec<serde_json::Value> = said(&answers).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 2, "{}", said(&answers));
    assert_eq!(lines[0]["error"]["path"], "orders[0].code", "{}", lines[0]);
    assert!(lines[1]["points"].as_i64().is_some_and(|points| points > 0), "{}", lines[1]);
    // Under the edition of another day: the day of service stays, the edition is the other one.
    let mirrored = karte(&["fee", "--as-of", "2026-05-29"], &visit(""));
    let mirrored: serde_json::Value = serde_json::from_str(said(&mirrored).trim()).expect("JSON");
    assert_eq!((&mirrored["edition"], &mirrored["date"]), (&"R6".into(), &"2026-07-10".into()), "{mirrored}");
    assert!(mirrored["missing"].as_array().is_some_and(Vec::is_empty), "{mirrored}");
    assert_eq!(lines[1]["edition"], "R8");
    assert_eq!(karte(&["fee", "--as-of", "someday"], "").status.code(), Some(2), "wrong usage");
    assert_eq!(karte(&["fee"], "no JSON").status.code(), Some(1));
    assert!(karte(&["fee"], "").status.success(), "no request, no answer");
}

#[test]
fn a_broken_document_is_refused_with_exit_code_1() {
    let dir = tempfile::tempdir().expect("tempdir");
    let file = |name: &str, text: &str| -> PathBuf {
        let path = dir.path().join(name);
        std::fs::write(&path, text).expect("write");
        path
    };
    let broken = file("broken.json", "{");
    let wrong = file("wrong.json", r#"{"resourceType":"Patient","gender":"neither"}"#);
    for path in [&broken, &wrong] {
        let path = path.to_str().expect("UTF-8");
        let output = karte(&["fhir", "validate", path], "");
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        let output = karte(&["fhir", "validate", "--json", path], "");
        assert_eq!(output.status.code(), Some(1));
        let outcome: serde_json::Value = serde_json::from_str(&said(&output)).expect("JSON");
        assert_eq!(outcome["resourceType"], "OperationOutcome");
    }
    assert_eq!(karte(&["fhir", "validate"], "").status.code(), Some(2), "no file named");
}

#[test]
fn official_samples_pass() {
    let shared = std::env::var_os("KARTE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let samples = shared.join("fhir/jp-clins/examples");
    let Ok(entries) = std::fs::read_dir(&samples) else {
        return eprintln!("SKIPPED: {} is not there", samples.display());
    };
    let bundles: Vec<String> = entries
        .flatten()
        .map(|entry| entry.path().to_string_lossy().into_owned())
        .filter(|path| path.contains("Bundle") && path.ends_with(".json"))
        .collect();
    assert!(!bundles.is_empty());
    let mut arguments = vec!["fhir", "validate"];
    arguments.extend(bundles.iter().map(String::as_str));
    let output = karte(&arguments, "");
    assert!(output.status.success(), "{}", said(&output));

    // The samples are of 1.5.2; the later profiles find in them what they changed.
    let plan = samples.join("Bundle-Bundle-CLINS-PCS-Example-01.json");
    let plan = plan.to_str().expect("UTF-8");
    assert!(karte(&["fhir", "validate", "--profiles", "1.5.2", plan], "").status.success());
    assert_eq!(karte(&["fhir", "validate", "--profiles", "1.11", plan], "").status.code(), Some(1));
    assert_eq!(karte(&["fhir", "validate", "--profiles", "9", plan], "").status.code(), Some(2), "no such version");
}

#[test]
fn the_sample_of_claims_is_recomputed_from_the_masters_of_its_month() {
    let shared = std::env::var_os("KARTE_SHARED")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared"), PathBuf::from);
    let (sample, master) = (shared.join("claims/outpatient-sample-45.uke"), shared.join("masters/official/s_ALL20220218.zip"));
    if !sample.exists() || !master.exists() {
        return eprintln!("SKIPPED: {} or {} is not there", sample.display(), master.display());
    }
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::copy(&master, folder.path().join("s_ALL20220218.zip")).expect("a copy");
    let (file, masters) = (sample.to_str().expect("UTF-8"), folder.path().to_str().expect("UTF-8"));
    let output = karte(&["claims", "replay", file, "--masters", masters, "--json"], "");
    assert!(output.status.success(), "{}", said(&output));
    let lines: Vec<serde_json::Value> = said(&output).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.len(), 45);
    assert!(lines.iter().all(|line| line["claimed"] == line["recomputed"] && line["claimed"].is_i64()));
    let first = (&lines[0]["receipt"], &lines[0]["claimed"], &lines[0]["recomputed"]);
    assert_eq!(first, (&1.into(), &677.into(), &677.into()));
    let table = karte(&["claims", "replay", file, "--masters", masters], "");
    assert!(table.status.success() && said(&table).contains("45件中 45件の合計点数が一致"), "{}", said(&table));
    // A file that is cut is refused with its line.
    let cut = folder.path().join("cut.uke");
    let bytes = std::fs::read(&sample).expect("the sample");
    std::fs::write(&cut, &bytes[..bytes.len() / 2]).expect("written");
    let refused = karte(&["claims", "replay", cut.to_str().expect("UTF-8")], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("行"), "{refused:?}");
}
