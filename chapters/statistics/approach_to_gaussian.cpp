// # Where does a sum of neurons become Gaussian last?
//
// Lecture §3.1 · after central_limit · about 3 s on two cores
//
// **Question.** Cumulants average over the whole distribution. Its density tells where a sum of neurons is Gaussian already
// and where it is not, and the distance between distribution functions says how close it is altogether. How fast does that
// distance shrink?
//
// ## The model
//
// The same networks at a single input as in [the central limit theorem](central_limit.cpp),
// $\phi=N^{-1/2}\sum_i X_i$, with the neurons `linear`, `relu` and `skew`.
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/histogram.hpp>
#include <fieldbook/networks/neuron_sum.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <boost/math/special_functions/bessel.hpp>
#include <cmath>
#include <map>
#include <numbers>

using namespace fieldbook;
using std::numbers::pi;

namespace {

// ## What theory says: densities
//
// For the three laws the density of $\phi$ itself is known. A sum $y$ of $k$ products of Gaussians has the
// characteristic function $(1+t^2)^{-k/2}$, the Fourier transform of a Bessel function with $\nu = (k-1)/2$,
// $$ p_k(y) = \frac{(|y|/2)^\nu K_\nu(|y|)}{\sqrt\pi\,\Gamma(k/2)}. $$
// The Bessel function overflows near $y=0$ once $\nu$ is large; there the Fourier integral converges at once instead.
double product_sum_density(int k, double y) {
  const double nu = (k - 1) / 2., distance = std::max(std::abs(y), 1e-4);
  if (k <= 60)
    return std::exp(nu * std::log(distance / 2) + std::log(boost::math::cyl_bessel_k(nu, distance)) -
                    std::lgamma(k / 2.)) /
           std::sqrt(pi);
  // Trapezoidal rule for (1/pi) int_0^inf cos(t y) (1 + t^2)^{-k/2} dt; the integrand falls to e^{-40} at the end
  const double end = std::sqrt(std::expm1(80. / k)), step = end / 400;
  double sum = 0.5;
  for (int i = 1; i <= 400; ++i)
    sum += std::cos(i * step * y) * std::exp(-k / 2. * std::log1p(i * i * step * step));
  return sum * step / pi;
}

// A ReLU network has $k$ active neurons with binomial probability, and none at all with probability $2^{-N}$: its
// density is a mixture, plus an atom of weight $2^{-N}$ at $\phi = 0$ that is easily forgotten. The skew law is a
// shifted Gamma law.
double exact_density(const std::string& law, int width, double x) {
  const double root = std::sqrt(width);
  if (law == "linear") return root * product_sum_density(width, root * x);
  if (law == "skew") {
    const double g = width + root * x;
    return g > 0 ? root * pdf(boost::math::gamma_distribution<double>(width), g) : 0;
  }
  const boost::math::binomial_distribution<double> active(width, 0.5);
  double density = 0;
  for (int k = 1; k <= width; ++k)
    if (const double weight = pdf(active, k); weight > 1e-14)
      density += weight * product_sum_density(k, x * root / std::sqrt(2.)) * root / std::sqrt(2.);
  return density;
}

double atom_at_zero(const std::string& law, int width) { return law == "relu" ? std::exp2(-width) : 0; }

// ## How close to Gaussian?
//
// The largest gap between the distribution functions, $\sup_x|F_N(x)-\Phi(x)|$, is what the theorem of Berry and Esseen
// bounds by $0.4748\,\langle|X|^3\rangle/\sqrt N$. The first term of Edgeworth's expansion says what it really
// is: $|\kappa_3|/(6\sqrt{2\pi N})$ for a skewed law, and only
// $\frac{\kappa_4}{24N}\max_x|\mathrm{He}_3(x)|\,g(x)$ for a symmetric one, $g$ being the normal density. Here it is
// computed, without any sampling, from the exact distribution functions on a fine grid.
double normal_cdf(double x) { return cdf(boost::math::normal_distribution<double>(), x); }

double distance_to_gaussian_skew(int width) {
  const boost::math::gamma_distribution<double> gamma(width);
  const int steps = 20000;
  double distance = 0;
  for (int i = 0; i <= steps; ++i) {
    const double x = -8 + 20. * i / steps, g = width + std::sqrt(width) * x;
    distance = std::max(distance, std::abs((g > 0 ? cdf(gamma, g) : 0) - normal_cdf(x)));
  }
  return distance;
}

double distance_to_gaussian_linear(int width) {
  // By symmetry F(0) = 1/2; integrate from there with Simpson's rule on every step
  const auto density = [&](double x) { return exact_density("linear", width, x); };
  const double step = 1e-3;
  double cumulative = 0.5, distance = 0, left = density(0);
  for (int i = 1; i <= 6000; ++i) {
    const double x = i * step, right = density(x);
    cumulative += step / 6 * (left + 4 * density(x - step / 2) + right);
    left = right;
    distance = std::max(distance, std::abs(cumulative - normal_cdf(x)));
  }
  return distance;
}

double berry_esseen_bound(int width) {
  const double third_absolute_moment = 12 / std::numbers::e - 2;  // <|E - 1|^3>
  return 0.4748 * third_absolute_moment / std::sqrt(width);
}

double symmetric_gap_constant() {
  // max |He_3(x)| g(x) lies where He_4 vanishes, at x^2 = 3 - sqrt 6
  const double x = std::sqrt(3 - std::sqrt(6.));
  return std::abs(x * x * x - 3 * x) * std::exp(-x * x / 2) / std::sqrt(2 * pi) / 24;
}

// ## What networks do
Histogram sample_densities(Report& report, const std::string& law, int width, std::int64_t draws) {
  return merged(sample_blocks(report, fmt::format("{} networks of width {}", law, width), draws,
                              Histogram{-4, 4, 80}, [&](Block block, Histogram& histogram) {
                                NeuronSum network{law, width, report.seed()};
                                std::vector<double> values;
                                for (std::uint64_t draw = block.first; draw < block.last; ++draw)
                                  values.push_back(network(draw));
                                histogram.add(values);
                              }));
}

// A histogram is compared with the exact density by Pearson's $\chi^2$. Bins with fewer than 20 expected networks, and
// what lies outside, are pooled; the bin that contains zero owns the atom of the ReLU network.
double density_p_value(const std::string& law, int width, const Histogram& histogram) {
  boost::math::quadrature::tanh_sinh<double> integrator;
  const auto total = static_cast<double>(histogram.total());
  double chi_square = 0, rest_expected = total, rest_counted = total;
  int cells = 0;
  for (std::size_t bin = 0; bin < histogram.bins(); ++bin) {
    const double low = histogram.centre(bin) - histogram.bin_width() / 2, high = low + histogram.bin_width();
    const bool holds_zero = std::abs(low) < 1e-9;
    const double expected =
        total *
        (integrator.integrate([&](double x) { return exact_density(law, width, x); }, low, high, 1e-7) +
         (holds_zero ? atom_at_zero(law, width) : 0));
    if (expected < 20) continue;
    const auto counted = static_cast<double>(histogram.count(bin));
    chi_square += (counted - expected) * (counted - expected) / expected;
    rest_expected -= expected;
    rest_counted -= counted;
    ++cells;
  }
  if (rest_expected >= 20) {
    chi_square += (rest_counted - rest_expected) * (rest_counted - rest_expected) / rest_expected;
    ++cells;
  }
  return cdf(complement(boost::math::chi_squared_distribution<double>(cells - 1), chi_square));
}

// ## The claims
std::string density_id(const std::string& law, int width) { return fmt::format("density-{}-{}", law, width); }

void declare(Claims& claims, const std::vector<std::string>& laws, const std::vector<int>& widths) {
  for (const std::string& law : laws)
    for (const int width : widths)
      claims.bound(
          density_id(law, width), "CL-7",
          fmt::format("the histogram of {} networks of width {} follows the exact density: $p$-value of "
                      "Pearson's $\\chi^2$ above that of five sigma",
                      law, width),
          Side::above);
  claims.exact("gap-skew-1024", "CL-4",
               "$\\sqrt N\\sup|F-\\Phi|$ is $1/(3\\sqrt{2\\pi})$ for the skew law, $N=1024$", absolute(1e-4));
  claims.exact(
      "gap-linear-64", "CL-5",
      "$N\\sup|F-\\Phi|$ is $\\frac{\\kappa_4}{24}\\max|\\mathrm{He}_3|g$ for the linear law, $N=64$",
      relative(2e-3));
  for (int width = 4; width <= 1024; width *= 4)
    claims.bound(fmt::format("berry-esseen-{}", width), "CL-6",
                 fmt::format("the skew law keeps the bound of Berry and Esseen at width {}", width),
                 Side::below);
  claims.exact("relu-density-mass-16", "CL-7",
               "density and atom of the ReLU network of width 16 add up to one", absolute(1e-6));
  claims.exact("relu-density-kappa-4-16", "CL-7", "the fourth cumulant of that density is $15/16$",
               absolute(1e-6));
}

// ## The experiment: what needs no sampling
void compare_gaps(Report& report) {
  report.compare("gap-skew-1024", 1 / (3 * std::sqrt(2 * pi)), 32 * distance_to_gaussian_skew(1024));
  report.compare("gap-linear-64", 6 * symmetric_gap_constant(), 64 * distance_to_gaussian_linear(64));
  for (int width = 4; width <= 1024; width *= 4)
    report.compare(fmt::format("berry-esseen-{}", width), berry_esseen_bound(width),
                   distance_to_gaussian_skew(width));
}

void compare_relu_moments(Report& report) {
  boost::math::quadrature::tanh_sinh<double> integrator;
  const auto moment = [&](int power) {
    const auto integrand = [&](double x) { return std::pow(x, power) * exact_density("relu", 16, x); };
    return 2 * integrator.integrate(integrand, 0., 20.);
  };
  report.compare("relu-density-mass-16", 1, moment(0) + atom_at_zero("relu", 16));
  report.compare("relu-density-kappa-4-16", 15. / 16, moment(4) - 3 * moment(2) * moment(2));
}

// ## The figures
Panel density_panel(const std::string& law, const std::vector<int>& widths,
                    const std::map<int, Histogram>& sampled) {
  Panel panel{fmt::format("{} neurons", law)};
  panel.x_axis({"φ", false, -4, 4}).y_axis({"density", true, 1e-5, 4}).legend("bottom center");
  std::vector<double> grid, gaussian;
  for (int i = -64; i < 64; ++i) grid.push_back((i + 0.5) / 16);
  for (const double x : grid) gaussian.push_back(pdf(boost::math::normal_distribution<double>(), x));
  for (std::size_t k = 0; k < widths.size(); ++k) {
    std::vector<double> x, y, curve_x, curve;
    const Histogram& histogram = sampled.at(widths[k]);
    const double unit = static_cast<double>(histogram.total()) * histogram.bin_width();
    for (std::size_t bin = 0; bin < histogram.bins(); ++bin)
      if (const auto count = static_cast<double>(histogram.count(bin)); count >= 10) {
        x.push_back(histogram.centre(bin));
        y.push_back(count / unit);
      }
    for (const double point : grid)
      if (const double density = exact_density(law, widths[k], point); density > 1e-6) {
        curve_x.push_back(point);
        curve.push_back(density);
      }
    panel.points(static_cast<int>(k), "", x, y);
    panel.line(static_cast<int>(k), fmt::format("N = {}", widths[k]), curve_x, curve);
  }
  return panel.guide("Gaussian", grid, gaussian);
}

Figure distance_figure() {
  std::vector<double> n, skew, skew_theory, bound, m, linear, linear_theory;
  for (int width = 1; width <= 1024; width *= 2) {
    n.push_back(width);
    skew.push_back(distance_to_gaussian_skew(width));
    skew_theory.push_back(1 / (3 * std::sqrt(2 * pi * width)));
    bound.push_back(berry_esseen_bound(width));
    if (width > 64) continue;
    m.push_back(width);
    linear.push_back(distance_to_gaussian_linear(width));
    linear_theory.push_back(6 * symmetric_gap_constant() / width);
  }
  Panel panel;
  panel.x_axis({"width N", true, 1, 1024})
      .y_axis({"largest gap between distribution functions", true})
      .legend("bottom left");
  panel.guide("Berry-Esseen bound", n, bound);
  panel.line(0, "skew, first order: N^{-1/2}", n, skew_theory).points(0, "skew, exact", n, skew);
  panel.line(1, "linear, first order: N^{-1}", m, linear_theory).points(1, "linear, exact", m, linear);
  return {{panel}};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"statistics/approach_to_gaussian", "3.1",
                  "Where does a sum of neurons become Gaussian last?"};
  const auto& laws =
      program.choices("laws", {"linear", "relu", "skew"}, {"linear", "relu", "skew"}, "laws of one neuron");
  const auto& widths =
      program.list("widths", std::vector{1, 4, 16, 64}, between(1, 256), "widths N", "neurons");
  const auto& draws = program.samples(1000000, 100000, 1024);
  program.figure("clt_density",
                 "Sampled densities (points) on the exact ones (lines), on a logarithmic scale. The centre "
                 "is Gaussian at "
                 "once; the tails, and the spike of silent ReLU networks at zero, come last.");
  program.figure("clt_ks",
                 "The largest gap between the distribution function and the normal one: $N^{-1/2}$ with a "
                 "third cumulant, "
                 "$N^{-1}$ without, and the bound of Berry and Esseen an order of magnitude above.");
  program.claims([&](Claims& claims) { declare(claims, laws, widths); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. What needs no sampling
    compare_gaps(report);
    compare_relu_moments(report);

    // 2. Sample every law at every width, and compare with the exact density
    Figure density{{}, 3, 420, 420};
    for (const std::string& law : laws) {
      std::map<int, Histogram> sampled;
      for (const int width : widths) {
        const Histogram& histogram =
            sampled.emplace(width, sample_densities(report, law, width, draws)).first->second;
        report.compare(density_id(law, width), five_sigma_p_value, density_p_value(law, width, histogram));
      }
      density.panels.push_back(density_panel(law, widths, sampled));
    }

    // 3. Draw
    report.draw("clt_density", density);
    report.draw("clt_ks", distance_figure());
  });
}

// ## What we found
//
// @figure clt_density
//
// The theorem works from the inside out. At $N=4$ the density of a linear network is a quarter too high at the centre,
// but ten times too high four standard deviations out; these tails are what the cumulants measure.
//
// @figure clt_ks
//
// In the distribution function, a third cumulant costs $N^{-1/2}$ and a fourth $N^{-1}$. At width 1024 the skew law has
// $\sqrt N\sup|F-\Phi| =$ @value gap-skew-1024, where the first term of Edgeworth's expansion says @predicted gap-skew-1024.
// The bound of Berry and Esseen holds and is generous: it allows @predicted berry-esseen-64 at width 64, where the gap is
// @value berry-esseen-64.
//
// @claims
//
// ## What can go wrong
//
// The density of a ReLU network has an atom at zero, which a histogram shows only as one bin that is too high, and which an
// integral of the density misses: the mass outside of the atom of width 16 is short of one by $2^{-16}$. The Bessel function
// overflows for wide networks near zero. A $p$-value needs some twenty expected networks in every bin.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. At which width would the bound of Berry and Esseen first promise a gap below one per cent? At which width is it there?
// 2. Forget the atom of the ReLU network, in `atom_at_zero`, and run this page. Which claims notice, and at which widths?
