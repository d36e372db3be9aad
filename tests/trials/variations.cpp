/// Other widths, activations, depths, variances and points than the defaults: predictions must follow, and all claims hold. The
/// test suite tries the first of these lines of options, for every program.

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>

#include "../programs/run.hpp"
#include "commands.hpp"
#include "inventory.hpp"
#include "trial.hpp"

namespace {

namespace fs = std::filesystem;
using namespace trials;

struct Variation {
  std::string program, options;
};

std::vector<Variation> all_variations(const Place& place) {
  std::vector<Variation> all;
  for (const std::string& program : all_programs())
    for (const auto& options :
         programs::lines_of(place.sources / "tests/programs/variations" / (target_of(program) + ".txt")))
      all.push_back({program, options});
  return all;
}

/// The claims of a run that ended as it should, and those of them that do not hold; another end is itself what is wrong.
struct Claims {
  std::size_t all = 0;
  std::vector<std::string> failed;
};

Claims claims_of(const Ended& ended, const fs::path& directory) {
  Claims claims;
  if (ended.status > 1) return {0, {ended.output}};
  for (const auto& claim : programs::ledger(directory)["claims"]) {
    ++claims.all;
    if (!claim["holds"].get<bool>()) claims.failed.push_back(claim["id"]);
  }
  return claims;
}

Row row(const Place& place, const Variation& variation) {
  const auto& [program, options] = variation;
  const programs::Scratch scratch;
  const fs::path out = scratch.path / "out";
  const Ended ended =
      run(fmt::format("{} --quick --threads 1 --no-figures --keep-going --out {} {}",
                      shell_word(place.build / "chapters" / program), shell_word(out), options));
  const Claims claims = claims_of(ended, out);
  return {{fmt::format("`{}`", program.substr(program.find('/') + 1)), chapter_of(program),
           fmt::format("`{}`", options), fmt::format("{}", claims.all),
           claims.failed.empty() ? "none" : fmt::format("`{}`", fmt::join(claims.failed, "`, `"))},
          claims.failed.empty()};
}

Verdict vary(const Place& place) {
  const auto variations = all_variations(place);
  Table table{"Options and claims",
              {"Program", "Chapter", "Options", "Claims", "Do not hold"},
              std::vector<Row>(variations.size())};
  on_all_cores(variations.size(), [&](std::size_t i) { table.rows[i] = row(place, variations[i]); });
  std::size_t claims = 0;
  for (const Row& row : table.rows) claims += std::stoul(row.cells[3]);
  const auto passed = std::ranges::count_if(table.rows, &Row::passed);
  return {fmt::format("{} programs ran with {} other choices of options and compared {} claims; in {} runs "
                      "all of them hold.",
                      all_programs().size(), variations.size(), claims, passed),
          {table}};
}

}  // namespace

int main(int argc, char** argv) { return conduct("variations", argc, argv, vary); }
