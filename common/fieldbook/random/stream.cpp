#include <fieldbook/elementary/logarithm.hpp>
#include <fieldbook/elementary/trigonometric.hpp>
#include <fieldbook/elementary/uniform.hpp>
#include <fieldbook/random/philox.hpp>
#include <fieldbook/random/stream.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace fieldbook {

namespace {

constexpr std::uint32_t fnv1a(std::string_view name) {
  std::uint32_t hash = 2166136261u;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return hash;
}

/// Walks through the counters of consecutive draws, `count` of each: all of the first, then all of the second, ...
class Counters {
 public:
  Counters(std::uint64_t draw, std::uint64_t begin, std::uint64_t count)
      : draw_{draw}, begin_{static_cast<std::uint32_t>(begin)}, count_{static_cast<std::uint32_t>(count)} {}

  void next(PhiloxCounters& counters) {
    for (int l = 0; l < philox_lanes; ++l) {
      counters.position[l] = begin_ + at_;
      counters.draw_low[l] = static_cast<std::uint32_t>(draw_);
      counters.draw_high[l] = static_cast<std::uint32_t>(draw_ >> 32);
      if (++at_ == count_) {
        at_ = 0;
        ++draw_;
      }
    }
  }

 private:
  std::uint64_t draw_;
  std::uint32_t begin_, count_, at_ = 0;
};

/// Fills `out` from counters of four words, each giving `PerCounter` elements: `transform` maps lane l of the words to
/// elements 0 ... PerCounter - 1 in `element[k][l]`.
template <int PerCounter, class Number, class Transform>
void fill(std::uint64_t seed, std::uint32_t stream, Draws draws, std::span<Number> out, std::uint64_t first,
          Transform transform) {
  if (out.empty()) return;
  const std::size_t size = draws.count > 0 ? out.size() / draws.count : 0;
  if (size * draws.count != out.size())
    throw std::invalid_argument{"Stream: the numbers do not divide into that many draws"};
  if (first % 4 != 0 || first + size > (std::uint64_t{1} << 33))
    throw std::invalid_argument{
        "Stream: the first element must be a multiple of 4, and the last one below 2^33"};
  constexpr std::size_t batch = PerCounter * philox_lanes;
  // Elements follow one another as the counters do, but that the last counter of a draw may have more than are wanted
  const std::size_t counters_of_a_draw = (size + PerCounter - 1) / PerCounter,
                    padded = counters_of_a_draw * PerCounter;
  const bool contiguous = draws.count == 1 || padded == size;
  Counters walk{draws.first, first / PerCounter, counters_of_a_draw};
  PhiloxCounters counters;
  PhiloxWords words;
  alignas(64) Number element[PerCounter][philox_lanes];
  Number aside[batch];
  std::size_t place = 0;  // in a draw
  Number* target = out.data();
  const Number* const end = target + out.size();
  while (target != end) {
    walk.next(counters);
    philox(seed, stream, counters, words);
    for (int l = 0; l < philox_lanes; ++l) transform(words.word, element, l);
    const auto left = static_cast<std::size_t>(end - target);
    // What is less than a batch is put in order aside: that is vector code too
    Number* const ordered = contiguous && left >= batch ? target : aside;
    for (int l = 0; l < philox_lanes; ++l)
      for (int k = 0; k < PerCounter; ++k) ordered[l * PerCounter + k] = element[k][l];
    if (ordered == target) {
      target += batch;
    } else if (contiguous) {
      target = std::copy_n(aside, std::min(batch, left), target);
    } else {
      for (std::size_t i = 0; i < batch && target != end; ++i) {
        if (place < size) *target++ = aside[i];
        if (++place == padded) place = 0;
      }
    }
  }
}

/// One element a word: `map` takes a word to a float.
template <class Number, class Map>
void fill_by_word(std::uint64_t seed, std::uint32_t stream, Draws draws, std::span<Number> out,
                  std::uint64_t first, Map map) {
  fill<4>(seed, stream, draws, out, first, [map](const auto& word, auto& element, int l) {
    for (int k = 0; k < 4; ++k) element[k][l] = map(word[k][l]);
  });
}

/// One element for two words: `map` takes a high and a low word to a double.
template <class Map>
void fill_by_pair(std::uint64_t seed, std::uint32_t stream, Draws draws, std::span<double> out,
                  std::uint64_t first, Map map) {
  fill<2>(seed, stream, draws, out, first, [map](const auto& word, auto& element, int l) {
    for (int k = 0; k < 2; ++k) element[k][l] = map(word[2 * k][l], word[2 * k + 1][l]);
  });
}

}  // namespace

Stream::Stream(std::uint64_t seed, std::string_view name) : seed_{seed}, id_{fnv1a(name)} {}

void Stream::words(Draws draws, std::span<std::uint32_t> out, std::uint64_t first) const {
  fill_by_word(seed_, id_, draws, out, first, [](std::uint32_t word) { return word; });
}

void Stream::uniforms(Draws draws, std::span<float> out, std::uint64_t first) const {
  fill_by_word(seed_, id_, draws, out, first, [](std::uint32_t word) { return elementary::uniform(word); });
}

void Stream::uniforms(Draws draws, std::span<double> out, std::uint64_t first) const {
  fill_by_pair(seed_, id_, draws, out, first,
               [](std::uint32_t high, std::uint32_t low) { return elementary::uniform(high, low); });
}

void Stream::normals(Draws draws, std::span<float> out, std::uint64_t first) const {
  fill<4>(seed_, id_, draws, out, first, [](const auto& word, auto& element, int l) {
    for (int k = 0; k < 4; k += 2) {
      const float radius = std::sqrt(-2 * elementary::log_of_normal(elementary::fine_uniform(word[k][l])));
      const auto [cosine, sine] = elementary::turn(word[k + 1][l]);
      element[k][l] = radius * cosine;
      element[k + 1][l] = radius * sine;
    }
  });
}

void Stream::normals(Draws draws, std::span<double> out, std::uint64_t first) const {
  fill<2>(seed_, id_, draws, out, first, [](const auto& word, auto& element, int l) {
    const double radius =
        std::sqrt(-2 * elementary::log_of_normal(elementary::uniform(word[0][l], word[1][l])));
    const auto [cosine, sine] = elementary::turn(word[2][l], word[3][l]);
    element[0][l] = radius * cosine;
    element[1][l] = radius * sine;
  });
}

void Stream::signs(Draws draws, std::span<float> out, std::uint64_t first) const {
  fill_by_word(seed_, id_, draws, out, first,
               [](std::uint32_t word) { return (word >> 31) != 0 ? -1.f : 1.f; });
}

void Stream::signs(Draws draws, std::span<double> out, std::uint64_t first) const {
  fill_by_word(seed_, id_, draws, out, first,
               [](std::uint32_t word) { return (word >> 31) != 0 ? -1. : 1.; });
}

void Stream::exponentials(Draws draws, std::span<float> out, std::uint64_t first) const {
  fill_by_word(seed_, id_, draws, out, first,
               [](std::uint32_t word) { return -elementary::log_of_normal(elementary::fine_uniform(word)); });
}

void Stream::exponentials(Draws draws, std::span<double> out, std::uint64_t first) const {
  fill_by_pair(seed_, id_, draws, out, first, [](std::uint32_t high, std::uint32_t low) {
    return -elementary::log_of_normal(elementary::uniform(high, low));
  });
}

void Stream::cauchys(Draws draws, std::span<float> out, std::uint64_t first) const {
  fill_by_word(seed_, id_, draws, out, first, [](std::uint32_t word) {
    const auto [cosine, sine] = elementary::turn(word);
    return sine / cosine;
  });
}

void Stream::cauchys(Draws draws, std::span<double> out, std::uint64_t first) const {
  fill_by_pair(seed_, id_, draws, out, first, [](std::uint32_t high, std::uint32_t low) {
    const auto [cosine, sine] = elementary::turn(high, low);
    return sine / cosine;
  });
}

}  // namespace fieldbook
