#pragma once

#include <cstdint>
#include <ctime>
#include <string>
#include <vector>

#include "agent/config/config.h"
#include "agent/health/agent_view.h"
#include "core/time.h"

namespace fleet_edge::agent {

/// Certificates that the agent's connections use: a PEM file, or the text in the configuration. A
/// value.
struct CertificateFile {
  enum class Holds : std::uint8_t {
    kChain,        ///< expires with the first of its certificates
    kAuthorities,  ///< old and new ones side by side: expires with the last
  };

  std::string path;  ///< or the key that has the text
  std::string use;   ///< as of CertificateView
  Holds holds = Holds::kChain;
  std::string pem{};  ///< the text, where the configuration has it
};

/// Those that the configuration names: the hub's, the display's and the MQTT drivers'. Each once;
/// those that the system brings along are not among them.
std::vector<CertificateFile> CertificatesOf(const Config& config);

/// Reads `file`, a MiB of one on disk at most; what can't be read is told in
/// CertificateView::error.
CertificateView ReadCertificate(const CertificateFile& file);

/// What a certificate's date says, in any year: authorities last into the 2040s, and timegm ends in
/// January 2038 where time has 32 bits.
UtcTime TimeOf(const std::tm& date);

}  // namespace fleet_edge::agent
