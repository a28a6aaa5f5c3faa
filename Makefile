# Every target does its own set-up: what is missing is installed, and said; bench and bench-check only say what
# they would compare with. `make help` lists them.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
EVENTS ?= 3000000
ROUNDS ?= 3

# Swift's crash reporter waits for a debugger that nobody attached.
export SWIFT_BACKTRACE = enable=no

release_binary = .build/release/tally

help:
	@echo 'make demo          a month of AI usage, from a pipe to a report, in .build/demo'
	@echo 'make build         the release binary'
	@echo 'make test          all tests'
	@echo 'make bench         speed beside zstd, sqlite3 and installed peers (EVENTS=$(EVENTS) ROUNDS=$(ROUNDS))'
	@echo 'make bench-readme  the table of the last make bench into README.md'
	@echo 'make bench-check   instruction counts beside the recorded ones, with valgrind'
	@echo 'make forecast-check  how good forecasts are on generated histories, many seeds'
	@echo 'make lint          format and syntax of everything; make format mends it'
	@echo 'make install       into PREFIX=$(PREFIX) (DESTDIR is honoured)'
	@echo 'make setup         only install what building and testing need'
	@echo 'make clean         remove .build'

setup:
	@Tests/Scripts/setup.sh test

build:
	@Tests/Scripts/setup.sh build
	$(SWIFT) build -c release $$(Tests/Scripts/link_flags.sh) --product tally

demo: build
	@Tests/Scripts/demo.sh "$(release_binary)"

test: setup
	$(SWIFT) build --build-tests
	@SWIFT="$(SWIFT)" Tests/Scripts/test.sh

bench: build
	@python3 Tests/Benchmarks/bench.py "$(release_binary)" $(EVENTS) --rounds $(ROUNDS)

bench-readme:
	@python3 Tests/Benchmarks/bench.py --readme README.md --markdown .build/bench/result.json

bench-check: build
	@python3 Tests/Benchmarks/check.py "$(release_binary)"

forecast-check: setup
	$(SWIFT) build --build-tests
	TALLY_FORECAST_SEEDS=60 TALLY_FORECAST_TABLE=1 $(SWIFT) test --skip-build --filter ForecastTests.CalibrationTests

lint:
	@Tests/Scripts/lint.sh

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

# Builds only when there is no binary yet, so that `sudo make install` does not build as root.
install:
	@test -x "$(release_binary)" || $(MAKE) build
	mkdir -p "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 "$(release_binary)" "$(DESTDIR)$(PREFIX)/bin/tally"

clean:
	rm -rf .build

.PHONY: help setup build demo test bench bench-readme bench-check forecast-check lint format install clean
