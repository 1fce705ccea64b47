"""A hub with one thing wrong on the way to it, a real Kafka with TLS, SASL and ACLs: `fleet-edge doctor` names it."""

import contextlib
import json
import pathlib
import shutil
import socket
import tempfile
import threading
import time

from support import faults
from support.certificates import Authority
from support.doctor import CLOSED, DoctorTest, TlsServer, sentence
from support.kafka import Kafka

TOPICS = ("fleet.alerts.v1", "fleet.status.v1", "fleet.telemetry.v1")


class Forgetful:
    """A way to a broker on which one kind of request is lost."""

    def __init__(self, lost):
        self.target = None
        self._lost = lost  # the request's API key
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                broker = socket.create_connection(("127.0.0.1", self.target))
                for carry, source, target in ((self._ask, client, broker), (self._answer, broker, client)):
                    threading.Thread(target=carry, args=(source, target), daemon=True).start()

    def _ask(self, client, broker):
        with contextlib.suppress(OSError), client, broker, client.makefile("rb") as requests:
            while size := requests.read(4):
                request = requests.read(int.from_bytes(size, "big"))
                if int.from_bytes(request[:2], "big") != self._lost:
                    broker.sendall(size + request)

    def _answer(self, broker, client):
        with contextlib.suppress(OSError):
            while answer := broker.recv(1 << 16):
                client.sendall(answer)


@faults.needs("java")
class AdvertisedTest(DoctorTest):
    """A real Kafka that names itself by another address than the one that we are given."""

    def kafka(self, advertised):
        return self.enterContext(Kafka(proxy=advertised))

    def examine(self, kafka, *options):
        self.write(kafka.secure_address)
        code, findings = self.doctor(*options)
        return code, [one for one in findings if one["id"] not in self.known_wrong | {"config_wrong"}]

    def test_the_brokers_name_is_known_at_home_alone(self):
        code, findings = self.examine(self.kafka("kafka-1.invalid:9092"))
        wrong = [one for one in findings if one["result"] in ("error", "warning")]
        self.assertEqual([(one["check"], one["id"], one["subject"]) for one in wrong],
                         [("brokers", "broker_unreachable", "kafka-1.invalid:9092")])
        self.assertIn("its name isn't known here", wrong[0]["what"])
        self.assertIn("advertised.listeners", wrong[0]["mend"])
        self.assertEqual(code, 3)
        self.assertEqual({one["result"] for one in findings if one["check"] in ("topic", "record")}, {"skipped"})

    def test_the_brokers_port_is_open_at_home_alone(self):
        _, findings = self.examine(self.kafka(CLOSED))
        wrong = [one for one in findings if one["result"] in ("error", "warning")]
        self.assertEqual([(one["id"], one["subject"]) for one in wrong], [("broker_unreachable", CLOSED)])
        self.assertIn("can't be connected to", wrong[0]["what"])

    def test_a_hub_that_does_not_tell_how_its_topics_are_set_up_takes_no_longer_than_one_that_tells_nothing(self):
        with Forgetful(lost=32) as way:  # DescribeConfigs
            kafka = self.kafka(way.port)
            way.target = kafka.behind
            for topic in TOPICS:
                kafka.create_topic(topic)
            begin = time.monotonic()
            _, findings = self.examine(kafka, "--timeout", "20s")
            self.assertLess(time.monotonic() - begin, 15)
        told = {(one["check"], one["result"]) for one in findings}
        self.assertLessEqual({("brokers", "ok"), ("topic", "ok"), ("record", "ok")}, told)


@faults.needs("openssl", "java")
class HubTest(DoctorTest):
    """What is wrong on the way to a real Kafka, with a box that is well."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        folder = pathlib.Path(tempfile.mkdtemp(prefix="fleet-edge-doctor-hub-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.authority = Authority(folder / "authority")
        cls.stranger = Authority(folder / "stranger")
        cls.authority.issue("broker")
        cls.authority.issue("tanker-1")
        cls.authority.issue("old", days=-1)
        cls.kafka = cls.enterClassContext(Kafka(
            authority=cls.authority, users={"fleet": "road", "guest": "sofa"},
            properties={"super.users": "User:ANONYMOUS;User:fleet", "auto.create.topics.enable": "false"}))
        cls.has_topics = False

    def with_topics(self):
        """Made when the first test needs them, all at once: each takes a Java of its own."""
        if not HubTest.has_topics:
            makers = [threading.Thread(target=self.kafka.create_topic, args=(name,)) for name in TOPICS]
            for maker in makers:
                maker.start()
            for maker in makers:
                maker.join()
            HubTest.has_topics = True

    def login(self, hub=None, drivers=(), **changed):
        properties = {"security_protocol": "sasl_ssl", "ssl_ca_location": self.authority.file("ca.pem"),
                      "sasl_mechanism": "PLAIN", "sasl_username": "fleet", "sasl_password": "road", **changed}
        self.write(hub or self.kafka.login_address, drivers=drivers, **properties)

    def test_01_a_topic_is_missing_and_the_doctor_makes_none(self):
        self.login()
        for _ in range(2):
            findings = self.assert_names("topic", "topic_missing", "kafka-topics.sh")
            self.assertEqual([one["subject"] for one in findings if one["id"] == "topic_missing"], list(TOPICS))

    def test_02_all_is_well(self):
        self.with_topics()
        self.login(drivers=[{"nmea": {"device": self.serial(sentence)}}])
        before = sorted(self.folder.iterdir())
        _, findings = self.doctor()
        self.assertEqual(sorted(self.folder.iterdir()), before)
        self.assertEqual({one["check"] for one in findings if one["result"] == "ok"} - {"clock"},
                         {"account", "config", "rights", "disk", "device", "driver", "dns", "tcp", "tls", "login",
                          "brokers", "topic", "record", "http"})
        self.assertEqual([one for one in findings if one["result"] in ("error", "warning")
                          and one["id"] not in self.known_wrong], [])
        self.assertEqual([one["result"] for one in findings if one["check"] in ("topic", "record")], ["ok"] * 4)
        self.assertNotIn("road", json.dumps(findings))

    def test_03_no_right_to_write(self):
        self.with_topics()
        self.login(sasl_username="guest", sasl_password="sofa")
        self.assert_names("topic", "topic_forbidden", "kafka-acls.sh")

    def test_04_the_hubs_name_is_unknown(self):
        self.login("hub.invalid:9093")
        self.assert_names("dns", "name_unknown", "resolv.conf")

    def test_05_the_hubs_port_is_closed(self):
        self.login(CLOSED)
        self.assert_names("tcp", "port_closed", "firewalls")

    def test_06_tls_against_a_plain_port(self):
        self.login(self.kafka.address)
        self.assert_names("tls", "not_tls", "security.protocol")

    def test_07_plain_against_a_tls_port(self):
        self.login(security_protocol="plaintext")
        self.assert_names("login", "wants_tls", "security.protocol")

    def test_08_an_authority_that_nobody_knows(self):
        self.login(ssl_ca_location=self.stranger.file("ca.pem"))
        self.assert_names("tls", "certificate_untrusted", "ssl.ca.location")

    def test_09_an_expired_certificate(self):
        with TlsServer(self.authority.file("old.pem")) as server:
            self.login(f"127.0.0.1:{server.port}")
            self.assert_names("tls", "certificate_expires", "renewed", what="expired at")

    def test_10_a_certificate_for_another_host(self):
        self.login(self.kafka.login_address.replace("127.0.0.1", "localhost"))
        self.assert_names("tls", "certificate_wrong_name", "localhost",
                          what="for 127.0.0.1")

    def test_11_a_wrong_password(self):
        self.login(sasl_password="rode")
        findings = self.assert_names("login", "login_refused", "sasl.password", what="fleet")
        self.assertNotIn("rode", json.dumps(findings))

    def test_12_a_mechanism_that_the_hub_doesnt_know(self):
        self.login(sasl_mechanism="SCRAM-SHA-256")
        self.assert_names("login", "login_mechanism", "sasl.mechanism")

    def test_13_the_hub_wants_a_certificate_of_ours(self):
        self.write(self.kafka.secure_address,
                   security_protocol="ssl", ssl_ca_location=self.authority.file("ca.pem"))
        self.assert_names("tls", "certificate_refused", "ssl.certificate.location")

    def test_14_a_certificate_with_anothers_key(self):
        self.write(self.kafka.secure_address,
                   security_protocol="ssl", ssl_ca_location=self.authority.file("ca.pem"),
                   ssl_certificate_location=self.authority.file("tanker-1.pem"),
                   ssl_key_location=self.authority.file("broker.key"))
        self.assert_names("tls", "key_mismatch", "of one pair")

    def test_15_a_credential_of_the_service_is_no_mistake_while_it_is_stopped(self):
        self.login(sasl_password="${credential:hub-password}")
        code, findings = self.doctor()
        told = {(one["check"], one["result"]): one for one in findings}
        self.assertEqual(told["config", "note"]["id"], "credential_unknown")
        self.assertIn("'hub-password'", told["config", "note"]["what"])
        self.assertIn(("tls", "ok"), told, "what needs no password is tried")
        for check in ("login", "topic", "record"):
            self.assertEqual(told[check, "skipped"]["what"], "because sasl.password is not known here")
        wrong = {one["id"] for one in findings if one["result"] in ("error", "warning")}
        self.assertLessEqual(wrong - {"config_wrong"}, self.known_wrong)
        self.assertNotEqual(code, 3)

    def test_16_a_port_that_lets_nobody_in_without_a_login(self):
        self.login(security_protocol="ssl")
        self.assert_names("login", "login_refused", "SASL_SSL", what="without a login")

    def test_17_a_port_that_asks_for_no_login(self):
        self.login(self.kafka.address, security_protocol="sasl_plaintext")
        self.assert_names("login", "login_mechanism", "PLAINTEXT", what="asks for no login")

    def test_18_no_mechanism_is_configured(self):
        self.write(self.kafka.login_address, security_protocol="sasl_ssl", sasl_username="fleet", sasl_password="road",
                   ssl_ca_location=self.authority.file("ca.pem"))
        self.assert_names("login", "config_wrong", "SCRAM-SHA-512", what="has no sasl.mechanism")


if __name__ == "__main__":
    faults.main()
