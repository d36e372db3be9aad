// Does a program keep the contract of every program? After `--` comes its path, then a file with options that contradict each
// other, a line each; there is none for some programs.
#define BOOST_TEST_DYN_LINK
#define BOOST_TEST_MODULE contract
#include "refusals.hpp"

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <set>
#include <stdexcept>

namespace fs = std::filesystem;
using namespace programs;

namespace {

/// What follows `--` on the command line, counted from 1; beyond it nothing, where Boost leaves stale words behind.
fs::path argument(int i) {
  const auto& suite = boost::unit_test::framework::master_test_suite();
  return i < suite.argc ? suite.argv[i] : "";
}

fs::path path() { return argument(1); }

/// The program as a word of the shell: its path may contain spaces, and some cases run elsewhere.
std::string program() { return "'" + fs::absolute(path()).string() + "'"; }

std::string in(const Scratch& scratch, const char* name) { return (scratch.path / name).string(); }

/// A run that several cases look at.
struct SharedRun {
  Scratch scratch;
  fs::path directory = scratch.path / "out";
  Outcome outcome =
      run(scratch, program() + " --quick --threads 1 --format svg,pdf,png --out " + directory.string());
};

const SharedRun& drawn() {
  static const SharedRun shared;
  return shared;
}

/// The default of an option, as a run declares it.
std::string default_of(const std::string& name) {
  const auto record = ledger(drawn().directory);
  for (const auto& option : record["declared_options"])
    if (option["name"] == name) return option["default"];
  throw std::runtime_error{"no option --" + name};
}

/// A copy of the results of a shared run, to be changed.
std::string copied(const SharedRun& shared, const Scratch& scratch) {
  fs::copy(shared.directory, scratch.path / "out");
  return in(scratch, "out");
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_quick_run_leaves_what_it_should) {
  const auto& [scratch, directory, outcome] = drawn();
  BOOST_TEST_INFO(outcome.err);
  BOOST_TEST(outcome.status == 0);
  BOOST_TEST(outcome.err.empty());
  const auto record = ledger(directory);
  BOOST_TEST(record["schema"] == 1);
  BOOST_TEST(record["quick"] == true);
  BOOST_TEST(path().filename() == fs::path(record["program"].get<std::string>()).filename());
  BOOST_TEST(fs::exists(directory / "timing.json"));

  std::set<std::string> expected{"ledger.json"};
  for (const auto& figure : record["figures"]) {
    const std::string id = figure["id"];
    BOOST_TEST(!figure["caption"].get<std::string>().empty());
    for (const char* ending : {".svg", ".pdf", ".png", ".csv", ".gp"}) expected.insert(id + ending);
    BOOST_TEST(figure["files"].size() == 5u);
    BOOST_TEST(fs::file_size(directory / (id + ".svg")) < 200 * 1024);
  }
  std::set<std::string> found;
  for (const auto& [name, text] : contents(directory)) found.insert(name);
  BOOST_TEST(found == expected, boost::test_tools::per_element());
  for (const auto& claim : record["claims"]) {
    BOOST_TEST_INFO(claim);
    BOOST_TEST(claim["holds"] == true);
    BOOST_TEST(outcome.out.find(claim["id"].get<std::string>()) != std::string::npos);
  }
}

// Each run costs seconds, so this one asks on the way for an unknown locale and another time zone, which would stand in a PDF
BOOST_AUTO_TEST_CASE(the_same_bytes_from_any_number_of_threads) {
  const Scratch scratch;
  BOOST_REQUIRE(run(scratch, "LC_ALL=no_SUCH TZ=Asia/Kathmandu " + program() +
                                 " --quick --threads 3 --format svg,pdf,png --out " + in(scratch, "out"))
                    .status == 0);
  BOOST_TEST((contents(in(scratch, "out")) == contents(drawn().directory)));
}

BOOST_AUTO_TEST_CASE(another_seed_gives_other_claims_and_obsolete_files_go_but_foreign_ones_stay) {
  const Scratch scratch;
  const std::string out = copied(drawn(), scratch);
  std::ofstream{scratch.path / "out" / "notes.txt"} << "mine";
  BOOST_REQUIRE(run(scratch, program() + " --quick --no-figures --seed 8 --out " + out).status == 0);
  BOOST_TEST(ledger(out)["claims"] != ledger(drawn().directory)["claims"]);
  const auto files = contents(out);
  BOOST_REQUIRE(files.size() == 2u);
  BOOST_TEST(files[1].first == "notes.txt");
}

BOOST_AUTO_TEST_CASE(no_figures_needs_no_gnuplot_and_resuming_needs_no_checkpoint) {
  const Scratch scratch;
  const std::string without_gnuplot = "PATH=/nowhere " + program() + " --quick --out ";
  const Outcome undrawn = run(scratch, without_gnuplot + in(scratch, "out") + " --no-figures --resume");
  BOOST_TEST(undrawn.status == 0);
  BOOST_TEST(undrawn.out.find("no checkpoint") != std::string::npos);
  BOOST_TEST(contents(in(scratch, "out")).size() == 1u);
  BOOST_TEST(ledger(in(scratch, "out"))["claims"] == ledger(drawn().directory)["claims"]);
  const Outcome missing = run(scratch, without_gnuplot + in(scratch, "other"));
  BOOST_TEST(missing.status == 3);
  BOOST_TEST(lines(missing.err) == 1);
  BOOST_TEST(missing.err.find("gnuplot") != std::string::npos);
  BOOST_TEST(!fs::exists(in(scratch, "other")));
}

// One of each kind for every option; the trial `inputs` tries all
BOOST_AUTO_TEST_CASE(bad_options_are_refused) {
  const Scratch scratch;
  std::set<std::pair<std::string, std::string>> tried;
  for (const Refusal& refusal : refusals(ledger(drawn().directory)["declared_options"]))
    if (tried.emplace(refusal.kind, refusal.option).second) BOOST_TEST_CONTEXT(refusal.options) {
        BOOST_TEST(objection(scratch, program(), refusal) == "");
      }
  for (const std::string& options : lines_of(argument(2))) BOOST_TEST_CONTEXT(options) {
      BOOST_TEST(objection(scratch, program(), {"contradiction", "", options, {"expected"}}) == "");
    }
}

BOOST_AUTO_TEST_CASE(it_answers_questions_without_running) {
  const Scratch scratch;
  const auto record = ledger(drawn().directory);
  const Outcome help = run(scratch, program() + " --help --out " + in(scratch, "asked"));
  BOOST_TEST(help.status == 0);
  for (const auto& option : record["declared_options"]) {
    BOOST_TEST(help.out.find("--" + option["name"].get<std::string>()) != std::string::npos);
    BOOST_TEST(help.out.find(option["help"].get<std::string>()) != std::string::npos);
  }
  const Outcome list = run(scratch, program() + " --quick --list-claims --out " + in(scratch, "asked"));
  BOOST_TEST(list.status == 0);
  for (const auto& claim : record["claims"]) {
    BOOST_TEST(list.out.find(claim["id"].get<std::string>()) != std::string::npos);
    BOOST_TEST(list.out.find(claim["statement"].get<std::string>()) != std::string::npos);
  }
  BOOST_TEST(run(scratch, program() + " --version").out.starts_with("Fieldbook "));
  BOOST_TEST(!fs::exists(in(scratch, "asked")));
}

BOOST_AUTO_TEST_CASE(a_place_that_cannot_be_written_is_reported) {
  const Scratch scratch;
  std::ofstream{scratch.path / "file"} << "in the way";
  const Outcome outcome =
      run(scratch, program() + " --quick --no-figures --out " + in(scratch, "file") + "/below");
  BOOST_TEST(outcome.status == 3);
  BOOST_TEST(lines(outcome.err) == 1);
  BOOST_TEST(outcome.err.find("--out") != std::string::npos);
  BOOST_TEST(read(scratch.path / "file") == "in the way");
  const std::string gone = in(scratch, "gone");
  BOOST_TEST(objection(run(scratch, "mkdir " + gone + " && cd " + gone + " && rmdir " + gone + " && " +
                                        program() + " --quick --no-figures --out new"),
                       3, {"--out", "new"}) == "");
}

// A file system of 16 KiB in a name space of our own; skipped where the kernel does not allow that
BOOST_AUTO_TEST_CASE(a_full_disk_is_reported_and_the_old_results_stay) {
  const Scratch scratch;
  const std::string disk = in(scratch, "disk"), mount = "mount -t tmpfs -o size=16k none " + disk;
  fs::create_directory(disk);
  if (run(scratch, "unshare -rm sh -c '" + mount + "'").status != 0) {
    BOOST_TEST_MESSAGE("skipped: no name spaces here");
    return;
  }
  std::ofstream{scratch.path / "script"} << mount << "\necho old >" << disk << "/ledger.json\n"
                                         << program() << " --quick --format svg,png --out " << disk
                                         << "\necho status $?\nls -A " << disk << "\ncat " << disk
                                         << "/ledger.json\n";
  const Outcome outcome = run(scratch, "unshare -rm sh " + in(scratch, "script"));
  // Beside the old results there is nothing but, if something was finished, a whole checkpoint
  BOOST_TEST((outcome.out.ends_with("status 3\nledger.json\nold\n") ||
              outcome.out.ends_with("status 3\ncheckpoint\nledger.json\nold\n")));
  BOOST_TEST(lines(outcome.err) == 1);
  BOOST_TEST_INFO(outcome.err);
  BOOST_TEST(outcome.err.find("full") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(interrupted_runs_leave_the_old_results) {
  const Scratch scratch;
  const auto before = contents(copied(drawn(), scratch));
  const long draws = std::stol(default_of("samples"));
  for (const auto& [signal, status] : {std::pair{"INT", 130}, std::pair{"TERM", 143}}) {
    // Far too many draws, so that the signal always comes in the middle
    const Outcome outcome =
        run(scratch,
            fmt::format("{} --seed 3 --samples {} --out {} & pid=$!; sleep 0.4; kill -{} $pid; wait $pid",
                        program(), 100 * draws, in(scratch, "out"), signal));
    BOOST_TEST(outcome.status == status);
    BOOST_TEST(outcome.err.find("interrupted") != std::string::npos);
    // Beside the old results there is nothing but, if something was finished, a checkpoint
    fs::remove(in(scratch, "out") + "/checkpoint");
    BOOST_TEST((contents(in(scratch, "out")) == before));
    BOOST_TEST(std::distance(fs::directory_iterator{in(scratch, "out")}, fs::directory_iterator{}) ==
               static_cast<long>(before.size()) + 1);
  }
}

BOOST_AUTO_TEST_CASE(a_foreign_checkpoint_is_refused_and_left_alone) {
  const Scratch scratch;
  fs::create_directory(in(scratch, "out"));
  std::ofstream{in(scratch, "out") + "/checkpoint"} << "a diary\n";
  const Outcome outcome = run(scratch, program() + " --quick --resume --out " + in(scratch, "out"));
  BOOST_TEST(outcome.status == 2);
  BOOST_TEST(lines(outcome.err) == 1);
  BOOST_TEST(outcome.err.find("not a checkpoint") != std::string::npos);
  BOOST_TEST(read(in(scratch, "out") + "/checkpoint") == "a diary\n");
  BOOST_TEST(std::distance(fs::directory_iterator{in(scratch, "out")}, fs::directory_iterator{}) == 1);
}
