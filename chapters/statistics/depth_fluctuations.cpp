// # How does one over N accumulate with depth?
//
// Lecture §3 · after criticality · about 4 s on two cores
//
// **Question.** At finite width the kernel of a deep network fluctuates from network to network. How do these fluctuations, the
// interactions of the theory, grow with the number of layers?
//
// ## The model
//
// Deep networks without biases whose activation is homogeneous: `linear` with $\sigma_w^2=1$, `relu` with $\sigma_w^2=2$ and `leaky` with
// $\sigma_w^2=2/(1+a^2)$, slope $a=0.3$ on the negative side. These are critical: the mean of the squared norm is the same at every
// depth. $L$ counts hidden layers of width $N$.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/ensembles/gram_chain.hpp>
#include <fieldbook/kernels/nngp.hpp>
#include <fieldbook/networks/fully_connected.hpp>
#include <fieldbook/numerics/fit.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>

#include <cmath>
#include <map>

using namespace fieldbook;

namespace {

// ## What theory says: homogeneous activations
//
// Each layer multiplies the squared norm by an independent factor $Y=\frac{\sigma_w^2}N\sum_k\sigma(g_k)^2$ with $\langle Y\rangle=1$ and
// $\langle Y^2\rangle=1+r/N$, $r=6\frac{1+a^4}{(1+a^2)^2}-1$ (2 for linear, 5 for ReLU). The output is Gaussian given the last
// norm, so that exactly, for every $N$ and $L$,
// $$ V_L := \frac{\langle\phi^4\rangle}{3\langle\phi^2\rangle^2}-1 = \Bigl(1+\frac rN\Bigr)^L-1. $$
// The interaction of a deep network is a function of $L/N$: depth is not a detail of a wide network, it is what makes it
// non-Gaussian. $\ln Y$ has the mean $\psi(N/2)+\ln(2/N)\approx-1/N$ and the variance $\psi'(N/2)$ for linear networks: the norm
// is lognormal, its typical value falls with depth although its mean does not.
struct Homogeneous {
  Activation activation;
  double negative_slope;

  std::string id() const { return name(activation); }
  double weight_variance() const { return 2 / (1 + negative_slope * negative_slope); }
  double r() const {
    const double a2 = negative_slope * negative_slope;
    return 6 * (1 + a2 * a2) / ((1 + a2) * (1 + a2)) - 1;
  }
};

const std::vector<Homogeneous> laws{
    {Activation::linear, 1}, {Activation::relu, 0}, {Activation::leaky, leaky_slope}};

double predicted_vertex(const Homogeneous& law, int width, int depth) {
  return std::pow(1 + law.r() / width, depth) - 1;
}

// For two inputs of a deep linear network with the Gram matrix $H$ the second moments close under one layer: the vector
// $(H_{ab}H_{cd},H_{ac}H_{bd},H_{ad}H_{bc})$ is multiplied by $1$ on and $1/N$ off the diagonal, up to
// the first row of $M^L$.
Eigen::Matrix2d two_inputs() { return (Eigen::Matrix2d{} << 1, 0.3, 0.3, 0.8).finished(); }

double predicted_product(int a, int b, int c, int d, int width, int depth) {
  const Eigen::Matrix2d h = two_inputs();
  const double e = 1. / width;
  // Contracting the two shared neurons: same neuron for both pairs (1/N), once for each other way of pairing
  const Eigen::Matrix3d m = (Eigen::Matrix3d{} << 1, e, e, e, 1, e, e, e, 1).finished();
  Eigen::Vector3d moments{h(a, b) * h(c, d), h(a, c) * h(b, d), h(a, d) * h(b, c)};
  for (int l = 0; l < depth; ++l) moments = m * moments;
  return moments[0];
}

// ## What theory says: any activation
//
// To leading order in $1/N$ (Roberts, Yaida and Hanin) $N\,\mathrm{Var}\,G^{l+1}=V'$ follows the recursion
// $V'=\sigma_w^4(\langle\sigma^4\rangle-\langle\sigma^2\rangle^2)+\chi_\parallel^2V$, which `width_expansion` solves beside the
// kernel. The connected four-point function at one neuron is $3V/N$, at two different neurons $V/N$.
struct General {
  const char* name;
  DeepLaw law;
};

const std::vector<General> general{{"tanh", {Activation::tanh, 1, 0}}, {"erf", {Activation::erf, 1.5, 0.05}}};
const std::vector<int> general_widths{20, 40, 80, 320}, general_depths{2, 8};

double first_kernel(const DeepLaw& law) { return law.weight_variance + law.bias_variance; }  // |x|^2 = d

// ## What networks do: a chain under another measure
//
// The plain sample variance of a lognormal norm has a dishonest error bar: at ReLU, $N=10$, $L=6$ the mean of $Y^2$ rests on
// networks that are not in the sample. Since $\langle Y\rangle=1$, one factor $Y$ of each layer can be taken as a change of measure. Under
// the size-biased law one neuron of every layer has the density $\propto\sigma(g)^2p(g)$ ($|g|$ of the chi law with three
// degrees of freedom), the others are as before, and
// $$ 1+V_L = \langle Y_1\cdots Y_L\rangle_{\text{size-biased}}, $$
// a plain mean with short tails.
CentralMoments size_biased_norms(Report& report, const Homogeneous& law, int width, int depth,
                                 std::int64_t draws, const std::string& purpose) {
  const std::string stage =
      fmt::format("{}, size-biased {} chains, N = {}, L = {}", purpose, law.id(), width, depth);
  std::vector<Stream> normals, signs;
  for (int layer = 0; layer < depth; ++layer) {
    normals.emplace_back(report.seed(), fmt::format("{}: layer {}", stage, layer));
    signs.emplace_back(report.seed(), fmt::format("{}: sign {}", stage, layer));
  }
  const double a2 = law.negative_slope * law.negative_slope;
  return merged(
      sample_blocks(report, stage, draws, CentralMoments{}, [&](Block block, CentralMoments& moments) {
        std::vector<float> g(static_cast<std::size_t>(width) + 2);
        std::vector<double> norms;
        for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
          double norm = 1;
          for (std::size_t layer = 0; layer < normals.size(); ++layer) {
            normals[layer].normals(draw, g);
            double u[1];
            signs[layer].uniforms(draw, u);
            const double chi_squared = g[0] * g[0] + g[1] * g[1] + g[2] * g[2];
            double sum = chi_squared * (u[0] < 1 / (1 + a2) ? 1 : a2);
            for (std::size_t k = 3; k < g.size(); ++k) sum += g[k] * g[k] * (g[k] > 0 ? 1 : a2);
            norm *= law.weight_variance() / width * sum;
          }
          norms.push_back(norm);
        }
        moments.add(norms);
      }));
}

// For comparison, explicit weight matrices: the last layer is averaged exactly, $\langle\phi^4\rangle=3\langle G^2\rangle$ with
// $G=\frac{\sigma_w^2}N\sum_k\sigma(z_k)^2$.
CentralMoments explicit_squares(Report& report, const Homogeneous& law, int width, int depth,
                                std::int64_t draws) {
  const std::string stage = fmt::format("explicit {} networks", law.id());
  return merged(
      sample_blocks(report, stage, draws, CentralMoments{}, [&](Block block, CentralMoments& moments) {
        FullyConnected networks{law.activation,        1, width,         depth,
                                law.weight_variance(), 0, report.seed(), stage};
        const Eigen::MatrixXf x = Eigen::MatrixXf::Ones(1, 1);
        std::vector<double> squares;
        for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
          const double mean = law.weight_variance();  // of G, for |x|^2 = 1
          const double g =
              law.weight_variance() / width * networks.features(draw, x).cast<double>().squaredNorm();
          squares.push_back(g * g / (mean * mean));
        }
        moments.add(squares);
      }));
}

struct PerLayer {
  std::vector<CentralMoments> grams;

  void merge(const PerLayer& other) {
    for (std::size_t l = 0; l < grams.size(); ++l) grams[l].merge(other.grams[l]);
  }
  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& grams;
  }
};

PerLayer sample_grams(Report& report, const General& network, int width, int depth, std::int64_t draws) {
  const std::string stage = fmt::format("{} chains of width {}", network.name, width);
  const Eigen::MatrixXd first = Eigen::MatrixXd::Constant(1, 1, first_kernel(network.law));
  const PerLayer empty{std::vector<CentralMoments>(static_cast<std::size_t>(depth))};
  return merged(sample_blocks(report, stage, draws, empty, [&](Block block, PerLayer& layers) {
    GramChain chain{
        network.law.activation, width, network.law.weight_variance, network.law.bias_variance, depth, first,
        report.seed(),          stage};
    std::vector<std::vector<double>> values(layers.grams.size());
    for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
      const auto& grams = chain.sample(draw);
      for (std::size_t l = 0; l < values.size(); ++l) values[l].push_back(grams[l](0, 0));
    }
    for (std::size_t l = 0; l < values.size(); ++l) layers.grams[l].add(values[l]);
  }));
}

// ## The claims
constexpr int product_width = 10, product_depth = 4, explicit_width = 8, explicit_depth = 3;
const std::vector<int> log_widths{10, 20};
const std::vector<std::array<int, 4>> products{{0, 0, 0, 0}, {0, 0, 1, 1}, {0, 1, 0, 1}, {0, 0, 0, 1}};

std::string vertex_id(const Homogeneous& law, int width, int depth) {
  return fmt::format("vertex-{}-{}-depth-{}", law.id(), width, depth);
}

std::string product_id(const std::array<int, 4>& p) {
  return fmt::format("product-{}{}{}{}", p[0], p[1], p[2], p[3]);
}

void declare(Claims& claims, const std::vector<int>& widths, const std::vector<int>& depths) {
  for (const Homogeneous& law : laws)
    for (const int width : widths)
      for (const int depth : depths)
        claims
            .statistical(
                vertex_id(law, width, depth), "CR-9",
                fmt::format("$V_L$ of {} networks, $N={}$, $L={}$, is $(1+r/N)^L-1$", law.id(), width, depth))
            .independent();
  for (const auto& p : products)
    claims.statistical(
        product_id(p), "CR-10",
        fmt::format("$\\langle H_{{{}{}}}H_{{{}{}}}\\rangle$ of deep linear networks, $N={}$, $L={}$", p[0],
                    p[1], p[2], p[3], product_width, product_depth));
  for (const int width : log_widths)
    for (const char* what : {"mean", "variance"})
      claims.statistical(fmt::format("log-{}-{}", what, width), "CR-11",
                         fmt::format("the {} of $\\ln Y$ of linear layers of width {}", what, width));
  for (const General& network : general)
    for (const int depth : general_depths)
      claims.statistical(
          fmt::format("gram-variance-{}-{}", network.name, depth), "CR-12",
          fmt::format("$N\\,\\mathrm{{Var}}\\,G$ of {} networks after {} layers, extrapolated in $1/N$",
                      network.name, depth));
  for (const char* law : {"linear", "relu"})
    claims
        .statistical(
            fmt::format("explicit-{}", law), "CR-13",
            fmt::format("explicit weights of {} networks, $N={}$, $L={}$: $\\langle\\phi^4\\rangle/3K^2$",
                        law, explicit_width, explicit_depth))
        .independent();
  claims.bound("gain-of-size-bias", "CR-13",
               "for the same number of ReLU networks, the error bar of explicit weights is at least three "
               "times that of "
               "the size-biased chain",
               Side::above);
}

// ## The experiment, step by step
void compare_products(Report& report, std::int64_t draws) {
  const std::string stage = "deep linear networks at two inputs";
  const Averages averages =
      merged(sample_blocks(report, stage, draws, Averages{4}, [&](Block block, Averages& sums) {
        GramChain chain{Activation::linear, product_width, 1,    0, product_depth,
                        two_inputs(),       report.seed(), stage};
        for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
          const auto& h = chain.sample(draw).back();
          Eigen::Vector4d observed;
          for (std::size_t k = 0; k < products.size(); ++k) {
            const auto [a, b, c, d] = products[k];
            observed[static_cast<Eigen::Index>(k)] = h(a, b) * h(c, d);
          }
          sums.add(observed);
        }
      }));
  for (std::size_t k = 0; k < products.size(); ++k) {
    const auto [a, b, c, d] = products[k];
    report.compare(product_id(products[k]), predicted_product(a, b, c, d, product_width, product_depth),
                   averages.mean(static_cast<Eigen::Index>(k)));
  }
}

void compare_logarithms(Report& report, std::int64_t draws) {
  for (const int width : log_widths) {
    const std::string stage = fmt::format("norms of one linear layer, N = {}", width);
    const Stream normals{report.seed(), stage};
    const CentralMoments logarithms = merged(
        sample_blocks(report, stage, draws, CentralMoments{}, [&](Block block, CentralMoments& moments) {
          std::vector<double> g(static_cast<std::size_t>(width)), values;
          for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
            normals.normals(draw, g);
            double sum = 0;
            for (const double x : g) sum += x * x;
            values.push_back(std::log(sum / width));
          }
          moments.add(values);
        }));
    report.compare(fmt::format("log-mean-{}", width), boost::math::digamma(width / 2.) + std::log(2. / width),
                   mean_estimate(logarithms));
    report.compare(fmt::format("log-variance-{}", width), boost::math::trigamma(width / 2.),
                   variance_estimate(logarithms));
  }
}

using GramsByWidth = std::map<int, PerLayer>;

void compare_general(Report& report, const General& network, const GramsByWidth& sampled) {
  for (const int depth : general_depths) {
    std::vector<double> n;
    std::vector<Estimate> variances;
    for (const auto& [width, layers] : sampled) {
      n.push_back(width);
      variances.push_back(variance_estimate(layers.grams[static_cast<std::size_t>(depth - 1)]).times(width));
    }
    report.compare(fmt::format("gram-variance-{}-{}", network.name, depth),
                   width_expansion(network.law, depth, first_kernel(network.law)).variance,
                   fit_inverse_powers(n, variances, 2)[0]);
  }
}

// ## The figures
Panel vertex_panel(const std::vector<int>& widths, const std::vector<int>& depths,
                   const std::map<std::string, Estimate>& vertices) {
  Panel panel{"homogeneous activations"};
  panel.x_axis({"L/N", true}).y_axis({"V_L", true}).legend("top left");
  for (std::size_t k = 0; k < laws.size(); ++k) {
    const int colour = static_cast<int>(k);
    std::vector<double> ratio, limit;
    for (int i = 0; i <= 40; ++i) {
      ratio.push_back(0.02 * std::pow(60, i / 40.));
      limit.push_back(std::expm1(laws[k].r() * ratio.back()));
    }
    panel.guide(k == 0 ? "e^{rL/N} - 1" : "", ratio, limit);
    for (const int width : widths) {
      std::vector<double> x, theory, at, vertex, error;
      for (int depth = depths.front(); depth <= depths.back(); ++depth) {
        x.push_back(static_cast<double>(depth) / width);
        theory.push_back(predicted_vertex(laws[k], width, depth));
      }
      for (const int depth : depths) {
        const Estimate& measured = vertices.at(vertex_id(laws[k], width, depth));
        at.push_back(static_cast<double>(depth) / width);
        vertex.push_back(measured.value);
        error.push_back(measured.standard_error);
      }
      panel.line(colour, width == widths.front() ? laws[k].id() : "", x, theory)
          .points(colour, "", at, vertex, error);
    }
  }
  return panel;
}

Panel general_panel(const std::map<std::string, GramsByWidth>& sampled) {
  Panel panel{"other activations"};
  panel.x_axis({"layer", false, 0.5, 8.5}).y_axis({"N Var G", false, 0, 0.6}).legend("top right");
  int colour = 0;
  for (const General& network : general) {
    std::vector<double> layer, theory;
    for (int depth = 1; depth <= general_depths.back(); ++depth) {
      layer.push_back(depth);
      theory.push_back(width_expansion(network.law, depth, first_kernel(network.law)).variance);
    }
    panel.line(colour, network.name, layer, theory);
    for (const int width : {20, 320}) {
      std::vector<double> y, error;
      for (const CentralMoments& gram : sampled.at(network.name).at(width).grams) {
        const Estimate variance = variance_estimate(gram).times(width);
        y.push_back(variance.value);
        error.push_back(variance.standard_error);
      }
      panel.points(width == 320 ? colour : colour + 2, fmt::format("N = {}", width), layer, y, error);
    }
    ++colour;
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"statistics/depth_fluctuations", "3", "How does one over N accumulate with depth?"};
  const auto& widths = program.list("widths", std::vector{10, 30}, between(2, 1024), "widths N", "neurons");
  const auto& depths =
      program.list("depths", std::vector{1, 3, 6}, between(1, 50), "hidden layers L", "layers");
  const auto& draws = program.samples(200000, 40000, 10000);
  program.validate([&] {
    for (const int width : widths)
      for (const int depth : depths)
        if (depth > width)
          throw BadOption{
              "depths", fmt::format("{}", depth),
              fmt::format("at most N = {}: beyond, not even the size-biased chain has honest error bars",
                          width)};
  });
  program.figure("cr_vertex",
                 "Left: the interaction against $L/N$ for three homogeneous activations and all widths; the "
                 "dashed curves are "
                 "the limit of large $N$. Right: the fluctuations of the kernel layer by layer for a "
                 "critical tanh network, which accumulate slowly, and for an erf network off criticality, "
                 "which saturate.");
  program.claims([&](Claims& claims) { declare(claims, widths, depths); });

  return program.run(argc, argv, [&](Report& report) {
    // 1. Homogeneous activations
    std::map<std::string, Estimate> vertices;
    for (const Homogeneous& law : laws)
      for (const int width : widths)
        for (const int depth : depths) {
          const Estimate norm = mean_estimate(size_biased_norms(report, law, width, depth, draws, "vertex"));
          const std::string id = vertex_id(law, width, depth);
          vertices[id] = {norm.value - 1, norm.standard_error};
          report.compare(id, predicted_vertex(law, width, depth), vertices[id]);
        }

    // 2. Two inputs, and logarithms
    compare_products(report, draws);
    compare_logarithms(report, 10 * draws);

    // 3. Other activations
    std::map<std::string, GramsByWidth> grams;
    for (const General& network : general) {
      for (const int width : general_widths)
        grams[network.name].emplace(width,
                                    sample_grams(report, network, width, general_depths.back(), draws));
      compare_general(report, network, grams.at(network.name));
    }

    // 4. Explicit weights, and what they cost
    for (const Homogeneous& law : {laws[0], laws[1]}) {
      const Estimate explicit_weights =
          mean_estimate(explicit_squares(report, law, explicit_width, explicit_depth, 5 * draws));
      report.compare("explicit-" + law.id(), 1 + predicted_vertex(law, explicit_width, explicit_depth),
                     explicit_weights);
      if (law.activation != Activation::relu) continue;
      const Estimate chain =
          mean_estimate(size_biased_norms(report, law, explicit_width, explicit_depth, draws, "gain"));
      report.compare("gain-of-size-bias", 3,
                     std::sqrt(5) * explicit_weights.standard_error / chain.standard_error);
    }

    // 5. Draw
    std::vector<int> sorted = depths;
    std::sort(sorted.begin(), sorted.end());
    report.draw("cr_vertex", {{vertex_panel(widths, sorted, vertices), general_panel(grams)}, 2, 520, 420});
  });
}

// ## What we found
//
// Six ReLU layers of width 10 have $V_L=$ @value vertex-relu-10-depth-6, of width 30 @value vertex-relu-30-depth-6: far from
// Gaussian. With $r=5$ a ReLU network interacts more than twice as strongly as a linear one with $r=2$.
//
// @figure cr_vertex
//
// The mean norm is conserved, the typical one is not: $\langle\ln Y\rangle=$ @value log-mean-10 in each linear layer of width 10. For
// tanh and erf the recursion of Roberts, Yaida and Hanin predicts $N\,\mathrm{Var}\,G=$ @predicted gram-variance-tanh-8 and
// @predicted gram-variance-erf-8 after eight layers; sampled and extrapolated, they are @value gram-variance-tanh-8 and
// @value gram-variance-erf-8.
//
// Explicit weight matrices agree, @value explicit-relu against @predicted explicit-relu, with error bars
// @value gain-of-size-bias times as large for the same number of networks.
//
// @claims
//
// ## What can go wrong
//
// The mean of a lognormal number with variance $rL/N$ rests on rare draws. The change of measure removes most of that, not all: over
// sixty seeds of $10^4$ draws the z-scores are standard normal at $L=N=10$, and at $L=2N$ the mean square of those for ReLU is 1.7. So
// depths beyond the width are refused. The extrapolation for tanh and erf neglects $N^{-3}$.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Which negative slope minimises the interactions of a leaky ReLU? Is there a homogeneous activation with $r<2$?
// 2. What is the typical output of a linear network with $L=N$, compared with its standard deviation?
