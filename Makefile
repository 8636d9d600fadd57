# make run — build and start; make test — everything that is tested; make help — the rest.
SHELL := /bin/bash
TOOLS := $(or $(KOPILKA_TOOLS),$(CURDIR)/.tools)
TARGET := $(or $(CARGO_TARGET_DIR),$(CURDIR)/target)
export PATH := $(TOOLS)/bin:$(TOOLS)/node_modules/.bin:$(HOME)/.cargo/bin:$(PATH)

SITE := target/site/.built
MODULES := target/modules/.built
BINARY := $(TARGET)/release/kopilka
FRONT := $(shell find src style public Cargo.toml Cargo.lock .ci/site .ci/module .ci/bindgen .ci/node -type f -not -path 'src/wasm/till/*' -not -path 'src/wasm/decoder/*' 2>/dev/null)
MODULE := $(shell find src/wasm Cargo.toml Cargo.lock .ci/module .ci/bindgen .ci/node -type f 2>/dev/null)
BACK := .cargo/config.toml $(shell find server -name '*.rs' -o -name '*.sql' -o -name '*.toml' -not -path '*/tests/*' 2>/dev/null)
# Always together: apart, features of their dependencies differ, and all of them are built again.
ENGINE := -p kopilka-core -p kopilka-demo-data -p kopilka-server -p kopilka-client
# The app's half of the server: built with the others, so that one set of features serves both.
APP := -p kopilka --features kopilka/ssr
# What tests and benches share, and the derive macro.
SHARED := -p kopilka-testing -p kopilka-row-derive
# The browser's part that only the till loads, and what it shares with the shopper's pages.
TILL := -p kopilka-till -p kopilka-browser -p kopilka-decoder
# Pictures as bad cameras see them: tests and figures only.
FRAMES := -p kopilka-frames
LISTEN ?= 127.0.0.1:3000

.PHONY: help run check names test prepare tools release dev fmt format lint unit rules storage crash nightly e2e screens sizes bench frames deny clean
.DEFAULT_GOAL := help

help: ## list the targets
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 12

run: tools release ## build what has changed, then serve the demo on http://127.0.0.1:3000
	$(BINARY) --data data serve --demo --listen $(LISTEN)

tools: ## bring what the build needs into .tools, once
	@.ci/prepare "$(TOOLS)" build

prepare: ## bring what the tests need besides: browser, PostgreSQL, cargo-deny
	@.ci/prepare "$(TOOLS)" test

check: format ## types, lints and the rules' tests of the server, unoptimised: quick, for use between changes
	cargo clippy --locked $(ENGINE) --all-targets -- -D warnings
	cargo test --locked $(ENGINE) --lib domain::

release: $(BINARY) ## the optimised program, one file with everything in it

# The browser's part first: the program embeds it. The till's modules are apart, shoppers don't load them.
$(SITE): $(FRONT)
	@.ci/tools "$(TOOLS)"
	.ci/site
	@touch $@

$(MODULES): $(MODULE)
	@.ci/tools "$(TOOLS)"
	.ci/module kopilka-till till target/modules
	.ci/module kopilka-decoder decoder target/modules
	@touch $@

$(BINARY): $(SITE) $(MODULES) $(BACK)
	cargo build --release --locked $(ENGINE)
	@touch $@

dev: $(MODULES) ## serve the demo with live reload
	@.ci/tools "$(TOOLS)" dev
	cargo leptos watch -- --data data serve --demo

fmt: ## format the sources
	cargo fmt --all

format: ## check the formatting; needs no build
	cargo fmt --all --check

lint: format $(SITE) $(MODULES) ## formatting and lints, warnings are errors
	cargo clippy --locked $(ENGINE) $(SHARED) $(APP) --all-targets -- -D warnings
	cargo clippy --profile wasm-release --locked -p kopilka --features hydrate --target wasm32-unknown-unknown -- -D warnings
	cargo clippy --profile wasm-release --locked $(TILL) --target wasm32-unknown-unknown -- -D warnings
	cargo clippy --locked $(TILL) $(FRAMES) --all-targets -- -D warnings

# Library tests that go through a database: on each engine.
STORED := receipts::tests corrections::tests till::tests programmes::tests comparison_tests::

# Tests are built without optimisation, in a third of the time; the browser's tests run the optimised program.
unit: rules storage ## rules, and storage and the program as a black box on each engine

rules: $(SITE) $(MODULES) ## tests that need no choice of a database
	cargo test --locked $(ENGINE) $(SHARED) $(APP) --lib --bins -- $(addprefix --skip ,$(STORED))
	cargo test --locked $(TILL) $(FRAMES)

storage: $(SITE) $(MODULES) ## tests of storage and of the program as a black box, on KOPILKA_TEST_ENGINES (both)
	PROPTEST_CASES=32 .ci/postgres cargo test --locked $(ENGINE) $(APP) --lib --bins -- $(STORED)
	.ci/postgres cargo test --locked $(ENGINE) $(APP) --test '*'

crash: $(SITE) $(MODULES) ## kill the program under load, 100 times on each engine (KOPILKA_CRASH_CYCLES)
	KOPILKA_CRASH_CYCLES=$${KOPILKA_CRASH_CYCLES:-100} .ci/postgres \
		cargo test --release --locked -p kopilka-server --test alone crash:: -- --nocapture

names: ## report how long names are and how doc comments begin
	@node .ci/names.mjs

nightly: $(SITE) ## what takes hours: 100,000 cases of each property, then crash; how long each part took
	.ci/nightly

e2e/node_modules: e2e/package-lock.json
	cd e2e && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

e2e: release e2e/node_modules ## the pages in a real browser
	.ci/browser
	@# Makes films for the browser's camera.
	cargo build --release --locked $(FRAMES)
	cd e2e && npx tsc --noEmit && KOPILKA_BIN=$(BINARY) npx playwright test $(ARGS)

screens: release e2e/node_modules ## screenshots of every page to e2e/.results/screens
	.ci/browser
	cd e2e && KOPILKA_BIN=$(BINARY) npx playwright test --project screens $(ARGS)

sizes: $(SITE) $(MODULES) ## what a phone loads, against its limits
	.ci/sizes

bench: release e2e/node_modules ## figures of speed and growth into docs/benchmarks.md; KOPILKA_BENCH=short takes minutes
	.ci/bench "$(TOOLS)" "$(BINARY)"

frames: $(MODULES) ## how many bad pictures of the code the camera reads, beside other decoders: docs/camera.md
	.ci/frames

deny: ## advisories, licences, bans of dependencies; KOPILKA_ADVISORIES=if-reachable where the network is closed
	@.ci/deny-tool "$(TOOLS)"
	cargo deny --log-level error check bans licenses sources
	cargo deny --log-level error --config deny.toml --manifest-path .ci/bindgen/Cargo.toml check bans licenses sources
	@# The advisories are fetched from their own place, which not every network reaches.
	@if cargo deny --log-level error fetch db; then cargo deny --log-level error check advisories; \
	else echo 'advisories: NOT CHECKED, their database is out of reach'; \
		[ "$(KOPILKA_ADVISORIES)" = if-reachable ]; fi

test: prepare lint sizes unit e2e deny ## everything that is tested

clean: ## remove what was built; the tools stay
	rm -rf target/site target/modules
	cargo clean
