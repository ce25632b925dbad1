#![no_main]
//! See [`masters_fuzz::difference`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    masters_fuzz::difference(data);
});
