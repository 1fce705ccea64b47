import fleet.v1.SignalOuterClass.Quality;
import fleet.v1.SignalOuterClass.Signal;
import fleet.v1.Telemetry.Row;
import fleet.v1.Telemetry.TelemetryBatch;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** The readings of a TelemetryBatch; docs/wire.md explains it. */
final class BatchReader {
  /** `timeUs`: microseconds since 1970. `quality` is null where a newer agent knows one more. */
  record Reading(
      String signal, SortedMap<String, String> labels, long timeUs, double value, Quality quality) {}

  private final TelemetryBatch batch;
  private final Bits bits;

  private BatchReader(TelemetryBatch batch) {
    this.batch = batch;
    this.bits = new Bits(batch.getColumns().toByteArray());
  }

  /** IllegalArgumentException or IndexOutOfBoundsException where the batch is damaged. */
  static List<Reading> readings(TelemetryBatch batch) {
    List<Reading> readings = new ArrayList<>();
    if (!batch.getColumns().isEmpty()) {
      new BatchReader(batch).readColumns(readings);
    }
    for (Row row : batch.getRowsList()) {
      SortedMap<String, String> labels = new TreeMap<>(row.getLabelsMap());
      readings.add(
          new Reading(
              row.getSignal(), labels, row.getTimeUs(), row.getValue(), row.getQuality()));
    }
    return readings;
  }

  private void readColumns(List<Reading> readings) {
    List<long[]> times = new ArrayList<>();
    for (int count = bits.small(); count > 0; --count) {
      times.add(bits.times(bits.small(), batch.getBaseTimeUs()));
    }
    for (int signal : batch.getSignalsValueList()) {
      String name = signal == 0 ? text() : nameOf(signal);
      SortedMap<String, String> labels = new TreeMap<>();
      for (int count = bits.small(); count > 0; --count) {
        String label = text();
        labels.put(label, text());
      }
      Quality quality = Quality.forNumber(bits.small());
      long[] instants = times.get(bits.small());
      double[] values = bits.values(instants.length);
      for (int i = 0; i < values.length; ++i) {
        readings.add(new Reading(name, labels, instants[i], values[i], quality));
      }
    }
  }

  private String text() {
    return batch.getStrings(bits.small());
  }

  /** As in the catalogue; of a signal that a newer agent knows, its number. */
  private static String nameOf(int number) {
    Signal signal = Signal.forNumber(number);
    return signal == null
        ? "signal_" + number
        : signal.name().substring("SIGNAL_".length()).toLowerCase(Locale.ROOT);
  }
}
