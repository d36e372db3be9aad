#include <fieldbook/report/csv.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <boost/algorithm/string/classification.hpp>
#include <boost/algorithm/string/split.hpp>
#include <boost/algorithm/string/trim.hpp>
#include <charconv>
#include <cmath>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace fieldbook {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::optional<double> number_in(const std::string& word) {
  double value = 0;
  const char* const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, value);
  if (error != std::errc{} || stop != end) return {};
  return value;
}

}  // namespace

Eigen::MatrixXd read_csv(const std::string& path) {
  std::ifstream file{path};
  if (!file) throw std::invalid_argument{fmt::format("{} cannot be read", path)};
  std::vector<double> numbers;
  std::size_t columns = 0, rows = 0;
  int line_number = 0;
  bool header_is_over = false;
  for (std::string line; std::getline(file, line);) {
    if (++line_number == 1 && line.starts_with(byte_order_mark)) line.erase(0, byte_order_mark.size());
    boost::trim(line);
    if (line.empty() || line.front() == '#') continue;
    std::vector<std::string> words;
    boost::split(words, line, boost::is_any_of(",; \t"), boost::token_compress_on);
    const bool header =
        !std::exchange(header_is_over, true) &&
        std::none_of(words.begin(), words.end(), [](const auto& word) { return number_in(word); });
    if (header) continue;
    std::vector<double> row;
    for (const std::string& word : words)
      if (const auto value = number_in(word); !value)
        throw std::invalid_argument{fmt::format("{}, line {}: '{}' is no number", path, line_number, word)};
      else if (!std::isfinite(*value))
        throw std::invalid_argument{fmt::format("{}, line {}: '{}' is not finite", path, line_number, word)};
      else
        row.push_back(*value);
    if (rows > 0 && row.size() != columns)
      throw std::invalid_argument{
          fmt::format("{}, line {}: {} numbers instead of {}", path, line_number, row.size(), columns)};
    columns = row.size();
    ++rows;
    numbers.insert(numbers.end(), row.begin(), row.end());
  }
  if (rows == 0) throw std::invalid_argument{fmt::format("{} has no numbers", path)};
  using Rows = Eigen::Matrix<double, -1, -1, Eigen::RowMajor>;
  return Eigen::Map<const Rows>(numbers.data(), static_cast<Eigen::Index>(rows),
                                static_cast<Eigen::Index>(columns));
}

}  // namespace fieldbook
