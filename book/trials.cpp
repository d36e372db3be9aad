#include "trials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "calibration.hpp"
#include "markdown.hpp"
#include "mutation.hpp"
#include "scan.hpp"
#include "tables.hpp"
#include "text.hpp"

namespace book {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path directory(const Manuscript& manuscript) { return manuscript.root() / "figures" / "trials"; }

json record(const Manuscript& manuscript, const std::string& name) {
  return json::parse(read_file(directory(manuscript) / (name + ".json")));
}

std::string text(const json& record, const char* key) { return record.at(key).get<std::string>(); }

std::string duration(double seconds) {
  return seconds < 100 ? fmt::format("{:.0f} s", seconds) : fmt::format("{:.0f} min", seconds / 60);
}

/// Numbers are read from the right.
std::string cell(const std::string& markdown) {
  const bool number =
      !markdown.empty() && markdown.find_first_not_of("0123456789.,-+% ") == std::string::npos;
  return fmt::format("<td{}>{}</td>", number ? " class=\"number\"" : "", to_html(markdown));
}

std::string row(const json& row, bool judged) {
  const auto cells = row.at("cells").get<std::vector<std::string>>();
  const bool passed = row.at("passed");
  std::string html =
      judged ? fmt::format("<tr class=\"{}\"><td>{}</td>", passed ? "holds" : "fails", mark(passed)) : "<tr>";
  html += fmt::format("<th scope=\"row\">{}</th>", to_html(cells.at(0)));
  for (std::size_t i = 1; i < cells.size(); ++i) html += cell(cells[i]);
  return html + "</tr>\n";
}

std::string table(const json& table) {
  const auto title = text(table, "title");
  const bool judged = table.value("judged", true);
  std::vector<std::string> columns(judged ? 1 : 0);
  for (const std::string column : table.at("columns")) columns.push_back(to_html(column));
  std::string rows;
  for (const auto& entry : table.at("rows")) rows += row(entry, judged);
  return scrolling(
      plain_text(title),
      fmt::format("<caption>{}</caption>", to_html(title)) + head(columns) + "<tbody>" + rows + "</tbody>",
      "trial");
}

/// A line of the table of all long checks.
std::string check(const std::string& command, const std::string& page, const LongCheck& last) {
  return fmt::format(
      "<tr class=\"{}\"><td>{}</td><th scope=\"row\"><a href=\"{}\"><code>./fieldbook {}</code></a></th>"
      "<td>{}</td><td>{}</td><td>{}</td></tr>\n",
      last.passed ? "holds" : "fails", mark(last.passed), page, command, last.outcome,
      escape_html(last.version), escape_html(last.date));
}

}  // namespace

std::string trial_tables(const Manuscript& manuscript, const std::string& name) {
  const json last = record(manuscript, name);
  std::string html = fmt::format(
      "<div id=\"trial-{1}\">\n<p>{0} <code>./fieldbook trial {1}</code> took {2} with Fieldbook {3} ({4}, "
      "{5}).</p>\n",
      to_html(text(last, "summary")), name, duration(last.at("seconds")), escape_html(text(last, "version")),
      escape_html(text(last, "date")), escape_html(text(last, "processor")));
  for (const auto& entry : last.at("tables")) html += table(entry);
  return html + "</div>\n";
}

std::string trials_table(const Manuscript& manuscript) {
  std::string rows = check("calibrate", "calibration.html", last_calibration(manuscript)) +
                     check("mutate", "mutation.html", last_mutation(manuscript));
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator{directory(manuscript)})
    names.push_back(entry.path().stem());
  std::ranges::sort(names);
  for (const auto& name : names) {
    const json last = record(manuscript, name);
    rows +=
        check("trial " + name, "#trial-" + name,
              {last.at("passed"), to_html(text(last, "summary")), text(last, "version"), text(last, "date")});
  }
  return scrolling("Long checks",
                   head({"", "Command", "Outcome", "Version", "Date"}) + "<tbody>" + rows + "</tbody>",
                   "trial");
}

}  // namespace book
