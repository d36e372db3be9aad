#pragma once

#include <Eigen/Dense>

// Write $C=K+\Delta$. With the weights $w$ of the mixture, the posterior variance is
// $$ \frac{\langle wv\rangle}{\langle w\rangle}+\frac{\langle wM^2\rangle}{\langle w\rangle}
//    -\Bigl(\frac{\langle wM\rangle}{\langle w\rangle}\Bigr)^2, $$
// and to order $1/N$ only second moments of $\Delta$ survive, which are $1/N$ times those of one neuron:
// $$ c=\langle w_1v_1\rangle+\langle v_2\rangle+\langle M_1^2\rangle $$
// with $w_1=\frac12(\alpha\cdot\Delta\alpha-\text{tr}\,A^{-1}\Delta)$,
// $v_1=\Delta_{**}-2\beta\cdot\Delta_{X*}+\beta\cdot\Delta\beta$, $\beta=A^{-1}k$, and, with $r=\Delta_{X*}-\Delta\beta$,
// $M_1=r\cdot\alpha$ and $v_2=-r\cdot A^{-1}r$. Averages of a single $\Delta$ vanish.

/// The coefficient of 1/N of the posterior variance at the test point. features: (data + 1) x nodes, the test point last;
/// probability: of every node; y: the data; noise: the variance s^2.
inline double variance_correction(const Eigen::MatrixXd& features, const Eigen::VectorXd& probability,
                                  const Eigen::VectorXd& y, double noise) {
  const Eigen::Index n = y.size();
  const Eigen::MatrixXd kernel = features * probability.asDiagonal() * features.transpose();
  const Eigen::MatrixXd a = kernel.topLeftCorner(n, n) + noise * Eigen::MatrixXd::Identity(n, n);
  const Eigen::MatrixXd inverse = a.inverse();
  const Eigen::VectorXd k = kernel.col(n).head(n), alpha = inverse * y, beta = inverse * k;
  double correction = 0;
  for (Eigen::Index node = 0; node < features.cols(); ++node) {
    const Eigen::VectorXd f = features.col(node).head(n);
    const double test = features(n, node);
    const Eigen::MatrixXd d = f * f.transpose() - kernel.topLeftCorner(n, n);
    const Eigen::VectorXd dk = test * f - k, r = dk - d * beta;
    const double w1 = (alpha.dot(d * alpha) - inverse.cwiseProduct(d).sum()) / 2;
    const double v1 = test * test - kernel(n, n) - 2 * beta.dot(dk) + beta.dot(d * beta);
    const double v2 = -r.dot(inverse * r), m1 = r.dot(alpha);
    correction += probability[node] * (w1 * v1 + v2 + m1 * m1);
  }
  return correction;
}
