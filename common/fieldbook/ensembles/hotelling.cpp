#include <fieldbook/ensembles/hotelling.hpp>

#include <fieldbook/numerics/decompositions.hpp>

#include <boost/math/distributions/fisher_f.hpp>
#include <stdexcept>

namespace fieldbook {

double hotelling_p_value(const Averages& sample, const Eigen::VectorXd& expected) {
  const auto n = static_cast<double>(sample.count()), p = static_cast<double>(expected.size());
  if (n <= p) throw std::invalid_argument{"hotelling_p_value: needs more draws than observables"};
  const Eigen::LLT<Eigen::MatrixXd> covariance{sample.covariance()};
  if (covariance.info() != Eigen::Success || covariance.rcond() < 1e-14)
    throw std::invalid_argument{"hotelling_p_value: the observables are linearly dependent"};
  const Eigen::VectorXd deviation = sample.means() - expected;
  const double t_squared = n * deviation.dot(covariance.solve(deviation));
  return cdf(
      complement(boost::math::fisher_f_distribution<double>(p, n - p), t_squared * (n - p) / (p * (n - 1))));
}

}  // namespace fieldbook
