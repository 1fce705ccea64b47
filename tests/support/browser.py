"""A headless Chromium, spoken to by the DevTools protocol over a pipe."""

import base64
import collections
import fcntl
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
PATIENCE = 30  # seconds for what takes one

_OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
            "--disable-extensions", "--disable-component-update", "--disable-dev-shm-usage", "--hide-scrollbars",
            "--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--force-color-profile=srgb")


class Browser:
    """`with Browser() as browser:` has one tab. What its pages complain of is in `complaints`, what they fetched in
    `responses`: {address: (status, bytes on the wire)}."""

    def __init__(self):
        self.complaints = []
        self.responses = collections.defaultdict(lambda: [0, 0])
        self._answers = {}
        self._requests = {}
        self._session = None
        self._number = 0
        self._changed = threading.Condition()

    def __enter__(self):
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        from_us, to_browser = os.pipe()
        from_browser, to_us = os.pipe()
        # It reads from 3 and writes to 4; ours are beyond them, whatever is open here.
        ends = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (from_us, to_us)]
        command = [PROGRAM, "--remote-debugging-pipe", f"--user-data-dir={self._profile.name}", *_OPTIONS]
        self._process = subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", "bash", "-c", f'exec "$@" 3<&{ends[0]} 4>&{ends[1]}', "browser", *command],
            pass_fds=ends, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for end in (from_us, to_us, *ends):
            os.close(end)
        self._out = os.fdopen(to_browser, "wb", buffering=0)
        self._in = os.fdopen(from_browser, "rb")
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        tab = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=tab, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        return self

    def __exit__(self, *_):
        self._session = None
        try:
            self.call("Browser.close")
        except (AssertionError, OSError):
            self._process.kill()
        self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        self._out.close()
        self._in.close()
        self._profile.cleanup()

    def call(self, method, **parameters):
        """The result of one method of the protocol."""
        with self._changed:
            self._number += 1
            number = self._number
        message = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        self._out.write(json.dumps(message).encode() + b"\0")
        with self._changed:
            if not self._changed.wait_for(lambda: number in self._answers, PATIENCE):
                raise AssertionError(f"the browser gave no answer to {method}")
            answer = self._answers.pop(number)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']['message']}")
        return answer["result"]

    def run(self, script):
        """The value of a JavaScript expression in the page; a promise's, once it has one."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(f"{script}: {answer['exceptionDetails']['exception'].get('description')}")
        return answer["result"].get("value")

    def wait_for(self, script, seconds=PATIENCE):
        """Returns when `script` is true, which the page looks at again after each change of it."""
        deadline = time.monotonic() + seconds
        waiting = (f"new Promise(done => {{ const look = () => Boolean({script});"
                   "const end = value => { watch.disconnect(); clearTimeout(late); done(value); };"
                   "const watch = new MutationObserver(() => { const value = look(); if (value) end(value); });"
                   f"const late = setTimeout(() => end(look()), {1000 * min(seconds, PATIENCE / 2):.0f});"
                   "watch.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});"
                   "const value = look(); if (value) end(value); })")
        while not self.run(waiting):
            if time.monotonic() >= deadline:
                raise AssertionError(f"not within {seconds} s: {script}\n{self.text()[:3000]}")

    def text(self):
        return self.run("document.body.innerText")

    def open(self, address):
        self.call("Page.navigate", url=address)
        self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'")

    def size(self, width, height, phone=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)

    def prefers(self, **features):
        """prefers(color_scheme="dark") and so on."""
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-" + name.replace("_", "-"), "value": value} for name, value in features.items()])

    def press(self, key, code=9):
        for kind in ("rawKeyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)

    def screenshot(self, whole=False):
        """The page, or what the window shows of it, as PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)["data"])

    def _read(self):
        pending = b""
        while chunk := self._in.read1(1 << 16):
            *messages, pending = (pending + chunk).split(b"\0")
            for message in messages:
                self._take(json.loads(message))

    def _take(self, message):
        with self._changed:
            if "id" in message:
                self._answers[message["id"]] = message
            else:
                self._note(message["method"], message["params"])
            self._changed.notify_all()

    def _note(self, method, event):
        if method == "Runtime.exceptionThrown":
            details = event["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled" and event["type"] in ("error", "warning", "assert"):
            self.complaints.append(" ".join(str(argument.get("value")) for argument in event["args"]))
        elif method == "Log.entryAdded" and event["entry"]["level"] in ("error", "warning"):
            self.complaints.append(f"{event['entry']['text']} {event['entry'].get('url', '')}")
        elif method == "Network.responseReceived":
            self._requests[event["requestId"]] = event["response"]["url"]
            self.responses[event["response"]["url"]][0] = event["response"]["status"]
        elif method == "Network.loadingFinished" and event["requestId"] in self._requests:
            self.responses[self._requests[event["requestId"]]][1] = int(event["encodedDataLength"])
