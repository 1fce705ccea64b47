// The floor under the agent's figures: a client that receives on Paho MQTT C++ and does nothing
// else.
//
//   mqtt_floor URI FILTER QOS MESSAGES
//
// Prints `ready` when it is subscribed; after MESSAGES messages, CPU seconds (user and system),
// wall seconds since the first message, and messages, on one line. Exit code 1 when the broker is
// lost or nothing comes for ten seconds.
#include <mqtt/async_client.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>

namespace {

double CpuSeconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

int Receive(const std::string& uri, const std::string& filter, int qos, long messages) {
  mqtt::async_client client(uri, "mqtt-floor");
  client.start_consuming();
  client.connect(mqtt::connect_options_builder().clean_session(true).finalize())->wait();
  client.subscribe(filter, qos)->wait();
  std::puts("ready");
  std::fflush(stdout);

  std::chrono::steady_clock::time_point first;
  for (long received = 0; received < messages; ++received) {
    mqtt::const_message_ptr message;
    if (!client.try_consume_message_for(&message, std::chrono::seconds{10}) || !message) return 1;
    if (received == 0) first = std::chrono::steady_clock::now();
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - first;
  std::printf("%.6f %.6f %ld\n", CpuSeconds(), wall.count(), messages);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: mqtt_floor URI FILTER QOS MESSAGES\n", stderr);
    return 2;
  }
  try {
    return Receive(argv[1], argv[2], std::atoi(argv[3]), std::atol(argv[4]));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "mqtt_floor: %s\n", error.what());
    return 1;
  }
}
