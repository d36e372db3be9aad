#define BOOST_TEST_DYN_LINK
#include <fieldbook/report/estimates.hpp>
#include <fieldbook/report/map.hpp>

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "../programs/run.hpp"

using namespace fieldbook;
namespace fs = std::filesystem;

namespace {

/// What a panel leaves on the disk: its data, and the script that draws them.
struct Drawn {
  std::string data, script;

  explicit Drawn(Panel panel) {
    const programs::Scratch directory;
    draw(Figure{{std::move(panel)}}, "panel", directory.path, {"svg"});
    data = programs::read(directory.path / "panel.csv");
    script = programs::read(directory.path / "panel.gp");
  }

  bool says(const std::string& words) const { return (data + script).find(words) != std::string::npos; }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(panels)

BOOST_AUTO_TEST_CASE(estimates_are_points_with_bars_of_one_standard_error) {
  Panel panel;
  BOOST_TEST(&draw_estimates(panel, 2, "kurtosis", {1, 4}, {{0.5, 0.25}, {3, 0.125}}) == &panel);
  const Drawn drawn{panel};
  BOOST_TEST(drawn.says("\n1,\"kurtosis\",1,0.5,0.25\n1,\"kurtosis\",4,3,0.125\n"));
  BOOST_TEST(drawn.says("with yerrorbars ls 3 lw 1 title \"kurtosis\""));  // colour 2 is the third style
}

BOOST_AUTO_TEST_CASE(estimates_belong_to_the_colour_of_their_theory) {
  Panel panel;
  panel.line(4, "theory", {1, 2}, {1, 2});
  draw_estimates(panel, 4, "", {1}, {{1, 0.5}});
  const Drawn drawn{panel};
  BOOST_TEST(drawn.says("with lines ls 5 "));
  BOOST_TEST(drawn.says("with yerrorbars ls 5 "));
}

BOOST_AUTO_TEST_CASE(every_estimate_has_its_place) {
  Panel panel;
  BOOST_CHECK_THROW(draw_estimates(panel, 0, "", {1, 2}, {{1, 0.5}}), std::logic_error);
}

// Two cells of [-1, 3] have their centres at 0 and 2, and f = x_1 + 10 x_2 tells the axes apart
BOOST_AUTO_TEST_CASE(maps_show_the_centres_of_their_cells) {
  const Drawn drawn{map_of(
      "sum", -1, 3, [](double x, double y) { return x + 10 * y; }, 2)};
  BOOST_TEST(drawn.says(",\"x_1\",\"x_2\","));
  for (const char* cell : {",0,0,0\n", ",2,0,2\n", ",0,2,20\n", ",2,2,22\n"}) BOOST_TEST(drawn.says(cell));
  for (const char* command : {"set title \"sum\"", "set xlabel \"x_1\"", "set ylabel \"x_2\"",
                              "set xrange [-1:3]", "set yrange [-1:3]", "unset key", "unset colorbox"})
    BOOST_TEST(drawn.says(command));
}

BOOST_AUTO_TEST_CASE(maps_have_64_by_64_cells_unless_told_otherwise) {
  int calls = 0;
  double largest = 0;
  map_of("", 0, 2, [&](double x, double) {
    ++calls;
    largest = std::max(largest, x);
    return x;
  });
  BOOST_TEST(calls == 64 * 64);
  BOOST_TEST(largest == 2 - 1. / 64);
}

BOOST_AUTO_TEST_SUITE_END()
