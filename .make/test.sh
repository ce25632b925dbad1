#!/usr/bin/env bash
# Every test: Rust against a real PostgreSQL, then a clinic's day in a real Chromium.
#
# A failing half does not hide the other: both run, the last line counts both, and
# the exit code says whether all went well. A half that ran no test at all has failed.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

.make/setup.sh test
logs="$TARGET/karte-test"
fresh_dir "$logs"

say "cargo test"
rust_rc=0
cargo test --workspace --exclude frontend --no-fail-fast 2>&1 | tee "$logs/rust.log" || rust_rc=$?
# "test result: ok. 5 passed; 0 failed; 1 ignored; …", once for each test program.
read -r rust_passed rust_failed rust_ignored < <(
  awk '/^test result:/ { for (i = 1; i < NF; i++) { if ($(i+1) == "passed;") p += $i; if ($(i+1) == "failed;") f += $i; if ($(i+1) == "ignored;") g += $i } }
       END { print p + 0, f + 0, g + 0 }' "$logs/rust.log")

web_rc=0 web_passed=0 web_failed=0 web_skipped=0
if .make/native.sh --workspace --exclude frontend --bins --tests && .make/wasm.sh && .make/css.sh; then
  say "playwright test"
  export KARTE_E2E_JSON="$logs/browser.json" PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
  (cd end2end && npx --no-install playwright test "$@") || web_rc=$?
  if [[ -s $KARTE_E2E_JSON ]]; then
    read -r web_passed web_failed web_skipped < <(node -p \
      'const s = JSON.parse(require("fs").readFileSync(process.env.KARTE_E2E_JSON)).stats; `${s.expected + s.flaky} ${s.unexpected} ${s.skipped}`')
  fi
else
  web_rc=1
  warn "ビルドできなかったため、ブラウザの試験は動かせませんでした / the build failed, so no browser test ran"
fi

[[ $rust_passed -gt 0 ]] || rust_rc=1
[[ $web_passed -gt 0 ]] || web_rc=1
# A half that failed without one failed test (did not compile, did not start) counts as one.
[[ $rust_rc -eq 0 || $rust_failed -gt 0 ]] || rust_failed=1
[[ $web_rc -eq 0 || $web_failed -gt 0 ]] || web_failed=1

echo
printf '%-8s %4d passed, %d failed, %d ignored\n' 'Rust' "$rust_passed" "$rust_failed" "$rust_ignored"
printf '%-8s %4d passed, %d failed, %d skipped\n' 'Browser' "$web_passed" "$web_failed" "$web_skipped"
echo "$((rust_passed + web_passed)) passed, $((rust_failed + web_failed)) failed"
[[ $rust_rc -eq 0 && $web_rc -eq 0 ]]
