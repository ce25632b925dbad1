//! The sample of 45 receipts (October 2021) that stands beside the project: read, written back, recomputed with the
//! procedure master of 2022-02-18. No drug prices of that time are at hand, so drugs are listed.

#[expect(dead_code, reason = "files made up belong to other tests")]
mod common;

use claims::{
    replay::{Replayed, Why, replay},
    uke::{ClaimFile, Item, Payer},
};
use masters::Snapshot;
use std::{collections::BTreeMap, sync::OnceLock};

fn sample() -> Option<(Vec<u8>, ClaimFile)> {
    let path = common::shared("claims/outpatient-sample-45.uke")?;
    let bytes = std::fs::read(path).expect("the sample");
    let file = ClaimFile::read("outpatient-sample-45.uke", &bytes).expect("a sound file");
    Some((bytes, file))
}

/// The procedure master of 2022-02-18 and nothing else.
fn tables() -> Option<&'static Snapshot> {
    static TABLES: OnceLock<Option<Snapshot>> = OnceLock::new();
    let load = || {
        let path = common::shared("masters/official/s_ALL20220218.zip")?;
        let folder = std::env::temp_dir().join(format!("claims-masters-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::copy(&path, folder.join("s_ALL20220218.zip")).expect("a copy");
        let snapshot = Snapshot::load_dir(&folder).expect("a sound master");
        std::fs::remove_dir_all(&folder).expect("removed");
        Some(snapshot)
    };
    TABLES.get_or_init(load).as_ref()
}

#[test]
fn the_sample_comes_back_byte_for_byte() {
    let Some((bytes, file)) = sample() else { return };
    assert!(file.to_bytes() == bytes, "written back otherwise");
    assert_eq!((file.records().len(), file.receipts().len()), (391, 45));
    let lines =
        |item: Item| file.receipts().iter().flat_map(|r| &r.units).flat_map(|u| &u.lines).filter(|l| l.item == item).count();
    assert_eq!((lines(Item::Procedure), lines(Item::Drug), lines(Item::Material)), (217, 22, 0));
    let first = &file.receipts()[0];
    assert_eq!(first.patient.name, "テスト　汎用");
    assert_eq!(first.coverages[1].points, Some(677));
    assert_eq!(first.diagnoses[2].text.chars().last(), Some('い'));
    // Lines ended otherwise, and an end mark, come back too.
    let mut unix: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != b'\r').collect();
    unix.push(0x1A);
    assert!(ClaimFile::read("unix", &unix).expect("sound").to_bytes() == unix);
}

#[test]
fn all_45_totals_are_recomputed() {
    let (Some((_, file)), Some(tables)) = (sample(), tables()) else { return };
    let replayed: Vec<Replayed> = file.receipts().iter().map(|receipt| replay(tables, receipt)).collect();
    println!("{}", claims::replay::summary(&replayed));
    assert_eq!(replayed.iter().filter(|receipt| receipt.agrees()).count(), 45);
    assert!(replayed.iter().all(|receipt| receipt.claimed == Some(receipt.recomputed)));
    assert_eq!(replayed.iter().map(|receipt| receipt.totals.len()).sum::<usize>(), 86);
    let totals: Vec<_> = replayed[0].totals.iter().map(|total| (total.payer, total.claimed, total.recomputed)).collect();
    assert_eq!(totals, [(Payer::Insurance, Some(13_642), 13_642), (Payer::Subsidy(1), Some(677), 677)]);
    assert_eq!((replayed[0].receipt, replayed[0].claimed, replayed[0].recomputed), (1, Some(677), 677));
    // What GO calls 総合計点数 is here the sum of the insurance totals.
    let insured = |receipt: &Replayed| receipt.totals.iter().find(|t| t.payer == Payer::Insurance).map_or(0, |t| t.recomputed);
    assert_eq!(replayed.iter().map(insured).sum::<i64>(), 48_993);
    // Every line is either determined by the master or listed with its reason.
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for difference in replayed.iter().flat_map(|receipt| &receipt.differences) {
        assert_eq!(difference.recomputed, None, "no line differs from the master: {difference:?}");
        *reasons.entry(Why::heading(&difference.why)).or_default() += 1;
    }
    assert_eq!(reasons.values().sum::<usize>(), replayed.iter().map(Replayed::undetermined).sum::<usize>());
    let lines: usize = replayed.iter().map(|receipt| receipt.lines).sum();
    let derived: usize = replayed.iter().map(|receipt| receipt.derived).sum();
    assert_eq!((lines, derived), (239, 171));
    assert_eq!(
        reasons,
        BTreeMap::from([("診療日に有効なマスターの行がない", 27), ("包括検査（まるめ）の点数はマスターの列にない", 41)])
    );
}

#[test]
fn a_wrong_figure_shows_at_its_line_and_in_the_total() {
    let (Some((bytes, _)), Some(tables)) = (sample(), tables()) else { return };
    // Receipt 6: 初診料 288 claimed as 289 in its line and in its totals.
    let text = encoding_rs::SHIFT_JIS.decode(&bytes).0.replacen(
        "HO,34130021,１９Ｄ０００１,１１,1,288,,,,,,,,,\r\nKO,81140048,0000000,,1,288,0,,,,,\r\nSI,11,2,111000110,,288,",
        "HO,34130021,１９Ｄ０００１,１１,1,289,,,,,,,,,\r\nKO,81140048,0000000,,1,289,0,,,,,\r\nSI,11,2,111000110,,289,",
        1,
    );
    let file = ClaimFile::read("wrong.uke", &common::cp932(&text)).expect("sound");
    let found = replay(tables, &file.receipts()[5]);
    assert_eq!((found.receipt, found.claimed, found.recomputed, found.agrees()), (6, Some(289), 288, false));
    let json = serde_json::to_value(&found).expect("JSON");
    let why = "マスターから求めた点数と違います（288）";
    let expected = serde_json::json!({"line": 70, "code": "111000110", "claimed": 289, "recomputed": 288, "why": why});
    assert_eq!(json["differences"], serde_json::json!([expected]));
}
