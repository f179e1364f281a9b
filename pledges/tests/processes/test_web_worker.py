"""The web worker on real sockets: slow clients hold up nobody, bodies have limits, and a stop loses no request."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from bench import slow_clients
from tracker import web_worker

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[3]
SECONDS = 60  # only what hangs is ended by these


class Server:
    """gunicorn with two threads, as the tracker's hooks configure it but for the application."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        worker = ["--worker-class", "tracker.web_worker.BufferingWorker", "--threads", "2", "--no-control-socket"]
        command = [sys.executable, "-m", "gunicorn", *worker, "--bind", f"127.0.0.1:{self.port}"]
        self.process = subprocess.Popen(
            [*command, "pledges.tests.support.small_site:application"], cwd=ROOT, stderr=subprocess.DEVNULL
        )
        while self.get("/") is None:
            assert self.process.poll() is None
            time.sleep(0.05)

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def get(self, path: str) -> int | None:
        """The status of a page; None if there is no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        return None

    def post(self, path: str, size: int, *, chunked: bool = False) -> tuple[int, str]:
        """Status and text of the answer to so many bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        with contextlib.closing(connection):
            body = iter([b"x" * size]) if chunked else b"x" * size
            connection.request("POST", path, body=body, encode_chunked=chunked)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def end(self) -> None:
        for process in (*psutil.Process(self.process.pid).children(), self.process):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        self.process.wait()


@pytest.fixture(scope="module")
def server():
    server = Server()
    yield server
    server.end()


def slow_clients_of(port: int) -> list[bytes]:
    """What each kind of slow client sends at first."""
    site = slow_clients.Site(f"http://127.0.0.1:{port}/", "/en/alerts/")
    promised = site.head("POST", "/en/alerts/", "Content-Length: 90000") + b"email="
    return [b"", b"GET / HTTP/1.1\r\nX-Slow: ", promised, site.head("GET", "/large")]


def test_slow_clients_hold_up_nobody_and_are_cut_off_in_time(server):
    connections = [(server.connect(), beginning) for beginning in slow_clients_of(server.port) for _ in range(8)]
    for connection, beginning in connections:
        connection.sendall(beginning)
    assert server.get("/") == 200
    for connection, beginning in connections:
        if beginning and b"/large" not in beginning:
            assert connection.recv(1) == b"", "a request that never ends is waited for without end"
        connection.close()


@pytest.mark.parametrize("chunked", [False, True], ids=["by its length", "in chunks"])
def test_a_body_is_as_large_as_its_address_takes(server, chunked):
    most = web_worker.PUBLIC.bytes - (100 if chunked else 0)  # what separates chunks counts
    assert server.post("/en/alerts/", most, chunked=chunked) == (200, str(most))
    status, page = server.post("/en/alerts/", web_worker.PUBLIC.bytes + 1, chunked=chunked)
    assert status == 413
    assert page == (ROOT / "static" / "large.html").read_text(encoding="utf-8")
    assert server.post("/admin/pledges/", 20_000_000, chunked=chunked) == (200, "20000000")


@pytest.mark.parametrize("path", ["/", "/stream", "/file"])
def test_an_answer_to_head_has_no_body_and_leaves_the_connection_to_the_next_request(server, path):
    with server.connect() as connection:
        connection.sendall(b"HEAD %s HTTP/1.1\r\nHost: x\r\n\r\n" % path.encode())
        head = connection.recv(65_536)
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert b"Connection: close" not in head
        assert (b"Content-Length: 1\r\n" in head) == (path != "/stream")
        connection.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = head + b"".join(iter(lambda: connection.recv(65_536), b""))
    _of_head, of_get, body = received.split(b"\r\n\r\n")
    assert of_get.startswith(b"HTTP/1.1 200 OK\r\n")
    assert body == b"0"


def test_what_has_not_changed_keeps_the_connection_unless_it_is_asked_to_close(server):
    asked = b'GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: "1"\r\n'
    with server.connect() as connection:
        connection.sendall(asked + b"\r\n")
        first = connection.recv(65_536)
        connection.sendall(asked + b"Connection: close\r\n\r\n")
        second = b"".join(iter(lambda: connection.recv(65_536), b""))
    with server.connect() as connection:
        connection.sendall(asked.replace(b"1.1", b"1.0") + b"\r\n")
        old = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert first.startswith(b"HTTP/1.1 304 ")
    assert b"Connection" not in first
    for answer in (second, old):
        assert answer.split(b" ")[1] == b"304"
        assert b"Connection: close" in answer


def test_a_stop_answers_what_has_begun_and_says_so_on_connections_that_are_kept():
    server = Server()
    try:
        begun, kept = (http.client.HTTPConnection("127.0.0.1", server.port, timeout=SECONDS) for _ in range(2))
        kept.request("GET", "/")
        kept.getresponse().read()
        begun.request("GET", "/slow")
        waiting = server.connect()
        time.sleep(0.2)  # it has begun
        server.process.send_signal(signal.SIGTERM)
        assert begun.getresponse().status == 200
        kept.request("GET", "/")
        answer = kept.getresponse()
        assert (answer.status, answer.getheader("Connection")) == (200, "close")
        assert server.process.wait(SECONDS) == 0
        assert waiting.recv(1) == b""
    finally:
        if server.process.poll() is None:
            server.end()


def test_a_worker_ends_with_its_master():
    server = Server()
    [worker] = psutil.Process(server.process.pid).children()
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    worker.wait(SECONDS)
