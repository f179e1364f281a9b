"""Hostile requests to every address, by role: paths, parameters, headers, cookies, forms, uploads, the API and MCP."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import quote, urlencode

import lxml.html
import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponseBase
from django.test import Client
from hypothesis import strategies as st

from bench import hostile_values as values
from pledges.tests.support.served import served_client

METHODS = ("GET", "GET", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# What pages read of a query, and the lists of the desk, and Django's admin and allauth.
PARAMETERS = (
    *("q", "topic", "institution", "mandate", "status", "deadline", "headline", "person", "since", "sort", "page"),
    *("on", "edition", "day", "from", "to", "from_edition", "to_edition", "week", "pledge", "lang", "entry", "seen"),
    *(
        "url",
        "theme",
        "width",
        "maxwidth",
        "maxheight",
        "format",
        "cursor",
        "limit",
        "fields",
        "series",
        "lang",
        "kind",
    ),
    *("state", "state__exact", "status__exact", "health", "o", "p", "all", "e", "_popup", "_to_field", "next", "ids"),
    *("lookup", "candidate", "by_hand", "until", "_changelist_filters", "pledge__id__exact", "id__in", "added", "app"),
)
HEADERS = (
    *("Accept", "Accept-Encoding", "Accept-Language", "Content-Type", "Cookie", "Forwarded", "Host", "HX-Request"),
    *("HX-Target", "HX-Current-URL", "HX-History-Restore-Request", "If-Match", "If-Modified-Since", "If-None-Match"),
    *("Origin", "Range", "Referer", "User-Agent", "X-CSRFToken", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP"),
    *("X-Forwarded-Proto", "X-HTTP-Method-Override", "Transfer-Encoding", "Content-Length", "Content-Encoding"),
    *("Mcp-Session-Id", "Mcp-Protocol-Version", "Authorization", "Sec-Fetch-Site", "Prefer", "TE", "Upgrade", "Via"),
)
HEADER_VALUES = (
    *("gzip;q=0", "gzip, " * 2000, "*;q=x", "en-" + "x" * 5000, "es;q=9" * 300, 'W/"x"', '"' * 500, "W/" * 999, "*"),
    *(
        "Sun, 99 Foo 2024 99:99:99 GMT",
        "bytes=0-18446744073709551616",
        "bytes=-1,-2,-3",
        "testserver:99999",
        "[::1",
        "a b",
    ),
    *(
        "testserver, evil.example",
        "null",
        "text/html; charset=nothing",
        "multipart/form-data",
        "multipart/form-data; boundary=",
    ),
    *(
        "application/json; charset=utf-32",
        "multipart/form-data; boundary=\x80",
        "chunked",
        "-1",
        "99999999999",
        "1.1.1.1, ::",
    ),
)
COOKIES = ("sessionid", "csrftoken", "django_language", "messages", "desk", "a\x00b", "", "$Version", "__Host-x")
URLENCODED = "application/x-www-form-urlencoded"


@cache
def _client() -> Client:
    """One for all requests: each of its own would set up all middleware anew."""
    return served_client(raise_request_exception=False)


@dataclass(frozen=True)
class Request:
    """One request as somebody of a role sends it. `query` and `data` are pairs; a body goes before data."""

    role: str
    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    data: tuple[tuple[str, Any], ...] = ()
    body: bytes | None = None
    content_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    cookies: tuple[tuple[str, str], ...] = ()
    session: str | None = field(default=None, repr=False)

    def send(self) -> HttpResponseBase:
        """The response; errors of views are in its `exc_info`."""
        client = _client()
        client.cookies.clear()
        if self.session:
            client.cookies["sessionid"] = self.session
        environ: dict[str, Any] = {
            f"HTTP_{name.upper().replace('-', '_')}": value.replace("\0", "")  # which the server refuses
            for name, value in self.headers
        }
        for name in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            if value := environ.pop(f"HTTP_{name}", None):
                environ[name] = value
        if self.cookies:
            environ["HTTP_COOKIE"] = "; ".join(
                [f"sessionid={self.session}", *(f"{name}={value}" for name, value in self.cookies)]
            )
        url = self.path + (f"?{encoded(self.query)}" if self.query else "")
        if self.body is not None:
            return client.generic(self.method, url, self.body, self.content_type, **environ)
        if any(isinstance(value, SimpleUploadedFile) for _name, value in self.data):
            for _name, value in self.data:
                if isinstance(value, SimpleUploadedFile):
                    value.seek(0)
            data: dict[str, list[Any]] = {}
            for name, value in self.data:
                data.setdefault(name, []).append(sendable(value) if isinstance(value, str) else value)
            return client.post(url, data, **environ)
        if self.method == "POST":
            return client.generic("POST", url, encoded(self.data).encode(), URLENCODED, **environ)
        return client.generic(self.method, url, **environ)

    def __str__(self) -> str:
        url = self.path + (f"?{encoded(self.query)}" if self.query else "")
        more = [repr(pair)[:300] for pair in (*self.headers, *self.cookies, *self.data)]
        body = [repr(self.body[:300])] if self.body is not None else []
        return " ".join([self.role, self.method, url[:600], *more, *body])[:1500]


def encoded(pairs: Iterable[tuple[str, str]]) -> str:
    """As a query, with surrogates as three bytes each."""
    return urlencode([(name, value) for name, value in pairs], errors="surrogatepass")


def sendable(text: str) -> str:
    """Without surrogates, which the test client cannot send in multipart forms and unquoted paths."""
    return text.encode("utf-8", "replace").decode()


@dataclass(frozen=True)
class Form:
    """A form of a page: where it is sent, what is in it, its buttons and its file fields."""

    action: str
    fields: tuple[tuple[str, str], ...]
    buttons: tuple[tuple[str, str], ...]
    files: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of its fields."""
        return tuple(name for name, _value in self.fields)


def forms_in(session: str | None, path: str) -> list[Form]:
    """The forms of a page that are sent by POST."""
    client = Client()
    if session:
        client.cookies["sessionid"] = session
    response = client.get(path, follow=True)
    if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
        return []
    here = response.redirect_chain[-1][0] if response.redirect_chain else path
    page = lxml.html.fromstring(response.content)
    forms = []
    for form in page.xpath("//form"):
        if form.method.upper() != "POST":
            continue
        fields = [(name, str(value or "")) for name, value in form.fields.items() if name]
        buttons = form.xpath(".//button[@name]|.//input[@type='submit'][@name]")
        files = form.xpath(".//input[@type='file']/@name")
        named = tuple((button.get("name"), button.get("value") or "") for button in buttons)
        action = form.action or here
        if not action.startswith("/"):
            action = here.partition("?")[0] + action
        forms.append(Form(action, tuple(fields), named, tuple(map(str, files))))
    return forms


def workbook(*rows: tuple[object, ...]) -> bytes:
    """An XLSX file with these rows."""
    book = openpyxl.Workbook(write_only=True)
    sheet: Any = book.create_sheet()
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table(*rows: tuple[object, ...]) -> bytes:
    """A CSV file with these rows."""
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


class Requests:
    """Strategies of requests. `sessions` is {role: session or None}, `paths` all paths, `forms` those of all pages."""

    def __init__(self, sessions: dict[str, str | None], paths: dict[str, str], forms: list[Form]) -> None:
        self.sessions, self.forms = sessions, forms
        self.paths = sorted(paths.values())
        self.public = [path for path in self.paths if not path.startswith("/admin/")]
        self.api = [path for path in self.public if path.startswith("/api/")]
        self.tables = [path for path in self.paths if path.endswith("/import/")]

    def _request(
        self, role: str, method: str, path: str, query: tuple[tuple[str, str], ...] = (), **more: Any
    ) -> Request:
        return Request(role, method, path, query, session=self.sessions[role], **more)

    def _roles(self) -> st.SearchStrategy[str]:
        return st.sampled_from(list(self.sessions))

    def _made(self, make: Any, paths: list[str], *more: st.SearchStrategy[Any]) -> st.SearchStrategy[Request]:
        """Requests to paths, public ones as nobody mostly, those of the desk by all roles."""
        return st.builds(make, self._roles(), st.sampled_from(paths), *more)

    def addresses(self) -> st.SearchStrategy[Request]:
        """A part of the path is hostile, and the method is any."""

        def make(role: str, path: str, at: int, text: str, method: str, append: bool) -> Request:
            parts = path.strip("/").split("/")
            hostile = quote(text[:3000], safe="", errors="surrogatepass") if at % 5 else sendable(text[:300])
            if append:
                parts.append(hostile)
            else:
                parts[-1 - at % len(parts)] = hostile
            where = "/" + "/".join(parts) + ("/" if at % 2 else "")
            return self._request(role, method, where.replace("?", "%3F").replace("#", "%23"))

        more = (st.integers(0, 60), values.texts(), st.sampled_from(METHODS), st.booleans())
        return self._made(make, self.paths, *more)

    def parameters(self, paths: list[str] | None = None) -> st.SearchStrategy[Request]:
        """The query is hostile."""
        names = st.sampled_from(PARAMETERS) | st.sampled_from(PARAMETERS) | values.letters(20)
        pairs = st.lists(st.tuples(names, values.texts()), min_size=1, max_size=5).map(tuple)

        def make(role: str, path: str, query: tuple[tuple[str, str], ...], method: str) -> Request:
            return self._request(role, method, path, query)

        return self._made(make, paths or self.paths, pairs, st.sampled_from(("GET", "GET", "GET", "GET", "HEAD")))

    def one_parameter(self) -> st.SearchStrategy[Request]:
        """One parameter that the pages know, several times, on public pages."""
        pairs = st.builds(
            lambda name, texts: tuple((name, text) for text in texts),
            st.sampled_from(PARAMETERS),
            st.lists(values.texts(), min_size=1, max_size=3),
        )
        return self._made(lambda role, path, query: self._request(role, "GET", path, query), self.public, pairs)

    def headers(self) -> st.SearchStrategy[Request]:
        """One to three headers are hostile."""
        latin = values.texts().map(lambda text: text[:6000].encode("utf-8", "replace").decode("latin-1"))
        value = st.sampled_from(HEADER_VALUES) | st.sampled_from(HEADER_VALUES) | latin
        pairs = st.lists(st.tuples(st.sampled_from(HEADERS), value), min_size=1, max_size=3).map(tuple)

        def make(role: str, path: str, headers: tuple[tuple[str, str], ...], method: str) -> Request:
            return self._request(role, method, path, headers=headers)

        return self._made(make, self.paths, pairs, st.sampled_from(METHODS))

    def cookies(self) -> st.SearchStrategy[Request]:
        """One to three cookies are hostile."""
        value = values.texts().map(lambda text: text[:4000].encode("utf-8", "replace").decode("latin-1"))
        pairs = st.lists(st.tuples(st.sampled_from(COOKIES), value), min_size=1, max_size=3).map(tuple)

        def make(role: str, path: str, cookies: tuple[tuple[str, str], ...]) -> Request:
            return self._request(role, "GET", path, cookies=cookies)

        return self._made(make, self.paths, pairs)

    def in_forms(self) -> st.SearchStrategy[Request]:
        """A form as the page has it, with one to four hostile fields, with any of its buttons, or with a field less."""
        changes = st.lists(st.tuples(st.integers(0, 500), values.texts()), min_size=0, max_size=4)

        def make(
            role: str, form: Form, changed: list[tuple[int, str]], button: int, left_out: int, extra: str
        ) -> Request:
            data = list(form.fields)
            for at, text in changed:
                if data:
                    name, _value = data[at % len(data)]
                    data[at % len(data)] = (name, text)
            if form.buttons:
                data.append(form.buttons[button % len(form.buttons)])
            if data and left_out % 4 == 0:
                data.pop(left_out % len(data))
            if left_out % 7 == 0:
                data.append((extra, extra))
            return self._request(role, "POST", form.action, data=tuple(data))

        number = st.integers(0, 500)
        return st.builds(make, self._roles(), st.sampled_from(self.forms), changes, number, number, values.texts())

    def uploads(self, bodies: list[bytes]) -> st.SearchStrategy[Request]:
        """A form with a file: damaged, of another kind than it says, or made to burst."""
        forms = [form for form in self.forms if form.files]
        rows = st.lists(st.lists(values.texts().map(lambda t: t[:500]), max_size=6).map(tuple), max_size=6)
        tables = rows.map(lambda rows: table(*(tuple(map(sendable, row)) for row in rows)))
        files = st.one_of(
            values.damaged(bodies), tables, values.any_json().map(values.as_json), st.binary(max_size=300)
        )
        names = st.sampled_from(
            (
                "a.csv",
                "a.xlsx",
                "a.ods",
                "a.pdf",
                "a.docx",
                "a.zip",
                "a.png",
                "a.svg",
                "../../a.csv",
                "a.html",
                "a.json",
                "a",
            )
        ) | values.letters(20).map(lambda text: sendable(text) or "a")
        types = st.sampled_from(
            ("text/csv", "application/pdf", "image/png", "text/html", "application/zip", "x", "text/plain; charset=hex")
        )

        def make(role: str, form: Form, body: bytes, name: str, kind: str) -> Request:
            file = SimpleUploadedFile("a", body, kind)
            vars(file)["_name"] = name.replace("\r", "").replace("\n", "")  # also what the property would refuse
            data: list[tuple[str, Any]] = [pair for pair in form.fields if pair[0] not in form.files]
            data += [(key, file) for key in form.files] + list(form.buttons[:1])
            return self._request(role, "POST", form.action, data=tuple(data))

        return st.builds(make, self._roles(), st.sampled_from(forms), files, names, types)

    def mcp(self) -> st.SearchStrategy[Request]:
        """Messages to /mcp: any JSON, or calls of its tools with hostile arguments."""
        tools = ("search_pledges", "get_pledge", "list_pledges", "list_changes", "status_at", "cite", "nothing")
        arguments = st.dictionaries(
            st.sampled_from(("q", "query", "slug", "pledge", "status", "on", "edition", "limit", "cursor", "language")),
            st.one_of(values.texts(), values.any_json()),
            max_size=3,
        )
        call = st.builds(
            lambda tool, given, number: {
                "jsonrpc": "2.0",
                "id": number,
                "method": "tools/call",
                "params": {"name": tool, "arguments": given},
            },
            st.sampled_from(tools),
            arguments,
            st.sampled_from((1, "1", None, -1, 2**70, 1.5)),
        )
        other = st.builds(
            lambda method, params: {"jsonrpc": "2.0", "id": 1, "method": method, "params": params},
            st.sampled_from(("initialize", "tools/list", "ping", "resources/read", "prompts/get", "x", "")),
            values.any_json(),
        )
        bodies = st.one_of(call, call, other, values.any_json()).map(values.as_json) | st.binary(max_size=200)
        accept = (("Accept", "application/json, text/event-stream"),)

        def make(body: bytes) -> Request:
            kind = "application/json"
            return self._request("nobody", "POST", "/mcp", body=body, content_type=kind, headers=accept)

        return bodies.map(make)

    def bodies(self) -> st.SearchStrategy[Request]:
        """Bodies that are not what their Content-Type says, to any address."""
        kinds = st.sampled_from(
            (
                *(
                    URLENCODED,
                    "application/json",
                    "multipart/form-data; boundary=x",
                    "text/xml",
                    "text/plain; charset=hex",
                ),
                "",
            )
        )
        multipart = st.builds(
            lambda name, text: (
                f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="{text[:99]}"\r\n\r\n'
                f"{text}\r\n--x--\r\n"
            ).encode("utf-8", "replace"),
            values.letters(10),
            values.texts(),
        )
        body = st.one_of(st.binary(max_size=400), multipart, values.any_json().map(json.dumps).map(str.encode))

        def make(role: str, path: str, method: str, body: bytes, kind: str) -> Request:
            return self._request(role, method, path, body=body, content_type=kind)

        return self._made(make, self.paths, st.sampled_from(("POST", "POST", "PUT", "PATCH", "DELETE")), body, kinds)
