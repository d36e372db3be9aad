#pragma once

#include <string>
#include <vector>

#include "ledger.hpp"

namespace book {

/// What a fresh run of a program has that the record of another run of it does not bear out, one line each; empty if the two
/// agree: the same claims and figures, and of each claim a measurement that differs by no more than five joint standard errors
/// plus the tolerance of the claim. For bounds without error both runs only have to hold.
std::vector<std::string> differences(const Ledger& fresh, const Ledger& record);

}  // namespace book
