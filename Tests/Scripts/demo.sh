#!/bin/sh
# A month of a small team, from a pipe to a monthly report, on a store that is thrown away next time.
set -eu

usage() {
  cat <<'USAGE'
usage: demo.sh TALLY

  TALLY  the tally program (`make demo` builds it and passes it)

Pipes Fixtures/demo/events-2026-10.jsonl into a new store under .build/demo, rolls it up, prints reports and writes
the monthly report as files. Each step shows the command it runs. Touches nothing outside .build/demo.
USAGE
}

case "${1-}" in
  -h | --help)
    usage
    exit 0
    ;;
  '')
    usage >&2
    exit 64
    ;;
esac
if [ ! -x "$1" ]; then
  printf 'demo: %s: no such program\nBuild it with: swift build -c release --product tally\n' "$1" >&2
  exit 66
fi
binary=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
cd "$(dirname "$0")/../.."

demo=.build/demo
rm -rf "$demo"
mkdir -p "$demo/bin"
ln -s "$binary" "$demo/bin/tally"
PATH=$PWD/$demo/bin:$PATH
# Nobody's own configuration, store or writer name gets in, and nothing of the demo gets out.
for name in $(env | sed -n 's/^\(TALLY_[A-Z_]*\)=.*/\1/p'); do unset "$name"; done
export PATH XDG_CONFIG_HOME="$PWD/$demo/home/config" XDG_STATE_HOME="$PWD/$demo/home/state"
export XDG_DATA_HOME="$PWD/$demo/home/data" TALLY_STORE="$demo/store"

bold='' plain=''
if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); fi

say() { printf '\n%s\n' "$*"; }
show() { printf '%s$ %s%s\n' "$bold" "$*" "$plain"; }
step() {
  show "$*"
  "$@"
}

events=Fixtures/demo/events-2026-10.jsonl
show "export TALLY_STORE=$TALLY_STORE"

say "1. Scripts pipe events in. A dozen lines of this file are bad on purpose: tally keeps the good ones, sets the
   bad ones aside with reasons, and says so with exit code 65."
show "cat $events | tally append"
code=0
cat "$events" | tally append || code=$?
if [ "$code" -ne 65 ]; then
  printf 'demo: tally append ended with exit code %s; with these bad lines it has to be 65\n' "$code" >&2
  exit 1
fi
printf '(exit code 65: some lines were rejected, everything else is stored)\n'

say "2. At night the days are rolled up: repeats are counted once, voids not at all."
step tally rollup

say "3. Reports. Days are those of the zone you name."
step tally report weekly 2026-10 --timezone UTC --by provider --where 'provider in (anthropic, groq)'
printf '\n'
step tally report daily --since 2026-10-19 --until 2026-10-25 --timezone Europe/Berlin --where service=claude-code
printf '\n'
step tally report models 2026-10 --timezone UTC --top 5
printf '\n'
step tally report providers 2026-10 --timezone UTC

say "4. The month as files."
step tally report month 2026-10 --output "$demo/reports"

say "5. What is there now: plain files that zstd, jq, DuckDB and spreadsheets read."
for folder in reports store; do
  show "find $demo/$folder -type f"
  [ -d "$demo/$folder" ] || { printf 'demo: %s: tally wrote nothing there\n' "$demo/$folder" >&2; exit 1; }
  find "$demo/$folder" -type f | LC_ALL=C sort >"$demo/files"
  # The month has many days: the first few stand for the rest.
  head -n 12 "$demo/files"
  count=$(wc -l <"$demo/files")
  if [ "$count" -gt 12 ]; then printf '... and %s more\n' "$((count - 12))"; fi
done
rm -f "$demo/files"
say "The demo stays in $demo until the next one; \`export TALLY_STORE=$PWD/$TALLY_STORE\` to look around in it."
