#include <fieldbook/report/errors.hpp>
#include <fieldbook/report/files.hpp>
#include <fieldbook/report/output.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>

namespace fieldbook {

namespace fs = std::filesystem;

namespace {

/// Waits until what was written to a file or directory is on the disk.
void synchronise(const fs::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY);
  if (descriptor < 0) return;
  const bool failed = ::fsync(descriptor) != 0 && errno != EINVAL && errno != EROFS;
  ::close(descriptor);
  if (failed) fail_to_write(path);
}

/// Locks a directory for as long as this process lives, or until the descriptor is closed; -1 where there are no locks.
int lock(const fs::path& directory) {
  const int descriptor = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0 || ::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  const bool held = errno == EWOULDBLOCK;
  ::close(descriptor);
  if (held)
    throw MachineFailure{
        fmt::format("another run is writing to {}; wait for it, or choose another directory with --out",
                    directory.string())};
  return -1;
}

/// Removes the staging areas of runs that were killed.
void clear_away(const fs::path& directory) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator{directory, none})
    if (entry.path().filename().string().starts_with(".staging-")) fs::remove_all(entry.path(), none);
}

/// The path and those above it, as far as they do not exist.
std::vector<fs::path> missing(fs::path path) {
  std::vector<fs::path> paths;
  std::error_code unknown;  // such as a name that is too long
  for (; path.has_relative_path() && !fs::exists(fs::symlink_status(path, unknown));
       path = path.parent_path())
    paths.push_back(path);
  return paths;
}

/// Removes directories, innermost first, unless something is in them.
void remove_empty(const std::vector<fs::path>& directories) {
  std::error_code not_empty;
  for (const fs::path& path : directories) fs::remove(path, not_empty);
}

}  // namespace

void write_durably(const fs::path& file, const std::string& text) {
  const fs::path beside = file.string() + ".new";
  try {
    write_file(beside, text);
    synchronise(beside);
    if (::rename(beside.c_str(), file.c_str()) != 0) fail_to_write(file);
  } catch (...) {
    std::error_code ignored;
    fs::remove(beside, ignored);  // half a file is of no use, and on a full disk it is in the way
    throw;
  }
  synchronise(file.parent_path());
}

Output::Output(const fs::path& directory) {
  std::error_code error;  // such as a working directory that is gone
  directory_ = fs::absolute(directory, error).lexically_normal();
  staging_ = directory_ / fmt::format(".staging-{}", ::getpid());
  created_ = missing(staging_);
  if (!error) fs::create_directories(directory_, error);
  if (!error) {
    lock_ = lock(directory_);
    if (lock_ >= 0) clear_away(directory_);
    fs::create_directory(staging_, error);
  }
  if (!error) return;
  remove_empty(created_);
  if (lock_ >= 0) ::close(lock_);
  throw MachineFailure{fmt::format("cannot write to {}: {}; choose another directory with --out",
                                   directory.string(), error.message())};
}

Output::~Output() {
  std::error_code ignored;
  fs::remove_all(staging_, ignored);
  remove_empty(created_);
  if (lock_ >= 0) ::close(lock_);
}

void Output::write(const std::string& name, const std::string& text) const {
  write_file(staging_ / name, text);
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
  // Look first: what a rename in the midst refuses leaves new results beside old ones
  for (const fs::path& name : names)
    if (fs::is_directory(fs::symlink_status(directory_ / name)))
      throw MachineFailure{
          fmt::format("cannot write {}: a directory of that name is in {}; --out chooses another place",
                      name.string(), directory_.string())};
  try {
    for (const fs::path& name : names) fs::rename(staging_ / name, directory_ / name);
  } catch (const fs::filesystem_error& error) {
    throw MachineFailure{fmt::format("cannot move the results into {}: {}; --out chooses another place",
                                     directory_.string(), error.code().message())};
  }
  synchronise(directory_);
  for (const std::string& name : obsolete)
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      std::error_code ignored;
      fs::remove(directory_ / name, ignored);
    }
}

}  // namespace fieldbook
