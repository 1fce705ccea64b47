#include "agent/doctor/rights.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "agent/config/config.h"
#include "agent/doctor/account.h"
#include "agent/doctor/finding.h"
#include "core/yaml.h"
#include "drivers/mqtt/mqtt_options.h"

namespace fleet_edge::agent::doctor {
namespace {

namespace fs = std::filesystem;

void AddFile(std::vector<NamedFile>& files, std::string key, const std::string& path, bool secret) {
  if (!path.empty()) files.push_back({.path = path, .key = std::move(key), .secret = secret});
}

void AddMqtt(std::vector<NamedFile>& files, const std::string& where,
             const drivers::MqttOptions& options) {
  AddFile(files, where + ".password_file", options.password_file, true);
  AddFile(files, where + ".tls.ca", options.tls.ca, false);
  AddFile(files, where + ".tls.certificate", options.tls.certificate, false);
  AddFile(files, where + ".tls.key", options.tls.key, true);
  AddFile(files, where + ".tls.password_file", options.tls.password_file, true);
}

/// A driver's own options are its secret; what it names is read from the file as it stands.
void AddDriver(std::vector<NamedFile>& files, const YamlNode& driver) {
  const YamlNode* const mqtt = driver.Find("mqtt");
  if (mqtt == nullptr) return;
  const auto text = [](const YamlNode* node, const char* key) {
    const YamlNode* const value = node == nullptr ? nullptr : node->Find(key);
    return value == nullptr ? std::string() : value->text;
  };
  const YamlNode* const tls = mqtt->Find("tls");
  drivers::MqttOptions options;
  options.password_file = text(mqtt, "password_file");
  options.tls = {.ca = text(tls, "ca"),
                 .certificate = text(tls, "certificate"),
                 .key = text(tls, "key"),
                 .password_file = text(tls, "password_file")};
  AddMqtt(files, "drivers[].mqtt", options);
}

}  // namespace

std::vector<NamedFile> FilesOf(const Config& config) {
  std::vector<NamedFile> files;
  constexpr std::array<std::pair<const char*, bool>, 5> kOfKafka{
      {{"ssl.ca.location", false},
       {"ssl.certificate.location", false},
       {"ssl.key.location", true},
       {"ssl.keystore.location", true},
       {"sasl.kerberos.keytab", true}}};
  for (const auto& [key, secret] : kOfKafka) {
    const auto found = config.uplink.kafka.find(key);
    if (found != config.uplink.kafka.end()) {
      AddFile(files, std::string("uplink.kafka.") + key, found->second, secret);
    }
  }
  for (const YamlNode& driver : config.drivers) AddDriver(files, driver);
  if (const auto& mqtt = config.notify.driver.mqtt) {
    AddMqtt(files, "notify.driver.mqtt", mqtt->options);
  }
  if (const auto& mqtt = config.rule_delivery.mqtt) {
    AddMqtt(files, "rule_delivery.mqtt", mqtt->options);
  }
  return files;
}

FileFacts ProbeFile(const NamedFile& file, const Account& account) {
  FileFacts facts{.file = file,
                  .account = account.name,
                  .group = GroupOf(file.path),
                  .access = AccessAs(account, file.path, R_OK)};
  if (facts.access != 0) facts.let_read = LetRead(account, file.path);
  struct stat status{};
  facts.is_public = ::stat(file.path.c_str(), &status) == 0 && (status.st_mode & S_IROTH) != 0;
  return facts;
}

Finding JudgeFile(const FileFacts& facts) {
  const std::string& path = facts.file.path;
  Finding finding{.check = "rights",
                  .subject = path,
                  .verdict = Verdict::kError,
                  .id = "not_permitted",
                  .what = facts.account + " can't read it (" + facts.file.key +
                          "): " + std::strerror(facts.access)};
  if (facts.access == ENOENT) {
    finding.mend = "Put it there, or name another in " + facts.file.key;
    return finding;
  }
  if (facts.access != 0) {
    finding.mend = facts.let_read;
    return finding;
  }
  if (facts.file.secret && facts.is_public) {
    finding.verdict = Verdict::kWarning;
    finding.id = "secret_exposed";
    finding.what = "everyone on this machine can read this secret (" + facts.file.key + ")";
    finding.mend = "`chgrp " + facts.account + " " + path + " && chmod 640 " + path + "`";
    return finding;
  }
  return Well("rights", path, "can be read by " + facts.account);
}

Finding ExamineOutboxRights(const std::string& directory, const Account& account) {
  std::error_code ignored;
  fs::path there = fs::absolute(directory, ignored).lexically_normal();
  const bool exists = fs::exists(there, ignored);
  while (!fs::exists(there, ignored) && there.has_relative_path()) there = there.parent_path();
  if (exists && !fs::is_directory(there, ignored)) {
    return Skipped("rights", directory, "because it is no directory");
  }
  int access = AccessAs(account, there.string(), W_OK | X_OK);
  // Of a directory that may be written the files may still be another user's.
  std::string place = there.string();
  for (const char* const name : {"outbox.lock", "outbox.db"}) {
    const std::string file = directory + "/" + name;
    if (access != 0 || !exists || !fs::exists(file, ignored)) continue;
    access = AccessAs(account, file, R_OK | W_OK);
    if (access != 0) place = file;
  }
  if (access == 0 || access == EROFS) {  // a read-only disk is the disk's check
    return Well("rights", directory, account.name + (exists ? " may write it" : " may make it"));
  }
  return {.check = "rights",
          .subject = directory,
          .verdict = Verdict::kError,
          .id = "not_permitted",
          .what = account.name + " can't write " + place + ": " + std::strerror(access),
          .mend = "`chown -R " + account.name + " " + directory +
                  "`, or set outbox.directory to one of its own"};
}

}  // namespace fleet_edge::agent::doctor
