#!/usr/bin/env bash
# Builds the look: style/tailwind.css → karte.css in the site, and copies style/public/.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

say "tailwindcss"
mkdir -p "$SITE/pkg"
# It talks even when all is well; what it says is shown only when it fails.
log="$(cd style && NO_COLOR=1 node_modules/.bin/tailwindcss --input tailwind.css --output "$SITE/pkg/karte.css" --minify 2>&1)" ||
  die "CSS を作れませんでした。" "tailwindcss failed:" "$log"
cp -R style/public/. "$SITE/"
node .make/compress.mjs "$SITE/pkg/karte.css"
