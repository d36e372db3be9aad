#include <fieldbook/training/reverse_diffusion.hpp>

#include <fieldbook/networks/activate.hpp>

#include <numbers>
#include <stdexcept>

namespace fieldbook {

double TwoClasses::density(double x, double t) const {
  const auto gauss = [&](double centre) {
    return std::exp(-(x - centre) * (x - centre) / (2 * spread(t))) /
           std::sqrt(2 * std::numbers::pi * spread(t));
  };
  return w * gauss(mean(t)) + (1 - w) * gauss(-mean(t));
}

void step_back(const TwoClasses& classes, const WayBack& way, int i,
               const Eigen::Ref<const Eigen::RowVectorXd, 0, Eigen::InnerStride<>>& noise,
               Eigen::VectorXd& y) {
  if (noise.size() != y.size()) throw std::invalid_argument{"step_back: needs one noise a sample"};
  const double t = way.time(i), dt = t - way.time(i + 1);
  const double mean = classes.mean(t), spread = classes.spread(t);
  Eigen::VectorXd decision = (mean / spread) * y.array() + classes.bias();
  activate(Activation::tanh, std::span<double>{decision.data(), static_cast<std::size_t>(decision.size())});
  y += dt * y + (2 * dt / spread) * (mean * decision - y) + std::sqrt(2 * dt) * noise.transpose();
}

}  // namespace fieldbook
