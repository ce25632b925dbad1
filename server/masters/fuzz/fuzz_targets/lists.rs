#![no_main]
//! See [`masters_fuzz::lists`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    masters_fuzz::lists(data);
});
