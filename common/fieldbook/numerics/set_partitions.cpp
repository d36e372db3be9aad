#include <fieldbook/numerics/set_partitions.hpp>

#include <algorithm>

namespace fieldbook {

namespace {

template <class Condition>
std::vector<SetPartition> only(std::vector<SetPartition> partitions, Condition holds_for_block) {
  std::erase_if(partitions, [&](const SetPartition& partition) {
    return !std::all_of(partition.begin(), partition.end(), holds_for_block);
  });
  return partitions;
}

}  // namespace

std::vector<SetPartition> set_partitions(int n) {
  std::vector<SetPartition> partitions{{}};
  for (int element = 0; element < n; ++element) {
    std::vector<SetPartition> larger;
    for (const SetPartition& partition : partitions) {
      // The new element joins one of the blocks or is alone
      for (std::size_t block = 0; block <= partition.size(); ++block) {
        larger.push_back(partition);
        if (block == partition.size()) larger.back().emplace_back();
        larger.back()[block].push_back(element);
      }
    }
    partitions = std::move(larger);
  }
  return partitions;
}

std::vector<SetPartition> pairings(int n) {
  return only(set_partitions(n), [](const std::vector<int>& block) { return block.size() == 2; });
}

std::vector<SetPartition> even_set_partitions(int n) {
  return only(set_partitions(n), [](const std::vector<int>& block) { return block.size() % 2 == 0; });
}

}  // namespace fieldbook
