#!/usr/bin/env bash
# Starts the stand-in platform and the server on demo data, and stops both together.
#
# `make run` and the browser tests use it alike. Where:
#   KARTE_DATA           data directory             (default: data/demo)
#   KARTE_PORT           port of the server         (default: 3000)
#   KARTE_PLATFORM_PORT  port of the platform       (default: 3900)
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

data="${KARTE_DATA:-$ROOT/data/demo}"
port="${KARTE_PORT:-3000}"
platform_port="${KARTE_PLATFORM_PORT:-3900}"
bin="$TARGET/debug"
[[ ${KARTE_PROFILE:-dev} == dev ]] || bin="$TARGET/$KARTE_PROFILE"
mkdir -p "$data"

pids=()
# Ask both to finish; the server closes its connections and its database by itself.
finish() {
  trap - EXIT INT TERM
  for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

export KARTE_SITE="$SITE" KARTE_DATA="$data"
export KARTE_LISTEN="127.0.0.1:$port" KARTE_PLATFORM_URL="http://127.0.0.1:$platform_port"

"$bin/karte-platform" --listen "127.0.0.1:$platform_port" &
pids+=($!)
# Fills an empty database with the two clinics, prints who can sign in; does nothing the second time.
"$bin/karte" demo
"$bin/karte" serve &
pids+=($!)

# Whichever ends first ends the other.
wait -n "${pids[@]}"
