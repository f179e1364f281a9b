"""Public pages are sent compressed to those who accept it, and what is not public never is (BREACH)."""

import gzip

import pytest

from pledges.tests.support import factories

pytestmark = pytest.mark.django_db
GZIP = {"accept-encoding": "br, gzip;q=0.8"}


@pytest.fixture
def pledge():
    return factories.PublishedUpdateFactory().pledge


def plain_and_packed(client, path):
    return client.get(path), client.get(path, headers=GZIP)


@pytest.mark.parametrize(
    "page",
    [
        *("home", "pledges", "pledges_csv", "pledges_json", "pledges_jsonl", "changes_feed"),
        *("changes_json_feed", "methodology"),
    ],
)
def test_pages_and_downloads_are_compressed_for_those_who_accept_it(client, address, pledge, page):
    plain, packed = plain_and_packed(client, address(page))
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content)
    assert "Accept-Encoding" in plain["Vary"]
    assert packed["Vary"] == plain["Vary"]
    assert packed["Content-Type"] == plain["Content-Type"]


def test_a_search_which_is_not_cached_is_compressed_too(client, address, pledge):
    plain, packed = plain_and_packed(client, address("pledges") + "?q=pledge")
    assert gzip.decompress(packed.content) == plain.content


def test_the_cache_has_one_body_for_both(client, address, pledge):
    packed, plain = client.get(address("home"), headers=GZIP), client.get(address("home"))
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] == plain["ETag"]
    unchanged = client.get(address("home"), headers=GZIP | {"if-none-match": plain["ETag"]})
    assert (unchanged.status_code, unchanged.content, "Content-Encoding" in unchanged) == (304, b"", False)


@pytest.mark.parametrize(
    ("accepts", "is_packed"),
    [
        *(("gzip", True), ("GZIP", True), ("*", True), ("gzip;q=0.001", True), ("identity, gzip ; q=1.0", True)),
        *(("", False), ("br", False), ("gzip;q=0", False), ("*, gzip;q=0.0", False), ("gzipped", False)),
    ],
)
def test_what_the_header_says_counts(client, address, pledge, accepts, is_packed):
    assert ("Content-Encoding" in client.get(address("home"), headers={"accept-encoding": accepts})) == is_packed


def test_pictures_and_short_answers_stay_as_they_are(client, address, pledge):
    for path in (address("pledge_card", pledge.slug), "/robots.txt"):
        assert "Content-Encoding" not in client.get(path, headers=GZIP)


def test_an_error_of_a_page_is_compressed_but_not_kept(client, address, pledge):
    plain, packed = plain_and_packed(client, address("pledges") + "?on=yesterday")
    assert plain.status_code == packed.status_code == 422
    assert gzip.decompress(packed.content) == plain.content


def test_what_holds_a_secret_is_never_compressed(client, address, pledge, admin_client):
    assert "Content-Encoding" not in client.get(address("alert"), headers=GZIP)  # its form has a token
    desk = admin_client.get("/admin/", headers=GZIP)
    assert desk.status_code == 200
    assert "Content-Encoding" not in desk
