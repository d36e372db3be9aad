#include "numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "text.hpp"

namespace book {
namespace {

const std::string kMinus = "\u2212";

int order(double value) { return value == 0 ? 0 : static_cast<int>(std::floor(std::log10(std::abs(value)))); }

/// A standard error as an integer number of units 10^unit.
struct RoundedError {
  int count, unit;
};

RoundedError round_error(double error) {
  const int top = order(error);
  const bool leading_one = error / std::pow(10, top) < 1.95;
  const int unit = leading_one ? top - 1 : top;
  return {static_cast<int>(std::lround(error / std::pow(10, unit))), unit};
}

std::string with_typographic_minus(const std::string& text) { return replace_all(text, "-", kMinus); }

}  // namespace

std::string Number::plain() const {
  return exponent ? fmt::format("{}e{:+03}", mantissa, *exponent) : mantissa;
}

std::string Number::html() const {
  const std::string body = with_typographic_minus(escape_html(mantissa));
  if (!exponent) return body;
  return fmt::format("{}×10<sup>{}</sup>", body, with_typographic_minus(std::to_string(*exponent)));
}

Number significant(double value, int digits) {
  if (!std::isfinite(value)) return {"NaN", {}};
  const std::string shortest = fmt::format("{:.{}g}", value, digits);
  const auto e = shortest.find('e');
  if (e == std::string::npos) return {shortest, {}};
  return {shortest.substr(0, e), std::atoi(shortest.c_str() + e + 1)};
}

Number rounded(double value, std::optional<double> error) {
  if (!std::isfinite(value)) return {"NaN", {}};
  if (!error || !std::isfinite(*error) || *error <= 0) return significant(value, 6);
  const auto [count, unit] = round_error(*error);
  const int top = std::max(order(value), order(*error));
  if (top >= -4 && top <= 5 && unit <= 0) return {fmt::format("{:.{}f}({})", value, -unit, count), {}};
  return {fmt::format("{:.{}f}({})", value / std::pow(10, top), top - unit, count), top};
}

Number predicted(const Claim& claim) {
  Number number = significant(claim.predicted, 6);
  if (const auto error = claim.standard_error;
      error && *error > 0 && std::isfinite(*error) && claim.predicted != 0) {
    const int digits = order(claim.predicted) - round_error(*error).unit + 2;
    number = significant(claim.predicted, std::clamp(digits, 3, 12));
  }
  return number;
}

std::string side(const Claim& claim) {
  if (claim.kind != "bound") return "";
  return claim.side == "below" ? "≤ " : "≥ ";
}

Number measured(const Claim& claim) { return rounded(claim.measured, claim.standard_error); }

Criterion criterion(const Claim& claim) {
  const auto both = [](auto&& form) {
    return Criterion{form([](const Number& n) { return n.plain(); }),
                     with_typographic_minus(form([](const Number& n) { return n.html(); }))};
  };
  if (claim.kind == "statistical") {
    if (!claim.z) return {"z = NaN", "<i>z</i> = NaN"};
    return {fmt::format("z = {:+.2f}", *claim.z),
            with_typographic_minus(fmt::format("<i>z</i> = {:+.2f}", *claim.z))};
  }
  if (claim.kind == "bound") {
    const double margin =
        claim.side == "below" ? claim.predicted - claim.measured : claim.measured - claim.predicted;
    return both([&](auto text) { return "margin " + text(significant(margin, 2)); });
  }
  return both([&](auto text) {
    return fmt::format("{} {} {} {}", claim.relative ? "|Δ|/|p|" : "|Δ|",
                       text(significant(claim.deviation(), 2)),
                       claim.deviation() <= claim.limit() ? "≤" : ">", text(significant(claim.limit(), 2)));
  });
}

}  // namespace book
