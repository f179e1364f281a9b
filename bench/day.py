"""A simulated day of the watch: `python -m bench.day [--minutes 30]`.

Sites that behave well and badly are read over real HTTP by the watch's own tasks into PostgreSQL. The day is over in a
minute: after each step all times in the rows are moved into the past by the length of the step. For each source it
prints how often it was requested, how many articles it brought, and its state on the health page in the evening.
"""

import argparse
import gzip
import socketserver
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Model

    from pledges.models import Host, Source


@dataclass
class Site:
    """The site of one source, on a port of its own; `answer(site, hour)` is status, headers and body of /feed.

    A body of None never ends. `paths` has what else the site serves; `expect` is part of the source's state in the
    evening.
    """

    name: str
    answer: Callable[["Site", float], tuple[int, dict[str, str], bytes | None]]
    expect: str
    paths: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    hour: float = 0.0
    requests: int = 0
    origin: str = ""

    def start(self) -> "Site":
        """Serve on a free port of the loopback interface."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                body: bytes | None
                if self.path in site.paths:
                    status, headers, body = site.paths[self.path]
                elif self.path == "/feed":
                    site.requests += 1
                    status, headers, body = site.answer(site, site.hour)
                    if "ETag" in headers and self.headers.get("If-None-Match") == headers["ETag"]:
                        status, body = 304, b""
                else:
                    status, headers, body = 404, {}, b""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if body is None:
                    self.drip()
                    return
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def drip(self) -> None:
                self.send_header("Connection", "close")
                self.end_headers()
                for _ in range(1000):
                    try:
                        self.wfile.write(b".")
                    except OSError:
                        return
                    time.sleep(0.05)

            def log_message(self, *_arguments: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_arguments: object) -> None:
                """Clients that close the connection are expected."""

        self.server = Server(("127.0.0.1", 0), Handler)
        socketserver.ThreadingMixIn.block_on_close = False
        self.origin = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Refuse connections from now on."""
        self.server.shutdown()
        self.server.server_close()


def atom(site: Site, count: int, *, title: str = "Report", charset: str = "utf-8") -> bytes:
    """An Atom feed of the newest ten of `count` items."""
    entries = "".join(
        f"<entry><id>{site.origin}/{n}</id><title>{title} {n}</title><link href='{site.origin}/story/{n}'/>"
        f"<summary>Told in a few words: number {n}.</summary></entry>"
        for n in range(max(0, count - 10), count)
    )
    feed = f"<?xml version='1.0' encoding='{charset}'?><feed xmlns='http://www.w3.org/2005/Atom' xml:lang='es'>"
    return f"{feed}<title>{site.name}</title>{entries}</feed>".encode()


def good(site: Site, count: int, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """A feed of `count` items with its ETag."""
    return 200, {"Content-Type": "application/atom+xml", "ETag": f'"{count}"', **headers}, atom(site, count)


def sites_of_the_day() -> Iterator[Site]:
    """The sites of the day."""
    yield Site("new: an item every half hour", lambda s, h: good(s, 3 + int(h * 2)), "Good.")
    yield Site("changed: the same item, another headline", _changed, "Good.")
    yield Site("seldom: two items a day", lambda s, h: good(s, 3 + int(h / 12)), "Good.")
    yield Site("without an ETag", lambda s, h: (200, {}, atom(s, 3 + int(h))), "Good.")
    yield Site("moved permanently at noon", _moved, "Moved on")
    yield Site("gone at ten", lambda s, h: good(s, 5) if h < 10 else (410, {}, b""), "Gone for good")
    yield Site("slow: byte by byte, without end", lambda s, h: (200, {}, None), "did not answer fully")
    yield Site("huge: eight megabytes", lambda s, h: (200, {}, b"<feed>" + b"x" * 8_000_000), "larger than")
    yield Site("a gzip bomb: fifty megabytes from two hundred kilobytes", _bomb, "larger than")
    yield Site("malformed: cut off in the middle", _truncated, "Good.")
    yield Site("no feed: an HTML page", lambda s, h: (200, {}, b"<html><h1>News</h1></html>"), "HTML page")
    yield Site("empty", lambda s, h: (200, {}, b""), "nothing at all")
    yield Site("hostile: redirects to the cloud's metadata service", _redirect_inside, "not allowed")
    yield Site("hostile: exponential entities", _entities, "")
    yield Site("declares a wrong charset", _wrong_charset, "Good.")
    yield Site("429 with Retry-After, all day", _busy, "less often (429)")
    yield Site("5xx from eight to ten", lambda s, h: (503, {}, b"") if 8 <= h < 10 else good(s, 3 + int(h)), "Good.")
    rules: dict[str, tuple[int, dict[str, str], bytes]] = {
        "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /feed\n")
    }
    yield Site("disallowed by robots.txt", lambda s, h: good(s, 3), "robots.txt asks", rules)
    yield Site("down from six on", lambda s, h: good(s, 3 + int(h)), "could not be reached")
    yield Site("fell silent: an item every ten minutes, none for two days", lambda s, h: good(s, 4), "Unusually silent")


def _changed(site: Site, hour: float) -> tuple[int, dict[str, str], bytes]:
    return 200, {"ETag": f'"{int(hour)}"'}, atom(site, 3, title=f"Updated at {int(hour)} o'clock:")


def _moved(site: Site, hour: float) -> tuple[int, dict[str, str], bytes]:
    site.paths["/new-feed"] = good(site, 3 + int(hour))
    return good(site, 3 + int(hour)) if hour < 12 else (301, {"Location": "/new-feed"}, b"")


def _bomb(_site: Site, _hour: float) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Encoding": "gzip"}, BOMB


def _truncated(site: Site, hour: float) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, atom(site, 3 + int(hour / 6))[:-60]


def _redirect_inside(_site: Site, _hour: float) -> tuple[int, dict[str, str], bytes]:
    return 302, {"Location": "http://169.254.169.254/latest/meta-data/"}, b""


def _entities(site: Site, _hour: float) -> tuple[int, dict[str, str], bytes]:
    lols = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = atom(site, 3, title="&l9;").split(b"?>", 1)[1]
    return 200, {}, f'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY l0 "lol">{lols}]>'.encode() + body


def _wrong_charset(site: Site, hour: float) -> tuple[int, dict[str, str], bytes]:
    body = atom(site, 3 + int(hour / 4), title="Señal de Quito", charset="iso-8859-1")
    return 200, {"Content-Type": "application/atom+xml; charset=us-ascii"}, body  # and it is UTF-8


def _busy(_site: Site, _hour: float) -> tuple[int, dict[str, str], bytes]:
    return 429, {"Retry-After": "7200"}, b""


BOMB = gzip.compress(bytes(50_000_000), 1)


@dataclass(frozen=True)
class Line:
    """A source in the evening."""

    name: str
    requests: int
    articles: int
    state: str
    sentence: str
    expect: str


def live(sites: list[Site], *, minutes: int, hours: int = 24) -> list[Line]:
    """Let the day pass in steps of so many minutes; returns each source's state in the evening."""
    from django.db.models import Count
    from django.utils import timezone

    from pledges import jobs
    from pledges.jobs import source_health
    from pledges.models import Article, Host, Source

    rows = {
        site.name: Source.objects.create(name=site.name, publisher=site.name, url=f"{site.origin}/feed", language="es")
        for site in sites
    }
    quiet = [row.pk for name, row in rows.items() if name.startswith("fell silent")]
    for step in range(hours * 60 // minutes):
        for site in sites:
            site.hour = step * minutes / 60
            if site.name.startswith("down") and site.hour == 6:
                site.stop()
        jobs.read_sources()
        shift_times(Source, Host, minutes)
        if step == 0:  # it used to publish, and has not for two days
            silent = timezone.now() - timedelta(days=1)
            Source.objects.filter(pk__in=quiet).update(usual_gap_minutes=10, last_item_at=silent)
    counts = dict(Article.objects.values_list("source").annotate(Count("pk")))
    lines = []
    for site in sites:
        source = Source.objects.get(pk=rows[site.name].pk)
        health = source_health.of(source)
        articles = counts.get(source.pk, 0)
        lines.append(Line(site.name, site.requests, articles, health.state, health.sentence, site.expect))
    return lines


def shift_times(source: type["Source"], host: type["Host"], minutes: int) -> None:
    """Move all times in the rows into the past, as if this time had passed."""
    from django.db.models import F

    fields: list[tuple[type[Model], tuple[str, ...]]] = [
        (source, ("next_due_at", "last_attempt_at", "last_success_at", "failing_since", "last_item_at", "gone_at")),
        (source, ("moved_at",)),
        (host, ("next_request_at", "robots_read_at")),
    ]
    for model, names in fields:
        model._default_manager.update(**{name: F(name) - timedelta(minutes=minutes) for name in names})


def table(lines: list[Line]) -> str:
    """The lines as a text table."""
    rows = [f"{'':58} requests  articles"]
    for line in lines:
        rows += [f"{line.name:58} {line.requests:8} {line.articles:9}", f"    {line.state}: {line.sentence}"]
    return "\n".join(rows)


def main() -> int:
    """Run the day; 1 if a source's state is not the expected one."""
    from bench.running import Tracker

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, default=30, help="length of one step")
    options = parser.parse_args()
    sites = [site.start() for site in sites_of_the_day()]
    # A slow answer is cut off after two seconds instead of thirty, so that the day is over soon.
    settings = {"WATCH_HOST_DELAY_SECONDS": "0", "WATCH_FETCH_SECONDS": "2"}
    with Tracker([site.origin for site in sites], **settings):
        lines = live(sites, minutes=options.minutes)
    print(table(lines))
    wrong = [line.name for line in lines if line.expect not in line.sentence]
    print(f"not as expected: {', '.join(wrong) or 'none'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
