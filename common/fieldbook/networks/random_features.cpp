#include <fieldbook/networks/activate.hpp>
#include <fieldbook/networks/random_features.hpp>
#include <fieldbook/numerics/dot.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <stdexcept>

namespace fieldbook {

namespace {

using std::numbers::pi;

/// The volume of the unit ball.
double ball_volume(std::size_t dimension) { return dimension == 1 ? 2 : dimension == 2 ? pi : 4 * pi / 3; }

void require(bool condition, const char* what) {
  if (!condition) throw std::invalid_argument{std::string{"RandomFeatures: "} + what};
}

void check(const FeatureLaw& law, int dimension, int width) {
  require(width >= 1 && dimension >= 1, "width and dimension must be at least 1");
  if (const auto* gauss = std::get_if<GaussFeatures>(&law))
    require(gauss->variance >= 0, "the variance is negative");
  if (const auto* cos = std::get_if<CosFeatures>(&law))
    require(cos->variance >= 0, "the variance is negative");
  if (const auto* scalar = std::get_if<ScalarFeatures>(&law))
    require(scalar->mass > 0 && scalar->cutoff > 0 && dimension <= 3 && std::abs(scalar->alpha) <= 2,
            "a Scalar-net needs a mass and a cutoff above 0, |alpha| <= 2, and 1, 2 or 3 dimensions");
  if (const auto* cauchy = std::get_if<CauchyFeatures>(&law))
    require(cauchy->mass > 0 && dimension == 1, "the Cauchy law needs a mass above 0, and lives on the line");
  if (const auto* power = std::get_if<PowerFeatures>(&law))
    require(power->mass > 0 && power->t >= 0 && power->t <= 0.44 && dimension == 1,
            "the power law needs a mass above 0 and 0 <= t <= 0.44, and lives on the line");
}

/// int (b^2 + m^2)^{-a} db
double power_integral(double m, double a) {
  return std::pow(m, 1 - 2 * a) * std::sqrt(pi) * std::tgamma(a - 0.5) / std::tgamma(a);
}

}  // namespace

template <class Real>
RandomFeatures<Real>::RandomFeatures(FeatureLaw law, int dimension, int width, std::uint64_t seed,
                                     const std::string& name)
    : law_{law},
      dimension_{static_cast<std::size_t>(dimension)},
      width_{static_cast<std::size_t>(width)},
      momenta_{seed, name + ": momenta"},
      radii_{seed, name + ": radii"},
      phases_{seed, name + ": phases"},
      output_weights_{seed, name + ": output weights"} {
  check(law, dimension, width);
  w_.resize(dimension_ * width_);
  amplitude_.resize(width_);
  a_.resize(width_);
  if (!std::holds_alternative<GaussFeatures>(law)) phase_.resize(width_);
  std::fill(amplitude_.begin(), amplitude_.end(), Real(1));
  if (const auto* scalar = std::get_if<ScalarFeatures>(&law)) tabulate_radii(*scalar);
}

template <class Real>
void RandomFeatures<Real>::draw_in_ball(std::uint64_t draw, const ScalarFeatures& law) {
  // A normal vector has a uniform direction, and the largest of d uniform numbers has the law of |b| / Lambda: no roots
  momenta_.normals(draw, w_);
  std::vector<Real> u(dimension_ * width_);
  radii_.uniforms(draw, u);
  const double scale = std::sqrt(2 * normalisation_);
  for (std::size_t i = 0; i < width_; ++i) {
    double norm = 0, largest = 0;
    for (std::size_t k = 0; k < dimension_; ++k) {
      const double w = w_[k * width_ + i];
      norm += w * w;
      largest = std::max(largest, static_cast<double>(u[k * width_ + i]));
    }
    if (norm == 0) w_[i] = norm = 1;  // once in ten million draws on the line; any direction will do
    const double radius =
        law.alpha == -1 ? law.cutoff * largest : law.mass * std::sinh(asinh_of_radius(u[i]));
    for (std::size_t k = 0; k < dimension_; ++k)
      w_[k * width_ + i] *= static_cast<Real>(radius / std::sqrt(norm));
    const double energy = radius * radius + law.mass * law.mass;
    amplitude_[i] = static_cast<Real>(scale * (law.alpha == -1  ? 1 / std::sqrt(energy)
                                               : law.alpha == 0 ? 1
                                                                : std::pow(energy, law.alpha / 2)));
  }
}

template <class Real>
void RandomFeatures<Real>::tabulate_radii(const ScalarFeatures& law) {
  const auto d = static_cast<double>(dimension_);
  normalisation_ = ball_volume(dimension_) * std::pow(law.cutoff / (2 * pi), d);
  if (law.alpha == -1) return;
  // Cumulative law of t = asinh(|b| / m), in cells so short that the density hardly changes inside, by Simpson's rule
  constexpr int cells = 1024;
  radius_step_ = std::asinh(law.cutoff / law.mass) / cells;
  const auto density = [&](double t) {
    return std::pow(law.mass * std::sinh(t), d - 1) * std::pow(law.mass * std::cosh(t), -1 - 2 * law.alpha);
  };
  cumulative_ = {0};
  double left = density(0);
  for (int k = 1; k <= cells; ++k) {
    const double right = density(k * radius_step_);
    cumulative_.push_back(cumulative_.back() +
                          radius_step_ / 6 * (left + 4 * density((k - 0.5) * radius_step_) + right));
    left = right;
  }
  normalisation_ = d * ball_volume(dimension_) / std::pow(2 * pi, d) * cumulative_.back();
  const double total = cumulative_.back();
  for (double& value : cumulative_) value /= total;
}

template <class Real>
double RandomFeatures<Real>::asinh_of_radius(double u) const {
  const auto above = std::upper_bound(cumulative_.begin() + 1, cumulative_.end() - 1, u);
  const double inside = (u - above[-1]) / (above[0] - above[-1]);
  return (static_cast<double>(above - cumulative_.begin() - 1) + inside) * radius_step_;
}

template <class Real>
void RandomFeatures<Real>::draw_power_law(std::uint64_t draw, const PowerFeatures& law) {
  // Bailey's polar method for Student's law with nu = 1 - 2t degrees of freedom, of which the density is a rescaling
  std::vector<double> u(width_), angle(width_);
  momenta_.uniforms(draw, u);
  radii_.uniforms(draw, angle);
  const double nu = 1 - 2 * law.t, m2 = law.mass * law.mass;
  const double a0 = power_integral(law.mass, 1 - law.t) / power_integral(law.mass, 1) / (2 * law.mass);
  for (std::size_t i = 0; i < width_; ++i) {
    const double b = law.mass * std::sqrt(std::pow(u[i], -2 / nu) - 1) * std::cos(2 * pi * angle[i]);
    w_[i] = static_cast<Real>(b);
    amplitude_[i] = static_cast<Real>(std::sqrt(2 * a0 * std::pow(b * b + m2, -law.t)));
  }
}

template <class Real>
void RandomFeatures<Real>::draw_phases(std::uint64_t draw) {
  phases_.uniforms(draw, phase_);
  const auto* cos = std::get_if<CosFeatures>(&law_);
  const PhaseLaw phases = cos != nullptr ? cos->phases : PhaseLaw::full;
  if (phases == PhaseLaw::two) {
    for (Real& phase : phase_) phase = phase < Real(0.5) ? Real(0) : static_cast<Real>(pi / 2);
    return;
  }
  const double range = phases == PhaseLaw::full ? 2 * pi : phases == PhaseLaw::half ? pi : pi / 2;
  for (Real& phase : phase_) phase = static_cast<Real>(range) * (phase - Real(0.5));
}

template <class Real>
void RandomFeatures<Real>::draw_hidden(std::uint64_t draw) {
  if (!phase_.empty()) draw_phases(draw);
  const auto scale = [&](double factor) {
    for (Real& w : w_) w *= static_cast<Real>(factor);
  };
  if (const auto* gauss = std::get_if<GaussFeatures>(&law_)) {
    momenta_.normals(draw, w_);
    scale(std::sqrt(gauss->variance));
  } else if (const auto* cos = std::get_if<CosFeatures>(&law_)) {
    if (cos->momenta == MomentumLaw::gaussian) {
      momenta_.normals(draw, w_);
      scale(std::sqrt(cos->variance));
    } else {
      momenta_.uniforms(draw, w_);
      for (Real& w : w_) w -= Real(0.5);
      scale(std::sqrt(12 * cos->variance));
    }
    std::fill(amplitude_.begin(), amplitude_.end(), static_cast<Real>(std::numbers::sqrt2));
  } else if (const auto* cauchy = std::get_if<CauchyFeatures>(&law_)) {
    momenta_.cauchys(draw, w_);
    scale(cauchy->mass);
    std::fill(amplitude_.begin(), amplitude_.end(), static_cast<Real>(1 / std::sqrt(cauchy->mass)));
  } else if (const auto* scalar = std::get_if<ScalarFeatures>(&law_)) {
    draw_in_ball(draw, *scalar);
  } else {
    draw_power_law(draw, std::get<PowerFeatures>(law_));
  }
}

template <class Real>
void RandomFeatures<Real>::features_at(const double* x, std::span<Real> row) const {
  const auto* gauss = std::get_if<GaussFeatures>(&law_);
  double squared = 0;
  for (std::size_t k = 0; k < dimension_; ++k) squared += x[k] * x[k];
  if (gauss != nullptr)
    std::fill(row.begin(), row.end(), static_cast<Real>(-gauss->variance * squared));
  else
    std::copy(phase_.begin(), phase_.end(), row.begin());
  for (std::size_t k = 0; k < dimension_; ++k) {
    const auto component = static_cast<Real>(x[k]);
    const Real* const w = w_.data() + k * width_;
    for (std::size_t i = 0; i < width_; ++i) row[i] += component * w[i];
  }
  activate(gauss != nullptr ? Activation::exp : Activation::cos, row);
  if (gauss == nullptr)
    for (std::size_t i = 0; i < width_; ++i) row[i] *= amplitude_[i];
}

template <class Real>
std::span<const Real> RandomFeatures<Real>::features(std::uint64_t draw, const Eigen::MatrixXd& x) {
  draw_hidden(draw);
  features_.resize(width_ * static_cast<std::size_t>(x.cols()));
  for (Eigen::Index p = 0; p < x.cols(); ++p)
    features_at(x.col(p).data(), std::span{features_}.subspan(static_cast<std::size_t>(p) * width_, width_));
  return features_;
}

template <class Real>
std::vector<double> RandomFeatures<Real>::outputs(std::uint64_t draw, const Eigen::MatrixXd& x) {
  output_weights_.normals(draw, a_);
  return weighted_outputs(draw, x);
}

template <class Real>
std::vector<double> RandomFeatures<Real>::plain_outputs(std::uint64_t draw, const Eigen::MatrixXd& x) {
  std::fill(a_.begin(), a_.end(), Real(1));
  return weighted_outputs(draw, x);
}

template <class Real>
std::vector<double> RandomFeatures<Real>::weighted_outputs(std::uint64_t draw, const Eigen::MatrixXd& x) {
  draw_hidden(draw);
  features_.resize(width_);
  std::vector<double> phi;
  for (Eigen::Index p = 0; p < x.cols(); ++p) {
    features_at(x.col(p).data(), features_);
    phi.push_back(dot<Real>(a_, features_) / std::sqrt(static_cast<double>(width_)));
  }
  return phi;
}

template class RandomFeatures<float>;
template class RandomFeatures<double>;

}  // namespace fieldbook
