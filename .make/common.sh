# Shared by every script here: where things live and how we talk.
#
# Sourced, never run. Places can be moved with the environment:
#   CARGO_TARGET_DIR  what cargo builds              (default: target/)
#   KARTE_CACHE       tools we built once, kept      (default: ~/.cache/hyojun-karte)
# shellcheck shell=bash

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT"

CACHE="${KARTE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/hyojun-karte}"
TARGET="${CARGO_TARGET_DIR:-$ROOT/target}"
[[ $TARGET == /* ]] || TARGET="$ROOT/$TARGET"
SITE="${KARTE_SITE:-$TARGET/site}"
WASM=wasm32-unknown-unknown

# rustup puts its programs here; a shell that is not a login shell may not know.
[[ -d $HOME/.cargo/bin ]] && case ":$PATH:" in *":$HOME/.cargo/bin:"*) ;; *) PATH="$HOME/.cargo/bin:$PATH" ;; esac
export PATH

# say MESSAGE: what happens next, one line.
say() { printf '\033[1m▸ %s\033[0m\n' "$*"; }

# warn MESSAGE…: something to know, on stderr.
warn() { printf '! %s\n' "$@" >&2; }

# die JAPANESE ENGLISH…: stop with a reason in both languages.
die() {
  printf '\n✗ %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

# have PROGRAM: is it on the path?
have() { command -v "$1" >/dev/null 2>&1; }

# locked_version CRATE: the version that Cargo.lock pins, or nothing.
locked_version() {
  [[ -f Cargo.lock ]] || return 0
  awk -v want="\"$1\"" '$1 == "name" { hit = ($3 == want) } $1 == "version" && hit { gsub(/"/, "", $3); print $3; exit }' Cargo.lock
}

# fresh_dir DIR: an empty directory.
fresh_dir() { rm -rf "$1" && mkdir -p "$1"; }
