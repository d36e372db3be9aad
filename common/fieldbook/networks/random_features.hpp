#pragma once

#include <fieldbook/random/stream.hpp>

#include <Eigen/Core>

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace fieldbook {

/// Gauss-net: f(x) = exp(w.x - s |x|^2), w_k ~ N(0, s).
struct GaussFeatures {
  double variance;  ///< s, per component
};

/// The law of the phase c of a Cos-net.
enum class PhaseLaw {
  full,     ///< uniform on [-pi, pi)
  half,     ///< uniform on [-pi/2, pi/2)
  two,      ///< 0 or pi/2 with probability 1/2 each
  quarter,  ///< uniform on [-pi/4, pi/4)
};

/// The law of the components of a momentum, independent and of mean zero.
enum class MomentumLaw {
  gaussian,
  uniform,  ///< on [-sqrt(3 s), sqrt(3 s)], of the same variance s
};

/// Cos-net: f(x) = sqrt(2) cos(w.x + c), w_k of variance s; N(0, s) and c uniform on [-pi, pi) unless said otherwise.
struct CosFeatures {
  double variance;  ///< s, per component
  PhaseLaw phases = PhaseLaw::full;
  MomentumLaw momenta = MomentumLaw::gaussian;
};

/// Scalar-net, for d = 1, 2, 3: momenta in the ball |b| < Lambda of density proportional to (b^2 + m^2)^{-1-alpha}, and
/// f(x) = sqrt(2 Z) (b^2 + m^2)^{alpha/2} cos(b.x + c), c uniform on [-pi, pi), Z = int d^db / (2 pi)^d (b^2 + m^2)^{-1-alpha} over the
/// ball. alpha = -1 is the net of the lectures, of uniform momenta; alpha = 0 draws them as the propagator does.
struct ScalarFeatures {
  double mass;
  double cutoff;  ///< Lambda
  double alpha = -1;
};

/// The same free theory on the line without a cutoff: f(x) = sqrt(2 / (2 m)) cos(b x + c), b of the Cauchy law of scale m.
struct CauchyFeatures {
  double mass;
};

/// A line of theories with the same free part, again in one dimension without a cutoff: momenta of density proportional to
/// (b^2 + m^2)^{-(1-t)}, f(x) = sqrt(2) A(b) cos(b x + c) with A^2 proportional to (b^2 + m^2)^{-t} and < A^2 > = 1 / (2 m). t = 0 is
/// CauchyFeatures. 0 <= t <= 0.44: beyond, momenta would overflow. They are large: use Real = double.
struct PowerFeatures {
  double mass;
  double t;
};

using FeatureLaw = std::variant<GaussFeatures, CosFeatures, ScalarFeatures, CauchyFeatures, PowerFeatures>;

/// Random-feature networks phi(x) = N^{-1/2} sum_i a_i f_i(x) in d dimensions with a_i ~ N(0, 1) and independent features
/// f_i of one law (Halverson, Maiti and Stoner, arXiv:2008.08601). Two-point functions at every N: exp(-s|x-y|^2/2) for
/// Gauss- and Cos-net; the propagator of mass m with momenta below the cutoff for Scalar-net.
///
/// Network number n is a function of (seed, name, n). Real is float (for ensembles) or double. Not safe to share between
/// threads: every thread makes its own. std::invalid_argument for a width, dimension or law that makes no sense.
template <class Real = float>
class RandomFeatures {
 public:
  RandomFeatures(FeatureLaw law, int dimension, int width, std::uint64_t seed, const std::string& name);

  /// f_i(x) of network `draw` at the points x (one a column, d rows): N values for the first point, then for the second.
  std::span<const Real> features(std::uint64_t draw, const Eigen::MatrixXd& x);

  /// The factors of the cosines of the network that was drawn last; ones for Gauss-net.
  std::span<const Real> amplitudes() const { return amplitude_; }

  /// phi(x) of network `draw` at the points x.
  std::vector<double> outputs(std::uint64_t draw, const Eigen::MatrixXd& x);

  /// The same with all a_i = 1: N^{-1/2} sum_i f_i(x).
  std::vector<double> plain_outputs(std::uint64_t draw, const Eigen::MatrixXd& x);

 private:
  std::vector<double> weighted_outputs(std::uint64_t draw, const Eigen::MatrixXd& x);
  void draw_hidden(std::uint64_t draw);
  void features_at(const double* x, std::span<Real> row) const;
  void draw_in_ball(std::uint64_t draw, const ScalarFeatures& law);
  void draw_power_law(std::uint64_t draw, const PowerFeatures& law);
  void draw_phases(std::uint64_t draw);
  void tabulate_radii(const ScalarFeatures& law);
  double asinh_of_radius(double u) const;

  FeatureLaw law_;
  std::size_t dimension_;
  std::size_t width_;
  Stream momenta_, radii_, phases_, output_weights_;
  std::vector<Real> w_;          ///< momenta: the first components of all neurons, then the second, ...
  std::vector<Real> phase_;      ///< empty for Gauss-net
  std::vector<Real> amplitude_;  ///< of every neuron
  std::vector<Real> a_, features_;
  std::vector<double> cumulative_;  ///< of asinh(|b| / m) at multiples of radius_step_, for ScalarFeatures
  double radius_step_ = 0;
  double normalisation_ = 0;  ///< Z
};

extern template class RandomFeatures<float>;
extern template class RandomFeatures<double>;

}  // namespace fieldbook
