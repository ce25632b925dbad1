//! Archives made to fill the memory: refused early. Alone in this file, because it looks at the memory of its process.

mod common;

use common::*;
use masters::{MasterError, ledger};

/// The most memory the process ever held, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() / 1024
}

#[test]
fn two_gigabytes_are_never_unpacked() {
    const TWO: u64 = 2 << 30;
    let bomb = |value: u8, size: u32| {
        let data = deflated_run(value, TWO);
        archive_of(&[Member { name: b"t_ALL20260529.csv", data: &data, method: 8, crc: 0, size }])
    };
    let zeros = bomb(0, 0xffff_fff0);
    assert!(zeros.len() < 20 << 20, "{}", zeros.len());
    let before = peak();
    let started = std::time::Instant::now();
    // NUL bytes end the reading at the first, whatever size the member tells.
    assert!(matches!(ledger::read("bomb.zip", &zeros), Err(MasterError::Encoding { line: 1, .. })));
    assert!(matches!(ledger::read("bomb.zip", &bomb(0, 100)), Err(MasterError::Encoding { .. } | MasterError::Archive { .. })));
    // One endless line; endless empty lines.
    assert!(matches!(
        ledger::read("bomb.zip", &bomb(b'a', 0)),
        Err(MasterError::Line { line: 1, .. } | MasterError::Archive { .. })
    ));
    let lines = bomb(b'\n', 0xffff_fff0);
    assert!(matches!(ledger::read("bomb.zip", &lines), Err(MasterError::Line { .. })));
    let small = peak();
    println!("tables: {before} → {small} MiB, {:?}", started.elapsed());
    assert!(small - before < 100, "{before} → {small} MiB");
    // A spreadsheet of the same making.
    let sheet = deflated_run(0, TWO);
    let member = |name, data, method| Member { name, data, method, crc: crc32(data), size: 10 };
    let book = archive_of(&[
        member(b"xl/workbook.xml", b"<workbook/>", 0),
        Member { name: b"xl/sharedStrings.xml", data: &sheet, method: 8, crc: 0, size: 0xffff_fff0 },
    ]);
    assert!(ledger::read("bomb.xlsx", &book).is_err());
    println!("{} MiB at most, {:?}", peak(), started.elapsed());
    assert!(peak() - before < 400, "{before} → {} MiB", peak());
}

#[test]
fn an_archive_of_thousands_is_not_even_listed() {
    let name = b"t_ALL20260529.csv";
    let members: Vec<Member<'_>> = (0..5_000).map(|_| Member { name, data: b"", method: 0, crc: 0, size: 0 }).collect();
    assert!(matches!(ledger::read("many.zip", &archive_of(&members)), Err(MasterError::Archive { .. })));
}

#[test]
fn a_member_that_lies_about_its_size_is_read_as_it_is_or_refused() {
    let text = lines(&[material("0", "700000001", "x", "1", "20240601")]);
    for size in [0, 1, text.len() as u32 - 1, text.len() as u32 + 1, 0x7fff_ffff] {
        let member = Member { name: b"t_ALL20240531.csv", data: text.as_bytes(), method: 0, crc: crc32(text.as_bytes()), size };
        match ledger::read("t.zip", &archive_of(&[member])) {
            Ok(found) => assert_eq!(found[0].rows, 1, "{size}"),
            Err(error) => assert!(matches!(error, MasterError::Archive { .. }), "{size}: {error}"),
        }
    }
    // A check sum that is not its own.
    let member = Member { name: b"t.csv", data: text.as_bytes(), method: 0, crc: 1, size: text.len() as u32 };
    assert!(matches!(ledger::read("t.zip", &archive_of(&[member])), Err(MasterError::Archive { .. })));
}
