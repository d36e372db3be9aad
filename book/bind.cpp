/// bind SITE NAVIGATION OUTPUT [PDF]
///
/// Binds the pages of the book in SITE (a directory of HTML) into the one page OUTPUT for printing: front page, notation,
/// chapters with their programs and exercises in the order of NAVIGATION, solutions where the site has them. Links between
/// these pages stay links; others become plain words. PDF is what a browser printed of OUTPUT before: then the table of
/// contents tells the pages on which the parts begin.

#include <fmt/format.h>

#include <charconv>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "text.hpp"

namespace {

namespace fs = std::filesystem;

/// A page of the site on its way into the book.
struct Part {
  std::string name;   ///< of its file, without the ending: the anchor of its first line
  std::string title;  ///< as HTML
  std::string depth;  ///< class of its line in the table of contents: chapter, program, exercise, ...
};

/// What stands between two words, from `from` on; `from` moves behind it. Empty where they do not come.
std::string between(std::string_view text, std::string_view left, std::string_view right, std::size_t& from) {
  const auto start = text.find(left, from);
  const auto end = start == text.npos ? text.npos : text.find(right, start + left.size());
  if (end == text.npos) return from = text.npos, std::string{};
  from = end + right.size();
  return std::string{text.substr(start + left.size(), end - start - left.size())};
}

std::string between(std::string_view text, std::string_view left, std::string_view right) {
  std::size_t from = 0;
  return between(text, left, right, from);
}

std::string depth_of(const fs::path& site, const std::string& name) {
  if (name.starts_with("exercise-")) return "exercise";
  return fs::exists(site / ("source-" + name + ".html")) ? "program" : "chapter";
}

/// The parts in the order of the book.
std::vector<Part> parts_of(const fs::path& site, std::string_view navigation) {
  std::vector<Part> parts;
  std::vector<Part> solutions;
  const auto reading = navigation.substr(0, navigation.find("<span>Look up</span>"));
  for (std::size_t at = 0;;) {
    const auto name = between(reading, "<a href=\"", ".html\">", at);
    if (name.empty()) break;
    parts.push_back({name, between(reading.substr(at), "", "</a>"), depth_of(site, name)});
    const auto solution = book::replace_all(name, "exercise-", "solution-");
    if (solution != name && fs::exists(site / (solution + ".html")))
      solutions.push_back(
          {solution, "Solution: " + parts.back().title, solutions.empty() ? "chapter" : "solution"});
  }
  if (fs::exists(site / "notation.html") && !parts.empty())
    parts.insert(parts.begin() + 1, {"notation", "Notation", "chapter"});
  parts.insert(parts.end(), solutions.begin(), solutions.end());
  return parts;
}

/// Where a link of one page leads in the bound book; empty where the book does not contain its target.
std::string bound_address(const std::string& address, const std::string& page,
                          const std::map<std::string, Part>& parts) {
  if (address.starts_with("https://")) return address;
  const auto hash = address.find('#');
  const auto file = address.substr(0, hash);
  const auto name = file.empty()              ? page
                    : file.ends_with(".html") ? file.substr(0, file.size() - 5)
                                              : std::string{};
  if (!parts.contains(name)) return {};
  return "#" + name + (hash == address.npos ? "" : "--" + address.substr(hash + 1));
}

/// Anchors get the name of their page, so that they are unique; addresses follow.
std::string rebound(std::string html, const std::string& page, const std::map<std::string, Part>& parts,
                    const std::string& site) {
  html = book::replace_all(std::move(html), " id=\"", " id=\"" + page + "--");
  html = book::replace_all(std::move(html), " src=\"", " src=\"" + site + "/");
  html = book::replace_all(std::move(html), " loading=\"lazy\"", "");
  html = book::replace_all(std::move(html), "<details ", "<details open ");
  std::string result;
  for (std::size_t at = 0;;) {
    const auto start = html.find(" href=\"", at);
    if (start == html.npos) return result + html.substr(at);
    result += html.substr(at, start - at);
    const auto address = bound_address(between(html, " href=\"", "\"", at = start), page, parts);
    if (!address.empty()) result += fmt::format(" href=\"{}\"", address);
  }
}

/// The text of a page, under its title.
std::string body_of(const fs::path& site, const Part& part, const std::map<std::string, Part>& parts,
                    const std::string& below) {
  const auto html = book::read_file(site / (part.name + ".html"));
  auto body = between(html, "<div class=\"contents\">", "</div><!-- contents -->");
  if (body.find("class=\"page-title\"") == body.npos) body = "<h1>" + part.title + "</h1>\n" + body;
  return fmt::format("<section class=\"part {}\" id=\"{}\">\n{}\n</section>\n", part.depth, part.name,
                     rebound(std::move(body), part.name, parts, below));
}

/// The page on which each anchor of a PDF by Chromium lies, counted from 1: its objects are plain text.
std::map<std::string, int> pages_of(std::string_view pdf) {
  std::map<std::string, int> page_of_object;
  for (auto at = pdf.find("/Type /Page\n"); at != pdf.npos; at = pdf.find("/Type /Page\n", at + 1)) {
    const auto end = pdf.rfind(" 0 obj", at);
    const auto start = pdf.rfind('\n', end) + 1;
    page_of_object.emplace(pdf.substr(start, end - start), static_cast<int>(page_of_object.size()) + 1);
  }
  std::map<std::string, int> pages;
  for (auto at = pdf.find(" 0 R /XYZ"); at != pdf.npos; at = pdf.find(" 0 R /XYZ", at + 1)) {
    const auto bracket = pdf.rfind('[', at);
    const auto slash = pdf.rfind('/', bracket);
    const auto object = page_of_object.find(std::string{pdf.substr(bracket + 1, at - bracket - 1)});
    if (object != page_of_object.end())
      pages.emplace(book::trim(pdf.substr(slash + 1, bracket - slash - 1)), object->second);
  }
  return pages;
}

std::string contents(const std::vector<Part>& parts, const std::map<std::string, int>& pages) {
  std::string lines;
  for (const auto& part : parts) {
    const auto page = pages.find(part.name);
    lines +=
        fmt::format("<li class=\"{}\"><a href=\"#{}\"><span>{}</span></a><span>{}</span></li>\n", part.depth,
                    part.name, part.title, page == pages.end() ? "" : std::to_string(page->second));
  }
  return fmt::format("<nav class=\"part contents-of-print\"><h1>Contents</h1>\n<ul>\n{}</ul></nav>\n", lines);
}

constexpr auto kHead = R"(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"/>
<title>Fieldbook</title>
<link rel="stylesheet" href="{0}/katex/katex.min.css"/>
<link rel="stylesheet" href="{0}/book.css"/>
<link rel="stylesheet" href="{0}/print.css"/>
<script src="{0}/katex/katex.min.js"></script>
<script src="{0}/katex/auto-render.js"></script>
<script src="{0}/formulas.js"></script>
</head>
<body class="print contents">
)";

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() < 3 || arguments.size() > 4) {
    std::cerr << "bind: takes SITE NAVIGATION OUTPUT [PDF], not " << arguments.size() << " arguments\n";
    return 2;
  }
  try {
    const fs::path site = arguments[0];
    const fs::path output = arguments[2];
    const auto below = fs::relative(site, output.parent_path()).string();
    const auto parts = parts_of(site, book::read_file(arguments[1]));
    std::map<std::string, Part> by_name;
    for (const auto& part : parts) by_name.emplace(part.name, part);
    std::string html = fmt::format(kHead, below);
    html += contents(parts, arguments.size() == 4 ? pages_of(book::read_file(arguments[3]))
                                                  : std::map<std::string, int>{});
    for (const auto& part : parts) html += body_of(site, part, by_name, below);
    book::write_if_changed(output, html + "<script>renderFormulas();</script>\n</body>\n</html>\n");
  } catch (const std::exception& error) {
    std::cerr << "bind: " << error.what() << "\n";
    return 3;
  }
}
