#!/usr/bin/env bash
# Builds the two programs: `karte` (the server) and `karte-platform` (the stand-in).
#
# `native.sh CARGO-FLAGS…` chooses other parts: after `cargo test` the same flags
# reuse what was compiled, since test-only dependencies change shared ones' features.
# Unoptimised by default, for a short wait; KARTE_PROFILE=release for real use.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

say "cargo build (karte, karte-platform)"
[[ $# -gt 0 ]] || set -- -p server -p platform
cargo build --profile "${KARTE_PROFILE:-dev}" "$@"
