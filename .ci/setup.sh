#!/usr/bin/env bash
# Installs what is missing. `setup.sh run` for building and starting the app, `setup.sh test` for `make test` as well, `setup.sh bench`
# for what only `make bench` needs.
# Safe to run again: what is there is left alone.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/env.sh

want=${1:-run}
say() { printf '== %s\n' "$*"; }
stop() { printf '\nStopped: %s\n' "$*" >&2; exit 1; }
at_least() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]; }

command -v cargo >/dev/null || stop "Rust is missing. Install Rust 1.95 or later with rustup, open a new terminal, and run make again."
rust=$(rustc --version | cut -d ' ' -f 2)
at_least 1.95.0 "$rust" || stop "Rust is $rust; 1.95 or later is needed. Run: rustup update stable"
command -v node >/dev/null && command -v npm >/dev/null || stop "Node.js is missing. Install Node.js 20.19 or later with npm, and run make again."
node=$(node --version | tr -d v)
at_least 20.19.0 "$node" || stop "Node.js is $node; 20.19 or later is needed. Install a newer one, and run make again."
say "Rust $rust, Node.js $node"

packages=(build-essential pkg-config cmake file libssl-dev libdbus-1-dev libwebkit2gtk-4.1-dev libayatana-appindicator3-dev librsvg2-dev libxdo-dev clang-19 lld-19 llvm-19)
if [ "$want" = test ]; then
  packages+=(webkit2gtk-driver xvfb dbus dbus-x11 gnome-keyring chromium zbar-tools poppler-utils)
fi
[ "$want" = bench ] && packages+=(wrk)
if [ "$(uname -s)" = Linux ]; then
  if command -v apt-get >/dev/null; then
    missing=()
    for package in "${packages[@]}"; do
      dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    if [ "${#missing[@]}" -gt 0 ]; then
      install="apt-get install -y --no-install-recommends ${missing[*]}"
      if [ "$(id -u)" = 0 ]; then as=(); elif sudo -n true 2>/dev/null; then as=(sudo); else
        stop "some packages are missing, and installing them needs the administrator. Run this once, and make again:
  sudo $install"
      fi
      say "Installing packages: ${missing[*]}"
      "${as[@]}" apt-get update -q || stop "the list of packages could not be fetched. Check the network, and run make again."
      "${as[@]}" env DEBIAN_FRONTEND=noninteractive $install || stop "a package could not be installed. Read the lines above, and run make again."
    fi
    say "Packages: all ${#packages[@]} are there"
  else
    say "This is not a Debian-like system. These packages, by Debian's names, must be there: ${packages[*]}"
  fi
fi

tool() { # name, version, what for
  if [ ! -x "$(command -v "$1" || true)" ]; then
    say "Installing $1 $2 ($3; a few minutes, once)"
    cargo install --locked "$1" --version "$2" || stop "$1 could not be installed. Check the network, and run: cargo install --locked $1 --version $2"
  fi
}
if [ "$want" = test ]; then
  tool cargo-nextest 0.9.143 "runs the tests"
  [ "$(uname -s)" = Linux ] && tool tauri-driver 2.1.0 "drives the real app"
fi
if [ "$want" = bench ] && [ ! -x "$(command -v nginx || echo /usr/sbin/nginx)" ] && [ ! -x target/tools/nginx/usr/sbin/nginx ]; then
  # Unpacked and not installed: the package would start a web server on port 80, at every start of the machine.
  say "Fetching nginx (the share host is measured beside it)"
  mkdir -p target/tools
  (cd target/tools && apt-get download -q nginx && dpkg-deb -x nginx_*.deb nginx) || stop "nginx could not be fetched. Check the network, and run make again."
fi
say "Ready"
