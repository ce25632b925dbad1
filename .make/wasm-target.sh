#!/usr/bin/env bash
# Makes sure rustc can compile for the browser (wasm32-unknown-unknown).
#
# Three ways, the first that works:
#   1. `rustup target add`, the ordinary one;
#   2. the standard library's source from the tarball RUST_SRC_TARBALL names
#      (it holds `library/`), compiled here once in about half a minute;
#   3. the same, with the source from Debian's package `rust-src` of the very
#      version rustc has, fetched from the machine's own package mirror.
# Ways 2 and 3 serve machines behind a proxy that does not know
# static.rust-lang.org. Where the toolchain belongs to someone else the library
# goes into a sysroot of links in our cache, and `.make/wasm.sh` compiles with it.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

VERSION="$(rustc --version | awk '{ print $2 }')"
SYSROOT="$(rustc --print sysroot)"
OURS="$CACHE/sysroot-$VERSION"

# A target is there when a crate compiles for it the way frontend/ does, with
# link-time optimisation; a directory alone proves nothing.
works() {
  local dir sysroot="$1" rc=0
  dir="$(mktemp -d)"
  echo '#[unsafe(no_mangle)] pub extern "C" fn probe() -> usize { std::string::String::from("a").len() }' |
    rustc --edition 2024 --sysroot "$sysroot" --target "$WASM" --crate-type cdylib --crate-name probe \
      -C lto=fat -C panic=abort -o "$dir/probe.wasm" - >/dev/null 2>&1 || rc=1
  rm -rf "$dir"
  return $rc
}

# The tarball RUST_SRC_TARBALL names, unpacked to $1/library.
source_from_tarball() {
  [[ -n ${RUST_SRC_TARBALL:-} ]] || return 1
  [[ -f $RUST_SRC_TARBALL ]] || { warn "RUST_SRC_TARBALL: no such file: $RUST_SRC_TARBALL"; return 1; }
  case "$(basename "$RUST_SRC_TARBALL")" in
    *"$VERSION"*) ;;
    *) warn "RUST_SRC_TARBALL is not of rustc $VERSION: $(basename "$RUST_SRC_TARBALL")"; return 1 ;;
  esac
  say "標準ライブラリのソース: $(basename "$RUST_SRC_TARBALL")"
  tar -xf "$RUST_SRC_TARBALL" -C "$1"
}

# Debian's `rust-src` of our version, unpacked to $1/library. Needs no root:
# apt keeps its lists in a directory of our own. Mirrors and keys are the machine's.
source_from_debian() {
  have apt-get && have dpkg-deb || return 1
  local work="$1/apt" uri suite deb library
  uri="$(cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    grep -oE '[a-z+]+://[^] ]+' | grep -E '/debian/?$' | head -n 1)"
  [[ -n $uri ]] || return 1
  mkdir -p "$work"/{lists/partial,archives/partial,deb}
  for suite in trixie-backports trixie forky sid; do
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main" >"$work/sources.list"
    local apt=(apt-get -qq -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
      -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work" -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache=
      -o APT::Sandbox::User= -o Acquire::Languages=none)
    "${apt[@]}" update >/dev/null 2>&1 || continue
    (cd "$work/deb" && "${apt[@]}" download "rust-src=$VERSION*" >/dev/null 2>&1) || continue
    deb="$(find "$work/deb" -name 'rust-src_*.deb' | head -n 1)"
    [[ -n $deb ]] || continue
    say "標準ライブラリのソース: Debian $suite $(basename "$deb")"
    mkdir -p "$work/root"
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$work/root" --wildcards './usr/src/rustc-*/library'
    library="$(echo "$work"/root/usr/src/rustc-*/library)"
    [[ -f $library/Cargo.lock ]] || continue
    mv "$library" "$1/library"
    return 0
  done
  return 1
}

# A sysroot of links to the real one, whose rustlib/ we may write.
linked_sysroot() {
  fresh_dir "$OURS"
  mkdir -p "$OURS/lib/rustlib"
  ln -s "$SYSROOT"/lib/* "$OURS/lib/" 2>/dev/null || true
  [[ -e $SYSROOT/bin ]] && ln -s "$SYSROOT/bin" "$OURS/bin"
  for entry in "$SYSROOT"/lib/rustlib/*; do
    case "$(basename "$entry")" in src | "$WASM") ;; *) ln -sfn "$entry" "$OURS/lib/rustlib/" ;; esac
  done
}

# Compiles the library in $1 and puts it into the sysroot $2.
build_std() {
  local work="$1" sysroot="$2" rustc="$1/rustc" crate="$1/crate"
  mkdir -p "$sysroot/lib/rustlib/src/rust"
  rm -rf "$sysroot/lib/rustlib/src/rust/library"
  mv "$work/library" "$sysroot/lib/rustlib/src/rust/library"
  printf '#!/bin/sh\nexec %q --sysroot %q "$@"\n' "$(rustc --print sysroot)/bin/rustc" "$sysroot" >"$rustc"
  chmod +x "$rustc"
  mkdir -p "$crate/src"
  printf '[package]\nname = "karte-empty"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n' >"$crate/Cargo.toml"
  echo '#![no_std]' >"$crate/src/lib.rs"
  say "標準ライブラリを $WASM 向けにコンパイルします (約30秒)"
  # Without bitcode inside, link-time optimisation of frontend/ would refuse the library.
  (cd "$crate" && RUSTC="$rustc" RUSTC_BOOTSTRAP=1 RUSTFLAGS='-C embed-bitcode=yes' CARGO_TARGET_DIR="$work/target" \
    cargo build --quiet --release --target "$WASM" -Zbuild-std=std,panic_abort,panic_unwind,proc_macro)
  local lib="$sysroot/lib/rustlib/$WASM/lib"
  fresh_dir "$lib"
  find "$work/target/$WASM/release/deps" -name 'lib*.rlib' ! -name 'libkarte_empty*' -exec cp {} "$lib/" \;
}

if works "$SYSROOT" || works "$OURS"; then exit 0; fi

if have rustup && [[ ${KARTE_NO_RUSTUP:-} == "" ]]; then
  say "rustup target add $WASM"
  if timeout 300 rustup target add "$WASM" && works "$SYSROOT"; then exit 0; fi
  warn "rustup target add did not work here; compiling the standard library instead"
fi

WORK="$(mktemp -d)"
trap 'rm -rf "$WORK"' EXIT
source_from_tarball "$WORK" || source_from_debian "$WORK" ||
  die "ブラウザ向けの標準ライブラリ ($WASM) を用意できませんでした。" \
    "No standard library for $WASM. One of these helps:" \
    "  rustup target add $WASM" \
    "  RUST_SRC_TARBALL=/path/to/rust-src-$VERSION-library.tar.xz make setup" \
    "  Debian's package rust-src of version $VERSION (trixie-backports) on a mirror apt can reach"

if [[ -w $SYSROOT/lib/rustlib ]]; then into="$SYSROOT"; else linked_sysroot && into="$OURS"; fi
build_std "$WORK" "$into"
works "$into" || die "$WASM 向けのコンパイルがまだできません。" "The library was built into $into, yet rustc cannot use it."
say "$WASM: $into"
