# SPDX-License-Identifier: Apache-2.0
# Dangol. `make help` lists what there is.

SHELL       := /bin/bash
TAGS        := sqlite_fts5,sqlite_math_functions,duckdb_arrow
export GOFLAGS := -buildvcs=false -trimpath -tags=$(TAGS)
DATA        ?= data
LISTEN      ?= 127.0.0.1:8080
BIN         := bin/dangol

.PHONY: help run dev build ui test test-go test-ui check fmt generate e2e bench figures bench-peers clean

help: ## lists the targets
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "  %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## installs and builds everything, loads the demo company, serves on http://localhost:8080
	@$(BIN) serve --demo --data $(DATA) --listen $(LISTEN)

build: ui ## builds bin/dangol with the pages inside
	@mkdir -p bin
	go build -ldflags "-s -w" -o $(BIN) ./cmd/dangol

ui: ui/dist/index.html ## builds the pages into ui/dist

ui/node_modules/.installed: ui/package-lock.json
	cd ui && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

ui/dist/index.html: ui/node_modules/.installed $(shell find ui/src ui/public ui/index.html ui/vite.config.ts -type f 2>/dev/null)
	cd ui && npm run build

dev: ui/node_modules/.installed ## the server and the pages with reload (two processes)
	@scripts/dev.sh

test: test-ui test-go ## every test, PostgreSQL included

test-ui: ui/node_modules/.installed
	cd ui && npm test

test-go: ui
	scripts/clickhouse-for-tests.sh run -- scripts/postgres-for-tests.sh run -- go test -p 2 -timeout 20m ./...

check: ui generate ## format, linters, types, architecture, generated files unchanged, licences
	scripts/check.sh

fmt: ui/node_modules/.installed ## formats Go and TypeScript
	go tool gofumpt -w architecture bench cmd e2e internal ui/*.go
	cd ui && npm run format

generate: ui/node_modules/.installed ## makes the typed client from the server's OpenAPI document
	@mkdir -p bin
	go run ./cmd/dangol openapi > bin/openapi.json
	cd ui && DANGOL_OPENAPI=../bin/openapi.json npm run generate

e2e: build ## the main journeys in a real browser
	scripts/e2e.sh

bench: build ## the figures of docs/benchmarks.md (long; never part of CI)
	scripts/bench.sh

figures: build ## every published figure of ../shared/data against dangol mine (about three minutes)
	go run ./bench figures --dangol bin/dangol

bench-peers: build ## rivals measured side by side (needs Python packages)
	scripts/bench-peers.sh

clean: ## removes what was built; the data directory stays
	rm -rf bin ui/dist/assets ui/dist/index.html
