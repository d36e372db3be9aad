#include "run.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace programs {

namespace fs = std::filesystem;

Scratch::Scratch() {
  std::string pattern = (fs::temp_directory_path() / "fieldbook-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error{"no temporary directory"};
  path = pattern;
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(path, ignored);
}

Outcome run(const Scratch& scratch, const std::string& command) {
  const fs::path out = scratch.path / "stdout", err = scratch.path / "stderr";
  const int raw =
      std::system(("{ " + command + "\n} >'" + out.string() + "' 2>'" + err.string() + "'").c_str());
  const int status = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
  return {status, read(out), read(err)};
}

std::string read(const fs::path& path) {
  std::ostringstream text;
  text << std::ifstream{path, std::ios::binary}.rdbuf();
  return text.str();
}

nlohmann::json ledger(const fs::path& directory) {
  return nlohmann::json::parse(read(directory / "ledger.json"));
}

std::vector<std::pair<std::string, std::string>> contents(const fs::path& directory) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& entry : fs::directory_iterator{directory})
    if (entry.path().filename() != "timing.json")
      files.emplace_back(entry.path().filename(), read(entry.path()));
  std::sort(files.begin(), files.end());
  return files;
}

long lines(const std::string& text) { return std::count(text.begin(), text.end(), '\n'); }

std::vector<std::string> lines_of(const fs::path& path) {
  std::vector<std::string> all;
  std::ifstream stream{path};
  for (std::string line; std::getline(stream, line);) all.push_back(line);
  return all;
}

std::string after_a_checkpoint(const std::string& command, const std::string& directory,
                               const std::string& action) {
  return fmt::format(
      "touch {1}.begun; {0} & pid=$!; while kill -0 $pid && ! [ {1}/checkpoint -nt {1}.begun ]; do sleep "
      "0.02; done; "
      "{2} $pid; wait $pid",
      command, directory, action);
}

}  // namespace programs
