#!/bin/sh
# Tests of ./fieldbook:  sh front_door.sh SOURCE TEST
# shellcheck disable=SC2086  # lists of words
set -u

source=$1 test=$2
unset FIELDBOOK_PRESET  # whoever runs these tests may have chosen one
sandbox=$(mktemp -d) || exit 1
trap 'rm -rf "$sandbox"' EXIT
clone="$sandbox/a field book"
calls=$sandbox/calls
out=$sandbox/out err=$sandbox/err
PACKAGES='libboost-dev libboost-program-options-dev libboost-iostreams-dev libboost-system-dev libboost-filesystem-dev libboost-serialization-dev libboost-test-dev libeigen3-dev libfmt-dev libgnuplot-iostream-dev libmuparser-dev librandom123-dev nlohmann-json3-dev libjs-katex'
ALL="g++ cmake ninja-build gnuplot-nox doxygen $PACKAGES"

# ---- A made-up machine: a few real commands, and stubs that write down how they were called ----

stub() {
  { printf '#!/bin/sh\necho "%s $*" >>"%s"\n' "$1" "$calls"; cat; } >"$sandbox/store/$1"
  chmod +x "$sandbox/store/$1"
}

machine() {
  mkdir -p "$sandbox/bin" "$sandbox/store" "$clone/chapters/statistics" "$clone/chapters/dynamics" "$clone/chapters/nn-ft"
  : >"$calls"
  for tool in sh awk cat chmod cp dirname env find grep head mkdir readlink rm sed sort tail touch tr; do
    ln -s "$(command -v $tool)" "$sandbox/bin/$tool"
  done
  stub c++ <<'END'
echo "c++ 12"
END
  stub ninja <<'END'
echo 1.11
END
  stub gnuplot <<'END'
echo "gnuplot 5.4"
END
  stub doxygen <<'END'
echo 1.9.4
END
  stub cmake <<'END'
program() { mkdir -p "${1%/*}"; { echo '#!/bin/sh'; echo "$2"; } >"$1"; chmod +x "$1"; }
case "$*" in
  --version) echo "cmake version ${CMAKE_VERSION-3.25.1}" ;;
  --preset*) mkdir -p build; : >build/build.ninja; echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" >build/CMakeCache.txt ;;
  --build*)
    [ -z "${BUILD_FAILS-}" ] || { echo 'error: expected a semicolon'; exit 1; }
    program build/tools/claims 'echo "claims $*"; exit ${CLAIMS_STATUS-0}'
    program build/tests/calibration/calibrate 'echo "calibrate $*"
      mkdir -p "$4"; echo "$1 seeds" >"$4/calibration.json"; : >"$4/calibration.svg"; exit ${CALIBRATE_STATUS-0}'
    program build/tests/mutation/mutate 'echo "mutate $*"'
    program build/tests/trials/storms 'echo "storms $*"; mkdir -p "$2/trials"
      [ ${TRIAL_STATUS-0} -eq 0 ] && passed=true || passed=false
      printf "{\n \"date\": \"2026-01-03\",\n \"passed\": $passed,\n \"schema\": 1\n}\n" >"$2/trials/storms.json"
      exit ${TRIAL_STATUS-0}'
    program build/chapters/statistics/nngp 'echo "in $PWD:"; for a; do echo "[$a]"; done; exit ${PROGRAM_STATUS-0}'
    [ -f build/out/ledger.json ] && { echo 'ninja: no work to do.'; exit; }
    mkdir -p build/out; : >build/out/ledger.json ;;
esac
END
  stub ctest <<'END'
echo '100% tests passed'
exit ${CTEST_STATUS-0}
END
  stub dpkg-query <<END
shift 3
for package; do ! grep -qxF "\$package" "$sandbox/installed" || printf 'installed:%s ' "\$package"; done
END
  stub apt-get <<END
case "\$*" in
  *update) exit \${UPDATE_STATUS-0} ;;
  *' install '*)
    [ "\$DEBIAN_FRONTEND" = noninteractive ] || exit 9
    [ -z "\${INSTALL_FAILS-}" ] || { echo 'E: no network'; exit 100; }
    cp "$sandbox"/store/* "$sandbox/bin"
    for package; do echo "\$package"; done >>"$sandbox/installed" ;;
esac
END
  stub sudo <<'END'
case "$*" in '-n true') exit ${SUDO_STATUS-0} ;; *) exec "$@" ;; esac
END
  stub id <<'END'
echo ${FAKE_UID-0}
END
  stub xdg-open <<'END'
END
  cp "$source/fieldbook" "$source/CMakePresets.json" "$clone"
  cat >"$clone/chapters/CMakeLists.txt" <<'END'
#   fieldbook_chapter(<chapter> <program> ...)
function(fieldbook_chapter chapter)
  set(ledgers)
endfunction()
fieldbook_chapter(statistics
  central_limit
  nngp)
fieldbook_chapter(dynamics ntk scalar)

fieldbook_chapter(nn-ft
  scalar)
get_property(ledgers GLOBAL PROPERTY FIELDBOOK_LEDGERS)
END
  program_source statistics/nngp '# Which Gaussian process?' '§3.1 · after central_limit · about 4 s'
  program_source statistics/central_limit '# How fast do sums become Gaussian?' '§3.1 · about 4 s'
  program_source dynamics/ntk '# What does training see?' '§4.1 · about 4 s'
  program_source dynamics/scalar '# A scalar' '§4.3 · about 4 s'
  program_source nn-ft/scalar '# Another scalar' '§5 · about 4 s'
}

program_source() { printf '// %s\n//\n// Lecture %s\n' "$2" "$3" >"$clone/chapters/$1.cpp"; }

# The machine has these packages and stubs, or everything
has() {
  for package in $1; do echo "$package"; done >"$sandbox/installed"
  shift
  for tool; do cp "$sandbox/store/$tool" "$sandbox/bin"; done
}
has_everything() { has "$ALL" c++ cmake ctest ninja gnuplot doxygen dpkg-query apt-get id; }

# ---- Expectations ----

stop() { printf '%s: %s\n--- stdout\n%s\n--- stderr\n%s\n' "$test" "$*" "$(cat "$out")" "$(cat "$err")" >&2; exit 1; }

# exits STATUS COMMAND...
exits() {
  wanted=$1; shift
  PATH=$sandbox/bin "$@" >"$out" 2>"$err" </dev/null
  got=$?
  [ $got -eq "$wanted" ] || stop "exit status $got instead of $wanted"
}
fieldbook() { status=$1; shift; exits "$status" "$clone/fieldbook" "$@"; }
says() { grep -qF -- "$1" "$out" || stop "does not say: $1"; }
says_first() { [ "$(head -n 1 "$out")" = "$1" ] || stop "does not start with: $1"; }
says_last() { [ "$(tail -n 1 "$out")" = "$1" ] || stop "does not end with: $1"; }
says_nothing() { [ ! -s "$out" ] || stop "says something on stdout"; }
complains() { [ "$(cat "$err")" = "fieldbook: $1" ] || stop "does not complain: $1"; }
called() { grep -qxF -- "$1" "$calls" || stop "never called: $1; but: $(cat "$calls")"; }
not_called() { ! grep -q -- "$1" "$calls" || stop "called: $(grep -- "$1" "$calls")"; }

# ---- Usage ----

test_help() {
  has_everything
  fieldbook 0 help
  says './fieldbook figures'
  cp "$out" "$sandbox/help"
  fieldbook 0
  diff "$out" "$sandbox/help" >/dev/null || stop 'no argument and help differ'
  fieldbook 0 --help
  not_called .
}

test_unknown_command() {
  has_everything
  fieldbook 2 frobnicate
  says_nothing
  complains "there is no command 'frobnicate'; ./fieldbook help lists them"
  [ ! -e "$clone/build" ] || stop 'wrote something'
}

test_too_many_arguments() {
  has_everything
  fieldbook 2 figures statistics
  complains "figures takes no arguments, not 'statistics'"
  fieldbook 2 book --print
  complains "book takes no argument but --open or --pdf, not '--print'"
  fieldbook 2 book --open --pdf
  complains "book takes no argument but --open or --pdf, not '--open --pdf'"
  fieldbook 2 run
  complains 'run which program? ./fieldbook list shows them'
  fieldbook 2 bench --fast
  complains "bench takes no argument but --install-peers, not '--fast'"
  fieldbook 2 exercise dance
  complains "exercise can list, show, start, check, hint, solution or watch, not 'dance'"
  fieldbook 2 exercise check
  complains 'exercise check takes the name of one exercise; ./fieldbook exercise list shows them'
  not_called .
}

test_unknown_preset() {
  has_everything
  FIELDBOOK_PRESET=fast exits 2 "$clone/fieldbook" list
  complains "FIELDBOOK_PRESET is 'fast', but must be release, ci, debug, asan, tsan or coverage"
}

# ---- Programs ----

test_list() {
  fieldbook 0 list
  cat >"$sandbox/expected" <<'END'
§3.1  statistics/central_limit              How fast do sums become Gaussian?
§3.1  statistics/nngp                       Which Gaussian process?
§4.1  dynamics/ntk                          What does training see?
§4.3  dynamics/scalar                       A scalar
§5    nn-ft/scalar                          Another scalar
END
  diff "$sandbox/expected" "$out" >"$err" || stop 'lists something else'
}

test_list_is_complete() {
  exits 0 "$source/fieldbook" list
  for file in "$source"/chapters/*/*.cpp; do
    name=${file#"$source/chapters/"}
    grep -q "^§[1-5][.0-9]* *${name%.cpp} *[^ ]" "$out" || stop "does not list $name"
  done
}

test_run_from_anywhere() {
  has_everything
  ln -s "$clone/fieldbook" "$sandbox/link"
  mkdir "$sandbox/some where"
  cd "$sandbox/some where" || exit 1
  PROGRAM_STATUS=1 exits 1 ../link run nngp --label 'two words' --out 'a dir'
  [ "$(cat "$out")" = "in $sandbox/some where:
[--label]
[two words]
[--out]
[a dir]" ] || stop 'does not pass on directory and options'
  called 'cmake --build --preset release --target statistics-nngp'
  ln -s ../link "$sandbox/bin/book-of-fields"
  PROGRAM_STATUS=0 exits 0 book-of-fields run statistics/nngp
}

test_run_keeps_the_record() {
  has_everything
  fieldbook 0 run nngp
  says "[$clone/build/out/statistics/nngp]"
  fieldbook 0 run nngp --resume
  says "[$clone/build/out/statistics/nngp]"
  fieldbook 0 run nngp --quick
  says "[$clone/build/runs/statistics/nngp]"
  fieldbook 0 run nngp --quick --out=here
  [ "$(tail -n +2 "$out")" = '[--quick]
[--out=here]' ] || stop 'changes the --out of the user'
}

test_run_unknown_program() {
  has_everything
  fieldbook 2 run nngq --quick
  says_nothing
  complains "no program is called 'nngq'; there are statistics/central_limit statistics/nngp dynamics/ntk dynamics/scalar nn-ft/scalar"
  fieldbook 2 run ''
  fieldbook 2 run '*'
  not_called .
}

test_run_ambiguous_program() {
  has_everything
  fieldbook 2 run scalar
  complains "'scalar' may be dynamics/scalar nn-ft/scalar"
}

test_run_build_fails() {
  has_everything
  BUILD_FAILS=1 exits 3 "$clone/fieldbook" run nngp
  says_nothing
  grep -q 'expected a semicolon' "$err" || stop 'does not show the compiler'
  [ "$(tail -n 1 "$err")" = "fieldbook: chapters/statistics/nngp could not be built; $clone/build/build.log has all of it" ] ||
    stop 'does not say what failed'
}

# ---- The whole ----

test_figures_twice() {
  has_everything
  fieldbook 0 figures
  says 'Configuring the build (release)'
  says 'claims '
  called 'cmake --build --preset release --target figures claims-table'
  : >"$calls"
  fieldbook 0 figures
  says 'claims '
  says_last 'Everything is up to date.'
  not_called 'cmake --preset'
  not_called apt-get
}

test_figures_claim_fails() {
  has_everything
  CLAIMS_STATUS=1 exits 1 "$clone/fieldbook" figures
  CLAIMS_STATUS=1 exits 1 "$clone/fieldbook" figures
}

test_figures_build_fails() {
  has_everything
  BUILD_FAILS=1 exits 3 "$clone/fieldbook" figures
  says 'expected a semicolon'
  complains 'the build stopped: see above'
}

test_figures_after_moving() {
  has_everything
  fieldbook 0 figures
  mv "$clone" "$sandbox/moved"
  : >"$calls"
  exits 0 "$sandbox/moved/fieldbook" figures
  called 'cmake --preset release --fresh'
}

test_figures_other_preset() {
  has_everything
  fieldbook 0 figures
  FIELDBOOK_PRESET=ci exits 0 "$clone/fieldbook" figures
  called 'cmake --preset ci'
  called 'cmake --build --preset ci --target figures claims-table'
}

test_test_summary_is_last() {
  has_everything
  FIELDBOOK_PRESET=ci exits 0 "$clone/fieldbook" test
  says_last '100% tests passed'
  called 'cmake --build --preset ci'
  called 'ctest --preset ci'
  CTEST_STATUS=8 exits 1 "$clone/fieldbook" test
  BUILD_FAILS=1 exits 3 "$clone/fieldbook" test
}

test_claims() {
  has_everything
  fieldbook 0 claims 3.1
  [ "$(cat "$out")" = 'claims 3.1' ] || stop 'shows more than the claims'
  CLAIMS_STATUS=1 exits 1 "$clone/fieldbook" claims nngp
}

test_mutate() {
  has_everything
  fieldbook 0 mutate ntk-angle --again
  says "mutate $clone $clone/build/mutation release ntk-angle --again"
}

test_trial() {
  has_everything
  mkdir -p "$clone/figures" "$clone/tests/trials"
  printf 'function(fieldbook_trial name)\nendfunction()\nfieldbook_trial(calm calm.cpp)\nfieldbook_trial(storms\n  a.cpp)\n' \
    >"$clone/tests/trials/CMakeLists.txt"
  fieldbook 2 trial quake
  complains "no trial is called 'quake'; there are calm storms"
  fieldbook 2 trial calm storms
  complains "trial takes one name, not 'calm' and 'storms'"
  fieldbook 2 trial --quick
  complains "trial knows the option --record, not '--quick'"
  fieldbook 2 trial --record
  complains '--record needs the name of a trial'
  not_called .
  fieldbook 0 trial storms
  called 'cmake --build --preset release --target trial-storms'
  says "storms $clone $clone/build"
  [ ! -e "$clone/figures/trials" ] || stop 'touches the record of the book'
  fieldbook 0 trial
  says 'storms        not on record'
  TRIAL_STATUS=1 exits 1 "$clone/fieldbook" trial storms --record
  fieldbook 0 trial
  says 'storms        failed on 2026-01-03'
  says 'calm          not on record'
  fieldbook 0 trial --record storms
  TRIAL_STATUS=3 exits 3 "$clone/fieldbook" trial storms --record
  fieldbook 0 trial
  says 'storms        passed on 2026-01-03'
}

test_book() {
  has_everything
  fieldbook 0 book
  says_last "$clone/build/book/html/index.html"
  fieldbook 0 book --open
  says_last 'There is no xdg-open or open here: open that page in a browser.'
  cp "$sandbox/store/xdg-open" "$sandbox/bin"
  fieldbook 0 book --open
  called "xdg-open $clone/build/book/html/index.html"
}

test_book_pdf() {
  has_everything
  fieldbook 2 book --pdf
  says_nothing
  complains 'Chromium, which prints the book, is missing: install the package chromium'
  not_called 'cmake --build'
  stub chromium <<'END'
END
  cp "$sandbox/store/chromium" "$sandbox/bin"
  fieldbook 0 book --pdf
  called 'cmake --build --preset release --target book-pdf'
  says_last "$clone/build/book/fieldbook.pdf"
}

test_gallery() {
  has_everything
  fieldbook 0 gallery
  called 'cmake --build --preset release --target gallery'
}

test_calibrate() {
  has_everything
  mkdir "$clone/figures"
  here=$clone/build/calibration
  fieldbook 0 calibrate --seeds 7 nngp
  called 'cmake --build --preset release --target calibrate statistics-nngp'
  says "calibrate 7 $here/runs $clone/build/chapters $here/statistics/nngp statistics/nngp"
  says_last "The verdict and its picture are in $here/statistics/nngp."
  [ ! -e "$clone/figures/calibration.json" ] || stop 'touches the record of the book'
  all='statistics/central_limit statistics/nngp dynamics/ntk dynamics/scalar nn-ft/scalar'
  CALIBRATE_STATUS=1 exits 1 "$clone/fieldbook" calibrate --record
  says "calibrate 20 $here/runs $clone/build/chapters $here/all $all"
  [ "$(cat "$clone/figures/calibration.json")" = '20 seeds' ] || stop 'does not keep the record'
  CALIBRATE_STATUS=3 exits 3 "$clone/fieldbook" calibrate --seeds=30 --record
  [ "$(cat "$clone/figures/calibration.json")" = '20 seeds' ] || stop 'keeps a record of a failure'
}

test_calibrate_bad_input() {
  has_everything
  for seeds in 0 1 -3 1e3 ten 10000 '' '5 6'; do
    fieldbook 2 calibrate --seeds "$seeds" nngp
    complains "--seeds is '$seeds', but must be a number from 2 to 9999"
  done
  fieldbook 2 calibrate --seeds
  fieldbook 2 calibrate nngq
  complains "no program is called 'nngq'; there are statistics/central_limit statistics/nngp dynamics/ntk dynamics/scalar nn-ft/scalar"
  fieldbook 2 calibrate --quick
  complains "calibrate knows the options --seeds and --record, not '--quick'"
  fieldbook 2 calibrate nngp ntk
  complains "calibrate takes one program or all of them, not 'statistics/nngp' and 'ntk'"
  fieldbook 2 calibrate nngp --record
  complains "--record is for all programs together, not for 'statistics/nngp' alone"
  not_called .
}

test_doctor() {
  has_everything
  fieldbook 0 doctor
  says 'cmake version 3.25.1'
  has "$PACKAGES"
  rm "$sandbox/bin/gnuplot"
  fieldbook 2 doctor
  grep -q '^gnuplot-nox  *missing' "$out" || stop 'does not miss gnuplot'
  complains './fieldbook figures installs what is missing'
  not_called apt-get
}

# ---- Packages ----

test_install_as_root() {
  has '' dpkg-query apt-get id
  fieldbook 0 figures
  says_first "Installing 19 packages with apt-get: $ALL"
  called 'apt-get -q update'
  called "apt-get -q -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=120 install $ALL"
  : >"$calls"
  fieldbook 0 figures
  says_last 'Everything is up to date.'
  not_called apt-get
}

test_install_with_sudo() {
  has "$PACKAGES" c++ cmake ninja doxygen dpkg-query apt-get id sudo
  UPDATE_STATUS=100 FAKE_UID=1000 exits 0 "$clone/fieldbook" figures
  says_first 'Installing 1 packages with apt-get: gnuplot-nox'
  called 'sudo apt-get -q update'
  called 'sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends --no-remove -o DPkg::Lock::Timeout=120 install gnuplot-nox'
}

# Nothing but the command to run: exit status 2, nothing on stdout, nothing installed, nothing written
refuses() {
  says_nothing
  complains "packages are missing that only root can install; run: $1 -c 'apt-get update && apt-get install -y --no-install-recommends $2'"
  not_called apt-get
  [ ! -e "$clone/build" ] || stop 'wrote something'
}

test_install_without_root() {
  has 'libboost-dev' c++ cmake dpkg-query apt-get id sudo
  for command in figures test 'run nngp' claims book gallery; do
    SUDO_STATUS=1 FAKE_UID=1000 exits 2 "$clone/fieldbook" $command
    refuses 'sudo sh' "ninja-build gnuplot-nox doxygen ${PACKAGES#* }"
  done
}

test_install_without_sudo() {
  has '' dpkg-query apt-get id
  FAKE_UID=1000 exits 2 "$clone/fieldbook" figures
  refuses 'su -' "$ALL"
}

test_install_fails() {
  has '' dpkg-query apt-get id
  INSTALL_FAILS=1 exits 3 "$clone/fieldbook" figures
  grep -q 'E: no network' "$err" || stop 'does not show what apt-get said'
  [ "$(tail -n 1 "$err")" = "fieldbook: apt-get failed; $clone/build/install.log has all it said" ] || stop 'no clear end'
}

# Without Debian's packages: say what to install, or go on where the tools are there
test_install_elsewhere() {
  has '' c++ cmake gnuplot
  fieldbook 2 figures
  says_nothing
  grep -q '^fieldbook: missing: ninja-build doxygen; install ' "$err" || stop 'does not say what is missing'
  has '' ninja doxygen
  fieldbook 0 figures
}

# Tools are as good when no package brought them
test_tools_from_elsewhere() {
  has "$PACKAGES" c++ cmake ninja gnuplot doxygen dpkg-query apt-get
  fieldbook 0 figures
  not_called apt-get
}

test_old_cmake() {
  has_everything
  CMAKE_VERSION=3.22.1 exits 2 "$clone/fieldbook" figures
  complains "CMake 3.25 or newer is needed, but $sandbox/bin/cmake is 3.22.1"
  CMAKE_VERSION=4.0.0-rc1 exits 0 "$clone/fieldbook" figures
}

machine
"test_$test"
