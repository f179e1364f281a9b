"""Hostile answers of others: feeds, sitemaps, pages, documents, figures, archives, webhooks, models, robots.txt.

Each strategy gives a function without arguments that does what a worker does with the answer. It returns whether the
answer was refused in words; everything else that it raises, or logs as an error, is a fault.
"""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone
from hypothesis import strategies as st

from bench import hostile_values as values
from bench.hostile_requests import table, workbook
from pledges import models
from pledges.actions.readings import record_readings
from pledges.domain.destinations import NotSent
from pledges.domain.messages import UserFacingError
from pledges.jobs import polling, reading, webhooks
from pledges.watch import discovery, extraction, isolation
from pledges.watch.extraction import document_reader, llm_review
from pledges.watch.matching import lead_opinion
from pledges.watch.sources import articles
from pledges.watch.web import client, endpoint, redirects, responses, robots, wayback

DATA = Path(__file__).resolve().parent.parent / "pledges" / "tests" / "data"
TYPES = (
    *(
        "text/xml; charset=utf-8",
        "application/rss+xml",
        "application/json",
        "text/html; charset=hex",
        "",
        "x/y; charset=",
    ),
    *("text/html; charset=utf-16", "text/csv", "application/pdf", "text/plain; charset=utf-7", "\xff"),
)
NAMES = ("location", "refresh", "retry-after", "content-encoding", "content-type", "etag", "last-modified", "link", "x")
URL = "https://daily.example/news/1"
PAGE = (
    '<html lang="en"><head><title>Prison</title><meta property="article:published_time" content="2024-07-01T15:00:00Z">'
    '<link rel="alternate" type="application/rss+xml" href="/feed"><script type="application/ld+json">{"@type":'
    '"NewsArticle","datePublished":"2024-07-01"}</script></head><body><article><h1>Prison</h1>'
    + "<p>Work on the new prison began on Monday, the minister said, and the government will build two more.</p>" * 5
    + "</article></body></html>"
).encode()


@dataclass(frozen=True)
class Answer:
    """An answer by its kind, with what a worker does with it."""

    kind: str
    shown: str
    act: Callable[[], bool]

    def __str__(self) -> str:
        return f"{self.kind} {self.shown}"


def _files(*patterns: str) -> list[bytes]:
    return [file.read_bytes() for pattern in patterns for file in sorted(DATA.glob(pattern))]


def feed_bodies() -> list[bytes]:
    """Feeds as the wild has them, sitemaps, and such as are made to burst."""
    return [*_files("feeds/*.xml", "feeds/*.json", "sitemaps/*", "gdelt/*"), *values.XML_BOMBS]


def table_bodies() -> list[bytes]:
    """Tables in each form that is taken."""
    rows = (("Year", "Rate"), ("2022", "3,5"), ("2023", "1.234,5"), ("2024", "7"))
    topics = (("slug", "name_en", "name_es"), ("ports", "Ports", "Puertos"))
    return [table(*rows), table(*topics), workbook(*rows), workbook(*topics), b'[{"slug": "ports", "name_en": "P"}]']


def document_bodies() -> list[bytes]:
    """Documents and pictures of each form that is taken."""
    png = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xff\xff\x00\x00\xff\xff\x08\x06\x00\x00\x00" + b"\x00" * 40
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    return [
        *_files("documents/*"),
        *_files("extraction/wire*.txt"),
        PAGE,
        png,
        svg,
        b"GIF89a\xff\xff\xff\xff",
        b"\xff\xd8\xff",
    ]


def _short(body: bytes) -> str:
    return repr(body if len(body) < 400 else body[:200] + b" ... " + body[-200:])


def _fetched(body: bytes, content_type: str, headers: dict[str, str]) -> client.Fetched:
    return client.Fetched(URL, 200, headers, body, content_type, "", "", False, "")


def sources(rows: dict[str, models.Source]) -> st.SearchStrategy[Answer]:
    """What a source of a kind answers, stored as a poll stores it. `rows` are sources by kind."""

    def make(kind: str, body: bytes, content_type: str) -> Answer:
        def act() -> bool:
            source = rows[kind]
            result = polling._parse(source, _fetched(body, content_type, {}))
            record_readings(readings=[result], now=timezone.now())
            return bool(result.failure)

        return Answer(f"source {kind}", f"{content_type} {_short(body)}", act)

    kinds = st.sampled_from(["feed", "feed", "feed", *rows])
    bodies = st.one_of(
        values.damaged(feed_bodies()), values.damaged([*feed_bodies(), *table_bodies(), PAGE]), st.binary(max_size=200)
    )
    return st.builds(make, kinds, bodies | values.any_json().map(values.as_json), st.sampled_from(TYPES))


def pages(article: models.Article) -> st.SearchStrategy[Answer]:
    """What the page of an article answers, read, stored and matched; and what an editor's address answers."""

    def make(body: bytes, content_type: str, look: bool) -> Answer:
        def read() -> bool:
            answer = _fetched(body, content_type, {})
            try:
                zone = timezone.get_default_timezone()
                page = isolation.call(articles.extract, body, url=URL, content_type=content_type, zone=zone)
                reading._store_and_match(article, page, answer)
            except Exception as error:
                reading._record_failure(article, error)
                return True
            return False

        def find() -> bool:
            isolation.call(discovery.discover, body, url=URL, content_type=content_type)
            return False

        return Answer("address" if look else "page", f"{content_type} {_short(body)}", find if look else read)

    bodies = values.damaged([PAGE, PAGE, *values.XML_BOMBS[-4:-2], *feed_bodies()[:8]]) | st.binary(max_size=200)
    return st.builds(make, bodies, st.sampled_from(TYPES), st.integers(0, 3).map(lambda n: n == 0))


def documents() -> st.SearchStrategy[Answer]:
    """A document in which pledges are looked for: whole archives with damaged parts, too."""
    archives = [body for body in document_bodies() if body.startswith(b"PK")]

    def make(body: bytes, name: str, content_type: str) -> Answer:
        def act() -> bool:
            hints = document_reader.DocumentHints(content_type=content_type, name=name, time_zone="UTC")
            try:
                document_reader.read(body, hints, seconds=10)
            except UserFacingError:
                return True
            return False

        return Answer("document", f"{name} {content_type} {_short(body)}", act)

    bodies = st.one_of(
        values.damaged(document_bodies()),
        values.damaged_parts(archives),
        values.damaged_parts([body for body in table_bodies() if body.startswith(b"PK")]),
    )
    names = st.sampled_from(("a.docx", "a.pdf", "a.html", "a.txt", "a", "a.xlsx"))
    return st.builds(make, bodies, names, st.sampled_from(TYPES))


class Port:
    """A server on the loopback that answers each connection with the same bytes, whatever was asked."""

    def __init__(self) -> None:
        self.answer = b""
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.origin = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _from = self.socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(1)
                try:
                    connection.recv(65_536)
                    connection.sendall(self.answer)
                except OSError:
                    pass

    def close(self) -> None:
        """Take no more connections."""
        self.socket.shutdown(socket.SHUT_RDWR)  # wakes the thread that waits for one
        self.socket.close()


def receivers(port: Port, delivery: models.Delivery) -> st.SearchStrategy[Answer]:
    """What a receiver of webhooks and any other server sends back: bytes that need not be HTTP."""
    line = st.sampled_from(
        (
            b"HTTP/1.1 200 OK",
            b"HTTP/1.1 410 Gone",
            b"HTTP/1.1 302 Found",
            b"HTTP/1.1 999 \xff",
            b"HTTP/9.9 -1",
            b"",
            b"HTTP/1.0",
            b"HTTP/1.1 204 No Content",
            b"HTTP/1.1 429 x",
            b"HTTP/1.1 503 x",
            b"HTTP/1.1 304 x",
            b"HTTP/1.1 100 Continue",
        )
    )
    header = st.tuples(st.sampled_from(NAMES), values.texts()).map(
        lambda pair: f"{pair[0]}: {pair[1][:3000]}".encode("utf-8", "replace")
    )

    def make(line: bytes, headers: list[bytes], body: bytes, post: bool) -> Answer:
        sent = b"\r\n".join([line, *headers, b"Connection: close", b"", body])

        def act() -> bool:
            port.answer = sent
            try:
                if post:
                    webhooks.send(delivery.destination, [delivery])
                else:
                    limits = client.Limits(max_bytes=100_000, total_seconds=1, connect_seconds=1, max_redirects=2)
                    got = client.fetch(
                        f"{port.origin}/", user_agent="x", allow_origins=frozenset({port.origin}), limits=limits
                    )
                    redirects.immediate_refresh(got)
            except (NotSent, client.FetchError):
                return True
            return False

        return Answer("receiver" if post else "server", repr(sent[:600]), act)

    return st.builds(make, line, st.lists(header, max_size=4), st.binary(max_size=100), st.booleans())


def headers() -> st.SearchStrategy[Answer]:
    """Headers and compressed bodies, and robots.txt, without a connection."""
    latin = values.texts().map(lambda text: text[:3000].encode("utf-8", "replace").decode("latin-1"))
    given = st.dictionaries(st.sampled_from(NAMES), latin | st.sampled_from(("gzip", "br", "zstd", "deflate, gzip")))
    bodies = st.one_of(
        values.damaged(
            [b"User-agent: *\nDisallow: /x\nCrawl-delay: 9\nSitemap: /s.xml\n", *values.archive_bombs()[-2:]]
        ),
        st.binary(max_size=100),
    )

    def make(status: int, headers: dict[str, str], body: bytes) -> Answer:
        def act() -> bool:
            asked = responses.Request("https://daily.example/robots.txt")
            if (address := redirects.location_of(status, headers)) or status == 301:
                try:
                    redirects.joined(asked.url, address)
                except ValueError:
                    return True
            try:
                got = responses.check_response(
                    request=asked,
                    limits=client.Limits(),
                    status=status,
                    headers=headers,
                    body=body,
                    url=asked.url,
                    permanent=True,
                )
            except client.FetchError:
                return True
            redirects.immediate_refresh(got)
            text = robots.text_of(got)
            robots.allows(text, asked.url)
            robots.delay(text)
            discovery.sitemaps_in(text, url=asked.url)
            return False

        return Answer("headers", f"{status} {headers!r:.400} {_short(body)}", act)

    return st.builds(make, st.sampled_from((200, 200, 200, 301, 302, 304, 404, 410, 429, 503, 0, 999)), given, bodies)


class _Says:
    """In place of an endpoint: the text of a model's answer."""

    url = "https://model.example/v1"

    def __init__(self, text: str) -> None:
        self.text = text

    def ask(self, *_args: Any, **_kwargs: Any) -> str:
        """The text."""
        return self.text


def models_and_archives() -> st.SearchStrategy[Answer]:
    """What models for second opinions and the Wayback Machine answer."""
    keys = ("about", "suggestion", "status", "cue", "why", "found", "missed", "n", "pledge", "sentence", "action")
    archive_keys = ("job_id", "status", "timestamp", "original_url", "status_ext", "message", "exception")
    known = st.sampled_from(
        ("change", "broken", 0, 1, 0.5, "success", "pending", "20240101000000", "We will build it.")
    )
    bodies = st.dictionaries(st.sampled_from((*keys, *archive_keys)), known | values.any_json(), max_size=6)
    text = st.one_of(
        bodies.map(values.as_json), values.any_json().map(values.as_json), st.sampled_from(values.XML_BOMBS[-2:])
    ).map(bytes.decode)
    document = "We will build it.\nWe will pay for the two new prisons by 2025."
    question = lead_opinion.Question(
        "Build", "Build it", {}, "in_progress", "t", timezone.localdate(), ("It was built.",)
    )

    def make(which: str, text: str, status: int) -> Answer:
        def act() -> bool:
            says: Any = _Says(text)
            if which == "opinion":
                return lead_opinion.ask(says, question) is None
            if which == "review":
                try:
                    llm_review.look(extraction.read(document, language="en").pledges, document, "en", says)
                except llm_review.SharpeningError:
                    return True
                return False
            archive = wayback.Archive(lambda *_asked: wayback.Answer(status, {"retry-after": text}, text.encode()))
            for ask in (archive.save, archive.saved):
                try:
                    ask("https://a.example/")
                except wayback.ArchiveError:
                    continue
            return False

        return Answer(which, text[:400], act)

    which = st.sampled_from(("opinion", "review", "archive"))
    assert endpoint.FAILURES
    return st.builds(make, which, text, st.sampled_from((200, 200, 401, 429, 500, 0)))
