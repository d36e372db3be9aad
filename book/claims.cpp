/// claims [--failing] [--record DIRECTORY] [NAME | SECTION]
///
/// Prints the claims of the last runs, what fails on top. Exit status: 0 all hold, 1 some fail, 2 bad argument,
/// 3 no ledger or a damaged one.

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <exception>
#include <iostream>

#include "claims_table.hpp"

namespace {

struct Arguments {
  bool failing_only = false, help = false;
  std::string record = FIELDBOOK_RECORD, selection;
};

struct BadArgument : std::runtime_error {
  using runtime_error::runtime_error;
};

constexpr auto kUsage = "claims [--failing] [--record DIRECTORY] [NAME | SECTION]";

Arguments parse(int argc, char** argv) {
  Arguments arguments;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--failing")
      arguments.failing_only = true;
    else if (word == "--help")
      arguments.help = true;
    else if (word == "--record" && i + 1 < argc)
      arguments.record = argv[++i];
    else if (word.starts_with("-"))
      throw BadArgument(fmt::format("bad option \"{}\": {}", word, kUsage));
    else if (!arguments.selection.empty())
      throw BadArgument(fmt::format("more than one name, \"{}\": {}", word, kUsage));
    else
      arguments.selection = word;
  }
  return arguments;
}

std::vector<book::Ledger> select(const std::vector<book::Ledger>& ledgers, const std::string& selection) {
  auto chosen = book::selected(ledgers, selection);
  if (chosen.empty())
    throw BadArgument(fmt::format("no program or lecture section is called \"{}\"; there are {}", selection,
                                  fmt::join(book::selections(ledgers), ", ")));
  return chosen;
}

}  // namespace

int main(int argc, char** argv) try {
  const Arguments arguments = parse(argc, argv);
  if (arguments.help) return std::cout << "usage: " << kUsage << '\n', 0;
  const auto ledgers = select(book::read_ledgers(arguments.record), arguments.selection);
  std::cout << book::plain_claims(ledgers, arguments.failing_only) << std::flush;
  if (!std::cout) throw std::runtime_error("cannot write the table to the standard output");
  return std::ranges::any_of(ledgers, [](const auto& ledger) { return ledger.failing() > 0; }) ? 1 : 0;
} catch (const BadArgument& error) {
  std::cerr << "claims: " << error.what() << '\n';
  return 2;
} catch (const std::exception& error) {
  std::cerr << "claims: " << error.what() << '\n';
  return 3;
}
