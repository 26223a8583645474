#!/usr/bin/env bash
# Builds wallet-core/verifier-wasm for the page of a share link into ui/src/verifier/pkg. With rustup's target where it is; otherwise
# with Debian's own Rust, which brings the sources of the standard library. Built again only when the sources changed.
# CC_wasm32_unknown_unknown and AR_wasm32_unknown_unknown name another clang and archiver that can make WebAssembly than Debian's.
set -euo pipefail
cd "$(dirname "$0")/.."
. .ci/env.sh
. .ci/debian-rust.sh
root=$PWD
out=$root/ui/src/verifier/pkg
target=wasm32-unknown-unknown
version=$(sed -n 's/^wasm-bindgen = "=\([0-9.]*\)".*/\1/p' Cargo.toml)
unset RUSTC_WORKSPACE_WRAPPER # clippy brings its own sysroot
export CARGO_TARGET_DIR=$root/target/wasm
say() { printf '== %s\n' "$*"; }
stop() { printf '\nStopped: %s\n' "$*" >&2; exit 1; }

bindgen=$root/target/tools/bin/wasm-bindgen
if [ "$("$bindgen" --version 2>/dev/null)" != "wasm-bindgen $version" ]; then
  say "Installing wasm-bindgen $version (the page of a share link; a few minutes, once)"
  CARGO_TARGET_DIR=$root/target/tools-build cargo install wasm-bindgen-cli --version "$version" --root "$root/target/tools" --quiet ||
    stop "wasm-bindgen could not be installed. Check the network, and run make again."
fi

arguments=(build --locked -p verifier-wasm --lib --profile wasm --target "$target")
flags='--cfg getrandom_backend="wasm_js"'
if [ -d "$(rustc --print sysroot)/lib/rustlib/$target/lib" ]; then :; else
  debian_rust "$target"
  # The standard library built for size, and without the texts of panics, which nobody sees in a page: a sixth less to load.
  arguments+=(-Zbuild-std=std,panic_abort -Zbuild-std-features=optimize_for_size -Zpanic-immediate-abort --config 'profile.wasm.panic="immediate-abort"')
  flags+=' -Zlocation-detail=none -Zfmt-debug=none'
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=wasm-ld-19
fi
export CC_wasm32_unknown_unknown=${CC_wasm32_unknown_unknown:-clang-19} AR_wasm32_unknown_unknown=${AR_wasm32_unknown_unknown:-llvm-ar-19}
export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS=$flags
say "Building the verifier for the page (minutes, the first time)"
cargo "${arguments[@]}" || stop "the verifier does not build for the page."
mkdir -p "$out"
"$bindgen" --target web --omit-default-module-path --out-dir "$out" "$CARGO_TARGET_DIR/$target/wasm/verifier_wasm.wasm"
# The one of npm: Debian's mixes up the tables of what wasm-bindgen writes, and what it makes does not start.
node ui/node_modules/binaryen/bin/wasm-opt -Oz --enable-bulk-memory --enable-sign-ext --enable-nontrapping-float-to-int --enable-mutable-globals --enable-reference-types --enable-multivalue --strip-debug --strip-producers "$out/verifier_wasm_bg.wasm" -o "$out/verifier_wasm_bg.wasm"
say "The verifier: $(($(wc -c < "$out/verifier_wasm_bg.wasm"))) bytes, $(($(gzip -9c "$out/verifier_wasm_bg.wasm" | wc -c))) compressed"
