"""Prints what the vehicles have sent to a Kafka: readings, alerts, and what the agents say of themselves.

    consume.py ADDRESS [--until-now] [--json] [--set PROPERTY=VALUE]...

It reads the topics from their beginning and commits nothing. docs/consuming.md tells how to run it.
"""

import argparse
import json
import signal
import sys
from datetime import datetime, timedelta, timezone

from confluent_kafka import Consumer, KafkaError
from google.protobuf.message import DecodeError
from google.protobuf.text_format import MessageToString

from fleet.v1.alert_pb2 import AlertEvent
from fleet.v1.signal_pb2 import Quality
from fleet.v1.status_pb2 import StatusEvent
from fleet.v1.telemetry_pb2 import TelemetryBatch
from fleet_batch import readings

TYPES = {"fleet.telemetry.v1": TelemetryBatch, "fleet.alerts.v1": AlertEvent, "fleet.status.v1": StatusEvent}
TESTS = 0  # the epoch of `fleet-edge doctor`, which is no agent's and counts nothing
UNREADABLE = (DecodeError, ValueError, IndexError, OverflowError)


class Epoch:
    """What has come of one topic, vehicle and epoch: all before `next` but what is `missing`."""

    def __init__(self):
        self.next, self.missing = 1, []

    def take(self, first, last):
        """Notes that these have come, or will never. False when nobody waited for them: duplicates."""
        if last >= self.next:
            self.missing.append((self.next, last))
            self.next = last + 1
        rest, waited_for = [], False
        for a, b in self.missing:
            outside = [(a, min(b, first - 1)), (max(a, last + 1), b)]
            rest += [(low, high) for low, high in outside if low <= high]
            waited_for |= a <= last and first <= b
        self.missing = rest
        return waited_for


class Books:
    """An Epoch for each (topic, vehicle, epoch)."""

    def __init__(self):
        self.epochs = {}

    def take(self, topic, vehicle, epoch, first, last):
        return self.epochs.setdefault((topic, vehicle, epoch), Epoch()).take(first, last)

    def report(self):
        for (topic, vehicle, epoch), books in sorted(self.epochs.items()):
            for first, last in books.missing:
                warn(f"{vehicle} {topic} epoch {epoch}: {first} to {last} have not come")


def warn(text):
    print(text, file=sys.stderr, flush=True)


def records(consumer, until_now):
    """(topic, value) of each record, until Ctrl-C or, with `until_now`, to the end of what is there."""
    assigned, ended = set(), set()

    def on_assign(_, partitions):
        assigned.update((partition.topic, partition.partition) for partition in partitions)

    consumer.subscribe(list(TYPES), on_assign=on_assign)
    while not (until_now and assigned and ended >= assigned):
        message = consumer.poll(1)
        if message is None:
            continue
        if message.error() is None:
            yield message.topic(), message.value()
        elif message.error().code() == KafkaError._PARTITION_EOF:
            ended.add((message.topic(), message.partition()))
        else:
            warn(message.error().str())


def instant(time_us):
    return (datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(microseconds=time_us)).strftime("%FT%T.%fZ")


def series(name, labels):
    inside = ",".join(f'{key}="{value}"' for key, value in sorted(labels.items()))
    return f"{name}{{{inside}}}" if inside else name


def documents(record):
    """What a record says, each part as (time, text, fields)."""
    if isinstance(record, TelemetryBatch):
        for name, labels, time_us, value, quality in list(readings(record)):
            quality = Quality.Name(quality)[8:].lower()
            text = f"{series(name, labels)} {value}" + ("" if quality == "good" else f" ({quality})")
            yield time_us, text, {"signal": name, "labels": labels, "value": value, "quality": quality}
    elif isinstance(record, AlertEvent):
        state = AlertEvent.State.Name(record.state)[6:].lower()
        labels, summary = dict(record.labels), record.annotations["summary"]
        text = f"{state} {series(record.alert, labels)} {record.value} {summary}"
        yield record.at_us, text, {"alert": record.alert, "state": state, "labels": labels, "value": record.value,
                                   "summary": summary}
    else:
        event = record.WhichOneof("event")
        said = MessageToString(getattr(record, event), as_one_line=True, as_utf8=True) if event else ""
        yield record.at_us, f"{event}: {said}" if said else str(event), {"event": event, "said": said}


def show(topic, record, as_json):
    for place, (time_us, text, fields) in enumerate(documents(record)):
        if as_json:
            name = f"{topic}/{record.vehicle}/{record.epoch}/{record.seq}/{place}"
            print(json.dumps({"id": name, "time": instant(time_us), "vehicle": record.vehicle,
                              "clock_synced": record.clock_synced, **fields}))
        else:
            print(instant(time_us), record.vehicle, text)


def consume(consumer, books, arguments):
    for topic, value in records(consumer, arguments.until_now):
        try:
            record = TYPES[topic].FromString(value)
            if record.epoch != TESTS and not books.take(topic, record.vehicle, record.epoch, record.seq, record.seq):
                continue
            show(topic, record, arguments.json)
        except UNREADABLE as error:
            warn(f"{topic}: a record is unreadable: {error}")
            continue
        if topic == "fleet.status.v1" and record.HasField("gap"):
            gap = record.gap
            books.take(gap.topic, record.vehicle, gap.epoch, gap.from_seq, gap.to_seq)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", help="bootstrap.servers: host:port,host:port")
    parser.add_argument("--until-now", action="store_true", help="end when all that is there has been read")
    parser.add_argument("--json", action="store_true", help="a JSON object a line, each with an id of its own")
    parser.add_argument("--set", action="append", default=[], metavar="PROPERTY=VALUE", help="librdkafka's")
    arguments = parser.parse_args()
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # `consume.py … | head` ends in silence
    consumer = Consumer({
        "bootstrap.servers": arguments.address, "group.id": "fleet-example", "auto.offset.reset": "earliest",
        "enable.auto.commit": False, "enable.partition.eof": True,
        **dict(setting.split("=", 1) for setting in arguments.set)})
    books = Books()
    try:
        consume(consumer, books, arguments)
    except KeyboardInterrupt:
        pass
    finally:
        consumer.close()
    books.report()


if __name__ == "__main__":
    main()
