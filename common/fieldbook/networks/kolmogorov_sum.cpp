#include <fieldbook/networks/kolmogorov_sum.hpp>
#include <fieldbook/numerics/integer_power.hpp>

#include <stdexcept>

namespace fieldbook {

KolmogorovSum::KolmogorovSum(int gamma, int shifts, int stages, std::vector<Function> functions)
    : squares_{gamma, shifts}, functions_{std::move(functions)} {
  if (stages < 1 || stages > 3) throw std::invalid_argument{"KolmogorovSum: needs one to three stages"};
  if (functions_.empty() || functions_.size() > 8)
    throw std::invalid_argument{"KolmogorovSum: needs one to eight functions"};
  for (int r = 1; r <= stages; ++r) {
    plateaus_.emplace_back(squares_, r);
    cells_.push_back(integer_power<std::int64_t>(gamma, r));
  }
  for (int r = 1; r < stages; ++r) {
    const std::int64_t n = cells_[static_cast<std::size_t>(r - 1)];
    Eigen::MatrixXd table(static_cast<Eigen::Index>(functions_.size()), (shifts + 1) * n * n);
    for (Eigen::Index column = 0; column < table.cols(); ++column)
      table.col(column) =
          on_plateau(r, static_cast<int>(column / (n * n)), column / n % n, column % n).matrix();
    tables_.push_back(std::move(table));
  }
}

KolmogorovSum::Values KolmogorovSum::left(const KoppenPoint& point, int r) const {
  Values values(static_cast<Eigen::Index>(functions_.size()));
  const double x = squares_.coordinate(point.one), y = squares_.coordinate(point.two);
  for (Eigen::Index i = 0; i < values.size(); ++i) values[i] = functions_[static_cast<std::size_t>(i)](x, y);
  if (r == 0) return values;
  for (int q = 0; q <= squares_.shifts(); ++q) {
    const Fixed argument = squares_.argument(point.one, point.two, q);
    for (int s = 1; s <= r; ++s) values -= outer(s, q, argument);
  }
  return values;
}

KolmogorovSum::Values KolmogorovSum::outer(int r, int q, Fixed argument) const {
  const auto reach = plateaus_.at(static_cast<std::size_t>(r - 1)).at(argument);
  if (reach.weight == 0) return Values::Zero(static_cast<Eigen::Index>(functions_.size()));
  return reach.weight * on_plateau(r, q, reach.first, reach.second);
}

KolmogorovSum::Values KolmogorovSum::on_plateau(int r, int q, std::int64_t i, std::int64_t j) const {
  const auto stage = static_cast<std::size_t>(r - 1);
  if (stage < tables_.size()) return tables_[stage].col((q * cells_[stage] + i) * cells_[stage] + j).array();
  return left(centre(r, q, i, j), r - 1) / (squares_.shifts() + 1);
}

}  // namespace fieldbook
