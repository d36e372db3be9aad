#include <fieldbook/report/errors.hpp>
#include <fieldbook/report/output.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <fstream>

namespace fieldbook {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void fail_to_write(const fs::path& file) {
  throw MachineFailure{fmt::format("cannot write {}: is the disk full? --out chooses another place",
                                   file.filename().string())};
}

/// Waits until what was written to a file or directory is on the disk.
void synchronise(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY);
  if (descriptor < 0) return;
  const bool failed = ::fsync(descriptor) != 0 && errno != EINVAL && errno != EROFS;
  ::close(descriptor);
  if (failed) fail_to_write(path);
}

void write_text(const fs::path& file, const std::string& text) {
  std::ofstream stream{file, std::ios::binary};
  stream << text;
  stream.close();
  if (!stream) fail_to_write(file);
}

/// Locks a directory for as long as this process lives, or until the descriptor is closed; -1 if another one has it.
int lock(const fs::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0 || ::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  ::close(descriptor);
  return -1;
}

/// Removes the staging areas of runs that were killed: those that nobody holds.
void clear_away(const fs::path& directory) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator{directory, none}) {
    if (!entry.path().filename().string().starts_with(".staging-")) continue;
    const int descriptor = lock(entry.path());
    if (descriptor < 0) continue;
    fs::remove_all(entry.path(), none);
    ::close(descriptor);
  }
}

}  // namespace

void write_durably(const fs::path& file, const std::string& text) {
  const fs::path beside = file.string() + ".new";
  std::error_code error;
  try {
    write_text(beside, text);
    synchronise(beside);
    fs::rename(beside, file, error);
    if (error) fail_to_write(file);
  } catch (...) {
    fs::remove(beside, error);  // half a file is of no use, and on a full disk it is in the way
    throw;
  }
  synchronise(file.parent_path());
}

Output::Output(const fs::path& directory) : directory_{fs::absolute(directory).lexically_normal()} {
  clear_away(directory_);
  staging_ = directory_ / fmt::format(".staging-{}", ::getpid());
  for (fs::path path = staging_; !path.empty() && !fs::exists(path) && path != path.root_path();
       path = path.parent_path())
    created_.push_back(path);
  std::error_code error;
  fs::create_directories(staging_, error);
  if (error)
    throw MachineFailure{fmt::format("cannot write to {}: {}; choose another directory with --out",
                                     directory_.string(), error.message())};
  lock_ = lock(staging_);
}

Output::~Output() {
  std::error_code ignored;
  fs::remove_all(staging_, ignored);
  if (lock_ >= 0) ::close(lock_);
  // Directories that this run created and left empty go with it; remove() refuses the others
  for (const fs::path& path : created_) fs::remove(path, ignored);
}

void Output::write(const std::string& name, const std::string& text) const {
  write_text(staging_ / name, text);
}

void Output::publish(const std::vector<std::string>& obsolete) const {
  std::vector<fs::path> names;
  for (const auto& entry : fs::directory_iterator{staging_}) {
    synchronise(entry.path());
    names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end(), [](const fs::path& a, const fs::path& b) {
    return std::pair{a == "ledger.json", a} < std::pair{b == "ledger.json", b};
  });
  try {
    for (const fs::path& name : names) fs::rename(staging_ / name, directory_ / name);
  } catch (const fs::filesystem_error& error) {
    throw MachineFailure{
        fmt::format("cannot move the results into {}: {}", directory_.string(), error.code().message())};
  }
  synchronise(directory_);
  for (const std::string& name : obsolete)
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      std::error_code ignored;
      fs::remove(directory_ / name, ignored);
    }
}

}  // namespace fieldbook
