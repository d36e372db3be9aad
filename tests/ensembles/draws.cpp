#define BOOST_TEST_DYN_LINK
#include <fieldbook/ensembles/draws.hpp>

#include <boost/test/unit_test.hpp>

#include <map>
#include <numeric>
#include <set>
#include <stdexcept>

using namespace fieldbook;

BOOST_AUTO_TEST_SUITE(ensembles)

namespace {

using Seen = std::vector<std::uint64_t>;

/// Stops a computation after some steps, and gives back what was kept.
struct Interrupting : PlainConductor {
  int steps_left;
  std::map<std::uint64_t, TaskState> states{};

  explicit Interrupting(int steps) : steps_left{steps} {}
  void keep(const std::string&, std::uint64_t task, TaskState state) {
    states[task] = std::move(state);
    if (--steps_left == 0) throw std::runtime_error{"interrupted"};
  }
  std::optional<TaskState> kept(const std::string&, std::uint64_t task) {
    const auto found = states.find(task);
    return found == states.end() ? std::nullopt : std::optional{found->second};
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(every_draw_is_made_once_in_its_block) {
  for (const std::int64_t draws : {0, 1, 5, 128, 129, 300, 512}) {
    PlainConductor conductor;
    const auto blocks = sample_draws(conductor, "draws", draws, Seen{},
                                     [](std::uint64_t draw, Seen& seen) { seen.push_back(draw); });
    Seen all;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const Block block = block_of(static_cast<std::uint64_t>(draws), i);
      BOOST_TEST(blocks[i].size() == block.size());
      all.insert(all.end(), blocks[i].begin(), blocks[i].end());
    }
    Seen expected(static_cast<std::size_t>(draws));
    std::iota(expected.begin(), expected.end(), 0);
    BOOST_TEST(all == expected, boost::test_tools::per_element());
  }
}

BOOST_AUTO_TEST_CASE(a_run_goes_on_in_the_middle_of_a_block) {
  std::multiset<std::uint64_t> made;
  const auto add = [&](std::uint64_t draw, Seen& seen) {
    made.insert(draw);
    seen.push_back(draw);
  };
  Interrupting conductor{7};
  BOOST_CHECK_THROW(sample_draws(conductor, "draws", 300, Seen{}, add), std::runtime_error);
  BOOST_TEST(made.size() == 7u);
  conductor.steps_left = -1;
  const auto blocks = sample_draws(conductor, "draws", 300, Seen{}, add);
  BOOST_TEST(made.size() == 300u);  // none is made again
  BOOST_TEST(blocks[2].size() == 3u);
  BOOST_TEST(blocks[2][1] == block_of(300, 2).first + 1);
}

BOOST_AUTO_TEST_SUITE_END()
