#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "commands.hpp"
#include "trial.hpp"

namespace trials {

/// A unit test, or a program with the options of a quick run.
struct Executable {
  std::string group;  ///< "unit tests", or the chapter
  std::string name;   ///< the room, or chapter/program
  std::filesystem::path path;
  std::string command;  ///< what the shell has to run
};

/// Builds all unit tests and programs with a preset of CMake, in build/PRESET of the sources; std::runtime_error with `advice` if that
/// fails. Programs run on so many threads. The first program of a chapter draws its figures, too: the way to gnuplot is the same for all.
std::vector<Executable> build_everything(const Place& place, const std::string& preset, int threads,
                                         const std::string& advice);

}  // namespace trials
