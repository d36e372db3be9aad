#pragma once

#include <fieldbook/random/stream.hpp>

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace fieldbook {

/// The draws of a stream one by one, made many at a time where they are short: a generator works on lanes that one draw of a few
/// numbers would leave empty. The numbers are those of the stream, whatever the order in which draws are asked for; ascending
/// order is fast.
///
/// @code
///   DrawsAhead weights{Stream{seed, "hidden weights"}, 4, &Stream::normals};
///   const std::span<const float> w = weights(42);  // the hidden weights of network 42
/// @endcode
class DrawsAhead {
 public:
  using Law = void (Stream::*)(Draws, std::span<float>, std::uint64_t) const;

  /// Draws of `size` numbers of the law: &Stream::normals, &Stream::uniforms, ...
  DrawsAhead(Stream stream, std::size_t size, Law law)
      : stream_{stream},
        law_{law},
        size_{size},
        values_(size * std::max<std::size_t>(1, enough / std::max<std::size_t>(1, size))) {}

  /// Draw number `draw`; valid until the next call.
  std::span<const float> operator()(std::uint64_t draw) {
    const std::size_t count = size_ > 0 ? values_.size() / size_ : 0;
    if (!made_ || draw < first_ || draw - first_ >= count) {
      (stream_.*law_)({draw, count}, values_, 0);
      first_ = draw;
      made_ = true;
    }
    return std::span{values_}.subspan((draw - first_) * size_, size_);
  }

 private:
  /// So many numbers at a time that all lanes are busy and the first cache is not.
  static constexpr std::size_t enough = 1024;

  Stream stream_;
  Law law_;
  std::size_t size_;
  std::uint64_t first_ = 0;
  bool made_ = false;
  std::vector<float> values_;
};

}  // namespace fieldbook
