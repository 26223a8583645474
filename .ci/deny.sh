#!/usr/bin/env bash
# Licences, bans and sources of everything that is linked; advisories too, where the database can be fetched.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/env.sh
if ! command -v cargo-deny >/dev/null; then
  echo 'Stopped: cargo-deny is missing. Run (ten minutes, once): cargo install --locked cargo-deny' >&2
  exit 1
fi
checks=(licenses bans sources)
if [ "${ADVISORIES:-}" = 1 ]; then checks+=(advisories); else echo 'Advisories are left out; with the internet at hand: ADVISORIES=1 .ci/deny.sh'; fi
exec cargo deny --config .deny.toml check "${checks[@]}"
