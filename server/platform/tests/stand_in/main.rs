//! The stand-in from outside: its interface, its certificates, letters, and the program itself.

mod certificates;
mod interface;
mod letters;
mod process;
mod support;
