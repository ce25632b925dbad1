//! The check digit against numbers we did not make up: the insurers and payers of a synthetic claim file.

use model::insurance::{InsurerNumber, check_digit};
use std::{env, fs, path::PathBuf};

#[test]
fn the_insurers_of_a_claim_file_have_the_check_digit_we_compute() {
    let shared = env::var_os("KARTE_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from);
    let Ok(bytes) = fs::read(shared.join("claims/outpatient-sample-45.uke")) else {
        println!("SKIPPED: no claim file beside the project");
        return;
    };
    let field = |record: &str| -> Vec<String> {
        let lines = bytes.split(|b| *b == b'\n').map(String::from_utf8_lossy);
        let cells =
            lines.filter(|line| line.starts_with(record)).filter_map(|line| line.split(',').nth(1).map(|n| n.trim().to_owned()));
        cells.collect()
    };
    let insurers = field("HO,");
    assert_eq!(insurers.len(), 43);
    for number in &insurers {
        assert!(InsurerNumber::parse(number).is_ok(), "{number}");
    }
    // One payer number of the sample does not fit; it is the sample's own slip.
    let fits = |n: &&String| {
        n.split_at_checked(7).is_some_and(|(body, last)| check_digit(body).map(|d| d.to_string()).as_deref() == Some(last))
    };
    let payers = field("KO,");
    assert_eq!((payers.len(), payers.iter().filter(fits).count()), (43, 42));
}
