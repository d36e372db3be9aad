#pragma once

#include <boost/serialization/vector.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fieldbook {

/// Indices (i1, ..., in) of the points of an n-point function, in ascending order.
using Indices = std::vector<int>;

/// All (i1 <= i2 <= ... <= in) with 0 <= i < points, in lexicographic order: binomial(points + n - 1, n) of them.
std::vector<Indices> all_indices(int points, int n);

/// Sample means of products phi(x_i1) ... phi(x_in) over networks: the n-point functions, not connected, for just those
/// combinations of points that are asked for. Memory and time go with their number.
///
/// Every mean is a plain sum in the order in which the networks are added, in double precision: the same bits with any
/// instruction set and any grouping of the calls of add. For error bars see jackknife.hpp: keep one of these a block.
class NPointFunctions {
 public:
  /// For outputs at `points` points, and `combinations` of one length n, 1 <= n <= 8, in lexicographic order (last
  /// indices that lie close together, as in all_indices, are fast). std::invalid_argument for indices out of order or range.
  NPointFunctions(int points, std::vector<Indices> combinations);

  /// Adds networks: the outputs of the first at all points, then those of the second, ...
  void add(std::span<const double> outputs);

  /// Adds what `other`, with the same combinations, has seen.
  void merge(const NPointFunctions& other);

  std::int64_t count() const { return count_; }
  std::size_t size() const { return position_.size(); }

  /// The mean of the product of combination number `i`.
  double mean(std::size_t i) const { return sums_[position_[i]] / static_cast<double>(count_); }

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& count_& sums_;  // the rest is as the constructor made it
  }

 private:
  /// Combinations with the same first n - 1 indices. Their last indices are summed in whole chunks: all from the chunk of the
  /// first one to that of the last, wanted or not.
  struct Row {
    Indices prefix;
    std::size_t first_chunk;
    std::size_t chunks;
    std::size_t offset;  ///< of its sums
  };

  void add_batch(const double* outputs, std::size_t networks);

  std::size_t points_;
  std::vector<Row> rows_;
  std::vector<std::size_t> position_;  ///< of each combination among the sums
  std::vector<double> sums_;           ///< of the rows, chunk by chunk
  std::int64_t count_ = 0;
};

}  // namespace fieldbook
