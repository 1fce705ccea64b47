#include "agent/cli/cli.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>

#include "agent/cli/cli_config.h"
#include "agent/cli/cli_doctor.h"
#include "agent/cli/command_words.h"
#include "agent/cli/commands.h"
#include "agent/cli/config_option.h"
#include "core/time.h"
#include "core/version.h"

namespace fleet_edge::agent {
namespace {

constexpr const char* kAbout =
    "Reads a vehicle's sensors, warns its driver by rules, and delivers every reading to a "
    "Kafka-compatible hub.";
constexpr const char* kExitCodes =
    "Exit codes: 0 done, 1 failed, 2 wrong command line, 78 wrong configuration (run). status and "
    "doctor have more.";

constexpr const char* kRunHelp = R"(What it says goes to stderr, as journald likes it under systemd.
SIGTERM and SIGINT stop it: what was accepted is sent or on disk when it ends.
Rule files that change are read anew within seconds, at SIGHUP at once: all of them apply, or the old ones go on.

Example:
  fleet-edge run -c /etc/fleet-edge/fleet-edge.yaml

Exit codes: 0 stopped, 1 failed, 2 wrong command line, 78 wrong configuration.)";

constexpr const char* kCheckHelp =
    R"(Prints all findings at once, `file:line:column: error: what. mend`, then a count.
Warnings alone don't fail. A configuration is checked with the rules that it names.

Examples:
  fleet-edge check
  fleet-edge check -c my/fleet-edge.yaml
  fleet-edge check --rules rules/*.yaml

Exit codes: 0 no errors, 1 errors, 2 wrong command line.)";

constexpr const char* kCheckHint =
    "Rules are checked with `fleet-edge check --rules FILE`, a configuration with `fleet-edge "
    "check "
    "-c FILE`, tests are run with `fleet-edge test FILE`.\n";

constexpr const char* kReplayHelp =
    R"(Recordings are CSV (header `time` and signal names), NMEA 0183 logs, GENIVI logs or a CAN bus's (candump, ASC); several play side by side.
Time is the recordings' own. Each change of an alert's state is a line on stdout; the summary is on stderr.
With --json a line is an object: time, alert, state, labels, value.
--series prints what an expression is at each instant, so that a threshold can be chosen by looking at data;
with --json: time, series, labels, value.

Examples:
  fleet-edge replay drive.csv --rules rules/overspeed.yaml
  fleet-edge replay drive.csv --series 'avg_over_time(engine_coolant_celsius[10s])' --step 10s
  fleet-edge replay morning.csv position.nmea --rules 'rules/*.yaml' --json
  fleet-edge replay raw.csv --config fleet-edge.yaml    (columns by the drivers' `replay` item, rules by `rules`)

Exit codes: 0 played, 1 a recording or a rule file is unusable, 2 wrong command line.)";

constexpr const char* kTestHelp =
    R"(Test files are promtool's, and ours on top (fleet-edge-tests(5)). Rule files and recordings are found from
the test file's folder. A line a test; for each failure what was expected (-) and what came (+).
With --json a line is an object: finding, mismatch, test or summary.

Examples:
  fleet-edge test rules/examples/*/tests/*.yaml
  fleet-edge test tests/tanker.yaml --run overheat

Exit codes: 0 all passed, 1 a test failed or a file is unusable, 2 wrong command line.)";

constexpr const char* kOutboxHelp =
    R"(Looks into the outbox, where readings and alerts wait until the hub has them.

Examples:
  fleet-edge outbox status
  fleet-edge outbox export > readings.ndjson
  fleet-edge outbox verify --dir /media/card/fleet-edge --json

Exit codes: 0 done, 1 something is damaged or can't be read, 2 wrong command line.)";

constexpr const char* kOutboxStatusHelp =
    R"(What waits, how old it is, what it takes of the quota, when it will be gone. A running agent is asked; the
database of a stopped one is read. With --json: one object, its keys in fleet-edge-outbox(5).)";

constexpr const char* kOutboxExportHelp =
    R"(Writes what waits to stdout, for a box whose link never comes back: a JSON object for each reading, alert and
status event; with --wire the Kafka records themselves, as length-delimited fleet.v1.ExportedRecord. They stay
in the outbox: the agent still sends them, under the same numbers. A running agent commits what it has in
memory and is asked; the database of a stopped one is read.)";

constexpr const char* kOutboxVerifyHelp =
    R"(Reads every batch on disk and checks it against its crc; a stopped agent's also against the outbox's books.
With --json: an object for each damaged batch, then a summary.)";

constexpr const char* kStatusHelp =
    R"(Asks the running agent: what is wrong and how to mend it first, then drivers, alerts, rules, outbox, hub and
clock. The agent is found by its outbox's folder, which the configuration names.
With --json: one object, its keys in fleet-edge-status(5).

Examples:
  fleet-edge status
  fleet-edge status --watch
  fleet-edge status --dir /var/lib/fleet-edge --json

Exit codes: 0 nothing is wrong, 1 warnings, 2 wrong command line, 3 critical: something is not done,
4 no agent runs or answers.)";

class CommandLine {
 public:
  CommandLine() {
    app_.footer(kExitCodes);
    app_.set_help_flag("-h,--help", "This text");
    app_.set_version_flag("--version", "fleet-edge " + std::string(kVersion), "The version");
    app_.require_subcommand(1);
    AddRun();
    AddCheck();
    AddReplay();
    AddTest();
    AddDoctorCommands(app_, command_);
    AddOutbox();
    AddStatus();
    AddConfigCommands(app_, command_);
    Add("version", "Prints the version.", "", [] { return Version(); });
    Add("reference", "Prints the configuration's reference.", "", [] {
      return Reference();
    })->group("");
  }

  int Run(int argc, char** argv) {
    if (const std::string wrong = WrongCommand(app_, {argv + 1, argv + argc}); !wrong.empty()) {
      std::fputs(wrong.c_str(), stderr);
      return kExitUsage;
    }
    try {
      app_.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      if (app_.exit(error) == 0) return kExitOk;
      if (app_.got_subcommand("check") && !app_.get_subcommand("check")->remaining().empty()) {
        std::fputs(kCheckHint, stderr);
      }
      return kExitUsage;
    }
    return command_();
  }

 private:
  CLI::App* Add(const char* name, const char* what, const char* help,
                std::function<int()> command) {
    CLI::App* const sub = app_.add_subcommand(name, what);
    sub->footer(help);
    sub->callback([this, command = std::move(command)] { command_ = command; });
    return sub;
  }

  void AddRun() {
    CLI::App* const sub = Add("run", "Runs the agent until it is told to stop.", kRunHelp,
                              [this] { return agent::Run(run_); });
    sub->add_option("-c,--config", run_.config, "The configuration")->required()->type_name("FILE");
  }

  void AddCheck() {
    CLI::App* const sub = Add("check", "Checks a configuration or rule files.", kCheckHelp, [this] {
      if (check_.config.empty() && check_.rules.empty()) check_.config = kInstalledConfig;
      return Check(check_);
    });
    CLI::Option* const config = AddConfigOption(*sub, check_.config);
    sub->add_option("--rules", check_.rules, "Rule files, or patterns in quotes")
        ->type_name("FILE")
        ->excludes(config);
  }

  void AddReplay() {
    CLI::App* const sub = Add("replay", "Plays recordings through the rules.", kReplayHelp, [this] {
      if (!replay_.rules.empty() || !replay_.config.empty() || !replay_.series.empty()) {
        return Replay(replay_);
      }
      std::fputs("fleet-edge replay: for what? Name --rules, -c or --series\n", stderr);
      return static_cast<int>(kExitUsage);
    });
    sub->add_option("recordings", replay_.recordings, "Recordings")
        ->required()
        ->type_name("RECORDING");
    sub->add_option("--rules", replay_.rules, "Rule files, or patterns in quotes")
        ->type_name("FILE");
    sub->add_option("-c,--config", replay_.config,
                    "Configuration for columns, vehicle labels and, without --rules, rules")
        ->type_name("FILE");
    sub->add_option("--series", replay_.series, "PromQL: print what it is at each instant")
        ->type_name("EXPR");
    sub->add_option("--step", step_, "Between the instants of --series; default 1s")
        ->type_name("DURATION")
        ->transform(CLI::Validator(
            [this](const std::string& text) {
              const auto step = ParseDuration(text);
              if (!step || *step <= Duration{0}) return std::string("write a duration like 10s");
              replay_.step = *step;
              return std::string();
            },
            ""));
    sub->add_flag("--json", replay_.json, "A JSON object a line");
    sub->add_option("--speed", replay_.speed,
                    "Times the recording's pace; default: as fast as possible")
        ->check(CLI::PositiveNumber)
        ->type_name("X");
  }

  void AddTest() {
    CLI::App* const sub =
        Add("test", "Runs unit tests of rules.", kTestHelp, [this] { return Test(test_); });
    sub->add_option("files", test_.files, "Test files")->required()->type_name("FILE");
    sub->add_option("--run", test_.run, "Only tests whose name matches, in part or in whole")
        ->type_name("REGEX");
    sub->add_flag("--json", test_.json, "A JSON object a line");
    sub->add_option("--color", test_.color, "auto (on a terminal), always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}))
        ->type_name("WHEN");
  }

  void AddOutbox() {
    CLI::App* const outbox =
        app_.add_subcommand("outbox", "Looks into the outbox: what waits for the hub.");
    outbox->footer(kOutboxHelp);
    outbox->require_subcommand(1);
    using What = OutboxArguments::What;
    AddOutbox(outbox, "status", "What waits, and how long it will take.", kOutboxStatusHelp,
              What::kStatus);
    AddOutbox(outbox, "export", "Writes what waits to stdout.", kOutboxExportHelp, What::kExport)
        ->add_flag("--wire", outbox_.wire, "Records as the hub would have them, to a file");
    AddOutbox(outbox, "verify", "Checks every batch on disk.", kOutboxVerifyHelp, What::kVerify);
  }

  CLI::App* AddOutbox(CLI::App* outbox, const char* name, const char* what, const char* help,
                      OutboxArguments::What action) {
    CLI::App* const sub = outbox->add_subcommand(name, what);
    sub->footer(help);
    sub->callback([this, action] {
      outbox_.what = action;
      if (outbox_.config.empty() && outbox_.directory.empty()) outbox_.config = kInstalledConfig;
      command_ = [this] { return Outbox(outbox_); };
    });
    AddWhere(*sub, outbox_.config, outbox_.directory);
    if (action != OutboxArguments::What::kExport) {
      sub->add_flag("--json", outbox_.json, "JSON, an object a line");
    }
    return sub;
  }

  /// Which outbox: the configuration's, or one by its folder.
  static void AddWhere(CLI::App& command, std::string& config, std::string& directory) {
    CLI::Option* const by_config = AddConfigOption(command, config);
    command.add_option("--dir", directory, "The outbox's folder, in place of the configuration")
        ->type_name("DIR")
        ->excludes(by_config);
  }

  void AddStatus() {
    CLI::App* const sub =
        Add("status", "Shows how the running agent is, and what is wrong with it.", kStatusHelp,
            [this] { return Status(status_); });
    AddWhere(*sub, status_.config, status_.directory);
    CLI::Option* const json = sub->add_flag("--json", status_.json, "One JSON object");
    sub->add_flag("--watch", status_.watch, "Again each second, until Ctrl-C")->excludes(json);
  }

  CLI::App app_{kAbout, "fleet-edge"};
  RunArguments run_;
  CheckArguments check_;
  ReplayArguments replay_;
  std::string step_;
  TestArguments test_;
  OutboxArguments outbox_;
  StatusArguments status_;
  std::function<int()> command_;
};

}  // namespace

int RunCommandLine(int argc, char** argv) { return CommandLine().Run(argc, argv); }

}  // namespace fleet_edge::agent
