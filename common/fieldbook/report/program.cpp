#include <fieldbook/report/files.hpp>
#include <fieldbook/report/machine.hpp>
#include <fieldbook/report/output.hpp>
#include <fieldbook/report/printing.hpp>
#include <fieldbook/report/program.hpp>
#include <fieldbook/report/table.hpp>

#include "configuration.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <boost/crc.hpp>
#include <boost/dll/runtime_symbol_info.hpp>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <system_error>
#include <thread>

namespace fieldbook {

namespace {

int available_cores() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

/// A checksum of the program itself: another build may draw or add otherwise.
std::string digest_of_build() {
  const std::string program = read_file(boost::dll::program_location().string());
  boost::crc_32_type crc;
  crc.process_bytes(program.data(), program.size());
  return fmt::format("{:08x}", crc.checksum());
}

}  // namespace

Program::Program(std::string name, std::string lecture, std::string title)
    : name_{std::move(name)},
      lecture_{std::move(lecture)},
      title_{std::move(title)},
      seed_{options_.add("seed", std::uint64_t{1}, at_least(std::uint64_t{0}), "seed of all random streams",
                         "", true)},
      quick_{options_.add_flag("quick", "smaller ensembles, wider error bars, about 2 s", true)},
      threads_{options_.add("threads", available_cores(), between(1, 1024),
                            "threads; the results do not depend on it", "", true)},
      out_{options_.add_text("out", std::string{configuration::out_directory} + "/" + name_,
                             "a directory, created if need be", "directory of the results", true)},
      formats_{
          options_.add_choices("format", {"svg"}, {"svg", "pdf", "png"}, "formats of the figures", true)},
      no_figures_{options_.add_flag("no-figures", "ledger only; gnuplot is not needed", true)},
      resume_{options_.add_flag("resume", "go on from the checkpoint of an interrupted run", true)},
      keep_going_{options_.add_flag("keep-going", "exit with 0 although a claim fails", true)},
      list_claims_{options_.add_flag("list-claims", "print the claims without running", true)},
      help_{options_.add_flag("help", "print this text", true)},
      version_{options_.add_flag("version", "print the version of Fieldbook", true)} {}

const std::int64_t& Program::samples(std::int64_t full, std::int64_t quick, std::int64_t minimum) {
  // Beyond the most, which no machine would end, sums over all draws might no longer fit into an integer
  constexpr std::int64_t most = 1'000'000'000'000;
  samples_option_ =
      &options_.add("samples", full, between(minimum, most), "size of the ensemble", "draws", true);
  quick_samples_ = quick;
  return samples_;
}

void Program::figure(const std::string& id, const std::string& caption) {
  figures_.push_back({id, caption, {}});
}

void Program::parse(int argc, const char* const* argv) {
  command_ = fmt::format("{}", fmt::join(argv + 1, argv + argc, " "));
  options_.parse(argc, argv);
  if (help_ || version_) return;
  if (samples_option_ != nullptr)
    samples_ = quick_ && !options_.given("samples") ? quick_samples_ : *samples_option_;
  for (const auto& check : checks_) check();
  if (declare_claims_) declare_claims_(claims_);
}

bool Program::answer_questions() const {
  std::string text;
  if (help_) {
    text = fmt::format("{} (lecture §{}): {}\n\nUsage: {} [options]\n\n{}", name_, lecture_, title_, name_,
                       options_.help());
  } else if (version_) {
    text = fmt::format("Fieldbook {}\n", configuration::version);
  } else if (list_claims_) {
    std::vector<std::vector<std::string>> rows;
    for (const Claim& claim : claims_.all())
      rows.push_back({claim.ref, claim.id, fieldbook::name(claim.kind), claim.statement});
    text = aligned(rows);
    for (const LeftOut& claim : claims_.left_out())
      text += fmt::format("left out: {} {}: {}\n", claim.ref, claim.id, claim.reason);
  }
  print_out(text);
  return help_ || version_ || list_claims_;
}

void Program::print_choices() const {
  std::string text = fmt::format("{} (lecture §{}): {}\nseed {}", name_, lecture_, title_, seed_);
  if (samples_option_ != nullptr) text += fmt::format(", {} draws{}", samples_, quick_ ? " (--quick)" : "");
  const nlohmann::ordered_json values = options_.values();
  for (const auto& [option, value] : values.items()) text += fmt::format(", {} {}", option, value.dump());
  print_out(text + "\n\n");
}

std::string Program::replay() const { return fmt::format("./fieldbook run {} {}", name_, command_); }

nlohmann::ordered_json Program::ledger() const {
  nlohmann::ordered_json ledger{
      {"schema", 1},   {"program", name_}, {"lecture", lecture_}, {"title", title_},
      {"seed", seed_}, {"quick", quick_},  {"samples", samples_}, {"options", options_.values()}};
  ledger["declared_options"] = nlohmann::ordered_json::array();
  for (const bool common : {true, false})
    for (const OptionDeclaration& d : options_.declarations()) {
      if (d.common != common) continue;
      // What differs from machine to machine stays out of the record
      const std::string shown = d.name == "threads" ? "all cores"
                                : d.name == "out"   ? "build/out/" + name_
                                                    : d.default_value;
      ledger["declared_options"].push_back({{"name", d.name},
                                            {"type", d.type},
                                            {"default", shown},
                                            {"range", d.range},
                                            {"unit", d.unit},
                                            {"help", d.help},
                                            {"common", d.common}});
    }
  ledger["claims"] = nlohmann::ordered_json::array();
  for (const Claim& claim : claims_.all()) ledger["claims"].push_back(to_json(claim, lecture_));
  ledger["chi_square"] = nullptr;
  if (const auto sum = claims_.chi_square())
    ledger["chi_square"] = {{"value", sum->value}, {"degrees", sum->degrees}, {"p", sum->p}};
  ledger["left_out"] = nlohmann::ordered_json::array();
  for (const LeftOut& claim : claims_.left_out())
    ledger["left_out"].push_back({{"id", claim.id}, {"ref", claim.ref}, {"reason", claim.reason}});
  ledger["figures"] = nlohmann::ordered_json::array();
  for (const FigureRecord& figure : figures_)
    if (!figure.files.empty())
      ledger["figures"].push_back({{"id", figure.id}, {"caption", figure.caption}, {"files", figure.files}});
  return ledger;
}

std::vector<std::string> Program::obsolete_files() const try {
  const auto old =
      nlohmann::json::parse(read_file(std::filesystem::path{out_} / "ledger.json"), nullptr, false);
  std::vector<std::string> names;
  if (!old.is_object() || old.value("program", "") != name_) return names;
  for (const auto& figure : old.value("figures", nlohmann::json::array()))
    for (const auto& name : figure.value("files", nlohmann::json::array()))
      // Only names as we write them: a damaged ledger must not make us delete anything else
      if (name.is_string() &&
          std::filesystem::path{name.get<std::string>()}.filename() == name.get<std::string>())
        names.push_back(name);
  return names;
} catch (const nlohmann::json::exception&) {
  return {};  // not a ledger of ours: nothing to remove
}

nlohmann::ordered_json Program::owner_of_checkpoint() const {
  nlohmann::ordered_json options{{"seed", seed_}, {"quick", quick_}, {"samples", samples_}};
  options.update(options_.values());
  return {{"program", name_},
          {"version", configuration::version},
          {"build", digest_of_build()},
          {"options", options}};
}

ExitStatus Program::perform(const Ranks& ranks, const std::function<void(Report&)>& experiment) {
  const auto start = std::chrono::steady_clock::now();
  const bool first = ranks.rank() == 0;
  Checkpoint checkpoint{out_, owner_of_checkpoint(), ranks.rank(), ranks.size()};
  const bool resumed = resume_ && checkpoint.resume();
  if (first && !no_figures_ && !figures_.empty()) require_gnuplot();
  std::optional<Output> output;
  if (first) output.emplace(out_);
  print_choices();
  if (resume_)
    print_out(resumed ? "going on from the checkpoint\n\n" : "no checkpoint: from the beginning\n\n");
  try {
    Report report{*this, ranks, checkpoint, first ? output->staging().string() : ""};
    experiment(report);
    stop_if_asked();
  } catch (const Interrupted& interruption) {
    if (checkpoint.save()) throw Interrupted{interruption.signal, "; --resume goes on from here"};
    throw;
  }
  claims_.require_all_decided();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (first) {
    write_results(*output, seconds);
    checkpoint.discard();
  }
  return judge(seconds);
}

void Program::write_results(const Output& output, double seconds) const {
  for (const FigureRecord& figure : figures_)
    if (figure.files.empty() && !figure.skipped && !no_figures_)
      throw std::logic_error{"figure " + figure.id + " was never drawn"};
  output.write("ledger.json", ledger().dump(2) + "\n");
  output.write("timing.json", nlohmann::ordered_json{{"seconds", seconds},
                                                     {"threads", threads_},
                                                     {"peak_memory_mib", peak_memory_in_mib()},
                                                     {"date", today()},
                                                     {"processor", processor_name()}}
                                      .dump(2) +
                                  "\n");
  output.publish(obsolete_files());
}

ExitStatus Program::judge(double seconds) const {
  const auto& claims = claims_.all();
  const auto failing = static_cast<std::size_t>(
      std::count_if(claims.begin(), claims.end(), [](const Claim& claim) { return !claim.holds; }));
  std::string text =
      fmt::format("{}{} ({:.1f} s)\n", claims_table(ledger()), verdict(claims.size(), failing), seconds);
  if (failing > 0) text += fmt::format("replay with: {}\n", replay());
  print_out(text, "; the results are in " + out_);
  return failing == 0 || keep_going_ ? ExitStatus::all_claims_hold : ExitStatus::some_claim_fails;
}

int Program::run(int argc, const char* const* argv, const std::function<void(Report&)>& experiment) {
  const Ranks ranks;
  // All processes compute the same; the first one speaks for them
  if (ranks.rank() > 0 && std::freopen("/dev/null", "w", stdout) == nullptr)
    ranks.abort(static_cast<int>(ExitStatus::machine_failed));
  const auto fail = [&](int status, const char* message, bool everywhere) {
    if (!everywhere || ranks.rank() == 0) print_error(name_, message);
    // The others would wait for what this process can no longer give
    if (!everywhere && ranks.size() > 1) ranks.abort(status);
    return status;
  };
  keep_standard_streams_apart();
  listen_for_signals();
  try {
    parse(argc, argv);
    if (answer_questions()) return static_cast<int>(ExitStatus::all_claims_hold);
    return static_cast<int>(perform(ranks, experiment));
  } catch (const BadOption& error) {
    return fail(static_cast<int>(ExitStatus::bad_usage), error.what(), true);
  } catch (const Interrupted& interruption) {
    return fail(128 + interruption.signal, interruption.what(), false);
  } catch (const std::bad_alloc&) {
    return fail(static_cast<int>(ExitStatus::machine_failed),
                "out of memory; smaller ensembles and networks, or fewer --threads, need less", false);
  } catch (const std::system_error& error) {
    const bool threads = error.code() == std::errc::resource_unavailable_try_again;
    return fail(static_cast<int>(ExitStatus::machine_failed),
                threads ? "cannot start a thread; --threads asks for fewer" : error.what(), false);
  } catch (const std::exception& error) {
    return fail(static_cast<int>(ExitStatus::machine_failed), error.what(), false);
  }
}

void Report::begin(const std::string& stage, double total) {
  if (!stages_.insert(stage).second) throw std::logic_error{"stage '" + stage + "' occurs twice"};
  progress_.begin(stage, total);
}

Program::FigureRecord& Report::record_of(const std::string& id) {
  for (Program::FigureRecord& record : program_.figures_)
    if (record.id == id) return record;
  throw std::logic_error{"figure " + id + " was never declared"};
}

void Report::draw(const std::string& id, const Figure& figure) {
  Program::FigureRecord& record = record_of(id);
  if (program_.no_figures_ || staging_.empty()) return;
  stop_if_asked();
  try {
    record.files = fieldbook::draw(figure, id, staging_, program_.formats_);
  } catch (const MachineFailure&) {
    stop_if_asked();  // Ctrl-C also reaches gnuplot: then the interruption is the cause
    throw;
  }
}

}  // namespace fieldbook
