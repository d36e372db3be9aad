#include "workload.hpp"

#include <fieldbook/ensembles/blocks.hpp>
#include <fieldbook/ensembles/gram_chain.hpp>
#include <fieldbook/ensembles/n_point_functions.hpp>
#include <fieldbook/kernels/tangent_kernel.hpp>
#include <fieldbook/networks/one_hidden_layer.hpp>
#include <fieldbook/training/gradient_descent.hpp>

#include <array>
#include <chrono>
#include <fstream>
#include <numeric>
#include <stdexcept>

namespace bench {

namespace {

namespace fs = std::filesystem;
using namespace fieldbook;

/// The conductor of a benchmark: so many threads, nothing is kept.
struct Threads : PlainConductor {
  explicit Threads(int count) : count_{count} {}
  int threads() const { return count_; }
  int count_;
};

template <class Value>
void write_raw(const fs::path& file, std::span<const Value> values) {
  std::ofstream out{file, std::ios::binary};
  out.write(reinterpret_cast<const char*>(values.data()), static_cast<std::streamsize>(values.size_bytes()));
  if (!out.flush()) throw std::runtime_error{"cannot write " + file.string()};
}

template <class Real>
void append(std::vector<Real>& values, std::span<const Real> more) {
  values.insert(values.end(), more.begin(), more.end());
}

/// (a) Networks of one hidden layer of 1000 neurons at 32 points: all two- and four-point functions. Unit: a network.
class Networks : public Workload {
 public:
  explicit Networks(Activation activation) : activation_{activation} {
    for (int p = 0; p < points; ++p) x_.push_back(-2 + 4. * p / (points - 1));
  }

  double batch(int threads) override {
    Threads conductor{threads};
    merged(sample_blocks(conductor, "networks", networks, empty(), [&](Block block, Pair& pair) {
      OneHiddenLayer layer{activation_, width, 1, 1, 1, "networks"};
      std::vector<double> outputs;
      for (std::uint64_t draw = block.first; draw < block.last; ++draw)
        append(outputs, std::span<const double>{layer.outputs(draw, x_)});
      pair.add(outputs);
    }));
    return networks;
  }

  void write_check(const fs::path& directory) override {
    OneHiddenLayer layer{activation_, width, 1, 1, 7, "check"};
    Pair pair = empty();
    for (std::uint64_t draw = 0; draw < checked; ++draw) pair.add(layer.outputs(draw, x_));
    for (const auto& [name, stream] : {std::pair{"w", "check: hidden weights"},
                                       {"b", "check: hidden biases"},
                                       {"a", "check: output weights"}}) {
      std::vector<float> values(static_cast<std::size_t>(checked) * width);
      for (std::uint64_t draw = 0; draw < checked; ++draw)
        Stream{7, stream}.normals(draw, std::span{values}.subspan(draw * width, width));
      write_values(directory / (std::string{name} + ".f32"), std::span<const float>{values});
    }
    const std::vector<float> x(x_.begin(), x_.end());
    write_values(directory / "x.f32", std::span<const float>{x});
    std::vector<double> expected;
    for (const NPointFunctions* functions : {&pair.two, &pair.four})
      for (std::size_t i = 0; i < functions->size(); ++i) expected.push_back(functions->mean(i));
    write_values(directory / "expected.f64", std::span<const double>{expected});
  }

 private:
  static constexpr int points = 32, width = 1000, networks = 32768, checked = 16;

  struct Pair {
    NPointFunctions two, four;
    void add(std::span<const double> outputs) {
      two.add(outputs);
      four.add(outputs);
    }
    void merge(const Pair& other) {
      two.merge(other.two);
      four.merge(other.four);
    }
    template <class Archive>
    void serialize(Archive& archive, unsigned) {
      archive& two& four;
    }
  };

  static Pair empty() { return {{points, all_indices(points, 2)}, {points, all_indices(points, 4)}}; }

  Activation activation_;
  std::vector<double> x_;
};

/// (b) Covariance and tangent kernel of networks with ten hidden layers for 2000 points. Unit: both matrices.
class Kernels : public Workload {
 public:
  explicit Kernels(Activation activation) : activation_{activation} {}

  double batch(int threads) override {
    Threads conductor{threads};
    const auto for_each = [&](std::size_t tasks, const std::function<void(std::size_t)>& task) {
      on_threads(conductor, tasks, [&](std::uint64_t number) { task(number); });
    };
    tangent_kernel({activation_, 1.5, 0.1}, depth, inputs(2000), for_each);
    return 1;
  }

  void write_check(const fs::path& directory) override {
    const Eigen::MatrixXd x = inputs(300);
    const TangentKernel kernel = tangent_kernel({activation_, 1.5, 0.1}, depth, x);
    const Eigen::MatrixXd rows = x.transpose();
    const auto entries = static_cast<std::size_t>(kernel.nngp.size());
    std::vector<double> expected;
    append(expected, std::span<const double>{kernel.nngp.data(), entries});
    append(expected, std::span<const double>{kernel.ntk.data(), entries});
    write_values(directory / "x.f64",
                 std::span<const double>{rows.data(), static_cast<std::size_t>(rows.size())});
    write_values(directory / "expected.f64", std::span<const double>{expected});
  }

 private:
  static constexpr int depth = 10;

  static Eigen::MatrixXd inputs(int points) {
    std::vector<double> values(static_cast<std::size_t>(points) * 10);
    Stream{1, "inputs"}.normals(0, values);
    return Eigen::Map<const Eigen::MatrixXd>{values.data(), points, 10};
  }

  Activation activation_;
};

/// (c) Full-batch gradient descent of an ensemble of networks 1-256-256-1 at 32 points. Unit: a step of one network.
class Training : public Workload {
 public:
  explicit Training(Activation activation) : activation_{activation} {
    for (int p = 0; p < points; ++p) {
      x_(0, p) = -1 + 2.f * static_cast<float>(p) / (points - 1);
      y_[p] = std::sin(3 * x_(0, p));
    }
  }

  double batch(int threads) override {
    Threads conductor{threads};
    const int networks = 8, steps = 100;
    on_threads(conductor, networks, [&](std::uint64_t number) {
      Mlp<float> network{activation_, parameterisation(), 1, "training"};
      network.draw(number);
      GradientDescent<float> descent{network, x_, y_};
      for (int step = 0; step < steps; ++step) descent.step(eta);
    });
    return networks * steps;
  }

  void write_check(const fs::path& directory) override {
    Mlp<float> network{activation_, parameterisation(), 1, "training"};
    const Eigen::VectorXf parameters = network.parameters();
    GradientDescent<float> descent{network, x_, y_};
    for (int step = 0; step < 50; ++step) descent.step(eta);
    const Eigen::VectorXd outputs = (y_ - descent.residual()).cast<double>();
    write_values(directory / "parameters.f32",
                 {parameters.data(), static_cast<std::size_t>(parameters.size())});
    write_values(directory / "x.f32", {x_.data(), points});
    write_values(directory / "y.f32", {y_.data(), points});
    write_values(directory / "expected.f64", std::span<const double>{outputs.data(), points});
  }

 private:
  static constexpr int points = 32;
  static constexpr double eta = 0.1;

  static Parameterisation parameterisation() { return ntk_parameterisation({1, 256, 2}, 2, 0.1); }

  Activation activation_;
  Eigen::MatrixXf x_{1, points};
  Eigen::VectorXf y_{points};
};

/// (d) Standard normals in single precision, kept nowhere. Unit: a number.
class Normals : public Workload {
 public:
  double batch(int threads) override {
    Threads conductor{threads};
    constexpr std::uint64_t tasks = 64;
    std::array<float, tasks> kept{};
    on_threads(conductor, tasks, [&](std::uint64_t task) {
      std::vector<float> values(4096);
      const Stream stream{1, "normals"};
      for (std::uint64_t i = 0; i < 256; ++i) stream.normals(256 * task + i, values);
      kept[task] = values.back();
    });
    return tasks * 256. * 4096;
  }

  /// Moments of the standard normal law: <z>, <z^2>, <z^3>, <z^4>, P(|z| > 3).
  void write_check(const fs::path& directory) override {
    write_values(directory / "expected.f64",
                 std::span<const double>{std::array{0., 1., 0., 3., 0.002699796063}});
  }
};

/// (e) Gram chains of two inputs through six ReLU layers of width 30. Unit: a chain.
class Chains : public Workload {
 public:
  double batch(int threads) override {
    Threads conductor{threads};
    constexpr std::uint64_t tasks = 64, chains = 1024;
    std::array<double, tasks> kept{};
    on_threads(conductor, tasks, [&](std::uint64_t task) {
      GramChain chain = make();
      for (std::uint64_t draw = task * chains; draw < (task + 1) * chains; ++draw)
        kept[task] += chain.sample(draw).back()(0, 1);
    });
    return static_cast<double>(tasks * chains);
  }

  void write_check(const fs::path& directory) override {
    constexpr std::uint64_t chains = 64;
    std::vector<float> normals;
    std::vector<double> expected;
    GramChain chain = make();
    for (std::uint64_t draw = 0; draw < chains; ++draw) {
      for (int layer = 1; layer <= depth; ++layer) {
        std::vector<float> g(2 * width);
        Stream{1, "chains: layer " + std::to_string(layer)}.normals(draw, g);
        append(normals, std::span<const float>{g});
      }
      const auto& gram = chain.sample(draw).back();
      append(expected, std::span<const double>{std::array{gram(0, 0), gram(0, 1), gram(1, 1)}});
    }
    write_values(directory / "normals.f32", std::span<const float>{normals});
    write_values(directory / "expected.f64", std::span<const double>{expected});
  }

 private:
  static constexpr int width = 30, depth = 6;

  static GramChain make() {
    Eigen::MatrixXd first(2, 2);
    first << 1, 0.3, 0.3, 0.8;
    return {Activation::relu, width, 2, 0, depth, first, 1, "chains"};
  }
};

}  // namespace

std::unique_ptr<Workload> make_workload(const std::string& name) {
  const auto dash = name.find('-');
  const std::string kind = name.substr(0, dash);
  const auto activation = [&] { return activation_of(name.substr(dash + 1)); };
  if (kind == "networks") return std::make_unique<Networks>(activation());
  if (kind == "kernels") return std::make_unique<Kernels>(activation());
  if (kind == "training") return std::make_unique<Training>(activation());
  if (kind == "normals") return std::make_unique<Normals>();
  if (kind == "chains") return std::make_unique<Chains>();
  throw std::invalid_argument{"there is no workload " + name};
}

void write_values(const fs::path& file, std::span<const float> values) { write_raw(file, values); }
void write_values(const fs::path& file, std::span<const double> values) { write_raw(file, values); }

std::vector<double> read_values(const fs::path& file) {
  std::vector<double> values(fs::file_size(file) / sizeof(double));
  std::ifstream in{file, std::ios::binary};
  in.read(reinterpret_cast<char*>(values.data()),
          static_cast<std::streamsize>(values.size() * sizeof(double)));
  if (!in) throw std::runtime_error{"cannot read " + file.string()};
  return values;
}

double rate(Workload& workload, int threads, double seconds) {
  const auto start = std::chrono::steady_clock::now();
  double units = 0;
  for (;;) {
    units += workload.batch(threads);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;
    if (elapsed.count() >= seconds) return units / elapsed.count();
  }
}

}  // namespace bench
