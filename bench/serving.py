"""A country's press on the loopback: each feed a host of its own (127.1.0.1, 127.1.0.2, …), one cheap server for all.

`python -m bench.serving PORT ENTRIES` answers /feed (with an ETag, and 304 to who has it), /story/N and /robots.txt
(there is none), all made beforehand. /control?latency=0.2&version=2 sets how long every answer waits, and which
version of the feeds is served; with spread=1 the hosts take between nothing and twice the latency, each its own time.
"""

import asyncio
import sys
from urllib.parse import parse_qs, urlsplit

FILLER = (
    "The minister told reporters on Monday that work on the road between the two ports goes on as planned, and that "
    "the money for it stands in this year&#39;s budget; the opposition asked for the contracts to be published."
)


def host_of(number: int) -> str:
    """The address of feed `number`, from 0."""
    return f"127.1.{(number + 1) // 256}.{(number + 1) % 256}"


def feed(origin: str, entries: int, version: int) -> bytes:
    """An RSS feed as newspapers have them, with some HTML in its descriptions."""
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
    """The page of an article."""
    text = "".join(f"<p>{FILLER} It was report {number}, paragraph {n}.</p>" for n in range(6))
    return (
        f"<!doctype html><html lang='en'><head><title>Report {number}</title></head><body><main><article>"
        f"<h1>Report {number}</h1>{text}</article></main></body></html>"
    ).encode()


def answer(status: str, body: bytes = b"", *headers: str) -> bytes:
    """A whole HTTP answer."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


class Press(asyncio.Protocol):
    """One connection; the answers are shared by all."""

    made: dict[tuple, bytes] = {}
    latency, spread, version, entries, port, asked = 0.0, 0, 1, 30, 0, 0

    def connection_made(self, transport: asyncio.Transport) -> None:
        self.transport, self.data = transport, b""

    def data_received(self, data: bytes) -> None:
        self.data += data
        while b"\r\n\r\n" in self.data:
            head, _, self.data = self.data.partition(b"\r\n\r\n")
            self.ask(head)

    def ask(self, head: bytes) -> None:
        Press.asked += 1
        path = head.split(b" ", 2)[1]
        if path.startswith(b"/control"):
            query = parse_qs(urlsplit(path.decode()).query)
            Press.latency = float(query.get("latency", [Press.latency])[0])
            Press.spread = int(query.get("spread", [Press.spread])[0])
            Press.version = int(query.get("version", [Press.version])[0])
            said = answer("200 OK", str(Press.asked).encode())
            self.say(said, b"close" in head.lower())
            return
        said = self.found(path, head)
        close = b"connection: close" in head.lower()
        if wait := Press.latency:
            if Press.spread:
                wait *= int(self.transport.get_extra_info("sockname")[0].rpartition(".")[2]) % 20 / 10
            asyncio.get_running_loop().call_later(wait, self.say, said, close)
        else:
            self.say(said, close)

    def say(self, said: bytes, close: bool) -> None:
        if not self.transport.is_closing():
            self.transport.write(said)
            if close:
                self.transport.close()

    def found(self, path: bytes, head: bytes) -> bytes:
        host = self.transport.get_extra_info("sockname")[0]
        if path == b"/feed":
            key = (host, Press.version)
            if key not in Press.made:
                body = feed(f"http://{host}:{Press.port}", Press.entries, Press.version)
                kind = "Content-Type: application/rss+xml; charset=utf-8"
                Press.made[key] = answer("200 OK", body, kind, f'ETag: "v{Press.version}"')
                Press.made[(*key, 304)] = answer("304 Not Modified", b"", f'ETag: "v{Press.version}"')
            known = f'if-none-match: "v{Press.version}"'.encode() in head.lower()
            return Press.made[(*key, 304)] if known else Press.made[key]
        if path.startswith(b"/story/"):
            return answer("200 OK", story(path.decode().removeprefix("/story/")), "Content-Type: text/html")
        return answer("404 Not Found")


async def serve(port: int, entries: int, feeds: int) -> None:
    """Answer until the process is ended."""
    Press.port, Press.entries = port, entries
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Press, "0.0.0.0", port, backlog=2048, reuse_port=False)
    for number in range(feeds):  # made beforehand, so that the making is nobody's time
        press = Press()
        press.transport = type("At", (), {"get_extra_info": lambda self, name, n=number: (host_of(n), port)})()
        press.found(b"/feed", b"")
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
