//! The server as a library: what the program `karte` is made of, so that tests can start the real thing.
//!
//! Nothing here knows a rule of the clinic. It reads the configuration ([`config`]), brings up the database
//! ([`database`]), puts the use cases behind HTTP ([`http`]), and offers the command line ([`command`]).

// A page's type holds the types of all it shows.
#![recursion_limit = "512"]

pub mod command;
pub mod config;
pub mod database;
pub mod http;
pub mod shutdown;
pub mod telemetry;
#[cfg(feature = "testing")]
pub mod testing;
