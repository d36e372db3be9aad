#include "inline.hpp"

#include <fmt/format.h>

#include <cctype>

#include "text.hpp"

namespace book {
namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }
bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)); }

/// The character at a position, or a blank beyond either end.
char at_or_blank(const std::string& text, std::size_t at) { return at < text.size() ? text[at] : ' '; }

/// The word at a position: letters, digits, hyphens, underscores, and dots as in mean-at-0.8.
std::string word(const std::string& text, std::size_t at) {
  auto end = at;
  const auto dot_inside = [&] { return text[end] == '.' && is_word(at_or_blank(text, end + 1)); };
  while (end < text.size() && (is_word(text[end]) || text[end] == '-' || dot_inside())) ++end;
  while (end > at && text[end - 1] == '-') --end;
  return text.substr(at, end - at);
}

}  // namespace

std::string Inline::render(std::string_view markdown) {
  const Place start = place_;
  for (const Piece& piece : scan(markdown, start, page_.problems_)) {
    place_.line = piece.line;
    if (piece.kind == Kind::text)
      text(piece.content);
    else if (piece.kind == Kind::code)
      code(piece.content);
    else
      formula(piece);
  }
  return std::move(out_);
}

void Inline::text(const std::string& content) {
  for (std::size_t at = 0; at < content.size();) {
    const char c = content[at];
    if (c == '\n') ++place_.line;
    if (c == '@')
      at += directive(content, at);
    else if (c == '\\')
      at += backslash(content, at);
    else if (c == '[' || c == ']' || content.compare(at, 2, "![") == 0)
      at += link(content, at);
    else if (target_ == Target::html && (c == '*' || c == '_'))
      at += emphasis(content, at);
    else
      at += character(content, at);
  }
}

std::size_t Inline::directive(const std::string& content, std::size_t at) {
  const std::string name = word(content, at + 1);
  if (name.empty() || is_word(at ? content[at - 1] : ' '))
    return out_ += target_ == Target::html ? "@" : "\\@", 1;
  std::size_t length = 1 + name.size();
  const Directive* found = page_.find(name, place_);
  if (!found) return length;
  if (found->block)
    return page_.problems_.add(place_, fmt::format("@{} stands alone on its line", name)), length;
  std::string argument;
  if (found->takes_argument) {
    argument = at_or_blank(content, at + length) == ' ' ? word(content, at + length + 1) : "";
    if (argument.empty()) return page_.problems_.add(place_, fmt::format("@{} needs a name", name)), length;
    length += 1 + argument.size();
  }
  out_ += found->html(argument, place_);
  return length;
}

std::size_t Inline::backslash(const std::string& content, std::size_t at) {
  const char next = at_or_blank(content, at + 1);
  if (is_letter(next)) {
    page_.problems_.add(place_, fmt::format("\\{} outside a formula", word(content, at + 1)));
    return 2;
  }
  if (target_ == Target::html)
    out_ += escape_html(std::string(1, next));
  else
    out_ += {'\\', next};
  return 2;
}

std::size_t Inline::link(const std::string& content, std::size_t at) {
  if (content[at] == '!') return page_.problems_.add(place_, "pictures come from @figure, not from ![]()"), 2;
  if (content[at] == '[') return brackets_.push_back(out_.size()), out_ += '[', 1;
  const auto end = content.find(')', at);
  if (at_or_blank(content, at + 1) != '(' || end == std::string::npos || brackets_.empty()) {
    if (!brackets_.empty()) brackets_.pop_back();
    return out_ += ']', 1;
  }
  const std::string target = content.substr(at + 2, end - at - 2);
  const std::string url = page_.resolve_(target, place_);
  if (target_ == Target::markdown && url.starts_with("@ref "))
    out_ += fmt::format("]({})", url);
  else
    out_.replace(brackets_.back(), 1, fmt::format("<a href=\"{}\">", url)), out_ += "</a>";
  brackets_.pop_back();
  return end + 1 - at;
}

std::size_t Inline::emphasis(const std::string& content, std::size_t at) {
  const bool strong = content.compare(at, 2, "**") == 0;
  const char before = at ? content[at - 1] : ' ', after = at_or_blank(content, at + 1);
  bool& open = strong ? strong_ : emphasized_;
  // An underscore that follows a word opens nothing, one that leads to a word closes nothing
  const bool inside_word = content[at] == '_' && is_word(open ? after : before);
  const bool loose = before == ' ' && after == ' ';
  if (!strong && (inside_word || loose)) return out_ += content[at], 1;
  open = !open;
  out_ += fmt::format("<{}{}>", open ? "" : "/", strong ? "strong" : "em");
  return strong ? 2 : 1;
}

std::size_t Inline::character(const std::string& content, std::size_t at) {
  const char c = content[at], next = at_or_blank(content, at + 1);
  if (target_ == Target::html) return out_ += escape_html(std::string(1, c)), 1;
  const bool tag = c == '<' && content.compare(at, 5, "<http") != 0;
  const bool command = (c == '%' || c == '#') && is_word(next);
  const bool scope = c == ':' && next == ':';
  if (tag || command || scope) out_ += '\\';
  if (scope) return out_ += "::", 2;
  return out_ += c, 1;
}

void Inline::code(const std::string& content) {
  page_.check_(content, place_);
  const std::string ticks = content.find('`') == std::string::npos ? "`" : "``";
  if (target_ == Target::html)
    out_ += fmt::format("<code>{}</code>", escape_html(trim(content)));
  else
    out_ += ticks + content + ticks;
}

void Inline::formula(const Piece& piece) {
  const bool display = piece.kind == Kind::display;
  if (target_ == Target::html)
    out_ += fmt::format("\\({}\\)", escape_html(piece.content));
  else if (display)
    out_ += fmt::format("\\f[ {} \\f]", piece.content);
  else
    out_ += fmt::format("\\f${}\\f$", piece.content);
}

}  // namespace book
