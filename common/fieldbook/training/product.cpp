#include <fieldbook/training/product.hpp>

#include <algorithm>

namespace fieldbook {

namespace {

using Eigen::Index;

/// The widest vector of this machine, as Eigen knows it.
template <class Real>
using Lanes = typename Eigen::internal::packet_traits<Real>::type;
template <class Real>
constexpr Index lanes = Eigen::internal::unpacket_traits<Lanes<Real>>::size;

/// A tile of the target whose sums stay in registers: two vectors high, half of all registers in sums.
constexpr int tile_vectors = 2;
constexpr int tile_columns = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS / 4;
template <class Real>
constexpr Index tile_rows = tile_vectors* lanes<Real>;

/// Terms of a sum that are added in one go, so that a panel fits in the first cache.
constexpr Index depth_in_place = 256;
constexpr Index depth_of_copies = 64;

/// Up to tile_columns columns of the right factor, either where they are, each in one piece,
template <class Real>
struct InPlace {
  const Real* data;
  Index rows, columns, step;

  const Real* entry(Index k, Index j) const { return data + k + j * step; }
};

/// or copied, row after row.
template <class Real>
struct Packed {
  const Real* data;
  Index rows, columns;

  const Real* entry(Index k, Index j) const { return data + k * tile_columns + j; }
};

/// Up to tile_rows rows of the left factor, each column in one piece. Where they are used again, the first tile copies
/// them to where the columns follow one another, while it waits for arithmetic anyway.
template <class Real>
struct Panel {
  const Real* data;
  Index step;
  Real* copy = nullptr;
};

/// target(i, j) += scale sum_k a(i, k) b(k, j) for i < Vectors lanes and j < Count.
template <int Vectors, int Count, class Real, class Right>
void add_tile(Real* target, Index target_step, Real scale, const Panel<Real>& a, const Right& b) {
  using namespace Eigen::internal;
  Lanes<Real> sum[Count][Vectors];
  for (auto& column : sum)
    for (auto& vector : column) vector = pset1<Lanes<Real>>(Real{0});
  for (Index k = 0; k < b.rows; ++k) {
    Lanes<Real> left[Vectors];
    for (int v = 0; v < Vectors; ++v) left[v] = ploadu<Lanes<Real>>(a.data + k * a.step + v * lanes<Real>);
    if (a.copy != nullptr)
      for (int v = 0; v < Vectors; ++v) pstoreu(a.copy + k * tile_rows<Real> + v * lanes<Real>, left[v]);
    for (int j = 0; j < Count; ++j) {
      const Lanes<Real> right = pset1<Lanes<Real>>(*b.entry(k, j));
      for (int v = 0; v < Vectors; ++v) sum[j][v] = pmadd(left[v], right, sum[j][v]);
    }
  }
  const Lanes<Real> factor = pset1<Lanes<Real>>(scale);
  for (int j = 0; j < Count; ++j)
    for (int v = 0; v < Vectors; ++v) {
      Real* const place = target + j * target_step + v * lanes<Real>;
      pstoreu(place, pmadd(factor, sum[j][v], ploadu<Lanes<Real>>(place)));
    }
}

/// The same for as many columns as b has.
template <int Vectors, int Count, class Real, class Right>
void add_columns(Real* target, Index target_step, Real scale, const Panel<Real>& a, const Right& b) {
  if (b.columns >= Count)
    add_tile<Vectors, Count>(target, target_step, scale, a, b);
  else if constexpr (Count > 1)
    add_columns<Vectors, Count - 1>(target, target_step, scale, a, b);
}

/// Any target of at most a tile; where it is not made of whole vectors, the tile is computed beside it.
template <class Real, class Right>
void add_to(const Strided<Real>& target, Real scale, const Panel<Real>& a, const Right& b) {
  const bool whole = target.row_step == 1 && target.rows % lanes<Real> == 0;
  Real beside[tile_columns * tile_rows<Real>];
  if (!whole) std::fill_n(beside, target.columns * tile_rows<Real>, Real{0});
  Real* const place = whole ? target.data : beside;
  const Index step = whole ? target.column_step : tile_rows<Real>;
  if (target.rows > lanes<Real>)
    add_columns<tile_vectors, tile_columns>(place, step, scale, a, b);
  else
    add_columns<1, tile_columns>(place, step, scale, a, b);
  if (whole) return;
  for (Index i = 0; i < target.rows; ++i)
    for (Index j = 0; j < target.columns; ++j)
      target.data[i * target.row_step + j * target.column_step] += beside[j * tile_rows<Real> + i];
}

template <class Real>
Strided<Real> part(const Strided<Real>& whole, Index i, Index j, Index rows, Index columns) {
  return {whole.data + i * whole.row_step + j * whole.column_step, std::min(rows, whole.rows - i),
          std::min(columns, whole.columns - j), whole.row_step, whole.column_step};
}

/// Copies rows to where entry (i, k) is copy[k Height + i].
template <Index Height, class Real>
void pack(const Strided<const Real>& rows, Real* copy) {
  for (Index k = 0; k < rows.columns; ++k) {
    const Real* const from = rows.data + k * rows.column_step;
    if (rows.row_step == 1 && rows.rows == Height)
      for (Index i = 0; i < Height; ++i) copy[k * Height + i] = from[i];
    else
      for (Index i = 0; i < rows.rows; ++i) copy[k * Height + i] = from[i * rows.row_step];
  }
}

}  // namespace

template <class Real>
void MatrixProduct<Real>::add(Strided<Real> target, Real scale, Strided<const Real> a,
                              Strided<const Real> b) {
  const bool in_place = b.row_step == 1;
  const Index depth = in_place ? depth_in_place : depth_of_copies;
  for (Index k = 0; k < b.rows; k += depth) {
    const Strided<const Real> left = part(a, 0, k, a.rows, depth), right = part(b, k, 0, depth, b.columns);
    if (in_place)
      add_in_place(target, scale, left, right);
    else
      add_copies(target, scale, left, right);
  }
}

template <class Real>
void MatrixProduct<Real>::add_in_place(const Strided<Real>& target, Real scale, const Strided<const Real>& a,
                                       const Strided<const Real>& b) {
  constexpr Index height = tile_rows<Real>;
  const Index depth = b.rows;
  left_.resize(static_cast<std::size_t>(depth * height));
  for (Index i = 0; i < a.rows; i += height) {
    const Strided<const Real> rows = part(a, i, 0, height, depth);
    const bool in_place = rows.row_step == 1 && rows.rows % lanes<Real> == 0;
    if (!in_place) pack<height>(rows, left_.data());
    const Panel<Real> copied{left_.data(), height};
    const Panel<Real> first = in_place ? Panel<Real>{rows.data, rows.column_step, left_.data()} : copied;
    for (Index j = 0; j < b.columns; j += tile_columns) {
      const Strided<Real> place = part(target, i, j, height, tile_columns);
      add_to(place, scale, j == 0 ? first : copied,
             InPlace<Real>{b.data + j * b.column_step, depth, place.columns, b.column_step});
    }
  }
}

template <class Real>
void MatrixProduct<Real>::add_copies(const Strided<Real>& target, Real scale, const Strided<const Real>& a,
                                     const Strided<const Real>& b) {
  constexpr Index height = tile_rows<Real>;
  const Index depth = b.rows;
  left_.resize(static_cast<std::size_t>(depth * (a.rows + height)));
  right_.resize(static_cast<std::size_t>(depth * tile_columns));
  for (Index i = 0; i < a.rows; i += height)
    pack<height>(part(a, i, 0, height, depth), left_.data() + i * depth);
  for (Index j = 0; j < b.columns; j += tile_columns) {
    pack<tile_columns>(part(b, 0, j, depth, tile_columns).transposed(), right_.data());
    for (Index i = 0; i < a.rows; i += height) {
      const Strided<Real> place = part(target, i, j, height, tile_columns);
      add_to(place, scale, Panel<Real>{left_.data() + i * depth, height},
             Packed<Real>{right_.data(), depth, place.columns});
    }
  }
}

template class MatrixProduct<float>;
template class MatrixProduct<double>;

}  // namespace fieldbook
