#!/bin/sh
# A student works through an exercise:  sh student.sh SOURCE PRESET. The answers of whoever runs this are left alone.
set -u

source=$1
name=cumulant_scaling
exercise="$source/chapters/statistics/exercises/$name"
answer="$source/answers/$name.hpp"
if [ -e "$answer" ] || [ -e "$answer.hints" ]; then
  echo "skipped: there is an answer of yours in $answer"
  exit 77
fi
export FIELDBOOK_PRESET="$2"  # that of the build under test, which must not be configured anew
out=$(mktemp) || exit 1
trap 'rm -f "$out" "$answer" "$answer.hints"; rmdir "$source/answers" 2>/dev/null' EXIT
failures=0

# expect STATUS WORDS -- COMMAND...: that exit status, and the words in what it prints
expect() {
  status=$1 words=$2
  shift 3
  "$source/fieldbook" exercise "$@" >"$out" 2>&1
  got=$?
  if [ "$got" -ne "$status" ] || ! grep -q "$words" "$out"; then
    echo "exercise $*: status $got, expected $status and '$words':"
    cat "$out"
    failures=$((failures + 1))
  fi
}

expect 0 "$name" -- list
expect 0 'r.-th cumulant' -- show $name
expect 2 'no exercise is called' -- show no_such_thing
expect 2 'can list, show' -- dance
expect 2 'name of one exercise' -- check
expect 2 'exercise start' -- check $name
expect 0 'Fill in' -- start $name
expect 0 'there already' -- start $name
expect 77 'Not done yet: .*cumulant_scaling.hpp, line' -- check $name
# Wrong answers, from the stub so that this works in a copy without solutions
answers() { sed "s/EXERCISE_TODO();/$1/" "$exercise/answer.hpp" >"$answer"; }
answers 'return 1;'
expect 1 '^Wrong' -- check $name
answers 'retrun 1;'
expect 1 'does not compile' -- check $name
answers 'for (volatile int i = 0;; i = i) {}'
FIELDBOOK_CHECK_SECONDS=2
export FIELDBOOK_CHECK_SECONDS
expect 1 'no result after 2 seconds' -- check $name
answers 'return *static_cast<volatile double*>(nullptr);'
expect 1 'crashed' -- check $name
expect 0 'Hint 1 of 3' -- hint $name
expect 0 'Hint 2 of 3' -- hint $name
expect 0 'last hint' -- hint $name
if [ -f "$exercise/solution.hpp" ]; then
  sed 's/return /return 2 * /' "$exercise/solution.hpp" >"$answer"
  expect 1 '2 times what was expected' -- check $name
  expect 0 'return kappa_x' -- solution $name
  cp "$exercise/solution.hpp" "$answer"
  expect 0 'Solved' -- check $name
  expect 0 'Solved' -- watch $name
  expect 0 "^solved *$name" -- list
else
  expect 2 'without solutions' -- solution $name
fi
rm -f "$source/build/exercises/$name.solved"
[ "$failures" -eq 0 ]
