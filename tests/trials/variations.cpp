/// Other widths, activations, depths, variances and points than the defaults: predictions must follow, and all claims hold. The
/// test suite tries the first two of these lines of options for every program.

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
  const auto ledger = programs::ledger(directory);
  for (const auto& claim : ledger["claims"]) {
    ++claims.all;
    if (!claim["holds"].get<bool>()) claims.failed.push_back(claim["id"]);
  }
  return claims;
}

Claims compared(const Place& place, const Variation& variation) {
  const programs::Scratch scratch;
  const fs::path out = scratch.path / "out";
  const Ended ended = run(fmt::format("{} --quick --threads 1 --no-figures --keep-going --out {} {}",
                                      shell_word(place.build / "chapters" / variation.program),
                                      shell_word(out), variation.options));
  return claims_of(ended, out);
}

Row row(const Variation& variation, const Claims& claims) {
  const auto& [program, options] = variation;
  return {{fmt::format("`{}`", program.substr(program.find('/') + 1)), chapter_of(program),
           fmt::format("`{}`", options), fmt::format("{}", claims.all),
           claims.failed.empty() ? "none" : fmt::format("`{}`", fmt::join(claims.failed, "`, `"))},
          claims.failed.empty()};
}

Verdict vary(const Place& place) {
  const auto variations = all_variations(place);
  std::vector<Claims> claims(variations.size());
  on_all_cores(variations.size(), [&](std::size_t i) { claims[i] = compared(place, variations[i]); });
  Table table{"Options and claims", {"Program", "Chapter", "Options", "Claims", "Do not hold"}, {}};
  std::size_t all = 0;
  for (std::size_t i = 0; i < variations.size(); ++i) {
    table.rows.push_back(row(variations[i], claims[i]));
    all += claims[i].all;
  }
  const auto passed = std::ranges::count_if(table.rows, &Row::passed);
  return {fmt::format(
              "{} programs ran with {} other choices of options and compared {} claims; in {} runs all of "
              "them hold.",
              all_programs().size(), variations.size(), all, passed),
          {table},
          all > 0};
}

}  // namespace

int main(int argc, char** argv) { return conduct("variations", argc, argv, vary); }
