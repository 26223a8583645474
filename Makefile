# Badge Wallet. `make run` starts it, `make test` tests all of it. Each target installs what it misses, and can be run again.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run ui test test-all lint bench fuzz check-phones setup clean build

STEP := .ci/step.sh
ENV := . .ci/env.sh &&
WASM := ui/src/verifier/pkg/verifier_wasm.js
# What the verifier of the page is made of.
WASM_FILES := $(shell find wallet-core/verifier-wasm wallet-core/badge-view wallet-core/capsule wallet-core/open-badges -type f -name '*.rs' -o -name '*.json' -path '*/open-badges/*' 2>/dev/null) \
              $(wildcard wallet-core/*/Cargo.toml ui/messages/*.json wallet-core/demo/index.json) Cargo.toml Cargo.lock .ci/wasm.sh
UI_FILES := $(shell find ui/src ui/messages ui/public ui/project.inlang -type f -not -path '*/paraglide/*' 2>/dev/null) \
            $(wildcard ui/*.html ui/*.json ui/*.ts ui/*.js)
# Clippy as the compiler of our own crates: one build is linted, tested and run, and no dependency is compiled a second time for `cargo check`.
LINTED := . .ci/env.sh && export RUSTC_WORKSPACE_WRAPPER=clippy-driver CLIPPY_ARGS=-Dwarnings__CLIPPY_HACKERY__ &&

help:
	@echo 'make run           build and open the wallet (a window, or an address for the browser where there is no display)'
	@echo 'make test          everything that has to pass before a change goes in (under 45 minutes cold on 2 cores)'
	@echo 'make test-all      the long lanes too: a host that is killed, licences and bans, phones, fuzzing'
	@echo 'make lint          format and lints only'
	@echo 'make ui            build the interface into ui/dist'
	@echo 'make bench         measure, beside the JavaScript library and nginx'
	@echo 'make fuzz          60 seconds on each parser of outside bytes'
	@echo 'make check-phones  type-check the whole app for Android and iOS'
	@echo 'make setup         install what is missing, for all of these'
	@echo 'make clean         remove everything that was built'

# ---- what is missing -------------------------------------------------------------------------------------------------------

setup: target/stamps/test ui/node_modules/.package-lock.json tests/issuers/node_modules/.package-lock.json tests/app/node_modules/.package-lock.json

target/stamps/%: .ci/setup.sh
	@.ci/setup.sh $*
	@mkdir -p $(@D) && touch $@

%/node_modules/.package-lock.json: %/package.json %/package-lock.json
	@echo '== Installing the packages of $*'
	@cd $* && npm ci --no-audit --no-fund --loglevel=error || { echo 'Stopped: npm could not install the packages of $*. Check the network, and run make again.' >&2; exit 1; }
	@touch $@

# ---- build and run ---------------------------------------------------------------------------------------------------------

ui: ui/dist/index.html ui/dist-verifier/verifier.html

ui/dist/index.html: ui/node_modules/.package-lock.json $(UI_FILES)
	@echo '== Building the interface'
	@cd ui && npm run --silent build
	@touch $@

ui/dist-verifier/verifier.html: ui/node_modules/.package-lock.json $(UI_FILES) $(WASM)
	@echo '== Building the page of a share link'
	@cd ui && npm run --silent build:verifier
	@touch $@

$(WASM): $(WASM_FILES) ui/node_modules/.package-lock.json | target/stamps/run
	@.ci/wasm.sh
	@touch $@

build: target/stamps/run ui
	@echo '== Building the app (the first time takes several minutes)'
	@$(ENV) cargo build --workspace --lib --bins

run: build
	@exec .ci/run-wallet.sh

# ---- test ------------------------------------------------------------------------------------------------------------------

lint: target/stamps/test ui
	@$(STEP) 'format' cargo fmt --all --check
	@$(LINTED) $(STEP) 'lints' cargo build --workspace --lib --bins --tests --benches

test:
	@$(STEP) --begin
	@$(MAKE) --no-print-directory setup
	@$(STEP) 'verifier' $(MAKE) --no-print-directory $(WASM)
	@$(STEP) 'ui types' npm --prefix ui run --silent check
	@$(STEP) 'ui lint' npm --prefix ui run --silent lint
	@$(STEP) 'ui tests' npm --prefix ui run --silent test
	@$(STEP) 'ui build' $(MAKE) --no-print-directory ui
	@$(MAKE) --no-print-directory lint
	@$(LINTED) $(STEP) 'tests' cargo nextest run --workspace --no-fail-fast
	@$(LINTED) $(STEP) 'doc tests' cargo test --workspace --doc --quiet
	@$(STEP) 'journeys' npm --prefix ui run --silent e2e
	@$(STEP) 'real app' npm --prefix tests/app test --silent
	@$(STEP) --summary

test-all: test
	@$(LINTED) $(STEP) 'two hundred kills' cargo nextest run -p share-host --run-ignored only
	@$(STEP) 'licences and bans' .ci/deny.sh
	@$(STEP) 'phone project' .ci/check-android.sh
	@$(STEP) 'phones' .ci/check-phones.sh
	@$(STEP) 'fuzzing' $(MAKE) --no-print-directory fuzz
	@$(STEP) --summary

bench: target/stamps/test target/stamps/bench tests/issuers/node_modules/.package-lock.json
	@$(ENV) cargo bench -p wallet-core
	@$(ENV) cargo bench -p wallet-tests --bench discover
	@$(ENV) cargo bench -p share-host --bench host
	@cd tests/issuers && npm run --silent bench

fuzz: target/stamps/run
	@$(ENV) CARGO_TARGET_DIR=$(CURDIR)/target cargo run --manifest-path wallet-core/fuzz/Cargo.toml -- --seconds $${SECONDS_EACH:-60}

check-phones: target/stamps/run ui/dist/index.html
	@.ci/check-phones.sh

clean:
	@rm -rf target ui/dist ui/dist-verifier ui/src/verifier/pkg ui/node_modules tests/issuers/node_modules tests/app/node_modules src-tauri/node_modules wallet-core/fuzz/target
	@echo '== Removed everything that was built'
