#!/usr/bin/env bash
# Starts the stand-in platform and the server on demo data, and stops both together.
#
# `make run` and the browser tests use it alike. Where:
#   KARTE_DATA                   data directory                            (default: data/demo)
#   KARTE_DEMO_FRESH=1           a data directory of this run only, removed at the end
#   KARTE_PORT                   port of the server                        (default: 3000)
#   KARTE_PLATFORM_PORT          port of the platform, HTTPS               (default: 3900)
#   KARTE_PLATFORM_CONTROL_PORT  its page for people, journal, and faults  (default: the next)
#   KARTE_PROFILES               version of the profiles, 1.5.2 or 1.11    (default: 1.5.2)
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

data="${KARTE_DATA:-$ROOT/data/demo}"
[[ -z ${KARTE_DEMO_FRESH:-} ]] || data="$(mktemp -d)"
port="${KARTE_PORT:-3000}"
platform_port="${KARTE_PLATFORM_PORT:-3900}"
control_port="${KARTE_PLATFORM_CONTROL_PORT:-$((platform_port + 1))}"
# The two clinics of the demo: 青葉内科クリニック and みなと内科クリニック.
institutions=(1319999901 1419999902)
bin="$TARGET/debug"
[[ ${KARTE_PROFILE:-dev} == dev ]] || bin="$TARGET/$KARTE_PROFILE"
mkdir -p "$data"

pids=()
# Ask both to finish; the server closes its connections and its database by itself.
finish() {
  trap - EXIT INT TERM
  for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2>/dev/null || true; done
  [[ -z ${KARTE_DEMO_FRESH:-} ]] || rm -rf "$data"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

export KARTE_SITE="$SITE" KARTE_DATA="$data"
export KARTE_LISTEN="127.0.0.1:$port" KARTE_PLATFORM_URL="https://127.0.0.1:$platform_port"
export KARTE_PLATFORM_CERTIFICATES="$data/certificates"

# Who starts the demo looks for the address and the sign-ins: the stand-in writes to a file, the server says what is wrong.
export KARTE_LOG="${KARTE_LOG:-warn}"
# A certificate for the platform and for each clinic; those that hold are kept.
"$bin/karte-platform" certificates --dir "$KARTE_PLATFORM_CERTIFICATES" "${institutions[@]}" >>"$data/platform.log" 2>&1 ||
  { tail -n 3 "$data/platform.log" >&2; exit 1; }
"$bin/karte-platform" --listen "127.0.0.1:$platform_port" --control "127.0.0.1:$control_port" --data "$data/platform" \
  >>"$data/platform.log" 2>&1 &
pids+=($!)
# Fills an empty database with the two clinics, prints who can sign in; does nothing the second time.
"$bin/karte" demo
"$bin/karte" serve &
pids+=($!)

# Says where to look once the port answers, below the lines that starting prints.
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
  for pid in "${pids[@]}"; do
    kill -0 "$pid" 2>/dev/null || { tail -n 3 "$data/platform.log" >&2; exit 1; }
  done
  sleep 0.2
done
say "http://127.0.0.1:$port を開いてください (止めるには Ctrl-C / Ctrl-C stops it)"
say "共有サービスの代役 / the stand-in: http://127.0.0.1:$control_port"

# Whichever ends first ends the other.
wait -n "${pids[@]}"
