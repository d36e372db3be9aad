#pragma once

#include <fieldbook/estimate.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace fieldbook {

/// How a claim is decided.
enum class ClaimKind {
  exact,        ///< |measured - predicted| <= tolerance
  statistical,  ///< |z| <= 5, z = (measured - predicted) / standard error
  scaling,      ///< |measured - predicted| <= tolerance + 5 standard errors, for a fitted exponent
  bound         ///< measured <= predicted (or >=), up to 5 standard errors
};

/// By how much an exact claim may be off.
struct Tolerance {
  double size;
  bool relative;
};

/// |measured - predicted| <= size.
constexpr Tolerance absolute(double size) { return {size, false}; }

/// |measured - predicted| <= size |predicted|.
constexpr Tolerance relative(double size) { return {size, true}; }

/// Which side of the bound the measured number must stay on.
enum class Side { below, above };

/// The number of standard errors at which a statistical claim fails.
inline constexpr double sigma_limit = 5;

/// The probability that a standard normal number lies beyond this limit on either side: the bound for p-values.
inline constexpr double five_sigma_p_value = 5.733e-7;

/// One claim: what was written down before the experiment, and what the experiment decided.
struct Claim {
  std::string id;         ///< stable name, e.g. fourth-cumulant-relu-16
  std::string ref;        ///< code of the curriculum, e.g. CL-1
  std::string statement;  ///< one sentence, with LaTeX between dollars
  ClaimKind kind = ClaimKind::statistical;
  std::optional<Tolerance> tolerance;
  Side side = Side::below;
  bool counts_in_chi_square = false;

  std::optional<double> predicted;
  Estimate measured;
  double z = 0;
  bool holds = false;

  /// Counts this claim's z in the program's chi-square: at most one claim of each independent ensemble may.
  Claim& independent() {
    counts_in_chi_square = true;
    return *this;
  }
};

/// A claim that this run does not decide, and why.
struct LeftOut {
  std::string id;
  std::string ref;
  std::string reason;
};

/// The sum of the squared z of independent ensembles.
struct ChiSquare {
  double value = 0;
  int degrees = 0;
  double p = 1;  ///< probability of at least this value if all claims are true
};

/// The claims of a program, preregistered: declared before anything is sampled, each decided exactly once.
///
/// The constructor functions below declare; `compare` is the one place where theory meets experiment.
class Claims {
 public:
  /// A number known to within `tolerance`.
  Claim& exact(std::string id, std::string ref, std::string statement, Tolerance tolerance);

  /// A sampled number: its z must be standard normal over seeds, and |z| <= 5.
  Claim& statistical(std::string id, std::string ref, std::string statement);

  /// A fitted exponent, within `tolerance` plus five standard errors.
  Claim& scaling(std::string id, std::string ref, std::string statement, double tolerance);

  /// An inequality: the measured number stays on `side` of the predicted one, up to five standard errors.
  Claim& bound(std::string id, std::string ref, std::string statement, Side side);

  /// Declares that claim `id` is not decided in this run, and why.
  void leave_out(std::string id, std::string ref, std::string reason);

  /// Decides claim `id`. The standard errors of a sampled prediction and of the measurement add in quadrature.
  /// NaN and infinity never hold. Throws std::logic_error for an unknown or an already decided claim.
  void compare(const std::string& id, Estimate predicted, Estimate measured);

  /// Throws std::logic_error naming the claims that are declared and not decided.
  void require_all_decided() const;

  /// In the order of declaration.
  const std::vector<Claim>& all() const { return claims_; }
  const std::vector<LeftOut>& left_out() const { return left_out_; }

  /// Do all claims hold?
  bool hold() const;

  /// Over the independent claims; empty with fewer than two.
  std::optional<ChiSquare> chi_square() const;

 private:
  Claim& declare(ClaimKind kind, std::string id, std::string ref, std::string statement);

  std::vector<Claim> claims_;
  std::map<std::string, std::size_t> index_;
  std::vector<LeftOut> left_out_;
};

/// The word for a kind in ledgers and tables.
std::string name(ClaimKind kind);

/// One claim as an entry of ledger.json; `lecture` is the program's section.
nlohmann::ordered_json to_json(const Claim& claim, const std::string& lecture);

}  // namespace fieldbook
