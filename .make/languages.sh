#!/usr/bin/env bash
# Checks the two things we do not install: Rust and Node, new enough.
#
# The project uses the machine's stable Rust and pins no toolchain file: a file
# would make rustup download one where the installed one would do.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

RUST_NEEDED=1.95
NODE_NEEDED=20

# newest A B: the later of two versions.
newest() { printf '%s\n%s\n' "$1" "$2" | sort -V | tail -n 1; }

have cargo && have rustc || die "Rust がありません。" "Rust $RUST_NEEDED or later is needed: https://rustup.rs"
rust="$(rustc --version | awk '{ print $2 }')"
[[ $(newest "$rust" "$RUST_NEEDED") == "$rust" ]] ||
  die "Rust $rust は古すぎます ($RUST_NEEDED 以降が必要です)。" "Rust $rust is too old; run: rustup update stable"

have node && have npm || die "Node.js がありません。" "Node.js $NODE_NEEDED or later, with npm, is needed."
node="$(node --version | tr -d v)"
[[ $(newest "$node" "$NODE_NEEDED") == "$node" ]] ||
  die "Node.js $node は古すぎます ($NODE_NEEDED 以降が必要です)。" "Node.js $node is too old."
