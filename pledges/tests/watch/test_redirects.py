"""Where an answer sends us on to: Location and Refresh as browsers read them, and statuses that bring no page."""

import gzip
import zlib

import pytest

from pledges.tests.watch.test_fetch import get, refused
from pledges.watch.web import ssrf_guard
from pledges.watch.web.redirects import joined, refresh_in
from pledges.watch.web.responses import Limits
from pledges.watch.web.robots import text_of

HTML = {"Content-Type": "text/html; charset=utf-8"}


def raw(text, codec="utf-8"):
    """A header's text that goes over the wire in these bytes."""
    return text.encode(codec).decode("latin-1")


def refresh(content, before=""):
    return f'<html><head>{before}<meta http-equiv="refresh" content="{content}"></head><body>x</body></html>'.encode()


@pytest.mark.parametrize(
    ("location", "asked"),
    [
        ("/b", "/b"),
        ("b?x=1#part", "/dir/b?x=1"),
        (raw("/año/à-Å?q=ñ"), "/a%C3%B1o/%C3%A0-%C3%85?q=%C3%B1"),
        (raw("/año/", "latin-1"), "/a%F1o/"),
        (raw("/año?q=ñ%20", "cp1252"), "/a%F1o?q=%F1%20"),
        ("/a%C3%B1o/%2F", "/a%C3%B1o/%2F"),
        ("/two words", "/two%20words"),
        ("  /two  words ", "/two%20%20words"),
        ("\\b\\c?d=\\", "/b/c?d=%5C"),
        ("?page=2", "/dir/a?page=2"),
        ("../b", "/b"),
        ("./b/../c", "/dir/c"),
    ],
)
def test_a_location_as_browsers_read_it(site, location, asked):
    site.pages["/dir/a"] = (301, {"Location": location}, b"")
    site.pages[asked] = (200, {}, b"here")
    page = get(site, "/dir/a")
    assert page.body == b"here"
    assert page.url == page.permanent_url == site.origin + asked


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("//wire.example/a", "https://wire.example/a"),
        ("///wire.example/a", "https://wire.example/a"),
        ("\\\\wire.example\\a", "https://wire.example/a"),
        ("http:\\\\wire.example\\a", "http://wire.example/a"),
        ("http:/wire.example/a", "http://wire.example/a"),
        ("https:/a", "https://diario.example/a"),
        ("HTTPS://Wire.example/a#b", "https://Wire.example/a"),
        ("/a\tb\n", "https://diario.example/ab"),
        ("https://diario.example/x#y", "https://diario.example/x"),
        ("mailto:desk@wire.example", "mailto:desk@wire.example"),
    ],
)
def test_addresses_relative_to_a_page(address, there):
    assert joined("https://diario.example/pais/nota#arriba", address) == there


@pytest.mark.parametrize(
    ("host", "ascii_name"),
    [
        ("españa.example", "xn--espaa-rta.example"),
        ("ESPAÑA.example", "xn--espaa-rta.example"),
        ("faß.example", "xn--fa-hia.example"),
        ("пример。example", "xn--e1afmkfd.example"),
        ("under_score.example", "under_score.example"),
    ],
)
def test_hosts_beyond_ascii_as_browsers_look_them_up(host, ascii_name):
    assert ssrf_guard.take_apart(f"https://{host}/ñ").url == f"https://{ascii_name}/%C3%B1"


@pytest.mark.parametrize(
    "host", ["a\u2044b.example", "a\u200bb..example", "ñ" * 300 + ".example", "-ñ.example", "①27.0.0.1%"]
)
def test_hosts_that_are_none(host):
    with pytest.raises(ssrf_guard.BadAddress):
        ssrf_guard.take_apart(f"https://{host}/")


def test_a_host_in_raw_utf_8_goes_through_the_guard(site):
    site.pages["/"] = (302, {"Location": raw("http://①27.0.0.1/ñ")}, b"")
    assert refused(site).reason == "blocked"


@pytest.mark.parametrize("second", ["/b", "/c"])
def test_two_locations_are_not_glued_together(site, second):
    def twice(handler):
        handler.send_response(302)
        for place in ("/b", second):
            handler.send_header("Location", place)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    site.pages["/"] = twice
    site.pages["/b"] = (200, {}, b"here")
    if second == "/b":
        assert get(site).body == b"here"
    else:
        assert "breaks the rules of HTTP" in str(refused(site))


@pytest.mark.parametrize("headers", [{}, {"Location": ""}])
def test_a_redirect_to_nowhere_is_told_as_that(site, headers):
    site.pages["/"] = (302, headers, b"")
    assert "does not say where" in str(refused(site))


# --- Refresh ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "content",
    [
        "0; url=/b",
        "0;URL='/b'",
        "0; URL = &quot;/b&quot;",
        "0;/b",
        "0,url=/b",
        " 1 ; url=/b ",
        "0.5;url=/b#x",
        ";url=/b",
    ],
)
def test_an_immediate_meta_refresh_is_followed(site, content):
    site.pages["/"] = (200, HTML, refresh(content))
    site.pages["/b"] = (200, HTML, b"<p>here")
    page = get(site)
    assert (page.body, page.url, page.permanent_url) == (b"<p>here", site.origin + "/b", "")


def test_an_immediate_refresh_header_is_followed(site):
    site.pages["/"] = (200, {**HTML, "Refresh": raw("0; url=/ñ")}, b"<p>wait")
    site.pages["/%C3%B1"] = (200, HTML, b"<p>here")
    assert get(site).body == b"<p>here"


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        (HTML, refresh("300")),  # a page that reloads itself
        (HTML, refresh("0")),
        (HTML, refresh("0; url=/")),
        (HTML, refresh("0; url=#top")),
        (HTML, refresh("30; url=/b")),
        (HTML, refresh("soon; url=/b")),
        (HTML, refresh("")),
        (HTML, b"<!-- " + refresh("0; url=/b") + b" --><p>x"),
        (HTML, b"<script>'" + refresh("0; url=/b") + b"'</script><p>x"),
        (HTML, b"<noscript>" + refresh("0; url=/b") + b"</noscript><p>x"),
        ({"Content-Type": "text/plain"}, refresh("0; url=/b")),
        (HTML, b"<rss><description><![CDATA[" + refresh("0; url=/b") + b"]]></description></rss>"),
    ],
    ids=range(12),
)
def test_what_sends_nobody_on(site, headers, body):
    site.pages["/"] = (200, headers, body)
    assert get(site).body == body
    assert len(site.requests) == 1


def test_refreshes_count_as_redirects_and_go_through_the_guard(site, new_site):
    site.pages["/"] = (200, HTML, refresh("0; url=/a"))
    site.pages["/a"] = (302, {"Location": "/"}, b"")
    assert refused(site).reason == "too_many_redirects"
    assert len(site.requests) == 6
    inside = new_site()
    for where in (inside.origin + "/", "http://169.254.169.254/", "file:///etc/passwd", "javascript:alert(1)"):
        site.pages["/"] = (200, HTML, refresh(f"0; url={where}"))
        assert refused(site).reason in {"blocked", "bad_address"}
    assert inside.requests == []


def test_a_refresh_in_utf_16():
    page = refresh("5; url=/b").decode().encode("utf-16")
    assert refresh_in(page, "text/html") == (5, "/b")


# --- Content-Encoding ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("utf-8", bytes),
        ("UTF-8", bytes),
        ("none", bytes),
        ("identity", bytes),
        ("", bytes),
        ("iso-8859-1, none, utf-8", bytes),
        ("gzip, utf-8", gzip.compress),
        ("utf-8, gzip", gzip.compress),
        (" , GZIP", gzip.compress),
        ("x-gzip;q=1", gzip.compress),
        ("identity, deflate, gzip", lambda body: gzip.compress(zlib.compress(body))),
    ],
)
def test_a_content_encoding_that_is_none_packs_nothing(site, encoding, pack):
    site.pages["/"] = (200, {"Content-Encoding": encoding}, pack(b"hello news"))
    assert get(site).body == b"hello news"


@pytest.mark.parametrize("encoding", ["compress", "x-compress", "dcb", "gzip, compress"])
def test_an_encoding_that_we_cannot_undo_is_told(site, encoding):
    site.pages["/"] = (200, {"Content-Encoding": encoding}, gzip.compress(b"x"))
    assert "packing" in str(refused(site))


# --- statuses that bring no page -------------------------------------------------------------------------------------
def raw_answer(answer):
    def write(handler):
        handler.wfile.write(answer)
        handler.close_connection = True

    return write


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (100, "interim answer (100)"),
        (101, "interim answer (101)"),
        (103, "interim answer (103)"),
        (204, "nothing to show"),
        (205, "nothing to show"),
        (206, "only a part"),
        (304, "first visit"),
    ],
)
def test_an_answer_without_a_page_is_a_failure_with_its_reason(site, status, says):
    for more in (b"\r\n", b"Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Range: bytes 0-1/9\r\n\r\nxx"):
        site.pages["/"] = raw_answer(b"HTTP/1.1 %d X\r\n" % status + more)
        error = refused(site)
        assert (error.reason, error.status) == ("http_status", status)
        assert says in str(error)


def test_an_interim_answer_before_the_page_is_nothing(site):
    page = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere"
    site.pages["/"] = raw_answer(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + page)
    assert get(site).body == b"here"


def test_robots_txt_with_nothing_in_it_forbids_nothing(site):
    site.pages["/"] = (204, {}, b"")
    assert text_of(refused(site)) == ""


@pytest.mark.parametrize(
    "flood",
    [
        b"X: " + b"a" * 150_000 + b"\r\n",
        b"".join(b"X-%d: aaaaaaaa\r\n" % number for number in range(6000)),
        b"a:b\r\n" * 6000,
        (b"X: " + b"a" * 900 + b"\r\n") * 120,
    ],
    ids=["huge", "many", "short", "large"],
)
@pytest.mark.parametrize("start", [b"200 OK", b"302 Found\r\nLocation: /b", b"404 Not Found"])
def test_a_flood_of_headers_is_told_as_that(site, flood, start):
    site.pages["/"] = raw_answer(b"HTTP/1.1 " + start + b"\r\n" + flood + b"\r\nhere")
    error = refused(site, limits=Limits(total_seconds=20))
    assert error.reason == "too_large"
    assert "more headers" in str(error)
