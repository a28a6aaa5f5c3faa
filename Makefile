# Every target does its own set-up: what is missing is installed, and said. `make help` lists them.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
EVENTS ?= 1000000
ROUNDS ?= 3

# Swift's crash reporter waits for a debugger that nobody attached.
export SWIFT_BACKTRACE = enable=no

release_binary = .build/release/tally
# The runtime is linked in: one file to copy, and it starts in a third of the time. macOS has it in the system.
release_flags = $(if $(filter Linux,$(shell uname -s)),--static-swift-stdlib)

help:
	@echo 'make demo      a month of AI usage, from a pipe to a report, in .build/demo'
	@echo 'make build     the release binary'
	@echo 'make test      all tests'
	@echo 'make bench     speed beside zstd and installed peers (EVENTS=$(EVENTS) ROUNDS=$(ROUNDS))'
	@echo 'make lint      format and syntax of everything; make format mends it'
	@echo 'make install   into PREFIX=$(PREFIX) (DESTDIR is honoured)'
	@echo 'make setup     only install what building and testing need'
	@echo 'make clean     remove .build'

setup:
	@Tests/Scripts/setup.sh test

build:
	@Tests/Scripts/setup.sh build
	$(SWIFT) build -c release $(release_flags) --product tally

demo: build
	@Tests/Scripts/demo.sh "$(release_binary)"

test: setup
	$(SWIFT) build --build-tests
	$(SWIFT) test --skip-build

bench: build
	@Tests/Scripts/setup.sh bench
	@python3 Tests/Benchmarks/bench.py "$(release_binary)" $(EVENTS) --rounds $(ROUNDS)

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

.PHONY: help setup build demo test bench lint format install clean
