#pragma once

#include <Eigen/Core>

#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <boost/serialization/array.hpp>
#include <boost/serialization/split_free.hpp>
#include <boost/serialization/utility.hpp>
#include <boost/serialization/vector.hpp>
#include <sstream>
#include <string>

/// Eigen's dense matrices and vectors in the archives of Boost.Serialization.
namespace boost::serialization {

template <class Archive, class Scalar, int Rows, int Columns, int Options, int MaxRows, int MaxColumns>
void serialize(Archive& archive, Eigen::Matrix<Scalar, Rows, Columns, Options, MaxRows, MaxColumns>& matrix,
               unsigned) {
  Eigen::Index rows = matrix.rows(), columns = matrix.cols();
  archive& rows& columns;
  if (Archive::is_loading::value) matrix.resize(rows, columns);
  archive& make_array(matrix.data(), static_cast<std::size_t>(matrix.size()));
}

}  // namespace boost::serialization

namespace fieldbook {

/// The state of an accumulator or of a Markov chain as bytes, for this machine and this build. A class takes part with a
/// member `template <class Archive> void serialize(Archive& archive, unsigned)` that names its members.
template <class State>
std::string to_bytes(const State& state) {
  std::ostringstream stream;
  boost::archive::binary_oarchive archive{stream, boost::archive::no_header | boost::archive::no_tracking};
  archive << state;
  return stream.str();
}

/// The inverse of to_bytes. The bytes are trusted: whoever reads them from a file checks them first.
template <class State>
void from_bytes(const std::string& bytes, State& state) {
  std::istringstream stream{bytes};
  boost::archive::binary_iarchive archive{stream, boost::archive::no_header | boost::archive::no_tracking};
  archive >> state;
}

}  // namespace fieldbook
