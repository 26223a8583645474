# Sourced by check-phones.sh and wasm.sh: `debian_rust TARGET` makes cargo use Debian's Rust, which has the sources of the standard
# library, where rustup cannot fetch a target.

debian_rust() { # Debian's Rust beside rustup's, unpacked and never installed: the two packages exclude each other
  local folder=$PWD/target/phone-tools/rust debs=$PWD/target/phone-tools/debs
  if [ ! -x "$folder/usr/bin/rustc" ]; then
    command -v apt-get >/dev/null || stop "this target's standard library is missing. Run: rustup target add $1"
    say "Fetching Debian's Rust with its sources (once, about 300 MB)"
    local std llvm
    std=$(apt-cache depends libstd-rust-web-dev 2>/dev/null | grep -om 1 'libstd-rust-web-[0-9][0-9.]*') || stop "this system has no packages of Rust's sources. Run: rustup target add $1"
    llvm=$(apt-cache depends "$std" | grep -om 1 'libllvm[0-9]*')
    local need=(rustc-web libstd-rust-web-dev rust-web-src "$std" "$llvm")
    rm -rf "$debs" && mkdir -p "$debs" "$folder"
    (cd "$debs" && apt-get download "${need[@]}" >/dev/null) || stop "Debian's Rust could not be fetched. Check the network and that apt-get update works, or run: rustup target add $1"
    for package in "$debs"/*.deb; do dpkg -x "$package" "$folder"; done
    rm -rf "$debs"
  fi
  export RUSTC=$folder/usr/bin/rustc RUSTC_BOOTSTRAP=1
  export LD_LIBRARY_PATH=$folder/usr/lib/x86_64-linux-gnu${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
}
