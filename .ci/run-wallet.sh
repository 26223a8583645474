#!/usr/bin/env bash
# Starts what `make build` built: a share host and a demo city on loopback, and the wallet; in a window where there is a display.
# They end together.
set -euo pipefail
cd "$(dirname "$0")/.."
port=${SHARE_PORT:-8787}
host=http://127.0.0.1:$port
city_port=${CITY_PORT:-8788}
city=http://127.0.0.1:$city_port
data=${XDG_DATA_HOME:-$HOME/.local/share}/badge-share-host
say() { printf '== %s\n' "$*"; }
stop() { printf '\nStopped: %s\n' "$*" >&2; exit 1; }
told() { # whether the server on port $1 answers the path $2 with the words $3, asked without any tool that may be missing
  (exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'GET %s HTTP/1.0\r\n\r\n' "$2" >&3 && grep -q "$3" <&3) 2>/dev/null
}
share_answers() { told "$port" /healthz '^ok'; }
city_answers() { told "$city_port" /.well-known/cities-of-learning '"fictitious":true'; }
started=
trap 'for one in $started; do kill "$one" 2>/dev/null || true; done' EXIT
begin() { # begin NAME ANSWERS VARIABLE COMMAND…: starts a server, and waits until ANSWERS says that it is there
  local name=$1 answers=$2 variable=$3 log one
  shift 3
  log=target/${name// /-}.log
  "$@" >/dev/null 2>"$log" &
  one=$!
  started="$started $one"
  for _ in $(seq 50); do
    "$answers" && return
    kill -0 "$one" 2>/dev/null || break
    sleep 0.1
  done
  stop "the $name does not start: $(tail -n 1 "$log"). Is the port free? Otherwise choose another: $variable=8790 make run"
}

if share_answers; then
  say "Share links go to the share host that runs already: $host"
else
  begin 'share host' share_answers SHARE_PORT target/debug/badge-share-host --listen "127.0.0.1:$port" --data "$data" --page ui/dist-verifier --web wallet-core/demo/web
  say "Share links go to a share host on this machine: $host (its links are kept in $data)"
fi
export BADGE_WALLET_SHARE_HOST=$host

if city_answers; then
  say "The demo city runs already: $city"
else
  begin 'demo city' city_answers CITY_PORT target/debug/demo-city --listen "127.0.0.1:$city_port"
  say "The demo city is at $city (organisers: $city/organiser)"
fi
export BADGE_WALLET_CITY=$city
export BADGE_WALLET_LOCAL_ORIGINS=${BADGE_WALLET_LOCAL_ORIGINS:+$BADGE_WALLET_LOCAL_ORIGINS,}$city

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" != Linux ]; then
  say "Opening Badge Wallet"
  target/debug/badge-wallet-app
else
  say "There is no display here: open this address in a browser (Ctrl-C ends it)"
  target/debug/badge-wallet serve
fi
