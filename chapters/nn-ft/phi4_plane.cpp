// # Do networks and an ordinary lattice simulation agree in two dimensions?
//
// Lecture §5 · after phi4_widths · about 5 s on two cores
//
// **Question.** In two dimensions no transfer matrix helps. Is the theory of deformed networks the $\phi^4$ theory that a lattice
// field theorist would simulate?
//
// ## The model
//
// A periodic $L\times L$ lattice of unit spacing with the action $S=\sum_x[\frac12\phi(-\Delta+m^2)\phi+\frac\lambda{4!}\phi^4]$. The free
// part is a network of $N$ plane waves with momenta on the reciprocal lattice,
// $$ \phi(x)=\sqrt{\frac{2G(0)}N}\sum_i\cos(k_i\cdot x+c_i),\qquad P_k\propto\frac1{m^2+2(1-\cos k_1)+2(1-\cos k_2)}, $$
// whose parameters get the weight $e^{-\sum_x\lambda\phi^4/4!}$. Infinite width is the lattice theory, exactly.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/lattice_chain.hpp>
#include <fieldbook/ensembles/wave_ensemble.hpp>
#include <fieldbook/ensembles/wave_fields.hpp>
#include <fieldbook/fields/periodic_field.hpp>
#include <fieldbook/numerics/decompositions.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>

#include <cmath>
#include <memory>

using namespace fieldbook;

namespace {

// ## What theory says
//
// The propagator is a sum over momenta, and it is the inverse of a matrix: two routes. To first order the coupling shifts the mass
// and makes an interaction,
// $$ \frac{dG(x)}{d\lambda}=-\tfrac12G(0)\sum_yG(y)G(x-y),\qquad \frac{d\kappa_4(x_1\dots x_4)}{d\lambda}=-\sum_y\prod_iG(x_i-y). $$
// At finite width there are corrections in $1/N$ (`two_point_slope`).
Eigen::MatrixXd dense_propagator(double mass2, int side) {
  Eigen::MatrixXd action = Eigen::MatrixXd::Identity(side * side, side * side) * (mass2 + 4);
  for (int x = 0; x < side * side; ++x) {
    const int column = x % side, row = x / side;
    for (const int neighbour :
         {(column + 1) % side + side * row, (column + side - 1) % side + side * row,
          column + side * ((row + 1) % side), column + side * ((row + side - 1) % side)})
      action(x, neighbour) -= 1;
  }
  return action.llt().solve(Eigen::MatrixXd::Identity(side * side, side * side));
}

double slope_from_matrix(const Eigen::MatrixXd& g, int x) { return -g(0, 0) / 2 * g.row(0).dot(g.row(x)); }

double vertex_from_matrix(const Eigen::MatrixXd& g, int x) {
  return -g.row(0).cwiseAbs2().dot(g.row(x).cwiseAbs2());
}

// ## What networks do, and what the lattice does
//
// Networks are sampled by the chain over neurons, as in one dimension. The lattice simulation moves the field itself, site by site,
// and knows nothing of neurons (`LatticeChain`).
struct Measured {
  Estimate square, neighbour, fourth_cumulant;
};

Measured sample_networks(Report& report, const PeriodicField& free, double lambda, int width,
                         std::int64_t updates) {
  const std::string stage = fmt::format("networks of width {}", width);
  const PeriodicGrid grid{2, free.sites_per_direction};
  const auto network = std::make_shared<const WaveNetwork>(WaveNetwork::random_momenta(
      grid, free.spectrum, 0, AmplitudeLaw::constant, width, report.seed(), stage));
  const InteractingEnsemble ensemble =
      sample_interacting(report, stage, report.seed(), network, {0, lambda / 24},
                         {grid.shifted(0, 1), grid.shifted(1, 1)}, updates / width);
  return {ensemble.square(),
          over_bins(ensemble.bins, [](const Eigen::VectorXd& mean) { return (mean[2] + mean[3]) / 2; }),
          ensemble.fourth_cumulant()};
}

Measured sample_lattice(Report& report, int side, double mass2, double lambda, std::int64_t sweeps) {
  const auto bins =
      bins_of(run_ensemble(report, "lattice", sweeps, LatticeChain::observables(), [&](std::uint64_t c) {
        return LatticeChain{side, mass2, lambda, 1.44, report.seed(), c};
      }));
  return {over_bins(bins, [](const Eigen::VectorXd& mean) { return mean[0]; }),
          over_bins(bins, [](const Eigen::VectorXd& mean) { return mean[2]; }),
          over_bins(bins, [](const Eigen::VectorXd& mean) { return mean[1] - 3 * mean[0] * mean[0]; })};
}

// The first order is also a covariance at $\lambda=0$: of free fields, with $\sum\phi^4$. Gaussian fields are made from a root of the
// dense propagator, networks from their neurons. Besides products of two the observables are
// $\phi_0^2\phi_x^2-G(0)(\phi_0^2+\phi_x^2)-4G(x)\phi_0\phi_x$, whose derivative is that of $\kappa_4(0,0,x,x)$.
struct FreeFields {
  Eigen::MatrixXd propagator;
  std::vector<std::vector<std::size_t>> shifts;  // x = 0, 1, ... in the first direction, then in the second

  Eigen::Index distances() const { return static_cast<Eigen::Index>(shifts.size() / 2); }

  template <class Field>
  void add(const Field& phi, Averages& averages) const {
    Eigen::VectorXd observed = Eigen::VectorXd::Zero(2 * distances() + 1);
    const auto sites = static_cast<std::size_t>(propagator.rows());
    for (std::size_t s = 0; s < shifts.size(); ++s) {
      const Eigen::Index at = static_cast<Eigen::Index>(s) % distances();
      const double g0 = propagator(0, 0), gx = propagator(0, at);
      double pair = 0, vertex = 0;
      for (std::size_t x = 0; x < sites; ++x) {
        const double a = phi[x], b = phi[shifts[s][x]];
        pair += a * b;
        vertex += a * a * b * b - g0 * (a * a + b * b) - 4 * gx * a * b;
      }
      observed[at] += pair / (2. * static_cast<double>(sites));
      observed[distances() + at] += vertex / (2. * static_cast<double>(sites));
    }
    for (std::size_t x = 0; x < sites; ++x)
      observed[2 * distances()] += std::pow(static_cast<double>(phi[x]), 4);
    averages.add(observed);
  }

  // -(1/24) times the covariance of an observable with the sum of fourth powers
  Estimate slope(const std::vector<Averages>& blocks, Eigen::Index observable) const {
    return jackknife(blocks, [&](const Averages& averages) {
      return -averages.covariance()(observable, 2 * distances()) / 24;
    });
  }
};

FreeFields free_fields(double mass2, int side) {
  const PeriodicGrid grid{2, side};
  FreeFields fields{dense_propagator(mass2, side), {}};
  for (const int direction : {0, 1})
    for (int x = 0; x <= side / 2; ++x) fields.shifts.push_back(grid.shifted(direction, x));
  return fields;
}

std::vector<Averages> sample_gaussian(Report& report, const FreeFields& fields, std::int64_t draws) {
  const Eigen::MatrixXd root = fields.propagator.llt().matrixL();
  const Stream normals{report.seed(), "Gaussian fields"};
  return sample_blocks(report, "Gaussian fields", draws, Averages{2 * fields.distances() + 1},
                       [&](Block block, Averages& averages) {
                         Eigen::VectorXd z(root.rows());
                         for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
                           normals.normals(draw, std::span{z.data(), static_cast<std::size_t>(z.size())});
                           const Eigen::VectorXd phi = root.triangularView<Eigen::Lower>() * z;
                           fields.add(phi.data(), averages);
                         }
                       });
}

std::vector<Averages> sample_free_networks(Report& report, const FreeFields& fields,
                                           const PeriodicField& free, int width, std::int64_t draws) {
  const std::string stage = fmt::format("free networks of width {}", width);
  const PeriodicGrid grid{2, free.sites_per_direction};
  const WaveNetwork network = WaveNetwork::random_momenta(grid, free.spectrum, 0, AmplitudeLaw::constant,
                                                          width, report.seed(), stage);
  return sample_fields(
      report, stage, network, draws, Averages{2 * fields.distances() + 1},
      [&](std::span<const float> phi, Averages& averages) { fields.add(phi.data(), averages); });
}

// ## The claims
const std::vector<int> widths{16, 32, 64, 128};
const char* const observables[] = {"square", "neighbour", "fourth-cumulant"};
const WeightMoments constant{1, 1, 1}, gauss{1, 3, 15};

void declare(Claims& claims) {
  for (int x = 0; x <= 2; ++x) {
    claims.exact(fmt::format("propagator-{}", x), "PP1",
                 fmt::format("$G({},0)$: sum over momenta, and inverse matrix", x), absolute(1e-10));
    claims.exact(fmt::format("slope-{}", x), "PP2",
                 fmt::format("$dG({},0)/d\\lambda$ at infinite width: momenta, and matrix", x),
                 absolute(1e-10));
    for (const int width : {4, 16})
      claims.exact(fmt::format("slope-{}-width-{}", x, width), "PP3",
                   fmt::format("$dG({},0)/d\\lambda$ at $N={}$: by partitions, and by cumulants", x, width),
                   absolute(1e-10));
  }
  for (int x = 0; x <= 1; ++x) {
    claims.statistical(fmt::format("gaussian-slope-{}", x), "PP2",
                       fmt::format("$dG({},0)/d\\lambda$ of Gaussian fields", x));
    claims.statistical(fmt::format("gaussian-vertex-{}", x), "PP2",
                       fmt::format("$d\\kappa_4(0,0,x,x)/d\\lambda$ of Gaussian fields at distance {}", x));
    claims.statistical(fmt::format("network-slope-{}", x), "PP3",
                       fmt::format("$dG({},0)/d\\lambda$ of networks of width 16", x));
  }
  for (const char* observable : observables)
    claims.statistical(fmt::format("limit-{}", observable), "PP4",
                       fmt::format("networks continued to infinite width and the lattice: {}", observable));
  claims.scaling("decay-of-the-bias", "PP5",
                 "the bias of the fourth cumulant at $N=16,32,64$ falls as $N^{-1}$", 0.1);
  claims.exact("gauss-slope", "PP6", "gauss, $N=16$: $dG(0,0)/d\\lambda$ by partitions, and by cumulants",
               absolute(1e-10));
  claims.bound("gauss-is-worse", "PP6",
               "gauss, $N=16$: its distance from infinite width is above that of constant amplitudes",
               Side::above);
}

// ## The experiment, step by step
void compare_exact(Report& report, const PeriodicField& free, const FreeFields& fields) {
  for (int x = 0; x <= 2; ++x) {
    report.compare(fmt::format("propagator-{}", x), free.propagator[x], fields.propagator(0, x));
    report.compare(fmt::format("slope-{}", x), two_point_slope(free, x),
                   slope_from_matrix(fields.propagator, x));
    for (const int width : {4, 16})
      report.compare(fmt::format("slope-{}-width-{}", x, width), two_point_slope(free, 0, x, width, constant),
                     two_point_slope_by_cumulants(free, 0, x, width, constant));
  }
  const double gauss_slope = two_point_slope(free, 0, 0, 16, gauss), limit = two_point_slope(free, 0);
  report.compare("gauss-slope", gauss_slope, two_point_slope_by_cumulants(free, 0, 0, 16, gauss));
  report.compare("gauss-is-worse", std::abs(two_point_slope(free, 0, 0, 16, constant) - limit),
                 std::abs(gauss_slope - limit));
}

void compare_first_order(Report& report, const PeriodicField& free, const FreeFields& fields,
                         const std::vector<Averages>& gaussian, std::int64_t draws) {
  const auto networks = sample_free_networks(report, fields, free, 16, draws);
  for (int x = 0; x <= 1; ++x) {
    report.compare(fmt::format("gaussian-slope-{}", x), two_point_slope(free, x), fields.slope(gaussian, x));
    report.compare(fmt::format("gaussian-vertex-{}", x), vertex_from_matrix(fields.propagator, x),
                   fields.slope(gaussian, fields.distances() + x));
    report.compare(fmt::format("network-slope-{}", x), two_point_slope(free, 0, x, 16, constant),
                   fields.slope(networks, x));
  }
}

std::vector<Estimate> column(const std::vector<Measured>& all, Estimate Measured::*what) {
  std::vector<Estimate> values;
  for (const Measured& measured : all) values.push_back(measured.*what);
  return values;
}

Estimate Measured::*const members[] = {&Measured::square, &Measured::neighbour, &Measured::fourth_cumulant};

void compare_limits(Report& report, const std::vector<Measured>& networks, const Measured& lattice) {
  const std::vector<double> n(widths.begin(), widths.end());
  for (std::size_t i = 0; i < 3; ++i)
    report.compare(fmt::format("limit-{}", observables[i]), lattice.*members[i],
                   fit_inverse_powers(n, column(networks, members[i]), 2)[0]);
  std::vector<Estimate> bias;
  for (std::size_t i = 0; i < 3; ++i)
    bias.emplace_back(
        networks[i].fourth_cumulant.value - lattice.fourth_cumulant.value,
        std::hypot(networks[i].fourth_cumulant.standard_error, lattice.fourth_cumulant.standard_error));
  report.compare("decay-of-the-bias", -1, fit_power_law(std::span{n}.first(3), bias)[1]);
}

// ## The figures
Figure limits_figure(const std::vector<Measured>& networks, const Measured& lattice) {
  Figure figure{{}, 3, 340, 320};
  const char* const labels[] = {"<φ^2>", "G(1)", "<φ^4> - 3 <φ^2>^2"};
  for (std::size_t i = 0; i < 3; ++i) {
    std::vector<double> x, y, error;
    for (std::size_t k = 0; k < widths.size(); ++k) {
      x.push_back(100. / widths[k]);
      y.push_back((networks[k].*members[i]).value);
      error.push_back((networks[k].*members[i]).standard_error);
    }
    const Estimate limit = lattice.*members[i];
    const double low = limit.value - limit.standard_error, high = limit.value + limit.standard_error;
    Panel panel;
    panel.x_axis({"100/N", false, -0.4, 7}).y_axis({labels[i]}).legend(i == 2 ? "bottom left" : "top left");
    figure.panels.push_back(
        panel.band(1, "lattice", {-0.4, 7}, {low, low}, {high, high}).points(0, "networks", x, y, error));
  }
  return figure;
}

Figure first_order_figure(const PeriodicField& free, const FreeFields& fields,
                          const std::vector<Averages>& gaussian) {
  Panel slope, vertex;
  slope.x_axis({"distance x"}).y_axis({"dG(x)/dλ"}).legend("bottom right");
  vertex.x_axis({"distance x"}).y_axis({"dκ_4(0, 0, x, x)/dλ"}).legend("bottom right");
  std::vector<double> x, line, at, error, vertex_line, vertex_at, vertex_error;
  for (Eigen::Index i = 0; i < fields.distances(); ++i) {
    const Estimate s = fields.slope(gaussian, i), v = fields.slope(gaussian, fields.distances() + i);
    x.push_back(static_cast<double>(i));
    line.push_back(two_point_slope(free, static_cast<int>(i)));
    at.push_back(s.value);
    error.push_back(s.standard_error);
    vertex_line.push_back(vertex_from_matrix(fields.propagator, static_cast<int>(i)));
    vertex_at.push_back(v.value);
    vertex_error.push_back(v.standard_error);
  }
  return {{slope.line(0, "first order", x, line).points(0, "Gaussian fields", x, at, error),
           vertex.line(0, "first order", x, vertex_line)
               .points(0, "Gaussian fields", x, vertex_at, vertex_error)},
          2,
          420,
          340};
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"nn-ft/phi4_plane", "5",
                  "Do networks and an ordinary lattice simulation agree in two dimensions?"};
  const auto& side = program.option("side", 8, between(4, 12), "L, sites in each direction", "sites");
  const auto& mass2 = program.option("mass2", 0.5, between(0.3, 2.), "m^2 in lattice units");
  const auto& lambda = program.option("lambda", 1., between(0.2, 2.), "coupling of phi^4/4!");
  const auto& updates = program.samples(24000000, 3200000, 1600000);
  program.figure("pp_extrap",
                 "Networks of four widths, and the band of the lattice simulation that they approach.");
  program.figure("pp_slope",
                 "First order in the coupling, of the propagator and of the interaction at two points: sums "
                 "over the lattice, and "
                 "covariances of free fields.");
  program.claims([&](Claims& claims) { declare(claims); });

  return program.run(argc, argv, [&](Report& report) {
    const PeriodicField free = torus_field(mass2, side);
    const FreeFields fields = free_fields(mass2, side);
    compare_exact(report, free, fields);
    const auto gaussian = sample_gaussian(report, fields, updates / 40);
    compare_first_order(report, free, fields, gaussian, updates / 40);
    std::vector<Measured> networks;
    for (const int width : widths) networks.push_back(sample_networks(report, free, lambda, width, updates));
    const Measured lattice = sample_lattice(report, side, mass2, lambda, updates / 16);
    compare_limits(report, networks, lattice);
    report.draw("pp_extrap", limits_figure(networks, lattice));
    report.draw("pp_slope", first_order_figure(free, fields, gaussian));
  });
}

// ## What we found
//
// Continued to infinite width, networks have $\langle\phi^2\rangle=$ @value limit-square and the lattice simulation has
// @predicted limit-square. The fourth cumulant, @value limit-fourth-cumulant against @predicted limit-fourth-cumulant, is the harder test: at
// $N=16$ it is almost twice as large, most of it the networks' own interaction.
//
// @figure pp_extrap
//
// First-order perturbation theory is a covariance at $\lambda=0$, and Gaussian fields confirm it:
// $dG(0)/d\lambda=$ @value gaussian-slope-0, exactly @predicted gaussian-slope-0. Networks of width 16 have @value network-slope-0.
//
// @figure pp_slope
//
// @claims
//
// ## What can go wrong
//
// Two samplers that share a mistake agree: these share the Laplacian's normalisation only through the claim on the propagator, which has
// its own two routes. Local observables are compared on purpose: the fourth cumulant of the zero mode is dominated at $N=16$ by the
// one wave that is constant on the torus.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Predict $\kappa_4$ at $N=16$ to first order in $\lambda$ and in $1/N$, and compare with the figure.
// 2. Which width makes the networks' own interaction as small as the error of the lattice simulation?
