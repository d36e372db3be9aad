#pragma once

#include <vector>

namespace fieldbook {

/// A partition of the set {0, ..., n - 1}: its blocks, each in ascending order, in the order of their first elements.
using SetPartition = std::vector<std::vector<int>>;

/// All partitions of {0, ..., n - 1}: Bell's number of them, 1, 1, 2, 5, 15, 52, 203, 877, 4140 for n = 0 ... 8.
std::vector<SetPartition> set_partitions(int n);

/// All partitions into pairs: (n - 1)!! of them for even n, none for odd n. Wick's theorem sums over these.
std::vector<SetPartition> pairings(int n);

/// All partitions into blocks of even size.
std::vector<SetPartition> even_set_partitions(int n);

}  // namespace fieldbook
