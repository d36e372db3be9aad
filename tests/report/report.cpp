#define BOOST_TEST_DYN_LINK
#include <fieldbook/report/claims.hpp>
#include <fieldbook/report/errors.hpp>
#include <fieldbook/report/figure.hpp>
#include <fieldbook/report/files.hpp>
#include <fieldbook/report/options.hpp>
#include <fieldbook/report/output.hpp>
#include <fieldbook/report/printing.hpp>
#include <fieldbook/report/table.hpp>

#include <sys/stat.h>
#include <boost/test/unit_test.hpp>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "../programs/run.hpp"

using namespace fieldbook;
namespace fs = std::filesystem;

namespace {

struct TestOptions {
  Options options;
  const int& width = options.add("width", 16, at_least(1), "neurons");
  const double& mass = options.add("mass", 1., greater_than(0.), "mass", "1/length");
  const std::vector<int>& widths = options.add_list("widths", {1, 4}, between(1, 64), "neurons");
  const std::string& law = options.add_choice("law", "relu", {"relu", "erf"}, "law");
  const std::uint64_t& seed =
      options.add("seed", std::uint64_t{1}, at_least(std::uint64_t{0}), "seed", "", true);
  const bool& quick = options.add_flag("quick", "quick", true);

  void parse(std::vector<const char*> words) {
    words.insert(words.begin(), "program");
    options.parse(static_cast<int>(words.size()), words.data());
  }
};

std::string complaint(std::vector<const char*> words) {
  TestOptions test;
  try {
    test.parse(std::move(words));
  } catch (const BadOption& error) {
    return error.what();
  }
  return "";
}

bool holds(Claim& (*declare)(Claims&), Estimate predicted, Estimate measured) {
  Claims claims;
  declare(claims);
  claims.compare("c", predicted, measured);
  return claims.hold();
}

Claim& statistical(Claims& claims) { return claims.statistical("c", "T-1", "s"); }
Claim& exact(Claims& claims) { return claims.exact("c", "T-1", "s", absolute(1e-3)); }
Claim& relative_one(Claims& claims) { return claims.exact("c", "T-1", "s", relative(1e-3)); }
Claim& scaling(Claims& claims) { return claims.scaling("c", "T-1", "s", 0.1); }
Claim& below(Claims& claims) { return claims.bound("c", "T-1", "s", Side::below); }
Claim& above(Claims& claims) { return claims.bound("c", "T-1", "s", Side::above); }

}  // namespace

BOOST_AUTO_TEST_SUITE(report)

BOOST_AUTO_TEST_CASE(options_take_their_values) {
  TestOptions test;
  test.parse({"--width", "3", "--mass=0.5", "--widths", "8,2", "--law", "erf", "--seed",
              "18446744073709551615", "--quick"});
  BOOST_TEST(test.width == 3);
  BOOST_TEST(test.mass == 0.5);
  BOOST_TEST((test.widths == std::vector{8, 2}));
  BOOST_TEST(test.law == "erf");
  BOOST_TEST(test.seed == 18446744073709551615u);
  BOOST_TEST(test.quick);
  BOOST_TEST(test.options.given("width"));
  BOOST_TEST(test.options.values().dump() == R"({"width":3,"mass":0.5,"widths":[8,2],"law":"erf"})");
}

BOOST_AUTO_TEST_CASE(bad_options_say_what_is_valid) {
  BOOST_TEST(complaint({"--width", "0"}) == "--width: '0' is not valid; expected an integer, at least 1");
  BOOST_TEST(complaint({"--width", "1.5"}) == "--width: '1.5' is not valid; expected an integer, at least 1");
  BOOST_TEST(complaint({"--width", "99999999999"}) ==
             "--width: '99999999999' is not valid; expected an integer, at least 1");
  BOOST_TEST(complaint({"--mass", "0"}) == "--mass: '0' is not valid; expected a number, greater than 0");
  BOOST_TEST(complaint({"--mass", "nan"}) == "--mass: 'nan' is not valid; expected a number, greater than 0");
  BOOST_TEST(complaint({"--mass", "inf"}) == "--mass: 'inf' is not valid; expected a number, greater than 0");
  BOOST_TEST(complaint({"--widths", "1,65"}) ==
             "--widths: '1,65' is not valid; expected an integer, 1 ... 64");
  BOOST_TEST(complaint({"--widths", "2,2"}) == "--widths: '2,2' is not valid; expected every value once");
  BOOST_TEST(complaint({"--law", "tanh"}) == "--law: 'tanh' is not valid; expected relu or erf");
  BOOST_TEST(complaint({"--seed", "-1"}) == "--seed: '-1' is not valid; expected an integer, at least 0");
  BOOST_TEST(complaint({"--width"}) == "--width: '' is not valid; expected at least 1");
  BOOST_TEST(complaint({"--width", "--quick"}) == "--width: '' is not valid; expected at least 1");
  BOOST_TEST(complaint({"--quick=1"}) == "option '--quick' takes no value");
  BOOST_TEST(complaint({"--wid", "3"}).starts_with("unknown option '--wid'"));
  BOOST_TEST(complaint({"--width", "3", "--width", "4"}).find("twice") != std::string::npos);
  BOOST_TEST(complaint({"word"}).starts_with("unexpected word"));
}

BOOST_AUTO_TEST_CASE(a_text_is_one_that_a_ledger_can_keep) {
  const auto complaint = [](const char* option, const char* text) -> std::string {
    Options options;
    options.add_text("target", "x1", "a formula", "target");
    options.add_text("out", "here", "a directory", "results", true);
    const std::vector<const char*> words{"program", option, text};
    try {
      options.parse(static_cast<int>(words.size()), words.data());
    } catch (const BadOption& error) {
      return error.what();
    }
    return "";
  };
  BOOST_TEST(complaint("--target", "\u03c3(x1)").empty());
  BOOST_TEST(complaint("--target", "x\xb1") ==
             "--target: 'x\xb1' is not valid; expected a formula, in UTF-8");
  BOOST_TEST(complaint("--target", "") == "--target: '' is not valid; expected a formula");
  BOOST_TEST(complaint("--out", "x\xb1").empty());
}

BOOST_AUTO_TEST_CASE(claims_are_decided_by_their_kind) {
  BOOST_TEST(holds(statistical, 1, {1.4, 0.1}));
  BOOST_TEST(!holds(statistical, 1, {1.6, 0.1}));
  BOOST_TEST(!holds(statistical, 1, {1, 0}));
  BOOST_TEST(holds(statistical, {1, 0.1}, {1.6, 0.1}));  // errors of both sides count
  BOOST_TEST(holds(exact, 1, 1.0009));
  BOOST_TEST(!holds(exact, 1, 1.0011));
  BOOST_TEST(holds(relative_one, 100, 100.09));
  BOOST_TEST(!holds(relative_one, 100, 100.11));
  BOOST_TEST(holds(scaling, -1, {-1.14, 0.01}));
  BOOST_TEST(!holds(scaling, -1, {-1.16, 0.01}));
  BOOST_TEST(holds(below, 1, {1.04, 0.01}));
  BOOST_TEST(!holds(below, 1, {1.06, 0.01}));
  BOOST_TEST(holds(above, 1, {0.96, 0.01}));
  BOOST_TEST(!holds(above, 1, {0.94, 0.01}));
}

BOOST_AUTO_TEST_CASE(what_is_not_a_number_never_holds) {
  for (auto* declare : {statistical, exact, relative_one, scaling, below, above}) {
    BOOST_TEST(!holds(declare, NAN, {1, 0.1}));
    BOOST_TEST(!holds(declare, 1, {NAN, 0.1}));
    BOOST_TEST(!holds(declare, 1, {1, NAN}));
    BOOST_TEST(!holds(declare, 1, {1, INFINITY}));
    BOOST_TEST(!holds(declare, INFINITY, {INFINITY, 0.1}));
    BOOST_TEST(!holds(declare, 1, {-INFINITY, 0.1}));
  }
}

BOOST_AUTO_TEST_CASE(claims_are_preregistered) {
  Claims claims;
  claims.statistical("a", "T-1", "s");
  BOOST_CHECK_THROW(claims.statistical("a", "T-1", "s"), std::logic_error);
  BOOST_CHECK_THROW(claims.compare("b", 1, 1), std::logic_error);
  BOOST_CHECK_THROW(claims.require_all_decided(), std::logic_error);
  claims.compare("a", 1, {1, 1});
  BOOST_CHECK_THROW(claims.compare("a", 1, {1, 1}), std::logic_error);
  BOOST_CHECK_NO_THROW(claims.require_all_decided());
}

BOOST_AUTO_TEST_CASE(chi_square_counts_independent_claims) {
  Claims claims;
  for (const char* id : {"a", "b"}) claims.statistical(id, "T-1", "s").independent();
  claims.statistical("c", "T-1", "s");
  claims.compare("a", 0, {1, 1});
  claims.compare("b", 0, {-2, 1});
  claims.compare("c", 0, {3, 1});
  BOOST_TEST(claims.chi_square()->value == 5, boost::test_tools::tolerance(1e-14));
  BOOST_TEST(claims.chi_square()->degrees == 2);
  BOOST_TEST(claims.chi_square()->p == std::exp(-2.5), boost::test_tools::tolerance(1e-12));
}

BOOST_AUTO_TEST_CASE(numbers_are_rounded_to_their_error) {
  BOOST_TEST(rounded(0.31791, 0.0002) == "0.31791(20)");
  BOOST_TEST(rounded(0.31791, 0.0004) == "0.3179(4)");
  BOOST_TEST(rounded(-1.5, 0.25) == "-1.50(25)");
  BOOST_TEST(rounded(1234.5, nullptr) == "1234.5");
  BOOST_TEST(rounded(nullptr, nullptr) == "nan");
}

BOOST_AUTO_TEST_CASE(figures_leave_picture_data_and_script) {
  const programs::Scratch directory;
  Panel panel{"a title"};
  panel.x_axis({"N \"quoted\""})
      .y_axis({"κ_4"})
      .line(0, "theory", {1, 2}, {1, 2})
      .points(0, "sampled", {1, 2}, {1, 2}, {.1, .1});
  Panel map;
  map.heat_map("value", {1, 2}, {1, 2}, Eigen::MatrixXd::Identity(2, 2));
  const auto files = draw({{panel, map}, 2}, "test", directory.path, {"svg", "png", "pdf"});
  BOOST_TEST((files == std::vector<std::string>{"test.svg", "test.png", "test.pdf", "test.csv", "test.gp"}));
  BOOST_TEST(programs::read(directory.path / "test.csv").starts_with("panel,series,"));
  // Viewers would blur an image of few cells; one of many would be a large file without it
  BOOST_TEST(programs::read(directory.path / "test.gp").find("with image pixels") != std::string::npos);
  Panel large;
  std::vector<double> fine(30);
  std::iota(fine.begin(), fine.end(), 0.);
  large.heat_map("value", fine, fine, Eigen::MatrixXd::Identity(30, 30));
  draw({{large}}, "large", directory.path, {"svg"});
  BOOST_TEST(programs::read(directory.path / "large.gp").find("with image notitle") != std::string::npos);
  // The script stands alone
  const std::string before = programs::read(directory.path / "test.svg");
  fs::remove(directory.path / "test.svg");
  BOOST_TEST(std::system(("cd " + directory.path.string() + " && gnuplot test.gp").c_str()) == 0);
  BOOST_TEST(programs::read(directory.path / "test.svg") == before);
}

BOOST_AUTO_TEST_CASE(figures_that_cannot_be_drawn_are_reported) {
  const programs::Scratch directory;
  Panel broken;
  broken.legend("nowhere at all").line(0, "theory", {1, 2}, {1, 2});
  BOOST_CHECK_THROW(draw({{broken}}, "test", directory.path, {"svg"}), MachineFailure);
  // Its complaint, however long, is one line
  try {
    draw({{broken}}, "test", directory.path, {"svg"});
  } catch (const MachineFailure& failure) {
    BOOST_TEST(std::string{failure.what()}.find('\n') == std::string::npos);
  }
  BOOST_CHECK_THROW(Panel{}.line(0, "theory", {1, 2}, {1, NAN}), std::logic_error);
  BOOST_CHECK_THROW(Panel{}.line(0, "theory", {1, 2}, {1}), std::logic_error);
}

BOOST_AUTO_TEST_CASE(results_are_published_whole_or_not_at_all) {
  const programs::Scratch directory;
  const fs::path out = directory.path / "deep" / "out";
  {
    const Output abandoned{out};
    abandoned.write("ledger.json", "new");
  }
  BOOST_TEST(!fs::exists(directory.path / "deep"));
  {
    const Output first{out};
    first.write("ledger.json", "old");
    first.write("old.svg", "old");
    first.publish({});
  }
  {
    const Output second{out};
    second.write("ledger.json", "new");
    BOOST_TEST(programs::read(out / "ledger.json") == "old");
    second.publish({"old.svg", "ledger.json"});
  }
  BOOST_TEST(programs::read(out / "ledger.json") == "new");
  BOOST_TEST(!fs::exists(out / "old.svg"));
  BOOST_TEST(std::distance(fs::directory_iterator{out}, fs::directory_iterator{}) == 1);
}

BOOST_AUTO_TEST_CASE(a_directory_in_the_place_of_a_result_leaves_the_others) {
  const programs::Scratch directory;
  const Output output{directory.path};
  write_file(directory.path / "a.svg", "old");
  fs::create_directory(directory.path / "b.svg");
  for (const char* name : {"a.svg", "b.svg", "ledger.json"}) output.write(name, "new");
  BOOST_CHECK_EXCEPTION(output.publish({}), MachineFailure, [](const MachineFailure& failure) {
    return std::string{failure.what()}.find("b.svg") != std::string::npos;
  });
  BOOST_TEST(programs::read(directory.path / "a.svg") == "old");
  BOOST_TEST(!fs::exists(directory.path / "ledger.json"));
}

BOOST_AUTO_TEST_CASE(what_is_not_a_file_is_not_read) {
  const programs::Scratch directory;
  BOOST_REQUIRE(::mkfifo((directory.path / "pipe").c_str(), 0600) == 0);
  for (const fs::path& path : {directory.path / "pipe", directory.path, fs::path{"/dev/zero"}})
    BOOST_TEST(read_file(path).empty());
}

BOOST_AUTO_TEST_CASE(one_run_at_a_time_writes_to_a_directory) {
  const programs::Scratch directory;
  const fs::path out = directory.path / "out";
  std::optional<Output> first{out};
  first->write("ledger.json", "first");
  BOOST_CHECK_EXCEPTION(Output{out}, MachineFailure, [](const MachineFailure& failure) {
    return std::string{failure.what()}.find("another run") != std::string::npos;
  });
  first->publish({});
  first.reset();
  BOOST_TEST(programs::read(out / "ledger.json") == "first");
  fs::create_directory(out / ".staging-1");  // of a run that was killed
  const Output second{out};
  BOOST_TEST(!fs::exists(out / ".staging-1"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_written_says_why_and_leaves_nothing) {
  const programs::Scratch directory;
  BOOST_CHECK_THROW(Output{directory.path / "new" / std::string(300, 'n')}, MachineFailure);
  BOOST_CHECK_THROW(Output{directory.path / "new" / std::string(5000, 'n')}, MachineFailure);
  BOOST_TEST(fs::is_empty(directory.path));
  fs::create_symlink(directory.path / "nowhere" / "else", directory.path / "link");
  BOOST_CHECK_THROW(Output{directory.path / "link"}, MachineFailure);
  BOOST_TEST(fs::is_symlink(directory.path / "link"));
  const Output output{directory.path / "out"};
  fs::remove_all(directory.path / "out");
  BOOST_CHECK_EXCEPTION(output.write("ledger.json", "new"), MachineFailure,
                        [](const MachineFailure& failure) {
                          return std::string{failure.what()}.find("No such file") != std::string::npos;
                        });
}

BOOST_AUTO_TEST_CASE(messages_are_one_line_that_can_be_read) {
  BOOST_TEST(one_line("two\nlines,\ttab\x7f") == "two\\nlines,\\x09tab\\x7f");
  BOOST_TEST(one_line("σ_w²") == "σ_w²");
  std::string beta, shown = one_line("<" + std::string(5000, 'x') + ">");
  BOOST_TEST(shown.size() < 1100u);
  BOOST_TEST((shown.starts_with("<x") && shown.ends_with("x>")));
  // No character is cut
  for (int i = 0; i < 1000; ++i) beta += "β";
  for (const char* const shift : {"", "x"}) {
    const std::string line = one_line(shift + beta);
    const auto gap = line.find(" [...] ");
    BOOST_REQUIRE(gap != std::string::npos);
    BOOST_TEST(line.substr(gap - 2, 2) == "β");
    BOOST_TEST(line.substr(gap + 7, 2) == "β");
  }
}

BOOST_AUTO_TEST_SUITE_END()
