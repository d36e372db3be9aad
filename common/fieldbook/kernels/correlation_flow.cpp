#include <fieldbook/kernels/correlation_flow.hpp>
#include <fieldbook/kernels/dual_activation.hpp>

#include <cmath>
#include <numbers>

namespace fieldbook {

namespace {

using std::numbers::pi;

constexpr int terms = 128, nodes = 1201;

/// Calls visit(z, weight) on a uniform grid, where the trapezoidal rule converges faster than any power.
template <class Visit>
void over_gaussian(Visit visit) {
  for (int i = 0; i < nodes; ++i) {
    const double z = -12 + 24. * i / (nodes - 1);
    visit(z, std::exp(-z * z / 2) / std::sqrt(2 * pi) * 24 / (nodes - 1));
  }
}

}  // namespace

CorrelationFlow::CorrelationFlow(const DeepLaw& law) : law_{law} {
  for (double q = 1, last = 0; std::abs(q - last) > 1e-15 * q && variances_.size() < 10000;) {
    variances_.push_back(last = q);
    q = law.bias_variance + law.weight_variance * mean_square(q);
  }
  variance_ = variances_.back();
  expand();
}

double CorrelationFlow::variance_rate() const {
  std::size_t l = 1;
  while (std::abs(variances_[l - 1] - variance_) > 1e-6 * variance_) ++l;
  return (variances_[l] - variance_) / (variances_[l - 1] - variance_);
}

double CorrelationFlow::next(double gap) const {
  const bool close = gap < 0.5;
  const double logarithm = close ? std::log1p(-gap) : 0, c = 1 - gap;
  double sum = 0;
  for (std::size_t k = 1; k < squares_.size(); k += 2)
    sum += squares_[k] * (close ? -std::expm1(static_cast<double>(k) * logarithm)
                                : 1 - std::pow(c, static_cast<double>(k)));
  return law_.weight_variance / variance_ * sum;
}

double CorrelationFlow::after(double gap, int layers) const {
  for (int l = 0; l < layers; ++l) gap = next(gap);
  return gap;
}

double CorrelationFlow::rate(double gap, int layers) const {
  const double a = after(gap, layers), b = next(a), c = next(b);
  return (c - b) / (b - a);
}

double CorrelationFlow::mean_square(double q) const {
  double sum = 0;
  over_gaussian([&](double z, double weight) {
    const double sigma = activation_value(law_.activation, std::sqrt(q) * z);
    sum += weight * sigma * sigma;
  });
  return sum;
}

void CorrelationFlow::expand() {
  std::vector<double> a(terms);
  over_gaussian([&](double z, double weight) {
    const double sigma = activation_value(law_.activation, std::sqrt(variance_) * z);
    double before = 0, h = 1;
    for (int k = 0; k < terms; ++k) {
      a[static_cast<std::size_t>(k)] += weight * sigma * h;
      const double after = (z * h - std::sqrt(k) * before) / std::sqrt(k + 1.);
      before = h;
      h = after;
    }
  });
  for (const double value : a) squares_.push_back(value * value);
}

}  // namespace fieldbook
