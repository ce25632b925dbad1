#!/usr/bin/env bash
# `make run`: from a fresh machine to a running demo, with the address and the sign-ins.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

.make/setup.sh build
.make/native.sh
.make/wasm.sh
.make/css.sh
exec .make/demo.sh
