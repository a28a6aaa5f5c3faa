#!/usr/bin/env bash
# Runs all tests that were built; what failed is said again at the end, where people and CI look.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
log=.build/test.log
"${SWIFT:-swift}" test --skip-build "$@" 2>&1 | tee "$log"
status=$?
if [ "$status" -ne 0 ]; then
  echo
  echo "what failed (all of it is in $log):"
  grep -E '✘|error:|Fatal' "$log" | grep -v '^✘ Test run\|^✘ Suite' | tail -n 40
fi
exit "$status"
