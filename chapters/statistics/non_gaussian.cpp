// # What are the interactions of a finite network?
//
// Lecture §3.2 · after nngp · about 1 s on two cores
//
// **Question.** At finite width a network is not a Gaussian field. Its connected correlators of four and six points are its
// interactions: what are they exactly, how do they fall with the width, and how does one measure something that small?
//
// ## The model
//
// The neuron of this program is a cosine with a random phase: no kinks, no saturation, and every moment in closed form,
// $$ \phi(x) = \frac{1}{\sqrt N}\sum_{i=1}^N w_i f_i(x), \qquad f_i(x) = \sqrt2\cos(b_i x + c_i), $$
// with $w_i\sim\mathcal N(0,1)$, $b_i\sim\mathcal N(0,s)$ and $c_i$ uniform on a circle. We look at it at four points.
#include <fieldbook/ensembles/connected.hpp>
#include <fieldbook/ensembles/feature_ensemble.hpp>
#include <fieldbook/ensembles/jackknife.hpp>
#include <fieldbook/kernels/neuron_moments.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <cmath>

using namespace fieldbook;

namespace {

// ## What theory says
//
// Cumulants of independent neurons add. So the connected functions of the network are those of a single neuron $w f(x)$, times
// $N\cdot N^{-n/2}$, for every $N$:
// $$ G^{(4)}_c = \frac1N\Bigl[\mu_4F_{1234}-\mu_2^2(F_{12}F_{34}+F_{13}F_{24}+F_{14}F_{23})\Bigr], $$
// $$ G^{(6)}_c = \frac1{N^2}\Bigl[\mu_6F_{123456}-\mu_4\mu_2\sum_{15}F_{abcd}F_{ef}+2\mu_2^3\sum_{15}F_{ab}F_{cd}F_{ef}\Bigr], $$
// where $F_{1\dots k}=\langle f(x_1)\cdots f(x_k)\rangle$ is a moment of the hidden layer and $\mu_k$ one of an output weight
// (1, 3 and 15 here). For the cosine, a product of $k$ of them is a sum over signs, of which the phase keeps the neutral ones:
// $F_{1\dots k}=2^{-k/2}\sum_{\epsilon,\,\sum\epsilon=0}e^{-s(\epsilon\cdot x)^2/2}$. A second neuron, the `Gauss-net` of §3.4,
// $f(x)=e^{b\cdot x-s|x|^2}$, has the same two-point function $e^{-s|x-y|^2/2}$ and other interactions.
Eigen::MatrixXd on_a_line(const std::vector<double>& x) {
  return Eigen::Map<const Eigen::RowVectorXd>(x.data(), static_cast<Eigen::Index>(x.size()));
}

double predicted_vertex(double variance, const Eigen::MatrixXd& points, int width) {
  return neuron_cumulant(cos_net_moment(variance, points), 4) / width;
}

// The six-point function is looked at in the plane.
constexpr double plane_variance = 0.2;
constexpr int six_point_width = 5;

Eigen::MatrixXd six_points(double scale) {
  Eigen::MatrixXd points(2, 6);
  points << 0.3, -0.2, 0.6, 0.1, -0.5, 0.4,  //
      0.1, 0.5, -0.4, 0.2, -0.3, 0.4;
  return scale * points;
}

struct SixPointCase {
  const char* net;
  FeatureLaw law;
  Eigen::MatrixXd points;
  NeuronMoment moment;
};

std::vector<SixPointCase> six_point_cases() {
  const Eigen::MatrixXd near = six_points(1), far = six_points(3);
  return {{"cos", CosFeatures{plane_variance}, far, cos_net_moment(plane_variance, far)},
          {"gauss", GaussFeatures{plane_variance}, near, gauss_net_moment(plane_variance, near)}};
}

// ## What networks do: two estimators
//
// The obvious estimator takes the outputs and subtracts the products of two-point functions from the four-point function,
// $\langle1234\rangle-\langle12\rangle\langle34\rangle-\dots$ (`NaiveFour`; the product of two sample means needs a correction
// to be unbiased). Its signal falls like $1/N$ and its noise does not. The other one uses that, given the hidden layer, the
// network is a Gaussian of covariance $C_{ab}=\frac1N\sum_i f_i(x_a)f_i(x_b)$. The law of total cumulance then gives
// $$ G^{(4)}_c = \mathrm{Cov}(C_{12},C_{34})+\mathrm{Cov}(C_{13},C_{24})+\mathrm{Cov}(C_{14},C_{23}), $$
// and the average over the output weights is exact (`ConditionalFour`): its noise falls like $1/N$, as the signal does. For
// six points it is the third joint cumulant of the $C$, over fifteen pairings (`ConditionalSix`).
template <class Estimator>
Estimate measure_conditionally(Report& report, const FeatureEnsemble& ensemble, const std::string& stage) {
  return sample_features(report, stage, report.seed(), ensemble, Estimator{}).estimate();
}

std::vector<NaiveFour> naive_blocks(Report& report, const FeatureEnsemble& ensemble,
                                    const std::string& stage) {
  return sample_blocks(report, stage, ensemble.draws, NaiveFour{}, [&](Block block, NaiveFour& estimator) {
    RandomFeatures<float> networks{ensemble.law, static_cast<int>(ensemble.points.rows()), ensemble.width,
                                   report.seed(), stage};
    for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
      const std::vector<double> phi = networks.outputs(draw, ensemble.points);
      estimator.add({phi[0], phi[1], phi[2], phi[3]});
    }
  });
}

// ## The claims
constexpr int narrowest_of_slope = 16;
constexpr std::int64_t draws_of_a_figure = 8000, draws_of_an_error = 100000;

// The slope is fitted to the three widest ensembles, so these must be wide enough for the leading power.
bool shows_slope(const std::vector<int>& widths) {
  return std::count_if(widths.begin(), widths.end(), [](int width) { return width >= narrowest_of_slope; }) >=
         3;
}

void declare(Claims& claims, const std::vector<int>& widths) {
  for (const int width : widths)
    claims
        .statistical(fmt::format("vertex-{}", width), "NG-1",
                     fmt::format("$N G^{{(4)}}_c$ of networks of width {} is that of one neuron", width))
        .independent();
  claims
      .statistical("vertex-naive", "NG-2",
                   fmt::format("the naive estimator finds the same $G^{{(4)}}_c$ at width {}",
                               *std::min_element(widths.begin(), widths.end())))
      .independent();
  for (const auto& [which, exponent, tolerance] :
       {std::tuple{"conditional", "0", 0.1}, std::tuple{"naive", "1", 0.15}}) {
    const std::string id = fmt::format("error-growth-{}", which);
    if (shows_slope(widths))
      claims.scaling(id, "NG-3",
                     fmt::format("the relative error of the {} estimator grows like $N^{}$", which, exponent),
                     tolerance);
    else
      claims.leave_out(id, "NG-3", fmt::format("needs three widths of {} or more", narrowest_of_slope));
  }
  for (const SixPointCase& six : six_point_cases())
    claims
        .statistical(
            fmt::format("six-point-{}", six.net), "NG-4",
            fmt::format("$G^{{(6)}}_c$ of a {}-net of width {} in the plane", six.net, six_point_width))
        .independent();
}

// ## The experiment, step by step
//
// How the error grows: both estimators on ensembles of the same size at every width. The standard error is itself an estimate, and
// a noisy one where products of four outputs have heavy tails. So these ensembles have a size of their own, whatever `--samples` says,
// and the jackknife over blocks gives the standard error an error bar. A power is fitted to the three widest ensembles.
struct RelativeErrors {
  std::vector<double> widths;
  std::vector<Estimate> conditional, naive;
};

template <class Estimator>
Estimate relative_error(const std::vector<Estimator>& blocks, double exact) {
  return jackknife(blocks, [](const Estimator& all) { return all.estimate().standard_error; })
      .times(1 / std::abs(exact));
}

RelativeErrors measure_errors(Report& report, double variance, const Eigen::MatrixXd& points,
                              std::vector<int> widths) {
  std::sort(widths.begin(), widths.end());
  RelativeErrors errors;
  for (const int width : widths) {
    const FeatureEnsemble ensemble{CosFeatures{variance}, points, width, draws_of_an_error};
    const double exact = predicted_vertex(variance, points, width);
    errors.widths.push_back(width);
    errors.conditional.push_back(
        relative_error(sample_feature_blocks(report, fmt::format("conditional errors, width {}", width),
                                             report.seed(), ensemble, ConditionalFour{}),
                       exact));
    errors.naive.push_back(
        relative_error(naive_blocks(report, ensemble, fmt::format("naive errors, width {}", width)), exact));
  }
  return errors;
}

Estimate slope_of_last_three(const std::vector<double>& x, const std::vector<Estimate>& y) {
  return fit_power_law(std::span{x}.last(3), std::span{y}.last(3))[1];
}

// ## The figures
//
// One point of the vertex moves, the others stay.
Panel vertex_panel(Report& report, double variance, const Eigen::MatrixXd& points, int width) {
  Panel panel;
  panel.x_axis({"fourth point x_4", false, -4, 4}).y_axis({"N G_c^{(4)}"}).legend("bottom center");
  const auto moved = [&](double x) {
    Eigen::MatrixXd four = points;
    four(0, 3) = x;
    return four;
  };
  std::vector<double> x, exact, sampled_x, sampled, error;
  for (int i = -80; i <= 80; ++i) {
    x.push_back(i / 20.);
    exact.push_back(neuron_cumulant(cos_net_moment(variance, moved(x.back())), 4));
  }
  for (int i = -7; i <= 7; ++i) {
    sampled_x.push_back(i / 2.);
    const Estimate vertex =
        measure_conditionally<ConditionalFour>(
            report, {CosFeatures{variance}, moved(sampled_x.back()), width, draws_of_a_figure},
            fmt::format("vertex at {}", sampled_x.back()))
            .times(width);
    sampled.push_back(vertex.value);
    error.push_back(vertex.standard_error);
  }
  return panel.line(0, "one neuron, exact", x, exact)
      .points(0, fmt::format("networks of width {}", width), sampled_x, sampled, error);
}

Panel error_panel(const RelativeErrors& errors) {
  Panel panel;
  panel.x_axis({"width N", true}).y_axis({"relative standard error", true}).legend("top left");
  int colour = 0;
  for (const auto& [name, estimates] :
       {std::pair{"conditional", &errors.conditional}, std::pair{"naive", &errors.naive}}) {
    std::vector<double> size, bar;
    for (const Estimate& estimate : *estimates) {
      size.push_back(estimate.value);
      bar.push_back(estimate.standard_error);
    }
    panel.points(colour++, name, errors.widths, size, bar);
  }
  std::vector<double> line;
  for (const double width : errors.widths)
    line.push_back(errors.naive.back().value * width / errors.widths.back());
  return panel.guide("slope 1", errors.widths, line);
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"statistics/non_gaussian", "3.2", "What are the interactions of a finite network?"};
  const auto& variance =
      program.option("momentum-variance", 1., Range<double>{0, 100, true}, "variance s of the momenta");
  const auto& x = program.list("points", std::vector{0., 0.5, -0.4, 0.9}, between(-10., 10.),
                               "the four points of the four-point function");
  const auto& widths =
      program.list("widths", std::vector{4, 16, 64, 256}, between(1, 4096), "widths N", "neurons");
  const auto& draws = program.samples(200000, 20000, 5000);
  program.validate([&] {
    if (x.size() != 4) throw BadOption{"points", fmt::format("{} values", x.size()), "four points"};
  });
  program.figure(
      "ng_vertex",
      "The connected four-point function as its fourth point moves: exact for one neuron, and "
      "measured on narrow networks. It has the range of the two-point function, and vanishes when one point "
      "is far from the others.");
  program.figure(
      "ng_estimators",
      "Relative standard error of the four-point function against the width, for ensembles of the "
      "same size. The naive estimator drowns in noise; the conditional one does not notice the width.");
  program.claims([&](Claims& claims) { declare(claims, widths); });

  return program.run(argc, argv, [&](Report& report) {
    const Eigen::MatrixXd points = on_a_line(x);
    const int narrowest = *std::min_element(widths.begin(), widths.end());

    // 1. The four-point function at every width
    for (const int width : widths)
      report.compare(
          fmt::format("vertex-{}", width), predicted_vertex(variance, points, width) * width,
          measure_conditionally<ConditionalFour>(report, {CosFeatures{variance}, points, width, draws},
                                                 fmt::format("networks of width {}", width))
              .times(width));
    report.compare("vertex-naive", predicted_vertex(variance, points, narrowest),
                   merged(naive_blocks(report, {CosFeatures{variance}, points, narrowest, draws},
                                       fmt::format("outputs of width {}", narrowest)))
                       .estimate());

    // 2. The errors of both estimators
    const RelativeErrors errors = measure_errors(report, variance, points, widths);
    if (shows_slope(widths)) {
      report.compare("error-growth-conditional", 0, slope_of_last_three(errors.widths, errors.conditional));
      report.compare("error-growth-naive", 1, slope_of_last_three(errors.widths, errors.naive));
    }

    // 3. Six points
    for (const SixPointCase& six : six_point_cases())
      report.compare(
          fmt::format("six-point-{}", six.net),
          neuron_cumulant(six.moment, 6) / (six_point_width * six_point_width),
          measure_conditionally<ConditionalSix>(report, {six.law, six.points, six_point_width, 4 * draws},
                                                fmt::format("six points of {}-nets", six.net)));

    // 4. Draw
    report.draw("ng_vertex", {{vertex_panel(report, variance, points, narrowest)}});
    report.draw("ng_estimators", {{error_panel(errors)}});
  });
}

// ## What we found
//
// Networks of four neurons have $N G^{(4)}_c=$ @value vertex-4, those of 256 have @value vertex-256, and one neuron says
// @predicted vertex-4: the interaction is $1/N$ times a function of the points, with no further correction.
//
// @figure ng_vertex
//
// The naive estimator agrees where it can see anything, @value vertex-naive against @predicted vertex-naive at width 4. Its
// relative error grows with the exponent @value error-growth-naive; that of the conditional estimator stays, with the exponent
// @value error-growth-conditional. To see the interaction of 256 neurons at ten percent with the naive estimator would take
// tens of millions of networks.
//
// @figure ng_estimators
//
// @claims
//
// ## What can go wrong
//
// The influence function gives the error bar of a function of means to first order. Below a few thousand draws its second order
// is felt, so fewer are refused. The exponent of the naive error is a little below 1, because narrow networks are less Gaussian and
// their outputs noisier; with `--widths 64,256,1024` it is closer. Features of the Gauss-net are lognormal: far from the origin
// their products have tails that no sample of this size sees, so the six points of the Gauss-net stay near it; §3.4 says how near.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. For which points is $G^{(4)}_c$ negative? Move the fourth point with `--points 0,0.5,-0.4,3`.
// 2. Which law of the output weights removes the interaction at coinciding points, and does it remove it elsewhere?
