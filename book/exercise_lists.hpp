#pragma once

#include <string>

#include "manuscript.hpp"

namespace book {

/// All exercises in one table, chapter by chapter: section, title with its link, level.
std::string exercises_table(const Manuscript& manuscript);

/// The exercises of one chapter, below a heading; empty if it has none.
std::string chapter_exercises(const Chapter& chapter);

/// The exercises of one chapter as an item of the side navigation, folded; empty if it has none.
std::string navigation_exercises(const Chapter& chapter);

/// The exercises that come after a program, in a sentence; empty if there are none.
std::string program_exercises(const Program& program, const Manuscript& manuscript);

}  // namespace book
