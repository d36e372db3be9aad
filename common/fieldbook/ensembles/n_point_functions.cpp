#include <fieldbook/ensembles/n_point_functions.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace fieldbook {

namespace {

constexpr std::size_t lanes = 8;   ///< last indices side by side
constexpr std::size_t batch = 32;  ///< networks that a row takes up at a time
constexpr std::size_t longest = 8;

void append_indices(int points, int n, Indices& begun, std::vector<Indices>& all) {
  if (n == 0) return all.push_back(begun);
  for (int i = begun.empty() ? 0 : begun.back(); i < points; ++i) {
    begun.push_back(i);
    append_indices(points, n - 1, begun, all);
    begun.pop_back();
  }
}

void check(int points, const std::vector<Indices>& combinations) {
  if (points < 1 || combinations.empty())
    throw std::invalid_argument{"NPointFunctions: needs points and combinations"};
  const std::size_t n = combinations.front().size();
  for (const Indices& indices : combinations)
    if (indices.size() != n || n < 1 || n > longest || !std::is_sorted(indices.begin(), indices.end()) ||
        indices.front() < 0 || indices.back() >= points)
      throw std::invalid_argument{
          "NPointFunctions: combinations must have one length from 1 to 8, ascending, with indices of "
          "points"};
}

}  // namespace

std::vector<Indices> all_indices(int points, int n) {
  std::vector<Indices> all;
  Indices begun;
  append_indices(points, n, begun, all);
  return all;
}

NPointFunctions::NPointFunctions(int points, std::vector<Indices> combinations)
    : points_{static_cast<std::size_t>(points)} {
  check(points, combinations);
  std::size_t length = 0;
  for (const Indices& indices : combinations) {
    const Indices prefix(indices.begin(), indices.end() - 1);
    if (rows_.empty() || rows_.back().prefix != prefix ||
        indices.back() != rows_.back().last + static_cast<int>(length)) {
      rows_.push_back({prefix, indices.back(), 0, sums_.size()});
      length = 0;
    }
    position_.push_back(rows_.back().offset + length++);
    rows_.back().chunks = (length + lanes - 1) / lanes;
    sums_.resize(rows_.back().offset + rows_.back().chunks * lanes);
  }
}

void NPointFunctions::add(std::span<const double> outputs) {
  if (outputs.size() % points_ != 0)
    throw std::invalid_argument{"NPointFunctions: outputs of whole networks are needed"};
  const std::size_t networks = outputs.size() / points_;
  for (std::size_t first = 0; first < networks; first += batch)
    add_batch(outputs.data() + first * points_, std::min(batch, networks - first));
  count_ += static_cast<std::int64_t>(networks);
}

void NPointFunctions::add_batch(const double* outputs, std::size_t networks) {
  // Outputs with room for a last chunk that is not full; networks that are missing in the batch have outputs zero
  const std::size_t stride = points_ + lanes;
  std::vector<double> phi(batch * stride), transposed(points_ * batch);
  for (std::size_t n = 0; n < networks; ++n)
    for (std::size_t i = 0; i < points_; ++i)
      phi[n * stride + i] = transposed[i * batch + n] = outputs[n * points_ + i];

  // Products of the first 0, 1, 2, ... factors of the current row, which neighbouring rows share
  std::array<std::array<double, batch>, longest> product;
  product[0].fill(1.);
  const Indices* before = nullptr;
  for (const Row& row : rows_) {
    std::size_t shared = 0;
    while (before != nullptr && shared < before->size() && (*before)[shared] == row.prefix[shared]) ++shared;
    for (std::size_t k = shared; k < row.prefix.size(); ++k) {
      const double* const factor = transposed.data() + static_cast<std::size_t>(row.prefix[k]) * batch;
      for (std::size_t n = 0; n < batch; ++n) product[k + 1][n] = product[k][n] * factor[n];
    }
    before = &row.prefix;

    const std::array<double, batch>& prefix = product[row.prefix.size()];
    for (std::size_t chunk = 0; chunk < row.chunks; ++chunk) {
      double* const sums = sums_.data() + row.offset + chunk * lanes;
      const double* const last = phi.data() + static_cast<std::size_t>(row.last) + chunk * lanes;
      double sum[lanes];
      for (std::size_t l = 0; l < lanes; ++l) sum[l] = sums[l];
      for (std::size_t n = 0; n < batch; ++n)
        for (std::size_t l = 0; l < lanes; ++l) sum[l] += prefix[n] * last[n * stride + l];
      for (std::size_t l = 0; l < lanes; ++l) sums[l] = sum[l];
    }
  }
}

void NPointFunctions::merge(const NPointFunctions& other) {
  for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += other.sums_[i];
  count_ += other.count_;
}

}  // namespace fieldbook
