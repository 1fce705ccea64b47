#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "agent/doctor/finding.h"
#include "core/file_descriptor.h"
#include "core/time.h"

namespace fleet_edge::agent::doctor {

/// How TLS is configured, for Kafka and MQTT alike. A value; its secrets are never shown.
struct TlsSetup {
  std::string host{};  ///< whose certificate it has to be
  bool checks_certificate = true;
  bool checks_host = true;
  std::string ca_file{};  ///< PEM file or folder; empty with ca_pem: the system's
  std::string ca_pem{};
  std::string certificate_file{};  ///< ours; empty with certificate_pem: none
  std::string certificate_pem{};
  std::string key_file{};
  std::string key_pem{};
  std::string key_password{};
  // What to name in a mend: `ssl.ca.location`, `tls.ca`.
  std::string ca_key{};
  std::string certificate_key{};
  std::string password_key{};
  std::string security_key{};
};

/// What a handshake came to. A value.
struct TlsFacts {
  enum class Outcome : std::uint8_t {
    kDone,
    kBadFile,       ///< a file of ours can't be used
    kBadAuthority,  ///< the file of those whom we trust can't be used
    kKeyLocked,     ///< our key is encrypted, and the password is not its own
    kKeyMismatch,   ///< our certificate and key don't belong together
    kNotTls,        ///< the server speaks something else
    kNoAnswer,      ///< … or nothing
    kUntrusted,
    kExpired,
    kNotYetValid,
    kWrongHost,
    kOursRefused,  ///< our certificate, or that we have none
    kFailed,
  };

  Outcome outcome = Outcome::kFailed;
  std::string detail{};              ///< OpenSSL's word, or the file
  std::string names{};               ///< that the server's certificate is for
  std::string issuer{};              ///< who signed it
  std::optional<UtcTime> expires{};  ///< the server's certificate
  std::optional<UtcTime> ours_expires{};
};

/// Shakes hands on a connected socket and says goodbye; nothing else is sent.
TlsFacts ShakeHands(const FileDescriptor& socket, const TlsSetup& setup, Duration limit);

/// What they mean at `now`, to a server called `subject`.
std::vector<Finding> JudgeTls(const TlsFacts& facts, const TlsSetup& setup,
                              const std::string& subject, UtcTime now);

}  // namespace fleet_edge::agent::doctor
