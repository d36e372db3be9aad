#include <fieldbook/report/checkpoint.hpp>
#include <fieldbook/report/errors.hpp>
#include <fieldbook/report/files.hpp>
#include <fieldbook/report/output.hpp>

#include <fmt/format.h>
#include <algorithm>
#include <boost/archive/archive_exception.hpp>
#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <boost/crc.hpp>
#include <charconv>
#include <sstream>
#include <string_view>

#include <nlohmann/json.hpp>

namespace fieldbook {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

using States = std::map<std::pair<std::string, std::uint64_t>, TaskState>;

constexpr int format = 2;
constexpr std::string_view magic = "fieldbook checkpoint ";

std::string crc64(std::string_view text) {
  boost::crc_optimal<64, 0x42F0E1EBA9EA3693, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, true, true> crc;
  crc.process_bytes(text.data(), text.size());
  return fmt::format("crc64 {:016x}\n", crc.checksum());
}

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw BadOption{fmt::format("--resume: {} {}; to start anew, leave --resume out", file.string(), why)};
}

/// Takes the text up to the next end of line off the front of `text`.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

void write_text(boost::archive::binary_oarchive& archive, const std::string& text) {
  const std::uint64_t size = text.size();
  archive << size;
  archive.save_binary(text.data(), text.size());
}

/// A length beyond the end of the file is an error of the file, not a demand for memory.
std::string read_text(boost::archive::binary_iarchive& archive, std::istream& file) {
  using boost::archive::archive_exception;
  std::uint64_t size = 0;
  archive >> size;
  if (size > static_cast<std::uint64_t>(std::max<std::streamsize>(0, file.rdbuf()->in_avail())))
    throw archive_exception{archive_exception::input_stream_error};
  std::string text(size, '\0');
  archive.load_binary(text.data(), text.size());
  return text;
}

// The owner tells builds apart; a head of Boost's own would take whatever length stands in it
std::string to_text(const States& states) {
  std::ostringstream file;
  boost::archive::binary_oarchive archive{file, boost::archive::no_header};
  const std::uint64_t count = states.size();
  archive << count;
  for (const auto& [key, state] : states) {
    write_text(archive, key.first);
    archive << key.second << state.steps;
    write_text(archive, state.bytes);
  }
  return file.str();
}

States from_text(std::string_view text) {
  std::istringstream file{std::string{text}};
  boost::archive::binary_iarchive archive{file, boost::archive::no_header};
  std::uint64_t count = 0;
  archive >> count;
  States states;
  for (; count > 0; --count) {
    std::string stage = read_text(archive, file);
    std::uint64_t task = 0;
    TaskState state;
    archive >> task >> state.steps;
    state.bytes = read_text(archive, file);
    states.insert_or_assign({std::move(stage), task}, std::move(state));
  }
  return states;
}

/// The first of the facts about a run that differ, in words.
std::string difference(const nlohmann::ordered_json& theirs, const nlohmann::ordered_json& ours) try {
  for (const char* fact : {"program", "version"})
    if (theirs.value(fact, "") != ours.value(fact, ""))
      return fmt::format("belongs to {} {}, not {}", fact, theirs.value(fact, "?"), ours.value(fact, "?"));
  if (theirs.value("build", "") != ours.value("build", "")) return "belongs to another build of this program";
  const auto their_options = theirs.value("options", nlohmann::ordered_json::object());
  const auto our_options = ours.value("options", nlohmann::ordered_json::object());
  for (const auto& [name, value] : our_options.items())
    if (!their_options.contains(name) || their_options[name] != value)
      return fmt::format("belongs to a run with {} {}, not {}", name,
                         their_options.contains(name) ? their_options[name].dump() : "unset", value.dump());
  return "belongs to another run";
} catch (const nlohmann::json::exception&) {
  return "does not say in words of this Fieldbook which run it belongs to";
}

}  // namespace

States read_checkpoint(const fs::path& file, const std::string& owner) {
  const std::string content = read_file(file);
  std::string_view text = content;
  const std::string_view first = take_line(text);
  if (!first.starts_with(magic)) refuse(file, "is not a checkpoint of Fieldbook");
  int version = 0;
  const std::string_view digits = first.substr(magic.size());
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
  if (error != std::errc{} || end != digits.data() + digits.size() || version < 1)
    refuse(file, "is not a checkpoint of Fieldbook");
  if (version > format)
    refuse(file, fmt::format("has format {} of a newer Fieldbook; this one reads {}", version, format));

  const std::size_t checksum = crc64("").size();
  if (content.size() < checksum || text.size() < checksum ||
      content.substr(content.size() - checksum) !=
          crc64(std::string_view{content}.substr(0, content.size() - checksum)))
    refuse(file, "is damaged or truncated");
  text.remove_suffix(checksum);

  const std::string_view theirs = take_line(text);
  if (theirs != owner)
    refuse(file, difference(nlohmann::ordered_json::parse(theirs, nullptr, false),
                            nlohmann::ordered_json::parse(owner)));
  try {
    return from_text(text);
  } catch (const boost::archive::archive_exception&) {
    refuse(file, "cannot be read by this build");
  }
}

Checkpoint::Checkpoint(fs::path directory, const nlohmann::ordered_json& owner, int rank, int ranks)
    : directory_{std::move(directory)},
      rank_{rank},
      ranks_{ranks},
      owner_{owner.dump()},
      next_write_{Clock::now() + std::chrono::seconds{1}} {}

fs::path Checkpoint::file_of(int rank) const {
  return directory_ / (rank == 0 ? "checkpoint" : fmt::format("checkpoint.{}", rank));
}

std::vector<fs::path> Checkpoint::files() const {
  std::vector<fs::path> found;
  // More processes than this one has may have been there, but none after a gap
  for (int rank = 0; rank < ranks_ || fs::exists(file_of(rank)); ++rank)
    if (fs::exists(file_of(rank))) found.push_back(file_of(rank));
  return found;
}

bool Checkpoint::resume() {
  for (const fs::path& file : files())
    for (auto& [key, state] : read_checkpoint(file, owner_)) {
      TaskState& best = states_[key];
      if (state.steps >= best.steps) best = std::move(state);
    }
  return !states_.empty();
}

void Checkpoint::keep(const std::string& stage, std::uint64_t task, TaskState state) {
  const std::lock_guard lock{mutex_};
  states_[{stage, task}] = std::move(state);
  changed_ = true;
  if (Clock::now() >= next_write_) write();
}

std::optional<TaskState> Checkpoint::kept(const std::string& stage, std::uint64_t task) {
  const std::lock_guard lock{mutex_};
  const auto found = states_.find({stage, task});
  if (found == states_.end()) return std::nullopt;
  return found->second;
}

bool Checkpoint::save() {
  const std::lock_guard lock{mutex_};
  if (changed_) write();
  return !states_.empty();
}

void Checkpoint::discard() {
  std::error_code ignored;
  for (const fs::path& file : files()) {
    fs::remove(file, ignored);
    fs::remove(file.string() + ".new", ignored);  // what a killed run was writing
  }
}

void Checkpoint::write() {
  const auto start = Clock::now();
  std::string text = fmt::format("{}{}\n{}\n{}", magic, format, owner_, to_text(states_));
  text += crc64(text);
  std::error_code exists;
  fs::create_directories(directory_, exists);  // the first process may not have come to it yet
  write_durably(file_of(rank_), text);
  changed_ = false;
  // Writing shall not take more than a twentieth of the time
  next_write_ =
      Clock::now() + std::max<Clock::duration>(std::chrono::seconds{1}, 20 * (Clock::now() - start));
}

}  // namespace fieldbook
