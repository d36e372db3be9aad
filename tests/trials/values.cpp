/// Theory beside numbers that no code of Fieldbook made: one row a quantity.

#include <fmt/format.h>

#include "../values/comparison.hpp"
#include "trial.hpp"

namespace {

trials::Verdict values_beside_others(const trials::Place&) {
  trials::Table table{
      "Independent values", {"Quantity", "Source", "Values", "Largest deviation", "Tolerance"}, {}};
  std::size_t numbers = 0;
  for (const auto& comparison : values::all_comparisons()) {
    numbers += comparison.ours.size();
    table.rows.push_back(
        {{comparison.quantity, comparison.source, std::to_string(comparison.ours.size()),
          fmt::format("{:.1e}", comparison.deviation()), fmt::format("{:.1e}", comparison.tolerance)},
         comparison.agrees()});
  }
  return {.summary = fmt::format("{} numbers of {} kinds were compared with literature, arithmetic of 50 "
                                 "digits and other libraries.",
                                 numbers, table.rows.size()),
          .tables = {table}};
}

}  // namespace

int main(int argc, char** argv) { return trials::conduct("values", argc, argv, values_beside_others); }
