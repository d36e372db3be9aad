#include "trial.hpp"

#include <fieldbook/report/errors.hpp>
#include <fieldbook/report/machine.hpp>
#include <fieldbook/report/output.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <nlohmann/json.hpp>

namespace trials {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

bool passed(const Verdict& verdict) {
  return verdict.passed && std::ranges::all_of(verdict.tables, [](const Table& table) {
           return std::ranges::all_of(table.rows, &Row::passed);
         });
}

json to_json(const Verdict& verdict) {
  json tables = json::array();
  for (const auto& table : verdict.tables) {
    json rows = json::array();
    for (const auto& row : table.rows) rows.push_back({{"cells", row.cells}, {"passed", row.passed}});
    tables.push_back({{"title", table.title},
                      {"columns", table.columns},
                      {"judged", table.judged},
                      {"rows", std::move(rows)}});
  }
  return {{"schema", 1},
          {"version", FIELDBOOK_VERSION},
          {"date", fieldbook::today()},
          {"processor", fieldbook::processor_name()},
          {"summary", verdict.summary},
          {"passed", passed(verdict)},
          {"tables", std::move(tables)}};
}

void print(const Verdict& verdict) {
  for (const auto& table : verdict.tables)
    for (const auto& row : table.rows)
      if (!row.passed) fmt::print("FAILED {}: {}\n", table.title, fmt::join(row.cells, " | "));
  fmt::print("{}\n", verdict.summary);
}

}  // namespace

int conduct(const std::string& name, int argc, char** argv,
            const std::function<Verdict(const Place&)>& trial) try {
  if (argc != 3) {
    fmt::print(stderr, "{0}: usage: {0} SOURCES BUILD\n", name);
    return 2;
  }
  const fs::path build = fs::absolute(argv[2]), record = build / "trials" / (name + ".json");
  const Place place{fs::absolute(argv[1]), build, build / "trials" / name};
  fs::create_directories(place.work);
  const auto begin = std::chrono::steady_clock::now();
  const Verdict verdict = trial(place);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  json all = to_json(verdict);
  all["seconds"] = std::round(taken.count());
  fieldbook::write_durably(record, all.dump(1) + "\n");
  print(verdict);
  return all.at("passed") ? 0 : 1;
} catch (const fieldbook::Interrupted& interrupted) {
  fmt::print(stderr, "{}: interrupted\n", name);
  return 128 + interrupted.signal;
} catch (const std::exception& error) {
  fmt::print(stderr, "{}: {}\n", name, error.what());
  return 3;
}

}  // namespace trials
