#pragma once

#include <boost/process.hpp>

#include <string>
#include <vector>

namespace bench {

/// A contender: a process that answers one line to each line (see contender.cpp).
class Contender {
 public:
  /// With one thread it is also bound to one core.
  Contender(std::string name, std::vector<std::string> command, int threads) : name_{std::move(name)} {
    namespace bp = boost::process;
    auto environment = boost::this_process::environment();
    for (const char* variable : {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"})
      environment[variable] = std::string{variable} == "OPENBLAS_NUM_THREADS" ? "1" : std::to_string(threads);
    // Memory that was once taken is kept: what the system needs to hand out pages anew would hide the work
    for (const char* variable : {"MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"})
      environment[variable] = "4000000000";
    // Settings that work around old versions of OpenBLAS would slow a new one
    environment.erase("OPENBLAS_CORETYPE");
    environment.erase("OPENBLAS_L2_SIZE");
    if (threads == 1) command.insert(command.begin(), {"/usr/bin/taskset", "-c", "0"});
    child_ = bp::child(command, environment, bp::std_in<input_, bp::std_out> output_, bp::std_err > bp::null);
  }

  Contender(const Contender&) = delete;
  Contender& operator=(const Contender&) = delete;
  ~Contender() {
    std::error_code gone;
    child_.terminate(gone);
    child_.wait(gone);
  }

  /// The answer; empty if the process has died.
  std::string ask(const std::string& question) {
    input_ << question << std::endl;
    std::string answer;
    std::getline(output_, answer);
    return answer;
  }

  const std::string& name() const { return name_; }

 private:
  std::string name_;
  boost::process::opstream input_;
  boost::process::ipstream output_;
  boost::process::child child_;
};

}  // namespace bench
