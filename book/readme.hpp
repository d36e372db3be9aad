#pragma once

#include <string>
#include <vector>

#include "ledger.hpp"

namespace book {

/// The text of a README with what the record says filled in: the line below `<!-- claims -->` becomes a sentence with the numbers
/// of claims and programs, the line below `<!-- figure chapter/program id -->` that picture in figures/ with its caption as text.
/// std::invalid_argument for a figure that is not in the record.
std::string with_record(const std::string& readme, const std::vector<Ledger>& record);

}  // namespace book
