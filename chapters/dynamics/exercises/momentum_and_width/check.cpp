#include <fieldbook/exercise/check.hpp>

#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/training/circle_data.hpp>
#include <fieldbook/training/mlp.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <map>
#include <vector>

using namespace fieldbook;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

struct Row {
  const char* name;
  AbcdExponents powers;
};

/// One parameter under a gradient of 1 that is switched off after a long time.
void expect_one_parameter(Check& check, const Row& row, int width, double gamma0, double memory) {
  const HeavyBall ball = heavy_ball(row.powers, width, gamma0, 0.5, memory);
  VectorXd parameter = VectorXd::Zero(1), velocity = VectorXd::Zero(1);
  const auto moved_by = [&](double gradient) {
    const double before = parameter[0];
    heavy_ball_step(ball, VectorXd::Constant(1, gradient), parameter, velocity);
    return parameter[0] - before;
  };
  const double first = moved_by(1);
  double steady = first;
  for (int step = 0; step < 60 * memory; ++step) steady = moved_by(1);
  const double free = moved_by(0),
               unit = 0.5 * gamma0 * gamma0 * std::pow(width, 2 * row.powers.d - row.powers.c);
  const std::string where =
      fmt::format("{}, N = {}, gamma0 = {}, memory of {} steps", row.name, width, gamma0, memory);
  check.expect("motion in a step under a steady gradient of 1, in units of eta: " + where, steady / unit, -1,
               1e-9, "The velocity is a sum over all gradients of the past.");
  check.expect("what is left of the motion in the step after the gradient has vanished: " + where,
               free / steady, 1 - 1 / memory, 1e-9, "A memory is a number of steps, at every width.");
  check.expect("motion in the first step, in units of eta: " + where, first / unit, -1 / memory, 1e-9,
               "At first there is one gradient to remember.");
}

/// A network that is trained with the student's momentum, centred: f - f_0 is.
class Training {
 public:
  Training(const AbcdExponents& powers, int width, double eta0, double memory)
      : network_{Activation::erf, abcd_parameterisation({2, width, 2}, powers, 1), 1, "exercise: momentum"},
        ball_{heavy_ball(powers, width, 1, eta0, memory)} {}

  void start(std::uint64_t number) {
    network_.draw(number);
    network_.forward(x_, pass_);
    offset_ = pass_.outputs;
    parameters_ = network_.parameters();
    velocity_ = VectorXd::Zero(parameters_.size());
  }
  void step() {
    // Moving by the residuals over P adds minus the gradient to the parameters
    network_.forward(x_, pass_);
    network_.backward((y_ + offset_ - pass_.outputs) / static_cast<double>(y_.size()), pass_);
    network_.move(pass_);
    heavy_ball_step(ball_, parameters_ - network_.parameters(), parameters_, velocity_);
    network_.set_parameters(parameters_);
  }
  /// f - f_0 at the present parameters, by a forward pass.
  VectorXd outputs() {
    network_.forward(x_, pass_);
    return pass_.outputs - offset_;
  }
  /// Pre-activations and kernel of the last hidden layer at the last pass.
  MatrixXd features() const { return network_.preactivations(2, pass_); }
  MatrixXd kernel() const { return pass_.features[1].transpose() * pass_.features[1]; }

 private:
  MatrixXd x_ = CircleData::six().inputs().transpose();
  VectorXd y_ = CircleData::six().targets();
  Mlp<double> network_;
  HeavyBall ball_;
  Pass<double> pass_;
  VectorXd offset_, parameters_, velocity_;
};

void expect_one_trajectory(Check& check) {
  constexpr double memory = 4;
  std::vector<VectorXd> trajectory;
  for (const double c : {0., 0.3, 1.}) {
    Training training{AbcdExponents::mup(c), 96, 1, memory};
    training.start(0);
    for (std::size_t step = 0; step < 40; ++step) {
      training.step();
      const VectorXd f = training.outputs();
      if (c == 0)
        trajectory.push_back(f);
      else
        check.expect(fmt::format("f after {} steps with c = {}, less that with c = 0", step + 1, c),
                     (f - trajectory[step]).cwiseAbs().maxCoeff(), 0, 1e-10,
                     "A rescaling of all weights must not change the function.");
    }
  }
}

/// Changes after training, fitted as powers of N: f, the features h (rms), and their kernel relative to what it was.
std::map<std::string, Estimate> fitted_powers(const AbcdExponents& powers) {
  const std::vector<double> widths{64, 128, 256, 512};
  std::map<std::string, std::vector<Estimate>> sizes;
  for (const double width : widths) {
    Training training{powers, static_cast<int>(width), 2, 4};
    Averages squares{3};
    for (std::uint64_t network = 0; network < 8192 / width; ++network) {
      training.start(network);
      training.outputs();
      const MatrixXd h = training.features(), kernel = training.kernel();
      training.step();
      const double first = training.outputs().squaredNorm();
      for (int step = 1; step < 20; ++step) training.step();
      training.outputs();
      squares.add(Eigen::Vector3d{first, (training.features() - h).squaredNorm() / width,
                                  (training.kernel() - kernel).squaredNorm() / kernel.squaredNorm()});
    }
    sizes["change of f in the first step"].push_back(squares.mean(0).root());
    sizes["change of the features"].push_back(squares.mean(1).root());
    sizes["change of their kernel"].push_back(squares.mean(2).root());
  }
  std::map<std::string, Estimate> result;
  for (const auto& [what, size] : sizes) result[what] = fit_power_law(widths, size)[1];
  return result;
}

void expect_powers(Check& check, const Row& row, const std::map<std::string, double>& expected) {
  const auto fitted = fitted_powers(row.powers);
  for (const auto& [what, power] : expected) {
    const Estimate& got = fitted.at(what);
    // At these widths the exponent of the features is 0.02 off, that of their kernel 0.04
    constexpr double tolerance = 0.05;
    check.expect(fmt::format("power of N of the {}, {}, to {} and five standard errors of {:.3f}", what,
                             row.name, tolerance, got.standard_error),
                 got.value, power, tolerance + 5 * got.standard_error,
                 "Which power of N does the step carry?");
  }
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    const Row ntk{"NTK", AbcdExponents::ntk()}, mup{"mu-P, c = 0", AbcdExponents::mup(0)},
        other{"mu-P, c = 1", AbcdExponents::mup(1)}, quarter{"c = 0.3, d = 0.25", {0, 0, 0.5, 0, 0.3, 0.25}};
    for (const Row& row : {ntk, mup, other, quarter})
      for (const double memory : {1., 4., 20.})
        expect_one_parameter(check, row, static_cast<int>(30 * memory), 1 / (1 + memory), memory);
    expect_one_trajectory(check);
    expect_powers(check, ntk,
                  {{"change of f in the first step", 0},
                   {"change of the features", -0.5},
                   {"change of their kernel", -1}});
    expect_powers(
        check, mup,
        {{"change of f in the first step", 0}, {"change of the features", 0}, {"change of their kernel", 0}});
  });
}
