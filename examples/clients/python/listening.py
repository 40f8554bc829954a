"""The redirect URI of a program on one's own machine: takes one callback, and is gone."""

import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urljoin, urlsplit


class Listener:
    """Listens from the moment it is made. ``wait`` gives the callback's whole address; TimeoutError, in seconds."""

    def __init__(self, redirect_uri):
        expected = urlsplit(redirect_uri)
        arrived = self.arrived = queue.SimpleQueue()

        class Callback(BaseHTTPRequestHandler):
            timeout = 2  # a browser may open a connection and say nothing

            def do_GET(self):
                found = urlsplit(self.path).path == expected.path
                self.send_response(200 if found else 404)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Referrer-Policy", "no-referrer")
                self.end_headers()
                self.wfile.write(b"You can close this window." if found else b"Not here.")
                if found:
                    arrived.put(urljoin(redirect_uri, self.path))

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer((expected.hostname, expected.port), Callback)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def wait(self, seconds):
        try:
            return self.arrived.get(timeout=seconds)
        except queue.Empty:
            raise TimeoutError("nobody came back from the sign-in page") from None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
