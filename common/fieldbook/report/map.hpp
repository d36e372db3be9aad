#pragma once

#include <fieldbook/report/figure.hpp>

#include <Eigen/Core>

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace fieldbook {

/// A function f(x_1, x_2) on the square [low, high]^2 as colours, taken at the centres of `points` x `points` cells. The colours span the
/// range of this function alone.
inline Panel map_of(std::string title, double low, double high,
                    const std::function<double(double, double)>& f, Eigen::Index points = 64) {
  std::vector<double> x;
  for (Eigen::Index i = 0; i < points; ++i)
    x.push_back(low + (high - low) * (static_cast<double>(i) + 0.5) / static_cast<double>(points));
  Eigen::MatrixXd values(points, points);
  for (Eigen::Index i = 0; i < points; ++i)
    for (Eigen::Index j = 0; j < points; ++j)
      values(i, j) = f(x[static_cast<std::size_t>(j)], x[static_cast<std::size_t>(i)]);
  Panel panel{std::move(title)};
  panel.x_axis({"x_1", false, low, high})
      .y_axis({"x_2", false, low, high})
      .legend("off")
      .heat_map("", x, x, values);
  return panel;
}

}  // namespace fieldbook
