#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace fieldbook {

/// The consecutive draws first, first + 1, ..., first + count - 1; a number alone is that one draw.
struct Draws {
  std::uint64_t first;
  std::size_t count = 1;

  Draws(std::uint64_t draw) : first{draw} {}
  Draws(std::uint64_t first_draw, std::size_t number) : first{first_draw}, count{number} {}
};

/// Random numbers without hidden state: element i of draw n of a stream is a function of (seed, stream, n, i).
///
/// A draw is one sample of one group of parameters, for example the hidden weights of one network; it can be made
/// again alone, in any order, on any thread. Streams of different names, draws and seeds are independent. A stream
/// serves one kind of number: its uniforms and its normals are made from the same words.
///
/// @code
///   const Stream weights{seed, "hidden weights"};
///   std::vector<float> w(width);
///   weights.normals(42, w);  // the hidden weights of network 42
/// @endcode
///
/// Several draws come one after another, out.size() / count elements of each: the same numbers as one by one, and faster
/// where a draw is short (see DrawsAhead). `first` is the index of the first element that is wanted, a multiple of 4; it lets a
/// long draw be made in pieces. Elements below 2^33 can be reached. std::invalid_argument otherwise, and for a size that is no
/// multiple of the number of draws.
class Stream {
 public:
  /// The key of Philox is the seed; the name, hashed to 32 bits (FNV-1a), is the last word of its counter.
  Stream(std::uint64_t seed, std::string_view name);

  /// The words themselves, those of Random123's philox4x32 at counter (i / 4, n mod 2^32, n div 2^32, id).
  void words(Draws draws, std::span<std::uint32_t> out, std::uint64_t first = 0) const;

  /// Uniform on the open interval (0, 1): odd multiples of 2^-24 (float) or 2^-53 (double), symmetric about 1/2.
  void uniforms(Draws draws, std::span<float> out, std::uint64_t first = 0) const;
  void uniforms(Draws draws, std::span<double> out, std::uint64_t first = 0) const;

  /// N(0, 1) by the method of Box and Muller. The tails end at 6.66 (float) and at 8.57 (double); estimators that live
  /// in the tails need the double ones.
  void normals(Draws draws, std::span<float> out, std::uint64_t first = 0) const;
  void normals(Draws draws, std::span<double> out, std::uint64_t first = 0) const;

  /// +1 or -1 with probability 1/2 each.
  void signs(Draws draws, std::span<float> out, std::uint64_t first = 0) const;
  void signs(Draws draws, std::span<double> out, std::uint64_t first = 0) const;

  /// The exponential law of mean 1, density e^-x on x > 0.
  void exponentials(Draws draws, std::span<float> out, std::uint64_t first = 0) const;
  void exponentials(Draws draws, std::span<double> out, std::uint64_t first = 0) const;

  /// The standard Cauchy law, density 1/(pi (1 + x^2)).
  void cauchys(Draws draws, std::span<float> out, std::uint64_t first = 0) const;
  void cauchys(Draws draws, std::span<double> out, std::uint64_t first = 0) const;

  /// The 32-bit name in the counter.
  std::uint32_t id() const { return id_; }

 private:
  std::uint64_t seed_;
  std::uint32_t id_;
};

}  // namespace fieldbook
