#pragma once

#include <Eigen/Core>

#include <string>

namespace fieldbook {

/// The numbers of a CSV file, a row a line: separated by commas, semicolons, tabs or spaces; a first line without any number is a header; lines that
/// are empty or start with #, and a byte order mark, are skipped. std::invalid_argument naming file and line for a word that is no number, for nan and inf, and for rows of different lengths;
/// also if there is no such file or nothing in it.
Eigen::MatrixXd read_csv(const std::string& path);

}  // namespace fieldbook
