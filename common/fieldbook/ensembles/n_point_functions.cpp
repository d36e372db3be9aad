#include <fieldbook/ensembles/n_point_functions.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <stdexcept>

namespace fieldbook {

namespace {

constexpr std::size_t lanes = 8;    ///< last indices side by side
constexpr std::size_t at_once = 4;  ///< chunks of lanes whose sums stay in registers together
constexpr std::size_t batch = 32;   ///< networks that a row takes up at a time
constexpr std::size_t longest = 8;

/// One chunk of last indices.
using Lanes [[gnu::vector_size(lanes * sizeof(double))]] = double;

/// sums[chunk] += sum over the networks of a batch of prefix[network] last[network * stride + chunk].
template <std::size_t Chunks>
void add_chunks(double* sums, const double* prefix, const Lanes* last, std::size_t stride) {
  Lanes sum[Chunks];
  for (std::size_t c = 0; c < Chunks; ++c) std::memcpy(&sum[c], sums + c * lanes, sizeof(Lanes));
  for (std::size_t n = 0; n < batch; ++n)
    for (std::size_t c = 0; c < Chunks; ++c) sum[c] += prefix[n] * last[n * stride + c];
  for (std::size_t c = 0; c < Chunks; ++c) std::memcpy(sums + c * lanes, &sum[c], sizeof(Lanes));
}

/// The same for a row of any number of chunks.
void add_row(std::size_t chunks, double* sums, const double* prefix, const Lanes* last, std::size_t stride) {
  for (; chunks > at_once; chunks -= at_once, sums += at_once * lanes, last += at_once)
    add_chunks<at_once>(sums, prefix, last, stride);
  if (chunks == 1) add_chunks<1>(sums, prefix, last, stride);
  if (chunks == 2) add_chunks<2>(sums, prefix, last, stride);
  if (chunks == 3) add_chunks<3>(sums, prefix, last, stride);
  if (chunks == 4) add_chunks<4>(sums, prefix, last, stride);
}

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
  for (const Indices& indices : combinations) {
    const Indices prefix(indices.begin(), indices.end() - 1);
    const auto last = static_cast<std::size_t>(indices.back());
    if (rows_.empty() || rows_.back().prefix != prefix)
      rows_.push_back({prefix, last / lanes, 0, sums_.size()});
    Row& row = rows_.back();
    const std::size_t place = last - row.first_chunk * lanes;
    position_.push_back(row.offset + place);
    row.chunks = place / lanes + 1;
    sums_.resize(row.offset + row.chunks * lanes);
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
  // Outputs in whole chunks, filled up with zeros; networks that are missing in the batch have outputs zero
  const std::size_t stride = (points_ + lanes - 1) / lanes;
  std::vector<Lanes> phi(batch * stride);
  std::vector<double> transposed(points_ * batch);
  for (std::size_t n = 0; n < networks; ++n)
    for (std::size_t i = 0; i < points_; ++i)
      phi[n * stride + i / lanes][i % lanes] = transposed[i * batch + n] = outputs[n * points_ + i];

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

    add_row(row.chunks, sums_.data() + row.offset, product[row.prefix.size()].data(),
            phi.data() + row.first_chunk, stride);
  }
}

void NPointFunctions::merge(const NPointFunctions& other) {
  for (std::size_t i = 0; i < sums_.size(); ++i) sums_[i] += other.sums_[i];
  count_ += other.count_;
}

}  // namespace fieldbook
