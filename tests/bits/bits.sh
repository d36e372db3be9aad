#!/bin/sh
# The same seed gives the same bits with any compiler and instruction set:  sh bits.sh SOURCE COMPILER EIGEN
#
# Compiles bits.cpp with several compilers, levels of optimisation and instruction sets, runs what this machine can run,
# and compares the hashes. A compiler that is missing is named and left out.
set -u

source=$1 compiler=$2 eigen=$3
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$source" || exit 1

reference=
status=0
try() {
  command -v "$1" >/dev/null 2>&1 || { echo "left out, not installed: $1"; return; }
  "$@" -std=c++20 -w -fno-math-errno -fno-trapping-math -ffp-contract=off -DFMT_HEADER_ONLY -Icommon -isystem "$eigen" \
    tests/bits/bits.cpp common/fieldbook/activation.cpp common/fieldbook/random/stream.cpp \
    common/fieldbook/networks/*.cpp common/fieldbook/ensembles/gram_chain.cpp common/fieldbook/ensembles/cumulants.cpp \
    -o "$work/bits" || { echo "cannot compile: $*"; status=1; return; }
  # An instruction that this machine lacks ends the program by a signal
  hashes=$("$work/bits" 2>/dev/null) || { echo "left out, this machine cannot run it: $*"; return; }
  [ -n "$reference" ] || { reference=$hashes; echo "$hashes"; }
  if [ "$hashes" = "$reference" ]; then echo "same bits: $*"; else
    echo "other bits: $*"; echo "$hashes"; status=1
  fi
}

case $(uname -m) in
  x86_64)
    try "$compiler" -O1 -march=x86-64
    try "$compiler" -O3 -march=x86-64-v3
    try "$compiler" -O3 -march=x86-64-v4
    try "$compiler" -O3 -march=native
    for clang in clang++ clang++-14; do
      if command -v "$clang" >/dev/null 2>&1; then break; fi
    done
    try "$clang" -O1 -march=x86-64-v2
    try "$clang" -O3 -march=native
    ;;
  *)
    try "$compiler" -O1
    try "$compiler" -O3
    ;;
esac
exit $status
