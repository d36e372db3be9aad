#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "markdown.hpp"
#include "scan.hpp"

namespace book {

/// Turns the text, code and formulas of a paragraph into Markdown for Doxygen, or into HTML.
class Inline {
 public:
  enum class Target { markdown, html };

  Inline(Page& page, Target target, Place place) : page_(page), target_(target), place_(std::move(place)) {}

  /// The whole of it; `markdown` starts at the place given.
  std::string render(std::string_view markdown);

 private:
  void text(const std::string& content);
  std::size_t directive(const std::string& content, std::size_t at);
  std::size_t link(const std::string& content, std::size_t at);
  std::size_t backslash(const std::string& content, std::size_t at);
  std::size_t emphasis(const std::string& content, std::size_t at);
  std::size_t character(const std::string& content, std::size_t at);
  void code(const std::string& content);
  void formula(const Piece& piece);

  Page& page_;
  Target target_;
  Place place_;
  std::string out_;
  std::vector<std::size_t> brackets_;
  bool strong_ = false, emphasized_ = false;
};

}  // namespace book
