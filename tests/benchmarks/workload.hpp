#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

/// The headline benchmark: the same work done by Fieldbook and by its peers in Python.
namespace bench {

/// One piece of work that Fieldbook and its peers all do.
class Workload {
 public:
  Workload() = default;
  Workload(const Workload&) = delete;
  Workload& operator=(const Workload&) = delete;
  virtual ~Workload() = default;

  /// Writes what a peer needs to compute the same numbers (`<name>.f32`, `<name>.f64`: raw values) and the numbers
  /// themselves, `expected.f64`.
  virtual void write_check(const std::filesystem::path& directory) = 0;

  /// Does some of the work, with parameters of its own, and returns how many units that was.
  virtual double batch(int threads) = 0;
};

/// The workload of that name (see headline.cpp for the list); std::invalid_argument if there is none.
std::unique_ptr<Workload> make_workload(const std::string& name);

/// Writes raw values, and reads them.
void write_values(const std::filesystem::path& file, std::span<const float> values);
void write_values(const std::filesystem::path& file, std::span<const double> values);
std::vector<double> read_values(const std::filesystem::path& file);

/// Works in batches for at least `seconds`; returns units per second.
double rate(Workload& workload, int threads, double seconds);

}  // namespace bench
