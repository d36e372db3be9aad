#pragma once

#include <fieldbook/estimate.hpp>

#include <cstdint>
#include <span>

namespace fieldbook {

/// The mean of `draws` independent squares at x, with the standard error that their own spread gives. Every draw is itself the
/// mean of so many independent `terms`, up to a factor that is the same at every x: 1 for the square of a random sum, however many
/// neurons it has, and N for a mean square over N neurons.
struct MeanSquare {
  double x;
  Estimate mean;
  std::int64_t draws;
  double terms = 1;
};

/// The relative variance r² of one term, from all x together: the sums over x of terms Var s and of <s>², the latter less what the error
/// of the mean adds to it, both in units of the mean and weighted with n - 1 for n draws. For gamma distributed s with one term each the
/// ratio of their expectations is r² exactly. std::invalid_argument for fewer than two draws, or a mean that is not positive.
double pooled_relative_variance(std::span<const MeanSquare> squares);

/// The exponent p of sqrt(<s>) ~ x^p, for squares whose law is the same at every x but for its scale and the number of terms.
///
/// A few draws of a lopsided quantity know their spread badly, and take it for too small where they come out small. So the spread is
/// that of all x together, and no single mean has a hand in the errors and the weights: a mean of n draws is taken for gamma
/// distributed, as sums of squares of normal numbers nearly are (Satterthwaite, Biometrics Bull. 2 (1946) 110), with the shape
/// a = n terms / r². Its logarithm then has the bias psi(a) - log(a) and the variance psi'(a), psi the digamma function.
/// std::invalid_argument as above, for fewer than two x, or for squares that do not vary.
Estimate power_of_root_mean_square(std::span<const MeanSquare> squares);

}  // namespace fieldbook
