#include "tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

#include "claim_picture.hpp"
#include "markdown.hpp"
#include "numbers.hpp"
#include "scan.hpp"
#include "text.hpp"

namespace book {
namespace {

std::string claim_row(const Claim& claim) {
  return fmt::format(
      "<tr id=\"claim-{}\" class=\"{}\"><td>{}</td><th scope=\"row\">{}</th><td>{}<span "
      "class=\"kind\">{}</span></td>"
      "<td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}{}</td></tr>\n",
      claim.id, claim.holds ? "holds" : "fails", mark(claim.holds), to_html(claim.statement),
      escape_html(claim.ref), claim.kind, side(claim) + predicted(claim).html(), measured(claim).html(),
      criterion(claim).html, claim_picture(claim));
}

std::string left_out_list(const Ledger& ledger) {
  if (ledger.left_out.empty()) return "";
  std::string html = "<p>Left out of this run:</p>\n<ul class=\"left-out\">";
  for (const auto& [id, ref, reason] : ledger.left_out)
    html += fmt::format("<li id=\"claim-{0}\"><code>{0}</code> ({1}): {2}</li>", id, escape_html(ref),
                        to_html(reason));
  return html + "</ul>\n";
}

std::string option_row(const Option& option) {
  const bool flag = option.type == "flag";
  const std::string now =
      option.value.empty() || option.value == option.fallback ? "" : " (here " + option.value + ")";
  return fmt::format(
      "<tr><th scope=\"row\"><code>--{}</code></th><td>{}</td><td>{}</td><td>{}{}</td><td>{}</td></tr>\n",
      option.name, to_html(option.help),
      option.unit.empty() ? escape_html(option.type)
                          : fmt::format("{} ({})", escape_html(option.type), escape_html(option.unit)),
      flag ? "" : "<code>" + escape_html(option.fallback) + "</code>", escape_html(now),
      escape_html(option.range));
}

std::string option_rows(const Ledger& ledger, bool common) {
  std::string rows;
  for (const Option& option : ledger.options)
    if (option.common == common) rows += option_row(option);
  if (rows.empty()) return "";
  return head({"Option", "Meaning", "Type", "Default", "Valid"}) + "<tbody>" + rows + "</tbody>";
}

/// Width and height of a picture in its own units; zero where it does not say.
struct Size {
  int width = 0, height = 0;
};

Size picture_size(const std::filesystem::path& picture) {
  if (!std::filesystem::exists(picture)) return {};
  const std::string start = read_file(picture).substr(0, 2000);
  std::smatch size;
  static const std::regex box(R"(viewBox="0 0 ([0-9]+)[0-9.]* ([0-9]+)[0-9.]*")");
  if (!std::regex_search(start, size, box)) return {};
  return {std::stoi(size.str(1)), std::stoi(size.str(2))};
}

/// A picture that leads to `target`, with its size so that the page does not jump while it loads.
std::string image(const std::string& target, const std::string& address, const std::string& text, Size size,
                  const std::string& more = "") {
  const std::string extent =
      size.width ? fmt::format(" width=\"{}\" height=\"{}\"", size.width, size.height) : "";
  return fmt::format("<a class=\"picture\" href=\"{}\"><img src=\"{}\" alt=\"{}\"{}{}/></a>", target, address,
                     escape_html(text), extent, more);
}

}  // namespace

std::string scrolling(const std::string& label, const std::string& rows, const std::string& style) {
  return fmt::format(
      "<div class=\"table{}\" role=\"region\" aria-label=\"{}\" tabindex=\"0\"><table>\n{}</table></div>",
      style.empty() ? "" : " " + style, label, rows);
}

std::string head(const std::vector<std::string>& columns) {
  std::string html = "<thead><tr>";
  for (const auto& column : columns) html += fmt::format("<th scope=\"col\">{}</th>", column);
  return html + "</tr></thead>\n";
}

std::string verdict(int claims, int failing) {
  const std::string all = fmt::format("{} claim{}", claims, claims == 1 ? "" : "s");
  if (claims == 0) return "no claims";
  if (failing) return fmt::format("{} of {} fail{}", failing, all, failing == 1 ? "s" : "");
  return all + (claims == 1 ? ", which holds" : ", all hold");
}

std::string mark(bool holds) {
  return holds ? "<span class=\"mark\">✓<span class=\"hidden\"> holds</span></span>"
               : "<span class=\"mark\">✗ fails</span>";
}

std::string claims_table(const Ledger& ledger) {
  std::string rows =
      head({"Holds", "Claim", "Code, kind", "Predicted", "Measured", "Decided by"}) + "<tbody>";
  for (const Claim& claim : ledger.failing_first()) rows += claim_row(claim);
  std::string html = fmt::format(
      "<p class=\"verdict\" id=\"claims-of-this-page\">{} · made with <code>{}</code></p>\n",
      verdict(static_cast<int>(ledger.claims.size()), ledger.failing()), escape_html(ledger.replay()));
  if (!ledger.claims.empty()) html += scrolling("Claims", rows + "</tbody>", "claims");
  if (const auto& sum = ledger.chi_square)
    html += fmt::format(
        "<p>The {} independent <i>z</i> of this run have χ² = {}, which chance exceeds with probability "
        "<i>p</i> = {}.</p>\n",
        sum->degrees, significant(sum->value, 4).html(), significant(sum->p, 2).html());
  return html + left_out_list(ledger);
}

std::string options_table(const Ledger& ledger) {
  const std::string own = option_rows(ledger, false), common = option_rows(ledger, true);
  std::string html =
      own.empty() ? "<p>This program has no options of its own.</p>\n" : scrolling("Options", own, "options");
  if (!common.empty())
    html += "<details><summary>Options that every program has</summary>" +
            scrolling("Common options", common, "options") + "</details>";
  return html;
}

std::string figure(const Figure& figure, const std::string& directory, const std::filesystem::path& picture) {
  std::string links;
  const auto link = [&](const std::string& extension, const std::string& words) {
    if (const auto file = figure.file(extension); !file.empty())
      links += fmt::format("{}<a href=\"{}/{}\">{}</a>", links.empty() ? "" : " · ", directory, file, words);
  };
  link(".csv", "data (.csv)");
  link(".gp", "gnuplot script (.gp)");
  const Size size = picture_size(picture);
  const std::string address = directory + "/" + figure.file(".svg");
  return fmt::format(
      "<figure id=\"figure-{}\"{}>{}<figcaption>{} <span class=\"files\">{}</span></figcaption></figure>",
      figure.id, size.width > 800 ? " class=\"wide\"" : "",
      image(address, address, plain_text(figure.caption), size), to_html(figure.caption), links);
}

std::string thumbnail(const Figure& figure, const Program& program) {
  const std::string file = figure.file(".svg"), page = program.page() + ".html";
  return fmt::format(
      "<figure>{}<figcaption><a href=\"{}\">{}</a> <span class=\"files\">§{}</span></figcaption></figure>\n",
      image(page + "#figure-" + figure.id, "record/" + program.name + "/" + file, plain_text(figure.caption),
            picture_size(program.ledger->path.parent_path() / file), " loading=\"lazy\""),
      page, to_html(program.title), program.ledger->lecture);
}

std::string value_link(const Ledger& ledger, const std::string& id, const std::string& page) {
  const Claim* claim = ledger.claim(id);
  const std::string text = claim ? measured(*claim).html() : "(not decided in this run)";
  return fmt::format("<a class=\"value\" href=\"{}.html#claim-{}\">{}</a>", page, id, text);
}

std::string peculiarity_note(const Ledger& ledger) {
  const std::string what = ledger.peculiarities();
  if (what.empty()) return "";
  return fmt::format(
      "<p class=\"note\" role=\"note\">The numbers and figures below are of a run with {}, "
      "not of the full run.</p>",
      escape_html(what));
}

std::string indexed_claims(const ClaimsOfPrograms& claims) {
  std::string rows = head({"Code", "Claim", "Section", "Kind", "Decided by", "Holds"}) + "<tbody>";
  for (const auto& [program, claim] : claims)
    rows += fmt::format(
        "<tr class=\"{}\"><td>{}</td><td><a href=\"{}.html#claim-{}\">{}</a><span "
        "class=\"kind\">{}</span></td>"
        "<td>{}</td><td>{}</td><td class=\"number\">{}{}</td><td>{}</td></tr>\n",
        claim->holds ? "holds" : "fails", escape_html(claim->ref), program->page(), claim->id,
        to_html(claim->statement), program->name, claim->lecture, claim->kind, criterion(*claim).html,
        claim_picture(*claim), mark(claim->holds));
  return scrolling("All claims", rows + "</tbody>", "claims claims-index");
}

std::string brief_claims(const ClaimsOfPrograms& claims) {
  std::string rows = head({"Code", "Claim", "Holds"}) + "<tbody>";
  for (const auto& [program, claim] : claims)
    rows += fmt::format(
        "<tr class=\"{}\"><td>{}</td><td><a href=\"{}.html#claim-{}\">{}</a></td><td>{}</td></tr>\n",
        claim->holds ? "holds" : "fails", escape_html(claim->ref), program->page(), claim->id,
        to_html(claim->statement), mark(claim->holds));
  return scrolling("Claims", rows + "</tbody>", "claims");
}

}  // namespace book
