#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "problems.hpp"

namespace book {

/// What `@name` in prose turns into. A block directive stands alone on its line and takes the rest of it as its
/// argument; an inline one stands in a sentence and takes the next word, if it takes any.
struct Directive {
  bool block = false;
  bool takes_argument = false;
  std::function<std::string(const std::string& argument, const Place&)> html;
  bool markdown = false;  ///< the text is Markdown for Doxygen instead, for links that only Doxygen can make
};

struct Heading {
  int level;
  std::string html, plain, anchor;
};

/// A page in the making: turns prose into Markdown that Doxygen passes on unharmed.
///
/// Formulas become Doxygen's; headings, tables and what directives show become raw HTML, whose formulas `\(…\)` the
/// page renders itself: Doxygen 1.9.4 knows no formulas in headings and cuts table cells at every `|`.
class Page {
 public:
  /// The address of a link's target, e.g. "statistics-nngp.html" for "nngp.cpp"; reports a broken one.
  using Resolve = std::function<std::string(const std::string& target, const Place&)>;

  Page(std::map<std::string, Directive> directives, Resolve resolve, Problems& problems)
      : directives_(std::move(directives)), resolve_(std::move(resolve)), problems_(problems) {}

  /// Looks at every code span and fenced block, e.g. for options that do not exist.
  void check_code(std::function<void(const std::string& code, const Place&)> check) {
    check_ = std::move(check);
  }

  /// Markdown for Doxygen from the lines of prose that start at `place`.
  std::string prose(const std::vector<std::string>& lines, Place place);

  /// One line of Markdown as HTML, for headings, table cells, statements and captions.
  std::string inline_html(const std::string& markdown, const Place& place);

  /// The headings met so far.
  const std::vector<Heading>& headings() const { return headings_; }

 private:
  using Lines = std::vector<std::string>;
  std::size_t fence(const Lines& lines, std::size_t begin, Place place, std::string& out);
  std::size_t table(const Lines& lines, std::size_t begin, Place place, std::string& out);
  std::size_t paragraphs(const Lines& lines, std::size_t begin, Place place, std::string& out);
  std::string heading(const std::string& line, const Place& place);
  bool block_directive(const std::string& line, const Place& place, std::string& out);
  bool starts_block(const std::string& line) const;
  std::string markdown(const std::string& text, const Place& place);
  const Directive* find(const std::string& name, const Place& place);
  friend class Inline;

  std::map<std::string, Directive> directives_;
  Resolve resolve_;
  Problems& problems_;
  std::function<void(const std::string&, const Place&)> check_ = [](const auto&, const auto&) {};
  std::vector<Heading> headings_;
};

/// HTML that Doxygen passes through as a block of its own.
std::string raw_html(const std::string& html);

/// HTML that Doxygen passes through in the middle of a sentence.
std::string raw_span(const std::string& html);

/// One line of Markdown without links or directives as HTML.
std::string to_html(const std::string& markdown);

}  // namespace book
