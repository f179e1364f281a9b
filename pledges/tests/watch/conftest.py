"""A small web of our own: pages that behave and misbehave, on a port of the loopback."""

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Site:
    """Answers from `pages` (path -> (status, headers, body) or a function of the handler); notes requests."""

    def __init__(self):
        site = self
        self.pages = {}
        self.requests = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                site.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                page = site.pages[self.path]
                if callable(page):
                    page(self)
                    return
                status, headers, body = page
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def new_site():
    sites = []

    def make():
        sites.append(Site())
        return sites[-1]

    yield make
    for one in sites:
        one.close()


@pytest.fixture
def site(new_site):
    return new_site()


def drip(handler):
    """A page that never ends: one byte every 50 ms, so that no timeout between bytes ever strikes."""
    handler.send_response(200)
    handler.send_header("Connection", "close")
    handler.end_headers()
    for _ in range(200):
        try:
            handler.wfile.write(b".")
        except OSError:
            return
        time.sleep(0.05)
