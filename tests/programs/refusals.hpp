#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "run.hpp"

namespace programs {

/// Options that a program must refuse.
struct Refusal {
  std::string kind;                ///< what is wrong with them
  std::string option;              ///< the option that is wrong; empty for the command line as a whole
  std::string options;             ///< as typed in a shell
  std::vector<std::string> words;  ///< what the complaint must contain
};

/// A word that the shell takes literally.
std::string shell_word(const std::string& text);

/// All that can be wrong with each of the options that a ledger declares, but for --out, and with a command line.
std::vector<Refusal> refusals(const nlohmann::json& declared_options);

/// What is wrong with the way that a program gave up; empty if nothing is: the exit status, and one line on stderr with all of
/// `words`.
std::string objection(const Outcome& outcome, int status, const std::vector<std::string>& words);

/// Lets a program (a word of the shell) refuse. What is wrong with the way it does; empty if nothing is: see above, nothing on
/// stdout, and nothing written.
std::string objection(const Scratch& scratch, const std::string& program, const Refusal& refusal);

}  // namespace programs
