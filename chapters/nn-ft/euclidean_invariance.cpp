// # Does a rotation change nothing?
//
// Lecture §5 · after cluster_decomposition · about 1 s on two cores
//
// **Question.** Euclidean correlators do not change under rotations and translations. Which laws of momenta and phases see to
// that?
//
// ## The model
//
// Scalar-nets in the plane, $\phi(x)=N^{-1/2}\sum_iA_i\cos(b_i\cdot x+c_i)$ with $A_i\propto(b_i^2+m^2)^{-1/2}$, with momenta uniform in
// the disc $|b|<4$ or in the square of side 8, and phases uniform on the circle, or zero (with a fair sign of the amplitude, so
// that $\langle\phi\rangle=0$).
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/fields/cutoff_propagator.hpp>
#include <fieldbook/networks/activate.hpp>
#include <fieldbook/networks/random_features.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <Eigen/Geometry>
#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <cmath>
#include <numbers>

using namespace fieldbook;
using std::numbers::pi;

namespace {

// ## What theory says
//
// A momentum density that depends on $|b|$ alone gives correlators that depend on distances alone. The square does not, with
// $$ G(x)=\int_{[-\Lambda,\Lambda]^2}\frac{d^2b}{(2\pi)^2}\frac{\cos b\cdot x}{b^2+m^2} $$
// different along an axis and along a diagonal; one of the two integrals is elementary in both cases. A phase that is fixed,
// $c=0$, breaks them: $\langle\phi(x)\phi(y)\rangle=G(x-y)+G(x+y)$.
constexpr double cutoff = 4;

template <class Function>
double panels(Function f, double from, double to) {
  double sum = 0;
  for (int panel = 0; panel < 16; ++panel)
    sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(
        f, from + (to - from) * panel / 16, from + (to - from) * (panel + 1) / 16, 0);
  return sum;
}

double square_along_axis(double mass) {
  return 4 *
         panels(
             [&](double b) {
               const double energy = std::sqrt(b * b + mass * mass);
               return std::cos(b) / energy * std::atan(cutoff / energy);
             },
             0, cutoff) /
         (4 * pi * pi);
}

double square_along_diagonal(double mass) {
  const double corner = std::numbers::sqrt2 * cutoff;
  return 4 *
         panels(
             [&](double u) {
               const double energy = std::sqrt(u * u + mass * mass);
               return std::cos(u) / energy * std::atan((corner - u) / energy);
             },
             0, corner) /
         (4 * pi * pi);
}

double square_at_angle(double mass, double angle) {
  return panels(
             [&](double b1) {
               return panels(
                   [&](double b2) {
                     return std::cos(b1 * std::cos(angle) + b2 * std::sin(angle)) /
                            (b1 * b1 + b2 * b2 + mass * mass);
                   },
                   -cutoff, cutoff);
             },
             -cutoff, cutoff) /
         (4 * pi * pi);
}

// ## What networks do
//
// Momenta in the square: products of the field at the first point with those at all others.
Averages sample_square(Report& report, const std::string& stage, double mass, const Eigen::MatrixXd& points,
                       bool random_phases, std::int64_t draws) {
  constexpr std::size_t width = 4;
  return merged(
      sample_blocks(report, stage, draws, Averages{points.cols() - 1}, [&](Block block, Averages& averages) {
        const Stream momenta{report.seed(), stage + ": momenta"}, phases{report.seed(), stage + ": phases"};
        double u[2 * width], c[width];
        std::vector<double> waves(width * static_cast<std::size_t>(points.cols()));
        Eigen::VectorXd products(points.cols() - 1);
        for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
          momenta.uniforms(draw, u);
          phases.uniforms(draw, c);
          double amplitude[width];
          for (std::size_t i = 0; i < width; ++i) {
            const double b1 = cutoff * (2 * u[2 * i] - 1), b2 = cutoff * (2 * u[2 * i + 1] - 1);
            const double sign = random_phases || c[i] < 0.5 ? 1 : -1;
            amplitude[i] = sign * cutoff / pi * std::sqrt(2 / (b1 * b1 + b2 * b2 + mass * mass) / width);
            for (Eigen::Index k = 0; k < points.cols(); ++k)
              waves[static_cast<std::size_t>(k) * width + i] =
                  b1 * points(0, k) + b2 * points(1, k) + (random_phases ? 2 * pi * c[i] : 0);
          }
          activate(Activation::cos, std::span{waves});
          const auto phi = [&](Eigen::Index k) {
            double sum = 0;
            for (std::size_t i = 0; i < width; ++i)
              sum += amplitude[i] * waves[static_cast<std::size_t>(k) * width + i];
            return sum;
          };
          const double first = phi(0);
          for (Eigen::Index k = 1; k < points.cols(); ++k) products[k - 1] = first * phi(k);
          averages.add(products);
        }
      }));
}

// Momenta in a disc: four fields, and the same four turned and shifted, in the same network; the difference is averaged.
Estimate sample_turned(Report& report, double mass, std::int64_t draws) {
  const double turn = 0.6;
  Eigen::MatrixXd points(2, 8);
  points.leftCols(4) << 0, 0.5, 0.2, -0.4, 0, 0, 0.7, 0.3;
  const Eigen::Matrix2d rotation = Eigen::Rotation2Dd{turn}.toRotationMatrix();
  points.rightCols(4) = (rotation * points.leftCols(4)).colwise() + Eigen::Vector2d{0.3, -1};
  return merged(
             sample_blocks(report, "turned", draws, Averages{1},
                           [&](Block block, Averages& averages) {
                             RandomFeatures<float> networks{ScalarFeatures{mass, cutoff}, 2, 4, report.seed(),
                                                            "turned"};
                             for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
                               const std::vector<double> phi = networks.plain_outputs(draw, points);
                               averages.add(Eigen::VectorXd::Constant(
                                   1, phi[4] * phi[5] * phi[6] * phi[7] - phi[0] * phi[1] * phi[2] * phi[3]));
                             }
                           }))
      .mean(0);
}

// ## The claims
const double angles[] = {0, pi / 8, pi / 4, 3 * pi / 8, pi / 2};

void declare(Claims& claims) {
  claims.exact("axis", "OS14", "momenta in a square: $G(1)$ along an axis, by one and by two integrals",
               absolute(1e-9));
  claims.exact("diagonal", "OS14",
               "momenta in a square: $G(1)$ along a diagonal, by one and by two integrals", absolute(1e-9));
  claims.statistical("square-axis", "OS14", "networks with momenta in a square: $G(1)$ along an axis");
  claims.statistical("square-diagonal", "OS14", "networks with momenta in a square: $G(1)$ along a diagonal");
  claims.bound("square-found", "OS14", "networks with momenta in a square: the two differ", Side::above);
  claims.statistical("fixed-phase", "OS14",
                     "networks with $c=0$: $\\langle\\phi(x)\\phi(y)\\rangle=G(x-y)+G(x+y)$");
  claims.bound("fixed-phase-found", "OS14",
               "networks with $c=0$: the same distance elsewhere gives another value", Side::above);
  claims.statistical("disc", "OS14", "momenta in a disc: four fields less the same turned and shifted");
}

// ## The experiment, step by step
Averages compare_invariance(Report& report, double mass, std::int64_t draws) {
  Eigen::MatrixXd circle = Eigen::MatrixXd::Zero(2, 6);
  for (Eigen::Index k = 0; k < 5; ++k) circle.col(k + 1) << std::cos(angles[k]), std::sin(angles[k]);
  const Averages square = sample_square(report, "square", mass, circle, true, draws);
  const double axis = square_along_axis(mass), diagonal = square_along_diagonal(mass);
  report.compare("axis", axis, square_at_angle(mass, 0));
  report.compare("diagonal", diagonal, square_at_angle(mass, pi / 4));
  report.compare("square-axis", axis, square.mean(0));
  report.compare("square-diagonal", diagonal, square.mean(2));
  const Eigen::MatrixXd covariance = square.covariance() / static_cast<double>(square.count());
  report.compare("square-found", 0.005,
                 Estimate{square.mean(2).value - square.mean(0).value,
                          std::sqrt(covariance(0, 0) + covariance(2, 2) - 2 * covariance(0, 2))});

  // phi(x) phi(y) at x = (1/2, 0) with y = x + (1, 0), or y = x - (1, 0): the same distance
  const Eigen::MatrixXd line = (Eigen::MatrixXd(2, 3) << 0.5, 1.5, -0.5, 0, 0, 0).finished();
  const Averages fixed = sample_square(report, "fixed phases", mass, line, false, draws);
  const auto on_axis = [&](double r) {
    return 4 *
           panels(
               [&](double b) {
                 const double energy = std::sqrt(b * b + mass * mass);
                 return std::cos(b * r) / energy * std::atan(cutoff / energy);
               },
               0, cutoff) /
           (4 * pi * pi);
  };
  report.compare("fixed-phase", on_axis(1) + on_axis(2), fixed.mean(0));
  report.compare("fixed-phase-found", 0.05,
                 Estimate{fixed.mean(1).value - fixed.mean(0).value,
                          std::hypot(fixed.mean(0).standard_error, fixed.mean(1).standard_error)});
  report.compare("disc", 0, sample_turned(report, mass, draws));
  return square;
}

// ## The figure
Panel rotation_panel(double mass, const Averages& square) {
  Panel panel;
  panel.x_axis({"angle", false, -0.1, 1.67}).y_axis({"G(1)"}).legend("top left");
  std::vector<double> angle, wavy, disc, at(std::begin(angles), std::end(angles)), y, error;
  for (int i = 0; i <= 32; ++i) {
    angle.push_back(i * pi / 64);
    wavy.push_back(square_at_angle(mass, angle.back()));
    disc.push_back(cutoff_integral({2, mass, cutoff}, 1));
  }
  for (Eigen::Index k = 0; k < 5; ++k) {
    y.push_back(square.mean(k).value);
    error.push_back(square.mean(k).standard_error);
  }
  return panel.line(0, "momenta in a square", angle, wavy)
      .line(1, "momenta in a disc", angle, disc)
      .points(0, "", at, y, error);
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"nn-ft/euclidean_invariance", "5", "Does a rotation change nothing?"};
  const auto& mass =
      program.option("mass", 1., between(0.5, 2.), "mass m of the field, in units of the inverse length");
  const auto& draws = program.samples(1000000, 100000, 20000);
  program.figure("os_rotation",
                 "The propagator at distance 1 against the direction: momenta in a square know the axes, "
                 "momenta in a disc do not.");
  program.claims([&](Claims& claims) { declare(claims); });

  return program.run(argc, argv, [&](Report& report) {
    report.draw("os_rotation", {{rotation_panel(mass, compare_invariance(report, mass, draws))}});
  });
}

// ## What we found
//
// Momenta in a square know their axes: $G(1)$ is @value square-axis along one and @value square-diagonal along a diagonal. In a disc, four
// fields and the same turned and shifted differ by @value disc. With fixed phases the value at distance 1 depends on where one
// looks: @value fixed-phase at one place, and more by @value fixed-phase-found at another.
//
// @figure os_rotation
//
// @claims
//
// ## What can go wrong
//
// Correlators with an even number of fields see the phase only through $\langle e^{2ikc}\rangle$: a phase uniform on a half circle passes all
// tests of this page and is not translation invariant. The exercise
// [`phase_trap`](exercises/phase_trap/README.md) is about this.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Show that a phase on a half circle passes: exercise [`phase_trap`](exercises/phase_trap/README.md).
// 2. How does the difference between axis and diagonal vanish as the square grows?
