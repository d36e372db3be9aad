#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include <boost/test/unit_test.hpp>

#include "text.hpp"
#include "weaver.hpp"

namespace book {

/// What the fixture is made of.
const Contents kFixture{{"tides/moon", "tides/sun"}, {"tides/exercises/high_tide"}};

/// A copy of the fixture that a test may damage; gone at the end of the test.
class Copy {
 public:
  Copy() {
    std::string name = (std::filesystem::temp_directory_path() / "book-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary directory");
    root_ = name;
    std::filesystem::copy(FIXTURE, root_, std::filesystem::copy_options::recursive);
  }
  ~Copy() { std::filesystem::remove_all(root_); }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path record() const { return root_ / "record"; }
  std::string read(const std::string& file) const { return read_file(root_ / file); }
  void write(const std::string& file, const std::string& text) const { write_if_changed(root_ / file, text); }

  /// Replaces the first occurrence of `from`, which must be there; returns the line it was on.
  int replace(const std::string& file, const std::string& from, const std::string& to) const {
    std::string text = read(file);
    const auto at = text.find(from);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, file + " has no " + from);
    write(file, text.replace(at, from.size(), to));
    return 1 +
           static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  }

  /// Weaves the copy; returns what is wrong with it, with the root cut off the files' names.
  std::string weave(const Contents& contents = kFixture) const {
    Problems problems;
    const Manuscript manuscript(root_, record(), contents, problems);
    Weaver(manuscript, root_ / "woven", problems).weave();
    std::ostringstream text;
    text << problems;
    return replace_all(text.str(), root_.string() + "/", "");
  }

  std::string page(const std::string& name) const { return read("woven/pages/" + name + ".md"); }

 private:
  std::filesystem::path root_;
};

/// Whether a text has that part.
inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Damages the fixture in one place and checks what the weaver says: file, line, message.
inline void expect(const std::string& file, const std::string& from, const std::string& to,
                   const std::string& message, int line = 0) {
  const Copy copy;
  const int changed = copy.replace(file, from, to);
  const std::string expected = file + ":" + std::to_string(line ? line : changed) + ": " + message;
  const std::string problems = copy.weave();
  BOOST_TEST(contains(problems, expected), "expected: " << expected << "\ngot: " << problems);
}

}  // namespace book
