"""An agent's status page whose answers a test changes on their way to the browser."""

import http.client
import http.server
import json
import threading

PATIENCE = 30  # seconds


class Retold:
    """`with Retold(port) as page:` serves what the agent at `port` serves, from `page.port`.

    `page.change(start, news)` is called with each /page.json and each of the /events, one of the two None; what it does to
    them is what the browser gets. `page.story` is told instead of the agent's own events when there is one: a function that
    makes an iterable of them out of the agent's first.
    """

    def __init__(self, port):
        self.change = lambda start, news: None
        self.story = None
        self._agent = port

    def __enter__(self):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                outer._answer(self)

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, browser):
        agent = http.client.HTTPConnection("127.0.0.1", self._agent, timeout=PATIENCE)
        try:
            agent.request("GET", browser.path)
            answer = agent.getresponse()
            browser.send_response(answer.status)
            for name, value in answer.getheaders():
                if name != "Content-Length":
                    browser.send_header(name, value)
            browser.end_headers()
            if browser.path == "/events":
                self._tell(browser, answer)
            elif browser.path == "/page.json":
                start = json.load(answer)
                self.change(start, None)
                browser.wfile.write(json.dumps(start).encode())
            else:
                browser.wfile.write(answer.read())
        except OSError:
            pass  # the browser or the agent went
        finally:
            agent.close()
            browser.close_connection = True

    def _tell(self, browser, answer):
        for line in answer:
            if not line.startswith(b"data: "):
                continue
            first = json.loads(line[6:])
            for news in self.story(first) if self.story else [first]:
                self.change(None, news)
                browser.wfile.write(b"data: " + json.dumps(news).encode() + b"\n\n")
