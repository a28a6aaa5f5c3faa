#!/bin/sh
# Prints the flags that link the release binary. On Linux everything is linked in: one file to copy anywhere, and it
# starts in less than half the time. Where there are no archives of the C libraries (Fedora keeps them apart), at
# least Swift's runtime is linked in; macOS has that in the system, and no archives.
set -eu

[ "$(uname -s)" = Linux ] || exit 0
printf '%s' '--static-swift-stdlib'
compiler=$(command -v clang || command -v cc) || exit 0
if printf 'int main(void) { return 0; }' |
  "$compiler" -static -x c - -o /dev/null -lzstd -lstdc++ -lm 2>/dev/null; then
  printf ' %s' -Xswiftc -static-executable
fi
