"""A hostile list: addresses, redirects and names that try to reach this machine or its network. None is reached."""

import gzip
import socket
import threading
import time
import zlib

import brotli
import pytest
import zstandard

from pledges.tests.watch.conftest import drip
from pledges.watch.web import client as fetching
from pledges.watch.web import ssrf_guard, transfer
from pledges.watch.web.client import FetchError, Limits

# PORT is one on which this machine listens, and which the guard takes for one of the web's in this file.
HOSTILE = [
    # this machine in IPv4's spellings
    "http://127.0.0.1:PORT/",
    "http://127.255.255.254:PORT/",
    "http://127.1:PORT/",
    "http://127.0.1:PORT/",
    "http://2130706433:PORT/",
    "http://0x7f000001:PORT/",
    "http://0x7f.0x0.0x0.0x1:PORT/",
    "http://0x7f.1:PORT/",
    "http://0177.0.0.1:PORT/",
    "http://0177.0.0.01:PORT/",
    "http://017700000001:PORT/",
    "http://127.0.0.1.:PORT/",
    "http://00000177.1:PORT/",
    "http://0.0.0.0:PORT/",
    "http://0:PORT/",
    "http://0x0:PORT/",
    "http://00:PORT/",
    # in Unicode's
    "http://１２７.０.０.１:PORT/",
    "http://①②⑦.⓪.⓪.①:PORT/",
    "http://127。0。0。1:PORT/",
    "http://127．0．0．1:PORT/",
    "http://127｡1:PORT/",
    "http://ｌｏｃａｌｈｏｓｔ:PORT/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:PORT/",
    "http://local\u00adhost:PORT/",
    # by name
    "http://localhost:PORT/",
    "http://LOCALHOST:PORT/",
    "http://localhost.:PORT/",
    "http://ip6-localhost:PORT/",
    "http://HOSTNAME:PORT/",
    # in IPv6, and IPv4 inside IPv6
    "http://[::1]:PORT/",
    "http://[0:0:0:0:0:0:0:1]:PORT/",
    "http://[0000:0000:0000:0000:0000:0000:0000:0001]:PORT/",
    "http://[::]:PORT/",
    "http://[::ffff:127.0.0.1]:PORT/",
    "http://[::ffff:7f00:1]:PORT/",
    "http://[::FFFF:10.0.0.1]:PORT/",
    "http://[::127.0.0.1]:PORT/",
    "http://[::ffff:0:127.0.0.1]:PORT/",
    "http://[64:ff9b::127.0.0.1]:PORT/",
    "http://[64:ff9b::a9fe:a9fe]:PORT/",
    "http://[64:ff9b:1::7f00:1]:PORT/",
    "http://[2002:7f00:1::]:PORT/",
    "http://[2002:a00:1::1]:PORT/",
    "http://[2001:0:7f00:1::80ff:fffe]:PORT/",
    "http://[fe80::1%25lo]:PORT/",
    "http://[fe80::1%lo]:PORT/",
    "http://[::1%25lo]:PORT/",
    "http://[fec0::1]:PORT/",
    "http://[fc00::1]:PORT/",
    "http://[ff02::1]:PORT/",
    # the network around it, and the clouds' metadata
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://172.31.255.254/",
    "http://192.168.0.1/",
    "http://100.64.0.1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://169.254.0.1/",
    "http://169.254.169.254/latest/meta-data/iam/security-credentials/",
    "http://169.254.170.2/v2/credentials/",
    "http://2852039166/latest/meta-data/",
    "http://0xa9fea9fe/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://192.0.0.192/opc/v1/instance/",
    "http://168.63.129.16/machine/?comp=goalstate",
    "http://192.88.99.1/",
    "http://198.18.0.1/",
    "http://203.0.113.7/",
    "http://224.0.0.1/",
    "http://239.255.255.250/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    # what two programs could read differently
    "http://user@127.0.0.1:PORT/",
    "http://user:secret@localhost:PORT/",
    "http://news.example@127.0.0.1:PORT/",
    "http://127.0.0.1:PORT\\@news.example/",
    "http://news.example\\@127.0.0.1:PORT/",
    "http:\\\\127.0.0.1:PORT\\",
    "http:/\\127.0.0.1:PORT/",
    "http://127.0.0.1:PORT#@news.example/",
    "http://127.0.0.1:PORT?@news.example/",
    "http://127.0.0.1%2f@news.example:PORT/",
    "http://127%2e0%2e0%2e1:PORT/",
    "http://127.0.0.1%00.news.example:PORT/",
    "http://127.0.0.1\t:PORT/",
    "http://127.0.0.1\r\nHost: news.example:PORT/",
    "http://\x00127.0.0.1:PORT/",
    "http://127.0.0.1 .news.example:PORT/",
    "http://[127.0.0.1]:PORT/",
    "http://[::1:PORT/",
    "http://127.0.0.1:0/",
    "http://127.0.0.1:99999/",
    # other ways than the web's
    "file:///etc/passwd",
    "ftp://127.0.0.1:PORT/",
    "gopher://127.0.0.1:PORT/_x",
    "dict://127.0.0.1:PORT/info",
    "ldap://127.0.0.1:PORT/",
    "tftp://127.0.0.1:PORT/x",
    "telnet://127.0.0.1:PORT/",
    "unix:///tmp/redis.sock",
    "ws://127.0.0.1:PORT/",
    "data:text/html,x",
    "view-source:http://127.0.0.1:PORT/",
]


class Listener:
    """Every address of this machine, on one port; counts who comes."""

    def __init__(self):
        self.reached = 0
        self.socket = socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self):
        while True:
            try:
                connection, _address = self.socket.accept()
            except OSError:
                return
            self.reached += 1
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nsecret")
            connection.close()


@pytest.fixture
def inside(monkeypatch):
    """This machine, listening on a port that the guard takes for the web's: only the address stands in the way."""
    listener = Listener()
    monkeypatch.setattr(ssrf_guard, "WEB_PORTS", ssrf_guard.WEB_PORTS | {listener.port})
    yield listener
    listener.socket.close()


@pytest.fixture
def opened(monkeypatch):
    """The IP addresses to which the client has opened sockets."""
    addresses = []
    real = transfer.Transfer.on_socket

    def note(self, purpose, address):
        made = real(self, purpose, address)
        if isinstance(made, socket.socket):
            addresses.append(address.addr[0])
        return made

    monkeypatch.setattr(transfer.Transfer, "on_socket", note)
    return addresses


def spelled(url, listener):
    return url.replace("PORT", str(listener.port)).replace("HOSTNAME", socket.gethostname())


def refused(url, **options):
    with pytest.raises(FetchError) as caught:
        fetching.fetch(url, user_agent="x", **options)
    return caught.value.reason


def test_the_listener_counts_who_comes(inside, opened):
    """So that the zeros below say something."""
    origin = f"http://127.0.0.1:{inside.port}"
    page = fetching.fetch(f"{origin}/", user_agent="x", allow_origins=frozenset({origin}))
    assert (page.body, inside.reached, opened) == (b"secret", 1, ["127.0.0.1"])


def test_the_list_is_long_enough():
    assert len(set(HOSTILE)) == len(HOSTILE) >= 60


@pytest.mark.parametrize("url", HOSTILE)
def test_none_of_the_addresses_is_reached(url, inside, opened):
    # A name that this machine does not know (ip6-localhost, say) cannot be found, which is as good.
    assert refused(spelled(url, inside)) in {"blocked", "bad_address", "unreachable"}
    assert (inside.reached, opened) == (0, [])


def test_no_redirect_to_any_of_them_is_followed(site, inside, opened):
    for number, url in enumerate(HOSTILE):
        where = spelled(url, inside).replace("\r\n", "%0d%0a").replace("\0", "%00").encode("utf-8").decode("latin-1")
        site.pages[f"/{number}"] = (302, {"Location": where}, b"")
        # A "file" or an oddity without a scheme may be read as a path of the same site: that has no such page.
        site.pages.setdefault(where, (404, {}, b""))
    results = fetching.fetch_many(
        [fetching.Request(f"{site.origin}/{number}") for number in range(len(HOSTILE))],
        user_agent="x",
        allow_origins=frozenset({site.origin}),
        at_once=20,
    )
    reasons = [got.reason for _request, got in results]
    assert len(reasons) == len(HOSTILE)
    assert set(reasons) <= {"blocked", "bad_address", "unreachable"}
    assert inside.reached == 0
    assert set(opened) == {"127.0.0.1"} and len(opened) == len(HOSTILE)  # the site's own


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nor_one_without_a_scheme_or_after_a_chain(site, inside, opened, status):
    site.pages["/a"] = (status, {"Location": f"//localhost:{inside.port}/"}, b"")
    site.pages["/b"] = (status, {"Location": "/c"}, b"")
    site.pages["/c"] = (status, {"Location": f"http://[::1]:{inside.port}/"}, b"")
    for path in ("/a", "/b"):
        assert refused(site.origin + path, allow_origins=frozenset({site.origin})) == "blocked"
    assert inside.reached == 0


@pytest.mark.parametrize("port", [0, 1, 22, 25, 53, 81, 5432, 6379, 8000, 8080, 11211, 65535])
def test_no_other_port_is_asked_even_of_a_public_address(port, opened):
    assert refused(f"http://93.184.216.34:{port}/") in {"blocked", "bad_address"}
    assert opened == []


# --- names that lie ---------------------------------------------------------------------------------------------------


def names(monkeypatch, *answers):
    """Have the system's resolver give these lists of addresses, one after the other, then the last for ever."""
    asked = []

    def answer(host, port, *_args, **_kwargs):
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        kind = {True: socket.AF_INET6, False: socket.AF_INET}
        return [(kind[":" in ip], socket.SOCK_STREAM, 6, "", (ip, port)) for ip in found]

    monkeypatch.setattr(ssrf_guard.socket, "getaddrinfo", answer)
    return asked


@pytest.mark.parametrize(
    "addresses",
    [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["127.0.0.1", "93.184.216.34"], ["93.184.216.34", "::1"], ["::1"]],
)
def test_a_name_with_one_bad_address_is_refused_whole(monkeypatch, inside, opened, addresses):
    names(monkeypatch, addresses)
    assert refused(f"http://news.example:{inside.port}/") == "blocked"
    assert (inside.reached, opened) == (0, [])


def test_a_name_that_changes_its_answer_is_asked_once_and_connected_to_as_checked(monkeypatch, inside):
    tried = []

    def refuse(self, _purpose, address):
        tried.append(address.addr[0])
        return fetching.pycurl.SOCKET_BAD  # no test goes out

    monkeypatch.setattr(transfer.Transfer, "on_socket", refuse)
    asked = names(monkeypatch, ["93.184.216.34"], ["127.0.0.1"])
    assert refused(f"http://news.example:{inside.port}/") == "unreachable"
    assert (asked, set(tried), inside.reached) == (["news.example"], {"93.184.216.34"}, 0)


@pytest.mark.parametrize("addresses", [["::1"], ["::1", "127.0.0.1"], ["127.0.0.1", "::1"]])
def test_what_was_checked_is_connected_to_in_both_families(monkeypatch, inside, opened, addresses):
    names(monkeypatch, addresses)
    origin = f"http://news.example:{inside.port}"
    assert fetching.fetch(origin, user_agent="x", allow_origins=frozenset({origin})).body == b"secret"
    assert opened and set(opened) <= set(addresses)


def test_a_socket_to_an_address_that_was_not_checked_is_refused(monkeypatch, inside, opened):
    """Should libcurl ever read a host otherwise than we do: what it wants to connect to is looked at once more."""
    monkeypatch.setattr(fetching, "resolve", lambda *_arguments: ["93.184.216.34"])
    assert refused(f"http://127.0.0.1:{inside.port}/") == "blocked"
    assert (inside.reached, opened) == (0, [])


def test_the_environments_proxy_is_not_asked(monkeypatch, inside, site):
    for name in ("http_proxy", "https_proxy", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{inside.port}")
    monkeypatch.delenv("no_proxy", raising=False)
    site.pages["/"] = (200, {}, b"ok")
    page = fetching.fetch(site.origin + "/", user_agent="x", allow_origins=frozenset({site.origin}))
    assert (page.body, inside.reached) == (b"ok", 0)


# --- answers that never end -------------------------------------------------------------------------------------------

NOTHING = bytes(30_000_000)
BOMBS = {
    "gzip": gzip.compress(NOTHING),
    "x-gzip": gzip.compress(NOTHING),
    "deflate": zlib.compress(NOTHING),
    "br": brotli.compress(NOTHING, quality=3),
    "zstd": zstandard.compress(NOTHING),
    "gzip, gzip": gzip.compress(gzip.compress(NOTHING)),
    "gzip, br": brotli.compress(gzip.compress(NOTHING)),
    "gzip members": gzip.compress(bytes(1_000_000)) * 30,
}


def asks(site, path="/", **limits):
    options = {"max_bytes": 1_000_000, "total_seconds": 5} | limits
    return refused(site.origin + path, allow_origins=frozenset({site.origin}), limits=Limits(**options))


@pytest.mark.parametrize("packing", BOMBS)
def test_a_bomb_is_not_unfolded(site, packing):
    site.pages["/"] = (200, {"Content-Encoding": packing.removesuffix(" members")}, BOMBS[packing])
    assert asks(site) == "too_large"


def test_a_window_larger_than_the_web_allows_is_refused(site):
    parameters = zstandard.ZstdCompressionParameters(window_log=27, write_content_size=False)
    body = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    site.pages["/"] = (200, {"Content-Encoding": "zstd"}, body.compress(b"x" * 100) + body.flush())
    assert asks(site) == "bad_encoding"


def endless(piece, start=b"HTTP/1.1 200 OK\r\n"):
    def page(handler):
        try:
            handler.wfile.write(start)
            for _ in range(100_000):
                handler.wfile.write(piece)
        except OSError:
            pass
        handler.close_connection = True

    return page


def test_endless_answers_are_cut_off_by_size(site):
    site.pages["/headers"] = endless(b"X-More: " + b"x" * 1000 + b"\r\n")
    site.pages["/one-header"] = endless(b"x" * 1000, b"HTTP/1.1 200 OK\r\nX-More: ")
    site.pages["/continue"] = endless(b"HTTP/1.1 100 Continue\r\nX-More: " + b"x" * 500 + b"\r\n\r\n", b"")
    site.pages["/body"] = endless(b"x" * 1000, b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
    chunk = b"3e8\r\n" + b"x" * 1000 + b"\r\n"
    site.pages["/chunks"] = endless(chunk, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    site.pages["/long"] = (200, {"Content-Length": "99999999999"}, b"x")
    for path in ("/headers", "/one-header", "/continue", "/body", "/chunks", "/long"):
        assert asks(site, path) in {"too_large", "unreachable"}, path


def test_what_drips_is_cut_off_by_time_and_holds_nobody_up(site):
    def slow_headers(handler):
        for byte in b"HTTP/1.1 200 OK\r\nX-More: " + b"x" * 200:
            try:
                handler.wfile.write(bytes([byte]))
            except OSError:
                return
            time.sleep(0.05)

    site.pages |= {"/body": drip, "/headers": slow_headers, "/silent": lambda _handler: time.sleep(4)}
    site.pages["/good"] = (200, {}, b"ok")
    paths = ("/body", "/headers", "/silent", "/good")
    found = {
        request.tag: got
        for request, got in fetching.fetch_many(
            [fetching.Request(site.origin + path, tag=path) for path in paths],
            user_agent="x",
            allow_origins=frozenset({site.origin}),
            limits=Limits(total_seconds=2),
        )
    }
    assert found["/good"].body == b"ok"
    assert {found[path].reason for path in paths[:3]} == {"timeout"}


def test_the_time_that_we_spend_elsewhere_is_not_held_against_a_site(site):
    site.pages["/"] = lambda handler: (
        time.sleep(0.2),
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
    )
    limits = Limits(total_seconds=0.6)
    with fetching.Client(user_agent="x", allow_origins=frozenset({site.origin}), limits=limits) as client:
        client.add(fetching.Request(site.origin + "/"))
        assert client.wait(0.05) == []
        time.sleep(0.8)
        [(_request, got)] = client.wait(5)
    assert isinstance(got, fetching.Fetched)


def test_redirects_that_go_round_or_on_for_ever_end(site):
    site.pages["/a"], site.pages["/b"] = (302, {"Location": "/b"}, b""), (302, {"Location": "/a"}, b"")
    for number in range(30):
        site.pages[f"/{number}"] = (302, {"Location": f"/{number + 1}"}, b"")
    assert asks(site, "/a") == asks(site, "/0") == "too_many_redirects"
    assert len(site.requests) == 12


def test_a_name_server_that_never_answers_is_not_waited_for(monkeypatch):
    let_go = threading.Event()
    monkeypatch.setattr(ssrf_guard.socket, "getaddrinfo", lambda *_a, **_k: let_go.wait(10) and [])
    try:
        assert refused("http://news.example/", limits=Limits(total_seconds=0.3)) == "timeout"
    finally:
        let_go.set()
