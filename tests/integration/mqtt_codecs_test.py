"""SenML and Sparkplug B through a real broker; protoc makes Sparkplug's payloads."""

import json
import pathlib
import shutil
import socket
import subprocess
import tempfile
import unittest

from support.driver_readings import DriverReadings

HERE = pathlib.Path(__file__).parent
MOSQUITTO = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
INT16 = 2
UINT64 = 8
DOUBLE = 10


def sparkplug(*metrics, seq=None):
    """A payload of metrics, each in protobuf's text format."""
    text = "".join(f"metrics {{ {metric} }}\n" for metric in metrics)
    if seq is not None:
        text += f"seq: {seq}\n"
    return subprocess.run(
        ["protoc", f"--proto_path={HERE}", "--encode=sparkplug.Payload", "sparkplug.proto"],
        input=text.encode(), stdout=subprocess.PIPE, check=True).stdout


class MqttCodecsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self.port = listener.getsockname()[1]
        config = pathlib.Path(folder.name) / "mosquitto.conf"
        config.write_text(f"listener {self.port} 127.0.0.1\nallow_anonymous true\n")
        self.broker = subprocess.Popen([MOSQUITTO, "-c", config, "-v"], stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.broker.stderr.close)
        self.addCleanup(self.broker.wait)
        self.addCleanup(self.broker.kill)
        self.await_broker("running")

    def await_broker(self, text):
        for line in self.broker.stderr:
            if text in line:
                return
        self.fail(f"the broker never said '{text}'")

    def driver(self, topic):
        driver = DriverReadings("mqtt", {"broker": f"mqtt://127.0.0.1:{self.port}", "topics": [topic]})
        self.await_broker("Sending SUBACK")
        return driver

    def publish(self, topic, payload, *options):
        subprocess.run(["mosquitto_pub", "-p", str(self.port), "-q", "1", "-t", topic, "-s", *options],
                       input=payload, check=True)

    def test_senml_in_json_and_in_cbor(self):
        topic = {"filter": "probes/{zone}", "codec": "senml", "signals": {
            "cargo_celsius": {"name": "*:temp"}, "battery_volts": {"name": "*voltage"}}}
        with self.driver(topic) as driver:
            pack = [{"bn": "urn:dev:mac:0024befffe804ff1:", "n": "temp", "u": "K", "v": 255.15},
                    {"n": "temp", "u": "Cel", "v": -18.5}]
            self.publish("probes/1", json.dumps(pack).encode())
            driver.await_line('cargo_celsius{zone="1"} -18.5 good')
            self.publish("probes/2", (HERE.parent / "drivers/corpus/senml/rfc8428.cbor").read_bytes())
            driver.await_line('battery_volts{zone="2"} 120.1 good')

    def test_a_sparkplug_node_lives_and_dies(self):
        topic = {"filter": "spBv1.0/depot/+/{node}/#", "codec": "sparkplug", "signals": {
            "fuel_percent": {"name": "Fuel"}, "cargo_celsius": {"name": "Temp", "device": "probe"}}}
        birth = f'name: "bdSeq" datatype: {UINT64} long_value: 3'
        will = sparkplug(birth)
        with self.driver(topic) as driver:
            node = subprocess.Popen(
                ["mosquitto_sub", "-p", str(self.port), "-t", "nothing", "--will-qos", "1",
                 "--will-topic", "spBv1.0/depot/NDEATH/truck", "--will-payload", will])
            self.addCleanup(node.wait)
            self.await_broker("Sending SUBACK")
            self.publish("spBv1.0/depot/NBIRTH/truck", sparkplug(
                birth, f'name: "Fuel" alias: 1 datatype: {DOUBLE} double_value: 40.5', seq=0))
            driver.await_line('fuel_percent{node="truck"} 40.5 good')
            self.publish("spBv1.0/depot/DBIRTH/truck/probe", sparkplug(
                f'name: "Temp" alias: 2 datatype: {INT16} int_value: 65518', seq=1))
            driver.await_line('cargo_celsius{node="truck"} -18 good')
            self.publish("spBv1.0/depot/DDATA/truck/probe", sparkplug("alias: 2 int_value: 65516", seq=2))
            driver.await_line('cargo_celsius{node="truck"} -20 good')
            self.publish("spBv1.0/depot/NDATA/truck", sparkplug("alias: 1 double_value: 40", seq=4))
            driver.await_line('fuel_percent{node="truck"} 40 good')
            node.kill()  # the broker says so in its place
            driver.await_line('fuel_percent{node="truck"} 40 stale')
            lines, took = driver.stop()
        self.assertIn("rejected mqtt - gap 1", lines)
        self.assertLess(took, 2)


if __name__ == "__main__":
    unittest.main()
