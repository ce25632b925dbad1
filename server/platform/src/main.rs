//! A stand-in for the national platform.
fn main() {}
