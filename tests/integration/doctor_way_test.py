"""What answers where the hub should be, with one thing wrong: `fleet-edge doctor` names it, and soon. No Kafka is needed."""

import contextlib
import pathlib
import socket
import subprocess
import tempfile
import threading
import time

from support import faults
from support.certificates import Authority
from support.doctor import CLOSED, DoctorTest, TlsServer


class WayTest(DoctorTest):
    """Servers that are none, and addresses that are none."""

    def server(self, serve):
        """The address of one that does `serve` with each connection, and leaves it open after."""
        listener = self.enterContext(socket.create_server(("127.0.0.1", 0)))
        self.addCleanup(listener.shutdown, socket.SHUT_RDWR)
        clients = []

        def accept():
            with contextlib.suppress(OSError):
                while True:
                    clients.append(listener.accept()[0])
                    threading.Thread(target=self._serve, args=(serve, clients[-1]), daemon=True).start()

        self.addCleanup(lambda: [client.close() for client in clients])
        threading.Thread(target=accept, daemon=True).start()
        return f"127.0.0.1:{listener.getsockname()[1]}"

    @staticmethod
    def _serve(serve, client):
        with contextlib.suppress(OSError):
            serve(client)

    def assert_names_soon(self, check, identifier, word, *options, what=""):
        """Like assert_names(); also how long it took, in seconds."""
        begin = time.monotonic()
        findings = self.assert_names(check, identifier, word, *options, what=what)
        return findings, time.monotonic() - begin

    def test_01_a_web_server(self):
        def refuse(client):
            client.recv(100)
            client.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        self.write(self.server(refuse))
        _, took = self.assert_names_soon("login", "hub_unreachable", "another kind of server", what='"HTTP"')
        self.assertLess(took, 6)

    def test_02_a_login_shell(self):
        self.write(self.server(lambda client: client.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")))
        self.assert_names_soon("login", "hub_unreachable", "another kind of server", what='"SSH-"')

    def test_03_one_that_hangs_up_with_tls_and_without(self):
        self.write(self.server(lambda client: client.close()))
        self.assert_names_soon("login", "hub_unreachable", "log", what="with TLS and without")

    def test_04_one_that_says_nothing_is_not_blamed_for_our_haste(self):
        self.write(self.server(lambda client: None))
        findings, took = self.assert_names_soon("login", "doctor_late", "--timeout", "--timeout", "1s")
        self.assertLess(took, 5)
        self.assertEqual({one["result"] for one in findings if one["check"] in ("topic", "record")}, {"skipped"})

    def test_05_a_port_that_is_none(self):
        for hub in ("127.0.0.1:9o92", "127.0.0.1:99999", "127.0.0.1:"):
            with self.subTest(hub):
                self.write(hub)
                self.assert_names_soon("dns", "config_wrong", "host:port", what="is no port")

    def test_06_no_server_at_all(self):
        self.write("")
        self.assert_names_soon("dns", "config_wrong", "hub.example:9093", what="names no server")

    def test_07_an_address_of_ipv6_is_shown_as_it_is_written(self):
        self.write("[::1]:1")
        findings, _ = self.assert_names_soon("tcp", "port_closed", "firewalls")
        self.assertIn("[::1]:1", {one["subject"] for one in findings})

    def test_08_a_server_that_stands_twice_is_told_once(self):
        self.write(f"{CLOSED} , {CLOSED}")
        findings, _ = self.assert_names_soon("tcp", "port_closed", "firewalls")
        self.assertEqual([one["check"] for one in findings].count("tcp"), 1)

    def test_09_of_two_servers_one_is_down(self):
        self.write(f"{CLOSED},{self.server(lambda client: None)}")
        _, findings = self.doctor("--timeout", "2s")
        told = {one["subject"]: one["result"] for one in findings if one["check"] == "tcp"}
        self.assertEqual(told.pop(CLOSED), "warning")
        self.assertEqual(list(told.values()), ["ok"])


@faults.needs("openssl")
class FilesTest(DoctorTest):
    """Files of TLS that can't be used; the server would take us."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory()))
        cls.authority = Authority(cls.files / "authority")
        cls.authority.issue("broker")
        cls.authority.issue("tanker-1")
        cls.server = cls.enterClassContext(TlsServer(cls.authority.file("broker.pem")))

    def tls(self, **changed):
        self.write(f"127.0.0.1:{self.server.port}",
                   **{"security_protocol": "ssl", "ssl_ca_location": self.authority.file("ca.pem"), **changed})

    def test_01_an_authority_in_der(self):
        der = self.files / "ca.der"
        subprocess.run(["openssl", "x509", "-in", self.authority.file("ca.pem"), "-outform", "DER", "-out", der], check=True)
        self.tls(ssl_ca_location=der)
        self.assert_names("tls", "ca_unusable", "-inform der", what="can't be read")

    def test_02_an_authority_that_is_not_there_is_told_once(self):
        self.tls(ssl_ca_location="/nowhere/ca.pem")
        self.assert_names("rights", "not_permitted", "ssl.ca.location", what="No such file")

    def test_03_a_key_whose_password_is_not_configured(self):
        locked = self.files / "locked.key"
        subprocess.run(["openssl", "rsa", "-aes256", "-passout", "pass:hush", "-in", self.authority.file("tanker-1.key"),
                        "-out", locked], check=True, stderr=subprocess.DEVNULL)
        own = {"ssl_certificate_location": self.authority.file("tanker-1.pem"), "ssl_key_location": locked}
        self.tls(**own)
        self.assert_names("tls", "key_mismatch", "ssl.key.password", what="no password is configured")
        self.tls(**own, ssl_key_password="hash")
        self.assert_names("tls", "key_mismatch", "ssl.key.password", what="not its own")

    def test_04_a_certificate_without_a_key(self):
        self.tls(ssl_certificate_location=self.authority.file("tanker-1.pem"))
        self.assert_names("tls", "key_mismatch", "its key", what="no key")


if __name__ == "__main__":
    faults.main()
