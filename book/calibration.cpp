#include "calibration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "numbers.hpp"
#include "parts.hpp"
#include "tables.hpp"
#include "text.hpp"

namespace book {
namespace {

using nlohmann::json;

constexpr std::size_t kWorstClaims = 12;

/// A claim of the record with the program that makes it.
struct Calibrated {
  const json* program;
  const json* claim;
};

std::string cell(const std::string& html) { return "<td class=\"number\">" + html + "</td>"; }

/// A number with its error, [value, error] in the record.
std::string estimate(const json& pair) { return rounded(pair.at(0), pair.at(1).get<double>()).html(); }

std::string p_value(const json& number) { return significant(number, 2).html(); }

std::string program_link(const Manuscript& manuscript, const std::string& name) {
  const std::string code = "<code>" + name + "</code>";
  const auto* program = manuscript.find(name);
  return program ? link_to(program->page(), code) : code;
}

/// The claim, linked to its row; a claim that only quick runs have is linked to nothing.
std::string claim_link(const Manuscript& manuscript, const Calibrated& calibrated) {
  const std::string id = calibrated.claim->at("id"), code = "<code>" + id + "</code>";
  const auto* program = manuscript.find(calibrated.program->at("program"));
  if (!program || !program->ledger || !program->ledger->claim(id)) return code;
  return fmt::format("<a href=\"{}.html#claim-{}\">{}</a>", program->page(), id, code);
}

std::string claim_head(const Manuscript& manuscript, const Calibrated& calibrated) {
  return fmt::format("<tr><th scope=\"row\">{}<br/>{}</th>", claim_link(manuscript, calibrated),
                     program_link(manuscript, calibrated.program->at("program")));
}

std::vector<Calibrated> claims_of(const json& record) {
  std::vector<Calibrated> claims;
  for (const auto& program : record.at("programs"))
    for (const auto& claim : program.at("claims")) claims.push_back({&program, &claim});
  return claims;
}

bool tested(const json& claim) { return claim.contains("variance"); }

long failures(const json& program) {
  long sum = 0;
  for (const auto& claim : program.at("claims")) sum += count(claim.at("failures"));
  return sum;
}

/// What is counted over all programs.
struct Counts {
  long statistical = 0, others = 0, constant = 0, failures = 0, guilty = 0;
};

Counts counts(const json& record) {
  Counts sum;
  for (const auto& program : record.at("programs")) {
    sum.constant += count(program.at("constant"));
    sum.failures += failures(program);
    sum.guilty += program.at("worst") < record.at("level");
    for (const auto& claim : program.at("claims")) (tested(claim) ? sum.statistical : sum.others) += 1;
  }
  return sum;
}

std::string failed(long number) {
  if (number == 0) return "No claim failed for any seed.";
  return fmt::format("Over all seeds, claims failed {}.",
                     number == 1 ? "once" : fmt::format("{} times", number));
}

std::string summary(const Manuscript&, const json& record) {
  const Counts sum = counts(record);
  const std::string runs =
      fmt::format("{} programs of Fieldbook {} ran with <code>--quick</code> for each of {} seeds ({}, {}).",
                  record.at("programs").size(), record.at("version").get<std::string>(),
                  count(record.at("seeds")), escape_html(record.at("date").get<std::string>()),
                  escape_html(record.at("processor").get<std::string>()));
  const std::string outcome = sum.guilty == 0
                                  ? "none of them is called miscalibrated"
                                  : fmt::format("{} program{} claims that are not calibrated", sum.guilty,
                                                sum.guilty == 1 ? " makes" : "s make");
  const std::string z = fmt::format(
      "{} statistical claims were tested, and {}. Their mean <i>z</i> is {}, that of <i>z</i>² is {}, that "
      "of <i>z</i>³ is {}.",
      sum.statistical, outcome, estimate(record.at("moments").at(0)), estimate(record.at("moments").at(1)),
      estimate(record.at("moments").at(2)));
  return fmt::format(
      "<p>{} {} {} other claims measure numbers that depend on the seed, and {} claims say the same for "
      "every seed. {}</p>\n",
      runs, z, sum.others, sum.constant, failed(sum.failures));
}

std::string picture(const Manuscript& manuscript, const json& record) {
  return figure({"calibration", record.at("caption"), {"calibration.svg"}}, "record",
                calibration_picture(manuscript));
}

std::string programs(const Manuscript& manuscript, const json& record) {
  std::vector<const json*> order;
  for (const auto& program : record.at("programs"))
    if (program.contains("moments")) order.push_back(&program);
  std::ranges::stable_sort(order, {}, [](const json* program) { return program->at("worst").get<double>(); });
  std::string rows;
  for (const json* program : order) {
    std::string moments;
    for (const auto& moment : program->at("moments")) moments += cell(estimate(moment));
    rows += "<tr><th scope=\"row\">" + program_link(manuscript, program->at("program")) + "</th>" +
            cell(std::to_string(std::ranges::count_if(program->at("claims"), tested))) + moments +
            cell(program->contains("chi_square_p") ? p_value(program->at("chi_square_p")) : "") +
            cell(p_value(program->at("worst"))) + cell(std::to_string(failures(*program))) + "</tr>\n";
  }
  return scrolling("Programs",
                   head({"Program", "Claims tested", "Mean <i>z</i>", "Mean <i>z</i>²", "Mean <i>z</i>³",
                         "<i>p</i> of χ²", "Smallest <i>p</i>, corrected", "Failures"}) +
                       "<tbody>" + rows + "</tbody>");
}

std::string worst_claims(const Manuscript& manuscript, const json& record) {
  auto claims = claims_of(record);
  std::erase_if(claims, [](const auto& calibrated) { return !tested(*calibrated.claim); });
  const auto smallest = [](const Calibrated& calibrated) {
    return std::min(calibrated.claim->at("normality_p").get<double>(),
                    calibrated.claim->at("squares_p").get<double>());
  };
  std::ranges::stable_sort(claims, {}, smallest);
  claims.resize(std::min(claims.size(), kWorstClaims));
  std::string rows;
  for (const auto& calibrated : claims) {
    const json& claim = *calibrated.claim;
    rows += claim_head(manuscript, calibrated) + cell(estimate(claim.at("mean"))) +
            cell(estimate(claim.at("variance"))) + cell(p_value(claim.at("normality_p"))) +
            cell(p_value(claim.at("squares_p"))) + cell(p_value(claim.at("adjusted"))) + "</tr>\n";
  }
  return scrolling("Claims", head({"Claim", "Mean <i>z</i>", "Variance of <i>z</i>", "<i>p</i>, normal",
                                   "<i>p</i>, size", "Corrected"}) +
                                 "<tbody>" + rows + "</tbody>");
}

/// How many claims of each kind used how much, at most, of what they allow.
std::string margins(const Manuscript&, const json& record) {
  static constexpr std::array upper{0., 0.25, 0.5, 0.75, 0.9};
  static const std::vector<std::string> columns{"Kind",    "below 0", "to 0.25",  "to 0.5",
                                                "to 0.75", "to 0.9",  "above 0.9"};
  std::map<std::string, std::array<int, upper.size() + 1>> counts;
  for (const auto& [program, claim] : claims_of(record)) {
    const double largest = claim->at("used").at(1);
    counts[claim->at("kind")]
          [static_cast<std::size_t>(std::ranges::upper_bound(upper, largest) - upper.begin())]++;
  }
  std::string rows;
  for (const auto& [kind, numbers] : counts) {
    rows += "<tr><th scope=\"row\">" + kind + "</th>";
    for (const int number : numbers) rows += cell(std::to_string(number));
    rows += "</tr>\n";
  }
  return scrolling("Shares used", head(columns) + "<tbody>" + rows + "</tbody>");
}

std::string close_to_the_edge(const Manuscript& manuscript, const json& record) {
  auto claims = claims_of(record);
  std::erase_if(claims, [&](const auto& calibrated) {
    return calibrated.claim->at("used").at(1) <= record.at("edge") && calibrated.claim->at("failures") == 0;
  });
  std::ranges::stable_sort(claims, std::greater{}, [](const auto& calibrated) {
    return calibrated.claim->at("used").at(1).template get<double>();
  });
  std::string rows;
  for (const auto& calibrated : claims) {
    const json& claim = *calibrated.claim;
    rows += claim_head(manuscript, calibrated) + "<td>" + claim.at("kind").get<std::string>() + "</td>" +
            cell(significant(claim.at("used").at(0), 3).html()) +
            cell(significant(claim.at("used").at(1), 4).html()) +
            cell(fmt::format("{} of {}", count(claim.at("failures")), count(claim.at("runs")))) + "</tr>\n";
  }
  return rows.empty() ? "<p>No claim came so close to its edge.</p>\n"
                      : scrolling("Claims close to their edge",
                                  head({"Claim", "Kind", "Used, median", "Used, largest", "Failures"}) +
                                      "<tbody>" + rows + "</tbody>");
}

/// How much sampled claims without z scatter, in units of their standard errors.
std::string scatter(const Manuscript& manuscript, const json& record) {
  if (!record.contains("scatter")) return "<p>The last record is from before this was kept.</p>\n";
  auto claims = claims_of(record);
  std::erase_if(claims, [](const auto& calibrated) { return !calibrated.claim->contains("scatter"); });
  const auto ratio = [](const Calibrated& calibrated) {
    return calibrated.claim->at("scatter").at(0).get<double>();
  };
  std::ranges::stable_sort(claims, std::greater{}, ratio);
  const auto too_much = std::ranges::count_if(claims, [&](const auto& calibrated) {
    return ratio(calibrated) - 3 * calibrated.claim->at("scatter").at(1).template get<double>() >
           record.at("scatter");
  });
  if (claims.empty()) return "<p>There is none.</p>\n";
  const std::string sum = fmt::format(
      "<p>Of {} such claims the one in the middle scatters {} times as much as its error bar says, "
      "and {} scatter{} significantly more than {} times as much. Those that scatter most:</p>\n",
      claims.size(), estimate(claims[claims.size() / 2].claim->at("scatter")), too_much,
      too_much == 1 ? "s" : "", record.at("scatter").get<double>());
  claims.resize(std::min(claims.size(), kWorstClaims));
  std::string rows;
  for (const auto& calibrated : claims)
    rows += claim_head(manuscript, calibrated) + "<td>" + calibrated.claim->at("kind").get<std::string>() +
            "</td>" + cell(estimate(calibrated.claim->at("scatter"))) + "</tr>\n";
  return sum +
         scrolling("Scatter", head({"Claim", "Kind", "Scatter / error"}) + "<tbody>" + rows + "</tbody>");
}

std::string untested(const Manuscript& manuscript, const json& record) {
  std::string list;
  for (const auto& program : record.at("programs"))
    for (const std::string id : program.at("untested"))
      list +=
          fmt::format("<li>{}: <code>{}</code></li>\n", program_link(manuscript, program.at("program")), id);
  return list.empty() ? "<p>There is none.</p>\n" : "<ul>\n" + list + "</ul>\n";
}

}  // namespace

std::filesystem::path calibration_record(const Manuscript& manuscript) {
  return manuscript.root() / "figures" / "calibration.json";
}

std::filesystem::path calibration_picture(const Manuscript& manuscript) {
  return manuscript.root() / "figures" / "calibration.svg";
}

std::string calibration(const Manuscript& manuscript, const std::string& part) {
  static const std::map<std::string, std::string (*)(const Manuscript&, const json&)> parts{
      {"summary", summary}, {"picture", picture},        {"programs", programs}, {"claims", worst_claims},
      {"margins", margins}, {"edge", close_to_the_edge}, {"scatter", scatter},   {"untested", untested}};
  const auto found = parts.find(part);
  return found == parts.end()
             ? ""
             : found->second(manuscript, json::parse(read_file(calibration_record(manuscript))));
}

LongCheck last_calibration(const Manuscript& manuscript) {
  const json record = json::parse(read_file(calibration_record(manuscript)));
  const Counts sum = counts(record);
  return {sum.guilty == 0,
          fmt::format("{} seeds; {} statistical claims, mean <i>z</i>² {}; {}", count(record.at("seeds")),
                      sum.statistical, estimate(record.at("moments").at(1)),
                      sum.guilty == 0 ? "none is miscalibrated" : "some are miscalibrated"),
          record.at("version"), record.at("date")};
}

}  // namespace book
