// fleet-hub: a Kafka-compatible broker for a desk.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "core/time.h"
#include "simulators/arguments.h"
#include "simulators/hub.h"
#include "simulators/outage.h"
#include "simulators/stop_signal.h"
#include "simulators/topics.h"

namespace fleet_edge::simulators {
namespace {

constexpr const char* kHelp =
    R"(A Kafka-compatible broker for a desk: for the demo, a first trial, a test. No Kafka is needed.

It prints its address as the first line and runs until SIGTERM or Ctrl-C:
  fleet-hub                                     127.0.0.1:43210
  fleet-hub --address-file /run/hub             for scripts: the file appears when it serves
  fleet-hub --outage 20s@30s --outage 5s@2m     down for 20 s, 30 s after the start, and again

The port is the kernel's choice and stays the same while the hub runs. Everything is kept in memory,
of each partition the newest 5 MiB: let a consumer read while the vehicles send. Any Kafka client
can; kcat -b ADDRESS -L lists the topics.
)";

struct Options {
  std::string address_file;
  std::vector<std::string> topics{kTopics.begin(), kTopics.end()};
  int partitions = 4;
  std::vector<Outage> outages;
};

void Declare(CLI::App& app, Options& options) {
  app.set_help_flag("-h,--help", "This text.");
  app.add_option("--address-file", options.address_file,
                 "Writes the address to this file too, as soon as the hub serves.")
      ->type_name("FILE");
  app.add_option("--topics", options.topics,
                 "Topics made at start; others are made when a client asks for them.")
      ->delimiter(',')
      ->type_name("NAME,…")
      ->allow_extra_args(false)
      ->capture_default_str();
  app.add_option("--partitions", options.partitions, "Partitions of each of these topics.")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  app.add_option_function<std::vector<std::string>>(
         "--outage",
         [&options](const std::vector<std::string>& texts) {
           for (const std::string& text : texts) {
             const std::optional<Outage> outage = ParseOutage(text);
             if (!outage) {
               throw CLI::ValidationError("--outage", "'" + text +
                                                          "' is no outage. Write 20s@30s: down for "
                                                          "20 s, 30 s after the start");
             }
             options.outages.push_back(*outage);
           }
         },
         "Goes down for LENGTH, START after the start. May be repeated.")
      ->type_name("LENGTH@START")
      ->allow_extra_args(false);
}

void WriteAddress(const std::string& path, const std::string& address) {
  // Written beside and renamed: who waits for the file never reads half an address.
  const std::string draft = path + ".new";
  std::ofstream(draft) << address << '\n';
  if (std::rename(draft.c_str(), path.c_str()) != 0) {
    throw std::runtime_error(path + ": can't be written. Name a file in a folder that exists");
  }
}

int Serve(const Options& options, StopSignal& stop) {
  Hub hub(options.topics, options.partitions);
  const auto start = std::chrono::steady_clock::now();
  std::printf("%s\n", hub.address().c_str());
  std::fflush(stdout);
  if (!options.address_file.empty()) WriteAddress(options.address_file, hub.address());

  for (const Outage& outage : Merged(options.outages)) {
    if (stop.WaitUntil(start + outage.begin)) return 0;
    hub.SetDown(true);
    std::fprintf(stderr, "fleet-hub: down for %s\n", ToString(outage.end - outage.begin).c_str());
    if (stop.WaitUntil(start + outage.end)) return 0;
    hub.SetDown(false);
    std::fputs("fleet-hub: up again\n", stderr);
  }
  stop.Wait();
  return 0;
}

int Main(int argc, char** argv) {
  StopSignal stop;
  Options options;
  CLI::App app(kHelp, "fleet-hub");
  Declare(app, options);
  if (const std::optional<int> exit = ReadArguments(app, argc, argv)) return *exit;
  try {
    return Serve(options, stop);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fleet-hub: %s\n", error.what());
    return 1;
  }
}

}  // namespace
}  // namespace fleet_edge::simulators

int main(int argc, char** argv) { return fleet_edge::simulators::Main(argc, argv); }
