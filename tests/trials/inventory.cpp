#include "inventory.hpp"

#include <fieldbook/conductor.hpp>
#include <fieldbook/ensembles/tasks.hpp>

#include <algorithm>
#include <iterator>
#include <sstream>
#include <thread>

namespace trials {
namespace {

std::vector<std::string> words(const char* text) {
  std::istringstream stream{text};
  return {std::istream_iterator<std::string>{stream}, {}};
}

struct AllCores : fieldbook::PlainConductor {
  int threads() const { return static_cast<int>(std::max(1U, std::thread::hardware_concurrency())); }
};

}  // namespace

std::vector<std::string> all_programs() { return words(FIELDBOOK_PROGRAMS); }

std::vector<std::string> all_rooms() { return words(FIELDBOOK_ROOMS); }

std::string chapter_of(const std::string& program) { return program.substr(0, program.find('/')); }

std::string target_of(std::string program) {
  std::ranges::replace(program, '/', '-');
  return program;
}

void on_all_cores(std::size_t count, const std::function<void(std::size_t)>& work) {
  AllCores cores;
  fieldbook::on_threads(cores, count, work);
}

}  // namespace trials
