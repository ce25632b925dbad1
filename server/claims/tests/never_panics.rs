//! Property tests: whatever the bytes, reading answers or refuses; what was read comes back byte for byte and can be
//! recomputed and shown.

#[expect(dead_code, reason = "the sample belongs to another test")]
mod common;

use claims::{replay, uke::ClaimFile};
use common::{cp932, file, item};
use masters::Snapshot;
use proptest::prelude::*;

/// Reads, and does everything with what was read.
fn exercise(bytes: &[u8]) -> bool {
    match ClaimFile::read("x.uke", bytes) {
        Err(error) => {
            assert!(error.to_string().contains("x.uke"));
            false
        }
        Ok(file) => {
            assert!(file.to_bytes() == bytes, "written back otherwise");
            let tables = Snapshot::starter();
            let found: Vec<_> = file.receipts().iter().map(|receipt| replay::replay(&*tables, receipt)).collect();
            assert!(replay::table(&found).ends_with('\n'));
            true
        }
    }
}

fn base() -> Vec<u8> {
    let lines = [
        item("SI", "11", "111000110", "", "291", 1, 4),
        item("SI", "60", "160017410", "", "", 1, 4),
        item("SI", "", "160022410", "", "28", 1, 4),
        item("IY", "21", "620098801", "3", "4", 7, 4),
        item("TO", "40", "710010001", "1.5", "12", 1, 4),
        "CO,99,1,810000001,髙血圧①㎎".to_owned(),
        "SY,8833421,20240601,1,,,01,".to_owned(),
    ];
    cp932(&file("202607", 335, &lines))
}

#[test]
fn the_base_is_sound() {
    assert!(exercise(&base()));
}

/// A line with letters that CP932 writes in two ways keeps its bytes.
#[test]
fn letters_with_two_codes_keep_theirs() {
    // NEC 選定 IBM 拡張 0xEEFA (￢ is 0x81CA too) and the double ∪ 0x879B.
    let mut bytes = base();
    let at = bytes.windows(2).position(|pair| pair == [0x87, 0x40]).expect("①");
    for pair in [[0xEE, 0xF9], [0x87, 0x9B], [0xED, 0x40]] {
        bytes[at..at + 2].copy_from_slice(&pair);
        assert!(exercise(&bytes), "{pair:x?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        exercise(&bytes);
    }

    #[test]
    fn a_damaged_file_is_answered(
        hits in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(b"0123456789,.-AISOYRTEN\r\n\x1a\x81\xf0 ".to_vec())), 0..4),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let mut bytes = base();
        for (at, byte) in hits {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        exercise(&bytes);
    }

    #[test]
    fn any_line_is_written_back_and_recomputed(
        items in prop::collection::vec(
            (0_usize..3, "[1-9][0-9]", "[167][0-9]{8}", prop::sample::select(vec!["", "1", "0.5", "99999999", "0"]),
             prop::sample::select(vec!["", "0", "12", "9999999", "-999999"]), 0_u32..1000, 1_usize..31), 0..12),
        ending in prop::sample::select(vec!["\r\n", "\n"]),
        mark in any::<bool>(),
    ) {
        let lines: Vec<String> = items.iter().map(|(record, section, code, quantity, points, count, day)| {
            item(["SI", "IY", "TO"][*record], section, code, quantity, points, *count, *day)
        }).collect();
        let mut bytes = cp932(&file("202607", 0, &lines).replace("\r\n", ending));
        if mark {
            bytes.push(0x1A);
        }
        prop_assert!(exercise(&bytes));
    }
}
