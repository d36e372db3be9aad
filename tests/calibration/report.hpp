#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "verdict.hpp"

namespace calibration {

/// A claim whose largest share used is above this is listed as close to its edge.
inline constexpr double close_to_the_edge = 0.9;

/// A claim that scatters more than this, in units of its standard error and by more than three errors of that, has too small an error bar.
inline constexpr double largest_scatter = 1.25;

/// What a terminal shows: a line a program, then what is miscalibrated, has failed or came close to its edge, then the sum.
std::string plain(const Verdict& verdict);

/// The record that the book shows: everything but the z of single runs, and of claims that are the same for every seed only
/// their number.
nlohmann::ordered_json to_json(const Verdict& verdict);

/// What the picture shows, in one sentence.
inline constexpr const char* caption =
    "All $z$ of all seeds beside the standard normal density, on a logarithmic scale (left), and the "
    "p-values of the test of each "
    "claim, in their order, beside those that chance deals out to as many independent claims (right): "
    "miscalibrated claims fall "
    "out of the band at its lower left.";

/// Draws `calibration.svg` with its data and script into a directory: the density of all z beside the normal one, and the p-values
/// of all claims beside those that chance deals out.
void draw(const Verdict& verdict, const std::filesystem::path& directory);

}  // namespace calibration
