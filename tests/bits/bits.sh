#!/bin/sh
# The same seed gives the same bits with any compiler and instruction set:  sh bits.sh SOURCE COMPILER EIGEN PROGRAM
#
# Compiles bits.cpp with several compilers, levels of optimisation and instruction sets, runs what this machine can run,
# and compares the hashes with those of PROGRAM, which this build made. A compiler that is missing is named and left out.
set -u

source=$1 compiler=$2 eigen=$3 program=$4
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$source" || exit 1

reference=
status=0
# The networks that bits.cpp draws; those of Kolmogorov and Arnold need the splines and exact integers of another room
networks=$(ls common/fieldbook/networks/*.cpp | grep -v /kolmogorov_)
sources="tests/bits/bits.cpp common/fieldbook/activation.cpp common/fieldbook/random/stream.cpp
  $networks common/fieldbook/numerics/set_partitions.cpp common/fieldbook/ensembles/averages.cpp
  common/fieldbook/ensembles/cumulants.cpp common/fieldbook/ensembles/gram_chain.cpp
  common/fieldbook/ensembles/k_statistic_terms.cpp"
# In one piece, for reading the headers twenty times takes longer than all the rest; one file has names that another has too
for file in $sources; do echo "#include \"$source/$file\""; done >"$work/all.cpp"
pieces="$work/all.cpp common/fieldbook/ensembles/n_point_functions.cpp"

# compile OUTPUT COMPILER OPTIONS...
compile() {
  output=$1; shift
  # shellcheck disable=SC2086  # several words
  "$@" -std=c++20 -w -fno-math-errno -ffp-contract=off -DFMT_HEADER_ONLY -Icommon $pieces -o "$output" ||
    { echo "cannot compile: $*"; status=1; return 1; }
}

# compare WHAT COMMAND...: run the command and compare what it prints
compare() {
  what=$1; shift
  # An instruction that this machine lacks ends the program by a signal
  hashes=$("$@" 2>/dev/null) || { echo "left out, this machine cannot run it: $what"; return; }
  [ -n "$reference" ] || { reference=$hashes; echo "$hashes"; }
  if [ "$hashes" = "$reference" ]; then echo "same bits: $what"; else
    echo "other bits: $what"; echo "$hashes"; status=1
  fi
}

try() {
  command -v "$1" >/dev/null 2>&1 || { echo "left out, not installed: $1"; return; }
  compile "$work/bits" "$@" -fno-trapping-math -isystem "$eigen" && compare "$*" "$work/bits"
}

# In a page of the book: WebAssembly, run by node
try_wasm() {
  for tool in em++ node; do
    command -v $tool >/dev/null 2>&1 || { echo "left out, not installed: $tool"; return; }
  done
  # Of the system's headers, those that are portable
  mkdir -p "$work/include"
  for library in boost fmt; do ln -sfn "/usr/include/$library" "$work/include/$library"; done
  export NODE_PATH=/usr/share/nodejs
  compile "$work/bits.js" em++ -O3 -msimd128 -sSINGLE_FILE=1 -sALLOW_MEMORY_GROWTH=1 -include tests/bits/older_library.hpp -isystem "$work/include" -isystem "$eigen" &&
    compare "em++ -O3 -msimd128" node "$work/bits.js"
}

compare "this build" "$program"
case $(uname -m) in
  x86_64)
    try "$compiler" -O1 -march=x86-64
    try "$compiler" -O3 -march=x86-64-v3
    for clang in clang++ clang++-14; do
      if command -v "$clang" >/dev/null 2>&1; then break; fi
    done
    try "$clang" -O1 -march=x86-64-v2
    try "$clang" -O3 -march=native
    ;;
  *)
    try "$compiler" -O1
    ;;
esac
try_wasm
exit $status
