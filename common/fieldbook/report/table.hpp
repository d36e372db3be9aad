#pragma once

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fieldbook {

/// Plain text in columns: the first row is the heading; every column is as wide as its widest cell (in characters).
std::string aligned(const std::vector<std::vector<std::string>>& rows);

/// A number with its standard error in the form 0.3179(2): the error, rounded up to two digits, in units of the last
/// digit shown. Without an error, seven significant digits. "nan" for null.
std::string rounded(const nlohmann::ordered_json& value, const nlohmann::ordered_json& standard_error);

/// The table of claims of one ledger, what fails on top, then the chi-square of its independent claims and what was
/// left out.
std::string claims_table(const nlohmann::ordered_json& ledger);

/// "96 claims: all hold", or how many fail.
std::string verdict(std::size_t claims, std::size_t failing);

}  // namespace fieldbook
