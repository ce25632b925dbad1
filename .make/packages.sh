#!/usr/bin/env bash
# Makes sure the Debian packages are there: `packages.sh build` or `packages.sh test`.
#
# Asks for programs, not for package names, so a machine that has them from
# elsewhere is left alone. Only what is missing is installed, as root or through
# sudo that asks no password; anyone else is told exactly what to ask for.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

missing=()
# need PACKAGE TEST…: PACKAGE is wanted unless TEST succeeds.
need() { local package="$1"; shift; "$@" >/dev/null 2>&1 || missing+=("$package"); }

# PostgreSQL's programs (Debian keeps them off the path).
postgres_programs() { compgen -G '/usr/lib/postgresql/*/bin/initdb' || { have initdb && have postgres; }; }
# A Chromium that end2end/playwright.config.ts can start.
chromium_program() { [[ -x ${KARTE_CHROMIUM:-/usr/bin/chromium} ]]; }
# A font with Japanese glyphs.
japanese_font() { have fc-list && fc-list :lang=ja family | grep -q .; }

need build-essential have cc
[[ -z ${RUST_SRC_TARBALL:-} ]] || need xz-utils have xz
need postgresql postgres_programs
if [[ ${1:-build} == test ]]; then
  need chromium chromium_program
  need fontconfig have fc-list
  need fonts-noto-cjk japanese_font
fi

[[ ${#missing[@]} -eq 0 ]] && exit 0

if [[ $(id -u) -eq 0 ]]; then as_root=(env)
elif have sudo && sudo -n true 2>/dev/null; then as_root=(sudo env)
else
  die "足りないパッケージがあります。管理者に次の実行を頼んでください。" \
    "Packages are missing and this user may not install them. Ask an administrator to run:" \
    "" \
    "  apt-get install --no-install-recommends ${missing[*]}"
fi
have apt-get || die "足りないプログラムがあります: ${missing[*]}" "This is no Debian: please install the equivalents of ${missing[*]}."

say "apt-get install ${missing[*]}"
# Another apt may be running: wait for its lock instead of failing.
apt=("${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -y -qq -o DPkg::Lock::Timeout=600)
"${apt[@]}" install --no-install-recommends "${missing[@]}" >/dev/null 2>&1 || {
  "${apt[@]}" update >/dev/null || warn "apt-get update: one of the package sources does not answer"
  "${apt[@]}" install --no-install-recommends "${missing[@]}" </dev/null >/dev/null
} || die "パッケージをインストールできませんでした: ${missing[*]}" "apt-get could not install: ${missing[*]}"
