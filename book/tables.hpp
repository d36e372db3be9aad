#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ledger.hpp"
#include "manuscript.hpp"

namespace book {

using ClaimsOfPrograms = std::vector<std::pair<const Program*, const Claim*>>;

/// A table that scrolls inside its own box where the screen is narrow; the box takes the keyboard's focus to do so.
std::string scrolling(const std::string& label, const std::string& rows, const std::string& style = "");

/// The head of a table: what its columns are called, in HTML.
std::string head(const std::vector<std::string>& columns);

/// "12 claims, all hold", or "2 of 12 claims fail".
std::string verdict(int claims, int failing);

/// ✓ or ✗ with the word for those who do not see it.
std::string mark(bool holds);

/// The claims of one run, what fails on top, with χ², the claims left out, and how to replay failures.
std::string claims_table(const Ledger& ledger);

/// The options of a program: its own in sight, the common ones folded away.
std::string options_table(const Ledger& ledger);

/// A figure with caption and links to its data and script; its picture lies in `directory` of the site.
std::string figure(const Figure& figure, const std::string& directory, const std::filesystem::path& picture);

/// A figure in small that leads to the large one, under the question of its program.
std::string thumbnail(const Figure& figure, const Program& program);

/// Measured value of a claim, linked to its row on `page`; what a left-out claim has instead is said in words.
std::string value_link(const Ledger& ledger, const std::string& id, const std::string& page);

/// A warning for a run that differs from the one the book is made of; empty for that one.
std::string peculiarity_note(const Ledger& ledger);

/// Claims with program, section, kind and picture, in a table that a script on the page lets readers sort and filter.
std::string indexed_claims(const ClaimsOfPrograms& claims);

/// The claims of one or more programs in brief: sign, code, statement linked to the program's page.
std::string brief_claims(const ClaimsOfPrograms& claims);

}  // namespace book
