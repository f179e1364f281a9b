"""Local feeds, each on a host of its own (127.1.0.1, 127.1.0.2, …), served by one fast server.

`python -m bench.serving PORT ENTRIES FEEDS` serves /feed (with an ETag, and 304 for it), /story/N and /robots.txt
(404), all generated beforehand. /control?latency=0.2&version=2 sets the delay of every response and the version of the
feeds; with spread=1 each host has its own delay, between nothing and twice the latency.
"""

import asyncio
import sys
from typing import cast
from urllib.parse import parse_qs, urlsplit

FILLER = (
    "The minister told reporters on Monday that work on the road between the two ports goes on as planned, and that "
    "the money for it stands in this year&#39;s budget; the opposition asked for the contracts to be published."
)


def host_of(number: int) -> str:
    """The address of feed `number`, from 0."""
    return f"127.1.{(number + 1) // 256}.{(number + 1) % 256}"


def feed(origin: str, entries: int, version: int) -> bytes:
    """An RSS feed like those of newspapers, with some HTML in its descriptions."""
    items = "".join(
        f"<item><title>Report {n} of {origin[7:]}: works &amp; budgets &#8211; an update</title>"
        f"<link>{origin}/story/{n}?utm_source=rss</link><guid isPermaLink='false'>{origin}/?p={n}</guid>"
        f"<pubDate>Mon, {1 + n % 28:02} Jul 2024 {n % 24:02}:15:00 +0000</pubDate><category>Politics</category>"
        f"<description><![CDATA[<p><img src='/i/{n}.jpg'>{FILLER}</p><p><a href='{origin}/story/{n}'>Read on</a></p>]]>"
        "</description></item>"
        for n in range(entries * (version - 1), entries * version)
    )
    return (
        "<?xml version='1.0' encoding='UTF-8'?><rss version='2.0'><channel><title>The Daily "
        f"{origin[7:]}</title><link>{origin}/</link><description>News</description><language>en</language>"
        f"{items}</channel></rss>"
    ).encode()


def story(number: str) -> bytes:
    """The HTML page of an article."""
    text = "".join(f"<p>{FILLER} It was report {number}, paragraph {n}.</p>" for n in range(6))
    return (
        f"<!doctype html><html lang='en'><head><title>Report {number}</title></head><body><main><article>"
        f"<h1>Report {number}</h1>{text}</article></main></body></html>"
    ).encode()


def response(status: str, body: bytes = b"", *headers: str) -> bytes:
    """A complete HTTP response."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class Connection(asyncio.Protocol):
    """One connection; settings and generated responses are shared by all."""

    feeds: dict[tuple[str, int], tuple[bytes, bytes]] = {}  # by host and version: in full, and 304
    latency, spread, version, entries, port, requests = 0.0, 0, 1, 30, 0, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.data = cast(asyncio.Transport, transport), b""
        self.host = transport.get_extra_info("sockname")[0]

    def data_received(self, data: bytes) -> None:
        self.data += data
        while b"\r\n\r\n" in self.data:
            head, _, self.data = self.data.partition(b"\r\n\r\n")
            self.respond(head)

    def respond(self, head: bytes) -> None:
        """Send the response to a request, after the host's delay."""
        Connection.requests += 1
        path = head.split(b" ", 2)[1]
        if path.startswith(b"/control"):
            query = parse_qs(urlsplit(path.decode()).query)
            Connection.latency = float(query.get("latency", [Connection.latency])[0])
            Connection.spread = int(query.get("spread", [Connection.spread])[0])
            Connection.version = int(query.get("version", [Connection.version])[0])
            self.send(response("200 OK", str(Connection.requests).encode()), b"close" in head.lower())
            return
        data = self.resource(path, head)
        close = b"connection: close" in head.lower()
        if delay := Connection.latency:
            if Connection.spread:
                delay *= int(self.host.rpartition(".")[2]) % 20 / 10
            asyncio.get_running_loop().call_later(delay, self.send, data, close)
        else:
            self.send(data, close)

    def send(self, data: bytes, close: bool) -> None:
        if not self.transport.is_closing():
            self.transport.write(data)
            if close:
                self.transport.close()

    def resource(self, path: bytes, head: bytes) -> bytes:
        """The response for a path."""
        if path == b"/feed":
            full, not_modified = feed_responses(self.host, Connection.version)
            known = f'if-none-match: "v{Connection.version}"'.encode() in head.lower()
            return not_modified if known else full
        if path.startswith(b"/story/"):
            return response("200 OK", story(path.decode().removeprefix("/story/")), "Content-Type: text/html")
        return response("404 Not Found")


def feed_responses(host: str, version: int) -> tuple[bytes, bytes]:
    """The responses of a host's feed, in full and 304, generated once for each version."""
    key = (host, version)
    if key not in Connection.feeds:
        body = feed(f"http://{host}:{Connection.port}", Connection.entries, version)
        etag, content_type = f'ETag: "v{version}"', "Content-Type: application/rss+xml; charset=utf-8"
        Connection.feeds[key] = response("200 OK", body, content_type, etag), response("304 Not Modified", b"", etag)
    return Connection.feeds[key]


async def serve(port: int, entries: int, feeds: int) -> None:
    """Serve until the process is killed."""
    Connection.port, Connection.entries = port, entries
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "0.0.0.0", port, backlog=2048, reuse_port=False)
    for number in range(feeds):  # beforehand, so that it is not measured
        feed_responses(host_of(number), Connection.version)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
