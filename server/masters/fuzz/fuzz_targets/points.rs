#![no_main]
//! See [`masters_fuzz::points`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    masters_fuzz::points(data);
});
