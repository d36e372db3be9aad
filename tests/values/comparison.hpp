#pragma once

#include <string>
#include <vector>

/// Fieldbook's theory beside numbers that no code of ours made: closed forms and tables of the literature, arithmetic with 50
/// digits, other libraries. The tests check every comparison, and the trial `values` shows them in the book.
namespace values {

/// Numbers of one kind, ours and theirs in the same order.
struct Comparison {
  std::string quantity;  ///< Markdown without links
  std::string source;    ///< where theirs come from, likewise
  double
      tolerance;  ///< of |ours - theirs| / |theirs| (of |ours - theirs| where theirs is zero): from arithmetic, or the digits of a table
  std::vector<double> ours, theirs;

  void add(double our, double their) {
    ours.push_back(our);
    theirs.push_back(their);
  }
  double deviation() const;
  bool agrees() const { return deviation() <= tolerance; }  ///< no: a deviation that is not a number, too
};

std::vector<Comparison> from_literature();
std::vector<Comparison> from_fifty_digits();
std::vector<Comparison> from_neural_tangents();
std::vector<Comparison> from_gsl();  ///< none where GSL was not there when this was built

std::vector<Comparison> all_comparisons();

}  // namespace values
