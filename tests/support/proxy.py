"""A TCP proxy that does to a connection what a bad link does."""

import socket
import struct
import threading


class Proxy:
    """Leads 127.0.0.1:`port` to 127.0.0.1:`target`, which may be set and changed at any time. Any thread."""

    def __init__(self):
        self.target = None
        self.cuts = 0  # connections that were cut after so many bytes of answers
        self._cut = threading.Event()
        self._carries = threading.Event()
        self._carries.set()
        self._lock = threading.Lock()
        self._links = []
        self._answers_left = None  # bytes; None: no limit
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._listener.close()
        self._carries.set()
        self.reset()

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def cut_after(self, answers):
        """The first connection that has carried so many more bytes of answers is reset, with the rest unsent."""
        with self._lock:
            self._answers_left = answers
            self._cut.clear()

    def wait_for_cut(self, seconds):
        """True once it has come to that."""
        return self._cut.wait(seconds)

    def swallow(self, swallow):
        """Connections stay, or come about, and carry nothing; what was sent meanwhile arrives afterwards."""
        (self._carries.clear if swallow else self._carries.set)()

    def reset(self):
        """Resets every connection."""
        with self._lock:
            links, self._links = self._links, []
        for link in links:
            for end in link:
                _reset(end)

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target))
            except (OSError, TypeError):
                _reset(client)
                continue
            with self._lock:
                self._links.append((client, server))
            threading.Thread(target=self._carry, args=(client, server, False), daemon=True).start()
            threading.Thread(target=self._carry, args=(server, client, True), daemon=True).start()

    def _carry(self, source, sink, answers):
        try:
            while data := source.recv(65536):
                self._carries.wait()
                if answers and not self._may_pass(data, sink):
                    break
                sink.sendall(data)
        except OSError:
            pass
        _reset(source)
        _reset(sink)

    def _may_pass(self, data, sink):
        """False when it is here that the connection is cut; what comes before the cut is passed on."""
        with self._lock:
            if self._answers_left is None:
                return True
            passes = min(len(data), self._answers_left)
            self._answers_left -= passes
            if passes == len(data):
                return True
            self._answers_left = None
            self.cuts += 1
        sink.sendall(data[:passes])
        self._cut.set()
        return False


def _reset(end):
    """Closes with RST, and wakes who reads from it."""
    try:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        end.shutdown(socket.SHUT_RD)
    except OSError:
        pass
    end.close()
