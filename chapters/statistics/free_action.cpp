// # What is the action of a free network?
//
// Lecture §3.1 · after nngp · about 1 s on two cores
//
// **Question.** A Gaussian process is a free field theory: its weight is $e^{-S}$ with a quadratic action
// $S = \frac12\int\phi\,K^{-1}\phi$. Inverting the kernel tells which derivatives the action contains, and whether the
// theory is local. What does a network's action look like?
//
// ## The model
//
// On finitely many points the action is a matrix, the inverse of the kernel's. We look at three kernels on the line.
//
// 1. The propagator of a scalar field of mass $m$ in one dimension, $K(x,y)=e^{-m|x-y|}/(2m)$, on a lattice of spacing $a$.
// 2. The smooth kernel $K(x,y) = e^{-(x-y)^2/2}$, for which neurons $\sqrt2\cos(wx+b)$ with Gaussian $w$ and uniform phase $b$ stand.
// 3. The kernel of a ReLU network with one hidden layer, $w\sim\mathcal N(0,\sigma_w^2)$, $b\sim\mathcal N(0,\sigma_b^2)$.
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/kernels/gaussian_process.hpp>
#include <fieldbook/networks/one_hidden_layer.hpp>
#include <fieldbook/numerics/singular_values.hpp>
#include <fieldbook/report/program.hpp>

#include <Eigen/Cholesky>

#include <fmt/format.h>
#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/eigen.hpp>
#include <cmath>
#include <numbers>

using namespace fieldbook;
using std::numbers::pi;

namespace {

using Kernel = std::function<double(double, double)>;

Eigen::MatrixXd on_points(const Kernel& kernel, const std::vector<double>& x) {
  const auto n = static_cast<Eigen::Index>(x.size());
  Eigen::MatrixXd matrix(n, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j)
      matrix(i, j) = kernel(x[static_cast<std::size_t>(i)], x[static_cast<std::size_t>(j)]);
  return matrix;
}

std::vector<double> lattice(double first, double spacing, int points) {
  std::vector<double> x;
  for (int i = 0; i < points; ++i) x.push_back(first + i * spacing);
  return x;
}

// ## The massive scalar: one derivative
//
// $e^{-m|x-y|}/(2m)$ is the propagator $1/(p^2+m^2)$. The process behind it is a Markov chain, so on a lattice, with
// $r=e^{-ma}$, its inverse is *exactly* tridiagonal, not only as $a\to0$:
// $$ (K^{-1})_{ii} = 2m\frac{1+r^2}{1-r^2}, \qquad (K^{-1})_{i,i\pm1} = -\frac{2mr}{1-r^2}, \qquad
//    (K^{-1})_{\mathrm{corner}} = \frac{2m}{1-r^2}. $$
// A row sums to $2m\tanh(ma/2)\approx m^2a$: this is the lattice version of $-\partial^2+m^2$.
struct ScalarAction {
  double diagonal, neighbour, corner, row_sum;
};

ScalarAction predicted_scalar_action(double mass, double spacing) {
  const double r = std::exp(-mass * spacing), scale = 2 * mass / (1 - r * r);
  return {scale * (1 + r * r), -scale * r, scale, 2 * mass * std::tanh(mass * spacing / 2)};
}

double scalar_kernel(double mass, double x, double y) {
  return std::exp(-mass * std::abs(x - y)) / (2 * mass);
}

// ## The smooth kernel: all derivatives
//
// The inverse of $e^{-(x-y)^2/2}$ is $e^{p^2/2}$ in momentum space: derivatives of every order, with coefficients that
// grow. On a lattice the condition number explodes with the number of points, and $K^{-1}$ alternates in sign. Double
// precision can still see the condition number as a ratio of singular values; the prediction computes it in fifty decimal
// digits, from power iterations of the matrix and of its inverse.
using Digits50 =
    boost::multiprecision::number<boost::multiprecision::cpp_bin_float<50>, boost::multiprecision::et_off>;

double smooth_kernel(double x, double y) { return std::exp(-(x - y) * (x - y) / 2); }

double predicted_condition_number(int points) {
  using Matrix = Eigen::Matrix<Digits50, Eigen::Dynamic, Eigen::Dynamic>;
  using Vector = Eigen::Matrix<Digits50, Eigen::Dynamic, 1>;
  Matrix kernel(points, points);
  for (int i = 0; i < points; ++i)
    for (int j = 0; j < points; ++j) {
      const Digits50 distance = Digits50(4 * (i - j)) / (points - 1);
      kernel(i, j) = exp(-distance * distance / 2);
    }
  // The spectrum falls so fast that a hundred steps reach all digits
  const Eigen::LLT<Matrix> cholesky{kernel};
  Vector largest = Vector::Ones(points), smallest = Vector::Unit(points, 0);
  for (int step = 0; step < 100; ++step) {
    largest = (kernel * largest).eval() / largest.norm();
    smallest = cholesky.solve(smallest).eval() / smallest.norm();
  }
  return static_cast<double>(largest.norm() * smallest.norm());
}

double measured_condition_number(int points) {
  const Eigen::MatrixXd kernel = on_points(smooth_kernel, lattice(-2, 4. / (points - 1), points));
  const Eigen::VectorXd values = singular_values(kernel);
  return values[0] / values[points - 1];
}

// ## The ReLU network: two derivatives, and a coupling that depends on the position
//
// A ReLU network on the line is piecewise linear; its second derivative is a sum of delta functions at the kinks
// $-b_i/w_i$. It is white noise with a position-dependent strength,
// $$ \langle\phi''(x)\phi''(y)\rangle = v(x)\,\delta(x-y), \qquad
//    v(x) = \frac2\pi\frac{\sigma_w^3\sigma_b^3}{(\sigma_b^2+\sigma_w^2x^2)^2}, $$
// so that its action is $S=\frac12\int\phi''^2/v$ plus boundary terms, a cubic-spline prior. On a lattice of spacing $h$
// the second differences $d_j=(\phi_{j-1}-2\phi_j+\phi_{j+1})/h$ must have a tridiagonal covariance,
// $T_{ij}=\int v\,\hat h_i\hat h_j\,dx$ with hat functions $\hat h_j$; and the linear function that is left over,
// $L(x)=\phi(x)-\frac12\sum_j|x-x_j|d_j$, must be uncorrelated with all $d_j$ in the interior.
struct ReluLaw {
  double weight_variance, bias_variance;
};

double kink_density(const ReluLaw& law, double x) {
  const double scale = law.bias_variance + law.weight_variance * x * x;
  return 2 / pi * std::pow(law.weight_variance * law.bias_variance, 1.5) / (scale * scale);
}

double predicted_difference_covariance(const ReluLaw& law, double centre_i, double centre_j, double h) {
  const auto integrand = [&](double x) {
    const auto hat = [&](double centre) { return std::max(0., 1 - std::abs(x - centre) / h); };
    return kink_density(law, x) * hat(centre_i) * hat(centre_j);
  };
  // The hats have their kinks on the lattice: integrate cell by cell
  double sum = 0;
  for (int cell = -1; cell < 2; ++cell)
    sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(integrand, centre_i + cell * h,
                                                                         centre_i + (cell + 1) * h, 0);
  return sum;
}

// The measured covariance starts from the kernel itself. With the angle taken from an arctangent the kernel keeps its
// digits where $x\approx y$, which the arccosine would lose.
double relu_kernel(const ReluLaw& law, double x, double y) {
  const double sine = std::sqrt(law.weight_variance * law.bias_variance) * std::abs(x - y);
  const double cosine = law.bias_variance + law.weight_variance * x * y;
  return (sine + (pi - std::atan2(sine, cosine)) * cosine) / (2 * pi);
}

struct Differences {
  std::vector<double> x;        // all points
  Eigen::MatrixXd covariance;   // T
  Eigen::MatrixXd with_linear;  // Cov(L(x_k), d_j)
};

Differences second_differences(const ReluLaw& law, int points) {
  const double h = 4. / (points - 1);
  Differences result{lattice(-2, h, points), {}, {}};
  const Eigen::MatrixXd kernel =
      on_points([&](double x, double y) { return relu_kernel(law, x, y); }, result.x);
  Eigen::MatrixXd d = Eigen::MatrixXd::Zero(points - 2, points);
  for (int j = 0; j < points - 2; ++j) d.row(j).segment(j, 3) << 1 / h, -2 / h, 1 / h;
  result.covariance = d * kernel * d.transpose();
  Eigen::MatrixXd half_distance(points, points - 2);
  for (int k = 0; k < points; ++k)
    for (int j = 0; j < points - 2; ++j) half_distance(k, j) = h * std::abs(k - (j + 1)) / 2;
  result.with_linear = kernel * d.transpose() - half_distance * result.covariance;
  return result;
}

// ## What networks do
//
// All this used two-point functions alone, and those are exact at every width. Networks of 64 neurons must therefore show
// the predicted variance of a second difference, although each has only a handful of kinks.
Estimate sampled_difference_variance(Report& report, const ReluLaw& law, double x, double h,
                                     std::int64_t draws) {
  const std::vector<double> points{x - h, x, x + h};
  return variance_estimate(merged(sample_blocks(
      report, "ReLU networks", draws, CentralMoments{}, [&](Block block, CentralMoments& moments) {
        OneHiddenLayer networks{Activation::relu, 64,     law.weight_variance, law.bias_variance,
                                report.seed(),    "kinks"};
        std::vector<double> differences;
        for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
          const std::vector<double> phi = networks.outputs(draw, points);
          differences.push_back((phi[0] - 2 * phi[1] + phi[2]) / h);
        }
        moments.add(differences);
      })));
}

// ## The claims
const std::vector<int> lattice_sizes{5, 9, 13};

void declare(Claims& claims) {
  claims.exact("scalar-diagonal", "NN-11", "the diagonal of the scalar's action is $2m(1+r^2)/(1-r^2)$",
               absolute(1e-10));
  claims.exact("scalar-neighbour", "NN-11", "its next diagonal is $-2mr/(1-r^2)$", absolute(1e-10));
  claims.exact("scalar-corner", "NN-11", "its corners are $2m/(1-r^2)$", absolute(1e-10));
  claims.exact("scalar-row-sum", "NN-11", "its middle row sums to $2m\\tanh(ma/2)$", absolute(1e-10));
  claims.exact("scalar-is-tridiagonal", "NN-11", "everything beyond is zero", absolute(1e-10));
  claims.exact("relu-is-tridiagonal", "NN-12",
               "second differences of ReLU networks are uncorrelated beyond neighbours", absolute(1e-9));
  claims.exact("relu-diagonal", "NN-12", "their variance at $x=-0.75$ is $\\int v\\,\\hat h_j^2$",
               absolute(1e-9));
  claims.exact("relu-neighbour", "NN-12",
               "the covariance with the next one is $\\int v\\,\\hat h_j\\hat h_{j+1}$", absolute(1e-9));
  claims.exact("relu-all-entries", "NN-12",
               "the largest deviation of any entry of $T$ from its integral is zero", absolute(1e-9));
  claims.exact("relu-linear-part", "NN-12",
               "the linear part is uncorrelated with all interior second differences", absolute(1e-9));
  claims.statistical("relu-sampled-diagonal", "NN-12",
                     "the variance of a second difference at $x=-0.75$ over networks of width 64 is $\\int "
                     "v\\,\\hat h_j^2$");
  for (const int points : lattice_sizes)
    claims.exact(fmt::format("condition-number-{}", points), "NN-13",
                 fmt::format("condition number of the smooth kernel on {} points of $[-2,2]$", points),
                 relative(0.01));
}

// ## The experiment, step by step
void compare_scalar(Report& report, double mass, double spacing, int points) {
  const Kernel kernel = [mass](double x, double y) { return scalar_kernel(mass, x, y); };
  const Eigen::MatrixXd action = free_action(on_points(kernel, lattice(0, spacing, points)));
  const ScalarAction predicted = predicted_scalar_action(mass, spacing);
  const int middle = points / 2;
  report.compare("scalar-diagonal", predicted.diagonal, action(middle, middle));
  report.compare("scalar-neighbour", predicted.neighbour, action(middle, middle + 1));
  report.compare("scalar-corner", predicted.corner, action(0, 0));
  report.compare("scalar-row-sum", predicted.row_sum, action.row(middle).sum());
  double beyond = 0;
  for (int i = 0; i < points; ++i)
    for (int j = 0; j < points; ++j)
      if (std::abs(i - j) > 1) beyond = std::max(beyond, std::abs(action(i, j)));
  report.compare("scalar-is-tridiagonal", 0, beyond);
}

void compare_relu(Report& report, const ReluLaw& law, std::int64_t draws) {
  const int points = 33;
  const double h = 4. / (points - 1);
  const Differences differences = second_differences(law, points);
  const Eigen::MatrixXd& t = differences.covariance;
  const auto predicted = [&](Eigen::Index i, Eigen::Index j) {
    return predicted_difference_covariance(law, differences.x[static_cast<std::size_t>(i + 1)],
                                           differences.x[static_cast<std::size_t>(j + 1)], h);
  };
  const Eigen::Index j = 9;  // x = -0.75
  double beyond = 0, deviation = 0;
  for (Eigen::Index i = 0; i < t.rows(); ++i)
    for (Eigen::Index k = 0; k < t.cols(); ++k) {
      if (std::abs(i - k) > 1) beyond = std::max(beyond, std::abs(t(i, k)));
      deviation = std::max(deviation, std::abs(t(i, k) - predicted(i, k)));
    }
  report.compare("relu-is-tridiagonal", 0, beyond);
  report.compare("relu-diagonal", predicted(j, j), t(j, j));
  report.compare("relu-neighbour", predicted(j, j + 1), t(j, j + 1));
  report.compare("relu-all-entries", 0, deviation);
  const Eigen::MatrixXd interior = differences.with_linear.middleCols(1, t.cols() - 2);
  report.compare("relu-linear-part", 0, interior.cwiseAbs().maxCoeff());
  report.compare("relu-sampled-diagonal", predicted(j, j),
                 sampled_difference_variance(report, law, -0.75, h, draws));
}

// ## The figure
Panel action_panel(const std::string& title, const std::vector<double>& x, const Eigen::MatrixXd& matrix) {
  const double largest = matrix.cwiseAbs().maxCoeff();
  const Eigen::MatrixXd digits =
      matrix.unaryExpr([&](double entry) { return std::log10(std::max(std::abs(entry) / largest, 1e-12)); });
  Panel panel{title};
  return panel.x_axis({"x"}).y_axis({"y"}).legend("off").heat_map("log_{10} of the size, largest = 0", x, x,
                                                                  digits);
}

Figure action_figure(double mass, double spacing, const ReluLaw& law) {
  const std::vector<double> chain = lattice(0, spacing, 15), grid = lattice(-2, 1. / 3, 13);
  const Differences differences = second_differences(law, 17);
  const Kernel scalar = [mass](double x, double y) { return scalar_kernel(mass, x, y); };
  return {{action_panel("scalar field: K^{-1}", chain, free_action(on_points(scalar, chain))),
           action_panel("smooth kernel: K^{-1}", grid, free_action(on_points(smooth_kernel, grid))),
           action_panel("ReLU network: Cov(d_i, d_j)", {differences.x.begin() + 1, differences.x.end() - 1},
                        differences.covariance)},
          3,
          400,
          360};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"statistics/free_action", "3.1", "What is the action of a free network?"};
  const auto& mass =
      program.option("mass", 1., Range<double>{0.1, 10}, "mass m of the scalar field", "1/length");
  const auto& spacing =
      program.option("spacing", 0.25, Range<double>{0.05, 1}, "lattice spacing a", "length");
  const auto& points = program.option("points", 41, between(5, 200), "points of the scalar's lattice");
  const auto& weight_variance =
      program.option("weight-variance", 2., Range<double>{0.1, 10}, "σ_w² of the ReLU network");
  const auto& bias_variance =
      program.option("bias-variance", 1., Range<double>{0.1, 10}, "σ_b² of the ReLU network");
  const auto& draws = program.samples(1000000, 200000, 10000);
  program.figure("nngp_action",
                 "Sizes of the entries of three matrices, each divided by its largest. The scalar's action "
                 "couples neighbours only; the smooth kernel's couples everything; the ReLU network's second "
                 "differences "
                 "are correlated with their neighbours only, and more strongly near the origin.");
  program.claims(declare);

  return program.run(argc, argv, [&](Report& report) {
    const ReluLaw law{weight_variance, bias_variance};

    // 1. The massive scalar: an exactly local action
    compare_scalar(report, mass, spacing, points);

    // 2. The smooth kernel: nothing to invert
    for (const int size : lattice_sizes)
      report.compare(fmt::format("condition-number-{}", size), predicted_condition_number(size),
                     measured_condition_number(size));

    // 3. The ReLU network: white noise of second derivatives
    compare_relu(report, law, draws);

    // 4. Draw
    report.draw("nngp_action", action_figure(mass, spacing, law));
  });
}

// ## What we found
//
// @figure nngp_action
//
// The scalar's action is a banded matrix to the last digit: the largest entry beyond the neighbours is
// @value scalar-is-tridiagonal. The smooth kernel resists inversion: thirteen points are enough for a condition number of
// @value condition-number-13, and seventeen would leave no digit of a double. The library then refuses to invert (`kernel
// numerically singular; add jitter`), and so should you. The ReLU network lies in between. Its action is local, with the
// square of a second derivative, and its coefficient $1/v(x)$ grows away from the origin, where kinks are rare. A second
// difference at $x=-0.75$ must have the variance @predicted relu-sampled-diagonal, and networks show
// @value relu-sampled-diagonal.
//
// @claims
//
// ## What can go wrong
//
// Inverting a kernel matrix is the step where digits are lost. The kernel of the ReLU network must be computed from an
// arctangent: an arccosine near one loses half of the digits, and the second differences divide by $h$ twice. The two second
// differences next to the ends of the lattice do correlate with the linear part, by about $10^{-3}$, because the kinks
// outside of the lattice are not resolved there.
//
// ## Options
//
// @options
//
// ## Exercises
//
// The [posterior](gp_regression.cpp) uses the same inverse with noise added. Take the jitter that it needs from here: how much
// noise makes the smooth kernel on 17 points invertible to six digits?
