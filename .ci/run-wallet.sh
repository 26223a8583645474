#!/usr/bin/env bash
# Starts what `make build` built: a share host on loopback, and the wallet; in a window where there is a display. Both end together.
set -euo pipefail
cd "$(dirname "$0")/.."
port=${SHARE_PORT:-8787}
host=http://127.0.0.1:$port
data=${XDG_DATA_HOME:-$HOME/.local/share}/badge-share-host
say() { printf '== %s\n' "$*"; }
stop() { printf '\nStopped: %s\n' "$*" >&2; exit 1; }
answers() { # whether a share host is on the port, asked without any tool that may be missing
  (exec 3<>"/dev/tcp/127.0.0.1/$port" && printf 'GET /healthz HTTP/1.0\r\n\r\n' >&3 && grep -q '^ok' <&3) 2>/dev/null
}

if answers; then
  say "Share links go to the share host that runs already: $host"
else
  target/debug/badge-share-host --listen "127.0.0.1:$port" --data "$data" --page ui/dist-verifier --web wallet-core/demo/web >/dev/null 2>target/share-host.log &
  share=$!
  trap 'kill "$share" 2>/dev/null || true' EXIT
  for _ in $(seq 50); do
    answers && break
    kill -0 "$share" 2>/dev/null || stop "the share host does not start: $(tail -n 1 target/share-host.log). Is the port free? Otherwise choose another: SHARE_PORT=8788 make run"
    sleep 0.1
  done
  say "Share links go to a share host on this machine: $host (its links are kept in $data)"
fi
export BADGE_WALLET_SHARE_HOST=$host
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" != Linux ]; then
  say "Opening Badge Wallet"
  target/debug/badge-wallet-app
else
  say "There is no display here: open this address in a browser (Ctrl-C ends it)"
  target/debug/badge-wallet serve
fi
