//! Files made for tests: rows of masters, archives byte by byte, and where the official files lie.
#![expect(dead_code, reason = "each test file uses its part")]

use std::path::PathBuf;

/// The folder of official masters beside the project, or none with a loud word.
pub fn shared() -> Option<PathBuf> {
    let path = std::env::var_os("KARTE_SHARED")
        .map(PathBuf::from)
        .unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared"));
    if path.join("masters/official").is_dir() {
        return Some(path.join("masters"));
    }
    eprintln!("SKIPPED: no official files at {} (set KARTE_SHARED)", path.display());
    None
}

/// Lines with the ends that are published.
pub fn lines(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\r\n")).collect()
}

fn quoted(cells: &[&str]) -> String {
    cells.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",")
}

/// A row of master T, 38 columns. A change (5) with an empty price or name is sparse.
pub fn material(class: &str, code: &str, name: &str, price: &str, changed: &str) -> String {
    let mut cells = [""; 38];
    (cells[0], cells[1], cells[2], cells[4], cells[11], cells[27]) = (class, "T", code, name, price, changed);
    if !matches!(class, "5" | "9") {
        (cells[9], cells[10], cells[29]) = ("枚", "1", "99999999");
    }
    quoted(&cells)
}

/// A row of master C, 30 columns; the code is `8` + pattern + serial.
pub fn comment(class: &str, code: &str, text: &str, changed: &str) -> String {
    let serial = code[3..].trim_start_matches('0').to_owned();
    let mut cells = [""; 30];
    (cells[0], cells[1], cells[2], cells[3], cells[4]) = (class, "C", "8", &code[1..3], &serial);
    (cells[6], cells[20], cells[21], cells[22]) = (text, changed, "99999999", code);
    quoted(&cells)
}

/// An archive of members that are stored as they are.
pub fn archive(members: &[(&[u8], &[u8])]) -> Vec<u8> {
    let members: Vec<Member<'_>> =
        members.iter().map(|(name, data)| Member { name, data, method: 0, crc: crc32(data), size: data.len() as u32 }).collect();
    archive_of(&members)
}

/// A member as an archive tells of it, which need not be true.
pub struct Member<'m> {
    pub name: &'m [u8],
    pub data: &'m [u8],
    /// 0 stored, 8 deflated.
    pub method: u16,
    pub crc: u32,
    /// What it says its size is when unpacked.
    pub size: u32,
}

pub fn archive_of(members: &[Member<'_>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut directory = Vec::new();
    for member in members {
        let offset = bytes.len() as u32;
        let mut head = Vec::new();
        head.extend(20u16.to_le_bytes());
        head.extend(0u16.to_le_bytes());
        head.extend(member.method.to_le_bytes());
        head.extend([0; 4]);
        head.extend(member.crc.to_le_bytes());
        head.extend((member.data.len() as u32).to_le_bytes());
        head.extend(member.size.to_le_bytes());
        head.extend((member.name.len() as u16).to_le_bytes());
        head.extend(0u16.to_le_bytes());
        bytes.extend(b"PK\x03\x04");
        bytes.extend(&head);
        bytes.extend(member.name);
        bytes.extend(member.data);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(member.name);
    }
    let start = bytes.len() as u32;
    bytes.extend(&directory);
    bytes.extend(b"PK\x05\x06\x00\x00\x00\x00");
    bytes.extend((members.len() as u16).to_le_bytes());
    bytes.extend((members.len() as u16).to_le_bytes());
    bytes.extend((directory.len() as u32).to_le_bytes());
    bytes.extend(start.to_le_bytes());
    bytes.extend([0; 2]);
    bytes
}

/// The check sum archives carry.
pub fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

/// A deflated stream that unpacks to so many bytes of one value: one literal, then copies of 258 bytes at 13 bits each
/// (RFC 1951, fixed codes).
pub fn deflated_run(value: u8, bytes: u64) -> Vec<u8> {
    assert!(value < 144, "an eight-bit code");
    let mut out = Bits::default();
    // Last block, fixed codes; the literal; codes of literals are written from their highest bit.
    out.put(0b011, 3);
    out.code(0x30 + u16::from(value), 8);
    let copies = bytes / 258;
    for _ in 0..copies.min(7) {
        out.copy();
    }
    // Eight copies are 13 bytes: from a whole byte on the pattern repeats.
    while out.held != 0 && copies > 7 {
        out.copy();
    }
    let mut pattern = Bits::default();
    for _ in 0..8 {
        pattern.copy();
    }
    for _ in 0..copies.saturating_sub(8) / 8 {
        out.bytes.extend(&pattern.bytes);
    }
    // End of block.
    out.code(0, 7);
    while out.held != 0 {
        out.put(0, 1);
    }
    out.bytes
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    next: u8,
    held: u8,
}

impl Bits {
    fn put(&mut self, bits: u16, count: u8) {
        for index in 0..count {
            self.next |= (((bits >> index) & 1) as u8) << self.held;
            self.held += 1;
            if self.held == 8 {
                self.bytes.push(std::mem::take(&mut self.next));
                self.held = 0;
            }
        }
    }

    fn code(&mut self, code: u16, count: u8) {
        for index in (0..count).rev() {
            self.put((code >> index) & 1, 1);
        }
    }

    /// Length 258 (symbol 285), distance 1 (symbol 0).
    fn copy(&mut self) {
        self.code(0b1100_0101, 8);
        self.code(0, 5);
    }
}
