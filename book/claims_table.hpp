#pragma once

#include <string>
#include <vector>

#include "ledger.hpp"

namespace book {

/// The ledgers that a name or a section of the lectures means: "statistics/nngp", "nngp", "statistics", "3.1", "3";
/// a section keeps only its claims. An empty selection is everything.
std::vector<Ledger> selected(const std::vector<Ledger>& ledgers, const std::string& selection);

/// What can be selected: programs and lecture sections.
std::vector<std::string> selections(const std::vector<Ledger>& ledgers);

/// The claims as a table for a terminal, what fails on top, with a summary and the commands that replay failures.
std::string plain_claims(const std::vector<Ledger>& ledgers, bool failing_only);

}  // namespace book
