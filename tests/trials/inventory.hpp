#pragma once

#include <functional>
#include <string>
#include <vector>

namespace trials {

/// Every program, chapter/program, in the order of the lectures.
std::vector<std::string> all_programs();

/// Every room that has unit tests, test-<room>.
std::vector<std::string> all_rooms();

/// The chapter of a program.
std::string chapter_of(const std::string& program);

/// What CMake calls a program; also a name for a file about it.
std::string target_of(std::string program);

/// Calls work(number) for all numbers below `count`, on all cores. What one call throws ends the rest and comes out here.
void on_all_cores(std::size_t count, const std::function<void(std::size_t)>& work);

}  // namespace trials
