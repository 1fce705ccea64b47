"""A real Apache Kafka broker for tests: one node in KRaft mode on 127.0.0.1.

    with Kafka() as kafka:
        ...            # kafka.address is "127.0.0.1:PORT"
        kafka.kill()   # SIGKILL, as a power cut would
        kafka.start()  # same port, same data

With `proxy`, a port or HOST:PORT, a second way leads to it through that: kafka.behind is where the proxy must lead.
With `authority`, the second way is kafka.secure_address: mutual TLS, and only what allow() gives. With `users`, too,
{name: password}, a third is kafka.login_address: SASL/PLAIN by TLS, no rights unless the property super.users gives them.

As a program it prints its address and runs until Ctrl-C: python3 tests/support/kafka.py [--port PORT]
`scripts/setup test` installs the broker.
"""

import argparse
import contextlib
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading

READY = "Kafka Server started"
READY_SECONDS = 60
STOP_SECONDS = 30
FILES = pathlib.Path(__file__).resolve().parent.parent / "kafka"
VERSION = re.search("<kafka.version>(.*)</kafka.version>", (FILES / "pom.xml").read_text())[1]
HOME = (pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache")
        / "fleet-edge" / f"kafka-{VERSION}")
ARCHIVE = HOME / "classes.jsa"
_ACLS = "org.apache.kafka.tools.AclCommand"
_TOPICS = "org.apache.kafka.tools.TopicCommand"


class Kafka:
    """One broker and its data. Not thread-safe. Ends only the process it started; data goes with stop()."""

    def __init__(self, port=None, properties=None, jvm_options=(), host="127.0.0.1", proxy=None, under=(),
                 authority=None, users=None):
        """`port` None: a free one, kept over restarts. `properties` are added to the broker's own. `under` is the
        command that runs the broker where `host` is, if that is another network."""
        if not HOME.is_dir():
            raise FileNotFoundError(f"{HOME}: no Kafka here. Run: scripts/setup test")
        self._folder = pathlib.Path(tempfile.mkdtemp(prefix="fleet-edge-kafka-"))
        self._jvm_options = list(jvm_options)
        self._host = host
        self._proxy = f"{host}:{proxy}" if isinstance(proxy, int) else proxy
        self._under = list(under)
        self._authority = authority
        self._users = users or {}
        self._own_properties = properties or {}
        self._process = None
        self._reader = None
        self.port, self._controller_port, self.behind, self._login_port = _free_ports(port)
        self._write_properties()

    @property
    def address(self):
        return f"{self._host}:{self.port}"

    @property
    def secure_address(self):
        return f"{self._host}:{self.behind}"

    @property
    def login_address(self):
        return f"{self._host}:{self._login_port}"

    @property
    def log(self):
        """What the broker has printed, over all its starts."""
        path = self._folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self):
        """Starts the broker, or starts it again on its data, and returns when it serves."""
        assert self._process is None, "it is running"
        if not (self._folder / "data").exists():
            self._format()
        options = ["-Xms128m", "-Xmx384m"] + self._jvm_options
        self._process = subprocess.Popen(
            self._under + _java(options, "kafka.Kafka", self._folder / "server.properties"),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace")
        ready = threading.Event()
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout, ready), daemon=True)
        self._reader.start()
        if not ready.wait(READY_SECONDS) or self._process.poll() is not None:
            self.kill()
            raise RuntimeError(f"Kafka did not start within {READY_SECONDS} s:\n{self.log[-4000:]}")
        return self

    def kill(self):
        """SIGKILL: whatever the broker had not written is lost. Data and port stay for start()."""
        if self._process:
            self._process.kill()
            self._join()

    def move(self):
        """Other ports from the next start on; precondition: it is not running."""
        assert self._process is None, "it is running"
        self.port, _, self.behind, self._login_port = _free_ports(None)
        self._write_properties()

    def pause(self):
        """SIGSTOP: connections stay open, and nothing answers."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self):
        self._process.send_signal(signal.SIGCONT)

    def configure(self, entity, name, **settings):
        """Sets what can be set on a running broker: of `topics` or `clients`, `max_message_bytes=…`."""
        changes = ",".join(f"{key.replace('_', '.') if entity == 'topics' else key}={value}"
                           for key, value in settings.items())
        self._tool("kafka.admin.ConfigCommand", "--alter", "--entity-type", entity, "--entity-name", name,
                   "--add-config", changes)

    def allow(self, name):
        """Whose certificate says so may write to all topics."""
        self._tool(_ACLS, "--add", *_writer(name))

    def forbid(self, name):
        """Takes back what allow() gave."""
        self._tool(_ACLS, "--remove", "--force", *_writer(name))

    def create_topic(self, name):
        self._tool(_TOPICS, "--create", "--topic", name)

    def delete_topic(self, name):
        self._tool(_TOPICS, "--delete", "--topic", name)

    def restart(self):
        """SIGKILL and start() at once."""
        self.kill()
        return self.start()

    def stop(self):
        """SIGTERM, then SIGKILL if it lingers; deletes the data."""
        if self._process:
            self.resume()
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
            self._join()
        shutil.rmtree(self._folder, ignore_errors=True)

    def wait(self):
        """Returns when the broker has ended."""
        self._process.wait()

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()

    def _join(self):
        self._process.wait()
        self._reader.join()
        self._process.stdout.close()
        self._process = None

    def _read(self, lines, ready):
        with open(self._folder / "log", "a") as log:
            for line in lines:
                log.write(line)
                log.flush()
                if READY in line:
                    ready.set()
        ready.set()  # The end of the output is the end of the broker: nobody needs to wait any longer.

    def _write_properties(self):
        controller = f"{self._host}:{self._controller_port}"
        listeners = advertised = f"PLAINTEXT://{self.address},CONTROLLER://{controller}"
        if self._proxy:
            listeners += f",PROXIED://{self._host}:{self.behind}"
            advertised += f",PROXIED://{self._proxy}"
        own = {
            "listeners": listeners,
            "advertised.listeners": advertised,
            "listener.security.protocol.map":
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,PROXIED:PLAINTEXT,SECURE:SSL,LOGIN:SASL_SSL",
            "controller.quorum.bootstrap.servers": controller,
            "log.dirs": self._folder / "data",
        }
        if self._authority:
            listeners += f",SECURE://{self.secure_address}"
            own |= _security(self._authority)
            if self._users:
                listeners += f",LOGIN://{self.login_address}"
                own |= _login(self._users)
            own["listeners"] = own["advertised.listeners"] = listeners
        text = (FILES / "server.properties").read_text()
        text += "".join(f"{key}={value}\n" for key, value in {**own, **self._own_properties}.items())
        (self._folder / "server.properties").write_text(text)

    def _format(self):
        command = _java(["-Xmx256m"], "kafka.tools.StorageTool", "format", "--standalone",
                        "-t", "fleet-edge-tests-cluste", "-c", self._folder / "server.properties")
        done = subprocess.run(command, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            raise RuntimeError(f"Kafka's storage could not be formatted:\n{done.stdout}")


    def _tool(self, main, *arguments):
        command = self._under + _java(["-Xmx128m"], main, "--bootstrap-server", self.address, *arguments)
        done = subprocess.run(command, stdin=subprocess.DEVNULL, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            raise RuntimeError(f"{main} failed:\n{done.stdout}")


def _security(authority):
    """Who comes without a certificate is the test itself, which may do anything."""
    stores = {"keystore": authority.file("broker.pem"), "truststore": authority.file("ca.pem")}
    own = {f"listener.name.{name}.ssl.{store}.location": file for name in ("secure", "login")
           for store, file in stores.items()}
    own |= {f"listener.name.{name}.ssl.{store}.type": "PEM" for name in ("secure", "login") for store in stores}
    return own | {
        "listener.name.secure.ssl.client.auth": "required",
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "super.users": "User:ANONYMOUS",
    }


def _login(users):
    known = " ".join(f'user_{name}="{password}"' for name, password in users.items())
    return {
        "sasl.enabled.mechanisms": "PLAIN",
        "listener.name.login.plain.sasl.jaas.config":
            f"org.apache.kafka.common.security.plain.PlainLoginModule required {known};",
    }


def _writer(name):
    return "--allow-principal", f"User:CN={name}", "--producer", "--topic", "*"


def _java(options, main, *arguments):
    classes = ":".join(str(jar) for jar in sorted((HOME / "lib").glob("*.jar")))
    shared = [f"-XX:SharedArchiveFile={ARCHIVE}", "-Xshare:auto", "-Xlog:disable"] if ARCHIVE.exists() else []
    return (["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", *shared, *options,
             f"-Dlog4j2.configurationFile={FILES / 'log4j2.properties'}", "-cp", classes, main]
            + [str(argument) for argument in arguments])


def _free_ports(port):
    """The broker's port, the controller's, that behind a proxy, and that for logins. All are held while they are
    chosen, so they differ."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(4)]
        sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        for number, one in enumerate(sockets):
            one.bind(("127.0.0.1", (port or 0) if number == 0 else 0))
        return [one.getsockname()[1] for one in sockets]


def _make_archive():
    """Dumps the classes that a broker loads, which halves the time it takes to start (AppCDS)."""
    ARCHIVE.unlink(missing_ok=True)
    with Kafka(jvm_options=[f"-XX:ArchiveClassesAtExit={ARCHIVE}", "-Xlog:disable"]):
        pass


def _main():
    parser = argparse.ArgumentParser(description="Runs a Kafka broker on 127.0.0.1 until Ctrl-C.")
    parser.add_argument("--port", type=int, help="default: a free one")
    parser.add_argument("--make-archive", action="store_true", help="prepare a faster start, and end")
    arguments = parser.parse_args()
    if arguments.make_archive:
        _make_archive()
        return
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Kafka(arguments.port) as kafka:
        print(kafka.address, flush=True)
        try:
            kafka.wait()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    _main()
