#!/usr/bin/env bash
# Sets the machine up: `setup.sh build` to build and run, `setup.sh test` to test too.
#
# Each step looks first and does nothing when there is nothing to do.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

what="${1:-build}"
.make/languages.sh
.make/packages.sh "$what"
.make/wasm-target.sh
.make/wasm-bindgen.sh
.make/npm.sh style
[[ $what == test ]] && .make/npm.sh end2end
mkdir -p "$SITE/pkg"
