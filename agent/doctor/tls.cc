#include "agent/doctor/tls.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/sslerr.h>
#include <openssl/tls1.h>
#include <openssl/types.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <sys/poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agent/doctor/deadline.h"
#include "agent/health/certificate.h"
#include "core/file_descriptor.h"
#include "core/time.h"

namespace fleet_edge::agent::doctor {
namespace {

using Outcome = TlsFacts::Outcome;
using std::chrono::milliseconds;

// With TLS 1.3 a server's no to our certificate comes after the handshake.
constexpr Duration kForAlert = milliseconds{300};

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

/// What a verification finds, all of it: OpenSSL alone would stop at the first.
using Faults = std::vector<int>;

/// The last of OpenSSL's errors, in words.
std::string LastError() {
  const unsigned long code = ERR_peek_last_error();
  const char* const reason = ERR_reason_error_string(code);
  ERR_clear_error();
  return reason == nullptr ? "no reason is given" : reason;
}

UtcTime TimeOf(const ASN1_TIME* time) {
  std::tm date{};
  ASN1_TIME_to_tm(time, &date);
  return agent::TimeOf(date);
}

std::string OneLine(const X509_NAME* name) {
  const Owned<BIO> out(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253);
  char* text = nullptr;
  const long size = BIO_get_mem_data(out.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

std::string NamesOf(X509* certificate) {
  const Owned<GENERAL_NAMES> names(static_cast<GENERAL_NAMES*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
  std::string text;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(names.get(), i);
    std::string one;
    if (name->type == GEN_DNS) {
      one = reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName));
    } else if (name->type == GEN_IPADD) {
      std::array<char, INET6_ADDRSTRLEN> address{};
      const int family = ASN1_STRING_length(name->d.iPAddress) == 4 ? AF_INET : AF_INET6;
      ::inet_ntop(family, ASN1_STRING_get0_data(name->d.iPAddress), address.data(), address.size());
      one = address.data();
    }
    if (!one.empty()) text += (text.empty() ? "" : ", ") + one;
  }
  return text.empty() ? OneLine(X509_get_subject_name(certificate)) : text;
}

/// A key's password, and whether it was wanted.
struct Password {
  const std::string& text;
  bool asked = false;
};

/// Takes the password of a key instead of asking for it on the terminal.
int GivePassword(char* buffer, int size, int /*writes*/, void* given) {
  auto& password = *static_cast<Password*>(given);
  password.asked = true;
  const std::string& text = password.text;
  const std::size_t length = std::min(text.size(), static_cast<std::size_t>(size));
  std::copy_n(text.data(), length, buffer);
  return static_cast<int>(length);
}

bool LoadAuthorities(SSL_CTX* context, const TlsSetup& setup) {
  if (!setup.ca_pem.empty()) {
    const Owned<BIO> in(
        BIO_new_mem_buf(setup.ca_pem.data(), static_cast<int>(setup.ca_pem.size())));
    bool any = false;
    while (const Owned<X509> one{PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)}) {
      any = X509_STORE_add_cert(SSL_CTX_get_cert_store(context), one.get()) == 1;
    }
    return any;
  }
  if (setup.ca_file.empty()) return SSL_CTX_set_default_verify_paths(context) == 1;
  const bool folder = std::filesystem::is_directory(setup.ca_file);
  return SSL_CTX_load_verify_locations(context, folder ? nullptr : setup.ca_file.c_str(),
                                       folder ? setup.ca_file.c_str() : nullptr) == 1;
}

bool LoadCertificate(SSL_CTX* context, const TlsSetup& setup) {
  if (!setup.certificate_pem.empty()) {
    const Owned<BIO> in(BIO_new_mem_buf(setup.certificate_pem.data(),
                                        static_cast<int>(setup.certificate_pem.size())));
    const Owned<X509> one(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
    return one && SSL_CTX_use_certificate(context, one.get()) == 1;
  }
  return setup.certificate_file.empty() ||
         SSL_CTX_use_certificate_chain_file(context, setup.certificate_file.c_str()) == 1;
}

Owned<EVP_PKEY> ReadKey(const TlsSetup& setup, Password& password) {
  Owned<BIO> in(setup.key_pem.empty() ? BIO_new_file(setup.key_file.c_str(), "r")
                                      : BIO_new_mem_buf(setup.key_pem.data(),
                                                        static_cast<int>(setup.key_pem.size())));
  if (!in) return nullptr;
  return Owned<EVP_PKEY>(PEM_read_bio_PrivateKey(in.get(), nullptr, GivePassword, &password));
}

/// False when something of ours can't be used; `facts` say what.
bool LoadOurs(SSL_CTX* context, const TlsSetup& setup, TlsFacts& facts) {
  const auto fail = [&](Outcome outcome, const std::string& what) {
    facts.outcome = outcome;
    facts.detail = what + ": " + LastError();
    return false;
  };
  if (!LoadAuthorities(context, setup)) {
    return fail(Outcome::kBadAuthority, setup.ca_file.empty() ? setup.ca_key : setup.ca_file);
  }
  if (!LoadCertificate(context, setup)) {
    return fail(Outcome::kBadFile, setup.certificate_file);
  }
  if (const X509* const ours = SSL_CTX_get0_certificate(context)) {
    facts.ours_expires = TimeOf(X509_get0_notAfter(ours));
  }
  const std::string key_name = setup.key_file.empty() ? "the key" : setup.key_file;
  if (setup.key_file.empty() && setup.key_pem.empty()) {
    if (SSL_CTX_get0_certificate(context) == nullptr) return true;
    facts.outcome = Outcome::kKeyMismatch;
    facts.detail = "a certificate is configured, and no key";
    return false;
  }
  Password password{setup.key_password};
  const Owned<EVP_PKEY> key = ReadKey(setup, password);
  if (!key) return fail(password.asked ? Outcome::kKeyLocked : Outcome::kBadFile, key_name);
  if (X509* const ours = SSL_CTX_get0_certificate(context);
      ours != nullptr && X509_check_private_key(ours, key.get()) != 1) {
    return fail(Outcome::kKeyMismatch, setup.key_file);
  }
  return SSL_CTX_use_PrivateKey(context, key.get()) == 1 ||
         fail(Outcome::kKeyMismatch, setup.key_file);
}

int NoteFault(int good, X509_STORE_CTX* store) {
  if (good == 1) return 1;
  const auto* const session =
      static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  static_cast<Faults*>(SSL_get_app_data(session))->push_back(X509_STORE_CTX_get_error(store));
  return 1;  // on, to know all; nothing is sent on this connection
}

void SetHost(SSL* session, const TlsSetup& setup) {
  std::array<unsigned char, sizeof(in6_addr)> ip{};
  const bool is_ip = ::inet_pton(AF_INET, setup.host.c_str(), ip.data()) == 1 ||
                     ::inet_pton(AF_INET6, setup.host.c_str(), ip.data()) == 1;
  if (!is_ip) SSL_set_tlsext_host_name(session, setup.host.c_str());
  if (!setup.checks_host) return;
  X509_VERIFY_PARAM* const wanted = SSL_get0_param(session);
  if (is_ip) {
    X509_VERIFY_PARAM_set1_ip_asc(wanted, setup.host.c_str());
  } else {
    X509_VERIFY_PARAM_set1_host(wanted, setup.host.c_str(), 0);
  }
}

/// Waits for what `result` of a call asks for. False: it has ended, or the time is over.
bool Await(SSL* session, int result, const Deadline& deadline) {
  const int wanted = SSL_get_error(session, result);
  if (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE) return false;
  pollfd event{.fd = SSL_get_fd(session),
               .events = static_cast<short>(wanted == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT),
               .revents = 0};
  const auto left = std::chrono::ceil<milliseconds>(deadline.left());
  return ::poll(&event, 1, static_cast<int>(left.count())) > 0;
}

bool IsAlertOnOurs(int reason) {
  switch (reason) {
    case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
    case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
    case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
    case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
    case SSL_R_TLSV1_ALERT_ACCESS_DENIED:
    case SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED:
      return true;
    default:
      return false;
  }
}

Outcome OutcomeOfFailure(const Deadline& deadline) {
  if (deadline.over()) return Outcome::kNoAnswer;
  const unsigned long code = ERR_peek_last_error();
  if (code == 0) return Outcome::kNotTls;  // hung up in mid-handshake
  const int reason = ERR_GET_REASON(code);
  if (reason == SSL_R_WRONG_VERSION_NUMBER || reason == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
    return Outcome::kNotTls;
  }
  return IsAlertOnOurs(reason) ? Outcome::kOursRefused : Outcome::kFailed;
}

/// The worst first: with a wrong clock or authority the rest says little.
Outcome OutcomeOf(const Faults& faults) {
  const auto has = [&](int fault) { return std::ranges::find(faults, fault) != faults.end(); };
  if (faults.empty()) return Outcome::kDone;
  if (has(X509_V_ERR_CERT_NOT_YET_VALID)) return Outcome::kNotYetValid;
  if (has(X509_V_ERR_CERT_HAS_EXPIRED)) return Outcome::kExpired;
  for (const int fault : faults) {
    if (fault != X509_V_ERR_HOSTNAME_MISMATCH && fault != X509_V_ERR_IP_ADDRESS_MISMATCH) {
      return Outcome::kUntrusted;
    }
  }
  return Outcome::kWrongHost;
}

void NotePeer(SSL* session, TlsFacts& facts) {
  X509* const certificate = SSL_get0_peer_certificate(session);
  if (certificate == nullptr) return;
  facts.names = NamesOf(certificate);
  facts.issuer = OneLine(X509_get_issuer_name(certificate));
  facts.expires = TimeOf(X509_get0_notAfter(certificate));
}

}  // namespace

TlsFacts ShakeHands(const FileDescriptor& socket, const TlsSetup& setup, Duration limit) {
  TlsFacts facts;
  const Deadline deadline(limit);
  ERR_clear_error();
  const Owned<SSL_CTX> context(SSL_CTX_new(TLS_client_method()));
  if (!context || !LoadOurs(context.get(), setup, facts)) return facts;
  const Owned<SSL> session(SSL_new(context.get()));
  Faults faults;
  SSL_set_app_data(session.get(), &faults);
  SSL_set_verify(session.get(), SSL_VERIFY_PEER, NoteFault);
  SetHost(session.get(), setup);
  SSL_set_fd(session.get(), socket.get());
  int result = 0;
  while ((result = SSL_connect(session.get())) != 1) {
    if (Await(session.get(), result, deadline)) continue;
    facts.outcome = OutcomeOfFailure(deadline);
    facts.detail = LastError();
    return facts;
  }
  NotePeer(session.get(), facts);
  facts.outcome = setup.checks_certificate ? OutcomeOf(faults) : Outcome::kDone;
  if (!faults.empty()) facts.detail = X509_verify_cert_error_string(faults.front());
  if (facts.outcome != Outcome::kDone) return facts;
  const Deadline alert(deadline.AtMost(kForAlert));
  std::array<char, 1> byte{};
  while ((result = SSL_read(session.get(), byte.data(), 1)) <= 0 &&
         Await(session.get(), result, alert)) {
  }
  if (result <= 0 && IsAlertOnOurs(ERR_GET_REASON(ERR_peek_last_error()))) {
    facts.outcome = Outcome::kOursRefused;
    facts.detail = LastError();
    return facts;
  }
  ERR_clear_error();
  SSL_shutdown(session.get());
  return facts;
}

}  // namespace fleet_edge::agent::doctor
