#pragma once

#include <fieldbook/kernels/tangent_kernel.hpp>

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

// A step moves $z(x_p)$ of a neuron by $r\sigma_wv\,u/\sqrt N$ with $u=\sum_{q\text{ open}}\Delta_qK_{pq}$, where $\Delta=y-f_0$ and
// $K$ is the first-layer kernel. Just above the boundary of $p$ its own gate is open, $u=A+\Delta_pK_{pp}$; just below it is
// closed, $u=A$. Of the neurons with $z_p=0$, up go those below with $vA>0$, down those above with $v(A+\Delta_pK_{pp})<0$, each
// over a distance proportional to $|vu|$. Half of all $v$ have either sign, so up minus down is
// $$ \frac{r\sigma_w}{\sqrt N}\,p(z_p=0)\,\tfrac12|v|\,\bigl(|A|-|A+\Delta_pK_{pp}|\bigr). $$
// Each flip changes the trace of $\Theta$ by $\sigma_w^2v^2K_{pp}/N$, and $\frac12\langle|v|^3\rangle=\sqrt{2/\pi}$:
// $$ B=\frac{r\sigma_w^3}{\text{tr}\,\Theta}\sqrt{\frac2\pi}\sum_p\frac{K_{pp}}{\sqrt{2\pi K_{pp}}}
//      \bigl\langle|A_p|-|A_p+\Delta_pK_{pp}|\bigr\rangle. $$
// All other changes are odd in $v$ and average to zero at this order.
//
// The average is over $f_0\sim N(0,K^2)$, and over gates given $z_p=0$. For open gates that are known, $A$ is Gaussian, and
// $\langle|A|\rangle$ elementary. For $D=2$ a neuron is a Gaussian vector $(w,b)$ of three components; given $z_p=0$ two of them are
// left, and the gates depend on its direction in this plane alone: half of all directions open gate $q$. So the average over gates
// is a sum over arcs.

/// < |X| > for X ~ N(mean, variance).
inline double mean_size(double mean, double variance) {
  const double deviation = std::sqrt(variance);
  if (deviation == 0) return std::abs(mean);
  const double t = mean / (deviation * std::numbers::sqrt2);
  return deviation * std::sqrt(2 / std::numbers::pi) * std::exp(-t * t) + mean * std::erf(t);
}

/// < |A| - |A + D_p K_pp| > given z_p = 0. directions: z = directions (w, b), one row a point; outputs: the covariance of f_0.
inline double mean_push(Eigen::Index p, const Eigen::MatrixXd& directions, const Eigen::VectorXd& y,
                        const Eigen::MatrixXd& outputs) {
  using std::numbers::pi;
  const Eigen::Vector3d own = directions.row(p).normalized();
  const Eigen::Vector3d e1 = own.unitOrthogonal(), e2 = own.cross(e1);
  const Eigen::VectorXd row = directions * directions.row(p).transpose();  // K_pq
  const Eigen::VectorXd x1 = directions * e1, x2 = directions * e2;
  std::vector<double> cuts{-pi, pi};
  for (Eigen::Index q = 0; q < y.size(); ++q)
    if (q != p)
      for (const double side : {-pi / 2, pi / 2})
        cuts.push_back(std::remainder(std::atan2(x2[q], x1[q]) + side, 2 * pi));
  std::sort(cuts.begin(), cuts.end());
  double sum = 0;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const double middle = (cuts[i] + cuts[i + 1]) / 2;
    const Eigen::VectorXd z = x1 * std::cos(middle) + x2 * std::sin(middle);
    Eigen::VectorXd open = (z.array() > 0).select(row, 0.);
    open[p] = 0;
    const double below = mean_size(open.dot(y), open.dot(outputs * open));
    open[p] = row[p];
    sum += (cuts[i + 1] - cuts[i]) / (2 * pi) * (below - mean_size(open.dot(y), open.dot(outputs * open)));
  }
  return sum;
}

/// lim sqrt N <change of tr Theta in a step> / tr Theta for one hidden layer of ReLU, rate = eta / P. inputs: P x 2, one point of
/// the circle |x|^2 = 2 a row, no two alike; y: P.
inline double gate_flip_mean(const Eigen::MatrixXd& inputs, const Eigen::VectorXd& y, double weight_variance,
                             double bias_variance, double rate) {
  const auto limit =
      fieldbook::tangent_kernel({fieldbook::Activation::relu, weight_variance, bias_variance}, 1, inputs);
  Eigen::MatrixXd directions(inputs.rows(), 3);
  directions << std::sqrt(weight_variance / 2) * inputs,
      Eigen::VectorXd::Constant(inputs.rows(), std::sqrt(bias_variance));
  double sum = 0;
  for (Eigen::Index p = 0; p < y.size(); ++p) {
    const double own = directions.row(p).squaredNorm();  // K_pp
    sum += own / std::sqrt(2 * std::numbers::pi * own) * mean_push(p, directions, y, limit.nngp);
  }
  return rate * std::pow(weight_variance, 1.5) * std::sqrt(2 / std::numbers::pi) / limit.ntk.trace() * sum;
}
