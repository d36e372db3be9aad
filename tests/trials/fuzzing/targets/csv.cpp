// Input: a CSV file
#include <fieldbook/report/csv.hpp>

#include <fmt/format.h>
#include <stdexcept>
#include <string>

#include "../input.hpp"

namespace {

std::string written(const Eigen::MatrixXd& numbers) {
  std::string text;
  for (Eigen::Index row = 0; row < numbers.rows(); ++row)
    for (Eigen::Index column = 0; column < numbers.cols(); ++column)
      text += fmt::format("{}{}", numbers(row, column), column + 1 < numbers.cols() ? "," : "\n");
  return text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const fuzzing::InputFile file{fuzzing::text(data, size)};
  Eigen::MatrixXd numbers;
  try {
    numbers = fieldbook::read_csv(file.path());
  } catch (const std::invalid_argument&) {
    return 0;
  }
  fuzzing::require(numbers.size() > 0 && numbers.allFinite(), "finite numbers");
  const fuzzing::InputFile again{written(numbers)};
  fuzzing::require(fieldbook::read_csv(again.path()) == numbers, "written numbers are read as they were");
  return 0;
}
