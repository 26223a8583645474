# Sourced by the Makefile and the scripts here: one set of switches, so that nothing is compiled twice.
# Debian's libssl serves SQLCipher where it is; elsewhere OpenSSL is built from source (minutes).
if [ "$(uname -s)" = Linux ] && pkg-config --exists openssl 2>/dev/null; then
  export OPENSSL_NO_VENDOR=1
fi
export PATH="$HOME/.cargo/bin:$PATH"
