/// Every program and what is wrong on its command line, in its files and in its surroundings: it gives up with one line, and
/// nothing is written or lost.

#include <fieldbook/report/checkpoint.hpp>
#include <fieldbook/report/files.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <random>

#include "bench.hpp"
#include "tally.hpp"

namespace {

namespace fs = std::filesystem;
using trials::Bench;
using trials::Tally;
using Words = std::vector<std::string>;

/// What all cases of one program share.
struct Inputs {
  const Bench& bench;
  Tally& tally;

  void add(const std::string& kind, const std::string& what, const std::string& objection) const {
    tally.add(kind, bench.name(), what, objection);
  }
  /// A small run that must give up; `options` and what the shell puts around it.
  void gives_up(const std::string& kind, const std::string& what, const std::string& command, int status,
                const Words& words) const {
    add(kind, what, bench.objection(command, status, words));
  }
};

/// A copy of the program that runs as a user whom permissions bind, unlike root, as words of the shell.
std::string as_nobody(const Bench& bench) {
  bench.run("cp -u " + bench.program() + " " + bench.in("program"));  // which may be where others cannot go
  return (::geteuid() == 0 ? "setpriv --reuid 65534 --regid 65534 --clear-groups " : "") +
         bench.in("program");
}

// ---- The command line ----

constexpr const char* of_options[] = {"no value",
                                      "empty",
                                      "wrong type",
                                      "not finite",
                                      "huge",
                                      "beside the range",
                                      "5000 characters",
                                      "line breaks and control characters",
                                      "malformed list",
                                      "repeated entry",
                                      "given twice",
                                      "a flag with a value",
                                      "unknown option",
                                      "stray word",
                                      "several mistakes at once"};

void options(const Inputs& inputs, const trials::Place& place) {
  const Bench& bench = inputs.bench;
  for (const auto& refusal : programs::refusals(bench.ledger()["declared_options"]))
    inputs.add(refusal.kind, refusal.options, objection(bench.scratch(), bench.program(), refusal));
  std::string file = bench.name() + ".txt";
  std::ranges::replace(file, '/', '-');
  for (const auto& line : programs::lines_of(place.sources / "tests/programs/contradictions" / file))
    inputs.add("contradiction", line,
               objection(bench.scratch(), bench.program(), {"contradiction", "", line, {"expected"}}));
}

void formulas(const Inputs& inputs, const std::string& option) {
  for (const char* formula : {"", "sin(", "x1 +", "x10", "foo(x1)", "x1; x2", "x1 = 2", "1/0", "0/0",
                              "x1\nx2", "½ x1", "()", "\x1b[31m"})
    inputs.add(
        "formula", formula,
        objection(inputs.bench.scratch(), inputs.bench.program(),
                  {"formula", option, "--" + option + " " + trials::shell_word(formula), {"--" + option}}));
}

void data_files(const Inputs& inputs, const std::string& option) {
  const Bench& bench = inputs.bench;
  std::string rows;
  for (int i = 0; i < 400; ++i) rows += fmt::format("{},{}\n", 0.001 * i, 0.002 * i);
  const auto refuses = [&](const std::string& what, const std::string& word, const std::string& program) {
    inputs.add("data file", what,
               objection(bench.scratch(), program,
                         {"data file", option, "--" + option + " " + word, {"--" + option}}));
  };
  refuses("missing", bench.in("nowhere.csv"), bench.program());
  refuses("a directory", bench.in("old"), bench.program());
  refuses("a name of 5000 characters", std::string(5000, 'n'), bench.program());
  refuses("/dev/null", "/dev/null", bench.program());
  fieldbook::write_file(bench.scratch().path / "closed.csv", rows);
  fs::permissions(bench.scratch().path / "closed.csv", fs::perms::none);
  refuses("without permission", bench.in("closed.csv"), as_nobody(bench));
  for (const auto& [what, text] : {std::pair<const char*, std::string>{"empty", ""},
                                   {"a heading alone", "x1,f\n"},
                                   {"words", rows + "one,two\n"},
                                   {"nan", rows + "nan,1\n"},
                                   {"inf", rows + "1,inf\n"},
                                   {"1e400", rows + "1,1e400\n"},
                                   {"a row too short", rows + "1\n"},
                                   {"a row too long", rows + "1,2,3\n"},
                                   {"an empty cell", rows + "1,\n"},
                                   {"one row", "1,2\n"},
                                   {"one column", "1\n2\n3\n"},
                                   {"a decimal comma", rows + "\"1,5\",2\n"},
                                   {"bytes", std::string("\0\1\2\xff\xfe\n1,2\n", 11)}}) {
    fieldbook::write_file(bench.scratch().path / "data.csv", text);
    refuses(what, bench.in("data.csv"), bench.program());
  }
}

void texts(const Inputs& inputs) {
  for (const auto& option : inputs.bench.ledger()["declared_options"]) {
    const std::string range = option["range"], name = option["name"];
    if (range.find("formula") != std::string::npos) formulas(inputs, name);
    if (range.find("CSV file") != std::string::npos) data_files(inputs, name);
  }
}

// ---- The place of the results ----

void places(const Inputs& inputs) {
  const Bench& bench = inputs.bench;
  const fs::path here = bench.scratch().path;
  fieldbook::write_file(here / "file", "in the way");
  fs::create_symlink("nowhere/else", here / "dangling");
  fs::create_symlink("circle", here / "circle");
  const auto refuses = [&](const std::string& what, const std::string& directory) {
    inputs.gives_up("place of the results", what, bench.small_run() + " --out " + directory, 3, {"--out"});
  };
  refuses("a file", bench.in("file"));
  refuses("below a file", bench.in("file/below"));
  refuses("a dangling link", bench.in("dangling"));
  refuses("a link to itself", bench.in("circle"));
  refuses("a name of 5000 characters", bench.in(std::string(5000, 'n')));
  refuses("a new directory, and below it a name of 300", bench.in("new/" + std::string(300, 'n')));
  refuses("a device", "/dev/null");
  refuses("below /proc", "/proc/fieldbook");
  inputs.gives_up(
      "place of the results", "beside a working directory that is gone",
      fmt::format("mkdir {0} && cd {0} && rmdir {0} && {1} --out new", bench.in("gone"), bench.small_run()),
      3, {"--out"});
  inputs.add("place of the results, untouched", "all of these",
             programs::read(here / "file") == "in the way" && fs::is_symlink(here / "dangling") &&
                     !fs::exists(here / "new")
                 ? ""
                 : "changed");
  inputs.gives_up("no place of the results", "an empty name", bench.small_run() + " --out ''", 2, {"--out"});
  inputs.gives_up("no place of the results", "given twice",
                  bench.small_run() + bench.to_old() + bench.to_old(), 2, {"--out", "twice"});
}

/// As a user who may not write there; root may write anywhere.
void forbidden_place(const Inputs& inputs) {
  const Bench& bench = inputs.bench;
  const fs::path closed = bench.scratch().path / "closed";
  fs::create_directory(closed);
  fs::permissions(closed, fs::perms::owner_read | fs::perms::owner_exec | fs::perms::others_read |
                              fs::perms::others_exec);
  const std::string options = " --quick --threads 1 --out " + bench.in("closed");
  for (const char* below : {"", "/below"})
    inputs.gives_up("place of the results", std::string{"without permission "} + below,
                    as_nobody(bench) + options + below, 3, {"--out", "ermission"});
  if (!bench.can_mount()) return;
  inputs.gives_up("place of the results", "a disk that is read-only",
                  trials::mounted("ro", bench.in("closed"), bench.program() + options), 3,
                  {"--out", "ead-only"});
}

/// A file system of 16 KiB, with earlier results on it.
void full_disk(const Inputs& inputs) {
  const Bench& bench = inputs.bench;
  if (!bench.can_mount()) return inputs.tally.leave_out("full disk", "no name spaces");
  fs::create_directory(bench.scratch().path / "disk");
  const std::string disk = bench.in("disk");
  const auto outcome = bench.run(trials::mounted(
      "size=16k", disk,
      fmt::format("echo earlier >{0}/ledger.json; {1} --out {0}; status=$?; rm -f {0}/checkpoint; "
                  "[ \"$(ls -A {0}) $(cat {0}/ledger.json)\" = 'ledger.json earlier' ] || "
                  "echo harmed >&2; exit $status",
                  disk, bench.small_run())));
  inputs.add("full disk", "16 KiB", programs::objection(outcome, 3, {"full"}));
}

// ---- Checkpoints ----

/// The checkpoint of a run with far too many draws, and the options of that run.
constexpr const char* long_run = " --threads 1 --seed 3 --samples 100000000";

void write_checkpoint(const Bench& bench, const std::string& text) {
  fieldbook::write_file(bench.old() / "checkpoint", text);
}

void refuses_to_resume(const Inputs& inputs, const std::string& what, const Words& words) {
  const Bench& bench = inputs.bench;
  const std::string before = programs::read(bench.old() / "checkpoint");
  const auto outcome = bench.run(bench.program() + long_run + " --resume" + bench.to_old());
  std::string wrong = programs::objection(outcome, 2, words);
  if (wrong.empty()) wrong = bench.harm();
  if (wrong.empty() && programs::read(bench.old() / "checkpoint") != before)
    wrong = "the checkpoint has changed";
  inputs.add("checkpoint", what, wrong);
}

/// Damaged at every place, and cut at every length.
void damaged_checkpoints(const Inputs& inputs, const std::string& whole) {
  std::mt19937 generator{1};
  std::uniform_int_distribution<std::size_t> place{0, whole.size() - 1};
  for (int i = 0; i < 5; ++i) {
    std::string damaged = whole;
    const std::size_t at = place(generator);
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << i));
    write_checkpoint(inputs.bench, damaged);
    refuses_to_resume(inputs, fmt::format("bit {} of byte {} flipped", i, at), {"--resume", "checkpoint"});
  }
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, whole.size() / 2, whole.size() - 1}) {
    write_checkpoint(inputs.bench, whole.substr(0, size));
    refuses_to_resume(inputs, fmt::format("cut at {} of {} bytes", size, whole.size()),
                      {"--resume", "checkpoint"});
  }
  write_checkpoint(inputs.bench, whole + whole);
  refuses_to_resume(inputs, "twice in one file", {"--resume", "damaged"});
}

/// Whole, but not of this run: `fact` has another value.
void foreign_checkpoints(const Inputs& inputs, const std::string& whole) {
  const auto owner = nlohmann::ordered_json::parse(
      whole.substr(whole.find('\n') + 1, whole.find('\n', whole.find('\n') + 1) - whole.find('\n') - 1));
  const auto foreign = [&](const std::string& what, const nlohmann::ordered_json& other, const Words& words) {
    fieldbook::Checkpoint checkpoint{inputs.bench.old(), other, 0, 1};
    checkpoint.keep("stage", 0, {1, "state"});
    checkpoint.save();
    refuses_to_resume(inputs, what, words);
  };
  for (const char* fact : {"program", "version", "build"}) {
    auto other = owner;
    other[fact] = "another";
    foreign(std::string{"of another "} + fact, other, {"--resume", "another"});
  }
  auto other = owner;
  other["options"]["seed"] = 4;
  foreign("of another seed", other, {"--resume", "seed 4, not 3"});
  foreign("of nobody", nlohmann::ordered_json::object(), {"--resume"});
}

/// Something else in the place of the file.
void no_checkpoints(const Inputs& inputs) {
  const Bench& bench = inputs.bench;
  for (const char* make : {"mkdir", "mkfifo", "ln -s /dev/zero"})
    inputs.gives_up("checkpoint", make,
                    fmt::format("{0} {1} && {2} --resume{3}; status=$?; rm -r {1}; exit $status", make,
                                bench.in("old/checkpoint"), bench.small_run(), bench.to_old()),
                    2, {"--resume", "heckpoint"});
}

void checkpoints(const Inputs& inputs) {
  const Bench& bench = inputs.bench;
  bench.run(programs::after_a_checkpoint(
      "timeout 5 " + bench.program() + long_run + bench.to_old() + " >/dev/null 2>&1", bench.old().string(),
      "kill"));
  const std::string whole = programs::read(bench.old() / "checkpoint");
  bench.restore();
  no_checkpoints(inputs);
  for (const auto& [what, text] : {std::pair<const char*, std::string>{"a diary", "Dear diary,\n"},
                                   {"of a newer Fieldbook", "fieldbook checkpoint 999\n{}\n"},
                                   {"without a number", "fieldbook checkpoint\n"},
                                   {"a negative number", "fieldbook checkpoint -1\n"}}) {
    write_checkpoint(bench, text);
    refuses_to_resume(inputs, what, {"--resume", "heckpoint"});
  }
  if (!whole.empty()) {
    damaged_checkpoints(inputs, whole);
    foreign_checkpoints(inputs, whole);
  }
  bench.restore();
}

// ---- What is around a program ----

void streams(const Inputs& inputs) {
  const Bench& bench = inputs.bench;
  const std::string run = bench.small_run() + bench.to_old();
  const auto gives_up = [&](const std::string& what, const std::string& command) {
    inputs.gives_up("stdout that takes nothing", what, command, 3, {"stdout"});
  };
  gives_up("closed", run + " >&-");
  gives_up("full", run + " >/dev/full");
  gives_up("nobody reads",
           fmt::format("{{ sleep 0.1; {0}; echo $? >{1}; }} | :; exit $(cat {1})", run, bench.in("status")));
  for (const char* question : {"--help", "--list-claims --quick", "--version"})
    gives_up(std::string{question} + " to a full disk", bench.program() + " " + question + " >/dev/full");
  for (const char* closed : {"2>&-", "2>/dev/full"}) {
    const auto outcome = bench.run(bench.program() + " --seed banana" + bench.to_old() + " " + closed);
    inputs.add("stderr that takes nothing", closed,
               outcome.status == 2 && outcome.out.empty() && outcome.err.empty()
                   ? bench.harm()
                   : "exit status " + std::to_string(outcome.status));
  }
}

void gnuplots(const Inputs& inputs) {
  const Bench& bench = inputs.bench;
  const fs::path directory = bench.scratch().path / "bin";
  fs::create_directory(directory);
  inputs.gives_up("gnuplot", "missing", "PATH=/nowhere " + bench.small_run() + bench.to_old(), 3,
                  {"gnuplot", "install"});
  const std::pair<const char*, const char*> broken[] = {
      {"dies at once", "exit 1"},
      {"is killed half-way", "head -c 300 >/dev/null; kill -9 $$"},
      {"closes its stdin", "exec <&-; sleep 0.1"},
      {"draws nothing", "cat >/dev/null; echo drawn >&2"},
      {"complains in several lines", "cat >/dev/null; printf 'one\\n\\ntwo\\n' >&2; exit 1"},
      {"leaves half a picture", "PATH=${PATH#*:} gnuplot \"$@\"; truncate -s 300 ./*.svg"}};
  for (const auto& [what, script] : broken) {
    fieldbook::write_file(directory / "gnuplot", fmt::format("#!/bin/sh\n{}\n", script));
    fs::permissions(directory / "gnuplot", fs::perms::owner_all);
    inputs.gives_up("gnuplot", what,
                    "PATH=" + bench.in("bin") + ":$PATH " + bench.small_run() + bench.to_old(), 3,
                    {"gnuplot"});
  }
}

trials::Verdict bad_inputs(const trials::Place& place) {
  std::vector<trials::Kind> kinds;
  for (const char* kind : of_options) kinds.push_back({kind, "exit status 2"});
  for (const char* kind : {"contradiction", "formula", "data file", "no place of the results", "checkpoint"})
    kinds.push_back({kind, "exit status 2"});
  for (const char* kind : {"place of the results", "full disk", "stdout that takes nothing", "gnuplot"})
    kinds.push_back({kind, "exit status 3"});
  kinds.push_back({"stderr that takes nothing", "exit status 2"});
  kinds.push_back({"place of the results, untouched", "no change"});
  Tally tally{kinds};
  const auto names = trials::all_programs();
  trials::on_all_cores(names.size(), [&](std::size_t i) {
    const Bench bench{place, names[i]};
    const Inputs inputs{bench, tally};
    options(inputs, place);
    texts(inputs);
    places(inputs);
    forbidden_place(inputs);
    full_disk(inputs);
    checkpoints(inputs);
    streams(inputs);
    gnuplots(inputs);
  });
  return {.summary = fmt::format(
              "{} programs were given {} bad inputs, each of them at least {}; {} were not met with the "
              "right exit status, one clear line and everything left as it was.",
              names.size(), tally.cases(), tally.fewest(), tally.failures()),
          .tables = tally.tables(),
          .passed = tally.fewest() >= 40};
}

}  // namespace

int main(int argc, char** argv) { return trials::conduct("inputs", argc, argv, bad_inputs); }
