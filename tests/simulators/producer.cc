#include "tests/simulators/producer.h"

#include <librdkafka/rdkafkacpp.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "simulators/hub_record.h"

namespace fleet_edge::simulators {

class Producer::Impl {
 public:
  explicit Impl(const std::string& address) {
    std::string why;
    const std::unique_ptr<RdKafka::Conf> conf(RdKafka::Conf::create(RdKafka::Conf::CONF_GLOBAL));
    conf->set("bootstrap.servers", address, why);
    conf->set("partitioner", "murmur2_random", why);
    conf->set("reconnect.backoff.max.ms", "200", why);
    conf->set("log_level", "2", why);
    producer.reset(RdKafka::Producer::create(conf.get(), why));
    if (!producer) throw std::runtime_error(why);
  }

  std::unique_ptr<RdKafka::Producer> producer;
};

Producer::Producer(const std::string& address) : impl_(std::make_unique<Impl>(address)) {}
Producer::~Producer() = default;

void Producer::Send(const HubRecord& record) {
  std::string value = record.value;
  const RdKafka::ErrorCode code = impl_->producer->produce(
      record.topic, RdKafka::Topic::PARTITION_UA, RdKafka::Producer::RK_MSG_COPY, value.data(),
      value.size(), record.key.data(), record.key.size(), 0, nullptr);
  if (code != RdKafka::ERR_NO_ERROR) throw std::runtime_error(RdKafka::err2str(code));
}

bool Producer::Flush(int ms) { return impl_->producer->flush(ms) == RdKafka::ERR_NO_ERROR; }

}  // namespace fleet_edge::simulators
