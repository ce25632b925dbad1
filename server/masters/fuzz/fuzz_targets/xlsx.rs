#![no_main]
//! See [`masters_fuzz::xlsx`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    masters_fuzz::xlsx(data);
});
