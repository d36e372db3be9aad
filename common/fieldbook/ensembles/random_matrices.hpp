#pragma once

#include <fieldbook/random/stream.hpp>

#include <Eigen/Core>

#include <cstdint>

namespace fieldbook {

/// A rows x columns matrix of independent N(0, 1), filled column by column from one draw of a stream.
Eigen::MatrixXd gaussian_matrix(const Stream& stream, std::uint64_t draw, Eigen::Index rows,
                                Eigen::Index columns);

/// A rows x columns matrix with orthonormal columns, uniform (Haar): the Q of the QR decomposition of a Gaussian matrix, with the
/// signs that make the diagonal of R positive (Mezzadri 2007). std::invalid_argument for more columns than rows.
Eigen::MatrixXd orthonormal_columns(const Stream& stream, std::uint64_t draw, Eigen::Index rows,
                                    Eigen::Index columns);

}  // namespace fieldbook
