#include "times.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "markdown.hpp"
#include "parts.hpp"
#include "tables.hpp"
#include "text.hpp"

namespace book {
namespace {

std::string row(const std::string& name, const Timing& timing, const std::string& threads) {
  return fmt::format(
      "<tr><th scope=\"row\">{}</th><td class=\"number\">{:.1f}</td><td class=\"number\">{}</td>"
      "<td class=\"number\">{:.0f}</td></tr>\n",
      name, timing.seconds, threads, timing.memory);
}

}  // namespace

Timing read_timing(const Program& program) {
  const auto file = program.ledger->path.parent_path() / "timing.json";
  if (!std::filesystem::exists(file)) return {};
  const auto record = nlohmann::json::parse(read_file(file));
  return {record.at("seconds"), record.at("peak_memory_mib"), count(record.at("threads")),
          record.value("date", "some day") + ", " + record.value("processor", "some machine")};
}

std::string times_table(const Manuscript& manuscript) {
  std::string bodies;
  std::set<std::string> runs;
  Timing all;
  for (const auto& chapter : manuscript.chapters()) {
    std::string rows;
    Timing sum;
    for (const auto* program : chapter.programs) {
      if (!program->ledger) continue;
      const Timing timing = read_timing(*program);
      if (timing.threads == 0) continue;
      rows += row(link_to(program->page(), "<code>" + program->name + "</code>"), timing,
                  std::to_string(timing.threads));
      sum.seconds += timing.seconds;
      sum.memory = std::max(sum.memory, timing.memory);
      runs.insert(escape_html(timing.when_and_where));
    }
    bodies += "<tbody>" + rows + row("<b>" + to_html(chapter.title) + "</b>", sum, "") + "</tbody>\n";
    all.seconds += sum.seconds;
    all.memory = std::max(all.memory, sum.memory);
  }
  return fmt::format("<p>{}</p>\n", fmt::join(runs, "<br/>")) +
         scrolling("Times", head({"Program", "Seconds", "Threads", "Peak memory, MiB"}) + bodies + "<tbody>" +
                                row("<b>The whole book</b>", all, "") + "</tbody>");
}

}  // namespace book
