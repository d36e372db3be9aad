#include "mutation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "markdown.hpp"
#include "parts.hpp"
#include "tables.hpp"
#include "text.hpp"

namespace book {
namespace {

using nlohmann::json;

constexpr std::size_t kClaimsShown = 3;
constexpr double kCaught = 95, kByClaim = 75;  ///< per cent that are asked for

bool by_claim(const json& fault) { return !fault.at("claims").empty(); }

bool caught(const json& fault) {
  return by_claim(fault) || !fault.at("tests").empty() || !fault.at("stopped").empty();
}

std::string code(const std::string& text) { return "<code>" + escape_html(text) + "</code>"; }

std::string program_link(const Manuscript& manuscript, const std::string& name) {
  const auto* program = manuscript.find(name);
  return program ? link_to(program->page(), code(name)) : code(name);
}

/// The claims of one program that failed, linked to their rows where the full run has them.
std::string failed_claims(const Manuscript& manuscript, const std::string& name, const json& claims) {
  const auto* program = manuscript.find(name);
  std::vector<std::string> links;
  for (const std::string id : claims) {
    if (links.size() == kClaimsShown) break;
    const bool shown = program && program->ledger && program->ledger->claim(id);
    links.push_back(shown ? fmt::format("<a href=\"{}.html#claim-{}\">{}</a>", program->page(), id, code(id))
                          : code(id));
  }
  const std::size_t more = claims.size() - links.size();
  return fmt::format("{}: {}{}", program_link(manuscript, name), fmt::join(links, ", "),
                     more > 0 ? fmt::format(" and {} more", more) : "");
}

std::string caught_by(const Manuscript& manuscript, const json& fault) {
  if (!caught(fault)) return "Nothing. " + to_html(fault.value("reason", ""));
  std::vector<std::string> all;
  for (const auto& [program, claims] : fault.at("claims").items())
    all.push_back(failed_claims(manuscript, program, claims));
  for (const std::string room : fault.at("tests")) all.push_back("unit tests of " + code(room));
  for (const std::string program : fault.at("stopped"))
    all.push_back(program_link(manuscript, program) + " stops with an error");
  return fmt::format("{}", fmt::join(all, "<br/>"));
}

std::string row(const Manuscript& manuscript, const json& fault) {
  const bool found = caught(fault);
  return fmt::format(
      "<tr class=\"{}\"><th scope=\"row\">{}</th><td>{}</td><td class=\"number\">{:.0f}</td></tr>\n",
      found ? "holds" : "fails", to_html(fault.at("what").get<std::string>()), caught_by(manuscript, fault),
      fault.at("seconds").get<double>());
}

/// Per cent of all faults.
double percent(const json& faults, bool kind(const json&)) {
  return 100. * static_cast<double>(std::ranges::count_if(faults, kind)) / static_cast<double>(faults.size());
}

std::string share(const json& faults, bool kind(const json&)) {
  return fmt::format("{} ({:.1f} %)", std::ranges::count_if(faults, kind), percent(faults, kind));
}

std::string summary(const json& record) {
  const json& faults = record.at("faults");
  return fmt::format(
      "<p>{} of {} faults were tried in Fieldbook {} ({}, {}): {} were caught, {} by a claim.</p>\n",
      faults.size(), count(record.at("planted")), record.at("version").get<std::string>(),
      escape_html(record.at("date").get<std::string>()),
      escape_html(record.at("processor").get<std::string>()), share(faults, caught), share(faults, by_claim));
}

json record_of(const Manuscript& manuscript) {
  return json::parse(read_file(manuscript.root() / "figures/mutation.json"));
}

}  // namespace

std::string mutation_table(const Manuscript& manuscript) {
  const json record = record_of(manuscript);
  std::map<std::string, std::string> rows;
  for (const auto& fault : record.at("faults")) rows[fault.at("file")] += row(manuscript, fault);
  std::string bodies;
  for (const auto& [file, of_file] : rows)
    bodies += fmt::format(
        "<tbody><tr><th colspan=\"3\" scope=\"rowgroup\" class=\"chapter\">{}</th></tr>\n{}</tbody>\n",
        code(file), of_file);
  return summary(record) +
         scrolling("Planted faults", head({"Fault", "Caught by", "Seconds"}) + bodies, "faults");
}

LongCheck last_mutation(const Manuscript& manuscript) {
  const json record = record_of(manuscript), faults = record.at("faults");
  return {percent(faults, caught) >= kCaught && percent(faults, by_claim) >= kByClaim,
          fmt::format("{} faults; {} caught, {} by a claim", faults.size(), share(faults, caught),
                      share(faults, by_claim)),
          record.at("version"), record.at("date")};
}

}  // namespace book
