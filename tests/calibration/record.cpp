#include "record.hpp"

#include <fieldbook/report/output.hpp>
#include <fieldbook/report/progress.hpp>

#include <fmt/format.h>
#include <atomic>
#include <exception>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "text.hpp"

namespace calibration {

namespace fs = std::filesystem;

Record::Record(std::string name, fs::path executable, fs::path file)
    : name_{std::move(name)},
      executable_{std::move(executable)},
      file_{std::move(file)},
      build_{fmt::format("{:016x}", std::hash<std::string>{}(book::read_file(executable_)))} {
  if (!fs::exists(file_)) return;
  try {
    const auto kept = nlohmann::json::parse(book::read_file(file_));
    if (kept.at("build") != build_) return;
    for (const auto& [seed, run] : kept.at("runs").items()) runs_[std::stoi(seed)] = run_from_json(run);
  } catch (const std::exception& error) {
    throw std::runtime_error{fmt::format("damaged record {} ({}): delete it", file_.string(), error.what())};
  }
}

void Record::add(int seed, Run run) {
  runs_[seed] = std::move(run);
  nlohmann::json runs = nlohmann::json::object();
  for (const auto& [of, kept] : runs_) runs[std::to_string(of)] = to_json(kept);
  fs::create_directories(file_.parent_path());
  fieldbook::write_durably(file_, nlohmann::json{{"build", build_}, {"runs", runs}}.dump() + "\n");
}

std::vector<const Run*> Record::runs(int seeds) const {
  std::vector<const Run*> first;
  for (int seed = 1; seed <= seeds; ++seed) first.push_back(&runs_.at(seed));
  return first;
}

std::size_t complete(std::vector<Record>& records, int seeds) {
  std::vector<std::pair<int, Record*>> missing;
  for (int seed = 1; seed <= seeds; ++seed)
    for (Record& record : records)
      if (!record.has(seed)) missing.emplace_back(seed, &record);

  fieldbook::Progress progress;
  progress.begin(fmt::format("{} runs", missing.size()), static_cast<double>(missing.size()));
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failure;
  const auto work = [&] {
    for (std::size_t i; (i = next++) < missing.size();) try {
        const auto& [seed, record] = missing[i];
        Run run = observe(record->executable(), seed, "--threads 1");
        const std::lock_guard lock{mutex};
        record->add(seed, std::move(run));
        progress.advance(1);
      } catch (...) {
        const std::lock_guard lock{mutex};
        if (!failure) failure = std::current_exception();
        next = missing.size();
      }
  };
  {
    std::vector<std::jthread> workers(std::max(1u, std::thread::hardware_concurrency()));
    for (auto& worker : workers) worker = std::jthread{work};
  }
  if (failure) std::rethrow_exception(failure);
  return missing.size();
}

}  // namespace calibration
