#pragma once

#include <fieldbook/estimate.hpp>
#include <fieldbook/report/figure.hpp>

#include <string>
#include <utility>
#include <vector>

namespace fieldbook {

/// Experiment: measured numbers at `x`, each a point with a bar of one standard error up and down.
inline Panel& draw_estimates(Panel& panel, int colour, std::string name, std::vector<double> x,
                             const std::vector<Estimate>& measured) {
  std::vector<double> values, errors;
  for (const Estimate& estimate : measured) {
    values.push_back(estimate.value);
    errors.push_back(estimate.standard_error);
  }
  return panel.points(colour, std::move(name), std::move(x), std::move(values), std::move(errors));
}

}  // namespace fieldbook
