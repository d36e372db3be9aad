#!/bin/sh
# The command on programs that are made to be right and wrong:  sh command.sh CALIBRATE DIRECTORY
set -u
calibrate=$1 programs=$2/sample
sandbox=$(mktemp -d) || exit 1
trap 'rm -rf "$sandbox"' EXIT
out=$sandbox/out
record=$sandbox/record

stop() { printf '%s\n' "$*" >&2; cat "$out" >&2; exit 1; }
# exits STATUS SEEDS NAME...
exits() {
  wanted=$1 seeds=$2; shift 2
  "$calibrate" "$seeds" "$record" "$programs" "$sandbox" "$@" >"$out" 2>&1
  got=$?
  [ $got -eq "$wanted" ] || stop "exit status $got instead of $wanted"
}
says() { grep -q -- "$1" "$out" || stop "does not say: $1"; }

# Honest error bars pass; more seeds run only what is missing, fewer run nothing
exits 0 20 honest
says '4 statistical claims over 20 seeds.*; calibrated'
says '^20 of 20 runs were new'
exits 0 40 honest
says '^20 of 40 runs were new'
exits 0 20 honest
says '^0 of 20 runs were new'
grep -q '"seeds":20' "$sandbox/calibration.json" || stop 'the record has other seeds'
[ -s "$sandbox/calibration.svg" ] || stop 'there is no picture'

# An error bar too small by 1.5 is named, and nothing else is
exits 1 80 honest dishonest
says '^MISCALIBRATED dishonest mean-2: '
says 'NOT calibrated'
[ "$(grep -c '^MISCALIBRATED [^ ]* mean' "$out")" -eq 1 ] || stop 'blames something else'

# A program that has changed starts again; so does nothing else
mkdir "$sandbox/programs"
cp "$programs/honest" "$sandbox/programs/honest"
printf x >>"$sandbox/programs/honest"
programs=$sandbox/programs
exits 0 2 honest
says '^2 of 2 runs were new'

# What cannot be run is named
cat >"$sandbox/programs/broken" <<'END'
#!/bin/sh
echo 'broken: no luck' >&2; exit 3
END
chmod +x "$sandbox/programs/broken"
exits 3 2 broken
says 'broken --seed [12]: exit status 3: broken: no luck'
exits 3 2 missing
exits 2 1 honest
says 'at least two seeds'
echo '{"build"' >"$record/honest.json"
exits 3 2 honest
says 'damaged record'
