#include "agent/health/certificate.h"

#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/types.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "agent/config/config.h"
#include "agent/health/agent_view.h"
#include "core/time.h"
#include "core/yaml.h"
#include "drivers/table.h"
#include "uplink/kafka_properties.h"

namespace fleet_edge::agent {
namespace {

using Holds = CertificateFile::Holds;

constexpr std::size_t kMaxSize = 1 << 20;

/// Nothing when it is not there, or longer than kMaxSize; errno says why then.
std::optional<std::string> ReadSome(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "re"),
                                                             &std::fclose);
  if (!file) return std::nullopt;
  std::string text(kMaxSize + 1, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file.get()));
  if (text.size() <= kMaxSize) return text;
  errno = EFBIG;
  return std::nullopt;
}

std::optional<UtcTime> ExpiryOf(const X509* certificate) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &parts) != 1) return std::nullopt;
  return TimeOf(parts);
}

/// Of all certificates in `pem`; nothing when there is none.
std::optional<UtcTime> ExpiryOf(std::string& pem, Holds holds) {
  const std::unique_ptr<BIO, int (*)(BIO*)> bio(
      BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
  std::optional<UtcTime> expiry;
  while (bio) {
    const std::unique_ptr<X509, void (*)(X509*)> certificate(
        PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr), &X509_free);
    if (!certificate) break;
    const auto own = ExpiryOf(certificate.get());
    if (!own) continue;
    const bool counts = !expiry || (holds == Holds::kChain ? *own < *expiry : *own > *expiry);
    if (counts) expiry = own;
  }
  return expiry;
}

class Files {
 public:
  void Add(const std::string& path, std::string use, Holds holds) {
    // librdkafka also takes `probe` and folders.
    if (path.empty() || path == "probe" || std::filesystem::is_directory(path, ignored_)) return;
    if (std::ranges::find(files_, path, &CertificateFile::path) != files_.end()) return;
    files_.push_back({path, std::move(use), holds});
  }

  /// What the hub's property `location` names, and what `text` is itself.
  void AddHub(const uplink::KafkaProperties& kafka, const std::string& location,
              const std::string& text, const char* use, Holds holds) {
    if (const auto at = kafka.find(location); at != kafka.end()) Add(at->second, use, holds);
    const auto pem = kafka.find(text);
    if (pem != kafka.end() && !pem->second.empty())
      files_.push_back({text, use, holds, pem->second});
  }

  std::vector<CertificateFile> Take() { return std::move(files_); }

 private:
  std::vector<CertificateFile> files_;
  std::error_code ignored_;
};

std::string TextAt(const YamlNode* node, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    if (node != nullptr) node = node->Find(key);
  }
  return node == nullptr ? std::string() : node->text;
}

}  // namespace

std::vector<CertificateFile> CertificatesOf(const Config& config) {
  Files files;
  const auto& kafka = config.uplink.kafka;
  files.AddHub(kafka, "ssl.ca.location", "ssl.ca.pem", "the hub's authority", Holds::kAuthorities);
  files.AddHub(kafka, "ssl.certificate.location", "ssl.certificate.pem", "this vehicle at the hub",
               Holds::kChain);
  if (const auto& mqtt = config.notify.driver.mqtt) {
    files.Add(mqtt->options.tls.ca, "the display's authority", Holds::kAuthorities);
    files.Add(mqtt->options.tls.certificate, "the display", Holds::kChain);
  }
  if (const auto& mqtt = config.rule_delivery.mqtt) {
    files.Add(mqtt->options.tls.ca, "the authority of the rules' broker", Holds::kAuthorities);
    files.Add(mqtt->options.tls.certificate, "the delivery of rules", Holds::kChain);
  }
  for (const YamlNode& item : config.drivers) {
    const YamlNode* const options = item.Find(drivers::KindOf(item));
    files.Add(TextAt(options, {"tls", "ca"}), "a driver's authority", Holds::kAuthorities);
    files.Add(TextAt(options, {"tls", "certificate"}), "a driver", Holds::kChain);
  }
  return files.Take();
}

CertificateView ReadCertificate(const CertificateFile& file) {
  CertificateView view{.path = file.path, .use = file.use};
  std::optional<std::string> pem = file.pem.empty() ? ReadSome(file.path) : file.pem;
  if (!pem) {
    view.error = std::strerror(errno);
    return view;
  }
  view.expires = ExpiryOf(*pem, file.holds);
  if (!view.expires) view.error = "there is no certificate in it";
  return view;
}

UtcTime TimeOf(const std::tm& date) {
  const std::chrono::sys_days day =
      std::chrono::year{date.tm_year + 1900} / (date.tm_mon + 1) / date.tm_mday;
  return day + std::chrono::hours{date.tm_hour} + std::chrono::minutes{date.tm_min} +
         std::chrono::seconds{date.tm_sec};
}

}  // namespace fleet_edge::agent
