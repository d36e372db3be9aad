#include "commands.hpp"

#include <fieldbook/report/errors.hpp>
#include <fieldbook/report/output.hpp>

#include <fmt/format.h>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "../programs/run.hpp"

namespace trials {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// What a command with this executable is known by.
std::string key(const std::string& command, const fs::path& executable) {
  const std::hash<std::string> hash;
  return fmt::format("{:016x}{:016x}", hash(command), hash(programs::read(executable)));
}

std::string last_lines(const std::string& text) {
  constexpr std::size_t kept = 2000;
  return text.size() <= kept ? text : text.substr(text.size() - kept);
}

}  // namespace

Ended run(const std::string& command) {
  const programs::Scratch scratch;
  const auto begin = std::chrono::steady_clock::now();
  const auto outcome = programs::run(scratch, command);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  for (const int signal : {SIGINT, SIGTERM})
    if (outcome.status == 128 + signal) throw fieldbook::Interrupted{signal};
  return {outcome.status, outcome.out + outcome.err, taken.count()};
}

void must_run(const std::string& command, const std::string& advice) {
  const Ended ended = run(command);
  if (ended.status != 0)
    throw std::runtime_error{fmt::format("{}\nfailed: {}\n{}", last_lines(ended.output), command, advice)};
}

Kept::Kept(fs::path directory) : directory_{std::move(directory)} { fs::create_directories(directory_); }

Ended Kept::run(const std::string& name, const std::string& command, const fs::path& executable) const {
  const fs::path file = directory_ / (name + ".json");
  const std::string now = key(command, executable);
  const json kept = json::parse(programs::read(file), nullptr, false);
  if (kept.is_object() && kept.value("key", "") == now)
    return {kept.at("status"), kept.at("output"), kept.at("seconds")};
  const Ended ended = trials::run(command);
  const json all{
      {"key", now}, {"status", ended.status}, {"output", ended.output}, {"seconds", ended.seconds}};
  fieldbook::write_durably(file, all.dump(1, ' ', false, json::error_handler_t::replace) + "\n");
  fmt::print("{} ({:.0f} s)\n", name, ended.seconds);
  std::fflush(stdout);
  return ended;
}

}  // namespace trials
