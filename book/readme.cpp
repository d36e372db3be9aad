#include "readme.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <regex>
#include <stdexcept>

#include "scan.hpp"
#include "text.hpp"

namespace book {
namespace {

std::string sentence(const std::vector<Ledger>& record) {
  std::size_t claims = 0;
  int failing = 0;
  for (const Ledger& ledger : record) {
    claims += ledger.claims.size();
    failing += ledger.failing();
  }
  return fmt::format("In the last full run {} programs made {} claims; {}.", record.size(), claims,
                     failing == 0 ? "all of them hold" : fmt::format("{} of them failed", failing));
}

std::string picture(const std::vector<Ledger>& record, const std::string& program, const std::string& id) {
  const auto ledger = std::ranges::find(record, program, &Ledger::program);
  const Figure* figure = ledger == record.end() ? nullptr : ledger->figure(id);
  if (!figure)
    throw std::invalid_argument{
        fmt::format("README.md shows {} of {}, which is not in the record", id, program)};
  return fmt::format("![{}](figures/{}-{}.svg)", plain_text(figure->caption), program, id);
}

}  // namespace

std::string with_record(const std::string& readme, const std::vector<Ledger>& record) {
  static const std::regex claims("<!-- claims -->"), figure(R"(<!-- figure ([^ ]+) ([^ ]+) -->)");
  auto lines = split_lines(readme);
  std::smatch found;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i)
    if (std::regex_match(lines[i], claims))
      lines[i + 1] = sentence(record);
    else if (std::regex_match(lines[i], found, figure))
      lines[i + 1] = picture(record, found.str(1), found.str(2));
  return fmt::format("{}\n", fmt::join(lines, "\n"));
}

}  // namespace book
