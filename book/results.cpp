#include "results.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "parts.hpp"
#include "tables.hpp"
#include "text.hpp"

namespace book {
namespace {

/// A part of the line that says where the links lead.
std::string part(const std::string& name, const std::vector<std::string>& links) {
  if (links.empty()) return "";
  return raw_span(fmt::format("<span class=\"about\">{}</span> ", name)) +
         fmt::format("{}\n", fmt::join(links, " "));
}

/// The sections of the lectures that a program belongs to, "3" or "4.1,4.2", as links.
std::string lecture_links(const std::string& lecture) {
  std::vector<std::string> links;
  for (const auto& section : split(lecture, ','))
    links.push_back(fmt::format("<a href=\"sections.html#section-{0}\">§{0}</a>", escape_html(section)));
  return fmt::format("{}", fmt::join(links, ", "));
}

}  // namespace

std::string Results::result(const std::string& argument, const Place& place) const {
  const auto parts = split(argument, '|');
  if (parts.size() < 2 || parts.size() > 3)
    return problems_.add(place,
                         "a result has a place and claims: @result PROGRAM#heading | CLAIM ... | NAME ..."),
           "";
  const auto hash = std::min(parts[0].find('#'), parts[0].size());
  const std::string name = parts[0].substr(0, hash);
  const Program* program = manuscript_.find(name);
  if (!program || !program->ledger) return problems_.add(place, fmt::format("unknown program {}", name)), "";

  std::vector<std::string> claims, names;
  for (const auto& id : split(parts[1], ' ')) claims.push_back(claim(*program, id, place));
  if (parts.size() == 3)
    for (const auto& of : split(parts[2], ' '))
      names.push_back(fmt::format("\\ref fieldbook::{} \"{}\"", of, of));
  const std::string lecture = raw_span(lecture_links(program->ledger->lecture)) + '\n';
  const std::string where = heading(*program, parts[0].substr(hash), place);
  return raw_html("<div class=\"result\">") + '\n' + lecture + part("computed in", {where}) +
         part("claims", claims) + part("code", names) + raw_html("</div>");
}

/// A link to a heading of a program's page, or to its top.
std::string Results::heading(const Program& program, const std::string& anchor, const Place& place) const {
  const auto& known = headings_.at(&program);
  if (!anchor.empty() && !std::ranges::count(known, anchor.substr(1), &Heading::anchor)) {
    std::vector<std::string> anchors;
    for (const auto& heading : known) anchors.push_back(heading.anchor);
    problems_.add(place, fmt::format("{} has no heading {} (there are: {})", program.name, anchor,
                                     fmt::join(anchors, ", ")));
  }
  return raw_span(fmt::format("<a href=\"{}.html{}\">{}</a>", program.page(), escape_html(anchor),
                              to_html(program.title)));
}

std::string Results::claim(const Program& program, const std::string& id, const Place& place) const {
  const Claim* claim = program.ledger->claim(id);
  const LeftOut* left_out = program.ledger->left_out_claim(id);
  if (!claim && !left_out)
    return problems_.add(place, fmt::format("unknown claim {} of {}", id, program.name)), "";
  const std::string ref = claim ? claim->ref : left_out->ref;
  const std::string sign = claim ? mark(claim->holds) + " " : "";
  return raw_span(fmt::format("<a href=\"{}.html#claim-{}\">{}{} <code>{}</code></a>", program.page(), id,
                              sign, escape_html(ref), id));
}

}  // namespace book
