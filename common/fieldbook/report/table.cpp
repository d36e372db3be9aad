#include <fieldbook/report/table.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace fieldbook {

using nlohmann::ordered_json;

namespace {

/// Characters, not bytes: continuation bytes of UTF-8 take no room.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char c) { return (c & 0xC0) != 0x80; }));
}

/// The last column: by how much the measurement is off, in the measure that decides.
std::string distance(const ordered_json& claim) {
  const std::string kind = claim["kind"];
  if (kind == "statistical")
    return claim["z"].is_null() ? "z undefined" : fmt::format("z {:+.2f}", claim["z"].get<double>());
  if (kind == "bound") return claim["side"] == "below" ? "at most" : "at least";
  return fmt::format("tol {:.2g}{}", claim["tolerance"].get<double>(),
                     claim["relative"].get<bool>() ? " rel" : "");
}

std::vector<std::string> row(const ordered_json& claim) {
  return {claim["holds"].get<bool>() ? "holds" : "FAILS",
          claim["ref"],
          claim["id"],
          rounded(claim["predicted"], nullptr),
          rounded(claim["measured"], claim["standard_error"]),
          distance(claim)};
}

}  // namespace

std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
  }
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += row[i] + std::string(i + 1 < row.size() ? widths[i] - width_of(row[i]) + 2 : 0, ' ');
    text += line + '\n';
  }
  return text;
}

std::string rounded(const ordered_json& value, const ordered_json& standard_error) {
  if (value.is_null()) return "nan";
  const double number = value.get<double>();
  const double error = standard_error.is_null() ? 0 : standard_error.get<double>();
  if (!(error > 0)) return fmt::format("{:.7g}", number);

  // Show the error with two digits if it starts with 1 or 2, with one otherwise
  const int exponent = static_cast<int>(std::floor(std::log10(error)));
  const int digits = error < 3 * std::pow(10.0, exponent) ? 1 - exponent : -exponent;
  if (digits > 12 || digits < 0) return fmt::format("{:.4g} ± {:.2g}", number, error);
  return fmt::format("{:.{}f}({:.0f})", number, digits, std::ceil(error * std::pow(10.0, digits) - 1e-9));
}

std::string claims_table(const ordered_json& ledger) {
  std::vector<ordered_json> claims = ledger["claims"];
  std::stable_sort(claims.begin(), claims.end(), [](const ordered_json& a, const ordered_json& b) {
    return a["holds"].get<bool>() < b["holds"].get<bool>();
  });

  std::vector<std::vector<std::string>> rows{{"", "ref", "claim", "predicted", "measured", "decided by"}};
  for (const ordered_json& claim : claims) rows.push_back(row(claim));
  std::string text = claims.empty() ? "" : aligned(rows);

  if (const ordered_json& sum = ledger["chi_square"]; !sum.is_null())
    text += fmt::format("χ² of the independent claims: {:.1f} for {} degrees of freedom, p = {:.3f}\n",
                        sum["value"].get<double>(), sum["degrees"].get<int>(), sum["p"].get<double>());
  for (const ordered_json& left_out : ledger["left_out"])
    text += fmt::format("left out: {} {}: {}\n", left_out["ref"].get<std::string>(),
                        left_out["id"].get<std::string>(), left_out["reason"].get<std::string>());
  return text;
}

std::string verdict(std::size_t claims, std::size_t failing) {
  if (claims == 0) return "no claims";
  if (failing == 0) return fmt::format("{} claim{}: all hold", claims, claims == 1 ? "" : "s");
  return fmt::format("{} of {} claims fail", failing, claims);
}

}  // namespace fieldbook
