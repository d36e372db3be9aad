// Input: a ledger.json
#include "ledger.hpp"

#include "../input.hpp"

namespace {

void use(const book::Ledger& ledger) {
  using fuzzing::require;
  for (const auto& claim : ledger.claims) {
    require(ledger.claim(claim.id) != nullptr, "a claim is found by its id");
    claim.deviation();
    claim.limit();
    book::section_before(claim.lecture, ledger.lecture);
  }
  for (const auto& figure : ledger.figures) figure.file(".csv");
  require(ledger.failing_first().size() == ledger.claims.size(), "no claim is lost");
  require(ledger.failing() >= 0, "failing claims are counted");
  require(ledger.replay().starts_with("./fieldbook run "), "a command that makes the run again");
  ledger.peculiarities();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzzing::InputFile file{fuzzing::text(data, size)};
  try {
    use(book::read_ledger(file.path()));
  } catch (const book::LedgerError&) {
  }
  return 0;
}
