#!/usr/bin/env bash
# Licences, bans and sources of everything that is linked; advisories too, where the database can be fetched.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/env.sh
if ! command -v cargo-deny >/dev/null; then
  echo '== Installing cargo-deny 0.20.2 (checks licences and bans; a few minutes, once)'
  cargo install --locked cargo-deny --version 0.20.2 || { echo 'Stopped: cargo-deny could not be installed. Check the network, and run: cargo install --locked cargo-deny' >&2; exit 1; }
fi
checks=(licenses bans sources)
if [ "${ADVISORIES:-}" = 1 ]; then checks+=(advisories); else echo 'Advisories are left out; with the internet at hand: ADVISORIES=1 .ci/deny.sh'; fi
# Duplicates are warnings, of which there are many; `cargo deny --config .deny.toml check bans` lists them.
exec cargo deny --log-level error --config .deny.toml check "${checks[@]}"
