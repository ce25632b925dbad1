#!/usr/bin/env bash
# Removes what building and testing made. The demo's and a clinic's data stay
# (data/), and so do the tools in the cache, which are slow to make again.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

cargo clean
rm -rf "$SITE" style/node_modules end2end/node_modules end2end/results end2end/report
say "消しました。道具は残っています: $CACHE"
