# e-APD: the two commands are `make run` and `make test`.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

CARGO ?= cargo
# The development build is ready twice as fast as the release build, and what
# `make test` built serves it too. `make run PROFILE=release` for the other.
PROFILE ?= dev
BIN := target/$(if $(filter dev,$(PROFILE)),debug,$(PROFILE))/eapd
# Tools of the tests in Python, in a virtual environment of the project's own.
VENV := .venv
VENV_READY := $(VENV)/.ready
# The contenders of the bench in Python, in one of their own.
VENV_BENCH := .venv-bench
VENV_BENCH_READY := $(VENV_BENCH)/.ready
# What npm fetches, once package.json asks for something.
NPM_READY := $(if $(wildcard package.json),node_modules/.package-lock.json)
CARGO_DENY := 0.20.2
CARGO_CYCLONEDX := 0.5.9

.PHONY: help
help: ## This list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

# ---------------------------------------------------------------- run

.PHONY: run
run: export EAPD_CONFIG := config/demo.toml
run: build ## Build, load the demonstration, serve it on http://127.0.0.1:8080
	$(BIN) migrate
	$(BIN) demo
	exec $(BIN) serve

.PHONY: build
build: assets | compiler ## Build the program
	$(CARGO) build --locked --profile $(PROFILE)

node_modules/.package-lock.json: package.json package-lock.json
	@command -v npm >/dev/null || { echo 'npm is missing: install Node.js (Debian: apt install nodejs npm)' >&2; exit 1; }
	npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

# What the pages are sent with, compressed once; the program embeds it.
.PHONY: assets
assets: $(NPM_READY) ## Gather the static files of the pages, and the fonts of documents
	@node scripts/make-assets.mjs node_modules src/web/assets build/assets
	@node scripts/make-fonts.mjs node_modules build/fonts
	@node scripts/make-map.mjs node_modules build/map

.PHONY: compiler
compiler:
	@scripts/install-tools compiler

# ---------------------------------------------------------------- test

# Everything, as on a clean machine; what it needs is installed first.
.PHONY: test
test: test-tools assets lint ## Install what the tests need, then lint and run them all
	mkdir -p target
	$(CARGO) test --locked 2>&1 | tee target/test.log
	scripts/contract-count target/test.log

.PHONY: test-long
test-long: test-tools assets ## The long tests too: more cases, more kills, more fuzzing
	PROPTEST_CASES=5000 EAPD_LONG=1 $(CARGO) test --locked -- --include-ignored

.PHONY: test-tools
test-tools: $(VENV_READY) ## Install what the tests need (apt, with sudo when not root)

$(VENV_READY): requirements-test.txt | tools
	rm -rf $(VENV)
	python3 -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt
	touch $@

.PHONY: tools
tools:
	@scripts/install-tools compiler test

.PHONY: lint
lint: assets | compiler ## Formatting and lints
	@$(CARGO) fmt --version >/dev/null 2>&1 && $(CARGO) clippy --version >/dev/null 2>&1 \
		|| { echo 'rustfmt or clippy is missing: rustup component add rustfmt clippy' >&2; exit 1; }
	$(CARGO) fmt --check
	$(CARGO) clippy --locked --all-targets -- -D warnings

# ---------------------------------------------------------------- bench

# Ours beside its references, in turns: see benches/README.md.
# JOBS="reports start" for some of them, QUICK=1 to see that everything still works.
BENCH = $(CARGO) bench --locked --bench national -- $(if $(QUICK),--quick) $(JOBS)

.PHONY: bench
bench: assets | bench-tools ## Measure the service beside its references (15 minutes after the build)
	$(BENCH)

.PHONY: bench-document
bench-document: assets | bench-tools ## The same, written into docs/performance.md
	$(BENCH) --document

# Ten minutes: see docs/operations.md. ARGS="--sqlite 200 20 --postgres 0 0" for a shorter one.
.PHONY: load
load: assets ## The last evening of a campaign: declarants by the pages, up to the second after its end
	@scripts/install-tools compiler test
	$(CARGO) bench --locked --bench national -- load $(ARGS)

.PHONY: bench-tools
bench-tools: $(VENV_BENCH_READY) ## Install what the bench needs (apt, with sudo when not root)

$(VENV_BENCH_READY): benches/python/requirements.txt | bench-programs
	rm -rf $(VENV_BENCH)
	python3 -m venv $(VENV_BENCH)
	$(VENV_BENCH)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r $<
	touch $@

.PHONY: bench-programs
bench-programs:
	@scripts/install-tools compiler test bench

# Readers of what people send, a million inputs each: RUNS, SEED, READERS="csv xml", MODE=mutation.
.PHONY: fuzz
fuzz: assets | compiler ## Fuzz the readers of what people send (20 minutes after the build)
	CARGO="$(CARGO)" scripts/fuzz $(READERS)

.PHONY: fuzz-document
fuzz-document: assets | compiler ## The same, written into docs/security.md
	CARGO="$(CARGO)" DOCUMENT=1 scripts/fuzz $(READERS)

# Apart from `make test`: cargo-deny takes minutes to build.
.PHONY: deny
deny: ## Licences, sources and bans of the dependencies
	@$(CARGO) deny --version 2>/dev/null || $(CARGO) install --locked cargo-deny@$(CARGO_DENY)
	$(CARGO) deny --locked check bans licenses sources

.PHONY: sbom
sbom: ## What the program is made of, as CycloneDX: target/eapd.cdx.json
	@$(CARGO) cyclonedx --version >/dev/null 2>&1 || $(CARGO) install --locked cargo-cyclonedx@$(CARGO_CYCLONEDX)
	$(CARGO) cyclonedx --format json --describe crate --target x86_64-unknown-linux-gnu
	mkdir -p target && mv eapd.cdx.json target/eapd.cdx.json

.PHONY: bless
bless: assets ## Accept the snapshots of the tests as they are now; read the diff before you commit it
	INSTA_UPDATE=always INSTA_FORCE_PASS=1 $(CARGO) test --locked
	git --no-pager diff --stat -- '*.snap' tests docs

.PHONY: screenshots
screenshots: test-tools assets ## Take the pictures of docs/images/pages again; look at each of them
	EAPD_SCREENSHOTS=docs/images/pages $(CARGO) test --locked --test integration -- --exact web::screenshots::the_main_pages_are_photographed

.PHONY: clean-data
clean-data: ## Forget the demonstration's data
	rm -rf var
