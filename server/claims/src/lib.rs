//! Claims (レセプト): the medical claim file (記録条件仕様 医科, `RECEIPTC.UKE`) read into typed receipts and written back byte for
//! byte ([`uke`]), and every receipt's points recomputed from its lines with the tables of its month ([`replay`]).
//!
//! Pure: bytes in, values out. No clock, no I/O, no SQL. What the two prove and what not is said in `docs/claims.md`.

pub mod replay;
pub mod uke;
