"""How a web server answers while slow clients hold connections to it.

`python -m bench.slow_clients http://127.0.0.1:8000/en/` opens sixteen connections of each kind in turn, holds them for
eight seconds, asks for the page anew every tenth of a second meanwhile, and prints how fast it came. An answer that
takes more than five seconds counts as none. Exits with 1 if a page did not come. Only for servers of your own.
"""

import argparse
import asyncio
import contextlib
import socket
import statistics
import sys
import time
from collections.abc import Callable, Coroutine
from urllib.parse import urlsplit

GIVE_UP, PAUSE, LEAD = 5.0, 0.1, 1.0  # seconds
PROMISED = 90_000  # bytes of a slow body: a form that tells it is larger than the site takes is refused at once
FILE, PIECE = 29_000_000, 2_000_000  # bytes of a file for the desk, and of what comes of it each second
# Requests of a client that does not read: together more than the kernel's buffers take. Until then they are work.
PIPELINED, PIPELINE_SECONDS = 400, 20


class Site:
    """The server that is asked, and the page."""

    def __init__(self, url: str, post_path: str) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.name, self.path, self.post_path = parts.netloc, parts.path or "/", post_path

    def head(self, method: str, path: str, *headers: str) -> bytes:
        """The first lines of a request, up to the end of its headers."""
        return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {self.name}", *headers, "", ""]).encode()

    async def connect(self, receive_buffer: int = 0) -> socket.socket:
        """A new connection; `receive_buffer` is the kernel's, in bytes."""
        connection = socket.socket()
        connection.setblocking(False)
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        await asyncio.get_running_loop().sock_connect(connection, (self.host, self.port))
        return connection

    async def get(self) -> float | None:
        """How many seconds the page took; None if it did not come."""
        start = time.perf_counter()
        try:
            async with asyncio.timeout(GIVE_UP):
                reader, writer = await asyncio.open_connection(self.host, self.port)
                writer.write(self.head("GET", self.path, "Connection: close"))
                answer = await reader.read(-1)
                writer.close()
        except OSError:  # TimeoutError is one
            return None
        return time.perf_counter() - start if answer.startswith(b"HTTP/1.1 200") else None


async def trickle(site: Site, beginning: bytes, then: bytes, piece: int = 1) -> None:
    """A client that sends its beginning at once and then a piece each second, again and again if it is cut off.

    Pieces are of one byte unless told otherwise.
    """
    loop = asyncio.get_running_loop()
    while True:
        with contextlib.suppress(OSError), await site.connect() as connection:
            await loop.sock_sendall(connection, beginning)
            for start in range(0, len(then), piece):
                await asyncio.sleep(1)
                await loop.sock_sendall(connection, then[start : start + piece])
            await loop.sock_recv(connection, 1)
        await asyncio.sleep(PAUSE)


async def idle(site: Site) -> None:
    """A client that says nothing."""
    await trickle(site, b"", b"")


async def slow_headers(site: Site) -> None:
    """A client whose headers take for ever."""
    await trickle(site, f"GET {site.path} HTTP/1.1\r\nHost: {site.name}\r\nX-Slow: ".encode(), b"x" * 3600)


async def slow_body(site: Site) -> None:
    """A client that promises a long form."""
    form = "Content-Type: application/x-www-form-urlencoded"
    await trickle(site, site.head("POST", site.post_path, form, f"Content-Length: {PROMISED}"), b"x" * PROMISED)


async def slow_file(site: Site) -> None:
    """A client that says it has a session at the desk, and takes its time for a large file without its last byte."""
    head = site.head("POST", "/admin/", "Cookie: sessionid=made-up", f"Content-Length: {FILE}")
    await trickle(site, head, b"x" * (FILE - 1), PIECE)


async def slow_chunks(site: Site) -> None:
    """A client that sends a form in chunks and does not say how long it is."""
    form = "Content-Type: application/x-www-form-urlencoded"
    beginning = site.head("POST", site.post_path, form, "Transfer-Encoding: chunked") + b"%x\r\n" % PROMISED
    await trickle(site, beginning, b"x" * PROMISED)


async def slow_reader(site: Site) -> None:
    """A client that asks for many pages and reads one byte a second."""
    loop = asyncio.get_running_loop()
    while True:
        with contextlib.suppress(OSError), await site.connect(receive_buffer=2048) as connection:
            await loop.sock_sendall(connection, site.head("GET", site.path) * PIPELINED)
            while await loop.sock_recv(connection, 1):
                await asyncio.sleep(1)
        await asyncio.sleep(PAUSE)


KINDS: dict[str, Callable[[Site], Coroutine[None, None, None]] | None] = {
    "none": None,
    "idle": idle,
    "slow headers": slow_headers,
    "slow body": slow_body,
    "slow file": slow_file,
    "slow chunks": slow_chunks,
    "slow reader": slow_reader,
}


async def measure(site: Site, kind: str, clients: int, seconds: float) -> list[float | None]:
    """The seconds that each page took while `clients` of a kind hold their connections; None for one that failed."""
    client = KINDS[kind]
    slow = [asyncio.create_task(client(site)) for _ in range(clients)] if client else []
    if slow:
        await asyncio.sleep(PIPELINE_SECONDS if client is slow_reader else LEAD)
    answers, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        answers.append(await site.get())
        await asyncio.sleep(PAUSE)
    for task in slow:
        task.cancel()
    await asyncio.gather(*slow, return_exceptions=True)
    return answers


def main() -> int:
    """Print the table; 1 if a page did not come, else 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="a page of a server on this machine")
    parser.add_argument("--post", default="/en/alerts/", help="the path that slow bodies are sent to")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--kinds", default=",".join(KINDS), help="comma-separated")
    options = parser.parse_args()
    site, failed = Site(options.url, options.post), 0
    print(f"{'clients':24} {'came':>5} {'failed':>7} {'median ms':>10} {'slowest ms':>11}")
    for kind in options.kinds.split(","):
        answers = asyncio.run(measure(site, kind, options.clients, options.seconds))
        came = [seconds * 1000 for seconds in answers if seconds is not None]
        failed += len(answers) - len(came)
        figures = f"{statistics.median(came):10.1f} {max(came):11.1f}" if came else f"{'-':>10} {'-':>11}"
        name = kind if KINDS[kind] is None else f"{options.clients} × {kind}"
        print(f"{name:24} {len(came):5} {len(answers) - len(came):7} {figures}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
