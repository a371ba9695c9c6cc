# Everything here is one go command or a few; CONTRIBUTING.md says when to use
# which. "make" alone lists the targets.

FUNCTION := dist/function
PACKAGE  := dist/licensewatch.zip

# A rules file to take into the package: make package RULES=rules.yaml
RULES ?=
# Flags for the demo: make demo ARGS='--scenario healthy --language en'
ARGS ?=
# How long each fuzz target runs.
FUZZTIME ?= 20s

# The race detector needs cgo, which go switches off where there is no C compiler.
RACE := $(shell [ "$$(go env CGO_ENABLED)" = 1 ] && echo -race)

# What the demo shows when its page is checked. slow-export waits in real time.
SCENARIOS := healthy near-expiry trial-expired renewal-off everything-wrong source-down
# The time of the pictures.
PICTURED := 2026-11-22T09:07:00+08:00

.PHONY: help demo test year prove prove-archive prove-forecast mutate build package package-hashed check fmt vet lint tidy fuzz vuln page-check screenshots clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## show the messages of a made-up account, without any cloud account
	@go run ./cmd/licensewatch demo $(ARGS)

test: ## run all tests, with the race detector
ifeq ($(RACE),)
	@echo '!!! no C compiler, or CGO_ENABLED=0: the tests run WITHOUT the race detector' >&2
endif
	go test $(RACE) -timeout 30m ./...

year: ## 400 days of made-up accounts, without the race detector, which would take an hour
	go test -run '^TestYear' ./handler

prove: year ## try what docs/reliability.md has figures of many times over; takes an hour
	@mkdir -p dist
	@PROVE=$${PROVE:-1} go test -count=1 -timeout 120m -v -run '^(TestProve.*|TestFrozenRunWritesNothing)$$' . ./handler >dist/prove.log || { cat dist/prove.log; exit 1; }
	@sed -n 's/.*proof: //p' dist/prove.log
	seq 40 | xargs -P 2 -I{} go test -count=1 -timeout 60m -run '^TestLife$$' ./life -rapid.checks=500 -rapid.seed=$${PROVE:-1}{}

prove-archive: ## change sealed archives a million times over; takes ten minutes
	PROVE=$${PROVE:-1} go test -count=1 -timeout 120m -v -run '^TestProveArchive' ./archive

prove-forecast: ## back-test the forecast of a report on 8,000 histories; a minute
	PROVE=$${PROVE:-1} go test -count=1 -v -run '^TestBackTest$$' ./forecast

mutate: ## make mistakes in the code, one at a time: the tests have to notice
	go run ./internal/mutate

# What a record of evidence says of the program that wrote it.
BUILD_VARS = -X licensewatch/handler.buildVersion=$(or $(shell git describe --tags --always --dirty 2>/dev/null),devel) \
	-X licensewatch/handler.buildCommit=$(or $(shell git rev-parse HEAD 2>/dev/null),unknown)

# HTTP/2 is never spoken: each host gets a handful of calls. Leaving it out saves
# 3 % of the package; not inlining our own code and that of the SDK, the host and
# slack-go, which wait for the network most of the time, 3 % more, and that of yaml 1 %
# more: the built-in rules load no slower (1.3 ms, 400 starts of each). Of expr only the parser runs.
# Of the standard library what is idle (big numbers, templates), runs little (gob, rpc, slog, regexp) or
# waits for the network and the disk (HTTP, TLS, DNS, files): 4 % more, and no more instructions at a start or in a run.
NO_INLINE = licensewatch github.com/slack-go github.com/tencentcloud github.com/tencentyun go.yaml.in github.com/expr-lang \
	crypto/tls encoding/gob internal/poll io/fs log/slog math/big net os regexp text/template
build: ## build the function for SCF into dist/function
	rm -rf $(FUNCTION)
	mkdir -p $(FUNCTION)
	CGO_ENABLED=0 GOOS=linux GOARCH=amd64 GOAMD64=v1 \
		go build -tags nethttpomithttp2 -trimpath -buildvcs=false $(NO_INLINE:%=-gcflags='%/...=-l') -ldflags='-s -w -buildid= $(BUILD_VARS)' -o $(FUNCTION)/main .
ifneq ($(RULES),)
	cp $(RULES) $(FUNCTION)/
endif

package: build ## zip dist/function for the console; the same code gives the same bytes
	go run ./internal/pack -o $(PACKAGE) $(FUNCTION)

package-hashed: package ## the same under a name that holds its hash, as deploy/terraform wants it
	@name=dist/licensewatch-$$(sha256sum $(PACKAGE) | cut -c1-12).zip && cp $(PACKAGE) $$name && echo $$name

check: fmt vet lint test tidy demo ## all that must pass before a change is handed in

fmt: ## fail where a file is not formatted
	@files=$$(gofmt -l .) && [ -z "$$files" ] || { echo "not formatted (run gofmt -w):" $$files >&2; exit 1; }

vet: ## run go vet
	go vet ./...
	cd tools/browser && go vet ./...

lint: .bin/golangci-lint ## run the linters of .golangci.yml
	GOLANGCI_LINT_CACHE=$(CURDIR)/.bin/lint-cache .bin/golangci-lint run ./...
	cd tools/browser && GOLANGCI_LINT_CACHE=$(CURDIR)/.bin/lint-cache ../../.bin/golangci-lint run ./...

tidy: ## fail where go.mod or go.sum is not tidy
	go mod tidy -diff
	cd tools/browser && go mod tidy -diff

fuzz: ## run every fuzz target for FUZZTIME
	@grep -rHoE '^func Fuzz[A-Za-z0-9_]+' --include='*_test.go' . | sort | while IFS=: read -r file target; do \
		echo "fuzz $${target#func } in $$(dirname "$$file")"; \
		go test -run '^$$' -fuzz "^$${target#func }\$$" -fuzztime $(FUZZTIME) "$$(dirname "$$file")" </dev/null || exit 1; \
	done

vuln: .bin/govulncheck ## look for known vulnerabilities (VULNDB=file:///folder: offline)
	.bin/govulncheck $(if $(VULNDB),-db $(VULNDB)) ./...

page-check: .bin/browser .bin/licensewatch ## open the pages of demo and report in Chromium: console, width, contrast, print
	cd tools/browser && go test ./...
	@rm -rf dist/pages && mkdir -p dist/pages/forty
	@for language in en zh; do for scenario in $(SCENARIOS); do \
		.bin/licensewatch demo --scenario $$scenario --language $$language --html dist/pages/$$scenario-$$language.html >/dev/null || exit 1; \
	done; done
	@.bin/licensewatch demo --scenario healthy --mode alert --html dist/pages/quiet.html >/dev/null
	@for mode in digest alert; do \
		.bin/licensewatch demo --fleet --mode $$mode --html dist/pages/fleet-$$mode.html >/dev/null || exit 1; \
	done
	@.bin/licensewatch demo --archive dist/pages/evidence >/dev/null
	@.bin/licensewatch demo --fleet --archive dist/pages/fleet >/dev/null
	@for language in en zh; do for archive in evidence fleet; do \
		.bin/licensewatch report --archive dist/pages/$$archive --language $$language --html dist/pages/report-$$archive-$$language.html >/dev/null || exit 1; \
	done; done
	@KEEP_REPORT=$(CURDIR)/dist/pages/forty go test -count=1 -run '^TestReportOfFortyAccounts$$' ./cmd/licensewatch
	@cp dist/pages/forty/report.html dist/pages/report-forty.html
	.bin/browser check dist/pages/*.html
	.bin/browser print -most 12 dist/pages/report-*.html

screenshots: .bin/browser .bin/licensewatch ## take the pictures of the READMEs anew (wants the Noto CJK and emoji fonts)
	@mkdir -p dist/pages docs/images
	.bin/licensewatch demo --at $(PICTURED) --language en --html dist/pages/light.html >/dev/null
	.bin/licensewatch demo --at $(PICTURED) --language zh --html dist/pages/dark.html >/dev/null
	.bin/licensewatch demo --fleet --at $(PICTURED) --channels security,pay-oncall --html dist/pages/fleet.html >/dev/null
	@rm -rf dist/pages/pictured
	.bin/licensewatch demo --fleet --at $(PICTURED) --archive dist/pages/pictured >/dev/null
	.bin/licensewatch report --archive dist/pages/pictured --to 2026-11-22 --language en --html dist/pages/report.html >/dev/null
	.bin/licensewatch report --archive dist/pages/pictured --to 2026-11-22 --language zh --html dist/pages/report-zh.html >/dev/null
	.bin/browser shot -width 1100 -height 1400 dist/pages/report.html docs/images/report-light.png
	.bin/browser shot -width 1100 -height 1400 -dark dist/pages/report-zh.html docs/images/report-dark-zh.png
	.bin/browser shot dist/pages/light.html docs/images/demo-light.png
	.bin/browser shot dist/pages/fleet.html docs/images/demo-fleet.png
	.bin/browser shot -dark dist/pages/dark.html docs/images/demo-dark-zh.png

clean: ## remove what was built
	rm -rf dist .bin

# The tools are pinned in a module of their own, so that the function's go.mod
# holds only what the function needs. Building the linter takes minutes, once.
.bin/golangci-lint: TOOL := github.com/golangci/golangci-lint/v2/cmd/golangci-lint
.bin/govulncheck: TOOL := golang.org/x/vuln/cmd/govulncheck
.bin/%: tools/go.mod tools/go.sum
	cd tools && go build -trimpath -buildvcs=false -o ../$@ $(TOOL)

# What opens pages has a module of its own: nobody else needs a browser's protocol.
.bin/browser: $(wildcard tools/browser/*.go tools/browser/*.js tools/browser/go.*)
	cd tools/browser && go build -trimpath -buildvcs=false -o ../../$@ .

.PHONY: .bin/licensewatch
.bin/licensewatch:
	@go build -buildvcs=false -o $@ ./cmd/licensewatch
