#include "agent/health/certificate.h"

#include <doctest/doctest.h>

#include <ctime>
#include <string>

#include "agent/config/config.h"
#include "agent/config/config_file.h"
#include "agent/health/agent_view.h"
#include "core/time.h"
#include "tests/support/temp_folder.h"

namespace fleet_edge::agent {
namespace {

using Holds = CertificateFile::Holds;

constexpr const char* kUntil2029 = R"(-----BEGIN CERTIFICATE-----
MIIBcjCCARmgAwIBAgIUDiWp51leu2KZWhYbtIi9SEubdBUwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEMTAwMDAeFw0yNjExMjIwMjEyNDZaFw0yOTA4MTgwMjEyNDZa
MA8xDTALBgNVBAMMBDEwMDAwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAR/0i2C
2FNAqwP0udByfRBiV8yqDuwp0A0zw4uDm38g3gz67JHkWoWv0zbER0brba9Pmhz4
2uBi9/vxjNFvkYiMo1MwUTAdBgNVHQ4EFgQUIyFqX22Nm2tiOnhsRXIm+pUoMAQw
HwYDVR0jBBgwFoAUIyFqX22Nm2tiOnhsRXIm+pUoMAQwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNHADBEAiAS70mFcc+Ot7u6fkkIlVE5+PPYCKU8gsC8qv7F
3UnL0QIgQA41p98vobgphhxLx7BVEHpg9GlD5P3zOv89v1elQRg=
-----END CERTIFICATE-----
)";

constexpr const char* kUntil2040 = R"(-----BEGIN CERTIFICATE-----
MIIBcjCCARmgAwIBAgIUCKXffxQ978eudespwaj950VxA5UwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwENTAwMDAeFw0yNjExMjIwMjEyNDZaFw00MDA3MzEwMjEyNDZa
MA8xDTALBgNVBAMMBDUwMDAwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ6epe2
X/i0Rgr46sS0CoS0d8ZiS4sLsApCcNftIakEYnBNxzPKKI28is/aNiZ33MceUMoR
kQdPnNw6hRe+/0Aso1MwUTAdBgNVHQ4EFgQUWtaFfw8NFFUNxUBU/R66vE8O88kw
HwYDVR0jBBgwFoAUWtaFfw8NFFUNxUBU/R66vE8O88kwDwYDVR0TAQH/BAUwAwEB
/zAKBggqhkjOPQQDAgNHADBEAiB4QgT3QDAOOdfaqT0s6aL3FG/5mpm8nxAtLhth
xKunWAIgEu2rT+GS4kE3geBA3KReO/LhshBQNgQMVwWQZtEG53I=
-----END CERTIFICATE-----
)";

CertificateView Read(const std::string& text, Holds holds) {
  const TempFolder folder;
  return ReadCertificate({folder.Write("a.pem", text), "the hub", holds});
}

}  // namespace

TEST_CASE("Certificate: a chain expires with its first, a set of authorities with its last") {
  const std::string both = std::string(kUntil2040) + "text between\n" + kUntil2029;
  CHECK(Read(both, Holds::kChain).expires == ParseUtcTime("2029-08-18T02:12:46Z"));
  CHECK(Read(both, Holds::kAuthorities).expires == ParseUtcTime("2040-07-31T02:12:46Z"));
  CHECK(Read(both, Holds::kChain).error.empty());
}

TEST_CASE("Certificate: a date is told in any year, also where the system's time ends in 2038") {
  std::tm date{};
  date.tm_year = 2061 - 1900;
  date.tm_mon = 1;
  date.tm_mday = 28;
  date.tm_hour = 23;
  date.tm_min = 59;
  date.tm_sec = 58;
  CHECK(TimeOf(date) == ParseUtcTime("2061-02-28T23:59:58Z"));
}

TEST_CASE("Certificate: a file that is missing, empty, too large or no PEM is told, not trusted") {
  CHECK(ReadCertificate({"/nowhere/a.pem", "x"}).error == "No such file or directory");
  for (const std::string& text :
       {std::string(), std::string("no PEM"), std::string(kUntil2029).substr(0, 300),
        std::string(2 << 20, 'x')}) {
    const CertificateView view = Read(text, Holds::kChain);
    CHECK_FALSE(view.expires);
    CHECK_FALSE(view.error.empty());
  }
}

TEST_CASE("Certificate: the hub's, the display's and the MQTT drivers' are looked at, each once") {
  const TempFolder folder;
  const std::string path = folder.Write(
      "edge.yaml",
      "vehicle: {id: t}\n"
      "drivers:\n"
      "  - mqtt: {broker: mqtts://b:1, tls: {ca: /ca.pem, certificate: /d.pem, key: /d.key},\n"
      "           topics: [{filter: a, signal: cargo_celsius, codec: value}]}\n"
      "  - gpsd: {address: 127.0.0.1:2}\n"
      "notify: {driver: {mqtt: {broker: mqtts://b:1, tls: {ca: /ca.pem}}}}\n"
      "uplink: {kafka: {bootstrap.servers: h:1, security.protocol: ssl, ssl.ca.location: /ca.pem,\n"
      "         ssl.certificate.location: /own.pem}}\n");
  std::string paths;
  for (const CertificateFile& file : CertificatesOf(LoadConfig(path).config)) {
    paths += file.path + " ";
  }
  CHECK(paths == "/ca.pem /own.pem /d.pem ");
}

TEST_CASE(
    "Certificate: what the configuration holds itself, by a credential say, is looked at too") {
  Config config;
  config.uplink.kafka["ssl.certificate.pem"] = kUntil2029;
  config.uplink.kafka["ssl.ca.pem"] = std::string(kUntil2029) + kUntil2040;
  const auto files = CertificatesOf(config);
  REQUIRE(files.size() == 2);
  CHECK(files[0].path == "ssl.ca.pem");
  CHECK(ReadCertificate(files[0]).expires == ParseUtcTime("2040-07-31T02:12:46Z"));
  CHECK(files[1].path == "ssl.certificate.pem");
  CHECK(ReadCertificate(files[1]).expires == ParseUtcTime("2029-08-18T02:12:46Z"));
}

}  // namespace fleet_edge::agent
