// Input: a letter, then the record of a long check. c: calibration.json; m: mutation.json; t: a trial; s: timing.json
#include <exception>
#include <filesystem>
#include <string>

#include "../input.hpp"
#include "calibration.hpp"
#include "manuscript.hpp"
#include "mutation.hpp"
#include "problems.hpp"
#include "times.hpp"
#include "trials.hpp"

namespace {

namespace fs = std::filesystem;

/// A repository with nothing in it but records, all of which are the input.
class Repository {
 public:
  explicit Repository(const fs::path& input) {
    fs::create_directories(root_ / "figures/trials");
    for (const char* const name :
         {"figures/calibration.json", "figures/mutation.json", "figures/trials/storms.json", "timing.json"}) {
      fs::remove(root_ / name);
      fs::create_symlink(input, root_ / name);
    }
  }
  const fs::path& root() const { return root_; }

 private:
  fs::path root_ = fs::temp_directory_path() / "fieldbook-fuzzing-records";
};

void read(char kind, const book::Manuscript& manuscript) {
  switch (kind) {
    case 'c':
      for (const char* const part :
           {"summary", "programs", "claims", "margins", "edge", "scatter", "untested"})
        book::calibration(manuscript, part);
      book::last_calibration(manuscript);
      break;
    case 'm':
      book::mutation_table(manuscript);
      book::last_mutation(manuscript);
      break;
    case 't':
      book::trial_tables(manuscript, "storms");
      break;
    case 's': {
      book::Program program;
      program.ledger.emplace().path = manuscript.root() / "ledger.json";
      book::read_timing(program);
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const fuzzing::InputFile file{fuzzing::text(data, size).substr(1)};
  const Repository repository{file.path()};
  book::Problems problems;
  try {
    read(static_cast<char>(data[0]), {repository.root(), repository.root(), {}, problems});
  } catch (const std::exception&) {  // all that these readers promise
  }
  return 0;
}
