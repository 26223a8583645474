#!/usr/bin/env bash
# Type-checks the whole app for Android and iOS. With rustup's targets where they are; otherwise with Debian's own Rust, which
# brings the sources of the standard library. Nothing is linked: C is preprocessed only, and Kotlin and Swift are not compiled.
# `.github/workflows/phones.yml` builds the real apps.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/env.sh
. .ci/debian-rust.sh
root=$PWD
tools=$root/target/phone-tools
export CARGO_TARGET_DIR=${PHONES_TARGET_DIR:-$root/target/phones}
targets=("$@")
[ "${#targets[@]}" -gt 0 ] || targets=(aarch64-linux-android aarch64-apple-ios)
say() { printf '== %s\n' "$*"; }
stop() { printf '\nStopped: %s\n' "$*" >&2; exit 1; }

[ -f ui/dist/index.html ] || stop "the interface is not built. Run make ui first."
mkdir -p "$tools/bin"

# ---- the standard library for a target ---------------------------------------------------------------------------------------

has_target() { [ -d "$(rustc --print sysroot)/lib/rustlib/$1/lib" ]; }

# ---- stand-ins for the tools that are not here -------------------------------------------------------------------------------

# Runs the real preprocessor (build scripts ask it questions) and answers every compilation with an empty object.
cat > "$tools/bin/phone-cc" <<'SH'
#!/bin/bash
out=; preprocess=; arguments=()
while [ $# -gt 0 ]; do
  case $1 in
    -'?') exit 1 ;; # no, this is not Microsoft's
    -E) preprocess=1; arguments+=("$1") ;;
    -o) out=$2; arguments+=("$1" "$2"); shift ;;
    --target=*|-target|-arch|-isysroot|-mios-version-min=*|-miphoneos-version-min=*|-fembed-bitcode*) case $1 in -target|-arch|-isysroot) shift ;; esac ;;
    *) arguments+=("$1") ;;
  esac
  shift
done
[ -n "$preprocess" ] && exec cc "${arguments[@]}"
[ -n "$out" ] && : > "$out"
exit 0
SH
cat > "$tools/bin/phone-ar" <<'SH'
#!/bin/sh
for argument in "$@"; do case $argument in *.a) : > "$argument" ;; esac; done
exit 0
SH
cat > "$tools/bin/xcrun" <<SH
#!/bin/sh
case "\$*" in *--show-sdk-path*) echo "$tools/sdk" ;; *--show-sdk-version*) echo 18.0 ;; *) echo "$tools/bin/phone-cc" ;; esac
SH
chmod +x "$tools"/bin/*
mkdir -p "$tools/sdk" "$tools/lib"
# Names only: nothing is linked.
touch "$tools"/lib/lib{ssl,crypto}.{a,so,dylib}

for target in "${targets[@]}"; do
  say "Checking types for $target (minutes; the first time longer)"
  arguments=(check --locked -p badge-wallet-app --lib --target "$target")
  name=${target//-/_}
  (
    if has_target "$target"; then :; else debian_rust "$target"; arguments+=(-Zbuild-std); fi
    export "CC_$name=$tools/bin/phone-cc" "CXX_$name=$tools/bin/phone-cc" "AR_$name=$tools/bin/phone-ar" "RANLIB_$name=$tools/bin/phone-ar"
    export OPENSSL_NO_VENDOR=1 OPENSSL_INCLUDE_DIR=/usr/include OPENSSL_LIB_DIR="$tools/lib" PKG_CONFIG_ALLOW_CROSS=1
    case $target in *-apple-ios*) export PATH="$tools/bin:$PATH" SDKROOT="$tools/sdk" ;; esac
    cargo "${arguments[@]}"
  ) || stop "the app does not type-check for $target."
  say "$target: the whole app type-checks"
done
