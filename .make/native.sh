#!/usr/bin/env bash
# Builds the two programs: `karte` (the server) and `karte-platform` (the stand-in).
#
# Unoptimised by default, for a short wait; KARTE_PROFILE=release for real use.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

say "cargo build (karte, karte-platform)"
cargo build --profile "${KARTE_PROFILE:-dev}" -p server -p platform
