#include "markdown.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "inline.hpp"
#include "text.hpp"

namespace book {
namespace {

/// The run of backticks or tildes that opens or closes a fenced block; empty on other lines.
std::string fence_mark(const std::string& line) {
  const auto text = trim(line);
  if (!text.starts_with("```") && !text.starts_with("~~~")) return {};
  return std::string(text.substr(0, text.find_first_not_of(text.front())));
}

int heading_level(const std::string& line) {
  const auto level = line.find_first_not_of('#');
  return level != std::string::npos && level >= 1 && level <= 6 && line[level] == ' '
             ? static_cast<int>(level)
             : 0;
}

bool is_table_row(const std::string& line) { return trim(line).starts_with('|'); }

bool is_table_rule(const std::string& line) {
  return is_table_row(line) && line.find_first_not_of("|-: \t") == std::string::npos &&
         line.find('-') != std::string::npos;
}

/// The cells of `| a | b |`; a bar inside code or a formula separates nothing.
std::vector<std::string> cells(const std::string& row) {
  Problems reported_later;
  std::vector<std::string> found{""};
  for (const auto& [kind, content, line] : scan(trim(row), {}, reported_later)) {
    if (kind == Kind::code)
      found.back() += fmt::format("`{}`", content);
    else if (kind != Kind::text)
      found.back() += fmt::format("${}$", content);
    else
      for (std::size_t i = 0; i < content.size(); ++i) {
        if (content[i] == '|' && (i == 0 || content[i - 1] != '\\'))
          found.emplace_back();
        else
          found.back() += content[i];
      }
  }
  found.erase(found.begin());
  if (!found.empty() && trim(found.back()).empty()) found.pop_back();
  return found;
}

/// How a column is aligned, from the rule below the heads: "", "center" or "right".
std::string alignment(std::string_view rule) {
  const auto mark = trim(rule);
  if (!mark.ends_with(':')) return "";
  return mark.starts_with(':') ? "center" : "right";
}

bool opens_display(const std::string& line) {
  std::size_t dollars = 0;
  for (auto at = line.find("$$"); at != std::string::npos; at = line.find("$$", at + 2)) ++dollars;
  return dollars % 2 == 1;
}

/// The name in a line that starts with `@name`; empty on other lines.
std::string leading_directive(const std::string& line) {
  const auto text = trim(line);
  if (!text.starts_with('@')) return {};
  return std::string(text.substr(1, text.find_first_of(" \t") - 1));
}

}  // namespace

std::string raw_html(const std::string& html) {
  return fmt::format("\n\\htmlonly[block]\n{}\n\\endhtmlonly\n", html);
}

std::string raw_span(const std::string& html) { return fmt::format("\\htmlonly {} \\endhtmlonly", html); }

std::string to_html(const std::string& markdown) {
  Problems ignored;
  Page page(
      {}, [](const auto& target, const auto&) { return target; }, ignored);
  return page.inline_html(markdown, {});
}

std::string Page::inline_html(const std::string& markdown, const Place& place) {
  return Inline(*this, Inline::Target::html, place).render(trim(markdown));
}

std::string Page::markdown(const std::string& text, const Place& place) {
  return Inline(*this, Inline::Target::markdown, place).render(text);
}

const Directive* Page::find(const std::string& name, const Place& place) {
  if (const auto found = directives_.find(name); found != directives_.end()) return &found->second;
  std::vector<std::string> known;
  for (const auto& [directive, meaning] : directives_) known.push_back(fmt::format("@{}", directive));
  problems_.add(place, fmt::format("unknown directive @{} (here: {})", name, fmt::join(known, " ")));
  return nullptr;
}

bool Page::starts_block(const std::string& line) const {
  const auto found = directives_.find(leading_directive(line));
  return !fence_mark(line).empty() || heading_level(line) || is_table_row(line) ||
         (found != directives_.end() && found->second.block);
}

std::string Page::prose(const Lines& lines, Place place) {
  std::string out;
  const int first = place.line;
  for (std::size_t i = 0; i < lines.size();) {
    place.line = first + static_cast<int>(i);
    if (!fence_mark(lines[i]).empty())
      i += fence(lines, i, place, out);
    else if (heading_level(lines[i]))
      out += heading(lines[i++], place);
    else if (is_table_row(lines[i]))
      i += table(lines, i, place, out);
    else if (block_directive(lines[i], place, out))
      ++i;
    else
      i += paragraphs(lines, i, place, out);
  }
  return out;
}

std::size_t Page::fence(const Lines& lines, std::size_t begin, Place place, std::string& out) {
  const std::string mark = fence_mark(lines[begin]);
  auto end = begin + 1;
  while (end < lines.size() && fence_mark(lines[end]).substr(0, mark.size()) != mark) ++end;
  if (end == lines.size()) problems_.add(place, "a code block opens here and is never closed");
  for (auto i = begin; i <= std::min(end, lines.size() - 1); ++i) {
    if (i != begin && i != end) check_(lines[i], {place.file, place.line + static_cast<int>(i - begin)});
    out += lines[i] + '\n';
  }
  return std::min(end + 1, lines.size()) - begin;
}

std::string Page::heading(const std::string& line, const Place& place) {
  const int level = heading_level(line);
  const std::string title(trim(line.substr(level)));
  Heading heading{level, inline_html(title, place), plain_text(title), slug(plain_text(title))};
  const std::string name = heading.anchor;
  for (int n = 2; std::ranges::count(headings_, heading.anchor, &Heading::anchor); ++n)
    heading.anchor = fmt::format("{}-{}", name, n);
  headings_.push_back(heading);
  return raw_html(fmt::format("<h{0} id=\"{1}\">{2}</h{0}>", level, heading.anchor, heading.html));
}

bool Page::block_directive(const std::string& line, const Place& place, std::string& out) {
  const std::string name = leading_directive(line);
  const auto found = directives_.find(name);
  if (found == directives_.end() || !found->second.block) return false;
  const auto& [block, takes_argument, html, markdown] = found->second;
  const std::string argument(trim(trim(line).substr(1 + name.size())));
  if (takes_argument && argument.empty())
    problems_.add(place, fmt::format("@{} needs a name", name));
  else if (!takes_argument && !argument.empty())
    problems_.add(place, fmt::format("@{} stands alone on its line, without \"{}\"", name, argument));
  else
    out += markdown ? fmt::format("\n{}\n", html(argument, place)) : raw_html(html(argument, place));
  return true;
}

std::size_t Page::table(const Lines& lines, std::size_t begin, Place place, std::string& out) {
  auto end = begin;
  while (end < lines.size() && is_table_row(lines[end])) ++end;
  if (end - begin < 2 || !is_table_rule(lines[begin + 1])) {
    problems_.add(place, "a table needs a second line such as | --- | --- |");
    return end - begin;
  }
  const auto rules = cells(lines[begin + 1]);
  const auto row = [&](std::size_t i, const std::string& tag) {
    std::string html = "<tr>";
    const auto columns = cells(lines[i]);
    if (columns.size() != rules.size())
      problems_.add({place.file, place.line + static_cast<int>(i - begin)},
                    fmt::format("{} cells in a table of {} columns", columns.size(), rules.size()));
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const std::string style = c < rules.size() ? alignment(rules[c]) : "";
      html += fmt::format("<{}{}>{}</{}>", tag, style.empty() ? "" : fmt::format(" class=\"{}\"", style),
                          inline_html(columns[c], {place.file, place.line + static_cast<int>(i - begin)}),
                          tag.substr(0, 2));
    }
    return html + "</tr>\n";
  };
  std::string html = "<div class=\"table\" tabindex=\"0\"><table>\n<thead>" + row(begin, "th scope=\"col\"") +
                     "</thead>\n<tbody>\n";
  for (auto i = begin + 2; i < end; ++i) html += row(i, "td");
  out += raw_html(html + "</tbody></table></div>");
  return end - begin;
}

std::size_t Page::paragraphs(const Lines& lines, std::size_t begin, Place place, std::string& out) {
  auto end = begin;
  bool in_display = false;
  std::string text;
  for (; end < lines.size() && (end == begin || in_display || !starts_block(lines[end])); ++end) {
    in_display ^= opens_display(lines[end]);
    text += lines[end] + '\n';
  }
  out += markdown(text, place);
  return end - begin;
}

}  // namespace book
