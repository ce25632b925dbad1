#!/usr/bin/env bash
# `npm.sh DIR…`: installs what DIR/package-lock.json says, unless it is there.
#
# `npm ci` starts from nothing each time, so a stamp remembers the lock file's
# hash. Playwright brings no browser of its own: the tests use the machine's.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

for dir in "$@"; do
  stamp="$dir/node_modules/.karte-lock"
  hash="$(sha256sum "$dir/package-lock.json" | cut -d' ' -f1)"
  [[ -f $stamp && $(<"$stamp") == "$hash" ]] && continue
  say "npm ci ($dir)"
  (cd "$dir" && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --loglevel=error) ||
    die "npm ci に失敗しました ($dir)。" "npm ci failed in $dir; see above."
  echo "$hash" >"$stamp"
done
