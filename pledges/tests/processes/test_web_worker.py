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
SESSION = f"{web_worker.SESSION_COOKIE}=made-up"
MB = 1_000_000


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
            connection.request("POST", path, body=body, headers={"Cookie": SESSION}, encode_chunked=chunked)
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


def request(method: str, path: str, *headers: str) -> bytes:
    """The first lines of a request, up to the end of its headers."""
    return slow_clients.Site("http://127.0.0.1/", "").head(method, path, *headers)


def slow_clients_of() -> list[bytes]:
    """What each kind of slow client sends at first."""
    promised = request("POST", "/en/alerts/", f"Content-Length: {slow_clients.PROMISED}") + b"email="
    return [b"", b"GET / HTTP/1.1\r\nX-Slow: ", promised, request("GET", "/large")]


def rest_of(connection: socket.socket) -> int:
    """How many bytes still come before the server closes the connection."""
    count = 0
    with contextlib.suppress(ConnectionResetError):
        while data := connection.recv(MB):
            count += len(data)
    return count


def answer_to(server: Server, data: bytes) -> bytes:
    """The first bytes that the server sends, and no more than its first packet."""
    with server.connect() as connection:
        connection.sendall(data)
        return connection.recv(100)


def test_slow_clients_hold_up_nobody_and_are_cut_off_in_time(server):
    connections = [(server.connect(), beginning) for beginning in slow_clients_of() for _ in range(8)]
    for connection, beginning in connections:
        connection.sendall(beginning)
    assert server.get("/") == 200
    for connection, beginning in connections:
        if beginning and b"/large" not in beginning:
            assert connection.recv(1) == b"", "a request that never ends is waited for without end"
        connection.close()


def test_what_clients_leave_has_a_limit_for_all_of_them(server):
    """Bodies that never end: those that left most for longest are closed, and another one has room."""
    size, count = 25 * MB, 1 + web_worker.HELD_BYTES // (25 * MB)
    bodies = [server.connect() for _ in range(count)]
    for connection in bodies:
        connection.sendall(request("POST", "/admin/pledges/", f"Cookie: {SESSION}", f"Content-Length: {size}"))
        with contextlib.suppress(OSError):  # the first may be closed meanwhile
            connection.sendall(b"x" * (size - 1))
    assert rest_of(bodies[0]) == 0
    bodies[-1].sendall(b"x")
    assert bodies[-1].recv(12) == b"HTTP/1.1 200"
    for connection in bodies:
        connection.close()


def test_answers_that_are_not_read_have_a_limit_for_all_of_them_and_hold_no_thread(server):
    """Ten answers of ten megabytes for each client: a thread that has more for it waits."""
    readers = [server.connect() for _ in range(3)]
    for connection in readers:
        connection.sendall(request("GET", "/large") * 10)
    assert server.get("/") == 200
    ports = {connection.getsockname()[1] for connection in readers}
    [worker] = psutil.Process(server.process.pid).children()
    end = time.monotonic() + SECONDS
    while any(each.raddr and each.raddr.port in ports for each in worker.net_connections("tcp")):
        assert time.monotonic() < end, "a client that does not read is waited for without end"
        time.sleep(0.05)
    for connection in readers:
        connection.close()


def test_the_largest_file_comes_through_beside_another_one():
    assert web_worker.DESK.bytes * 2 <= web_worker.HELD_BYTES


def test_files_are_taken_from_who_has_a_session(server):
    large = f"Content-Length: {web_worker.PUBLIC.bytes + 1}"
    assert answer_to(server, request("POST", "/admin/login/", large)).startswith(b"HTTP/1.1 413")
    assert server.post("/admin/login/", web_worker.PUBLIC.bytes + 1)[0] == 200


def test_who_asks_whether_to_continue_is_refused_at_once_or_answered(server):
    asked, large = "Expect: 100-continue", f"Content-Length: {web_worker.PUBLIC.bytes + 1}"
    assert answer_to(server, request("POST", "/en/alerts/", asked, large)).startswith(b"HTTP/1.1 413")
    assert answer_to(server, request("GET", "/", asked)).startswith(b"HTTP/1.1 200")
    assert answer_to(server, request("POST", "/", asked, "Content-Length: 5")).startswith(b"HTTP/1.1 100")


@pytest.mark.parametrize("beginning", [b"5;x=", b"0\r\nX-Trailer: "], ids=["the size of a chunk", "the trailer"])
def test_a_line_between_chunks_has_an_end(server, beginning):
    head = request("POST", "/admin/pledges/", f"Cookie: {SESSION}", "Transfer-Encoding: chunked")
    endless = beginning + b"x" * (web_worker.LINE_BYTES + 1)
    assert answer_to(server, head + endless).startswith(b"HTTP/1.1 400")


def test_each_connection_may_hold_a_second_file():
    assert web_worker.most_connections(1024) == (1024 - web_worker.OTHER_FILES) // 2
    assert web_worker.most_connections(10**6) == web_worker.CONNECTIONS


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
