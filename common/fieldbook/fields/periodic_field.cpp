#include <fieldbook/fields/periodic_field.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <memory>
#include <numbers>
#include <stdexcept>

namespace fieldbook {

namespace {

using std::numbers::pi;

/// sum_k weight[k] cos(2 pi k.x / M) for all x.
Eigen::VectorXd cosine_sums(int dimension, int side, const Eigen::VectorXd& weight) {
  std::vector<double> cosine;
  for (int turns = 0; turns < side; ++turns) cosine.push_back(std::cos(2 * pi * turns / side));
  const auto sites = static_cast<int>(weight.size());
  Eigen::VectorXd sums = Eigen::VectorXd::Zero(sites);
  for (int x = 0; x < sites; ++x)
    for (int k = 0; k < sites; ++k) {
      const int turns = dimension == 1 ? k * x : k % side * (x % side) + k / side * (x / side);
      sums[x] += weight[k] * cosine[static_cast<std::size_t>(turns % side)];
    }
  return sums;
}

}  // namespace

PeriodicField circle_field(double mass, double length, int sites) {
  if (!(mass > 0) || !(length > 0) || sites < 2)
    throw std::invalid_argument{"circle_field: needs a positive mass and length, and at least 2 sites"};
  PeriodicField field{1, sites, length / sites, Eigen::VectorXd(sites), {}};
  for (int j = 0; j < sites; ++j) {
    // cosh(m (T/2 - t)) / sinh(m T/2) without overflow
    const double t = j * field.cell;
    field.propagator[j] =
        (std::exp(-mass * t) + std::exp(-mass * (length - t))) / (-2 * mass * std::expm1(-mass * length));
  }
  field.spectrum = cosine_sums(1, sites, field.propagator) / sites;
  field.spectrum = field.spectrum.cwiseMax(0);
  return field;
}

PeriodicField torus_field(double mass_squared, int sites_per_direction) {
  const int side = sites_per_direction;
  if (!(mass_squared > 0) || side < 2)
    throw std::invalid_argument{"torus_field: needs a positive mass squared and at least 2 sites"};
  PeriodicField field{2, side, 1, {}, Eigen::VectorXd(side * side)};
  for (int k = 0; k < side * side; ++k) {
    const double s1 = std::sin(pi * (k % side) / side), s2 = std::sin(pi * (k / side) / side);
    field.spectrum[k] = 1 / (mass_squared + 4 * s1 * s1 + 4 * s2 * s2) / (side * side);
  }
  field.propagator = cosine_sums(2, side, field.spectrum);
  return field;
}

NeuronMoment periodic_wave_moment(const PeriodicField& field, double alpha, std::vector<int> at) {
  const int side = field.sites_per_direction;
  const Eigen::VectorXd& power = field.spectrum;
  const Eigen::VectorXd weight =
      power.unaryExpr([alpha](double p) { return p > 0 ? std::pow(p, 1 + alpha) : 0; });
  const Eigen::VectorXd probability = weight / weight.sum();
  const Eigen::VectorXd square =
      power.binaryExpr(probability, [](double power_k, double p) { return p > 0 ? 2 * power_k / p : 0; });
  // Moments of two, four and six points see the momenta through these three functions of one site
  const auto functions = std::make_shared<std::vector<Eigen::VectorXd>>();
  Eigen::VectorXd weighted = probability;
  for (int half = 1; half <= 3; ++half) {
    weighted = weighted.cwiseProduct(square);
    functions->push_back(cosine_sums(field.dimension, side, weighted));
  }
  return [functions, side, at = std::move(at)](const std::vector<int>& indices) {
    const auto n = static_cast<unsigned>(indices.size());
    if (n % 2 != 0) return 0.;
    if (n == 0) return 1.;
    if (n > 6) throw std::invalid_argument{"periodic_wave_moment: six points at most"};
    const Eigen::VectorXd& function = (*functions)[n / 2 - 1];
    double sum = 0;
    for (unsigned signs = 0; signs < (1u << n); ++signs) {
      if (2 * static_cast<unsigned>(std::popcount(signs)) != n) continue;
      int first = 0, second = 0;
      for (unsigned i = 0; i < n; ++i) {
        const int sign = (signs >> i & 1u) != 0 ? 1 : -1, x = at.at(static_cast<std::size_t>(indices[i]));
        first += sign * (x % side);
        second += sign * (x / side);
      }
      first = (first % side + side) % side;
      second = (second % side + side) % side;
      sum += function[first + side * second];
    }
    return sum / std::pow(2, n);
  };
}

double two_point_slope(const PeriodicField& field, double alpha, int x, int width,
                       const WeightMoments& weights) {
  const auto sites = static_cast<int>(field.propagator.size());
  std::vector<int> at(static_cast<std::size_t>(sites));
  for (int y = 0; y < sites; ++y) at[static_cast<std::size_t>(y)] = y;
  const NeuronMoment moment = periodic_wave_moment(field, alpha, at);
  const double pair = network_moment(moment, {0, x}, width, weights),
               fourth = network_moment(moment, {0, 0, 0, 0}, width, weights);
  double sum = 0;
  for (int y = 0; y < sites; ++y)
    sum += network_moment(moment, {0, x, y, y, y, y}, width, weights) - pair * fourth;
  return -field.cell / 24 * sum;
}

double two_point_slope_by_cumulants(const PeriodicField& field, double alpha, int x, int width,
                                    const WeightMoments& weights) {
  const int side = field.sites_per_direction;
  const auto sites = static_cast<int>(field.propagator.size());
  Eigen::VectorXd probability =
      field.spectrum.unaryExpr([alpha](double g) { return g > 0 ? std::pow(g, 1 + alpha) : 0; });
  probability /= probability.sum();
  const auto turns = [&](int k, int at) {
    return field.dimension == 1 ? k * at % side : (k % side * (at % side) + k / side * (at / side)) % side;
  };
  const double mu[] = {1, 0, weights.second, 0, weights.fourth, 0, weights.sixth};
  double sum = 0;
  for (int y = 0; y < sites; ++y) {
    // < f_0^i f_x^j f_y^k > for the combinations below
    double m0xyy = 0, m0yyy = 0, mxyyy = 0, myyyy = 0, m0xyyyy = 0;
    for (int k = 0; k < sites; ++k) {
      if (probability[k] == 0) continue;
      const double amplitude = std::sqrt(2 * field.spectrum[k] / probability[k]);
      for (int phase = 0; phase < 8; ++phase) {
        const auto wave = [&](int at) {
          return amplitude * std::cos(2 * pi * turns(k, at) / side + pi * phase / 4);
        };
        const double f0 = wave(0), fx = wave(x), fy = wave(y), w = probability[k] / 8;
        m0xyy += w * mu[4] * f0 * fx * fy * fy;
        m0yyy += w * mu[4] * f0 * fy * fy * fy;
        mxyyy += w * mu[4] * fx * fy * fy * fy;
        myyyy += w * mu[4] * fy * fy * fy * fy;
        m0xyyyy += w * mu[6] * f0 * fx * fy * fy * fy * fy;
      }
    }
    const auto distance = [&](int a, int b) {
      const int first = (a % side - b % side + side) % side, second = (a / side - b / side + side) % side;
      return first + side * second;
    };
    const double g = field.propagator[0], g0x = field.propagator[x], g0y = field.propagator[y],
                 gxy = field.propagator[distance(x, y)];
    const double k0xyy = m0xyy - g0x * g - 2 * g0y * gxy, k0yyy = m0yyy - 3 * g0y * g,
                 kxyyy = mxyyy - 3 * gxy * g, kyyyy = myyyy - 3 * g * g;
    // Fifteen terms with a cumulant of four points and a pair, fifteen with three pairs
    const double k6 = m0xyyyy - (g0x * kyyyy + 4 * g0y * kxyyy + 4 * gxy * k0yyy + 6 * g * k0xyy) -
                      (3 * g0x * g * g + 12 * g0y * gxy * g);
    sum +=
        12 * g0y * gxy * g + (6 * g * k0xyy + 4 * g0y * kxyyy + 4 * gxy * k0yyy) / width + k6 / width / width;
  }
  return -field.cell / 24 * sum;
}

double two_point_slope(const PeriodicField& field, int x) {
  // The convolution of the propagator with itself has the squares of its weights
  const auto sites = static_cast<double>(field.propagator.size());
  const Eigen::VectorXd convolution =
      cosine_sums(field.dimension, field.sites_per_direction, sites * field.spectrum.cwiseAbs2());
  return -field.cell / 2 * field.propagator[0] * convolution[x];
}

}  // namespace fieldbook
