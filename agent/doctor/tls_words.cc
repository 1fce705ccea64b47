// What a handshake's outcome means; tls.cc makes it.

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/doctor/finding.h"
#include "agent/doctor/tls.h"
#include "core/time.h"

namespace fleet_edge::agent::doctor {
namespace {

using Outcome = TlsFacts::Outcome;

constexpr Duration kSoon = std::chrono::days{30};  // as agent/health/health.h's certificate_expires

std::string Show(UtcTime time) { return ToString(std::chrono::floor<std::chrono::seconds>(time)); }

std::string ToFile(const std::string& key, const std::string& file) {
  return key + (file.empty() ? "" : " (" + file + ")");
}

/// What is wrong with the files that the configuration names: id, what, mend. Nothing of any other
/// outcome.
std::optional<Finding> JudgeOurFiles(const TlsFacts& facts, const TlsSetup& setup) {
  switch (facts.outcome) {
    case Outcome::kBadFile:
      return Finding{.id = "key_mismatch",
                     .what = "a file of ours can't be used: " + facts.detail,
                     .mend = "Check that it is there, is PEM, and may be read"};
    case Outcome::kBadAuthority:
      return Finding{
          .id = "ca_unusable",
          .what = "the authorities that we trust can't be read: " + facts.detail,
          .mend = "Set " + ToFile(setup.ca_key, setup.ca_file) +
                  " to a PEM file; of one in DER `openssl x509 -inform der -in … -out ca.pem` "
                  "makes it"};
    case Outcome::kKeyLocked:
      return Finding{
          .id = "key_mismatch",
          .what = "our key is encrypted, and " +
                  std::string(setup.key_password.empty() ? "no password is configured"
                                                         : "the password is not its own") +
                  ": " + facts.detail,
          .mend = "Set " + setup.password_key + " to the key's password"};
    case Outcome::kKeyMismatch:
      return Finding{
          .id = "key_mismatch",
          .what = "our certificate and key don't belong together: " + facts.detail,
          .mend = "Set " + setup.certificate_key + " and its key to the two of one pair"};
    default:
      return std::nullopt;
  }
}

/// What is wrong with an outcome other than kDone: id, what, mend.
Finding Judge(const TlsFacts& facts, const TlsSetup& setup, UtcTime now) {
  if (auto ours = JudgeOurFiles(facts, setup)) return *std::move(ours);
  const std::string until = facts.expires ? Show(*facts.expires) : "an unknown time";
  switch (facts.outcome) {
    case Outcome::kNotTls:
      return {.id = "not_tls",
              .what = "the port answers, but not in TLS: " + facts.detail,
              .mend = "Take the server's TLS port, or set " + setup.security_key +
                      " to what this port speaks"};
    case Outcome::kNoAnswer:
      return {.id = "not_tls",
              .what = "the port takes connections and doesn't answer in TLS",
              .mend = "Take the server's TLS port; if it is, a firewall on the way holds it back"};
    case Outcome::kUntrusted:
      return {.id = "certificate_untrusted",
              .what = "its certificate is signed by one whom we don't trust, " + facts.issuer +
                      ": " + facts.detail,
              .mend = "Set " + ToFile(setup.ca_key, setup.ca_file) +
                      " to the PEM file of the server's authority"};
    case Outcome::kExpired:
      return {.id = "certificate_expires",
              .what = "its certificate expired at " + until + ", it is " + Show(now),
              .mend = "Have the server's certificate renewed, if this box's clock is right"};
    case Outcome::kNotYetValid:
      return {.id = "clock_not_set",
              .what = "its certificate is not valid yet, it is " + Show(now),
              .mend = "Set this box's clock: `timedatectl`"};
    case Outcome::kWrongHost:
      return {.id = "certificate_wrong_name",
              .what = "its certificate is for " + facts.names + ", not for " + setup.host,
              .mend = "Write one of these names as the server's, or have a certificate made for " +
                      setup.host};
    case Outcome::kOursRefused:
      return {.id = "certificate_refused",
              .what = "it refuses us in the handshake: " + facts.detail,
              .mend = setup.certificate_file.empty() && setup.certificate_pem.empty()
                          ? "It wants a certificate of ours: set " + setup.certificate_key +
                                " and its key"
                          : "Have " + ToFile(setup.certificate_key, setup.certificate_file) +
                                " renewed by an authority that the server trusts"};
    default:
      break;
  }
  return {.id = "certificate_refused",
          .what = "the handshake fails: " + facts.detail,
          .mend = "Look into the server's log: it knows more"};
}

}  // namespace

std::vector<Finding> JudgeTls(const TlsFacts& facts, const TlsSetup& setup,
                              const std::string& subject, UtcTime now) {
  std::vector<Finding> findings;
  if (facts.outcome != Outcome::kDone) {
    Finding finding = Judge(facts, setup, now);
    finding.check = "tls";
    finding.subject = subject;
    finding.verdict = Verdict::kError;
    findings.push_back(std::move(finding));
  }
  const auto expiring = [&](UtcTime expires, const std::string& whose, const std::string& mend) {
    const bool over = expires <= now;
    findings.push_back({.check = "tls",
                        .subject = subject,
                        .verdict = over ? Verdict::kError : Verdict::kWarning,
                        .id = "certificate_expires",
                        .what = whose + (over ? " expired at " : " expires at ") + Show(expires),
                        .mend = mend});
  };
  if (facts.outcome == Outcome::kDone && facts.expires && *facts.expires - now < kSoon) {
    expiring(*facts.expires, "the server's certificate", "Have it renewed");
  }
  if (facts.ours_expires && *facts.ours_expires - now < kSoon) {
    expiring(*facts.ours_expires, "our certificate " + setup.certificate_file,
             "Have it renewed and put in its place");
  }
  if (findings.empty()) {
    findings.push_back(Well("tls", subject,
                            setup.checks_certificate
                                ? "the certificate is good until " +
                                      (facts.expires ? Show(*facts.expires) : std::string("ever"))
                                : "encrypted; the certificate is not checked, as configured"));
  }
  return findings;
}

}  // namespace fleet_edge::agent::doctor
