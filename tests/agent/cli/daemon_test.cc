// The daemon as a whole, as init sees it: what it does at start, SIGHUP and SIGTERM. Neither hub
// nor broker is there.
#include <doctest/doctest.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): SIGHUP is POSIX

#include <chrono>
#include <string>

#include "agent/http/http_server.h"
#include "core/clock.h"
#include "tests/agent/process.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::agent {
namespace {

constexpr const char* kRules =
    "groups:\n- name: a\n  rules:\n  - {alert: X, expr: engine_rpm > 9000}\n";

/// A configuration whose hub and broker nobody listens for, and whose recording plays as fast as it
/// can.
std::string WriteConfig(const TempFolder& folder, const std::string& listen = "") {
  folder.Write("rules.yaml", kRules);
  std::string drive = "time,engine_rpm\n";
  for (int second = 0; second < 1000; ++second) drive += std::to_string(second) + ",800\n";
  const std::string recording = folder.Write("drive.csv", drive);
  return folder.Write(
      "edge.yaml",
      "vehicle: {id: tanker-1}\ndrivers:\n  - replay: {speed: max, path: " + recording +
          "}\nrules: [rules.yaml]\n"
          "notify: {driver: {mqtt: {broker: mqtt://127.0.0.1:1}}}\n"
          "outbox: {directory: " +
          folder.Path("outbox") + "}\nstatus: {file: " + folder.Path("status.json") +
          "}\nhttp: {listen: \"" + listen +
          "\"}\nuplink: {kafka: {bootstrap.servers: 127.0.0.1:1}}\n");
}

}  // namespace

TEST_CASE(
    "run: SIGTERM stops it within two seconds, and what was accepted is kept for the next start") {
  const TempFolder folder;
  const std::string config = WriteConfig(folder);
  std::string kept;
  {
    Process agent({"run", "-c", config});
    REQUIRE(agent.WaitForErr("runs for tanker-1"));
    const auto asked = std::chrono::steady_clock::now();
    agent.Signal(SIGTERM);
    CHECK(agent.Wait() == 0);
    CHECK(std::chrono::steady_clock::now() - asked < std::chrono::seconds{2});
    CAPTURE(agent.err());
    const auto at = agent.err().find("stopped; ");
    REQUIRE(at != std::string::npos);
    kept = agent.err().substr(at + 9, agent.err().find(' ', at + 9) - at - 9);
    const std::string status = folder.Read("status.json");
    CHECK(status.find("\"residual\":0") != std::string::npos);
    CHECK(status.find("\"dropped\":0") != std::string::npos);
  }
  CHECK(std::stoul(kept) >= 2);  // birth and death at least
  Process again({"run", "-c", config});
  CHECK(again.WaitForErr("records in the outbox " + kept));
}

TEST_CASE("run: SIGHUP reads the rules anew, all or none") {
  const TempFolder folder;
  Process agent({"run", "-c", WriteConfig(folder)});
  REQUIRE(agent.WaitForErr("runs for tanker-1"));
  folder.Write("rules.yaml", std::string(kRules) + "  - {alert: Y, expr: engine_rpm > 1}\n");
  agent.Signal(SIGHUP);
  CHECK(agent.WaitForErr("2 rules reloaded"));
  folder.Write("rules.yaml", "groups: 5\n");
  agent.Signal(SIGHUP);
  CHECK(agent.WaitForErr("rules not reloaded: the old ones go on"));
  agent.Signal(SIGINT);
  CHECK(agent.Wait() == 0);
}

TEST_CASE("outbox: a running agent is asked, a stopped one's database is read and checked") {
  const TempFolder folder;
  const std::string config = WriteConfig(folder);
  const auto status = [&](const std::string& flag) {
    Process command({"outbox", "status", "--dir", folder.Path("outbox"), flag});
    CHECK(command.Wait() == 0);
    return command.out();
  };
  {
    Process agent({"run", "-c", config});
    REQUIRE(agent.WaitForErr("hub: not reached"));
    CHECK(status("--json").find(R"("running":true,"hub":"down for )") != std::string::npos);
    Process exported({"outbox", "export", "-c", config});
    CHECK(exported.Wait() == 0);
    CHECK(exported.out().find(R"("topic":"fleet.status.v1")") != std::string::npos);
    Process verify({"outbox", "verify", "-c", config});
    CHECK(verify.Wait() == 0);
    CHECK(verify.out().find("batches sound, 0 damaged") != std::string::npos);
    agent.Signal(SIGTERM);
    CHECK(agent.Wait() == 0);
  }
  CHECK(status("--json").find(R"("running":false)") != std::string::npos);
  Process exported({"outbox", "export", "-c", config});
  CHECK(exported.Wait() == 0);
  CHECK(exported.out().find(R"("signal":"engine_rpm")") != std::string::npos);
  Process verify({"outbox", "verify", "-c", config, "--json"});
  CHECK(verify.Wait() == 0);
  CHECK(verify.out().find(R"({"ok":true,"sound":)") != std::string::npos);
}

TEST_CASE("run: rule files that change are read anew unasked; a bad one is refused once") {
  const TempFolder folder;
  Process agent({"run", "-c", WriteConfig(folder)});
  REQUIRE(agent.WaitForErr("runs for tanker-1"));
  folder.Write("rules.yaml", std::string(kRules) + "  - {alert: Y, expr: engine_rpm > 1}\n");
  REQUIRE(agent.WaitForErr("2 rules reloaded"));
  folder.Write("rules.yaml", "groups: 5\n");
  const std::string refusal = "rules not reloaded: the old ones go on";
  REQUIRE(agent.WaitForErr(refusal));
  folder.Write("rules.yaml", kRules);
  REQUIRE(agent.WaitForErr("1 rules reloaded"));
  agent.Signal(SIGINT);
  CHECK(agent.Wait() == 0);
  CHECK(agent.err().find(refusal) == agent.err().rfind(refusal));
}

TEST_CASE("run: an address of its page that is not to be had yet is taken as soon as it is") {
  const TempFolder folder;
  const SystemClock clock;
  auto other = HttpServer::Open({.listen = "127.0.0.1:0"}, clock);
  REQUIRE(other);
  const std::string address = (*other)->address();
  Process agent({"run", "-c", WriteConfig(folder, address)});
  REQUIRE(agent.WaitForErr("Another program has this port"));
  REQUIRE(agent.WaitForErr("runs for tanker-1"));
  other->reset();
  CHECK(agent.WaitForErr("http://" + address + " shows this agent"));
}

TEST_CASE("run: a second instance on the same outbox refuses and names the first") {
  const TempFolder folder;
  const std::string config = WriteConfig(folder);
  Process first({"run", "-c", config});
  REQUIRE(first.WaitForErr("runs for tanker-1"));
  Process second({"run", "-c", config});
  CHECK(second.Wait() == 1);
  CHECK(second.err().find(folder.Path("outbox")) != std::string::npos);
}

}  // namespace fleet_edge::agent
