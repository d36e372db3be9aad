#include <fieldbook/training/linear_mean_field.hpp>

#include <boost/numeric/odeint.hpp>
#include <stdexcept>

namespace fieldbook {

namespace {

using State = std::vector<double>;
using Vectors = Eigen::Map<Eigen::VectorXd>;
using Matrices = Eigen::Map<Eigen::MatrixXd>;

/// Calls observe(state) at each of the times.
template <class Flow, class Observe>
void integrate(const Flow& flow, State state, const std::vector<double>& times, double tolerance,
               Observe observe) {
  if (times.empty() || !(tolerance > 0))
    throw std::invalid_argument{"flow: needs a time and a positive tolerance"};
  namespace odeint = boost::numeric::odeint;
  odeint::integrate_times(
      odeint::make_dense_output(tolerance, tolerance, odeint::runge_kutta_dopri5<State>{}), flow, state,
      times.begin(), times.end(), 1e-3, [&](const State& at, double) { observe(at); });
}

/// Q, then u, then H in a row.
State in_a_row(const LinearMoments& moments) {
  State state{moments.q};
  state.insert(state.end(), moments.u.data(), moments.u.data() + moments.u.size());
  state.insert(state.end(), moments.h.data(), moments.h.data() + moments.h.size());
  return state;
}

LinearMoments from_a_row(const State& state, Eigen::Index d) {
  return {state[0], Eigen::Map<const Eigen::VectorXd>{&state[1], d},
          Eigen::Map<const Eigen::MatrixXd>{&state[1] + d, d, d}};
}

/// v = y e_1 - (u - u at the start) / gamma0.
void residual(const LinearTask& task, const Eigen::VectorXd& start, Eigen::VectorXd& v) {
  v = (start - v) / task.gamma0;
  v[0] += task.target;
}

}  // namespace

LinearMoments LinearMoments::infinite_width(int dimension) {
  return {1, Eigen::VectorXd::Zero(dimension), Eigen::MatrixXd::Identity(dimension, dimension)};
}

LinearMoments LinearMoments::of(const Eigen::Ref<const Eigen::MatrixXd>& neurons) {
  const Eigen::Index d = neurons.cols() - 1;
  const auto n = static_cast<double>(neurons.rows());
  const auto a = neurons.col(0);
  const auto w = neurons.rightCols(d);
  return {a.squaredNorm() / n, w.transpose() * a / n, w.transpose() * w / n};
}

std::vector<LinearMoments> flow(const LinearTask& task, const LinearMoments& start,
                                const std::vector<double>& times, double tolerance) {
  const Eigen::Index d = start.u.size();
  Eigen::VectorXd v(d);  // kept so that no step allocates
  std::vector<LinearMoments> path;
  integrate(
      [&](const State& state, State& rate, double) {
        const Eigen::Map<const Eigen::VectorXd> u{&state[1], d};
        const Eigen::Map<const Eigen::MatrixXd> h{&state[1] + d, d, d};
        v = u;
        residual(task, start.u, v);
        rate[0] = 2 * task.gamma0 * u.dot(v);
        Vectors{&rate[1], d} = task.gamma0 * (state[0] * v + h.lazyProduct(v));
        Matrices{&rate[1] + d, d, d} =
            task.gamma0 * (u.lazyProduct(v.transpose()) + v.lazyProduct(u.transpose()));
      },
      in_a_row(start), times, tolerance, [&](const State& state) { path.push_back(from_a_row(state, d)); });
  return path;
}

std::vector<LinearMoments> flow_of_neurons(const LinearTask& task, const Eigen::MatrixXd& neurons,
                                           const std::vector<double>& times, double tolerance) {
  const Eigen::Index n = neurons.rows(), d = neurons.cols() - 1;
  const Eigen::VectorXd start = LinearMoments::of(neurons).u;
  std::vector<LinearMoments> path;
  integrate(
      [&](const State& state, State& rate, double) {
        const Eigen::Map<const Eigen::VectorXd> a{state.data(), n};
        const Eigen::Map<const Eigen::MatrixXd> w{state.data() + n, n, d};
        Eigen::VectorXd v = w.transpose() * a / static_cast<double>(n);
        residual(task, start, v);
        Vectors{rate.data(), n} = task.gamma0 * (w * v);
        Matrices{rate.data() + n, n, d} = task.gamma0 * (a * v.transpose());
      },
      State(neurons.data(), neurons.data() + neurons.size()), times, tolerance,
      [&](const State& state) {
        path.push_back(LinearMoments::of(Eigen::Map<const Eigen::MatrixXd>{state.data(), n, 1 + d}));
      });
  return path;
}

}  // namespace fieldbook
