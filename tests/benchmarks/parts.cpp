// The parts of the engine under Google Benchmark: `build/tests/benchmarks/bench-parts --benchmark_filter=normals`.
#include <fieldbook/ensembles/connected.hpp>
#include <fieldbook/ensembles/cumulants.hpp>
#include <fieldbook/ensembles/gram_chain.hpp>
#include <fieldbook/ensembles/n_point_functions.hpp>
#include <fieldbook/networks/activate.hpp>
#include <fieldbook/random/stream.hpp>
#include <fieldbook/training/gradient_descent.hpp>

#include <benchmark/benchmark.h>

namespace {

using namespace fieldbook;

template <class Real>
void normals(benchmark::State& state) {
  std::vector<Real> values(4096);
  const Stream stream{1, "normals"};
  std::uint64_t draw = 0;
  for (auto _ : state) {
    stream.normals(draw++, values);
    benchmark::DoNotOptimize(values.data());
  }
  state.SetItemsProcessed(state.iterations() * 4096);
}
BENCHMARK(normals<float>);
BENCHMARK(normals<double>);

void words(benchmark::State& state) {
  std::vector<std::uint32_t> values(4096);
  const Stream stream{1, "words"};
  std::uint64_t draw = 0;
  for (auto _ : state) {
    stream.words(draw++, values);
    benchmark::DoNotOptimize(values.data());
  }
  state.SetItemsProcessed(state.iterations() * 4096);
}
BENCHMARK(words);

template <class Real>
void activation(benchmark::State& state) {
  const auto which = static_cast<Activation>(state.range(0));
  state.SetLabel(name(which));
  std::vector<Real> fresh(4096);
  Stream{1, "activation"}.normals(0, fresh);
  std::vector<Real> values;
  for (auto _ : state) {
    values = fresh;
    activate(which, values);
    benchmark::DoNotOptimize(values.data());
  }
  state.SetItemsProcessed(state.iterations() * 4096);
}
BENCHMARK(activation<float>)->DenseRange(0, 11);
BENCHMARK(activation<double>)->DenseRange(0, 11);

void four_point_functions(benchmark::State& state) {
  const int points = static_cast<int>(state.range(0)), networks = 256;
  NPointFunctions functions{points, all_indices(points, 4)};
  std::vector<double> outputs(static_cast<std::size_t>(points) * networks);
  Stream{1, "outputs"}.normals(0, outputs);
  for (auto _ : state) functions.add(outputs);
  state.SetItemsProcessed(state.iterations() * networks);
}
BENCHMARK(four_point_functions)->Arg(4)->Arg(8)->Arg(32);

void gram_chain(benchmark::State& state) {
  GramChain chain{Activation::relu, static_cast<int>(state.range(0)), 2, 0, 6, Eigen::Matrix2d::Identity(), 1,
                  "chain"};
  std::uint64_t draw = 0;
  for (auto _ : state) benchmark::DoNotOptimize(chain.sample(draw++).back()(0, 0));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(gram_chain)->Arg(10)->Arg(30)->Arg(100)->Arg(1000);

template <class Real>
void gradient_descent(benchmark::State& state) {
  const int width = static_cast<int>(state.range(0));
  Mlp<Real> network{Activation::tanh, ntk_parameterisation({1, width, 2}, 2, 0.1), 1, "training"};
  const Eigen::Matrix<Real, -1, -1> x = Eigen::Matrix<Real, 1, -1>::LinSpaced(32, -1, 1);
  const Eigen::Matrix<Real, -1, 1> y = x.transpose();
  GradientDescent<Real> descent{network, x, y};
  for (auto _ : state) benchmark::DoNotOptimize(descent.step(0.01));
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(gradient_descent<float>)->Arg(64)->Arg(256)->Arg(1024);
BENCHMARK(gradient_descent<double>)->Arg(64)->Arg(256)->Arg(1024);

}  // namespace

BENCHMARK_MAIN();
