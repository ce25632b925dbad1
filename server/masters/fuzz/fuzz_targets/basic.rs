#![no_main]
//! See [`masters_fuzz::basic`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    masters_fuzz::basic(data);
});
