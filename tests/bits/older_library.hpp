#pragma once

// Debian 12's emscripten has a C++20 compiler, but a standard library from before std::bit_cast.
#include <bit>
#ifndef __cpp_lib_bit_cast
namespace std {
template <class To, class From>
constexpr To bit_cast(const From& from) noexcept {
  return __builtin_bit_cast(To, from);
}
}  // namespace std
#endif
