#pragma once

#include <vector>

namespace fieldbook {

/// The sizes of a fully connected network with one output.
struct NetworkShape {
  int inputs;         ///< D
  int width;          ///< N, of every hidden layer
  int hidden_layers;  ///< L

  /// The number of values that enter layer l = 1 ... L + 1.
  int fan_in(int layer) const { return layer == 1 ? inputs : width; }
  /// The number of values that leave it.
  int fan_out(int layer) const { return layer == hidden_layers + 1 ? 1 : width; }
};

/// Layer l maps the values a before it to z = weight_multiplier W a + bias_multiplier b, where W has independent entries
/// N(0, weight_deviation^2) and b has entries N(0, 1). A layer whose bias multiplier is 0 has no biases.
struct LayerScales {
  double weight_multiplier;
  double weight_deviation;
  double bias_multiplier;
};

/// Where the powers of N and the sigmas stand: a shape and the scales of its layers 1 ... L + 1.
struct Parameterisation {
  NetworkShape shape;
  std::vector<LayerScales> layers;
};

/// The NTK parameterisation, all parameters N(0, 1):
/// z^1 = sqrt(weight_variance/D) W^1 x + sqrt(bias_variance) b^1,
/// z^{l+1} = sqrt(weight_variance/N) W^{l+1} sigma(z^l) + sqrt(bias_variance) b^{l+1}, f = z^{L+1}
/// (Jacot, Gabriel, Hongler 2018; the normalisation of arXiv:2408.00082, section 4).
///
/// std::invalid_argument unless D, N, L >= 1, weight_variance > 0 and bias_variance >= 0.
Parameterisation ntk_parameterisation(const NetworkShape& shape, double weight_variance,
                                      double bias_variance);

/// The powers of the width in the abcd parameterisation.
struct AbcdExponents {
  double a1, b1, a, b, c, d;

  /// The named points. The two forms of mu-P have the same functions of time.
  static constexpr AbcdExponents ntk() { return {0, 0, 0.5, 0, 0, 0}; }
  static constexpr AbcdExponents mup(double c) { return {-c / 2, c, (1 - c) / 2, c, c, 0.5}; }
  static constexpr AbcdExponents standard() { return {0, 0, 0, 1, 0, 0}; }
  /// Standard, with a step that is tuned to the width: eta/N.
  static constexpr AbcdExponents standard_small_step() { return {0, 0, 0, 1, 1, 0}; }
};

/// The abcd parameterisation, without biases:
/// h^1 = N^{-a1} W^1 x/sqrt D, h^{l+1} = N^{-a} W^{l+1} g sigma(h^l), f = N^{-a} W^{L+1} g sigma(h^L)/(gamma0 N^d),
/// W^1 ~ N(0, N^{-b1}), W^l ~ N(0, N^{-b}), with g = activation_gain (sqrt 2 for the activation sqrt 2 ReLU)
/// (Yang and Hu 2021; with gamma0 and d as Bordelon and Pehlevan 2022).
///
/// std::invalid_argument unless D, N, L >= 1 and gamma0, activation_gain > 0.
Parameterisation abcd_parameterisation(const NetworkShape& shape, const AbcdExponents& exponents,
                                       double gamma0, double activation_gain = 1);

/// The step of gradient descent in the abcd parameterisation, for all layers: eta0 gamma0^2 N^{2d-c}.
double abcd_step(const NetworkShape& shape, const AbcdExponents& exponents, double gamma0, double eta0);

}  // namespace fieldbook
