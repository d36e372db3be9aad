#include <fieldbook/training/gradient_descent.hpp>

#include <stdexcept>

namespace fieldbook {

template <class Real>
GradientDescent<Real>::GradientDescent(Mlp<Real>& network, const Matrix& x, const Vector& y,
                                       Centring centring)
    : network_{network}, x_{x}, y_{y}, centring_{centring} {
  if (x.cols() != y.size() || y.size() == 0)
    throw std::invalid_argument{"GradientDescent: there must be as many targets as points, and at least one"};
  restart();
}

template <class Real>
void GradientDescent<Real>::restart() {
  offset_ = Vector::Zero(y_.size());
  if (centring_ == Centring::none) return;
  network_.forward(x_, pass_);
  offset_ = pass_.outputs;
}

template <class Real>
const typename GradientDescent<Real>::Vector& GradientDescent<Real>::residual() {
  network_.forward(x_, pass_);
  residual_ = y_ + offset_ - pass_.outputs;
  return residual_;
}

template <class Real>
double GradientDescent<Real>::step(double eta) {
  residual();
  const auto points = static_cast<double>(y_.size());
  seeds_ = static_cast<Real>(eta / points) * residual_;
  network_.backward(seeds_, pass_);
  network_.move(pass_);
  return static_cast<double>(residual_.squaredNorm()) / (2 * points);
}

template class GradientDescent<float>;
template class GradientDescent<double>;

}  // namespace fieldbook
