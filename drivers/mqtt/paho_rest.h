#pragma once

#include "core/time.h"

namespace fleet_edge::drivers {

/// A rest of Paho's receiving thread in a handler. Paho runs handlers under the mutex that each
/// call of any client takes: whoever calls it ends the rest, so that an alert on its way to the
/// display waits for none.
class PahoRest {
 public:
  /// Rests for `time`, or until somebody calls Paho; not at all while somebody does. On Paho's
  /// thread.
  static void For(Duration time);

  /// Lives as long as a call of Paho. Any thread but Paho's, where it only costs the rest.
  class Call {
   public:
    Call();
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
  };
};

}  // namespace fleet_edge::drivers
