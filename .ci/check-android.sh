#!/usr/bin/env bash
# `gen/android` is what the tool generates, but for the files named here, which are ours: regenerates it elsewhere and compares.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/env.sh
ours=(AndroidManifest.xml res gradle.properties build.gradle.kts)

work=$PWD/target/android-drift
rm -rf "$work"
mkdir -p "$work/tree" "$work/sdk"/{platform-tools,cmdline-tools/latest/bin,platforms/android-36,build-tools/36.0.0,ndk/27.0.0/toolchains/llvm/prebuilt/linux-x86_64/bin}
echo 'Pkg.Revision = 27.0.12077973' > "$work/sdk/ndk/27.0.0/source.properties"
git ls-files -z | tar --null -T - -c | tar -x -C "$work/tree"
rm -rf "$work/tree/src-tauri/gen/android"
cd "$work/tree/src-tauri"
npm ci --silent
# An empty SDK is enough to generate; nothing is built with it.
ANDROID_HOME=$work/sdk NDK_HOME=$work/sdk/ndk/27.0.0 npm run --silent tauri -- android init --ci --skip-targets-install > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
cd - >/dev/null
# git keeps no empty folders.
find "$work/tree/src-tauri/gen/android" src-tauri/gen/android -type d -empty -delete
if ! diff -r "${ours[@]/#/--exclude=}" src-tauri/gen/android "$work/tree/src-tauri/gen/android"; then
  echo 'Stopped: src-tauri/gen/android differs from what the pinned tool generates (see above). Take its files over, or name them as ours.' >&2
  exit 1
fi
rm -rf "$work"
echo 'gen/android is as the tool generates it'
