"""A day in the life of the watch: `python -m bench.day [--minutes 30]`.

Sites of every temper, read over real HTTP by the watch's own tasks into PostgreSQL, for a day that is over in a minute:
after each step all that the rows remember is moved into the past by as much. Prints, for each source, how often it was
asked, what it brought, and what the health page says of it in the evening.
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


@dataclass
class Site:
    """One source's site, a host of its own; `answer(hour)` gives status, headers and body of /feed at that hour.

    A body of None is never finished. `paths` holds what else it serves.
    """

    name: str
    answer: Callable[["Site", float], tuple[int, dict[str, str], bytes | None]]
    expect: str
    paths: dict[str, tuple[int, dict[str, str], bytes]] = field(default_factory=dict)
    hour: float = 0.0
    asked: int = 0
    origin: str = ""

    def start(self) -> "Site":
        """Serve on a port of the loopback."""
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                if self.path in site.paths:
                    status, headers, body = site.paths[self.path]
                elif self.path == "/feed":
                    site.asked += 1
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

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.handle_error = lambda *_arguments: None  # it is hung up on, and that is meant
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


def press() -> Iterator[Site]:
    """The sites of the day, each with a part of what is to be said of it in the evening."""
    yield Site("new: an item every half hour", lambda s, h: good(s, 3 + int(h * 2)), "Good.")
    yield Site("changed: the same item, another headline", _changed, "Good.")
    yield Site("seldom: two items a day", lambda s, h: good(s, 3 + int(h / 12)), "Good.")
    yield Site("without an ETag", lambda s, h: (200, {}, atom(s, 3 + int(h))), "Good.")
    yield Site("moved at noon, for good", _moved, "Moved on")
    yield Site("gone at ten", lambda s, h: good(s, 5) if h < 10 else (410, {}, b""), "Gone for good")
    yield Site("slow: it drips and never ends", lambda s, h: (200, {}, None), "did not answer fully")
    yield Site("huge: eight megabytes", lambda s, h: (200, {}, b"<feed>" + b"x" * 8_000_000), "larger than")
    yield Site("a bomb: fifty megabytes out of two hundred kilobytes", _bomb, "larger than")
    yield Site("malformed: cut off in the middle", _cut, "Good.")
    yield Site("no feed: an HTML page", lambda s, h: (200, {}, b"<html><h1>News</h1></html>"), "HTML page")
    yield Site("empty", lambda s, h: (200, {}, b""), "nothing at all")
    yield Site("hostile: sends us to the metadata service", _hostile, "not allowed")
    yield Site("hostile: entities that multiply", _entities, "")
    yield Site("lies about its charset", _liar, "Good.")
    yield Site("429 with Retry-After, all day", _busy, "less often (429)")
    yield Site("5xx from eight to ten", lambda s, h: (503, {}, b"") if 8 <= h < 10 else good(s, 3 + int(h)), "Good.")
    rules: dict[str, tuple[int, dict[str, str], bytes]] = {
        "/robots.txt": (200, {}, b"User-agent: *\nDisallow: /feed\n")
    }
    yield Site("robots.txt says no", lambda s, h: good(s, 3), "robots.txt asks", rules)
    yield Site("down from six on", lambda s, h: good(s, 3 + int(h)), "could not be reached")
    yield Site("fell silent: an item every ten minutes, none for two days", lambda s, h: good(s, 4), "Unusually silent")


def _changed(site: Site, hour: float) -> tuple[int, dict[str, str], bytes]:
    return 200, {"ETag": f'"{int(hour)}"'}, atom(site, 3, title=f"Updated at {int(hour)} o'clock:")


def _moved(site: Site, hour: float) -> tuple[int, dict[str, str], bytes]:
    site.paths["/new-feed"] = good(site, 3 + int(hour))
    return good(site, 3 + int(hour)) if hour < 12 else (301, {"Location": "/new-feed"}, b"")


def _bomb(_site: Site, _hour: float) -> tuple[int, dict[str, str], bytes]:
    return 200, {"Content-Encoding": "gzip"}, BOMB


def _cut(site: Site, hour: float) -> tuple[int, dict[str, str], bytes]:
    return 200, {}, atom(site, 3 + int(hour / 6))[:-60]


def _hostile(_site: Site, _hour: float) -> tuple[int, dict[str, str], bytes]:
    return 302, {"Location": "http://169.254.169.254/latest/meta-data/"}, b""


def _entities(site: Site, _hour: float) -> tuple[int, dict[str, str], bytes]:
    lols = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    body = atom(site, 3, title="&l9;").split(b"?>", 1)[1]
    return 200, {}, f'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY l0 "lol">{lols}]>'.encode() + body


def _liar(site: Site, hour: float) -> tuple[int, dict[str, str], bytes]:
    body = atom(site, 3 + int(hour / 4), title="Señal de Quito", charset="iso-8859-1")
    return 200, {"Content-Type": "application/atom+xml; charset=us-ascii"}, body  # and it is UTF-8


def _busy(_site: Site, _hour: float) -> tuple[int, dict[str, str], bytes]:
    return 429, {"Retry-After": "7200"}, b""


BOMB = gzip.compress(bytes(50_000_000), 1)


@dataclass(frozen=True)
class Line:
    """What is said of a source in the evening."""

    name: str
    asked: int
    articles: int
    state: str
    said: str
    expect: str


def live(sites: list[Site], *, minutes: int, hours: int = 24) -> list[Line]:
    """Let the day pass in steps of so many minutes, and look at each source's health in the evening."""
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
        past(Source, Host, minutes)
        if step == 0:  # it used to publish, and has not for two days
            silent = timezone.now() - timedelta(days=1)
            Source.objects.filter(pk__in=quiet).update(usual_gap_minutes=10, last_item_at=silent)
    counts = dict(Article.objects.values_list("source").annotate(Count("pk")))
    lines = []
    for site in sites:
        source = Source.objects.get(pk=rows[site.name].pk)
        found = source_health.of(source)
        lines.append(Line(site.name, site.asked, counts.get(source.pk, 0), found.state, found.sentence, site.expect))
    return lines


def past(source, host, minutes: int) -> None:
    """Move what the rows remember into the past: so much time goes by."""
    from django.db.models import F

    for model, names in (
        (source, ("next_due_at", "last_attempt_at", "last_success_at", "failing_since", "last_item_at", "gone_at")),
        (source, ("moved_at",)),
        (host, ("next_request_at", "robots_read_at")),
    ):
        model.objects.update(**{name: F(name) - timedelta(minutes=minutes) for name in names})


def table(lines: list[Line]) -> str:
    """The day in words."""
    rows = [f"{'':58} asked  articles"]
    for line in lines:
        rows += [f"{line.name:58} {line.asked:5} {line.articles:9}", f"    {line.state}: {line.said}"]
    return "\n".join(rows)


def main() -> int:
    """Live through a day; 1 if something else is said of a source than should be."""
    from bench.running import Tracker

    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=int, default=30, help="of one step")
    chosen = options.parse_args()
    sites = [site.start() for site in press()]
    # What drips is cut off after two seconds instead of thirty, so that the day is over soon.
    settings = {"WATCH_HOST_DELAY_SECONDS": "0", "WATCH_FETCH_SECONDS": "2"}
    with Tracker([site.origin for site in sites], **settings):
        lines = live(sites, minutes=chosen.minutes)
    print(table(lines))
    wrong = [line.name for line in lines if line.expect not in line.said]
    print(f"said otherwise than expected: {', '.join(wrong) or 'none'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
