#!/bin/sh
# Installs what building or testing needs and is not there yet, and says what and why.
set -eu

usage() {
  cat <<'USAGE'
usage: setup.sh build|test

  build  libzstd with headers, pkg-config, and a check for Swift 6.2 or newer
  test   the above, zstd, jq, curl, sqlite3, time zones, and Python packages in .build/venv

Knows apt (Debian, Ubuntu; through sudo when not root) and Homebrew (macOS). Looks before it installs, so it is
quick and quiet when everything is there. Python packages are installed again only when
Tests/Scripts/requirements*.txt or the Python changes.
USAGE
}

say() { printf 'setup: %s\n' "$*" >&2; }

fail() {
  printf 'setup: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 69
}

have() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif have sudo; then
    sudo "$@"
  else
    fail "$1 needs root, and there is no sudo" "Run as root: $*"
  fi
}

apt_is_fresh=no

# provide WHY APT_PACKAGE BREW_PACKAGE
provide() {
  if have apt-get; then
    say "installing $2 with apt-get: $1"
    if [ "$apt_is_fresh" = no ]; then
      as_root apt-get update -qq || say "apt-get update failed; trying with the lists there are"
      apt_is_fresh=yes
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$2" >&2 ||
      fail "apt-get could not install $2" "Install it by hand ($1), then try again."
  elif have brew; then
    say "installing $3 with Homebrew: $1"
    brew install --quiet "$3" >&2 ||
      fail "Homebrew could not install $3" "Install it by hand ($1), then try again."
  else
    fail "$2 is missing: $1" "There is neither apt-get nor brew here. Install it by hand, then try again."
  fi
}

# need COMMAND WHY APT_PACKAGE BREW_PACKAGE
need() {
  have "$1" || provide "$2" "$3" "$4"
}

how_to_get_swift() {
  fail "$1" \
    "tally needs Swift 6.2 or newer. Get it from https://www.swift.org/install (on Linux, swiftly installs it:" \
    "https://www.swift.org/install/linux/swiftly), on macOS with Xcode 26 or its command line tools."
}

check_swift() {
  have swift || how_to_get_swift "swift: not found"
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1)
  [ -n "$version" ] || how_to_get_swift "swift --version says nothing that can be read"
  major=${version%%.*}
  minor=${version#*.}
  if [ "$major" -lt 6 ] || { [ "$major" -eq 6 ] && [ "$minor" -lt 2 ]; }; then
    how_to_get_swift "swift: version $version is too old"
  fi
}

setup_build() {
  need pkg-config "the build asks it where libzstd is" pkg-config pkgconf
  pkg-config --exists libzstd || provide "segments and rollups are compressed with it" libzstd-dev zstd
  pkg-config --exists libzstd ||
    fail "pkg-config does not find libzstd, though it is installed" \
      "Add the folder of libzstd.pc to PKG_CONFIG_PATH, then try again."
  check_swift
}

setup_python() {
  need python3 "the tests read our files with it, and it makes the fixtures" python3 python3
  python3 -c 'import sys; sys.exit(sys.version_info < (3, 9))' ||
    fail "python3 is $(python3 --version 2>&1)" "Python 3.9 or newer is needed first in PATH."
}

# A venv of its own under .build, made again when the list of packages or the Python changes.
setup_venv() {
  wanted=Tests/Scripts/requirements.txt
  alone=Tests/Scripts/requirements-alone.txt
  mark=.build/venv/requirements.txt
  python=$(python3 -c 'import sys; print("# made by", sys.executable, sys.version.split()[0])')
  if [ -x .build/venv/bin/python ] && { printf '%s\n' "$python" && cat "$wanted" "$alone"; } | cmp -s - "$mark"; then
    return
  fi
  say "making .build/venv with DuckDB, pyarrow, LiteLLM and friends: tests hold tally beside them"
  mkdir -p .build
  rm -rf .build/venv
  # Debian's python3 comes without ensurepip, and then leaves half a venv behind.
  if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    provide "Debian keeps Python's venv apart" python3-venv python3
    python3 -c 'import ensurepip, venv' 2>/dev/null ||
      fail "python3 cannot make a venv" "$(command -v python3) is not the Python that was just completed: check PATH."
  fi
  python3 -m venv .build/venv || fail "python3 could not make .build/venv" "See the message above."
  for list in "$wanted" "$alone"; do
    case "$list" in
      "$alone") how='--no-deps --no-compile' ;;
      *) how= ;;
    esac
    # Two words or none.
    # shellcheck disable=SC2086
    .build/venv/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: $how -r "$list" >&2 ||
      fail "pip could not install what $list names" \
        "It needs the network (or PIP_INDEX_URL), and a Python that these versions support."
  done
  { printf '%s\n' "$python" && cat "$wanted" "$alone"; } >"$mark"
}

setup_test() {
  setup_build
  need zstd "tests read segments with it" zstd zstd
  need jq "tests read events with it" jq jq
  need curl "tests fetch prices with it" curl curl
  need sqlite3 "tests read other tools' logs with it" sqlite3 sqlite
  [ -e /usr/share/zoneinfo/Europe/Berlin ] || provide "tests go through every time zone" tzdata tzdata
  setup_python
  setup_venv
}

cd "$(dirname "$0")/../.."
case "${1-}" in
  build) setup_build ;;
  test) setup_test ;;
  -h | --help) usage ;;
  *)
    usage >&2
    exit 64
    ;;
esac
