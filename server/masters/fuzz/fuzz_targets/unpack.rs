#![no_main]
//! See [`masters_fuzz::unpack`].

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    masters_fuzz::unpack(data);
});
