#include <grp.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <vector>

#include "agent/cli/commands.h"
#include "agent/cli/terminal.h"
#include "agent/config/config_file.h"
#include "agent/outbox/outbox_view.h"
#include "agent/status/status_answer.h"
#include "agent/status/status_text.h"
#include "agent/text/json.h"
#include "core/diagnostic.h"
#include "uplink/directory_lock.h"
#include "uplink/outbox_reader.h"

namespace fleet_edge::agent {
namespace {

/// Which agent is asked.
struct Target {
  std::string directory;  // of its outbox
  std::string broken;     // why its configuration would not run; empty: nobody knows better
  std::string unknown;    // what of it can't be known here; empty: nothing
};

/// What is wrong with a configuration is told only where no agent runs: one that runs took it.
Target TargetOf(const StatusArguments& arguments) {
  if (!arguments.directory.empty())
    return {.directory = arguments.directory, .broken = {}, .unknown = {}};
  const std::string path = arguments.config.empty() ? kInstalledConfig : arguments.config;
  const LoadedConfig loaded = LoadConfig(path, Purpose::kLook);
  Target target{.directory = loaded.config.outbox.directory, .broken = {}, .unknown = {}};
  if (HasErrors(loaded.findings)) {
    target.broken = "the configuration has mistakes: run `fleet-edge check -c " + path + "`";
  }
  for (const Diagnostic& one : loaded.source.Unknown()) target.unknown += "; " + one.what;
  return target;
}

/// Why this user may not ask, and what to do about it; empty when that is not the matter.
std::string WhyNotAllowed(const std::string& directory) {
  if (access(directory.c_str(), X_OK) == 0 || errno != EACCES) return {};
  struct stat info{};
  if (stat(directory.c_str(), &info) != 0) {
    return directory + " may not be entered by this user: run it with sudo";
  }
  const group* const owner = getgrgid(info.st_gid);
  const std::string name = owner == nullptr ? std::to_string(info.st_gid) : owner->gr_name;
  return directory + " may be entered by the group " + name +
         " alone: run it with sudo, or join the group: sudo adduser $USER " + name;
}

/// Whether nobody can write there: an agent that runs has no socket then.
bool IsReadOnly(const std::string& directory) {
  struct statvfs disk{};
  return statvfs(directory.c_str(), &disk) == 0 && (disk.f_flag & ST_RDONLY) != 0;
}

/// What is to be known of an agent that does not answer.
struct Absence {
  std::string head = "NOT RUNNING";
  std::string what;
  std::string mend;
  std::string outbox;  // what it holds, as Text() or Json() has it; empty: can't be read
};

Absence LookFor(const Target& target, const std::string& why, bool json) {
  if (const std::string refused = WhyNotAllowed(target.directory); !refused.empty()) {
    return {.head = "NO ANSWER", .what = "the agent can't be asked", .mend = refused, .outbox = {}};
  }
  if (IsReadOnly(target.directory)) {
    return {.head = "NO ANSWER",
            .what = "the disk of " + target.directory +
                    " is mounted read-only: an agent that started on it can't be asked",
            .mend =
                "mount it writable (`mount -o remount,rw`; `dmesg` tells of errors); until "
                "then `journalctl -u fleet-edge` and the status page tell what runs",
            .outbox = {}};
  }
  std::error_code unknown;
  const std::string database = target.directory + "/outbox.db";
  if (!std::filesystem::exists(database, unknown) &&
      !std::filesystem::exists(database + ".salvaged", unknown)) {
    return {.what = "no agent runs, nor has one before: there is no outbox in " + target.directory,
            .mend = (target.broken.empty() ? "" : target.broken + ", then ") +
                    "`sudo systemctl start fleet-edge`; another outbox is named by --dir or -c",
            .outbox = {}};
  }
  if (const auto holder = uplink::DirectoryLock::HolderOf(target.directory)) {
    return {.head = "NO ANSWER",
            .what = "fleet-edge (pid " + *holder + ") holds the outbox and doesn't answer: " + why,
            .mend =
                "ask again in a minute: it may be busy with its start; if it hangs, `sudo "
                "systemctl restart fleet-edge`, or end that process where it is not the service's",
            .outbox = {}};
  }
  auto reader = uplink::OutboxReader::Open(target.directory);
  if (!reader) {
    const std::string& message = reader.error().message;
    return {.what = "no agent answers: " + why + "; " + message,
            .mend =
                "see that --dir or -c names the outbox's folder; `systemctl status fleet-edge` "
                "tells whether it runs",
            .outbox = {}};
  }
  const OutboxView view = ReadOutboxView(target.directory, {}, **reader);
  const std::string start =
      "`sudo systemctl start fleet-edge`; why it stopped: `journalctl -u fleet-edge -n 50`";
  return {.what = "no agent runs on " + target.directory + target.unknown,
          .mend = target.broken.empty() ? start : target.broken + ", then " + start,
          .outbox = json ? Json(view) : Text(view)};
}

std::string TextOf(const Absence& absence) {
  std::string text = absence.head + "  " + absence.what + "\n  mend: " + absence.mend + "\n";
  if (!absence.outbox.empty()) text += "\n" + absence.outbox;
  return text;
}

std::string JsonOf(const Absence& absence) {
  JsonObject problem;
  problem.Add("id", "agent_not_running")
      .Add("severity", "critical")
      .Add("what", absence.what)
      .Add("mend", absence.mend);
  JsonObject health;
  health.Add("status", "down").Add("problems", std::vector<JsonObject>{problem});
  JsonObject json;
  json.Add("health", health);
  std::string text = json.Text();
  if (!absence.outbox.empty()) {
    text.pop_back();
    text += ",\"outbox\":" + absence.outbox.substr(0, absence.outbox.size() - 1) + "}";
  }
  return text + "\n";
}

ScreenStyle StyleOf(int terminal) {
  ScreenStyle style;
  if (isatty(terminal) != 1) return style;
  style.color = WantsColor(terminal);
  winsize size{};
  // NOLINTNEXTLINE(misc-include-cleaner): sys/ioctl.h has it from the kernel's own
  if (ioctl(terminal, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    style.columns = std::clamp(static_cast<std::size_t>(size.ws_col), ScreenStyle::kMinColumns,
                               ScreenStyle::kMaxColumns);
  }
  return style;
}

int ExitCodeOf(std::string_view status) {
  if (status == "critical") return kExitCritical;
  return status == "warning" ? kExitFailure : kExitOk;
}

/// A screen or an object, and the exit code that goes with it.
struct Shown {
  std::string text;
  int code = kExitOk;
};

Shown Look(const Target& target, const StatusQuestion& question) {
  const auto answer = AskStatus(target.directory, question);
  if (answer) return {.text = answer->text, .code = ExitCodeOf(answer->status)};
  const Absence absence = LookFor(target, answer.error().message, question.json);
  return {.text = question.json ? JsonOf(absence) : TextOf(absence), .code = kExitNotRunning};
}

/// Draws over what was there, line by line, so that nothing flickers.
void Redraw(const std::string& text) {
  std::string frame = "\x1b[H";
  for (const char c : text) frame += c == '\n' ? std::string("\x1b[K\n") : std::string(1, c);
  std::fputs((frame + "\x1b[J").c_str(), stdout);
}

int Watch(const Target& target, const StatusQuestion& question) {
  const bool terminal = isatty(STDOUT_FILENO) == 1;
  while (true) {
    const Shown shown = Look(target, question);
    if (terminal) {
      Redraw(shown.text);
    } else {
      std::fputs((shown.text + "\n").c_str(), stdout);
    }
    // Nobody reads any more.
    if (std::fflush(stdout) != 0) return shown.code;
    std::this_thread::sleep_for(std::chrono::seconds{1});
  }
}

}  // namespace

int Status(const StatusArguments& arguments) {
  const Target target = TargetOf(arguments);
  const StatusQuestion question{.json = arguments.json, .screen = StyleOf(STDOUT_FILENO)};
  if (arguments.watch) return Watch(target, question);
  const Shown shown = Look(target, question);
  std::fputs(shown.text.c_str(), stdout);
  return shown.code;
}

}  // namespace fleet_edge::agent
