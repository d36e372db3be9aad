#pragma once

#include <Eigen/Core>

#include <functional>
#include <vector>

namespace fieldbook {

/// < f(x_i) f(x_j) ... > of a single neuron at the points of these indices; an index may repeat.
using NeuronMoment = std::function<double(const std::vector<int>&)>;

/// Moments of one output weight, whose odd ones vanish; those of N(0, 1) unless said otherwise.
struct WeightMoments {
  double second = 1;
  double fourth = 3;
  double sixth = 15;
};

/// The moments of the three laws of amplitudes that networks know, by name.
struct NamedAmplitudes {
  const char* name;
  WeightMoments moments;
};
inline constexpr NamedAmplitudes named_amplitudes[] = {
    {"constant", {1, 1, 1}}, {"rayleigh", {1, 2, 6}}, {"gauss", {1, 3, 15}}};

/// N^{n/2 - 1} times the connected function of phi(x) = N^{-1/2} sum_i w_i f_i(x) at the points 0 ... n - 1 for n = 2, 4, 6,
/// with independent neurons: the joint cumulant of one neuron w f, which is
/// sum over partitions into even blocks of (-1)^{l-1} (l-1)! prod over the l blocks B of mu_|B| < prod_B f >.
/// It does not depend on N. std::invalid_argument for another n.
double neuron_cumulant(const NeuronMoment& moment, int n, const WeightMoments& weights = {});

/// The full correlator < phi(x_i) phi(x_j) ... > of a network of that width at the points of these indices (which may repeat, even
/// in number and up to six): sum over partitions into even blocks of N (N - 1) ... (N - l + 1) N^{-n/2} times the product over the
/// l blocks B of mu_|B| < prod_B f >. Exact for every N. std::invalid_argument for another number of points or a width below 1.
double network_moment(const NeuronMoment& moment, const std::vector<int>& points, int width,
                      const WeightMoments& weights = {});

/// The sum over all pairings of the points 0 ... n - 1 of the product of the F_ab: Wick's theorem for unit weights.
double wick_sum(const NeuronMoment& moment, int n);

/// Gauss-net, f(x) = exp(w.x - s |x|^2) with w_k ~ N(0, s): < f_1 ... f_k > = exp(s |sum x|^2 / 2 - s sum |x|^2). Points are the
/// columns of `points`.
NeuronMoment gauss_net_moment(double variance, Eigen::MatrixXd points);

/// < cos(k B) > of the phase B of a Cos-net; its < sin(k B) > must vanish for even k.
using PhaseCharacter = double (*)(int k);

/// B uniform on [-pi, pi]: one for k = 0, else zero.
double uniform_phase(int k);

/// Cos-net, f(x) = sqrt(2) cos(w.x + B) with w_k ~ N(0, s): 2^{-k/2} sum over signs e of < cos(B sum e) >
/// exp(-s |e.x|^2 / 2), for an even number of points.
NeuronMoment cos_net_moment(double variance, Eigen::MatrixXd points, PhaseCharacter phase = uniform_phase);

}  // namespace fieldbook
