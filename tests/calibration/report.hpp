#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "verdict.hpp"

namespace calibration {

/// A claim whose largest share used is above this is listed as close to its edge.
inline constexpr double close_to_the_edge = 0.9;

/// What a terminal shows: a line a program, then what is miscalibrated, has failed or came close to its edge, then the sum.
std::string plain(const Verdict& verdict);

/// The record that the book shows: everything but the z of single runs, and of claims that are the same for every seed only
/// their number.
nlohmann::ordered_json to_json(const Verdict& verdict);

/// Draws `calibration.svg` with its data and script into a directory: the density of all z beside the normal one, and the p-values
/// of all claims beside those that chance deals out.
void draw(const Verdict& verdict, const std::filesystem::path& directory);

}  // namespace calibration
