#pragma once

#include <fieldbook/ensembles/averages.hpp>
#include <fieldbook/estimate.hpp>

#include <array>
#include <span>

namespace fieldbook {

// Connected functions of networks phi(x) = N^{-1/2} sum_i w_i f_i(x), whose output weights w_i are independent with mean
// zero, even density and moments mu2 and mu4, estimated without bias at four or six points, with the standard error of the
// influence function.

/// The connected four-point function from outputs alone: <1234> less the three products of two-point functions, each
/// without the bias that the product of two means of the same draws would have.
class NaiveFour {
 public:
  /// Adds one network by its outputs at the four points.
  void add(const std::array<double, 4>& outputs);
  void merge(const NaiveFour& other) { averages_.merge(other.averages_); }
  Estimate estimate() const;

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& averages_;
  }

 private:
  Averages averages_{7};  ///< the product of four, then both products of two of each pairing
};

/// The same with the average over the output weights done exactly (law of total cumulance): with
/// C_ab = (mu2/N) sum_i f_i(a) f_i(b), it is ((mu4 - 3 mu2^2)/N^2) < sum_i f_i1 f_i2 f_i3 f_i4> + sum over the three
/// pairings of Cov(C_12, C_34). Its relative error does not grow with the width N.
class ConditionalFour {
 public:
  explicit ConditionalFour(double mu2 = 1, double mu4 = 3) : mu2_{mu2}, mu4_{mu4} {}

  /// Adds one network by its features: N values for the first point, then N for the second, ... If all outputs of this
  /// network carry a common random factor, `squared_factor` is its square.
  void add(std::span<const float> features, double squared_factor = 1);
  void merge(const ConditionalFour& other) { averages_.merge(other.averages_); }
  Estimate estimate() const;

  /// The two-point function of the first two points, the mean of C_12: exact in the output weights as well.
  Estimate two_point() const { return averages_.mean(4); }

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& mu2_& mu4_& averages_;
  }

 private:
  double mu2_;
  double mu4_;
  Averages averages_{10};  ///< the term of four, C C' of each pairing, then C and C' of each pairing
};

/// The connected six-point function with Gaussian output weights of variance mu2, averaged exactly over them: the sum over
/// the fifteen pairings of the joint third cumulant of C_ab, C_cd, C_ef.
class ConditionalSix {
 public:
  explicit ConditionalSix(double mu2 = 1) : mu2_{mu2} {}

  /// Adds one network by its features: N values for each of the six points in turn.
  void add(std::span<const float> features);
  void merge(const ConditionalSix& other) { averages_.merge(other.averages_); }
  Estimate estimate() const;

  template <class Archive>
  void serialize(Archive& archive, unsigned) {
    archive& mu2_& averages_;
  }

 private:
  double mu2_;
  Averages averages_{75};  ///< 15 C_ab, 45 products of two with no common point, 15 products of three
};

}  // namespace fieldbook
