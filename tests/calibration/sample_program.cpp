// A program made for the test of ./fieldbook calibrate: four sampled means, of which one has an error bar that is too small by
// ERROR_FACTOR, and an exact claim. Like any program it knows nothing of being tested.
#include <fieldbook/random/stream.hpp>
#include <fieldbook/report/program.hpp>

#include <fmt/format.h>
#include <vector>

using namespace fieldbook;

int main(int argc, char** argv) {
  Program program{"sample/program", "1", "Does the calibration see a wrong error bar?"};
  program.claims([](Claims& claims) {
    for (int i = 0; i < 4; ++i)
      claims.statistical(fmt::format("mean-{}", i), "S-1", "the mean is zero").independent();
    claims.exact("sum", "S-2", "one and one are two", absolute(0));
  });
  return program.run(argc, argv, [](Report& report) {
    std::vector<double> normal(4);
    Stream{report.seed(), "sample"}.normals(0, normal);
    for (int i = 0; i < 4; ++i) {
      const double error = i == 2 ? 1 / static_cast<double>(ERROR_FACTOR) : 1;
      report.compare(fmt::format("mean-{}", i), 0, {normal[static_cast<std::size_t>(i)], error});
    }
    report.compare("sum", 2, 1. + 1.);
  });
}
