#!/usr/bin/env bash
# Builds the browser's half: frontend/ → karte.js and karte_bg.wasm in the site.
#
# cargo (profile wasm-release: small) → wasm-bindgen (the glue) → wasm-opt
# (halves the size). The last two run only when cargo made something new.
# KARTE_WASM_OPT=0 leaves wasm-opt out, for quick rounds while developing.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# A toolchain we may not write to has its browser library in our own sysroot.
ours="$CACHE/sysroot-$(rustc --version | awk '{ print $2 }')"
if [[ ! -d $(rustc --print sysroot)/lib/rustlib/$WASM/lib && -d $ours ]]; then
  # Flags for a target hide those of `.cargo/config.toml`; server and browser must agree on this one.
  erase="$(grep -qs erase_components .cargo/config.toml && echo '--cfg erase_components' || true)"
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS="--sysroot=$ours $erase"
fi

say "cargo build (frontend, $WASM)"
cargo build -p frontend --target "$WASM" --profile wasm-release

made="$TARGET/$WASM/wasm-release/frontend.wasm"
pkg="$SITE/pkg"
stamp="$pkg/.karte-wasm"
key="$(sha256sum "$made" .make/wasm.sh | sha256sum | cut -d' ' -f1) opt=${KARTE_WASM_OPT:-1}"
[[ -f $stamp && -f $pkg/karte_bg.wasm && $(<"$stamp") == "$key" ]] && exit 0

say "wasm-bindgen"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
"$(.make/wasm-bindgen.sh path)" --target web --no-typescript --out-dir "$work" --out-name karte "$made"

if [[ ${KARTE_WASM_OPT:-1} != 0 ]]; then
  say "wasm-opt -Oz"
  style/node_modules/.bin/wasm-opt -Oz \
    --enable-bulk-memory --enable-sign-ext --enable-nontrapping-float-to-int \
    --enable-mutable-globals --enable-reference-types --enable-multivalue \
    -o "$work/small.wasm" "$work/karte_bg.wasm"
  mv "$work/small.wasm" "$work/karte_bg.wasm"
fi

mkdir -p "$pkg"
rm -rf "$pkg"/karte.js* "$pkg"/karte_bg.wasm* "$pkg/snippets"
cp -R "$work"/. "$pkg/"
node .make/compress.mjs "$pkg"/karte_bg.wasm $(find "$pkg" -name '*.js')
echo "$key" >"$stamp"
