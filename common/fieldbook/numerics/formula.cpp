#include <fieldbook/numerics/formula.hpp>

#include <muParser.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace fieldbook {

namespace {
constexpr int most_variables = 9;
}

struct Formula::Parser {
  mu::Parser parser;
  std::array<double, most_variables> x{};
};

Formula::Formula(const std::string& text) : parser_{std::make_unique<Parser>()} {
  auto& [parser, x] = *parser_;
  try {
    parser.DefineConst("pi", std::numbers::pi);
    parser.DefineFun("log", [](double at) { return std::log(at); });
    for (int i = 0; i < most_variables; ++i) parser.DefineVar("x" + std::to_string(i + 1), &x[i]);
    parser.DefineVar("x", &x[0]);
    parser.DefineVar("y", &x[1]);
    parser.SetExpr(text);
    parser.Eval();  // first, since it refuses names without a place among the variables
    for (const auto& [name, place] : parser.GetUsedVar())
      variables_ = std::max(variables_, static_cast<int>(place - x.data()) + 1);
    if (parser.GetNumResults() != 1) throw std::invalid_argument{"one formula, not several"};
  } catch (const mu::Parser::exception_type& error) {
    throw std::invalid_argument{error.GetMsg()};
  }
}

Formula::Formula(Formula&&) noexcept = default;
Formula::~Formula() = default;

double Formula::operator()(std::span<const double> x) const {
  if (x.size() < static_cast<std::size_t>(variables_))
    throw std::invalid_argument{"the formula has more variables than there are numbers"};
  std::copy_n(x.begin(), std::min(x.size(), parser_->x.size()), parser_->x.begin());
  try {
    return parser_->parser.Eval();
  } catch (const mu::Parser::exception_type& error) {
    throw std::invalid_argument{error.GetMsg()};
  }
}

}  // namespace fieldbook
