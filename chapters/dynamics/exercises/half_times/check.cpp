#include <fieldbook/exercise/check.hpp>

#include <fieldbook/random/stream.hpp>

#include EXERCISE_ANSWER

#include <fmt/format.h>
#include <Eigen/Dense>
#include <boost/math/tools/roots.hpp>
#include <boost/numeric/odeint/stepper/generation/generation_dense_output_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation/generation_runge_kutta_dopri5.hpp>
#include <boost/numeric/odeint/stepper/generation/make_dense_output.hpp>
#include <vector>

using namespace fieldbook;
using Eigen::Matrix3d;
using Eigen::Vector3d;

namespace {

/// A target of given singular values between random directions.
struct Target {
  Vector3d sigmas;
  Matrix3d u, v;

  Target(const Vector3d& values, std::uint64_t number) : sigmas{values} {
    std::vector<double> g(18);
    Stream{1, "exercise: half times"}.normals(number, g);
    u = Eigen::HouseholderQR<Matrix3d>{Eigen::Map<Matrix3d>{g.data()}}.householderQ();
    v = Eigen::HouseholderQR<Matrix3d>{Eigen::Map<Matrix3d>{g.data() + 9}}.householderQ();
  }
  Matrix3d matrix() const { return u * sigmas.asDiagonal() * v.transpose(); }
};

/// All factors in one vector, and the gradient flow that moves them.
using Factors = std::vector<double>;
Eigen::Map<const Matrix3d> factor(const Factors& all, int l) {
  return Eigen::Map<const Matrix3d>{&all[9 * l]};
}

Matrix3d product(const Factors& all, int first, int last) {
  Matrix3d w = Matrix3d::Identity();
  for (int l = first; l < last; ++l) w = factor(all, l) * w;
  return w;
}

/// The times at which u_k^T W v_k passes sigma_k/2 while the network of `depth` factors is trained.
Vector3d trained_half_times(const Target& target, double s0, int depth) {
  const Matrix3d m = target.matrix();
  Factors start(9 * depth);
  for (int l = 0; l < depth; ++l) {
    Matrix3d w = std::pow(s0, 1. / depth) * Matrix3d::Identity();
    if (l == 0) w = w * target.v.transpose();
    if (l == depth - 1) w = target.u * w;
    Eigen::Map<Matrix3d>{&start[9 * l]} = w;
  }
  const auto flow = [&](const Factors& all, Factors& velocity, double) {
    const Matrix3d rest = m - product(all, 0, depth);
    for (int l = 0; l < depth; ++l)
      Eigen::Map<Matrix3d>{&velocity[9 * l]} =
          product(all, l + 1, depth).transpose() * rest * product(all, 0, l).transpose();
  };
  using namespace boost::numeric::odeint;
  auto stepper = make_dense_output(1e-12, 1e-12, runge_kutta_dopri5<Factors>{});
  stepper.initialize(start, 0, 1e-3);
  Vector3d times = Vector3d::Constant(-1);
  while (times.minCoeff() < 0) {
    stepper.do_step(flow);
    const auto missing = [&](int k, double t) {
      Factors state(start.size());
      stepper.calc_state(t, state);
      return target.u.col(k).dot(product(state, 0, depth) * target.v.col(k)) - target.sigmas[k] / 2;
    };
    const double before = stepper.previous_time(), now = stepper.current_time();
    for (int k = 0; k < 3; ++k)
      if (times[k] < 0 && missing(k, now) >= 0) {
        const auto bracket = boost::math::tools::bisect([&](double t) { return missing(k, t); }, before, now,
                                                        boost::math::tools::eps_tolerance<double>{40});
        times[k] = (bracket.first + bracket.second) / 2;
      }
  }
  return times;
}

void compare(Check& check, const Target& target, double s0, int depth) {
  const Vector3d trained = trained_half_times(target, s0, depth);
  const Eigen::VectorXd got = half_times(target.sigmas, s0, depth);
  check.expect("how many times there are for three modes", static_cast<double>(got.size()), 3, 0);
  for (int k = 0; k < 3; ++k)
    check.expect(fmt::format("half time of the mode sigma = {:.4g} of {} trained factors, s0 = {:.3g}",
                             target.sigmas[k], depth, s0),
                 got[k], trained[k], 1e-6,
                 depth == 1   ? "A single factor approaches sigma exponentially, at rate 1."
                 : depth == 2 ? "Two factors: a logistic curve of rate 2 sigma."
                              : "All L factors move, each starting at the L-th root of s0.");
}

}  // namespace

int main() {
  return check_answer([](Check& check) {
    for (int depth = 1; depth <= 5; ++depth) {
      compare(check, Target{{3, 2, 1}, static_cast<std::uint64_t>(depth)}, 1e-3, depth);
      std::vector<double> r(4);
      Stream{1, "exercise: half times, uniforms"}.uniforms(static_cast<std::uint64_t>(depth), r);
      compare(
          check,
          Target{{0.5 + 3 * r[0], 0.5 + 3 * r[1], 0.5 + 3 * r[2]}, 10 + static_cast<std::uint64_t>(depth)},
          0.003 + 0.1 * r[3], depth);
    }
  });
}
