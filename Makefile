# `make` lists what there is to do.
.DEFAULT_GOAL := help
.PHONY: help run build test test-fast test-peers test-current peers lint race fuzz bench bench-check bench-large soak import-large golden model clean

export CGO_ENABLED ?= 0
GO        ?= go
BRAND     ?= Delta
FUZZTIME  ?= 30s
ROWS      ?= 1000000
GB        ?= 10
BENCH     ?= Event|Match|Identify|Text|Intake|Done
BENCHTIME ?= 1s
COUNT     ?= 6
TEXTS     ?= ../shared/data/sentiment
ELSEWHERE ?= ../shared/data/mentions/airline2015.csv
VERSION   := $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
CURRENT   := github.com/prometheus/prometheus
CURRENT_VERSION ?= v0.316.0
FUZZED     = $(shell grep -rl '^func Fuzz' --include='*_test.go' . | xargs -n1 dirname | sort -u)

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## listen for a brand: make run BRAND="Delta"
	./build/confianza run --brand "$(BRAND)" $(ARGS)

build: ## the binary, build/confianza
	$(GO) build -trimpath -tags timetzdata -ldflags '-s -w -X main.release=$(VERSION)' -o build/confianza ./cmd/confianza

test: test-fast test-peers ## everything; installs what the peers need when it can

test-fast: lint ## vet, staticcheck, unit tests, fuzz seeds, fakes (no network)
	$(GO) test ./...

test-peers: peers build ## race, and real peers: PDS, Jetstream, Prometheus' tools, Chromium
	CGO_ENABLED=1 $(GO) test -race -short ./...
	$(GO) test -tags peers -count=1 -timeout 20m ./test/peers ./dashboards/web

# remove_all_sd leaves out the service discoveries, which would take most of the time.
test-current: build ## remote read, remote write and history with a current Prometheus; builds it once, some 4 minutes
	@mkdir -p build/current
	@test -x build/current/promtool || GOBIN=$(CURDIR)/build/current $(GO) install -tags remove_all_sd $(CURRENT)/cmd/prometheus@$(CURRENT_VERSION) $(CURRENT)/cmd/promtool@$(CURRENT_VERSION)
	PATH=$(CURDIR)/build/current:$$PATH $(GO) test -tags peers -count=1 -v -run 'Remote|HistoryAsBlocks|OperationDashboard' ./test/peers

peers: ## install what the real peers need, once
	test/peers/setup

lint:
	@test -z "$$(gofmt -l . | tee /dev/stderr)" || { echo 'run gofmt -w .'; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

race: ## unit tests under the race detector
	CGO_ENABLED=1 $(GO) test -race ./...

fuzz: ## fuzz every target for FUZZTIME (30s; 10m before a release), to the end, and say what each did
	@failed=0; for dir in $(FUZZED); do for f in $$(grep -ho '^func Fuzz[A-Za-z0-9]*' $$dir/*_test.go | cut -c6-); do \
		out=$$($(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10s $$dir 2>&1) || { failed=1; echo "$$out"; echo "FAILED $$dir $$f"; }; \
		echo "$$dir $$f: $$(echo "$$out" | grep -o 'execs: .*' | tail -1)"; done; done; exit $$failed

# Rounds, so that what is compared runs in turn: a busy moment falls on both.
bench: ## benchmarks side by side, by benchstat, some 3 minutes: make bench BENCH=Intake COUNT=6
	@mkdir -p build && rm -f build/bench.txt
	@for i in $$(seq $(COUNT)); do $(GO) test -run '^$$' -bench '$(BENCH)' -benchtime $(BENCHTIME) -benchmem \
		./collectors/bluesky ./analysis/match ./analysis/language ./analysis/sentiment ./internal/store ./internal/series >> build/bench.txt || { tail build/bench.txt; exit 1; }; done
	$(GO) tool benchstat -filter '/impl:(ours OR bare OR encoding-json OR tsdb)' -col '/impl@(encoding-json bare tsdb ours)' build/bench.txt
	$(GO) tool benchstat -filter '.name:Match' -col '/brands@(10 10000)' build/bench.txt
	$(GO) tool benchstat -filter '.name:(Text OR Identify)' -col '/impl@(whatlanggo govader cdipaolo ours)' build/bench.txt
	$(GO) tool benchstat -filter '.name:(Add OR Done OR Latest OR Counts)' build/bench.txt

# Not in CI: what else its machines do moves even ratios of one run.
bench-check: bench ## fails when a promised ratio is broken, by median and three in four rounds
	BENCH_FILE=$(CURDIR)/build/bench.txt $(GO) test -count=1 -v -run 'TestPromises' ./test/bench

bench-large: ## ten million mentions in one store, and a year of episodes of a thousand brands, some 20 minutes: make bench-large MENTIONS=1000000 BRANDS=1000
	$(GO) test -tags large -run TestLarge -count=1 -v -timeout 4h ./internal/store
	$(GO) test -tags large -run TestEpisodesLarge -count=1 -v -timeout 1h ./dashboards/web

soak: build ## the real binary under load: make soak SOAK=30m RATE=20000 PAST=1h
	$(GO) test -tags soak -count=1 -v -timeout 24h ./test/soak

import-large: ## imports of a million rows that all match, and of files of 10 GB: make import-large ROWS=1000000 GB=10
	ROWS=$(ROWS) GB=$(GB) $(GO) test -count=1 -v -timeout 3h -run 'TestImportOfManyRows|AHugeFile' ./cmd/confianza

golden: ## rewrite generated files: docs/metrics.md, confianza.example.yml
	UPDATE_GOLDEN=1 $(GO) test -run Golden ./...

# Five splits to measure on, then all texts: the same texts give the same bytes.
model: build ## learn the sentiment model anew and write its card's figures, some 5 minutes, the same bytes from the same texts: make model TEXTS=DIR
	./build/confianza train --data $(TEXTS) --seeds 5 --card docs/model-card.md --out analysis/sentiment/model.bin
	./build/confianza eval sentiment --data $(ELSEWHERE) --weights analysis/sentiment/model.bin --card docs/model-card.md

clean: ## remove what was built, not what was collected
	rm -rf build
