/// Programs and what can happen to a run: kill -9, signals, a full disk, a second run, a clock that jumps, other surroundings,
/// too little memory. Results are whole, with the bytes of a run that nothing disturbed, or those of before.

#include <fieldbook/report/files.hpp>

#include <fmt/format.h>

#include <atomic>
#include <map>
#include <random>
#include <tuple>

#include "subject.hpp"

namespace {

namespace fs = std::filesystem;
using trials::Subject;
using trials::Tally;

/// Programs that meet every fault, one a chapter.
constexpr const char* chosen[] = {"expressivity/barron", "statistics/nngp", "dynamics/double_descent",
                                  "nn-ft/free_scalar"};
constexpr int kills = 50;

constexpr const char* killed = "`kill -9`, then `--resume`";
constexpr const char* asked_to_stop = "SIGTERM, SIGINT, SIGHUP, SIGXCPU, then `--resume`";
constexpr const char* ignored = "SIGPIPE, SIGSTOP and SIGCONT, SIGHUP under `nohup`";
constexpr const char* full_disk = "disk full in mid-run";
constexpr const char* two_runs = "two runs into one directory";
constexpr const char* clock_jumps = "clocks that jump to and fro by a day";
constexpr const char* languages = "other locales, with decimal commas";
constexpr const char* paths = "paths with blanks, quotes, umlauts";
constexpr const char* surroundings = "TMPDIR, HOME, environment, stdin";
constexpr const char* limits = "limits on memory, files and descriptors";
constexpr const char* stdout_closes = "stdout closed in mid-run";
constexpr const char* in_the_way = "a directory in the place of a result";
constexpr const char* deleted = "results deleted in mid-run";

/// A moment of a run in seconds; the same ones in every trial, as shares of how long a run takes.
class Moments {
 public:
  explicit Moments(const std::string& seed) {
    std::seed_seq sequence(seed.begin(), seed.end());
    generator_.seed(sequence);
  }
  double of(const Subject& subject) {
    return std::uniform_real_distribution{0., subject.seconds()}(generator_);
  }

 private:
  std::mt19937 generator_;
};

/// Starts a command of the shell and does `action` to it, $pid, after some seconds; `ending` comes when it has ended. A command that has
/// come to its end before is tried again with half the time.
trials::Outcome disturb(const Subject& subject, double& seconds, const std::string& command,
                        const std::string& action, const std::string& ending = "") {
  const auto& bench = subject.bench();
  const fs::path too_late = bench.scratch().path / "too_late";
  for (int tries = 1;; ++tries, seconds /= 2) {
    const auto outcome =
        bench.run(fmt::format("{} & pid=$!; sleep {:.3f}; kill -0 $pid 2>/dev/null || : >{}; {}; wait $pid{}",
                              command, seconds, trials::shell_word(too_late.string()), action, ending));
    if (!fs::remove(too_late) || tries == 5) return outcome;
    fs::remove_all(bench.scratch().path / "run");
    bench.restore();
  }
}

std::string at(double seconds, const Subject& subject) {
  return fmt::format("after {:.2f} of {:.2f} s", seconds, subject.seconds());
}

// ---- What ends a run ----

/// Returns whether the run went on from a checkpoint.
bool kill_and_resume(const Subject& subject, double moment) {
  disturb(subject, moment, subject.command("") + " 2>/dev/null", "kill -9 $pid");
  const auto resumed = subject.bench().run(subject.command(" --resume"));
  subject.add(killed, at(moment, subject), subject.difference(resumed));
  return resumed.out.find("going on from the checkpoint") != std::string::npos;
}

/// What is wrong about a run that a signal has asked to stop, and about its continuation. Its last moments may come before the signal.
std::string after_signal(const Subject& subject, const std::string& status, int expected,
                         const std::string& err) {
  if (status == "0\n") return subject.difference({0, "", err}, "old");
  if (status != fmt::format("{}\n", expected)) return "exit status " + status;
  std::string wrong = programs::objection({expected, "", err}, expected, {"interrupted"});
  if (wrong.empty()) wrong = subject.bench().harm();
  if (wrong.empty()) wrong = subject.difference(subject.bench().run(subject.over_old(" --resume")), "old");
  subject.bench().restore();
  return wrong;
}

void signals(const Subject& subject, Moments& moments) {
  for (const auto& [signal, number] : {std::pair{"TERM", 15}, {"INT", 2}, {"HUP", 1}, {"XCPU", 24}})
    for (int i = 0; i < 3; ++i) {
      double moment = 0.1 + 0.8 * moments.of(subject);
      // The status is printed, since one of an interrupted shell would stop the trial
      const auto stopped = disturb(subject, moment, subject.over_old() + " >/dev/null",
                                   fmt::format("kill -{} $pid", signal), "; echo $?");
      subject.add(asked_to_stop, fmt::format("SIG{} {}", signal, at(moment, subject)),
                  after_signal(subject, stopped.out, 128 + number, stopped.err));
    }
  for (const auto& [what, command, action] :
       {std::tuple{"SIGPIPE", subject.command(), "kill -PIPE $pid"},
        {"SIGSTOP and SIGCONT", subject.command(), "kill -STOP $pid; sleep 0.5; kill -CONT $pid"},
        {"SIGHUP under nohup", "(trap '' HUP; exec " + subject.command() + ")", "kill -HUP $pid"}}) {
    double moment = 0.5 * subject.seconds();
    subject.add(ignored, what, subject.difference(disturb(subject, moment, command, action)));
  }
}

void close_stdout(const Subject& subject) {
  const auto outcome =
      subject.bench().run(fmt::format("{{ {0}; echo $? >{1}; }} | head -n 1 >/dev/null; exit $(cat {1})",
                                      subject.command(), subject.bench().in("status")));
  std::string wrong = programs::objection(outcome, 3, {"stdout", "the results are in"});
  if (wrong.empty()) wrong = subject.difference({0, "", ""});
  subject.add(stdout_closes, "by the reader of a pipe", wrong);
}

// ---- What is in the way of its results ----

std::uintmax_t pages(const fs::path& directory) {
  std::uintmax_t sum = 1;
  for (const auto& entry : fs::directory_iterator{directory}) sum += entry.file_size() / 4096 + 1;
  return sum;
}

/// On a disk of its own that holds the earlier results and has room for a share of the new ones.
void fill_disk(const Subject& subject) {
  const auto& bench = subject.bench();
  if (!bench.can_mount()) return subject.leave_out(full_disk, "no name spaces");
  bench.run(subject.command());
  const auto needed = pages(bench.scratch().path / "run"), present = pages(bench.old());
  fs::remove_all(bench.scratch().path / "run");
  fs::create_directory(bench.scratch().path / "disk");
  const std::string script =
      fmt::format("cp {1}/* {0} && {2}; status=$?; rm -f {0}/checkpoint; diff -r {1} {0} >&2; exit $status",
                  bench.in("disk"), bench.in("old"), subject.command_in("disk"));
  const auto gives_up = [&](const std::string& what, const std::string& size) {
    const auto outcome = bench.run(trials::mounted(size, bench.in("disk"), script));
    subject.add(full_disk, what, programs::objection(outcome, 3, {}));
  };
  for (const double share : {0.05, 0.2, 0.4, 0.6, 0.8}) {
    const auto size = 4 * (present + static_cast<std::uintmax_t>(share * static_cast<double>(needed)));
    gives_up(fmt::format("{} KiB, room for {:.0f} % of the results", size, 100 * share),
             fmt::format("size={}k", size));
  }
  const auto used = 1 + std::distance(fs::directory_iterator{bench.old()}, {});  // the root counts, too
  for (const int room : {1, 3, 5})
    gives_up(fmt::format("room for {} more files", room), fmt::format("nr_inodes={}", used + room));
}

void run_twice(const Subject& subject) {
  const auto& bench = subject.bench();
  const std::string first = subject.command() + " >/dev/null 2>" + bench.in("first");
  for (const char* options : {"", " --resume", " --no-figures"})
    for (const double share : {0.1, 0.5}) {
      double moment = share * subject.seconds();
      const auto outcome = disturb(subject, moment, first,
                                   subject.command(options) + " >/dev/null; second=$?", " && exit $second");
      std::string wrong = programs::objection(outcome, 3, {"another run", "--out"});
      if (wrong.empty()) wrong = subject.difference({0, "", programs::read(bench.scratch().path / "first")});
      fs::remove_all(bench.scratch().path / "run");
      subject.add(two_runs, fmt::format("the second{} {}", options, at(moment, subject)), wrong);
    }
}

void stand_in_the_way(const Subject& subject) {
  const auto& bench = subject.bench();
  const auto& figures = bench.ledger()["figures"];
  for (const std::string& name :
       {std::string{"ledger.json"}, figures.front()["files"].front().get<std::string>(),
        figures.back()["files"].back().get<std::string>()}) {
    const std::string script =
        fmt::format("mv {0} {1} && mkdir {0}; {2}; status=$?; rmdir {0} && mv {1} {0}; exit $status",
                    bench.in("old/" + name), bench.in("kept"), subject.over_old());
    subject.add(in_the_way, name, bench.objection(script, 3, {"--out", name}));
  }
}

void delete_results(const Subject& subject) {
  const auto& bench = subject.bench();
  for (const double share : {0.2, 0.5, 0.8}) {
    double moment = share * subject.seconds();
    const auto outcome = disturb(subject, moment, subject.command(), "rm -rf " + bench.in("run"));
    std::string wrong = programs::objection(outcome, 3, {"--out"});
    if (fs::exists(bench.scratch().path / "run" / "ledger.json")) wrong = "wrote a ledger";
    fs::remove_all(bench.scratch().path / "run");
    subject.add(deleted, at(moment, subject), wrong);
  }
}

// ---- What is around it ----

void locales(const Subject& subject) {
  const auto& bench = subject.bench();
  for (const char* const locale : {"de_DE", "fr_FR", "tr_TR"}) {
    const auto made = bench.run(fmt::format("mkdir -p {0}/{1} && localedef -i {1} -f UTF-8 {0}/{1}.UTF-8",
                                            bench.in("locales"), locale));
    if (!fs::exists(bench.scratch().path / "locales" / (std::string{locale} + ".UTF-8")))
      throw std::runtime_error{"no locale " + std::string{locale} + ": install the package locales; " +
                               made.err};
    subject.same_bytes(
        languages, locale,
        fmt::format("LOCPATH={} LC_ALL={}.UTF-8 {}", bench.in("locales"), locale, subject.command()));
  }
  for (const char* const locale : {"C", "POSIX", "C.UTF-8", "no_SUCH"})
    subject.same_bytes(languages, locale, fmt::format("LC_ALL={} {}", locale, subject.command()));
}

void odd_paths(const Subject& subject) {
  const auto& bench = subject.bench();
  for (const char* const name : {"with blanks", "Ümläute ß", "it's", "say \"so\"", "$(touch x) `touch y`",
                                 "*?[a]", "a;b&c|d", "back\\slash", "two\nlines", "-dash", "%s{}#", "~"}) {
    const std::string there = std::string{name} + "/" + name;
    // The program, its working directory and the results: all there
    fs::create_directories(bench.scratch().path / name);
    const std::string whole = subject.command_in(there);
    const std::string options =
        whole.substr(bench.program().size(), whole.rfind(" --out ") - bench.program().size());
    const auto outcome =
        bench.run(fmt::format("cd {} && cp {} program && ./program{} --out=./{}", bench.in(name),
                              bench.program(), options, trials::shell_word(name)));
    subject.add(paths, name, subject.difference(outcome, there));
    fs::remove_all(bench.scratch().path / name);
  }
}

void environments(const Subject& subject) {
  const auto& bench = subject.bench();
  fs::create_directory(bench.scratch().path / "home");
  fs::create_directory(bench.scratch().path / "closed");
  for (const char* const file : {".gnuplot", ".gnuplotrc"})
    fieldbook::write_file(bench.scratch().path / "home" / file,
                          "set decimalsign ','\nset title 'mine'\nset key off\nset samples 5\n");
  for (const auto& [what, prefix] :
       {std::pair<const char*, std::string>{"TMPDIR unset", "unset TMPDIR; "},
        {"TMPDIR missing", "export TMPDIR=/no/where; "},
        {"TMPDIR of /proc", "export TMPDIR=/proc; "},
        {"HOME unset", "unset HOME; "},
        {"HOME missing", "export HOME=/no/where; "},
        {"gnuplot settings at HOME", "export HOME=" + bench.in("home") + "; "},
        {"nothing but PATH", "env -i PATH=\"$PATH\" "},
        {"umask 077", "umask 077; "},
        {"another time zone", "export TZ=Asia/Kathmandu; "},
        {"GNUPLOT_LIB and GNUTERM", "export GNUPLOT_LIB=/no/where GNUTERM=dumb; "},
        {"memory that is never zero", "export MALLOC_PERTURB_=165; "},
        {"working directory gone", "mkdir gone && cd gone && rmdir ../gone && "},
        {"stdin closed", "exec <&-; "},
        {"stdin at its end", "exec </dev/null; "}})
    subject.same_bytes(surroundings, what, prefix + subject.command());
  if (bench.can_mount())
    subject.same_bytes(
        surroundings, "TMPDIR read-only",
        trials::mounted("ro", bench.in("closed"), "TMPDIR=" + bench.in("closed") + " " + subject.command()));
}

/// Either there is enough, or one line says what is short. Returns how many limits were too tight.
int tight_limits(const Subject& subject) {
  int too_tight = 0;
  for (const char* const limit : {"-v 40000", "-v 60000", "-v 80000", "-v 120000", "-v 200000", "-f 1",
                                  "-f 16", "-f 64", "-n 4", "-n 5", "-n 6", "-n 8", "-n 12", "-n 16"})
    too_tight += subject.whole_or_not_at_all(
        limits, std::string{"ulimit "} + limit,
        fmt::format("exec >/dev/null; ulimit {}; exec {}", limit, subject.over_old()));
  const auto& bench = subject.bench();
  const std::string threads = bench.program() + " --quick --seed 3 --threads 500" + bench.to_old();
  subject.add(limits, "ulimit -v 200000 and 500 threads",
              bench.objection("ulimit -v 200000; " + threads, 3, {"--threads"}));
  return too_tight;
}

/// Returns how many limits were too tight.
int all_faults(const Subject& subject) {
  locales(subject);  // first, since a package may be missing
  Moments moments{subject.bench().name()};
  signals(subject, moments);
  close_stdout(subject);
  fill_disk(subject);
  run_twice(subject);
  stand_in_the_way(subject);
  delete_results(subject);
  subject.same_bytes(clock_jumps, "real and monotonic",
                     std::string{"export LD_PRELOAD="} + trials::shell_word(FIELDBOOK_CLOCK_THAT_JUMPS) +
                         "; " + subject.command());
  odd_paths(subject);
  environments(subject);
  return tight_limits(subject);
}

/// Programs to kill, as many from every chapter, any of them.
std::vector<std::string> programs_to_kill() {
  std::map<std::string, std::vector<std::string>> chapters;
  for (const auto& name : trials::all_programs()) chapters[trials::chapter_of(name)].push_back(name);
  std::mt19937 generator{1};
  std::vector<std::string> chosen_ones;
  while (chosen_ones.size() < kills)
    for (const auto& [chapter, names] : chapters)
      chosen_ones.push_back(
          names[std::uniform_int_distribution<std::size_t>{0, names.size() - 1}(generator)]);
  chosen_ones.resize(kills);
  return chosen_ones;
}

trials::Verdict survived(const trials::Place& place) {
  const std::string same = "bytes of an undisturbed run",
                    before = "one line, exit status 3, earlier results whole";
  Tally tally{{{killed, same},
               {asked_to_stop, "one line, exit status 128 + signal, earlier results whole; then " + same},
               {ignored, same},
               {full_disk, before},
               {two_runs, "the second: " + before + "; the first: " + same},
               {clock_jumps, same},
               {languages, same},
               {paths, same},
               {surroundings, same},
               {limits, same + ", or: " + before},
               {stdout_closes, "one line, exit status 3; " + same},
               {in_the_way, before},
               {deleted, "one line, exit status 3"}}};
  const auto to_kill = programs_to_kill();
  std::atomic<int> went_on{0}, too_tight{0};
  trials::on_all_cores(std::size(chosen) + to_kill.size(), [&](std::size_t i) {
    if (i < std::size(chosen)) {
      too_tight += all_faults(Subject{place, chosen[i], tally});
      return;
    }
    const std::size_t number = i - std::size(chosen);
    const Subject subject{place, to_kill[number], tally};
    went_on += kill_and_resume(subject, Moments{fmt::format("{} {}", number, to_kill[number])}.of(subject));
  });
  return {
      .summary = fmt::format(
          "Of {} runs that were disturbed, {} did not end as they should. {} of {} that were killed went on "
          "from a checkpoint, the others had none yet. {} limits were too tight for a run.",
          tally.cases(), tally.failures(), went_on.load(), kills, too_tight.load()),
      .tables = tally.tables(),
      .passed = went_on >= kills / 5 && too_tight >= 3 * static_cast<int>(std::size(chosen))};
}

}  // namespace

int main(int argc, char** argv) { return trials::conduct("faults", argc, argv, survived); }
