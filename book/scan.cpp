#include "scan.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "text.hpp"

namespace book {
namespace {

class Scanner {
 public:
  Scanner(std::string_view markdown, Place place, Problems& problems)
      : rest_(markdown), place_(std::move(place)), problems_(problems) {}

  std::vector<Piece> pieces() && {
    while (!rest_.empty()) {
      if (rest_.front() == '`')
        code();
      else if (rest_.starts_with("$$"))
        formula("$$", Kind::display);
      else if (rest_.front() == '$')
        formula("$", Kind::formula);
      else if (rest_.starts_with("\\$"))
        rest_.remove_prefix(1), text(1);
      else
        text(rest_.front() == '\\' && rest_.size() > 1 ? 2 : 1);
    }
    return std::move(pieces_);
  }

 private:
  /// Takes `count` characters, keeping count of the lines.
  std::string_view take(std::size_t count) {
    const auto taken = rest_.substr(0, count);
    place_.line += static_cast<int>(std::ranges::count(taken, '\n'));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  void text(std::size_t count) {
    if (pieces_.empty() || pieces_.back().kind != Kind::text)
      pieces_.push_back({Kind::text, "", place_.line});
    pieces_.back().content += take(count);
  }

  void code() {
    const auto ticks = std::min(rest_.find_first_not_of('`'), rest_.size());
    auto end = rest_.find(rest_.substr(0, ticks), ticks);
    while (end != std::string_view::npos && end + ticks < rest_.size() && rest_[end + ticks] == '`')
      end = rest_.find(rest_.substr(0, ticks), rest_.find_first_not_of('`', end));
    if (end == std::string_view::npos) return text(ticks);
    const int line = place_.line;
    const auto span = take(end + ticks);
    pieces_.push_back({Kind::code, std::string(span.substr(ticks, span.size() - 2 * ticks)), line});
  }

  void formula(std::string_view dollars, Kind kind) {
    auto end = rest_.find(dollars, dollars.size());
    while (end != std::string_view::npos && rest_[end - 1] == '\\') end = rest_.find(dollars, end + 1);
    const auto paragraph = rest_.find("\n\n");
    if (end == std::string_view::npos || end > paragraph) {
      problems_.add(place_, "a formula opens here with " + std::string(dollars) +
                                " and is not closed in its paragraph (a plain dollar is \\$)");
      return text(dollars.size());
    }
    const int line = place_.line;
    const auto span = take(end + dollars.size());
    const auto inside = trim(span.substr(dollars.size(), span.size() - 2 * dollars.size()));
    if (inside.empty()) problems_.add({place_.file, line}, "an empty formula");
    pieces_.push_back({kind, std::string(inside), line});
  }

  std::string_view rest_;
  Place place_;
  Problems& problems_;
  std::vector<Piece> pieces_;
};

/// LaTeX commands that have a character of their own.
constexpr std::array<std::pair<std::string_view, std::string_view>, 58> kCharacters{{
    {"alpha", "α"},  {"beta", "β"},   {"gamma", "γ"},  {"delta", "δ"},  {"epsilon", "ε"},
    {"zeta", "ζ"},   {"eta", "η"},    {"theta", "θ"},  {"kappa", "κ"},  {"lambda", "λ"},
    {"mu", "μ"},     {"nu", "ν"},     {"xi", "ξ"},     {"pi", "π"},     {"rho", "ρ"},
    {"sigma", "σ"},  {"tau", "τ"},    {"phi", "φ"},    {"varphi", "φ"}, {"chi", "χ"},
    {"psi", "ψ"},    {"omega", "ω"},  {"Gamma", "Γ"},  {"Delta", "Δ"},  {"Theta", "Θ"},
    {"Lambda", "Λ"}, {"Sigma", "Σ"},  {"Phi", "Φ"},    {"Psi", "Ψ"},    {"Omega", "Ω"},
    {"infty", "∞"},  {"to", "→"},     {"approx", "≈"}, {"sim", "∼"},    {"le", "≤"},
    {"leq", "≤"},    {"ge", "≥"},     {"geq", "≥"},    {"ne", "≠"},     {"neq", "≠"},
    {"times", "×"},  {"cdot", "·"},   {"langle", "⟨"}, {"rangle", "⟩"}, {"sqrt", "√"},
    {"sum", "∑"},    {"int", "∫"},    {"pm", "±"},     {"propto", "∝"}, {"partial", "∂"},
    {"in", "∈"},     {"mathcal", ""}, {"mathrm", ""},  {"text", ""},    {"operatorname", ""},
    {"left", ""},    {"right", ""},   {"frac", ""},
}};

std::string plain_command(std::string_view name) {
  const auto* found = std::ranges::find(kCharacters, name, [](const auto& pair) { return pair.first; });
  return std::string(found == kCharacters.end() ? name : found->second);
}

std::string plain_formula(std::string_view formula) {
  std::string plain;
  for (std::size_t i = 0; i < formula.size(); ++i) {
    const char c = formula[i];
    if (c == '\\') {
      auto end = i + 1;
      while (end < formula.size() && std::isalpha(static_cast<unsigned char>(formula[end]))) ++end;
      if (end == i + 1)
        plain += ' ', ++i;
      else
        plain += plain_command(formula.substr(i + 1, end - i - 1)), i = end - 1;
    } else if (formula.substr(i).starts_with("}{")) {
      plain += '/', ++i;
    } else if (c != '{' && c != '}') {
      plain += c == '~' || c == '\n' || c == '&' ? ' ' : c;
    }
  }
  return plain;
}

}  // namespace

std::vector<Piece> scan(std::string_view markdown, Place place, Problems& problems) {
  return Scanner(markdown, std::move(place), problems).pieces();
}

std::string plain_text(std::string_view markdown) {
  Problems ignored;
  std::string plain;
  for (const auto& [kind, content, line] : scan(markdown, {}, ignored)) {
    if (kind == Kind::formula || kind == Kind::display)
      plain += plain_formula(content);
    else if (kind == Kind::code)
      plain += content;
    else
      for (const char c : content)
        if (c != '*' && c != '\\') plain += c == '\n' ? ' ' : c;
  }
  return plain;
}

}  // namespace book
