#include "simulators/hub.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <array>
#include <stdexcept>
#include <string>
#include <vector>

namespace fleet_edge::simulators {
namespace {

constexpr int kBroker = 1;  // the cluster's only one

void Check(rd_kafka_resp_err_t error, const std::string& what) {
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
    throw std::runtime_error(what + ": " + rd_kafka_err2str(error));
  }
}

}  // namespace

Hub::Hub(const std::vector<std::string>& topics, int partitions) {
  std::array<char, 512> why{};
  rd_kafka_conf_t* const conf = rd_kafka_conf_new();
  // Without a log: the client itself connects nowhere, and would say so.
  rd_kafka_conf_set_log_cb(conf, nullptr);
  client_.reset(rd_kafka_new(RD_KAFKA_PRODUCER, conf, why.data(), why.size()));
  if (!client_) throw std::runtime_error(std::string("librdkafka can't start: ") + why.data());
  cluster_.reset(rd_kafka_mock_cluster_new(client_.get(), kBroker));
  if (!cluster_) throw std::runtime_error("librdkafka's mock cluster can't listen on 127.0.0.1");
  for (const std::string& topic : topics) {
    Check(rd_kafka_mock_topic_create(cluster_.get(), topic.c_str(), partitions, 1),
          "topic " + topic + " can't be made");
  }
}

Hub::~Hub() = default;

std::string Hub::address() const { return rd_kafka_mock_cluster_bootstraps(cluster_.get()); }

void Hub::SetDown(bool down) {
  Check(down ? rd_kafka_mock_broker_set_down(cluster_.get(), kBroker)
             : rd_kafka_mock_broker_set_up(cluster_.get(), kBroker),
        "the mock broker doesn't switch");
}

void Hub::Destroy::operator()(rd_kafka_s* client) const { rd_kafka_destroy(client); }

void Hub::Destroy::operator()(rd_kafka_mock_cluster_s* cluster) const {
  rd_kafka_mock_cluster_destroy(cluster);
}

}  // namespace fleet_edge::simulators
