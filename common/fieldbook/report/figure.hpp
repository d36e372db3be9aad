#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <Eigen/Core>

namespace fieldbook {

/// One axis of a panel: what it shows (symbol and unit, in gnuplot's enhanced text) and how.
struct Axis {
  std::string label;
  bool logarithmic = false;
  double min = 0;  ///< with max <= min gnuplot chooses the range
  double max = 0;
};

/// One set of axes with its curves and points.
///
/// Theory is drawn as lines, experiment as points with error bars; both take the same `colour` (0, 1, 2, ...) where
/// they show the same quantity. Every series has a name, which appears in the legend unless it is empty, and in the
/// CSV file. All vectors of one series have the same length.
class Panel {
 public:
  explicit Panel(std::string title = "") : title_{std::move(title)} {}

  Panel& x_axis(Axis axis);
  Panel& y_axis(Axis axis);

  /// The legend's place in gnuplot's words ("top left", "bottom right", "off", ...).
  Panel& legend(std::string place);

  /// Theory: a line through (x, y).
  Panel& line(int colour, std::string name, std::vector<double> x, std::vector<double> y);

  /// A thin grey dashed line for comparison: a bound, a limit, a slope.
  Panel& guide(std::string name, std::vector<double> x, std::vector<double> y);

  /// Experiment: points with one standard error up and down (no bars if `errors` is empty).
  Panel& points(int colour, std::string name, std::vector<double> x, std::vector<double> y,
                std::vector<double> errors = {});

  /// Experiment: a histogram as steps; x are the centres of the bins.
  Panel& histogram(int colour, std::string name, std::vector<double> x, std::vector<double> y);

  /// The area between two curves.
  Panel& band(int colour, std::string name, std::vector<double> x, std::vector<double> low,
              std::vector<double> high);

  /// A matrix as colours: entry (i, j) at (x[j], y[i]); `label` names the colour bar; without it there is none.
  Panel& heat_map(std::string label, const std::vector<double>& x, const std::vector<double>& y,
                  const Eigen::MatrixXd& values);

 private:
  friend class FigureScript;

  struct Series {
    std::string name;
    std::string style;  ///< line, guide, points, bars, histogram, band or heat_map
    int colour = 0;
    std::vector<std::vector<double>> columns;
  };

  Panel& add(Series series);

  std::string title_;
  Axis x_;
  Axis y_;
  std::string legend_ = "top right";
  std::string colour_label_;
  std::vector<Series> series_;
};

/// A picture: one panel, or several in a row or grid.
struct Figure {
  std::vector<Panel> panels;
  int columns = 1;            ///< panels in a row
  double panel_width = 640;   ///< in SVG pixels
  double panel_height = 420;  ///< in SVG pixels
};

/// Writes `id.csv`, `id.gp` and a picture in each of `formats` (svg, pdf, png) to `directory`, and returns the names of
/// these files, pictures first. The script is run through gnuplot-iostream exactly as it stands in the .gp file.
///
/// gnuplot exits with 0 after many errors, so its messages and what it wrote are checked: MachineFailure if anything
/// is amiss. std::logic_error for a figure whose series have unequal lengths or values that are not finite.
std::vector<std::string> draw(const Figure& figure, const std::string& id,
                              const std::filesystem::path& directory,
                              const std::vector<std::string>& formats);

/// Throws MachineFailure with what to do if gnuplot cannot be started.
void require_gnuplot();

}  // namespace fieldbook
