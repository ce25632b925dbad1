#![no_main]
//! See [`masters_fuzz::starter_tsv`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    masters_fuzz::starter_tsv(data);
});
