// weave, claims and gallery as one runs them: exit status, what they print and where

#include <boost/test/unit_test.hpp>

#include <sys/wait.h>

#include "copy.hpp"

using namespace book;

namespace {

struct Outcome {
  int status;
  std::string out, err;
};

Outcome run(const Copy& copy, const std::string& command) {
  const std::string out = (copy.root() / "stdout").string(), err = (copy.root() / "stderr").string();
  const int status = std::system((command + " >" + out + " 2>" + err).c_str());
  return {WEXITSTATUS(status), read_file(out), read_file(err)};
}

std::string quoted(const std::string& path) { return "'" + path + "'"; }

Outcome claims(const Copy& copy, const std::string& arguments) {
  return run(copy, quoted(CLAIMS) + " --record " + copy.record().string() + " " + arguments);
}

Outcome gallery(const Copy& copy, const std::string& programs, const std::string& option = "") {
  return run(copy, quoted(GALLERY) + option + " " + copy.record().string() + " " + copy.root().string() +
                       " " + programs);
}

/// The sun's run as the book would make it, with its failing claim mended.
void mend_sun(const Copy& copy) {
  const std::string file = "record/tides/sun/ledger.json";
  copy.replace(file, "\"seed\": 7, \"quick\": true", "\"seed\": 1, \"quick\": false");
  copy.replace(
      file,
      "\"measured\": null, \"standard_error\": null, \"z\": null, \"tolerance\": null, \"holds\": false",
      "\"measured\": 1, \"standard_error\": 0.1, \"z\": 0, \"tolerance\": null, \"holds\": true");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(tools)

BOOST_AUTO_TEST_CASE(failing_claims_are_on_top_and_can_be_replayed) {
  const Copy copy;
  const auto [status, out, err] = claims(copy, "");
  BOOST_TEST(status == 1);
  BOOST_TEST(err == "");
  const auto lines = split_lines(out);
  BOOST_TEST(lines[1].starts_with("FAILS  tides/sun   TI-7"));
  BOOST_TEST(contains(out, "note: tides/sun was run with --quick, seed 7\n"));
  BOOST_TEST(contains(out, "replay: ./fieldbook run tides/sun --seed 7 --quick\n"));
  BOOST_TEST(lines.back() == "1 of 6 claims of 2 programs fails");
}

BOOST_AUTO_TEST_CASE(claims_that_hold_exit_with_0) {
  const Copy copy;
  mend_sun(copy);
  const auto outcome = claims(copy, "");
  BOOST_TEST(outcome.status == 0);
  BOOST_TEST(split_lines(outcome.out).back() == "6 claims of 2 programs: all hold");
  BOOST_TEST(claims(copy, "--failing").out == "6 claims of 2 programs: all hold\n");
}

BOOST_AUTO_TEST_CASE(claims_can_be_selected) {
  const Copy copy;
  BOOST_TEST(claims(copy, "moon").status == 0);
  BOOST_TEST(claims(copy, "tides/moon").status == 0);
  BOOST_TEST(claims(copy, "3.1").status == 0);
  BOOST_TEST(claims(copy, "§3.1").status == 0);
  BOOST_TEST(claims(copy, "tides").status == 1);
  BOOST_TEST(claims(copy, "3").status == 1);
  BOOST_TEST(contains(claims(copy, "3.2").out, "TI-4"));
  BOOST_TEST(contains(claims(copy, "sun").out, "1 of 2 claims of 1 program fails"));
}

BOOST_AUTO_TEST_CASE(bad_arguments_exit_with_2_and_name_the_valid_ones) {
  const Copy copy;
  for (const std::string arguments : {"mars", "9.1", "moon sun", "--fast", "--failing=yes"}) {
    const auto [status, out, err] = claims(copy, arguments);
    BOOST_TEST_INFO(arguments);
    BOOST_TEST(status == 2);
    BOOST_TEST(out == "");
    BOOST_TEST(std::count(err.begin(), err.end(), '\n') == 1);
  }
  BOOST_TEST(claims(copy, "mars").err ==
             "claims: no program or lecture section is called \"mars\"; there are tides/moon, tides/sun, "
             "3.1, 3.2\n");
}

BOOST_AUTO_TEST_CASE(missing_and_damaged_ledgers_exit_with_3) {
  const Copy copy;
  copy.write("record/tides/moon/ledger.json", "{\"schema\": 1}");
  auto outcome = claims(copy, "");
  BOOST_TEST(outcome.status == 3);
  BOOST_TEST(contains(outcome.err, "damaged ledger"));
  BOOST_TEST(contains(outcome.err, "./fieldbook figures"));
  std::filesystem::remove_all(copy.record());
  outcome = claims(copy, "");
  BOOST_TEST(outcome.status == 3);
  BOOST_TEST(contains(outcome.err, "make them with ./fieldbook figures"));
}

BOOST_AUTO_TEST_CASE(the_gallery_keeps_the_last_full_run) {
  const Copy copy;
  mend_sun(copy);
  copy.write("figures/tides/moon-old.svg", "old");
  copy.write("figures/tides/mars-other.svg", "of another program");
  BOOST_TEST(gallery(copy, "tides/moon tides/sun").status == 0);
  for (const char* file : {"moon-height.svg", "moon-depth.svg", "moon.json", "sun.json", "mars-other.svg"})
    BOOST_TEST(std::filesystem::exists(copy.root() / "figures/tides" / file), file);
  BOOST_TEST(!std::filesystem::exists(copy.root() / "figures/tides/moon-old.svg"));
  BOOST_TEST(copy.read("figures/tides/moon.json") == copy.read("record/tides/moon/ledger.json"));
}

BOOST_AUTO_TEST_CASE(the_gallery_fills_in_the_readme) {
  const Copy copy;
  mend_sun(copy);
  BOOST_TEST(gallery(copy, "tides/moon tides/sun").status == 0);
  const std::string readme = copy.read("README.md");
  BOOST_TEST(contains(readme, "\nIn the last full run 2 programs made 6 claims; all of them hold.\n"));
  BOOST_TEST(contains(
      readme, "\n![Height h_1/h_2 over |x| < σ_w^2; lines are theory.](figures/tides/moon-height.svg)\n"));
  BOOST_TEST(!contains(readme, "filled in"));
  BOOST_TEST(readme.ends_with("\nThe end.\n"));
  copy.replace("README.md", "moon height", "moon width");
  BOOST_TEST(
      contains(gallery(copy, "tides/moon tides/sun").err, "width of tides/moon, which is not in the record"));
}

BOOST_AUTO_TEST_CASE(the_record_is_checked_against_fresh_runs) {
  const Copy copy;
  mend_sun(copy);
  const auto check = [&] { return gallery(copy, "tides/moon tides/sun", " --check"); };
  BOOST_TEST(check().status == 1);
  for (const std::string program : {"tides/moon", "tides/sun"})
    BOOST_TEST(contains(check().err, "gallery: " + program + " is not in the record: ./fieldbook gallery\n"));
  gallery(copy, "tides/moon tides/sun");
  BOOST_TEST(check().status == 0);
  const std::string sun = "record/tides/sun/ledger.json";
  // Less than five joint errors are chance, more are not
  copy.replace(sun, "\"measured\": 1, ", "\"measured\": 1.7, ");
  BOOST_TEST(check().status == 0);
  copy.replace(sun, "\"measured\": 1.7, ", "\"measured\": 1.8, ");
  BOOST_TEST(check().err == "gallery: tides/sun: claim broken: measured 1.80(10), in the record 1.00(10)\n");
  BOOST_TEST(check().status == 1);
  copy.replace(sun, "\"id\": \"broken\"", "\"id\": \"mended\"");
  BOOST_TEST(contains(check().err, "claim mended is not in the record\n"));
  BOOST_TEST(contains(check().err, "claim broken is in the record alone\n"));
  copy.replace("README.md", "6 claims", "7 claims");
  BOOST_TEST(contains(check().err, "README.md is not of this record"));
}

BOOST_AUTO_TEST_CASE(the_gallery_refuses_other_runs_whole) {
  const Copy copy;
  auto outcome = gallery(copy, "tides/moon tides/sun");
  BOOST_TEST(outcome.status == 1);
  BOOST_TEST(contains(outcome.err, "tides/sun was run with --quick, seed 7"));
  BOOST_TEST(!std::filesystem::exists(copy.root() / "figures/tides"));
  copy.write("record/tides/moon/height.svg", std::string(300 * 1024, 'x'));
  BOOST_TEST(contains(gallery(copy, "tides/moon").err, "height.svg is of 300 kB; at most 200 are committed"));
  BOOST_TEST(gallery(copy, "tides/mars").status == 3);
}

BOOST_AUTO_TEST_CASE(the_weaver_exits_with_1_and_says_where) {
  const Copy copy;
  const int line = copy.replace("chapters/tides/moon.cpp", "@figure height", "@figure hight");
  const auto [status, out, err] =
      run(copy, quoted(WEAVE) + " " + copy.root().string() + " " + copy.record().string() + " " +
                    (copy.root() / "woven").string() + " tides/moon tides/sun");
  BOOST_TEST(status == 1);
  BOOST_TEST(out == "");
  BOOST_TEST(contains(err, (copy.root() / "chapters/tides/moon.cpp").string() + ":" + std::to_string(line) +
                               ": unknown figure hight"));
  BOOST_TEST(run(copy, quoted(WEAVE)).status == 2);
}

BOOST_AUTO_TEST_CASE(the_weaver_leaves_solutions_out_on_request) {
  const Copy copy;
  copy.write("chapters/tides/exercises/high_tide/solution.hpp", "// An undertow.\n");
  const std::string command = copy.root().string() + " " + copy.record().string() + " " +
                              (copy.root() / "woven").string() +
                              " tides/moon tides/sun tides/exercises/high_tide";
  BOOST_TEST(run(copy, quoted(WEAVE) + " " + command).status == 0);
  BOOST_TEST(contains(copy.page("solution-high_tide"), "undertow"));
  BOOST_TEST(run(copy, quoted(WEAVE) + " --without-solutions " + command).status == 0);
  BOOST_TEST(!std::filesystem::exists(copy.root() / "woven/pages/solution-high_tide.md"));
  BOOST_TEST(run(copy, quoted(WEAVE) + " --solutions " + command).status == 2);
}

BOOST_AUTO_TEST_SUITE_END()
