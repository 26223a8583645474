#!/usr/bin/env bash
# `step.sh NAME COMMAND…` runs one step with its output, keeps the log, and remembers its closing lines;
# `step.sh --begin` forgets earlier ones; `step.sh --summary` prints them all.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/env.sh
logs=$PWD/target/logs
case "$1" in
  --begin) rm -rf "$logs"; mkdir -p "$logs"; date +%s > "$logs/.begin"; exit ;;
  --summary)
    printf '\n================ closing lines of each runner ================\n'
    cat "$logs/.summary"
    printf '\nAll passed, in %s minutes.\n' "$(( ($(date +%s) - $(cat "$logs/.begin") + 59) / 60 ))"
    exit ;;
esac
name=$1; shift
mkdir -p "$logs"
log=$logs/${name// /-}.log
printf '\n================ %s\n' "$name"
begin=$(date +%s)
status=0
"$@" 2>&1 | tee "$log" || status=$?
seconds=$(( $(date +%s) - begin ))
if [ "$status" != 0 ]; then
  printf '\nStopped: "%s" failed after %s s. Its whole output is in %s\n' "$name" "$seconds" "${log#"$PWD"/}" >&2
  exit "$status"
fi
{ printf '\n-- %s: passed in %s s\n' "$name" "$seconds"; sed 's/\x1b\[[0-9;]*m//g; /^[[:space:]]*$/d' "$log" | tail -n 4; } >> "$logs/.summary"
