#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/time.h"
#include "uplink/batch.h"
#include "uplink/cloud_event.h"
#include "uplink/kafka_properties.h"
#include "uplink/publisher.h"
#include "uplink/status.h"

namespace fleet_edge::uplink {

/// librdkafka's producer, and all that is asked of the library.
///
/// A part of the Kafka publisher, used on its thread.
class KafkaProducer {
 public:
  /// Is told inside Poll(), Flush() and Purge(), on the thread that calls them.
  class Listener {
   public:
    /// What became of a record, which is no longer the producer's.
    virtual void OnReport(void* record, Publisher::Outcome outcome, const std::string& reason) = 0;

    /// The producer will never send again.
    virtual void OnFatal(const std::string& reason) = 0;

    /// Something failed, and the library goes on by itself.
    virtual void OnError(const std::string& reason) = 0;

    virtual void OnLink(PublisherStatus::Link link, const std::string& why) = 0;

   protected:
    Listener() = default;
    Listener(const Listener&) = default;
    Listener& operator=(const Listener&) = default;
    ~Listener() = default;
  };

  /// A record to send.
  struct Record {
    Lane lane = Lane::kTelemetry;
    UtcTime time;
    std::string_view key;
    std::string_view body;  ///< copied
    RecordHeaders headers;
    void* opaque = nullptr;  ///< handed back with the report
  };

  KafkaProducer() = default;
  KafkaProducer(const KafkaProducer&) = delete;
  KafkaProducer& operator=(const KafkaProducer&) = delete;
  virtual ~KafkaProducer() = default;

  /// `wake` is called, on the library's threads, when Poll() has something to do. It outlives this.
  virtual void SetWake(const std::function<void()>& wake) = 0;

  /// Errors, the record is not taken then: kFull (the library's queue), kDrop (refused for good),
  /// kRetry (refused for now), kFatal (it will never send again).
  virtual Result<void> Produce(const Record& record) = 0;

  /// Tells the listener what is new. Never waits.
  virtual void Poll() = 0;

  /// Sends what waits, at most for `patience`.
  virtual void Flush(Duration patience) = 0;

  /// Gives up what is in flight and reports it.
  virtual void Purge() = 0;
};

/// `properties` override DefaultKafkaProperties(); `listener` outlives the producer. Errors:
/// kFatal, a property that is refused.
Result<std::unique_ptr<KafkaProducer>> MakeKafkaProducer(const KafkaProperties& properties,
                                                         KafkaProducer::Listener& listener);

/// Whether MakeKafkaProducer() would take them.
Result<void> CheckKafkaProperties(const KafkaProperties& properties);

/// Empty when librdkafka and the outbox take it, else what is wrong with it, as one sentence.
std::string CheckKafkaProperty(const std::string& name, const std::string& value);

}  // namespace fleet_edge::uplink
