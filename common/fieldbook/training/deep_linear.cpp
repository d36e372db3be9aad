#include <fieldbook/training/deep_linear.hpp>

#include <boost/numeric/odeint/util/bind.hpp>  // the next one misses it
#include <boost/numeric/odeint/util/unwrap_reference.hpp>

#include <boost/numeric/odeint/stepper/dense_output_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta4.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>

namespace fieldbook {

DeepLinear::DeepLinear(std::vector<Matrix> factors) : factors_{std::move(factors)} {
  if (factors_.empty()) throw std::invalid_argument{"DeepLinear: a network needs a factor"};
  for (std::size_t l = 1; l < factors_.size(); ++l)
    if (factors_[l].cols() != factors_[l - 1].rows())
      throw std::invalid_argument{"DeepLinear: the shapes of neighbouring factors do not fit"};
  partial_.resize(factors_.size());
  back_.resize(factors_.size());
  gradient_.resize(factors_.size());
  multiply();
}

void DeepLinear::multiply() {
  partial_[0] = factors_[0];
  for (std::size_t l = 1; l < factors_.size(); ++l) partial_[l].noalias() = factors_[l] * partial_[l - 1];
}

const std::vector<DeepLinear::Matrix>& DeepLinear::gradient(const Matrix& slope) {
  back_.back() = slope;
  for (std::size_t l = factors_.size() - 1; l > 0; --l) {
    gradient_[l].noalias() = back_[l] * partial_[l - 1].transpose();
    back_[l - 1].noalias() = factors_[l].transpose() * back_[l];
  }
  gradient_[0] = back_[0];
  return gradient_;
}

void DeepLinear::descend(const Matrix& slope, double eta) {
  gradient(slope);
  for (std::size_t l = 0; l < factors_.size(); ++l) factors_[l] -= eta * gradient_[l];
  multiply();
}

std::vector<double> DeepLinear::parameters() const {
  std::vector<double> all;
  for (const Matrix& factor : factors_) all.insert(all.end(), factor.data(), factor.data() + factor.size());
  return all;
}

void DeepLinear::set_parameters(const std::vector<double>& parameters) {
  const double* next = parameters.data();
  for (Matrix& factor : factors_) {
    std::copy_n(next, factor.size(), factor.data());
    next += factor.size();
  }
  multiply();
}

std::vector<Eigen::MatrixXd> conserved_charges(const DeepLinear& network) {
  std::vector<Eigen::MatrixXd> charges;
  const auto& w = network.factors();
  for (std::size_t l = 1; l < w.size(); ++l)
    charges.emplace_back(w[l].transpose() * w[l] - w[l - 1] * w[l - 1].transpose());
  return charges;
}

DeepLinear balanced_network(const std::vector<Eigen::MatrixXd>& frames,
                            const Eigen::VectorXd& singular_values) {
  if (frames.size() < 2) throw std::invalid_argument{"balanced_network: a factor has two frames"};
  const double share = 1 / static_cast<double>(frames.size() - 1);
  const Eigen::VectorXd roots = singular_values.unaryExpr([&](double s) { return std::pow(s, share); });
  std::vector<Eigen::MatrixXd> factors;
  for (std::size_t l = 1; l < frames.size(); ++l)
    factors.emplace_back(frames[l] * roots.asDiagonal() * frames[l - 1].transpose());
  return DeepLinear{std::move(factors)};
}

void descend(DeepLinear& network, const Eigen::MatrixXd& target, double eta, int steps) {
  Eigen::MatrixXd slope;
  for (int step = 0; step < steps; ++step) {
    slope = network.product() - target;
    network.descend(slope, eta);
  }
}

namespace {

namespace odeint = boost::numeric::odeint;
using State = std::vector<double>;

/// The right-hand side of the flow; its network follows the state.
struct Velocity {
  DeepLinear& network;
  const Eigen::MatrixXd& target;
  Eigen::MatrixXd slope{};

  void operator()(const State& state, State& velocity, double) {
    network.set_parameters(state);
    slope = network.product() - target;
    double* next = velocity.data();
    for (const Eigen::MatrixXd& gradient : network.gradient(slope))
      next = std::transform(gradient.data(), gradient.data() + gradient.size(), next, std::negate<>{});
  }
};

}  // namespace

void flow(DeepLinear& network, const Eigen::MatrixXd& target, double dt, int steps) {
  State state = network.parameters();
  odeint::runge_kutta4<State> stepper;
  Velocity velocity{network, target};
  for (int step = 0; step < steps; ++step) stepper.do_step(std::ref(velocity), state, step * dt, dt);
  network.set_parameters(state);
}

struct FlowPath::Solver {
  using Stepper = odeint::result_of::make_dense_output<odeint::runge_kutta_dopri5<State>>::type;

  Solver(DeepLinear start, Eigen::MatrixXd to, double tolerance)
      : network{std::move(start)},
        target{std::move(to)},
        velocity{network, target},
        stepper{odeint::make_dense_output(tolerance, tolerance, odeint::runge_kutta_dopri5<State>{})},
        state{network.parameters()} {
    constexpr double first_step = 1e-3;
    stepper.initialize(state, 0, first_step);
  }

  DeepLinear network;
  Eigen::MatrixXd target;
  Velocity velocity;
  Stepper stepper;
  State state;
};

FlowPath::FlowPath(DeepLinear start, Eigen::MatrixXd target, double tolerance)
    : solver_{std::make_unique<Solver>(std::move(start), std::move(target), tolerance)} {}

FlowPath::~FlowPath() = default;

std::pair<double, double> FlowPath::step() { return solver_->stepper.do_step(std::ref(solver_->velocity)); }

const DeepLinear& FlowPath::at(double t) {
  Solver::Stepper& stepper = solver_->stepper;
  while (stepper.current_time() < t) step();
  if (t < stepper.current_time())
    stepper.calc_state(t, solver_->state);
  else
    solver_->state = stepper.current_state();
  solver_->network.set_parameters(solver_->state);
  return solver_->network;
}

}  // namespace fieldbook
