#pragma once

#include <fieldbook/ensembles/wave_chain.hpp>

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

namespace fieldbook {

/// Equal bins on [low, high) for the values of a field.
struct FieldBins {
  double low;
  double high;
  int count;

  double width() const { return (high - low) / count; }
  double centre(int bin) const { return low + (bin + 0.5) * width(); }
};

/// A chain whose observables are the fractions of sites with the field in each bin; divided by the width of a bin they are a density.
class FieldHistogram : public WaveChain {
 public:
  FieldHistogram(WaveChain chain, FieldBins bins) : WaveChain{std::move(chain)}, bins_{bins} {}

  void measure(std::span<double> fractions) const {
    std::fill(fractions.begin(), fractions.end(), 0.);
    for (const float phi : field()) {
      const double bin = std::floor((static_cast<double>(phi) - bins_.low) / bins_.width());
      if (bin >= 0 && bin < bins_.count)
        fractions[static_cast<std::size_t>(bin)] += 1. / static_cast<double>(field().size());
    }
  }

 private:
  FieldBins bins_;
};

}  // namespace fieldbook
