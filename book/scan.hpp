#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "problems.hpp"

namespace book {

/// What a stretch of Markdown is: only `text` may be touched by Markdown.
enum class Kind { text, code, formula, display };

struct Piece {
  Kind kind;
  std::string
      content;  ///< without the dollars of a formula or the backticks of code; text keeps its backslashes
  int line;     ///< where it starts
};

/// Cuts Markdown into text, code spans and formulas, `$…$` or `$$…$$`. `\$` is a dollar.
/// A formula that is not closed in its paragraph is a problem.
std::vector<Piece> scan(std::string_view markdown, Place place, Problems& problems);

/// Markdown in words that need no rendering, for titles, alternative texts and the search: formulas become Unicode as
/// far as that goes, `$\sigma_w^2$` is "σ_w^2".
std::string plain_text(std::string_view markdown);

}  // namespace book
