#define BOOST_TEST_DYN_LINK
#include <fieldbook/report/checkpoint.hpp>
#include <fieldbook/report/errors.hpp>

#include <fmt/format.h>
#include <boost/crc.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "../programs/run.hpp"

using namespace fieldbook;
namespace fs = std::filesystem;

namespace {

nlohmann::ordered_json owner(int width = 16, const std::string& program = "test/one") {
  return {
      {"program", program}, {"version", "0"}, {"build", "b"}, {"options", {{"seed", 1}, {"width", width}}}};
}

void write(const fs::path& path, const std::string& text) { std::ofstream{path, std::ios::binary} << text; }

/// The one line with which a checkpoint is refused; empty if it is taken. The file must stay as it is.
std::string refusal(const fs::path& directory, const nlohmann::ordered_json& of) {
  const std::string before = programs::read(directory / "checkpoint");
  std::string line;
  try {
    Checkpoint{directory, of, 0, 1}.resume();
  } catch (const BadOption& error) {
    line = error.what();
    BOOST_TEST(line.find("--resume") != std::string::npos);
    BOOST_TEST(line.find('\n') == std::string::npos);
  }
  BOOST_TEST(programs::read(directory / "checkpoint") == before);
  return line;
}

bool says(const std::string& line, const std::string& words) { return line.find(words) != std::string::npos; }

/// The checkpoint with another content, but a checksum that fits.
std::string sealed(const std::string& checkpoint) {
  const std::string text = checkpoint.substr(0, checkpoint.rfind("crc64"));
  boost::crc_optimal<64, 0x42F0E1EBA9EA3693, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, true, true> crc;
  crc.process_bytes(text.data(), text.size());
  return text + fmt::format("crc64 {:016x}\n", crc.checksum());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(checkpoints)

BOOST_AUTO_TEST_CASE(what_was_kept_comes_back) {
  const programs::Scratch directory;
  Checkpoint first{directory.path, owner(), 0, 1};
  BOOST_TEST(!first.resume());
  BOOST_TEST(!first.save());
  const std::string bytes{"\0\n\xff binary", 10};
  first.keep("stage", 3, {1, "old"});
  first.keep("stage", 3, {2, bytes});
  first.keep("other stage", 0, {1, ""});
  BOOST_TEST(first.save());

  Checkpoint second{directory.path, owner(), 0, 1};
  BOOST_TEST(second.resume());
  BOOST_TEST(second.kept("stage", 3)->steps == 2u);
  BOOST_TEST(second.kept("stage", 3)->bytes == bytes);
  BOOST_TEST(second.kept("other stage", 0)->bytes.empty());
  BOOST_TEST(!second.kept("stage", 0));
  second.discard();
  BOOST_TEST(fs::is_empty(directory.path));
}

BOOST_AUTO_TEST_CASE(several_processes_keep_a_file_each) {
  const programs::Scratch directory;
  for (int rank = 0; rank < 3; ++rank) {
    Checkpoint mine{directory.path, owner(), rank, 3};
    mine.keep("stage", static_cast<std::uint64_t>(rank), {1, std::to_string(rank)});
    mine.save();
  }
  Checkpoint alone{directory.path, owner(), 0, 1};
  BOOST_TEST(alone.resume());
  for (std::uint64_t task = 0; task < 3; ++task)
    BOOST_TEST(alone.kept("stage", task)->bytes == std::to_string(task));
  alone.discard();
  BOOST_TEST(fs::is_empty(directory.path));
}

BOOST_AUTO_TEST_CASE(a_full_disk_leaves_the_last_whole_checkpoint_alone) {
  const programs::Scratch directory;
  Checkpoint checkpoint{directory.path, owner(), 0, 1};
  checkpoint.keep("stage", 0, {1, "first"});
  checkpoint.save();
  const std::string whole = programs::read(directory.path / "checkpoint");
  checkpoint.keep("stage", 0, {2, "second"});
  fs::create_symlink("/dev/full", directory.path / "checkpoint.new");  // what is written goes to a full disk
  BOOST_CHECK_EXCEPTION(checkpoint.save(), MachineFailure,
                        [](const MachineFailure& failure) { return says(failure.what(), "disk is full"); });
  BOOST_TEST(programs::read(directory.path / "checkpoint") == whole);
  BOOST_TEST(!fs::is_symlink(directory.path / "checkpoint.new"));
  Checkpoint resumed{directory.path, owner(), 0, 1};
  BOOST_TEST(resumed.resume());
  BOOST_TEST(resumed.kept("stage", 0)->bytes == "first");
  // With room again the next one is written
  BOOST_TEST(checkpoint.save());
  BOOST_TEST(programs::read(directory.path / "checkpoint") != whole);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_resumed_is_refused_and_left_alone) {
  const programs::Scratch directory;
  const fs::path file = directory.path / "checkpoint";
  Checkpoint checkpoint{directory.path, owner(), 0, 1};
  for (std::uint64_t task = 0; task < 20; ++task) checkpoint.keep("stage", task, {1, std::string(100, 'x')});
  checkpoint.save();
  const std::string good = programs::read(file);
  BOOST_TEST(refusal(directory.path, owner()).empty());

  // Foreign
  BOOST_TEST(says(refusal(directory.path, owner(32)), "width 16, not 32"));
  BOOST_TEST(says(refusal(directory.path, owner(16, "test/two")), "program test/one, not test/two"));
  auto other_build = owner();
  other_build["build"] = "c";
  BOOST_TEST(says(refusal(directory.path, other_build), "another build"));

  // Damaged at any place, and cut at any length
  for (std::size_t i = 30; i < good.size(); i += 97) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x10);
    write(file, bad);
    BOOST_TEST(says(refusal(directory.path, owner()), "damaged or truncated"));
  }
  for (std::size_t length = 23; length < good.size(); length += 101) {
    write(file, good.substr(0, length));
    BOOST_TEST(says(refusal(directory.path, owner()), "damaged or truncated"));
  }
  // Not ours, or from the future
  for (const char* text :
       {"", "fieldbook", "a diary\n", "fieldbook checkpoint x\n", "fieldbook checkpoint -1\n"}) {
    write(file, text);
    BOOST_TEST(says(refusal(directory.path, owner()), "not a checkpoint"));
  }
  write(file, "fieldbook checkpoint 3\n" + good.substr(good.find('\n') + 1));
  BOOST_TEST(says(refusal(directory.path, owner()), "newer Fieldbook"));
}

BOOST_AUTO_TEST_CASE(lengths_beyond_the_end_are_refused_without_taking_memory) {
  const programs::Scratch directory;
  const fs::path file = directory.path / "checkpoint";
  Checkpoint checkpoint{directory.path, owner(), 0, 1};
  checkpoint.keep("a stage", 0, {1, "its state"});
  checkpoint.save();
  const std::string good = programs::read(file);
  write(file, sealed(good));
  BOOST_TEST(refusal(directory.path, owner()).empty());
  for (const char* text : {"a stage", "its state"}) {
    std::string bad = good;
    bad[bad.find(text) - 3] = '\x01';  // the length before it grows by 2^40
    write(file, sealed(bad));
    BOOST_TEST(says(refusal(directory.path, owner()), "cannot be read by this build"));
  }
}

BOOST_AUTO_TEST_SUITE_END()
