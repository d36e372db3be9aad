#include <fieldbook/training/parameterisation.hpp>

#include <cmath>
#include <stdexcept>

namespace fieldbook {

namespace {

void check(const NetworkShape& shape) {
  if (shape.inputs < 1 || shape.width < 1 || shape.hidden_layers < 1)
    throw std::invalid_argument{"NetworkShape: inputs, width and number of hidden layers must be at least 1"};
}

}  // namespace

Parameterisation ntk_parameterisation(const NetworkShape& shape, double weight_variance,
                                      double bias_variance) {
  check(shape);
  if (!(weight_variance > 0) || !(bias_variance >= 0))
    throw std::invalid_argument{
        "ntk_parameterisation: the weight variance must be positive, the bias variance not negative"};
  Parameterisation result{shape, {}};
  for (int layer = 1; layer <= shape.hidden_layers + 1; ++layer)
    result.layers.push_back({std::sqrt(weight_variance / shape.fan_in(layer)), 1, std::sqrt(bias_variance)});
  return result;
}

Parameterisation abcd_parameterisation(const NetworkShape& shape, const AbcdExponents& exponents,
                                       double gamma0, double activation_gain) {
  check(shape);
  if (!(gamma0 > 0) || !(activation_gain > 0))
    throw std::invalid_argument{"abcd_parameterisation: gamma0 and activation_gain must be positive"};
  const auto power = [&](double exponent) { return std::pow(shape.width, exponent); };
  const double hidden = power(-exponents.a) * activation_gain, deviation = power(-exponents.b / 2);
  Parameterisation result{shape,
                          {{power(-exponents.a1) / std::sqrt(shape.inputs), power(-exponents.b1 / 2), 0}}};
  for (int layer = 2; layer <= shape.hidden_layers; ++layer) result.layers.push_back({hidden, deviation, 0});
  result.layers.push_back({hidden / (gamma0 * power(exponents.d)), deviation, 0});
  return result;
}

double abcd_step(const NetworkShape& shape, const AbcdExponents& exponents, double gamma0, double eta0) {
  return eta0 * gamma0 * gamma0 * std::pow(shape.width, 2 * exponents.d - exponents.c);
}

}  // namespace fieldbook
