#!/usr/bin/env bash
# Builds the look: style/tailwind.css → karte.css in the site, and copies style/public/.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

say "tailwindcss"
mkdir -p "$SITE/pkg"
(cd style && node_modules/.bin/tailwindcss --input tailwind.css --output "$SITE/pkg/karte.css" --minify) 2>&1 |
  grep -vE '^(≈|Done|$)' || true
[[ -s $SITE/pkg/karte.css ]] || die "CSS を作れませんでした。" "tailwindcss wrote nothing; see above."
cp -R style/public/. "$SITE/"
node .make/compress.mjs "$SITE/pkg/karte.css"
