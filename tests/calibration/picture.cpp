#include <fieldbook/report/figure.hpp>

#include <algorithm>
#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>

#include "report.hpp"

namespace calibration {

namespace {

using fieldbook::Panel;

/// The density of z in bins of half a standard error; the seeds' own histograms tell its errors.
Panel density(const Verdict& verdict) {
  constexpr double width = 0.5, edge = 5.25;
  std::vector<double> x, y, errors, at, normal;
  for (double centre = -edge + width / 2; centre < edge; centre += width) {
    std::vector<double> share;
    for (const auto& z : verdict.z) {
      const auto inside =
          std::ranges::count_if(z, [&](double value) { return std::abs(value - centre) < width / 2; });
      share.push_back(static_cast<double>(inside) / (width * static_cast<double>(z.size())));
    }
    const Spread spread = over_seeds(share);
    if (spread.mean <= 0) continue;
    x.push_back(centre), y.push_back(spread.mean), errors.push_back(spread.error);
  }
  for (double z = -edge; z <= edge; z += 0.05)
    at.push_back(z), normal.push_back(pdf(boost::math::normal{}, z));
  Panel panel{"All z of all seeds"};
  panel.x_axis({.label = "z", .min = -edge, .max = edge})
      .y_axis({.label = "density", .logarithmic = true, .min = 1e-6, .max = 1});
  panel.legend("bottom center")
      .line(0, "standard normal", at, normal)
      .points(0, "claims of the book", x, y, errors);
  return panel;
}

/// The p-values of the claims, from small to large, against those of as many independent uniform numbers.
Panel p_values(const Verdict& verdict) {
  std::vector<double> p;
  for (const auto& program : verdict.programs)
    for (const auto& claim : program.claims)
      if (claim.tested()) p.push_back(std::max(1e-12, claim.normality_p));
  std::ranges::sort(p);
  const auto n = static_cast<double>(p.size());
  std::vector<double> expected, low, high, seen;
  // Far to the right the points would lie on each other
  for (double k = 1; k <= n; k = std::max(k + 1, std::floor(1.02 * k))) {
    const boost::math::beta_distribution<double> law{k, n - k + 1};
    expected.push_back(mean(law)), seen.push_back(p[static_cast<std::size_t>(k) - 1]);
    low.push_back(quantile(law, 0.005)), high.push_back(quantile(law, 0.995));
  }
  Panel panel{"Is the z of a claim normal? The p-values of all claims"};
  panel.x_axis({.label = "p-value by chance", .logarithmic = true})
      .y_axis({.label = "p-value", .logarithmic = true});
  panel.legend("bottom right")
      .band(0, "99 % of chance", expected, low, high)
      .line(0, "uniform", expected, expected);
  panel.points(1, "claims of the book", expected, seen);
  return panel;
}

}  // namespace

void draw(const Verdict& verdict, const std::filesystem::path& directory) {
  const bool any = std::ranges::any_of(verdict.programs, [](const auto& program) {
    return std::ranges::any_of(program.claims, &ClaimSummary::tested);
  });
  if (!any) return;
  fieldbook::draw({.panels = {density(verdict), p_values(verdict)}, .columns = 2, .panel_width = 520},
                  "calibration", directory, {"svg"});
}

}  // namespace calibration
