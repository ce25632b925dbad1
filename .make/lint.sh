#!/usr/bin/env bash
# Formatting, clippy and the types of the browser tests. Warnings are errors here.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

.make/npm.sh end2end
cargo fmt --all -- --check
cargo clippy --workspace --exclude frontend --all-targets -- -D warnings
(cd end2end && npm run --silent check)
