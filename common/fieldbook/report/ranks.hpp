#pragma once

#include <string>
#include <vector>

namespace fieldbook {

/// The processes that share a run: one, or several where Fieldbook was built with MPI and started by its launcher. Make
/// one object of it at the start of the program; it is used by one thread.
class Ranks {
 public:
  Ranks();
  ~Ranks();
  Ranks(const Ranks&) = delete;
  Ranks& operator=(const Ranks&) = delete;

  /// Number of this process, 0 ... size() - 1. Number 0 writes the results.
  int rank() const { return rank_; }
  int size() const { return size_; }

  /// Element i of every process's copy becomes that of process i % size().
  void share(std::vector<std::string>& elements) const;

  /// Ends all processes with this exit status, because this one cannot go on.
  [[noreturn]] void abort(int status) const;

 private:
  int rank_ = 0;
  int size_ = 1;
};

}  // namespace fieldbook
