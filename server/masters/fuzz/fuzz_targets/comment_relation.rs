#![no_main]
//! See [`masters_fuzz::comment_relation`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    masters_fuzz::comment_relation(data);
});
