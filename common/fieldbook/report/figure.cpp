#include <fieldbook/report/errors.hpp>
#include <fieldbook/report/figure.hpp>
#include <fieldbook/report/files.hpp>

#include "configuration.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gnuplot-iostream.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <system_error>

namespace fieldbook {

namespace {

const std::map<std::string, std::string> terminals{
    {"svg", "svg size {},{} dynamic enhanced standalone font 'sans-serif,13' background rgb 'white'"},
    {"pdf", "pdfcairo size {}/96.0in,{}/96.0in enhanced font 'Sans,10' background rgb 'white'"},
    {"png", "pngcairo size {},{} enhanced font 'Sans,10' background rgb 'white'"}};

/// A name inside double quotes of gnuplot, or of a CSV cell.
std::string quoted(const std::string& text, const char* escaped_quote) {
  std::string result;
  for (const char c : text) result += c == '"' ? std::string{escaped_quote} : std::string{c};
  return '"' + result + '"';
}

}  // namespace

Panel& Panel::x_axis(Axis axis) {
  x_ = std::move(axis);
  return *this;
}

Panel& Panel::y_axis(Axis axis) {
  y_ = std::move(axis);
  return *this;
}

Panel& Panel::legend(std::string place) {
  legend_ = std::move(place);
  return *this;
}

Panel& Panel::add(Series series) {
  for (const auto& column : series.columns) {
    if (column.size() != series.columns.front().size())
      throw std::logic_error{"series '" + series.name + "' has columns of unequal length"};
    if (!std::all_of(column.begin(), column.end(), [](double value) { return std::isfinite(value); }))
      throw std::logic_error{"series '" + series.name + "' has a value that is not finite"};
  }
  series_.push_back(std::move(series));
  return *this;
}

Panel& Panel::line(int colour, std::string name, std::vector<double> x, std::vector<double> y) {
  return add({std::move(name), "line", colour, {std::move(x), std::move(y)}});
}

Panel& Panel::guide(std::string name, std::vector<double> x, std::vector<double> y) {
  return add({std::move(name), "guide", 0, {std::move(x), std::move(y)}});
}

Panel& Panel::points(int colour, std::string name, std::vector<double> x, std::vector<double> y,
                     std::vector<double> errors) {
  if (errors.empty()) return add({std::move(name), "points", colour, {std::move(x), std::move(y)}});
  return add({std::move(name), "bars", colour, {std::move(x), std::move(y), std::move(errors)}});
}

Panel& Panel::histogram(int colour, std::string name, std::vector<double> x, std::vector<double> y) {
  return add({std::move(name), "histogram", colour, {std::move(x), std::move(y)}});
}

Panel& Panel::band(int colour, std::string name, std::vector<double> x, std::vector<double> low,
                   std::vector<double> high) {
  return add({std::move(name), "band", colour, {std::move(x), std::move(low), std::move(high)}});
}

Panel& Panel::heat_map(std::string label, const std::vector<double>& x, const std::vector<double>& y,
                       const Eigen::MatrixXd& values) {
  Series series{label, "heat_map", 0, {{}, {}, {}}};
  for (std::size_t i = 0; i < y.size(); ++i)
    for (std::size_t j = 0; j < x.size(); ++j) {
      series.columns[0].push_back(x[j]);
      series.columns[1].push_back(y[i]);
      series.columns[2].push_back(values(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)));
    }
  colour_label_ = std::move(label);
  return add(std::move(series));
}

/// The two texts of a figure: its data as CSV, and the gnuplot script that draws them.
class FigureScript {
 public:
  FigureScript(const Figure& figure, std::string id) : figure_{figure}, id_{std::move(id)} {}

  /// One row a datum; the series follow each other, separated by two empty lines (gnuplot's data sets).
  std::string csv() const {
    std::vector<std::string> xs, ys;
    for (const Panel& panel : figure_.panels) {
      if (std::find(xs.begin(), xs.end(), panel.x_.label) == xs.end()) xs.push_back(panel.x_.label);
      if (std::find(ys.begin(), ys.end(), panel.y_.label) == ys.end()) ys.push_back(panel.y_.label);
    }
    std::string text = fmt::format("panel,series,{},{},standard error or upper edge or value\n",
                                   quoted(fmt::format("{}", fmt::join(xs, " / ")), "\"\""),
                                   quoted(fmt::format("{}", fmt::join(ys, " / ")), "\"\""));
    const char* separator = "";
    for (std::size_t p = 0; p < figure_.panels.size(); ++p)
      for (const Panel::Series& series : figure_.panels[p].series_) {
        text += separator;
        separator = "\n\n";
        for (std::size_t i = 0; i < series.columns.front().size(); ++i) {
          text +=
              fmt::format("{},{}", p + 1, quoted(series.name.empty() ? series.style : series.name, "\"\""));
          for (const auto& column : series.columns) text += fmt::format(",{:.10g}", column[i]);
          text += series.columns.size() < 3 ? ",\n" : "\n";
        }
      }
    return text;
  }

  /// The script for one format.
  std::string script(const std::string& format) const {
    const int columns = figure_.columns;
    const int rows = (static_cast<int>(figure_.panels.size()) + columns - 1) / columns;
    const double width = figure_.panel_width * columns, height = figure_.panel_height * rows;
    std::string text = fmt::format("# Redraws {0}.{1} from {0}.csv: gnuplot {0}.gp\n", id_, format);
    text += fmt::format("set terminal {}\n", fmt::format(fmt::runtime(terminals.at(format)), width, height));
    text += fmt::format("set output '{}.{}'\nset datafile separator ','\n{}", id_, format,
                        configuration::figure_style);
    const bool several = figure_.panels.size() > 1;
    if (several) text += fmt::format("set multiplot layout {},{}\n", rows, columns);
    int index = 0;
    for (const Panel& panel : figure_.panels) text += this->panel(panel, index);
    if (several) text += "unset multiplot\n";
    return text + "unset output\n";
  }

 private:
  static std::string axis(const char* letter, const Axis& axis) {
    std::string text = fmt::format("set {}label {}\n", letter, quoted(axis.label, "\\\""));
    text += fmt::format("{}set logscale {}\n", axis.logarithmic ? "" : "un", letter);
    text += axis.logarithmic ? fmt::format("set format {} '10^{{%T}}'\n", letter)
                             : fmt::format("set format {} '%h'\n", letter);
    return text + (axis.max > axis.min ? fmt::format("set {}range [{}:{}]\n", letter, axis.min, axis.max)
                                       : fmt::format("set {}range [*:*]\n", letter));
  }

  std::string panel(const Panel& panel, int& index) const {
    std::string text = fmt::format("\nset title {}\n", quoted(panel.title_, "\\\""));
    text += axis("x", panel.x_) + axis("y", panel.y_);
    text += panel.legend_ == "off" ? "unset key\n" : "set key " + panel.legend_ + "\n";
    text += panel.colour_label_.empty() ? "unset colorbox\n" : "set colorbox\n";
    if (!panel.colour_label_.empty())
      text += fmt::format("set cblabel {} offset 1.5,0\n", quoted(panel.colour_label_, "\\\""));
    const char* separator = "plot ";
    for (const Panel::Series& series : panel.series_) {
      text += separator + fmt::format("'{}.csv' skip 1 index {} {}", id_, index++, drawing(series));
      separator = ", \\\n     ";
    }
    return text + "\n";
  }

  static std::string drawing(const Panel::Series& series) {
    const std::string title = series.name.empty() || series.style == "heat_map"
                                  ? std::string{" notitle"}
                                  : " title " + quoted(series.name, "\\\"");
    const int style = series.colour % 8 + 1;
    if (series.style == "line") return fmt::format("using 3:4 with lines ls {}{}", style, title);
    if (series.style == "guide") return fmt::format("using 3:4 with lines ls 20{}", title);
    if (series.style == "points") return fmt::format("using 3:4 with points ls {}{}", style, title);
    if (series.style == "bars") return fmt::format("using 3:4:5 with yerrorbars ls {} lw 1{}", style, title);
    if (series.style == "histogram") return fmt::format("using 3:4 with histeps ls {} lw 1{}", style, title);
    if (series.style == "band")
      return fmt::format("using 3:4:5 with filledcurves fs transparent solid 0.2 noborder ls {}{}", style,
                         title);
    // Viewers blur an image of few cells; cells drawn one by one stay sharp, but many of them make a large file
    constexpr std::size_t few_cells = 400;
    return fmt::format("using 3:4:5 with image{}{}", series.columns[0].size() <= few_cells ? " pixels" : "",
                       title);
  }

  const Figure& figure_;
  std::string id_;
};

namespace {

/// A word that the shell takes literally.
std::string shell_word(const std::string& text) {
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string{"'\\''"} : std::string{c};
  return word + "'";
}

/// cairo writes the time into a PDF; the same run must give the same bytes.
void forget_the_time(const std::filesystem::path& pdf) {
  std::string text = read_file(pdf);
  const std::string key = "/CreationDate (D:";
  if (const std::size_t at = text.find(key); at != std::string::npos)
    text.replace(at + key.size(), 14, "20000101000000");
  write_file(pdf, text);
}

/// Is a picture whole, or was it cut off?
bool complete(const std::string& picture, const std::string& drawn) {
  const std::string last = drawn.substr(drawn.size() - std::min<std::size_t>(drawn.size(), 16));
  const char* const end = picture.ends_with(".svg") ? "</svg>" : picture.ends_with(".pdf") ? "%%EOF" : "IEND";
  return last.find(end) != std::string::npos;
}

/// The words of a text, with one space between them.
std::string words(const std::string& text) {
  std::istringstream stream{text};
  std::string all;
  for (std::string word; stream >> word;) all += (all.empty() ? "" : " ") + word;
  return all;
}

/// Nothing on std::cerr while it lives.
struct Silence {
  std::streambuf* const kept = std::cerr.rdbuf(nullptr);
  ~Silence() { std::cerr.rdbuf(kept); }
};

/// Pipes a script to gnuplot in `directory`; its complaints, and the shell's, go to the file `messages`.
void pipe_to_gnuplot(const std::string& script, const std::filesystem::path& directory,
                     const std::filesystem::path& messages) try {
  // A shell complains of a working directory that is gone before it does anything; no relative path means anything there
  if (std::error_code gone; std::filesystem::current_path(gone).empty()) std::filesystem::current_path("/");
  const Silence gnuplot_iostream;  // which says there that a gnuplot has failed
  // Not the user's settings (-d); nor the language, which may be unknown, nor the time zone, which stands in a PDF
  Gnuplot gnuplot{fmt::format("exec 2>{}; cd {} && LC_ALL=C.UTF-8 TZ=UTC gnuplot -d",
                              shell_word(messages.string()), shell_word(directory.string()))};
  gnuplot << script;
  gnuplot.flush();
} catch (const std::ios_base::failure&) {
  throw MachineFailure{fmt::format("cannot start gnuplot: {}", std::system_category().message(errno))};
}

/// Draws a picture in `directory` and makes sure that the script was carried out to its end without a word of complaint.
void run_gnuplot(const std::string& script, const std::filesystem::path& directory,
                 const std::string& picture) {
  const std::filesystem::path messages = directory / (picture + ".log");
  pipe_to_gnuplot(script + "print 'drawn'\n", directory, messages);
  const std::string said = words(read_file(messages));
  std::filesystem::remove(messages);
  if (said != "drawn" || !complete(picture, read_file(directory / picture)))
    throw MachineFailure{fmt::format(
        "gnuplot could not draw {}: {}", picture,
        said.empty() || said == "drawn"
            ? "is the disk full, or a limit of the shell reached (ulimit -a)? --out chooses another place"
            : said)};
  if (picture.ends_with(".pdf")) forget_the_time(directory / picture);
}

}  // namespace

std::vector<std::string> draw(const Figure& figure, const std::string& id,
                              const std::filesystem::path& directory,
                              const std::vector<std::string>& formats) {
  const FigureScript script{figure, id};
  write_file(directory / (id + ".csv"), script.csv());
  write_file(directory / (id + ".gp"), script.script(formats.front()));
  std::vector<std::string> files;
  for (const std::string& format : formats) {
    files.push_back(id + "." + format);
    run_gnuplot(script.script(format), directory, files.back());
  }
  files.push_back(id + ".csv");
  files.push_back(id + ".gp");
  return files;
}

void require_gnuplot() {
  // Boost's search refuses a locale that is not installed, and a shell has words of its own where descriptors are short
  const char* const path = std::getenv("PATH");
  std::istringstream directories{path == nullptr ? "" : path};
  bool found = false;
  for (std::string directory; !found && std::getline(directories, directory, ':');)
    found = ::access((std::filesystem::path{directory} / "gnuplot").c_str(), X_OK) == 0;
  if (!found)
    throw MachineFailure{"gnuplot is not installed: install it (Debian: gnuplot-nox), or give --no-figures"};
}

}  // namespace fieldbook
