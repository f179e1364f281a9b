import gzip
import ssl
import time
import zlib
from pathlib import Path

import brotli
import pycurl
import pytest
import zstandard

from pledges.tests.watch.conftest import drip
from pledges.watch.web import client as fetching
from pledges.watch.web import ssrf_guard, transfer
from pledges.watch.web.client import FetchError, Limits

HERE = Path(__file__).parent
NOT_PUBLIC = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "168.63.129.16",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "224.0.1.1",
    "239.1.1.1",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "::ffff:0:7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "2002:a9fe:a9fe::",
    "2001::1",
    "2001:db8::1",
    "3fff::1",
    "100::1",
    "5f00::1",
]


def get(site, path="/", **kwargs):
    kwargs.setdefault("allow_origins", frozenset({site.origin}))
    return fetching.fetch(site.origin + path, user_agent="pledges-test (desk@example.org)", **kwargs)


def refused(site, path="/", **kwargs):
    with pytest.raises(FetchError) as caught:
        get(site, path, **kwargs)
    assert str(caught.value).endswith(".") and len(str(caught.value)) > 20
    return caught.value


def test_reads_a_page(site):
    site.pages["/news?a=1"] = (200, {"Content-Type": "text/html; charset=utf-8", "ETag": '"7"'}, "señal".encode())
    page = get(site, "/news?a=1")
    assert (page.status, page.body.decode(), page.etag) == (200, "señal", '"7"')
    assert page.content_type == "text/html; charset=utf-8"
    assert page.url == site.origin + "/news?a=1" and page.permanent_url == "" and not page.not_modified
    _, headers = site.requests[0]
    assert headers["user-agent"] == "pledges-test (desk@example.org)"
    assert headers["host"] == site.origin.removeprefix("http://")
    assert "if-none-match" not in headers


def test_asks_on_condition_and_takes_304(site):
    site.pages["/"] = (304, {"ETag": '"7"'}, b"")
    page = get(site, etag='"7"', last_modified="Wed, 06 Dec 2023 12:00:00 GMT")
    assert page.not_modified and page.body == b""
    assert site.requests[0][1]["if-none-match"] == '"7"'
    assert site.requests[0][1]["if-modified-since"] == "Wed, 06 Dec 2023 12:00:00 GMT"


@pytest.mark.parametrize(("status", "permanent"), [(301, True), (308, True), (302, False), (307, False)])
def test_follows_redirects_and_tells_permanent_ones(site, status, permanent):
    site.pages["/a"] = (301, {"Location": "/b"}, b"")
    site.pages["/b"] = (status, {"Location": site.origin + "/c"}, b"")
    site.pages["/c"] = (200, {}, b"here")
    page = get(site, "/a")
    assert page.body == b"here" and page.url == site.origin + "/c"
    assert page.permanent_url == (site.origin + "/c" if permanent else "")


def test_gives_up_on_a_loop(site):
    site.pages["/"] = (302, {"Location": "/"}, b"")
    assert refused(site).reason == "too_many_redirects"
    assert len(site.requests) == 6


@pytest.mark.parametrize("status", [400, 404, 410, 429, 500, 503, 300])
def test_http_errors_carry_status_and_retry_after(site, status):
    site.pages["/"] = (status, {"Retry-After": "120"}, b"no")
    error = refused(site)
    assert (error.reason, error.status, error.retry_after) == ("http_status", status, 120.0)


def test_retry_after_may_be_a_date_or_nonsense(site):
    site.pages["/past"] = (503, {"Retry-After": "Wed, 06 Dec 2023 12:00:00 GMT"}, b"")
    site.pages["/odd"] = (503, {"Retry-After": "soon"}, b"")
    assert refused(site, "/past").retry_after == 0
    assert refused(site, "/odd").retry_after is None


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("gzip", lambda body: gzip.compress(body[:3]) + gzip.compress(body[3:])),
        ("gzip", lambda body: gzip.compress(body[:3]) + b"\0" * 9 + gzip.compress(body[3:]) + b"\0"),
        ("br", brotli.compress),
        ("zstd", zstandard.compress),
        ("zstd", lambda body: zstandard.compress(body[:3]) + zstandard.compress(body[3:])),
        ("deflate, gzip", lambda body: gzip.compress(zlib.compress(body))),
    ],
)
def test_unpacks(site, encoding, pack):
    site.pages["/"] = (200, {"Content-Encoding": encoding}, pack(b"hello news"))
    assert get(site).body == b"hello news"


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", b"plain"),
        ("gzip", gzip.compress(b"x" * 999)[:-9]),
        ("gzip", gzip.compress(b"x") * 1001),
        ("br", b"\x0b"),
        ("br", brotli.compress(bytes(range(256)) * 9)[:-9]),
        ("zstd", b"plain"),
        ("zstd", zstandard.compress(bytes(range(256)) * 9)[:-9]),
        ("gzip, gzip, gzip", b"x"),
        ("compress", b"x"),
    ],
)
def test_damaged_or_unknown_packing_is_an_error(site, encoding, body):
    site.pages["/"] = (200, {"Content-Encoding": encoding}, body)
    assert refused(site).reason == "bad_encoding"


def test_caps_bytes_before_and_after_unpacking(site):
    limits = Limits(max_bytes=100_000)
    site.pages["/big"] = (200, {}, b"x" * 100_001)
    site.pages["/bomb"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"\0" * 50_000_000))
    site.pages["/fits"] = (200, {"Content-Encoding": "gzip"}, gzip.compress(b"x" * 100_000))
    assert refused(site, "/big", limits=limits).reason == "too_large"
    assert refused(site, "/bomb", limits=limits).reason == "too_large"
    assert len(get(site, "/fits", limits=limits).body) == 100_000


def test_a_dripping_site_is_cut_off_in_time(site):
    site.pages["/"] = drip
    assert refused(site, limits=Limits(total_seconds=0.4)).reason == "timeout"


def test_a_silent_site_is_cut_off_in_time(site):
    site.pages["/"] = lambda handler: time.sleep(3)
    assert refused(site, limits=Limits(total_seconds=0.3)).reason == "timeout"


def test_half_an_answer_and_no_answer_are_unreachable(site):
    def half(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        handler.close_connection = True

    site.pages["/half"] = half
    site.pages["/garbage"] = lambda handler: (
        handler.wfile.write(b"\0\1\2\r\n\r\n"),
        setattr(handler, "close_connection", True),
    )
    assert refused(site, "/half").reason == "unreachable"
    assert refused(site, "/garbage").reason == "unreachable"
    site.server.server_close()
    assert refused(site, "/half").reason == "unreachable"


def test_the_loopback_is_refused_without_leave(site):
    site.pages["/"] = (200, {}, b"secret")
    assert refused(site, allow_origins=frozenset()).reason == "blocked"
    assert refused(site, allow_origins=frozenset({"http://127.0.0.1:1"})).reason == "blocked"
    assert site.requests == []


def test_a_redirect_goes_through_the_guard(site, new_site):
    inside = new_site()
    inside.pages["/"] = (200, {}, b"secret")
    for path, where in {
        "/port": inside.origin + "/",
        "/name": inside.origin.replace("127.0.0.1", "localhost") + "/",
        "/file": "file:///etc/passwd",
        "/meta": "http://169.254.169.254/latest/meta-data/",
        "/odd": "http://[::ffff:127.0.0.1]/",
        "/broken": "http://[/",
    }.items():
        site.pages[path] = (302, {"Location": where}, b"")
        assert refused(site, path).reason in {"blocked", "bad_address"}
    assert inside.requests == []


@pytest.mark.parametrize(
    "address",
    NOT_PUBLIC,
)
def test_addresses_that_are_not_public(address, monkeypatch):
    assert not ssrf_guard.is_public(address)
    answers = [(0, 0, 0, "", ("93.184.216.34", 80)), (0, 0, 0, "", (address, 80))]
    monkeypatch.setattr(ssrf_guard.socket, "getaddrinfo", lambda *args, **kwargs: answers)
    with pytest.raises(FetchError) as caught:
        fetching.fetch("http://news.example/", user_agent="x")
    assert caught.value.reason == "blocked" and address in str(caught.value)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700::1111", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"])
def test_addresses_that_are_public(address):
    assert ssrf_guard.is_public(address)


@pytest.mark.parametrize("host", ["0x7f.1", "2130706433", "0177.0.0.1", "127.1", "localhost", "[::1]", "①27.0.0.1"])
def test_this_machine_in_other_spellings(host):
    with pytest.raises(FetchError) as caught:
        fetching.fetch(f"http://{host}/", user_agent="x")
    assert caught.value.reason in {"blocked", "bad_address"}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "news.example",
        "ftp://news.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "http:///x",
        "http://user:pw@news.example/",
        "http://user@news.example/",
        "http://news.example\\@127.0.0.1/",
        "http://a%2eb/",
        "http://news.example/\r\nHost: x",
        "http://[::1",
        "http://news.example:99999/",
        "http://" + "a" * 70 + ".example/",
    ],
)
def test_addresses_that_cannot_be_read(url):
    with pytest.raises(FetchError) as caught:
        fetching.fetch(url, user_agent="x")
    assert caught.value.reason == "bad_address"


def test_other_ports_are_refused():
    with pytest.raises(FetchError) as caught:
        fetching.fetch("http://93.184.216.34:6379/", user_agent="x")
    assert caught.value.reason == "blocked" and "6379" in str(caught.value)


def test_the_checked_address_is_the_one_connected_to(site, monkeypatch):
    """A name that answers differently the second time (rebinding) is only asked once."""
    asked = []
    real = ssrf_guard.socket.getaddrinfo

    def answer(host, *args, **kwargs):
        if host == "news.example":
            asked.append(host)
            return real("127.0.0.1", *args, **kwargs) if len(asked) == 1 else real("10.9.9.9", *args, **kwargs)
        return real(host, *args, **kwargs)

    monkeypatch.setattr(ssrf_guard.socket, "getaddrinfo", answer)
    site.pages["/"] = (200, {}, b"ok")
    origin = f"http://news.example:{site.server.server_port}"
    page = fetching.fetch(origin + "/", user_agent="x", allow_origins=frozenset({origin}))
    assert page.body == b"ok" and asked == ["news.example"]
    assert site.requests[0][1]["host"] == origin.removeprefix("http://")


def test_the_certificate_is_checked_against_the_name(site, monkeypatch):
    names = []
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(HERE / "news.example.pem")
    server.sni_callback = lambda sock, name, context: names.append(name)
    site.server.socket = server.wrap_socket(site.server.socket, server_side=True)
    site.pages["/"] = (200, {}, b"ok")
    real = ssrf_guard.socket.getaddrinfo
    monkeypatch.setattr(ssrf_guard.socket, "getaddrinfo", lambda host, *a, **k: real("127.0.0.1", *a, **k))
    port = site.server.server_port
    origins = frozenset({f"https://news.example:{port}", f"https://other.example:{port}"})

    def read(host):
        return fetching.fetch(f"https://{host}:{port}/", user_agent="x", allow_origins=origins)

    with pytest.raises(FetchError, match="certificate") as caught:  # nobody vouches for it
        read("news.example")
    assert caught.value.reason == "unreachable"
    monkeypatch.setattr(transfer, "_trust", lambda: {pycurl.CAINFO: str(HERE / "news.example.pem")})
    assert read("news.example").body == b"ok"
    with pytest.raises(FetchError, match="certificate"):
        read("other.example")
    assert names == ["news.example", "news.example", "other.example"]
