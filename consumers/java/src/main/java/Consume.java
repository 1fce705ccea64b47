import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import fleet.v1.Alert.AlertEvent;
import fleet.v1.SignalOuterClass.Quality;
import fleet.v1.Status.Gap;
import fleet.v1.Status.StatusEvent;
import fleet.v1.Telemetry.TelemetryBatch;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Prints what the vehicles have sent to a Kafka: readings, alerts, and what the agents say of themselves.
 *
 * <p>Arguments: the address, then --until-now to end when all that is there has been read, then a file of further
 * properties of the Kafka client. It reads the topics from their beginning and commits nothing.
 */
public final class Consume {
  private static final String TELEMETRY = "fleet.telemetry.v1";
  private static final String ALERTS = "fleet.alerts.v1";
  private static final String STATUS = "fleet.status.v1";
  private static final long TESTS = 0; // the epoch of `fleet-edge doctor`, which is no agent's and counts nothing
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

  /** By topic, vehicle and epoch. */
  private final Map<String, Epoch> epochs = new TreeMap<>();

  public static void main(String[] arguments) throws IOException {
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8));
    boolean untilNow = arguments.length > 1 && arguments[1].equals("--until-now");
    Properties properties = new Properties();
    properties.put("group.id", "fleet-example-java");
    properties.put("auto.offset.reset", "earliest");
    properties.put("enable.auto.commit", "false");
    properties.put("allow.auto.create.topics", "false");
    if (arguments.length > (untilNow ? 2 : 1)) {
      try (FileInputStream file = new FileInputStream(arguments[arguments.length - 1])) {
        properties.load(file);
      }
    }
    properties.put("bootstrap.servers", arguments[0]);
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties, bytes, bytes)) {
      consumer.subscribe(List.of(TELEMETRY, ALERTS, STATUS));
      Consume consume = new Consume();
      Runtime.getRuntime().addShutdownHook(new Thread(consume::report));
      do {
        consumer.poll(Duration.ofSeconds(1)).forEach(consume::read);
      } while (!untilNow || !isAtEnd(consumer));
    }
  }

  private static boolean isAtEnd(KafkaConsumer<byte[], byte[]> consumer) {
    Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
    return !ends.isEmpty()
        && ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private void read(ConsumerRecord<byte[], byte[]> record) {
    try {
      switch (record.topic()) {
        case TELEMETRY -> read(TelemetryBatch.parseFrom(record.value()));
        case ALERTS -> read(AlertEvent.parseFrom(record.value()));
        default -> read(StatusEvent.parseFrom(record.value()));
      }
    } catch (InvalidProtocolBufferException | IllegalArgumentException | IndexOutOfBoundsException error) {
      System.err.println(record.topic() + ": a record is unreadable: " + error);
    }
  }

  private void read(TelemetryBatch batch) {
    if (!take(TELEMETRY, batch.getVehicle(), batch.getEpoch(), batch.getSeq(), batch.getSeq())) {
      return;
    }
    for (BatchReader.Reading reading : BatchReader.readings(batch)) {
      String text = series(reading.signal(), reading.labels()) + " " + reading.value();
      if (reading.quality() != Quality.QUALITY_GOOD) {
        text += " (" + word(reading.quality(), "QUALITY_") + ")";
      }
      print(reading.timeUs(), batch.getVehicle(), text);
    }
  }

  private void read(AlertEvent alert) {
    if (take(ALERTS, alert.getVehicle(), alert.getEpoch(), alert.getSeq(), alert.getSeq())) {
      String what = series(alert.getAlert(), alert.getLabelsMap());
      String summary = alert.getAnnotationsOrDefault("summary", "");
      String state = word(alert.getState(), "STATE_");
      print(alert.getAtUs(), alert.getVehicle(), state + " " + what + " " + alert.getValue() + " " + summary);
    }
  }

  private void read(StatusEvent status) {
    if (!take(STATUS, status.getVehicle(), status.getEpoch(), status.getSeq(), status.getSeq())) {
      return;
    }
    FieldDescriptor event =
        status.getOneofFieldDescriptor(StatusEvent.getDescriptor().getOneofs().get(0));
    String said = event == null ? "" : TextFormat.printer().shortDebugString((Message) status.getField(event));
    String name = event == null ? "None" : event.getName();
    print(status.getAtUs(), status.getVehicle(), said.isEmpty() ? name : name + ": " + said);
    if (status.hasGap()) {
      Gap gap = status.getGap();
      take(gap.getTopic(), status.getVehicle(), gap.getEpoch(), gap.getFromSeq(), gap.getToSeq());
    }
  }

  /** Whether these were still to come. */
  private synchronized boolean take(String topic, String vehicle, long epoch, long first, long last) {
    if (epoch == TESTS) {
      return true;
    }
    String name = vehicle + " " + topic + " epoch " + Long.toUnsignedString(epoch);
    return epochs.computeIfAbsent(name, unused -> new Epoch()).take(first, last);
  }

  private synchronized void report() {
    epochs.forEach(
        (name, epoch) ->
            epoch.missing().forEach(range -> System.err.println(
                name + ": " + range.first() + " to " + range.last() + " have not come")));
  }

  private static void print(long timeUs, String vehicle, String text) {
    System.out.println(TIME.format(Instant.EPOCH.plus(timeUs, ChronoUnit.MICROS)) + " " + vehicle + " " + text);
  }

  private static String series(String name, Map<String, String> labels) {
    return labels.isEmpty() ? name : new TreeMap<>(labels).entrySet().stream()
        .map(label -> label.getKey() + "=\"" + label.getValue() + "\"")
        .collect(Collectors.joining(",", name + "{", "}"));
  }

  private static String word(Enum<?> value, String prefix) {
    return value == null ? "unknown" : value.name().replaceFirst("^" + prefix, "").toLowerCase(Locale.ROOT);
  }
}
