// Fieldbook as a contender of the headline benchmark: reads commands, one a line, like its peers in Python. The argument is the
// number of threads.
//
//   offer WORKLOAD            ->  "yes" or "no"
//   check WORKLOAD DIRECTORY  ->  writes inputs and expected values there, "done"
//   rate WORKLOAD SECONDS     ->  units per second
#include "workload.hpp"

#include <exception>
#include <iostream>
#include <map>
#include <sstream>
#include <string>

int main(int, char** argv) {
  try {
    const int threads = std::stoi(argv[1]);
    std::map<std::string, std::unique_ptr<bench::Workload>> workloads;
    for (std::string line; std::getline(std::cin, line);) {
      std::istringstream words{line};
      std::string command, name, directory;
      words >> command >> name;
      auto& workload = workloads[name];
      if (!workload) workload = bench::make_workload(name);
      if (command == "offer") std::cout << "yes" << std::endl;
      if (command == "check" && words >> directory) {
        workload->write_check(directory);
        std::cout << "done" << std::endl;
      }
      if (double seconds = 0; command == "rate" && words >> seconds)
        std::cout << bench::rate(*workload, threads, seconds) << std::endl;
    }
  } catch (const std::exception& error) {
    std::cerr << "contender: " << error.what() << '\n';
    return 3;
  }
}
