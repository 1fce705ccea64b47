#include <signal.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

#include "agent/cli/commands.h"
#include "agent/cli/terminal.h"
#include "agent/doctor/doctor.h"
#include "agent/doctor/finding.h"
#include "agent/doctor/report.h"
#include "core/time.h"

namespace fleet_edge::agent {
namespace {

// What a step may take to end that sees its time over; a disk that hangs never ends.
constexpr std::chrono::seconds kGrace{5};

/// Ends the process when the examination doesn't end: a broken disk can hold a system call for
/// ever.
class Watchdog {
 public:
  Watchdog(Duration patience, doctor::Report& report)
      : thread_([patience, &report](const std::stop_token& stop) {
          std::mutex mutex;  // of the wait alone: nothing is shared
          std::condition_variable_any never;
          std::unique_lock lock(mutex);
          never.wait_for(lock, stop, patience, [] { return false; });
          if (stop.stop_requested()) return;
          report.Tell({.check = "disk",
                       .subject = {},
                       .verdict = doctor::Verdict::kError,
                       .id = "doctor_late",
                       .what = "the step after the last one told doesn't end",
                       .mend = "A disk or a device hangs: look into `dmesg`"});
          std::_Exit(doctor::Tally{.by_verdict = {0, 0, 0, 0, 1}}.exit_code());
        }) {}

 private:
  std::jthread thread_;
};

}  // namespace

int Examine(const DoctorArguments& arguments) {
  // A server that hangs up on us is a finding, not our end.
  ::signal(SIGPIPE, SIG_IGN);
  std::unique_ptr<doctor::Report> report;
  if (arguments.json) {
    report = std::make_unique<doctor::JsonReport>();
  } else {
    report = std::make_unique<doctor::TextReport>(WantsColor(STDOUT_FILENO));
  }
  doctor::Doctor doctor({.config = arguments.config,
                         .sends = arguments.sends,
                         .timeout = arguments.timeout,
                         .user = arguments.user},
                        *report);
  const Watchdog watchdog(arguments.timeout + kGrace, *report);
  return doctor.Examine().exit_code();
}

}  // namespace fleet_edge::agent
