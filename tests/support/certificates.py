"""A certificate authority of a test's own, by openssl."""

import pathlib
import subprocess


class Authority:
    """Its certificate is file("ca.pem"); all files are in `folder`, which it makes."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self._folder.mkdir()
        _openssl("req", "-x509", *self._new_key("ca"), "-out", self.file("ca.pem"), "-days", 365)

    def file(self, name):
        return self._folder / name

    def issue(self, name, days=365):
        """Writes NAME.key, and NAME.pem with key and certificate, which has expired if `days` are negative. Servers
        with it are on this machine."""
        _openssl("req", *self._new_key(name), "-out", self.file(f"{name}.csr"), "-addext",
                 "subjectAltName=IP:127.0.0.1")
        certificate = _openssl("x509", "-req", "-in", self.file(f"{name}.csr"), "-CA", self.file("ca.pem"), "-CAkey",
                               self.file("ca.key"), "-copy_extensions", "copy", "-days", days)
        self.file(f"{name}.pem").write_text(self.file(f"{name}.key").read_text() + certificate)

    def _new_key(self, name):
        return "-newkey", "rsa:2048", "-nodes", "-keyout", self.file(f"{name}.key"), "-subj", f"/CN={name}"


def _openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"openssl {arguments[0]} failed:\n{done.stderr}")
    return done.stdout
