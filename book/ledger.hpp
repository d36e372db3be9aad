#pragma once

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace book {

/// One comparison of theory and experiment. Numbers that were not finite are NaN; such a claim never holds.
struct Claim {
  std::string id, ref, lecture, statement, kind, side;
  double predicted, measured;
  std::optional<double> standard_error, z, tolerance;
  bool relative = false;
  bool holds = false;

  /// Distance between measurement and prediction, relative to the prediction where the claim says so.
  double deviation() const;
  /// The largest deviation at which an exact or scaling claim holds; five standard errors count for scaling.
  double limit() const;
};

/// A claim that the run did not decide, and why.
struct LeftOut {
  std::string id, ref, reason;
};

/// One option of a program, as declared in its code; all in words.
struct Option {
  std::string name, type, fallback, range, unit, help;
  bool common = false;
  std::string value;  ///< in force during the run; empty where the ledger does not say
};

struct Figure {
  std::string id, caption;
  std::vector<std::string> files;

  /// The file of this figure with the given extension, e.g. ".csv"; empty if there is none.
  std::string file(const std::string& extension) const;
};

/// χ² over the independent z-scores of a program.
struct ChiSquare {
  double value, p;
  int degrees;
};

/// What one run of one program left on record.
struct Ledger {
  std::filesystem::path path;
  std::string program, lecture, title, seed;
  bool quick = false;
  std::vector<Option> options;
  std::vector<Claim> claims;
  std::vector<LeftOut> left_out;
  std::vector<Figure> figures;
  std::optional<ChiSquare> chi_square;

  const Claim* claim(const std::string& id) const;
  const Figure* figure(const std::string& id) const;
  const LeftOut* left_out_claim(const std::string& id) const;
  int failing() const;

  /// The program's options whose value in this run is not the default.
  std::vector<Option> changed_options() const;
  /// What sets this run apart from the one the book is made of: "--quick", "seed 7", "--width 3"; empty if nothing.
  std::string peculiarities() const;
  /// The command that makes this run again.
  std::string replay() const;
  /// Claims with the failing ones first, otherwise in the program's order.
  std::vector<Claim> failing_first() const;
};

/// A ledger that is missing or cannot be read; the text names the file and what to do.
struct LedgerError : std::runtime_error {
  using runtime_error::runtime_error;
};

/// A count in JSON, at most two billion; std::runtime_error if there is something else.
int count(const nlohmann::json& json);

/// Reads a ledger.json (schema 1); throws LedgerError.
Ledger read_ledger(const std::filesystem::path& file);

/// All ledgers below a directory, by lecture section, then by name; throws LedgerError if there is none.
std::vector<Ledger> read_ledgers(const std::filesystem::path& directory);

/// Whether a section, "3.1", is `part` or lies within it ("3").
bool in_section(const std::string& section, const std::string& part);

/// Orders "2.1" before "3" before "3.1" before "3.10".
bool section_before(const std::string& left, const std::string& right);

}  // namespace book
