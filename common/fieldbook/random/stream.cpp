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

/// Fills `out` from counters of four words, each giving `PerCounter` elements: `transform` maps lane l of the words to
/// elements 0 ... PerCounter - 1 in `element[k][l]`.
template <int PerCounter, class Number, class Transform>
void fill(std::uint64_t seed, std::uint32_t stream, std::uint64_t draw, std::span<Number> out,
          std::uint64_t first, Transform transform) {
  if (first % 4 != 0 || first + out.size() > (std::uint64_t{1} << 33))
    throw std::invalid_argument{
        "Stream: the first element must be a multiple of 4, and the last one below 2^33"};
  constexpr std::size_t batch = PerCounter * philox_lanes;
  PhiloxWords words;
  alignas(64) Number element[PerCounter][philox_lanes];
  for (std::size_t done = 0; done < out.size(); done += batch) {
    philox(seed, stream, draw, static_cast<std::uint32_t>((first + done) / PerCounter), words);
    for (int l = 0; l < philox_lanes; ++l) transform(words.word, element, l);
    // What is left of a batch is put in order aside: that is vector code too
    Number aside[batch];
    const std::size_t wanted = std::min(batch, out.size() - done);
    Number* const target = wanted == batch ? out.data() + done : aside;
    for (int l = 0; l < philox_lanes; ++l)
      for (int k = 0; k < PerCounter; ++k) target[l * PerCounter + k] = element[k][l];
    if (wanted < batch) std::copy_n(aside, wanted, out.data() + done);
  }
}

/// One element a word: `map` takes a word to a float.
template <class Number, class Map>
void fill_by_word(std::uint64_t seed, std::uint32_t stream, std::uint64_t draw, std::span<Number> out,
                  std::uint64_t first, Map map) {
  fill<4>(seed, stream, draw, out, first, [map](const auto& word, auto& element, int l) {
    for (int k = 0; k < 4; ++k) element[k][l] = map(word[k][l]);
  });
}

/// One element for two words: `map` takes a high and a low word to a double.
template <class Map>
void fill_by_pair(std::uint64_t seed, std::uint32_t stream, std::uint64_t draw, std::span<double> out,
                  std::uint64_t first, Map map) {
  fill<2>(seed, stream, draw, out, first, [map](const auto& word, auto& element, int l) {
    for (int k = 0; k < 2; ++k) element[k][l] = map(word[2 * k][l], word[2 * k + 1][l]);
  });
}

}  // namespace

Stream::Stream(std::uint64_t seed, std::string_view name) : seed_{seed}, id_{fnv1a(name)} {}

void Stream::words(std::uint64_t draw, std::span<std::uint32_t> out, std::uint64_t first) const {
  fill_by_word(seed_, id_, draw, out, first, [](std::uint32_t word) { return word; });
}

void Stream::uniforms(std::uint64_t draw, std::span<float> out, std::uint64_t first) const {
  fill_by_word(seed_, id_, draw, out, first, [](std::uint32_t word) { return elementary::uniform(word); });
}

void Stream::uniforms(std::uint64_t draw, std::span<double> out, std::uint64_t first) const {
  fill_by_pair(seed_, id_, draw, out, first,
               [](std::uint32_t high, std::uint32_t low) { return elementary::uniform(high, low); });
}

void Stream::normals(std::uint64_t draw, std::span<float> out, std::uint64_t first) const {
  fill<4>(seed_, id_, draw, out, first, [](const auto& word, auto& element, int l) {
    for (int k = 0; k < 4; k += 2) {
      const float radius = std::sqrt(-2 * elementary::log_of_normal(elementary::fine_uniform(word[k][l])));
      const auto [cosine, sine] = elementary::turn(word[k + 1][l]);
      element[k][l] = radius * cosine;
      element[k + 1][l] = radius * sine;
    }
  });
}

void Stream::normals(std::uint64_t draw, std::span<double> out, std::uint64_t first) const {
  fill<2>(seed_, id_, draw, out, first, [](const auto& word, auto& element, int l) {
    const double radius =
        std::sqrt(-2 * elementary::log_of_normal(elementary::uniform(word[0][l], word[1][l])));
    const auto [cosine, sine] = elementary::turn(word[2][l], word[3][l]);
    element[0][l] = radius * cosine;
    element[1][l] = radius * sine;
  });
}

void Stream::signs(std::uint64_t draw, std::span<float> out, std::uint64_t first) const {
  fill_by_word(seed_, id_, draw, out, first,
               [](std::uint32_t word) { return (word >> 31) != 0 ? -1.f : 1.f; });
}

void Stream::signs(std::uint64_t draw, std::span<double> out, std::uint64_t first) const {
  fill_by_word(seed_, id_, draw, out, first, [](std::uint32_t word) { return (word >> 31) != 0 ? -1. : 1.; });
}

void Stream::exponentials(std::uint64_t draw, std::span<float> out, std::uint64_t first) const {
  fill_by_word(seed_, id_, draw, out, first,
               [](std::uint32_t word) { return -elementary::log_of_normal(elementary::fine_uniform(word)); });
}

void Stream::exponentials(std::uint64_t draw, std::span<double> out, std::uint64_t first) const {
  fill_by_pair(seed_, id_, draw, out, first, [](std::uint32_t high, std::uint32_t low) {
    return -elementary::log_of_normal(elementary::uniform(high, low));
  });
}

void Stream::cauchys(std::uint64_t draw, std::span<float> out, std::uint64_t first) const {
  fill_by_word(seed_, id_, draw, out, first, [](std::uint32_t word) {
    const auto [cosine, sine] = elementary::turn(word);
    return sine / cosine;
  });
}

void Stream::cauchys(std::uint64_t draw, std::span<double> out, std::uint64_t first) const {
  fill_by_pair(seed_, id_, draw, out, first, [](std::uint32_t high, std::uint32_t low) {
    const auto [cosine, sine] = elementary::turn(high, low);
    return sine / cosine;
  });
}

}  // namespace fieldbook
