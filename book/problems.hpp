#pragma once

#include <filesystem>
#include <ostream>
#include <set>
#include <string>
#include <tuple>

namespace book {

/// A line of a file that a reader of an error message can go to.
struct Place {
  std::filesystem::path file;
  int line = 1;
};

/// Everything that is wrong with the book, collected so that one run reports all of it.
class Problems {
 public:
  /// Notes what is wrong at a place; the same message at the same place counts once.
  void add(const Place& place, const std::string& message) {
    found_.emplace(place.file.string(), place.line, message);
  }
  bool empty() const { return found_.empty(); }
  std::size_t count() const { return found_.size(); }

  /// One line each, `file:line: message`, in the order of files and lines.
  friend std::ostream& operator<<(std::ostream& out, const Problems& problems) {
    for (const auto& [file, line, message] : problems.found_)
      out << file << ':' << line << ": " << message << '\n';
    return out;
  }

 private:
  std::set<std::tuple<std::string, int, std::string>> found_;
};

}  // namespace book
