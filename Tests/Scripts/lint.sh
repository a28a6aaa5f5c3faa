#!/bin/sh
# Everything that can be said about the sources without running them.
set -eu

usage() {
  cat <<'USAGE'
usage: lint.sh

Checks the format of all Swift files, the syntax of all scripts, that the demo fixture is what its generator writes,
and that the built-in prices follow their schema and give the worked examples. Changes nothing and leaves nothing behind. `make format` mends what it says about Swift.
USAGE
}

case "${1-}" in
  '') ;;
  -h | --help)
    usage
    exit 0
    ;;
  *)
    usage >&2
    exit 64
    ;;
esac

cd "$(dirname "$0")/../.."
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT

swift format lint --strict --recursive --parallel Package.swift Sources Tests

# Python keeps what it compiles in the temporary folder, not beside the sources.
find Fixtures Tests -name '*.py' -exec env PYTHONPYCACHEPREFIX="$temporary" python3 -m py_compile {} +
python3 Fixtures/demo/generate.py --check
python3 Tests/Scripts/catalog.py check
python3 Fixtures/prices/reference.py --check

find Tests .ci -type f \( -name '*.sh' -o -path .ci/run \) >"$temporary/scripts"
while IFS= read -r script; do
  case "$(head -n 1 "$script")" in
    *bash*) bash -n "$script" ;;
    *) sh -n "$script" ;;
  esac
done <"$temporary/scripts"
