#!/usr/bin/env bash
# Installs wasm-bindgen's command line in exactly the version Cargo.lock pins.
#
# Library and program speak a private format, so "about the same version" fails.
# Compiling takes about four CPU-minutes, therefore it is kept in our cache (one
# directory a version) and never inside the project's target directory.
# `.make/wasm-bindgen.sh path` prints where it is.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

VERSION="$(locked_version wasm-bindgen)"
VERSION="${VERSION:-${WASM_BINDGEN_VERSION:-}}"
[[ -n $VERSION ]] || die "Cargo.lock に wasm-bindgen がありません。" "Cargo.lock does not pin wasm-bindgen yet."
HOME_DIR="$CACHE/tools/wasm-bindgen-$VERSION"

if [[ ${1:-} == path ]]; then
  echo "$HOME_DIR/bin/wasm-bindgen"
  exit 0
fi
[[ "$("$HOME_DIR/bin/wasm-bindgen" --version 2>/dev/null)" == "wasm-bindgen $VERSION" ]] && exit 0

say "wasm-bindgen-cli $VERSION をコンパイルします (数分・初回のみ)"
BUILD="$(mktemp -d)"
trap 'rm -rf "$BUILD"' EXIT
cargo install wasm-bindgen-cli --version "=$VERSION" --bin wasm-bindgen --root "$HOME_DIR" --target-dir "$BUILD" --quiet ||
  die "wasm-bindgen-cli $VERSION をインストールできませんでした。" "cargo install wasm-bindgen-cli failed; see above."
