//! `karte`: the server of Hyojun Karte (標準カルテ) and its commands.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    server::command::run().await
}
