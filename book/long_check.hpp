#pragma once

#include <string>

namespace book {

/// How a check that takes too long for every run of the suite went when it was last put on record.
struct LongCheck {
  bool passed;
  std::string outcome;  ///< HTML
  std::string version, date;
};

}  // namespace book
