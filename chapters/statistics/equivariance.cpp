// # Which symmetries hold for every single network?
//
// Lecture §3.3 · after translations · about 1 s on two cores
//
// **Question.** A symmetric density of parameters makes correlators symmetric, not networks. Which layers respect a symmetry draw by
// draw, and how many free parameters do they have?
//
// ## The model
//
// A group $G$ of permutations acts on the $n$ components of an input. A linear map $W$ is equivariant if $WP_g=P_gW$ for all
// $g\in G$. A layer made of such maps with pointwise activations is equivariant for every draw of its parameters. A dense layer with
// independent weights is not; only its *law* is invariant.
#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/hotelling.hpp>
#include <fieldbook/numerics/singular_values.hpp>
#include <fieldbook/random/stream.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace fieldbook;

namespace {

using Permutation = std::vector<int>;

Permutation identity(int n) {
  Permutation p(static_cast<std::size_t>(n));
  std::iota(p.begin(), p.end(), 0);
  return p;
}

Eigen::MatrixXd matrix_of(const Permutation& p) {
  const auto n = static_cast<Eigen::Index>(p.size());
  Eigen::MatrixXd matrix = Eigen::MatrixXd::Zero(n, n);
  for (Eigen::Index i = 0; i < n; ++i) matrix(p[static_cast<std::size_t>(i)], i) = 1;
  return matrix;
}

// ## What theory says
//
// The number of independent equivariant maps is an average over the group: a permutation matrix has as its trace the number of
// points that it leaves in place, and
// $$ \dim\{W: WP_g=P_gW\} = \frac{1}{|G|}\sum_{g\in G}\mathrm{fix}(g)^2. $$
// All permutations ($S_n$) leave two maps, the identity and the mean: that is the layer of Deep Sets. Cyclic shifts ($Z_n$)
// leave $n$, the periodic convolutions; with reflections ($D_n$), $\lfloor n/2\rfloor+1$, the symmetric ones.
std::set<Permutation> group_of(const std::vector<Permutation>& generators) {
  std::set<Permutation> group{identity(static_cast<int>(generators.front().size()))};
  std::vector<Permutation> fresh(group.begin(), group.end());
  while (!fresh.empty()) {
    const Permutation element = fresh.back();
    fresh.pop_back();
    for (const Permutation& generator : generators) {
      Permutation product(element.size());
      for (std::size_t i = 0; i < element.size(); ++i)
        product[i] = generator[static_cast<std::size_t>(element[i])];
      if (group.insert(product).second) fresh.push_back(product);
    }
  }
  return group;
}

double predicted_maps(const std::vector<Permutation>& generators) {
  const std::set<Permutation> group = group_of(generators);
  double sum = 0;
  for (const Permutation& g : group) {
    int fixed = 0;
    for (std::size_t i = 0; i < g.size(); ++i) fixed += g[i] == static_cast<int>(i);
    sum += fixed * fixed;
  }
  return sum / static_cast<double>(group.size());
}

// ## An independent count
//
// $WP=PW$ is a set of linear equations for the $n^2$ entries of $W$. Those of all generators, written below each other, have a null
// space whose dimension a singular value decomposition counts.
double counted_maps(const std::vector<Permutation>& generators) {
  const auto n = static_cast<Eigen::Index>(generators.front().size());
  Eigen::MatrixXd equations =
      Eigen::MatrixXd::Zero(n * n * static_cast<Eigen::Index>(generators.size()), n * n);
  Eigen::Index row = 0;
  for (const Permutation& generator : generators) {
    const Eigen::MatrixXd p = matrix_of(generator);
    for (Eigen::Index i = 0; i < n; ++i)
      for (Eigen::Index j = 0; j < n; ++j, ++row)
        for (Eigen::Index k = 0; k < n; ++k) {
          equations(row, i * n + k) += p(k, j);  // (W P)_ij
          equations(row, k * n + j) -= p(i, k);  // (P W)_ij
        }
  }
  return static_cast<double>((singular_values(equations).array() < 1e-9).count());
}

struct Group {
  const char* name;
  std::vector<Permutation> generators;
};

Permutation shift_by_one(int n) {
  Permutation p = identity(n);
  std::rotate(p.begin(), p.begin() + 1, p.end());
  return p;
}

std::vector<Group> groups(const Permutation& given) {
  const int n = static_cast<int>(given.size());
  Permutation swap = identity(n), reflection = identity(n);
  std::swap(swap[0], swap[1]);
  std::reverse(reflection.begin(), reflection.end());
  return {{"symmetric", {shift_by_one(n), swap}},
          {"cyclic", {shift_by_one(n)}},
          {"dihedral", {shift_by_one(n), reflection}},
          {"given", {given}}};
}

// ## What networks do
//
// Four layers, each drawn anew many times. `deep-sets`: $h_i=\tanh(Ax_i+B\bar x+b)$, output $c\cdot h_i+e\cdot\bar h$, under all
// permutations. `periodic` and `padded` convolutions with a kernel of three, and a `dense` layer, under shifts.
constexpr int hidden = 8;

class Layer {
 public:
  Layer(std::string kind, int n, std::uint64_t seed)
      : kind_{std::move(kind)}, n_{n}, stream_{seed, "layer " + kind_} {}

  Eigen::VectorXd output(std::uint64_t draw, const Eigen::VectorXd& x) const {
    Eigen::VectorXd parameters(std::max(n_ * n_, 5 * hidden));
    stream_.normals(draw, std::span{parameters.data(), static_cast<std::size_t>(parameters.size())});
    if (kind_ == "deep-sets") return deep_sets(parameters, x);
    if (kind_ == "dense")
      return (Eigen::Map<const Eigen::MatrixXd>(parameters.data(), n_, n_) * x / std::sqrt(n_))
          .array()
          .tanh();
    return convolution(parameters, x).array().tanh();
  }

 private:
  static Eigen::VectorXd deep_sets(const Eigen::VectorXd& parameters, const Eigen::VectorXd& x) {
    const auto block = [&](int k) { return parameters.segment(k * hidden, hidden); };
    Eigen::MatrixXd h(hidden, x.size());
    for (Eigen::Index i = 0; i < x.size(); ++i)
      h.col(i) = (block(0) * x[i] + block(1) * x.mean() + block(2)).array().tanh();
    const double of_mean = block(4).dot(h.rowwise().mean());
    return (h.transpose() * block(3)).array() + of_mean;
  }

  Eigen::VectorXd convolution(const Eigen::VectorXd& kernel, const Eigen::VectorXd& x) const {
    Eigen::VectorXd result = Eigen::VectorXd::Zero(n_);
    for (int i = 0; i < n_; ++i)
      for (int k = -1; k <= 1; ++k) {
        const int j = i + k;
        if (kind_ == "periodic")
          result[i] += kernel[k + 1] * x[(j + n_) % n_];
        else if (j >= 0 && j < n_)
          result[i] += kernel[k + 1] * x[j];
      }
    return result;
  }

  std::string kind_;
  int n_;
  Stream stream_;
};

// The residual of a draw is $\max_i|\phi(P_gx)-P_g\phi(x)|_i$ for one input and one element of the group.
std::vector<double> residuals(const Report& report, const std::string& kind, int n, int draws) {
  const Layer layer{kind, n, report.seed()};
  const Stream inputs{report.seed(), "input"};
  Permutation shuffled = shift_by_one(n);
  if (kind == "deep-sets") std::swap(shuffled[0], shuffled[1]);
  const Eigen::MatrixXd p = matrix_of(shuffled);
  std::vector<double> result;
  for (std::uint64_t draw = 0; draw < static_cast<std::uint64_t>(draws); ++draw) {
    Eigen::VectorXd x(n);
    inputs.normals(draw, std::span{x.data(), static_cast<std::size_t>(n)});
    result.push_back((layer.output(draw, p * x) - p * layer.output(draw, x)).cwiseAbs().maxCoeff());
  }
  return result;
}

// In distribution the dense layer is symmetric: Hotelling's test on the squares and products of its outputs at $x$ and at
// $P_gx$, taken from the same networks.
double invariance_p_value(Report& report, int n, std::int64_t draws) {
  const Layer layer{"dense", n, report.seed()};
  const Eigen::MatrixXd p = matrix_of(shift_by_one(n));
  const Eigen::VectorXd x = Eigen::VectorXd::LinSpaced(n, -1, 1.5);
  const Averages differences = merged(sample_blocks(
      report, "dense networks in distribution", draws, Averages{3}, [&](Block block, Averages& averages) {
        for (std::uint64_t draw = block.first; draw < block.last; ++draw) {
          const auto products = [](const Eigen::VectorXd& y) {
            return Eigen::Vector3d{y[0] * y[0], y[1] * y[1], y[0] * y[0] * y[1] * y[1]};
          };
          averages.add(products(layer.output(draw, p * x)) - products(p * layer.output(draw, x)));
        }
      }));
  return hotelling_p_value(differences, Eigen::Vector3d::Zero());
}

// ## The claims
const std::vector<std::string> equivariant{"deep-sets", "periodic"}, not_equivariant{"padded", "dense"};

void declare(Claims& claims, int n) {
  for (const char* group : {"symmetric", "cyclic", "dihedral", "given"})
    claims.exact(
        fmt::format("maps-{}", group), "SY-7",
        fmt::format(
            "the number of independent maps on {} components that commute with the {} group: average over "
            "the group and null space agree",
            n, group),
        absolute(1e-9));
  for (const auto& [group, formula] : {std::pair{"symmetric", "2"}, std::pair{"cyclic", "n"},
                                       std::pair{"dihedral", "\\lfloor n/2\\rfloor+1"}})
    claims.exact(fmt::format("formula-{}", group), "SY-7",
                 fmt::format("for the {} group it is ${}$", group, formula), absolute(1e-9));
  for (const std::string& kind : equivariant)
    claims.bound(fmt::format("residual-{}", kind), "SY-8",
                 fmt::format("every single {} layer is equivariant to rounding", kind), Side::below);
  for (const std::string& kind : not_equivariant)
    claims.bound(fmt::format("residual-{}", kind), "SY-8",
                 fmt::format("a {} layer is not, for any draw of a hundred at its worst", kind), Side::above);
  claims.bound("dense-in-distribution", "SY-8",
               "the law of dense layers is invariant: the p-value is above the five-sigma level",
               Side::above);
}

// ## The figure
Panel residual_panel(const std::map<std::string, std::vector<double>>& residuals) {
  Panel panel;
  panel.x_axis({"draw"}).y_axis({"residual", true, 1e-18, 10}).legend("center right");
  int colour = 0;
  for (const auto& [kind, values] : residuals) {
    std::vector<double> draw, clipped;
    for (const double value : values) {
      draw.push_back(static_cast<double>(draw.size()));
      clipped.push_back(std::max(value, 2e-18));
    }
    panel.points(colour++, kind, draw, clipped);
  }
  return panel;
}

}  // namespace

// ## The experiment
int main(int argc, char** argv) {
  Program program{"statistics/equivariance", "3.3", "Which symmetries hold for every single network?"};
  const auto& given =
      program.list("permutation", std::vector{1, 0, 3, 2, 5, 4}, between(0, 6),
                   "a permutation of 0 ... n - 1 that generates the `given` group; also sets n, 3 to 7");
  const auto& draws = program.samples(100000, 20000, 1000);
  program.validate([&] {
    Permutation sorted = given;
    std::sort(sorted.begin(), sorted.end());
    if (given.size() < 3 || sorted != identity(static_cast<int>(given.size())))
      throw BadOption{"permutation", fmt::format("{}", fmt::join(given, ",")),
                      "a permutation of 0 ... n - 1, with n from 3 to 7"};
  });
  program.figure("sym_equivariance",
                 "Residual of the symmetry for a hundred draws of four layers. Two are equivariant for every "
                 "draw (zeros "
                 "are drawn at the bottom), two are so only on average.");
  program.claims([&](Claims& claims) { declare(claims, static_cast<int>(given.size())); });

  return program.run(argc, argv, [&](Report& report) {
    const int n = static_cast<int>(given.size());

    // 1. Count the maps in two ways, and by the formulas
    for (const Group& group : groups(given))
      report.compare(fmt::format("maps-{}", group.name), predicted_maps(group.generators),
                     counted_maps(group.generators));
    const std::vector<Group> known = groups(given);
    const double formulas[] = {2, static_cast<double>(n), static_cast<double>(n / 2 + 1)};
    for (std::size_t i = 0; i < 3; ++i)
      report.compare(fmt::format("formula-{}", known[i].name), formulas[i],
                     counted_maps(known[i].generators));

    // 2. Draw layers, a hundred of each kind
    std::map<std::string, std::vector<double>> by_kind;
    for (const auto* kinds : {&equivariant, &not_equivariant})
      for (const std::string& kind : *kinds) {
        by_kind[kind] = residuals(report, kind, n, 100);
        report.compare(fmt::format("residual-{}", kind), kinds == &equivariant ? 1e-13 : 1e-2,
                       *std::max_element(by_kind[kind].begin(), by_kind[kind].end()));
      }

    // 3. In distribution
    report.compare("dense-in-distribution", five_sigma_p_value, invariance_p_value(report, n, draws));
    report.draw("sym_equivariance", {{residual_panel(by_kind)}});
  });
}

// ## What we found
//
// Six components have 36 linear maps. Of these @value maps-symmetric commute with all permutations, @value maps-cyclic with cyclic
// shifts, @value maps-dihedral with shifts and reflections. Symmetry is weight sharing.
//
// @figure sym_equivariance
//
// A periodic convolution is equivariant to the last bit, Deep Sets to rounding (@value residual-deep-sets). Padding with zeros
// breaks the shift at the two ends by up to @value residual-padded, and a dense layer by @value residual-dense. And yet the
// *law* of the dense layer knows nothing of the order of its inputs: the test has the p-value @value dense-in-distribution.
//
// @claims
//
// ## What can go wrong
//
// The group is enumerated, so it must be small: $S_7$ has 5040 elements. The null space is counted by singular values
// below $10^{-9}$; those of a permutation's equations are zero or of order one.
//
// ## Options
//
// @options
//
// ## Exercises
//
// 1. Give a permutation of six components that leaves as many maps as possible, and one that leaves as few as possible.
// 2. Which bilinear maps does $S_n$ leave? Count them with characters first.
