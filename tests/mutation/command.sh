#!/bin/sh
# What the command says to faults that do not fit the sources, and to bad usage:  sh command.sh MUTATE
set -u
mutate=$1
sandbox=$(mktemp -d) || exit 1
trap 'rm -rf "$sandbox"' EXIT
out=$sandbox/out
faults=$sandbox/tests/mutation/faults
mkdir -p "$faults" "$sandbox/chapters/tides" "$sandbox/common" "$sandbox/tests/random"
printf 'double height = 2 * pi;\ndouble twice = 2;\n' >"$sandbox/common/moon.cpp"
: >"$sandbox/chapters/tides/moon.cpp"

stop() { printf '%s\n' "$*" >&2; cat "$out" >&2; exit 1; }
# exits STATUS [OPTION...]
exits() {
  wanted=$1; shift
  "$mutate" "$sandbox" "$sandbox/scratch" none "$@" >"$out" 2>&1
  got=$?
  [ $got -eq "$wanted" ] || stop "exit status $got instead of $wanted"
}
says() { grep -qF -- "$1" "$out" || stop "does not say: $1"; }
# plant NAME FILE BEFORE AFTER TESTS PROGRAMS
plant() {
  printf 'what: a factor\nfile: %s\ntests: %s\nprograms: %s\n--- before\n%s\n--- after\n%s\n' \
    "$2" "$5" "$6" "$3" "$4" >"$faults/$1.fault"
}

plant two-pi common/moon.cpp '2 * pi' 'pi' random tides/moon
exits 0 --check
says '1 of 1 faults can be planted'
exits 0 --list
says 'two-pi'
exits 2 one-pi
says "no fault is called 'one-pi'"
exits 2 --lists
says "not '--lists'"

# Each of these is refused by name
refused() {
  exits 1 --check
  says "bad.fault: $1"
  exits 1 bad
  says "bad.fault: $1"
}
plant bad common/moon.cpp '3 * pi' 'pi' random tides/moon
refused 'stale: its text is not in common/moon.cpp'
plant bad common/moon.cpp 'double' 'float' random tides/moon
refused 'stale: its text is more than once in common/moon.cpp'
plant bad common/moon.cpp '2 * pi' '2 * pi' random tides/moon
refused 'changes nothing'
plant bad common/sun.cpp '2 * pi' 'pi' random tides/moon
refused 'there is no common/sun.cpp'
plant bad common/moon.cpp '2 * pi' 'pi' numbers tides/moon
refused 'there are no tests of a room numbers'
plant bad common/moon.cpp '2 * pi' 'pi' random tides/mars
refused 'there is no program tides/mars'
plant bad common/moon.cpp '2 * pi' 'pi' '' ''
refused 'needs what, file, a text before, and tests or programs'
printf 'what: a factor\n--- before\n2' >"$faults/bad.fault"
refused "needs '--- before', a text, '--- after' and a text"
printf 'whet: a factor\n--- before\n2\n--- after\n3\n' >"$faults/bad.fault"
refused "'whet: a factor' is not one of the keys"
