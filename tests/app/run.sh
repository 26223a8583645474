#!/usr/bin/env bash
# Starts a display, a session bus and a key store of their own, and drives the real app in them.
set -euo pipefail
cd "$(dirname "$0")"
root=$(cd ../.. && pwd)
app=${BADGE_WALLET_APP:-$root/target/debug/badge-wallet-app}
[ -x "$app" ] || { echo "Stopped: $app is missing. Run make build first." >&2; exit 1; }
for tool in Xvfb dbus-run-session gnome-keyring-daemon tauri-driver WebKitWebDriver; do
  command -v "$tool" >/dev/null || { echo "Stopped: $tool is missing. Run make setup first." >&2; exit 1; }
done

home=$(mktemp -d)
display=
cleanup() {
  [ -z "$display" ] || kill "$display" 2>/dev/null || true
  rm -rf "$home"
}
trap cleanup EXIT
mkdir -p "$home"/{data,config,cache,run} && chmod 700 "$home/run"

# -displayfd picks a free number, so that two runs do not meet.
mkfifo "$home/display"
Xvfb -displayfd 3 -screen 0 1000x1000x24 3> "$home/display" 2>/dev/null &
display=$!
read -r number < "$home/display"

env -u WAYLAND_DISPLAY -u BADGE_WALLET_HOME \
  DISPLAY=":$number" HOME="$home" XDG_DATA_HOME="$home/data" XDG_CONFIG_HOME="$home/config" XDG_CACHE_HOME="$home/cache" \
  XDG_RUNTIME_DIR="$home/run" LANG="${LANG:-C.UTF-8}" GDK_BACKEND=x11 NO_AT_BRIDGE=1 \
  BADGE_WALLET_APP="$app" PATH="$PATH" \
  dbus-run-session -- bash -c '
    echo -n proef | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
    exec node --test --test-concurrency=1 journey.test.mjs
  '
